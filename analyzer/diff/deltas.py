"""What changed between interfaces: blocks of sources, targets and services, their verdicts before and after."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from ..models.matrix import VERDICTS
from ..models.packet import EVERY_SERVICE, IntervalSet
from ..models.verdict import SURENESS, Verdict
from .sides import NEVER, ByVerdict, Side


class Delta(msgspec.Struct, frozen=True):
    """Each of these sources reaches each of these targets, itself left out, on these services as it did not before."""

    sources: int
    targets: int
    services: IntervalSet
    was: Verdict
    now: Verdict

    @property
    def opened(self) -> bool:
        """Whether it is surer now."""
        return SURENESS.index(self.now) < SURENESS.index(self.was)

    @property
    def pairs(self) -> int:
        """How many pairs it is of."""
        return self.sources.bit_count() * self.targets.bit_count() - (self.sources & self.targets).bit_count()


def deltas(before: Side, after: Side) -> list[Delta]:
    """Return everything that changed, by target; targets that are alike on both sides are looked at once."""
    alike: dict[tuple[str, str], int] = {}
    for id, number in before.numbers.items():
        key = before.class_at(id), after.class_at(id)
        alike[key] = alike.get(key, 0) | 1 << number
    merged: dict[tuple[int, tuple[IntervalSet, Verdict, Verdict]], int] = {}
    same_units = before.units == after.units and not before.unseen and not after.unseen
    for (old, new), targets in alike.items():
        if same_units and before.rows(old) == after.rows(new):
            continue
        for sources, was, now in _unlike(before.blocks(old) if old else [], after.blocks(new) if new else []):
            for change in changed(was, now):
                merged[sources, change] = merged.get((sources, change), 0) | targets
    found = [Delta(sources, targets, *change) for (sources, change), targets in merged.items()]
    return [one for one in found if one.pairs]


def _unlike(old: list[tuple[int, ByVerdict]], new: list[tuple[int, ByVerdict]]) -> Iterator[tuple[int, ByVerdict, ByVerdict]]:
    """Yield sources whose services differ, with what they were and what they are."""
    left = {has: bits for bits, has in new}
    for bits, was in old:
        rest = bits
        for now, sources in list(left.items()):
            both = rest & sources
            if both:
                rest &= ~both
                left[now] = sources & ~both
                if was != now:
                    yield both, was, now
        if rest:
            yield rest, was, NEVER
    yield from ((bits, NEVER, now) for now, bits in left.items() if bits)


def changed(was: ByVerdict, now: ByVerdict) -> Iterator[tuple[IntervalSet, Verdict, Verdict]]:
    """Yield the services whose verdict differs, by what it was and what it is."""
    for one, before in zip(SURENESS, _with_blocked(was), strict=True):
        for other, after in zip(SURENESS, _with_blocked(now), strict=True):
            both = before & after if one is not other else None
            if both:
                yield both, one, other


def _with_blocked(services: ByVerdict) -> list[IntervalSet]:
    rest = EVERY_SERVICE
    for one in services:
        rest = rest - one
    assert len(services) == len(VERDICTS)
    return [*services, rest]


def pairs_in(found: list[Delta]) -> int:
    """Return how many pairs of interfaces, the internet among them, changed in any way."""
    of_target: dict[int, int] = {}
    for one in found:
        targets = one.targets
        while targets:
            low = targets & -targets
            of_target[low] = of_target.get(low, 0) | one.sources & ~low
            targets ^= low
    return sum(sources.bit_count() for sources in of_target.values())
