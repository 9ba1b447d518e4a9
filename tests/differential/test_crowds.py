"""Very many broken pairs told together against the same pairs one by one."""

from __future__ import annotations

from random import Random

import pytest
from msgspec import structs

from analyzer.engine.homeward import ANSWERED
from analyzer.invariants import bans
from analyzer.invariants.bans import Ban, Broken, broken, broken_pairs
from analyzer.invariants.crowds import Crowd, Crowds, Known
from analyzer.invariants.model import Ignore, Part
from analyzer.invariants.parts import Exemption, side
from analyzer.invariants.relations import Related
from analyzer.models.endpoint import Endpoint
from analyzer.models.packet import EVERY_SERVICE, TCP, services_of, union
from analyzer.models.snapshot import Snapshot
from analyzer.models.verdict import Verdict, any_of

from .networks import network
from .questions import interfaces, internet
from .runs import again, assert_none, seeds

IGNORE = Ignore.model_validate({"flow": Part.model_validate({"from": "any"}), "until": "2099-01-01", "reason": "it is late"})
SERVICES = (EVERY_SERVICE, services_of(TCP, 0, 1023), services_of(TCP, 443, 443))


def exemption(random: Random, hosts: list[Endpoint]) -> Exemption:
    sides = [None if random.random() < 0.3 else side(random.sample(hosts, max(1, len(hosts) // 2))) for _ in range(2)]
    return Exemption(sides[0], sides[1], random.choice(SERVICES), random.choice((None, IGNORE)))


def closed(random: Random, world: Snapshot) -> frozenset[str]:
    kinds = ("nat_gateway", "internet_gateway", "vpc_peering", "network_firewall", "subnet", "transit_gateway_route_table")
    places = sorted(one.id for kind in kinds for one in world.all(kind))
    places += sorted({world.class_of(one.id) for one in world.all("network_interface")})
    return frozenset(random.sample(places, 1)) if places and random.random() < 0.5 else frozenset()


def groups(world: Snapshot, target: Endpoint) -> tuple[str, ...]:
    interface = world.find("network_interface", target.id)
    if interface is None:
        return (world.class_of(target.id) if target.interface else target.id,)
    return tuple(sorted(interface.group_ids)) or (interface.subnet_id,)


Told = tuple[int, Verdict, object, object]


def by_pairs(world: Snapshot, found: list[Broken | Known]) -> dict[tuple[tuple[str, ...], bool], Told]:
    together: dict[tuple[tuple[str, ...], bool], list[Broken | Known]] = {}
    for one in found:
        together.setdefault((groups(world, one.target), bool(one.ignored)), []).append(one)
    told = {}
    for key, every in together.items():
        sure = union(one.sure for one in every)
        passing = union(one.sure | one.doubtful for one in every)
        told[key] = (
            len(every),
            any_of(one.verdict if isinstance(one, Known) else one.judged.verdict for one in every),
            sure,
            passing - sure,
        )
    return told


def by_crowds(world: Snapshot, found: list[Broken | Known | Crowd]) -> dict[tuple[tuple[str, ...], bool], Told]:
    told = by_pairs(world, [one for one in found if not isinstance(one, Crowd)])
    for one in found:
        if isinstance(one, Crowd):
            key = one.groups, bool(one.ignored)
            pairs, verdict, sure, doubtful = told.get(key, (0, Verdict.BLOCKED, union(()), union(())))
            both = union((sure, one.sure))
            told[key] = (
                pairs + one.pairs,
                any_of((verdict, one.verdict)),
                both,
                union((doubtful, one.doubtful)) - both,
            )
    return told


@seeds(networks=80, chunk=20)
def test_crowds_are_their_pairs_told_together(seeds: range, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong, crowds = [], 0
    for seed in seeds:
        random, world = Random(seed), network(seed).world()
        if world.lacks:
            continue
        hosts = [*interfaces(world), internet(world)]
        sources, targets = (random.sample(hosts, max(1, len(hosts) * 3 // 4)) for _ in range(2))
        ban = Ban(sources, targets, random.choice(SERVICES), closed=closed(random, world))
        if seed % 2:
            ban = structs.replace(ban, services=ban.services & ANSWERED, closed=frozenset(), closed_back=ban.closed)
        exempt = [exemption(random, hosts) for _ in range(random.randrange(3))]
        related = Related(world)
        one_by_one = by_pairs(world, list(broken_pairs(world, ban, exempt, related)))
        for alone in (False, True):
            monkeypatch.setattr(bans, "MANY", 0)
            if alone:
                monkeypatch.setattr(Crowds, "more_than", lambda *_: False)
            together = list(broken(world, ban, exempt, related))
            monkeypatch.undo()
            crowds += sum(isinstance(one, Crowd) for one in together)
            found = by_crowds(world, together)
            wrong += [
                f"network {seed}, {ban.closed}, {ban.closed_back}, {key}: {one_by_one.get(key)}, not {found.get(key)}: "
                f"{again(seed, 'test_crowds.py')}"
                for key in {*one_by_one, *found}
                if one_by_one.get(key) != found.get(key)
            ]
            wrong += [
                f"network {seed}: the pair that is shown of {one.source.id} and {one.target.id} is blocked"
                for one in together
                if not isinstance(one, Broken) and one.flows.of(one.source, one.target).verdict is Verdict.BLOCKED
            ]
    assert crowds > len(seeds) or len(seeds) == 1
    assert_none(wrong)
