"""Every component at one moment, looked up by id; what is missing and what is not modelled."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

import msgspec

from .component import Component, Members, undecided, unknown
from .interface import interface_classes
from .membership import members_by_vpc
from .packet import IntervalSet, only, prefix, union
from .route import LOCAL
from .rule import rule
from .table import Direction, Place, Table

# Without these documents nobody knows where anything stands: what is not found may be there all the same.
ESSENTIAL = {"vpc": "Vpcs", "subnet": "Subnets", "network_interface": "NetworkInterfaces"}


class Broken(msgspec.Struct, frozen=True, order=True):
    """A resource or document that was left out because it could not be read: its kind and id where they are known."""

    kind: str
    id: str
    text: str


class Snapshot:
    """AWS at one moment: an implementation of `component.World`, immutable once made.

    `collected` names the kinds of which the snapshot holds documents, be they empty; `not_modelled` are sentences about what
    it holds beyond the components; `kinds` are the component classes that may be looked up. `unmodelled_ways` are the keys of
    documents, not modelled, whose resources carry packets between networks: local gateways; `unmodelled_entries` those whose
    resources let the internet in: carrier gateways, Verified Access.
    """

    def __init__(
        self,
        components: Iterable[Component],
        *,
        kinds: Sequence[type[Component]],
        collected: Iterable[str] = (),
        broken: Iterable[Broken] = (),
        not_modelled: Iterable[str] = (),
        unmodelled_ways: Iterable[str] = (),
        unmodelled_entries: Iterable[str] = (),
        collected_at: str = "",
    ) -> None:
        self.kinds = tuple(kinds)
        self.broken = tuple(sorted(broken))
        self.not_modelled = tuple(sorted(set(not_modelled)))
        self.unmodelled_ways = tuple(sorted(unmodelled_ways))
        self.unmodelled_entries = tuple(sorted(unmodelled_entries))
        self.collected_at = collected_at
        self.all_started = False
        self._broken = frozenset(one.kind for one in self.broken)
        self._collected = frozenset(collected) - self._broken
        self._by_kind: dict[str, dict[str, Any]] = {kind.kind: {} for kind in kinds}
        self._indexes: dict[tuple[str, str], dict[object, list[Any]]] = {}
        self._tables: dict[tuple[Place, Direction], Table] = {}
        self._members: dict[str, Mapping[str, Members]] = {}
        found: dict[str, dict[str, Any]] = {}
        for one in components:
            found.setdefault(one.kind, {})[one.id] = one
        for kind, ones in found.items():
            self._by_kind[kind] = dict(sorted(ones.items()))
        self.lacks = tuple(key for kind, key in ESSENTIAL.items() if not self.collected(kind) and not self.is_broken(kind))
        self._complete()

    def _complete(self) -> None:
        """Add what must exist though the snapshot does not hold it."""
        for kind in self.kinds:
            if not kind.documents:
                made = kind()
                self._by_kind[kind.kind][made.id] = made
        shapes = {document.key: kind for kind in reversed(self.kinds) for document in kind.documents}
        rows = [row for kind in self.kinds for row in kind.implied(self)]
        for key, row in rows:
            shape = shapes[key]
            one = msgspec.convert(row, shape)
            self._by_kind[shape.kind].setdefault(one.id, one)
        self._indexes.clear()
        self._members.clear()
        self.__dict__.pop("_public", None)

    # ------------------------------------------------------------------ looking things up
    def find(self, kind: str, id: str) -> Any:
        """Return the component of a kind with this id; None when the snapshot has none."""
        return self._by_kind.get(kind, {}).get(id)

    def all(self, kind: str) -> Sequence[Any]:
        """Return every component of a kind, in order of id."""
        return list(self._by_kind.get(kind, {}).values())

    def where(self, kind: str, attribute: str, value: object) -> Sequence[Any]:
        """Return the components of a kind whose attribute has this value, in order of id."""
        index = self._indexes.get((kind, attribute))
        if index is None:
            index = self._indexes[kind, attribute] = {}
            for one in self.all(kind):
                index.setdefault(getattr(one, attribute), []).append(one)
        return index.get(value, [])

    def collected(self, kind: str) -> bool:
        """Return whether the snapshot holds any document of this kind, be it an empty one."""
        return not self.is_broken(kind) and (kind in self._collected or bool(self._by_kind.get(kind)))

    def is_broken(self, kind: str) -> bool:
        """Return whether something of this kind, or of a kind that nobody can tell, was left out because it could not be read."""
        return kind in self._broken or "" in self._broken

    def everything(self) -> Iterable[Component]:
        """Yield every component, by kind and id."""
        for kind in sorted(self._by_kind):
            yield from self._by_kind[kind].values()

    @cached_property
    def _places(self) -> dict[str, Component]:
        """Every component by id; where kinds share an id, the one that has places wins."""
        found: dict[str, Component] = {}
        for one in self.everything():
            if one.has_places or one.id not in found:
                found[one.id] = one
        return found

    def at(self, resource: str) -> Component | None:
        """Return the component with this id, of whatever kind."""
        return self._places.get(resource)

    # ------------------------------------------------------------------ tables
    def table(self, place: Place, direction: Direction) -> Table:
        """Return the table that stands at a place, for requests or replies; made once."""
        made = self._tables.get((place, direction))
        if made is None:
            made = self._tables[place, direction] = self._made(place, direction)
        return made

    def _made(self, place: Place, direction: Direction) -> Table:
        component = self.at(place.resource)
        if component is None or not component.has_places:
            doubt = unknown(f"{place.resource} is not in the snapshot, or not modelled", place.resource, "LIM-7")
            return undecided("unknown", "not in the snapshot", doubt)
        return component.table(place, direction, self)

    # ------------------------------------------------------------------ what components ask of each other
    @cached_property
    def _owners(self) -> dict[str, Component]:
        owners: dict[str, Component] = {}
        for one in self.everything():
            if one.endpoint_kind:
                for interface_id in one.interface_ids(self):
                    owners.setdefault(interface_id, one)
        return owners

    def owner(self, interface_id: str) -> Component | None:
        """Return the resource that the interface belongs to; None when nothing that is modelled claims it."""
        return self._owners.get(interface_id)

    @cached_property
    def _delivery(self) -> dict[str, tuple[list[int], list[tuple[int, int, Any]]]]:
        """Where each VPC delivers its addresses: starts of intervals, and the interface behind each; real ones before stand-ins."""
        spans: dict[str, list[tuple[int, int, Any]]] = {}
        for interface in self.all("network_interface"):
            if not interface.stand_in:
                spans.setdefault(interface.vpc_id, []).extend((low, high, interface) for low, high in interface.private_addresses)
        for found in spans.values():
            found.sort(key=lambda span: span[:2])
        return {vpc_id: ([span[0] for span in found], found) for vpc_id, found in spans.items()}

    @rule(
        "M-5",
        says="An address may be owned in several VPCs: an interface is known by its id and VPC, never by its address alone.",
        source="https://docs.aws.amazon.com/vpc/latest/peering/peering-configurations-partial-access.html",
    )
    def owner_of(self, vpc_id: str, number: int) -> Any:
        """Return the interface to which the VPC delivers this address; None when none holds it."""
        starts, spans = self._delivery.get(vpc_id, ([], []))
        at = bisect_right(starts, number) - 1
        if at >= 0 and spans[at][1] >= number:
            return spans[at][2]
        stand_ins = (one for one in self.where("network_interface", "vpc_id", vpc_id) if one.stand_in)
        return next((one for one in stand_ins if number in one.private_addresses), None)

    @cached_property
    def _carriers(self) -> dict[str, list[Any]]:
        carriers: dict[str, list[Any]] = {}
        for interface in self.all("network_interface"):
            for group_id in interface.group_ids:
                carriers.setdefault(group_id, []).append(interface)
        return carriers

    def carriers(self, group_id: str) -> Sequence[Any]:
        """Return the interfaces that carry a group, in order of id."""
        return self._carriers.get(group_id, [])

    def members(self, group_id: str) -> Mapping[str, Members]:
        """Return the private addresses of a group's interfaces, by VPC."""
        if group_id not in self._members:
            self._members[group_id] = members_by_vpc(self.carriers(group_id), self)
        return self._members[group_id]

    @cached_property
    def _gateways(self) -> dict[str, list[Component]]:
        gateways: dict[str, list[Component]] = {}
        for one in self.everything():
            for vpc_id in one.routed_from(self):
                gateways.setdefault(vpc_id, []).append(one)
        return gateways

    def gateways(self, vpc_id: str) -> Sequence[Component]:
        """Return the components that route tables of this VPC can name as target."""
        return self._gateways.get(vpc_id, [])

    @cached_property
    def _public(self) -> dict[str, IntervalSet]:
        found: dict[str, list[IntervalSet]] = {}
        for interface in self.all("network_interface"):
            if interface.public_addresses:
                found.setdefault(interface.vpc_id, []).extend(only(public) for public in interface.public_addresses.values())
        for vpc in self.all("vpc"):
            if vpc.public_v6:
                found.setdefault(vpc.id, []).append(vpc.public_v6)
        for table in self.all("route_table"):
            if table.pool_addresses():
                found.setdefault(table.vpc_id, []).append(table.pool_addresses())
        return {vpc_id: union(sets) for vpc_id, sets in sorted(found.items())}

    def public_addresses(self) -> Mapping[str, IntervalSet]:
        """Return the addresses of each VPC that the internet can route to; a VPC without any is left out."""
        return self._public

    def prefix_blocks(self, prefix_list_id: str) -> list[str] | None:
        """Return the blocks of a prefix list; None when the snapshot does not hold its entries."""
        entries = self.find("prefix_list_entries", prefix_list_id)
        if entries is not None:
            return list(entries.cidrs)
        listed = self.find("prefix_list", prefix_list_id)
        return list(listed.cidrs) if listed is not None and listed.cidrs else None

    def prefixes(self, prefix_list_id: str) -> IntervalSet | None:
        """Return the addresses of a prefix list; None when the snapshot does not hold its entries."""
        blocks = self.prefix_blocks(prefix_list_id)
        return None if blocks is None else union(prefix(block) for block in blocks)

    def guarded_alike(self, subnet_id: str) -> Sequence[tuple[str, IntervalSet]]:
        """Return the subnet's interfaces in classes that no line tells apart: one member's id, all members' addresses."""
        classes = interface_classes(self, subnet_id)
        return [(members[0].id, union(one.private_addresses for one in members)) for members in classes]

    @cached_property
    def _representatives(self) -> dict[str, str]:
        return {
            one.id: members[0].id
            for subnet_id in self._subnets_with_interfaces
            for members in interface_classes(self, subnet_id)
            for one in members
        }

    @cached_property
    def _subnets_with_interfaces(self) -> list[str]:
        return sorted({one.subnet_id for one in self.all("network_interface")})

    def class_of(self, interface_id: str) -> str:
        """Return the interface that stands for all which no line tells apart from this one."""
        return self._representatives[interface_id]

    @cached_property
    def has_relays(self) -> bool:
        """Whether something makes connections of its own for others, to another port: load balancers."""
        return any(one.passes_on(self) for one in self.everything())

    @cached_property
    def has_ways_out(self) -> bool:
        """Whether something connects VPCs with networks that the snapshot does not hold, or that is not modelled."""
        routes = (route for table in self.all("route_table") for route in table.routes if route.state == "active")
        strange = any(route.target != LOCAL and self.at(route.target) is None for route in routes)
        return strange or bool(self.unmodelled_ways) or any(one.conceals(self) for one in self.everything())

    @property
    def accounts(self) -> list[str]:
        """The accounts that own or collected what the snapshot holds, sorted."""
        return sorted({account for one in self.everything() for account in (one.account or one.owner_id,) if account})

    @cached_property
    def started(self) -> Snapshot:
        """The same snapshot as if everything that is stopped ran."""
        twin = Snapshot(
            (one for one in self.everything() if one.documents),
            kinds=self.kinds,
            collected=self._collected,
            broken=self.broken,
            not_modelled=self.not_modelled,
            unmodelled_ways=self.unmodelled_ways,
            unmodelled_entries=self.unmodelled_entries,
            collected_at=self.collected_at,
        )
        twin.all_started = True
        return twin
