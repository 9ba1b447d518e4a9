"""Very many broken pairs told together: those whose targets carry the same groups, which is where most of them are mended."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import reduce
from hashlib import blake2b
from itertools import islice
from operator import or_

import msgspec

from ..models.endpoint import Endpoint
from ..models.packet import IntervalSet, union
from ..models.snapshot import Snapshot
from ..models.verdict import Verdict, any_of
from ..reach import Flows
from .parts import Exemption
from .relations import Block, Named, Related
from .whole import Exempt


class Crowd(msgspec.Struct, frozen=True):
    """What passes from some sources to targets that carry the same `groups`: between how many pairs, how surely, and one of them.

    `digest` stands for who they are and what passes: it is the same in every run for the same ones.
    """

    flows: Flows
    source: Endpoint
    target: Endpoint
    groups: tuple[str, ...]
    sources: int
    targets: int
    pairs: int
    verdict: Verdict
    sure: IntervalSet
    doubtful: IntervalSet
    digest: str
    ignored: tuple[Exemption, ...] = ()


class Known(msgspec.Struct, frozen=True):
    """A broken pair as the relation knows it; which packets pass is found when somebody wants to see them.

    `exempt` are the exemptions that its packets are left with.
    """

    flows: Flows
    source: Endpoint
    target: Endpoint
    verdict: Verdict
    sure: IntervalSet
    doubtful: IntervalSet
    exempt: tuple[Exemption, ...]
    ignored: tuple[Exemption, ...] = ()


class _Senders(msgspec.Struct, frozen=True):
    """The selected sources behind some bits, by id, and a number that stands for who they are, whatever their order."""

    every: dict[str, Endpoint]
    digest: int


class Crowds:
    """The crowds of blocks between some sources and targets, by the names that the relation has for them."""

    def __init__(
        self,
        world: Snapshot,
        related: Related,
        sources: Named,
        targets: Named,
        closed: frozenset[str] = frozenset(),
        closed_back: frozenset[str] = frozenset(),
    ) -> None:
        """Tell crowds of a relation in which no request passes `closed` resources, and no reply `closed_back` ones."""
        self._world, self._related, self._closed, self._closed_back = world, related, closed, closed_back
        self._sources, self._targets = sources, targets
        self._known: dict[int, _Senders] = {}

    def more_than(self, pairs: int, blocks: Iterable[Block]) -> bool:
        """Return whether blocks are of more pairs than so many, those in several of them counted for each."""
        every = 0
        for one in blocks:
            every += len(self._of(one.sources).every) * sum(len(self._targets[name]) for name in one.targets)
            if every > pairs:
                return True
        return False

    def of(self, blocks: list[Block], exempt: Exempt) -> Iterator[Crowd]:
        """Yield the crowds of some blocks, those of what is only ignored after the others."""
        counting = self._by_target(exempt.ignored(blocks))
        yield from self._told(counting, ())
        if exempt.ignoring:
            yield from self._told(_besides(self._by_target(blocks), counting), exempt.ignoring)

    def _by_target(self, blocks: Iterable[Block]) -> dict[str, list[Block]]:
        """Return the blocks of each target; nobody is a pair with himself."""
        found: dict[str, dict[tuple[IntervalSet, Verdict], int]] = {}
        for one in blocks:
            for name in one.targets:
                ids = [each.id for each in self._targets[name]]
                alone = len(ids) == 1 and ids == [each.id for each in self._sources.get(name, ())]
                sources = one.sources & ~self._related.bits([name]) if alone else one.sources
                if sources:
                    alike = found.setdefault(name, {})
                    alike[one.services, one.verdict] = alike.get((one.services, one.verdict), 0) | sources
        return {name: [Block(bits, (name,), *key) for key, bits in alike.items()] for name, alike in found.items()}

    def pairs(self, blocks: list[Block], exempt: Exempt, services: IntervalSet) -> Iterator[Known]:
        """Yield the pairs of some blocks one by one, by target; those that are only ignored after the others."""
        counting = self._by_target(exempt.ignored(blocks))
        yield from self._each(counting, exempt, services, ())
        if exempt.ignoring:
            yield from self._each(_besides(self._by_target(blocks), counting), exempt, services, exempt.ignoring)

    def _each(
        self, found: dict[str, list[Block]], exempt: Exempt, services: IntervalSet, ignored: tuple[Exemption, ...]
    ) -> Iterator[Known]:
        every = tuple(one.exemption for one in exempt.whole)
        for name, blocks in found.items():
            senders = {id: one for each in blocks for id, one in self._of(each.sources).every.items()}
            for target in self._targets[name]:
                for source in senders.values():
                    if source.id == target.id:
                        continue
                    mine = [one for one in blocks if source.id in self._of(one.sources).every]
                    sure, doubtful, verdict = _passing(mine)
                    flows = self._flows(source, target, services)
                    yield Known(flows, source, target, verdict, sure, doubtful, every, ignored)

    def _told(self, found: dict[str, list[Block]], ignored: tuple[Exemption, ...]) -> Iterator[Crowd]:
        together: dict[tuple[str, ...], list[str]] = {}
        for name in found:
            together.setdefault(self._groups(name), []).append(name)
        for groups, names in sorted(together.items()):
            yield self._crowd(groups, {name: found[name] for name in sorted(names)}, ignored)

    def _crowd(self, groups: tuple[str, ...], found: dict[str, list[Block]], ignored: tuple[Exemption, ...]) -> Crowd:
        senders = {name: reduce(or_, [one.sources for one in blocks]) for name, blocks in found.items()}
        every = [one for blocks in found.values() for one in blocks]
        sure, doubtful, verdict = _passing(every)
        source, target = next(ends for one in every if one.verdict is verdict for ends in self._ends(one))
        told = [f"{verdict} {tuple(sure)} {tuple(doubtful)}"]
        told += [f"{one.id} {self._of(senders[name]).digest}" for name in found for one in self._targets[name]]
        return Crowd(
            flows=self._flows(source, target, sure | doubtful),
            source=source,
            target=target,
            groups=groups,
            sources=len(self._of(reduce(or_, senders.values())).every),
            targets=sum(len(self._targets[name]) for name in found),
            pairs=sum(self._pairs(name, bits) for name, bits in senders.items()),
            verdict=verdict,
            sure=sure,
            doubtful=doubtful,
            digest=_digest(told),
            ignored=ignored,
        )

    def _flows(self, source: Endpoint, target: Endpoint, services: IntervalSet) -> Flows:
        closed, closed_back = self._closed, self._closed_back
        return Flows(self._world, [source], [target], services, there_only=True, closed=closed, closed_back=closed_back)

    def _pairs(self, name: str, bits: int) -> int:
        """Return how many pairs there are to the targets of a name."""
        selves = self._sources.get(name, []) if bits & self._related.bits([name]) else []
        own = {one.id for one in self._targets[name]}
        return len(self._of(bits).every) * len(own) - sum(one.id in own for one in selves)

    def _ends(self, block: Block) -> Iterator[tuple[Endpoint, Endpoint]]:
        """Yield some pairs of a block."""
        targets = (one for name in block.targets for one in self._targets[name])
        near = list(islice(self._of(block.sources).every.values(), 2))
        yield from ((source, target) for target in targets for source in near if source.id != target.id)

    def _of(self, bits: int) -> _Senders:
        if bits not in self._known:
            every = [one for name in self._related.names(bits) for one in self._sources.get(name, ())]
            found = {one.id: one for one in every}
            self._known[bits] = _Senders(found, sum(map(self._related.number, found)))
        return self._known[bits]

    def _groups(self, name: str) -> tuple[str, ...]:
        """Return the groups that a target carries, in order; its subnet where it has none."""
        interface = self._world.find("network_interface", self._targets[name][0].id)
        if interface is None:
            return (name,)
        return tuple(sorted(interface.group_ids)) or (interface.subnet_id or name,)


def _passing(blocks: list[Block]) -> tuple[IntervalSet, IntervalSet, Verdict]:
    """Return what surely passes of some blocks, what perhaps, and how surely anything does."""
    sure = union(one.services for one in blocks if one.verdict is Verdict.REACHABLE)
    return sure, union(one.services for one in blocks) - sure, any_of(one.verdict for one in blocks)


def _besides(found: dict[str, list[Block]], counting: dict[str, list[Block]]) -> dict[str, list[Block]]:
    """Return the blocks without the pairs of which something counts."""
    left: dict[str, list[Block]] = {}
    for name, blocks in found.items():
        gone = reduce(or_, [one.sources for one in counting.get(name, ())], 0)
        rest = [msgspec.structs.replace(one, sources=one.sources & ~gone) for one in blocks if one.sources & ~gone]
        if rest:
            left[name] = rest
    return left


def _digest(texts: Iterable[str]) -> str:
    return blake2b("\0".join(texts).encode("utf-8", "replace"), digest_size=16).hexdigest()
