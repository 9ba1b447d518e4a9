"""Containment of something compromised: steps in order, what each leaves open and breaks, asked of the model after each of them."""

from __future__ import annotations

from collections.abc import Sequence

from ..edit import EditError, edited
from ..edit.file import Edit
from ..evidence import end
from ..models.answer import SnapshotFacts
from ..models.containment import Containment, Means, Option
from ..models.endpoint import Endpoint
from ..models.errors import QuestionError, quoted
from ..models.snapshot import Snapshot
from .beside import Beside
from .draft import Draft, Way
from .forensics import Forensics, forensics
from .groups import by_groups
from .notes import left_out, notes
from .passing import Passing, others, passing
from .preserve import credentials, preserved, recovered, verified
from .proof import flows_of, proof
from .subnets import by_acl, by_routes
from .suspect import Suspect, suspect

__all__ = ["contain"]

WAYS = {"group": by_groups, "acl": by_acl, "route": by_routes}
# Of more other ends the nearest are looked at, where a figure and no proof rests on it.
MOST = 1_000


def contain(
    world: Snapshot, selector: str, path: str | None = None, means: Means | None = None, limit: int | None = 100
) -> Containment:
    """Return the plan that contains what a selector names, and the proof of it.

    `path` is what stays open, `SELECTOR [on SERVICE]`; `means` the way to contain, None for the one that leaves least open and hits
    fewest others; `limit` the most flows that are listed in each place, None for all. Raises QuestionError for a selector or service
    that is none, for what has no interface, and where `means`, or every one of them, is not possible.
    """
    question = Question(world, selector, path)
    ways = [_tried(WAYS[name](question.suspect, question.path, world), question) for name in WAYS]
    trials = [question.trial(way) for way in ways]
    chosen = _chosen(trials, means)
    shown = proof(world, question.all_steps(chosen.way), question.passing, limit, question.beside(chosen.way))
    last = shown.last
    return Containment(
        selector=selector,
        forensics=path or "",
        targets=[end(one) for one in question.suspect.ends],
        means=chosen.way.means,
        contained=last.whole and not last.open,
        options=[one.option for one in trials],
        before=flows_of(shown.before.flows, limit),
        before_flows=len(shown.before.flows),
        before_whole=shown.before.whole,
        steps=shown.steps,
        left_open=flows_of(last.flows, limit),
        left_open_flows=len(last.flows),
        notes=notes(question.suspect, question.path, world, shown),
        not_modelled=left_out(question.suspect, world),
        snapshot=SnapshotFacts(collected_at=world.collected_at, accounts=world.accounts),
    )


class Question:
    """What is asked, looked up once: who is compromised, who else there is, which path stays."""

    def __init__(self, world: Snapshot, selector: str, path: str | None) -> None:
        self.world, self.selector = world, selector
        self.suspect: Suspect = suspect(selector, world)
        self._near = self.suspect.ends
        self.path: Forensics | None = forensics(path, self._near, world)
        self.first = list(preserved(self.suspect, world))
        self._far: list[Endpoint] = others(world, self._near)
        self._exempt = self.path.exemptions(self._near) if self.path is not None else []

    def passing(self, world: Snapshot, *, proves: bool = False) -> Passing:
        """Return what passes in a snapshot to and from what is compromised; all of it where it `proves` something."""
        return passing(world, self._near, self._far, self._exempt, None if proves else MOST)

    def all_steps(self, way: Way) -> list[Draft]:
        """Return every step of a way, in order."""
        done = [*self.first, *way.drafts, *credentials(self.suspect)]
        return [*done, verified(self.suspect, self.selector), recovered(done)]

    def beside(self, way: Way) -> Beside:
        """Return whom a way hits besides."""
        return Beside(self.suspect, way.hits, self._far, self.world)

    def trial(self, way: Way) -> Trial:
        """Return a way with what it leaves open."""
        if way.impossible:
            return Trial(way, None)
        before = [Edit.model_validate(one) for draft in self.first for one in draft.edits]
        after = [Edit.model_validate(one) for one in way.edits]
        return Trial(way, self.passing(edited(self.world, [*before, *after])))


class Trial:
    """A way to contain, and what it leaves open; None where it is not possible."""

    def __init__(self, way: Way, after: Passing | None) -> None:
        self.way, self.after = way, after

    @property
    def option(self) -> Option:
        """What the comparison says of it."""
        way, after = self.way, self.after
        if after is None:
            return Option(
                means=way.means, possible=False, leaves_open=0, hits=0, tracked="", commands=0, text=way.impossible, whole=False
            )
        return Option(
            means=way.means,
            possible=True,
            leaves_open=len({one.pair for one in after.open}),
            hits=len(way.hits),
            tracked=way.tracked,
            commands=sum(len(one.commands) for one in way.drafts),
            text=way.text,
            whole=after.whole,
        )

    @property
    def rank(self) -> tuple[bool, int, int]:
        """How good it is, the best first: it leaves nothing open, leaves less, hits fewer."""
        option = self.option
        return not (option.whole and not option.leaves_open), option.leaves_open, option.hits


def _tried(way: Way, question: Question) -> Way:
    """Return the way, or why its edits do not fit the snapshot."""
    try:
        edited(question.world, [Edit.model_validate(one) for one in way.edits])
    except EditError as error:
        return Way(means=way.means, impossible=error.what.partition(": ")[2] or error.what)
    return way


def _chosen(trials: Sequence[Trial], means: Means | None) -> Trial:
    possible = [one for one in trials if one.after is not None]
    if means is not None:
        named = next(one for one in trials if one.way.means == means)
        if named.after is None:
            others = quoted(one.way.means for one in possible)
            hint = f"`--means` with one of {others}" if others else "stop what runs there"
            raise QuestionError(f"`{means}` does not contain it: {named.way.impossible}", hint=hint)
        return named
    if not possible:
        raise QuestionError(f"nothing contains it: {trials[0].way.impossible}", hint="stop what runs there")
    return min(possible, key=lambda one: one.rank)
