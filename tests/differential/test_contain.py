"""What a plan says is closed, walk says too: packets that passed before are walked in the network after the plan's edits."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from analyzer.contain import contain
from analyzer.edit import Edit, edited
from analyzer.models.containment import Containment
from analyzer.models.endpoint import Endpoint
from analyzer.models.errors import QuestionError
from analyzer.models.packet import EVERY_SERVICE, IntervalSet, Packet
from analyzer.models.service import parse_services
from analyzer.models.snapshot import Snapshot
from analyzer.models.table import ANYWHERE
from analyzer.models.verdict import Verdict
from analyzer.reach import Flows
from analyzer.sources import Start, counting, starts
from analyzer.walk import needs_reply

from .networks import network
from .oracle import TooManyPortsError, outcome
from .questions import drawn, endpoints
from .runs import again, assert_none, seeds

MEANS = ("group", "acl", "route")
Pair = tuple[str, str]


def told(plan: Containment) -> dict[Pair, IntervalSet]:
    """Return what a plan says is open at its end, by the ids of both ends."""
    found: dict[Pair, IntervalSet] = {}
    for one in plan.left_open:
        pair = one.source.rpartition("(")[2].rstrip(")"), one.target.rpartition("(")[2].rstrip(")")
        services = EVERY_SERVICE if one.services == ["all"] else parse_services(",".join(one.services))
        found[pair] = found.get(pair, IntervalSet()) | services
    return found


def passes(world: Snapshot, start: Start, packet: Packet, target: Endpoint) -> bool:
    """Return whether walk lets a packet arrive at the target, surely or perhaps, and its reply where it needs one.

    What arrives at nobody knows whom does not count: whoever that is, the target's own groups let nothing in that they do not admit.
    """
    try:
        flow = outcome(world, start, packet, counting(world, target))
    except TooManyPortsError:
        return False
    answered = flow.reply is None or not needs_reply(packet.service) or flow.reply is not Verdict.BLOCKED
    return flow.forward is not Verdict.BLOCKED and answered and not flow.arrived.startswith(ANYWHERE)


def left_unsaid(world: Snapshot, plan: Containment, random: Random) -> Iterator[str]:
    """Yield packets that pass after the plan's edits, though it says that they do not."""
    after, said = edited(world, [Edit.model_validate(one) for step in plan.steps for one in step.edits]), told(plan)
    opened = edited(world, [Edit.model_validate(one) for step in plan.steps[:-3] for one in step.edits])
    ids = {one.id for one in plan.targets}
    every = endpoints(world)
    mine = [one for one in every if one.id in ids]
    for sources, targets in ((every, mine), (mine, every)):
        for asked in (Flows(world, sources, targets, EVERY_SERVICE), Flows(opened, sources, targets, EVERY_SERVICE)):
            for found in random.sample(asked.found, min(12, len(asked.found))):
                packet = drawn(found.piece.box, random)
                for source in found.start.endpoints:
                    yield from _told(after, source, packet, targets, said)


def _of_one(source: Endpoint, target: Endpoint, world: Snapshot) -> bool:
    """Return whether both belong to one resource: what its own interfaces send each other is none of the plan's."""
    owners = [world.owner(one.interface) if one.interface else None for one in (source, target)]
    return owners[0] is not None and owners[0] is owners[1]


def _told(
    world: Snapshot, source: Endpoint, packet: Packet, targets: list[Endpoint], said: dict[Pair, IntervalSet]
) -> Iterator[str]:
    """Yield a packet that passes from a source, found where it starts now: what was like it may be like it no more."""
    for start in starts(world, [source]):
        for target in targets if packet.source in start.addresses else ():
            if source.id == target.id or _of_one(source, target, world) or not passes(world, start, packet, target):
                continue
            listed = said.get((source.id, target.id), IntervalSet())
            if not listed or (packet.target in target.addresses and packet.service not in listed):
                yield f"{source.id} to {target.id} {packet}"


@seeds(networks=6, chunk=2)
def test_what_a_plan_says_is_closed_is_closed(seeds: range) -> None:
    found, closed = [], 0
    for seed in seeds:
        random, world = Random(seed), network(seed).world()
        hosts = [one.id for one in world.all("network_interface")]
        id, other = random.choice(hosts), random.choice(hosts)
        path = f"{other} on ssh" if random.random() < 0.5 and other != id else None
        for means in MEANS:
            try:
                plan = contain(world, id, path, means, limit=None)
            except QuestionError:
                continue
            closed += plan.contained
            texts = left_unsaid(world, plan, random)
            found += [f"network {seed}, {id} by {means}: {text}\n  {again(seed, 'test_contain.py')}" for text in texts]
    assert_none(found)
    assert closed or len(seeds) == 1


def test_what_comes_to_a_load_balancer_by_privatelink_comes_past_its_groups() -> None:
    """Its groups admit nothing any more, and whoever may use the endpoint still comes in: nobody said that groups judge that, too."""
    plan = contain(network(414).world(), "eni-lb-1-1", None, "group")
    assert not plan.contained
    assert "eni-8" in {one.source.rpartition("(")[2].rstrip(")") for one in plan.left_open}
