"""How long a matrix takes where only its relation is made up: `python -m benchmarks.matrix SNAPSHOT [--by sg] [--distinct]`.

Classes, groups and names are those of the snapshot; each class is reached by some random sets of sources on some services, from
a pool that targets share, or with `--distinct` by sets that no two rows have in common, which is the worst that can be.
"""

from __future__ import annotations

import gc
import resource
import sys
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from pathlib import Path
from random import Random
from time import perf_counter

import analyzer
from analyzer.engine.relation import Row
from analyzer.matrix import Matrix
from analyzer.models.packet import TCP, services_of
from analyzer.models.snapshot import Snapshot
from analyzer.models.verdict import SURENESS
from analyzer.report.matrix import writer

ROWS, POOL, PORTS, PALETTE = 5, 4000, 40, 8


class Synthetic:
    """Random rows over the classes of a snapshot; the same for the same target."""

    def __init__(self, world: Snapshot, density: float, distinct: bool) -> None:
        self._classes: dict[str, list[str]] = {}
        for one in world.all("network_interface"):
            self._classes.setdefault(world.class_of(one.id), []).append(one.id)
        self._classes["internet"] = ["internet"]
        self.sources = self.targets = tuple(self._classes)
        self._world = world
        self._density, self._distinct = density, distinct
        self._services = [services_of(TCP, port, port) for port in range(1, PORTS)]
        self._pool = [self._sources(Random(number)) for number in range(POOL)]

    def _sources(self, random: Random) -> int:
        """Return sources of which a stretch is dense and the rest sparse, as one VPC and some strangers are."""
        count = len(self.sources)
        width = max(8, int(count * self._density * 2 * random.random()))
        stretch = random.getrandbits(width) << random.randrange(max(1, count - width))
        return stretch | sum(1 << random.randrange(count) for _ in range(20))

    def members(self, endpoint: str) -> list[str]:
        return self._classes[endpoint]

    def rows(self, targets: Iterable[str]) -> Iterator[Row]:
        for target in targets:
            random, palette = Random(target), self._palette(target)
            for _ in range(ROWS):
                sources = self._sources(random) if self._distinct else random.choice(self._pool)
                number = random.choice(palette)
                # One service in ten is answered on a part of the clients' ports only.
                yield Row(target, sources, self._services[number], SURENESS[number % 10 == 0])

    def _palette(self, target: str) -> list[int]:
        """Return the services of a target's network: a VPC has some, and all of its groups the same."""
        interface = self._world.find("network_interface", target)
        random = Random(interface.vpc_id if interface is not None else "")
        return [random.randrange(len(self._services)) for _ in range(PALETTE)]


def main() -> None:
    """Print how long each step took."""
    options = ArgumentParser()
    options.add_argument("snapshot")
    options.add_argument("--by", default="sg")
    options.add_argument("--density", type=float, default=0.03)
    options.add_argument("--distinct", action="store_true")
    options.add_argument("--workers", type=int, default=0)
    options.add_argument("--output", type=Path, default=Path("build/matrix.parquet"))
    chosen = options.parse_args()
    world = analyzer.load(chosen.snapshot).snapshot
    gc.disable()
    made = Synthetic(world, chosen.density, chosen.distinct)
    start = perf_counter()
    matrix = Matrix(world, chosen.by, made=made)
    planned = perf_counter()
    before = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
    rows = 0
    chosen.output.parent.mkdir(exist_ok=True)
    with open(chosen.output, "wb") as file:
        to = writer("parquet", matrix.heading, file)
        for batch in matrix.batches(workers=chosen.workers):
            rows += len(batch.sources)
            to.write(batch)
        to.close()
    ended = perf_counter()
    print(f"{len(made.targets):,} classes, {len(matrix.heading.groups):,} groups, {matrix.shard_count:,} shards, {rows:,} rows")
    print(f"plan {planned - start:.1f} s, rows {ended - planned:.1f} s, file {chosen.output.stat().st_size / 1e6:.0f} MB")
    seconds = [sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    print(f"processor time: {seconds[0] - before:.1f} s for the file, {seconds[1]:.1f} s for the rows")
    peaks = [resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    print(f"peak memory: {peaks[0]:.0f} MB, of the largest worker {peaks[1]:.0f} MB")


if __name__ == "__main__":
    sys.exit(main())
