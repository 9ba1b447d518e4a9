"""How the packets of a whole organisation spread over its tables at once: routes, network ACLs, gateways; groups come at the ends.

Packets are (units, far, services): every packet from one of the units to one of the far addresses on one of the services. All that are
at one place go on together, so that a table is read once for everybody who comes by. What opens a connection of its own, rewrites a
header or depends on a doubt leaves the fabric by an exit, with the action that it met.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator

import msgspec

from ..models.packet import END_OF_ADDRESSES, EVERY_ADDRESS, IntervalSet, union
from ..models.snapshot import Snapshot
from ..models.table import INTERNET, Action, Arrive, Direction, Drop, Line, Place, Send, Share, Table
from .units import Units

Packets = tuple[int, IntervalSet, IntervalSet]
# The realm of packets whose source is an address of the VPC that its unit is in.
OWN = "own"
# The internet answers by ways of its own: who comes there leaves the fabric.
AT_INTERNET = Arrive(INTERNET.resource)
Here = tuple[Place, str]
MANY = 12


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
        coming: dict[Here, list[Packets]] = {}
        for here, packets in starts:
            coming.setdefault(here, []).append(packets)
        while coming:
            going: dict[Here, list[Packets]] = {}
            for here, every in coming.items():
                fresh = joined(every)
                if here in seen:
                    fresh = list(_without(fresh, seen[here]))
                if fresh:
                    seen.setdefault(here, []).extend(fresh)
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
            lines = [(line, line.action) for line in table.lines]
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


class Land(msgspec.Struct, frozen=True):
    """Delivered to whichever ordinary interface of the subnet has the address."""


LAND = Land()


class Plan:
    """A table made ready for many packets: where its lines are about targets alone, which action each stretch of addresses meets."""

    def __init__(self, lines: list[tuple[Line, Action | Land]]) -> None:
        self._lines = lines
        self._starts: list[int] = []
        self._actions: list[Action | Land] = []
        matches = [line.match for line, _ in lines]
        self._by_target = all(one.sources is None and one.services is None and one.realms is None for one in matches)
        if self._by_target and len(lines) > 1:
            self._index()

    def _index(self) -> None:
        """Cut the line of addresses where another action begins."""
        borders = {border for line, _ in self._lines for low, high in line.match.targets or () for border in (low, high + 1)}
        self._starts = sorted({0, *borders} - {END_OF_ADDRESSES + 1})
        chosen: list[Action | Land | None] = [None] * len(self._starts)
        free = list(range(len(self._starts) + 1))  # the next stretch, from here on, that no line before is about

        def next_free(at: int) -> int:
            while free[at] != at:
                free[at] = free[free[at]]
                at = free[at]
            return at

        for line, action in self._lines:
            for low, high in line.match.targets if line.match.targets is not None else EVERY_ADDRESS:
                at = next_free(bisect_right(self._starts, low) - 1)
                while at < len(self._starts) and self._starts[at] <= high:
                    chosen[at], free[at] = action, at + 1
                    at = next_free(at + 1)
        self._actions = [one for one in chosen if one is not None]
        assert len(self._actions) == len(self._starts), "the last line of a table matches everything"

    def split(self, packets: list[Packets], realm: str, units: Units) -> list[tuple[Action | Land, list[Packets]]]:
        """Return each action of the table with the packets that meet it."""
        if len(self._lines) == 1 and self._by_target:
            return [(self._lines[0][1], packets)]
        if self._starts:
            return self._by_stretch(packets)
        return self._by_line(packets, realm, units)

    def _by_stretch(self, packets: list[Packets]) -> list[tuple[Action | Land, list[Packets]]]:
        met: dict[int, tuple[Action | Land, list[Packets]]] = {}
        for near, far, services in packets:
            parts: dict[int, tuple[Action | Land, list[tuple[int, int]]]] = {}
            for low, high in far:
                at = bisect_right(self._starts, low) - 1
                while low <= high:
                    end = self._starts[at + 1] - 1 if at + 1 < len(self._starts) else high
                    action = self._actions[at]
                    if not isinstance(action, Drop):
                        parts.setdefault(id(action), (action, []))[1].append((low, min(end, high)))
                    low, at = end + 1, at + 1
            for key, (action, found) in parts.items():
                met.setdefault(key, (action, []))[1].append((near, IntervalSet(found), services))
        return list(met.values())

    def _by_line(self, packets: list[Packets], realm: str, units: Units) -> list[tuple[Action | Land, list[Packets]]]:
        met: list[tuple[Action | Land, list[Packets]]] = []
        left = packets
        for line, action in self._lines:
            if not left:
                break
            match = line.match
            among = -1
            if match.realms is not None:
                if realm != OWN and realm not in match.realms:
                    continue
                among = -1 if realm != OWN else _of(units, match.realms)
            if among == 0:
                continue
            mine: list[Packets] = []
            kept: list[Packets] = []
            for near, far, services in left:
                some = near & among if match.sources is None else units.within(match.sources, among) & near
                there = far if match.targets is None else far & match.targets
                on = services if match.services is None else services & match.services
                if not (some and there and on):
                    kept.append((near, far, services))
                    continue
                mine.append((some, there, on))
                kept.extend(_rest((near, far, services), (some, there, on)))
            left = kept
            if mine and not isinstance(action, Drop):
                met.append((action, mine))
        return met


def _of(units: Units, realms: Iterable[str]) -> int:
    found = 0
    for one in realms:
        found |= units.realm(one)
    return found


def _rest(whole: Packets, part: Packets) -> Iterator[Packets]:
    """Yield the packets of `whole` without those of `part`, which lies within it."""
    if whole[0] != part[0]:
        yield whole[0] & ~part[0], whole[1], whole[2]
    if whole[1] is not part[1] and (far := whole[1] - part[1]):
        yield part[0], far, whole[2]
    if whole[2] is not part[2] and (services := whole[2] - part[2]):
        yield part[0], part[1], services


def _without(packets: Iterable[Packets], seen: list[Packets]) -> Iterator[Packets]:
    """Yield the packets that are not among those seen."""
    for one in packets:
        left = [one]
        for near, far, services in seen:
            kept: list[Packets] = []
            for mine in left:
                both = (mine[0] & near, mine[1] & far, mine[2] & services)
                kept.extend(_rest(mine, both) if all(both) else (mine,))
            left = kept
            if not left:
                break
        yield from left


def joined(packets: list[Packets]) -> list[Packets]:
    """Return the same packets in fewer sets."""
    if len(packets) < 2:
        return packets
    if len(packets) > MANY:
        packets = by_far(packets)
    same: dict[tuple[IntervalSet, IntervalSet], int] = {}
    for near, far, services in packets:
        same[far, services] = same.get((far, services), 0) | near
    of: dict[tuple[int, IntervalSet], list[IntervalSet]] = {}
    for (far, services), near in same.items():
        of.setdefault((near, services), []).append(far)
    at: dict[tuple[int, IntervalSet], list[IntervalSet]] = {}
    for (near, services), fars in of.items():
        at.setdefault((near, fars[0] if len(fars) == 1 else union(fars)), []).append(services)
    return [(near, far, on[0] if len(on) == 1 else union(on)) for (near, far), on in at.items()]


def by_far(packets: list[Packets], few: int = MANY) -> list[Packets]:
    """Return the packets cut where another set of units sends: no address is in two sets of the same services.

    Where no more than a `few` packets are on the same services, they stay as they are.
    """
    of: dict[IntervalSet, list[tuple[int, IntervalSet]]] = {}
    for near, far, services in packets:
        of.setdefault(services, []).append((near, far))
    out: list[Packets] = []
    for services, found in of.items():
        if len(found) <= few:
            out.extend((near, far, services) for near, far in found)
            continue
        borders = sorted({border for _, far in found for low, high in far for border in (low, high + 1)})
        index = {border: at for at, border in enumerate(borders)}
        size = 1 << (len(borders) - 1).bit_length()
        tree = [0] * (2 * size)
        for near, far in found:
            for low, high in far:
                left, right = index[low] + size, index[high + 1] + size
                while left < right:
                    if left & 1:
                        tree[left] |= near
                        left += 1
                    if right & 1:
                        right -= 1
                        tree[right] |= near
                    left, right = left >> 1, right >> 1
        for at in range(1, size):
            if tree[at]:
                tree[2 * at] |= tree[at]
                tree[2 * at + 1] |= tree[at]
        stretches: dict[int, list[tuple[int, int]]] = {}
        for at in range(len(borders) - 1):
            if tree[size + at]:
                stretches.setdefault(tree[size + at], []).append((borders[at], borders[at + 1] - 1))
        out.extend((near, IntervalSet(parts), services) for near, parts in stretches.items())
    return out
