"""Which replies come home, and how surely: for each unit that answers, from which units' requests, and on which ports."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

import msgspec

from ..models.packet import EVERY_V4, EVERY_V6, ICMP, ICMP6, TCP, IntervalSet, services_of, union
from ..models.snapshot import Snapshot
from ..models.table import SOMEWHERE, Direction, Place
from ..models.verdict import Verdict, all_of
from .cohorts import Cohorts
from .fabric import Fabric, Landing
from .packets import Packets, by_far
from .plan import OWN
from .replies import PINGS, PINGS_V6, REMAPPED
from .units import Units, bits_of, numbers_in
from .ways import Ended, Sessions, Ways

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

    def __init__(
        self,
        world: Snapshot,
        cohorts: Cohorts,
        fabric: Fabric,
        closed_back: frozenset[str],
        sessions: Sessions,
        starts: Iterable[tuple[Place, int]],
        senders: int,
    ) -> None:
        """Spread replies of cohorts from where they start, to `senders` whose requests opened these sessions.

        None comes from what is closed to them.
        """
        self._units = units = cohorts.ways
        self._everyone = (1 << len(units)) - 1
        self._world = world
        here = everywhere(units, senders & self._everyone)
        begun = [(place, OWN, (who, here, REPLIES)) for place, who in starts if place.resource not in closed_back]
        ways = Ways(Direction.REPLY, sessions)
        done = fabric.spread(begun, Direction.REPLY, ways)
        stretches = {key: Stretches(found) for key, found in self._come_home(done.landed, ways).items()}
        self._heard = [
            (protocol, callers, tuple(_heard(stretches, protocol, ports)))
            for _, protocol in ASKING
            for ports, callers in _by_ports(cohorts)
        ]
        self._parts: dict[IntervalSet, tuple[dict[int, IntervalSet], IntervalSet]] = {}
        self._hard = Stretches(
            (units.within(far & here, self._everyone), who) for packets in done.left.values() for who, far, _ in packets
        )

    def _come_home(
        self, landed: dict[Landing, list[Packets]], ways: Ways
    ) -> dict[tuple[IntervalSet, Verdict], list[tuple[int, int]]]:
        """Return who hears of whom, by the services on which the replies come and how surely they do."""
        ended: dict[str, Ended[Verdict]] = {}
        for landing, packets in landed.items():
            home = self._home(landing)
            if home is not None:
                past = (one.past for one in ways.sessions(landing.way))
                verdict = all_of(Verdict(doubt.kind.value) for doubt in past if doubt is not None)
                ended.setdefault(home, {}).setdefault(landing.way, []).extend((one, verdict) for one in packets)
        came: dict[tuple[IntervalSet, Verdict], list[tuple[int, int]]] = {}
        for home, found in ended.items():
            residents = self._everyone if home == SOMEWHERE.resource else self._units.realm(home)
            for (who, far, services), verdict in ways.told(found, _over):
                meant = self._units.within(far, residents)
                if meant:
                    came.setdefault((services, verdict), []).append((meant, who))
        return came

    def _home(self, landing: Landing) -> str | None:
        """Return the VPC that is home to whom replies are meant for that landed; None where nobody is at home."""
        if landing.resource == SOMEWHERE.resource:
            return SOMEWHERE.resource
        place = self._world.find("subnet" if landing.ordinary else "network_interface", landing.resource)
        return None if place is None else str(place.vpc_id)

    def hard(self, number: int) -> int:
        """Return the units whose requests a unit answers by ways that have to be followed one by one."""
        return self._hard.of(number)

    def judged(self, number: int, units: int, services: IntervalSet) -> list[Judged]:
        """Return requests to a unit by what becomes of the replies; without those whose replies are lost."""
        if services not in self._parts:
            asked = {protocol: part for asking, protocol in ASKING if (part := services & asking)}
            self._parts[services] = asked, services - ANSWERED
        asked, rest = self._parts[services]
        found: dict[tuple[int, Verdict], int] = {}
        for protocol, callers, heard in self._heard:
            if protocol in asked and (mine := units & callers):
                for verdict, who in _over_ports(heard, number, mine).items():
                    found[protocol, verdict] = found.get((protocol, verdict), 0) | who
        judged = [Judged(who, asked[protocol], verdict) for (protocol, verdict), who in found.items()]
        return [*judged, Judged(units, rest, Verdict.REACHABLE)] if rest else judged


def _over(drawn: tuple[Verdict | None, ...], doubt: Verdict) -> Verdict:
    """Return how surely replies come home of which some alternatives, None for those, lead elsewhere."""
    return all_of(doubt if one is None else one for one in drawn)


# Services that somebody answers; of ICMP echo alone.
ANSWERED = union(asking for asking, _ in ASKING)


class Heard(msgspec.Struct, frozen=True):
    """Replies that come home alike: for whom, the services on which they come and how surely they do.

    `wanted` are the services on which these clients wait; `whole` says whether all of them come.
    """

    stretches: Stretches
    services: IntervalSet
    verdict: Verdict
    whole: bool
    wanted: IntervalSet


def _heard(came: dict[tuple[IntervalSet, Verdict], Stretches], protocol: int, ports: tuple[int, int]) -> Iterable[Heard]:
    """Yield what clients that call from these ports hear of the replies of a protocol."""
    wanted, possible = answer_to(protocol, ports), answer_to(protocol, REMAPPED)
    for (services, verdict), stretches in came.items():
        if part := services & possible:
            yield Heard(stretches, part, verdict, wanted <= part, wanted)


def _over_ports(heard: Iterable[Heard], number: int, units: int) -> dict[Verdict, int]:
    """Return the units whose replies come home, by how surely they do; those that reach a part of the ports only may not (NACL-7)."""
    found: dict[Verdict, int] = {}
    left = units
    partial: list[tuple[tuple[Heard, ...], int]] = [((), units)]
    for one in heard:
        mine = one.stretches.of(number) & left
        if mine and one.whole:
            left &= ~mine
            found[one.verdict] = found.get(one.verdict, 0) | mine
        elif mine:
            cut = [(((*had, one), who & mine), (had, who & ~mine)) for had, who in partial]
            partial = [part for pair in cut for part in pair if part[1]]
    for had, who in partial:
        if had and who & left:
            verdict = _of_parts(had)
            found[verdict] = found.get(verdict, 0) | who & left
    return found


def _of_parts(heard: tuple[Heard, ...]) -> Verdict:
    """Return how surely replies reach clients that hear them on parts of the ports; those on which they wait count, if any come."""
    wanted = heard[0].wanted
    mine = [one for one in heard if one.services & wanted] or heard
    whole = wanted <= union(one.services for one in mine)
    return all_of([*(one.verdict for one in mine), Verdict.REACHABLE if whole else Verdict.CONDITIONAL])


def _by_ports(cohorts: Cohorts) -> list[tuple[tuple[int, int], int]]:
    callers: dict[tuple[int, int], list[int]] = {}
    for number, ports in enumerate(cohorts.ports):
        callers.setdefault(ports, []).append(number)
    return [(ports, bits_of(numbers)) for ports, numbers in callers.items()]


def everywhere(units: Units, among: int) -> IntervalSet:
    """Return addresses among which those of some units are: one interval for each family, since they are asked for at every place."""
    found = []
    for family in (EVERY_V4, EVERY_V6):
        held = [one for one in (units.addresses[number] & family for number in numbers_in(among)) if one]
        if held:
            found.append((min(one.smallest() for one in held), max(one.intervals[-1][1] for one in held)))
    return IntervalSet(found)
