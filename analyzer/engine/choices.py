"""What becomes of packets that leave the fabric by a choice, or remembered: landed by ways of their own, where their header stays as it is.

A transit gateway that may land a packet in any of three zones, a firewall that remembers who asked: all senders meet them together, as
bits. A connection by a load balancer is two, that of who asks and its own, and its own is followed once. What is rewritten otherwise,
shared out, or too tangled, is left over, and followed by the engine of single questions from the exit on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TypeVar

import msgspec

from ..models.packet import IntervalSet
from ..models.snapshot import Snapshot
from ..models.table import Action, Direction, Place
from .cohorts import Cohorts
from .fabric import Exit, Fabric
from .homeward import ANSWERED, Homeward, Judged
from .outcomes import Answers, Drawn, Landed, Outcome, arrivals, realms
from .packets import Crowd, Packets, joined
from .relayed import Passed, passed_on
from .relays import Relay, is_relay
from .strays import Strays
from .units import numbers_in
from .ways import Ended, Sessions, Ways, is_followed

# A resource, and whether whichever ordinary interface of it has the address is meant.
End = tuple[str, bool]
Where = TypeVar("Where", End, Relay)
Arrival = tuple[Packets, Outcome]
Left = list[tuple[Exit, list[Packets]]]


class Root(msgspec.Struct):
    """Packets that met the same action: the exits by which they left, where they land, which relays they ask, and what is left over."""

    exits: Left
    landed: dict[End, list[Arrival]]
    asking: dict[Relay, list[Arrival]]
    left: list[Packets]


class Asks(msgspec.Struct, frozen=True):
    """Requests that a relay takes at its address, a cohort, and that are answered as surely on their side, and what it reaches."""

    cohort: int
    requests: Judged
    reached: list[Passed]


class Choices:
    """Packets that left the fabric: those that landed by ways of their own, by where, and those that are left over."""

    def __init__(
        self, world: Snapshot, cohorts: Cohorts, fabric: Fabric, left: dict[Exit, list[Packets]], followed: Strays
    ) -> None:
        """Follow what `left` the fabric; what is closed to those that are `followed` is closed here."""
        self._world, self._cohorts, self._fabric, self._followed = world, cohorts, fabric, followed
        self._open: dict[Sessions, int] = {(): 0}
        self._residents = {(place.resource, place.stage == "leaves"): who for place, who in cohorts.starts()}
        self._reached: dict[Relay, list[Passed] | None] = {}
        self._others: Left = []
        alike: dict[tuple[Action, str], Left] = {}
        for exit, packets in left.items():
            if is_relay(exit.action) or is_followed(exit.action):
                alike.setdefault((exit.action, exit.realm), []).append((exit, packets))
            else:
                self._others.append((exit, packets))
        self._roots = [self._follow(exits) for exits in alike.values()]
        self._landed: dict[End, list[Arrival]] = {}
        for root in self._roots:
            for end, arrived in root.landed.items():
                self._landed.setdefault(end, []).extend(arrived)

    def _follow(self, exits: Left) -> Root:
        """Return where packets land that meet the same action."""
        ways = Ways(Direction.REQUEST)
        done = self._fabric.spread_on(exits, ways)
        ends: dict[End, Ended[Outcome]] = {}
        for landing, packets in done.landed.items():
            if (landing.resource, landing.ordinary) in self._residents:
                arrived = Landed(self._number(ways.sessions(landing.way)), landing.realm)
                at = ends.setdefault((landing.resource, landing.ordinary), {}).setdefault(landing.way, [])
                at.extend((one, arrived) for one in packets)
        asking: dict[Relay, Ended[Outcome]] = {}
        for (relay, way), packets in done.taken.items():
            arrived = Landed(self._number(ways.sessions(way)), "")
            asking.setdefault(relay, {})[way] = [(one, arrived) for one in packets]
        landed = {end: ways.told(ended, Drawn) for end, ended in ends.items()}
        asked = {relay: ways.told(ended, Drawn) for relay, ended in asking.items()}
        left = [one for packets in done.left.values() for one in packets]
        # Groups judge an arrival by the realm of the packets: alike, or not here.
        left.extend(packets for every in landed.values() for packets, outcome in every if len(realms(outcome)) > 1)
        left.extend(packets for relay, every in asked.items() for packets, _ in every if not self._is_served(relay, packets))
        return Root(exits, _without(left, landed), _without(left, asked), left)

    def _number(self, sessions: Sessions) -> int:
        return self._open.setdefault(sessions, len(self._open))

    def _is_served(self, relay: Relay, packets: Packets) -> bool:
        """Return whether it is known what a relay reaches for some packets."""
        if relay not in self._reached:
            known = (relay.inside.resource, False) in self._residents
            self._reached[relay] = passed_on(self._world, relay, packets, self._followed) if known else None
        return relay.serves(packets[2]) and self._reached[relay] is not None

    # ------------------------------------------------------------------ what arrives
    def at(self, end: End) -> list[Arrival]:
        """Return what arrives at a place by a choice, and what else may become of it."""
        return self._landed.get(end, [])

    def asks(self) -> Iterator[Asks]:
        """Yield who asks a relay."""
        for root in self._roots:
            for relay, every in root.asking.items():
                for (near, far, services), outcome in every:
                    for number in self._asked_at(relay, far):
                        for one in self._taken_back.judged(outcome, number, near, services):
                            yield Asks(number, one, self._reached[relay] or [])

    def _asked_at(self, relay: Relay, far: IntervalSet) -> Iterator[int]:
        """Yield the cohorts of a relay at these addresses."""
        every = numbers_in(self._residents[relay.inside.resource, False])
        yield from (number for number in every if self._cohorts.ways.lies_in(number, far))

    # ------------------------------------------------------------------ replies
    @cached_property
    def homeward(self) -> list[Homeward]:
        """The replies of those who were reached with the same sessions open, by the number of these; the first are all replies."""
        starts = {Place(end[0], "leaves" if end[1] else "sends"): every for end, every in self._landed.items()}
        return self._spread_back(starts.items(), everybody=True)

    @cached_property
    def answers(self) -> Answers:
        """The replies of those who were reached."""
        return Answers(self.homeward)

    @cached_property
    def _taken_back(self) -> Answers:
        """The replies of relays to those who asked them."""
        return Answers(self._spread_back((relay.inside, every) for root in self._roots for relay, every in root.asking.items()))

    def _spread_back(self, reached: Iterable[tuple[Place, list[Arrival]]], *, everybody: bool = False) -> list[Homeward]:
        """Return the replies from places that were reached, to those who reached them, for each number of open sessions."""
        starts: list[dict[Place, int]] = [{} for _ in self._open]
        senders = [0 for _ in self._open]
        for place, every in reached:
            for (near, _, _), outcome in every:
                for one in arrivals(outcome):
                    starts[one.sessions][place] = self._residents[place.resource, place.stage == "leaves"]
                    senders[one.sessions] |= near
        if everybody:
            starts[0], senders[0] = dict(self._cohorts.starts()), -1
        made = zip(self._open, starts, senders, strict=True)
        return [
            Homeward(self._world, self._cohorts, self._fabric, self._followed.closed_back, sessions, begun.items(), who)
            for sessions, begun, who in made
        ]

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
        for end, every in root.landed.items():
            for packets, outcome in every:
                yield from self._hard(packets, outcome, numbers_in(self._residents[end]), self.answers)
        for relay, every in root.asking.items():
            for packets, outcome in every:
                yield from self._hard(packets, outcome, self._asked_at(relay, packets[1]), self._taken_back)

    def _hard(self, packets: Packets, outcome: Outcome, cohorts: Iterable[int], answers: Answers) -> Iterator[Packets]:
        near, far, services = packets
        ways = self._cohorts.ways
        if on := services & ANSWERED:
            for number in cohorts:
                if (some := near & answers.hard(outcome, number)) and ways.lies_in(number, far):
                    yield some, ways.addresses[number], on


def _without(left: list[Packets], told: dict[Where, list[Arrival]]) -> dict[Where, list[Arrival]]:
    """Return the arrivals but for packets that are left over."""
    crowd = Crowd(left)
    return {
        where: [(part, outcome) for packets, outcome in every for part in crowd.without(packets)] for where, every in told.items()
    }
