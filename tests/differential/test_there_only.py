"""What arrives elsewhere than at a target changes nothing for the target."""

from __future__ import annotations

from random import Random

from analyzer.models.packet import EVERY_SERVICE
from analyzer.reach import Flows

from .networks import network
from .questions import gates, interfaces
from .runs import again, assert_none, seeds


@seeds(networks=120, chunk=60)
def test_leaving_out_what_arrives_elsewhere_changes_no_judgement(seeds: range) -> None:
    found = []
    for seed in seeds:
        random, world = Random(seed), network(seed).world()
        hosts = interfaces(world)
        sources, targets = (random.sample(hosts, min(3, len(hosts))) for _ in range(2))
        targets += random.sample(gates(world), min(2, len(gates(world))))
        whole, there = (Flows(world, sources, targets, EVERY_SERVICE, there_only=one) for one in (False, True))
        for source, target in ((one, other) for one in sources for other in targets):
            one, other = whole.of(source, target), there.of(source, target)
            if one != other:
                found.append(f"network {seed}, {source.id} to {target.id}: {one}\n  {again(seed, 'test_there_only.py')}")
    assert_none(found)
