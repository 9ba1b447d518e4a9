"""What may become of packets, over every choice: what the oracle says of the same alternatives, for all verdicts that there are."""

from __future__ import annotations

from itertools import product
from typing import cast

import pytest

from analyzer.engine.homeward import ANSWERED, Homeward, Judged
from analyzer.engine.outcomes import Answers, Drawn, Landed, Outcome
from analyzer.models.packet import IntervalSet, services_of
from analyzer.models.table import Doubt, DoubtKind
from analyzer.models.verdict import Verdict, all_of
from analyzer.walk import merge

VERDICTS = tuple(Verdict)
SSH = services_of(6, 22, 22)
DNS = services_of(17, 53, 53)
# The replies to each unit, by the sessions with which its request arrived: every combination stands for a unit.
UNITS = list(product(VERDICTS, repeat=3))


class Told:
    """Replies as a test says."""

    def __init__(self, place: int, hard: int = 0) -> None:
        self._place = place
        self._hard = hard

    def hard(self, number: int) -> int:
        """Return the units whose replies are hard."""
        return self._hard

    def judged(self, number: int, units: int, services: IntervalSet) -> list[Judged]:
        """Return the units that are answered; services that nobody answers need no answer."""
        found = []
        for verdict in VERDICTS:
            who = sum(1 << at for at, each in enumerate(UNITS) if each[self._place] is verdict and units >> at & 1)
            if who and services & ANSWERED and verdict is not Verdict.BLOCKED:
                found.append(Judged(who, services & ANSWERED, verdict))
        return [*found, Judged(units, services - ANSWERED, Verdict.REACHABLE)] if services - ANSWERED else found


def oracle(outcome: Outcome | None, replies: tuple[Verdict, ...]) -> tuple[Verdict, Verdict]:
    """Return what the oracle says of the request and its reply, alternative by alternative."""
    if outcome is None:
        return Verdict.BLOCKED, Verdict.BLOCKED
    if isinstance(outcome, Landed):
        return Verdict.REACHABLE, replies[outcome.sessions]
    each = [oracle(one, replies) for one in outcome.each]
    doubt = Doubt(DoubtKind(outcome.doubt.value), "", "", "")
    arrived = [reply for forward, reply in each if forward is not Verdict.BLOCKED]
    return merge((forward for forward, _ in each), doubt), merge(arrived, doubt)


ONE, TWO, THREE = (Landed(number, "") for number in range(3))
MAYBE, NOBODY_KNOWS = Verdict.CONDITIONAL, Verdict.UNKNOWN
TREES = [
    ONE,
    Drawn((ONE, TWO, THREE), MAYBE),
    Drawn((ONE, None), NOBODY_KNOWS),
    Drawn((ONE, TWO, None), MAYBE),
    Drawn((ONE, Drawn((TWO, THREE), NOBODY_KNOWS)), MAYBE),
    Drawn((ONE, Drawn((TWO, None), MAYBE), THREE), NOBODY_KNOWS),
    Drawn((Drawn((ONE, TWO), MAYBE), Drawn((TWO, THREE), MAYBE), None), MAYBE),
]


@pytest.mark.parametrize("outcome", TREES)
def test_what_becomes_of_packets_is_what_the_oracle_says(outcome: Outcome):
    answers = Answers([cast(Homeward, Told(place)) for place in range(3)])
    everybody = (1 << len(UNITS)) - 1
    told = {}
    for one in answers.judged(outcome, 0, everybody, SSH | DNS):
        for at in range(len(UNITS)):
            if one.units >> at & 1:
                for on in (SSH, DNS):
                    if one.services & on:
                        assert told.setdefault((at, on), one.verdict) is one.verdict
    for at, replies in enumerate(UNITS):
        forward, reply = oracle(outcome, replies)
        assert told.get((at, SSH), Verdict.BLOCKED) is all_of((forward, reply)), (outcome, replies)
        assert told.get((at, DNS), Verdict.BLOCKED) is forward


def test_what_is_hard_to_answer_is_left_out_where_it_needs_an_answer():
    answers = Answers([cast(Homeward, Told(0, hard=0b10)), cast(Homeward, Told(1, hard=0b100)), cast(Homeward, Told(2))])
    judged = list(answers.judged(Drawn((ONE, TWO), MAYBE), 0, 0b1111, SSH | DNS))
    assert not any(one.units & 0b110 for one in judged if one.services & SSH)
    assert sum(one.units & 0b110 for one in judged if one.services & DNS) == 0b110
