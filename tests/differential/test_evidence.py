"""The evidence of answers, on random networks: witnesses that pass, blockers that are all that is in the way, and no chance."""

from __future__ import annotations

import json
from collections.abc import Iterator
from random import Random

from analyzer.ask import ask
from analyzer.explain import blockers
from analyzer.models.answer import Pair
from analyzer.models.aws import COMPONENTS
from analyzer.models.endpoint import Endpoint
from analyzer.models.packet import Packet, address, address_text
from analyzer.models.service import parse_services
from analyzer.models.snapshot import Snapshot
from analyzer.models.table import Share
from analyzer.models.verdict import Verdict
from analyzer.sources import counting, families, starts, target_addresses
from analyzer.walk import Flow, Question, State, needs_reply, walk

from .mending import can_be_mended, mended
from .networks import network
from .questions import endpoints, gates, number_of
from .runs import again, assert_none, seeds

SERVICES = ("tcp/443", "tcp/22", "udp/53", "icmp/8", "proto/47", "tcp", "all")


def pairs(world: Snapshot, random: Random, number: int) -> Iterator[tuple[Endpoint, Endpoint]]:
    """Yield random pairs of two different endpoints."""
    sources = endpoints(world)
    targets = [*sources, *gates(world)]
    for _ in range(number):
        one, other = random.choice(sources), random.choice(targets)
        if one.id != other.id:
            yield one, other


# ---------------------------------------------------------------------- what answers carry
@seeds(networks=240, chunk=40)
def test_reachable_pairs_carry_a_witness_that_passes_and_blocked_ones_what_blocks(seeds: range) -> None:
    found = []
    for seed in seeds:
        random = Random(seed)
        world = network(seed).world()
        for source, target in pairs(world, random, 3):
            on = random.choice(SERVICES)
            for pair in ask(world, source.id, target.id, on).pairs:
                wrong = _wrong(world, source, target, pair)
                if wrong:
                    asked = f"{source.id} to {target.id} on {on}"
                    found.append(f"network {seed}, {asked}: {wrong}\n  {again(seed, 'test_evidence.py')}")
    assert_none(found)


def _wrong(world: Snapshot, source: Endpoint, target: Endpoint, pair: Pair) -> str:
    """Return what is wrong with the evidence of a pair; "" when nothing is."""
    if pair.verdict is Verdict.BLOCKED:
        return "" if pair.blockers else "blocked by nothing"
    if not pair.path:
        return f"{pair.verdict} without a path"
    if pair.verdict is Verdict.REACHABLE and not _passes(world, source, target, pair):
        return f"the witness does not pass: {pair.path[0].packet}"
    if pair.verdict is not Verdict.REACHABLE and not pair.conditions:
        return f"{pair.verdict} on no condition"
    return ""


def _passes(world: Snapshot, source: Endpoint, target: Endpoint, pair: Pair) -> bool:
    """Return whether the packet of the first hop, read from the answer, reaches the target, and its reply the source."""
    told = pair.path[0].packet
    packet = Packet(address(told.source), address(told.target), parse_services(told.service).smallest())
    for start in starts(world, [source]):
        for port in (start.ports[0], 49152, start.ports[1]):
            flow = walk(world, Question(State(start.place, packet, start.realm), port, counting(world, target)))
            verdict = flow.verdict if needs_reply(packet.service) else flow.forward
            if packet.source in start.addresses and verdict is Verdict.REACHABLE:
                return True
    return False


# ---------------------------------------------------------------------- what blocks, and nothing else
@seeds(networks=800, chunk=100)
def test_changing_exactly_the_lines_that_block_lets_the_packet_pass(seeds: range) -> None:
    found = []
    tried = 0
    for seed in seeds:
        world = network(seed).world()
        for question in blocked(world, Random(seed)):
            steps = blockers(world, question)
            if steps and can_be_mended(steps):
                tried += 1
            told = _still_blocked(world, question)
            if told:
                found.append(f"network {seed}, {told}\n  {again(seed, 'test_evidence.py')}")
    assert_none(found)
    assert tried >= len(seeds) / 4 or len(seeds) < 100, "too few packets are blocked by what can be mended"


def blocked(world: Snapshot, random: Random) -> Iterator[Question]:
    """Yield packets between interfaces, to the internet and from it, that do not pass, or whose replies do not."""
    for source, target in pairs(world, random, 6):
        for start in starts(world, [source]):
            for sources, targets in families(start.addresses, target_addresses(world, target)):
                service = parse_services(random.choice(SERVICES)).smallest()
                packet = Packet(number_of(sources, random), number_of(targets, random), service)
                question = Question(State(start.place, packet, start.realm), start.ports[1], counting(world, target))
                if walk(world, question).verdict is Verdict.BLOCKED:
                    yield question


def _still_blocked(world: Snapshot, question: Question) -> str:
    """Return how a packet is blocked though its blockers were mended, or that nothing blocks it; "" when all is well."""
    packet = question.start.packet
    told = f"{question.start.place.resource} {address_text(packet.source)} -> {address_text(packet.target)} {packet.service:#x}"
    steps = blockers(world, question)
    if not steps:
        return f"{told}: blocked by nothing"
    if not can_be_mended(steps):
        return ""
    flow = walk(mended(world, steps), question)
    if flow.verdict is not Verdict.BLOCKED or _answered_elsewhere(flow, packet):
        return ""
    lines = "; ".join(f"{step.direction.value} {step.place.resource} {step.line.title}" for step in steps)
    last = (flow.reply_steps or flow.steps)[-1]
    return f"{told}: mended {lines}, and blocked by {last.direction.value} {last.place.resource} {last.line.title}"


def _answered_elsewhere(flow: Flow, packet: Packet) -> bool:
    """Return whether a request that needs no reply came through, while a less sure copy of it is what is answered."""
    shared = any(isinstance(step.line.action, Share) for step in flow.steps)
    return shared and flow.forward is not Verdict.BLOCKED and not needs_reply(packet.service)


# ---------------------------------------------------------------------- no chance
@seeds(networks=120, chunk=20)
def test_the_order_of_components_and_of_their_registration_changes_nothing(seeds: range) -> None:
    found = []
    for seed in seeds:
        random = Random(seed)
        made = network(seed)
        kinds = random.sample(COMPONENTS, len(COMPONENTS))
        worlds = (made.world(), made.world(shuffled=random, kinds=kinds))
        for source, target in pairs(worlds[0], random, 2):
            one, other = (json.dumps(ask(world, source.id, target.id).to_dict()) for world in worlds)
            if one != other:
                found.append(
                    f"network {seed}, {source.id} to {target.id}: {one}\n  or: {other}\n  {again(seed, 'test_evidence.py')}"
                )
    assert_none(found)
