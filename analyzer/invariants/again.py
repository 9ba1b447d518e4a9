"""One violation asked for again, in a snapshot after edits: whether it is still there, and by which lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import msgspec

from ..models.answer import Hop
from ..models.check import Violation
from ..models.endpoint import Endpoint
from ..models.errors import QuestionError
from ..models.snapshot import Snapshot
from .bans import Broken, broken_pairs, forbidden
from .demands import missing
from .model import Ends, Invariant
from .packs import NotApplicableError, applicable
from .parts import Exemption, exemption
from .relations import Related
from .witnesses import letting
from .written import Found


class Again(msgspec.Struct, frozen=True):
    """Whether the pair of a violation is as it must be; else the lines that let it through. The ends are None where they are gone."""

    holds: bool
    lines: tuple[Hop, ...] = ()
    source: Endpoint | None = None
    target: Endpoint | None = None


def exemptions(invariant: Invariant, world: Snapshot, today: date) -> list[Exemption]:
    """Return what the invariant leaves out for good, and what it ignores today."""
    lasting = [exemption(part, world) for part in invariant.exceptions]
    ignored = [exemption(one.flow, world, one) for one in invariant.ignore if one.until >= today]
    return [*lasting, *ignored]


def again(world: Snapshot, found: Found, violation: Violation, today: date) -> Again:
    """Return how the pair of a violation fares in a snapshot; one whose selectors name nothing there does not hold."""
    try:
        found = applicable(found, world)
        exempt = exemptions(found.invariant, world, today)
        left = [one for one in _broken(world, found.invariant, violation, exempt) if not one.ignored]
    except (QuestionError, NotApplicableError):
        return Again(holds=False)
    lines = (hop for one in left for hop in letting(one.flows, one.target, one.judged))
    first = left[0] if left else None
    return Again(not left, tuple(lines), first.source if first else None, first.target if first else None)


def _broken(world: Snapshot, invariant: Invariant, violation: Violation, exempt: Sequence[Exemption]) -> Iterator[Broken]:
    source, target = violation.source.id, violation.target.id
    if invariant.allow is not None:
        yield from missing(world, Ends.model_validate({"from": source, "to": target, "on": invariant.allow.on}), exempt)
        return
    for ban in forbidden(invariant, world):
        sources = [one for one in ban.sources if one.id == source]
        targets = [one for one in ban.targets if one.id == target]
        if sources and targets:
            pair = msgspec.structs.replace(ban, sources=sources, targets=targets)
            yield from broken_pairs(world, pair, exempt, Related(world))
