"""Every component at one moment, looked up by id; what is missing and what is not modelled."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from copy import copy
from functools import cached_property
from typing import Any, Self

import msgspec

from .component import Component, undecided, unknown
from .found import Found
from .layer import Layer, stale
from .packet import IntervalSet, prefix, union
from .seen import Seen
from .table import Direction, Place, Table

# Without these documents nobody knows where anything stands: what is not found may be there all the same.
ESSENTIAL = {"vpc": "Vpcs", "subnet": "Subnets", "network_interface": "NetworkInterfaces"}

NOBODY = Component()


class Broken(msgspec.Struct, frozen=True, order=True):
    """A resource or document that was left out because it could not be read: its kind and id where they are known."""

    kind: str
    id: str
    text: str


class Snapshot(Found):
    """AWS at one moment: an implementation of `component.World`, immutable once made.

    `collected` names the kinds of which the snapshot holds documents, be they empty; `not_modelled` are sentences about what
    it holds beyond the components; `kinds` are the component classes that may be looked up. `unmodelled_ways` are the keys of
    documents, not modelled, whose resources carry packets between networks: local gateways; `unmodelled_entries` those whose
    resources let the internet in: carrier gateways, Verified Access. A `complete` one has been given what must exist. `seen` is
    what a collection saw and what not, where one says so; `left_out` are kinds of which it holds nothing where none was made.
    """

    def __init__(
        self,
        components: Iterable[Component],
        *,
        kinds: Sequence[type[Component]],
        collected: Iterable[str] = (),
        broken: Iterable[Broken] = (),
        not_modelled: Iterable[str] = (),
        unmodelled_ways: Iterable[str] = (),
        unmodelled_entries: Iterable[str] = (),
        collected_at: str = "",
        seen: Seen | None = None,
        left_out: Container[str] = (),
        complete: bool = False,
    ) -> None:
        super().__init__()
        self.kinds = tuple(kinds)
        self.broken = tuple(sorted(broken))
        self.not_modelled = tuple(sorted(set(not_modelled)))
        self.unmodelled_ways = tuple(sorted(unmodelled_ways))
        self.unmodelled_entries = tuple(sorted(unmodelled_entries))
        self.collected_at = collected_at
        self.seen = seen
        self.all_started = False
        self._broken = frozenset(one.kind for one in self.broken)
        self.documented = frozenset(collected) - self._broken
        self.loses_sight = any(self.is_broken(kind.kind) for kind in self.kinds if kind.leads)
        self._at: dict[str, Component | None] = {}
        self._by_kind: dict[str, Any] = {kind.kind: {} for kind in kinds}
        self._indexes: dict[tuple[str, str], dict[object, list[Any]]] = {}
        self._tables: dict[tuple[Place, Direction], Table] = {}
        found: dict[str, dict[str, Any]] = {}
        for one in components:
            found.setdefault(one.kind, {})[one.id] = one
        for kind, ones in found.items():
            self._by_kind[kind] = dict(sorted(ones.items()))
        lacks = [key for kind, key in ESSENTIAL.items() if kind in left_out or not self._known_of(kind) or self._half_seen(kind)]
        self.lacks = (*lacks, *(["RouteTables"] if self._half_seen("route_table") else []))
        if not complete:
            self._complete()

    def _complete(self) -> None:
        """Add what must exist though the snapshot does not hold it."""
        for kind in self.kinds:
            if not kind.documents:
                made = kind()
                self._by_kind[kind.kind][made.id] = made
        shapes = {document.key: kind for kind in reversed(self.kinds) for document in kind.documents}
        rows = [row for kind in self.kinds for row in kind.implied(self)]
        for key, row in rows:
            shape = shapes[key]
            one = msgspec.convert(row, shape)
            self._by_kind[shape.kind].setdefault(one.id, one)
        self._indexes.clear()
        self._at.clear()
        self.__dict__.pop("_kinds_of_places", None)
        self.forget()

    def __getstate__(self) -> dict[str, Any]:
        """Return what the snapshot holds, for another process, without what it has derived from that and would derive again."""
        kept = {
            name: value for name, value in vars(self).items() if not isinstance(getattr(type(self), name, None), cached_property)
        }
        return kept | {name: {} for name in ("_indexes", "_tables", "_members")}

    def __copy__(self) -> Self:
        """Return a twin that shares all that this one has derived."""
        twin = type(self).__new__(type(self))
        vars(twin).update(vars(self))
        return twin

    def edited(self, changes: Mapping[tuple[str, str], Component | None]) -> Self:
        """Return the snapshot with other components under these names, (kind, id): None removes one. This one stays as it is.

        Nothing is read or completed again, and what the changes cannot touch is shared, so that it costs what it changes.
        """
        twin = copy(self)
        kinds = {kind for kind, _ in changes}
        layers = {kind: {id: one for (other, id), one in changes.items() if other == kind} for kind in kinds}
        twin._by_kind = {**self._by_kind, **{kind: Layer(self._by_kind[kind], ones) for kind, ones in layers.items()}}
        twin._indexes = {key: index for key, index in self._indexes.items() if key[0] not in kinds}
        twin._at, twin._tables = {}, {}
        for name in ("_kinds_of_places", "started"):
            twin.__dict__.pop(name, None)
        # Whatever follows from addresses may be another thing once an interface has others.
        twin.outdate(stale({*kinds, "addresses"} if any(self._moved(*change) for change in changes.items()) else kinds))
        return twin

    def _moved(self, name: tuple[str, str], one: Any) -> bool:
        """Return whether a change gives an interface other addresses."""
        before = self.find(*name)
        if name[0] != "network_interface" or one is None or before is None:
            return name[0] == "network_interface"
        return bool((one.private_addresses, one.public_addresses) != (before.private_addresses, before.public_addresses))

    # ------------------------------------------------------------------ looking things up
    def find(self, kind: str, id: str) -> Any:
        """Return the component of a kind with this id; None when the snapshot has none."""
        return self._by_kind.get(kind, {}).get(id)

    def all(self, kind: str) -> Sequence[Any]:
        """Return every component of a kind, in order of id."""
        return list(self._by_kind.get(kind, {}).values())

    def ids(self, kind: str) -> Sequence[str]:
        """Return the ids of every component of a kind, in order; of a stored snapshot without decoding the components."""
        return list(self._by_kind.get(kind, ()))

    def keeper(self, vpc_id: str) -> Component:
        """Return who tells all that is in a VPC: the VPC itself, by its owner; where it is not held, somebody who was not asked."""
        return self.find("vpc", vpc_id) or NOBODY

    def where(self, kind: str, attribute: str, value: object) -> Sequence[Any]:
        """Return the components of a kind whose attribute has this value, in order of id."""
        index = self._indexes.get((kind, attribute))
        if index is None:
            index = self._indexes[kind, attribute] = {}
            for one in self.all(kind):
                index.setdefault(getattr(one, attribute), []).append(one)
        return index.get(value, [])

    def collected(self, kind: str, near: Component | None = None) -> bool:
        """Return whether the snapshot holds the documents of this kind, be they empty; `near` a component where one is given."""
        return not self.is_broken(kind, near) and (kind in self.documented or bool(self._by_kind.get(kind)))

    def is_broken(self, kind: str, near: Component | None = None) -> bool:
        """Return whether something of this kind, or of a kind that nobody can tell, was left out; see `World.is_broken`."""
        if kind in self._broken or "" in self._broken:
            return True
        return self.seen is not None and not self.seen.whole(kind, near)

    def _half_seen(self, kind: str) -> bool:
        """Return whether a kind was not collected, or not whole, where other things of a VPC were: it may hold a way through."""
        if self.seen is None or kind not in self.seen.missing:
            return False
        return any(
            not self.seen.whole(kind, one) for other in ESSENTIAL if other != kind for one in self._by_kind[other].values()
        )

    def _known_of(self, kind: str) -> bool:
        """Return whether any document of a kind is there, or could not be read."""
        return kind in self.documented or bool(self._by_kind.get(kind)) or kind in self._broken or "" in self._broken

    def everything(self, doing: str = "") -> Iterator[Component]:
        """Yield every component, by kind and id; with `doing` those whose class does something of its own under that name."""
        for kind in sorted(self.kinds, key=lambda kind: kind.kind):
            if not doing or kind.relays or getattr(kind, doing) is not getattr(Component, doing):
                yield from self._by_kind[kind.kind].values()

    def at(self, resource: str) -> Component | None:
        """Return the component with this id, of whatever kind; where kinds share an id, the one that has places."""
        if resource not in self._at:
            kinds = (kind for kind in self._kinds_of_places if resource in self._by_kind[kind])
            kind = next(kinds, None)
            self._at[resource] = None if kind is None else self._by_kind[kind][resource]
        return self._at[resource]

    @cached_property
    def _kinds_of_places(self) -> list[str]:
        """The kinds that hold anything, those with places first."""
        kinds = [kind for kind in self.kinds if self._by_kind[kind.kind]]
        with_places = [kind.kind for kind in kinds if kind.table is not Component.table]
        return sorted(with_places, reverse=True) + sorted({kind.kind for kind in kinds}.difference(with_places))

    # ------------------------------------------------------------------ tables
    def table(self, place: Place, direction: Direction) -> Table:
        """Return the table that stands at a place, for requests or replies; made once."""
        made = self._tables.get((place, direction))
        if made is None:
            component = self.at(place.resource)
            made = self._made(component, place, direction)
            both = component is not None and place.stage in component.alike_both_ways
            self._tables.update(((place, one), made) for one in (Direction if both else (direction,)))
        return made

    def _made(self, component: Component | None, place: Place, direction: Direction) -> Table:
        if component is None or not component.has_places:
            doubt = unknown(f"{place.resource} is not in the snapshot, or not modelled", place.resource, "LIM-7")
            return undecided("unknown", "not in the snapshot", doubt)
        return component.table(place, direction, self)

    # ------------------------------------------------------------------ what components ask of each other
    def prefix_blocks(self, prefix_list_id: str) -> list[str] | None:
        """Return the blocks of a prefix list; None when the snapshot does not hold its entries."""
        entries = self.find("prefix_list_entries", prefix_list_id)
        if entries is not None:
            return list(entries.cidrs)
        listed = self.find("prefix_list", prefix_list_id)
        return list(listed.cidrs) if listed is not None and listed.cidrs else None

    def prefixes(self, prefix_list_id: str) -> IntervalSet | None:
        """Return the addresses of a prefix list; None when the snapshot does not hold its entries."""
        blocks = self.prefix_blocks(prefix_list_id)
        return None if blocks is None else union(prefix(block) for block in blocks)

    @cached_property
    def started(self) -> Snapshot:
        """The same snapshot as if everything that is stopped ran."""
        twin = Snapshot(
            (one for one in self.everything() if one.documents),
            kinds=self.kinds,
            collected=self.documented,
            broken=self.broken,
            not_modelled=self.not_modelled,
            unmodelled_ways=self.unmodelled_ways,
            unmodelled_entries=self.unmodelled_entries,
            collected_at=self.collected_at,
            seen=self.seen,
        )
        twin.all_started, twin.lacks = True, self.lacks
        return twin
