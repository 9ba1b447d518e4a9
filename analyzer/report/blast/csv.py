"""What is listed as CSV, for spreadsheets: RFC 4180, one line for each resource."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...models.blast import COLUMNS, row
from ..matrix.csv import csv_line

if TYPE_CHECKING:
    from ...models.blast import BlastRadius


def render(radius: BlastRadius, *, colour: bool) -> str:
    """Return the answer as CSV; `colour` changes nothing."""
    return "".join(f"{line}\r\n" for line in [csv_line(COLUMNS), *(_line(row(one)) for one in radius.reached)])


def _line(cells: dict[str, object]) -> str:
    return csv_line([_word(value) for value in cells.values()])


def _word(value: object) -> str:
    return {True: "yes", False: "no", None: ""}[value] if value is None or isinstance(value, bool) else str(value)
