"""Tiny universes, in which a set is all of its points and every law can be tried on them."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product

from analyzer.engine.box import Box
from analyzer.models.packet import IntervalSet

Point = tuple[int, int, int]


def set_of(numbers: Iterable[int]) -> IntervalSet:
    """Return the set with these members."""
    return IntervalSet((number, number) for number in numbers)


def members(numbers: IntervalSet) -> frozenset[int]:
    """Return the members of a small set."""
    return frozenset(number for low, high in numbers for number in range(low, high + 1))


def subsets(size: int) -> list[frozenset[int]]:
    """Return every set of the numbers below `size`."""
    return [frozenset(number for number in range(size) if bits >> number & 1) for bits in range(1 << size)]


def points(box: Box) -> frozenset[Point]:
    """Return the packets of a small box."""
    return frozenset(product(members(box.sources), members(box.targets), members(box.services)))


def all_points(boxes: Iterable[Box]) -> frozenset[Point]:
    """Return the packets of several small boxes."""
    return frozenset(point for box in boxes for point in points(box))


def disjoint(boxes: Iterable[Box]) -> bool:
    """Return whether no packet is in two of the boxes."""
    every = list(boxes)
    return sum(len(points(box)) for box in every) == len(all_points(every))
