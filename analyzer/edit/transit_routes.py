"""Routes of transit gateways' tables, by block and by prefix list, added and removed by their destination."""

from __future__ import annotations

from typing import Any

import msgspec

from ..models.aws.transit_gateway_route_table import TransitGatewayPrefixListReference
from ..models.errors import QuestionError, quoted
from ..models.snapshot import Snapshot
from ..models.transit_route import TransitRoute
from .find import PREFIX_LISTS, Changes
from .transit import REFERENCE, STATIC, WHOLE, attachment, revealed

BLACKHOLE = "blackhole"


def transit_led(table: Any, to: str, via: str | None, world: Snapshot) -> Changes:
    """Return a table with one more static route; raises QuestionError where the destination has one, or the target is none.

    A propagated route to the destination stands behind it from now on.
    """
    holder = _holder(table, world)
    same = [one for one in holder.routes if _destination(one) == to]
    if any(one.type == "static" for one in same) or world.find(REFERENCE, f"{table.id}/{to}") is not None:
        raise QuestionError(f"{table.id} has a route to `{to[:60]}` already", hint="`replace` it")
    if via is None:
        raise QuestionError("a route that is added needs a target", hint="`via: ATTACHMENT`, or `via: blackhole`")
    leads = None if via == BLACKHOLE else attachment(via, table.transit_gateway_id, world).leads
    if _is_list(to, world):
        made = TransitGatewayPrefixListReference(
            transit_gateway_route_table_id=table.id,
            prefix_list_id=to,
            blackhole=leads is None,
            transit_gateway_attachment=leads,
        )
        return {(REFERENCE, made.id): made}
    state = "active" if leads else BLACKHOLE
    new = TransitRoute(destination_cidr_block=to, state=state, transit_gateway_attachments=[leads] if leads else [])
    return _with(holder, [*(one for one in holder.routes if one not in same), new])


def transit_unled(table: Any, to: str, via: str | None, world: Snapshot, *, hiding: bool) -> Changes:
    """Return a table without a static route; a propagated one behind it takes over.

    Raises QuestionError where there is none to this destination, where only a propagated one is, and with `hiding` where nobody can
    tell what takes over.
    """
    holder = _holder(table, world)
    refers = world.find(REFERENCE, f"{table.id}/{to}")
    every = [*holder.routes, *([refers.route] if refers is not None else [])]
    gone = [one for one in every if to in (_destination(one), one.prefix_list_id) and via in (None, _target(one))]
    if not gone:
        listed = [_destination(one) for one in every]
        leads = f" by `{via[:60]}`" if via else ""
        raise QuestionError(f"{table.id} has no route to `{to[:60]}`{leads}", hint=f"it has {quoted(listed[:5]) or 'none'}")
    told = next((one for one in gone if one.type != "static"), None)
    if told is not None and hiding:
        by = _target(told)
        raise QuestionError(f"the route of {table.id} to `{to[:60]}` is propagated", hint=f"remove the propagation of `{by}`")
    kept = [one for one in holder.routes if one not in gone]
    blocks = (world.prefix_blocks(to) or [] if _is_list(to, world) else [to]) if hiding else []
    there = {one.destination_cidr_block for one in kept}
    behind = [route for block in blocks if block not in there for route in revealed(table, block, (), world)]
    changes = _with(holder, [*kept, *behind])
    return {**changes, (REFERENCE, refers.id): None} if refers is not None and refers.route in gone else changes


def _holder(table: Any, world: Snapshot) -> Any:
    """Return the component that holds the routes of a table."""
    holder = world.find(WHOLE, table.id) or world.find(STATIC, table.id)
    if holder is None:
        raise QuestionError(
            f"the routes of {table.id} are not in the snapshot", hint="collect them: `aws ec2 search-transit-gateway-routes`"
        )
    return holder


def _is_list(to: str, world: Snapshot) -> bool:
    return any(world.find(kind, to) is not None for kind in PREFIX_LISTS)


def _with(holder: Any, routes: list[TransitRoute]) -> Changes:
    return {(holder.kind, holder.id): msgspec.structs.replace(holder, routes=routes)}


def _destination(one: TransitRoute) -> str:
    return one.destination_cidr_block or one.prefix_list_id


def _target(one: TransitRoute) -> str:
    if one.state == BLACKHOLE:
        return BLACKHOLE
    return ",".join(each.transit_gateway_attachment_id for each in one.transit_gateway_attachments)
