"""How far an intruder comes, hop after hop: `blast_radius`. Every interface that is reached is taken."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import pairwise

import msgspec

from ..blast.hosts import host_of
from ..models.endpoint import Endpoint
from ..models.errors import QuestionError
from ..models.packet import NOTHING, IntervalSet
from ..models.snapshot import Snapshot
from ..models.table import INTERNET
from ..models.verdict import Verdict, all_of
from ..reach import Flows
from .bans import Broken
from .model import Invariant, Radius
from .parts import Exemption, selected, services
from .relations import Related


class Far(msgspec.Struct, frozen=True):
    """What is not as an invariant demands: the last hop to it, and who is taken on the way, the source first.

    `verdict` is that of all hops together. `reached` are the ids of all resources that are reached, where their number is too high.
    """

    last: Broken
    way: tuple[str, ...]
    source: Endpoint
    verdict: Verdict
    reached: tuple[str, ...] = ()


class Hops:
    """Who is reached from an endpoint on some services, by number of hops; what is not surely blocked is reached."""

    def __init__(self, world: Snapshot, source: Endpoint, asked: IntervalSet, related: Related) -> None:
        self.world, self.source, self.asked, self._related = world, source, asked, related
        self.depth: dict[str, int] = {}
        self.parent: dict[str, str] = {}
        self._spread()

    def _spread(self) -> None:
        """Take host after host; those that no line tells apart are one class, and send alike."""
        made, bits, rows = self._related.relation, self._related.bits, self._related.senders(self.asked)
        frontier = {name: self.source.id for name in bits if self.source.id in made.members(name)} or {"": self.source.id}
        frontier.update(self._beside(self.source.id, 0))
        held, depth = 0, 0
        for name in frontier:
            held |= bits.get(name, 0)
        while frontier:
            depth += 1
            near = 0
            for name in frontier:
                near |= bits.get(name, 0)
            taken: dict[str, str] = {}
            for name, sources in rows.items():
                met = sources & near
                news = [id for id in made.members(name) if id not in self.depth and id != self.source.id] if met else []
                if not news:
                    continue
                parent = frontier[next(one for one in frontier if bits.get(one, 0) & met)]
                self.depth.update(dict.fromkeys(news, depth))
                self.parent.update(dict.fromkeys(news, parent))
                # Whoever takes the internet has not taken a host: anybody is there already.
                if name != INTERNET.resource and not bits.get(name, 0) & held:
                    taken[name] = news[0]
            for first in list(taken.values()):
                beside = self._beside(first, held)
                taken.update({name: id for name, id in beside.items() if name not in taken})
            for name in taken:
                held |= bits.get(name, 0)
            frontier = taken

    def _beside(self, id: str, held: int) -> dict[str, str]:
        """Return the other interfaces of a host, which falls with all of them, by name; without those that are held already."""
        host, bits = host_of(id, self.world).host, self._related.bits
        others = self._by_host.get(host, set()) - {id}
        found: dict[str, str] = {}
        for name in bits if others else ():
            mine = sorted(others & set(self._related.relation.members(name)))
            if mine and not bits[name] & held:
                found[name] = mine[0]
                self.parent.setdefault(mine[0], id)
        return found

    @cached_property
    def _by_host(self) -> dict[str, set[str]]:
        """The interfaces of hosts that have several."""
        found: dict[str, set[str]] = {}
        for one in self.world.all("network_interface"):
            found.setdefault(host_of(one.id, self.world).host, set()).add(one.id)
        return {host: ids for host, ids in found.items() if len(ids) > 1}

    @property
    def resources(self) -> tuple[str, ...]:
        """The ids of the resources that are reached, the source's own and the internet left out."""
        found = {self._owner(id) for id in self.depth if id != INTERNET.resource}
        return tuple(sorted(found - {self._owner(self.source.id)}))

    def _owner(self, id: str) -> str:
        owner = self.world.owner(id) if self.world.find("network_interface", id) is not None else None
        return owner.id if owner is not None else id

    def way(self, id: str) -> tuple[str, ...]:
        """Return who is taken on the way to an endpoint, the source first and the endpoint last."""
        way = [id]
        while way[-1] in self.parent:
            way.append(self.parent[way[-1]])
        return tuple(reversed(way))


def too_far(world: Snapshot, invariant: Invariant, exempt: Sequence[Exemption], related: Related) -> Iterator[Far]:
    """Yield what an intruder reaches that he must not, one source after the other; exemptions are about sources and targets."""
    demanded = invariant.blast_radius
    assert demanded is not None
    asked = services(demanded.on)
    targets = _targets(demanded, world)
    for source in _known(selected(demanded.source, world), "from", world):
        hops = Hops(world, source, asked, related)
        for target in targets:
            if target.id != source.id and target.id in hops.depth:
                yield from _far(world, hops, source, target, exempt)
        if demanded.at_most is not None and len(hops.resources) > demanded.at_most:
            farthest = max(sorted(id for id in hops.depth if id != INTERNET.resource), key=lambda id: hops.depth[id])
            (target,) = selected([farthest], world)
            for far in _far(world, hops, source, target, exempt):
                yield msgspec.structs.replace(far, reached=hops.resources)


def _targets(demanded: Radius, world: Snapshot) -> list[Endpoint]:
    return _known(selected(demanded.never, world), "never", world) if demanded.never is not None else []


def _known(endpoints: list[Endpoint], key: str, world: Snapshot) -> list[Endpoint]:
    for one in endpoints:
        if not one.interface and one.kind != "internet":
            what = f"hops are from interface to interface, and `{one.id[:60]}` of `{key}` is none"
            raise QuestionError(what, hint="name an interface, a resource that has one, or `internet`")
    return endpoints


def _far(world: Snapshot, hops: Hops, source: Endpoint, target: Endpoint, exempt: Sequence[Exemption]) -> Iterator[Far]:
    """Yield the target with the last hop to it, unless an exemption is about the two."""
    covering = [one for one in exempt if one.covers(source, target) and hops.asked <= one.services]
    if any(one.ignore is None for one in covering):
        return
    way = hops.way(target.id)
    chain = [source, *(selected([id], world)[0] for id in way[1:-1]), target]
    # From one interface of a host to another there is no hop.
    apart = [(one, other) for one, other in pairwise(chain) if host_of(one.id, world).host != host_of(other.id, world).host]
    made = [Flows(world, [one], [other], hops.asked, there_only=True) for one, other in apart]
    verdict = all_of(flows.of(flows.sources[0], flows.targets[0]).verdict for flows in made)
    judged = made[-1].of(chain[-2], target)
    sure = judged.services if judged.verdict is Verdict.REACHABLE else NOTHING
    doubtful = NOTHING if sure else hops.asked
    yield Far(Broken(made[-1], chain[-2], target, judged, sure, doubtful, tuple(covering)), way, source, verdict)
