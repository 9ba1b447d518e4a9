"""Client VPN: people's machines that come into a VPC with the address of the endpoint's interface."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import msgspec

from ..component import Call, Component, Document, Each, World, conditional, perhaps, unknown
from ..joined import JoinedShape
from ..packet import EVERY_V4, IntervalSet, prefix, prefix_length
from ..rule import rule
from ..table import AWAY, Action, Arrive, Choose, Direction, Drop, Line, Match, Place, Send, Session, Table

OF_ENDPOINT = Each(
    "ClientVpnEndpointId", Call("ec2", "DescribeClientVpnEndpoints"), ("ClientVpnEndpoints[].ClientVpnEndpointId",)
)


class StatusCode(msgspec.Struct, rename="pascal", frozen=True):
    """The status of an endpoint, association, route or rule; "" where the answer has none."""

    code: str = ""


class ClientVpnTargetNetwork(Component, kw_only=True):
    """A subnet that an endpoint is associated with: DescribeClientVpnTargetNetworks."""

    kind: ClassVar[str] = "client_vpn_target_network"
    documents: ClassVar[tuple[Document, ...]] = (
        Document("ClientVpnTargetNetworks", "ec2", "DescribeClientVpnTargetNetworks", each=OF_ENDPOINT),
    )

    association_id: str
    client_vpn_endpoint_id: str = ""
    target_network_id: str = ""
    status: StatusCode = StatusCode()

    @property
    def id(self) -> str:
        """The association id."""
        return self.association_id

    def conceals(self, world: World) -> bool:
        """Return whether its endpoint, by which clients come in, is not in the snapshot."""
        return world.find("client_vpn_endpoint", self.client_vpn_endpoint_id) is None


class ClientVpnRoute(Component, kw_only=True):
    """A route of an endpoint: DescribeClientVpnRoutes. Rows under `Routes` that name no endpoint belong to another call."""

    kind: ClassVar[str] = "client_vpn_route"
    documents: ClassVar[tuple[Document, ...]] = (Document("Routes", "ec2", "DescribeClientVpnRoutes", each=OF_ENDPOINT),)

    client_vpn_endpoint_id: str = ""
    destination_cidr: str = ""
    target_subnet: str = ""
    transit_gateway_attachment_id: str = ""
    status: StatusCode = StatusCode()
    stranger: str = msgspec.field(name="_Stranger", default="")

    def __post_init__(self) -> None:
        if self.destination_cidr:
            prefix(self.destination_cidr)

    @classmethod
    def prepared(cls, row: dict[str, Any]) -> dict[str, Any]:
        """Return the row; one of another call with nothing but its text."""
        if row.get("ClientVpnEndpointId"):
            return row
        return {"_Stranger": msgspec.json.encode(row, order="sorted").decode()}

    @property
    def id(self) -> str:
        """The endpoint, the block and the subnet."""
        return self.stranger or f"{self.client_vpn_endpoint_id}/{self.destination_cidr}/{self.target_subnet}"

    def caveats(self, world: World) -> Iterator[str]:
        """Return that a row of another call is not modelled."""
        yield from super().caveats(world)
        if self.stranger:
            yield "`Routes`: a route that does not say which table it is of is not modelled"


class ClientVpnAuthorizationRule(Component, kw_only=True):
    """A rule that says who may reach a block: DescribeClientVpnAuthorizationRules."""

    kind: ClassVar[str] = "client_vpn_authorization_rule"
    documents: ClassVar[tuple[Document, ...]] = (
        Document("AuthorizationRules", "ec2", "DescribeClientVpnAuthorizationRules", each=OF_ENDPOINT),
    )

    client_vpn_endpoint_id: str
    destination_cidr: str
    group_id: str = ""
    access_all: bool = False
    status: StatusCode = StatusCode()

    def __post_init__(self) -> None:
        prefix(self.destination_cidr)

    @property
    def id(self) -> str:
        """The endpoint, the block and the group."""
        return f"{self.client_vpn_endpoint_id}/{self.destination_cidr}/{self.group_id or 'all'}"


class ClientVpnEndpoint(JoinedShape, kw_only=True):
    """A Client VPN endpoint: DescribeClientVpnEndpoints."""

    kind: ClassVar[str] = "client_vpn_endpoint"
    leads: ClassVar[bool] = True
    endpoint_kind: ClassVar[str] = "client-vpn"
    signs: ClassVar[tuple[str, ...]] = ("clientvpn", "client vpn", "client-vpn")
    documents: ClassVar[tuple[Document, ...]] = (Document("ClientVpnEndpoints", "ec2", "DescribeClientVpnEndpoints"),)

    client_vpn_endpoint_id: str
    client_cidr_block: str = ""
    vpc_id: str = ""
    security_group_ids: list[str] = []
    status: StatusCode = StatusCode()
    transit_gateway_configuration: dict[str, Any] | None = None

    def __post_init__(self) -> None:
        if self.client_cidr_block:
            prefix(self.client_cidr_block)

    @property
    def id(self) -> str:
        """The endpoint id."""
        return self.client_vpn_endpoint_id

    @property
    def group_ids(self) -> frozenset[str]:
        """The groups of its interfaces."""
        return frozenset(self.security_group_ids)

    def subnets_of(self, world: World) -> list[str]:
        """Return the subnets that it is associated with."""
        found = world.where("client_vpn_target_network", "client_vpn_endpoint_id", self.id)
        return [one.target_network_id for one in found if one.status.code in ("associated", "")]

    def takes(self, interface_id: str, world: World) -> Place:
        """Return the place that takes what arrives at one of its interfaces."""
        return Place(self.id, "contacted")

    def beyond(self, world: World) -> Iterator[tuple[Place, IntervalSet]]:
        """Yield where clients come in, and their addresses."""
        if self.client_cidr_block:
            yield Place(self.id, "from clients"), prefix(self.client_cidr_block)

    def table(self, place: Place, direction: Direction, world: World) -> Table:
        """Return the lines of a stage: `from clients` (who may), `routes` (which way), `contacted` or `to clients`."""
        if place.stage == "from clients":
            lines = list(self._authorized(world))
        elif place.stage == "routes":
            lines = list(self._routed(world))
        elif place.stage == "to clients":
            lines = [self._line("to the client", Arrive(self.id))]
        else:
            lines = [self._line("unasked", Drop("", f"{self.id} takes no packets that no client asked for"))]
        return Table("client_vpn_endpoint", lines)

    def _line(self, title: str, action: Action, match: Match | None = None, rule_id: str = "HYB-9") -> Line:
        return Line(title, match or Match(), action, rule_id, self.id)

    def _authorized(self, world: World) -> Iterator[Line]:
        """Yield the authorization rules, the longest prefix first; of those to one prefix any is enough."""
        onward = Place(self.id, "routes")
        if self.status.code not in ("available", ""):
            yield self._line(f"state {self.status.code}", Drop("BAD_STATE", f"{self.id} is {self.status.code}", Send(onward)))
        rules: dict[str, list[Any]] = {}
        for one in world.where("client_vpn_authorization_rule", "client_vpn_endpoint_id", self.id):
            if one.status.code in ("active", ""):
                rules.setdefault(one.destination_cidr, []).append(one)
        for cidr in sorted(rules, key=lambda cidr: (-prefix_length(cidr), cidr)):
            names = ", ".join(sorted(one.group_id for one in rules[cidr]))
            doubt = conditional(f"only members of {names} may reach {cidr} by {self.id}", self.id, "HYB-9")
            everybody = any(one.access_all or not one.group_id for one in rules[cidr])
            action = Send(onward) if everybody else perhaps(onward, doubt)
            yield self._line(f"authorization for {cidr}", action, Match(targets=prefix(cidr)))
        if world.collected("client_vpn_authorization_rule", self):
            drop = Drop("", f"no authorization rule of {self.id} covers the target", otherwise=Send(onward))
            yield self._line("no authorization rule", drop)
            return
        doubt = unknown(f"the authorization rules of {self.id} are not in the snapshot", self.id, "LIM-7")
        yield self._line("authorization rules not in the snapshot", perhaps(onward, doubt), rule_id="LIM-7")

    @rule(
        "HYB-10",
        says="Endpoints attached to a transit gateway send by it, with a source that AWS does not tell.",
        source="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ClientVpnEndpoint.html",
    )
    def _routed(self, world: World) -> Iterator[Line]:
        if self.transit_gateway_configuration:
            doubt = unknown(f"{self.id} is attached to a transit gateway, which is not modelled", self.id, "HYB-10")
            yield self._line("by a transit gateway", Choose((AWAY, Drop("", doubt.text)), doubt), rule_id="HYB-10")
            return
        yield self._line("IPv6", Drop("", f"{self.id} carries IPv4 to its subnets"), Match(targets=V6))
        ways: dict[str, list[str]] = {}
        for one in world.where("client_vpn_route", "client_vpn_endpoint_id", self.id):
            if one.status.code in ("active", "") and one.destination_cidr:
                ways.setdefault(one.destination_cidr, []).append(one.target_subnet)
        for cidr in sorted(ways, key=lambda cidr: (-prefix_length(cidr), cidr)):
            sends = [send for subnet_id in sorted(ways[cidr]) for send in self._into(subnet_id, world)]
            yield self._line(f"{cidr} -> {', '.join(sorted(ways[cidr]))}", self._one_of(sends, cidr), Match(targets=prefix(cidr)))
        yield self._without_route(world)

    def _without_route(self, world: World) -> Line:
        every = [send for subnet_id in self.subnets_of(world) for send in self._into(subnet_id, world)]
        if not world.where("client_vpn_route", "client_vpn_endpoint_id", self.id):
            doubt = unknown(f"the routes of {self.id} are not in the snapshot", self.id, "LIM-7")
            way = self._one_of(every, "the target")
            return self._line("routes not in the snapshot", Choose((way, Drop("", doubt.text)), doubt), rule_id="LIM-7")
        otherwise = every[0] if every else None
        return self._line("no route", Drop("NO_ROUTE_TO_DESTINATION", f"{self.id} has no route to the target", otherwise))

    def _one_of(self, sends: list[Send], what: str) -> Action:
        if len(sends) == 1:
            return sends[0]
        if sends:
            doubt = conditional(
                f"which interface of {self.id} carries {what} depends on where the client connects", self.id, "LIM-9"
            )
            return Choose(tuple(sends), doubt)
        doubt = unknown(f"the subnet of {self.id} towards {what} is not in the snapshot", self.id, "LIM-7")
        return Choose((AWAY, Drop("", doubt.text)), doubt)

    @rule(
        "HYB-9",
        says="A client reaches what a route and an authorization rule of the endpoint cover and the groups of its interfaces let out; it "
        "is seen with the address of the interface, and what lies beyond follows the table of that subnet.",
        source="https://docs.aws.amazon.com/vpn/latest/clientvpn-admin/what-is.html",
    )
    def _into(self, subnet_id: str, world: World) -> Iterator[Send]:
        interfaces = (world.find("network_interface", one) for one in self.interface_ids(world))
        session = Session((Place(self.id, "contacted"),), Place(self.id, "to clients"), remaps_ports=True)
        for one in interfaces:
            if one is not None and one.subnet_id == subnet_id:
                own = _speaker(one, world)
                yield Send(Place(one.id, "groups out"), source=own, realm=one.vpc_id, session=session)


def _speaker(interface: Any, world: World) -> int:
    """Return the address with which an interface speaks; of one that may hold any of a subnet some that nothing else holds."""
    if interface.primary[0] is not None:
        return int(interface.primary[0])
    low = (interface.private_addresses & EVERY_V4).smallest()
    free = (low + offset for offset in range(4, 256) if world.owner_of(interface.vpc_id, low + offset) is interface)
    found: int = next(free, low + 4)
    return found


V6 = prefix("::/0")
