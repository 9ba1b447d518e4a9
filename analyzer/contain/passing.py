"""What passes to and from some interfaces in a snapshot: surely, perhaps, or nobody knows. What is left out is blocked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from ..engine.box import Box
from ..invariants.parts import Exemption, everybody, left
from ..models.endpoint import Endpoint
from ..models.packet import EVERY_SERVICE, NOTHING, IntervalSet, union
from ..models.snapshot import Snapshot
from ..models.verdict import SURENESS, Verdict, all_of
from ..reach import Flows, Found, Judgement
from ..select import select
from .border import admitted, bearing, speaks_for_itself

Pair = tuple[str, str]


class Flow(msgspec.Struct, frozen=True):
    """Services that pass from one end to another with one verdict; `forensic` for the path that is to stay open."""

    source: Endpoint
    target: Endpoint
    verdict: Verdict
    services: IntervalSet
    forensic: bool = False

    @property
    def pair(self) -> Pair:
        """The ids of its ends."""
        return self.source.id, self.target.id


class Passing(msgspec.Struct, frozen=True):
    """Flows in order; `whole` is False where only the nearest of the other ends were looked at: there may be more."""

    flows: tuple[Flow, ...]
    whole: bool = True

    @property
    def open(self) -> list[Flow]:
        """What passes beside the forensic path."""
        return [one for one in self.flows if not one.forensic]

    @property
    def services(self) -> dict[Pair, IntervalSet]:
        """What is not surely blocked, by pair."""
        found: dict[Pair, IntervalSet] = {}
        for one in self.flows:
            found[one.pair] = found.get(one.pair, NOTHING) | one.services
        return found


def others(world: Snapshot, near: Sequence[Endpoint]) -> list[Endpoint]:
    """Return everything that packets can come from or go to: the ends themselves, their subnets, their VPCs, the internet, the rest."""
    gateways = [one for one in select("any", world) if not one.interface]
    subnets = {_subnet(one, world) for one in near}
    vpcs = {one.vpc for one in near}

    def distance(one: Endpoint) -> int:
        if not one.interface and (one.vpc in vpcs or not one.vpc):
            return 2
        return 0 if _subnet(one, world) in subnets else 1 if one.vpc in vpcs else 3

    return sorted([*everybody(world), *gateways], key=lambda one: (distance(one), one.id))


def _subnet(one: Endpoint, world: Snapshot) -> str:
    interface = world.find("network_interface", one.interface) if one.interface else None
    return interface.subnet_id if interface is not None else ""


def passing(
    world: Snapshot,
    near: Sequence[Endpoint],
    far: Sequence[Endpoint],
    exempt: Sequence[Exemption] = (),
    most: int | None = None,
) -> Passing:
    """Return what passes between some ends and others, both ways, and among the former; what belongs to one host is one.

    `most` is how many of the others are looked at, those that stand first, where no table says that fewer count.
    """
    sends = world.lacks or any(admitted(one, "groups out", world) or not speaks_for_itself(one, world) for one in near)
    senders, takers = bearing(near, far, world), list(far) if sends else []
    whole = most is None or max(len(senders), len(takers)) <= most
    found = dict[tuple[str, str, Verdict, bool], Flow]()
    for sources, targets in ((senders[:most], list(near)), (list(near), takers[:most])):
        for one in _between(world, sources, targets, exempt):
            found[(*one.pair, one.verdict, one.forensic)] = one
    return Passing(tuple(found.values()), whole)


def _between(world: Snapshot, sources: list[Endpoint], targets: list[Endpoint], exempt: Sequence[Exemption]) -> Iterator[Flow]:
    if not (sources and targets):
        return
    flows = Flows(world, sources, targets, EVERY_SERVICE, there_only=True)
    for source in sources:
        for target in targets:
            if source.id != target.id and not _one_host(source, target, world):
                yield from _told(source, target, flows.of(source, target), exempt)


def _one_host(source: Endpoint, target: Endpoint, world: Snapshot) -> bool:
    if not (source.interface and target.interface):
        return False
    one, other = world.owner(source.interface), world.owner(target.interface)
    return one is not None and one is other


def _told(source: Endpoint, target: Endpoint, judged: Judgement, exempt: Sequence[Exemption]) -> Iterator[Flow]:
    if judged.verdict is Verdict.BLOCKED:
        return
    if not judged.found:
        yield Flow(source, target, judged.verdict, EVERY_SERVICE)
        return
    rest = left(source, target, judged.found, exempt) if exempt else list(judged.found)
    yield from _by_verdict(source, target, judged.verdict, rest)
    inside = [(one, box) for one in judged.found for box in _covered(source, target, one, exempt)]
    for verdict in SURENESS[:-1]:
        services = union(box.services for one, box in inside if all_of((one.verdict, judged.verdict)) is verdict)
        if services:
            yield Flow(source, target, verdict, services, forensic=True)


def _covered(source: Endpoint, target: Endpoint, found: Found, exempt: Sequence[Exemption]) -> Iterator[Box]:
    mine = Box(found.piece.box.sources, found.piece.box.targets, found.services)
    for one in exempt:
        box = mine & one.box(source, target, found)
        if box:
            yield box


def _by_verdict(source: Endpoint, target: Endpoint, whole: Verdict, found: Sequence[Found]) -> Iterator[Flow]:
    """Yield each service under the surest verdict that it has."""
    told = NOTHING
    for verdict in SURENESS[:-1]:
        services = union(one.services for one in found if all_of((one.verdict, whole)) is verdict) - told
        told |= services
        if services:
            yield Flow(source, target, verdict, services)


def lost(before: Passing, after: Passing) -> list[tuple[Endpoint, Endpoint, IntervalSet]]:
    """Return what passes before and not after, by pair."""
    now = after.services
    ends = {one.pair: (one.source, one.target) for one in before.flows}
    gone = ((pair, services - now.get(pair, NOTHING)) for pair, services in before.services.items())
    return [(*ends[pair], services) for pair, services in gone if services]
