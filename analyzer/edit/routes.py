"""Routes of VPC route tables and of transit gateways' tables, added and removed by their destination."""

from __future__ import annotations

from typing import Any

import msgspec

from ..models.component import Component
from ..models.errors import QuestionError, quoted
from ..models.packet import prefix
from ..models.route import LOCAL, PROPAGATED
from ..models.route import Route as TableRoute
from ..models.snapshot import Snapshot
from ..models.transit_route import RouteAttachment, TransitRoute
from .file import Route
from .find import found

Changes = dict[tuple[str, str], Component | None]
TABLE, TRANSIT_TABLE = "route_table", "transit_gateway_route_table"
# Where the routes of a transit gateway's table stand: all of them, or the static ones.
TRANSIT_ROUTES = ("transit_gateway_routes", "transit_gateway_static_routes")
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
BLACKHOLE = "blackhole"


def led(route: Route, world: Snapshot) -> Changes:
    """Return the table with one more route; raises QuestionError where the destination has one, or the target is none."""
    holder = _holder(route, world)
    if any(_destination(one) == route.to for one in holder.routes):
        raise QuestionError(f"{holder.id} has a route to `{route.to[:60]}` already", hint="`replace` it")
    if route.via is None:
        raise QuestionError("a route that is added needs a target", hint="`via: TARGET`")
    new = _route(route, route.via, world) if holder.kind == TABLE else _transit_route(route, route.via, world)
    return _with(holder, [*holder.routes, new])


def unled(route: Route, world: Snapshot, hiding: bool = True) -> Changes:
    """Return the table without a route.

    Raises QuestionError where it has no route to this destination, and with `hiding` where the route may hide another one to the
    same destination that nothing in the snapshot shows: AWS lists the winner alone.
    """
    holder = _holder(route, world)
    gone = [one for one in holder.routes if _destination(one) == route.to and route.via in (None, _target(one))]
    if not gone:
        listed = [_destination(one) for one in holder.routes]
        leads = f" by `{route.via[:60]}`" if route.via else ""
        raise QuestionError(
            f"{holder.id} has no route to `{route.to[:60]}`{leads}", hint=f"it has {quoted(listed[:5]) or 'none'}"
        )
    if any(_target(one) == LOCAL for one in gone):
        raise QuestionError(
            f"the local route of {holder.id} cannot be removed", hint="name another route, or `replace` its target"
        )
    if hiding:
        _refuse_what_hides(holder, gone, world)
    return _with(holder, [one for one in holder.routes if one not in gone])


def _holder(route: Route, world: Snapshot) -> Any:
    """Return the component that holds the routes of a table."""
    table = found(route.table, "route table", world, TABLE, TRANSIT_TABLE)
    if table.kind == TABLE:
        return table
    held = (world.find(kind, table.id) for kind in TRANSIT_ROUTES)
    holder = next((one for one in held if one is not None), None)
    if holder is None:
        raise QuestionError(
            f"the routes of {table.id} are not in the snapshot", hint="collect them: `search-transit-gateway-routes`"
        )
    return holder


def _with(holder: Any, routes: list[Any]) -> Changes:
    return {(holder.kind, holder.id): msgspec.structs.replace(holder, routes=routes)}


def _destination(one: Any) -> str:
    return str(one.destination) if isinstance(one, TableRoute) else one.destination_cidr_block or one.prefix_list_id


def _target(one: Any) -> str:
    if isinstance(one, TableRoute):
        return str(one.target)
    return (
        BLACKHOLE
        if one.state == BLACKHOLE
        else ",".join(each.transit_gateway_attachment_id for each in one.transit_gateway_attachments)
    )


def _refuse_what_hides(holder: Any, gone: list[Any], world: Snapshot) -> None:
    """Raise QuestionError where a propagated route may stand behind a static one."""
    if holder.kind == TABLE:
        static, hidden = any(one.origin not in PROPAGATED for one in gone), holder.may_hide_routes(world)
    else:
        static, hidden = any(one.type == "static" for one in gone), True
    if static and hidden:
        text = f"a propagated route to `{_destination(gone[0])[:60]}` may stand behind the one of {holder.id}, and take over"
        raise QuestionError(text, hint="`replace` the route, so that its destination keeps one")


def _route(route: Route, via: str, world: Snapshot) -> TableRoute:
    field = "gateway_id" if via == LOCAL else FIELDS[found(via, "route target", world, *FIELDS).kind]
    target = via if via == LOCAL else found(via, "route target", world, *FIELDS).id
    return msgspec.structs.replace(TableRoute(), **{_block(route.to, world): route.to, field: target})


def _block(text: str, world: Snapshot) -> str:
    """Return the field of a destination."""
    if world.find("prefix_list", text) is not None or world.find("prefix_list_entries", text) is not None:
        return "destination_prefix_list_id"
    _refuse_no_block(text)
    return "destination_ipv6_cidr_block" if ":" in text else "destination_cidr_block"


def _refuse_no_block(text: str) -> None:
    try:
        prefix(text)
    except ValueError as error:
        raise QuestionError(f"`{text[:60]}` is no destination", hint="a block like `10.0.0.0/8`, or a prefix list") from error


def _transit_route(route: Route, via: str, world: Snapshot) -> TransitRoute:
    _refuse_no_block(route.to)
    if via == BLACKHOLE:
        return TransitRoute(destination_cidr_block=route.to, state=BLACKHOLE)
    for one in world.all("transit_gateway_attachment"):
        if one.transit_gateway_attachment_id == via:
            leads = RouteAttachment(via, one.resource_id, one.resource_type)
            return TransitRoute(destination_cidr_block=route.to, transit_gateway_attachments=[leads])
    vpc = found(via, "attachment", world, "transit_gateway_vpc_attachment")
    return TransitRoute(destination_cidr_block=route.to, transit_gateway_attachments=[RouteAttachment(vpc.id, vpc.vpc_id)])
