"""Which interfaces are not surely alike in two snapshots: of which anything differs that their packets may meet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..models.snapshot import Snapshot

# Kinds of which a change touches some interfaces alone; whatever is not here may touch everybody.
INTERFACE, GROUP, INSTANCE = "network_interface", "security_group", "instance"
# Where a component was read from is no part of it.
NO_PART = ("origin",)


def unlike(old: Snapshot, new: Snapshot) -> frozenset[str] | None:
    """Return the interfaces that a difference of the snapshots can touch; None for everybody."""
    found: set[str] = set()
    for kind in sorted({one.kind for world in (old, new) for one in world.kinds}):
        for id in _others(kind, old, new):
            if kind == INTERFACE:
                found.add(id)
            elif kind == GROUP:
                found.update(one.id for world in (old, new) for one in world.carriers(id))
            elif kind == INSTANCE:
                ones = (world.find(kind, id) for world in (old, new))
                found.update(
                    each for one, world in zip(ones, (old, new), strict=True) if one for each in one.interface_ids(world)
                )
            else:
                return None
    return frozenset(found)


def _others(kind: str, old: Snapshot, new: Snapshot) -> Iterator[str]:
    """Yield the ids of components of a kind that are others, or in one snapshot alone."""
    was, now = ({one.id: one for one in world.all(kind)} for world in (old, new))
    for id in {**was, **now}:
        if not _same(was.get(id), now.get(id)):
            yield id


def _same(one: Any, other: Any) -> bool:
    if one is other:
        return True
    if one is None or other is None or type(one) is not type(other):
        return False
    return all(getattr(one, name) == getattr(other, name) for name in one.__struct_fields__ if name not in NO_PART)
