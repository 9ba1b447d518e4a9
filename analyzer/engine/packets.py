"""Sets of packets of many senders: joined where they are alike, cut where they differ."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator

from ..models.packet import END_OF_ADDRESSES, IntervalSet, union

# Every packet from one of these units to one of the far addresses on one of the services.
Packets = tuple[int, IntervalSet, IntervalSet]
MANY = 12


class Meetings:
    """Intersections of sets of services, each pair met once: there are few of them, and they meet again and again."""

    def __init__(self) -> None:
        self._met: dict[tuple[int, int], IntervalSet] = {}
        self._same: dict[IntervalSet, IntervalSet] = {}

    def same(self, one: IntervalSet) -> IntervalSet:
        """Return the one object that stands for every set equal to this one; it lives as long as this does."""
        return self._same.setdefault(one, one)

    def of(self, one: IntervalSet, other: IntervalSet) -> IntervalSet:
        """Return what is in both sets, which `same` has to have returned."""
        key = id(one), id(other)
        found = self._met.get(key)
        if found is None:
            found = self._met[key] = self.same(one & other)
        return found


def rest(whole: Packets, part: Packets) -> Iterator[Packets]:
    """Yield the packets of `whole` without those of `part`, which lies within it."""
    if whole[0] != part[0]:
        yield whole[0] & ~part[0], whole[1], whole[2]
    if whole[1] is not part[1] and (far := whole[1] - part[1]):
        yield part[0], far, whole[2]
    if whole[2] is not part[2] and (services := whole[2] - part[2]):
        yield part[0], part[1], services


def without(packets: Iterable[Packets], seen: list[Packets]) -> Iterator[Packets]:
    """Yield the packets that are not among those seen."""
    for one in packets:
        left = [one]
        for near, far, services in seen:
            kept: list[Packets] = []
            for mine in left:
                # Who sent them tells most packets apart, and is told fastest.
                if (some := mine[0] & near) and (on := mine[2] & services) and (there := mine[1] & far):
                    kept.extend(rest(mine, (some, there, on)))
                else:
                    kept.append(mine)
            left = kept
            if not left:
                break
        yield from left


def meeting(one: Packets, other: Packets) -> Packets | None:
    """Return the packets that are in both; None for none."""
    near = one[0] & other[0]
    services = one[2] & other[2] if near else one[2]
    if not (near and services):
        return None
    far = one[1] & other[1]
    return (near, far, services) if far else None


class Crowd:
    """Many packets, found by their far addresses."""

    def __init__(self, packets: list[Packets]) -> None:
        self._by_services: list[tuple[IntervalSet, list[tuple[int, int, int]]]] = []
        stretches: dict[IntervalSet, list[tuple[int, int, int]]] = {}
        for near, far, services in by_far(packets, few=0):
            stretches.setdefault(services, []).extend((low, high, near) for low, high in far)
        for services, found in stretches.items():
            self._by_services.append((services, sorted(found)))

    def within(self, one: Packets) -> list[Packets]:
        """Return those of some packets that are in the crowd."""
        found: dict[tuple[int, IntervalSet], list[tuple[int, int]]] = {}
        for services, stretches in self._by_services:
            on = services & one[2]
            for low, high in one[1] if on else ():
                at = max(bisect_right(stretches, (low, END_OF_ADDRESSES + 1, 0)) - 1, 0)
                while at < len(stretches) and stretches[at][0] <= high:
                    start, end, near = stretches[at]
                    if end >= low and (some := near & one[0]):
                        found.setdefault((some, on), []).append((max(low, start), min(high, end)))
                    at += 1
        return [(near, IntervalSet(parts), on) for (near, on), parts in found.items()]

    def without(self, one: Packets) -> list[Packets]:
        """Return those of some packets that are not in the crowd."""
        within = self.within(one)
        return list(without([one], within)) if within else [one]


def joined(packets: list[Packets]) -> list[Packets]:
    """Return the same packets in fewer sets."""
    if len(packets) < 2 or (len(packets) == 2 and sum(one == other for one, other in zip(*packets, strict=True)) < 2):
        return packets  # nothing is joined that differs in two sides
    if len(packets) > MANY:
        packets = by_far(packets)
    same: dict[tuple[IntervalSet, IntervalSet], int] = {}
    for near, far, services in packets:
        same[far, services] = same.get((far, services), 0) | near
    of: dict[tuple[int, IntervalSet], list[IntervalSet]] = {}
    for (far, services), near in same.items():
        of.setdefault((near, services), []).append(far)
    at: dict[tuple[int, IntervalSet], list[IntervalSet]] = {}
    for (near, services), fars in of.items():
        at.setdefault((near, fars[0] if len(fars) == 1 else union(fars)), []).append(services)
    return [(near, far, on[0] if len(on) == 1 else union(on)) for (near, far), on in at.items()]


def by_far(packets: list[Packets], few: int = MANY) -> list[Packets]:
    """Return the packets cut where another set of units sends: no address is in two sets of the same services.

    Where no more than a `few` packets are on the same services, they stay as they are.
    """
    of: dict[IntervalSet, list[tuple[int, IntervalSet]]] = {}
    for near, far, services in packets:
        of.setdefault(services, []).append((near, far))
    out: list[Packets] = []
    for services, found in of.items():
        if len(found) <= few:
            out.extend((near, far, services) for near, far in found)
            continue
        borders = sorted({border for _, far in found for low, high in far for border in (low, high + 1)})
        index = {border: at for at, border in enumerate(borders)}
        size = 1 << (len(borders) - 1).bit_length()
        tree = [0] * (2 * size)
        for near, far in found:
            for low, high in far:
                left, right = index[low] + size, index[high + 1] + size
                while left < right:
                    if left & 1:
                        tree[left] |= near
                        left += 1
                    if right & 1:
                        right -= 1
                        tree[right] |= near
                    left, right = left >> 1, right >> 1
        for at in range(1, size):
            if tree[at]:
                tree[2 * at] |= tree[at]
                tree[2 * at + 1] |= tree[at]
        stretches: dict[int, list[tuple[int, int]]] = {}
        for at in range(len(borders) - 1):
            if tree[size + at]:
                stretches.setdefault(tree[size + at], []).append((borders[at], borders[at + 1] - 1))
        out.extend((near, IntervalSet(parts), services) for near, parts in stretches.items())
    return out
