"""Hops over sets against a plain search over single questions, at each level of sureness, and the two senses against each other."""

from __future__ import annotations

from collections import Counter

from analyzer.blast.hosts import NOT_HELD
from analyzer.models.blast import BlastRadius
from analyzer.models.packet import EVERY_SERVICE
from analyzer.models.verdict import SURENESS, Verdict
from analyzer.network import Network
from analyzer.reach import Flows
from analyzer.select import select
from analyzer.select.catalogue import INTERFACE, interface_kind

from .networks import network
from .runs import again, assert_none, seeds

LEVELS = SURENESS[:-1]
Sends = dict[str, dict[str, Verdict]]


def asked_one_by_one(asked: Network) -> Sends:
    """Return whom each interface and the internet reach, and how surely, by the ordinary question for each pair."""
    every = [one for one in select("any", asked.snapshot) if one.interface] + select("internet", asked.snapshot)
    flows = Flows(asked.snapshot, every, every, EVERY_SERVICE, there_only=True)
    return {one.id: {other.id: flows.of(one, other).verdict for other in every if other.id != one.id} for one in every}


def plain(asked: Network, sends: Sends, source: str, level: Verdict) -> dict[str, int]:
    """Return the depth of everything that is reached by hops that are each at least as sure as a level."""
    enough = LEVELS[: LEVELS.index(level) + 1]
    found, front, depth = dict.fromkeys(together(asked, source), 0), together(asked, source), 0
    while front:
        depth += 1
        reached = {one for each in front for one, verdict in sends.get(each, {}).items() if verdict in enough}
        fresh = reached - set(found)
        found.update(dict.fromkeys(fresh, depth))
        held = {one for one in fresh if asked.snapshot.find(INTERFACE, one) is not None and kind(asked, one) not in NOT_HELD}
        front = {one for each in held for one in together(asked, each)} - {one for one in found if found[one] < depth}
    return {one: at for one, at in found.items() if at}


def told(asked: Network, sends: Sends, source: str) -> dict[str, tuple[Verdict, int, tuple[Verdict, int] | None]]:
    """Return each resource that is reached: how surely, at which depth by the surest chain, and the shortest of the less sure ones."""
    own, found = belongs(asked, source), dict[str, tuple[Verdict, int, tuple[Verdict, int] | None]]()
    for level in LEVELS:
        depths: dict[str, int] = {}
        for id, depth in plain(asked, sends, source, level).items():
            resource = belongs(asked, id)
            depths[resource] = min(depth, depths.get(resource, depth))
        for resource, depth in depths.items():
            known = found.get(resource)
            if known is None:
                found[resource] = (level, depth, None)
            elif depth < (known[2][1] if known[2] else known[1]):
                found[resource] = (*known[:2], (level, depth))
    return {resource: one for resource, one in found.items() if resource != own}


def kind(asked: Network, id: str) -> str:
    interface, owner = asked.snapshot.find(INTERFACE, id), asked.snapshot.owner(id)
    one_host = owner is not None and owner.kind in ("instance", "lambda_function")
    return owner.endpoint_kind if owner is not None and one_host else interface_kind(interface, owner)


def together(asked: Network, id: str) -> set[str]:
    """Return the interfaces of the same host."""
    owner = asked.snapshot.owner(id)
    if owner is not None and owner.kind in ("instance", "lambda_function"):
        return {one.id for one in asked.snapshot.all(INTERFACE) if asked.snapshot.owner(one.id) is owner}
    interface = asked.snapshot.find(INTERFACE, id)
    mine = interface.instance_id if interface is not None else ""
    return {id} | {one.id for one in asked.snapshot.all(INTERFACE) if mine and one.instance_id == mine}


def belongs(asked: Network, id: str) -> str:
    owner = asked.snapshot.owner(id)
    return owner.id if owner is not None else id


def shown(radius: BlastRadius) -> dict[str, tuple[Verdict, int, tuple[Verdict, int] | None]]:
    """Return the same of an answer."""
    sooner = {one.resource: (one.sooner.verdict, one.sooner.depth) if one.sooner else None for one in radius.reached}
    return {one.resource: (one.verdict, one.depth, sooner[one.resource]) for one in radius.reached}


@seeds(networks=48, chunk=16)
def test_hops_over_sets_are_those_of_a_plain_search(seeds: range) -> None:
    found, verdicts = list[str](), Counter[Verdict]()
    for seed in seeds:
        asked = Network(network(seed).world())
        sends = asked_one_by_one(asked)
        ids = [one.id for one in asked.snapshot.all(INTERFACE) if not one.stand_in]
        for source in ids[:: max(1, len(ids) // 4)]:
            radius = asked.blast_radius(source)
            mine, wanted = shown(radius), told(asked, sends, source)
            verdicts.update(one[0] for one in wanted.values())
            if mine != wanted:
                wrong = {id: (mine.get(id), wanted.get(id)) for id in {*mine, *wanted} if mine.get(id) != wanted.get(id)}
                found.append(f"network {seed}, {source}: {wrong}, {again(seed, 'test_blast.py')}")
            own = belongs(asked, source)
            for one in radius.reached[:3]:
                if one.endpoint.kind not in ("internet", "address") and one.endpoint.id in ids:
                    back = {each.resource for each in asked.into(one.endpoint.id).reached}
                    if own not in back and own != one.resource:
                        found.append(f"network {seed}: {source} reaches {one.endpoint.id}, which {own} does not come to")
    assert_none(found)
    # What is compared with nothing proves nothing.
    assert len(seeds) < 16 or {Verdict.REACHABLE, Verdict.CONDITIONAL, Verdict.UNKNOWN} <= set(verdicts)
