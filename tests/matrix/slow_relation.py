"""Who may send what to whom, pair by pair over `reach.Flows`: small and slow, and what the relation of the engine is held against."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from analyzer.engine.relation import Row
from analyzer.models.endpoint import Endpoint
from analyzer.models.packet import NOTHING, IntervalSet, union
from analyzer.models.snapshot import Snapshot
from analyzer.models.verdict import SURENESS, Verdict
from analyzer.reach import Flows, Judgement
from analyzer.select import select


class SlowRelation:
    """The rows of one snapshot, made when they are asked for.

    Each interface is a class and a unit of its own, and so is the internet.
    """

    def __init__(self, world: Snapshot, services: IntervalSet) -> None:
        self._world = world
        self._services = services
        interfaces = [one for one in select("any", world) if one.interface] if world.all("network_interface") else []
        self._endpoints = {one.id: one for one in (*interfaces, *select("internet", world))}
        self.sources: Sequence[str] = tuple(self._endpoints)
        self.targets: Sequence[str] = self.sources

    def members(self, endpoint: str) -> Sequence[str]:
        """Return the ids of a class's interfaces; `internet` alone for the internet."""
        return (endpoint,)

    def rows(self, targets: Iterable[str]) -> Iterator[Row]:
        """Yield what reaches these targets, and on which services; what is blocked is left out."""
        for id in targets:
            target = self._endpoints[id]
            flows = Flows(self._world, list(self._endpoints.values()), [target], self._services)
            together: dict[tuple[IntervalSet, Verdict], int] = {}
            for number, source in enumerate(self._endpoints.values()):
                for verdict, services in _by_verdict(flows, source, target):
                    together[services, verdict] = together.get((services, verdict), 0) | 1 << number
            for (services, verdict), sources in together.items():
                yield Row(id, sources, services, verdict)


def _by_verdict(flows: Flows, source: Endpoint, target: Endpoint) -> Iterator[tuple[Verdict, IntervalSet]]:
    """Yield the services of one pair by verdict, the surest first; each service once."""
    judged: Judgement = flows.of(source, target)
    # Of a target that nobody knows where it stands the whole is less sure than its pieces.
    sure = any(one.verdict is judged.verdict for one in judged.found)
    told = NOTHING
    for verdict in SURENESS[:-1]:
        found = union(one.services for one in judged.found if one.verdict is verdict) - told
        told = told | found
        if found:
            yield verdict if sure else judged.verdict, found
    if flows.world.lacks and flows.services - told:
        yield Verdict.UNKNOWN, flows.services - told
