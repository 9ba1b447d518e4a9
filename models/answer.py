"""What questions return: an answer, its pairs, the hops of a path, the lines that block. The public contract of programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Literal, cast

import msgspec

from .errors import ReachError
from .shown import Framed
from .verdict import Verdict


class PacketText(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A packet in words."""

    source: str = msgspec.field(name="from")
    target: str = msgspec.field(name="to")
    service: str


class End(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One end of a pair: an interface, a range of addresses, the internet."""

    id: str
    kind: str
    name: str = ""
    address: str = ""
    vpc: str = ""
    account: str = ""


class Hop(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line that decided about the packet: where, which resource and line, by which AWS rule, and the packet as it was."""

    place: str
    kind: str
    resource: str
    line: str
    rule: str
    packet: PacketText
    origin: str = ""


class Blocker(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line that must change for the flow to pass."""

    resource: str
    line: str
    rule: str
    code: str = ""
    direction: Literal["request", "reply"] = "request"
    text: str = ""
    origin: str = ""


class Pair(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The answer for one source and one target; `reply` is a verdict's word, `not_applicable`, or None where forward is blocked.

    `doubts` are the lines on the path that may stop the packet or its reply, of an answer that is neither reachable nor blocked.
    """

    source: End = msgspec.field(name="from")
    target: End = msgspec.field(name="to")
    verdict: Verdict
    forward: Verdict
    reply: str | None = None
    services: list[str] = []
    path: list[Hop] = []
    reply_path: list[Hop] = []
    blockers: list[Blocker] = []
    conditions: list[str] = []
    notes: list[str] = []
    doubts: list[Blocker] = []


class Query(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The question as it was asked."""

    source: str = msgspec.field(name="from")
    target: str = msgspec.field(name="to")
    on: str | None = None


class SnapshotFacts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When and from where the snapshot was taken."""

    collected_at: str = ""
    accounts: list[str] = []


class Answer(Framed, msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The answer to `reach from SOURCE to TARGET on SERVICE`.

    `services` are those that work end to end, merged and sorted. `pairs` is cut at the limit that was asked for; `pairs_total`
    says how many there are. `bool(answer)` is whether TARGET is reachable; it raises UncertainError where that is not certain.
    """

    shown_as: ClassVar[str] = "answer"

    format: str = msgspec.field(name="schema", default="reach/answer/1")
    query: Query
    verdict: Verdict
    forward: Verdict
    reply: str | None = None
    services: list[str] = []
    pairs: list[Pair] = []
    pairs_total: int = 0
    blockers: list[Blocker] = []
    conditions: list[str] = []
    notes: list[str] = []
    not_modelled: list[str] = []
    snapshot: SnapshotFacts = SnapshotFacts()

    def __bool__(self) -> bool:
        if self.verdict in (Verdict.UNKNOWN, Verdict.CONDITIONAL):
            raise UncertainError(
                f"the answer is `{self.verdict}`, neither yes nor no", hint="compare `.verdict` with a word instead"
            )
        return self.verdict is Verdict.REACHABLE

    def columns(self) -> dict[str, Sequence[object]]:
        """Return the pairs as columns: both ends, the verdicts, the services that work, and what stops the others."""
        return {
            **ends([one.source for one in self.pairs], [one.target for one in self.pairs]),
            "verdict": [one.verdict.value for one in self.pairs],
            "forward": [one.forward.value for one in self.pairs],
            "reply": [one.reply for one in self.pairs],
            "services": [", ".join(one.services) for one in self.pairs],
            "stopped_by": ["; ".join(f"{line.resource}: {line.line}" for line in one.blockers) for one in self.pairs],
            "conditions": ["; ".join(one.conditions) for one in self.pairs],
        }

    def to_dict(self) -> dict[str, Any]:
        """Return the answer as the contract's JSON object."""
        return cast(dict[str, Any], msgspec.to_builtins(self))


def ends(sources: Sequence[End], targets: Sequence[End]) -> dict[str, Sequence[object]]:
    """Return both ends of some rows as columns."""
    sides = (("from", sources), ("to", targets))
    return {
        f"{side}{suffix}": [getattr(one, field) for one in ones]
        for side, ones in sides
        for suffix, field in (("", "id"), ("_name", "name"), ("_kind", "kind"), ("_vpc", "vpc"))
    }


class UncertainError(ReachError):
    """An answer that is neither reachable nor blocked was asked to be one of them."""
