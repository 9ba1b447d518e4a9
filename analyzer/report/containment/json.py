"""The plan as JSON: `Containment.to_dict()`, the schema `reach/contain/1`."""

from __future__ import annotations

from json import dumps
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ...models.containment import Containment


def render(plan: Containment, *, colour: bool) -> str:
    """Return the plan as JSON."""
    return dumps(plan.to_dict(), indent=2) + "\n"
