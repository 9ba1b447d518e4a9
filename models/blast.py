"""What `reach blast` and `reach into` return: who is reached hop after hop, by which way, how surely. Read by programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Literal, cast

import msgspec

from .answer import End, Pair, SnapshotFacts
from .matrix import Group
from .shown import Framed
from .verdict import Verdict

Verb = Literal["blast", "into"]
Hold = Literal["hosts", "all"]


class BlastQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The question as it was asked; `hops` is the most hops, None for any number."""

    verb: Verb
    selector: str
    on: str | None = None
    hops: int | None = None
    hold: Hold = "hosts"
    by: str | None = None


class Step(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One hop: the interface that sends, the one that is reached, and on which services, those of the verdict."""

    source: str = msgspec.field(name="from")
    target: str = msgspec.field(name="to")
    verdict: Verdict
    services: list[str] = []


class Sooner(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A shorter way that is less sure."""

    depth: int
    verdict: Verdict


class Reached(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One resource that is reached (of `into`: that reaches), by the surest way, and of these the shortest.

    `endpoint` is its interface at that end of the way, `resource` what the interface belongs to. `depth` is the number of hops,
    `verdict` that of all of them together. `way` leads from the source to the target. `held` is whether an intruder goes on from it.
    """

    endpoint: End
    resource: str
    depth: int
    verdict: Verdict
    held: bool
    way: list[Step]
    sooner: Sooner | None = None

    @property
    def services(self) -> list[str]:
        """What arrives at the end of the way, or, of what reaches a target, at the end of its first hop."""
        return self.near.services

    @property
    def near(self) -> Step:
        """The hop of the way that this resource is an end of."""
        return self.way[-1] if self.way[-1].target == self.endpoint.id else self.way[0]

    @property
    def next(self) -> str:
        """The interface on the other side of that hop."""
        return self.near.source if self.near.target == self.endpoint.id else self.near.target


class HopCount(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many resources come with one more hop, by verdict, and how many of them an intruder goes on from."""

    hop: int
    reachable: int = 0
    conditional: int = 0
    unknown: int = 0
    held: int = 0


class GroupCount(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many resources of a group are reached, by verdict, `of` how many that it has."""

    group: Group
    reachable: int = 0
    conditional: int = 0
    unknown: int = 0
    of: int = 0

    @property
    def reached(self) -> int:
        """How many are not surely out of reach."""
        return self.reachable + self.conditional + self.unknown


class Beyond(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many more resources come with one hop more than was allowed, with any number, and if an intruder held everything."""

    next_hop: int = 0
    any_hops: int = 0
    hold_all: int = 0


class BlastRadius(Framed, msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The answer to `reach blast SOURCE` and, the other way round, to `reach into TARGET`.

    `hops` counts by number of hops. `reached` is in order of depth, and cut at the limit that was asked for; `reached_total` says
    how many resources there are, the internet left out, whose verdict is `internet`. `sources` (of `into`: targets) are the
    interfaces and addresses that the selector named, with all other interfaces of the same hosts. `paths` shows each hop of the
    ways that are listed once, where that was asked for.
    """

    shown_as: ClassVar[str] = "blast"

    format: str = msgspec.field(name="schema", default="reach/blast/1")
    query: BlastQuery
    sources: list[End]
    hops: list[HopCount]
    reached: list[Reached]
    reached_total: int
    internet: Verdict = Verdict.BLOCKED
    by: list[GroupCount] = []
    beyond: Beyond = Beyond()
    paths: list[Pair] = []
    notes: list[str] = []
    not_modelled: list[str] = []
    snapshot: SnapshotFacts = SnapshotFacts()

    def to_dict(self) -> dict[str, Any]:
        """Return the answer as the JSON object of `--format json`."""
        return cast(dict[str, Any], msgspec.to_builtins(self))

    def columns(self) -> dict[str, Sequence[object]]:
        """Return what is listed as columns, a row for each resource."""
        rows = [row(one) for one in self.reached]
        return {name: [one[name] for one in rows] for name in COLUMNS}


COLUMNS = (
    *("depth", "verdict", "id", "name", "kind", "resource", "address", "vpc", "account", "held", "services", "next"),
    *("sooner_depth", "sooner_verdict", "way"),
)


def row(one: Reached) -> dict[str, Any]:
    """Return what is reached as one flat row of COLUMNS; `way` names the interfaces from the source to the target."""
    end, sooner = one.endpoint, one.sooner
    hops = [one.way[0].source, *(step.target for step in one.way)] if one.way else []
    return {
        "depth": one.depth,
        "verdict": one.verdict.value,
        "id": end.id,
        "name": end.name,
        "kind": end.kind,
        "resource": one.resource,
        "address": end.address,
        "vpc": end.vpc,
        "account": end.account,
        "held": one.held,
        "services": ", ".join(one.services),
        "next": one.next,
        "sooner_depth": sooner.depth if sooner else None,
        "sooner_verdict": sooner.verdict.value if sooner else "",
        "way": " > ".join(hops),
    }
