"""The outcome as one JSON object `reach/check/1`: what a later run takes as its baseline."""

from __future__ import annotations

from json import dumps
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ...models.check import Check


def render(check: Check, *, colour: bool) -> str:
    """Return the outcome as JSON, indented; everything beyond ASCII is escaped."""
    return dumps(check.to_dict(), indent=2) + "\n"
