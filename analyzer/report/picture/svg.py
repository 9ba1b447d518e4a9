"""The network as SVG."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..drawing import svg
from . import dot

if TYPE_CHECKING:
    from ...models.picture import Picture


def render(picture: Picture) -> str:
    """Return the picture as SVG. Raises ReachError where Graphviz is not installed, or cannot draw it."""
    return svg(dot.render(picture))
