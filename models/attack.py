"""How somebody attacks: actors, the hops of their ways, the edits that are missing to one, and those that close them."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import msgspec

from .answer import Blocker, Hop
from .location import Written
from .trust import ZoneKind
from .verdict import Verdict


class HopKind(StrEnum):
    """By what an intruder gets from one thing to the next. Packets are told today; the others have their place here."""

    NETWORK = "network"
    SERVICE = "service"
    CREDENTIAL = "credential"
    IDENTITY = "identity"
    CONTROL_PLANE = "control-plane"
    MUTATION = "mutation"


class Actor(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who attacks: where he starts, and what is assumed of him. `likelihood` (1 to 4) is how often such people are met."""

    id: str
    name: str
    zone: ZoneKind
    starts: list[str]
    assumptions: list[str]
    likelihood: int
    origin: str = ""


class Technique(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A technique of MITRE ATT&CK (or of another catalogue that the data file names)."""

    id: str
    name: str
    tactic: str


class AttackHop(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One hop: from which interface (or zone) to which, by what, with the packet that shows it and the lines that it crosses.

    `controls` are those lines that somebody wrote and can change; `path` and `reply_path` are the witness, line by line.
    """

    kind: HopKind
    source: str = msgspec.field(name="from")
    target: str = msgspec.field(name="to")
    verdict: Verdict
    services: list[str] = []
    techniques: list[str] = []
    stride: str = ""
    preconditions: list[str] = []
    contract: str = ""
    controls: list[Written] = []
    path: list[Hop] = []
    reply_path: list[Hop] = []
    conditions: list[str] = []


class AttackPath(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How an actor comes to an asset; as sure as its least sure hop. `id` is the same in every run.

    Of a risk between groups, contexts say, `actor` is the one that reaches the other.
    """

    id: str
    actor: str
    asset: str
    confidence: Verdict
    hops: list[AttackHop]


class Layer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A layer of defence that alone blocks: `route`, `acl`, `egress group`, `ingress group`, `block public access`, `endpoint`, `other`."""

    name: str
    blockers: list[Blocker]


class Depth(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many single edits it takes until an actor reaches an asset in one hop, and the layers that each block alone now.

    `least` is 0 where it is reachable (`verdict` says how surely). `exact` is whether `edits` have been tried and are so many.
    """

    actor: str
    asset: str
    verdict: Verdict
    least: int
    exact: bool
    edits: list[dict[str, Any]] = []
    layers: list[Layer] = []


class ChokePoint(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One edit that closes attack paths, tried on the edited snapshot.

    `removes` counts the pairs of actor and restricted asset that have a way now and none after it, of `of`; `weakens` those that get
    longer. `breaks` are declared contracts that no longer hold, `cuts` some of the pairs of assets that could talk and cannot any more, of
    which there are `cut_pairs`.
    `dominates` are the pairs, `ACTOR -> ASSET`, of which every way crosses it.
    """

    edits: list[dict[str, Any]]
    line: Written
    text: str
    removes: int
    of: int
    weakens: int = 0
    breaks: list[str] = []
    cuts: list[str] = []
    cut_pairs: int = 0
    dominates: list[str] = []


class Cut(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Edits that together leave an actor no way to any restricted asset; `least` are at least needed, of those that were tried."""

    actor: str
    edits: list[dict[str, Any]]
    least: int
    breaks: list[str] = []
