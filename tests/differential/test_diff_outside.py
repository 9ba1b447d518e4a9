"""Whatever changes between an interface and an address outside is in a row of the difference, on random networks with an edit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import deepcopy
from random import Random

import msgspec

from analyzer.diff import difference
from analyzer.edit import edited
from analyzer.edit.file import Edit
from analyzer.models.difference import Difference
from analyzer.models.endpoint import Endpoint
from analyzer.models.errors import ReachError
from analyzer.models.packet import EVERY_SERVICE, IntervalSet, prefix, union
from analyzer.models.service import parse_services
from analyzer.models.snapshot import Snapshot
from analyzer.models.verdict import SURENESS, Verdict
from analyzer.reach import Flows

from . import edited_rows
from .networks import Network, network
from .questions import interfaces
from .rows import permission
from .runs import again, assert_none, seeds

# What groups let through before and after: none is a part of the other, or both are of one network outside.
BLOCKS = (
    ("8.8.8.0/24", "0.0.0.0/0"),
    ("8.8.0.0/16", "9.0.0.0/8"),
    ("172.30.1.0/24", "172.30.0.0/16"),
    ("10.8.0.0/16", "172.30.1.0/24"),
)
FAR = ("8.8.8.8", "9.9.9.9", "54.77.1.1", "172.30.1.5", "10.8.0.9", "2600::1")


def regrouped(made: Network, blocks: Sequence[str], random: Random) -> Network:
    """Return the network with groups that let all of a block in and out, which is one of some."""
    rows = deepcopy(made.rows)
    for kind, row in rows:
        if kind == "security_group":
            block = random.choice(blocks)
            row["IpPermissions"] = row["IpPermissionsEgress"] = [permission("tcp", 443, 443, [block])]
    return msgspec.structs.replace(made, rows=rows)


def twins(seed: int) -> Iterator[tuple[Snapshot, Snapshot]]:
    """Yield snapshots before and after a change."""
    made, random = network(seed), Random(seed)
    for blocks in BLOCKS:
        yield regrouped(made, blocks[:1], random).world(), regrouped(made, blocks, random).world()
    old = made.world()
    for part in edited_rows.EDITS:
        for edit, _ in list(part(made.rows, random))[:1]:
            try:
                yield old, edited(old, [Edit.model_validate(edit)])
            except ReachError:
                continue


def asked(world: Snapshot, near: list[Endpoint], far: list[Endpoint]) -> dict[tuple[str, str], list[tuple[Verdict, IntervalSet]]]:
    """Return what passes each way between some interfaces and some addresses, by verdict."""
    found = {}
    for sources, targets in ((near, far), (far, near)):
        flows = Flows(world, sources, targets, EVERY_SERVICE, there_only=True)
        for one in sources:
            for other in targets:
                pieces = flows.of(one, other).found
                levels = [union(each.services for each in pieces if each.verdict in SURENESS[: at + 1]) for at in range(3)]
                found[one.id, other.id] = list(zip(SURENESS, levels, strict=False))
    return found


def told(found: Difference, near: str, outward: bool, opened: bool, service: int) -> bool:
    """Return whether some row is about an interface and what lies outside, on a service, that opened or closed."""
    for one in found.opened if opened else found.closed:
        mine, others = (one.sources, one.targets) if outward else (one.targets, one.sources)
        groups = {each.id for each in mine}
        outside = {each.id for each in others} & {"internet", "networks outside"}
        known = near in groups or one.grain != "interface"
        if outside and known and service in parse_services(",".join(one.services)):
            return True
    return False


def missed(seed: int) -> list[str]:
    random, found = Random(seed), list[str]()
    for number, (old, new) in enumerate(twins(seed)):
        owned = union(
            [
                *(vpc.addresses for vpc in old.all("vpc")),
                *(one for world in (old, new) for one in world.public_addresses().values()),
            ]
        )
        far = [Endpoint(text, "address", prefix(text)) for text in FAR if not prefix(text) & owned]
        near = random.sample(interfaces(old), min(3, len(interfaces(old))))
        lost = _lost(old, new, near, far)
        found += [f"network {seed}, change {number}: {one}, {again(seed, 'test_diff_outside.py')}" for one in lost]
    return found


def _lost(old: Snapshot, new: Snapshot, near: list[Endpoint], far: list[Endpoint]) -> Iterator[str]:
    found, ids = difference(old, new), {one.id for one in near}
    before, after = asked(old, near, far), asked(new, near, far)
    for (source, target), was in before.items():
        outward = source in ids
        for (level, had), (_, has) in zip(was, after[source, target], strict=True):
            for opened, changed in ((True, has - had), (False, had - has)):
                if changed and not told(found, source if outward else target, outward, opened, changed.smallest()):
                    yield f"{source} to {target} {level} {changed}"


@seeds(networks=16, chunk=4)
def test_no_change_with_an_address_outside_is_lost(seeds: range) -> None:
    assert_none([one for seed in seeds for one in missed(seed)])
