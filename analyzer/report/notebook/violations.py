"""A list of violations in a notebook: the outcome that it is from, the invariants that hold included."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import check

if TYPE_CHECKING:
    from ...models.check import Violations


def media(value: Violations) -> dict[str, str]:
    """Return the outcome."""
    return check.media(value.check)
