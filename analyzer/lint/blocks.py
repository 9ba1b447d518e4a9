"""Lines about private addresses that nothing in the snapshot has."""

from __future__ import annotations

from collections.abc import Iterator

from ..models.finding import Finding
from ..models.packet import PRIVATE_V4, SHARED_V4, IntervalSet, union
from ..models.snapshot import Snapshot
from .groups import rules

PRIVATE = PRIVATE_V4 | SHARED_V4


def outside(world: Snapshot) -> Iterator[Finding]:
    """Yield lines of groups and ACLs about private blocks of which no address can be anybody's.

    Nothing is found where networks come in that the snapshot does not hold, whose addresses nobody knows.
    """
    if not world.collected("vpc") or world.is_broken("vpc") or others_come_in(world):
        return
    known = _known(world)
    for group in world.all("security_group"):
        for _, listed in rules(group, world):
            for one in listed:
                if one.addresses is not None and _nobodys(one.addresses, known):
                    yield _finding(group.id, one.title, group.origin)
    for acl in world.all("network_acl"):
        for entry in acl.entries:
            if _nobodys(entry.addresses, known):
                yield _finding(acl.id, entry.title, acl.origin)


def others_come_in(world: Snapshot) -> bool:
    """Return whether addresses of others may come in: by a VPN, a gateway that is not modelled, a peer that is not in the snapshot."""
    peers = (vpc_id for one in world.all("vpc_peering") for vpc_id in one.vpc_ids)
    strangers = any(world.find("vpc", vpc_id) is None for vpc_id in peers)
    return strangers or world.has_ways_out or bool(world.doing("conceals"))


def _known(world: Snapshot) -> IntervalSet:
    beyond = (addresses for one in world.doing("beyond") for _, addresses in one.beyond(world))
    return union([*(one.addresses for one in world.all("vpc")), *beyond])


def _nobodys(addresses: IntervalSet, known: IntervalSet) -> bool:
    return bool(addresses) and addresses <= PRIVATE and not addresses & known


def _finding(resource: str, line: str, origin: str) -> Finding:
    return Finding(
        kind="outside", resource=resource, line=line, text="nothing in the snapshot has such an address", origin=origin
    )
