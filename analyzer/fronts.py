"""The addresses behind which something makes connections of its own: where packets may be sent to reach what stands behind."""

from __future__ import annotations

from collections.abc import Iterator
from weakref import WeakKeyDictionary

from .models.component import Component
from .models.packet import PUBLIC, IntervalSet, only, union
from .models.snapshot import Snapshot
from .models.table import ANYWHERE, Action, Arrive, Choose, Direction, Drop, Place, Send, Share

_FRONTS: WeakKeyDictionary[Snapshot, IntervalSet] = WeakKeyDictionary()
# By the address of a target: the addresses that pass connections on to it, each with a service that they take for it.
Doors = dict[int, list[tuple[int, int]]]
_DOORS: WeakKeyDictionary[Snapshot, Doors] = WeakKeyDictionary()
DEEPEST = 4


def fronts(world: Snapshot) -> IntervalSet:
    """Return the addresses of load balancers, accelerators and all else that passes connections on; found once.

    Where configuration does not say the public address of one of them, it may be any.
    """
    if world not in _FRONTS:
        _FRONTS[world] = union(one for relay in world.doing("passes_on") for one in _of(relay, world))
    return _FRONTS[world]


def _of(relay: Component, world: Snapshot) -> Iterator[IntervalSet]:
    for id in relay.interface_ids(world):
        interface = world.find("network_interface", id)
        if interface is not None:
            yield interface.private_addresses
            yield union(only(public) for public in interface.public_addresses.values())
    yield relay.reached_at(world)
    for door in relay.doors(world):
        yield PUBLIC if door.addresses is None else door.addresses


def strange_fronts(world: Snapshot) -> IntervalSet:
    """Return the addresses of what passes connections on nobody knows whither: its owner or its targets are not in the snapshot."""
    found = []
    for relay in world.doing("passes_on"):
        for id in relay.interface_ids(world) if relay.endpoint_kind else (relay.id,):
            interface = world.find("network_interface", id)
            if interface is not None and _leads_anywhere(world, _taker(world, id), 0):
                found += [interface.private_addresses, *(only(one) for one in interface.public_addresses.values())]
    return union(found)


def _taker(world: Snapshot, interface_id: str) -> Place:
    """Return the place that takes what arrives at an interface."""
    owner = world.owner(interface_id)
    place = owner.takes(interface_id, world) if owner is not None else None
    return place or Place(world.class_of(interface_id), "receives")


def _leads_anywhere(world: Snapshot, place: Place, depth: int) -> bool:
    for line in world.table(place, Direction.REQUEST).lines if depth < DEEPEST else ():
        for one in ends_of(line.action):
            if isinstance(one, Arrive) and one.resource.startswith(ANYWHERE):
                return True
            relay = world.at(one.place.resource) if isinstance(one, Send) else None
            if isinstance(one, Send) and relay is not None and relay.relays and _leads_anywhere(world, one.place, depth + 1):
                return True
    return False


def doors(world: Snapshot) -> Doors:
    """Return by which addresses of interfaces something passes connections on to a target, be it closed now; found once."""
    if world not in _DOORS:
        found: Doors = {}
        for relay in (one for kind in sorted(_relaying(world)) for one in world.all(kind)):
            for id in relay.interface_ids(world):
                owner, interface = world.owner(id), world.find("network_interface", id)
                place = owner.takes(id, world) if owner is not None and interface is not None else None
                ways = set(_passed_on(world, place, None, 0)) if place is not None else ()
                own = [*interface.primary, *interface.public_addresses.values()] if ways else []
                for target, service in sorted(ways):
                    found.setdefault(target, []).extend((one, service) for one in own if one is not None)
        _DOORS[world] = {target: list(dict.fromkeys(ways)) for target, ways in found.items()}
    return _DOORS[world]


def _relaying(world: Snapshot) -> set[str]:
    return {kind.kind for kind in world.kinds if kind.relays}


def _passed_on(world: Snapshot, place: Place, asked: int | None, depth: int) -> Iterator[tuple[int, int]]:
    """Yield the targets that a relay's table sends to, each with the service that it takes for them."""
    for line in world.table(place, Direction.REQUEST).lines if depth < DEEPEST else ():
        service = line.match.services.smallest() if line.match.services else asked
        for send in _sends(line.action):
            relay = world.at(send.place.resource)
            if send.target is not None and service is not None:
                yield send.target, service
            elif send.target is None and relay is not None and relay.relays:
                yield from _passed_on(world, send.place, service, depth + 1)


def _sends(action: Action | None) -> Iterator[Send]:
    """Yield every way on of an action, those that would be open if a line were mended among them."""
    yield from (one for one in ends_of(action) if isinstance(one, Send))


def ends_of(action: Action | None) -> Iterator[Send | Arrive]:
    """Yield every way on, and every arrival, of an action, those that would be there if a line were mended among them."""
    if isinstance(action, Send | Arrive):
        yield action
    elif isinstance(action, Drop):
        yield from ends_of(action.otherwise)
    elif isinstance(action, Choose | Share):
        for one in action.actions:
            yield from ends_of(one)
