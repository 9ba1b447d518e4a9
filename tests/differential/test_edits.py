"""What edits may do to answers, on random networks: what allows more never closes, what denies more never opens."""

from __future__ import annotations

from random import Random

import msgspec

from analyzer.models.packet import EVERY_SERVICE, IntervalSet, union
from analyzer.models.snapshot import Snapshot
from analyzer.models.verdict import Verdict
from analyzer.reach import Flows, Judgement

from .networks import Network, network
from .questions import endpoints
from .rows import Row, entry, permission
from .runs import again, assert_none, seeds

RANK = {Verdict.BLOCKED: 0, Verdict.UNKNOWN: 1, Verdict.CONDITIONAL: 1, Verdict.REACHABLE: 2}
SERVICES = (("-1", None, None), ("tcp", 443, 443), ("tcp", 0, 65535), ("udp", 0, 65535), ("icmp", -1, -1))
V4_BLOCKS = ("0.0.0.0/0", "10.0.0.0/16", "10.0.0.64/26", "54.0.0.0/9", "8.8.8.0/24")
V6_BLOCKS = ("::/0", "2600:1f00::/40", "fd00::/16")
Pairs = dict[tuple[str, str], Judgement]


def judged(world: Snapshot, random: Random) -> Pairs:
    """Return the judgements of some pairs of a network, the same for the same random numbers."""
    every = endpoints(world)
    sources, targets = (random.sample(every, min(2, len(every))) for _ in range(2))
    asked = Flows(world, sources, targets, EVERY_SERVICE)
    return {(one.id, other.id): asked.of(one, other) for one in sources for other in targets if one.id != other.id}


def edited(made: Network, kind: str, random: Random, member: str, new: Row) -> Network | None:
    """Return the network with a new entry in a list of one of its rows of a kind; None when it has no such row."""
    places = [number for number, (one, _) in enumerate(made.rows) if one == kind]
    if not places:
        return None
    rows = list(made.rows)
    at = random.choice(places)
    rows[at] = (kind, {**rows[at][1], member: [*rows[at][1][member], new]})
    return msgspec.structs.replace(made, rows=rows)


def changes(seeds: range, kind: str, opens: bool) -> list[str]:
    """Return the pairs that became less reachable by a rule that allows, or more by one that denies."""
    found = []
    for seed in seeds:
        random = Random(seed)
        made = network(seed)
        protocol, low, high = random.choice(SERVICES)
        blocks = random.sample(V4_BLOCKS, 1) + random.sample(V6_BLOCKS, 1)
        for egress in (False, True):
            if opens:
                member = "IpPermissionsEgress" if egress else "IpPermissions"
                new = permission(protocol, low, high, blocks)
            else:
                member, new = "Entries", entry(0, egress, "deny", protocol, low, high, random.choice(blocks))
            after = edited(made, kind, random, member, new)
            if after is None:
                continue
            pairs = (judged(one.world(), Random(seed)) for one in ((made, after) if opens else (after, made)))
            less, more = pairs
            found += [
                f"network {seed}, {kind} {member} with {new}: {one} to {other} {less[one, other].verdict} < "
                f"{more[one, other].verdict}\n  {again(seed, 'test_edits.py')}"
                for one, other in less
                if not _at_most(less[one, other], more[one, other])
            ]
    return found


def _at_most(less: Judgement, more: Judgement) -> bool:
    """Return whether all that passes, surely or perhaps, passes in the other judgement too."""
    return RANK[less.verdict] <= RANK[more.verdict] and less.services <= more.services and _possible(less) <= _possible(more)


def _possible(judgement: Judgement) -> IntervalSet:
    return union(one.services for one in judgement.found if one.verdict is not Verdict.BLOCKED)


@seeds(networks=200, chunk=25)
def test_a_rule_that_allows_more_never_closes(seeds: range) -> None:
    assert_none(changes(seeds, "security_group", opens=True))


@seeds(networks=200, chunk=25)
def test_an_entry_that_denies_first_never_opens(seeds: range) -> None:
    assert_none(changes(seeds, "network_acl", opens=False))
