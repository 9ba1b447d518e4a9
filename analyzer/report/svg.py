"""The answer as a picture: the graph of `dot`, drawn by Graphviz."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import dot
from .drawing import svg

if TYPE_CHECKING:
    from ..models.answer import Answer


def render(answer: Answer, *, explain: bool, colour: bool) -> str:
    """Return the answer as SVG. Raises ReachError where Graphviz is not installed, or cannot draw the graph."""
    return svg(dot.render(answer, explain=explain, colour=colour))
