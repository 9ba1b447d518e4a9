"""Packets that show a verdict: one that passes, or the one that needs the fewest changes to pass."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import msgspec

from .explain import blockers
from .flow import Flow, Question, State, Step
from .fronts import doors
from .models.endpoint import Endpoint
from .models.packet import PUBLIC, IntervalSet, Packet, only
from .models.table import Direction, Drop, Place
from .models.verdict import Verdict
from .reach import ORDER, Flows, Found, Judgement
from .sources import Start, counting, families, target_addresses
from .walk import walk

PREFERRED = [(6 << 16) + port for port in (443, 80, 22, 5432, 3306, 8080)] + [(17 << 16) + 53, (1 << 16) + (8 << 8)]
KNOWN_ADDRESS = (8 << 24) + (8 << 16) + (8 << 8) + 8
MOST_TRIED = 32


def witness(flows: Flows, source: Endpoint, target: Endpoint, judged: Judgement) -> tuple[Question | None, Flow | None]:
    """Return a packet that shows the verdict, and what becomes of it; None for a source whose packets come from nowhere."""
    best = min(judged.found, key=lambda one: (ORDER.index(one.verdict), _familiar(one.piece.box.services)), default=None)
    question = _of_piece(flows, target, best) if best else next(_any_packets(flows, source, target), None)
    return question, walk(flows.world, question) if question else None


def _of_piece(flows: Flows, target: Endpoint, found: Found) -> Question:
    box = found.piece.box
    return _question(flows, found.start, target, box.sources, box.targets, _service(box.services))


def samples(flows: Flows, target: Endpoint, judged: Judgement) -> Iterator[Question]:
    """Yield a packet for each range of services of each piece that passes, the surest pieces first."""
    passing = [one for one in judged.found if one.verdict is not Verdict.BLOCKED]
    for one in sorted(passing, key=lambda one: ORDER.index(one.verdict)):
        box = one.piece.box
        for low, high in box.services:
            service = _service(IntervalSet([(low, high)]))
            yield _question(flows, one.start, target, box.sources, box.targets, service)


def _service(services: IntervalSet) -> int:
    """Return one service of a set: a well-known one when it holds any."""
    return next((one for one in PREFERRED if one in services), services.smallest())


def _familiar(services: IntervalSet) -> int:
    """Return how far back in the list of well-known services the first of these stands; the length of the list for none."""
    return next((number for number, one in enumerate(PREFERRED) if one in services), len(PREFERRED))


def _question(flows: Flows, start: Start, target: Endpoint, sources: IntervalSet, targets: IntervalSet, service: int) -> Question:
    low, high = start.ports
    port = 49152 if low <= 49152 <= high else low
    packet = Packet(_usual(sources), _usual(targets), service)
    return Question(State(start.place, packet, start.realm), port, counting(flows.world, target))


def _usual(addresses: IntervalSet) -> int:
    """Return one address of a set; of the whole internet one that people know."""
    return KNOWN_ADDRESS if KNOWN_ADDRESS in addresses and addresses.count() > 1 << 24 else addresses.smallest()


def _any_packets(flows: Flows, source: Endpoint, target: Endpoint) -> Iterator[Question]:
    """Yield packets from the source to the target: for each start and family to a private and a public address, on likely services."""
    addresses = target_addresses(flows.world, target)
    for service in _likely(flows, source, target):
        for start in flows.starts:
            if source not in start.endpoints:
                continue
            for sources, targets in families(start.addresses & source.addresses, addresses):
                for part in (targets - PUBLIC, targets & PUBLIC):
                    if part:
                        yield _question(flows, start, target, sources, part, service)


def relayed_packets(flows: Flows, source: Endpoint, target: Endpoint) -> Iterator[Question]:
    """Yield packets to what passes connections on to the target, on the services that it takes for it."""
    arrives = counting(flows.world, target)

    def counts(resource: str, packet: Packet) -> bool:
        return packet.service in flows.services and arrives(resource, packet)

    behind = doors(flows.world) if target.interface and flows.world.has_relays else {}
    ways = dict.fromkeys(way for number, found in behind.items() if number in target.addresses for way in found)
    for address, service in ways:
        for start in flows.starts:
            if source not in start.endpoints:
                continue
            for sources, targets in families(start.addresses & source.addresses, only(address)):
                question = _question(flows, start, target, sources, targets, service)
                yield msgspec.structs.replace(question, counts=counts)


def _likely(flows: Flows, source: Endpoint, target: Endpoint) -> list[int]:
    """Return services worth trying: those that lines of either end name, then well-known ones."""
    asked = flows.services
    named = [*_named(flows, target, "groups in"), *_named(flows, source, "groups out")]
    known = [one for one in (*named, *PREFERRED) if one in asked]
    return list(dict.fromkeys([*known, asked.smallest()]))


def _named(flows: Flows, endpoint: Endpoint, stage: str) -> list[int]:
    """Return the services that the groups of an interface name, one of each line."""
    if not endpoint.interface:
        return []
    table = flows.world.table(Place(flows.world.class_of(endpoint.interface), stage), Direction.REQUEST)
    parts = [line.match.services & flows.services for line in table.lines if line.match.services is not None]
    return [_service(part) for part in parts if part][:4]


def stopped_by(
    flows: Flows, source: Endpoint, target: Endpoint, judged: Judgement, question: Question
) -> tuple[Question, tuple[Step, ...]]:
    """Return the packet that needs the fewest changes to pass, and the lines that would have to change."""
    through: list[tuple[tuple[Step, ...], Question]] = []
    if judged.found:
        found = [one for one in judged.found if one.verdict is judged.verdict or one.piece.reply is Verdict.BLOCKED]
        tried = [_of_piece(flows, target, one) for one in found[:8]] or [question]
    else:
        tried = list(islice(_any_packets(flows, source, target), MOST_TRIED))
        relayed = islice(relayed_packets(flows, source, target), MOST_TRIED)
        through = [(steps, one) for one in relayed if (steps := blockers(flows.world, one)) and not _hopeless(steps)]
    judgements = [(blockers(flows.world, one), one) for one in tried] + through
    mendable = [one for one in judgements if one[0]] or judgements
    steps, best = min(mendable, key=lambda one: (_hopeless(one[0]), len(one[0])))
    return best, steps


def _hopeless(steps: tuple[Step, ...]) -> bool:
    return any(isinstance(step.action, Drop) and step.action.otherwise is None for step in steps)
