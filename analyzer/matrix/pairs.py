"""Rows of a relation folded into pairs of groups: a pure function of one shard."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from ..models.matrix import VERDICTS
from ..models.packet import NOTHING, IntervalSet
from .bits import Bits, Columns, bits_of
from .plan import Plan, Shard

# Services and verdict, by its place in VERDICTS, that the groups of these bits have.
Reached = dict[tuple[int, IntervalSet], int]
MOST_KNOWN = 4096


class Folded(msgspec.Struct, frozen=True):
    """What a shard came to: rows in columns, their services as places in `sets`.

    Of a part of a group there are no rows yet, only what reaches it: `reached` is to be merged with that of the other parts.
    """

    shard: Shard
    columns: Columns | None = None
    sets: Sequence[IntervalSet] = ()
    reached: Reached | None = None


def fold(plan: Plan, shard: Shard) -> Folded:
    """Return what reaches the groups of a shard."""
    reached = _reached(plan, shard)
    if not shard.whole:
        return Folded(shard, reached=reached[shard.groups[0]])
    return laid_out(plan, shard, reached)


def laid_out(plan: Plan, shard: Shard, reached: dict[int, Reached]) -> Folded:
    """Return the rows of a shard's groups, in order of target, source and verdict."""
    bits, sets = arithmetic(plan), _Sets()
    parts = [bits.columns(group, _blocks(reached[group], sets)) for group in shard.groups if reached[group]]
    return Folded(shard, bits.joined(parts) if parts else None, sets.shown)


def merged(parts: Iterable[Reached]) -> Reached:
    """Return what reaches a group, of what reaches its parts."""
    whole: Reached = {}
    for part in parts:
        for key, groups in part.items():
            whole[key] = whole.get(key, 0) | groups
    return whole


# ---------------------------------------------------------------------- what reaches each group
def _reached(plan: Plan, shard: Shard) -> dict[int, Reached]:
    """Return what reaches each group, the rows of the relation read one by one and once."""
    units: dict[int, Reached] = {group: {} for group in shard.groups}
    inside: dict[int, Reached] = {group: {} for group in shard.groups}
    of_class: dict[str, list[int]] = {}
    for group in shard.groups:
        for name in plan.receivers[group]:
            of_class.setdefault(name, []).append(group)
    for row in plan.rows(shard.classes):
        key = VERDICTS.index(row.verdict), row.services
        own = row.sources & plan.units.get(row.target, 0)
        others = row.sources ^ own
        for group in of_class[row.target]:
            mine = units[group]
            mine[key] = mine.get(key, 0) | others
            if own and row.target in plan.senders:
                mine = inside[group]
                mine[key] = mine.get(key, 0) | _within(plan, group, row.target)
    bits = arithmetic(plan)
    known: dict[int, int] = {}
    for group, mine in units.items():
        for key, found in mine.items():
            if found not in known:
                if len(known) == MOST_KNOWN:
                    known.clear()
                known[found] = bits.groups(found)
            mine[key] = known[found] | inside[group].get(key, 0)
    return {group: {key: found for key, found in mine.items() if found} for group, mine in units.items()}


def _within(plan: Plan, group: int, name: str) -> int:
    """Return the groups from which a class reaches its members in this one; nobody is a source for himself."""
    targets, senders = plan.receivers[group][name], plan.senders[name]
    return senders.groups if len(targets) > 1 else senders.but(plan.groups_as_source.get(targets[0], ()))


def arithmetic(plan: Plan) -> Bits:
    """Return the arithmetic for the plan's units; made once a process."""
    with plan.lock:
        if plan.bits is None:
            of = {name: tuple(sorted(senders.counts)) for name, senders in plan.senders.items()}
            plan.bits = bits_of([of.get(name, ()) for name in plan.relation.sources], len(plan.groups))
        return plan.bits


# ---------------------------------------------------------------------- pairs with the same services
class _Sets:
    """Sets of services as numbers, 0 the empty one, so that equal unions are made once."""

    def __init__(self) -> None:
        self.listed: list[IntervalSet] = []
        self._numbers: dict[IntervalSet, int] = {}
        self._unions: dict[tuple[int, int], int] = {}
        # The sets that stand in rows, which have numbers of their own: many unions are made on the way there.
        self.shown: list[IntervalSet] = []
        self._shown: dict[IntervalSet, int] = {}
        self._rows: dict[tuple[int, ...], list[tuple[int, int]]] = {}
        self.number(NOTHING)

    def number(self, one: IntervalSet) -> int:
        """Return the number of a set."""
        if one not in self._numbers:
            self._numbers[one] = len(self.listed)
            self.listed.append(one)
        return self._numbers[one]

    def union(self, one: int, other: int) -> int:
        """Return the number of the union of two sets."""
        if not one or not other or one == other:
            return one or other
        if (one, other) not in self._unions:
            self._unions[one, other] = self.number(self.listed[one] | self.listed[other])
        return self._unions[one, other]

    def rows(self, services: tuple[int, ...]) -> list[tuple[int, int]]:
        """Return verdict and services of each row of a pair that has these by verdict; a service counts under the surest."""
        if services not in self._rows:
            told, rows = NOTHING, []
            for verdict, number in enumerate(services):
                left = self.listed[number] - told
                told = told | left
                if left:
                    rows.append((verdict, self._show(left)))
            self._rows[services] = rows
        return self._rows[services]

    def _show(self, one: IntervalSet) -> int:
        if one not in self._shown:
            self._shown[one] = len(self.shown)
            self.shown.append(one)
        return self._shown[one]


def _blocks(reached: Reached, sets: _Sets) -> list[tuple[int, list[tuple[int, int]]]]:
    """Return disjoint blocks of groups, each with the rows of its groups."""
    blocks: dict[tuple[int, ...], int] = {}
    for (verdict, services), found in reached.items():
        number, left = sets.number(services), found
        cut: dict[tuple[int, ...], int] = {}
        for key, groups in blocks.items():
            both = groups & left
            if both:
                _add(cut, _with(key, verdict, sets.union(key[verdict], number)), both)
                left ^= both
            if groups ^ both:
                _add(cut, key, groups ^ both)
        if left:
            _add(cut, _with((0,) * len(VERDICTS), verdict, number), left)
        blocks = cut
    return [(groups, sets.rows(key)) for key, groups in blocks.items()]


def _add(blocks: dict[tuple[int, ...], int], key: tuple[int, ...], groups: int) -> None:
    blocks[key] = blocks.get(key, 0) | groups


def _with(key: tuple[int, ...], place: int, number: int) -> tuple[int, ...]:
    return (*key[:place], number, *key[place + 1 :])
