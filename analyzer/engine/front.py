"""Packets under way as sets: where they are, what they were at the start, and the step from one table to the next."""

from __future__ import annotations

import msgspec

from ..models.packet import EVERY_SERVICE, IntervalSet, only, union
from ..models.snapshot import Snapshot
from ..models.table import ROUTED, Action, Direction, Drop, Place, Send, Session
from .box import Box, coalesced

LONGEST_WAY = 64


class Opened(msgspec.Struct, frozen=True):
    """A session that requests opened: sources and targets before and after the translation."""

    session: Session
    before: tuple[IntervalSet, IntervalSet]
    after: tuple[IntervalSet, IntervalSet]


class Front(msgspec.Struct, frozen=True):
    """Packets that are at one place in one condition, and the sources, targets and services that they had at the start.

    `first_sources`, `first_targets` and `first_services` are None while the packets still carry them.
    """

    place: Place
    realm: str = ""
    sessions: tuple[Opened, ...] = ()
    first_sources: IntervalSet | None = None
    first_targets: IntervalSet | None = None
    first_services: IntervalSet | None = None
    routed: frozenset[Place] = frozenset()

    def moved(self, place: Place, realm: str | None) -> Front:
        """Return the front at another place, in another realm unless that is None."""
        return msgspec.structs.replace(self, place=place, realm=self.realm if realm is None else realm)

    def once_more(self) -> Front | None:
        """Return the front with this place noted, if route tables sent it here; None when it was sent here before."""
        if self.place.stage != ROUTED:
            return self
        return None if self.place in self.routed else msgspec.structs.replace(self, routed=self.routed | {self.place})


class Asked(msgspec.Struct, frozen=True):
    """Who asks: the realm and place of the sources, and the ports from which they call, both ends included.

    `awaited` are the services of which replies are looked at; others count as if nothing answered them.
    """

    start: Front
    ports: tuple[int, int]
    awaited: IntervalSet = EVERY_SERVICE


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


def sent(front: Front, send: Send, box: Box) -> tuple[Front, list[Box]]:
    """Return where a box is after a send that rewrites a side or opens a session, and the box as it is then."""
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
        front.routed,
    )
    return moved, [Box(sources, targets, box.services if send.service is None else only(send.service))]
