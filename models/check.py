"""What `reach check` returns: the invariants that were checked, and every violation with its witness. Read by programs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, cast

import msgspec

from .answer import Blocker, End, Hop, SnapshotFacts, ends
from .location import SNAPSHOT, Written
from .shown import Framed
from .verdict import Verdict


class Mistakes(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many single edits it takes until something passes: `least` at least, and `edits` are enough (empty: none were found that are)."""

    least: int
    edits: list[dict[str, Any]] = []


class Suggestion(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The smallest change that was found to set a violation right, as edits of `reach whatif`; the engine has tried it.

    `closes` are the pairs with violations of this check that it closes something for; `cuts` and `opens` some of the pairs that it
    changes besides, of which there are `cut_pairs` and `opened_pairs`: at least so many where it is not `whole`.
    """

    edits: list[dict[str, Any]]
    closes: int
    cuts: list[str] = []
    cut_pairs: int = 0
    opens: list[str] = []
    opened_pairs: int = 0
    whole: bool = True


class Violation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One pair that is not as an invariant demands; where very many are not, one of the `pairs` whose targets carry the same groups.

    `services` are those that are not as they should be: that pass though they must not, or do not pass though they must;
    `doubtful` are those of which that is not certain. `lines` are all lines that let the witness through, each resource that
    admits it included; `blockers` those that stop what must pass. `reached` are the ids of what a radius covers, `mistakes` what
    `min_depth` counted. `fingerprint` is the same in every run for the same invariant and pair. `new` is False for what a baseline
    holds already.
    """

    invariant: str
    kind: str
    text: str
    source: End = msgspec.field(name="from")
    target: End = msgspec.field(name="to")
    verdict: Verdict
    services: list[str] = []
    doubtful: list[str] = []
    path: list[Hop] = []
    reply_path: list[Hop] = []
    lines: list[Hop] = []
    blockers: list[Blocker] = []
    conditions: list[str] = []
    reached: list[str] = []
    pairs: int = 1
    mistakes: Mistakes | None = None
    suggestion: Suggestion | None = None
    ignored: str = ""
    expired: list[str] = []
    new: bool = True
    fingerprint: str = ""

    @property
    def written(self) -> list[Written]:
        """The lines that let it through or stop it, the target's own first, as evidence names them."""
        return [Written(one.resource, one.line, one.origin) for one in self.blockers or self.lines[::-1]]

    @property
    def sides(self) -> list[Written]:
        """Both ends, the target first."""
        return [Written(one.id) for one in (self.target, self.source)]


class Checked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One invariant and how it fared; `origin` is the file or pack and the line where it is written.

    `not_applicable` says why it was not checked: the snapshot holds nothing that a pack's invariant is about. `expired` are the
    ignores whose time is over.
    """

    name: str
    kind: str
    origin: str
    holds: bool
    violations: int = 0
    new: int = 0
    ignored: int = 0
    expired: list[str] = []
    not_applicable: str = ""

    @property
    def written(self) -> Written:
        """Where it is written."""
        return Written(origin=self.origin)


class Check(Framed, msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The outcome of `reach check`: it holds when no invariant has a violation that counts."""

    shown_as: ClassVar[str] = "check"

    format: str = msgspec.field(name="schema", default="reach/check/1")
    holds: bool
    invariants: list[Checked]
    violations: list[Violation] = []
    ignored: list[Violation] = []
    snapshot: SnapshotFacts = SnapshotFacts()

    @property
    def counting(self) -> list[Violation]:
        """The violations that a baseline does not hold already."""
        return [one for one in self.violations if one.new]

    @property
    def written(self) -> list[Written]:
        """Every line that violations name, as evidence does, and where the invariants are."""
        told = [line for one in (*self.violations, *self.ignored) for line in (*one.written, *one.sides)]
        return [*told, *(one.written for one in self.invariants), SNAPSHOT]

    def columns(self) -> dict[str, Sequence[object]]:
        """Return the invariants as columns; how they are violated is told by Violations."""
        names = ("name", "kind", "origin", "holds", "violations", "new", "ignored", "not_applicable")
        return {name: [getattr(one, name) for one in self.invariants] for name in names}

    def to_dict(self) -> dict[str, Any]:
        """Return the outcome as the JSON object of `reach check --format json`."""
        return cast(dict[str, Any], msgspec.to_builtins(self))


class Violations(Framed, list[Violation]):
    """The violations that count: a list, which shows the whole outcome, `check`, in a notebook."""

    shown_as: ClassVar[str] = "violations"

    def __init__(self, violations: Iterable[Violation], check: Check) -> None:
        """Take the violations of an outcome."""
        super().__init__(violations)
        self.check = check

    def columns(self) -> dict[str, Sequence[object]]:
        """Return the violations as columns: the invariant, both ends, what is not as it should be, and the lines that did it."""
        return {
            "invariant": [one.invariant for one in self],
            "kind": [one.kind for one in self],
            **ends([one.source for one in self], [one.target for one in self]),
            "verdict": [one.verdict.value for one in self],
            "services": [", ".join(one.services) for one in self],
            "doubtful": [", ".join(one.doubtful) for one in self],
            "lines": ["; ".join(f"{line.resource}: {line.line}" for line in one.blockers or one.lines) for one in self],
            "text": [one.text for one in self],
            "new": [one.new for one in self],
        }
