"""Endpoint services: what a consumer's interface endpoint asks for goes on to a provider's network load balancer and its targets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import msgspec

from ..component import Call, Component, Document, Each, World, conditional, lost_sight, perhaps, unknown
from ..guarded import admitted
from ..load_balancer import no_listener, port_of
from ..packet import IntervalSet
from ..rule import rule
from ..table import (
    Action,
    Arrive,
    Choose,
    Direction,
    Drop,
    Line,
    Match,
    Place,
    Send,
    Session,
    Share,
    Table,
    Traffic,
)

HEALTHY = ("healthy", "initial", "unused", "unavailable")


class VpcEndpointService(Component, kw_only=True):
    """An endpoint service as its provider sees it: DescribeVpcEndpointServiceConfigurations."""

    kind: ClassVar[str] = "vpc_endpoint_service"
    documents: ClassVar[tuple[Document, ...]] = (
        Document("ServiceConfigurations", "ec2", "DescribeVpcEndpointServiceConfigurations"),
    )
    relays: ClassVar[bool] = True

    service_id: str
    service_name: str = ""
    service_state: str = "Available"
    availability_zone_ids: list[str] = []
    acceptance_required: bool = False
    network_load_balancer_arns: list[str] = []
    gateway_load_balancer_arns: list[str] = []

    @property
    def id(self) -> str:
        """The service id."""
        return self.service_id

    def names(self) -> list[str]:
        """Return the Name tag and the service's name."""
        return [name for name in (self.name, self.service_name) if name]

    def interface_ids(self, world: World) -> list[str]:
        """Return the interfaces of the endpoints that ask for it."""
        return [
            found for one in world.where("vpc_endpoint", "service_name", self.service_name) for found in one.network_interface_ids
        ]

    def table(self, place: Place, direction: Direction, world: World) -> Table:
        """Return the lines of a stage: `asked`, `admits`, `listens` or `reaches` on the way to a target, `returns` on the way back."""
        node_id, _, asking = place.via.rpartition("/")
        if place.stage == "asked":
            lines = list(self._asked(asking, world))
        elif place.stage == "admits":
            lines = self._admits(node_id, asking, world)
        elif place.stage == "listens":
            lines = list(self._listens(node_id, asking, world))
        elif place.stage == "reaches":
            lines = [self._line("at the load balancer", Arrive(node_id), "EP-9")]
        else:
            lines = [self._line("reply", Send(Place(asking, "groups out")), "EP-9")]
        return Table("vpc_endpoint_service", lines)

    def _line(self, title: str, action: Action, rule_id: str, match: Match | None = None) -> Line:
        return Line(title, match or Match(), action, rule_id, self.id)

    def _asked(self, asking: str, world: World) -> Iterator[Line]:
        interface = world.find("network_interface", asking)
        endpoint = world.owner(asking)
        ways = tuple(self._ways(interface, world)) if interface is not None else ()
        onward: Action = ways[0] if len(ways) == 1 else Share(ways)
        otherwise = onward if ways else None
        if self.service_state.lower() != "available":
            drop = Drop("BAD_STATE", f"{self.service_name} is {self.service_state}", otherwise=otherwise)
            yield self._line(f"state {self.service_state}", drop, "EP-8")
        yield from self._accepted(endpoint, otherwise, world)
        yield from self._installed(interface, endpoint, otherwise, world)
        if ways:
            yield self._line(f"served by {self.service_name}", onward, "EP-9")
            return
        doubt = unknown(f"the load balancers of {self.service_name} are not in the snapshot", self.id, "LIM-7")
        yield self._line("load balancer not in the snapshot", lost_sight(doubt), "LIM-7")

    @rule(
        "EP-10",
        says="Who is allowed and accepted may connect: an endpoint that the provider has not accepted carries nothing.",
        source="https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-share-your-services.html",
    )
    def _accepted(self, endpoint: Any, otherwise: Action | None, world: World) -> Iterator[Line]:
        seen = world.find("vpc_endpoint_connection", f"{self.id}/{endpoint.id}") if endpoint is not None else None
        if seen is not None and seen.vpc_endpoint_state.lower() != "available":
            drop = Drop("BAD_STATE", f"{self.service_name} shows {endpoint.id} as {seen.vpc_endpoint_state}", otherwise=otherwise)
            yield self._line(f"connection {seen.vpc_endpoint_state}", drop, "EP-10")

    @rule(
        "EP-11",
        says="Endpoints are zonal: an endpoint's zone must be among those of the service, unless it asks from another Region.",
        source="https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-share-your-services.html",
    )
    def _installed(self, interface: Any, endpoint: Any, otherwise: Action | None, world: World) -> Iterator[Line]:
        subnet = world.find("subnet", interface.subnet_id)
        zone = subnet.availability_zone_id if subnet is not None else ""
        abroad = bool(endpoint is not None and endpoint.region and self.region and endpoint.region != self.region)
        if zone and self.availability_zone_ids and zone not in self.availability_zone_ids and not abroad:
            text = f"{self.service_name} is not in zone {zone} of {interface.id}"
            drop = Drop("VPCE_SERVICE_NOT_INSTALLED_IN_AZ", text, otherwise=otherwise)
            yield self._line("zone without the service", drop, "EP-11")

    def _ways(self, interface: Any, world: World) -> Iterator[Action]:
        """Yield the way to each node that the interface may ask: those of its zone, where the load balancer has any there."""
        subnet = world.find("subnet", interface.subnet_id)
        for arn in self.network_load_balancer_arns:
            balancer = world.find("network_load_balancer", arn)
            known = balancer.interface_ids(world) if balancer is not None else ()
            nodes = [one for id in known if (one := world.find("network_interface", id)) is not None]
            if not nodes:
                yield lost_sight(unknown(f"{arn}, behind {self.service_name}, is not in the snapshot", self.id, "LIM-7"))
            zones = {one.id: world.find("subnet", one.subnet_id) for one in nodes}
            near = [one for one in nodes if subnet and zones[one.id] and zones[one.id].zone == subnet.zone]
            for node in near or nodes:
                yield self._to_node(balancer, f"{node.id}/{interface.id}")

    def _to_node(self, balancer: Any, via: str) -> Send | Choose:
        """Return the way to a node, past the load balancer's groups where it enforces them on PrivateLink."""
        filtered, free = (Send(Place(self.id, stage, via), realm="") for stage in ("admits", "listens"))
        said = balancer.enforce_security_group_inbound_rules_on_private_link_traffic
        if not balancer.security_groups or said == "off":
            return free
        if said == "on":
            return filtered
        text = f"whether the groups of {balancer.load_balancer_name} filter PrivateLink is not in the snapshot"
        return Choose((filtered, free), unknown(text, balancer.id, "EP-9"))

    def _admits(self, node_id: str, asking: str, world: World) -> list[Line]:
        node = world.find("network_interface", node_id)
        balancer: Any = world.owner(node_id)
        onward = Place(self.id, "listens", f"{node_id}/{asking}")
        groups = balancer.security_groups or list(node.group_ids)
        return admitted(groups, Traffic.INBOUND, onward, balancer.vpc_id, world)

    @rule(
        "EP-9",
        says="Through an endpoint targets see the network load balancer's private address, never the consumer's; the load balancer's "
        "groups ask who comes in only where it enforces them on PrivateLink, and then for the consumer's private address.",
        source="https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html",
    )
    def _listens(self, node_id: str, asking: str, world: World) -> Iterator[Line]:
        node = world.find("network_interface", node_id)
        balancer: Any = world.owner(node_id)
        listeners = world.where("listener", "load_balancer_arn", balancer.id)
        for listener in listeners:
            title = f"listener {listener.protocol.lower()}/{listener.port} of {balancer.load_balancer_name}"
            own = self._sent(node, node.primary[0], None, asking, balancer)
            for interval in listener.services:
                services = IntervalSet([interval])
                onward = tuple(self._targets(balancer, node, (listener, services), asking, world))
                yield Line(title, Match(services=services), Share((own, *onward)), "EP-9", balancer.id)
        if world.collected("listener", balancer):
            drop = no_listener(balancer.load_balancer_name, len(listeners))
            yield Line("no listener", Match(), drop, "LB-9", balancer.id)
            return
        doubt = unknown(f"the listeners of {balancer.load_balancer_name} are not in the snapshot", balancer.id, "LIM-7")
        yield Line("listeners not in the snapshot", Match(), lost_sight(doubt), "LIM-7", balancer.id)

    def _targets(
        self, balancer: Any, node: Any, listening: tuple[Any, IntervalSet], asking: str, world: World
    ) -> Iterator[Action]:
        listener, services = listening
        for arn, _ in listener.groups(world):
            group = world.find("target_group", arn)
            targets = group.targets(world) if group is not None else None
            if targets is None:
                doubt = unknown(f"the targets of {arn} are not in the snapshot", arn, "LIM-7")
                yield lost_sight(doubt)
                continue
            for target in targets:
                if target.number is None:
                    yield lost_sight(unknown(f"target {target.name} is not in the snapshot", arn, "LIM-7"))
                    continue
                send = self._sent(node, target.number, port_of(services, target.port), asking, balancer)
                doubt = conditional(f"target {target.name} was {target.state}", balancer.id, "LB-14")
                way = send if target.state in HEALTHY else perhaps(send, doubt)
                yield balancer.zonal(node, group, target, way, world)

    def _sent(self, node: Any, target: int | None, service: int | None, asking: str, balancer: Any) -> Send:
        """Return the way to the node itself, or with a service its own connection to a target; replies go back to the endpoint."""
        inside = Place(self.id, "returns", f"/{asking}")
        if service is None:
            back = Session((Place(node.id, "sends"),), inside)
            return Send(Place(self.id, "reaches", f"{node.id}/{asking}"), target=target, session=back)
        session = Session((balancer.takes_place(node.id),), inside, remaps_ports=True)
        return Send(
            Place(node.id, "groups out"),
            source=node.primary[0],
            target=target,
            service=service,
            realm=node.vpc_id,
            session=session,
        )


