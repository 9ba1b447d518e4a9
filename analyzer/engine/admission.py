"""What security groups let in and out, as sets of units: the ends of every way, met once for all interfaces that carry a group."""

from __future__ import annotations

import msgspec

from ..models.packet import EVERY_ADDRESS, EVERY_SERVICE, IntervalSet
from ..models.snapshot import Snapshot
from ..models.table import Choose, Drop, Line, Match, Place, Send, Traffic
from ..models.verdict import Verdict
from .inhabitants import Inhabitant
from .packets import Meetings
from .plan import OWN
from .units import Units, bits_of, numbers_in

ONWARD = Place("", "onward")


class Admitted(msgspec.Struct, frozen=True):
    """What one line of a group lets in: from these units on these services, and how surely."""

    units: int
    services: IntervalSet
    verdict: Verdict
    match: Match


class Let(msgspec.Struct, frozen=True):
    """What lines of groups let out: from these units to these addresses on these services, and how surely."""

    units: int
    far: IntervalSet
    services: IntervalSet
    verdict: Verdict


def _verdict(line: Line) -> Verdict | None:
    """Return what a line of a group says; None for one that lets nothing through."""
    if isinstance(line.action, Send):
        return Verdict.REACHABLE
    if isinstance(line.action, Choose):
        assert all(isinstance(one, Send | Drop) for one in line.action.actions)
        return Verdict(line.action.doubt.kind.value)
    return None


class Groups:
    """The groups of a snapshot, each line read once for each VPC that a group is in."""

    def __init__(self, world: Snapshot, units: Units, meetings: Meetings) -> None:
        self._meetings = meetings
        self._world = world
        self._units = units
        self._inbound: dict[tuple[str, str], list[Admitted]] = {}
        self._everyone = (1 << len(units)) - 1

    def inbound(self, one: Inhabitant) -> list[Admitted]:
        """Return what the groups of an inhabitant let in."""
        found: list[Admitted] = []
        for group_id in one.groups:
            key = group_id, one.vpc
            if key not in self._inbound:
                self._inbound[key] = self._read(group_id, one.vpc)
            found.extend(self._inbound[key])
        return found

    def forget(self, group_id: str) -> None:
        """Forget what was read of a group."""
        for key in [key for key in self._inbound if key[0] == group_id]:
            del self._inbound[key]

    def _read(self, group_id: str, vpc_id: str) -> list[Admitted]:
        group = self._world.find("security_group", group_id)
        found = []
        for line in group.filter_lines(Traffic.INBOUND, ONWARD, self._world, vpc_id):
            verdict = _verdict(line)
            if verdict is not None:
                services = self._meetings.same(EVERY_SERVICE if line.match.services is None else line.match.services)
                found.append(Admitted(self._senders(line.match), services, verdict, line.match))
        return found

    def _senders(self, match: Match) -> int:
        """Return the units that a line is about, with the address that they have in their own VPC."""
        among = self._everyone
        if match.realms is not None:
            among = 0
            for realm in match.realms:
                among |= self._units.realm(realm)
        return among if match.sources is None or not among else self._units.within(match.sources, among)

    def outbound(self, everybody: dict[str, Inhabitant]) -> dict[str, list[Let]]:
        """Return what is let out of each VPC. Whatever is not ordinary is let out here: its own table decides."""
        carrying: dict[tuple[str, str], list[int]] = {}
        free: dict[str, int] = {}
        for number, holder in enumerate(self._units.holders):
            one = everybody[holder]
            if not one.ordinary:
                free[one.vpc] = free.get(one.vpc, 0) | 1 << number
                continue
            for group_id in one.groups:
                carrying.setdefault((one.vpc, group_id), []).append(number)
        merged: dict[tuple[str, IntervalSet, IntervalSet, Verdict], int] = {}
        for vpc_id, bits in free.items():
            merged[vpc_id, EVERY_ADDRESS, self._meetings.same(EVERY_SERVICE), Verdict.REACHABLE] = bits
        for (vpc_id, group_id), numbers in carrying.items():
            bits = bits_of(numbers)
            for far, services, verdict in self._outward(group_id, vpc_id):
                key = vpc_id, far, services, verdict
                merged[key] = merged.get(key, 0) | bits
        found: dict[str, list[Let]] = {}
        for (vpc_id, far, services, verdict), bits in merged.items():
            found.setdefault(vpc_id, []).append(Let(bits, far, services, verdict))
        return found

    def _outward(self, group_id: str, vpc_id: str) -> list[tuple[IntervalSet, IntervalSet, Verdict]]:
        group = self._world.find("security_group", group_id)
        lines = group.filter_lines(Traffic.OUTBOUND, ONWARD, self._world, vpc_id)
        return [
            (
                EVERY_ADDRESS if line.match.targets is None else line.match.targets,
                self._meetings.same(EVERY_SERVICE if line.match.services is None else line.match.services),
                verdict,
            )
            for line in lines
            if (verdict := _verdict(line)) is not None
        ]


def from_whom(one: Admitted, realm: str) -> int:
    """Return the units that a line lets in, of packets whose source counts as an address of `realm` by now."""
    if realm == OWN:
        return one.units
    return one.units if one.match.realms is None else 0  # nobody can tell any more which group it carries


class Outward:
    """What is let out, by whom it is let out to."""

    def __init__(self, units: Units, lets: dict[str, list[Let]]) -> None:
        self._wide: list[tuple[int, Let]] = []
        self._narrow: dict[int, list[Let]] = {}
        merged: dict[tuple[IntervalSet, IntervalSet, Verdict], int] = {}
        for every in lets.values():
            for one in every:
                key = one.far, one.services, one.verdict
                merged[key] = merged.get(key, 0) | one.units
        everyone = (1 << len(units)) - 1
        for (far, services, verdict), near in merged.items():
            there = units.within(far, everyone)
            let = Let(near, far, services, verdict)
            if there.bit_count() > len(units) // 64:
                self._wide.append((there, let))
                continue
            for number in numbers_in(there):
                self._narrow.setdefault(number, []).append(let)

    def to(self, number: int) -> list[Let]:
        """Return what is let out to a unit."""
        return [*(let for there, let in self._wide if there >> number & 1), *self._narrow.get(number, ())]
