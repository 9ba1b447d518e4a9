"""What may become of packets that have a choice before them, and how surely they arrive and are answered over all of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from operator import or_

import msgspec

from ..models.packet import IntervalSet
from ..models.verdict import Verdict, all_of
from .homeward import ANSWERED, Homeward, Judged


class Landed(msgspec.Struct, frozen=True):
    """Arrived with these sessions open, told by their number, as what counts as an address of `realm`."""

    sessions: int
    realm: str


class Drawn(msgspec.Struct, frozen=True):
    """What becomes of packets by what they draw, None for what leads nowhere, in a doubt of this verdict."""

    each: tuple[Outcome | None, ...]
    doubt: Verdict


Outcome = Landed | Drawn
# Requests by the services of a part and the verdict on their replies.
Replied = dict[tuple[IntervalSet, Verdict], int]


def arrivals(outcome: Outcome) -> Iterator[Landed]:
    """Yield all arrivals that an outcome may be."""
    if isinstance(outcome, Landed):
        yield outcome
        return
    for one in outcome.each:
        if one is not None:
            yield from arrivals(one)


def realms(outcome: Outcome) -> set[str]:
    """Return the VPCs as whose addresses the sources may count on arrival."""
    return {one.realm for one in arrivals(outcome)}


def forward(outcome: Outcome) -> Verdict:
    """Return how surely packets arrive."""
    if isinstance(outcome, Landed):
        return Verdict.REACHABLE
    return all_of(outcome.doubt if one is None else forward(one) for one in outcome.each)


def over_replies(verdicts: Iterable[Verdict], doubt: Verdict) -> Verdict:
    """Return how surely replies come home, over the alternatives that arrive; blocked where none does."""
    every = set(verdicts)
    passing = every - {Verdict.BLOCKED}
    return all_of(every if passing == every else {*passing, doubt}) if passing else Verdict.BLOCKED


class Answers:
    """Replies to requests, by the sessions with which those arrived."""

    def __init__(self, homeward: Sequence[Homeward]) -> None:
        """`homeward` has the replies through the sessions of each number."""
        self._homeward = homeward

    def hard(self, outcome: Outcome, number: int) -> int:
        """Return the units whose requests, if that becomes of them, a unit answers by ways that have to be followed one by one."""
        return reduce(or_, (self._homeward[one.sessions].hard(number) for one in arrivals(outcome)))

    def judged(self, outcome: Outcome, number: int, units: int, services: IntervalSet) -> Iterator[Judged]:
        """Yield requests of some units to a unit by whether they arrive and are answered; without those that are hard to answer."""
        surely = forward(outcome)
        hard = units & self.hard(outcome, number)
        for who, asked in ((units & ~hard, services), (hard, services - ANSWERED if hard else services)):
            for (part, verdict), mine in self._replied(outcome, number, who, asked).items() if who and asked else ():
                yield Judged(mine, part, all_of((surely, verdict)))

    def _replied(self, outcome: Outcome, number: int, units: int, services: IntervalSet) -> Replied:
        if isinstance(outcome, Landed):
            judged = self._homeward[outcome.sessions].judged(number, units, services)
            return {(one.services, one.verdict): one.units for one in judged}
        each = [self._replied(one, number, units, services) for one in outcome.each if one is not None]
        found: Replied = {}
        for part in dict.fromkeys(part for one in each for part, _ in one):
            cells: list[tuple[frozenset[Verdict], int]] = [(frozenset(), units)]
            for one in each:
                cells = list(_cut(cells, {verdict: who for (on, verdict), who in one.items() if on == part}))
            for verdicts, who in cells:
                verdict = over_replies(verdicts, outcome.doubt)
                if verdict is not Verdict.BLOCKED:
                    found[part, verdict] = found.get((part, verdict), 0) | who
        return found


def _cut(cells: list[tuple[frozenset[Verdict], int]], judged: dict[Verdict, int]) -> Iterator[tuple[frozenset[Verdict], int]]:
    """Yield units by their verdicts so far and this one: blocked where there is none."""
    for verdicts, units in cells:
        left = units
        for verdict, who in judged.items():
            if some := left & who:
                yield verdicts | {verdict}, some
                left &= ~some
        if left:
            yield verdicts | {Verdict.BLOCKED}, left
