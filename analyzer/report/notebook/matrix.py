"""A matrix in a notebook: a small one; of a large one what it is about, and how to get at its rows."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING, Protocol

from ..matrix.html import Grid
from ..matrix.rows import MOST_ROWS, Small, title
from ..matrix.text import listing

if TYPE_CHECKING:
    from ...models.matrix import Batch, Heading

# A matrix of more groups takes longer than somebody waits for a cell to show itself.
MOST_GROUPS = 300


class Matrix(Protocol):
    """What has a heading, and its rows in batches."""

    heading: Heading

    def batches(self) -> Iterable[Batch]:
        """Yield the rows."""


def media(value: Matrix) -> dict[str, str]:
    """Return what the terminal shows, and the grid of the HTML page with a smaller heading."""
    made = Grid(value.heading, _Nowhere())
    if not _filled(made, value):
        sentence = _too_large(value)
        return {"text/plain": sentence, "text/html": f"<p>{escape(sentence)}</p>"}
    rows = made.rows()
    return {"text/plain": "\n".join(listing(value.heading, rows)), "text/html": "\n".join(made.body(rows, "h4"))}


class _Nowhere:
    """A file for what is not written."""

    def write(self, data: bytes) -> None:
        """Take nothing."""


def _filled(made: Small, value: Matrix) -> bool:
    """Fill it with the rows of the matrix, and return whether it can show them."""
    if len(value.heading.groups) > MOST_GROUPS:
        return False
    for batch in value.batches():
        made.write(batch)
        if made.is_full:
            return False
    return True


def _too_large(value: Matrix) -> str:
    return (
        f"{title(value.heading)}: {len(value.heading.groups):,} groups, more than {MOST_GROUPS} or with more than {MOST_ROWS:,} rows; "
        "`.rows()` goes through them, `.to_frame()` has them all"
    )
