"""Groups and ACLs that nothing uses, and lines that name what is not there any more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..models.finding import Finding
from ..models.snapshot import Snapshot

GROUP, ACL, TABLE, INTERFACE = "security_group", "network_acl", "route_table", "network_interface"
PEERING_GONE = ("deleted", "rejected", "expired", "failed")


def unattached(world: Snapshot) -> Iterator[Finding]:
    """Yield groups that no interface carries and ACLs that no subnet has; the default ones of a VPC are always there."""
    if world.collected(INTERFACE):
        named = {pair.group_id for group in world.all(GROUP) for one in _permissions(group) for pair in one.user_id_group_pairs}
        for group in world.all(GROUP):
            if group.group_name != "default" and not world.carriers(group.id):
                more = "; rules of groups name it" if group.id in named else ""
                text = f"no interface in the snapshot carries it{more}"
                yield Finding(kind="unattached", resource=group.id, text=text, origin=group.origin)
    for acl in world.all(ACL):
        if not acl.is_default and not acl.subnet_ids:
            yield Finding(kind="unattached", resource=acl.id, text="no subnet is associated with it", origin=acl.origin)


def _permissions(group: Any) -> list[Any]:
    return [*group.ip_permissions, *group.ip_permissions_egress]


def gone(world: Snapshot) -> Iterator[Finding]:
    """Yield rules that name groups or lists which are gone, and routes to targets which are."""
    accounts = {one.owner_id or one.account for one in world.all(GROUP)}
    for group in world.all(GROUP):
        for word, where, permissions in (
            ("inbound", "from", group.ip_permissions),
            ("outbound", "to", group.ip_permissions_egress),
        ):
            for one in permissions:
                for id, text in _gone_from(one, accounts, world):
                    line = f"{word} {one.service} {where} {id}"
                    yield Finding(kind="gone", resource=group.id, line=line, text=text, origin=group.origin)
    for table in world.all(TABLE):
        for route in table.routes:
            if route.state == "blackhole":
                line = f"{route.destination} -> {route.target or 'unknown target'}"
                text = "the route is a blackhole: its target is gone, or not attached"
                yield Finding(kind="gone", resource=table.id, line=line, text=text, origin=table.origin)


def _gone_from(permission: Any, accounts: set[str], world: Snapshot) -> Iterator[tuple[str, str]]:
    """Yield the far sides of a permission that are gone for sure: nobody knows of those of accounts that were not collected."""
    for pair in permission.user_id_group_pairs:
        if pair.peering_status in PEERING_GONE:
            yield pair.group_id, f"the peering connection to the group is {pair.peering_status}"
        elif pair.user_id in accounts and not pair.vpc_peering_connection_id and _no_group(pair.group_id, world):
            yield pair.group_id, "no such group is in the snapshot, which holds others of its account"


def _no_group(id: str, world: Snapshot) -> bool:
    return world.find(GROUP, id) is None and not world.is_broken(GROUP) and not world.carriers(id)
