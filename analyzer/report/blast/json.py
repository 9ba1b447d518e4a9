"""The answer as one JSON object `reach/blast/1`. Everything beyond ASCII is escaped, so that no terminal acts on it."""

from __future__ import annotations

from json import dumps
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ...models.blast import BlastRadius


def render(radius: BlastRadius, *, colour: bool) -> str:
    """Return the answer as JSON; `colour` changes nothing."""
    return dumps(radius.to_dict(), indent=2) + "\n"
