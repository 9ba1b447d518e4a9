"""Which replies come home: for each unit that answers, from which units' requests, and on which ports."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

import msgspec

from ..models.packet import ICMP, ICMP6, TCP, IntervalSet, services_of, union
from ..models.snapshot import Snapshot
from ..models.table import SOMEWHERE, Direction, Place
from ..models.verdict import Verdict
from .fabric import Fabric, Here, Landing
from .inhabitants import Inhabitant
from .packets import Packets, by_far
from .plan import OWN
from .replies import PINGS, PINGS_V6, REMAPPED
from .units import Units, bits_of, numbers_in

# Services that need their reply, and the services of the replies to them.
ASKING = ((services_of(TCP), TCP), (PINGS, ICMP), (PINGS_V6, ICMP6))
REPLIES = union((services_of(TCP, *REMAPPED), services_of(ICMP, 0, 0), services_of(ICMP6, 129 << 8, 129 << 8)))


def answer_to(protocol: int, ports: tuple[int, int]) -> IntervalSet:
    """Return the services of replies to a client that calls from these ports, both ends included."""
    if protocol == TCP:
        return services_of(TCP, *ports)
    return services_of(ICMP, 0, 0) if protocol == ICMP else services_of(ICMP6, 129 << 8, 129 << 8)


class Stretches:
    """Sets of units by unit: who is meant, for all units from one number to another."""

    def __init__(self, packets: Iterable[tuple[int, int]]) -> None:
        """`packets` are (units that count, units for which they count)."""
        together: dict[int, int] = {}
        for meant, of in packets:
            together[of] = together.get(of, 0) | meant
        runs = [(meant, IntervalSet(_runs(of)), _ANY) for of, meant in together.items() if meant and of]
        cut = sorted((low, high, meant) for meant, of, _ in by_far(runs, few=1) for low, high in of)
        self._lows = [low for low, _, _ in cut]
        self._cut = cut

    def of(self, number: int) -> int:
        """Return the units that are meant for a unit."""
        at = bisect_right(self._lows, number) - 1
        return self._cut[at][2] if at >= 0 and self._cut[at][1] >= number else 0


_ANY = IntervalSet([(0, 0)])


def _runs(bits: int) -> Iterable[tuple[int, int]]:
    """Return the runs of set bits, first and last number of each."""
    borders = list(numbers_in(bits ^ (bits << 1)))
    return [(low, high - 1) for low, high in zip(borders[::2], borders[1::2], strict=True)]


class Judged(msgspec.Struct, frozen=True):
    """Requests from some units, on some services, by the verdict on their replies."""

    units: int
    services: IntervalSet
    verdict: Verdict


class Homeward:
    """The replies of an organisation: those that come home through filters and routes alone, and those that need a closer look."""

    def __init__(self, world: Snapshot, units: Units, everybody: dict[str, Inhabitant], fabric: Fabric) -> None:
        self._units = units
        self._everyone = (1 << len(units)) - 1
        self._ports = _by_ports(units, everybody)
        here = everywhere(world, units)
        starts = list(_beginnings(units, everybody, here))
        done = fabric.spread(starts, Direction.REPLY)
        came: dict[IntervalSet, list[tuple[int, int]]] = {}
        for landing, packets in done.landed.items():
            for who, far, services in packets:
                meant = self._at_home(world, landing, far)
                if meant:
                    came.setdefault(services, []).append((meant, who))
        self._came = {services: Stretches(found) for services, found in came.items()}
        self._hard = Stretches(
            (units.within(far & here, self._everyone), who) for packets in done.left.values() for who, far, _ in packets
        )

    def _at_home(self, world: Snapshot, landing: Landing, far: IntervalSet) -> int:
        """Return the units that are at home where replies landed."""
        if landing.resource == SOMEWHERE.resource:
            return self._units.within(far, self._everyone)
        kind = "subnet" if landing.ordinary else "network_interface"
        place = world.find(kind, landing.resource)
        return 0 if place is None else self._units.within(far, self._units.realm(place.vpc_id))

    def hard(self, number: int) -> int:
        """Return the units whose requests a unit answers by ways that have to be followed one by one."""
        return self._hard.of(number)

    def judged(self, number: int, units: int, services: IntervalSet) -> list[Judged]:
        """Return requests to a unit by what becomes of the replies; without those whose replies are lost."""
        found: list[Judged] = []
        came = [(on, here) for on, stretches in self._came.items() if (here := stretches.of(number) & units)]
        for asking, protocol in ASKING:
            asked = services & asking
            if not asked:
                continue
            for ports, callers in self._ports:
                mine = units & callers
                if mine:
                    found.extend(_over_ports(came, mine, asked, (answer_to(protocol, ports), answer_to(protocol, REMAPPED))))
        rest = services - NEEDING
        return [*found, Judged(units, rest, Verdict.REACHABLE)] if rest else found


NEEDING = union(asking for asking, _ in ASKING)


def _over_ports(
    came: list[tuple[IntervalSet, int]], units: int, asked: IntervalSet, ports: tuple[IntervalSet, IntervalSet]
) -> Iterable[Judged]:
    """Yield the requests whose replies reach every port that they may come from, and those whose replies reach some port.

    `ports` are the services of replies to the ports from which these clients call, and to those that any client may call from.
    """
    wanted, possible = ports
    left = units
    partial: list[tuple[IntervalSet, int]] = [(IntervalSet(), units)]
    for on, here in came:
        mine = here & left
        if not (mine and on & possible):
            continue
        if wanted <= on:
            yield Judged(mine, asked, Verdict.REACHABLE)
            left &= ~mine
        else:
            partial = [one for had, who in partial for one in ((had | (on & possible), who & mine), (had, who & ~mine)) if one[1]]
    for had, who in partial:
        if had and who & left:
            yield Judged(who & left, asked, Verdict.REACHABLE if wanted <= had else Verdict.CONDITIONAL)


def _by_ports(units: Units, everybody: dict[str, Inhabitant]) -> list[tuple[tuple[int, int], int]]:
    callers: dict[tuple[int, int], list[int]] = {}
    for number, holder in enumerate(units.holders):
        callers.setdefault(everybody[holder].ports, []).append(number)
    return [(ports, bits_of(numbers)) for ports, numbers in callers.items()]


def everywhere(world: Snapshot, units: Units) -> IntervalSet:
    """Return addresses among which every unit's are: the ranges of networks, so that they are few intervals."""
    ranges = union(one.addresses for kind in ("vpc", "subnet") for one in world.all(kind))
    return ranges | union(held for held in units.addresses if not held <= ranges)


def _beginnings(units: Units, everybody: dict[str, Inhabitant], here: IntervalSet) -> Iterable[tuple[Here, Packets]]:
    """Yield where replies start: at the subnet for ordinary interfaces, whose groups remember, else at the interface."""
    at: dict[Place, list[int]] = {}
    for number, holder in enumerate(units.holders):
        one = everybody[holder]
        place = Place(one.subnet, "leaves") if one.ordinary else Place(one.alike, "sends")
        at.setdefault(place, []).append(number)
    for place, numbers in at.items():
        yield (place, OWN), (bits_of(numbers), here, REPLIES)
