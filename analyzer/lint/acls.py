"""Entries of network ACLs that never decide, and those that admit requests whose replies cannot come back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..models.finding import Finding
from ..models.packet import EVERY_SERVICE, TCP, services_of
from ..models.snapshot import Snapshot
from ..models.table import Traffic
from .boxes import Box, left

# Entries from here on are those that AWS writes at the end.
LAST = 32767
# Every port from which a client may call (NACL-11).
CLIENT_PORTS = services_of(TCP, 1024, 65535)
TCP_ALONE = services_of(TCP)


def _entries(acl: Any, traffic: Traffic) -> list[Any]:
    return sorted((one for one in acl.entries if one.traffic is traffic), key=lambda one: one.rule_number)


def _box(entry: Any) -> Box:
    return Box(entry.addresses, EVERY_SERVICE if entry.services is None else entry.services)


def _certain(entry: Any) -> bool:
    return not entry.unknown_fields and entry.rule_action in ("allow", "deny")


def overtaken(world: Snapshot) -> Iterator[Finding]:
    """Yield entries of which entries with lower numbers decide everything."""
    for acl in world.all("network_acl"):
        for traffic in Traffic:
            before: list[Any] = []
            for entry in _entries(acl, traffic):
                if entry.rule_number < LAST and not left(_box(entry), (_box(one) for one in before)):
                    numbers = [one for one in before if _box(one).meets(_box(entry))]
                    same = next(
                        (one for one in numbers if _box(one) == _box(entry) and one.rule_action == entry.rule_action), None
                    )
                    names = ", ".join(str(one.rule_number) for one in numbers[:5])
                    text = f"entry {same.rule_number} says the same" if same else f"entries with lower numbers decide it: {names}"
                    kind = "duplicate" if same else "shadowed"
                    yield Finding(kind=kind, resource=acl.id, line=entry.title, text=text, origin=acl.origin)
                if _certain(entry):
                    before.append(entry)


def one_way(world: Snapshot) -> Iterator[Finding]:
    """Yield entries that admit TCP, where no entry of the other direction lets any reply to a client's port pass."""
    for acl in world.all("network_acl"):
        if not acl.subnet_ids and not acl.is_default:
            continue
        for traffic, back in ((Traffic.INBOUND, Traffic.OUTBOUND), (Traffic.OUTBOUND, Traffic.INBOUND)):
            returning = _entries(acl, back)
            for entry in _entries(acl, traffic):
                asked = entry.services is None or bool(entry.services & TCP_ALONE)
                # A service on a client's port may be a reply itself: only what starts connections for sure is meant.
                starts = entry.services is None or bool((entry.services & TCP_ALONE) - CLIENT_PORTS)
                if entry.rule_action != "allow" or not _certain(entry) or not asked or not starts:
                    continue
                if not _some_pass(Box(entry.addresses, CLIENT_PORTS), returning):
                    text = f"no {back} entry lets replies pass to a port from which a client may call"
                    yield Finding(kind="no-reply", resource=acl.id, line=entry.title, text=text, origin=acl.origin)


def _some_pass(wanted: Box, entries: list[Any]) -> bool:
    """Return whether some of these headers may pass: the first entry that matches decides, one that is not certain may."""
    parts = [wanted]
    for entry in entries:
        box = _box(entry)
        if any(part.meets(box) for part in parts) and (entry.rule_action == "allow" or not _certain(entry)):
            return True
        parts = [piece for part in parts for piece in part.without(box)]
    return False
