"""A containment plan as text, JSON and Markdown. Pure functions; nothing here prints, decides or runs a command."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from ...models.errors import QuestionError, quoted

if TYPE_CHECKING:
    from ...models.containment import Containment

__all__ = ["FORMATS", "render"]

FORMATS = ("text", "json", "markdown")


class _Renderer(Protocol):
    def render(self, plan: Containment, *, colour: bool) -> str: ...


def render(plan: Containment, format: str, *, colour: bool = False) -> str:
    """Return the plan in one of FORMATS, ending in a line break; `colour` is for the terminal's `text`.

    Raises QuestionError for an unknown format.
    """
    if format not in FORMATS:
        raise QuestionError(f"no such format: `{format[:40]}`", hint=f"take one of {quoted(FORMATS)}")
    return cast(_Renderer, import_module(f".{format}", __name__)).render(plan, colour=colour)
