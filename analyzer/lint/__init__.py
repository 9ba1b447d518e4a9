"""`reach lint`: lines and resources that do nothing, or not what they seem to do. Certain findings only: a doubt is none."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..models.finding import Finding
from ..models.snapshot import Snapshot
from .acls import one_way, overtaken
from .blocks import outside
from .groups import covered
from .references import gone, unattached

__all__ = ["lint"]

CHECKS: tuple[Callable[[Snapshot], Iterator[Finding]], ...] = (covered, overtaken, one_way, unattached, gone, outside)


def lint(world: Snapshot) -> list[Finding]:
    """Return the findings, by kind, resource and line."""
    return sorted({one for check in CHECKS for one in check(world)})
