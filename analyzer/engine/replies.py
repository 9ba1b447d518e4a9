"""How the replies of sets of packets come back: over the same tables, through the sessions that the requests opened."""

from __future__ import annotations

import msgspec

from ..models.component import conditional
from ..models.packet import ICMP, ICMP6, TCP, UDP, IntervalSet, services_of, union
from ..models.rule import rule
from ..models.snapshot import Snapshot
from ..models.table import Action, Arrive, Choose, Direction, Doubt, Drop, Place, Send
from ..models.verdict import Verdict, all_of
from .box import Box, minus_all, refined
from .front import LONGEST_WAY, Asked, Front, Opened, sent, split

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
    judged: list[Judged] = []
    back = Front(place, "", front.sessions)
    asks = [(services, _answers(services, asked.ports)) for services in _alike(box.services - SILENT)]
    answers = Box(box.targets, box.sources, union(_answers(services, REMAPPED) for services, _ in asks))
    homes = _back(world, asked, back, [answers], 0)
    for services, wanted in asks:
        judged.extend(_judged(Box(start.sources, start.targets, services), wanted, homes))
    if front.first_services is None:
        return judged
    return [(Box(part.sources, part.targets, front.first_services), reply, doubts) for part, reply, doubts in judged]


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


@rule(
    "NACL-7",
    says="The client picks its port: a reply must reach every port that it may use; a part of them is conditional.",
    source="https://docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html",
)
def _judged(start: Box, wanted: IntervalSet, homes: list[Home]) -> list[Judged]:
    """Return the parts of the start by the verdict on their replies: all the wanted ports come home, some, or none."""
    found: list[Judged] = []
    left = [start]
    possible = _answers(start.services, REMAPPED)
    verdicts = sorted(
        {(home.verdict, tuple(sorted(home.doubts))) for home in homes}, key=lambda one: (one[0] is not Verdict.REACHABLE, one)
    )
    for verdict, doubts in verdicts:
        mine = [one.box for one in homes if (one.verdict, tuple(sorted(one.doubts))) == (verdict, doubts)]
        cut = [Box(box.targets, box.sources, box.services) & Box(start.sources, start.targets, possible) for box in mine]
        for cell in refined(box for box in cut if box):
            partial = frozenset() if wanted <= cell.services else frozenset((PART_OF_PORTS,))
            kind = all_of((verdict, _sureness(partial)))
            found.append((Box(cell.sources, cell.targets, start.services), kind, frozenset(doubts) | partial))
    judged: list[Judged] = []
    for box, kind, doubts_ in sorted(found, key=lambda one: one[1] is not Verdict.REACHABLE):
        fresh = [part & box for part in left if part & box]
        judged.extend((part, kind, doubts_) for part in fresh)
        left = minus_all(left, [box])
    return judged + [(part, Verdict.BLOCKED, frozenset()) for part in left]


def _back(world: Snapshot, asked: Asked, front: Front, boxes: list[Box], depth: int) -> list[Home]:
    here = front.once_more()
    if depth > LONGEST_WAY or here is None:
        return []
    front = here
    homes: list[Home] = []
    session = front.sessions[-1].session if front.sessions else None
    if session is not None and session.led is not None and front.place == session.caught:
        return _back(world, asked, front.moved(session.led, None), boxes, depth + 1)
    inside, outside = _popped(front, boxes)
    for restored, part, doubts in inside:
        found = _back(world, asked, restored, [part], depth + 1)
        homes.extend(
            msgspec.structs.replace(one, verdict=all_of((one.verdict, _sureness(doubts))), doubts=one.doubts | doubts)
            for one in found
        )
    if outside:
        for action, parts in split(world, front, outside, Direction.REPLY):
            homes.extend(_act_back(world, asked, front, action, parts, depth))
    return homes


def _sureness(doubts: frozenset[Doubt]) -> Verdict:
    return all_of(Verdict(doubt.kind.value) for doubt in doubts)


Restored = tuple[Front, Box, frozenset[Doubt]]


def _popped(front: Front, boxes: list[Box]) -> tuple[list[Restored], list[Box]]:
    """Return the replies that reach a session from outside, with the header of before, and those that do not."""
    if not front.sessions or front.place not in front.sessions[-1].session.outside:
        return [], boxes
    opened = front.sessions[-1]
    rest = front.sessions[:-1]
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
        services, doubts = _ports_inside(opened, mine.services)
        restored = Front(opened.session.inside, front.realm, rest)
        inside.append((restored, Box(sources, targets, services), doubts))
    return inside, outside


def _ports_inside(opened: Opened, services: IntervalSet) -> tuple[IntervalSet, frozenset[Doubt]]:
    """Return the services of the replies inside of a session, with a doubt where only part of the ports outside came back."""
    if not opened.session.remaps_ports:
        return services, frozenset()
    out = services - PORTED
    partial = False
    for protocol in (TCP, UDP):
        came = services & services_of(protocol)
        if came:
            out = out | services_of(protocol, *REMAPPED)
            partial = partial or came != services_of(protocol, *REMAPPED)
    return out, frozenset((PART_OF_PORTS,)) if partial else frozenset()


def _act_back(world: Snapshot, asked: Asked, front: Front, action: Action, boxes: list[Box], depth: int) -> list[Home]:
    if isinstance(action, Drop):
        return []
    if isinstance(action, Choose):
        ways = [_act_back(world, asked, front, one, boxes, depth) for one in action.actions]
        merged = ways[0]
        for way in ways[1:]:
            merged = _homes_of_both(merged, way, action.doubt)
        return merged
    if isinstance(action, Arrive):
        return [Home(box, Verdict.REACHABLE) for box in boxes] if _is_home(world, asked, front, action) else []
    if not isinstance(action, Send):
        return []
    if action.source is None and action.target is None:
        return _back(world, asked, front.moved(action.place, action.realm), boxes, depth + 1)
    return [home for box in boxes for home in _back(world, asked, *sent(front, action, box), depth + 1)]


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
    if front.sessions:
        return False
    if arrive.resource == "unmodelled":
        return True
    interface = world.find("network_interface", arrive.resource)
    if interface is None:
        return arrive.resource == asked.start.place.resource
    return bool(interface.vpc_id == asked.start.realm)
