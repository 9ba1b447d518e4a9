"""What can be selected in a snapshot, by kind, name and tag."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from fnmatch import translate
from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary, ref

import msgspec

from ..models.component import Component
from ..models.endpoint import Endpoint
from ..models.snapshot import Snapshot

INTERFACE = "network_interface"
SERVICES = (
    *("ec2", "rds", "lambda", "ecs", "eks", "alb", "nlb", "clb", "elasticache", "redshift", "opensearch", "efs", "msk"),
    *("endpoint", "nat", "firewall"),
)
# What people call kinds that are no endpoints themselves; whatever is not here goes by the name of its component.
SHORT = {
    "security_group": "sg",
    INTERFACE: "eni",
    "network_acl": "acl",
    "route_table": "rtb",
    "internet_gateway": "igw",
    "egress_only_internet_gateway": "eigw",
    "vpc_peering": "pcx",
    "prefix_list": "pl",
    "transit_gateway": "tgw",
    "transit_gateway_attachment": "tgw-attach",
    "transit_gateway_vpc_attachment": "tgw-attach",
    "transit_gateway_route_table": "tgw-rtb",
    "vpn_gateway": "vgw",
    "vpn_connection": "vpn",
    "customer_gateway": "cgw",
}
# Kinds that are no endpoints but stand for the interfaces in or under them.
GROUPS = (INTERFACE, "security_group", "subnet", "vpc")
TYPES = {
    "nat_gateway": "nat",
    "vpc_endpoint": "endpoint",
    "gateway_load_balancer_endpoint": "endpoint",
    "network_load_balancer": "nlb",
    "gateway_load_balancer": "gwlb",
}
# How AWS's services describe the interfaces that they make: a convention, good enough to find one that nothing else claims.
DESCRIPTIONS = (
    ("RDSNetworkInterface", "rds"),
    ("ElastiCache", "elasticache"),
    ("RedshiftNetworkInterface", "redshift"),
    ("AWS Lambda VPC ENI", "lambda"),
    ("EFS mount target", "efs"),
    ("Amazon EKS ", "eks"),
    ("arn:aws:ecs:", "ecs"),
    ("ES ", "opensearch"),
    ("ELB app/", "alb"),
    ("ELB net/", "nlb"),
    ("ELB gwy/", "gwlb"),
    ("ELB ", "clb"),
)
CONTEXT_TAGS = ("context", "Context", "bounded-context")
_REGION = re.compile(r"[a-z]{2}(?:-[a-z]+)+-\d+")


class Named(msgspec.Struct, frozen=True):
    """A resource under one of its names: the word of its kind, and what it is."""

    word: str
    name: str
    resource: Any


def word_of(kind: type[Component]) -> str:
    """Return what people call a kind: `ec2`, `sg`, `vpc`; the component's own name where they have no shorter one."""
    return kind.endpoint_kind or SHORT.get(kind.kind, kind.kind)


def interface_kind(interface: Any, owner: Component | None) -> str:
    """Return the kind of an interface: its owner's; else what its type or its description says; else `interface`."""
    if owner is not None:
        return owner.endpoint_kind
    described = next((kind for start, kind in DESCRIPTIONS if interface.description.startswith(start)), "")
    of_type = TYPES.get(interface.interface_type, interface.interface_type)
    return described if described and of_type == "interface" else of_type


def matcher(pattern: str, *, literal: bool = False) -> re.Pattern[str]:
    """Return what a name must match: `*`, `?` and `[…]` are globs unless it is to be taken literally."""
    return re.compile(rf"(?s:{re.escape(pattern)})\Z" if literal else translate(pattern))


def is_glob(pattern: str) -> bool:
    """Return whether a pattern can match anything but itself."""
    return any(sign in pattern for sign in "*?[")


