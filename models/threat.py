"""What `reach threats` returns: the threat model that a snapshot implies. Every statement has a witness; read by programs."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any, ClassVar, cast

import msgspec

from .answer import SnapshotFacts
from .attack import Actor, AttackPath, ChokePoint, Cut, Depth, Technique
from .location import SNAPSHOT, Written
from .shown import Framed
from .trust import Asset, Context, Contract, EntryPoint, Zone
from .verdict import Verdict


class Severity(StrEnum):
    """Threagile's bands of likelihood times impact: the least first."""

    LOW = "low"
    MEDIUM = "medium"
    ELEVATED = "elevated"
    HIGH = "high"
    CRITICAL = "critical"


SEVERITIES = tuple(Severity)


class Factor(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One reason for a likelihood or an impact: how much it adds, and to which of the two."""

    of: str
    points: int
    text: str


class Acceptance(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who accepted a risk, why, and until when, that day included; `expired` when that day is over."""

    reason: str
    owner: str
    until: str
    expired: bool = False


class Risk(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A finding: what is wrong, how likely and how bad, with what it rests on. `id` is the same in every run of the same cause.

    `kind` is one of the data files' kinds; `source` is the group that reaches the assets where it is no actor's; `path` the id of an
    attack path that shows it, "" where configuration alone does; `evidence` are lines of resources. `remedies` are edits, each list of
    which ends the risk, breaks no contract and brings nothing as bad: they were tried.
    """

    id: str
    kind: str
    title: str
    text: str
    likelihood: int
    impact: int
    severity: Severity
    factors: list[Factor] = []
    stride: str = ""
    techniques: list[str] = []
    actor: str = ""
    source: str = ""
    assets: list[str] = []
    context: str = ""
    path: str = ""
    confidence: Verdict = Verdict.REACHABLE
    evidence: list[Written] = []
    remedy: str = ""
    remedies: list[list[dict[str, Any]]] = []
    accepted: Acceptance | None = None

    @property
    def score(self) -> int:
        """Likelihood times impact, 1 to 16."""
        return self.likelihood * self.impact

    @property
    def about(self) -> tuple[str, str, str]:
        """Its kind and its two sides, as far as assets do not say them: what stays when the lines change that it rests on."""
        return self.kind, self.actor or self.source, self.context

    @property
    def counts(self) -> bool:
        """Whether nobody accepted it, or not for as long as this."""
        return self.accepted is None or self.accepted.expired


class Share(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much of something was modelled: `modelled` of `of`."""

    name: str
    modelled: int
    of: int


class Coverage(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What share of resources, types and lines stands behind the scores, and what does not, by name."""

    shares: list[Share] = []
    not_modelled: list[str] = []


class Data(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The data files that the model rests on: which, of what day, of which version."""

    file: str
    date: str
    version: str = ""


class ThreatModel(Framed, msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The answer to `reach threats`. Risks stand in order: the worst first, then by id. Lists are cut where `notes` say so."""

    shown_as: ClassVar[str] = "threats"

    format: str = msgspec.field(name="schema", default="reach/threats/1")
    zones: list[Zone] = []
    contexts: list[Context] = []
    contracts: list[Contract] = []
    unassigned: list[str] = []
    assets: list[Asset] = []
    entry_points: list[EntryPoint] = []
    actors: list[Actor] = []
    techniques: list[Technique] = []
    paths: list[AttackPath] = []
    depths: list[Depth] = []
    choke_points: list[ChokePoint] = []
    cuts: list[Cut] = []
    risks: list[Risk] = []
    coverage: Coverage = Coverage()
    data: list[Data] = []
    notes: list[str] = []
    snapshot: SnapshotFacts = SnapshotFacts()

    @property
    def counting(self) -> list[Risk]:
        """The risks that nobody accepted."""
        return [one for one in self.risks if one.counts]

    @property
    def written(self) -> list[Written]:
        """Every line that risks rest on, as evidence names it."""
        return [*(line for one in self.risks for line in one.evidence), SNAPSHOT]

    def columns(self) -> dict[str, Sequence[object]]:
        """Return the risks as columns."""
        names = ("id", "kind", "severity", "likelihood", "impact", "title", "actor", "context", "stride", "confidence")
        return {name: [getattr(one, name) for one in self.risks] for name in names}

    def to_dict(self) -> dict[str, Any]:
        """Return the model as the JSON object of `reach threats --format json`."""
        return cast(dict[str, Any], msgspec.to_builtins(self))
