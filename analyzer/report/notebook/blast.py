"""Chains of hops in a notebook: how many with each hop, and the way to each resource."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..blast.html import body
from ..blast.text import render
from ..words import cleaned

if TYPE_CHECKING:
    from ...models.blast import BlastRadius


def media(value: BlastRadius) -> dict[str, str]:
    """Return what the terminal shows, and the inside of the HTML page with a smaller heading."""
    return {"text/plain": render(value, colour=False), "text/html": "\n".join(body(cleaned(value), "h4"))}
