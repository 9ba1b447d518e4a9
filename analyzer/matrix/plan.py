"""What a matrix is made of: the groups, who is in them, and the shards that can be folded one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cached_property
from threading import RLock
from typing import Any

import msgspec

from ..engine.relation import Row, relation
from ..models.matrix import Group
from ..models.packet import IntervalSet
from ..models.snapshot import Snapshot
from ..related import Related, bits_by_name, rows_on
from ..select.catalogue import subjects
from .bits import Bits
from .grain import grain, groups_of
from .sites import with_sites

# A shard is a second's work or less, so that what a lost worker had done is soon done again, and its rows fit into memory.
MOST_CLASSES = 256
MOST_GROUPS = 128
MOST_CELLS = 4_000_000


class Shard(msgspec.Struct, frozen=True):
    """Some groups as targets, by number, and the endpoint classes in them.

    Not `whole`: a part of the classes of one large group, and `last` the last such part.
    """

    groups: tuple[int, ...]
    classes: tuple[str, ...]
    whole: bool = True
    last: bool = True


class Senders(msgspec.Struct, frozen=True):
    """The members of one class as sources: their groups as bits, and how many of them each group has."""

    groups: int
    counts: Counter[int]

    def but(self, member_groups: Iterable[int]) -> int:
        """Return the groups that have another member of the class than the one with these groups."""
        gone = sum(1 << group for group in member_groups if self.counts[group] == 1)
        return self.groups & ~gone


class Limits(msgspec.Struct, frozen=True):
    """The question: the grain, the services, and the ids of endpoints that count, None for all of them.

    With `sites` networks behind VPNs and the like are sources as well.
    """

    by: str
    services: IntervalSet
    sources: frozenset[str] | None = None
    targets: frozenset[str] | None = None
    context_key: str | None = None
    sites: bool = False


class Plan:
    """The groups and shards of one matrix. Read-only once made; pickled without what can be derived."""

    def __init__(self, world: Snapshot, limits: Limits, made: Related | None = None) -> None:
        self.world = world
        self.limits = limits
        self._derived(made)

    def _derived(self, made: Related | None) -> None:
        made = made or relation(self.world)
        self.relation: Related = with_sites(made, self.world) if self.limits.sites else made
        # Workers that are threads of one process share a plan.
        self.lock = RLock()
        self.bits: Bits | None = None
        self.groups: tuple[Group, ...] = ()
        self.senders: dict[str, Senders] = {}
        # For each group the members of it, by class, as targets; for each member its groups as a source.
        self.receivers: dict[int, dict[str, list[str]]] = {}
        self.groups_as_source: dict[str, tuple[int, ...]] = {}
        self._number()

    def __getstate__(self) -> dict[str, Any]:
        return {"world": self.world, "limits": self.limits}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.world = state["world"]
        self.limits = state["limits"]
        self._derived(None)

    def rows(self, classes: Iterable[str]) -> Iterator[Row]:
        """Return what reaches these classes on the services that are asked for."""
        return rows_on(self.relation, self.world, self.limits.services, classes)

    def _number(self) -> None:
        """Give the groups numbers, by VPC so that neighbours have classes in common, and note who is in them."""
        of = grain(self.limits.by, self.limits.context_key)
        senders = self._members(self.relation.sources, self.limits.sources)
        receivers = self._members(self.relation.targets, self.limits.targets)
        ids = {id for members in (*senders.values(), *receivers.values()) for id in members}
        groups = {id: groups_of(id, self.world, of) for id in ids}
        self.groups = tuple(sorted({one for found in groups.values() for one in found}, key=_order))
        numbers = {one: number for number, one in enumerate(self.groups)}
        numbered = {id: tuple(numbers[one] for one in found) for id, found in groups.items()}
        for name, members in senders.items():
            counts = Counter(number for id in members for number in numbered[id])
            self.senders[name] = Senders(sum(1 << number for number in counts), counts)
            self.groups_as_source.update((id, numbered[id]) for id in members)
        for name, members in receivers.items():
            for id in members:
                for number in numbered[id]:
                    self.receivers.setdefault(number, {}).setdefault(name, []).append(id)

    def _members(self, classes: Iterable[str], counting: frozenset[str] | None) -> dict[str, list[str]]:
        found = {name: list(self.relation.members(name)) for name in dict.fromkeys(classes)}
        kept = {name: ids if counting is None else [id for id in ids if id in counting] for name, ids in found.items()}
        return {name: ids for name, ids in kept.items() if ids}

    def missing(self) -> list[str]:
        """Return the ids that are meant as targets, or named as sources, and of which the relation tells nothing.

        They are endpoints without an interface: a gateway endpoint, a service with addresses of its own.
        """
        meant = self.limits.targets
        targets = frozenset(one.id for one in subjects(self.world)) if meant is None else meant
        known = {id for name in {*self.relation.sources, *self.relation.targets} for id in self.relation.members(name)}
        return sorted((targets | (self.limits.sources or frozenset())) - known)

    @cached_property
    def units(self) -> dict[str, int]:
        """The units of each class as bits."""
        return bits_by_name(self.relation)

    @property
    def source_groups(self) -> int:
        """How many groups have a source."""
        return len({number for one in self.senders.values() for number in one.counts})

    @property
    def pairs(self) -> int:
        """How many pairs of groups there can be: a group with one member, source and target alike, makes none with itself."""
        sources = Counter(number for one in self.senders.values() for number in one.counts.elements())
        alone = 0
        for number, classes in self.receivers.items():
            ids = [id for members in classes.values() for id in members]
            alone += len(ids) == sources[number] == 1 and number in self.groups_as_source.get(ids[0], ())
        return self.source_groups * len(self.receivers) - alone

    def shards(self) -> Iterator[Shard]:
        """Yield the shards, in order of their groups; each is folded without any other."""
        most = max(1, min(MOST_GROUPS, MOST_CELLS // max(1, len(self.groups))))
        groups: list[int] = []
        classes: dict[str, None] = {}
        for number in sorted(self.receivers):
            mine = self.receivers[number]
            if groups and (len(groups) == most or len(classes) + len(mine) > MOST_CLASSES):
                yield Shard(tuple(groups), tuple(classes))
                groups, classes = [], {}
            if len(mine) > MOST_CLASSES:
                every = tuple(mine)
                for at in range(0, len(every), MOST_CLASSES):
                    last = at + MOST_CLASSES >= len(every)
                    yield Shard((number,), every[at : at + MOST_CLASSES], whole=False, last=last)
                continue
            groups.append(number)
            classes.update(dict.fromkeys(mine))
        if groups:
            yield Shard(tuple(groups), tuple(classes))


def _order(group: Group) -> tuple[str, str, str]:
    return group.vpc, group.id, group.name
