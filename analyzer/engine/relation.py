"""Who can reach whom, for a whole snapshot at once: compiled once, kept factored, told target by target.

The relation of an organisation is quadratic in its interfaces and linear in its configuration. It is kept as what the fabric carries to
each subnet, what groups let in and out, and which replies come home; a row is made of them when somebody asks for a target.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

import msgspec

from ..fronts import fronts
from ..models.packet import (
    EVERY_ADDRESS,
    EVERY_SERVICE,
    EVERY_V4,
    EVERY_V6,
    LINK_LOCAL,
    PUBLIC,
    IntervalSet,
    only,
    union,
)
from ..models.snapshot import Snapshot
from ..models.table import ANYWHERE, INTERNET, Direction, Place, may_be_in
from ..models.verdict import Verdict, all_of
from ..sources import DEFAULT_PORTS
from .admission import Groups, Outward
from .choices import Choices
from .cohorts import Cohorts
from .fabric import Fabric
from .homeward import Judged
from .inhabitants import Inhabitant, group_borders, inhabitants, way_borders
from .overseas import from_internet, overseas
from .packets import Meetings, Packets
from .plan import OWN
from .rows import Arrivals
from .strays import Stray, Strays, possible
from .units import MisalignedError, bits_of

Lost = tuple[int, IntervalSet, IntervalSet, Verdict]


class Row(msgspec.Struct, frozen=True):
    """Who reaches a target, on what: `sources` has a bit for each unit, the last one for the internet. Blocked ones are left out."""

    target: str
    sources: int
    services: IntervalSet
    verdict: Verdict


class Relation:
    """Who can reach whom in a snapshot.

    `sources` names for each bit of a row the inhabitant, "internet" last; an inhabitant with addresses of several kinds has several
    bits. `targets` are those that rows can be asked for. `closed` are resources that no request passes on its way, `closed_back`
    those that no reply does.
    """

    def __init__(
        self,
        world: Snapshot,
        cuts: Iterable[int],
        way_cuts: Iterable[int],
        closed: frozenset[str] = frozenset(),
        closed_back: frozenset[str] = frozenset(),
    ) -> None:
        self.world = world
        self._closed, self._closed_back = closed, closed_back
        self.everybody, self.units = inhabitants(world, cuts)
        self._cohorts = Cohorts(self.units, self.everybody, way_cuts)
        self._meetings = Meetings()
        self._groups = Groups(world, self.units, self._meetings)
        self._lets = self._groups.outbound(self.everybody)
        ordinary = frozenset(one.alike for one in self.everybody.values() if one.ordinary)
        self._fabric = Fabric(world, self._cohorts.ways, ordinary, closed, closed_back)
        self._done = self._fabric.spread(_beginnings(self._cohorts, closed), Direction.REQUEST)
        self._followed = Strays(world, self.units, self.everybody, closed, closed_back)

    def prepare(self) -> None:
        """Read everything that rows are made of; raises MisalignedError where a set of addresses cuts through a unit."""
        for one in self.everybody.values():
            if one.ordinary:
                self._groups.inbound(one)
        assert self._strays is not None
        for one in self.everybody.values():
            self._arrivals.check(one)

    @cached_property
    def _arrivals(self) -> Arrivals:
        landed = self._done.landed
        return Arrivals(self._cohorts, self._groups, self._outward, landed, self._choices, self._followed, self._meetings)

    @cached_property
    def _outward(self) -> Outward:
        return Outward(self.units, self._lets)

    @cached_property
    def _choices(self) -> Choices:
        return Choices(self.world, self._cohorts, self._fabric, self._done.left, self._followed)

    @cached_property
    def _kept_in(self) -> int:
        """The units that send nothing, or hear nothing, since that passes themselves first."""
        deaf = (one for one in self.everybody.values() if one.ordinary and one.alike in self._closed_back)
        mute = (one for one in self.everybody.values() if one.alike in self._closed)
        return bits_of(number for one in (*mute, *deaf) for number in self.units.of(one.id))

    @property
    def internet(self) -> int:
        """The bit of the internet."""
        return 1 << len(self.units)

    @cached_property
    def sources(self) -> Sequence[str]:
        """The inhabitant of each bit."""
        return (*self.units.holders, INTERNET.resource)

    @cached_property
    def targets(self) -> Sequence[str]:
        """Those that rows can be asked for, in a stable order."""
        return (*sorted(self.everybody), INTERNET.resource)

    def members(self, endpoint: str) -> Sequence[str]:
        """Return the interfaces of an inhabitant; the internet is itself."""
        one = self.everybody.get(endpoint)
        return (endpoint,) if one is None else one.interfaces

    def rows(self, targets: Iterable[str]) -> Iterator[Row]:
        """Yield what reaches these targets. Rows of one target and verdict may overlap."""
        for target in targets:
            one = self.everybody.get(target)
            found = self._to_internet() if one is None else self._to(one)
            together: dict[tuple[IntervalSet, Verdict], int] = {}
            kept_in = self._kept_in
            for each in found:
                units = each.units & ~kept_in if kept_in else each.units
                if units and each.services:
                    key = each.services, each.verdict
                    together[key] = together.get(key, 0) | units
            yield from (Row(target, units, services, verdict) for (services, verdict), units in together.items())

    # ------------------------------------------------------------------ to inhabitants
    def _to(self, one: Inhabitant) -> Iterator[Judged]:
        found = [] if one.alike in self._closed | self._closed_back else list(self._arrivals.at(one))
        yield from _wherever(found) if one.stand_in and len(found) > 1 else (each for some in found for each in some)
        yield from self._strayed(one)

    # ------------------------------------------------------------------ by ways that leave the fabric
    def _strayed(self, one: Inhabitant) -> Iterator[Judged]:
        held = self.units.together(self.units.of(one.id))
        for each in self._strays.get(one.alike, ()):
            if each.at is not None and each.at & held:
                yield Judged(each.units, each.services, each.verdict)
        lost = [each for arrival, every in self._lost.items() if may_be_in(arrival, one.vpc) for each in every]
        meant = self._meant(one) if lost else held
        yield from (Judged(units, services, verdict) for units, targets, services, verdict in lost if targets & meant)

    @cached_property
    def _lost(self) -> dict[str, list[Lost]]:
        """What arrives at nobody knows whom, by where: who sent it, to whom, on what, and how surely."""
        found: dict[str, list[Lost]] = {}
        for arrival in self._strays:
            if arrival.startswith(ANYWHERE):
                alike: dict[tuple[IntervalSet, IntervalSet, Verdict], int] = {}
                for each in self._strays[arrival]:
                    key = each.targets, each.services, each.verdict
                    alike[key] = alike.get(key, 0) | each.units
                found[arrival] = [(units, *key) for key, units in alike.items()]
        return found

    def _meant(self, one: Inhabitant) -> IntervalSet:
        """Return the addresses to which packets are sent that are meant for an inhabitant, or for whatever passes them on."""
        interfaces = [self.world.find("network_interface", id) for id in one.interfaces]
        public = union(only(number) for each in interfaces for number in each.public_addresses.values())
        return self.units.together(self.units.of(one.id)) | public | fronts(self.world)

    def _to_internet(self) -> Iterator[Judged]:
        for arrival in (INTERNET.resource, ANYWHERE + INTERNET.resource):
            for each in self._strays.get(arrival, ()):
                yield Judged(each.units, each.services, each.verdict)

    @cached_property
    def _strays(self) -> dict[str, list[Stray]]:
        """Everything that arrives by ways that leave the fabric, by where it arrives."""
        found: dict[str, list[Stray]] = {}
        out: list[Stray] = []
        for exit, packets in self._choices.left():
            of_units = [(self._cohorts.whole(near), far, services) for near, far, services in packets]
            for one in possible(self._followed.follow(exit, of_units)):
                for each in self._let_out(one):
                    (out if each.ashore and each.arrival == INTERNET.resource else found.setdefault(each.arrival, [])).append(
                        each
                    )
        told = PUBLIC - union(self.world.public_addresses().values())
        anybody = from_internet(self.world, DEFAULT_PORTS, self._followed)
        for each in overseas(self.world, self.units, out, self._followed, anybody):
            found.setdefault(each.arrival, []).append(each)
        for sources, one in anybody:
            if sources & told:
                found.setdefault(one.arrival, []).append(msgspec.structs.replace(one, units=self.internet))
        for each in self._relayed():
            found.setdefault(each.arrival, []).append(each)
        return found

    def _relayed(self) -> Iterator[Stray]:
        """Yield what arrives by connections that something makes for those who ask it."""
        together: dict[tuple[str, IntervalSet, IntervalSet, Verdict], int] = {}
        for asks in self._choices.asks():
            units = self._cohorts.whole(asks.requests.units)
            lets = {id(let): let for unit in self._cohorts.members(asks.cohort) for let in self._outward.to(unit)}
            for let in lets.values():
                mine = units & let.units
                for one in asks.reached if mine and asks.requests.services & let.services else ():
                    verdict = all_of((asks.requests.verdict, let.verdict, one.verdict))
                    key = one.arrival, one.at, one.services, verdict
                    together[key] = together.get(key, 0) | mine
        for (arrival, at, services, verdict), units in together.items():
            yield Stray(units, at, services, arrival, at, services, verdict)

    def _let_out(self, one: Stray) -> Iterator[Stray]:
        """Yield what the senders' groups let out of a stray, by the header that it had then."""
        vpc_id = self.units.realms[(one.units & -one.units).bit_length() - 1]
        for let in self._lets.get(vpc_id, ()):
            units, targets, asked = one.units & let.units, one.targets & let.far, one.asked & let.services
            if units and targets and asked:
                same = one.services == one.asked
                at = targets if one.at == one.targets else one.at
                services = asked if same else one.services
                verdict = all_of((one.verdict, let.verdict))
                yield msgspec.structs.replace(
                    one, units=units, targets=targets, asked=asked, at=at, services=services, verdict=verdict
                )


