"""Headers of a filter's lines: addresses times services."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from ..models.packet import EVERY_SERVICE, IntervalSet


class Box(msgspec.Struct, frozen=True):
    """Some far addresses on some services."""

    addresses: IntervalSet
    services: IntervalSet = EVERY_SERVICE

    def __bool__(self) -> bool:
        return bool(self.addresses) and bool(self.services)

    def __le__(self, other: Box) -> bool:
        return self.addresses <= other.addresses and self.services <= other.services

    def meets(self, other: Box) -> bool:
        """Return whether a header is in both."""
        return bool(self.addresses & other.addresses) and bool(self.services & other.services)

    def without(self, other: Box) -> list[Box]:
        """Return what is left of it without another one."""
        if not self.meets(other):
            return [self]
        common = self.addresses & other.addresses
        parts = (Box(self.addresses - other.addresses, self.services), Box(common, self.services - other.services))
        return [part for part in parts if part]


def left(box: Box, others: Iterable[Box]) -> list[Box]:
    """Return what is left of a box without some others."""
    parts = [box]
    for other in others:
        parts = [piece for part in parts for piece in part.without(other)]
        if not parts:
            break
    return parts
