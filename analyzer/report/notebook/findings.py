"""Findings of lint in a notebook."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

from ..findings import COLUMNS, render
from ..words import clean
from .tables import table

if TYPE_CHECKING:
    from ...models.finding import Findings


def media(value: Findings) -> dict[str, str]:
    """Return what the terminal shows, and the same as HTML."""
    return {"text/plain": render(value, "text"), "text/html": "\n".join(_html(value))}


def _html(value: Findings) -> Iterator[str]:
    """Yield the findings as a table."""
    if not value:
        yield "<p>Nothing to complain of</p>"
        return
    yield f"<h4>{escape(f'{len(value):,} finding' + ('s' if len(value) != 1 else ''))}</h4>"
    yield from table(COLUMNS, ([clean(getattr(one, column)) for column in COLUMNS] for one in value))
