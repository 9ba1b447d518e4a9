"""Replies on tables made by hand: walk and engine agree on when a reply goes round in circles."""

from __future__ import annotations

from typing import Any, cast

import pytest

from analyzer.engine.box import Box
from analyzer.engine.front import Asked, Front
from analyzer.engine.spread import spread
from analyzer.models.packet import Packet, only
from analyzer.models.snapshot import Snapshot
from analyzer.models.table import ANY, ROUTED, TOO_FAR, Action, Arrive, Direction, Line, Match, Place, Send, Session, Table
from analyzer.models.verdict import Verdict
from analyzer.walk import Question, State, walk

HOST, OWN, TARGET = 1, 2, 3
SERVICE = (6 << 16) + 443
START, RELAY, BACK, BOX = Place("host", "sends"), Place("relay", "takes"), Place("relay", "back"), Place("box", ROUTED, "subnet")


class Toy:
    """A host whose packets a relay passes on with its own address; replies are routed through one box, before and after the relay."""

    def __init__(self, after: Action) -> None:
        relayed = Send(Place("target", "receives"), source=OWN, session=Session((RELAY,), BACK))
        self._request = {START: [(ANY, relayed)], Place("target", "receives"): [(ANY, Arrive("target"))]}
        self._reply = {
            Place("target", "sends"): [(ANY, Send(BOX))],
            BOX: [(Match(targets=only(OWN)), Send(RELAY)), (ANY, after)],
            BACK: [(ANY, Send(BOX))],
        }

    def table(self, place: Place, direction: Direction) -> Table:
        lines = (self._request if direction is Direction.REQUEST else self._reply)[place]
        return Table("toy", [Line("toy", match, action, "M-2", "toy") for match, action in lines])

    def at(self, resource: str) -> Any:
        return self if resource == "target" else None

    def answers_from(self, world: Any) -> Place:
        return Place("target", "sends")

    def find(self, kind: str, id: str) -> None:
        return None


@pytest.mark.parametrize(
    ("after", "expected"),
    [(Arrive("host"), Verdict.REACHABLE), (Send(BOX), Verdict.BLOCKED)],
    ids=["the same box before and after the relay", "the same box with the same header"],
)
def test_a_reply_that_got_its_header_back_may_be_routed_to_the_same_box_again(after: Action, expected: Verdict) -> None:
    world = cast(Snapshot, Toy(after))
    packet = Packet(HOST, TARGET, SERVICE)
    flow = walk(world, Question(State(START, packet), 1024, lambda resource, arrived: resource == "target"))
    (piece,) = spread(world, Asked(Front(START), (1024, 1024)), Box(only(HOST), only(TARGET), only(SERVICE)))
    assert flow.reply is piece.reply is expected


class Straight(Toy):
    """The same, the reply led on from box to box and never twice to one: from the place `fork` on."""

    def __init__(self, fork: Place) -> None:
        super().__init__(Arrive("host"))
        self._reply[fork] = [(ANY, Send(Place("box", "0")))]

    def table(self, place: Place, direction: Direction) -> Table:
        if place.stage.isdecimal():
            return Table("toy", [Line("toy", ANY, Send(Place("box", str(int(place.stage) + 1))), "M-2", "toy")])
        return super().table(place, direction)


@pytest.mark.parametrize("fork", [Place("target", "sends"), BACK], ids=["before the relay", "after it"])
def test_a_reply_that_is_too_long_under_way_to_follow_is_unknown(fork: Place) -> None:
    world = cast(Snapshot, Straight(fork))
    flow = walk(
        world, Question(State(START, Packet(HOST, TARGET, SERVICE)), 1024, lambda resource, arrived: resource == "target")
    )
    (piece,) = spread(world, Asked(Front(START), (1024, 1024)), Box(only(HOST), only(TARGET), only(SERVICE)))
    assert flow.reply is piece.reply is Verdict.UNKNOWN
    assert flow.doubts == tuple(piece.doubts) == (TOO_FAR.doubt,)
