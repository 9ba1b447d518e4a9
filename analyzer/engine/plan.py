"""Tables made ready for the packets of many senders at once."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence

import msgspec

from ..models.packet import END_OF_ADDRESSES, EVERY_ADDRESS, IntervalSet
from ..models.table import ANY, Action, Drop, Line, Match
from .packets import Packets, rest
from .units import Units

# The realm of packets whose source is an address of the VPC that its unit is in.
OWN = "own"


class Land(msgspec.Struct, frozen=True):
    """Delivered to whichever ordinary interface of the subnet has the address."""


LAND = Land()


class Plan:
    """A table made ready for many packets: where its lines are about targets alone, which action each stretch of addresses meets."""

    def __init__(self, lines: Sequence[tuple[Line, Action | Land]]) -> None:
        self._lines = list(_deciding(lines))
        self._starts: list[int] = []
        self._actions: list[Action | Land | None] = []
        matches = [line.match for line, _ in self._lines]
        # The action that every packet meets; None where they meet several, or are dropped.
        self.everything = self._lines[0][1] if matches[:1] == [ANY] else None
        if len(matches) > 1 and all(one.sources is None and one.services is None and one.realms is None for one in matches):
            self._index()

    def _index(self) -> None:
        """Cut the line of addresses where another action begins."""
        borders = {border for line, _ in self._lines for low, high in line.match.targets or () for border in (low, high + 1)}
        self._starts = sorted({0, *borders} - {END_OF_ADDRESSES + 1})
        chosen: list[Action | Land | None] = [None] * len(self._starts)
        free = list(range(len(self._starts) + 1))  # the next stretch, from here on, that no line before is about

        def next_free(at: int) -> int:
            while free[at] != at:
                free[at] = free[free[at]]
                at = free[at]
            return at

        for line, action in self._lines:
            for low, high in line.match.targets if line.match.targets is not None else EVERY_ADDRESS:
                at = next_free(bisect_right(self._starts, low) - 1)
                while at < len(self._starts) and self._starts[at] <= high:
                    chosen[at], free[at] = action, at + 1
                    at = next_free(at + 1)
        self._actions = chosen

    def split(self, packets: list[Packets], realm: str, units: Units) -> list[tuple[Action | Land, list[Packets]]]:
        """Return each action of the table with the packets that meet it."""
        if self.everything is not None:
            return [(self.everything, packets)]
        if self._starts:
            return self._by_stretch(packets)
        return self._by_line(packets, realm, units)

    def _by_stretch(self, packets: list[Packets]) -> list[tuple[Action | Land, list[Packets]]]:
        met: dict[int, tuple[Action | Land, list[Packets]]] = {}
        for near, far, services in packets:
            parts: dict[int, tuple[Action | Land, list[tuple[int, int]]]] = {}
            for low, high in far:
                at = bisect_right(self._starts, low) - 1
                while low <= high:
                    end = self._starts[at + 1] - 1 if at + 1 < len(self._starts) else high
                    action = self._actions[at]
                    if action is not None and not isinstance(action, Drop):
                        parts.setdefault(id(action), (action, []))[1].append((low, min(end, high)))
                    low, at = end + 1, at + 1
            for key, (action, found) in parts.items():
                met.setdefault(key, (action, []))[1].append((near, IntervalSet(found), services))
        return list(met.values())

    def _by_line(self, packets: list[Packets], realm: str, units: Units) -> list[tuple[Action | Land, list[Packets]]]:
        met: list[tuple[Action | Land, list[Packets]]] = []
        left = packets
        for line, action in self._lines:
            if not left:
                break
            match = line.match
            among = -1
            if match.realms is not None:
                if realm != OWN and realm not in match.realms:
                    continue
                among = -1 if realm != OWN else _of(units, match.realms)
            if among == 0:
                continue
            mine: list[Packets] = []
            kept: list[Packets] = []
            for near, far, services in left:
                on = services if match.services is None else services & match.services
                some = near & among if match.sources is None else units.within(match.sources, among) & near
                there = far if match.targets is None or not (on and some) else far & match.targets
                if not (on and some and there):
                    kept.append((near, far, services))
                    continue
                mine.append((some, there, on))
                kept.extend(rest((near, far, services), (some, there, on)))
            left = kept
            if mine and not isinstance(action, Drop):
                met.append((action, mine))
        return met


def _deciding(lines: Sequence[tuple[Line, Action | Land]]) -> Iterable[tuple[Line, Action | Land]]:
    """Return the lines without those that drop what no line after them would let pass: it meets none, and is dropped all the same."""
    passing: list[Match] = []
    kept: list[tuple[Line, Action | Land]] = []
    for line, action in reversed(lines):
        if not isinstance(action, Drop):
            passing.append(line.match)
        elif not any(_meet(line.match, other) for other in passing):
            continue
        kept.append((line, action))
    return reversed(kept)


def _meet(one: Match, other: Match) -> bool:
    """Return whether a header may match both."""
    for mine, theirs in ((one.sources, other.sources), (one.targets, other.targets), (one.services, other.services)):
        if mine is not None and theirs is not None and not mine & theirs:
            return False
    return one.realms is None or other.realms is None or bool(one.realms & other.realms)


def _of(units: Units, realms: Iterable[str]) -> int:
    found = 0
    for one in realms:
        found |= units.realm(one)
    return found
