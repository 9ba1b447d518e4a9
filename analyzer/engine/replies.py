"""How the replies of sets of packets come back: over the same tables, through the sessions that the requests opened."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from ..models.component import conditional
from ..models.packet import ICMP, ICMP6, TCP, UDP, IntervalSet, services_of, union
from ..models.rule import rule
from ..models.snapshot import Snapshot
from ..models.table import TOO_FAR, Action, Arrive, Choose, Direction, Doubt, Place, Send
from ..models.verdict import Verdict, all_of
from .box import Box, coalesced, minus_all, refined
from .front import EVERY, Asked, Front, Opened, met, sent

# The ports from which clients, NAT gateways and load balancers may call, both ends included (NACL-7).
REMAPPED = (1024, 65535)
PORTED = services_of(TCP) | services_of(UDP)
PINGS = services_of(ICMP, 8 << 8, (8 << 8) + 255)
PINGS_V6 = services_of(ICMP6, 128 << 8, (128 << 8) + 255)
PART_OF_PORTS = conditional("replies reach only a part of the ports from which the client may call", "", "NACL-7")
SILENT = (services_of(ICMP) - PINGS) | (services_of(ICMP6) - PINGS_V6)

Judged = tuple[Box, Verdict, frozenset[Doubt]]


def replies(world: Snapshot, asked: Asked, front: Front, place: Place, box: Box, start: Box) -> list[Judged]:
    """Return the boxes of the start whose replies fare alike, with the verdict on the replies."""
    return judged_by(homes(world, asked, front, place, box, {}), asked, front, box, start)


# What came home of replies, by where they started or went on by themselves, with which sessions, as what.
Known = dict[tuple[Place, str, tuple[Opened, ...], Box], list["Home"]]


def homes(world: Snapshot, asked: Asked, front: Front, place: Place, box: Box, known: Known) -> list[Home]:
    """Return the replies to some requests, answered at a place, that come home; `known` is kept between calls for one question."""
    if place.resource in asked.closed_back:
        return []
    answers = union(_answers(services, REMAPPED) for services in _alike((box.services - SILENT) & asked.awaited))
    return _once(world, asked, Front(place, sessions=front.sessions), Box(box.targets, box.sources, answers), known)


def _once(world: Snapshot, asked: Asked, coming: Front, box: Box, known: Known) -> list[Home]:
    """Return the replies of a box that come home, followed once however many ways lead here."""
    key = coming.place, coming.realm, coming.sessions, box
    if key not in known:
        known[key] = _back(world, asked, coming, [box], known)
    return known[key]


def judged_by(came: list[Home], asked: Asked, front: Front, box: Box, start: Box) -> list[Judged]:
    """Return the boxes of the start by the verdict on their replies, of which those `came` home, and maybe others too."""
    judged: list[Judged] = []
    for services in _alike((box.services - SILENT) & asked.awaited):
        judged.extend(_judged(Box(start.sources, start.targets, services), _answers(services, asked.ports), came))
    if front.first_services is not None:
        judged = [(Box(part.sources, part.targets, front.first_services), reply, doubts) for part, reply, doubts in judged]
    return _together(judged)


def _together(judged: list[Judged]) -> list[Judged]:
    """Return the same verdicts in fewer boxes."""
    alike: dict[tuple[Verdict, frozenset[Doubt]], list[Box]] = {}
    for box, verdict, doubts in judged:
        alike.setdefault((verdict, doubts), []).append(box)
    return [(box, verdict, doubts) for (verdict, doubts), boxes in alike.items() for box in coalesced(boxes)]


def _alike(services: IntervalSet) -> list[IntervalSet]:
    """Return the services in parts whose replies are alike: TCP, UDP, each kind of ping, and each other protocol."""
    named = (services_of(TCP), services_of(UDP), PINGS, PINGS_V6)
    parts = [services & one for one in named]
    rest = services - union(named)
    others = sorted({number for low, high in rest for number in range(low >> 16, (high >> 16) + 1)})
    parts.extend(rest & services_of(protocol) for protocol in others)
    return [part for part in parts if part]


def _answers(services: IntervalSet, ports: tuple[int, int]) -> IntervalSet:
    """Return the services of the replies to one part of `_alike`."""
    protocol = services.smallest() >> 16
    if protocol in (TCP, UDP):
        return services_of(protocol, *ports)
    if protocol == ICMP:
        return services_of(ICMP, 0, 0)
    if protocol == ICMP6:
        return services_of(ICMP6, 129 << 8, 129 << 8)
    return services_of(protocol)


class Home(msgspec.Struct, frozen=True):
    """Replies that came home: sources, targets and services as on arrival, and how sure that is."""

    box: Box
    verdict: Verdict
    doubts: frozenset[Doubt] = frozenset()

    def doubted(self, doubts: frozenset[Doubt]) -> Home:
        """Return the replies in some doubts more."""
        return Home(self.box, all_of((self.verdict, _sureness(doubts))), self.doubts | doubts)


@rule(
    "NACL-7",
    says="The client picks its port: a reply must reach every port that it may use; a part of them is conditional.",
    source="https://docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html",
)
def _judged(start: Box, wanted: IntervalSet, homes: list[Home]) -> list[Judged]:
    """Return the parts of the start by the verdict on their replies: all the wanted ports come home, some, or none."""
    limits = Box(start.sources, start.targets, _answers(start.services, REMAPPED))
    cut = [(Box(one.box.targets, one.box.sources, one.box.services) & limits, one) for one in homes]
    cut = [(box, one) for box, one in cut if box]
    judged: list[Judged] = []
    for cell in refined(box for box, _ in cut):
        here = [(box.services, one) for box, one in cut if box.sources & cell.sources and box.targets & cell.targets]
        judged.append((Box(cell.sources, cell.targets, start.services), *_over_ports(here, wanted)))
    return judged + [(part, Verdict.BLOCKED, frozenset()) for part in minus_all([start], [box for box, *_ in judged])]


def _over_ports(came: list[tuple[IntervalSet, Home]], wanted: IntervalSet) -> tuple[Verdict, frozenset[Doubt]]:
    """Return the verdict over replies to different ports; where none of the wanted ones came home, over those to other ports."""
    mine = [one for one in came if one[0] & wanted] or came
    partial = frozenset() if wanted <= union(ports for ports, _ in mine) else frozenset((PART_OF_PORTS,))
    verdict = all_of([*(home.verdict for _, home in mine), _sureness(partial)])
    return verdict, partial.union(*(home.doubts for _, home in mine))


def _back(world: Snapshot, asked: Asked, coming: Front, boxes: list[Box], known: Known) -> list[Home]:
    homes: list[Home] = []
    todo = [(coming, boxes)]
    while todo:
        front, boxes = todo.pop()
        led = next((one.session.led for one in _awaiting(front) if front.place == one.session.caught), None)
        if led is not None:
            if led.resource not in asked.closed_back:
                todo.append((front.moved(led, None), boxes))
            continue
        inside, outside = _popped(asked, front, boxes)
        for restored, part, doubts in inside:
            if restored.place.resource in asked.closed_back:
                continue
            homes.extend(one.doubted(doubts) for one in _once(world, asked, restored, part, known))
        for here, action, parts in met(world, front, outside, Direction.REPLY) if outside else ():
            if isinstance(action, Send):
                todo.extend(_sent_back(asked, here, action, parts))
            else:
                homes.extend(_act_back(world, asked, here, action, parts, known))
    return homes


def _sureness(doubts: frozenset[Doubt]) -> Verdict:
    return all_of(Verdict(doubt.kind.value) for doubt in doubts)


Restored = tuple[Front, Box, frozenset[Doubt]]


def _awaiting(front: Front) -> list[Opened]:
    """Return the sessions that a reply here may belong to: the last one, and those before it as far as it may be gone past."""
    awaiting: list[Opened] = []
    for opened in reversed(front.sessions):
        awaiting.append(opened)
        if opened.session.past is None:
            break
    return awaiting


def _popped(asked: Asked, front: Front, boxes: list[Box]) -> tuple[list[Restored], list[Box]]:
    """Return the replies that reach a session from outside, with the header of before, and those that do not.

    Wherever they reach it, what remembers it sees them: a firewall at the endpoint of another zone.
    """
    inside: list[Restored] = []
    for number, opened in enumerate(_awaiting(front)):
        if front.place in opened.session.outside:
            at = len(front.sessions) - 1 - number
            rest = front.sessions[:at] + front.sessions[at + 1 :]
            came, boxes = _through(opened, rest, front, boxes)
            if opened.session.outside[0].resource not in asked.closed_back:
                inside.extend(came)
    return inside, boxes


def _through(opened: Opened, rest: tuple[Opened, ...], front: Front, boxes: list[Box]) -> tuple[list[Restored], list[Box]]:
    """Return the replies that one session awaits, with the header of before and the sessions that are left, and the others."""
    rewritten_source = opened.after[0] != opened.before[0]
    rewritten_target = opened.after[1] != opened.before[1]
    inside: list[Restored] = []
    outside: list[Box] = []
    for box in refined(boxes):
        mine = Box(box.sources & opened.after[1], box.targets & opened.after[0], box.services)
        outside.extend(box.minus(mine) if mine else (box,))
        if not mine:
            continue
        sources = opened.before[1] if rewritten_target else mine.sources
        targets = opened.before[0] if rewritten_source else mine.targets
        restored = Front(opened.session.inside, front.realm, rest, length=front.length)
        for services, doubts in _ports_inside(opened, mine.services):
            inside.append((restored, Box(sources, targets, services), doubts))
    return inside, outside


def _ports_inside(opened: Opened, services: IntervalSet) -> Iterator[tuple[IntervalSet, frozenset[Doubt]]]:
    """Yield the services of the replies inside of a session, with a doubt where only part of the ports outside came back."""
    if not opened.session.remaps_ports:
        yield services, frozenset()
        return
    if services - PORTED:
        yield services - PORTED, frozenset()
    for protocol in (TCP, UDP):
        came, every = services & services_of(protocol), services_of(protocol, *REMAPPED)
        if came:
            yield every, frozenset() if came == every else frozenset((PART_OF_PORTS,))


def _act_back(world: Snapshot, asked: Asked, front: Front, action: Action, boxes: list[Box], known: Known) -> list[Home]:
    if action is TOO_FAR:
        return [Home(Box(*EVERY), Verdict.UNKNOWN, frozenset((TOO_FAR.doubt,)))]
    if isinstance(action, Choose):
        ways = [_act_back(world, asked, front, one, boxes, known) for one in action.actions]
        merged = ways[0]
        for way in ways[1:]:
            merged = _homes_of_both(merged, way, action.doubt)
        return merged
    if isinstance(action, Send):
        onward = _sent_back(asked, front, action, boxes)
        return [home for moved, parts in onward for home in _back(world, asked, moved, parts, known)]
    if not isinstance(action, Arrive) or not _is_home(world, asked, front, action):
        return []
    doubts = frozenset(one.session.past for one in front.sessions if one.session.past is not None)
    return [Home(box, _sureness(doubts), doubts) for box in boxes]


def _sent_back(asked: Asked, front: Front, action: Send, boxes: list[Box]) -> list[tuple[Front, list[Box]]]:
    """Return where replies are after a send; nowhere where none may pass."""
    return [] if action.place.resource in asked.closed_back else sent(front, action.unopened(), boxes)


def _homes_of_both(left: list[Home], right: list[Home], doubt: Doubt) -> list[Home]:
    out = []
    for one in left:
        for other in right:
            part = one.box & other.box
            if part:
                out.append(Home(part, all_of((one.verdict, other.verdict)), one.doubts | other.doubts))
    for mine, theirs in ((left, right), (right, left)):
        for home in mine:
            for box in minus_all([home.box], [one.box for one in theirs]):
                out.append(Home(box, all_of((home.verdict, Verdict(doubt.kind.value))), home.doubts | {doubt}))
    return out


def _is_home(world: Snapshot, asked: Asked, front: Front, arrive: Arrive) -> bool:
    if any(one.session.past is None for one in front.sessions):
        return False
    if arrive.resource == "unmodelled":
        return True
    interface = world.find("network_interface", arrive.resource)
    if interface is None:
        return arrive.resource == asked.start.place.resource
    return bool(interface.vpc_id == asked.start.realm)
