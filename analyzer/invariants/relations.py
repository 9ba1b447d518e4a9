"""The relation of a whole snapshot, made when an invariant needs it, and what it says on some services."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

from ..engine.relation import Relation, relation
from ..models.packet import IntervalSet
from ..models.snapshot import Snapshot


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
    def bits(self) -> dict[str, int]:
        """The bits of each source."""
        found: dict[str, int] = {}
        for number, name in enumerate(self.relation.sources):
            found[name] = found.get(name, 0) | 1 << number
        return found

    def senders(self, asked: IntervalSet) -> dict[str, int]:
        """Return for each target who is not surely blocked from it on some services, as bits; targets without any are left out.

        In a snapshot that says of nothing where it is, nothing is surely blocked.
        """
        if asked not in self._senders:
            made = self.relation
            everybody = (1 << len(made.sources)) - 1
            found: dict[str, int] = dict.fromkeys(made.targets, everybody) if self._world.lacks else {}
            for name in made.targets if not self._world.lacks else ():
                bits = 0
                for row in made.rows([name]):
                    bits |= row.sources if row.services & asked else 0
                if bits:
                    found[name] = bits
            self._senders[asked] = found
        return self._senders[asked]
