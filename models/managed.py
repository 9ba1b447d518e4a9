"""Managed services whose answers name interfaces or addresses: what they name is theirs, the rest is joined."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from .component import World
from .joined import JoinedShape
from .packet import address


class Held(msgspec.Struct, frozen=True):
    """A private address that a service's answer names: its public one and its subnet, "" where the answer does not say."""

    private: str
    public: str = ""
    subnet_id: str = ""

    def __post_init__(self) -> None:
        for text in filter(None, (self.private, self.public)):
            address(text)


class ManagedShape(JoinedShape, kw_only=True):
    """A resource whose answer names its interfaces (`named`) or their addresses (`held`), or neither: then it is joined.

    Where the answer names an address that no interface in the snapshot holds, one is made that holds just this address.
    """

    def named(self, world: World) -> list[str]:
        """Return the ids of its interfaces, as far as the answer says them."""
        return []

    def held(self, world: World) -> list[Held]:
        """Return the addresses of its interfaces, as far as the answer says them."""
        return []

    def own_vpc(self, world: World) -> str:
        """Return its VPC: what the answer says, else the one of its subnets; "" when nobody knows."""
        said = str(getattr(self, "vpc_id", ""))
        subnets = (world.find("subnet", one) for one in self.subnets_of(world))
        return said or next((str(one.vpc_id) for one in subnets if one is not None), "")

    def found(self, world: World) -> list[Any]:
        """Return its interfaces: those that it names, else those that hold its addresses, else those that fit."""
        named = [one for id in self.named(world) if (one := world.find("network_interface", id)) is not None]
        if named:
            return named
        held = self.held(world)
        holders = [holder for one in held if (holder := self._holder(one, world)) is not None]
        if holders or held:
            return holders
        fitting = super().found(world) if self.subnets_of(world) else self._fitting_anywhere(world)
        mine = [one for one in fitting if self.label in one.description.replace("/", " ").split()]
        return mine or fitting

    def _holder(self, held: Held, world: World) -> Any:
        """Return the interface whose first address this is; an interface that was made for it counts."""
        vpc_id = self.own_vpc(world)
        holders = world.where("network_interface", "private_ip_address", held.private)
        return next((one for one in holders if one.vpc_id == vpc_id), None)

    def _fitting_anywhere(self, world: World) -> list[Any]:
        """Return the interfaces that are signed by the service and carry just its groups, where nobody knows its subnets."""
        groups = tuple(sorted(self.group_ids))
        alike = world.where("network_interface", "known_by", groups) if groups else []
        vpc_id = self.own_vpc(world)
        return [one for one in alike if not one.stand_in and self.signed(one) and vpc_id in ("", one.vpc_id)]

    @classmethod
    def implied(cls, world: World) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield an interface for each address that none holds; without addresses, one in each subnet that may hold it."""
        for one in world.all(cls.kind):
            held = [] if any(world.find("network_interface", id) for id in one.named(world)) else one.held(world)
            for address_ in held:
                subnet = one.subnet_of(address_, world)
                if subnet is not None and one._holder(address_, world) is None:
                    yield "NetworkInterfaces", {**one.exact(address_, subnet), **one.filters(world)}
            if not held and not one.found(world):
                for subnet in filter(None, (world.find("subnet", subnet_id) for subnet_id in one.subnets_of(world))):
                    yield "NetworkInterfaces", {**one.stand_in(subnet), **one.filters(world)}

    def filters(self, world: World) -> dict[str, Any]:
        """Return its groups as an interface names them; services whose groups stand in another answer override this."""
        return {"Groups": [{"GroupId": group} for group in sorted(self.group_ids)]}

    def subnet_of(self, held: Held, world: World) -> Any:
        """Return the subnet of an address: the one that the answer says, else the one of its VPC that contains it; or None."""
        if held.subnet_id:
            return world.find("subnet", held.subnet_id)
        number = address(held.private)
        return next((one for one in world.where("subnet", "vpc_id", self.own_vpc(world)) if number in one.addresses), None)

    def exact(self, held: Held, subnet: Any) -> dict[str, Any]:
        """Return an interface that holds just the address which the answer names."""
        association: Mapping[str, Any] = {"Association": {"PublicIp": held.public}} if held.public else {}
        listed = {"PrivateIpAddress": held.private, "Primary": True, **association}
        made = {key: value for key, value in self.stand_in(subnet).items() if key not in ("Ipv4Prefixes", "_StandIn")}
        id = f"{self.label}@{held.private}"
        made["_PerhapsPublic"] = self.perhaps_public and not held.public
        return {**made, "NetworkInterfaceId": id, "PrivateIpAddress": held.private, "PrivateIpAddresses": [listed]}

    def caveats(self, world: World) -> Iterator[str]:
        """Return what is not modelled, and that its interface was made of what its own answer says."""
        yield from super().caveats(world)
        if any(one.id.startswith(f"{self.label}@") and not one.stand_in for one in self.found(world)):
            yield f"{self.label}: its interface is not in the snapshot; address and groups are those of its own answer"


def tag_list(tags: Any) -> Any:
    """Return tags as most of AWS lists them, where a service answers a map of them; anything else as it is."""
    if not isinstance(tags, dict):
        return tags
    return [{"Key": key, "Value": value} for key, value in tags.items() if isinstance(value, str)]
