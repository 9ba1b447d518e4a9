"""Route tables: longest prefix first, on subnets and on gateways."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import msgspec

from ..component import IN_VPC, Closed, Component, Document, Reference, Spot, World, conditional, perhaps, unknown
from ..lattice import LATTICE, ROUTE_TARGET, addresses_in
from ..packet import PUBLIC, IntervalSet, prefix, prefix_length, union
from ..route import LOCAL, PROPAGATED, Association, Entry, Route
from ..rule import rule
from ..table import AWAY, Action, Choose, Direction, Drop, Line, Match, Place, Send, Table


class RouteTable(Component, kw_only=True):
    """A route table: DescribeRouteTables."""

    kind: ClassVar[str] = "route_table"
    leads: ClassVar[bool] = True
    documents: ClassVar[tuple[Document, ...]] = (Document("RouteTables", "ec2", "DescribeRouteTables"),)
    references: ClassVar[tuple[Reference, ...]] = (IN_VPC, Reference("subnet_ids", "subnet", "Associations"))
    closes: ClassVar[Closed] = (("Routes", Route),)

    route_table_id: str
    vpc_id: str
    routes: list[Route] = []
    associations: list[Association] = []
    # Which gateways fill it; None where the answer does not say.
    propagating_vgws: list[dict[str, Any]] | None = None

    @property
    def id(self) -> str:
        """The route table id."""
        return self.route_table_id

    def spots(self, line: str, world: World) -> list[Spot]:
        """Return where the routes with this title are; that of a route by prefix list names the block, too."""
        found = [
            (number, one)
            for number, one in enumerate(self.routes)
            if line.startswith(f"{one.destination} ") and line.endswith(f"-> {one.target or 'unknown target'}")
        ]
        return [Spot(self.id, self.origin, ("Routes", number, one.destination_key), one.destination) for number, one in found]

    @property
    def is_main(self) -> bool:
        """Whether it serves the subnets that no association names."""
        return any(one.main and one.counts for one in self.associations)

    @property
    def subnet_ids(self) -> frozenset[str]:
        """The subnets that are associated with it by name."""
        return frozenset(one.subnet_id for one in self.associations if one.subnet_id and one.counts)

    @property
    def gateway_ids(self) -> frozenset[str]:
        """The gateways whose inbound traffic it steers."""
        return frozenset(one.gateway_id for one in self.associations if one.gateway_id and one.counts)

    def may_hide_routes(self, world: World) -> bool:
        """Return whether a gateway or route server may fill it: AWS lists the winner of several routes to one destination alone."""
        if self.propagating_vgws or any(one.origin in PROPAGATED for one in self.routes):
            return True
        return self.propagating_vgws is None and any(self.vpc_id == one.vpc_id for one in world.all("vpn_gateway"))

    def target_of(self, number: int, world: World) -> str:
        """Return the target of the route that an address takes; "" for none."""
        return next((one.route.target for one in self._entries(world) if number in one.addresses), "")

    @rule(
        "RT-25",
        says="A gateway's route table may be tied to a pool of your own public addresses: the gateway then takes packets to them and "
        "routes them untranslated to the interface in the route.",
        source="https://docs.aws.amazon.com/vpc/latest/userguide/igw-ingress-routing.html",
    )
    def pool_addresses(self) -> IntervalSet:
        """Return the public addresses, of no interface, for which a gateway takes packets by this table."""
        pools = any(one.public_ipv4_pool and one.counts for one in self.associations)
        if not (pools and self.gateway_ids):
            return IntervalSet()
        return union(prefix(route.destination_cidr_block) for route in self.routes if route.destination_cidr_block) & PUBLIC

    def redirects(self, addresses: IntervalSet, world: World) -> IntervalSet:
        """Return those of the addresses for which the table names another target than `local`."""
        turned = IntervalSet()
        for entry in reversed(self._entries(world)):
            box = world.find("network_interface", entry.route.target)
            own = box.private_addresses if box is not None else IntervalSet()
            turned = turned - entry.addresses if entry.route.target == LOCAL else (turned | entry.addresses) - own
        return turned & addresses

    @rule(
        "RT-5",
        says="Among the routes that match, the longest prefix wins, whatever its origin.",
        source="https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html",
    )
    def table(self, place: Place, direction: Direction, world: World) -> Table:
        """Return the routes as lines, the longest prefix first."""
        entries = self._entries(world)
        strangers = [one for one in self._own_routes() if one.destination_prefix_list_id and self._blocks(one, world) is None]
        lines = [self._line(entry, entries, place.via, world) for entry in entries]
        if direction is Direction.REPLY:
            lines = [*self._back_to_nat(place.via, world), *lines]
        lines.append(self._no_route(place.via, world))
        for route in strangers:
            lines = [self._perhaps_instead(line, route, place.via, world) for line in lines]
        lattice = Send(Place(LATTICE, "asked", self.vpc_id))
        to_lattice = Line("to VPC Lattice", Match(targets=addresses_in(self.vpc_id, world)), lattice, "LAT-1", self.id)
        return Table("route_table", [to_lattice, *lines])

    def _own_routes(self) -> list[Route]:
        """Return its routes without those that AWS writes for VPC Lattice, which say what every table does anyway."""
        return [one for one in self.routes if one.target != ROUTE_TARGET]

    def _blocks(self, route: Route, world: World) -> list[str] | None:
        if not route.destination_prefix_list_id:
            return [route.destination_cidr_block or route.destination_ipv6_cidr_block]
        return world.prefix_blocks(route.destination_prefix_list_id)

    @rule(
        "RT-4",
        says="Every table has a local route for each range of the VPC.",
        source="https://docs.aws.amazon.com/vpc/latest/userguide/subnet-route-tables.html",
    )
    @rule(
        "RT-3",
        says="IPv4 and IPv6 routes are independent.",
        source="https://docs.aws.amazon.com/vpc/latest/userguide/subnet-route-tables.html",
    )
    @rule(
        "RT-6",
        says="A propagated route never beats the local route, be it more specific.",
        source="https://docs.aws.amazon.com/vpn/latest/s2svpn/vpn-route-priority.html",
    )
    def _entries(self, world: World) -> list[Entry]:
        """Return every block of every route in order of priority, local routes that the table must have among them."""
        routes = [(route, block) for route in self._own_routes() for block in self._blocks(route, world) or [] if block]
        listed = {block for _, block in routes}
        vpc = world.find("vpc", self.vpc_id)
        own = vpc.cidrs if vpc is not None else []
        routes += [(Route(destination_cidr_block=cidr, gateway_id=LOCAL), cidr) for cidr in own if cidr not in listed]
        entries = [Entry(block, prefix(block), prefix_length(block), route) for route, block in routes]
        local = IntervalSet()
        for cidr in own:
            local = local | prefix(cidr)
        kept = [one for one in entries if not (one.route.origin in PROPAGATED and one.addresses <= local)]
        return sorted(kept, key=lambda one: (-one.length, one.route.rank, one.cidr, one.route.target))

    def _line(self, entry: Entry, entries: list[Entry], via: str, world: World) -> Line:
        title = f"{entry.cidr} -> {entry.route.target or 'unknown target'}"
        if entry.route.destination_prefix_list_id:
            title = f"{entry.route.destination_prefix_list_id} ({entry.cidr}) -> {entry.route.target}"
        action = self._action(entry.route, via, world)
        rivals = self._rivals(entry, entries)
        if rivals:
            actions = (action, *(self._action(one.route, via, world) for one in rivals))
            names = ", ".join(sorted({one.route.target for one in rivals}))
            doubt = conditional(
                f"{self.id}: which of {entry.route.target}, {names} serves {entry.cidr} cannot be read", self.id, "RT-11"
            )
            action = Choose(actions, doubt)
        return Line(title, Match(targets=entry.addresses), action, self._rule_of(entry.route), self.id)

    @rule(
        "RT-11",
        says="Prefix lists that overlap and have different targets: AWS picks one and keeps to it; the pick cannot be read.",
        source="https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html",
    )
    @rule(
        "RT-10",
        says="A static route and one by prefix list to the same prefix: which of them serves is not certain.",
        source="https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html",
    )
    def _rivals(self, entry: Entry, entries: list[Entry]) -> list[Entry]:
        """Return the entries that may be served instead of this one, although it stands first."""
        mine = entry.route.destination_prefix_list_id
        rivals = []
        for other in entries if mine or any(one.route.destination_prefix_list_id for one in entries) else ():
            theirs = other.route.destination_prefix_list_id
            if other.route.target == entry.route.target or LOCAL in (other.route.target, entry.route.target) or mine == theirs:
                continue
            both_lists = bool(mine and theirs) and entry.addresses <= other.addresses
            tie = bool(mine) != bool(theirs) and other.length == entry.length and other.addresses == entry.addresses
            propagated = other.route.origin in PROPAGATED or entry.route.origin in PROPAGATED
            if both_lists or (tie and not propagated):
                rivals.append(other)
        return rivals

    def _rule_of(self, route: Route) -> str:
        if route.state == "blackhole":
            return "RT-13"
        return "RT-4" if route.target == LOCAL else "RT-12" if route.destination_prefix_list_id else "RT-5"

    @rule(
        "RT-13",
        says="A blackhole route drops what it matches; no wider route takes over.",
        source="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Route.html",
    )
    @rule(
        "RT-14",
        says="A route in a state that is neither active nor blackhole is not documented: the answer is unknown.",
        source="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Route.html",
    )
    @rule(
        "RT-28",
        says="Routes of a route server change on failover: what they carry is conditional.",
        source="https://docs.aws.amazon.com/vpc/latest/userguide/route-server-how-it-works.html",
    )
    @rule(
        "M-6",
        says="Configuration is that of one moment, which answers name: what changes without an operator is conditional.",
        source="https://docs.aws.amazon.com/vpc/latest/userguide/route-server-how-it-works.html",
    )
    @rule(
        "AIF-1",
        says="An internet firewall may stand between the VPC and the gateway: its policy decides.",
        source="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Route.html",
    )
    def _action(self, route: Route, via: str, world: World) -> Action:
        onward = Send(self._next(route, via))
        if route.state == "blackhole":
            return Drop("BAD_STATE_ROUTE", f"the target of the route in {self.id} is gone", otherwise=self._detour(via, world))
        if route.state != "active":
            return perhaps(onward, unknown(f"{self.id}: a route is in state `{route.state}`", self.id, "RT-14"))
        if route.unknown_fields or not route.target:
            fields = ", ".join(route.unknown_fields) or "no field"
            doubt = unknown(f"{self.id}: a route names its target by `{fields}`, which is not modelled", self.id, "LIM-12")
            # What is beyond leads anywhere but out and home by the VPC's own gateway, with the address translated.
            own = (one for one in world.gateways(self.vpc_id) if one.kind == "internet_gateway")
            ways = tuple(Send(Place(one.id, "routed", via)) for one in own)
            return Choose((*ways, AWAY, Drop("UNSUPPORTED_COMPONENT", doubt.text, otherwise=AWAY)), doubt)
        if route.igw_firewall:
            return perhaps(onward, conditional(f"{self.id}: an internet firewall inspects the route", self.id, "AIF-1"))
        if route.origin == "Advertisement":
            return perhaps(onward, conditional(f"{self.id}: a route server advertises the route now", self.id, "RT-28"))
        return onward

    @rule(
        "RT-7",
        says="A static route may be more specific than local for a whole subnet, to a NAT gateway, an interface or a Gateway Load "
        "Balancer endpoint; the target of the local route itself may be replaced in the same way.",
        source="https://docs.aws.amazon.com/vpc/latest/userguide/subnet-route-tables.html",
    )
    @rule(
        "RT-8",
        says="The target of a local route may be replaced; then nothing is delivered locally for its range, but inside the subnet.",
        source="https://docs.aws.amazon.com/vpc/latest/userguide/route-table-options.html",
    )
    def _next(self, route: Route, via: str) -> Place:
        return Place(self.vpc_id, "delivers") if route.target == LOCAL else Place(route.target, "routed", via)

    def _detour(self, via: str, world: World) -> Action | None:
        """Return where a packet would go if the table had the route that it lacks: to each gateway of the VPC."""
        ways = tuple(Send(Place(gateway.id, "routed", via)) for gateway in world.gateways(self.vpc_id))
        if not ways:
            return None
        return Choose(ways, conditional("any of these would serve", self.id, "RT-17")) if len(ways) > 1 else ways[0]

    def _no_route(self, via: str, world: World) -> Line:
        drop = Drop("NO_ROUTE_TO_DESTINATION", f"{self.id} has no route to the target", otherwise=self._detour(via, world))
        return Line("no route", Match(), drop, "RT-5", self.id)

    @rule(
        "NAT-7",
        says="What a NAT gateway sends over a peering connection is answered to the gateway, even without a route back.",
        source="https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html",
    )
    def _back_to_nat(self, via: str, world: World) -> Iterator[Line]:
        for peering in world.all("vpc_peering"):
            if self.vpc_id not in peering.vpc_ids:
                continue
            for vpc_id in peering.vpc_ids:
                interfaces = world.where("network_interface", "vpc_id", vpc_id) if vpc_id != self.vpc_id else ()
                addresses = union(one.plain_addresses for one in interfaces if one.type == "nat_gateway")
                if addresses:
                    send = Send(Place(peering.id, "routed", via))
                    yield Line(f"reply to a NAT gateway by {peering.id}", Match(targets=addresses), send, "NAT-7", self.id)

    def _perhaps_instead(self, line: Line, route: Route, via: str, world: World) -> Line:
        """Return the line with the doubt that a route by prefix list, whose entries are not in the snapshot, comes first."""
        goes_local = isinstance(line.action, Send) and line.action.place == Place(self.vpc_id, "delivers")
        narrow = bool(route.nat_gateway_id or route.network_interface_id)
        if goes_local and not narrow:
            return line
        listed = route.destination_prefix_list_id
        doubt = unknown(f"the entries of prefix list {listed} are not in the snapshot", listed, "RT-12")
        return msgspec.structs.replace(line, action=Choose((line.action, self._action(route, via, world)), doubt))
