"""An answer in a notebook: the verdict, the ways, what to change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..html import body
from ..text import render
from ..words import cleaned

if TYPE_CHECKING:
    from ...models.answer import Answer


def media(value: Answer) -> dict[str, str]:
    """Return what the terminal shows, and the inside of the HTML page with a smaller heading."""
    text = render(value, explain=False, colour=False)
    return {"text/plain": text, "text/html": "\n".join(body(cleaned(value), False, "h4"))}
