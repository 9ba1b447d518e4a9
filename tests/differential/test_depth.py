"""No single edit opens what takes two, on random networks: the bound of mistakes is never more than it takes."""

from __future__ import annotations

from random import Random

from analyzer.ask import couples
from analyzer.depth import depth
from analyzer.edit import edited
from analyzer.edit.file import Edit
from analyzer.models.endpoint import Endpoint
from analyzer.models.errors import ReachError
from analyzer.models.packet import TCP, services_of
from analyzer.models.snapshot import Snapshot
from analyzer.models.verdict import Verdict
from analyzer.reach import Flows
from analyzer.select import select

from ..check.single_edits import single
from .networks import network
from .questions import endpoints
from .runs import again, assert_none, seeds

ASKED = services_of(TCP, 22, 22) | services_of(TCP, 443, 443)
# Behind a gateway that maps ports the engine allows for more of them than the client has: it says conditional where no packet passes.
PORTS = "replies reach only a part of the ports from which the client may call"


def ends_of(world: Snapshot, ids: list[str]) -> list[Endpoint]:
    return [next(one for one in select(id, world) if one.id == id) for id in ids]


def opened(world: Snapshot, ids: list[str]) -> set[tuple[str, str]]:
    """Return the pairs between which anything may pass."""
    flows = Flows(world, ends_of(world, ids), ends_of(world, ids), ASKED, there_only=True)
    judged = {(one.id, other.id): flows.of(one, other) for one, other in couples(flows)}
    return {pair for pair, one in judged.items() if one.verdict is not Verdict.BLOCKED and PORTS not in one.conditions}


def tried(seed: int) -> list[str]:
    world, random = network(seed).world(), Random(seed)
    every = endpoints(world)
    ids = [one.id for one in random.sample(every, min(4, len(every)))]
    ends = ends_of(world, ids)
    flows = Flows(world, ends, ends, ASKED)
    far = {
        (one.id, other.id) for one, other in couples(flows) if one.id != other.id and depth(world, one, other, ASKED, 2).least > 1
    }
    edits, found = list(single(world)), list[str]()
    for written in random.sample(edits, min(30, len(edits))) if far else ():
        try:
            wrong = opened(edited(world, [Edit.model_validate(written)]), ids) & far
        except ReachError:
            continue
        if wrong:
            found.append(f"network {seed}, {written}: {wrong}, {again(seed, 'test_depth.py')}")
    return found


@seeds(networks=32, chunk=8)
def test_no_single_edit_opens_what_takes_two(seeds: range) -> None:
    assert_none([one for seed in seeds for one in tried(seed)])
