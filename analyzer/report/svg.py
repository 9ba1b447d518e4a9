"""The answer as a picture: the graph of `dot`, drawn by the Graphviz program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..models.errors import ReachError
from . import dot

if TYPE_CHECKING:
    from ..models.answer import Answer


def render(answer: Answer, *, explain: bool, colour: bool) -> str:
    """Return the answer as SVG. Raises ReachError when Graphviz is not installed, or cannot draw the graph."""
    import graphviz  # type: ignore[import-untyped]

    graph = graphviz.Source(dot.render(answer, explain=explain, colour=colour))
    try:
        return str(graph.pipe(format="svg", encoding="utf-8", quiet=True))
    except graphviz.ExecutableNotFound as error:
        hint = "install Graphviz (apt-get install graphviz, brew install graphviz), or take --format dot"
        raise ReachError("cannot draw svg: the program `dot` of Graphviz is not installed", hint=hint) from error
    except graphviz.CalledProcessError as error:
        raise ReachError(
            "cannot draw svg: the program `dot` of Graphviz gave up", hint="take --format dot, or fewer pairs"
        ) from error
