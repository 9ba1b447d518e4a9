"""Which component reads which top-level key, and which keys say nothing about packets. Nothing else knows keys of documents."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import msgspec

from ..models.call import GLOBAL_CLIENTS
from ..models.component import Component, Document

PAGING = "is about the call, not about resources"
COLLECTOR = "is about the tool that wrote the document"
CATALOGUE = "is about what AWS offers, not about what the account has"
NO_PACKETS = "cannot carry or stop a packet"
ELSEWHERE = "is said by the interfaces themselves"
IGNORED = {
    "Addresses": ELSEWHERE,
    **dict.fromkeys(("NextToken", "nextToken", "Marker", "NextMarker", "PaginationToken", "IsTruncated", "MaxResults"), PAGING),
    **dict.fromkeys(("ResponseMetadata", "UpdateToken"), PAGING),
    **dict.fromkeys(("collector_version", "provider", "config-file-git-sha1"), COLLECTOR),
    **dict.fromkeys(("AvailabilityZones", "Regions", "ServiceNames", "ServiceDetails", "InstanceTypes", "Images"), CATALOGUE),
    **dict.fromkeys(("AccountAttributes", "Account", "Arn", "UserId", "Snapshots", "KeyPairs", "Tags"), NO_PACKETS),
    **dict.fromkeys(("VolumeStatuses", "InstanceStatuses", "LaunchTemplates", "PlacementGroups"), NO_PACKETS),
}


class Reader(msgspec.Struct, frozen=True, dict=True):
    """One component class that reads the rows of a key."""

    component: type[Component]
    documents: tuple[Document, ...]

    @cached_property
    def required(self) -> frozenset[str]:
        """The names of the fields without which no row is one of this class."""
        return frozenset(field.encode_name for field in msgspec.structs.fields(self.component) if field.required)

    @cached_property
    def quick(self) -> bool:
        """Whether rows can be decoded straight into the class: they need no word of preparation or choice."""
        own = (vars(kind) for kind in self.component.__mro__ if kind is not Component)
        plain = not any("prepared" in names or "reads" in names for names in own)
        return plain and not any(document.argument or document.shared for document in self.documents)

    @property
    def shared(self) -> bool:
        """Whether several calls answer under this key, so that rows of one resource differ."""
        return len(self.documents) > 1

    @property
    def argument(self) -> str:
        """The request parameter that entries of a wrapped answer carry; "" when there is none."""
        return self.documents[0].argument

    @property
    def rank(self) -> int:
        """Where the key stands among the documents of its component: the first wins."""
        return self.component.documents.index(self.documents[0])

    @property
    def regional(self) -> bool:
        """Whether its resources live in one Region."""
        return self.documents[0].client not in GLOBAL_CLIENTS


class Shelf(msgspec.Struct, frozen=True):
    """What stands under one top-level key: who reads its rows, and the member of each entry that holds them ("" for none)."""

    key: str
    readers: tuple[Reader, ...]
    member: str

    def reader(self, fields: dict[str, Any]) -> Reader | None:
        """Return who reads a row: the first whose required fields it has, where several components share the key.

        None where no component says that the row is one of its own: services share keys such as `Clusters` and `items`.
        """
        if len(self.readers) > 1:
            for one in self.readers:
                if one.required <= fields.keys() and one.component.reads(fields):
                    return one
        first = self.readers[0]
        return first if first.component.reads(fields) or not first.documents[0].shared else None

    @property
    def quick(self) -> bool:
        """Whether its rows can be decoded straight into the class (see `quick`)."""
        return len(self.readers) == 1 and self.readers[0].quick

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of its components."""
        return tuple(one.component.kind for one in self.readers)


class Catalogue:
    """Every key that some component reads."""

    def __init__(self, components: Sequence[type[Component]]) -> None:
        self.components = tuple(components)
        readers: dict[str, list[Reader]] = {}
        for component in components:
            for key in dict.fromkeys(document.key for document in component.documents):
                documents = tuple(document for document in component.documents if document.key == key)
                readers.setdefault(key, []).append(Reader(component, documents))
        self._shelves = {key: Shelf(key, tuple(found), found[0].documents[0].rows) for key, found in readers.items()}

    def shelf(self, key: str) -> Shelf | None:
        """Return what stands under a key; None when no component reads it."""
        return self._shelves.get(key)
