"""The relation of a whole snapshot, made once, and what it says on some services."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from ..engine.relation import Relation, relation
from ..models.packet import IntervalSet
from ..models.snapshot import Snapshot

_RELATIONS: WeakKeyDictionary[Snapshot, Relation] = WeakKeyDictionary()
_SENDERS: WeakKeyDictionary[Snapshot, dict[IntervalSet, dict[str, int]]] = WeakKeyDictionary()


def related(world: Snapshot) -> Relation:
    """Return the relation of a snapshot, made once."""
    if world not in _RELATIONS:
        _RELATIONS[world] = relation(world)
    return _RELATIONS[world]


def senders(world: Snapshot, asked: IntervalSet) -> dict[str, int]:
    """Return for each target of the relation who is not surely blocked from it on some services, as bits; those without any left out.

    In a snapshot that says of nothing where it is, nothing is surely blocked.
    """
    known = _SENDERS.setdefault(world, {})
    if asked not in known:
        made = related(world)
        everybody = (1 << len(made.sources)) - 1
        found: dict[str, int] = dict.fromkeys(made.targets, everybody) if world.lacks else {}
        for name in made.targets if not world.lacks else ():
            bits = 0
            for row in made.rows([name]):
                bits |= row.sources if row.services & asked else 0
            if bits:
                found[name] = bits
        known[asked] = found
    return known[asked]
