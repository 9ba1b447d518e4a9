"""Rows of AWS's answers while they are put together: whole rows, and parts that other resources add to them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

import msgspec

from ..whose import Viewer
from .patch import patched
from .resource import Declared

Name = tuple[str, str]


class Draft(msgspec.Struct):
    """A row: the key of its document, its id, its fields, and the resource that declares it.

    `whole` says that the resource itself is declared, not only parts of it. `new` says that it is not there yet.
    """

    key: str
    id: str
    fields: dict[str, Any]
    address: str
    line: int = 0
    whole: bool = True
    new: bool = True


class Place(msgspec.Struct, frozen=True):
    """Where a document declares a resource, as a path inside it, and the account and Region that it is made in, if they are told.

    `file` is the document's own, where a source has several.
    """

    path: str
    viewer: Viewer | None = None
    file: str = ""


class Lost(msgspec.Struct, frozen=True, order=True):
    """A resource that cannot be told before it is there: the key of its document, its id, and why, in a sentence."""

    key: str
    id: str
    text: str
    # The resource whose own row it is; "" for a part of another's.
    address: str = ""


class Around(Protocol):
    """The network that is there already, as rows of AWS's answers."""

    def find(self, key: str, id: str) -> dict[str, Any] | None:
        """Return the fields of a row; None where there is none."""

    def named(self, key: str, field: str, text: str) -> str:
        """Return the id of the row whose field holds the text; "" where there is none."""

    def default_group(self, vpc_id: str) -> str:
        """Return the id of a VPC's default group; "" where nobody knows it."""


class Drafts:
    """Every row of one source by key and id."""

    def __init__(self, around: Around | None = None) -> None:
        """Start without rows; `around` holds those of the network that is there already."""
        self.rows: dict[Name, Draft] = {}
        # The resources that add to a row, by address.
        self.parts: dict[Name, list[str]] = {}
        self._around = around
        self.lost: list[Lost] = []
        self.notes: list[str] = []
        # What declares rows, by key and id of the row, be they told or lost.
        self.sources: dict[Name, Declared] = {}
        # Types of resources that no table translates, with the addresses that have them.
        self.untold: dict[str, list[str]] = {}
        # Addresses of resources that the code changes or deletes.
        self.changed: set[str] = set()
        # Ids of the subnets in which types that no table translates may have interfaces.
        self.peopled: set[str] = set()
        # Whether relays of which too little is known may pass on to anybody what hosts of the code send them.
        self.relaying = False
        # Where resources stand in their document, by address.
        self.places: dict[str, Place] = {}

    def add(self, draft: Draft) -> None:
        """Add a row, or a part of one: lists are joined, objects merged, and of single values the one of the part wins."""
        if not draft.whole:
            self.parts.setdefault((draft.key, draft.id), []).append(draft.address)
        known = self.rows.get((draft.key, draft.id))
        if known is None:
            self.rows[draft.key, draft.id] = draft
            return
        if draft.whole and not known.whole:
            known.fields = joined(draft.fields, known.fields)
            known.address, known.line, known.new, known.whole = draft.address, draft.line, draft.new, True
        else:
            known.fields = joined(known.fields, draft.fields)

    def take(self, draft: Draft) -> None:
        """Take what a resource that goes added to a row out of it, where the row shows it, too."""
        known = self.rows.get((draft.key, draft.id))
        if known is not None:
            known.fields = patched(known.fields, draft.fields, {name: [] for name in draft.fields if name in known.fields})

    def of(self, key: str) -> Iterator[Draft]:
        """Yield the rows of a key."""
        return (one for (other, _), one in list(self.rows.items()) if other == key)

    def find(self, key: str, id: str) -> dict[str, Any] | None:
        """Return the fields of a row, be it of the network around; None where there is none."""
        found = self.rows.get((key, id))
        if found is not None and found.whole:
            return found.fields
        return self._around.find(key, id) if self._around is not None else None

    def named(self, key: str, field: str, text: str) -> str:
        """Return the id of the row of the network around whose field holds the text; "" where it holds none."""
        return self._around.named(key, field, text) if self._around is not None else ""

    def default_group(self, vpc_id: str) -> str:
        """Return the default group of a VPC of the network around, or an id that no snapshot holds."""
        found = self._around.default_group(vpc_id) if self._around is not None else ""
        return found or f"the default group of {vpc_id or 'its VPC'}"


def joined(fields: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    """Return fields with those of a part: lists end to end, objects merged, single values replaced."""
    result = dict(fields)
    for name, value in part.items():
        own = result.get(name)
        if isinstance(own, list) and isinstance(value, list):
            result[name] = [*own, *(one for one in value if one not in own)]
        elif isinstance(own, dict) and isinstance(value, dict):
            result[name] = joined(own, value)
        else:
            result[name] = value
    return result
