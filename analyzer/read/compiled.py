"""A snapshot as bytes, and back: every component decoded when it is first asked for, and what was found out already.

The bytes are sections of MessagePack: one for each kind of component, by id, and a few of what was found out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import msgspec

from ..models.aws import COMPONENTS
from ..models.component import Component
from ..models.found import QUESTIONS, Name
from ..models.packet import IntervalSet
from ..models.seen import Seen
from ..models.snapshot import Broken, Snapshot

# The attributes of interfaces by which nearly every question looks for some of them.
LOOKED_UP_BY = ("subnet_id", "vpc_id", "instance_id")
INTERFACE = "network_interface"


class Facts(msgspec.Struct, frozen=True, array_like=True):
    """What a snapshot knows beside its components, and what was found out about them; names are pairs of kind and id.

    `public` holds intervals in hexadecimal digits, as MessagePack has no numbers of 128 bits.
    """

    collected: list[str]
    broken: list[Broken]
    not_modelled: list[str]
    unmodelled_ways: list[str]
    unmodelled_entries: list[str]
    collected_at: str
    seen: Seen | None
    lacks: tuple[str, ...]
    accounts: list[str]
    has_ways_out: bool
    doers: dict[str, list[Name]]
    routers: dict[str, list[Name]]
    public: dict[str, list[tuple[str, str]]]


def compiled(snapshot: Snapshot) -> Iterator[tuple[str, bytes]]:
    """Yield the snapshot as sections by name: each kind of component, and what is found out by looking at everything.

    Sections are made as they are taken, so that only one of them need be in memory.
    """
    encode = msgspec.msgpack.Encoder().encode
    for kind in snapshot.kinds:
        yield kind.kind, encode({one.id: one for one in snapshot.all(kind.kind)})
    for name, found in _lookups(snapshot).items():
        yield f"by {name}", encode(found)
    yield "owners", encode(snapshot.owners)
    yield "carried", encode(snapshot.carried)
    yield (
        "facts",
        encode(
            Facts(
                sorted(snapshot.documented),
                list(snapshot.broken),
                list(snapshot.not_modelled),
                list(snapshot.unmodelled_ways),
                list(snapshot.unmodelled_entries),
                snapshot.collected_at,
                snapshot.seen,
                snapshot.lacks,
                snapshot.accounts,
                snapshot.has_ways_out,
                {question: [(one.kind, one.id) for one in snapshot.doing(question)] for question in QUESTIONS},
                snapshot.routers,
                {vpc_id: [(f"{low:x}", f"{high:x}") for low, high in found] for vpc_id, found in snapshot.public.items()},
            )
        ),
    )


def _lookups(snapshot: Snapshot) -> dict[str, dict[str, list[str]]]:
    """Return the interfaces that have each value of LOOKED_UP_BY, by id and in order of id."""
    found: dict[str, dict[str, list[str]]] = {name: {} for name in LOOKED_UP_BY}
    for one in snapshot.all(INTERFACE):
        id = one.id
        for name, values in found.items():
            values.setdefault(getattr(one, name), []).append(id)
    return found


class Drawer(dict[str, Any]):
    """The components of one kind by id, each decoded when it is first asked for; `values` decodes them all."""

    def __init__(self, kind: type[Component], stored: memoryview) -> None:
        super().__init__()
        self._decode = msgspec.msgpack.Decoder(kind).decode
        self._stored = stored
        self._whole = False

    @cached_property
    def _rows(self) -> dict[str, msgspec.Raw]:
        return msgspec.msgpack.decode(self._stored, type=dict[str, msgspec.Raw])

    def __missing__(self, id: str) -> Any:
        """Decode a component; raises KeyError where there is none of this id."""
        made = self[id] = self._decode(self._rows[id])
        return made

    def get(self, id: str, default: Any = None) -> Any:
        """Return the component of this id."""
        return self[id] if id in self else default  # noqa: SIM401

    def __contains__(self, id: object) -> bool:
        return id in self._rows

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def values(self) -> Any:
        """Return every component, in order of id."""
        if not self._whole:
            every = {id: self[id] for id in self._rows}
            self.clear()
            self.update(every)
            self._whole = True
        return super().values()


class Compiled(Snapshot):
    """A snapshot of sections that `compiled` made."""

    def __init__(self, sections: Mapping[str, memoryview]) -> None:
        facts = msgspec.msgpack.decode(sections["facts"], type=Facts)
        super().__init__(
            (),
            kinds=COMPONENTS,
            collected=facts.collected,
            broken=facts.broken,
            not_modelled=facts.not_modelled,
            unmodelled_ways=facts.unmodelled_ways,
            unmodelled_entries=facts.unmodelled_entries,
            collected_at=facts.collected_at,
            seen=facts.seen,
            complete=True,
        )
        self._sections = sections
        self.lacks = facts.lacks
        self._spans = facts.public
        self._by_kind = {kind.kind: Drawer(kind, sections[kind.kind]) for kind in COMPONENTS}
        self.accounts, self.has_ways_out = facts.accounts, facts.has_ways_out
        self.doers, self.routers = facts.doers, facts.routers

    @cached_property
    def public(self) -> dict[str, IntervalSet]:
        """The addresses of each VPC that the internet can route to."""
        if "public" in self.outdated:
            return self._found_public()
        found = self._spans.items()
        return {vpc_id: IntervalSet((int(low, 16), int(high, 16)) for low, high in spans) for vpc_id, spans in found}

    @cached_property
    def owners(self) -> dict[str, Name]:
        """The resource that each interface belongs to."""
        if "owners" in self.outdated:
            return self._found_owners()
        return msgspec.msgpack.decode(self._sections["owners"], type=dict[str, Name])

    @cached_property
    def carried(self) -> dict[str, list[str]]:
        """The interfaces that carry each group, in order of id."""
        if "carried" in self.outdated:
            return self._found_carried()
        return msgspec.msgpack.decode(self._sections["carried"], type=dict[str, list[str]])

    @cached_property
    def _lookups(self) -> dict[str, dict[str, list[str]]]:
        return {}

    def where(self, kind: str, attribute: str, value: object) -> Sequence[Any]:
        """Return the components of a kind whose attribute has this value, in order of id."""
        if kind != INTERFACE or attribute not in LOOKED_UP_BY or not isinstance(value, str):
            return super().where(kind, attribute, value)
        if attribute not in self._lookups:
            self._lookups[attribute] = msgspec.msgpack.decode(self._sections[f"by {attribute}"], type=dict[str, list[str]])
        drawer = self._by_kind[kind]
        return [drawer[id] for id in self._lookups[attribute].get(value, ())]
