"""What questions return: an answer, its pairs, the hops of a path, the lines that block. The public contract of programs."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from .errors import ReachError
from .verdict import Verdict


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PacketText(_Part):
    """A packet in words."""

    source: str = Field(serialization_alias="from")
    target: str = Field(serialization_alias="to")
    service: str


class End(_Part):
    """One end of a pair: an interface, a range of addresses, the internet."""

    id: str
    kind: str
    name: str = ""
    address: str = ""
    vpc: str = ""
    account: str = ""


class Hop(_Part):
    """One line that decided about the packet: where, which resource and line, by which AWS rule, and the packet as it was."""

    place: str
    kind: str
    resource: str
    line: str
    rule: str
    packet: PacketText
    origin: str = ""


class Blocker(_Part):
    """One line that must change for the flow to pass."""

    resource: str
    line: str
    rule: str
    code: str = ""
    direction: Literal["request", "reply"] = "request"
    text: str = ""
    origin: str = ""


class Pair(_Part):
    """The answer for one source and one target."""

    source: End = Field(serialization_alias="from")
    target: End = Field(serialization_alias="to")
    verdict: Verdict
    forward: Verdict
    reply: Verdict | Literal["not_applicable"] | None = None
    services: list[str] = []
    path: list[Hop] = []
    reply_path: list[Hop] = []
    blockers: list[Blocker] = []
    conditions: list[str] = []
    notes: list[str] = []


class Query(_Part):
    """The question as it was asked."""

    source: str = Field(serialization_alias="from")
    target: str = Field(serialization_alias="to")
    on: str | None = None


class SnapshotFacts(_Part):
    """When and from where the snapshot was taken."""

    collected_at: str = ""
    accounts: list[str] = []


class Answer(_Part):
    """The answer to `reach from SOURCE to TARGET on SERVICE`.

    `services` are those that work end to end, merged and sorted. `pairs` is cut at the limit that was asked for; `pairs_total`
    says how many there are. `bool(answer)` is whether TARGET is reachable; it raises UncertainError where that is not certain.
    """

    format: str = Field(default="reach/answer/1", serialization_alias="schema")
    query: Query
    verdict: Verdict
    forward: Verdict
    reply: Verdict | Literal["not_applicable"] | None = None
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

    def to_dict(self) -> dict[str, Any]:
        """Return the answer as the contract's JSON object."""
        return self.model_dump(by_alias=True, mode="json")


class UncertainError(ReachError):
    """An answer that is neither reachable nor blocked was asked to be one of them."""
