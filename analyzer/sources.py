"""Where the packets of a source start, and what counts as arrival at a target."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import msgspec

from .models.endpoint import Endpoint
from .models.interface import InterfaceShape
from .models.packet import EVERY_ADDRESS, EVERY_V4, EVERY_V6, LINK_LOCAL, NAT64, PUBLIC, IntervalSet, Packet, only, union
from .models.snapshot import Snapshot
from .models.table import INTERNET, SOMEWHERE, UNTOLD, Place, anywhere, may_be_in

DEFAULT_PORTS = (1024, 65535)
# What networks behind VPNs and the like are called together.
OUTSIDE = "networks outside"


class Start(msgspec.Struct, frozen=True):
    """Packets of one or more sources that no line tells apart at the start.

    `realm` is the VPC whose private addresses the sources are, "" for others; `ports` are those from which they call, both
    ends included. `endpoints` are the sources that they belong to.
    """

    place: Place
    realm: str
    addresses: IntervalSet
    ports: tuple[int, int]
    endpoints: tuple[Endpoint, ...]


def starts(world: Snapshot, sources: Sequence[Endpoint]) -> list[Start]:
    """Return where the packets of the sources start, those of like interfaces together; none for addresses from nowhere."""
    grouped: dict[tuple[Place, str, tuple[int, int]], list[tuple[IntervalSet, Endpoint]]] = {}
    for source in sources:
        for place, realm, ports, addresses in _places(world, source):
            grouped.setdefault((place, realm, ports), []).append((addresses, source))
    return [
        Start(place, realm, union(addresses for addresses, _ in found), ports, tuple(dict.fromkeys(one for _, one in found)))
        for (place, realm, ports), found in grouped.items()
    ]


Found = tuple[Place, str, tuple[int, int], IntervalSet]


def _places(world: Snapshot, source: Endpoint) -> Iterator[Found]:
    if source.interface:
        interface = world.find("network_interface", source.interface)
        yield _of_interface(world, interface.id, interface.private_addresses - _held_by_others(interface, world))
        return
    for component in world.doing("beyond"):
        for place, addresses in component.beyond(world):
            if addresses & source.addresses and source.kind != "internet":
                yield place, "", DEFAULT_PORTS, addresses & source.addresses
    public = source.addresses & PUBLIC
    if public:
        yield INTERNET, "", DEFAULT_PORTS, public
    private = source.addresses - PUBLIC
    if private:
        yield from _private(world, private)


def _held_by_others(interface: InterfaceShape, world: Snapshot) -> IntervalSet:
    """Return the addresses that a stand-in cannot have, since others of its subnet hold them; empty for a real interface."""
    if not interface.stand_in:
        return IntervalSet()
    others = world.where("network_interface", "subnet_id", interface.subnet_id)
    return union(one.private_addresses for one in others if not one.stand_in)


def _private(world: Snapshot, addresses: IntervalSet) -> Iterator[Found]:
    """Yield the interfaces that own the addresses, and, for what no VPC holds, the networks behind that are not in the snapshot."""
    for subnet in world.where("subnet", "unsettled", True):
        # Nobody knows who will have the other addresses of the subnet: an interface whose address AWS has yet to choose may.
        free = subnet.addresses & addresses - union(
            one.private_addresses for one in world.where("network_interface", "subnet_id", subnet.id)
        )
        if free:
            yield SOMEWHERE, UNTOLD, DEFAULT_PORTS, free
    for interface in world.all("network_interface"):
        own = interface.private_addresses & addresses
        if own:
            yield _of_interface(world, interface.id, own)
    # Where an interface or a VPC could not be read, an address that nobody holds may be its own.
    unread = any(world.is_broken(kind) for kind in ("network_interface", "vpc"))
    held = (one.private_addresses for one in world.all("network_interface"))
    beyond = addresses - union(held if unread else (vpc.addresses for vpc in world.all("vpc")))
    if beyond and (unread or world.has_ways_out):
        yield SOMEWHERE, UNTOLD, DEFAULT_PORTS, beyond


def _of_interface(world: Snapshot, interface_id: str, addresses: IntervalSet) -> Found:
    interface = world.find("network_interface", interface_id)
    owner = world.owner(interface_id)
    ports = getattr(owner, "client_ports", None) or DEFAULT_PORTS
    return Place(world.class_of(interface_id), "sends"), interface.vpc_id, ports, addresses


def networks_outside(world: Snapshot) -> list[Endpoint]:
    """Return the networks behind VPNs and the like as one endpoint, with the private addresses that nobody has; empty without any."""
    behind = union(addresses for component in world.doing("beyond") for _, addresses in component.beyond(world))
    nobodys = EVERY_ADDRESS - PUBLIC - LINK_LOCAL - union(vpc.addresses for vpc in world.all("vpc"))
    return [Endpoint(OUTSIDE, "address", nobodys | behind)] if behind or world.has_ways_out else []


def families(addresses: IntervalSet, targets: IntervalSet) -> Iterator[tuple[IntervalSet, IntervalSet]]:
    """Yield sources and targets of one family each: a packet never has one of either."""
    for family in (EVERY_V4, EVERY_V6):
        if addresses & family and targets & family:
            yield addresses & family, targets & family


def target_addresses(world: Snapshot, target: Endpoint) -> IntervalSet:
    """Return the addresses to which packets must be sent to reach the target; for a gateway endpoint those of its prefix lists."""
    if target.kind == "internet":
        return target.addresses | NAT64
    if target.addresses:
        return target.addresses
    component = world.at(target.id)
    if component is not None and component.reached_at(world):
        return component.reached_at(world)
    routes = [route for table in world.all("route_table") for route in table.routes if route.target == target.id]
    served = [world.prefixes(route.destination_prefix_list_id) for route in routes if route.destination_prefix_list_id]
    return union(one for one in served if one is not None) or PUBLIC


def counting(world: Snapshot, target: Endpoint) -> Callable[[str, Packet], bool]:
    """Return whether an arrival, at a resource and with a packet as it is then, is an arrival at the target."""
    if target.interface:
        interface = world.find("network_interface", target.interface)
        own, alike = interface.private_addresses, world.class_of(interface.id)
        vpc_id = interface.vpc_id
        return lambda resource, packet: (resource == alike and packet.target in own) or may_be_in(resource, vpc_id)
    if target.kind == "internet":
        return lambda resource, packet: resource in ("internet", anywhere("internet").resource)
    if not target.addresses:
        return lambda resource, packet: resource in (target.id, SOMEWHERE.resource)
    return lambda resource, packet: bool(_meant(world, resource, packet.target) & target.addresses)


def _meant(world: Snapshot, resource: str, number: int) -> IntervalSet:
    """Return the addresses to which a packet may have been sent that arrives here: the public one too, if it has one."""
    interface = world.find("network_interface", resource)
    owner = world.owner_of(interface.vpc_id, number) if interface is not None else None
    public = owner.public_addresses.get(number) if owner is not None else None
    return only(number) if public is None else only(number) | only(public)
