"""The network as SVG, DOT and JSON. Pure functions, but for Graphviz, which draws the SVG."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from ...models.errors import QuestionError, quoted

if TYPE_CHECKING:
    from ...models.picture import Picture

__all__ = ["FORMATS", "render"]

FORMATS = ("svg", "dot", "json")


class _Renderer(Protocol):
    def render(self, picture: Picture) -> str: ...


def render(picture: Picture, format: str) -> str:
    """Return the picture in one of FORMATS, ending in a line break.

    What AWS or users wrote is shown without control characters and escaped as the format needs it; JSON holds it as it is.
    Raises QuestionError for an unknown format, and ReachError where `svg` cannot be drawn.
    """
    if format not in FORMATS:
        raise QuestionError(f"no such format: `{format[:40]}`", hint=f"take one of {quoted(FORMATS)}")
    return cast(_Renderer, import_module(f".{format}", __name__)).render(picture)
