"""What the API says of a network interface: its addresses, groups and type."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Self

import msgspec

from .component import Component, Tag, World
from .packet import EVERY_V4, IntervalSet, address, only, prefix, union
from .rule import rule


class PublicAssociation(msgspec.Struct, rename="pascal", frozen=True, omit_defaults=True):
    """The public IPv4 address of one private address."""

    public_ip: str = ""
    carrier_ip: str = ""
    allocation_id: str = ""

    def __post_init__(self) -> None:
        if self.public_ip:
            address(self.public_ip)


class PrivateAddress(msgspec.Struct, rename="pascal", frozen=True, omit_defaults=True):
    """One private IPv4 address of an interface."""

    private_ip_address: str
    primary: bool = False
    association: PublicAssociation | None = None

    def __post_init__(self) -> None:
        address(self.private_ip_address)


class Ipv6Address(msgspec.Struct, rename="pascal", frozen=True, omit_defaults=True):
    """One IPv6 address of an interface."""

    ipv6_address: str

    def __post_init__(self) -> None:
        address(self.ipv6_address)


class Ipv4Prefix(msgspec.Struct, rename="pascal", frozen=True, omit_defaults=True):
    """A delegated IPv4 prefix, a /28."""

    ipv4_prefix: str

    def __post_init__(self) -> None:
        prefix(self.ipv4_prefix)


class Ipv6Prefix(msgspec.Struct, rename="pascal", frozen=True, omit_defaults=True):
    """A delegated IPv6 prefix, an /80."""

    ipv6_prefix: str

    def __post_init__(self) -> None:
        prefix(self.ipv6_prefix)


class GroupId(msgspec.Struct, rename="pascal", frozen=True, omit_defaults=True):
    """A group that the interface carries."""

    group_id: str


class Attachment(msgspec.Struct, rename="pascal", frozen=True, omit_defaults=True):
    """What the interface is attached to."""

    instance_id: str = ""
    device_index: int = 0
    status: str = ""


class InterfaceShape(Component, kw_only=True):
    """One network interface as the API describes it; what it does with packets stands in `aws.network_interface`."""

    network_interface_id: str
    subnet_id: str = ""
    vpc_id: str = ""
    private_ip_address: str = ""
    private_ip_addresses: list[PrivateAddress] = []
    ipv6_addresses: list[Ipv6Address] = []
    ipv4_prefixes: list[Ipv4Prefix] = []
    ipv6_prefixes: list[Ipv6Prefix] = []
    association: PublicAssociation | None = None
    groups: list[GroupId] = []
    attachment: Attachment | None = None
    interface_type: str = "interface"
    description: str = ""
    requester_id: str = ""
    requester_managed: bool = False
    source_dest_check: bool = True
    deny_all_igw_traffic: bool = False
    status: str = "in-use"
    availability_zone: str = ""
    tag_set: list[Tag] = []
    stand_in: bool = msgspec.field(name="_StandIn", default=False)
    perhaps_public: bool = msgspec.field(name="_PerhapsPublic", default=False)
    chosen: bool = msgspec.field(name="_Chosen", default=False)
    # Whether the source/destination check may be off, all the same.
    perhaps_unchecked: bool = msgspec.field(name="_PerhapsUnchecked", default=False)
    # Why nobody knows whether it has its IPv6 addresses, and whether it is there at all; "" where that is known.
    perhaps_v6: str = msgspec.field(name="_PerhapsV6", default="")
    perhaps_there: str = msgspec.field(name="_PerhapsThere", default="")
    groups_before: list[GroupId] = msgspec.field(name="_GroupsBefore", default_factory=list)

    def __post_init__(self) -> None:
        if self.private_ip_address:
            address(self.private_ip_address)
        if self.tag_set and not self.tags:
            # Where every other resource has them.
            self.tags, self.tag_set = self.tag_set, []

    @property
    def id(self) -> str:
        """The interface id."""
        return self.network_interface_id

    @property
    def group_ids(self) -> tuple[str, ...]:
        """The groups that the interface carries, sorted."""
        return tuple(sorted({group.group_id for group in self.groups}))

    @property
    def known_by(self) -> tuple[str, ...]:
        """The groups by which a service is known to own it: those that it carried before any edit, sorted."""
        return tuple(sorted({group.group_id for group in self.groups_before})) or self.group_ids

    def with_groups(self, groups: list[GroupId]) -> Self:
        """Return the interface as it would be with other groups; whoever owns it still does."""
        return msgspec.structs.replace(self, groups=groups, groups_before=self.groups_before or self.groups)

    @property
    def instance_id(self) -> str:
        """The instance that the interface is attached to; "" when there is none."""
        return self.attachment.instance_id if self.attachment else ""

    @cached_property
    def plain_addresses(self) -> IntervalSet:
        """Its primary and secondary private IPv4 addresses."""
        listed = [one.private_ip_address for one in self.private_ip_addresses] or [self.private_ip_address]
        return union(only(address(one)) for one in listed if one)

    @cached_property
    @rule(
        "SDC-2",
        says="An interface's own addresses are the primary and secondary ones, the IPv6 ones and the delegated prefixes.",
        source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-prefix-eni.html",
    )
    def private_addresses(self) -> IntervalSet:
        """Every address that the VPC delivers to this interface, of both families."""
        own = [only(address(one.ipv6_address)) for one in self.ipv6_addresses]
        own += [prefix(one.ipv4_prefix) for one in self.ipv4_prefixes] + [prefix(one.ipv6_prefix) for one in self.ipv6_prefixes]
        return union([self.plain_addresses, *own])

    @cached_property
    @rule(
        "IGW-2",
        says="Public IPv4 addresses belong to private addresses one to one; the association of each private address counts.",
        source="https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html",
    )
    def public_addresses(self) -> dict[int, int]:
        """The public IPv4 address of each private one that has one, private -> public."""
        pairs = {
            address(one.private_ip_address): address(one.association.public_ip)
            for one in self.private_ip_addresses
            if one.association and one.association.public_ip
        }
        if not pairs and self.association and self.association.public_ip and self.private_ip_address:
            # The interface's own association repeats that of its primary address.
            pairs[address(self.private_ip_address)] = address(self.association.public_ip)
        return pairs

    def instance_is_lost(self, world: World) -> bool:
        """Return whether its instance may be among those that could not be read, or were not collected."""
        return bool(self.instance_id) and world.is_broken("instance", self) and world.owner(self.id) is None

    def perhaps_of_pods(self, world: World) -> IntervalSet:
        """Return those of its addresses that may be those of pods, since nobody knows the instance; they may call with another."""
        if not self.instance_is_lost(world):
            return IntervalSet()
        first = self.primary[0] if primary_interface(self.instance_id, world) is self else None
        return (self.private_addresses & EVERY_V4) - (only(first) if first is not None else IntervalSet())

    @property
    def primary(self) -> tuple[int | None, int | None]:
        """The address from which the host speaks, of each family: IPv4, IPv6; None where it has none."""
        first = next((one.private_ip_address for one in self.private_ip_addresses if one.primary), "")
        text = first or self.private_ip_address or next((one.private_ip_address for one in self.private_ip_addresses), "")
        v6 = next((one.ipv6_address for one in self.ipv6_addresses), "")
        return address(text) if text else None, address(v6) if v6 else None

    @property
    def type(self) -> str:
        """The interface's type; nodes of load balancers, which AWS lists as plain interfaces, are `load_balancer`."""
        if self.interface_type == "natGateway":
            return "nat_gateway"
        return (
            "load_balancer" if self.interface_type == "interface" and self.description.startswith("ELB ") else self.interface_type
        )


