"""Route tables of transit gateways, their routes, propagations and associations."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any, ClassVar

import msgspec

from ..component import Component, Document, Spot, World, conditional, unknown
from ..packet import IntervalSet, prefix, prefix_length, union
from ..rule import rule
from ..table import AWAY, Action, Choose, Direction, Drop, Line, Match, Place, Send, Table
from ..transit import FILLING
from ..transit_route import EVERY_ROUTE, OF_TABLE, Propagation, RouteAttachment, TransitRoute


class TransitGatewayRoutes(Component, kw_only=True):
    """The routes of one table: SearchTransitGatewayRoutes, wrapped with the table's id."""

    kind: ClassVar[str] = "transit_gateway_routes"
    leads: ClassVar[bool] = True
    documents: ClassVar[tuple[Document, ...]] = (
        Document(
            "TransitGatewayRoutes",
            "ec2",
            "SearchTransitGatewayRoutes",
            argument="TransitGatewayRouteTableId",
            fixed=EVERY_ROUTE,
            each=OF_TABLE,
        ),
    )

    transit_gateway_route_table_id: str
    routes: list[TransitRoute] = []

    @property
    def id(self) -> str:
        """The id of the table."""
        return self.transit_gateway_route_table_id


class TransitGatewayStaticRoutes(TransitGatewayRoutes, kw_only=True):
    """The static routes of one table alone, as Batfish keeps them; propagated ones follow from the propagations."""

    kind: ClassVar[str] = "transit_gateway_static_routes"
    documents = (Document("TransitGatewayStaticRoutes", "ec2", "SearchTransitGatewayRoutes", asked=False),)


class TransitGatewayPropagations(Component, kw_only=True):
    """The propagations of one table: GetTransitGatewayRouteTablePropagations, wrapped with the table's id."""

    kind: ClassVar[str] = "transit_gateway_propagations"
    documents: ClassVar[tuple[Document, ...]] = (
        Document(
            "TransitGatewayRouteTablePropagations",
            "ec2",
            "GetTransitGatewayRouteTablePropagations",
            argument="TransitGatewayRouteTableId",
            each=OF_TABLE,
        ),
        Document("TransitGatewayPropagations", "ec2", "GetTransitGatewayRouteTablePropagations", asked=False),
    )

    transit_gateway_route_table_id: str
    transit_gateway_route_table_propagations: list[Propagation] = []

    @property
    def id(self) -> str:
        """The id of the table."""
        return self.transit_gateway_route_table_id


class TableAssociation(msgspec.Struct, rename="pascal", frozen=True):
    """An attachment that uses a table."""

    transit_gateway_attachment_id: str = ""
    state: str = "associated"


class TransitGatewayAssociations(Component, kw_only=True):
    """The associations of one table: GetTransitGatewayRouteTableAssociations, wrapped with the table's id."""

    kind: ClassVar[str] = "transit_gateway_associations"
    leads: ClassVar[bool] = True
    documents: ClassVar[tuple[Document, ...]] = (
        Document(
            "TransitGatewayRouteTableAssociations",
            "ec2",
            "GetTransitGatewayRouteTableAssociations",
            argument="TransitGatewayRouteTableId",
            each=OF_TABLE,
        ),
    )

    transit_gateway_route_table_id: str
    associations: list[TableAssociation] = []

    @property
    def id(self) -> str:
        """The id of the table."""
        return self.transit_gateway_route_table_id

    @cached_property
    def attachment_ids(self) -> frozenset[str]:
        """The attachments that use the table."""
        return frozenset(one.transit_gateway_attachment_id for one in self.associations if one.state == "associated")