def relation(world: Snapshot, closed: frozenset[str] = frozenset(), closed_back: frozenset[str] = frozenset()) -> Relation:
    """Return who can reach whom in a snapshot without a request that passes `closed` resources, or a reply that passes `closed_back` ones.

    Where a set of addresses cuts through a unit, it is made again with units cut there.
    """
    way_cuts = way_borders(world)
    cuts = way_cuts | group_borders(world)
    while True:
        try:
            made = Relation(world, cuts, way_cuts, closed, closed_back)
            made.prepare()
        except MisalignedError as found:
            if found.cuts <= (way_cuts if found.coarse else cuts):
                raise  # units that are cut at these addresses are not cut by them: a bug, and no circle
            cuts |= found.cuts
            if found.coarse:
                way_cuts |= found.cuts
        else:
            return made


def _beginnings(cohorts: Cohorts, closed: frozenset[str]) -> Iterator[tuple[Place, str, Packets]]:
    """Yield where requests start, those of each family by themselves: no packet has addresses of both.

    What starts at a subnet has come to it from its interface.
    """
    far = EVERY_ADDRESS - LINK_LOCAL
    families = [(family, cohorts.ways.within(family)) for family in (EVERY_V4, EVERY_V6)]
    for place, who in cohorts.starts():
        if place.stage == "leaves" and place.resource in closed:
            continue
        yield from ((place, OWN, (who & mine, far & family, EVERY_SERVICE)) for family, mine in families if who & mine)


def _wherever(found: list[list[Judged]]) -> Iterator[Judged]:
    """Yield who reaches something of which nobody knows where it stands: surely only who reaches each place, else it depends."""
    for number, some in enumerate(found):
        for one in some:
            if one.verdict is not Verdict.REACHABLE:
                yield one
                continue
            everywhere = one.units
            for other_number, others in enumerate(found):
                if other_number != number:
                    reached = 0
                    for other in others:
                        if other.verdict is Verdict.REACHABLE and one.services <= other.services:
                            reached |= other.units
                    everywhere &= reached
            yield Judged(everywhere, one.services, Verdict.REACHABLE)
            yield Judged(one.units & ~everywhere, one.services, Verdict.CONDITIONAL)
