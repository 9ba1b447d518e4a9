"""A small matrix as a table of GitHub-flavoured Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ..markdown import code, prose
from ..words import clean
from .rows import Row, Small, summary, title

if TYPE_CHECKING:
    from ...models.matrix import Heading
    from . import Sink, Writer


class _Markdown(Small):
    format = "markdown"

    def lines(self, rows: Sequence[Row]) -> Iterator[str]:
        yield f"### {prose(title(self.heading).capitalize())}"
        yield from ("", prose(summary(self.heading, rows)))
        if rows:
            yield from ("", "| source | target | verdict | on |", "| --- | --- | --- | --- |")
        for row in rows:
            yield f"| {code(row.source)} | {code(row.target)} | {row.verdict} | {code(row.services)} |"
        if self.heading.not_modelled:
            yield from ("", "**Not modelled, and so not in this answer:**", "")
            yield from (f"- {prose(clean(one))}" for one in self.heading.not_modelled)


def writer(heading: Heading, file: Sink) -> Writer:
    """Return what writes the Markdown."""
    return _Markdown(heading, file)
