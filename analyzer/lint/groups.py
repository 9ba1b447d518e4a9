"""Rules of security groups that another rule of the same group covers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from ..models.finding import Finding
from ..models.packet import EVERY_SERVICE, IntervalSet, prefix
from ..models.snapshot import Snapshot
from .boxes import Box


class Rule(msgspec.Struct, frozen=True):
    """One far side of one permission: a block or list as addresses, a group by its id."""

    title: str
    services: IntervalSet
    far: str
    addresses: IntervalSet | None = None


def rules(group: Any, world: Snapshot) -> Iterator[tuple[str, list[Rule]]]:
    """Yield the rules of each direction; those by prefix lists whose entries nobody knows have no addresses."""
    for word, where, permissions in (("inbound", "from", group.ip_permissions), ("outbound", "to", group.ip_permissions_egress)):
        yield (
            word,
            [
                Rule(
                    f"{word} {one.service} {where} {far}", EVERY_SERVICE if one.services is None else one.services, far, addresses
                )
                for one in permissions
                for far, addresses in _far_sides(one, world)
            ],
        )


def _far_sides(permission: Any, world: Snapshot) -> Iterator[tuple[str, IntervalSet | None]]:
    yield from ((one.cidr_ip, prefix(one.cidr_ip)) for one in permission.ip_ranges)
    yield from ((one.cidr_ipv6, prefix(one.cidr_ipv6)) for one in permission.ipv6_ranges)
    yield from ((one.prefix_list_id, world.prefixes(one.prefix_list_id)) for one in permission.prefix_list_ids)
    yield from ((one.group_id, None) for one in permission.user_id_group_pairs)


def covered(world: Snapshot) -> Iterator[Finding]:
    """Yield rules that a wider rule of their group covers, or that stand there twice."""
    for group in world.all("security_group"):
        for _, listed in rules(group, world):
            for number, one in enumerate(listed):
                other = _wider(one, listed[:number], listed[number + 1 :])
                if other is not None:
                    same = (one.services, one.far) == (other.services, other.far)
                    text = "it stands there twice" if same else f"`{other.title}` admits all of it"
                    kind = "duplicate" if same else "shadowed"
                    yield Finding(kind=kind, resource=group.id, line=one.title, text=text, origin=group.origin)


def _wider(one: Rule, before: list[Rule], after: list[Rule]) -> Rule | None:
    """Return a rule that admits all of it; of two that are alike the latter is the one too many."""
    alike = (other for other in before if _covers(other, one))
    strictly = (other for other in after if _covers(other, one) and not _covers(one, other))
    return next(alike, None) or next(strictly, None)


def _covers(wide: Rule, narrow: Rule) -> bool:
    if wide.addresses is not None and narrow.addresses is not None:
        # A list that is empty admits nothing, and nothing covers what may be filled tomorrow.
        return bool(narrow.addresses) and Box(narrow.addresses, narrow.services) <= Box(wide.addresses, wide.services)
    return wide.far == narrow.far and narrow.services <= wide.services
