"""Rows of declared resources as every other row: for the component that reads their key, with the place where they are declared."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from ...models.snapshot import Broken
from ..catalogue import Catalogue
from ..rows import Row
from ..whose import UNTOLD
from .draft import Draft, Drafts, Lost, Place
from .made import ADDRESSES, GROUPS_OF_HOSTS, INNER, ROLE
from .perhaps import STANDS_FOR

# Of what only others are made of: the kinds of which something is not known when such a resource is lost.
LOST_INSIDE = {ADDRESSES: (), GROUPS_OF_HOSTS: (), ROLE: ("target_health",)}
# How the address ends of what AWS makes by itself.
BY_AWS = " (made by AWS)"
NOWHERE = Place("")
# What is said for a whole Region: of one that nobody knows it may be said or not.
OF_A_REGION = frozenset({"VpcBlockPublicAccessOptions"})
# Fields of our own that only tell rows apart.
OURS = frozenset({"RowId", "SubnetGroup", "Cluster", "AssociationTable"})


def rows_of(drafts: Drafts, catalogue: Catalogue, file: str) -> Iterator[Row]:
    """Yield the whole rows of one source; a row of which a part is lost is left out, as it may say anything.

    So are the others of a resource of which a row is lost: an instance without its interface is nobody. And so are all rows of
    a key where nobody knows whose the part is that is lost.
    """
    return (row for _, row in declared_of(drafts, catalogue, file))


def declared_of(drafts: Drafts, catalogue: Catalogue, file: str) -> Iterator[tuple[Draft, Row]]:
    """Yield what `rows_of` does, each row with the draft that it was made of."""
    lost = {(one.key, one.id) for one in drafts.lost}
    nobodys = {key for key, id in lost if not id}
    gone = {one.address for one in drafts.lost if one.address}
    for number, one in enumerate(drafts.rows.values()):
        if (
            one.key in INNER
            or (not one.whole and not _whole_owner(one, drafts))
            or (one.key, one.id) in lost
            or one.key in nobodys
            or one.address in gone
        ):
            continue
        row = row_of(one, drafts, catalogue, file, number)
        if row is not None and one.key in OF_A_REGION and row.seen_by == UNTOLD:
            drafts.lost.append(Lost(one.key, one.id, f"{one.address}: its Region is not in the code", one.address))
        elif row is not None:
            yield one, row


def row_of(one: Draft, drafts: Drafts, catalogue: Catalogue, file: str, number: int = 0) -> Row | None:
    """Return a draft as a row; None where no component reads it."""
    fields: dict[str, Any] = {name: value for name, value in one.fields.items() if name not in OURS}
    shelf = catalogue.shelf(one.key)
    reader = shelf.reader(fields) if shelf is not None else None
    place = drafts.places.get(one.address.removesuffix(BY_AWS).removesuffix(STANDS_FOR), NOWHERE)
    if reader is None:
        return None
    where = place.file or file
    return Row(reader, fields, where, number, place.path, declared=one.address, line=one.line, seen_by=place.viewer)


# Rows that the API wraps with the id of their owner, and the key of the owner: no resource of their own declares them whole.
WRAPPED = {
    "LoadBalancerAttributes": "LoadBalancers",
    "LoadBalancerTargetHealth": "TargetGroups",
    "TargetGroupAttributes": "TargetGroups",
    "ManagedPrefixListEntries": "PrefixLists",
    "MountTargetSecurityGroups": "MountTargets",
    "ResolverEndpointIpAddresses": "ResolverEndpoints",
    "TransitGatewayStaticRoutes": "TransitGatewayRouteTables",
    "TransitGatewayRouteTablePropagations": "TransitGatewayRouteTables",
    "TransitGatewayRouteTableAssociations": "TransitGatewayRouteTables",
    "VpcEndpointServicePermissions": "ServiceConfigurations",
}


def _whole_owner(one: Draft, drafts: Drafts) -> bool:
    """Return whether the owner of a wrapped row is declared, too: else the row may hold more than the code says."""
    owner = drafts.rows.get((WRAPPED.get(one.key, ""), one.id))
    return owner is not None and owner.whole


def broken(drafts: Drafts, catalogue: Catalogue) -> Iterator[Broken]:
    """Yield what cannot be told before it is there, as parts of the snapshot that cannot be read."""
    for one in drafts.lost:
        shelf = catalogue.shelf(one.key)
        for kind in shelf.kinds if shelf is not None else LOST_INSIDE.get(one.key, ("",)):
            yield Broken(kind, one.id, one.text)
    for draft in loose(drafts):
        shelf = catalogue.shelf(draft.key)
        for kind in shelf.kinds if shelf is not None else ():
            yield Broken(kind, draft.id, loosely(draft))


def loose(drafts: Drafts) -> Iterator[Draft]:
    """Yield the parts of rows that the code does not hold: what else such a row says, and so what it is, nobody knows."""
    lost = {(one.key, one.id) for one in drafts.lost}
    for one in drafts.rows.values():
        named = one.whole or one.key in INNER or (WRAPPED.get(one.key, ""), one.id) in lost
        if not named and not _whole_owner(one, drafts):
            yield one


def loosely(one: Draft) -> str:
    """Return the sentence about such a part."""
    return f"{one.address}: it changes {one.id}, which the code does not make"


def sentences(drafts: Drafts, there: Callable[[str, str], object] = lambda key, id: None) -> Iterator[str]:
    """Yield what of the code is not modelled, or taken for granted; `there` finds the rows that are there besides."""
    yield from drafts.notes
    yield from (one.text for one in drafts.lost)
    for type, addresses in sorted(drafts.untold.items()):
        yield f"`{type}`: not modelled ({_few(addresses)})"
    hosts = [one.address for one in drafts.of(GROUPS_OF_HOSTS)]
    if hosts:
        yield f"instances that are made by groups of hosts are not in the code ({_few(hosts)})"
    yield from (loosely(one) for one in loose(drafts) if there(one.key, one.id) is None)


def _few(addresses: Sequence[str]) -> str:
    return ", ".join(addresses[:5]) + (f" and {len(addresses) - 5} more" if len(addresses) > 5 else "")
