"""Packets of a pair of which no table that was met tells any other apart: one of each kind is enough to follow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product

import msgspec

from ..flow import Question
from ..models.packet import NOTHING, PUBLIC, TCP, UDP, IntervalSet, Packet, services_of
from ..models.snapshot import Snapshot
from ..models.table import Direction
from ..sources import families
from ..walk import NEEDING
from ..witness import KNOWN_ADDRESS
from .search import Met

# Of more kinds of packets nobody waits for the answer.
MOST_KINDS = 3000


class TooManyError(Exception):
    """There are more kinds of packets than are followed."""


class Sent(msgspec.Struct, frozen=True):
    """Packets that a pair may exchange, `question` being one: from and to which addresses, on which services, from which ports."""

    question: Question
    sources: IntervalSet
    targets: IntervalSet
    services: IntervalSet
    ports: IntervalSet

    def kinds(self, cuts: Cuts) -> Iterator[Question]:
        """Yield a packet of each kind; raises TooManyError where they are too many."""
        parts = [
            _apart(self.sources, cuts.sources),
            _apart(self.targets, cuts.targets),
            _apart(self.services, [*cuts.services, NEEDING, *map(services_of, (TCP, UDP))]),
            _apart(self.ports, cuts.ports),
        ]
        total = 1
        for one in parts:
            total *= len(one)
        if total > MOST_KINDS:
            raise TooManyError
        for source, target, service, port in product(*parts):
            packet = Packet(source, target, service)
            state = msgspec.structs.replace(self.question.start, packet=packet)
            yield msgspec.structs.replace(self.question, start=state, client_port=port)


class Cuts(msgspec.Struct):
    """What lines tell apart, of each part of a header."""

    sources: list[IntervalSet] = []
    targets: list[IntervalSet] = []
    services: list[IntervalSet] = []
    ports: list[IntervalSet] = []


def cuts(world: Snapshot, met: Met, fewest: int) -> Cuts:
    """Return what the tables tell apart that were met after less than `fewest` edits; sources of a request are targets of its reply."""
    found: tuple[dict[IntervalSet, None], ...] = ({}, {}, {}, {})
    sources, targets, services, ports = found
    for place, direction in sorted(where for where, cost in met.items() if cost < fewest):
        for line in world.table(place, direction).lines:
            back = direction is Direction.REPLY
            for part, into in (
                (line.match.sources, targets if back else sources),
                (line.match.targets, sources if back else targets),
                (line.match.services, ports if back else services),
            ):
                if part is not None:
                    into[part] = None
    of_ports = dict.fromkeys(one for part in ports for one in _ports(part))
    return Cuts(list(sources), list(targets), list(services), list(of_ports))


def _ports(services: IntervalSet) -> Iterator[IntervalSet]:
    """Yield the ports of the services, of TCP and of UDP."""
    for protocol in (TCP, UDP):
        base = protocol << 16
        yield IntervalSet([(low - base, high - base) for low, high in services & services_of(protocol)])


def _apart(whole: IntervalSet, sets: Iterable[IntervalSet]) -> list[int]:
    """Return one member of each part of a set that some others cut it into; raises TooManyError where these are too many."""
    parts = [whole]
    for one in sets:
        if not one & whole or whole <= one:
            continue
        parts = [piece for part in parts for piece in (part & one, part - one) if piece]
        if len(parts) > MOST_KINDS:
            raise TooManyError
    return [KNOWN_ADDRESS if KNOWN_ADDRESS in part else part.smallest() for part in parts]


def split(addresses: IntervalSet, targets: IntervalSet) -> Iterator[tuple[IntervalSet, IntervalSet]]:
    """Yield sources and targets of one family, private targets apart from public ones."""
    for sources, of_family in families(addresses, targets):
        yield from ((sources, part) for part in (of_family - PUBLIC, of_family & PUBLIC) if part != NOTHING)
