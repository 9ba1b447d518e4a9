"""What a relation says on the services that are asked about: the same for matrices, invariants and the hops of an intruder."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from .engine.relation import Row
from .mail import SMTP
from .models.packet import IntervalSet, union
from .models.snapshot import Snapshot
from .models.table import INTERNET
from .models.verdict import SURENESS, Verdict, all_of
from .reach import Judgement


class Related(Protocol):
    """Who reaches whom, as `engine.relation` tells it."""

    @property
    def sources(self) -> Sequence[str]:
        """The endpoint class of each bit of a row."""

    @property
    def targets(self) -> Sequence[str]:
        """The endpoint classes that rows can be asked for."""

    def members(self, endpoint: str) -> Sequence[str]:
        """Return the ids of a class's interfaces; `internet` alone for the internet."""

    def rows(self, targets: Iterable[str]) -> Iterator[Row]:
        """Yield what reaches these targets; what is blocked is left out."""


def rows_on(made: Related, world: Snapshot, services: IntervalSet, names: Iterable[str]) -> Iterator[Row]:
    """Yield what reaches these targets on some services; a source may stand in several rows, and the surest outdoes the others."""
    everybody = (1 << len(made.sources)) - 1
    for name in names:
        for row in made.rows([name]):
            passing = row.services & services
            if passing:
                yield Row(name, row.sources, passing, verdict_on(name, services, row.verdict))
        # Nothing is surely blocked in a snapshot that says of nothing where it is.
        if world.lacks:
            yield Row(name, everybody, services, Verdict.UNKNOWN)


def verdict_on(target: str, asked: IntervalSet, verdict: Verdict) -> Verdict:
    """Return the verdict of a target on the services that are asked about: mail alone to the internet depends (Fine print)."""
    return all_of((verdict, Verdict.CONDITIONAL)) if target == INTERNET.resource and asked <= SMTP else verdict


def bits_by_name(made: Related) -> dict[str, int]:
    """Return the bits of each source of a relation."""
    found: dict[str, int] = {}
    for number, name in enumerate(made.sources):
        found[name] = found.get(name, 0) | 1 << number
    return found


def judged_rows(name: str, bits: int, judged: Judgement) -> Iterator[Row]:
    """Yield a judgement as rows: each service under the surest verdict that it has."""
    if judged.verdict is Verdict.BLOCKED:
        return
    told = IntervalSet()
    for verdict in SURENESS[:-1]:
        services = union(one.services for one in judged.found if all_of((one.verdict, judged.verdict)) is verdict) - told
        told |= services
        if services:
            yield Row(name, bits, services, verdict)
