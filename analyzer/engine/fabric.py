"""How the packets of a whole organisation spread over its tables at once: routes, network ACLs, gateways; groups come at the ends.

Packets are (units, far, services): every packet from one of the units to one of the far addresses on one of the services. All that are
at one place go on together, so that a table is read once for everybody who comes by. What opens a connection of its own, rewrites a
header or depends on a doubt leaves the fabric by an exit, with the action that it met.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import reduce
from operator import or_

import msgspec

from ..models.packet import EVERY_ADDRESS, union
from ..models.snapshot import Snapshot
from ..models.table import INTERNET, Action, Arrive, Direction, Drop, Line, Place, Send, Share, Table
from .packets import Packets, joined, without
from .plan import LAND, Land, Plan
from .units import Units

# The internet answers by ways of its own: who comes there leaves the fabric.
AT_INTERNET = Arrive(INTERNET.resource)
Here = tuple[Place, str]


class Landing(msgspec.Struct, frozen=True):
    """Where packets end: at `resource`, or, where `ordinary`, at whichever ordinary interface of the subnet has the address."""

    resource: str
    realm: str
    ordinary: bool = False


class Exit(msgspec.Struct, frozen=True):
    """What packets meet that the fabric does not follow: the place, the realm of the packets there, and the action."""

    place: Place
    realm: str
    action: Action


class Spread:
    """What became of packets: those that landed, and those that left by an exit."""

    def __init__(self) -> None:
        self.landed: dict[Landing, list[Packets]] = {}
        self.left: dict[Exit, list[Packets]] = {}


class Fabric:
    """The tables of a snapshot, read for sets of units; `ordinary` are the classes of interfaces that do nothing but send and take."""

    def __init__(self, world: Snapshot, units: Units, ordinary: frozenset[str]) -> None:
        self.world = world
        self.units = units
        self.ordinary = ordinary
        self._plans: dict[tuple[Place, Direction], Plan] = {}

    def spread(self, starts: Iterable[tuple[Here, Packets]], direction: Direction) -> Spread:
        """Return where the packets land that start at these places."""
        done = Spread()
        seen: dict[Here, list[Packets]] = {}
        senders: dict[Here, int] = {}
        coming: dict[Here, list[Packets]] = {}
        for here, packets in starts:
            coming.setdefault(here, []).append(packets)
        while coming:
            going: dict[Here, list[Packets]] = {}
            for here, every in coming.items():
                fresh = joined(every)
                near = reduce(or_, [one[0] for one in fresh])
                if here not in seen:
                    seen[here], senders[here] = list(fresh), near
                else:
                    if senders[here] & near:
                        fresh = list(without(fresh, seen[here]))
                    seen[here].extend(fresh)
                    senders[here] |= near
                if fresh:
                    self._pass(here, fresh, direction, going, done)
            coming = going
        return done

    def _pass(
        self, here: Here, packets: list[Packets], direction: Direction, going: dict[Here, list[Packets]], done: Spread
    ) -> None:
        place, realm = here
        plan = self._plan(place, direction)
        for action, part in plan.split(packets, realm, self.units):
            for one in action.actions if isinstance(action, Share) else (action,):
                if isinstance(one, Drop):
                    continue
                if isinstance(one, Land):
                    done.landed.setdefault(Landing(place.resource, realm, ordinary=True), []).extend(part)
                elif isinstance(one, Arrive) and not (one == AT_INTERNET and direction is Direction.REQUEST):
                    done.landed.setdefault(Landing(one.resource, realm), []).extend(part)
                elif isinstance(one, Send) and _goes_on(one, direction):
                    going.setdefault((one.place, realm if one.realm is None else one.realm), []).extend(part)
                else:
                    done.left.setdefault(Exit(place, realm, one), []).extend(part)

    def _plan(self, place: Place, direction: Direction) -> Plan:
        plan = self._plans.get((place, direction))
        if plan is None:
            table = self.world.table(place, direction)
            lines: list[tuple[Line, Action | Land]] = [(line, line.action) for line in table.lines]
            if place.stage == "delivers" and self.world.find("subnet", place.resource) is not None:
                lines = list(self._coarse(table))
            plan = self._plans[place, direction] = Plan(lines)
        return plan

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
