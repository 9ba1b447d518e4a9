"""What changed between two snapshots: flows opened and closed, as people would say it, and the lines that did it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Literal, cast

import msgspec

from .answer import SnapshotFacts
from .location import SNAPSHOT, Written
from .matrix import Group
from .shown import Framed
from .verdict import Verdict

SideName = Literal["old", "new"]


class Cause(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line that did it: `side` says which snapshot holds it."""

    side: SideName
    resource: str
    line: str
    rule: str
    origin: str = ""

    @property
    def written(self) -> Written:
        """The line as evidence names it."""
        return Written(self.resource, self.line, self.origin)


class Change(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What some groups reach of others now, or no longer: `was` and `now` are the verdicts of each of these pairs of groups.

    `example` are two interfaces, or the internet, between which it holds.
    """

    change: Literal["opened", "closed"]
    grain: str
    sources: list[Group] = msgspec.field(name="from")
    targets: list[Group] = msgspec.field(name="to")
    services: list[str]
    was: Verdict
    now: Verdict
    example: tuple[Group, Group]
    causes: list[Cause] = []

    def written(self, side: SideName) -> list[Written]:
        """Return the lines of one side that did it, as evidence names them."""
        return [one.written for one in self.causes if one.side == side]


class Difference(Framed, msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The answer to `reach diff OLD NEW`: `pairs` counts the pairs of interfaces, the internet among them, that changed."""

    shown_as: ClassVar[str] = "difference"

    format: str = msgspec.field(name="schema", default="reach/diff/1")
    on: str | None = None
    opened: list[Change] = []
    closed: list[Change] = []
    pairs: int = 0
    not_modelled: list[str] = []
    old: SnapshotFacts = SnapshotFacts()
    new: SnapshotFacts = SnapshotFacts()

    @property
    def changes(self) -> list[Change]:
        """Everything that changed, what opened first."""
        return [*self.opened, *self.closed]

    def written(self, side: SideName) -> list[Written]:
        """Return every line of one side that did it, as evidence names them."""
        return [*(line for one in self.changes for line in one.written(side)), SNAPSHOT]

    def columns(self) -> dict[str, Sequence[object]]:
        """Return the changes as columns: what opened or closed, between whom, and the lines that did it."""
        return {
            "change": [one.change for one in self.changes],
            "grain": [one.grain for one in self.changes],
            "from": ["; ".join(group.id for group in one.sources) for one in self.changes],
            "from_names": ["; ".join(group.name for group in one.sources) for one in self.changes],
            "to": ["; ".join(group.id for group in one.targets) for one in self.changes],
            "to_names": ["; ".join(group.name for group in one.targets) for one in self.changes],
            "was": [one.was.value for one in self.changes],
            "now": [one.now.value for one in self.changes],
            "services": [", ".join(one.services) for one in self.changes],
            "causes": ["; ".join(f"{cause.side} {cause.resource}: {cause.line}" for cause in one.causes) for one in self.changes],
        }

    def to_dict(self) -> dict[str, Any]:
        """Return it as a JSON object."""
        return cast(dict[str, Any], msgspec.to_builtins(self))
