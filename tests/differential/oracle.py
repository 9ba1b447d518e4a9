"""What `walk` says of one packet, for every port from which its sender may call: the truth that the engine is held to.

`walk` follows one packet with one client port, which whatever translates on the way keeps. Here each arrival is answered for
every port that anything on the way back tells apart, and what translates calls from ports of its own choice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import product
from typing import Any, cast
from unittest.mock import patch

import msgspec

import analyzer.walk as walking
from analyzer.models.packet import TCP, UDP, Packet
from analyzer.models.snapshot import Snapshot
from analyzer.models.table import Arrive, Direction, Place, Table
from analyzer.models.verdict import Verdict, all_of
from analyzer.sources import Start
from analyzer.walk import Flow, Question, State, Step, walk

FIRST_PORT, LAST_PORT = 1024, 65535
MOST_CHOICES = 256
# The port of the client, and that of each translation on the way, the first one first.
Ports = tuple[int, ...]


class TooManyPortsError(Exception):
    """A packet whose replies can have more combinations of ports than can be tried."""


class Watched:
    """A world that answers each arrival for every port, and remembers at which ports the tables on the way back tell replies apart."""

    def __init__(self, world: Snapshot, ports: tuple[int, int]) -> None:
        self._world = world
        self._seen: set[int] = set()
        self._ports = ports
        self._borders = {FIRST_PORT, ports[0], ports[1] + 1}
        self._answered = walking._answered

    def __getattr__(self, name: str) -> Any:
        return getattr(self._world, name)

    def table(self, place: Place, direction: Direction) -> Table:
        """Return the table of the world, and remember what it tells apart."""
        table = self._world.table(place, direction)
        if direction is Direction.REPLY and id(table) not in self._seen:
            self._seen.add(id(table))
            for line in table.lines:
                for low, high in line.match.services or ():
                    self._borders |= {low & 0xFFFF, (high & 0xFFFF) + 1}
        return table

    def answered(self, world: Snapshot, question: Question, state: State, steps: tuple[Step, ...], arrive: Arrive) -> Flow:
        """Return what `walk` says of an arrival, its reply judged over all ports."""
        first = self._answered(world, question, state, steps, arrive)
        if first.reply is None or not _ported(state.packet):
            return first
        translations = sum(opened.session.remaps_ports for opened in state.sessions)
        seen: dict[Ports, Verdict] = {}
        while todo := [ports for ports in self._choices(translations) if ports not in seen]:
            for ports in todo:
                asked = msgspec.structs.replace(question, client_port=ports[0])
                with _called_from(ports):
                    reply = self._answered(world, asked, state, steps, arrive).reply
                assert reply is not None
                seen[ports] = reply
        low, high = self._ports
        return msgspec.structs.replace(first, reply=over_ports([(low <= ports[0] <= high, seen[ports]) for ports in seen]))

    def _choices(self, translations: int) -> list[Ports]:
        """Return the ports that have to be tried: of those that no table which was read tells apart, one."""
        ports = sorted(one for one in self._borders if FIRST_PORT <= one <= LAST_PORT)
        if len(ports) ** (translations + 1) > MOST_CHOICES:
            raise TooManyPortsError
        return list(product(ports, repeat=translations + 1))


def over_ports(replies: list[tuple[bool, Verdict]]) -> Verdict:
    """Return the verdict on replies, each with whether it goes to a port that the client uses, or to one that it might.

    All of the client's ports are answered: that; a part of them, or only others: conditional; none at all: blocked.
    """
    wanted = [verdict for mine, verdict in replies if mine]
    answered = [one for one in wanted if one is not Verdict.BLOCKED]
    if len(answered) == len(wanted):
        return all_of(answered)
    answered = answered or [verdict for _, verdict in replies if verdict is not Verdict.BLOCKED]
    return all_of([*answered, Verdict.CONDITIONAL]) if answered else Verdict.BLOCKED


def outcome(world: Snapshot, start: Start, packet: Packet, counts: Callable[[str, Packet], bool]) -> Flow:
    """Return what becomes of the packet when only such arrivals count, its reply judged over all ports.

    Raises TooManyPortsError when there are more combinations of ports than can be tried.
    """
    watched = Watched(world, start.ports)
    question = Question(State(start.place, packet, start.realm), start.ports[0], counts)
    with patch.object(walking, "_answered", watched.answered):
        return walk(cast(Snapshot, watched), question)


def arrivals(world: Snapshot, start: Start, packet: Packet) -> set[tuple[str, Packet]]:
    """Return every resource at which the packet may arrive, with the packet as it is then, its source left out."""
    met: set[tuple[str, Packet]] = set()

    def counts(resource: str, arrived: Packet) -> bool:
        met.add((resource, Packet(0, arrived.target, arrived.service)))
        return True

    walk(world, Question(State(start.place, packet, start.realm), start.ports[0], counts))
    return met


def longest_way(world: Snapshot, start: Start, packet: Packet) -> Flow:
    """Return the longest way of the packet, as if no arrival counted."""
    question = Question(State(start.place, packet, start.realm), start.ports[0], lambda resource, arrived: False)
    return walk(world, question)


@contextmanager
def _called_from(ports: Ports) -> Iterator[None]:
    """Make replies carry the port of the last translation that is still before them, and the client's after all of them."""
    reply_start, home = walking.reply_start, walking.home

    def starting(world: Snapshot, state: State, arrive: Arrive, service: int) -> State | None:
        found = reply_start(world, state, arrive, service)
        return found and _with_port(found, ports)

    def homeward(state: State) -> State:
        found = home(state)
        return found if found is state else _with_port(found, ports)

    if len(ports) == 1:
        yield
        return
    with patch.object(walking, "reply_start", starting), patch.object(walking, "home", homeward):
        yield


def _ported(packet: Packet) -> bool:
    return packet.protocol in (TCP, UDP)


def _with_port(state: State, ports: Ports) -> State:
    port = ports[sum(opened.session.remaps_ports for opened in state.sessions)]
    packet = msgspec.structs.replace(state.packet, service=(state.packet.protocol << 16) + port)
    return msgspec.structs.replace(state, packet=packet)
