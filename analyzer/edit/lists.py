"""Entries of prefix lists, added and removed; what names the list follows: rules of groups, routes of VPCs and of transit gateways."""

from __future__ import annotations

from typing import Any

import msgspec

from ..models.aws.prefix_list import PrefixListEntry
from ..models.aws.transit_gateway_route_table import TransitGatewayPrefixListReference
from ..models.errors import QuestionError, quoted
from ..models.packet import prefix
from ..models.snapshot import Snapshot
from .file import Entry
from .find import LEAVE, PREFIX_LISTS, Changes, found
from .transit import REFERENCE, TABLE, WHOLE, revealed

LIST, ENTRIES = PREFIX_LISTS


def listed(entry: Entry, world: Snapshot) -> Changes:
    """Return a prefix list with one more block; raises QuestionError for one that is there, or of the other family."""
    holder, block = _holder(entry, world), entry.block or ""
    try:
        prefix(block)
    except ValueError as error:
        raise QuestionError(f"`{block[:60]}` is no block of addresses", hint="write a block like `10.0.0.0/8`") from error
    if block in holder.cidrs:
        raise QuestionError(f"{holder.id} has `{block}` already", hint=LEAVE)
    if any((":" in block) is not (":" in other) for other in holder.cidrs):
        raise QuestionError(f"{holder.id} holds blocks of the other family", hint="take another list: each holds one family")
    return {**_with(holder, [*holder.cidrs, block]), **_by_reference(holder.id, "", world)}


def unlisted(entry: Entry, world: Snapshot) -> Changes:
    """Return a prefix list without a block; raises QuestionError where it does not have it."""
    holder, block = _holder(entry, world), entry.block or ""
    if block not in holder.cidrs:
        has = quoted(holder.cidrs[:5]) or "none"
        raise QuestionError(f"{holder.id} has no entry `{block[:60]}`", hint=f"it has {has}")
    return {**_with(holder, [one for one in holder.cidrs if one != block]), **_by_reference(holder.id, block, world)}


def _holder(entry: Entry, world: Snapshot) -> Any:
    """Return the component that holds the blocks of a list."""
    meant = found(entry.list_ or "", "prefix list", world, *PREFIX_LISTS)
    about = world.find(LIST, meant.id)
    if is_aws(meant.id, world):
        raise QuestionError(f"{meant.id} is a list of AWS, which nobody else edits", hint="name a list of your own")
    if world.prefix_blocks(meant.id) is None:
        hint = "collect them: `aws ec2 get-managed-prefix-list-entries`"
        raise QuestionError(f"the entries of {meant.id} are not in the snapshot", hint=hint)
    return world.find(ENTRIES, meant.id) or about


def is_aws(list_id: str, world: Snapshot) -> bool:
    """Return whether AWS owns a prefix list, whose entries nobody else edits."""
    about = world.find(LIST, list_id)
    return about is not None and (about.owner_id == "AWS" or about.prefix_list_name.startswith("com.amazonaws."))


def _with(holder: Any, blocks: list[str]) -> Changes:
    if holder.kind == LIST:
        return {(LIST, holder.id): msgspec.structs.replace(holder, cidrs=blocks)}
    known = {one.cidr: one for one in holder.entries}
    entries = [known.get(block) or PrefixListEntry(block) for block in blocks]
    return {(ENTRIES, holder.id): msgspec.structs.replace(holder, entries=entries)}


def _by_reference(list_id: str, gone: str, world: Snapshot) -> Changes:
    """Return the tables of transit gateways that spell out the blocks of a list, with a reference to the list in their place.

    `gone` is the block that leaves the list: a propagated route to it may come to light.
    """
    changes: Changes = {}
    for whole in world.all(WHOLE):
        spelled = [route for route in whole.routes if route.prefix_list_id == list_id]
        table = world.find(TABLE, whole.id)
        refers = world.find(REFERENCE, f"{whole.id}/{list_id}")
        if not spelled and refers is None:
            continue
        kept = [route for route in whole.routes if route not in spelled]
        shows = not gone or table is None or any(route.destination_cidr_block == gone for route in kept)
        behind = [] if shows else revealed(table, gone, (), world)
        changes[WHOLE, whole.id] = msgspec.structs.replace(whole, routes=[*kept, *behind])
        if refers is None:
            changes[REFERENCE, f"{whole.id}/{list_id}"] = TransitGatewayPrefixListReference(
                transit_gateway_route_table_id=whole.id,
                prefix_list_id=list_id,
                blackhole=spelled[0].state == "blackhole",
                transit_gateway_attachment=next(iter(spelled[0].transit_gateway_attachments), None),
            )
    return changes
