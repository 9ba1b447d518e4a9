"""Lines about a part of the internet: a public address that AWS has yet to choose may lie in it, or not.

What stands for such addresses (`chosen`) lies in no block that anybody writes. So that no line is passed over for that, each line about
a part of the internet gets a doubt beside it, for those addresses alone.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Sequence
from typing import Any

from .elements import doubt

Fields = dict[str, Any]
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
# What no public address lies in: private, shared, link-local and multicast space.
APART = [
    ipaddress.ip_network(text)
    for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3")
] + [ipaddress.ip_network(text) for text in ("fc00::/7", "fe80::/10", "ff00::/8")]
CHOICE = "the address that AWS chooses"


def doubt_parts(rows: Iterable[tuple[str, Fields]], stand_ins: Sequence[Network]) -> None:
    """Set a doubt beside every line of groups, ACLs and route tables about a part of the internet; rows are kind and fields.

    `stand_ins` are the blocks in which everything lies that stands for a public address that AWS chooses.
    """
    listed = list(rows)
    lists = {
        str(fields.get("PrefixListId")): [str(one.get("Cidr")) for one in fields.get("Entries") or [] if isinstance(one, dict)]
        for kind, fields in listed
        if kind == "prefix_list_entries"
    }
    for kind, fields in listed if stand_ins else ():
        if kind == "security_group":
            for member in ("IpPermissions", "IpPermissionsEgress"):
                for rule in _objects(fields, member):
                    found = [str(one) for one in stand_ins if _speaks_of_a_part(rule, one, lists)]
                    if found:
                        rule["_Perhaps"] = found
        elif kind == "network_acl":
            fields["Entries"] = [one for entry in _objects(fields, "Entries") for one in _entries(entry, stand_ins)]
        elif kind == "route_table":
            routes = _objects(fields, "Routes")
            fields["Routes"] = [*routes, *_routes(routes, stand_ins)]


def _objects(fields: Fields, member: str) -> list[Fields]:
    listed = fields.get(member)
    return [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []


def _speaks_of_a_part(rule: Fields, stand_in: Network, lists: dict[str, list[str]]) -> bool:
    ranges = [
        one.get(name) for member, name in (("IpRanges", "CidrIp"), ("Ipv6Ranges", "CidrIpv6")) for one in _objects(rule, member)
    ]
    inside = [block for one in _objects(rule, "PrefixListIds") for block in lists.get(str(one.get("PrefixListId")), [])]
    return any(_is_part(block, stand_in) for block in (*ranges, *inside))


def _is_part(block: Any, stand_in: Network) -> bool:
    """Return whether a block is a part of the public addresses of a family, beside what stands for those that AWS chooses."""
    try:
        found = ipaddress.ip_network(block, strict=False) if isinstance(block, str) else None
    except ValueError:
        return False
    if found is None or found.version != stand_in.version or found.overlaps(stand_in):
        return False
    return not any(found.version == one.version and found.subnet_of(one) for one in APART)  # type: ignore[arg-type]


def _entries(entry: Fields, stand_ins: Sequence[Network]) -> list[Fields]:
    """Return an entry of an ACL, and before it one of the same number that may say the same of the addresses that AWS chooses."""
    beside = [
        {**entry, name: str(one), **doubt(CHOICE)}
        for one in stand_ins
        for name in ("CidrBlock", "Ipv6CidrBlock")
        if _is_part(entry.get(name), one)
    ]
    return [*beside, entry]


def _routes(routes: Sequence[Fields], stand_ins: Sequence[Network]) -> list[Fields]:
    """Return, where some route is about a part of the internet, a route that may take the addresses that AWS chooses anywhere."""
    names = {4: "DestinationCidrBlock", 6: "DestinationIpv6CidrBlock"}
    found = [one for one in stand_ins if any(_is_part(route.get(names[one.version]), one) for route in routes)]
    return [{names[one.version]: str(one), **doubt(CHOICE)} for one in found]
