"""How sets of packets spread over the tables, until they arrive or are dropped."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from ..models.packet import IntervalSet, union
from ..models.snapshot import Snapshot
from ..models.table import ANYWHERE, LOST, SOMEWHERE, Action, Arrive, Choose, Direction, Doubt, Place, Send, Share
from ..models.verdict import Verdict, all_of
from .box import Box, minus_all
from .front import Asked, Been, Front, Met, met, sent
from .replies import SILENT, Home, Judged, Known, homes, judged_by


class Piece(msgspec.Struct, frozen=True):
    """Packets, as they were at the start, that arrive at `arrival`, and what becomes of their replies.

    `finally_from`, `finally_to` and `finally_on` are source, target and service on arrival; None while they are those of the start.
    `reply` is None for what nothing answers. Where a choice gives them one of several sources, `finally_from` has all. `remapped` says
    whether something chose the port from which they come; None where that depends on a choice.
    """

    box: Box
    arrival: str
    finally_to: IntervalSet | None
    forward: Verdict
    reply: Verdict | None
    finally_on: IntervalSet | None = None
    doubts: frozenset[Doubt] = frozenset()
    finally_from: IntervalSet | None = None
    remapped: bool | None = False

    @property
    def end(self) -> tuple[str, IntervalSet | None, IntervalSet | None]:
        """Where and as what the packets arrive: pieces of one end are the same outcome."""
        return self.arrival, self.finally_to, self.finally_on

    def within(self, part: Box) -> Piece:
        """Return the piece with the packets of `part` only."""
        return msgspec.structs.replace(self, box=part)


# Which packets a choice led nowhere, by the place and realm in which they met it.
Dead = list[tuple[Place, str, Action, Been]]


def spread(world: Snapshot, asked: Asked, box: Box) -> list[Piece]:
    """Return the pieces of the box that arrive anywhere; what is in none of them is blocked."""
    return _spread(world, asked, met(world, asked.start, [box], Direction.REQUEST), [], {})


def act(world: Snapshot, asked: Asked, front: Front, action: Action, boxes: list[Box]) -> list[Piece]:
    """Return the pieces of what has met an action on its way already."""
    return _spread(world, asked, [(front, action, boxes)], [], {})


def _spread(world: Snapshot, asked: Asked, todo: list[Met], dead: Dead, known: Known) -> list[Piece]:
    found: list[Piece | Arrival] = []
    while todo:
        front, action, boxes = todo.pop()
        if isinstance(action, Choose | Share):
            found.extend(_chosen(world, asked, front, action, boxes, dead, known))
        elif isinstance(action, Arrive) and asked.counts(action):
            found.extend((front, action, box) for box in boxes)
        elif isinstance(action, Send):
            if action.place.resource in asked.closed:
                continue
            for moved, parts in reversed(sent(front, action, boxes)):
                todo.extend(reversed(met(world, moved, parts, Direction.REQUEST)))
    answers = Answers(world, asked, (one for one in found if not isinstance(one, Piece)), known)
    return [each for one in found for each in ((one,) if isinstance(one, Piece) else _arrived(world, asked, one, answers))]


def _chosen(
    world: Snapshot, asked: Asked, coming: Front, action: Choose | Share, boxes: list[Box], dead: Dead, known: Known
) -> list[Piece]:
    """Return the pieces over alternatives, each packet tried once where they lead it nowhere: or circles would multiply."""
    pieces: list[Piece] = []
    tried = [been for place, realm, one, been in dead if one is action and (place, realm) == (coming.place, coming.realm)]
    for front, parts in coming.without(tried, boxes):
        since = len(dead)
        ways = [_spread(world, asked, [(front, one, parts)], dead, known) for one in action.actions]
        found = _merged(ways, action.doubt) if isinstance(action, Choose) else [piece for way in ways for piece in way]
        pieces.extend(found)
        # What led nowhere but back to a place before this one may lead on from there, if anything did from here.
        arrived = [one.box for one in found]
        nowhere = [*dead[since:], (front.place, front.realm, action, front.told(parts))]
        left = [(place, realm, one, been.less(arrived)) for place, realm, one, been in nowhere]
        dead[since:] = [one for one in left if one[3].first]
    return pieces


def _merged(ways: list[list[Piece]], doubt: Doubt) -> list[Piece]:
    """Return the pieces over alternatives of which nobody knows which happens: alike in all is certain, else in doubt."""
    merged = ways[0]
    for way in ways[1:]:
        merged = _both(merged, way, doubt)
    return merged


def _both(left: list[Piece], right: list[Piece], doubt: Doubt) -> list[Piece]:
    """Return the pieces over two alternatives; each arrival is judged by itself, what arrives elsewhere does not arrive there."""
    out: list[Piece] = []
    for one in left:
        for other in right:
            part = one.box & other.box if one.end == other.end else None
            if part:
                out.append(_agreed(one.within(part), other.within(part), doubt))
    for mine, theirs in ((left, right), (right, left)):
        for piece in mine:
            rest = minus_all([piece.box], [one.box for one in theirs if one.end == piece.end])
            out.extend(_doubted(piece.within(box), doubt) for box in rest)
    return out


def _doubted(piece: Piece, doubt: Doubt) -> Piece:
    verdict = all_of((piece.forward, Verdict(doubt.kind.value)))
    return msgspec.structs.replace(piece, forward=verdict, doubts=piece.doubts | {doubt})


def _agreed(one: Piece, other: Piece, doubt: Doubt) -> Piece:
    forward = all_of((one.forward, other.forward))
    reply = one.reply if one.reply == other.reply else _reply_in_doubt(one.reply, other.reply, doubt)
    doubts = one.doubts | other.doubts
    told = doubts if forward is Verdict.REACHABLE and reply == one.reply == other.reply else doubts | {doubt}
    sources = None if one.finally_from is None or other.finally_from is None else one.finally_from | other.finally_from
    remapped = one.remapped if one.remapped is other.remapped else None
    return msgspec.structs.replace(one, forward=forward, reply=reply, doubts=told, finally_from=sources, remapped=remapped)


def _reply_in_doubt(one: Verdict | None, other: Verdict | None, doubt: Doubt) -> Verdict | None:
    verdicts = [verdict for verdict in (one, other) if verdict is not None]
    passing = [verdict for verdict in verdicts if verdict is not Verdict.BLOCKED]
    if not passing:
        return Verdict.BLOCKED if verdicts else None
    return all_of(passing if len(passing) == len(verdicts) else [*passing, Verdict(doubt.kind.value)])


# Packets that arrive, with where they are and what they were.
Arrival = tuple[Front, Arrive, Box]


class Answers:
    """The replies to packets that arrived: what is answered at one place by the same sessions, whatever came, is followed once."""

    def __init__(self, world: Snapshot, asked: Asked, arrivals: Iterable[Arrival], known: Known) -> None:
        self._world = world
        self._asked = asked
        self._came: dict[tuple[object, ...], list[Box]] = {}
        for front, arrive, box in arrivals:
            self._came.setdefault((answering(world, arrive), front.sessions), []).append(box)
        self._homes: dict[tuple[object, ...], list[Home]] = {}
        self._known = known

    def to(self, arrival: Arrival, place: Place, start: Box) -> list[Judged]:
        """Return the parts of the start by what becomes of the replies to an arrival, answered at a place."""
        front, _, box = arrival
        key = place, front.sessions
        if key not in self._homes:
            boxes = self._came[key]
            every = Box(*(union(getattr(one, side) for one in boxes) for side in ("sources", "targets", "services")))
            self._homes[key] = homes(self._world, self._asked, front, place, every, self._known)
        return judged_by(self._homes[key], self._asked, front, box, start)


def answering(world: Snapshot, arrive: Arrive) -> Place | None:
    """Return the place where replies of what arrives start; None where they come back whatever filters say."""
    component = world.at(arrive.resource)
    return component.answers_from(world) if component is not None else None


def _at_once(arrive: Arrive) -> Verdict:
    """Return whether replies come home, past what they must not pass, of which no way is known: those of nobody knows whom may."""
    return Verdict.UNKNOWN if arrive.resource.startswith(ANYWHERE) or arrive.resource == SOMEWHERE.resource else Verdict.BLOCKED


def _arrived(world: Snapshot, asked: Asked, arrival: Arrival, answers: Answers) -> Iterable[Piece]:
    """Yield the packets that arrive, cut where their replies fare differently."""
    front, arrive, box = arrival
    start = msgspec.structs.replace(front.first(box), services=box.services)
    finally_on = None if front.first_services is None else box.services
    finally_to = None if front.first_targets is None else box.targets
    finally_from = None if front.first_sources is None else box.sources
    remapped = any(one.session.remaps_ports for one in front.sessions)
    place = answering(world, arrive)
    answered = (box.services - SILENT) & asked.awaited
    lost = asked.start.place == SOMEWHERE or any(one.session == LOST for one in front.sessions)
    at_once = _at_once(arrive) if asked.closed_back else Verdict.REACHABLE
    for services, verdict in ((box.services - answered, None), (answered, Verdict.UNKNOWN if lost else at_once)):
        if services and (verdict is None or place is None or lost):
            first = Box(start.sources, start.targets, front.first_services or services)
            doubts: frozenset[Doubt] = frozenset()
            yield Piece(
                first, arrive.resource, finally_to, Verdict.REACHABLE, verdict, finally_on, doubts, finally_from, remapped
            )
    if answered and place is not None and not lost:
        for part, reply, doubts in answers.to(arrival, place, start):
            yield Piece(part, arrive.resource, finally_to, Verdict.REACHABLE, reply, finally_on, doubts, finally_from, remapped)
