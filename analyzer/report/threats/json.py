"""The threat model as one JSON object `reach/threats/1`. Everything beyond ASCII is escaped, so that no terminal acts on it."""

from __future__ import annotations

from json import dumps
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ...models.threat import ThreatModel
    from .view import View


def render(model: ThreatModel, view: View) -> str:
    """Return the whole model as JSON; its schema is docs/schema/threats-1.json."""
    return dumps(model.to_dict(), indent=2) + "\n"
