"""Attachments of transit gateways as edits name them, and what fills the gateways' route tables."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import msgspec

from ..models.aws.transit_gateway_route_table import propagated
from ..models.errors import QuestionError
from ..models.snapshot import Snapshot
from ..models.transit_route import Propagation, RouteAttachment, TransitRoute
from .file import Propagation as Filled
from .find import LEAVE, Changes, found, one_of

TABLE = "transit_gateway_route_table"
SEEN, OF_VPC = "transit_gateway_attachment", "transit_gateway_vpc_attachment"
WHOLE, STATIC = "transit_gateway_routes", "transit_gateway_static_routes"
PROPAGATIONS = "transit_gateway_propagations"
REFERENCE = "transit_gateway_prefix_list_reference"
FILLED = "propagated"


class Attached(msgspec.Struct, frozen=True):
    """An attachment of a gateway, as far as the snapshot says: `resource` is the VPC or connection, `called` are its names."""

    id: str
    type: str
    resource: str
    called: tuple[str, ...] = ()

    def names(self) -> tuple[str, ...]:
        """Return its names."""
        return self.called

    @property
    def filling(self) -> Propagation:
        """What it is as one that fills a table."""
        return Propagation(self.id, self.resource, self.type)

    @property
    def leads(self) -> RouteAttachment:
        """What it is as the target of a route."""
        return RouteAttachment(self.id, self.resource, self.type)


def attachments(gateway_id: str, world: Snapshot) -> list[Attached]:
    """Return the attachments of a gateway, of any kind, in order of id."""
    of_vpcs = world.where(OF_VPC, "transit_gateway_id", gateway_id)
    every = [Attached(one.id, "vpc", one.vpc_id, tuple(one.names())) for one in of_vpcs]
    known = {one.id for one in every}
    every += [
        Attached(one.transit_gateway_attachment_id, one.resource_type, one.resource_id, tuple(one.names()))
        for one in world.where(SEEN, "transit_gateway_id", gateway_id)
        if one.transit_gateway_attachment_id not in known
    ]
    return sorted(every, key=lambda one: one.id)


def attachment(text: str, gateway_id: str, world: Snapshot) -> Attached:
    """Return the attachment of a gateway that an edit means; raises QuestionError where that is none, or several."""
    one: Attached = one_of(text, f"attachment of {gateway_id}", attachments(gateway_id, world))
    return one


def transit_table(text: str, world: Snapshot) -> Any:
    """Return the route table of a transit gateway that an edit means."""
    return found(text, "route table of a transit gateway", world, TABLE)


def without(routes: list[TransitRoute], gone: str) -> list[TransitRoute]:
    """Return routes as they are when an attachment no longer takes what they lead to it; those that lead nowhere then say so."""
    return [
        msgspec.structs.replace(
            route,
            transit_gateway_attachments=[
                one for one in route.transit_gateway_attachments if one.transit_gateway_attachment_id != gone
            ],
        )
        for route in routes
    ]


# ---------------------------------------------------------------------- what fills a table
def fills(one: Propagation, world: Snapshot) -> list[str] | None:
    """Return the blocks that an attachment fills tables with; None where no configuration says so, as BGP tells them."""
    connection, vpc = world.find("vpn_connection", one.resource_id), world.find("vpc", one.resource_id)
    if one.resource_type == "peering":
        return []
    if vpc is None and (connection is None or not connection.options.static_routes_only):
        return None
    return [block for block, _ in propagated(one, world)]


def filled(one: Filled, world: Snapshot) -> Changes:
    """Return a table that an attachment fills, too; raises QuestionError where it does, or where BGP tells with what."""
    table = transit_table(one.table, world)
    at = attachment(one.attachment, table.transit_gateway_id, world)
    if at.type == "peering":
        raise QuestionError(f"{at.id} is a peering, which fills no table", hint="`add` a route for each block")
    if _fills_already(table, at, world):
        raise QuestionError(f"{at.id} fills {table.id} already", hint=LEAVE)
    return filling(table, at, world)


def filling(table: Any, at: Attached, world: Snapshot) -> Changes:
    """Return a table that an attachment fills, too, which it does not yet."""
    blocks = fills(at.filling, world)
    if blocks is None:
        raise QuestionError(
            f"with what {at.id} fills {table.id} is told by BGP, or not in the snapshot", hint="`add` a route for each block"
        )
    whole, told = world.find(WHOLE, table.id), world.find(PROPAGATIONS, table.id)
    changes: Changes = {}
    if whole is not None:
        new = [block for block in blocks if _is_new(block, whole, at, world)]
        routes = [TransitRoute(block, type=FILLED, transit_gateway_attachments=[at.leads]) for block in new]
        changes[WHOLE, table.id] = msgspec.structs.replace(whole, routes=[*whole.routes, *routes])
    elif told is None:
        raise QuestionError(
            f"the routes of {table.id} are not in the snapshot", hint="collect them: `aws ec2 search-transit-gateway-routes`"
        )
    if told is not None:
        listed = [*(each for each in told.transit_gateway_route_table_propagations if not _is(each, at)), at.filling]
        changes[PROPAGATIONS, table.id] = msgspec.structs.replace(told, transit_gateway_route_table_propagations=listed)
    return changes


def _is_new(block: str, whole: Any, at: Attached, world: Snapshot) -> bool:
    """Return whether a block that an attachment fills in shows in the table: a static route hides it, another VPC was there first."""
    same = [route for route in whole.routes if route.destination_cidr_block == block]
    others = [one for route in same if route.type == FILLED for one in route.transit_gateway_attachments]
    if any(one.resource_type != "vpc" or at.type != "vpc" for one in others):
        raise QuestionError(
            f"{whole.id} is filled with `{block}` by {others[0].transit_gateway_attachment_id} too",
            hint="`add` a static route for it",
        )
    return not same


def emptied(one: Filled, world: Snapshot) -> Changes:
    """Return a table that an attachment no longer fills; raises QuestionError where it does not, or what took over would be a guess."""
    table = transit_table(one.table, world)
    at = attachment(one.attachment, table.transit_gateway_id, world)
    if not _fills_already(table, at, world):
        raise QuestionError(f"{at.id} does not fill {table.id}", hint=LEAVE)
    return emptying(table, at, world)


def emptying(table: Any, at: Attached, world: Snapshot) -> Changes:
    """Return a table that an attachment no longer fills, if it did."""
    changes: Changes = {}
    told, whole = world.find(PROPAGATIONS, table.id), world.find(WHOLE, table.id)
    if told is not None:
        kept = [each for each in told.transit_gateway_route_table_propagations if not _is(each, at)]
        changes[PROPAGATIONS, table.id] = msgspec.structs.replace(told, transit_gateway_route_table_propagations=kept)
    if whole is not None:
        mine = [route for route in whole.routes if route.type == FILLED and _leads(route, at)]
        left = [route for route in without(mine, at.id) if route.transit_gateway_attachments]
        kept = [*(route for route in whole.routes if route not in mine), *left]
        shown = {route.destination_cidr_block for route in kept}
        gone = [route.destination_cidr_block for route in mine if route.destination_cidr_block not in shown]
        routes = [*kept, *(route for block in gone for route in revealed(table, block, {at.id}, world))]
        changes[WHOLE, table.id] = msgspec.structs.replace(whole, routes=routes)
    return changes


def _fills_already(table: Any, at: Attached, world: Snapshot) -> bool:
    told, whole = world.find(PROPAGATIONS, table.id), world.find(WHOLE, table.id)
    if told is not None:
        return any(_is(each, at) and each.state == "enabled" for each in told.transit_gateway_route_table_propagations)
    return whole is not None and any(route.type == FILLED and _leads(route, at) for route in whole.routes)


def _is(one: Propagation, at: Attached) -> bool:
    return one.transit_gateway_attachment_id == at.id


def _leads(route: TransitRoute, at: Attached) -> bool:
    return any(one.transit_gateway_attachment_id == at.id for one in route.transit_gateway_attachments)


def revealed(table: Any, block: str, gone: Collection[str], world: Snapshot) -> list[TransitRoute]:
    """Return the propagated route that takes over a block when the one that AWS lists is gone; empty where there is none.

    AWS lists the winner alone. `gone` are attachments that fill the table no longer. Raises QuestionError where nobody can tell.
    """
    if world.find(WHOLE, table.id) is None:
        return []  # the propagated ones follow from what fills the table
    told = world.find(PROPAGATIONS, table.id)
    every = [one.filling for one in attachments(table.transit_gateway_id, world)]
    able = [one for one in (every if told is None else told.transit_gateway_route_table_propagations) if one.state == "enabled"]
    blocks = [(one, fills(one, world)) for one in able if one.transit_gateway_attachment_id not in gone]
    may = [(one, known) for one, known in blocks if known is None or block in known]
    if len(may) > 1 or (may and (told is None or may[0][1] is None)) or (told is None and not world.collected(SEEN)):
        text = f"a propagated route to `{block[:60]}` may stand behind the one of {table.id}, and take over"
        raise QuestionError(text, hint="`replace` the route, so that its destination keeps one")
    found = (route for one, _ in may for cidr, route in propagated(one, world) if cidr == block)
    return [msgspec.structs.replace(route, destination_cidr_block=block) for route in found]
