"""What passes between groups of endpoints that somebody keeps apart: contexts, environments, networks with a firewall between them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import msgspec

from ..engine.factored import Factored
from ..engine.units import numbers_in
from ..invariants.via import places
from ..models.endpoint import Endpoint
from ..models.errors import QuestionError
from ..models.packet import NOTHING, IntervalSet
from ..models.snapshot import Snapshot
from ..models.table import INTERNET
from ..models.verdict import SURENESS, Verdict
from ..reach import Flows

# What of the services between two groups is worth telling: nothing for what may pass.
Wrong = Callable[[str, str, IntervalSet], IntervalSet]
# The group of an endpoint by its id; "" for one that does not count.
Label = Callable[[str], str]
# Between more networks it is not looked whether traffic passes the firewall.
MOST_NETWORKS = 400


class Crossing(msgspec.Struct, frozen=True):
    """What passes from one group to another though it should not: on which services, to whom, and one pair that shows it."""

    near: str
    far: str
    services: IntervalSet
    verdict: Verdict
    source: str
    target: str
    targets: tuple[str, ...]


class _Found:
    """What is found between two groups so far; `best` is the surest pair, by place in SURENESS."""

    def __init__(self) -> None:
        self.services = NOTHING
        self.best = (len(SURENESS), "", "")
        self.targets: set[str] = set()


class Crossings:
    """The flows of a relation between groups of its endpoints."""

    def __init__(self, kept: Factored, near: Label, far: Label) -> None:
        relation = kept.relation
        self._kept, self._near, self._far = kept, near, far
        self._groups: dict[str, int] = {}
        for number, name in enumerate(relation.sources):
            for label in {near(one) for one in relation.members(name)} - {""}:
                self._groups[label] = self._groups.get(label, 0) | 1 << number
        self._labels = [sorted({far(one) for one in relation.members(name)} - {""}) for name in relation.targets]

    def that_are(self, wrong: Wrong) -> Iterator[Crossing]:
        """Yield what passes from one group to another and is wrong, in order of groups."""
        found: dict[tuple[str, str], _Found] = {}
        known: dict[tuple[str, str, IntervalSet], IntervalSet] = {}
        for group, bits in sorted(self._groups.items()):
            for mine, reached in self._kept.reaching(bits):
                for one in reached:
                    for target, label in ((at, label) for at in one.targets for label in self._labels[at]):
                        key = (group, label, one.services)
                        if key not in known:
                            known[key] = wrong(*key)
                        if known[key]:
                            self._add(found.setdefault(key[:2], _Found()), key, mine, target, known[key], one.verdict)
        for (near, far), each in sorted(found.items()):
            sure, source, target_id = each.best
            if source:
                yield Crossing(near, far, each.services, SURENESS[sure], source, target_id, tuple(sorted(each.targets)))

    def _add(
        self, found: _Found, key: tuple[str, str, IntervalSet], mine: int, target: int, services: IntervalSet, verdict: Verdict
    ) -> None:
        relation, (near, far, _) = self._kept.relation, key
        goals = [one for one in relation.members(relation.targets[target]) if self._far(one) == far]
        found.services |= services
        found.targets.update(goals)
        sure = SURENESS.index(verdict)
        if sure < found.best[0]:
            senders = (one for number in numbers_in(mine) for one in relation.members(relation.sources[number]))
            source = next((one for one in senders if one not in goals and self._near(one) == near), "")
            found.best = (sure, source, goals[0]) if source else found.best


# ---------------------------------------------------------------------- firewalls
def firewalls(world: Snapshot) -> frozenset[str]:
    """Return where packets pass firewalls: those of AWS, and what stands behind gateway load balancers."""
    found: frozenset[str] = frozenset()
    for word in ("firewall", "gwlb", "gateway_load_balancer_endpoint"):
        try:
            found |= places(word, world)
        except QuestionError:  # there is none of this kind
            continue
    return found


def uninspected(world: Snapshot, pairs: Sequence[Crossing], ends: Callable[[Iterable[str]], list[Endpoint]]) -> list[Crossing]:
    """Return the networks between which something passes no firewall, though both send other traffic through one.

    `pairs` are the networks between which anything passes, `ends` gives endpoints by id.
    """
    closed = firewalls(world)
    if not closed or len(pairs) > MOST_NETWORKS:
        return []
    past = {(one.near, one.far): one for one in pairs if _passes_without(world, one, closed, ends)}
    seen = {end for one in pairs if (one.near, one.far) not in past for end in (one.near, one.far)}
    return [one for one in past.values() if one.far in seen and one.near in seen | {INTERNET.resource}]


def _passes_without(
    world: Snapshot, one: Crossing, closed: frozenset[str], ends: Callable[[Iterable[str]], list[Endpoint]]
) -> bool:
    sources, targets = ends([one.source]), ends(one.targets)
    flows = Flows(world, sources, targets, one.services, there_only=True, closed=closed)
    return any(flows.of(source, target).verdict is Verdict.REACHABLE for source in sources for target in targets)
