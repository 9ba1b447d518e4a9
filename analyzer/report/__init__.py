"""Answers as text: for people, programs and pictures. Pure functions; nothing here prints, reads or decides."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from ..models.errors import QuestionError, quoted

if TYPE_CHECKING:
    from ..models.answer import Answer

__all__ = ["FORMATS", "render"]

FORMATS = ("text", "json", "dot", "svg", "html", "markdown")


class _Renderer(Protocol):
    """A module of this package that makes one format."""

    def render(self, answer: Answer, *, explain: bool, colour: bool) -> str: ...


def render(answer: Answer, format: str, *, explain: bool = False, colour: bool = False) -> str:
    """Return the answer in one of FORMATS, ending in a line break.

    With `explain` every pair is told hop by hop, else the first. `colour` puts terminal colours into the format `text`; no
    other format has any. What AWS or users wrote is shown without control characters, and escaped as the format needs it.
    Raises QuestionError for an unknown format, and ReachError where `svg` needs a program that is not there.

    >>> from analyzer import load
    >>> print(render(load("demo").reach("sg-a", "rds"), "json")[:29])
    {
      "schema": "reach/answer/1
    """
    if format not in FORMATS:
        raise QuestionError(f"no such format: `{format[:40]}`", hint=f"take one of {quoted(FORMATS)}")
    renderer = cast(_Renderer, import_module(f".{format}", __name__))
    return renderer.render(answer, explain=explain, colour=colour)
