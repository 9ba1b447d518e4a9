"""Invariants: sentences about a network that must hold, and the violations of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date

import msgspec

from ..engine.factored import Factored
from ..lint import lint
from ..models.answer import SnapshotFacts
from ..models.check import Check, Checked, Violation
from ..models.errors import QuestionError
from ..models.snapshot import Snapshot
from ..shards import Job, mapped
from . import depths, radius, scopes, witnesses
from .again import exemptions
from .bans import Broken, broken, forbidden
from .crowds import Crowd, Known
from .demands import missing
from .model import Ignore, Invariant
from .packs import NotApplicableError, applicable
from .parts import Exemption
from .relations import Related
from .written import Found

__all__ = ["check"]

MOST_WITNESSES = 100


def check(
    world: Snapshot,
    found: Iterable[Found],
    today: date,
    limit: int = MOST_WITNESSES,
    relation: Callable[[], Factored] | None = None,
    *,
    workers: int = 1,
    cluster: str = "",
) -> Check:
    """Return how the invariants fare on the day `today`, in order.

    `limit` is the most violations of one invariant that have a witness; all are listed. `relation` gives the relation of the
    snapshot where it is kept for other questions. An invariant is checked by one of `workers` processes, or by a worker of a
    `cluster`, as of `shards.mapped`. Raises QuestionError for a selector or service of a file that is none; of a pack, the
    invariant does not apply.
    """
    model = _Model(world, tuple(found), today, limit, Related(world, relation))
    checked: list[Checked] = []
    every: list[Violation] = []
    for outcome, violations in mapped(Job(_one, model), range(len(model.found)), workers=workers, cluster=cluster):
        checked.append(outcome)
        every.extend(violations)
    if checked and all(one.not_applicable for one in checked):
        what = f"nothing was checked: {checked[0].not_applicable}, and none of what the other invariants are about"
        raise QuestionError(what, hint="look at what there is with `reach list`")
    counting = [one for one in every if not one.ignored]
    return Check(
        holds=not counting,
        invariants=checked,
        violations=counting,
        ignored=[one for one in every if one.ignored],
        snapshot=SnapshotFacts(collected_at=world.collected_at, accounts=world.accounts),
    )


class _Model:
    """What all invariants of a check share. Workers elsewhere make the relation for themselves, when an invariant needs it."""

    def __init__(self, world: Snapshot, found: tuple[Found, ...], today: date, limit: int, related: Related) -> None:
        self.world, self.found, self.today, self.limit, self.related = world, found, today, limit, related

    def __reduce__(self) -> tuple[object, ...]:
        return _Model, (self.world, self.found, self.today, self.limit, Related(self.world))


def _one(model: _Model, number: int) -> tuple[Checked, list[Violation]]:
    return _checked(model.world, model.found[number], model.today, model.limit, model.related)


def _checked(world: Snapshot, one: Found, today: date, limit: int, related: Related) -> tuple[Checked, list[Violation]]:
    invariant = one.invariant
    told = Checked(name=invariant.name, kind=invariant.kind, origin=one.origin, holds=True)
    try:
        one = applicable(one, world)
    except NotApplicableError as why:
        return msgspec.structs.replace(told, not_applicable=str(why)), []
    invariant = one.invariant
    expired = [_expired(ignore) for ignore in invariant.ignore if ignore.until < today]
    try:
        violations = list(_violations(world, one, today, limit, related))
    except QuestionError as error:
        what = f"{one.origin}: invariant `{invariant.name[:60]}`: {error.what}"
        raise QuestionError(what, hint=error.hint) from error
    counting = sum(1 for each in violations if not each.ignored)
    told = msgspec.structs.replace(
        told, holds=not counting, violations=counting, new=counting, ignored=len(violations) - counting, expired=expired
    )
    return told, violations


def _expired(ignore: Ignore) -> str:
    return f"{ignore.reason}: expired on {ignore.until.isoformat()}"


def _violations(world: Snapshot, one: Found, today: date, limit: int, related: Related) -> Iterator[Violation]:
    invariant = one.invariant
    if invariant.lint is not None:
        yield from (witnesses.finding(invariant, one) for one in lint(world, invariant.lint))
        return
    exempt = exemptions(invariant, world, today)
    if invariant.min_depth is not None:
        for number, shallow in enumerate(depths.too_shallow(world, invariant.min_depth, exempt)):
            yield witnesses.too_shallow(invariant, shallow, shown=number < limit)
        return
    if invariant.blast_radius is not None:
        for number, far in enumerate(radius.too_far(world, invariant, exempt, related)):
            yield witnesses.too_far(invariant, far, shown=number < limit)
        return
    for number, each in enumerate(_broken(world, invariant, exempt, related)):
        if isinstance(each, Crowd):
            yield witnesses.of_many(invariant, each, shown=number < limit)
        elif isinstance(each, Known):
            yield witnesses.known(invariant, each, shown=number < limit)
        else:
            yield witnesses.violation(invariant, each, shown=number < limit)


def _broken(
    world: Snapshot, invariant: Invariant, exempt: Sequence[Exemption], related: Related
) -> Iterator[Broken | Known | Crowd]:
    if invariant.allow is not None:
        yield from missing(world, invariant.allow, exempt)
        return
    if invariant.scope is not None:
        yield from scopes.found_by(world, invariant.scope, exempt, related)
        return
    told: set[tuple[object, ...]] = set()
    for ban in forbidden(invariant, world):
        for one in broken(world, ban, exempt, related):
            # Whoever goes there past what must be passed is not told once more for coming back past it.
            who = (one.groups, one.pairs) if isinstance(one, Crowd) else (one.source.id, one.target.id)
            if who not in told:
                yield one
            told.update([] if one.ignored else [who])
