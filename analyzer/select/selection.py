"""What a selector stands for, and the algebra of it: interfaces are one kind of thing, addresses another."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce

import msgspec

from ..models.component import Component
from ..models.endpoint import Endpoint
from ..models.packet import NOTHING, IntervalSet, union
from ..models.snapshot import Snapshot
from .catalogue import INTERFACE, Subject, account_of, catalogue, name_of

# So many selections are remembered, in order: invariants name the same ones again and again.
MOST_KNOWN = 64


class Selection(msgspec.Struct, frozen=True):
    """Interfaces and gateway endpoints by id, and the addresses that were named as such, as endpoints of their own."""

    members: frozenset[str] = frozenset()
    spaces: tuple[Endpoint, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.members or self.spaces)

    @property
    def addresses(self) -> IntervalSet:
        """The addresses that were named as such."""
        return union(one.addresses for one in self.spaces)

    def shares_nothing_with(self, other: Selection) -> bool:
        """Return whether one is of interfaces only and the other of addresses only."""
        return not ((self.members and other.members) or (self.spaces and other.spaces))

    def goes_beyond(self, other: Selection) -> bool:
        """Return whether this holds interfaces where the other holds none, or addresses where the other holds none."""
        return bool((self.members and not other.members) or (self.spaces and not other.spaces))

    def joined(self, other: Selection) -> Selection:
        """Return what is in either."""
        return Selection(self.members | other.members, tuple(dict.fromkeys((*self.spaces, *other.spaces))))

    def within(self, other: Selection, text: str) -> Selection:
        """Return what is in both; `text` names addresses that are cut by it."""
        return Selection(self.members & other.members, self._cut(self.addresses & other.addresses, text))

    def without(self, other: Selection, text: str) -> Selection:
        """Return what is in this and not in the other; `text` names addresses that are cut by it."""
        return Selection(self.members - other.members, self._cut(self.addresses - other.addresses, text))

    def _cut(self, kept: IntervalSet, text: str) -> tuple[Endpoint, ...]:
        """Return the spaces that are kept whole as they are, and one for all that is left of the others."""
        whole = tuple(one for one in self.spaces if one.addresses <= kept)
        rest = (union(one.addresses for one in self.spaces if one not in whole) & kept) - union(one.addresses for one in whole)
        return (*whole, Endpoint(text, "address", rest)) if rest else whole


def all_joined(selections: Iterable[Selection]) -> Selection:
    """Return what is in any of the selections; empty for none."""
    return reduce(Selection.joined, selections, Selection())


def endpoints(selection: Selection, snapshot: Snapshot) -> list[Endpoint]:
    """Return the endpoints of a selection: interfaces and gateway endpoints in order of id, then addresses as they were named."""
    made = catalogue(snapshot)
    if selection.members not in made.selected:
        for one in selection.members - made.endpoints.keys():
            made.endpoints[one] = _endpoint(one, snapshot)
        if len(made.selected) == MOST_KNOWN:
            made.selected.clear()
        made.selected[selection.members] = [made.endpoints[one] for one in sorted(selection.members)]
    return [*made.selected[selection.members], *selection.spaces]


def _endpoint(id: str, snapshot: Snapshot) -> Endpoint:
    interface = snapshot.find(INTERFACE, id)
    owner = snapshot.owner(id) if interface is not None else snapshot.at(id)
    subject = Subject(id, interface, owner)
    public = (
        IntervalSet((one, one) for one in interface.public_addresses.values())
        if interface is not None
        else _at_doors(owner, snapshot)
    )
    return Endpoint(
        id=id,
        kind=subject.kind,
        addresses=interface.private_addresses | public if interface is not None else public,
        interface=id if interface is not None else "",
        name=next((name for one in reversed(subject.resources) if (name := name_of(one))), ""),
        vpc=getattr(subject.nearest, "vpc_id", ""),
        account=account_of(subject),
    )


def _at_doors(component: Component | None, snapshot: Snapshot) -> IntervalSet:
    """Return the public addresses of a service that has no interface, as far as configuration says them."""
    doors = component.doors(snapshot) if component is not None else ()
    return union(door.addresses or NOTHING for door in doors)
