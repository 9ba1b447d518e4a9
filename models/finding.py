"""What `reach lint` finds: a line or resource that does nothing, or not what it seems to do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import msgspec

from .location import SNAPSHOT, Written
from .shown import Framed


class Finding(msgspec.Struct, frozen=True, kw_only=True, order=True, forbid_unknown_fields=True):
    """One finding: `kind` is one of KINDS, `line` "" where it is about the resource as a whole, `origin` where it is written."""

    kind: str
    resource: str
    line: str = ""
    text: str
    origin: str = ""

    @property
    def written(self) -> Written:
        """What it is about, as evidence names it."""
        return Written(self.resource, self.line, self.origin)


# What each kind means, in a sentence.
KINDS = {
    "duplicate": "the same line stands there twice",
    "shadowed": "other lines decide everything that it matches",
    "unattached": "nothing carries it, or is associated with it",
    "gone": "it names something that is not there any more",
    "outside": "it is about private addresses that nothing in the snapshot has",
    "no-reply": "it admits requests whose replies no entry lets back",
    "wide": "it admits public addresses, and nothing comes from the internet",
    "split": "one line could say it together with another one",
    "no-policy": "the policy of the endpoint allows everything to everybody; only where it is asked for",
}


class Findings(Framed, list[Finding]):
    """Findings: a list that shows itself as a table in a notebook."""

    shown_as: ClassVar[str] = "findings"

    @property
    def written(self) -> list[Written]:
        """What the findings are about, as evidence names it."""
        return [*(one.written for one in self), SNAPSHOT]

    def columns(self) -> dict[str, Sequence[object]]:
        """Return the findings as columns."""
        return {name: [getattr(one, name) for one in self] for name in ("kind", "resource", "line", "text", "origin")}
