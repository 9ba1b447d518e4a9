"""Chains of hops as a picture: the graph of `dot`, drawn by the Graphviz program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..drawing import svg
from . import dot

if TYPE_CHECKING:
    from ...models.blast import BlastRadius


def render(radius: BlastRadius, *, colour: bool) -> str:
    """Return the answer as SVG. Raises ReachError where Graphviz is not installed, or cannot draw the graph."""
    return svg(dot.render(radius, colour=colour))
