"""Exemptions as the relation sees them: of each endpoint the whole is left out, or nothing; where it is a part, only packets tell."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from ..models.endpoint import Endpoint
from ..models.packet import IntervalSet
from .parts import Exemption, Side
from .relations import Block, Named, Related


class Whole(msgspec.Struct, frozen=True):
    """An exemption in the words of the relation: sources as bits, targets by name (None: all of them), and services."""

    exemption: Exemption
    sources: int
    targets: frozenset[str] | None
    services: IntervalSet


class Exempt(msgspec.Struct, frozen=True):
    """What is left out, and the names of sources and targets of which any exemption leaves out a part."""

    whole: list[Whole]
    part_sources: set[str]
    part_targets: set[str]

    def lasting(self, blocks: Iterable[Block]) -> list[Block]:
        """Return some blocks without what is left out for good."""
        return _less(blocks, [one for one in self.whole if one.exemption.ignore is None])

    def ignored(self, blocks: Iterable[Block]) -> list[Block]:
        """Return some blocks without what is ignored for a time."""
        return _less(blocks, [one for one in self.whole if one.exemption.ignore is not None])

    @property
    def ignoring(self) -> tuple[Exemption, ...]:
        """The exemptions for a time."""
        return tuple(one.exemption for one in self.whole if one.exemption.ignore is not None)


def _less(blocks: Iterable[Block], whole: Iterable[Whole]) -> list[Block]:
    left = list(blocks)
    for each in whole:
        left = [rest for one in left for rest in one.without(each.sources, each.targets, each.services)]
    return left


def exempt_of(every: Iterable[Exemption], sources: Named, targets: Named, related: Related) -> Exempt:
    """Return exemptions in the words of the relation, for these sources and targets by name."""
    found = Exempt([], set(), set())
    for one in every:
        near, partly = _held(one.source, sources, related, by_address=True)
        far, partly_there = _held(one.target, targets, related, by_address=False)
        found.part_sources.update(partly)
        found.part_targets.update(partly_there)
        bits = -1 if near is None else related.bits(near)
        found.whole.append(Whole(one, bits, far, one.services))
    return found


def _held(side: Side | None, named: Named, related: Related, *, by_address: bool) -> tuple[frozenset[str] | None, set[str]]:
    """Return the names that are on a side whole, and those that are in part.

    By its address a target is left out only where packets were sent to itself, which the relation does not say.
    """
    if side is None:
        return None, set()
    whole, partly = set[str](), set[str]()
    touched = named if side.addresses else {related.name_of[id] for id in side.ids if id in related.name_of}
    for name in touched:
        members = named.get(name, ())
        held = [_on(side, one, by_address=by_address) for one in members]
        if held and all(one is True for one in held):
            whole.add(name)
        elif any(one is not False for one in held):
            partly.add(name)
    return frozenset(whole), partly


def _on(side: Side, one: Endpoint, *, by_address: bool) -> bool | None:
    """Return whether an endpoint is on a side, None where a part of its packets is."""
    if one.id in side.ids:
        return True
    if not (side.addresses and one.addresses & side.addresses):
        return False
    return True if by_address and one.addresses <= side.addresses else None
