"""What `reach contain` returns: ordered steps that contain a compromised resource, and the proof, step by step. Read by programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Literal, cast

import msgspec

from .answer import End, SnapshotFacts
from .shown import Framed
from .verdict import Verdict

Means = Literal["group", "acl", "route"]


class OpenFlow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something that passes to or from what is contained, `services` by their surest verdict; `forensic` where it is to stay open."""

    source: str = msgspec.field(name="from")
    target: str = msgspec.field(name="to")
    verdict: Verdict
    services: list[str]
    forensic: bool = False


class Broken(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who loses what by a step: a pair that could talk and cannot any more; `beside` where neither is what is contained."""

    source: str = msgspec.field(name="from")
    target: str = msgspec.field(name="to")
    services: list[str]
    beside: bool = False


class Step(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One step: what is done and why, the `aws` commands as text, how to undo it, and the model evaluated after it.

    `edits` are the step in the words of `reach whatif`; empty for a step that changes no packet's way (a snapshot of a disk, a tag).
    `tracked` is what becomes of connections that are established: `stay`, `cut`, or "" where the step does not touch them; `survive`
    names those that a cut leaves alive. `whole` is False where the counts are of the nearest other ends alone, "at least".
    `open` is what still passes after the step, of `open_flows`; `broken` what the step cuts, of `broken_flows`.
    """

    number: int
    phase: Literal["preserve", "contain", "verify", "recover"]
    title: str
    why: str
    commands: list[str] = []
    undo: list[str] = []
    edits: list[dict[str, Any]] = []
    tracked: str = ""
    survive: list[str] = []
    whole: bool = True
    open: list[OpenFlow] = []
    open_flows: int = 0
    broken: list[Broken] = []
    broken_flows: int = 0


class Option(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One way to contain: by `group`, `acl` or `route`.

    `leaves_open` counts pairs beside the forensic path, and with `whole` False at least; `hits` are interfaces of others that stand
    behind what it changes; `text` says what it is, or why it is not possible.
    """

    means: Means
    possible: bool
    leaves_open: int
    hits: int
    tracked: str
    commands: int
    text: str = ""
    whole: bool = True


class Containment(Framed, msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The answer to `reach contain X`.

    `contained` is whether after the last step nothing passes but the forensic path; `left_open` is what does, the path included, of
    `left_open_flows`. What may pass counts as what does. `before_whole` is False where `before_flows` is "at least".
    """

    shown_as: ClassVar[str] = "contain"

    format: str = msgspec.field(name="schema", default="reach/contain/1")
    selector: str
    forensics: str = ""
    targets: list[End]
    means: Means
    contained: bool
    options: list[Option] = []
    before: list[OpenFlow] = []
    before_flows: int = 0
    before_whole: bool = True
    steps: list[Step] = []
    left_open: list[OpenFlow] = []
    left_open_flows: int = 0
    notes: list[str] = []
    not_modelled: list[str] = []
    snapshot: SnapshotFacts = SnapshotFacts()

    @property
    def forensic_passes(self) -> bool:
        """Whether the forensic path surely passes after the last step; True where none was asked for."""
        return not self.forensics or any(one.forensic and one.verdict is Verdict.REACHABLE for one in self.left_open)

    def columns(self) -> dict[str, Sequence[object]]:
        """Return the steps as columns."""
        names = ("number", "phase", "title", "tracked", "open_flows", "broken_flows")
        return {name: [getattr(one, name) for one in self.steps] for name in names}

    def to_dict(self) -> dict[str, Any]:
        """Return the plan as the JSON object of `reach contain --format json`."""
        return cast(dict[str, Any], msgspec.to_builtins(self))
