"""How the packets of a whole organisation spread over its tables at once: routes, network ACLs, gateways; groups come at the ends.

Packets are (units, far, services): every packet from one of the units to one of the far addresses on one of the services. All that are
at one place go on together, so that a table is read once for everybody who comes by. What opens a connection of its own, rewrites a
header or depends on a doubt leaves the fabric by an exit, with the action that it met; where `Ways` are given, those who draw this or
that, and those who are remembered, go on by ways of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import reduce
from operator import or_

import msgspec

from ..models.packet import EVERY_ADDRESS, IntervalSet, union
from ..models.snapshot import Snapshot
from ..models.table import INTERNET, Action, Arrive, Choose, Direction, Drop, Line, Place, Send, Share, Table
from .packets import Packets, joined, without
from .plan import LAND, Land, Plan
from .relays import Relay, is_relay, is_shared
from .units import Units
from .ways import FIRST, Ways, is_plain

# The internet answers by ways of its own: who comes there leaves the fabric.
AT_INTERNET = Arrive(INTERNET.resource)
# A place, the realm of the packets there, and their way.
Here = tuple[Place, str, int]
# When stages at both ends of ways have their turn, those between them at 0: in the order in which packets come by.
TURNS = {"sends": -4, "groups out": -3, "leaves": -2, "acl out": -1, "enters": 2, "delivers": 3, "groups in": 4, "receives": 5}


NOWHERE: frozenset[Place] = frozenset()


class Landing(msgspec.Struct, frozen=True):
    """Where packets end: at `resource`, or, where `ordinary`, at whichever ordinary interface of the subnet has the address.

    `way` is the one of `Ways` on which they came.
    """

    resource: str
    realm: str
    ordinary: bool = False
    way: int = FIRST


class Exit(msgspec.Struct, frozen=True):
    """What packets meet that the fabric does not follow: the place, the realm of the packets there, and the action."""

    place: Place
    realm: str
    action: Action


class Spread:
    """What became of packets: those that landed, and those that left by an exit. On the way they wait at places, by turns."""

    def __init__(self, direction: Direction, ways: Ways | None = None) -> None:
        self.direction = direction
        self.ways = ways
        self.landed: dict[Landing, list[Packets]] = {}
        self.left: dict[Exit, list[Packets]] = {}
        # What asks something that makes other connections, by its way.
        self.taken: dict[tuple[Relay, int], list[Packets]] = {}
        self.coming: dict[int, dict[Here, list[Packets]]] = {}


class Fabric:
    """The tables of a snapshot, read for sets of units; `ordinary` are the classes of interfaces that do nothing but send and take.

    `closed` are resources that no request may come to, `closed_back` those that no reply may.
    """

    def __init__(
        self,
        world: Snapshot,
        units: Units,
        ordinary: frozenset[str],
        closed: frozenset[str] = frozenset(),
        closed_back: frozenset[str] = frozenset(),
    ) -> None:
        self.world = world
        self.units = units
        self.ordinary = ordinary
        self._closed = {Direction.REQUEST: closed, Direction.REPLY: closed_back}
        self._plans: dict[tuple[Place, Direction], Plan] = {}
        self._by_table: dict[int, Plan] = {}
        self._lead: dict[tuple[Place, Direction], Place] = {}
        self._turns: dict[Place, int] = {}

    def spread(self, starts: Iterable[tuple[Place, str, Packets]], direction: Direction, ways: Ways | None = None) -> Spread:
        """Return where the packets land that start at these places, on the first of the ways, if any."""
        done = Spread(direction, ways)
        self._begin()
        for place, realm, packets in starts:
            self._queue((place, realm, FIRST), [packets], done)
        return self._spread(done)

    def spread_on(self, met: Iterable[tuple[Exit, list[Packets]]], ways: Ways) -> Spread:
        """Return where requests land that had left the fabric, followed by ways."""
        done = Spread(Direction.REQUEST, ways)
        self._begin()
        for exit, packets in met:
            self._meet(exit.action, (exit.place, exit.realm, FIRST), packets, done)
        return self._spread(done)

    def _begin(self) -> None:
        # VPCs that are alike come to the same sets again and again: each is kept once.
        self._near, self._far = dict[int, int]().setdefault, dict[IntervalSet, IntervalSet]().setdefault

    def _spread(self, done: Spread) -> Spread:
        seen: dict[Here, list[Packets]] = {}
        senders: dict[Here, int] = {}
        while done.coming:
            for here, every in done.coming.pop(min(done.coming)).items():
                fresh = self._kept_once(joined(every))
                near = reduce(or_, [one[0] for one in fresh])
                if here not in seen:
                    seen[here], senders[here] = list(fresh), near
                else:
                    if senders[here] & near:
                        fresh = list(without(fresh, seen[here]))
                    seen[here].extend(fresh)
                    senders[here] |= near
                if fresh:
                    self._pass(here, fresh, done)
        return done

    def _kept_once(self, packets: list[Packets]) -> list[Packets]:
        return [(self._near(near, near), self._far(far, far), services) for near, far, services in packets]

    def _queue(self, here: Here, packets: list[Packets], done: Spread) -> None:
        """Let packets wait at a place until everybody is there who comes by an earlier stage."""
        place, realm, way = here
        watched = done.ways.watched(way) if done.ways is not None else NOWHERE
        place = self._through(place, done.direction, watched)
        while done.ways is not None and (restored := done.ways.restored(way, place)) is not None:
            place, way = restored
            if place.resource in self._closed[done.direction]:
                return
            place = self._through(place, done.direction, done.ways.watched(way))
        done.coming.setdefault(self._turn(place), {}).setdefault((place, realm, way), []).extend(packets)

    def _turn(self, place: Place) -> int:
        """Return when a place has its turn, the lowest number first: the later, the more packets may still come to it."""
        found = self._turns.get(place)
        if found is None:
            found = TURNS.get(place.stage, 0) if not place.via else 0
            if place.stage == "delivers" and self.world.find("subnet", place.resource) is None:
                found = 1  # in a VPC, before it enters a subnet
            self._turns[place] = found
        return found

    def _through(self, place: Place, direction: Direction, watched: frozenset[Place]) -> Place:
        """Return the next place, from this one on, where packets may fare differently: the tables before it send all on as they are.

        Nobody is sent past places that are `watched`.
        """
        found = None if watched else self._lead.get((place, direction))
        if found is None:
            been = [place]
            while been[-1] not in watched and (after := self._onward(been[-1], direction)) is not None and after not in been:
                been.append(after)
            found = been[-1]
            if not watched:
                self._lead.update(((one, direction), found) for one in been)
        return found

    def _onward(self, place: Place, direction: Direction) -> Place | None:
        """Return where a table sends everything as it is; None for one that does more than that."""
        action = self._plan(place, direction).everything
        if not isinstance(action, Send) or action.place.resource in self._closed[direction]:
            return None
        return action.place if action.realm is None and _goes_on(action, direction) else None

    def _pass(self, here: Here, packets: list[Packets], done: Spread) -> None:
        place, realm, _ = here
        for action, mine in self._plan(place, done.direction).split(packets, realm, self.units):
            part = self._kept_once(mine)
            # What is shared out goes several ways at once, and is no part of one unless it ends here.
            apart = isinstance(action, Share) and (done.ways is None or is_shared(action))
            for one in action.actions if isinstance(action, Share) and apart else (action,):
                self._meet(one, here, part, done)

    def _meet(self, action: Action | Land, here: Here, packets: list[Packets], done: Spread) -> None:
        place, realm, way = here
        if isinstance(action, Drop) or (isinstance(action, Send) and action.place.resource in self._closed[done.direction]):
            return
        if isinstance(action, Land):
            done.landed.setdefault(Landing(place.resource, realm, True, way), []).extend(packets)
        elif isinstance(action, Arrive) and self._ends(action, way, done):
            done.landed.setdefault(Landing(action.resource, realm, False, way), []).extend(packets)
        elif isinstance(action, Send) and _goes_on(action, done.direction):
            self._queue((action.place, realm if action.realm is None else action.realm, way), packets, done)
        elif done.ways is not None and done.direction is Direction.REQUEST and is_relay(action):
            done.taken.setdefault((Relay(place, action), way), []).extend(packets)
        elif done.ways is None or not self._part(action, here, packets, done, done.ways):
            done.left.setdefault(Exit(place, realm, action), []).extend(packets)

    def _part(self, action: Action, here: Here, packets: list[Packets], done: Spread, ways: Ways) -> bool:
        """Return whether packets go on by ways of their own that meet an action."""
        place, realm, way = here
        if isinstance(action, Choose):
            fork = ways.fork(way, action)
            for one, onward in zip(action.actions, fork, strict=False):
                self._meet(one, (place, realm, onward), packets, done)
            return bool(fork)
        if not isinstance(action, Send) or action.session is None or not is_plain(action):
            return False
        opened = ways.opened(way, action.session)
        if opened is None:
            return False
        self._queue((action.place, realm if action.realm is None else action.realm, opened), packets, done)
        return True

    def _ends(self, arrive: Arrive, way: int, done: Spread) -> bool:
        """Return whether what arrives has landed, wherever that is: at an interface, where a choice led it there."""
        if done.ways is not None and (done.direction is Direction.REQUEST or done.ways.chosen(way)):
            return self.world.find("network_interface", arrive.resource) is not None
        return arrive != AT_INTERNET or done.direction is Direction.REPLY

    def _plan(self, place: Place, direction: Direction) -> Plan:
        plan = self._plans.get((place, direction))
        if plan is None:
            table = self.world.table(place, direction)
            plan = self._plans[place, direction] = self._made(place, table)
        return plan

    def _made(self, place: Place, table: Table) -> Plan:
        """Return the plan of a table; the same table needs none for each direction."""
        if id(table) not in self._by_table:
            lines: list[tuple[Line, Action | Land]] = [(line, line.action) for line in table.lines]
            if place.stage == "delivers" and self.world.find("subnet", place.resource) is not None:
                lines = list(self._coarse(table))
            self._by_table[id(table)] = Plan(lines)
        return self._by_table[id(table)]

    def _coarse(self, table: Table) -> Iterator[tuple[Line, Action | Land]]:
        """Yield the lines of a subnet's delivery, those of ordinary interfaces as one."""
        plain: list[Line] = []
        for line in table.lines:
            ways = line.action.actions if isinstance(line.action, Share) else (line.action,)
            if all(isinstance(one, Send) and one.place.resource in self.ordinary for one in ways):
                plain.append(line)
                continue
            if line is table.lines[-1] and plain:
                held = None if isinstance(line.action, Drop) else union(one.match.targets or EVERY_ADDRESS for one in plain)
                yield msgspec.structs.replace(plain[0], match=msgspec.structs.replace(plain[0].match, targets=held)), LAND
                if held is None:
                    return
            yield line, line.action


def _goes_on(send: Send, direction: Direction) -> bool:
    """Return whether packets go on as they are; a reply opens no session."""
    remembers = send.session is not None and direction is Direction.REQUEST
    rewrites = send.source is not None or send.target is not None or send.service is not None
    return not (remembers or rewrites or send.realm)
