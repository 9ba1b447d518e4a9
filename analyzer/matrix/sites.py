"""Networks behind VPNs, Direct Connect and the like as sources: no interface of the snapshot is there, and they may send anything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from ..engine.relation import Row
from ..models.endpoint import Endpoint
from ..models.packet import EVERY_SERVICE
from ..models.snapshot import Snapshot
from ..models.table import INTERNET
from ..reach import Flows
from ..related import Related, judged_rows
from ..select import select
from ..select.selection import Selection, endpoints
from ..sources import networks_outside


class WithSites:
    """A relation with the networks outside as the last source; as targets nobody knows what becomes of packets there."""

    def __init__(self, made: Related, world: Snapshot, sites: Sequence[Endpoint]) -> None:
        self._made, self._world, self._sites = made, world, sites
        self.sources: Sequence[str] = (*made.sources, *(one.id for one in sites))
        self.targets: Sequence[str] = made.targets

    def members(self, endpoint: str) -> Sequence[str]:
        """Return the ids of a class's interfaces; a site is itself."""
        return (endpoint,) if any(one.id == endpoint for one in self._sites) else self._made.members(endpoint)

    def rows(self, targets: Iterable[str]) -> Iterator[Row]:
        """Yield what reaches these targets."""
        for name in targets:
            yield from self._made.rows([name])
            target = self._ends[self._made.members(name)[0]]
            for number, site in enumerate(self._sites, len(self._made.sources)):
                yield from judged_rows(name, 1 << number, self._flows.of(site, target))

    @cached_property
    def _flows(self) -> Flows:
        return Flows(self._world, self._sites, list(self._ends.values()), EVERY_SERVICE, there_only=True)

    @cached_property
    def _ends(self) -> dict[str, Endpoint]:
        """An endpoint for the first member of each target: what is true of it is true of the others."""
        ids = frozenset(self._made.members(name)[0] for name in self.targets) - {INTERNET.resource}
        return {one.id: one for one in (*endpoints(Selection(ids), self._world), *select(INTERNET.resource, self._world))}


def with_sites(made: Related, world: Snapshot) -> Related:
    """Return a relation with the networks outside as sources; the relation itself where there are none."""
    sites = networks_outside(world)
    return WithSites(made, world, sites) if sites else made
