"""Virtual private gateways and the VPN connections on them: the door between one VPC and sites outside of AWS."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import msgspec

from ..behind import behind, prefixes_of, routes_to
from ..component import Component, Document, World, conditional, perhaps, unknown
from ..packet import EVERY_V6, PUBLIC, IntervalSet, prefix, union
from ..rule import rule
from ..table import AWAY, Arrive, Choose, Direction, Drop, Line, Match, Place, Send, Table

DIRECT_CONNECT = "direct_connect_association"


class VpcAttachment(msgspec.Struct, rename="pascal", frozen=True):
    """The VPC that a virtual private gateway is attached to."""

    vpc_id: str = ""
    state: str = "attached"


class VpnRoute(msgspec.Struct, rename="pascal", frozen=True):
    """A static route of a VPN connection: a prefix behind the tunnel."""

    destination_cidr_block: str = ""
    state: str = "available"

    def __post_init__(self) -> None:
        if self.destination_cidr_block:
            prefix(self.destination_cidr_block)


class VpnOptions(msgspec.Struct, rename="pascal", frozen=True):
    """Whether routes are static, or told by BGP."""

    static_routes_only: bool = False


class Tunnel(msgspec.Struct, rename="pascal", frozen=True):
    """The state of one of the two tunnels."""

    status: str = "UP"


class VpnConnection(Component, kw_only=True):
    """A site-to-site VPN connection, on a virtual private gateway or a transit gateway: DescribeVpnConnections."""

    kind: ClassVar[str] = "vpn_connection"
    leads: ClassVar[bool] = True
    documents: ClassVar[tuple[Document, ...]] = (Document("VpnConnections", "ec2", "DescribeVpnConnections"),)

    vpn_connection_id: str
    vpn_gateway_id: str = ""
    transit_gateway_id: str = ""
    customer_gateway_id: str = ""
    state: str = "available"
    options: VpnOptions = VpnOptions()
    routes: list[VpnRoute] = []
    vgw_telemetry: list[Tunnel] = []

    @property
    def id(self) -> str:
        """The connection id."""
        return self.vpn_connection_id

    @property
    def static_prefixes(self) -> IntervalSet:
        """What its static routes say stands behind it."""
        return union(
            prefix(one.destination_cidr_block) for one in self.routes if one.destination_cidr_block and one.state != "deleted"
        )

    @property
    @rule(
        "HYB-4",
        says="A VPN carries packets while at least one tunnel is up; tunnels go up and down without an operator.",
        source="https://docs.aws.amazon.com/vpn/latest/s2svpn/VPNTunnels.html",
    )
    def up(self) -> bool:
        """Whether a tunnel was up when the snapshot was taken."""
        return not self.vgw_telemetry or any(one.status == "UP" for one in self.vgw_telemetry)

    def answers_from(self, world: World) -> Place | None:
        """Return where replies of the site come in: at the gateway that the connection ends at."""
        return Place(self.vpn_gateway_id, "from site") if self.vpn_gateway_id else None

    def arrival(self) -> Choose:
        """Return the arrival at the site, which is open to doubt: nobody knows what stands behind the tunnel."""
        text = f"what lies behind {self.id} is not in the configuration" if self.up else f"no tunnel of {self.id} was up"
        doubt = conditional(text, self.id, "HYB-8" if self.up else "HYB-4")
        arrive = Arrive(self.vpn_gateway_id or self.id)
        return Choose((arrive, Drop("BAD_STATE_VPN" if not self.up else "", text, otherwise=arrive)), doubt)


class VpnGateway(Component, kw_only=True):
    """A virtual private gateway: DescribeVpnGateways."""

    kind: ClassVar[str] = "vpn_gateway"
    leads: ClassVar[bool] = True
    documents: ClassVar[tuple[Document, ...]] = (Document("VpnGateways", "ec2", "DescribeVpnGateways"),)

    vpn_gateway_id: str
    state: str = "available"
    vpc_attachments: list[VpcAttachment] = []

    @property
    def id(self) -> str:
        """The gateway id."""
        return self.vpn_gateway_id

    @property
    def vpc_id(self) -> str:
        """The VPC that it is attached to; "" for none."""
        return next((one.vpc_id for one in self.vpc_attachments if one.state == "attached"), "")

    def routed_from(self, world: World) -> list[str]:
        """Return its VPC."""
        return [self.vpc_id] if self.vpc_id else []

    def answers_from(self, world: World) -> Place:
        """Return where packets of the site come in."""
        return Place(self.id, "from site")

    def connections(self, world: World) -> list[Any]:
        """Return its VPN connections that exist, in order of id."""
        return [
            one for one in world.where("vpn_connection", "vpn_gateway_id", self.id) if one.state in ("available", "modifying", "")
        ]

    def table(self, place: Place, direction: Direction, world: World) -> Table:
        """Return the lines outward (stage `routed`) or inward (stage `from site`)."""
        lines = self._outward(place.via, direction, world) if place.stage == "routed" else self._inward(world)
        return Table("vpn_gateway", list(lines))

    def _line(self, title: str, action: Send | Arrive | Drop | Choose, rule_id: str, match: Match | None = None) -> Line:
        return Line(title, match or Match(), action, rule_id, self.id)

    @rule(
        "HYB-1",
        says="A virtual private gateway sends on only what it knows: static routes, or what BGP told it.",
        source="https://docs.aws.amazon.com/vpn/latest/s2svpn/vpn-route-priority.html",
    )
    def _outward(self, via: str, direction: Direction, world: World) -> Iterator[Line]:
        subnet = world.find("subnet", via)
        if not self.vpc_id or (subnet is not None and subnet.vpc_id != self.vpc_id):
            yield self._line("not attached", Drop("BAD_STATE_ATTACHMENT", f"{self.id} is not attached to the VPC"), "RT-17")
        yield from self._from_inside_only(world)
        yield from self._families(world)
        for connection in self.connections(world):
            known = connection.static_prefixes
            action = Arrive(self.id) if direction is Direction.REPLY else connection.arrival()
            if known:
                yield self._line(f"static routes of {connection.id}", action, "HYB-1", Match(targets=known))
        yield from self._told_by_bgp(direction, world)
        drop = Drop("NO_ROUTE_TO_DESTINATION", f"{self.id} knows no such prefix")
        yield self._line("no prefix that the gateway knows", drop, "HYB-1")

    @rule(
        "HYB-2",
        says="Over a virtual private gateway only private addresses of the VPC are reached and heard: no gateway and no peer of it.",
        source="https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html",
    )
    def _from_inside_only(self, world: World) -> Iterator[Line]:
        vpc = world.find("vpc", self.vpc_id)
        if vpc is not None:
            drop = Drop("VGW_PRIVATE_IP_ASSOCIATION_FOR_EGRESS", "the source is no private address of the VPC")
            yield self._line("source not of this VPC", drop, "HYB-2", Match(sources=EVERYTHING - vpc.addresses))

    @rule(
        "HYB-5",
        says="A VPN on a virtual private gateway carries IPv4 only; IPv6 needs Direct Connect or a transit gateway.",
        source="https://docs.aws.amazon.com/vpn/latest/s2svpn/ipv4-ipv6.html",
    )
    def _families(self, world: World) -> Iterator[Line]:
        if not self._direct_connect(world):
            drop = Drop("", f"the VPN of {self.id} carries IPv4 only")
            doubt = unknown(f"whether Direct Connect leads to {self.id} is not in the snapshot", self.id, "LIM-7")
            unseen = world.is_broken(DIRECT_CONNECT, self)
            yield self._line("IPv6", Choose((AWAY, drop), doubt) if unseen else drop, "HYB-5", Match(targets=EVERY_V6))

    def _direct_connect(self, world: World) -> Any:
        return world.where(DIRECT_CONNECT, "gateway_id", self.id)

    def _told_by_bgp(self, direction: Direction, world: World) -> Iterator[Line]:
        """Yield a doubt where routes are told by BGP: the snapshot holds those that a route table shows, and no others."""
        dynamic = [one for one in self.connections(world) if not one.options.static_routes_only]
        told = self._told(world)
        static = bool(self.connections(world)) and not dynamic
        if (static or not told) and not dynamic and not self._direct_connect(world) and not self.conceals(world):
            return
        known = prefixes_of(told)
        for association in self._direct_connect(world):
            yield from association.turned_around(known, world)
        turned = self._direct_connect(world) and (world.is_broken(DIRECT_CONNECT) or world.is_broken(self.kind))
        if turned or world.is_broken(DIRECT_CONNECT, self):
            lost = unknown(f"what Direct Connect joins with {self.id} is not in the snapshot", self.id, "LIM-7")
            yield self._line("what the site may send back", Choose((Arrive(self.id), AWAY, Drop("", lost.text)), lost), "LIM-7")
        if known:
            doubt = conditional(f"what lies behind {self.id} is not in the configuration", self.id, "HYB-8")
            action = Arrive(self.id) if direction is Direction.REPLY else Choose((Arrive(self.id), Drop("", doubt.text)), doubt)
            yield self._line("prefix told by BGP", action, "HYB-8", Match(targets=known))
        doubt = unknown(f"which prefixes BGP tells {self.id} is not in the snapshot", self.id, "LIM-4")
        yield self._line("prefix that BGP may tell", perhaps_arrives(self.id, doubt), "LIM-4")

    def conceals(self, world: World) -> bool:
        """Return whether its VPN connections are not in the snapshot, or not every association with Direct Connect, or what BGP told."""
        if not self.vpc_id:
            return False
        untold = self._by_bgp(world) and not world.collected("route_table", world.keeper(self.vpc_id))
        return untold or not world.collected("vpn_connection", self) or world.is_broken(DIRECT_CONNECT, self)

    def _by_bgp(self, world: World) -> bool:
        """Return whether a site tells it prefixes, which no configuration holds."""
        return bool(self._direct_connect(world)) or any(not one.options.static_routes_only for one in self.connections(world))

    def _told(self, world: World) -> list[Any]:
        """Return the routes that it told the route tables of its VPC."""
        return [one for one in routes_to(self.id, self.vpc_id, world) if one.origin == "EnableVgwRoutePropagation"]

    @rule(
        "RT-24",
        says="What a virtual private gateway's own route table sends to an endpoint goes there before it is delivered.",
        source="https://docs.aws.amazon.com/vpc/latest/userguide/gateway-route-tables.html",
    )
    def _inward(self, world: World) -> Iterator[Line]:
        edge = next((one for one in world.where("route_table", "vpc_id", self.vpc_id) if self.id in one.gateway_ids), None)
        place = Place(edge.id, "routes", self.id) if edge else Place(self.vpc_id, "delivers")
        associations = self._direct_connect(world)
        if len(associations) == 1 and not self.connections(world):
            for line in associations[0].unannounced():
                doubt = unknown(
                    f"the VPN connections of {self.id}, which announce everything, are not in the snapshot", self.id, "LIM-7"
                )
                yield msgspec.structs.replace(line, action=perhaps(place, doubt)) if self.conceals(world) else line
        vpc = world.find("vpc", self.vpc_id)
        if vpc is not None:
            action: Send | Choose = self._by_tunnel(Send(place), world)
            if edge is None and world.is_broken("route_table", self):
                doubt = unknown(f"whether {self.id} has a route table of its own is not in the snapshot", self.id, "LIM-7")
                action = Choose((action, AWAY), doubt)
            yield self._line("address of the VPC", action, "HYB-2", Match(targets=vpc.addresses))
        elif self.vpc_id:
            doubt = unknown(f"{self.vpc_id} is not in the snapshot", self.id, "LIM-7")
            yield self._line("a VPC that is not in the snapshot", Choose((AWAY, Drop("", doubt.text)), doubt), "LIM-7")
        drop = Drop("VGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS", "the target is no private address of the VPC")
        yield self._line("not an address of the VPC", drop, "HYB-2")

    def _by_tunnel(self, onward: Send, world: World) -> Send | Choose:
        """Return the way in; in doubt where no tunnel was up and nothing else leads in."""
        connections = self.connections(world)
        if not connections or self._direct_connect(world) or any(one.up for one in connections):
            return onward
        doubt = conditional(f"no tunnel of {', '.join(one.id for one in connections)} was up", self.id, "HYB-4")
        return perhaps(onward, doubt)

    @rule(
        "HYB-8",
        says="A site is an open set of senders: everything in the prefixes that are known of it; to it the answer is conditional.",
        source="https://docs.aws.amazon.com/vpn/latest/s2svpn/VPC_VPN.html",
    )
    def beyond(self, world: World) -> Iterator[tuple[Place, IntervalSet]]:
        """Yield where the site comes in, and its prefixes: static ones, what BGP told route tables, what these send there besides."""
        if not self.vpc_id:
            return
        known = union(one.static_prefixes for one in self.connections(world))
        addresses = known | prefixes_of(self._told(world))
        if self._by_bgp(world):
            addresses |= behind(self.id, self.vpc_id, world) - PUBLIC
        if addresses:
            yield Place(self.id, "from site"), addresses


def perhaps_arrives(resource: str, doubt: Any) -> Choose:
    """Return the action of a packet that arrives or is dropped, nobody knows which."""
    return Choose((Arrive(resource), Drop("", doubt.text, otherwise=Arrive(resource))), doubt)


EVERYTHING = prefix("0.0.0.0/0") | EVERY_V6


class CustomerGateway(Component, kw_only=True):
    """The far end of a VPN: DescribeCustomerGateways."""

    kind: ClassVar[str] = "customer_gateway"
    documents: ClassVar[tuple[Document, ...]] = (Document("CustomerGateways", "ec2", "DescribeCustomerGateways"),)

    customer_gateway_id: str
    ip_address: str = ""
    state: str = "available"

    @property
    def id(self) -> str:
        """The gateway id."""
        return self.customer_gateway_id
