"""Laws of sets of numbers: every set of a tiny universe against every other, and against Python's own sets."""

from __future__ import annotations

from itertools import pairwise, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.models.packet import (
    END_OF_ADDRESSES,
    EVERY_ADDRESS,
    EVERY_SERVICE,
    EVERY_V4,
    EVERY_V6,
    NOTHING,
    PUBLIC,
    V6,
    IntervalSet,
    address,
    address_text,
    only,
    prefix,
    prefix_length,
    services_of,
    union,
)

from .points import members, set_of, subsets

SIZE = 6
EVERY = [(numbers, set_of(numbers)) for numbers in subsets(SIZE)]
addresses = st.one_of(st.integers(0, V6 - 1), st.integers(V6, END_OF_ADDRESSES))


def is_canonical(numbers: IntervalSet) -> bool:
    """Return whether the intervals are sorted, not empty, and neither overlap nor touch."""
    pairs = numbers.intervals
    return all(low <= high for low, high in pairs) and all(one[1] + 1 < other[0] for one, other in pairwise(pairs))


def test_a_set_has_one_form_however_its_intervals_are_given() -> None:
    spans = [(low, high) for low in range(SIZE) for high in range(SIZE)]
    for first, second in product(spans, repeat=2):
        made = IntervalSet([first, second])
        assert members(made) == {number for low, high in (first, second) for number in range(low, high + 1)}
        assert is_canonical(made)
        assert made == IntervalSet([second, first])


def test_intervals_that_touch_become_one() -> None:
    assert IntervalSet([(3, 5), (0, 2)]).intervals == ((0, 5),)
    assert IntervalSet([(3, 5), (0, 1)]).intervals == ((0, 1), (3, 5))
    assert IntervalSet([(2, 1)]).intervals == ()


@pytest.mark.parametrize(("numbers", "made"), EVERY)
def test_a_set_knows_its_members(numbers: frozenset[int], made: IntervalSet) -> None:
    assert members(made) == numbers
    assert [number in made for number in range(-1, SIZE + 1)] == [number in numbers for number in range(-1, SIZE + 1)]
    assert made.count() == len(numbers)
    assert bool(made) is bool(numbers)
    assert list(made) == list(made.intervals)
    if numbers:
        assert made.smallest() == min(numbers)
    else:
        with pytest.raises(IndexError):
            made.smallest()


@pytest.mark.parametrize(("left", "one"), EVERY)
def test_the_algebra_of_sets_is_that_of_sets_of_numbers(left: frozenset[int], one: IntervalSet) -> None:
    for right, other in EVERY:
        for made, expected in ((one & other, left & right), (one | other, left | right), (one - other, left - right)):
            assert members(made) == expected
            assert is_canonical(made)
        assert (one <= other) is (left <= right)
        assert (one == other) is (left == right)
        assert (hash(one) == hash(other)) or left != right
        assert union([one, other, one]) == one | other
    assert members(one) == left, "an operation changed its operand"


def test_a_set_is_equal_to_nothing_but_a_set() -> None:
    assert IntervalSet([(1, 2)]) != ((1, 2),)
    assert union([]) == NOTHING == IntervalSet()
    assert only(4) == IntervalSet([(4, 4)])


# ---------------------------------------------------------------------- the two lines of numbers
def test_the_families_part_the_addresses() -> None:
    assert EVERY_V4 | EVERY_V6 == EVERY_ADDRESS
    assert not EVERY_V4 & EVERY_V6
    assert EVERY_ADDRESS.intervals == ((0, END_OF_ADDRESSES),)
    assert PUBLIC <= EVERY_ADDRESS
    assert union(services_of(protocol) for protocol in range(256)) == EVERY_SERVICE


@settings(derandomize=True, deadline=None, max_examples=300)
@given(addresses)
def test_an_address_is_read_as_it_is_written(number: int) -> None:
    assert address(address_text(number)) == number
    assert prefix(address_text(number)) == only(number)


@settings(derandomize=True, deadline=None, max_examples=300)
@given(addresses, st.integers(0, 128))
def test_a_block_holds_just_the_addresses_with_its_first_bits(number: int, length: int) -> None:
    bits, base = (32, 0) if number < V6 else (128, V6)
    length = min(length, bits)
    text = f"{address_text(number)}/{length}"
    block = prefix(text)
    ((low, high),) = block
    assert prefix_length(text) == length
    assert number in block
    assert block.count() == 1 << (bits - length)
    assert {(one - base) >> (bits - length) for one in (low, high)} == {(number - base) >> (bits - length)}
