"""A picture in a notebook: drawn where Graphviz is installed, else what to install."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...models.errors import ReachError
from ..picture import render

if TYPE_CHECKING:
    from ...models.picture import Picture


def media(value: Picture) -> dict[str, str]:
    """Return the image and its title; where it cannot be drawn, the title and why not."""
    try:
        return {"text/plain": value.title, "image/svg+xml": render(value, "svg")}
    except ReachError as error:
        return {"text/plain": f"{value.title}\n{error}"}
