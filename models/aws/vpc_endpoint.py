"""VPC endpoints: gateway and Gateway Load Balancer endpoints as route targets, interface endpoints as interfaces."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import msgspec

from ..component import (
    IN_VPC,
    Component,
    Document,
    Reference,
    World,
    conditional,
    lost_sight,
    perhaps,
    stopped,
    undecided,
    unknown,
)
from ..lattice import ANSWERS, unseen
from ..packet import EVERY_SERVICE, ICMP, ICMP6, PUBLIC, TCP, UDP, prefix, services_of, union
from ..policy import allows_everything
from ..rule import rule
from ..table import Action, Arrive, Choose, Direction, Drop, Line, Match, Place, Send, Session, Share, Table

IDLE = ("pendingacceptance", "pending", "deleting", "deleted", "rejected", "failed", "expired")


class EndpointGroup(msgspec.Struct, rename="pascal", frozen=True):
    """A group of an interface endpoint."""

    group_id: str


class VpcEndpoint(Component, kw_only=True):
    """A VPC endpoint: DescribeVpcEndpoints."""

    kind: ClassVar[str] = "vpc_endpoint"
    leads: ClassVar[bool] = True
    endpoint_kind: ClassVar[str] = "endpoint"
    documents: ClassVar[tuple[Document, ...]] = (Document("VpcEndpoints", "ec2", "DescribeVpcEndpoints"),)
    references: ClassVar[tuple[Reference, ...]] = (IN_VPC, Reference("subnet_ids", "subnet", "SubnetIds"))

    vpc_endpoint_id: str
    vpc_endpoint_type: str = "Gateway"
    vpc_id: str = ""
    service_name: str = ""
    state: str = "available"
    route_table_ids: list[str] = []
    subnet_ids: list[str] = []
    network_interface_ids: list[str] = []
    groups: list[EndpointGroup] = []
    policy_document: str = ""
    service_network_arn: str = ""
    resource_configuration_arn: str = ""
    requester_managed: bool = False

    @property
    def id(self) -> str:
        """The endpoint id."""
        return self.vpc_endpoint_id

    @property
    def type(self) -> str:
        """The endpoint's type in small letters: `gateway`, `interface`, `gatewayloadbalancer`."""
        return self.vpc_endpoint_type.lower()

    @property
    def subnet_id(self) -> str:
        """The subnet of a Gateway Load Balancer endpoint, which stands in one; the first of the others; "" for none."""
        return next(iter(self.subnet_ids), "")

    @rule(
        "EP-7",
        says="Private DNS changes names, not routes: the public way stays open to whoever uses the public address.",
        source="https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html",
    )
    def names(self) -> list[str]:
        """Return the Name tag and the service, whole and by its last part (`s3`)."""
        return [name for name in (self.name, self.service_name, self.service_name.rpartition(".")[2]) if name]

    def interface_ids(self, world: World) -> list[str]:
        """Return its interfaces; a gateway endpoint has none."""
        return self.network_interface_ids

    def passes_on(self, world: World) -> bool:
        """Return whether somebody's own service stands behind it while the snapshot does not hold services."""
        own = self.type == "interface" and ".vpce." in self.service_name
        known = world.where("vpc_endpoint_service", "service_name", self.service_name)
        return own and not known and not world.collected("vpc_endpoint_service")

    def routed_from(self, world: World) -> list[str]:
        """Return its VPC, for a gateway endpoint."""
        return [self.vpc_id] if self.type == "gateway" and self.vpc_id else []

    def takes(self, interface_id: str, world: World) -> Place:
        """Return the place that takes what arrives at its interface."""
        return Place(self.id, "contacted", interface_id)

    def answers_from(self, world: World) -> Place:
        """Return the place where a gateway endpoint hands replies to its VPC."""
        return Place(self.vpc_id, "delivers")

    def table(self, place: Place, direction: Direction, world: World) -> Table:
        """Return the lines of a stage: `routed`, `takes` (endpoints as route targets) or `contacted` (those with interfaces)."""
        if self.type == "gatewayloadbalancer":
            return Table("vpc_endpoint", list(self._inspected(place, world)))
        if place.stage == "contacted":
            return Table("vpc_endpoint", list(self._contacted(place.via, direction, world)))
        if self.type != "gateway":
            doubt = unknown(f"endpoints of type {self.vpc_endpoint_type} as route target are not modelled", self.id, "LIM-12")
            return undecided("vpc_endpoint", f"type {self.vpc_endpoint_type}", doubt)
        return Table("vpc_endpoint", list(self._gateway(place.via, world)))

    def _line(self, title: str, action: Action, rule_id: str, match: Match | None = None) -> Line:
        return Line(title, match or Match(), action, rule_id, self.id)

    @rule(
        "EP-8",
        says="Only an endpoint that is `available` carries anything; its policy and the resource's policy come on top.",
        source="https://docs.aws.amazon.com/vpc/latest/privatelink/concepts.html",
    )
    def _available(self, onward: Action) -> Iterator[Line]:
        if self.state.lower() != "available":
            drop = Drop("BAD_STATE", f"{self.id} is {self.state}", otherwise=onward)
            yield self._line(f"state {self.state}", stopped(drop, onward, self.state, IDLE, self.id), "EP-8")

    @rule(
        "LIM-6",
        says="Endpoint and resource policies are not in the packet: where they may refuse, the answer is conditional and names them.",
        source="https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html",
    )
    def _served(self, onward: Action) -> Action:
        if allows_everything(self.policy_document):
            return onward
        doubt = conditional(f"the policy of {self.id} decides which requests pass", self.id, "EP-8")
        return Choose((onward, Drop("", doubt.text, otherwise=onward)), doubt)

    @rule(
        "EP-12",
        says="A Gateway Load Balancer endpoint is a route target and nothing else: what an appliance returns comes back unchanged at the "
        "same endpoint, and the route table of the endpoint's own subnet decides then.",
        source="https://docs.aws.amazon.com/vpc/latest/privatelink/vpce-gateway-load-balancer.html",
    )
    def _inspected(self, place: Place, world: World) -> Iterator[Line]:
        if place.stage == "takes":
            yield self._handed_over(world)
            return
        if place.stage != "routed":
            yield self._line("contacted", Drop("", f"{self.id} takes no connections of its own"), "EP-12")
            return
        near = place.via == self.subnet_id
        onward = Send(Place(self.id, "takes", self.subnet_id) if near else Place(self.subnet_id, "enters", self.id))
        yield from self._available(onward)
        subnet = world.find("subnet", place.via)
        if subnet is not None and self.vpc_id and subnet.vpc_id != self.vpc_id:
            yield self._line("another VPC", Drop("CANNOT_ROUTE", f"{self.id} serves its own VPC only"), "EP-12")
        yield self._line("enters the subnet of the endpoint", onward, "EP-12")

    def firewall(self, world: World) -> Any:
        """Return the network firewall whose endpoint it is; None for every other endpoint."""
        return next((one for one in world.all("network_firewall") if self.id in one.endpoint_ids(world)), None)

    @rule(
        "EP-13",
        says="What the appliances behind a Gateway Load Balancer let through no configuration says.",
        source="https://docs.aws.amazon.com/vpc/latest/reachability/how-reachability-analyzer-works.html",
    )
    def _handed_over(self, world: World) -> Line:
        firewall = self.firewall(world)
        if firewall is not None:
            return self._line(f"inspected by {firewall.id}", Send(Place(firewall.id, "stateless", self.id), realm=""), "NFW-1")
        onward = Send(Place(self.subnet_id, "leaves"), realm="")
        if self.requester_managed or any(tag.key == "AWSNetworkFirewallManaged" for tag in self.tags):
            doubt = unknown(f"the firewall behind {self.id} is not in the snapshot", self.id, "LIM-7")
            return self._line("firewall not in the snapshot", perhaps(onward, doubt), "LIM-7")
        doubt = conditional(f"what the appliances behind {self.id} let through is not in the configuration", self.id, "EP-13")
        return self._line("appliances decide", perhaps(onward, doubt), "EP-13")

    @rule(
        "EP-2",
        says="A gateway endpoint has neither interface nor group, and carries TCP and ICMP echo only.",
        source="https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html",
    )
    @rule(
        "EP-1",
        says="A gateway endpoint serves subnets whose route table names it, for the addresses of its prefix list.",
        source="https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html",
    )
    @rule(
        "EP-4",
        says="A route table without the endpoint's route takes the public way, if there is one.",
        source="https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html",
    )
    @rule(
        "IGW-12",
        says="Public service endpoints are internet destinations unless a route to an endpoint captures them.",
        source="https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html",
    )
    def _gateway(self, via: str, world: World) -> Iterator[Line]:
        arrive = Arrive(self.id)
        yield from self._available(arrive)
        yield from self._inside_only(via, world)
        private = Drop("CANNOT_ROUTE", "a gateway endpoint serves public addresses of its service only")
        yield self._line("private target", private, "EP-1", Match(targets=EVERYWHERE - PUBLIC))
        carried = union((services_of(TCP), services_of(ICMP, 0, 255), services_of(ICMP, 8 * 256, 8 * 256 + 255)))
        yield self._line(f"serves {self.service_name}", self._served(arrive), "EP-1", Match(services=carried))
        drop = Drop("VPCE_GATEWAY_PROTOCOL_RESTRICTION", "gateway endpoints carry TCP and ICMP echo only")
        yield self._line("another protocol", drop, "EP-2")

    @rule(
        "EP-3",
        says="A gateway endpoint serves interfaces of its own VPC only: no peer, no transit gateway, no site.",
        source="https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-s3.html",
    )
    def _inside_only(self, via: str, world: World) -> Iterator[Line]:
        subnet = world.find("subnet", via)
        vpc: Any = world.find("vpc", self.vpc_id)
        if subnet is not None and subnet.vpc_id != self.vpc_id:
            yield self._line("another VPC", Drop("CANNOT_ROUTE", f"{self.id} serves its own VPC only"), "EP-3")
        if vpc is not None:
            inside = Match(sources=EVERYWHERE - vpc.addresses)
            drop = Drop("VPCE_GATEWAY_EGRESS_SOURCE_ADDRESS_RESTRICTION", "the source is no address of the endpoint's VPC")
            yield self._line("source outside the VPC", drop, "EP-3", inside)

    @rule(
        "EP-5",
        says="An interface endpoint is reached like any interface, by route, ACL and group; it does not answer pings.",
        source="https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html",
    )
    @rule(
        "EP-6",
        says="An endpoint works one way: the service starts no connection into the VPC through it.",
        source="https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html",
    )
    def _contacted(self, interface_id: str, direction: Direction, world: World) -> Iterator[Line]:
        arrive = Arrive(interface_id)
        if direction is Direction.REPLY:
            yield self._line("reply", arrive, "EP-6")
            return
        service = next(iter(world.where("vpc_endpoint_service", "service_name", self.service_name)), None)
        onward: Action = arrive if service is None else Share((arrive, Send(Place(service.id, "asked", interface_id))))
        if self.passes_on(world):
            text = f"{self.service_name}, behind {self.id}, is not in the snapshot, nor where it leads"
            onward = Share((arrive, lost_sight(unknown(text, self.id, "LIM-7"))))
        yield from self._available(onward)
        pings = services_of(ICMP) | services_of(ICMP6)
        yield self._line("ping", Drop("PROTOCOL_RESTRICTION", "endpoints do not answer pings"), "EP-5", Match(services=pings))
        yield from self._of_lattice(interface_id, world)
        yield self._line(f"serves {self.service_name}", self._served(onward), "EP-5")

    def lattice_arn(self, word: str, world: World) -> str:
        """Return the ARN of the service network or resource configuration that it leads to; "" where it leads to none of that kind."""
        seen = world.where("vpc_endpoint_association", "vpc_endpoint_id", self.id)
        said = (self.service_network_arn, self.resource_configuration_arn, *(arn for one in seen for arn in one.leads_to))
        return next((arn for arn in said if f":{word}/" in arn), "")

    def _of_lattice(self, interface_id: str, world: World) -> Iterator[Line]:
        """Yield the lines of endpoints whose far side is VPC Lattice: they lead to what is served there."""
        arrive = Arrive(interface_id)
        if self.type == "tunnel":
            geneve = services_of(UDP, 6081, 6081)
            drop = Drop("PROTOCOL_RESTRICTION", f"{self.id} takes GENEVE on UDP 6081 only")
            yield self._line("not GENEVE", drop, "EP-15", Match(services=EVERY_SERVICE - geneve))
        known = LEADS.get(self.type)
        if known is None:
            return
        word, kind, stage, rule_id = known
        there = world.find(kind, self.lattice_arn(word, world).rpartition("/")[2])
        if there is None:
            text = f"what {self.id} ({self.vpc_endpoint_type}) leads to is not in the snapshot"
            yield self._line(f"a {self.vpc_endpoint_type} endpoint", unseen(text, self.id, "", world, arrive), rule_id)
            return
        session = Session((ANSWERS, Place(interface_id, "sends")), Place(interface_id, "groups out"))
        onward = Send(Place(there.id, stage, interface_id), session=session)
        yield self._line(f"leads to {there.id}", self._served(onward), rule_id)


LEADS = {
    "resource": ("resourceconfiguration", "resource_configuration", "asked", "EP-14"),
    "tunnel": ("resourceconfiguration", "resource_configuration", "tunnelled", "EP-15"),
    "servicenetwork": ("servicenetwork", "service_network", "serves", "LAT-4"),
}
EVERYWHERE = prefix("0.0.0.0/0") | prefix("::/0")
