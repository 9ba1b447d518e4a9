"""Which flows an invariant is about, and which of them it leaves out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from ..engine.box import Box, minus_all
from ..models.endpoint import Endpoint
from ..models.packet import EVERY_SERVICE, IntervalSet, union
from ..models.service import parse_services
from ..models.snapshot import Snapshot
from ..reach import Found
from ..select import select
from ..sources import networks_outside
from .model import Ignore, Part


class Side(msgspec.Struct, frozen=True):
    """One end of what is left out: interfaces by id, and addresses whoever owns them."""

    ids: frozenset[str]
    addresses: IntervalSet
    interfaces: tuple[Endpoint, ...]

    def of_source(self, source: Endpoint, found: Found) -> IntervalSet:
        """Return the sources of a piece that are on this side."""
        sources = found.piece.box.sources
        if source.id in self.ids:
            return sources
        here = self.addresses
        if not source.interface and found.start.realm:
            here |= union(one.addresses for one in self.interfaces if one.vpc == found.start.realm)
        return sources & here

    def of_target(self, target: Endpoint, found: Found) -> IntervalSet:
        """Return the targets of a piece, as they were sent to, that are on this side.

        What something passed on was sent to other addresses than the target's own, and only the target itself counts.
        """
        targets = found.piece.box.targets
        if target.id in self.ids:
            return targets
        own = targets & target.addresses if found.piece.finally_to is not None else targets
        return own & self.addresses if found.piece.finally_on is None else IntervalSet()

    def holds(self, endpoint: Endpoint) -> bool:
        """Return whether a whole endpoint is on this side."""
        return endpoint.id in self.ids or (bool(endpoint.addresses) and endpoint.addresses <= self.addresses)


class Exemption(msgspec.Struct, frozen=True):
    """Flows that an invariant leaves out; a side that is None is everybody. `ignore` where it is for a time only."""

    source: Side | None
    target: Side | None
    services: IntervalSet
    ignore: Ignore | None = None

    def covers(self, source: Endpoint, target: Endpoint) -> bool:
        """Return whether it is about all packets of a pair, on its services."""
        return all(side is None or side.holds(one) for side, one in ((self.source, source), (self.target, target)))

    def box(self, source: Endpoint, target: Endpoint, found: Found) -> Box:
        """Return the part of a piece that is left out."""
        box = found.piece.box
        return Box(
            box.sources if self.source is None else self.source.of_source(source, found),
            box.targets if self.target is None else self.target.of_target(target, found),
            self.services,
        )


def left(source: Endpoint, target: Endpoint, found: Iterable[Found], exempt: Sequence[Exemption]) -> list[Found]:
    """Return what remains of the pieces of a pair; services are those that arrive."""
    kept: list[Found] = []
    for one in found:
        box = Box(one.piece.box.sources, one.piece.box.targets, one.services)
        for part in minus_all([box], [each.box(source, target, one) for each in exempt]):
            kept.append(part_of(one, part))
    return kept


def part_of(found: Found, part: Box) -> Found:
    """Return the piece for the packets of a part, whose services are those of arrival."""
    piece = found.piece
    if piece.finally_on is None:
        return Found(found.start, piece.within(part))
    sent = Box(part.sources, part.targets, piece.box.services)
    return Found(found.start, msgspec.structs.replace(piece.within(sent), finally_on=part.services))


# ---------------------------------------------------------------------- selectors
def selected(texts: Sequence[str], world: Snapshot) -> list[Endpoint]:
    """Return the endpoints of all the selectors, each once; raises QuestionError for one that names nothing."""
    found: dict[tuple[str, str], Endpoint] = {}
    for text in texts:
        found.update({(one.kind, one.id): one for one in select(text, world)})
    return list(found.values())


def side(endpoints: Sequence[Endpoint]) -> Side:
    """Return a side of these endpoints."""
    interfaces = tuple(one for one in endpoints if one.interface)
    addresses = union(one.addresses for one in endpoints if one.kind in ("address", "internet"))
    return Side(frozenset(one.id for one in endpoints), addresses, interfaces)


def exemption(part: Part, world: Snapshot, ignore: Ignore | None = None) -> Exemption:
    """Return a part of the flows as an exemption."""
    sides = [None if texts is None else side(selected(texts, world)) for texts in (part.source, part.target)]
    return Exemption(sides[0], sides[1], parse_services(part.on or ""), ignore)


def everybody(world: Snapshot) -> list[Endpoint]:
    """Return everything that packets can come from: each interface, the internet, and the networks behind VPNs and the like."""
    inside = [one for one in select("any", world) if one.interface]
    return [*inside, *select("internet", world), *networks_outside(world)]


def services(on: str | None) -> IntervalSet:
    """Return the services of an `on`, every one where it is left out."""
    return parse_services(on) if on else EVERY_SERVICE
