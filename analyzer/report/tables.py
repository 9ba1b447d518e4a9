"""Columns of text that line up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

# A column is as wide as its widest cell, but one long cell does not push the whole table off the screen.
WIDEST = 72


def aligned(table: Iterable[Sequence[str]], *, indent: str = "") -> list[str]:
    """Return one line for each row, its cells in columns two spaces apart; empty for no rows."""
    cells = [list(row) for row in table]
    widths = [_width(column) for column in zip(*cells, strict=True)]
    return [indent + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]


def _width(column: Sequence[str]) -> int:
    return max((len(cell) for cell in column if len(cell) <= WIDEST), default=0)
