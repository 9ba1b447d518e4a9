"""Circles on tables drawn at random: a packet is blocked if and only if no way of its states leads to the target."""

from __future__ import annotations

from functools import partial
from itertools import product
from random import Random
from typing import cast

import pytest

from analyzer.engine.box import Box
from analyzer.engine.front import Asked, Front
from analyzer.engine.spread import Piece, spread
from analyzer.models.component import conditional, unknown
from analyzer.models.packet import IntervalSet, Packet, only
from analyzer.models.snapshot import Snapshot
from analyzer.models.table import Action, Arrive, Choose, Direction, Drop, Line, Match, Place, Send, Table
from analyzer.models.verdict import SURENESS, Verdict, any_of
from analyzer.walk import Question, State, sent, walk

NUMBERS = range(1, 4)
PLACES = [Place("toy", str(number)) for number in range(5)]
REALMS = ("", "vpc-1")
ENDS = ("one", "other")
SERVICE = (17 << 16) + 53
DOUBTS = (conditional("nobody knows", "toy", "M-4"), unknown("nobody tells", "toy", "M-4"))


class Toy:
    """Five places whose tables send packets on at random, some with another source, target or realm."""

    def __init__(self, seed: int, targets: tuple[int | None, ...]) -> None:
        self._random = Random(seed)
        self._targets = targets
        self._tables = {place: Table("toy", self._lines()) for place in PLACES}

    def _lines(self) -> list[Line]:
        matches = [self._match() for _ in range(self._random.randint(0, 2))]
        return [Line("toy", match, self._action(2), "M-2", "toy") for match in (*matches, Match())]

    def _match(self) -> Match:
        realms = frozenset(("vpc-1",)) if self._random.random() < 0.2 else None
        return Match(self._some(), self._some(), None, realms)

    def _some(self) -> IntervalSet | None:
        numbers = [number for number in NUMBERS if self._random.random() < 0.6]
        return IntervalSet([(number, number) for number in numbers]) or None

    def _action(self, depth: int) -> Action:
        drawn = self._random.random()
        if drawn < 0.55 or not depth:
            source, target = self._random.choice((None, None, *NUMBERS)), self._random.choice(self._targets)
            return Send(self._random.choice(PLACES), source, target, realm=self._random.choice((None, None, *REALMS)))
        if drawn < 0.7:
            return Arrive(self._random.choice(ENDS))
        if drawn < 0.8:
            return Drop("", "toy")
        actions = tuple(self._action(depth - 1) for _ in range(2))
        return Choose(actions, self._random.choice(DOUBTS))

    def table(self, place: Place, direction: Direction) -> Table:
        return self._tables[place]

    def at(self, resource: str) -> None:
        return None


def ends(world: Snapshot, start: State) -> set[str]:
    """Return where a packet can arrive, found without any way: every state that any action of one leads to, each once."""
    found: set[str] = set()
    seen: set[State] = set()
    todo = [start]
    while todo:
        state = todo.pop()
        if state in seen:
            continue
        seen.add(state)
        actions = [world.table(state.place, Direction.REQUEST).first(state.packet, state.realm).action]
        for action in actions:
            if isinstance(action, Choose):
                actions.extend(action.actions)
            elif isinstance(action, Send):
                todo.append(sent(state, action))
            elif isinstance(action, Arrive):
                found.add(action.resource)
    return found


def claimed(pieces: list[Piece], packet: Packet, end: str) -> Verdict:
    """Return what pieces say of a packet at an end."""
    mine = [one for one in pieces if packet.source in one.box.sources and packet.target in one.box.targets]
    return any_of(one.forward for one in mine if one.arrival == end)


@pytest.mark.parametrize("targets", [(None,), (None, None, *NUMBERS)], ids=["sources", "sources and targets"])
@pytest.mark.parametrize("seeds", [range(at, at + 250) for at in range(0, 1000, 250)], ids=lambda seeds: str(seeds.start))
def test_only_what_comes_back_as_it_was_goes_round_in_circles(seeds: range, targets: tuple[int | None, ...]) -> None:
    """Where targets are rewritten too, pieces tell apart as what packets arrive, and only whether they do is the same."""
    every = IntervalSet([(NUMBERS[0], NUMBERS[-1])])
    seen = set()
    for seed in seeds:
        world = cast(Snapshot, Toy(seed, targets))
        pieces = spread(world, Asked(Front(PLACES[0], "vpc-1"), (1024, 1024)), Box(every, every, only(SERVICE)))
        for source, target, end in product(NUMBERS, NUMBERS, ENDS):
            start = State(PLACES[0], Packet(source, target, SERVICE), "vpc-1")
            told = walk(world, Question(start, 1024, partial(is_at, end))).forward
            claim = claimed(pieces, start.packet, end)
            comes = end in ends(world, start)
            case = (seed, source, target, end)
            assert (told is not Verdict.BLOCKED, claim is not Verdict.BLOCKED) == (comes, comes), case
            assert claim is told or len(targets) > 1, case
            seen.add(told)
    assert seen == set(SURENESS)


def is_at(end: str, resource: str, packet: Packet) -> bool:
    """Return whether an arrival is at an end."""
    return resource == end
