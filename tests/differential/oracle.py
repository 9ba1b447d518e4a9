"""What `walk` says of one packet, for every port from which its sender may call: the truth that the engine is held to.

`walk` follows one packet with one client port, which a translation on the way keeps. A system that translates may take any other
port, so here the two are chosen apart: `outside` is the port that translators call from, `inside` the client's own.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast
from unittest.mock import patch

import msgspec

import analyzer.walk as walking
from analyzer.models.packet import TCP, UDP, Packet
from analyzer.models.snapshot import Snapshot
from analyzer.models.table import Choose, Direction, Doubt, Place, Send, Share, Table
from analyzer.models.verdict import Verdict, all_of
from analyzer.sources import Start
from analyzer.walk import Flow, Question, State, walk

FIRST_PORT, LAST_PORT = 1024, 65535


class Outcome(msgspec.Struct, frozen=True):
    """What becomes of a packet: its forward verdict, and the one over the replies to every port; `doubts` are all that was met."""

    forward: Verdict
    reply: Verdict | None
    doubts: frozenset[Doubt]


class Watched:
    """A world that remembers at which ports the tables that were read tell replies apart, and whether anything translates."""

    def __init__(self, world: Snapshot) -> None:
        self._world = world
        self._seen: set[int] = set()
        self.borders = {FIRST_PORT}
        self.translates = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._world, name)

    def table(self, place: Place, direction: Direction) -> Table:
        """Return the table of the world, and remember what it tells apart."""
        table = self._world.table(place, direction)
        if id(table) not in self._seen:
            self._seen.add(id(table))
            for line in table.lines:
                if direction is Direction.REPLY and line.match.services is not None:
                    for low, high in line.match.services:
                        self.borders |= {low & 0xFFFF, (high & 0xFFFF) + 1}
                self.translates = self.translates or remaps(line.action)
        return table


def remaps(action: object) -> bool:
    """Return whether an action opens a session whose other side has ports of its own."""
    if isinstance(action, Choose | Share):
        return any(remaps(one) for one in action.actions)
    return isinstance(action, Send) and action.session is not None and action.session.remaps_ports


def arrivals(world: Snapshot, start: Start, packet: Packet) -> set[str]:
    """Return every resource at which the packet may arrive."""
    met: set[str] = set()

    def counts(resource: str, _: Packet) -> bool:
        met.add(resource)
        return True

    walk(world, Question(State(start.place, packet, start.realm), start.ports[0], counts))
    return met


def outcome(world: Snapshot, start: Start, packet: Packet, arrival: str) -> Outcome:
    """Return what becomes of the packet when only arrivals at this resource count."""
    watched = cast(Snapshot, Watched(world))
    seen: dict[tuple[int, int], Flow] = {}
    low, high = start.ports
    cast(Watched, watched).borders |= {low, high + 1}
    todo = [(low, low)]
    while todo:
        for outside, inside in todo:
            seen[outside, inside] = _walked(watched, start, packet, arrival, outside, inside)
        todo = [pair for pair in _pairs(cast(Watched, watched), packet) if pair not in seen]
    doubts = frozenset(doubt for flow in seen.values() for doubt in flow.doubts)
    forward = {flow.forward for flow in seen.values()}
    assert len(forward) == 1, "the client's port decides about the request"
    wanted = [flow.reply for (_, inside), flow in seen.items() if low <= inside <= high]
    every = [flow.reply for flow in seen.values()]
    return Outcome(forward.pop(), over_ports(wanted, every), doubts)


def _pairs(watched: Watched, packet: Packet) -> list[tuple[int, int]]:
    """Return the ports outside and inside that have to be tried: one for all that no table which was read tells apart."""
    if packet.protocol not in (TCP, UDP):
        return []
    ports = sorted(one for one in watched.borders if FIRST_PORT <= one <= LAST_PORT)
    if watched.translates:
        return [(outside, inside) for outside in ports for inside in ports]
    return [(one, one) for one in ports]


def over_ports(wanted: list[Verdict | None], every: list[Verdict | None]) -> Verdict | None:
    """Return the verdict on replies, given those to the ports that the client uses and those to all that anybody may use.

    All of the client's ports are answered: that; a part of them, or only other ones: conditional; none at all: blocked.
    """
    if None in every:
        return None
    answered = [one for one in wanted if one is not None and one is not Verdict.BLOCKED]
    if len(answered) == len(wanted):
        return all_of(answered)
    answered = answered or [one for one in every if one is not None and one is not Verdict.BLOCKED]
    return all_of([*answered, Verdict.CONDITIONAL]) if answered else Verdict.BLOCKED


def _walked(world: Snapshot, start: Start, packet: Packet, arrival: str, outside: int, inside: int) -> Flow:
    question = Question(State(start.place, packet, start.realm), inside, lambda resource, _: resource == arrival)
    if outside == inside:
        return walk(world, question)
    with _translators_call_from(outside, inside):
        return walk(world, question)


@contextmanager
def _translators_call_from(outside: int, inside: int) -> Iterator[None]:
    """Make replies carry the port `outside` as long as a translation is before them, and `inside` after it."""
    reply_start, home = walking.reply_start, walking.home

    def starting(world: Any, state: State, arrive: Any, service: int) -> State | None:
        found = reply_start(world, state, arrive, service)
        return found and _ported(found, outside if _translated(found) else inside)

    def homeward(state: State) -> State:
        found = home(state)
        return _ported(found, inside) if _translated(state) and not _translated(found) else found

    with patch.object(walking, "reply_start", starting), patch.object(walking, "home", homeward):
        yield


def _translated(state: State) -> bool:
    return any(opened.session.remaps_ports for opened in state.sessions)


def _ported(state: State, port: int) -> State:
    if state.packet.protocol not in (TCP, UDP):
        return state
    packet = msgspec.structs.replace(state.packet, service=(state.packet.protocol << 16) + port)
    return msgspec.structs.replace(state, packet=packet)
