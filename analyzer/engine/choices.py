"""What becomes of packets that leave the fabric by a choice, or remembered: landed by ways of their own, where their header stays as it is.

A transit gateway that may land a packet in any of three zones, a firewall that remembers who asked: all senders meet them together, as
bits. What is rewritten after that, shared out, or too tangled, is left over, and followed by the engine of single questions from the
exit on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property, reduce
from operator import or_

import msgspec

from ..models.packet import IntervalSet
from ..models.snapshot import Snapshot
from ..models.table import Action, Direction
from ..models.verdict import Verdict, all_of
from .cohorts import Cohorts
from .fabric import Exit, Fabric
from .homeward import ANSWERED, Homeward, Judged
from .packets import Crowd, Packets, joined
from .units import numbers_in
from .ways import Ended, Sessions, Ways, is_followed

# A resource, and whether whichever ordinary interface of it has the address is meant.
End = tuple[str, bool]


class Landed(msgspec.Struct, frozen=True):
    """Arrived with these sessions open, told by their number, as what counts as an address of `realm`."""

    sessions: int
    realm: str


class Drawn(msgspec.Struct, frozen=True):
    """What becomes of packets by what they draw, None for what leads nowhere, in a doubt of this verdict."""

    each: tuple[Outcome | None, ...]
    doubt: Verdict


Outcome = Landed | Drawn


def over_replies(judged: Iterable[Verdict], doubt: Verdict) -> Verdict:
    """Return how surely replies come home, over the alternatives that arrive; blocked where none does."""
    every = set(judged)
    passing = every - {Verdict.BLOCKED}
    return all_of(every if passing == every else {*passing, doubt}) if passing else Verdict.BLOCKED


Arrival = tuple[Packets, Outcome]
# Requests by the services of a part and the verdict on their replies.
Replied = dict[tuple[IntervalSet, Verdict], int]


class Root(msgspec.Struct):
    """Packets that met the same action: the exits by which they left, where they land, and which are left over."""

    exits: list[tuple[Exit, list[Packets]]]
    landed: dict[End, list[Arrival]]
    left: list[Packets]


class Choices:
    """Packets that left the fabric: those that landed by ways of their own, by where, and those that are left over."""

    def __init__(
        self,
        world: Snapshot,
        cohorts: Cohorts,
        fabric: Fabric,
        left: dict[Exit, list[Packets]],
        closed_back: frozenset[str] = frozenset(),
    ) -> None:
        """Follow what `left` the fabric; replies stop at what is closed to them."""
        self._world, self._cohorts, self._fabric, self._closed_back = world, cohorts, fabric, closed_back
        self._open: dict[Sessions, int] = {(): 0}
        self._residents = {(place.resource, place.stage == "leaves"): who for place, who in cohorts.starts()}
        self._others: list[tuple[Exit, list[Packets]]] = []
        alike: dict[tuple[Action, str], list[tuple[Exit, list[Packets]]]] = {}
        for exit, packets in left.items():
            if is_followed(exit.action):
                alike.setdefault((exit.action, exit.realm), []).append((exit, packets))
            else:
                self._others.append((exit, packets))
        self._roots = [self._follow(exits) for exits in alike.values()]
        self._landed: dict[End, list[Arrival]] = {}
        for root in self._roots:
            for end, arrivals in root.landed.items():
                self._landed.setdefault(end, []).extend(arrivals)

    def _follow(self, exits: list[tuple[Exit, list[Packets]]]) -> Root:
        """Return where packets land that meet the same action."""
        ways = Ways(Direction.REQUEST)
        done = self._fabric.spread_on(exits, ways)
        left = [one for packets in done.left.values() for one in packets]
        ends: dict[End, Ended[Outcome]] = {}
        for landing, packets in done.landed.items():
            end = landing.resource, landing.ordinary
            if end in self._residents:
                sessions = ways.sessions(landing.way)
                arrived = Landed(self._open.setdefault(sessions, len(self._open)), landing.realm)
                ends.setdefault(end, {}).setdefault(landing.way, []).extend((one, arrived) for one in packets)
        told = {end: ways.told(ended, Drawn) for end, ended in ends.items()}
        # Groups judge an arrival by the realm of the packets: alike, or not here.
        left.extend(packets for arrivals in told.values() for packets, outcome in arrivals if len(_realms(outcome)) > 1)
        tangled = Crowd(left)
        kept = {
            end: [(part, outcome) for packets, outcome in arrivals for part in tangled.without(packets)]
            for end, arrivals in told.items()
        }
        return Root(exits, kept, left)

    # ------------------------------------------------------------------ replies
    @cached_property
    def homeward(self) -> list[Homeward]:
        """The replies of those who were reached with the same sessions open, by the number of these; the first are all replies."""
        made = [Homeward(self._world, self._cohorts, self._fabric, self._closed_back)]
        reached = [[0, 0] for _ in self._open]
        for end, arrivals in self._landed.items():
            for (near, _, _), outcome in arrivals:
                for one in _arrivals(outcome):
                    reached[one.sessions][0] |= self._residents[end]
                    reached[one.sessions][1] |= near
        for sessions, (answering, senders) in list(zip(self._open, reached, strict=True))[1:]:
            made.append(Homeward(self._world, self._cohorts, self._fabric, self._closed_back, sessions, answering, senders))
        return made

    def hard(self, outcome: Outcome, number: int) -> int:
        """Return the units whose requests, if that becomes of them, a unit answers by ways that have to be followed one by one."""
        return reduce(or_, (self.homeward[one.sessions].hard(number) for one in _arrivals(outcome)))

    def at(self, end: End) -> list[Arrival]:
        """Return what arrives at a place, and what else may become of it."""
        return self._landed.get(end, [])

    def judged(self, outcome: Outcome, number: int, units: int, services: IntervalSet) -> Iterator[Judged]:
        """Yield requests of some units to a unit by whether they arrive and are answered."""
        surely = _forward(outcome)
        for (part, verdict), who in self._replied(outcome, number, units, services).items():
            yield Judged(who, part, all_of((surely, verdict)))

    def _replied(self, outcome: Outcome, number: int, units: int, services: IntervalSet) -> Replied:
        if isinstance(outcome, Landed):
            return {
                (one.services, one.verdict): one.units for one in self.homeward[outcome.sessions].judged(number, units, services)
            }
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

    # ------------------------------------------------------------------ what is left over
    def left(self) -> Iterator[tuple[Exit, list[Packets]]]:
        """Yield what has to be followed by itself, by the exit that it took."""
        yield from self._others
        for root in self._roots:
            crowd = Crowd([*root.left, *self._hard_of(root)])
            for exit, packets in root.exits:
                mine = joined([part for one in packets for part in crowd.within(one)])
                if mine:
                    yield exit, mine

    def _hard_of(self, root: Root) -> Iterator[Packets]:
        """Yield the packets whose replies have to be followed by themselves."""
        ways = self._cohorts.ways
        for end, arrivals in root.landed.items():
            for (near, far, services), outcome in arrivals:
                if on := services & ANSWERED:
                    for number in numbers_in(self._residents[end]):
                        if (some := near & self.hard(outcome, number)) and ways.lies_in(number, far):
                            yield some, ways.addresses[number], on


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


def _arrivals(outcome: Outcome) -> Iterator[Landed]:
    """Yield all arrivals that an outcome may be."""
    if isinstance(outcome, Landed):
        yield outcome
        return
    for one in outcome.each:
        if one is not None:
            yield from _arrivals(one)


def _realms(outcome: Outcome) -> set[str]:
    return {one.realm for one in _arrivals(outcome)}


def realm_of(outcome: Outcome) -> str:
    """Return the VPC whose addresses the sources count as on arrival, the same in all cases."""
    return next(_arrivals(outcome)).realm


def _forward(outcome: Outcome) -> Verdict:
    """Return how surely packets arrive."""
    if isinstance(outcome, Landed):
        return Verdict.REACHABLE
    return all_of(outcome.doubt if one is None else _forward(one) for one in outcome.each)
