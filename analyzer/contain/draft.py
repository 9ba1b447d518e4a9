"""A step before the model is asked about it."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

Edits = tuple[dict[str, Any], ...]


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """One step as it is done: what `models.containment.Step` says, less what passes after it.

    `hits` are interfaces of others that it may hit, `survive` which live connections it does not cut.
    """

    phase: Literal["preserve", "contain", "verify", "recover"]
    title: str
    why: str
    commands: tuple[str, ...] = ()
    undo: tuple[str, ...] = ()
    edits: Edits = ()
    tracked: str = ""
    survive: tuple[str, ...] = ()


class Way(msgspec.Struct, frozen=True, kw_only=True):
    """One way to contain: its steps, or why it is not possible. `hits` are interfaces of others that it may hit."""

    means: Literal["group", "acl", "route"]
    drafts: tuple[Draft, ...] = ()
    tracked: str = ""
    text: str = ""
    hits: tuple[str, ...] = ()
    impossible: str = ""

    @property
    def edits(self) -> Edits:
        """The edits of all its steps."""
        return tuple(one for draft in self.drafts for one in draft.edits)
