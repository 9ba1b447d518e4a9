"""A small matrix for a terminal: one line for each pair and verdict, in order of source."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ..tables import aligned
from ..words import clean
from .rows import Row, Small, summary, title

if TYPE_CHECKING:
    from ...models.matrix import Heading
    from . import Sink, Writer

MOST_NOT_MODELLED = 5


class _Text(Small):
    format = "text"

    def lines(self, rows: Sequence[Row]) -> Iterator[str]:
        return listing(self.heading, rows)


def listing(heading: Heading, rows: Sequence[Row]) -> Iterator[str]:
    """Yield the lines of the text."""
    yield title(heading)
    yield f"  {summary(heading, rows)}"
    if rows:
        cells = [(row.source, row.target, row.verdict, row.services) for row in rows]
        yield from aligned([("source", "target", "verdict", "on"), *cells], indent="  ")
    left_out = heading.not_modelled
    if left_out:
        yield "not modelled, and so not in this answer:"
        yield from (f"  - {clean(one)}" for one in left_out[:MOST_NOT_MODELLED])
    if len(left_out) > MOST_NOT_MODELLED:
        yield f"  - and {len(left_out) - MOST_NOT_MODELLED} more"


def writer(heading: Heading, file: Sink) -> Writer:
    """Return what writes the text."""
    return _Text(heading, file)
