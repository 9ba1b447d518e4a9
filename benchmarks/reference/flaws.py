"""Flaws: what people do to a sound estate, an edit or two each, and the question that shows it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from ..organisation.rows import Row, id_of
from .estate import Estate
from .lines import permissions, route_of

Change = Callable[[Estate], None]


class Flaw(NamedTuple):
    """One mistake: what somebody did, and `source` to `target` on `on`, which is open in the flawed estate and in the sound one not."""

    name: str
    says: str
    changes: tuple[Change, ...]
    source: str
    target: str
    on: str


def build(make: Callable[[], Estate], flaws: Iterable[Flaw]) -> Estate:
    """Return a sound estate with some flaws put in."""
    estate = make()
    for flaw in flaws:
        for change in flaw.changes:
            change(estate)
    return estate


# ---------------------------------------------------------------------- what people do
def rule(group: str, line: str) -> Change:
    """Add a rule to a group: `tcp/22 from 0.0.0.0/0` one for what comes in, with `to` one for what goes out."""

    def change(estate: Estate) -> None:
        row = estate.row("sg", group)
        owner = next(owner for owner, _ in estate.documents if owner.account == row["OwnerId"])
        rows = row["IpPermissions" if " from " in line else "IpPermissionsEgress"]
        (new,) = permissions([line], owner)
        for one in rows:
            if all(one.get(key) == new.get(key) for key in ("IpProtocol", "FromPort", "ToPort")):
                for key in ("IpRanges", "UserIdGroupPairs"):
                    one[key] += new[key]
                return
        rows.append(new)

    return change


def route(table: str, line: str) -> Change:
    """Add a route to a table, in place of the one to the same block."""

    def change(estate: Estate) -> None:
        new = route_of(line)
        kept = [one for one in estate.row("rtb", table)["Routes"] if _block(one) != _block(new)]
        estate.row("rtb", table)["Routes"] = [*kept, new]

    return change


def _block(route: Row) -> str:
    return str(route.get("DestinationCidrBlock") or route.get("DestinationPrefixListId"))


def uses_table(subnet: str, table: str) -> Change:
    """Associate a subnet with another route table."""
    return _associated("rtb", "RouteTables", {"RouteTableId": id_of("rtb", table)}, subnet)


def uses_acl(subnet: str, acl: str) -> Change:
    """Associate a subnet with another ACL."""
    return _associated("acl", "NetworkAcls", {"NetworkAclId": id_of("acl", acl)}, subnet)


def _associated(kind: str, key: str, new: dict[str, str], subnet: str) -> Change:
    def change(estate: Estate) -> None:
        ((field, id),) = new.items()
        rows = estate.rows(key)
        mine = [(row, one) for row in rows for one in row["Associations"] if one.get("SubnetId") == id_of("subnet", subnet)]
        (old, association) = mine[0]
        old["Associations"].remove(association)
        (there,) = [row for row in rows if row[field] == id]
        there["Associations"].append(association | new)

    return change


def public(interface: str, address: str) -> Change:
    """Give an interface a public address."""

    def change(estate: Estate) -> None:
        row = estate.row("eni", interface)
        association = {"PublicIp": address, "IpOwnerId": row["OwnerId"]}
        row["Association"] = association
        row["PrivateIpAddresses"][0]["Association"] = association

    return change