class VpcEndpointConnection(Component, kw_only=True):
    """An endpoint as the provider of its service sees it: DescribeVpcEndpointConnections."""

    kind: ClassVar[str] = "vpc_endpoint_connection"
    documents: ClassVar[tuple[Document, ...]] = (Document("VpcEndpointConnections", "ec2", "DescribeVpcEndpointConnections"),)

    service_id: str
    vpc_endpoint_id: str
    vpc_endpoint_owner: str = ""
    vpc_endpoint_state: str = "available"

    @property
    def id(self) -> str:
        """The service and the endpoint."""
        return f"{self.service_id}/{self.vpc_endpoint_id}"


class AllowedPrincipal(msgspec.Struct, rename="pascal", frozen=True):
    """Someone who may ask for a connection; `*` is every account."""

    principal: str = ""


class VpcEndpointServicePermissions(Component, kw_only=True):
    """Who may ask for connections to a service: DescribeVpcEndpointServicePermissions, wrapped with the service's id."""

    kind: ClassVar[str] = "vpc_endpoint_service_permissions"
    documents: ClassVar[tuple[Document, ...]] = (
        Document(
            "VpcEndpointServicePermissions",
            "ec2",
            "DescribeVpcEndpointServicePermissions",
            argument="ServiceId",
            each=Each(
                "ServiceId", Call("ec2", "DescribeVpcEndpointServiceConfigurations"), ("ServiceConfigurations[].ServiceId",)
            ),
        ),
    )

    service_id: str
    allowed_principals: list[AllowedPrincipal] = []

    @property
    def id(self) -> str:
        """The id of the service."""
        return self.service_id
