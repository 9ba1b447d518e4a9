"""A difference in a notebook: what opened and what closed, and the lines that did it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import TYPE_CHECKING

from ..difference import cause_in_words, counted, names, render
from ..words import clean
from ..words import services as in_words
from .tables import table

if TYPE_CHECKING:
    from ...models.difference import Change, Difference

VERDICTS = ("reachable", "blocked", "conditional", "unknown")
HEADS = ("from", "to", "on", "was", "now", "because of")


def media(value: Difference) -> dict[str, str]:
    """Return what the terminal shows, and the same as HTML."""
    return {"text/plain": render(value, "text"), "text/html": "\n".join(_html(value))}


def _html(value: Difference) -> Iterator[str]:
    """Yield a table for each direction."""
    yield f"<h4>{escape(counted(value).capitalize())}</h4>"
    for title, changes in (("Opened", value.opened), ("Closed", value.closed)):
        if changes:
            yield f"<p><strong>{title}</strong></p>"
            yield from table(HEADS, _rows(changes), VERDICTS)
    if value.not_modelled:
        yield "<p>Not modelled, and so not in this answer:</p>\n<ul>"
        yield from (f"<li>{escape(clean(one))}</li>" for one in value.not_modelled)
        yield "</ul>"


def _rows(changes: Sequence[Change]) -> Iterator[tuple[str, ...]]:
    for one in changes:
        lines = "\n".join(cause_in_words(line) for line in one.causes)
        yield names(one.sources), names(one.targets), clean(in_words(one.services)), one.was.value, one.now.value, lines
