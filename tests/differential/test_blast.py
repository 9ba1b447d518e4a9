"""Hops over sets against a plain search over the pairs that the relation tells, and the two senses against each other."""

from __future__ import annotations

from analyzer.blast.hosts import NOT_HELD
from analyzer.models.verdict import Verdict
from analyzer.network import Network
from analyzer.select.catalogue import INTERFACE, interface_kind

from .networks import network
from .runs import again, assert_none, seeds

SURE = (Verdict.REACHABLE,)


def plain(asked: Network, source: str) -> dict[str, int]:
    """Return the depth of every interface that is surely reached, one pair after the other."""
    made, world = asked.relation, asked.snapshot
    sends: dict[str, set[str]] = {}
    for row in made.rows(made.targets):
        if row.verdict in SURE:
            for bit in range(row.sources.bit_length()):
                if row.sources >> bit & 1:
                    for one in made.members(made.sources[bit]):
                        sends.setdefault(one, set()).update(made.members(row.target))
    found, front, depth = dict.fromkeys(together(asked, source), 0), together(asked, source), 0
    while front:
        depth += 1
        fresh = {one for each in front for one in sends.get(each, ())} - set(found)
        found.update(dict.fromkeys(fresh, depth))
        held = {one for one in fresh if world.find(INTERFACE, one) is not None and kind(asked, one) not in NOT_HELD}
        front = {one for each in held for one in together(asked, each)} - {one for one in found if found[one] < depth}
    return {one: at for one, at in found.items() if at and world.find(INTERFACE, one) is not None}


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


@seeds(networks=24, chunk=8)
def test_hops_over_sets_are_those_of_a_plain_search(seeds: range) -> None:
    found = []
    for seed in seeds:
        asked = Network(network(seed).world())
        ids = [one.id for one in asked.snapshot.all(INTERFACE) if not one.stand_in]
        for source in ids[:: max(1, len(ids) // 4)]:
            radius = asked.blast_radius(source)
            told = {one.endpoint.id: one.depth for one in radius.reached if one.verdict in SURE}
            wanted = plain(asked, source)
            wrong = {id: depth for id, depth in told.items() if id in wanted and depth != wanted[id]}
            lost = set(told) - set(wanted) - {"internet"}
            own = belongs(asked, source)
            missed = (
                {belongs(asked, id) for id in wanted} - {one.resource for one in radius.reached if one.verdict in SURE} - {own}
            )
            if wrong or lost or missed:
                found.append(f"network {seed}, {source}: {wrong}, {lost}, {missed}, {again(seed, 'test_blast.py')}")
            for one in radius.reached[:3]:
                if one.endpoint.kind not in ("internet", "address") and one.endpoint.id in ids:
                    back = {each.resource for each in asked.into(one.endpoint.id).reached}
                    if own not in back and own != one.resource:
                        found.append(f"network {seed}: {source} reaches {one.endpoint.id}, which {own} does not come to")
    assert_none(found)
