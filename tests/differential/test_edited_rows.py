"""An edited snapshot answers as one that is read from rows with the same edit in them, on random networks."""

from __future__ import annotations

from collections import Counter
from random import Random

import msgspec

from analyzer.edit import edited
from analyzer.edit.file import Edit
from analyzer.models.endpoint import Endpoint
from analyzer.models.errors import ReachError
from analyzer.models.packet import EVERY_SERVICE
from analyzer.models.snapshot import Snapshot
from analyzer.reach import Flows

from . import edited_rows
from .networks import Network, network
from .questions import endpoints
from .runs import again, assert_none, seeds

Told = dict[tuple[str, str], tuple[object, ...]]


def told(world: Snapshot, random: Random) -> Told:
    """Return what is said of some pairs, the same ones for the same random numbers: of each VPC a few, and the internet."""
    by_vpc: dict[str, list[Endpoint]] = {}
    for one in endpoints(world):
        by_vpc.setdefault(one.vpc, []).append(one)
    sources, targets = ([one for every in by_vpc.values() for one in random.sample(every, min(2, len(every)))] for _ in range(2))
    asked = Flows(world, sources, targets, EVERY_SERVICE)
    return {(one.id, other.id): _said(asked, one, other) for one in sources for other in targets if one.id != other.id}


def _said(asked: Flows, one: Endpoint, other: Endpoint) -> tuple[object, ...]:
    judged = asked.of(one, other)
    return judged.verdict, judged.forward, judged.reply, judged.services, tuple(judged.conditions)


def tried(seed: int, of_kind: Counter[str], differ: Counter[str]) -> list[str]:
    made = network(seed)
    if seed % 2:
        made = msgspec.structs.replace(made, rows=edited_rows.filled(made.rows))
    before, found = made.world(), []
    told(before, Random(seed))  # so that there is something to share
    for edits in edited_rows.EDITS:
        possible = list(edits(made.rows, Random(seed)))
        for edit, rows in Random(seed).sample(possible, min(3, len(possible))):
            try:
                twin = edited(before, [Edit.model_validate(edit)])
            except ReachError:
                continue
            mine = told(twin, Random(seed))
            fresh = told(Network(seed, rows, made.broken).world(), Random(seed))
            of_kind[edits.__name__] += 1
            differ[edits.__name__] += mine != told(before, Random(seed))
            if mine != fresh:
                wrong = {pair: (mine[pair], fresh[pair]) for pair in mine if mine[pair] != fresh[pair]}
                found.append(f"network {seed}, {edit}: {wrong}\n  {again(seed, 'test_edited_rows.py')}")
    return found


@seeds(networks=48, chunk=12)
def test_an_edited_snapshot_is_the_one_of_the_edited_rows(seeds: range) -> None:
    of_kind: Counter[str] = Counter()
    differ: Counter[str] = Counter()
    assert_none([one for seed in seeds for one in tried(seed, of_kind, differ)])
    if len(seeds) > 10:
        assert len(of_kind) > 5
        assert len(differ) > 3
