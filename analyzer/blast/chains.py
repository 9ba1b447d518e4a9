"""From hops over sets to resources: how deep each is, how surely, and by which way. Both senses, away from a start and towards it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum
from functools import cached_property

import msgspec

from ..models.blast import Sooner, Step
from ..models.packet import union
from ..models.service import service_text
from ..models.table import INTERNET
from ..models.verdict import SURENESS, Verdict
from .closure import Waves, inward, outward
from .hosts import Hosts
from .senders import LEVELS, Senders


class Sense(Enum):
    """Whether hops lead away from where one starts, or towards it."""

    OUTWARD = "outward"
    INWARD = "inward"


class Met(msgspec.Struct, frozen=True):
    """A resource that is met: at which interface, by how many hops, and how surely."""

    resource: str
    id: str
    depth: int
    verdict: Verdict
    sooner: Sooner | None = None


class Chains:
    """Whom a start reaches hop after hop, or who reaches it; `start` are ids, which are not met themselves."""

    def __init__(self, senders: Senders, hosts: Hosts, start: Sequence[str], sense: Sense, most: int | None = None) -> None:
        self.senders, self.hosts, self.sense = senders, hosts, sense
        self._start = dict.fromkeys(start)
        self._most = most
        self._waves: dict[Verdict, Waves] = {}
        self._depths: dict[Verdict, dict[str, int]] = {}
        self._entries: dict[Verdict, dict[str, str]] = {}

    # ------------------------------------------------------------------ how deep
    def waves(self, level: Verdict) -> Waves:
        """Return what each hop brings where every hop must be as sure as `level`."""
        at = LEVELS.index(level)
        if level not in self._waves and at and not self.senders.tells(level):
            self._waves[level] = self.waves(LEVELS[at - 1])
        if level not in self._waves:
            start = 0
            for id in self._start:
                start |= self.senders.bits.get(self.senders.name_of.get(id, ""), 0)
            if self.sense is Sense.OUTWARD:
                self._waves[level] = outward(
                    lambda bits: self.senders.reached_from(bits, at), start, self.hosts.taken, self._most
                )
            else:
                self._waves[level] = inward(lambda bits: self._senders_of(bits, at), start, self.hosts.taken, self._most)
        return self._waves[level]

    def _senders_of(self, bits: int, at: int) -> int:
        found = 0
        for name in self.senders.named(bits):
            found |= self.senders.levels(name)[at]
        return found

    def depths(self, level: Verdict) -> dict[str, int]:
        """Return the number of hops to each interface that is met, the start's own hosts left out."""
        if level not in self._depths:
            mine = {self.hosts.of(id).host for id in self._start}
            found: dict[str, int] = {}
            for depth, bits in enumerate(self.waves(level).met):
                for name in self.senders.named(bits):
                    for id in self.senders.members(name):
                        # A name may come again, by another of its addresses.
                        if self.hosts.of(id).host not in mine:
                            found.setdefault(id, depth)
            self._depths[level] = found
        return self._depths[level]

    def entries(self, level: Verdict) -> dict[str, str]:
        """Return for each host the interface at which it is met first."""
        if level not in self._entries:
            found: dict[str, str] = {}
            depths = self.depths(level)
            for id in sorted(depths, key=lambda id: (depths[id], id)):
                found.setdefault(self.hosts.of(id).host, id)
            self._entries[level] = found
        return self._entries[level]

    @cached_property
    def met(self) -> list[Met]:
        """Every resource that is met, the start's own left out: the nearest first, of these the surest, in order of id."""
        start = {self.hosts.of(id).resource for id in self._start}
        found: dict[str, Met] = {}
        for level in LEVELS:
            for id, depth in sorted(self.depths(level).items(), key=lambda one: (one[1], one[0])):
                resource = self.hosts.of(id).resource
                known = found.get(resource)
                if known is None and resource not in start:
                    found[resource] = Met(resource, id, depth, level)
                elif known is not None and depth < (known.sooner.depth if known.sooner else known.depth):
                    found[resource] = msgspec.structs.replace(known, sooner=Sooner(depth=depth, verdict=level))
        return sorted(found.values(), key=lambda one: (one.depth, SURENESS.index(one.verdict), one.resource))

    @property
    def count(self) -> int:
        """How many resources are met, the internet left out."""
        return sum(1 for one in self.met if one.resource != INTERNET.resource)

    # ------------------------------------------------------------------ by which way
    def way(self, id: str, level: Verdict) -> list[Step]:
        """Return the hops between the start and an interface that is met, from the source to the target."""
        steps = list(self._steps(id, level))
        return steps if self.sense is Sense.INWARD else steps[::-1]

    def _steps(self, id: str, level: Verdict) -> Iterator[Step]:
        depth = self.depths(level)[id]
        while depth:
            depth -= 1
            near = self._near(id, depth, level)
            yield self.step(*((near, id) if self.sense is Sense.OUTWARD else (id, near)))
            if depth:
                id = self.entries(level)[self.hosts.of(near).host]

    def _near(self, id: str, depth: int, level: Verdict) -> str:
        """Return the interface, `depth` hops from the start, that is one hop from another one."""
        at, held, name = LEVELS.index(level), self.waves(level).held[depth], self.senders.name_of[id]
        if self.sense is Sense.OUTWARD:
            names = self.senders.named(self.senders.levels(name)[at] & held)
        else:
            own = self.senders.bits[name]
            names = (one for one in self.senders.named(held) if self.senders.levels(one)[at] & own)
        return next(one for near in names for one in self.senders.members(near) if one != id and self._is_at(one, depth, level))

    def _is_at(self, id: str, depth: int, level: Verdict) -> bool:
        if not depth:
            return id in self._start
        entry = self.entries(level).get(self.hosts.of(id).host)
        return entry is not None and self.depths(level)[entry] == depth and self.hosts.holds(id)

    def step(self, source: str, target: str) -> Step:
        """Return one hop, with the services that it has under its surest verdict."""
        bits = self.senders.bits[self.senders.name_of[source]]
        rows = [row for row in self.senders.rows(self.senders.name_of[target]) if row.sources & bits]
        verdict = min((row.verdict for row in rows), key=SURENESS.index)
        services = service_text(union(row.services for row in rows if row.verdict is verdict))
        return Step(source=source, target=target, verdict=verdict, services=services)
