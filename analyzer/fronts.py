"""The addresses behind which something makes connections of its own: where packets may be sent to reach what stands behind."""

from __future__ import annotations

from collections.abc import Iterator
from weakref import WeakKeyDictionary

from .models.component import Component
from .models.packet import PUBLIC, IntervalSet, only, union
from .models.snapshot import Snapshot

_FRONTS: WeakKeyDictionary[Snapshot, IntervalSet] = WeakKeyDictionary()


def fronts(world: Snapshot) -> IntervalSet:
    """Return the addresses of load balancers, accelerators and all else that passes connections on; found once.

    Where configuration does not say the public address of one of them, it may be any.
    """
    if world not in _FRONTS:
        _FRONTS[world] = union(one for relay in world.everything() if relay.passes_on(world) for one in _of(relay, world))
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
