"""Cohorts: units that start at one place and that no route, network ACL or gateway tells apart.

Only security groups tell the units of a cohort from each other, and those are met at the ends of a way. So the fabric carries cohorts:
an organisation has about as many of them as subnets, a fifth to a tenth of its units.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..models.table import Place
from .inhabitants import Inhabitant
from .units import Span, Units, bits_of, numbers_in

MOST_KNOWN = 2048
MOST_BASES = 16
FEW = 256


class Cohorts:
    """The cohorts of some units, cut where ways are: `ways` counts them as units of their own."""

    def __init__(self, units: Units, everybody: dict[str, Inhabitant], cuts: Iterable[int]) -> None:
        self.units = units
        spans = [list(_spans(units, number, everybody)) for number in range(len(units))]
        self.ways = Units((one for every in spans for one in every), cuts, coarse=True)
        # The cohort of each unit.
        self.of = [self.ways.number(every[0]) for every in spans]
        self._members: list[list[int]] = [[] for _ in range(len(self.ways))]
        for number, cohort in enumerate(self.of):
            self._members[cohort].append(number)
        holders = [everybody[units.holders[members[0]]] for members in self._members]
        self.places = [_place(one) for one in holders]
        # From which ports the members call, both ends included.
        self.ports = [one.ports for one in holders]
        self._known: dict[int, int] = {}
        self._bases: dict[int, int] = {}
        self._backwards = self.of[::-1]

    def members(self, cohort: int) -> list[int]:
        """Return the numbers of the units of a cohort."""
        return self._members[cohort]

    def starts(self) -> Iterator[tuple[Place, int]]:
        """Yield where packets of cohorts start: at the subnet for ordinary interfaces, whose groups are met elsewhere."""
        at: dict[Place, list[int]] = {}
        for cohort, place in enumerate(self.places):
            at.setdefault(place, []).append(cohort)
        yield from ((place, bits_of(cohorts)) for place, cohorts in at.items())

    def whole(self, cohorts: int) -> int:
        """Return the units of some cohorts."""
        found = self._known.get(cohorts)
        if found is None:
            if len(self._known) == MOST_KNOWN:
                self._known.clear()
            found = self._known[cohorts] = self._expanded(cohorts)
        return found

    def _expanded(self, cohorts: int) -> int:
        """Return the units, from those of a set that is nearly the same where there is one: most VPCs hear of all but themselves."""
        if cohorts.bit_count() <= FEW:
            return self._one_by_one(cohorts)
        for other in self._bases:
            differ = cohorts ^ other
            if differ.bit_count() <= FEW:
                return self._bases[other] ^ self._one_by_one(differ)
        if len(self._bases) == MOST_BASES:
            del self._bases[next(iter(self._bases))]
        found = self._bases[cohorts] = self._at_once(cohorts)
        return found

    def _one_by_one(self, cohorts: int) -> int:
        return bits_of(number for cohort in numbers_in(cohorts) for number in self._members[cohort])

    def _at_once(self, cohorts: int) -> int:
        """Return the units as the number whose binary digits are those of their cohorts: each digit is looked up, none computed."""
        digits = format(cohorts, f"0{len(self.ways)}b")[::-1]
        return int("".join(map(digits.__getitem__, self._backwards)), 2)


def _place(one: Inhabitant) -> Place:
    return Place(one.subnet, "leaves") if one.ordinary else Place(one.alike, "sends")


def _spans(units: Units, number: int, everybody: dict[str, Inhabitant]) -> Iterator[Span]:
    one = everybody[units.holders[number]]
    holder, ports = _place(one).resource, f"{one.ports[0]}-{one.ports[1]}"
    for low, high in units.addresses[number]:
        yield Span(low, high, one.vpc, holder, ports, int(not one.ordinary))
