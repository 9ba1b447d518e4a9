"""Exceptions against single packets: they take out just theirs. And `through`: it keeps just what passes a place."""

from __future__ import annotations

from random import Random

from analyzer.engine.box import Box, minus_all
from analyzer.flow import Flow, Question, State
from analyzer.invariants.parts import Exemption, Side, left
from analyzer.models.endpoint import Endpoint
from analyzer.models.packet import EVERY_SERVICE, only
from analyzer.models.verdict import Verdict
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
    boxes = (Box(one.piece.box.sources, one.piece.box.targets, one.services) for one in found)
    return any(box & each == box for each in boxes)


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


def followed(flows: Flows, one: Found, target: Endpoint, box: Box, random: Random) -> Flow:
    """Return what becomes of a packet of a box on its way to where the piece arrives: a doubt may lead elsewhere, too."""
    start = State(one.start.place, drawn(box, random), one.start.realm)
    counts = counting(flows.world, target)
    there = one.piece.arrival
    question = Question(start, one.start.ports[0], lambda resource, packet: resource == there and counts(resource, packet))
    return walk(flows.world, question)


def way(flows: Flows, one: Found, target: Endpoint, box: Box, random: Random) -> list[str]:
    """Return the resources that it passes."""
    return [step.place.resource for step in followed(flows, one, target, box, random).steps]


@seeds(networks=120, chunk=60)
def test_what_is_kept_from_passing_a_place_is_what_passes_it(seeds: range) -> None:
    wrong, kept = [], 0
    for seed in seeds:
        random, flows = asked(seed)
        found = [(target, one) for pair in pairs(flows) for target in pair[1:] for one in list(flows.pieces(*pair))[:3]]
        places = sorted({place for target, one in found for place in way(flows, one, target, one.piece.box, random)[1:-1]})
        for place in random.sample(places, min(3, len(places))):
            shut = Flows(flows.world, flows.sources, flows.targets, EVERY_SERVICE, there_only=True, closed=frozenset({place}))
            for target, one in found:
                past = [each.piece.box for each in shut.found if each.start == one.start and each.piece.end == one.piece.end]
                for box in minus_all([one.piece.box], past)[:2]:
                    kept += 1
                    if place not in way(flows, one, target, box, random):
                        wrong.append(
                            f"network {seed}: {one.start.place} to {target.id} past {place}: {again(seed, 'test_check.py')}"
                        )
    assert kept > 20, "nothing was tried"
    assert_none(wrong)


def way_back(flows: Flows, one: Found, target: Endpoint, box: Box, random: Random) -> list[str]:
    """Return the resources that the reply to it passes on its way home."""
    return [step.place.resource for step in followed(flows, one, target, box, random).reply_steps]


@seeds(networks=120, chunk=60)
def test_replies_that_are_kept_from_passing_a_place_are_those_that_pass_it(seeds: range) -> None:
    """Of what is answered for sure: where doubts are, a reply may take another way than the one that is walked."""
    wrong, kept, past = [], 0, 0
    for seed in seeds:
        random, flows = asked(seed)
        found = [(target, one) for pair in pairs(flows) for target in pair[1:] for one in list(flows.pieces(*pair))[:3]]
        sure = [(target, one) for target, one in found if one.piece.reply is Verdict.REACHABLE and not one.piece.doubts]
        ways = [(target, one, way_back(flows, one, target, one.piece.box, random)) for target, one in sure]
        places = sorted({place for *_, way in ways for place in way})
        for place in random.sample(places, min(3, len(places))):
            shut = Flows(
                flows.world, flows.sources, flows.targets, EVERY_SERVICE, there_only=True, closed_back=frozenset({place})
            )
            for target, one, _ in ways:
                alike = [each for each in shut.found if each.start == one.start and each.piece.end == one.piece.end]
                home = [each.piece.box for each in alike if each.piece.reply is Verdict.REACHABLE]
                for box in minus_all([one.piece.box], home)[:2]:
                    kept += 1
                    back = way_back(flows, one, target, box, random)
                    if back and place not in (*back, one.piece.arrival):  # where a reply starts it has been
                        wrong.append(
                            f"network {seed}: {one.start.place} to {target.id} not by {place}: {again(seed, 'test_check.py')}"
                        )
                for box in [each & one.piece.box for each in home if each & one.piece.box][:2]:
                    past += 1
                    if place in way_back(flows, one, target, box, random):
                        wrong.append(
                            f"network {seed}: {one.start.place} to {target.id} by {place}: {again(seed, 'test_check.py')}"
                        )
    assert min(kept, past) > 20, "nothing was tried"
    assert_none(wrong)