class TransitGatewayRouteTable(Component, kw_only=True):
    """A route table of a transit gateway: DescribeTransitGatewayRouteTables."""

    kind: ClassVar[str] = "transit_gateway_route_table"
    leads: ClassVar[bool] = True
    documents: ClassVar[tuple[Document, ...]] = (
        Document("TransitGatewayRouteTables", "ec2", "DescribeTransitGatewayRouteTables"),
    )

    transit_gateway_route_table_id: str
    transit_gateway_id: str = ""
    state: str = "available"

    @property
    def id(self) -> str:
        """The table id."""
        return self.transit_gateway_route_table_id

    def spots(self, line: str, world: World) -> Iterator[Spot]:
        """Yield where the routes with this title are: in the answer about them, not in the table's own row."""
        for kind in ("transit_gateway_routes", "transit_gateway_static_routes"):
            held = world.find(kind, self.id)
            for number, block in enumerate(one.destination_cidr_block for one in (held.routes if held else ())):
                if block and line.startswith(f"{block} -> "):
                    yield Spot(self.id, held.origin, ("Routes", number, "DestinationCidrBlock"), block)

    def addresses_towards(self, attachment_id: str, world: World) -> IntervalSet:
        """Return the prefixes that the table sends to an attachment."""
        routes = self._routes(world) or []
        return union(
            prefix(cidr)
            for cidr, route in routes
            if any(one.transit_gateway_attachment_id == attachment_id for one in route.transit_gateway_attachments)
        )

    @rule(
        "TGW-3",
        says="The longest prefix wins; of equal ones static before prefix list before propagated: a table shows the winner only.",
        source="https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html",
    )
    def table(self, place: Place, direction: Direction, world: World) -> Table:
        """Return the routes as lines, the longest prefix first."""
        routes = self._routes(world)
        if routes is None:
            doubt = unknown(f"the routes of {self.id} are not in the snapshot", self.id, "TGW-17")
            action = Choose((AWAY, Drop("TGW_RTB_ROUTES_ARE_UNKNOWN", doubt.text)), doubt)
            return Table("transit_gateway_route_table", [Line("routes not in the snapshot", Match(), action, "TGW-17", self.id)])
        lines = [self._line(cidr, route, place.via, world) for cidr, route in sorted(_together(routes), key=_priority)]
        text = f"{self.id} has no route to the target"
        drop = Drop("TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT", text, otherwise=self._detour(place.via, world))
        doubt = unknown(f"the prefix lists that {self.id} routes by are not in the snapshot", self.id, "LIM-7")
        unseen = world.is_broken(TransitGatewayPrefixListReference.kind, self)
        lines.append(Line("no route", Match(), Choose((AWAY, drop), doubt) if unseen else drop, "TGW-1", self.id))
        for row in world.where("transit_gateway_prefix_list_reference", "transit_gateway_route_table_id", self.id):
            if world.prefix_blocks(row.prefix_list_id) is None:
                lines = [self._perhaps_instead(line, row, place.via, world) for line in lines]
        return Table("transit_gateway_route_table", lines)

    def _perhaps_instead(self, line: Line, row: TransitGatewayPrefixListReference, via: str, world: World) -> Line:
        """Return the line with the doubt that a route by prefix list, whose entries are not in the snapshot, comes first."""
        listed = row.prefix_list_id
        doubt = unknown(f"the entries of prefix list {listed} are not in the snapshot", listed, "LIM-7")
        instead = self._line(listed, row.route, via, world).action
        return msgspec.structs.replace(line, action=Choose((line.action, instead), doubt))

    def _routes(self, world: World) -> list[tuple[str, TransitRoute]] | None:
        """Return every block with its route; None when the snapshot does not hold them."""
        whole = world.find("transit_gateway_routes", self.id)
        static = world.find("transit_gateway_static_routes", self.id)
        propagations = world.find("transit_gateway_propagations", self.id)
        if whole is None and ((static is None and propagations is None) or any(map(world.is_broken, FILLING))):
            return None
        routes = list((whole or static).routes) if whole or static else []
        routes += self._references(routes, world)
        found = [(block, route) for route in routes for block in self._blocks(route, world)]
        if whole is None and propagations is not None:
            found += [pair for one in propagations.transit_gateway_route_table_propagations for pair in propagated(one, world)]
        return found

    def _references(self, routes: list[TransitRoute], world: World) -> list[TransitRoute]:
        """Return the routes by prefix list that the routes themselves do not show."""
        shown = {route.prefix_list_id for route in routes}
        rows = world.where("transit_gateway_prefix_list_reference", "transit_gateway_route_table_id", self.id)
        return [row.route for row in rows if row.prefix_list_id not in shown]

    def _blocks(self, route: TransitRoute, world: World) -> list[str]:
        if route.destination_cidr_block:
            return [route.destination_cidr_block]
        return world.prefix_blocks(route.prefix_list_id) or []

    @rule(
        "TGW-4",
        says="A blackhole route drops what it matches; a longer active prefix still wins.",
        source="https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html",
    )
    def _line(self, cidr: str, route: TransitRoute, via: str, world: World) -> Line:
        names = ", ".join(one.transit_gateway_attachment_id for one in route.transit_gateway_attachments)
        title = f"{cidr} -> {names or route.state}"
        match = Match(targets=prefix(cidr)) if cidr != route.prefix_list_id else Match()
        if route.state == "blackhole":
            drop = Drop("TGW_RTB_BAD_STATE_ROUTE", f"{self.id} has a blackhole route", otherwise=self._detour(via, world))
            return Line(title, match, drop, "TGW-4", self.id)
        sends = tuple(self._next(one, via, world) for one in route.transit_gateway_attachments)
        if not sends:
            drop = Drop("TGW_RTB_BAD_STATE_ROUTE", f"{cidr} leads to no attachment")
            return Line(title, match, drop, "TGW-3", self.id)
        action: Action = sends[0]
        if len(sends) > 1:
            action = Choose(sends, conditional(f"which of {names} carries it is not configured", self.id, "LIM-9"))
        return Line(title, match, action, "TGW-3", self.id)

    def _next(self, one: RouteAttachment, via: str, world: World) -> Send:
        attachment = one.transit_gateway_attachment_id
        if one.resource_type == "vpc" and world.find("transit_gateway_vpc_attachment", attachment) is not None:
            return Send(Place(attachment, "leads", via))
        return Send(Place(f"{attachment}@{self.transit_gateway_id}", "leads", via))

    def _detour(self, via: str, world: World) -> Action | None:
        """Return where a packet would go if the table had the route that it lacks: to each attached VPC."""
        mine = world.where("transit_gateway_vpc_attachment", "transit_gateway_id", self.transit_gateway_id)
        ways = tuple(Send(Place(one.id, "leads", via)) for one in mine)
        if not ways:
            return None
        return Choose(ways, conditional("any of these would serve", self.id, "TGW-1")) if len(ways) > 1 else ways[0]


