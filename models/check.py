"""What `reach check` returns: the invariants that were checked, and every violation with its witness. Read by programs."""

from __future__ import annotations

from typing import Any, cast

import msgspec

from .answer import Blocker, End, Hop, SnapshotFacts
from .verdict import Verdict


class Violation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One pair that is not as an invariant demands.

    `services` are those that are not as they should be: that pass though they must not, or do not pass though they must;
    `doubtful` are those of which that is not certain. `lines` are all lines that let the witness through, each resource that
    admits it included; `blockers` those that stop what must pass. `reached` are the ids of what a radius covers. `fingerprint`
    is the same in every run for the same invariant and pair. `new` is False for what a baseline holds already.
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
    ignored: str = ""
    expired: list[str] = []
    new: bool = True
    fingerprint: str = ""


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


class Check(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The outcome of `reach check`: it holds when no invariant has a violation that counts."""

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

    def to_dict(self) -> dict[str, Any]:
        """Return the outcome as the JSON object of `reach check --format json`."""
        return cast(dict[str, Any], msgspec.to_builtins(self))