class Catalogue:
    """The names of one snapshot. It holds no strong reference to the snapshot, or the snapshot could never be forgotten."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.kinds = tuple(kind for kind in snapshot.kinds if kind.documents)
        self._snapshot = ref(snapshot)
        self._holding: dict[str, dict[str, frozenset[str]]] = {}
        # The endpoints of what was selected before, by id, and those of the last selections.
        self.endpoints: dict[str, Endpoint] = {}
        self.selected: dict[frozenset[str], list[Endpoint]] = {}

    @cached_property
    def by_name(self) -> dict[str, list[Named]]:
        """Every resource under each of its names, by kind and id."""
        found: dict[str, list[Named]] = {}
        snapshot = self._snapshot()
        for one in snapshot.everything() if snapshot is not None else ():
            if not one.documents:
                continue
            for name in dict.fromkeys(one.names()):
                found.setdefault(name, []).append(Named(word_of(type(one)), name, one))
        return found

    def called(self, pattern: str, *, literal: bool = False, kinds: Iterable[type[Component]] | None = None) -> list[Named]:
        """Return the resources of exactly this name; where there are none and it is a glob, those that it matches.

        `literal` names are no globs. `kinds` are the component classes that count, None for every one.
        """
        counting = frozenset(self.kinds if kinds is None else kinds)
        exact = [one for one in self.by_name.get(pattern, []) if type(one.resource) in counting]
        if exact or literal or not is_glob(pattern):
            return exact
        glob = matcher(pattern)
        names = (name for name in self.by_name if glob.match(name))
        return [one for name in names for one in self.by_name[name] if type(one.resource) in counting]

    def holding(self, fact: str) -> dict[str, frozenset[str]]:
        """Return the ids of what has a fact, one of FACTS, `any` or `kind`, by its value; read once for all questions."""
        if fact not in self._holding:
            found: dict[str, set[str]] = {}
            values_of = FACTS.get(fact) or _MORE[fact]
            snapshot = self._snapshot()
            assert snapshot is not None  # whoever asks has it
            for one in subjects(snapshot):
                for value in values_of(one, snapshot):
                    found.setdefault(value, set()).add(one.id)
            self._holding[fact] = {value: frozenset(ids) for value, ids in found.items()}
        return self._holding[fact]

    @cached_property
    def words(self) -> dict[str, list[type[Component]]]:
        """The component classes that each word of a kind means: `rds`, `sg`, and the components' own names."""
        found: dict[str, list[type[Component]]] = {}
        for kind in self.kinds:
            for word in dict.fromkeys((word_of(kind), kind.kind)):
                found.setdefault(word, []).append(kind)
        return found


def leads_to_interfaces(kind: type[Component]) -> bool:
    """Return whether a resource of this kind can stand for interfaces at all."""
    has_own = kind.interface_ids is not Component.interface_ids
    return bool(kind.endpoint_kind) or kind.kind in GROUPS or has_own


def is_part(kind: type[Component]) -> bool:
    """Return whether it is a part of another resource, which AWS answers for one resource at a time: attributes, routes, health."""
    return all(document.argument for document in kind.documents)


_CATALOGUES: WeakKeyDictionary[Snapshot, Catalogue] = WeakKeyDictionary()


def catalogue(snapshot: Snapshot) -> Catalogue:
    """Return the catalogue of a snapshot; made once."""
    made = _CATALOGUES.get(snapshot)
    if made is None:
        made = _CATALOGUES[snapshot] = Catalogue(snapshot)
    return made


# ---------------------------------------------------------------------- what stands behind a resource or an interface
def is_gateway_endpoint(component: Component) -> bool:
    """Return whether it is an endpoint without an interface: a gateway endpoint."""
    return component.kind == "vpc_endpoint" and getattr(component, "type", "") == "gateway"


def has_door(component: Component, snapshot: Snapshot) -> bool:
    """Return whether it is reached without an interface: a gateway endpoint, a service with addresses of its own."""
    public = type(component).doors is not Component.doors and bool(component.endpoint_kind) and any(component.doors(snapshot))
    inner = type(component).reached_at is not Component.reached_at and bool(component.endpoint_kind)
    return public or inner or is_gateway_endpoint(component)


def members_of(component: Component, snapshot: Snapshot) -> Iterable[str]:
    """Return what a resource stands for: ids of interfaces that the snapshot holds, or its own where it is a gateway endpoint."""
    if component.kind in ("subnet", "vpc"):
        return [one.id for one in snapshot.where(INTERFACE, f"{component.kind}_id", component.id)]
    itself = [component.id] if has_door(component, snapshot) else []
    return itself + [one for one in component.interface_ids(snapshot) if snapshot.find(INTERFACE, one) is not None]


