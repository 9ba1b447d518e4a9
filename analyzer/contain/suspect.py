"""What is compromised: the interfaces that a selector names, and all others of the hosts that they belong to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from ..models.component import Component
from ..models.endpoint import Endpoint
from ..models.errors import QuestionError
from ..models.snapshot import Snapshot
from ..select import select
from ..select.catalogue import INTERFACE, Subject, account_of, region_of

# Of more interfaces a plan is a change of the network, and no containment.
MOST = 200
FUNCTION = "lambda_function"
# By what a member names its cluster.
CLUSTERS = ("db_cluster_identifier", "replication_group_id")


class Part(msgspec.Struct, frozen=True):
    """One interface of what is compromised, and what it belongs to; `sharing` are all functions that send by it."""

    end: Endpoint
    interface: Any
    owner: Component | None
    region: str
    account: str
    sharing: tuple[Component, ...] = ()

    @property
    def resource(self) -> str:
        """The id of what it belongs to; its own where nothing claims it."""
        return self.owner.id if self.owner is not None else self.end.id


class Suspect(msgspec.Struct, frozen=True):
    """Everything that is compromised, interface by interface, in order of id."""

    parts: tuple[Part, ...]

    @property
    def ends(self) -> list[Endpoint]:
        """Its interfaces as sources and targets."""
        return [one.end for one in self.parts]

    @property
    def ids(self) -> frozenset[str]:
        """The ids of its interfaces."""
        return frozenset(one.end.id for one in self.parts)

    @property
    def subnets(self) -> dict[str, Part]:
        """The subnets that it stands in, each with an interface there; in order of id."""
        found = {one.interface.subnet_id: one for one in reversed(self.parts) if one.interface.subnet_id}
        return {id: found[id] for id in sorted(found)}

    @property
    def owners(self) -> list[Part]:
        """One part of each resource that is compromised, in order."""
        return list({one.resource: one for one in reversed(self.parts)}.values())[::-1]

    def of_kind(self, kind: str) -> Iterator[Part]:
        """Yield one part of each resource of a kind."""
        return (one for one in self.owners if one.owner is not None and one.owner.kind == kind)


def suspect(selector: str, world: Snapshot) -> Suspect:
    """Return what a selector names with every interface of the same hosts.

    Raises QuestionError for addresses and for endpoints without an interface, which nothing can contain, and for very many interfaces.
    """
    named = select(selector, world)
    for one in named:
        if not one.interface:
            raise QuestionError(
                f"`{one.id[:60]}` has no interface, so nothing contains it", hint="name a host, an interface or a group"
            )
    ids = dict.fromkeys(one.interface for one in named)
    for id in list(ids):
        for owner in _together(world.owner(id), world):
            ids.update(dict.fromkeys(owner.interface_ids(world)))
    there = sorted(id for id in ids if world.find(INTERFACE, id) is not None)
    if len(there) > MOST:
        raise QuestionError(f"`{selector[:60]}` is {len(there):,} interfaces, more than {MOST}", hint="contain them in parts")
    ends = {one.interface: one for one in named}
    return Suspect(tuple(_part(id, ends.get(id) or select(id, world)[0], world) for id in there))


def _together(owner: Component | None, world: Snapshot) -> list[Component]:
    """Return what has its groups together with an owner: the members of a cluster, whose groups are the cluster's."""
    if owner is None:
        return []
    name = next((name for name in CLUSTERS if getattr(owner, name, "")), "")
    every = world.where(owner.kind, name, getattr(owner, name)) if name else ()
    return [owner, *(one for one in every if one is not owner and (one.account, one.region) == (owner.account, owner.region))]


def _part(id: str, end: Endpoint, world: Snapshot) -> Part:
    subject = Subject(id, world.find(INTERFACE, id), world.owner(id))
    functions = world.all(FUNCTION) if subject.owner is not None and subject.owner.kind == FUNCTION else ()
    sharing = tuple(one for one in functions if id in one.interface_ids(world))
    return Part(end, subject.interface, subject.owner, region_of(subject, world), account_of(subject), sharing)
