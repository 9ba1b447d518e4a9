"""Boxes: sources x targets x services. A set of packets is a list of disjoint boxes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from ..models.packet import IntervalSet, union
from ..models.table import Match


class Box(msgspec.Struct, frozen=True):
    """Every packet with a source, a target and a service of these sets; empty when any of them is."""

    sources: IntervalSet
    targets: IntervalSet
    services: IntervalSet

    def __bool__(self) -> bool:
        return bool(self.sources) and bool(self.targets) and bool(self.services)

    def __and__(self, other: Box) -> Box:
        return Box(self.sources & other.sources, self.targets & other.targets, self.services & other.services)

    def matching(self, match: Match) -> Box:
        """Return the part that a line is about, its realms left out."""
        return Box(
            self.sources if match.sources is None else self.sources & match.sources,
            self.targets if match.targets is None else self.targets & match.targets,
            self.services if match.services is None else self.services & match.services,
        )

    def minus(self, other: Box) -> list[Box]:
        """Return what is left without `other`, which lies within this box: up to three disjoint boxes."""
        rest: list[Box] = []
        if other.sources is not self.sources:
            rest.append(Box(self.sources - other.sources, self.targets, self.services))
        if other.targets is not self.targets:
            rest.append(Box(other.sources, self.targets - other.targets, self.services))
        if other.services is not self.services:
            rest.append(Box(other.sources, other.targets, self.services - other.services))
        return [box for box in rest if box]


def minus_all(boxes: Iterable[Box], others: Iterable[Box]) -> list[Box]:
    """Return what is left of the boxes without the others."""
    left = list(boxes)
    for other in others:
        kept: list[Box] = []
        for box in left:
            both = box & other
            kept.extend(box.minus(both) if both else (box,))
        left = kept
    return left


def coalesced(boxes: Iterable[Box]) -> list[Box]:
    """Return the same packets in fewer boxes: those that differ in one side only become one, until nothing changes."""
    current = list(dict.fromkeys(boxes))
    while len(current) > 1:
        before = len(current)
        current = _joined(current, lambda box: (box.sources, box.targets))
        current = _joined(current, lambda box: (box.targets, box.services))
        current = _joined(current, lambda box: (box.sources, box.services))
        if len(current) == before:
            break
    return current


def _joined(boxes: list[Box], key: object) -> list[Box]:
    groups: dict[object, list[Box]] = {}
    for box in boxes:
        groups.setdefault(key(box), []).append(box)  # type: ignore[operator]
    return [group[0] if len(group) == 1 else _hull(group) for group in groups.values()]


def _hull(group: list[Box]) -> Box:
    return Box(
        union(box.sources for box in group),
        union(box.targets for box in group),
        union(box.services for box in group),
    )


def refined(boxes: Iterable[Box]) -> Iterator[Box]:
    """Yield boxes whose source x target rectangles are disjoint, each with all the services of the boxes over it."""
    cells: list[Box] = []
    for box in boxes:
        fresh = [box]
        kept: list[Box] = []
        for cell in cells:
            both = Box(cell.sources & box.sources, cell.targets & box.targets, cell.services | box.services)
            if not (both.sources and both.targets):
                kept.append(cell)
                continue
            kept.append(both)
            rectangle = Box(both.sources, both.targets, cell.services)
            kept.extend(cell.minus(rectangle))
            rectangle = Box(both.sources, both.targets, box.services)
            fresh = minus_all(fresh, [rectangle])
        cells = kept + fresh
    yield from cells
