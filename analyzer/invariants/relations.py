"""The relation of a whole snapshot, made when an invariant needs it, and what it says of some senders on some services."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from hashlib import blake2b

import msgspec

from ..engine.factored import Factored, Reached
from ..engine.relation import Relation, relation
from ..engine.units import bits_of, numbers_in
from ..models.endpoint import Endpoint
from ..models.packet import IntervalSet
from ..models.snapshot import Snapshot
from ..models.verdict import Verdict
from ..related import verdict_on

# Of less than one target in so many what comes to them is looked up, else what the sources reach.
FEW = 8
# Endpoints by the names that the relation has for them: interfaces that no line tells apart have one name.
Named = dict[str, list[Endpoint]]


class Block(msgspec.Struct, frozen=True):
    """Each of some sources, as bits, reaches each of some targets, by name, itself left out, on these services."""

    sources: int
    targets: tuple[str, ...]
    services: IntervalSet
    verdict: Verdict

    def without(self, sources: int, targets: frozenset[str] | None, services: IntervalSet) -> Iterator[Block]:
        """Yield what is left when some services are taken out, of sources as bits, and of targets by name (None: all of them)."""
        there = self.targets if targets is None else tuple(name for name in self.targets if name in targets)
        if not (self.sources & sources and there and self.services & services):
            yield self
            return
        elsewhere = () if targets is None else tuple(name for name in self.targets if name not in targets)
        if self.sources & ~sources:
            yield msgspec.structs.replace(self, sources=self.sources & ~sources)
        if elsewhere:
            yield msgspec.structs.replace(self, sources=self.sources & sources, targets=elsewhere)
        if self.services - services:
            yield Block(self.sources & sources, there, self.services - services, self.verdict)


class Related:
    """Who is not surely blocked from whom; kept for one check."""

    def __init__(self, world: Snapshot, make: Callable[[], Factored] | None = None) -> None:
        self.world = world
        self._make = make
        self._past: dict[tuple[frozenset[str], frozenset[str]], Related] = {}
        self._ids: dict[str, int] = {}

    @property
    def made(self) -> bool:
        """Whether the relation is there already: then it is asked about few pairs, too."""
        return "kept" in vars(self)

    @cached_property
    def kept(self) -> Factored:
        """The relation by its senders, made once."""
        return self._make() if self._make is not None else Factored(relation(self.world))

    def past(self, closed: frozenset[str], closed_back: frozenset[str] = frozenset()) -> Related:
        """Return who is not surely blocked from whom where no request passes `closed` resources, and no reply `closed_back` ones."""
        if not (closed or closed_back):
            return self
        key = closed, closed_back
        if key not in self._past:
            self._past[key] = Related(self.world, lambda: Factored(relation(self.world, *key)))
        return self._past[key]

    @property
    def relation(self) -> Relation:
        """The relation of the snapshot."""
        return self.kept.relation

    @cached_property
    def name_of(self) -> dict[str, str]:
        """The name under which the relation tells of an interface, by id; the internet is its own."""
        made = self.relation
        return {id: name for name in dict.fromkeys([*made.sources, *made.targets]) for id in made.members(name)}

    @cached_property
    def _numbers(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for number, name in enumerate(self.relation.sources):
            found.setdefault(name, []).append(number)
        return found

    def number(self, id: str) -> int:
        """Return a number that an interface has in every run."""
        if id not in self._ids:
            self._ids[id] = int.from_bytes(blake2b(id.encode("utf-8", "replace"), digest_size=16).digest())
        return self._ids[id]

    def bits(self, names: Iterable[str]) -> int:
        """Return the bits of some names as sources."""
        return bits_of(number for name in names for number in self._numbers.get(name, ()))

    def named(self, endpoints: Iterable[Endpoint]) -> tuple[Named, list[Endpoint]]:
        """Return the endpoints that the relation tells of, by their names there, and the others."""
        known: Named = {}
        others: list[Endpoint] = []
        for one in endpoints:
            name = self.name_of.get(one.id) if one.interface or one.kind == "internet" else None
            if name is None:
                others.append(one)
            else:
                known.setdefault(name, []).append(one)
        return known, others

    def names(self, bits: int) -> Iterable[str]:
        """Return the names of some bits, each once."""
        sources = self.relation.sources
        return dict.fromkeys(sources[number] for number in numbers_in(bits))

    def blocks(self, sources: int, targets: Iterable[str], asked: IntervalSet) -> Iterator[Block]:
        """Yield which of some sources reach which of some targets, by name, on some services; what is in no block is blocked.

        Not for a snapshot that lacks whole kinds: there nothing is surely blocked.
        """
        every, wanted = self.relation.targets, {self._places[name] for name in targets if name in self._places}
        few = len(wanted) * FEW < len(every)
        for senders, reached in self.kept.coming_to(wanted) if few else self.kept.reaching(sources):
            near = senders & sources
            for one in reached if near else ():
                on = one.services & asked
                for verdict, names in self._told(one, asked, [every[at] for at in one.targets if at in wanted] if on else []):
                    yield Block(near, tuple(names), on, verdict)

    @cached_property
    def _places(self) -> dict[str, int]:
        return {name: at for at, name in enumerate(self.relation.targets)}

    @staticmethod
    def _told(one: Reached, asked: IntervalSet, names: list[str]) -> Iterable[tuple[Verdict, list[str]]]:
        found: dict[Verdict, list[str]] = {}
        for name in names:
            found.setdefault(verdict_on(name, asked, one.verdict), []).append(name)
        return found.items()