def primary_interface(instance_id: str, world: World) -> Any:
    """Return the primary interface of an instance, be the instance itself in the snapshot or not; None where nobody knows it."""
    instance = world.find("instance", instance_id)
    named = (world.find("network_interface", one) for one in instance.interface_ids(world)) if instance is not None else ()
    found = [one for one in named if one is not None] or world.where("network_interface", "instance_id", instance_id)
    return min(found, key=lambda one: (one.attachment.device_index if one.attachment else 0, one.id), default=None)


def interface_classes(world: World, subnet_id: str) -> list[list[InterfaceShape]]:
    """Return the subnet's interfaces in classes that no line tells apart; stand-ins last, so that real addresses win."""
    classes: dict[tuple[object, ...], list[Any]] = {}
    for interface in world.where("network_interface", "subnet_id", subnet_id):
        owner = world.owner(interface.id)
        alone = (
            interface.halted(world)
            or not interface.source_dest_check
            or interface.perhaps_unchecked
            or interface.perhaps_v6
            or interface.stand_in
            or interface.passes_on(world)
            or (owner is not None and _asked(owner, interface.id, world))
            or bool(interface.perhaps_of_pods(world))
        )
        unread = interface.instance_is_lost(world)
        doubted = (unread, interface.perhaps_there)
        key = (interface.stand_in, interface.group_ids, interface.type, doubted, interface.id if alone else "")
        classes.setdefault(key, []).append(interface)
    return [classes[key] for key in sorted(classes, key=lambda key: (key[0], classes[key][0].id))]


def _asked(owner: Component, interface_id: str, world: World) -> bool:
    """Return whether the owner itself judges what the interface takes or sends."""
    return owner.takes(interface_id, world) is not None or owner.speaks(interface_id, world) is not None
