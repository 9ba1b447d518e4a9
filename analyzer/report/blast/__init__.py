"""Chains of hops as text, JSON, Markdown, CSV, HTML and pictures. Pure functions; nothing here prints or decides."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from ...models.errors import QuestionError, quoted

if TYPE_CHECKING:
    from ...models.blast import BlastRadius

__all__ = ["FORMATS", "render"]

FORMATS = ("text", "json", "markdown", "csv", "html", "dot", "svg")


class _Renderer(Protocol):
    def render(self, radius: BlastRadius, *, colour: bool) -> str: ...


def render(radius: BlastRadius, format: str, *, colour: bool = False) -> str:
    """Return the answer in one of FORMATS, ending in a line break; `colour` is for the terminal's `text`.

    What AWS or users wrote is shown without control characters and escaped as the format needs it; JSON holds it as it is.
    Raises QuestionError for an unknown format, ReachError where `svg` needs a program that is not there.
    """
    if format not in FORMATS:
        raise QuestionError(f"no such format: `{format[:40]}`", hint=f"take one of {quoted(FORMATS)}")
    return cast(_Renderer, import_module(f".{format}", __name__)).render(radius, colour=colour)
