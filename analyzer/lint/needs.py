"""Rules that admit more than can come, and endpoints that admit everybody to everything."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from ..models.finding import Finding
from ..models.packet import EVERY_SERVICE, PUBLIC, IntervalSet, union
from ..models.permission import IpRange, Ipv6Range, Permission
from ..models.policy import allows_everything
from ..models.snapshot import Snapshot
from ..models.verdict import Verdict
from ..reach import Flows
from ..select import select
from .blocks import others_come_in
from .groups import rules


def wide(world: Snapshot) -> Iterator[Finding]:
    """Yield inbound rules for public addresses of groups to whose interfaces nothing comes from the internet on these services.

    Asked is whether it would come if the groups did not filter: an address that is lacking, a route or an ACL keeps it away. What may
    come counts as coming.
    """
    if world.lacks or not world.all("vpc") or others_come_in(world):
        return
    coming = _coming(_unguarded(world))
    for group in world.all("security_group"):
        carriers = [one.id for one in world.carriers(group.id)]
        comes = union(coming.get(id, IntervalSet()) for id in carriers)
        for word, listed in rules(group, world) if carriers else ():
            for one in listed:
                public = word == "inbound" and one.addresses is not None and bool(one.addresses & PUBLIC)
                if public and not comes & one.services:
                    private = "" if one.addresses is not None and one.addresses <= PUBLIC else "; private addresses would do"
                    text = f"nothing comes from the internet to what carries it{private}"
                    yield Finding(kind="wide", resource=group.id, line=one.title, text=text, origin=group.origin)


def _unguarded(world: Snapshot) -> Snapshot:
    """Return the snapshot as if every group admitted everything from everywhere."""
    everything = Permission(ip_protocol="-1", ip_ranges=[IpRange("0.0.0.0/0")], ipv6_ranges=[Ipv6Range("::/0")])
    groups = world.all("security_group")
    return world.edited({(one.kind, one.id): msgspec.structs.replace(one, ip_permissions=[everything]) for one in groups})


def _coming(world: Snapshot) -> dict[str, IntervalSet]:
    """Return the services on which something may come from the internet, by interface."""
    ends = [one for one in select("any", world) if one.interface]
    (internet,) = select("internet", world)
    flows = Flows(world, [internet], ends, EVERY_SERVICE, there_only=True)
    found: dict[str, IntervalSet] = {}
    for end in ends:
        pieces = [one for one in flows.pieces(internet, end) if one.verdict is not Verdict.BLOCKED]
        found[end.interface] = union(one.services for one in pieces)
    return found


def without_policy(world: Snapshot) -> Iterator[Finding]:
    """Yield endpoints whose policy allows everything to everybody."""
    for one in world.all("vpc_endpoint"):
        # Endpoints of Gateway Load Balancers and firewalls have none.
        if one.vpc_endpoint_type in ("Gateway", "Interface") and allows_everything(one.policy_document):
            text = "its policy allows everything to everybody: credentials of any account may be used through it"
            yield Finding(kind="no-policy", resource=one.id, text=text, origin=one.origin)
