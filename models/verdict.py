"""Verdicts and how they combine."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Verdict(StrEnum):
    """`conditional` depends on what configuration cannot say, `unknown` on configuration that is not there or not modelled."""

    REACHABLE = "reachable"
    BLOCKED = "blocked"
    CONDITIONAL = "conditional"
    UNKNOWN = "unknown"


_ALL = (Verdict.BLOCKED, Verdict.UNKNOWN, Verdict.CONDITIONAL, Verdict.REACHABLE)
# The surest yes first.
SURENESS = (Verdict.REACHABLE, Verdict.CONDITIONAL, Verdict.UNKNOWN, Verdict.BLOCKED)


def all_of(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the verdict of something that needs all of these; reachable for none."""
    return min(verdicts, key=_ALL.index, default=Verdict.REACHABLE)


def any_of(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the verdict of something for which any of these is enough; blocked for none."""
    return min(verdicts, key=SURENESS.index, default=Verdict.BLOCKED)
