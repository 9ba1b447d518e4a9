"""What is in a snapshot, one row a resource: for people who look for the word to ask with."""

from __future__ import annotations

from typing import Any

from ..models.answer import End
from ..models.component import Component
from ..models.endpoint import Endpoint
from ..models.errors import QuestionError
from ..models.packet import address_text
from ..models.snapshot import Snapshot
from . import select
from .catalogue import INTERFACE, catalogue, interface_kind, is_part, members_of, name_of, word_of
from .refusals import LOOK


def inventory(text: str, snapshot: Snapshot) -> list[End]:
    """Return the resources of a kind, by kind and id; for "" those of every kind, for another text the endpoints that it selects.

    What is a part of another resource, like the attributes of a load balancer, is listed when its kind is named only. A kind
    is a word of selectors (`ec2`, `sg`) or the name of a component (`route_table`). Of a load balancer or database the address
    is that of its first interface, of a subnet or VPC its first range. Raises QuestionError as `select` does.
    """
    if not text:
        return [_of(one, snapshot) for one in snapshot.everything() if one.documents and not is_part(type(one))]
    kinds = catalogue(snapshot).words.get(text, [])
    listed = [_of(one, snapshot) for kind in kinds for one in snapshot.all(kind.kind)]
    listed += [_of(one, snapshot) for one in snapshot.all(INTERFACE) if _unclaimed(one, text, snapshot)]
    if kinds and not listed:
        raise QuestionError(f"no `{text}` in the snapshot", hint=LOOK)
    return listed or [_of_endpoint(one, snapshot) for one in select(text, snapshot)]


def not_modelled(snapshot: Snapshot) -> list[str]:
    """Return what the snapshot holds and answers leave out, a sentence each, sorted: unknown kinds, broken resources, caveats."""
    told = {caveat for one in snapshot.everything() for caveat in one.caveats(snapshot)}
    return sorted({*snapshot.not_modelled, *(one.text for one in snapshot.broken), *told})


def _unclaimed(interface: Any, word: str, snapshot: Snapshot) -> bool:
    """Return whether it is an interface of this kind that no resource in the snapshot claims."""
    return snapshot.owner(interface.id) is None and interface_kind(interface, None) == word


def _of(one: Component, snapshot: Snapshot) -> End:
    behind = [found for member in members_of(one, snapshot) if (found := snapshot.find(INTERFACE, member)) is not None]
    groups = one.kind in ("security_group", "subnet", "vpc")
    first = None if groups or not behind else behind[0]
    address = next(iter(getattr(one, "cidrs", [])), "") if groups else _address(first) if first else ""
    in_vpc = one.id if one.kind == "vpc" else getattr(one, "vpc_id", "") or (first.vpc_id if first else "")
    kind = word_of(type(one))
    account = one.owner_id or one.account
    return End(id=one.id, kind=kind, name=name_of(one), address=address, vpc=in_vpc, account=account)


def _of_endpoint(one: Endpoint, snapshot: Snapshot) -> End:
    interface = snapshot.find(INTERFACE, one.interface)
    address = _address(interface) if interface is not None else one.id if one.kind == "address" else ""
    return End(id=one.id, kind=one.kind, name=one.name, address=address, vpc=one.vpc, account=one.account)


def _address(interface: Any) -> str:
    """Return the address from which the interface speaks, IPv4 before IPv6; "" for one that may have any of a subnet."""
    return next((address_text(number) for number in interface.primary if number is not None), "")
