"""What the groups of an interface let in and out, read off its own tables: who cannot come in need not be followed."""

from __future__ import annotations

from collections.abc import Sequence

from ..models.endpoint import Endpoint
from ..models.packet import EVERY_ADDRESS, EVERY_SERVICE, LINK_LOCAL, NOTHING, IntervalSet, union
from ..models.snapshot import Snapshot
from ..models.table import UNTOLD, Direction, Drop, Line, Place
from ..models.verdict import Verdict
from ..reach import Flows
from ..sources import OUTSIDE

# What sends nothing but its own packets, with its check on. A kind that is forgotten here costs time, and no proof.
ITSELF = ("instance", "db_instance", "db_cluster", "cache_cluster", "redshift_cluster", "mount_target")


def admitted(end: Endpoint, stage: str, world: Snapshot) -> list[Line]:
    """Return the lines of an interface's groups, at the stage `groups in` or `groups out`, that may let a request pass."""
    interface = world.find("network_interface", end.interface)
    table = interface.table(Place(interface.id, stage), Direction.REQUEST, world)
    return [line for line in table.lines if not isinstance(line.action, Drop)]


def bearing(near: Sequence[Endpoint], far: Sequence[Endpoint], world: Snapshot) -> list[Endpoint]:
    """Return those of the others whose packets the groups of the former may let in; the rest is surely blocked.

    Packets come with an address of their sender, unless something on the way speaks for others, or nobody knows what does: where
    the groups admit any of those, everybody may be behind.
    """
    if world.lacks or not all(speaks_for_itself(one, world) for one in near):
        return list(far)  # nothing is surely blocked, or packets come past the groups: to a load balancer by PrivateLink
    lines = [line for one in near for line in admitted(one, "groups in", world)]
    if not lines:
        return []
    named = [line.match.sources for line in lines if line.match.realms != frozenset((UNTOLD,))]
    sources = union(EVERY_ADDRESS if one is None else one for one in named)
    if sources & (_relays(far, world) | LINK_LOCAL) or _strangers(near, far, world):
        return list(far)
    hosts = {_host(one, world) for one in far if one.interface and one.addresses & sources}
    return [one for one in far if not one.interface or one.addresses & sources or _host(one, world) in hosts]


def _host(end: Endpoint, world: Snapshot) -> str:
    """Return what an interface belongs to: a host may speak with an address of another of its interfaces."""
    owner = world.owner(end.interface)
    return owner.id if owner is not None else end.id


def _relays(far: Sequence[Endpoint], world: Snapshot) -> IntervalSet:
    """Return the addresses of everything that may speak for others: what they send may come from there."""
    return union(one.addresses for one in far if one.interface and not speaks_for_itself(one, world)) or NOTHING


def speaks_for_itself(end: Endpoint, world: Snapshot) -> bool:
    """Return whether an interface sends its own packets alone, and takes only what its own groups let in."""
    interface = world.find("network_interface", end.interface)
    owner = world.owner(end.interface)
    return owner is not None and owner.kind in ITSELF and interface.source_dest_check and interface.type == "interface"


def _strangers(near: Sequence[Endpoint], far: Sequence[Endpoint], world: Snapshot) -> bool:
    """Return whether anything comes in from where nobody knows what is."""
    outside = [one for one in far if one.id == OUTSIDE]
    if not outside:
        return False
    flows = Flows(world, outside, list(near), EVERY_SERVICE, there_only=True)
    return any(flows.of(one, other).verdict is not Verdict.BLOCKED for one in outside for other in near)
