"""What `reach check` found as text, JSON, SARIF, JUnit, Markdown and CSV. Pure functions; nothing here prints or decides."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from ...models.errors import QuestionError, quoted

if TYPE_CHECKING:
    from ...models.check import Check
    from ...models.location import Locations

__all__ = ["FORMATS", "render"]

FORMATS = ("text", "json", "sarif", "junit", "markdown", "csv")


class _Renderer(Protocol):
    def render(self, check: Check, *, colour: bool) -> str: ...


def render(check: Check, format: str, *, colour: bool = False, locations: Locations | None = None) -> str:
    """Return the outcome in one of FORMATS, ending in a line break; `colour` is for the terminal's `text`.

    `locations` are where `check.written` is, for `sarif` (see `Network.locations`); without them it names no file.
    What AWS or users wrote is shown without control characters and escaped as the format needs it; JSON holds it as it is.
    Raises QuestionError for an unknown format.
    """
    if format not in FORMATS:
        raise QuestionError(f"no such format: `{format[:40]}`", hint=f"take one of {quoted(FORMATS)}")
    if format == "sarif":
        from .sarif import render as render_sarif

        return render_sarif(check, locations or {})
    return cast(_Renderer, import_module(f".{format}", __name__)).render(check, colour=colour)
