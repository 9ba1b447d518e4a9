"""What a snapshot finds out about its components, each thing once: who owns an interface, where addresses are delivered.

What costs a look at everything is kept as names, (kind, id), so that it can be stored beside the components and read again.
"""

from __future__ import annotations

from abc import abstractmethod
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from .component import Component, Members
from .interface import interface_classes
from .layer import FACTS
from .membership import members_by_vpc
from .packet import IntervalSet, only, union
from .route import LOCAL
from .rule import rule

Name = tuple[str, str]
Delivery = tuple[list[int], list[tuple[int, int, Any]]]
# What a snapshot is asked for as a whole: `Found.doing`.
QUESTIONS = ("passes_on", "doors", "remarks", "beyond", "conceals")


class Found:
    """Half of `component.World`: what follows from the components, whatever holds them."""

    all_started: bool
    unmodelled_ways: tuple[str, ...]
    loses_sight: bool

    def __init__(self) -> None:
        # Facts that may not be believed from where they are stored, since components are others than those that were stored.
        self.outdated: frozenset[str] = frozenset()
        self._members: dict[str, Mapping[str, Members]] = {}
        self._delivery: dict[str, Delivery] = {}
        self._alike: dict[str, Sequence[Sequence[Any]]] = {}
        self._classes: dict[str, dict[str, str]] = {}

    def forget(self) -> None:
        """Forget what was found, since there are more components than before."""
        for memory in (self._members, self._delivery, self._alike, self._classes):
            memory.clear()
        for name in FACTS:
            self.__dict__.pop(name, None)

    def outdate(self, facts: Iterable[str]) -> None:
        """Forget these facts, where this is a copy with other components; memories that are kept are no longer shared."""
        self.outdated = self.outdated | frozenset(facts)
        self._members = {} if "_members" in facts else dict(self._members)
        self._delivery = {} if "_delivery" in facts else dict(self._delivery)
        self._alike = {} if "_classes" in facts else dict(self._alike)
        self._classes = {} if "_classes" in facts else dict(self._classes)
        for name in FACTS:
            if name in facts:
                self.__dict__.pop(name, None)
            elif name == "doers" and name in self.__dict__:
                self.doers = dict(self.doers)

    @abstractmethod
    def find(self, kind: str, id: str) -> Any: ...
    @abstractmethod
    def at(self, resource: str) -> Component | None: ...
    @abstractmethod
    def all(self, kind: str) -> Sequence[Any]: ...
    @abstractmethod
    def where(self, kind: str, attribute: str, value: object) -> Sequence[Any]: ...
    @abstractmethod
    def everything(self, doing: str = "") -> Iterator[Component]: ...

    @property
    def _world(self) -> Any:
        """Itself, as components ask it."""
        return self

    # ------------------------------------------------------------------ interfaces
    @cached_property
    def owners(self) -> dict[str, Name]:
        """The resource that each interface belongs to."""
        return self._found_owners()

    def _found_owners(self) -> dict[str, Name]:
        owners: dict[str, Name] = {}
        for one in self.everything("interface_ids"):
            if one.endpoint_kind:
                for interface_id in one.interface_ids(self._world):
                    owners.setdefault(interface_id, (one.kind, one.id))
        return owners

    def owner(self, interface_id: str) -> Component | None:
        """Return the resource that the interface belongs to; None when nothing that is modelled claims it."""
        name = self.owners.get(interface_id)
        return None if name is None else self.find(*name)

    def _delivered(self, vpc_id: str) -> Delivery:
        """Return where a VPC delivers its addresses: starts of intervals, and the interface behind each, stand-ins left out."""
        if vpc_id not in self._delivery:
            real = [one for one in self.where("network_interface", "vpc_id", vpc_id) if not one.stand_in]
            spans = [(low, high, one) for one in real for low, high in one.private_addresses]
            spans.sort(key=lambda span: span[:2])
            self._delivery[vpc_id] = [span[0] for span in spans], spans
        return self._delivery[vpc_id]

    @rule(
        "M-5",
        says="An address may be owned in several VPCs: an interface is known by its id and VPC, never by its address alone.",
        source="https://docs.aws.amazon.com/vpc/latest/peering/peering-configurations-partial-access.html",
    )
    def owner_of(self, vpc_id: str, number: int) -> Any:
        """Return the interface to which the VPC delivers this address; None when none holds it."""
        starts, spans = self._delivered(vpc_id)
        at = bisect_right(starts, number) - 1
        if at >= 0 and spans[at][1] >= number:
            return spans[at][2]
        stand_ins = (one for one in self.where("network_interface", "vpc_id", vpc_id) if one.stand_in)
        return next((one for one in stand_ins if number in one.private_addresses), None)

    def guarded_alike(self, subnet_id: str) -> Sequence[tuple[str, IntervalSet]]:
        """Return the subnet's interfaces in classes that no line tells apart: one member's id, all members' addresses."""
        classes = self.classes_in(subnet_id)
        return [(members[0].id, union(one.private_addresses for one in members)) for members in classes]

    def classes_in(self, subnet_id: str) -> Sequence[Sequence[Any]]:
        """Return the subnet's interfaces in classes that no line tells apart; stand-ins last."""
        if subnet_id not in self._alike:
            self._alike[subnet_id] = interface_classes(self._world, subnet_id)
        return self._alike[subnet_id]

    def class_of(self, interface_id: str) -> str:
        """Return the interface that stands for all which no line tells apart from this one."""
        subnet_id = self.find("network_interface", interface_id).subnet_id
        if subnet_id not in self._classes:
            classes = self.classes_in(subnet_id)
            self._classes[subnet_id] = {one.id: members[0].id for members in classes for one in members}
        return self._classes[subnet_id][interface_id]

    # ------------------------------------------------------------------ groups
    @cached_property
    def carried(self) -> dict[str, list[str]]:
        """The interfaces that carry each group, in order of id."""
        return self._found_carried()

    def _found_carried(self) -> dict[str, list[str]]:
        carried: dict[str, list[str]] = {}
        for interface in self.all("network_interface"):
            for group_id in interface.group_ids:
                carried.setdefault(group_id, []).append(interface.id)
        return carried

    def carriers(self, group_id: str) -> Sequence[Any]:
        """Return the interfaces that carry a group, in order of id."""
        return [self.find("network_interface", id) for id in self.carried.get(group_id, ())]

    def members(self, group_id: str) -> Mapping[str, Members]:
        """Return the private addresses of a group's interfaces, by VPC."""
        if group_id not in self._members:
            self._members[group_id] = members_by_vpc(self.carriers(group_id), self._world)
        return self._members[group_id]

    # ------------------------------------------------------------------ gateways and what else speaks for itself
    @cached_property
    def routers(self) -> dict[str, list[Name]]:
        """The components that route tables of each VPC can name as target."""
        routers: dict[str, list[Name]] = {}
        for one in self.everything("routed_from"):
            for vpc_id in one.routed_from(self._world):
                routers.setdefault(vpc_id, []).append((one.kind, one.id))
        return routers

    def gateways(self, vpc_id: str) -> Sequence[Component]:
        """Return the components that route tables of this VPC can name as target."""
        return self._named(self.routers.get(vpc_id, ()))

    def _named(self, names: Iterable[Name]) -> list[Component]:
        return [self.find(kind, id) for kind, id in names]

    @cached_property
    def doers(self) -> dict[str, list[Name]]:
        """The components that answer each of the QUESTIONS with anything."""
        return {}

    def doing(self, question: str) -> Sequence[Component]:
        """Return the components that answer one of the QUESTIONS with anything: what passes on connections, what has doors."""
        if question not in self.doers:
            found = (one for one in self.everything(question) if self._does(one, question))
            self.doers[question] = [(one.kind, one.id) for one in found]
        return self._named(self.doers[question])

    def _does(self, one: Component, question: str) -> bool:
        answer = getattr(one, question)(self)
        return answer if isinstance(answer, bool) else next(iter(answer), None) is not None

    @cached_property
    def has_relays(self) -> bool:
        """Whether something makes connections of its own for others, to another port: load balancers."""
        return bool(self.doing("passes_on"))

    @cached_property
    def has_ways_out(self) -> bool:
        """Whether something connects VPCs with networks that the snapshot does not hold, or that is not modelled."""
        targets = {route.target for table in self.all("route_table") for route in table.routes if route.state == "active"}
        strange = any(self.at(target) is None for target in targets - {LOCAL})
        return strange or self.loses_sight or bool(self.unmodelled_ways) or bool(self.doing("conceals"))

    @cached_property
    def public(self) -> dict[str, IntervalSet]:
        """The addresses of each VPC that the internet can route to."""
        return self._found_public()

    def _found_public(self) -> dict[str, IntervalSet]:
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
        return self.public

    @cached_property
    def accounts(self) -> list[str]:
        """The accounts that own or collected what the snapshot holds, sorted."""
        return sorted({account for one in self.everything() for account in (one.account or one.owner_id,) if account})
