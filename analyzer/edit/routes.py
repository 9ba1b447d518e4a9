"""Routes of VPC route tables, added and removed by their destination; those of transit gateways are told apart here."""

from __future__ import annotations

from typing import Any

import msgspec

from ..models.errors import QuestionError, quoted
from ..models.packet import prefix
from ..models.route import LOCAL, PROPAGATED
from ..models.route import Route as TableRoute
from ..models.snapshot import Snapshot
from .file import Route
from .find import PREFIX_LISTS, Changes, found
from .transit import TABLE as TRANSIT_TABLE
from .transit_routes import transit_led, transit_unled

TABLE = "route_table"
# In which field a route names a target of each kind.
FIELDS = {
    "internet_gateway": "gateway_id",
    "vpn_gateway": "gateway_id",
    "vpc_endpoint": "gateway_id",
    "nat_gateway": "nat_gateway_id",
    "network_interface": "network_interface_id",
    "vpc_peering": "vpc_peering_connection_id",
    "transit_gateway": "transit_gateway_id",
    "egress_only_internet_gateway": "egress_only_internet_gateway_id",
}


def led(route: Route, world: Snapshot) -> Changes:
    """Return the table with one more route; raises QuestionError where the destination has one, or the target is none."""
    table, to = _table(route, world), destination(route.to, world)
    if table.kind == TRANSIT_TABLE:
        return transit_led(table, to, route.via, world)
    if any(one.destination == to for one in table.routes):
        raise QuestionError(f"{table.id} has a route to `{route.to[:60]}` already", hint="`replace` it")
    if route.via is None:
        raise QuestionError("a route that is added needs a target", hint="`via: TARGET`")
    return _with(table, [*table.routes, _route(to, route.via, world)])


def unled(route: Route, world: Snapshot, hiding: bool = True) -> Changes:
    """Return the table without a route.

    Raises QuestionError where it has no route to this destination, and with `hiding` where the route may hide another one to the
    same destination that nothing in the snapshot shows: AWS lists the winner alone.
    """
    table, to = _table(route, world), destination(route.to, world)
    if table.kind == TRANSIT_TABLE:
        return transit_unled(table, to, route.via, world, hiding=hiding)
    via = route.via if route.via in (None, LOCAL) else _target(route.via, world).id
    gone = [one for one in table.routes if one.destination == to and via in (None, one.target)]
    if not gone:
        listed = [str(one.destination) for one in table.routes]
        leads = f" by `{route.via[:60]}`" if route.via else ""
        raise QuestionError(f"{table.id} has no route to `{route.to[:60]}`{leads}", hint=f"it has {quoted(listed[:5]) or 'none'}")
    if any(one.target == LOCAL for one in gone):
        raise QuestionError(
            f"the local route of {table.id} cannot be removed", hint="name another route, or `replace` its target"
        )
    if hiding and table.may_hide_routes(world) and any(one.origin not in PROPAGATED for one in gone):
        text = f"a propagated route to `{to[:60]}` may stand behind the one of {table.id}, and take over"
        raise QuestionError(text, hint="`replace` the route, so that its destination keeps one")
    return _with(table, [one for one in table.routes if one not in gone])


def destination(text: str, world: Snapshot) -> str:
    """Return a destination as routes write it: a block, or the id of a prefix list; raises QuestionError for what is neither."""
    try:
        prefix(text)
    except ValueError:
        return str(found(text, "block or prefix list", world, *PREFIX_LISTS).id)
    return text


def _table(route: Route, world: Snapshot) -> Any:
    return found(route.table, "route table", world, TABLE, TRANSIT_TABLE)


def _with(table: Any, routes: list[TableRoute]) -> Changes:
    return {(TABLE, table.id): msgspec.structs.replace(table, routes=routes)}


def _target(via: str, world: Snapshot) -> Any:
    return found(via, "route target", world, *FIELDS)


def _route(to: str, via: str, world: Snapshot) -> TableRoute:
    target = None if via == LOCAL else _target(via, world)
    field, id = ("gateway_id", LOCAL) if target is None else (FIELDS[target.kind], target.id)
    return msgspec.structs.replace(TableRoute(), **{_side(to, world): to, field: id})


def _side(to: str, world: Snapshot) -> str:
    """Return the field of a destination."""
    if any(world.find(kind, to) is not None for kind in PREFIX_LISTS):
        return "destination_prefix_list_id"
    return "destination_ipv6_cidr_block" if ":" in to else "destination_cidr_block"
