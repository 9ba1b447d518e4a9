"""Which single edits undo a line that stops a packet. Two lines that one edit may undo together must never count as two mistakes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from ..flow import Step
from ..models.snapshot import Snapshot

# What is edited: the kind of edit, what it is made at, and which part of it ("" for the whole).
Key = tuple[str, str, str]
# The edits of which any one is enough for a line.
Lock = frozenset[Key]
GROUP_STAGES = ("groups in", "groups out")
OUT = ("acl out", "hands back")
ROUTING = ("route_table", "transit_gateway_route_table")


def lock(world: Snapshot, step: Step) -> Lock:
    """Return the edits that may undo the line of a step; rather one too many: what is merged only lowers the bound."""
    place = step.place
    if place.stage in GROUP_STAGES:
        return frozenset(_of_groups(world, step))
    if step.kind == "network_acl":
        direction = "outbound" if place.stage in OUT else "inbound"
        return frozenset(
            {("entry", step.line.resource, direction), *_instead("acl", "network_acl", step.line.resource, place.resource, world)}
        )
    if step.kind in ROUTING:
        return frozenset({("route", place.resource, ""), *_instead("table", step.kind, place.resource, place.via, world)})
    if step.line.holder:
        address = step.packet.source if step.line.holder == "source" else step.packet.target
        owner = world.owner_of(step.line.resource, address)
        return frozenset({("address", owner.id if owner is not None else step.line.resource, "")})
    return frozenset({("resource", step.line.resource, "")})


def _instead(key: str, kind: str, id: str, subnet_id: str, world: Snapshot) -> list[Key]:
    """Return the association of a subnet with another one of what it is associated with; empty where the VPC has none."""
    here = world.find(kind, id)
    every = world.where(kind, "vpc_id", here.vpc_id) if here is not None and world.find("subnet", subnet_id) is not None else ()
    return [(key, subnet_id, "")] if len(every) > 1 else []


def _of_groups(world: Snapshot, step: Step) -> set[Key]:
    """Return a rule of any of the groups, another group of the interface, or one of the far end that the rules name."""
    here = world.find("network_interface", step.place.resource)
    inbound = step.place.stage == "groups in"
    ids = (step.line.resource, *step.line.refused)
    found: set[Key] = {("rule", id, step.place.stage) for id in ids} | {("groups", step.place.resource, "")}
    if here is not None and any(_names_groups(world.find("security_group", id), inbound) for id in ids):
        far = step.packet.source if inbound else step.packet.target
        interfaces = world.all("network_interface") if step.realm != here.vpc_id else ()
        owner = world.owner_of(step.realm or here.vpc_id, far) or next(
            (one for one in interfaces if far in one.private_addresses), None
        )
        if owner is not None:
            found.add(("groups", world.class_of(owner.id), ""))
    return found


def _names_groups(group: Any, inbound: bool) -> bool:
    permissions = () if group is None else group.ip_permissions if inbound else group.ip_permissions_egress
    return any(one.user_id_group_pairs for one in permissions)


@lru_cache(maxsize=1 << 14)
def edits_needed(locks: frozenset[Lock]) -> tuple[Key, ...]:
    """Return the fewest edits that undo all of some lines, in order; of several the first by name."""
    if not locks:
        return ()
    first = min(locks, key=lambda one: (len(one), sorted(one)))
    ways = ((key, *edits_needed(frozenset(other for other in locks if key not in other))) for key in sorted(first, key=_usual))
    return min(ways, key=len)


def _usual(key: Key) -> tuple[int, Key]:
    """Return how far down an edit stands among those that people make first."""
    order: Sequence[str] = ("rule", "entry", "route", "address", "groups", "acl", "table", "resource")
    return order.index(key[0]), key
