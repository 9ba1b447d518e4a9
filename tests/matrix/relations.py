"""Relations that are made up, and the matrix as its definition says it: member by member, pair by pair."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from random import Random

from analyzer.engine.relation import Row
from analyzer.matrix import Matrix
from analyzer.matrix.grain import grain, groups_of
from analyzer.matrix.plan import Related
from analyzer.models.matrix import VERDICTS, Group
from analyzer.models.packet import NOTHING, TCP, UDP, IntervalSet, services_of
from analyzer.models.service import service_text
from analyzer.models.snapshot import Snapshot

SERVICES = [services_of(TCP, 22, 22), services_of(TCP, 20, 30), services_of(TCP, 443, 443), services_of(UDP)]
Cell = tuple[Group, Group, str, tuple[str, ...]]


class MadeUp:
    """Random rows over random classes of the interfaces of a snapshot; some classes have two units."""

    def __init__(self, world: Snapshot, seed: int) -> None:
        random = Random(seed)
        ids = [one.id for one in world.all("network_interface")]
        random.shuffle(ids)
        self.classes: dict[str, list[str]] = {"internet": ["internet"]}
        while ids:
            mine, ids = ids[: random.randint(1, 4)], ids[4:]
            self.classes[min(mine)] = sorted(mine)
        units = [*self.classes, *random.choices(list(self.classes), k=4)]
        random.shuffle(units)
        self.sources = tuple(units)
        self.targets = tuple(self.classes)
        self.listed = [
            Row(target, random.getrandbits(len(units)), random.choice(SERVICES), random.choice(VERDICTS))
            for target in self.targets
            for _ in range(random.randint(0, 3))
        ]

    def members(self, endpoint: str) -> list[str]:
        return self.classes[endpoint]

    def rows(self, targets: Iterable[str]) -> Iterator[Row]:
        wanted = set(targets)
        return (row for row in self.listed if row.target in wanted)


def cells(matrix: Matrix, **options: object) -> list[Cell]:
    """Return the rows of a matrix in words, in their order."""
    rows = matrix.rows(**({"workers": 1} | options))  # type: ignore[arg-type]
    return [(row.source, row.target, row.verdict.value, tuple(row.services)) for row in rows]


def by_definition(
    world: Snapshot, made: Related, by: str, sources: frozenset[str] | None = None, targets: frozenset[str] | None = None
) -> set[Cell]:
    """Return the rows that a matrix has, worked out for each two interfaces."""
    of = grain(by)
    pairs: dict[tuple[Group, Group], dict[str, IntervalSet]] = {}
    for row in made.rows(made.targets):
        senders = {id for n, name in enumerate(made.sources) if row.sources >> n & 1 for id in made.members(name)}
        for target in made.members(row.target):
            for source in senders - {target}:
                if (sources is None or source in sources) and (targets is None or target in targets):
                    for one in groups_of(source, world, of):
                        for other in groups_of(target, world, of):
                            on = pairs.setdefault((one, other), {})
                            on[row.verdict.value] = on.get(row.verdict.value, NOTHING) | row.services
    return {cell for (one, other), on in pairs.items() for cell in _rows(one, other, on)}


def _rows(one: Group, other: Group, on: dict[str, IntervalSet]) -> Iterator[Cell]:
    told = NOTHING
    for verdict in VERDICTS:
        left = on.get(verdict.value, NOTHING) - told
        told = told | left
        if left:
            yield one, other, verdict.value, tuple(service_text(left))
