"""Endpoints as bits: every address of every interface that lines can tell apart from the others, numbered once.

A unit is what one class of interfaces holds between two neighbouring cuts of the address line. The VPC is a part of it: 10.0.0.5 in
two VPCs is two units. A set of units is a Python integer, one bit each, so that a set of all endpoints of an organisation meets
another in microseconds. Units are numbered in order of address, those of a block before those of the next: a range of addresses is a
run of bits in each block.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator

import msgspec

from ..models.packet import END_OF_ADDRESSES, IntervalSet


class Span(msgspec.Struct, frozen=True, order=True):
    """Neighbouring addresses of one class of interfaces, both ends included. `sort` keeps apart what references tell apart.

    Units of one `block` are numbered together: those that fare alike then stand side by side.
    """

    low: int
    high: int
    realm: str
    holder: str
    sort: str = ""
    block: int = 0


class MisalignedError(Exception):
    """A set of addresses cuts through a unit: its borders, at which the units are to be cut as well; `coarse` ones, or all."""

    def __init__(self, cuts: set[int], *, coarse: bool) -> None:
        super().__init__(f"{len(cuts)} cuts are missing")
        self.cuts = cuts
        self.coarse = coarse


class Units:
    """The units of a network; `cuts` are the numbers at which a unit has to begin. `coarse` ones are made of others."""

    def __init__(self, spans: Iterable[Span], cuts: Iterable[int], *, coarse: bool = False) -> None:
        self.coarse = coarse
        self.cuts = sorted(set(cuts) | {0})
        parts: dict[tuple[int, int, str, str, str], list[tuple[int, int]]] = {}
        for one in spans:
            low, at = one.low, bisect_right(self.cuts, one.low) - 1
            while low <= one.high:
                end = min(one.high, self.cuts[at + 1] - 1 if at + 1 < len(self.cuts) else END_OF_ADDRESSES)
                parts.setdefault((one.block, at, one.realm, one.holder, one.sort), []).append((low, end))
                low, at = end + 1, at + 1
        keys = sorted(parts)
        self._numbers = {key: number for number, key in enumerate(keys)}
        # Where each unit of a block begins, as (block, number of the cut): in order, so that a block of addresses is a run.
        self._segments = [key[:2] for key in keys]
        self._blocks = sorted({key[0] for key in keys})
        self.realms = [key[2] for key in keys]
        self.holders = [key[3] for key in keys]
        self.addresses = [IntervalSet(parts[key]) for key in keys]
        self._line = sorted((low, high, number) for number, one in enumerate(self.addresses) for low, high in one)
        self._lows = [low for low, _, _ in self._line]
        self._found: dict[IntervalSet, int] = {}
        self._of_realm = _bits_by(self.realms)
        self._of_holder: dict[str, list[int]] = {}
        for number, holder in enumerate(self.holders):
            self._of_holder.setdefault(holder, []).append(number)

    def __len__(self) -> int:
        return len(self.realms)

    def number(self, one: Span) -> int:
        """Return the number of the unit of which a span is a part."""
        return self._numbers[one.block, bisect_right(self.cuts, one.low) - 1, one.realm, one.holder, one.sort]

    def realm(self, vpc_id: str) -> int:
        """Return the units of a VPC; 0 for one without any."""
        return self._of_realm.get(vpc_id, 0)

    def of(self, holder: str) -> list[int]:
        """Return the numbers of the units of a class of interfaces, in ascending order; empty for one without any."""
        return self._of_holder.get(holder, [])

    def within(self, wanted: IntervalSet, among: int = -1) -> int:
        """Return the units, of those in `among`, whose addresses lie in the set; raises MisalignedError where it cuts through one."""
        if among != -1:  # asked for once, by whoever names a few addresses of one VPC: not worth its memory
            return self._covered(wanted, among)
        found = self._found.get(wanted)
        if found is None:
            found = self._found[wanted] = self._covered(wanted, -1)
        return found

    def _covered(self, wanted: IntervalSet, among: int) -> int:
        found = 0
        counted: dict[int, int] = {}
        for low, high in wanted:
            first, last = bisect_left(self.cuts, low), bisect_right(self.cuts, high + 1) - 1
            if high == END_OF_ADDRESSES:
                last = len(self.cuts)
            if first < last:
                for block in self._blocks:
                    start, end = bisect_left(self._segments, (block, first)), bisect_left(self._segments, (block, last))
                    found |= ((1 << (end - start)) - 1) << start
                self._count(low, self.cuts[first] - 1, among, counted)
                if last < len(self.cuts):
                    self._count(self.cuts[last], high, among, counted)
            else:
                self._count(low, high, among, counted)
        for number, held in counted.items():
            if held != self.addresses[number].count():
                raise MisalignedError(_borders(wanted), coarse=self.coarse)
            found |= 1 << number
        return found & among

    def lies_in(self, number: int, wanted: IntervalSet) -> bool:
        """Return whether a unit's addresses lie in the set; raises MisalignedError where it cuts through it."""
        held = self.addresses[number]
        first, last = held.smallest(), held.intervals[-1][1]
        at = bisect_right(wanted.intervals, (first, END_OF_ADDRESSES + 1)) - 1
        if at >= 0 and last <= wanted.intervals[at][1]:
            return True
        common = held & wanted
        if common and common != held:
            raise MisalignedError(_borders(wanted), coarse=self.coarse)
        return bool(common)

    def _count(self, low: int, high: int, among: int, counted: dict[int, int]) -> None:
        """Add how many addresses of each unit lie in low to high, both included."""
        at = bisect_right(self._lows, low) - 1
        at = max(at - self._overlap(at, low), 0)
        while at < len(self._line) and self._line[at][0] <= high:
            begin, end, number = self._line[at]
            if end >= low and (among == -1 or among >> number & 1):
                counted[number] = counted.get(number, 0) + min(end, high) - max(begin, low) + 1
            at += 1

    def _overlap(self, at: int, low: int) -> int:
        """Return how many spans before `at` may reach to `low`: those of other VPCs at the same addresses."""
        back = 0
        floor = self.cuts[bisect_right(self.cuts, low) - 1]
        while at - back > 0 and self._line[at - back - 1][0] >= floor:
            back += 1
        return back

    def together(self, numbers: Iterable[int]) -> IntervalSet:
        """Return the addresses of the units with these numbers."""
        return IntervalSet(interval for number in numbers for interval in self.addresses[number])


def _borders(wanted: IntervalSet) -> set[int]:
    return {border for low, high in wanted for border in (low, high + 1)}


def _bits_by(names: list[str]) -> dict[str, int]:
    numbers: dict[str, list[int]] = {}
    for number, name in enumerate(names):
        numbers.setdefault(name, []).append(number)
    return {name: bits_of(found) for name, found in numbers.items()}


def bits_of(numbers: Iterable[int]) -> int:
    """Return the integer with these bits set; 0 for none."""
    every = list(numbers)
    if not every:
        return 0
    whole = bytearray(max(every) // 8 + 1)
    for number in every:
        whole[number >> 3] |= 1 << (number & 7)
    return int.from_bytes(whole, "little")


_IN_BYTE = [tuple(at for at in range(8) if byte >> at & 1) for byte in range(256)]


def numbers_in(bits: int) -> Iterator[int]:
    """Yield the numbers of the bits that are set, in ascending order."""
    low = ((bits & -bits).bit_length() - 1) & ~7 if bits else 0
    bits >>= low
    for at, byte in enumerate(bits.to_bytes((bits.bit_length() + 7) // 8, "little")):
        if byte:
            base = low + (at << 3)
            for one in _IN_BYTE[byte]:
                yield base + one
