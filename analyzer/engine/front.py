"""Packets under way as sets: where they are, what they were at the start, and the step from one table to the next."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from ..models.packet import EVERY_ADDRESS, EVERY_SERVICE, IntervalSet, only, union
from ..models.snapshot import Snapshot
from ..models.table import ANYWHERE, TOO_FAR, Action, Arrive, Direction, Drop, Place, Send, Session
from .box import Box, coalesced, minus_all

LONGEST_WAY = 1000
# Sources, targets and services; None for a side of which something else is told.
Sides = tuple[IntervalSet | None, IntervalSet | None, IntervalSet | None]
EVERY = (EVERY_ADDRESS, EVERY_ADDRESS, EVERY_SERVICE)


class Opened(msgspec.Struct, frozen=True):
    """A session that requests opened: sources and targets before and after the translation."""

    session: Session
    before: tuple[IntervalSet, IntervalSet]
    after: tuple[IntervalSet, IntervalSet]


class Been(msgspec.Struct, frozen=True):
    """Packets that were at a place: as they were at the start, and what was rewritten of them by then.

    `now` are source, target and service where they were not those of the start any more.
    """

    first: tuple[Box, ...]
    now: Sides

    def less(self, boxes: list[Box]) -> Been:
        """Return those of them that are in none of the boxes, which tell packets as they were at the start."""
        return Been(tuple(minus_all(self.first, boxes)), self.now) if boxes else self

    def again(self, now: Sides) -> list[Box]:
        """Return those of them, as they were at the start, that have the header again that they had here, after all rewriting."""
        sides = list(EVERY)
        for number, (then, side) in enumerate(zip(self.now, now, strict=True)):
            if then is not None and then != side:
                return []
            if then is None and side is not None:
                sides[number] = side  # rewritten since, to what it was at the start
        return [both for box in self.first if (both := box & Box(*sides))]


class Front(msgspec.Struct, frozen=True):
    """Packets that are at one place in one condition, and the sources, targets and services that they had at the start.

    `first_sources`, `first_targets` and `first_services` are None while the packets still carry them. `been` says which packets
    were at a place, in a realm, since they have the sessions that they have; `length` counts the steps of the way.
    """

    place: Place
    realm: str = ""
    sessions: tuple[Opened, ...] = ()
    first_sources: IntervalSet | None = None
    first_targets: IntervalSet | None = None
    first_services: IntervalSet | None = None
    been: dict[tuple[Place, str], tuple[Been, ...]] = {}
    length: int = 0

    def moved(self, place: Place, realm: str | None) -> Front:
        """Return the front at another place, in another realm unless that is None."""
        return msgspec.structs.replace(self, place=place, realm=self.realm if realm is None else realm)

    def first(self, box: Box) -> Box:
        """Return the packets of a box as they were at the start."""
        return Box(self.first_sources or box.sources, self.first_targets or box.targets, self.first_services or box.services)

    def rewritten(self, box: Box) -> Sides:
        """Return what the packets of a box have in place of what they had at the start."""
        return (
            None if self.first_sources is None else box.sources,
            None if self.first_targets is None else box.targets,
            None if self.first_services is None else box.services,
        )

    def fresh(self, boxes: list[Box]) -> list[tuple[Front, list[Box]]]:
        """Return the packets that were not here before as they are now, with this place noted: the others go round in circles."""
        here = (self.place, self.realm)
        before = self.been.get(here, ())
        been = {**self.been, here: (*before, self.told(boxes))}
        return msgspec.structs.replace(self, been=been, length=self.length + 1).without(before, boxes)

    def told(self, boxes: list[Box]) -> Been:
        """Return which packets are here, and as what."""
        return Been(tuple(self.first(box) for box in boxes), self.rewritten(boxes[0]))

    def without(self, others: Iterable[Been], boxes: list[Box]) -> list[tuple[Front, list[Box]]]:
        """Return the packets less those others that have the same header now."""
        others = list(others)
        if not others:
            return [(self, boxes)]
        here = self.told(boxes)
        fronts: dict[Sides, list[Box]] = {}
        for box in minus_all(here.first, [one for other in others for one in other.again(here.now)]):
            kept, as_now = _sides(box, here.now)
            fronts.setdefault(kept, []).append(as_now)
        return [(self.with_first(kept), coalesced(parts)) for kept, parts in fronts.items()]

    def with_first(self, kept: Sides) -> Front:
        """Return the front for those packets that had this at the start, where they have something else now."""
        sources, targets, services = kept
        return msgspec.structs.replace(self, first_sources=sources, first_targets=targets, first_services=services)


def _sides(first: Box, now: Sides) -> tuple[Sides, Box]:
    """Return, of packets as they were at the start, what was rewritten since, and the packets as they are now."""
    sources, targets, services = now
    kept = (sources and first.sources, targets and first.targets, services and first.services)
    return kept, Box(sources or first.sources, targets or first.targets, services or first.services)


class Asked(msgspec.Struct, frozen=True):
    """Who asks: the realm and place of the sources, and the ports from which they call, both ends included.

    `awaited` are the services of which replies are looked at; others count as if nothing answered them. `arrivals` are the only ones
    that are asked for, beside those at nobody knows whom; None for all. `closed` are resources at which requests are left out,
    `closed_back` those at which replies are.
    """

    start: Front
    ports: tuple[int, int]
    awaited: IntervalSet = EVERY_SERVICE
    arrivals: frozenset[str] | None = None
    closed: frozenset[str] = frozenset()
    closed_back: frozenset[str] = frozenset()

    def counts(self, arrive: Arrive) -> bool:
        """Return whether an arrival is asked for."""
        return self.arrivals is None or arrive.resource in self.arrivals or arrive.resource.startswith(ANYWHERE)


Met = tuple[Front, Action, list[Box]]


def met(world: Snapshot, coming: Front, boxes: list[Box], direction: Direction) -> list[Met]:
    """Return what packets meet that come to a place, those left out that go round in circles or are dropped."""
    if coming.length >= LONGEST_WAY:
        return [(coming, TOO_FAR, boxes)]
    found: list[Met] = []
    for front, fresh in coming.fresh(boxes):
        found.extend((front, action, parts) for action, parts in split(world, front, fresh, direction))
    return found


def split(world: Snapshot, front: Front, boxes: list[Box], direction: Direction) -> list[tuple[Action, list[Box]]]:
    """Return each action of the table that stands here with the packets that meet it."""
    table = world.table(front.place, direction)
    left = list(boxes)
    met: dict[Action, list[Box]] = {}
    for line in table.within(union(box.targets for box in boxes)):
        if line.match.realms is not None and front.realm not in line.match.realms:
            continue
        kept: list[Box] = []
        for box in left:
            part = box.matching(line.match)
            if part:
                met.setdefault(line.action, []).append(part)
                kept.extend(box.minus(part))
            else:
                kept.append(box)
        left = kept
        if not left:
            break
    return [(action, coalesced(parts)) for action, parts in met.items() if not isinstance(action, Drop)]


def sent(front: Front, send: Send, boxes: list[Box]) -> list[tuple[Front, list[Box]]]:
    """Return where packets are after a send, and as what.

    A rewritten side no longer tells what it was: each box goes on by itself, with what it was before at its side.
    """
    if send.source is None and send.target is None and send.service is None and send.session is None:
        return [(front.moved(send.place, send.realm), boxes)]
    return [_rewritten(front, send, box) for box in boxes]


def _rewritten(front: Front, send: Send, box: Box) -> tuple[Front, list[Box]]:
    sources = box.sources if send.source is None else only(send.source)
    targets = box.targets if send.target is None else only(send.target)
    sessions = front.sessions
    if send.session is not None:
        sessions = (*sessions, Opened(send.session, (box.sources, box.targets), (sources, targets)))
    moved = Front(
        send.place,
        front.realm if send.realm is None else send.realm,
        sessions,
        front.first_sources if send.source is None or front.first_sources is not None else box.sources,
        front.first_targets if send.target is None or front.first_targets is not None else box.targets,
        front.first_services if send.service is None or front.first_services is not None else box.services,
        front.been,
        front.length,
    )
    return moved, [Box(sources, targets, box.services if send.service is None else only(send.service))]
