"""The relation of whole networks against single questions, on random networks: every pair, on services that matter."""

from __future__ import annotations

from random import Random

import pytest

from analyzer.engine import factored
from analyzer.engine.relation import Relation, relation
from analyzer.models.endpoint import Endpoint
from analyzer.models.service import parse_services
from analyzer.models.snapshot import Snapshot
from analyzer.models.verdict import Verdict, any_of
from analyzer.reach import Flows

from .hubs import hub, two_sources
from .networks import network
from .questions import endpoints
from .runs import again, assert_none, seeds

SERVICES = ("tcp/443", "tcp/22", "udp/53", "icmp/8", "proto/47", "tcp/3306")


def told(world: Snapshot, made: Relation) -> dict[tuple[str, str, str], Verdict]:
    """Return the verdict of each source, target and service that rows tell; what is left out is blocked."""
    found: dict[tuple[str, str, str], list[Verdict]] = {}
    samples = {on: parse_services(on).smallest() for on in SERVICES}
    for row in made.rows(made.targets):
        on = [name for name, number in samples.items() if number in row.services]
        sources = {made.sources[bit] for bit in range(row.sources.bit_length()) if row.sources >> bit & 1}
        for source in {one for each in sources for one in made.members(each)} if on else ():
            for target in made.members(row.target):
                for name in on:
                    found.setdefault((source, target, name), []).append(row.verdict)
    return {key: any_of(verdicts) for key, verdicts in found.items()}


def asked(world: Snapshot, everybody: list[Endpoint], on: str) -> dict[tuple[str, str, str], Verdict]:
    """Return the same from single questions."""
    number = parse_services(on)
    one_service = number & type(number)([(number.smallest(), number.smallest())])
    found = {}
    for other in everybody:
        flows = Flows(world, everybody, [other], one_service)
        for one in everybody:
            if one.id != other.id and (verdict := flows.of(one, other).verdict) is not Verdict.BLOCKED:
                found[one.id, other.id, on] = verdict
    return found


@seeds(networks=90, chunk=15)
def test_the_relation_tells_what_single_questions_tell(seeds: range) -> None:
    assert_none([wrong for seed in seeds for wrong in asked_of(network(seed).world(), seed)])


def asked_of(world: Snapshot, seed: int, on: str = "") -> list[str]:
    """Return where the relation of a network and single questions tell something else, on one service, which the seed chooses."""
    everybody = [one for one in endpoints(world) if one.interface or one.id == "internet"]
    rows = told(world, relation(world))
    on = on or Random(seed).choice(SERVICES)
    single = asked(world, everybody, on)
    ids = {one.id for one in everybody}
    mine = {key: verdict for key, verdict in rows.items() if key[2] == on and key[0] != key[1] and {key[0], key[1]} <= ids}
    wrong = sorted(key for key in mine.keys() | single.keys() if mine.get(key) != single.get(key))
    return [
        f"network {seed}, {key[0]} to {key[1]} on {on}: relation {mine.get(key, 'blocked')}, single {single.get(key, 'blocked')}"
        f"\n  {again(seed, 'test_relation.py')}"
        for key in wrong[:3]
    ]


@seeds(networks=45, chunk=15)
def test_the_relation_of_inspected_networks_tells_what_single_questions_tell(seeds: range) -> None:
    assert_none([wrong for seed in seeds for wrong in asked_of(hub(seed).world(), seed)])


@pytest.mark.parametrize("seed", [131, 158])
def test_replies_of_a_load_balancer_may_be_in_doubt_on_the_side_of_who_asks_it_alone(seed: int) -> None:
    assert_none(asked_of(hub(seed).world(), seed, "tcp/443"))


def test_who_lets_in_one_address_of_a_gateway_alone_is_reached_in_doubt() -> None:
    world = two_sources().world()
    assert told(world, relation(world))["eni-in", "eni-out", "tcp/443"] is Verdict.CONDITIONAL
    assert_none(asked_of(world, 0, "tcp/443"))


def test_what_goes_round_through_a_firewall_that_remembers_it_each_time_comes_to_an_end() -> None:
    # With a session for each time round there is a new way at each, and none ever ends.
    made = relation(network(1043).world())
    assert sum(1 for _ in made.rows(made.targets)) > 0


@pytest.mark.parametrize("step", [4, factored.STEP])
@seeds(networks=30, chunk=15)
def test_what_senders_reach_is_what_rows_tell(seeds: range, step: int, monkeypatch: pytest.MonkeyPatch) -> None:
    # Small networks have sets on both sides of a small window's end.
    monkeypatch.setattr(factored, "STEP", step)
    monkeypatch.setattr(factored, "WINDOW", (1 << 2 * step) - 1)
    found = []
    for seed in seeds:
        made = relation(network(seed).world())
        kept = factored.Factored(made)
        rows = [(made.targets.index(row.target), row) for row in made.rows(made.targets)]
        for number in (*range(len(made.sources)), None):
            senders = (1 << len(made.sources)) - 1 if number is None else 1 << number
            met = {(target, one.services, one.verdict) for one in kept.met(senders) for target in one.targets}
            told = {(target, row.services, row.verdict) for target, row in rows if row.sources & senders}
            if met != told:
                found.append(f"network {seed}, senders {senders:b}: {len(met)} boxes met, {len(told)} rows told")
        for target, name in enumerate(made.targets):
            mine = sum(1 << number for number, source in enumerate(made.sources) if source == name)
            if kept.senders((target,)) != mine:
                found.append(f"network {seed}, {name} sends as {kept.senders((target,)):b}, not {mine:b}")
    assert_none(found)
