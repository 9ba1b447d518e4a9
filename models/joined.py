"""Managed services that name no interface: they are joined to those of their subnets and groups, or stood in for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from .component import Component, World
from .rule import rule


class JoinedShape(Component, kw_only=True):
    """A resource that stands on interfaces in its subnets, with its groups, which its own answer does not name.

    Subclasses say which subnets and groups (`subnet_ids`, `group_ids`), and what AWS writes into the requester or description of
    such interfaces (`signs`, in small letters).
    """

    signs: ClassVar[tuple[str, ...]] = ()

    def subnets_of(self, world: World) -> list[str]:
        """Return the subnets that may hold its interfaces."""
        raise NotImplementedError

    @property
    def group_ids(self) -> frozenset[str]:
        """The groups that filter it."""
        raise NotImplementedError

    @property
    def label(self) -> str:
        """What people call it, in messages and in the ids of stand-ins."""
        return next(iter(self.names()), self.id)

    @rule(
        "SVC-18",
        says="Managed services often name no interface: they are joined by requester, subnet and groups, a convention and no contract.",
        source="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkInterface.html",
    )
    def found(self, world: World) -> list[Any]:
        """Return the interfaces that fit: signed by the service, in its subnets, with just its groups."""
        return [
            one
            for subnet_id in self.subnets_of(world)
            for one in world.where("network_interface", "subnet_id", subnet_id)
            if not one.stand_in and self.signed(one) and frozenset(one.known_by) == self.group_ids
        ]

    def signed(self, interface: Any) -> bool:
        """Return whether an interface bears a sign of the service."""
        text = f"{interface.requester_id} {interface.description}".lower()
        return any(sign in text for sign in self.signs)

    def interface_ids(self, world: World) -> list[str]:
        """Return its interfaces; where none is in the snapshot, one that stands for it in each of its subnets."""
        return [one.id for one in self.found(world)] or [f"{self.label}@{one}" for one in self.subnets_of(world)]

    @classmethod
    def implied(cls, world: World) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield an interface in each of its subnets for a resource whose own interface is not in the snapshot."""
        for one in world.all(cls.kind):
            if not one.found(world):
                subnets = (world.find("subnet", subnet_id) for subnet_id in one.subnets_of(world))
                yield from (("NetworkInterfaces", one.stand_in(subnet)) for subnet in subnets if subnet is not None)

    def stand_in(self, subnet: Any) -> dict[str, Any]:
        """Return an interface that may hold any address of the subnet."""
        return {
            "NetworkInterfaceId": f"{self.label}@{subnet.id}",
            "SubnetId": subnet.id,
            "VpcId": subnet.vpc_id,
            "Ipv4Prefixes": [{"Ipv4Prefix": cidr} for cidr in subnet.cidrs if ":" not in cidr],
            "Groups": [{"GroupId": group} for group in sorted(self.group_ids)],
            "Description": f"stands for the interface of {self.label}, which is not in the snapshot",
            "OwnerId": self.account or self.owner_id,
            "_StandIn": True,
            "_PerhapsPublic": self.perhaps_public,
        }

    def caveats(self, world: World) -> Iterator[str]:
        """Return what is not modelled, and how the resource was joined to interfaces."""
        yield from super().caveats(world)
        found = self.found(world)
        if not found and self.subnets_of(world):
            yield f"{self.label}: its interface is not in the snapshot; every subnet that may hold it was tried"
        elif len(found) > 1 and self.alone:
            yield f"{self.label}: {len(found)} interfaces fit its subnets and groups; all were taken"

    @property
    def perhaps_public(self) -> bool:
        """Whether AWS gives it public addresses, which its own answer does not tell."""
        return False

    @property
    def alone(self) -> bool:
        """Whether it has one interface, so that several which fit are a doubt."""
        return False
