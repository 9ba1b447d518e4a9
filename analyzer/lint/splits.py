"""Lines that say in two what one could say: ports that touch, or the two halves of a block."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise
from typing import Any

from ..models.finding import Finding
from ..models.packet import EVERY_SERVICE, EVERY_V6, IntervalSet
from ..models.snapshot import Snapshot
from ..models.table import Traffic
from .groups import Rule, rules

LAST = 32767


def split(world: Snapshot) -> Iterator[Finding]:
    """Yield lines that one line could say together with another: rules of a group, entries of an ACL that stand side by side."""
    units = [one.addresses for kind in ("vpc", "subnet") for one in world.all(kind)]
    for group in world.all("security_group"):
        for _, listed in rules(group, world):
            for one, other in combinations(listed, 2):
                if _one_rule(one, other, units):
                    text = f"`{other.title}` and it could be one rule"
                    yield Finding(kind="split", resource=group.id, line=one.title, text=text, origin=group.origin)
    for acl in world.all("network_acl"):
        for traffic in Traffic:
            entries = sorted((one for one in acl.entries if one.traffic is traffic), key=lambda one: one.rule_number)
            for one, other in pairwise(entry for entry in entries if entry.rule_number < LAST):
                if _one_entry(one, other, units):
                    text = f"`{other.title}` and it could be one entry"
                    yield Finding(kind="split", resource=acl.id, line=one.title, text=text, origin=acl.origin)


def _one_rule(one: Rule, other: Rule, units: Sequence[IntervalSet]) -> bool:
    if one.far == other.far:
        return _touching(one.services, other.services)
    # A list is somebody else's line: only blocks are halves of a block.
    blocks = one.addresses is not None and other.addresses is not None and "/" in one.far and "/" in other.far
    return blocks and one.services == other.services and _halves(one.addresses, other.addresses, units)


def _one_entry(one: Any, other: Any, units: Sequence[IntervalSet]) -> bool:
    if one.rule_action != other.rule_action or one.unknown_fields or other.unknown_fields:
        return False
    services = [EVERY_SERVICE if each.services is None else each.services for each in (one, other)]
    if one.addresses == other.addresses:
        return _touching(services[0], services[1])
    return services[0] == services[1] and _halves(one.addresses, other.addresses, units)


def _touching(one: IntervalSet, other: IntervalSet) -> bool:
    """Return whether two ranges of one protocol are one range together, and neither holds the other."""
    whole = one | other
    if one & other == one or one & other == other or len(whole.intervals) != 1:
        return False
    low, high = next(iter(whole))
    return low >> 16 == high >> 16


def _halves(one: IntervalSet | None, other: IntervalSet | None, units: Sequence[IntervalSet]) -> bool:
    """Return whether two blocks are the halves of one; two subnets, or two VPCs, stand apart on purpose."""
    if all(any(half is not None and half <= unit <= half | (unit & EVERY_V6) for unit in units) for half in (one, other)):
        return False
    if one is None or other is None or one & other or one.count() != other.count():
        return False
    whole = one | other
    return len(whole.intervals) == 1 and whole.smallest() % whole.count() == 0
