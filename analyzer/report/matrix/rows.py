"""The rows of a matrix in words, and the formats that show small ones only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from ...models.errors import QuestionError
from ...models.matrix import VERDICTS
from ..words import clean
from ..words import services as in_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...models.matrix import Batch, Group, Heading
    from . import Sink

COLUMNS = ("source", "source_name", "source_vpc", "target", "target_name", "target_vpc", "verdict", "services")
MOST_ROWS = 1000
WORDS = {"sg": "security group", "vpc": "VPC"}


class Row(msgspec.Struct, frozen=True):
    """What reaches one group from another under one verdict, for people."""

    source: str
    target: str
    verdict: str
    services: str


class Small:
    """A writer that keeps up to MOST_ROWS rows and lays them out at the end; a subclass says how."""

    format = ""

    def __init__(self, heading: Heading, file: Sink) -> None:
        self.heading = heading
        self._file = file
        self._names = [clean(one) for one in map(_name, heading.groups)]
        self._services: list[str] = []
        self._rows: list[tuple[int, int, int, int]] = []
        self._count = 0

    def write(self, batch: Batch) -> None:
        self._services.extend(in_words(one) for one in batch.new_services)
        self._count += len(batch.sources)
        if self._count <= MOST_ROWS:
            columns = (batch.sources, batch.targets, batch.verdicts, batch.services)
            self._rows.extend((int(a), int(b), int(c), int(d)) for a, b, c, d in zip(*columns, strict=True))

    def close(self) -> None:
        if self.is_full:
            what = f"the matrix has {self._count:,} rows, and `{self.format}` shows no more than {MOST_ROWS:,}"
            hint = "`--format parquet` or `csv`, which hold any number; or less by `--by vpc`, `from`, `to`, `on`"
            raise QuestionError(what, hint=hint)
        self._file.write("".join(f"{line}\n" for line in self.lines(self.rows())).encode("utf-8", "replace"))

    @property
    def is_full(self) -> bool:
        """Whether there are more rows than it can show."""
        return self._count > MOST_ROWS

    def rows(self) -> list[Row]:
        """Return the rows in words, in order."""
        return [
            Row(self._names[source], self._names[target], VERDICTS[verdict].value, self._services[services])
            for source, target, verdict, services in sorted(self._rows)
        ]

    def lines(self, rows: Sequence[Row]) -> Iterator[str]:
        """Yield the lines of the whole."""
        raise NotImplementedError


def title(heading: Heading) -> str:
    """Return what the matrix shows in one sentence without a full stop."""
    limits = [("from", heading.source), ("to", heading.target), ("on", heading.on)]
    told = "".join(f" {word} {clean(text)}" for word, text in limits if text is not None)
    return f"who can reach whom{told}, by {WORDS.get(heading.by, clean(heading.by))}"


def summary(heading: Heading, rows: Sequence[Row]) -> str:
    """Return how many pairs are listed, and what the others are."""
    pairs = len({(row.source, row.target) for row in rows})
    if not heading.pairs:
        return "no pair: there is nobody else"
    blocked = "the others are blocked" if pairs < heading.pairs else "none is blocked"
    return f"{pairs:,} of {heading.pairs:,} pairs; {blocked}" if pairs else f"none of {heading.pairs:,} pairs: all are blocked"


def _name(group: Group) -> str:
    """Return a group as people know it: the name, and the id where it says more."""
    if group.name in ("", group.id):
        return group.id
    where = group.id or group.vpc
    return f"{group.name} ({where})" if where else group.name