@rule(
    "TGW-11",
    says="A VPC fills a table with its ranges; one that overlaps a VPC which is attached already is not propagated.",
    source="https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html",
)
def propagated(one: Propagation, world: World) -> Iterator[tuple[str, TransitRoute]]:
    """Yield the blocks that an attachment fills a table with."""
    if one.state != "enabled":
        return
    attachment = RouteAttachment(one.transit_gateway_attachment_id, one.resource_id, one.resource_type)
    route = TransitRoute(type="propagated", transit_gateway_attachments=[attachment])
    vpc: Any = world.find("vpc", one.resource_id)
    connection: Any = world.find("vpn_connection", one.resource_id)
    if vpc is not None:
        yield from ((cidr, route) for cidr in vpc.cidrs)
    elif connection is not None:
        yield from ((static.destination_cidr_block, route) for static in connection.routes if static.destination_cidr_block)


def _together(routes: list[tuple[str, TransitRoute]]) -> list[tuple[str, TransitRoute]]:
    """Return the routes, those that several attachments propagate for one block as one: which of them was first cannot be read."""
    merged: dict[tuple[str, str, str], TransitRoute] = {}
    for cidr, route in routes:
        key = (cidr, route.type, route.prefix_list_id)
        known = merged.get(key)
        both = [*known.transit_gateway_attachments, *route.transit_gateway_attachments] if known else []
        merged[key] = msgspec.structs.replace(route, transit_gateway_attachments=both) if known else route
    return [(cidr, route) for (cidr, _, _), route in merged.items()]


def _priority(pair: tuple[str, TransitRoute]) -> tuple[int, int, str]:
    cidr, route = pair
    rank = 2 if route.type == "propagated" else 1 if route.prefix_list_id else 0
    return -prefix_length(cidr), rank, cidr


class TransitGatewayPrefixListReference(Component, kw_only=True):
    """A route by prefix list: GetTransitGatewayPrefixListReferences; each row names its table."""

    kind: ClassVar[str] = "transit_gateway_prefix_list_reference"
    leads: ClassVar[bool] = True
    documents: ClassVar[tuple[Document, ...]] = (
        Document("TransitGatewayPrefixListReferences", "ec2", "GetTransitGatewayPrefixListReferences", each=OF_TABLE),
    )

    transit_gateway_route_table_id: str
    prefix_list_id: str
    blackhole: bool = False
    transit_gateway_attachment: RouteAttachment | None = None

    @property
    def route(self) -> TransitRoute:
        """The route that it is."""
        attachments = [self.transit_gateway_attachment] if self.transit_gateway_attachment else []
        state = "blackhole" if self.blackhole else "active"
        return TransitRoute(prefix_list_id=self.prefix_list_id, state=state, transit_gateway_attachments=attachments)

    @property
    def id(self) -> str:
        """The table and the list."""
        return f"{self.transit_gateway_route_table_id}/{self.prefix_list_id}"
