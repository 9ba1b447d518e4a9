"""The network as JSON: `reach/graph/1`."""

from __future__ import annotations

from json import dumps
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ...models.picture import Picture


def render(picture: Picture) -> str:
    """Return the picture as JSON."""
    return dumps(picture.to_dict(), indent=2) + "\n"
