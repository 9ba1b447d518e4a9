"""What invariants rest on, against single packets: exceptions take out just their packets, and what passes a place is kept from no other."""

from __future__ import annotations

from random import Random

from analyzer.engine.box import Box, minus_all
from analyzer.flow import Question, State
from analyzer.invariants.parts import Exemption, Side, left
from analyzer.models.endpoint import Endpoint
from analyzer.models.packet import EVERY_SERVICE, only
from analyzer.reach import Flows, Found
from analyzer.sources import counting
from analyzer.walk import walk

from .networks import network
from .questions import drawn, interfaces, internet
from .runs import again, assert_none, seeds


def asked(seed: int) -> tuple[Random, Flows]:
    random, world = Random(seed), network(seed).world()
    hosts = [*interfaces(world), internet(world)]
    sources, targets = (random.sample(hosts, min(4, len(hosts))) for _ in range(2))
    return random, Flows(world, sources, targets, EVERY_SERVICE, there_only=True)


def pairs(flows: Flows) -> list[tuple[Endpoint, Endpoint]]:
    return [(one, other) for one in flows.sources for other in flows.targets if one.id != other.id]


def holds(found: list[Found], box: Box) -> bool:
    return any(
        box.sources <= one.piece.box.sources and box.targets <= one.piece.box.targets and box.services <= one.services
        for one in found
    )


@seeds(networks=120, chunk=60)
def test_an_exemption_takes_out_its_packets_and_no_others(seeds: range) -> None:
    wrong = []
    for seed in seeds:
        random, flows = asked(seed)
        for source, target in pairs(flows):
            found = [one for one in flows.pieces(source, target) if one.piece.finally_on is None and one.piece.finally_to is None]
            for one in found[:4]:
                packet, other = drawn(one.piece.box, random), drawn(one.piece.box, random)
                near = Side(frozenset(), only(packet.source), ())
                kept = left(source, target, [one], [Exemption(near, None, only(packet.service))])
                for each in (packet, other):
                    box = Box(only(each.source), only(each.target), only(each.service))
                    exempt = (each.source, each.service) == (packet.source, packet.service)
                    if holds(kept, box) is exempt:
                        wrong.append(f"network {seed}: {each} of {source.id}: {again(seed, 'test_check.py')}")
    assert_none(wrong)


@seeds(networks=120, chunk=60)
def test_what_is_kept_from_passing_a_place_is_what_passes_it(seeds: range) -> None:
    wrong, passed = [], 0
    for seed in seeds:
        random, flows = asked(seed)
        world = flows.world
        for source, target in pairs(flows):
            for one in list(flows.pieces(source, target))[:3]:
                packet = drawn(one.piece.box, random)
                port = one.start.ports[0]
                question = Question(State(one.start.place, packet, one.start.realm), port, counting(world, target))
                steps = walk(world, question).steps
                if len(steps) < 3:
                    continue
                place = random.choice(steps[1:-1]).place.resource
                shut = Flows(world, [source], [target], EVERY_SERVICE, there_only=True, closed=frozenset({place}))
                past = [each.piece.box for each in shut.pieces(source, target) if each.start.place == one.start.place]
                rest = minus_all([one.piece.box], past)
                for box in rest[:3]:
                    again_ = drawn(box, random)
                    way = walk(world, Question(State(one.start.place, again_, one.start.realm), port, counting(world, target)))
                    passed += 1
                    if place not in {step.place.resource for step in way.steps}:
                        wrong.append(f"network {seed}: {again_} passes {place}? {again(seed, 'test_check.py')}")
    assert passed > 20, "nothing was tried"
    assert_none(wrong)
