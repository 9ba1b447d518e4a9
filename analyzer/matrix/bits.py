"""Sets of small numbers as the bits of one integer, and what they become: with numpy where it is installed, else without."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from itertools import chain
from typing import Protocol

# For some blocks of groups, disjoint, what stands in the rows of each group: verdict and services.
Blocks = Sequence[tuple[int, Sequence[tuple[int, int]]]]
# Sources, targets, verdicts and services.
Columns = tuple[Sequence[int], Sequence[int], Sequence[int], Sequence[int]]


class Bits(Protocol):
    """What turns units into groups, and blocks of groups into columns."""

    def groups(self, units: int) -> int:
        """Return the groups of some units, both as bits."""

    def columns(self, target: int, blocks: Blocks) -> Columns:
        """Return the rows of one target, in order of source; `blocks` are the sources."""

    def joined(self, parts: Sequence[Columns]) -> Columns:
        """Return one or more columns as one."""

    def renumbered(self, column: Sequence[int], numbers: Sequence[int]) -> Sequence[int]:
        """Return a column with each number replaced by what stands at its place in `numbers`."""


def bits_of(groups_of_unit: Sequence[tuple[int, ...]], group_count: int) -> Bits:
    """Return the arithmetic for these units: for each its groups, of which there are `group_count`."""
    if find_spec("numpy") is None:
        return PlainBits(groups_of_unit)
    from .arrays import ArrayBits

    return ArrayBits(groups_of_unit, group_count)


class PlainBits:
    """The arithmetic in Python alone."""

    def __init__(self, groups_of_unit: Sequence[tuple[int, ...]]) -> None:
        self._groups = [sum(1 << group for group in groups) for groups in groups_of_unit]

    def groups(self, units: int) -> int:
        found = 0
        for unit in members(units):
            found |= self._groups[unit]
        return found

    def columns(self, target: int, blocks: Blocks) -> Columns:
        rows = sorted((group, *row) for bits, listed in blocks for group in members(bits) for row in listed)
        sources, verdicts, services = zip(*rows, strict=True) if rows else ((), (), ())
        return array("i", sources), array("i", [target]) * len(sources), array("b", verdicts), array("i", services)

    def joined(self, parts: Sequence[Columns]) -> Columns:
        sources, targets, verdicts, services = (
            array(code, chain.from_iterable(column)) for code, column in zip("iibi", zip(*parts, strict=True), strict=True)
        )
        return sources, targets, verdicts, services

    def renumbered(self, column: Sequence[int], numbers: Sequence[int]) -> Sequence[int]:
        return array("i", map(numbers.__getitem__, column))


def members(bits: int) -> Iterator[int]:
    """Yield the numbers of the bits that are set, from the lowest."""
    text = bin(bits)[:1:-1]
    at = text.find("1")
    while at >= 0:
        yield at
        at = text.find("1", at + 1)
