"""A small matrix as one HTML page that needs nothing else: sources down, targets across; a list where that is too wide."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import TYPE_CHECKING

from ..html import page
from ..words import clean
from .rows import Row, Small, summary, title

if TYPE_CHECKING:
    from ...models.matrix import Heading
    from . import Sink, Writer

# More columns than these are no picture any more.
WIDEST = 24
GRID = """
body { max-width: none; } div { overflow-x: auto; } table.grid td, table.grid th { padding: .2rem .6rem; vertical-align: bottom; }
table.grid th:first-child { position: sticky; left: 0; background: inherit; } tr { background: #fff; }
td.reachable { background: #dafbe1; } td.conditional, td.unknown { background: #fff8c5; }
@media (prefers-color-scheme: dark) { tr { background: #0d1117; } td.reachable { background: #12261e; }
td.conditional, td.unknown { background: #272115; } }
"""


class Grid(Small):
    """The writer of the page."""

    format = "html"

    def lines(self, rows: Sequence[Row]) -> Iterator[str]:
        yield from page(title(self.heading).capitalize(), self.body(rows), GRID)

    def body(self, rows: Sequence[Row], heading: str = "h1") -> Iterator[str]:
        """Yield the matrix as the inside of a page."""
        yield f"<{heading}>{escape(title(self.heading).capitalize())}</{heading}>"
        yield f"<p>{escape(summary(self.heading, rows))}</p>"
        yield from _grid(rows) if len({row.target for row in rows}) <= WIDEST else _list(rows)
        if self.heading.not_modelled:
            yield "<p>Not modelled, and so not in this answer:</p>\n<ul>"
            yield from (f"<li>{escape(clean(one))}</li>" for one in self.heading.not_modelled)
            yield "</ul>"
        if self.heading.snapshot.collected_at:
            yield f"<p>Snapshot of {escape(clean(self.heading.snapshot.collected_at))}</p>"


def _grid(rows: Sequence[Row]) -> Iterator[str]:
    """Yield the matrix; a cell without a word is a pair that is blocked."""
    if not rows:
        return
    targets = sorted({row.target for row in rows})
    cells: dict[str, dict[str, list[Row]]] = {}
    for row in rows:
        cells.setdefault(row.source, {}).setdefault(row.target, []).append(row)
    yield '<div><table class="grid">\n<tr><th>from \\ to</th>' + "".join(f"<th>{escape(one)}</th>" for one in targets) + "</tr>"
    for source, reached in cells.items():
        yield f"<tr><th>{escape(source)}</th>{''.join(_cell(reached.get(target, ())) for target in targets)}</tr>"
    yield "</table></div>"


def _cell(rows: Sequence[Row]) -> str:
    """Return what one group reaches of another; the surest verdict colours the cell, the others say themselves."""
    if not rows:
        return "<td></td>"
    texts = [escape(row.services if row.verdict == "reachable" else f"{row.services} ({row.verdict})") for row in rows]
    return f'<td class="{rows[0].verdict}">{"<br>".join(texts)}</td>'


def _list(rows: Sequence[Row]) -> Iterator[str]:
    yield "<table>\n<tr><th>from</th><th>to</th><th>verdict</th><th>on</th></tr>"
    for row in rows:
        ends = f"<td>{escape(row.source)}</td><td>{escape(row.target)}</td>"
        yield f'<tr>{ends}<td class="{row.verdict}">{row.verdict}</td><td>{escape(row.services)}</td></tr>'
    yield "</table>"


def writer(heading: Heading, file: Sink) -> Writer:
    """Return what writes the page."""
    return Grid(heading, file)
