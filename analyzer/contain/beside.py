"""Whom a step hits that is not compromised: those who stand behind the same ACL or table, and those whose packets it passed on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ..models.component import Component
from ..models.endpoint import Endpoint
from ..models.packet import IntervalSet
from ..models.snapshot import Snapshot
from .passing import Passing, lost, passing
from .suspect import Suspect

# Of more pairs only those of the first are looked at, with those who stand nearest.
MOST_PAIRS, MOST_FAR = 4_000, 1_000


class Beside:
    """Those who are hit besides: `near` of them, and everybody that they talk to."""

    def __init__(self, suspect: Suspect, hits: Sequence[str], far: Sequence[Endpoint], world: Snapshot) -> None:
        mine = suspect.ids
        every = [one for one in far if one.id not in mine]
        self._far = every[:MOST_FAR]
        behind = set(hits)
        passes_on = relays((*suspect.ids, *hits), world)
        near = [one for one in every if one.interface and (one.id in behind or passes_on)]
        self._near = near[: max(1, MOST_PAIRS // max(1, len(self._far)))]
        self._known: tuple[Snapshot, Passing] | None = None
        self.whole = len(self._near) == len(near) and len(self._far) == len(every)

    def lost(self, before: Snapshot, after: Snapshot) -> list[tuple[Endpoint, Endpoint, IntervalSet]]:
        """Return what they had before a step and have no more."""
        if not self._near:
            return []
        was = self._known[1] if self._known is not None and self._known[0] is before else self._passing(before)
        now = self._passing(after)
        self._known = after, now
        return lost(was, now)

    def _passing(self, world: Snapshot) -> Passing:
        return passing(world, self._near, self._far)


def relays(interfaces: Iterable[str], world: Snapshot) -> bool:
    """Return whether packets of others go by some interfaces: load balancers, endpoints, NAT gateways, appliances."""
    return any(_relays(world.find("network_interface", id), world.owner(id), world) for id in interfaces)


def _relays(interface: Any, owner: Component | None, world: Snapshot) -> bool:
    if not interface.source_dest_check or interface.passes_on(world):
        return True
    return owner is not None and (owner.kind in RELAYS or owner.takes(interface.id, world) is not None)


RELAYS = ("nat_gateway", "transit_gateway_vpc_attachment")
