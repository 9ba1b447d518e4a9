"""Laws of boxes: on a universe of 2 x 3 x 2 packets all of them, on larger ones as many as Hypothesis tries."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.engine.box import Box, coalesced, minus_all, refined
from analyzer.models.table import Match

from .points import all_points, disjoint, members, points, set_of, subsets

BOXES = [Box(set_of(a), set_of(b), set_of(c)) for a, b, c in product(subsets(2), subsets(3), subsets(2))]
sides = st.builds(set_of, st.frozensets(st.integers(0, 3), max_size=4))
boxes = st.builds(Box, sides, sides, sides)
some_boxes = st.lists(boxes, max_size=6)
tried = settings(derandomize=True, deadline=None, max_examples=300)


@pytest.mark.parametrize("one", BOXES[::7])
def test_what_is_common_and_what_is_left_are_told_by_points(one: Box) -> None:
    assert bool(one) is bool(points(one))
    for other in BOXES:
        both = one & other
        assert points(both) == points(one) & points(other)
        left = one.minus(both) if both else [one]
        assert all_points(left) == points(one) - points(other)
        assert disjoint(left)
        assert all(left) or not one


@pytest.mark.parametrize("one", BOXES[::5])
def test_a_match_cuts_out_its_part(one: Box) -> None:
    for a, b, c in product((None, set_of({0})), (None, set_of({1, 2})), (None, set_of({1}))):
        part = one.matching(Match(sources=a, targets=b, services=c))
        expected = {
            (source, target, service)
            for source, target, service in points(one)
            if (a is None or source in a) and (b is None or target in b) and (c is None or service in c)
        }
        assert points(part) == expected


@tried
@given(some_boxes, some_boxes)
def test_minus_all_leaves_what_none_of_the_others_holds(these: list[Box], others: list[Box]) -> None:
    left = minus_all(these, others)
    assert all_points(left) == all_points(these) - all_points(others)
    if disjoint(these):
        assert disjoint(left)


@tried
@given(some_boxes)
def test_coalesced_boxes_hold_the_same_packets_and_cannot_be_joined_further(these: list[Box]) -> None:
    joined = coalesced(these)
    assert all_points(joined) == all_points(these)
    assert len(joined) <= len(these)
    assert len(coalesced(joined)) == len(joined)
    for one, other in product(joined, repeat=2):
        same = (one.sources == other.sources) + (one.targets == other.targets) + (one.services == other.services)
        assert one is other or same < 2, f"{one} and {other} differ in one side only"
    if disjoint(these):
        assert disjoint(joined)


def test_what_one_round_of_joining_made_is_joined_with_the_rest_in_the_next() -> None:
    """The first two differ in their sources only; joined, they differ from the third in its services only."""
    zero, one, both = set_of({0}), set_of({1}), set_of({0, 1})
    assert coalesced([Box(zero, zero, zero), Box(one, zero, zero), Box(both, zero, one)]) == [Box(both, zero, both)]


@tried
@given(some_boxes)
def test_refined_boxes_have_all_services_of_each_source_and_target(these: list[Box]) -> None:
    these = [box for box in these if box]
    cells = list(refined(these))
    rectangles = [pair for cell in cells for pair in product(members(cell.sources), members(cell.targets))]
    assert len(rectangles) == len(set(rectangles)), "the rectangles overlap"
    assert all_points(cells) == all_points(these)
    for cell in cells:
        for box in these:
            inside = cell.sources <= box.sources and cell.targets <= box.targets
            outside = not (cell.sources & box.sources and cell.targets & box.targets)
            assert inside or outside, "a cell lies across the border of a box"
