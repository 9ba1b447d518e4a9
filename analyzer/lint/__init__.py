"""`reach lint`: lines and resources that do nothing, or not what they seem to do. Certain findings only: a doubt is none."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from ..models.finding import Finding
from ..models.snapshot import Snapshot
from .acls import one_way, overtaken
from .blocks import outside
from .groups import covered
from .needs import wide, without_policy
from .references import gone, unattached
from .splits import split

__all__ = ["lint"]

CHECKS: tuple[Callable[[Snapshot], Iterator[Finding]], ...] = (
    *(covered, overtaken, one_way, unattached, gone, outside, wide, split),
)
# What is the usual state of things, and wrong only where somebody demands it: invariants ask for it by name.
ASKED: dict[str, Callable[[Snapshot], Iterator[Finding]]] = {"no-policy": without_policy}


def lint(world: Snapshot, kinds: Collection[str] = ()) -> list[Finding]:
    """Return the findings, by kind, resource and line: those of some kinds, else all but those that must be asked for."""
    checks = [*CHECKS, *(check for kind, check in ASKED.items() if kind in kinds)]
    every = {one for check in checks for one in check(world)}
    return sorted(one for one in every if not kinds or one.kind in kinds)
