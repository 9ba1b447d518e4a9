"""The two snapshots with their relations, over one numbering of interfaces."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

from ..matrix.bits import bits_of
from ..matrix.grain import grain, groups_of
from ..matrix.plan import Limits, Plan
from ..models.matrix import VERDICTS, Group
from ..models.packet import NOTHING, IntervalSet
from ..models.snapshot import Snapshot
from ..models.verdict import Verdict
from ..related import Related

# Services by verdict, each under the surest that it has; what is in none of them is blocked.
ByVerdict = tuple[IntervalSet, ...]
MOST_KNOWN = 4096
UNSEEN = "not seen"
NEVER: ByVerdict = (NOTHING,) * len(VERDICTS)


class Side:
    """One snapshot: who reaches whom, with interfaces as the bits of one number, the same on both sides."""

    def __init__(self, plan: Plan, ids: Sequence[str], numbers: dict[str, int], services: IntervalSet, other: Snapshot) -> None:
        self.world = plan.world
        self._other = other
        self.ids = ids
        self.numbers = numbers
        self._plan = plan
        of_unit = [tuple(numbers[id] for id in plan.relation.members(name)) for name in plan.relation.sources]
        self._bits = bits_of(of_unit, len(ids))
        self.class_of = {id: name for name in plan.relation.targets for id in plan.relation.members(name)}
        # Two sides of the same units have the same rows where nothing changed, whatever interfaces the units are.
        self.units = tuple(plan.relation.sources), tuple(of_unit)
        # Interfaces of the other side that this one may have too: nobody told all of their account and Region.
        self.unseen = {id: UNSEEN for id in ids if id not in self.class_of and self._may_have(id)}
        self._unseen_bits = sum(1 << numbers[id] for id in self.unseen)
        self._nobody_knows = tuple(services if verdict is Verdict.UNKNOWN else NOTHING for verdict in VERDICTS)
        self._known: dict[int, int] = {}
        self._blocks: dict[str, list[tuple[int, ByVerdict]]] = {}
        self._groups: dict[str, dict[Group, int]] = {}

    def _may_have(self, id: str) -> bool:
        interface = self._other.find("network_interface", id)
        return interface is not None and self.world.is_broken("network_interface", interface)

    def class_at(self, id: str) -> str:
        """Return the class of an interface, UNSEEN for one that may be there, "" for one that is not."""
        return self.class_of.get(id) or self.unseen.get(id, "")

    def missing(self) -> list[str]:
        """Return a sentence on the endpoints that the relation tells nothing of; empty where there are none."""
        ids = self._plan.missing()
        return [f"endpoints without an interface are not compared: {', '.join(ids[:5])}"] if ids else []

    def rows(self, name: str) -> dict[tuple[int, IntervalSet], int]:
        """Return the units that reach a class of interfaces, by verdict and services; empty for no class."""
        found: dict[tuple[int, IntervalSet], int] = {}
        for row in self._plan.rows([name]) if name else ():
            key = VERDICTS.index(row.verdict), row.services
            found[key] = found.get(key, 0) | row.sources
        return found

    def blocks(self, name: str) -> list[tuple[int, ByVerdict]]:
        """Return who reaches a class of interfaces on what: disjoint sets of sources; those in none reach it on nothing."""
        if name == UNSEEN:
            return [(self.everybody, self._nobody_knows)]
        if name not in self._blocks:
            found: list[tuple[int, ByVerdict]] = [(self._unseen_bits, self._nobody_knows)] if name and self.unseen else []
            for (verdict, services), units in self.rows(name).items():
                found = _cut(found, self._interfaces(units), verdict, services)
            self._blocks[name] = found
        return self._blocks[name]

    def _interfaces(self, units: int) -> int:
        """Return the interfaces of some units; many rows have the same ones."""
        if units not in self._known:
            if len(self._known) == MOST_KNOWN:
                self._known.clear()
            self._known[units] = self._bits.groups(units)
        return self._known[units]

    def between(self, sources: int, targets: int) -> ByVerdict:
        """Return what any of some interfaces reaches of any other one."""
        every = [NOTHING] * len(VERDICTS)
        for name, members in self._classes(targets):
            lone = 1 << self.numbers[members[0]] if len(members) == 1 else 0
            for bits, services in self.blocks(name):
                if bits & sources & ~lone:
                    every = [one | other for one, other in zip(every, services, strict=True)]
        return surest(every)

    def _classes(self, targets: int) -> Iterator[tuple[str, list[str]]]:
        found: dict[str, list[str]] = {}
        for id in self.listed(targets):
            if name := self.class_at(id):
                found.setdefault(name, []).append(id)
        yield from found.items()

    def listed(self, bits: int) -> Iterator[str]:
        """Yield the ids of some interfaces, in order."""
        while bits:
            low = bits & -bits
            yield self.ids[low.bit_length() - 1]
            bits ^= low

    def groups(self, by: str) -> dict[Group, int]:
        """Return the groups of a grain that this side has, each with its members."""
        if by not in self._groups:
            of, found = grain(by), dict[Group, int]()
            for id in (*self.class_of, *self.unseen):
                for group in groups_of(id, self._other if id in self.unseen else self.world, of):
                    found[group] = found.get(group, 0) | 1 << self.numbers[id]
            self._groups[by] = found
        return self._groups[by]

    @cached_property
    def everybody(self) -> int:
        """Everyone on this side, or perhaps on it."""
        return sum(1 << self.numbers[id] for id in (*self.class_of, *self.unseen))


def sides(old: Snapshot, new: Snapshot, services: IntervalSet, made: tuple[Related, Related] | None = None) -> tuple[Side, Side]:
    """Return both snapshots over one numbering of everybody in either; `made` are their relations where they are there."""
    relations = made or (None, None)
    plans = [Plan(world, Limits("vpc", services), one) for world, one in zip((old, new), relations, strict=True)]
    ids = sorted({id for plan in plans for name in plan.relation.targets for id in plan.relation.members(name)})
    numbers = {id: number for number, id in enumerate(ids)}
    before, after = (Side(plan, ids, numbers, services, other) for plan, other in zip(plans, (new, old), strict=True))
    return before, after


def surest(services: Sequence[IntervalSet]) -> ByVerdict:
    """Return services by verdict, each only under the surest that it has."""
    told, kept = NOTHING, []
    for one in services:
        kept.append(one - told)
        told = told | one
    return tuple(kept)


def _cut(blocks: list[tuple[int, ByVerdict]], sources: int, verdict: int, services: IntervalSet) -> list[tuple[int, ByVerdict]]:
    """Return the blocks with one more row."""
    found: dict[ByVerdict, int] = {}
    left = sources
    for bits, has in blocks:
        both = bits & left
        left &= ~both
        for part, mine in ((both, _with(has, verdict, services) if both else has), (bits & ~both, has)):
            if part:
                found[mine] = found.get(mine, 0) | part
    if left:
        mine = _with(NEVER, verdict, services)
        found[mine] = found.get(mine, 0) | left
    return [(bits, has) for has, bits in found.items()]


def _with(has: ByVerdict, verdict: int, services: IntervalSet) -> ByVerdict:
    return surest([one | services if number == verdict else one for number, one in enumerate(has)])
