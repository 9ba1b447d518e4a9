"""What comes to an inhabitant: what the fabric brings to its cohort, met with what groups let in and out, and with the replies.

What a cohort has in common is found once: which packets come to it, and whether their replies come home.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from ..models.packet import IntervalSet
from ..models.verdict import Verdict, all_of
from .admission import Groups, Let, Outward, from_whom
from .choices import Choices
from .cohorts import Cohorts
from .fabric import Landing
from .homeward import ANSWERED, Judged
from .inhabitants import Inhabitant
from .outcomes import realms
from .packets import Meetings, Packets
from .strays import Strays

MOST_KNOWN = 512


class Came(msgspec.Struct, frozen=True):
    """What comes to a cohort: who sent it (cohorts, then units), on what, and whose addresses its sources count as.

    `verdict` is that of the replies; those of `hard` ones have to be followed one by one.
    """

    near: int
    services: IntervalSet
    realm: str
    verdict: Verdict
    hard: bool = False


class Arrivals:
    """What of the landed packets each inhabitant takes."""

    def __init__(
        self,
        cohorts: Cohorts,
        groups: Groups,
        outward: Outward,
        landed: dict[Landing, list[Packets]],
        choices: Choices,
        followed: Strays,
        meetings: Meetings,
    ) -> None:
        self._cohorts = cohorts
        self._units = cohorts.units
        self._groups = groups
        self._outward = outward
        self._landed: dict[tuple[str, bool], list[tuple[str, list[Packets]]]] = {}
        for landing, packets in landed.items():
            self._landed.setdefault((landing.resource, landing.ordinary), []).append((landing.realm, packets))
        self._choices = choices
        self._homeward = choices.homeward[0]
        self._followed = followed
        self._meetings = meetings
        self._came: dict[int, list[Came]] = {}
        self._let: dict[tuple[int, ...], list[Came]] = {}

    def at(self, one: Inhabitant) -> Iterator[list[Judged]]:
        """Yield for each unit of an inhabitant who sends to it, on what, and how surely."""
        for number in self._units.of(one.id):
            come = self._let_out(number)
            yield list(self._let_in(one, number, come) if one.ordinary else self._answered(one, number, come))

    def check(self, one: Inhabitant) -> None:
        """Raise MisalignedError where the packets that come to an inhabitant cut through a unit."""
        if any(each.hard for number in self._units.of(one.id) for each in self._to_cohort(self._cohorts.of[number])):
            list(self.at(one))

    def _let_in(self, one: Inhabitant, number: int, come: list[Came]) -> Iterator[Judged]:
        for line in self._groups.inbound(one):
            for each in come:
                if (some := each.near & from_whom(line, each.realm)) and (on := self._meetings.of(each.services, line.services)):
                    verdict = all_of((each.verdict, line.verdict))
                    if each.hard:
                        yield from self._heard(number, one, some, on, verdict)
                    else:
                        yield Judged(some, on, verdict)

    def _answered(self, one: Inhabitant, number: int, come: list[Came]) -> Iterator[Judged]:
        for each in come:
            if each.hard:
                yield from self._heard(number, one, each.near, each.services, each.verdict)
            else:
                yield Judged(each.near, each.services, each.verdict)

    def _heard(self, number: int, one: Inhabitant, near: int, services: IntervalSet, verdict: Verdict) -> Iterator[Judged]:
        """Yield requests whose replies have to be followed one by one."""
        for each in self._followed.answered(number, one, near, services):
            yield Judged(each.units, each.services, all_of((verdict, each.verdict)))

    def _let_out(self, number: int) -> list[Came]:
        """Return what comes to a unit and its senders' groups let out, told by units."""
        cohort = self._cohorts.of[number]
        lets = self._outward.to(number)
        key = (cohort, *map(id, lets))
        if key not in self._let:
            if len(self._let) == MOST_KNOWN:
                self._let.clear()
            self._let[key] = list(_together(self._through(lets, self._to_cohort(cohort))))
        return self._let[key]

    def _through(self, lets: Iterable[Let], come: list[Came]) -> Iterator[Came]:
        wholes = [(each, self._cohorts.whole(each.near)) for each in come]
        for let in lets:
            for each, units in wholes:
                if (near := units & let.units) and (on := self._meetings.of(each.services, let.services)):
                    yield Came(near, on, each.realm, all_of((each.verdict, let.verdict)), each.hard)

    def _to_cohort(self, cohort: int) -> list[Came]:
        """Return what the fabric brings to a cohort, by what becomes of the replies; without those whose replies are lost."""
        if cohort not in self._came:
            if len(self._came) == MOST_KNOWN:
                self._came.clear()
            self._came[cohort] = list(_together(self._brought(cohort)))
        return self._came[cohort]

    def _brought(self, cohort: int) -> Iterator[Came]:
        place, same = self._cohorts.places[cohort], self._meetings.same
        hard = self._homeward.hard(cohort)
        for realm, packets in self._landed.get((place.resource, place.stage == "leaves"), ()):
            for near, far, services in packets:
                if not self._cohorts.ways.lies_in(cohort, far):
                    continue
                for each in self._homeward.judged(cohort, near & ~hard, services):
                    yield Came(each.units, same(each.services), realm, each.verdict)
                if near & hard:
                    yield Came(near & hard, same(services & ANSWERED), realm, Verdict.REACHABLE, hard=True)
                    yield Came(near & hard, same(services - ANSWERED), realm, Verdict.REACHABLE)
        yield from self._chosen(cohort)

    def _chosen(self, cohort: int) -> Iterator[Came]:
        """Yield what comes to a cohort by choices that lead it there, but what has to be followed by itself."""
        place, same = self._cohorts.places[cohort], self._meetings.same
        for (near, far, services), outcome in self._choices.at((place.resource, place.stage == "leaves")):
            if not self._cohorts.ways.lies_in(cohort, far):
                continue
            for each in self._choices.answers.judged(outcome, cohort, near, services):
                yield Came(each.units, same(each.services), next(iter(realms(outcome))), each.verdict)


def _together(every: Iterable[Came]) -> Iterator[Came]:
    found: dict[tuple[IntervalSet, str, Verdict, bool], int] = {}
    for each in every:
        if each.near and each.services:
            key = each.services, each.realm, each.verdict, each.hard
            found[key] = found.get(key, 0) | each.near
    yield from (Came(near, *key) for key, near in found.items())
