"""Deltas told at the coarsest grain at which they show.

A change shows at a grain where two groups differ in it: nobody of the one reached anybody of the other on that service, and now
somebody does. What shows at no grain, as others of the same groups could do it before, is told interface by interface.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import msgspec

from ..matrix.grain import grain, groups_of
from ..models.matrix import Group
from ..models.packet import IntervalSet
from ..models.verdict import SURENESS, Verdict
from .deltas import Delta, changed
from .sides import Side

# The coarsest first. Subnets come after groups: what differs in both is a matter of who carries which group.
GRAINS = ("vpc", "sg", "subnet")
MOST_EXAMPLES = 3


class Told(msgspec.Struct, frozen=True):
    """One row: these groups and those, and some pairs of interfaces between which it holds, of different groups."""

    grain: str
    sources: frozenset[Group]
    targets: frozenset[Group]
    services: IntervalSet
    was: Verdict
    now: Verdict
    examples: tuple[tuple[str, str], ...]

    @property
    def opened(self) -> bool:
        """Whether it is surer now."""
        return SURENESS.index(self.now) < SURENESS.index(self.was)


def told(found: list[Delta], before: Side, after: Side) -> list[Told]:
    """Return the rows, in order of what they say; every delta is in some of them."""
    rows: list[Told] = []
    left = sorted(found, key=lambda one: (one.targets, one.sources, tuple(one.services)))
    for by in GRAINS:
        shown, left = _Grain(by, before, after).shown(left)
        rows.extend(shown)
    # Nobody is a source for himself: what is left of a block may be of nobody.
    rows.extend(_by_interface(one, before, after) for one in left if one.pairs)
    return together(rows)


class _Grain:
    """The groups of one grain on both sides."""

    def __init__(self, by: str, before: Side, after: Side) -> None:
        self.by = by
        self._before, self._after = before, after
        both = (before.groups(by), after.groups(by))
        # A group whose name changed is the same one.
        known = {(one.id, one.vpc): one for side in both for one in side}
        self._members = {one: self._of(both, key) for key, one in known.items()}
        self.differ = lru_cache(maxsize=None)(self._differ)

    def _of(self, both: tuple[dict[Group, int], dict[Group, int]], key: tuple[str, str]) -> tuple[int, int]:
        was, now = (sum(bits for one, bits in side.items() if (one.id, one.vpc) == key) for side in both)
        return was, now

    def shown(self, found: list[Delta]) -> tuple[list[Told], list[Delta]]:
        """Return the rows for what shows at this grain, and the deltas that are left."""
        rows: list[Told] = []
        for target, (was, now) in sorted(self._members.items()):
            rest: list[Delta] = []
            for one in found:
                here = one.targets & (was | now)
                if not here:
                    rest.append(one)
                    continue
                if one.targets & ~here:
                    rest.append(msgspec.structs.replace(one, targets=one.targets & ~here))
                rest.extend(self._to(target, msgspec.structs.replace(one, targets=here), rows))
            found = rest
        return rows, found

    def _to(self, target: Group, one: Delta, rows: list[Told]) -> Iterator[Delta]:
        """Yield what is left of a delta to members of a group, the rows for the rest added."""
        left = [one]
        for source, (was, now) in self._members.items():
            if not one.sources & (was | now):
                continue
            for services, before, after in self.differ(source, target):
                rest: list[Delta] = []
                for part in left:
                    sources, common = part.sources & (was | now), part.services & services
                    same = (SURENESS.index(after) < SURENESS.index(before)) == part.opened
                    piece = msgspec.structs.replace(part, sources=sources, services=common)
                    if not (sources and common and same and piece.pairs):
                        rest.append(part)
                        continue
                    example = _pair(piece, self._after if part.opened else self._before)
                    rows.append(Told(self.by, frozenset((source,)), frozenset((target,)), services, before, after, (example,)))
                    rest.extend(_without(part, sources, common))
                left = rest
        yield from left

    def _differ(self, source: Group, target: Group) -> list[tuple[IntervalSet, Verdict, Verdict]]:
        (was_from, now_from), (was_to, now_to) = self._members[source], self._members[target]
        return list(changed(self._before.between(was_from, was_to), self._after.between(now_from, now_to)))


def _without(one: Delta, sources: int, services: IntervalSet) -> Iterator[Delta]:
    """Yield a delta without some sources on some services."""
    if one.sources & ~sources:
        yield msgspec.structs.replace(one, sources=one.sources & ~sources)
    if one.services - services:
        yield msgspec.structs.replace(one, sources=sources, services=one.services - services)


def _pair(one: Delta, side: Side) -> tuple[str, str]:
    """Return two interfaces of a delta, the first ones that are not the same."""
    targets = list(side.listed(one.targets))
    source = next(id for id in side.listed(one.sources) if targets != [id])
    return source, next(id for id in targets if id != source)


def _by_interface(one: Delta, before: Side, after: Side) -> Told:
    sources, targets = (frozenset(_interfaces(bits, before, after)) for bits in (one.sources, one.targets))
    example = _pair(one, after if one.opened else before)
    if len(targets) == 1:
        sources -= targets  # nobody is a source for himself
    return Told("interface", sources, targets, one.services, one.was, one.now, (example,))


def _interfaces(bits: int, before: Side, after: Side) -> Iterator[Group]:
    of = grain("interface")
    for id in after.listed(bits):
        yield from groups_of(id, (after if id in after.class_of else before).world, of)


def named(id: str, side: Side) -> list[Group]:
    """Return an interface as a group of one."""
    return groups_of(id, side.world, grain("interface"))


def together(rows: list[Told]) -> list[Told]:
    """Return the rows, those that differ in their sources alone as one, and then those that differ in their targets alone."""
    for side, other in (("sources", "targets"), ("targets", "sources")):
        merged: dict[tuple[object, ...], Told] = {}
        for row in rows:
            key = (row.grain, getattr(row, other), row.services, row.was, row.now)
            known = merged.get(key)
            both = getattr(known, side) | getattr(row, side) if known else getattr(row, side)
            examples = dict.fromkeys((*(known.examples if known else ()), *row.examples))
            merged[key] = msgspec.structs.replace(row, **{side: both, "examples": tuple(examples)[:MOST_EXAMPLES]})
        rows = list(merged.values())
    return sorted(rows, key=_order)


def _order(row: Told) -> tuple[object, ...]:
    grains = (*GRAINS, "interface")
    return (not row.opened, grains.index(row.grain), sorted(row.targets), sorted(row.sources), tuple(row.services), row.was)
