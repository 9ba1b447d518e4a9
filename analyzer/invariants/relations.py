"""The relation of a whole snapshot, made when an invariant needs it, and what it says on some services."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

from ..engine.factored import Factored
from ..engine.relation import Relation, relation
from ..models.packet import IntervalSet
from ..models.snapshot import Snapshot
from ..related import bits_by_name, rows_on


class Related:
    """Who is not surely blocked from whom; kept for one check."""

    def __init__(self, world: Snapshot, make: Callable[[], Relation] | None = None) -> None:
        self._world = world
        self._make = make
        self._senders: dict[IntervalSet, dict[str, int]] = {}

    @cached_property
    def relation(self) -> Relation:
        """The relation of the snapshot, made once."""
        return self._make() if self._make is not None else relation(self._world)

    @cached_property
    def kept(self) -> Factored:
        """The relation as hops ask it, made once."""
        return Factored(self.relation)

    @cached_property
    def bits(self) -> dict[str, int]:
        """The bits of each source."""
        return bits_by_name(self.relation)

    def senders(self, asked: IntervalSet) -> dict[str, int]:
        """Return for each target who is not surely blocked from it on some services, as bits; targets without any are left out.

        In a snapshot that says of nothing where it is, nothing is surely blocked.
        """
        if asked not in self._senders:
            found: dict[str, int] = {}
            for row in rows_on(self.relation, self._world, asked, self.relation.targets):
                found[row.target] = found.get(row.target, 0) | row.sources
            self._senders[asked] = found
        return self._senders[asked]
