"""Where the engine's claims about a network and `walk` differ, found by walking packets drawn from claims and from beside them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from random import Random
from typing import Any

import msgspec

from analyzer.engine.box import Box
from analyzer.engine.spread import Piece
from analyzer.mail import SMTP
from analyzer.models.packet import EVERY_SERVICE, IntervalSet, Packet, address_text, only
from analyzer.models.service import service_text
from analyzer.models.snapshot import Snapshot
from analyzer.models.table import INTERNET, Place
from analyzer.models.verdict import Verdict, all_of
from analyzer.reach import Flows
from analyzer.sources import Start
from analyzer.walk import Flow, rank

from .networks import network
from .oracle import TooManyPortsError, arrivals, longest_way, outcome
from .questions import asked_boxes, complement, crossing_flows, drawn, flows, interfaces

PACKETS_CLAIMED, PACKETS_BESIDE = 8, 4
Fate = tuple[Verdict, Verdict | None]
# What a packet can cross on its way, by the kind of the table that tells it and its stage, or the rule of the line.
CROSSED = {
    ("vpc_endpoint_service", "listens"): "endpoint service",
    ("network_firewall", "stateless"): "firewall, stateless rules",
    ("network_firewall", "stateful"): "firewall, stateful rules",
    ("vpc_endpoint", "EP-13"): "Gateway Load Balancer endpoint",
    ("vpn_gateway", "routed"): "to a site",
    ("vpn_gateway", "from site"): "from a site",
    ("load_balancer", "listens"): "load balancer",
    ("transit_gateway_route_table", "routes"): "transit gateway",
}


class Tally(msgspec.Struct):
    """What a run has seen: packets by their fate, pairs of interfaces by their verdict, and packets that could not be judged.

    `crossed` are sender and target address of packets that came by something, by what that is and whether they may pass.
    """

    crossed: dict[tuple[str, bool], set[tuple[int, str, int]]] = msgspec.field(default_factory=dict)
    fates: Counter[Fate] = msgspec.field(default_factory=Counter)
    pairs: Counter[Verdict] = msgspec.field(default_factory=Counter)
    beside: int = 0
    skipped: int = 0

    @property
    def reachable(self) -> float:
        """The share of the pairs that are reachable on some service."""
        return self.pairs[Verdict.REACHABLE] / self.pairs.total()

    def note(self, seed: int, start: Start, packet: Packet, passing: Iterable[Flow], longest: Flow) -> None:
        """Note by what a packet came that passes, and by what, on the longest way, one that does not."""
        passed = {what for flow in passing if flow.verdict is not Verdict.BLOCKED for what in _crossed_by(flow)}
        for what in passed | _crossed_by(longest):
            self.crossed.setdefault((what, what in passed), set()).add((seed, start.place.resource, packet.target))

    def crossings(self, what: str, passes: bool) -> int:
        """Return how many pairs of a sender and a target address crossed something."""
        return len(self.crossed.get((what, passes), ()))


def _crossed_by(flow: Flow) -> set[str]:
    steps = (*flow.steps, *flow.reply_steps)
    met = {(step.kind, mark) for step in steps for mark in (step.place.stage, step.line.rule)}
    return {CROSSED[one] for one in met if one in CROSSED}


def differences(seed: int, tally: Tally) -> list[str]:
    """Return a message for each packet of the network of a seed about which engine and walk do not agree."""
    random = Random(seed)
    world = network(seed).world()
    questions = [flows(world, random), *crossing_flows(world, random)]
    found = [
        text
        for asked in questions
        for start, box in asked_boxes(asked)
        for text in _of_start(asked, start, box, random, tally, seed)
    ]
    _count_pairs(world, random, tally)
    return found


def _of_start(asked: Flows, start: Start, box: Box, random: Random, tally: Tally, seed: int) -> Iterator[str]:
    # What is sent to a relay may reach a target, though it is not sent to the target: any packet of these sources counts.
    mine = [one.piece for one in asked.found if one.start is start and one.piece.box.sources & box.sources]
    boxes = list(dict.fromkeys(piece.box for piece in mine))
    rest = complement(box, boxes)
    packets = [drawn(one, random) for one in _some(boxes, PACKETS_CLAIMED, random)]
    beside = [drawn(one, random) for one in _some(rest, PACKETS_BESIDE, random)]
    tally.beside += len(beside)
    for piece in mine:
        yield from _without_reason(piece)
    for packet in dict.fromkeys((*packets, *beside)):
        claims = [piece for piece in mine if _holds(piece.box, packet)]
        passing: list[Flow] = []
        yield from (f"{_told(start, packet)}: {text}" for text in _judged(asked, start, packet, claims, tally, passing))
        tally.note(seed, start, packet, passing, longest_way(asked.world, start, packet))
        yield from _told_apart(asked.world, start, packet)


def _some(boxes: list[Box], most: int, random: Random) -> list[Box]:
    """Return up to `most` of the boxes; a single box more than once, since it has more than one border."""
    chosen = random.sample(boxes, min(most, len(boxes)))
    return chosen * 2 if len(chosen) < most // 2 else chosen


def _holds(box: Box, packet: Packet) -> bool:
    return packet.source in box.sources and packet.target in box.targets and packet.service in box.services


def _told(start: Start, packet: Packet) -> str:
    service = service_text(only(packet.service))[0]
    return f"{start.place.resource} {address_text(packet.source)} -> {address_text(packet.target)} {service}"


def _judged(asked: Flows, start: Start, packet: Packet, claims: list[Piece], tally: Tally, flows: list[Flow]) -> Iterator[str]:
    """Yield what engine and walk say of a packet where that differs: where and as what it arrives, and its fate there.

    What walk says of each arrival is added to `flows`.
    """
    truth = arrivals(asked.world, start, packet)
    ends = {_end(piece, packet): _counting(piece, packet) for piece in claims}
    unclaimed = [one for one in truth if not any(counts(*one) for counts in ends.values())]
    unmet = [end for end, counts in ends.items() if not any(counts(*one) for one in truth)]
    if unclaimed or unmet:
        yield f"walk alone says that it arrives at {_names(unclaimed)}, the engine alone at {_names(unmet)}"
        return
    for end, counts in ends.items():
        try:
            flow = outcome(asked.world, start, packet, counts)
        except TooManyPortsError:
            tally.skipped += 1
            continue
        flows.append(flow)
        mail = asked.services <= SMTP and end[0] == INTERNET.resource and start.place != INTERNET
        expected: Fate = all_of((flow.forward, Verdict.CONDITIONAL)) if mail else flow.forward, flow.reply
        claimed = _fate((piece for piece in claims if _end(piece, packet) == end), packet)
        tally.fates[expected] += 1
        if claimed != expected:
            yield f"at {end[0]} the engine says {_words(claimed)}, walk {_words(expected)}"


def _names(ends: Iterable[tuple[Any, ...]]) -> list[str]:
    return sorted({str(end[0]) for end in ends})


def _end(piece: Piece, packet: Packet) -> tuple[str, IntervalSet, IntervalSet]:
    """Return where and as what a packet arrives by a piece: what comes back to where it was sent to is the same end."""
    arrived, targets, services = piece.end
    return arrived, only(packet.target) if targets is None else targets, only(packet.service) if services is None else services


def _counting(piece: Piece, packet: Packet) -> Callable[[str, Packet], bool]:
    """Return whether an arrival is the one that the piece claims of the packet: where, to which target, on which service."""
    targets = only(packet.target) if piece.finally_to is None else piece.finally_to
    services = only(packet.service) if piece.finally_on is None else piece.finally_on
    return lambda resource, arrived: resource == piece.arrival and arrived.target in targets and arrived.service in services


def _fate(pieces: Iterable[Piece], packet: Packet) -> Fate:
    """Return what pieces of one packet and arrival claim together: what the one that fares best claims."""
    best = min(pieces, key=lambda piece: rank(piece.forward, piece.reply, packet.service))
    return best.forward, best.reply


def _words(fate: Fate) -> str:
    forward, reply = fate
    return f"{forward.value}, reply {reply.value if reply is not None else 'not applicable'}"


def _without_reason(piece: Piece) -> Iterator[str]:
    """Yield a verdict that is not certain though the piece names no doubt."""
    uncertain = {piece.forward, piece.reply} & {Verdict.CONDITIONAL, Verdict.UNKNOWN}
    if uncertain and not piece.doubts:
        yield f"at {piece.arrival} the engine says {_words((piece.forward, piece.reply))} and not why"


def _told_apart(world: Snapshot, start: Start, packet: Packet) -> Iterator[str]:
    """Yield a difference between an interface and the one that stands for its class, as sender of the packet."""
    sender = world.owner_of(start.realm, packet.source) if start.realm else None
    if sender is None or sender.id == start.place.resource:
        return
    itself = msgspec.structs.replace(start, place=Place(sender.id, start.place.stage))
    met = {resource for who in (start, itself) for resource, _ in arrivals(world, who, packet)}
    for arrival in sorted(met):
        try:
            one, other = (outcome(world, who, packet, _anything_at(arrival)) for who in (start, itself))
        except TooManyPortsError:
            continue
        if (one.forward, one.reply) != (other.forward, other.reply):
            yield f"{_told(itself, packet)}: at {arrival} it fares otherwise than {start.place.resource}, of the same class"


def _anything_at(arrival: str) -> Callable[[str, Packet], bool]:
    return lambda resource, _: resource == arrival


def _count_pairs(world: Snapshot, random: Random, tally: Tally) -> None:
    """Count up to four ordered pairs of interfaces by whether one reaches the other on any service."""
    hosts = interfaces(world)
    sources, targets = (random.sample(hosts, min(2, len(hosts))) for _ in range(2))
    asked = Flows(world, sources, targets, EVERY_SERVICE)
    tally.pairs.update(asked.of(one, other).verdict for one in sources for other in targets if one.id != other.id)
