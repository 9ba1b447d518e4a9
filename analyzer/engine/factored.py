"""A whole relation kept as it is factored: few sets of sources, each with what it reaches on which services.

A row tells of one target; here rows with the same sources stand together, so that everything which a set of senders reaches is found by
looking at each set of sources once, and an intruder's hops cost some tens of milliseconds each in an organisation of 100,000 interfaces.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from functools import cached_property

import msgspec

from ..models.packet import IntervalSet
from ..models.verdict import Verdict
from .relation import Relation
from .units import bits_of

# A set of sources that fits into one window of bits is looked at only where somebody in that window sends.
STEP = 4096
WINDOW = (1 << 2 * STEP) - 1


class Reached(msgspec.Struct, frozen=True):
    """Targets, as places in `Relation.targets`, that the same sources reach on the same services."""

    targets: tuple[int, ...]
    services: IntervalSet
    verdict: Verdict


class Factored:
    """The rows of a relation, all of them, by their sources."""

    def __init__(self, relation: Relation) -> None:
        together: dict[int, dict[tuple[IntervalSet, Verdict], list[int]]] = {}
        for number, name in enumerate(relation.targets):
            for row in relation.rows((name,)):
                together.setdefault(row.sources, {}).setdefault((row.services, row.verdict), []).append(number)
        self.relation = relation
        self.verdicts = {verdict for found in together.values() for _, verdict in found}
        # Each set of sources without the zeros at its end, how many those are, and what it reaches.
        self._sets: list[tuple[int, int, list[Reached]]] = []
        self._near: dict[int, list[int]] = {}
        self._wide: list[int] = []
        while together:
            sources, found = together.popitem()
            self._keep(sources, [Reached(tuple(targets), *key) for key, targets in found.items()])
        numbers: dict[str, list[int]] = {}
        for number, name in enumerate(relation.sources):
            numbers.setdefault(name, []).append(number)
        self._numbers = [tuple(numbers.get(name, ())) for name in relation.targets]

    def _keep(self, sources: int, reached: list[Reached]) -> None:
        shift = (sources & -sources).bit_length() - 1
        base = shift // STEP
        near = sources.bit_length() <= (base + 2) * STEP
        (self._near.setdefault(base, []) if near else self._wide).append(len(self._sets))
        self._sets.append((shift, sources >> shift, reached))

    def reaching(self, senders: int) -> Iterator[tuple[int, list[Reached]]]:
        """Yield those of some senders, bits of `Relation.sources`, that reach the same, and what they reach."""
        for base, sets in self._near.items():
            here = senders >> base * STEP & WINDOW
            if here:
                for at in sets:
                    shift, sources, reached = self._sets[at]
                    if mine := here >> shift - base * STEP & sources:
                        yield mine << shift, reached
        for at in self._wide if senders else ():
            shift, sources, reached = self._sets[at]
            if mine := senders >> shift & sources:
                yield mine << shift, reached

    def coming_to(self, targets: Iterable[int]) -> Iterator[tuple[int, list[Reached]]]:
        """Yield the senders of any of some targets, places in `Relation.targets`, and all that they reach."""
        for at in sorted({at for target in targets for at in self._by_target.get(target, ())}):
            shift, sources, reached = self._sets[at]
            yield sources << shift, reached

    @cached_property
    def _by_target(self) -> dict[int, array[int]]:
        """The sets of sources that reach a target."""
        found: dict[int, array[int]] = {}
        for at, (_, _, reached) in enumerate(self._sets):
            for target in {target for one in reached for target in one.targets}:
                found.setdefault(target, array("I")).append(at)
        return found

    def met(self, senders: int) -> Iterator[Reached]:
        """Yield what any of some senders, bits of `Relation.sources`, reaches; a target may stand in several."""
        for _, reached in self.reaching(senders):
            yield from reached

    def senders(self, targets: Iterable[int]) -> int:
        """Return the bits of some targets as sources, targets being places in `Relation.targets`."""
        return bits_of(number for target in targets for number in self._numbers[target])
