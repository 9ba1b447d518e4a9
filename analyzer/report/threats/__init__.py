"""The threat model as text, JSON and Markdown, and in the formats of SARIF, OTM, Threagile and ATT&CK Navigator. Pure functions."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from ...models.errors import QuestionError, quoted
from .view import MOST_RISKS, View

if TYPE_CHECKING:
    from ...models.location import Locations
    from ...models.threat import ThreatModel

__all__ = ["FORMATS", "MOST_RISKS", "render"]

FORMATS = ("text", "json", "markdown", "sarif", "otm", "threagile", "navigator")


class _Renderer(Protocol):
    def render(self, model: ThreatModel, view: View) -> str: ...


def render(
    model: ThreatModel,
    format: str,
    *,
    explain: bool = False,
    limit: int = MOST_RISKS,
    colour: bool = False,
    locations: Locations | None = None,
) -> str:
    """Return the model in one of FORMATS, ending in a line break.

    `explain` and `limit`, the most risks that are told, are for what people read: `text` and `markdown`; programs get everything.
    `locations` are where `model.written` is, for `sarif` (see `Network.locations`); without them it names no file.
    What AWS or users wrote is shown without control characters and escaped as the format needs it; JSON holds it as it is.
    Raises QuestionError for an unknown format.
    """
    if format not in FORMATS:
        raise QuestionError(f"no such format: `{format[:40]}`", hint=f"take one of {quoted(FORMATS)}")
    view = View(explain=explain, limit=limit, colour=colour, locations=locations or {})
    return cast(_Renderer, import_module(f".{format}", __name__)).render(model, view)
