"""Whom an edit can touch, and what passes there: what it cuts, and what it opens, is the difference of the two."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from ..ask import couples
from ..invariants.parts import everybody
from ..models.endpoint import Endpoint
from ..models.packet import EVERY_SERVICE, NOTHING, IntervalSet, union
from ..models.snapshot import Snapshot
from ..models.table import Traffic
from ..models.verdict import Verdict
from ..reach import Flows

# Of more pairs only the first are compared: what is told is then cut at least.
MOST_PAIRS = 4_000
Pair = tuple[str, str]


class Touched(msgspec.Struct, frozen=True):
    """What passes at these interfaces; None and "both directions" where the edit does not say more.

    `far` are the addresses, `groups` the groups on the other side; with `internet` it is the internet alone.
    """

    interfaces: tuple[str, ...]
    far: IntervalSet | None = None
    groups: tuple[str, ...] = ()
    traffic: Traffic | None = None
    services: IntervalSet = EVERY_SERVICE
    internet: bool = False


class Passing(msgspec.Struct, frozen=True):
    """What is not surely blocked, by pair; `whole` is False where only the first pairs were looked at."""

    services: dict[Pair, IntervalSet]
    ends: dict[str, Endpoint]
    whole: bool


def passing(world: Snapshot, touched: tuple[Touched, ...]) -> Passing:
    """Return what passes where an edit can have touched it."""
    everyone = {one.id: one for one in everybody(world)}
    found: dict[Pair, IntervalSet] = {}
    whole = True
    for one in touched:
        near = [everyone[id] for id in one.interfaces if id in everyone]
        far = [each for each in everyone.values() if _met(each, one, world)]
        room = max(1, MOST_PAIRS // max(1, len(far)))
        whole = whole and len(near) <= room and len(far) <= MOST_PAIRS
        near, far = near[:room], far[:MOST_PAIRS]
        for sources, targets in _ways(one, near, far):
            flows = Flows(world, sources, targets, one.services, there_only=True)
            for source, target in couples(flows):
                if source.id != target.id:
                    services = _passes(flows, source, target)
                    if services:
                        found[source.id, target.id] = found.get((source.id, target.id), NOTHING) | services
    return Passing(found, everyone, whole)


def _met(end: Endpoint, one: Touched, world: Snapshot) -> bool:
    if one.internet:
        return end.kind == "internet"
    if one.groups:
        interface = world.find("network_interface", end.interface) if end.interface else None
        return interface is not None and bool(set(one.groups) & set(interface.group_ids))
    return one.far is None or bool(end.addresses & one.far)


def _ways(one: Touched, near: list[Endpoint], far: list[Endpoint]) -> Iterator[tuple[list[Endpoint], list[Endpoint]]]:
    if near and far:
        if one.traffic is not Traffic.OUTBOUND:
            yield far, near
        if one.traffic is not Traffic.INBOUND:
            yield near, far


def _passes(flows: Flows, source: Endpoint, target: Endpoint) -> IntervalSet:
    judged = flows.of(source, target)
    if judged.verdict is Verdict.BLOCKED:
        return NOTHING
    return union(one.services for one in judged.found if one.verdict is not Verdict.BLOCKED)
