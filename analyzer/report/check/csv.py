"""Every violation as a line of CSV, for spreadsheets; those that are ignored or known already say so."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..matrix.csv import csv_line
from .words import lines

if TYPE_CHECKING:
    from ...models.check import Check, Violation

COLUMNS = (
    *("invariant", "kind", "verdict", "source", "source_name", "target", "target_name", "services", "doubtful"),
    *("text", "lines", "state", "fingerprint"),
)


def render(check: Check, *, colour: bool) -> str:
    """Return the violations as CSV."""
    return "".join(f"{csv_line(row)}\r\n" for row in (COLUMNS, *map(_row, _every(check))))


def _every(check: Check) -> Iterator[Violation]:
    yield from check.violations
    yield from check.ignored


def _row(one: Violation) -> tuple[str, ...]:
    told = "; ".join(f"{place}: {line}" if place not in line else line for place, line, _ in lines(one))
    state = f"ignored: {one.ignored}" if one.ignored else "new" if one.new else "known"
    return (
        *(one.invariant, one.kind, one.verdict.value, one.source.id, one.source.name, one.target.id, one.target.name),
        *(", ".join(one.services), ", ".join(one.doubtful), one.text, told, state, one.fingerprint),
    )
