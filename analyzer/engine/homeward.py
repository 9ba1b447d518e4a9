"""Which replies come home: for each unit that answers, from which units' requests, and on which ports."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

import msgspec

from ..models.packet import EVERY_V4, EVERY_V6, ICMP, ICMP6, TCP, IntervalSet, services_of, union
from ..models.snapshot import Snapshot
from ..models.table import SOMEWHERE, Direction
from ..models.verdict import Verdict
from .cohorts import Cohorts
from .fabric import Fabric, Landing
from .packets import by_far
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

    def __init__(self, world: Snapshot, cohorts: Cohorts, fabric: Fabric, closed_back: frozenset[str] = frozenset()) -> None:
        """Spread the replies of everybody; none comes from a subnet that is closed to them."""
        self._units = units = cohorts.ways
        self._everyone = (1 << len(units)) - 1
        here = everywhere(units)
        open_to = [(place, who) for place, who in cohorts.starts() if place.resource not in closed_back]
        starts = [((place, OWN), (who, here, REPLIES)) for place, who in open_to]
        done = fabric.spread(starts, Direction.REPLY)
        came: dict[IntervalSet, list[tuple[int, int]]] = {}
        for landing, packets in done.landed.items():
            for who, far, services in packets:
                meant = self._at_home(world, landing, far)
                if meant:
                    came.setdefault(services, []).append((meant, who))
        stretches = {services: Stretches(found) for services, found in came.items()}
        self._heard = [
            (protocol, callers, tuple(_heard(stretches, protocol, ports)))
            for _, protocol in ASKING
            for ports, callers in _by_ports(cohorts)
        ]
        self._parts: dict[IntervalSet, tuple[dict[int, IntervalSet], IntervalSet]] = {}
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
        if services not in self._parts:
            asked = {protocol: part for asking, protocol in ASKING if (part := services & asking)}
            self._parts[services] = asked, services - ANSWERED
        asked, rest = self._parts[services]
        surely, perhaps = dict.fromkeys(asked, 0), dict.fromkeys(asked, 0)
        for protocol, callers, heard in self._heard:
            if protocol in asked and (mine := units & callers):
                sure, unsure = _over_ports(heard, number, mine)
                surely[protocol] |= sure
                perhaps[protocol] |= unsure
        found = [Judged(who, asked[protocol], Verdict.REACHABLE) for protocol, who in surely.items() if who]
        found.extend(Judged(who, asked[protocol], Verdict.CONDITIONAL) for protocol, who in perhaps.items() if who)
        return [*found, Judged(units, rest, Verdict.REACHABLE)] if rest else found


# Services that somebody answers; of ICMP echo alone.
ANSWERED = union(asking for asking, _ in ASKING)


class Heard(msgspec.Struct, frozen=True):
    """Replies that come home alike: for whom, the services on which they come, and whether those are all that their clients wait for.

    `wanted` are the services on which these clients wait.
    """

    stretches: Stretches
    services: IntervalSet
    whole: bool
    wanted: IntervalSet


def _heard(came: dict[IntervalSet, Stretches], protocol: int, ports: tuple[int, int]) -> Iterable[Heard]:
    """Yield what clients that call from these ports hear of the replies of a protocol."""
    wanted, possible = answer_to(protocol, ports), answer_to(protocol, REMAPPED)
    for services, stretches in came.items():
        if part := services & possible:
            yield Heard(stretches, part, wanted <= part, wanted)


def _over_ports(heard: Iterable[Heard], number: int, units: int) -> tuple[int, int]:
    """Return the units whose replies reach every port on which they wait, and those whose replies reach some port only."""
    left = units
    partial: list[tuple[IntervalSet, int]] = [(IntervalSet(), units)]
    for one in heard:
        mine = one.stretches.of(number) & left
        if mine and one.whole:
            left &= ~mine
        elif mine:
            cut = [((had | one.services, who & mine), (had, who & ~mine)) for had, who in partial]
            partial = [part for pair in cut for part in pair if part[1]]
    sure, perhaps = units & ~left, 0
    for had, who in partial:
        if had and who & left:
            whole = next(iter(heard)).wanted <= had
            sure, perhaps = (sure | who & left, perhaps) if whole else (sure, perhaps | who & left)
    return sure, perhaps


def _by_ports(cohorts: Cohorts) -> list[tuple[tuple[int, int], int]]:
    callers: dict[tuple[int, int], list[int]] = {}
    for number, ports in enumerate(cohorts.ports):
        callers.setdefault(ports, []).append(number)
    return [(ports, bits_of(numbers)) for ports, numbers in callers.items()]


def everywhere(units: Units) -> IntervalSet:
    """Return addresses among which every unit's are: one interval for each family, since they are asked for at every place."""
    found = []
    for family in (EVERY_V4, EVERY_V6):
        held = [one for one in (addresses & family for addresses in units.addresses) if one]
        if held:
            found.append((min(one.smallest() for one in held), max(one.intervals[-1][1] for one in held)))
    return IntervalSet(found)
