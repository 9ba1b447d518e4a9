"""Managed prefix lists, of customers and of AWS, and their entries."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from ..component import Call, Component, Document, Each
from ..packet import IntervalSet, prefix, union
from ..rule import rule


class PrefixListEntry(msgspec.Struct, rename="pascal", frozen=True):
    """One block of a list."""

    cidr: str

    def __post_init__(self) -> None:
        prefix(self.cidr)


class PrefixList(Component, kw_only=True):
    """A prefix list: DescribeManagedPrefixLists, or DescribePrefixLists, which gives AWS's own lists with their blocks."""

    kind: ClassVar[str] = "prefix_list"
    documents: ClassVar[tuple[Document, ...]] = (
        Document("PrefixLists", "ec2", "DescribeManagedPrefixLists"),
        Document("PrefixLists", "ec2", "DescribePrefixLists", asked=False),
    )

    prefix_list_id: str
    prefix_list_name: str = ""
    address_family: str = ""
    cidrs: list[str] = []

    def __post_init__(self) -> None:
        for cidr in self.cidrs:
            prefix(cidr)

    @property
    def id(self) -> str:
        """The list id."""
        return self.prefix_list_id

    def names(self) -> list[str]:
        """Return its name and its Name tag."""
        return [name for name in (self.prefix_list_name, self.name) if name]


class PrefixListEntries(Component, kw_only=True):
    """The entries of one list: GetManagedPrefixListEntries, wrapped with the list's id."""

    kind: ClassVar[str] = "prefix_list_entries"
    documents: ClassVar[tuple[Document, ...]] = (
        Document(
            "ManagedPrefixListEntries",
            "ec2",
            "GetManagedPrefixListEntries",
            argument="PrefixListId",
            each=Each("PrefixListId", Call("ec2", "DescribeManagedPrefixLists"), ("PrefixLists[].PrefixListId",)),
        ),
    )

    prefix_list_id: str
    entries: list[PrefixListEntry] = []

    @property
    def id(self) -> str:
        """The id of the list."""
        return self.prefix_list_id

    @property
    @rule(
        "RT-12",
        says="A prefix list stands for one block per entry, each with its own prefix length; a list holds one address family.",
        source="https://docs.aws.amazon.com/vpc/latest/userguide/managed-prefix-lists.html",
    )
    def cidrs(self) -> list[str]:
        """The blocks of the list."""
        return [entry.cidr for entry in self.entries]

    @property
    def addresses(self) -> IntervalSet:
        """Every address of the list."""
        return union(prefix(cidr) for cidr in self.cidrs)
