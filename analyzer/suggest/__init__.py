"""`reach check --suggest`: for a violation the smallest change that closes it, and what else that change cuts; the engine has tried it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cached_property

import msgspec

from ..depth import depth
from ..edit import Edit, edited
from ..invariants.again import Again, again
from ..invariants.written import Found
from ..models.check import Check, Suggestion, Violation
from ..models.errors import QuestionError
from ..models.packet import EVERY_SERVICE, NOTHING, IntervalSet
from ..models.service import parse_services, service_text
from ..models.snapshot import Snapshot
from .candidates import Candidate, candidates, unwanted
from .touched import Pair, Passing, passing

__all__ = ["suggested"]

MOST_ROUNDS = 4
MOST_EXAMPLES = 5
MOST_OPENING = 6
FILTERS = ("security_group", "network_acl")


def suggested(world: Snapshot, outcome: Check, found: Sequence[Found], today: date) -> Check:
    """Return the outcome with a suggestion at each violation that has a witness, and that a change was found for."""
    invariants = {one.invariant.name: one for one in found}
    search = _Search(world, outcome, today)
    violations = [search.of(one, invariants[one.invariant]) for one in outcome.violations]
    return msgspec.structs.replace(outcome, violations=violations)


class _Tried(msgspec.Struct, frozen=True):
    """What a candidate changes, pair by pair, of which some are violations that it closes."""

    twin: Snapshot
    cut: dict[Pair, IntervalSet]
    opened: dict[Pair, IntervalSet]
    whole: bool


class _Search:
    """Tries changes; what is the same for several violations is tried once."""

    def __init__(self, world: Snapshot, outcome: Check, today: date) -> None:
        self.world, self.today = world, today
        self._wanted: dict[Pair, IntervalSet] = {}
        for one in outcome.violations:
            if one.kind != "allow":
                pair = one.source.id, one.target.id
                self._wanted[pair] = self._wanted.get(pair, NOTHING) | self._services(one)
        self._tried: dict[str, _Tried | None] = {}
        self._before: dict[str, Passing] = {}

    @staticmethod
    def _services(one: Violation) -> IntervalSet:
        words = [*one.services, *one.doubtful]
        return parse_services(",".join(words)) if words else EVERY_SERVICE

    def of(self, violation: Violation, found: Found) -> Violation:
        """Return the violation with its suggestion."""
        if violation.pairs > 1:
            return violation  # one change seldom closes them all, and the twin of each would have to be compiled whole
        if violation.kind == "allow":
            best = self._opening(violation, found)
        elif violation.lines and violation.kind in ("deny", "allow_only", "isolate", "through"):
            best = self._closing(violation, found)
        else:
            return violation
        return violation if best is None else msgspec.structs.replace(violation, suggestion=best)

    def _closing(self, violation: Violation, found: Found) -> Suggestion | None:
        """Return the change that closes a violation and cuts least; of several that cut alike the one of the fewest edits."""
        # The last line is the target's own: of changes that are alike, the nearest one.
        made = candidates(unwanted(violation), violation.lines[::-1], self.world)
        closing = [one for one in made if self._closes(one, violation, found)]
        rest = [one for one in made if one not in closing]
        closing += [each for one in rest if (each := self._extended(one, violation, found)) is not None]
        ranked = [(self._cost(one), number, one) for number, one in enumerate(closing)]
        return self._told(min(ranked)[2], violation) if ranked else None

    def _closes(self, one: Candidate, violation: Violation, found: Found) -> bool:
        tried = self._try(one)
        return tried is not None and again(tried.twin, found, violation, self.today).holds

    def _extended(self, one: Candidate, violation: Violation, found: Found) -> Candidate | None:
        """Return a candidate with further edits of the same place for what still passes; None where that does not close it."""
        for _ in range(MOST_ROUNDS):
            try:
                twin = edited(self.world, one.edits)
            except QuestionError:
                return None
            left: Again = again(twin, found, violation, self.today)
            if left.holds:
                return one
            more = [each for each in left.lines if each.kind in FILTERS and each.place == one.place]
            further = candidates(unwanted(violation), more, twin)
            if not further:
                return None
            one = one + further[0]
        return None

    def _try(self, one: Candidate) -> _Tried | None:
        key = str(one.edits)
        if key not in self._tried:
            try:
                self._tried[key] = self._changes(one)
            except QuestionError:  # an edit that does not fit: a route that may hide another, the only group
                self._tried[key] = None
        return self._tried[key]

    def _changes(self, one: Candidate) -> _Tried:
        twin = edited(self.world, one.edits)
        where = str(one.touched)
        if where not in self._before:
            self._before[where] = passing(self.world, one.touched)
        before, after = self._before[where], passing(twin, one.touched)
        pairs = {*before.services, *after.services}
        cut = {pair: before.services.get(pair, NOTHING) - after.services.get(pair, NOTHING) for pair in pairs}
        opened = {pair: after.services.get(pair, NOTHING) - before.services.get(pair, NOTHING) for pair in pairs}
        return _Tried(twin, {k: v for k, v in cut.items() if v}, {k: v for k, v in opened.items() if v}, before.whole)

    def _cost(self, one: Candidate) -> tuple[int, int, int, int]:
        """Return what a change does that nobody asked for: pairs opened and cut, whether there may be more, and its edits."""
        tried = self._try(one)
        assert tried is not None
        return len(tried.opened), len(self._besides(tried.cut)), int(not tried.whole), len(one.edits)

    def _besides(self, cut: dict[Pair, IntervalSet]) -> dict[Pair, IntervalSet]:
        """Return what is cut and no violation of this check."""
        rest = {pair: services - self._wanted.get(pair, NOTHING) for pair, services in cut.items()}
        return {pair: services for pair, services in rest.items() if services}

    def _told(self, one: Candidate, violation: Violation) -> Suggestion:
        tried = self._try(one)
        assert tried is not None
        own = (violation.source.id, violation.target.id)
        besides = self._besides(tried.cut)
        return Suggestion(
            edits=[_written(edit) for edit in one.edits],
            closes=len({own} | {pair for pair in tried.cut if pair in self._wanted}),
            cuts=self._examples(besides),
            cut_pairs=len(besides),
            opens=self._examples(tried.opened),
            opened_pairs=len(tried.opened),
            whole=tried.whole,
        )

    def _examples(self, pairs: dict[Pair, IntervalSet]) -> list[str]:
        return [
            f"{self._name(pair[0])} to {self._name(pair[1])} on {', '.join(service_text(services)[:4])}"
            for pair, services in sorted(pairs.items())[:MOST_EXAMPLES]
        ]

    def _name(self, id: str) -> str:
        one = self._everybody.get(id)
        return f"{one} ({id})" if one and one != id else id

    @cached_property
    def _everybody(self) -> dict[str, str]:
        return {id: end.name for one in self._before.values() for id, end in one.ends.items()}

    def _opening(self, violation: Violation, found: Found) -> Suggestion | None:
        """Return the fewest edits after which what must pass does."""
        ends = again(self.world, found, violation, self.today)
        if ends.source is None or ends.target is None:
            return None
        made = depth(self.world, ends.source, ends.target, self._services(violation), MOST_OPENING)
        if not made.edits or not again(edited(self.world, made.edits), found, violation, self.today).holds:
            return None
        return Suggestion(edits=[_written(edit) for edit in made.edits], closes=1, whole=False)


def _written(edit: Edit) -> dict[str, object]:
    return edit.model_dump(by_alias=True, exclude_none=True)
