"""How many mistakes lie between two endpoints: the fewest single edits after which packets get through.

An edit is a rule of a security group, an entry of a network ACL or prefix list, a route, a public address, another association (of a
subnet, an interface or an attachment), a peering that waits and is accepted, or a gateway that is attached to a VPC or detached. What
takes another kind of change, like a new peering connection, takes more than any number of these.
"""

from __future__ import annotations

from collections.abc import Iterator
from heapq import nsmallest
from itertools import islice

import msgspec

from ..edit import Edit, edited
from ..flow import Question, State
from ..fronts import strange_fronts
from ..models.endpoint import Endpoint
from ..models.errors import QuestionError
from ..models.packet import EVERY_SERVICE, IntervalSet, Packet, only
from ..models.snapshot import Snapshot
from ..models.verdict import Verdict
from ..reach import Flows
from ..sources import counting, target_addresses
from ..witness import relayed_packets
from .families import Ends, again, families
from .mending import edits
from .packets import Sent, TooManyError, cuts, split
from .search import Met, Way, least

__all__ = ["Depth", "depth"]

MOST_ROUNDS = 6
MOST_RELAYED = 32
MOST_TRIED = 4


class Depth(msgspec.Struct, frozen=True):
    """At least `least` edits are needed, and `most` are enough: these `edits`; None where none were found that are.

    `verdict` is that of now: `least` is 0 where it is not blocked. `ways` are the lines that the fewest edits would change.
    """

    verdict: Verdict
    least: int
    most: int | None = None
    edits: tuple[Edit, ...] = ()
    ways: tuple[Way, ...] = ()

    @property
    def exact(self) -> bool:
        """Whether it is neither more nor fewer."""
        return self.least == self.most


def depth(world: Snapshot, source: Endpoint, target: Endpoint, services: IntervalSet, below: int) -> Depth:
    """Return how many edits it takes until anything passes from a source to a target; of `below` or more, that it is as many at least."""
    flows = Flows(world, [source], [target], services, there_only=True)
    verdict = flows.of(source, target).verdict
    if verdict is not Verdict.BLOCKED:
        return Depth(verdict, 0, 0 if verdict is Verdict.REACHABLE else None)
    fewest, found = below, list[tuple[int, tuple[Edit, ...], Way]]()
    try:
        for given, twin, ends in families(world, source, target):
            if len(given) >= fewest:
                continue
            # Without any edit nothing passes; after one it may.
            enough = 0 if given else 1
            ways = _ways(Flows(twin, ends[:1], ends[1:], services, there_only=True), *ends, below - len(given), enough)
            found += [(way.least + len(given), given, way) for way in ways if way.through]
            fewest = min([fewest, *(way.least + len(given) for way in ways)])
    except TooManyError:
        return Depth(verdict, 1)
    if fewest >= below:
        return Depth(verdict, below)
    best = [(given, way) for _, given, way in nsmallest(MOST_TRIED, found, key=lambda one: one[0])]
    for given, way in best:
        made = _tried(world, (source, target), services, given, way)
        if made:
            return Depth(verdict, max(1, fewest), len(made), made, (way,))
    return Depth(verdict, max(1, fewest), ways=tuple(way for _, way in best[:1]))


def _ways(flows: Flows, source: Endpoint, target: Endpoint, below: int, enough: int) -> list[Way]:
    """Return a way for each kind of packet, or one of not more than `enough` edits: which kinds there are shows at the tables."""
    met: Met = {}
    known: dict[tuple[object, ...], Way] = {}
    every = list(_sent(flows, source, target))
    fewest, before = below, None
    for _ in range(MOST_ROUNDS):
        told = cuts(flows.world, met, fewest)
        if told == before:
            return list(known.values())
        before = told
        for question in (one for each in every for one in each.kinds(told)):
            key = (question.start, question.client_port)
            if key not in known:
                # Ties are ways as good as the first.
                known[key] = least(flows.world, question, min(below, fewest + 1), met)
                fewest = min(fewest, known[key].least)
            if fewest <= enough:
                return [known[key]]
    raise TooManyError


def _sent(flows: Flows, source: Endpoint, target: Endpoint) -> Iterator[Sent]:
    """Yield what the source may send: to the target, and to what passes connections on to it."""
    relayed = list(islice(relayed_packets(flows, source, target), MOST_RELAYED + 1))
    if len(relayed) > MOST_RELAYED:
        raise TooManyError
    for question in relayed:
        packet = question.start.packet
        yield Sent(question, only(packet.source), only(packet.target), only(packet.service), only(question.client_port))
    counts = counting(flows.world, target)
    asked = [(target_addresses(flows.world, target), flows.services)]
    # What leads nobody knows where may lead there, whatever it is sent.
    asked += [(addresses, EVERY_SERVICE) for addresses in [strange_fronts(flows.world)] if addresses]
    for start in flows.starts:
        for addresses, services in asked if source in start.endpoints else ():
            for sources, targets in split(start.addresses & source.addresses, addresses):
                packet = Packet(sources.smallest(), targets.smallest(), services.smallest())
                question = Question(State(start.place, packet, start.realm), start.ports[0], counts)
                yield Sent(question, sources, targets, services, IntervalSet([start.ports]))


def _tried(world: Snapshot, ends: Ends, services: IntervalSet, given: tuple[Edit, ...], way: Way) -> tuple[Edit, ...]:
    """Return edits of a way, after those that it was found with, that do let something pass; empty where none do."""
    twin = edited(world, given)
    for made in edits(twin, way):
        try:
            after = edited(twin, made)
        except QuestionError:  # an association that is there already: the next one is tried
            continue
        source, target = (again(one, after) for one in ends)
        passes = Flows(after, [source], [target], services, there_only=True).of(source, target).verdict
        if passes is not Verdict.BLOCKED:
            return (*given, *made)
    return ()