class Subject(msgspec.Struct, frozen=True):
    """What is selected one by one: an interface with its owner, or a gateway endpoint, which owns itself."""

    id: str
    interface: Any
    owner: Component | None

    @property
    def kind(self) -> str:
        """The kind of endpoint."""
        if self.interface is None:
            return self.owner.endpoint_kind if self.owner else ""
        return interface_kind(self.interface, self.owner)

    @property
    def nearest(self) -> Any:
        """The interface, or the gateway endpoint."""
        return self.owner if self.interface is None else self.interface

    @property
    def resources(self) -> list[Any]:
        """The interface and its owner, as far as there are any."""
        return [one for one in (self.interface, self.owner) if one is not None]


def subjects(snapshot: Snapshot) -> Iterator[Subject]:
    """Yield everything that can be selected: every interface, in order of id, then every gateway endpoint."""
    for interface in snapshot.all(INTERFACE):
        yield Subject(interface.id, interface, snapshot.owner(interface.id))
    for kind in snapshot.kinds:
        for one in snapshot.all(kind.kind) if kind.doors is not Component.doors or kind.kind == "vpc_endpoint" else ():
            if has_door(one, snapshot):
                yield Subject(one.id, None, one)


def tags_of(subject: Subject) -> Iterator[tuple[str, str]]:
    """Yield the tags of the interface and of its owner, those of subnet and VPC left out."""
    for one in subject.resources:
        for tag in one.tags:
            yield tag.key, tag.value


def context_of(subject: Subject, snapshot: Snapshot, keys: Sequence[str] = CONTEXT_TAGS) -> str:
    """Return the bounded context: the nearest that a tag declares, of interface, owner, subnet, VPC; "" where none does.

    `keys` are the tags that declare one, the first that is there counts.
    """
    near = subject.nearest
    around = [snapshot.find(kind, getattr(near, f"{kind}_id", "")) for kind in ("subnet", "vpc")]
    for one in (*subject.resources, *around):
        tags = {tag.key: tag.value for tag in one.tags} if one is not None else {}
        for key in keys:
            if tags.get(key):
                return str(tags[key])
    return ""


def account_of(subject: Subject) -> str:
    """Return the account that owns it, else the one that it was collected from."""
    return next((account for one in subject.resources for account in (one.owner_id, one.account) if account), "")


def region_of(subject: Subject, snapshot: Snapshot) -> str:
    """Return its Region: its own, its VPC's, else the one in the name of its zone; "" where nothing says it."""
    near = subject.nearest
    vpc = snapshot.find("vpc", getattr(near, "vpc_id", ""))
    zone = _REGION.match(getattr(near, "availability_zone", ""))
    return str(near.region or (vpc.region if vpc is not None else "") or (zone[0] if zone else ""))


def name_of(component: Component) -> str:
    """Return the name to show: the first of those that the resource has."""
    return next(iter(component.names()), "")


def names_of(subject: Subject) -> list[str]:
    """Return every name of the interface and its owner, those of groups, subnet and VPC left out."""
    return [name for one in subject.resources for name in one.names()]


# What `word:VALUE` compares VALUE with. Of a tag it is the whole `KEY=VALUE`, since keys may hold `=` too.
FACTS: dict[str, Callable[[Subject, Snapshot], list[str]]] = {
    "tag": lambda subject, snapshot: [f"{key}={value}" for key, value in tags_of(subject)],
    "account": lambda subject, snapshot: [account_of(subject)],
    "region": lambda subject, snapshot: [region_of(subject, snapshot)],
    "context": lambda subject, snapshot: [context_of(subject, snapshot)],
    "name": lambda subject, snapshot: names_of(subject),
}
_MORE: dict[str, Callable[[Subject, Snapshot], list[str]]] = {
    "any": lambda subject, snapshot: ["any"],
    "kind": lambda subject, snapshot: [subject.kind],
}
