"""Addresses that AWS chooses, and nobody knows before: one is taken for them that decides nothing, or they are left in doubt.

In a subnet of which every line of the snapshot speaks as a whole, any free address stands for any other, and an interface whose
address is not known gets one. Where some line speaks of a part of the subnet the interface stands for itself at every free address.
Public addresses come from blocks that nobody has on the internet: 198.18.0.0/15 and 2001:db8::/32.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Iterator
from typing import Any

from .made import CHOSEN, PERHAPS
from .parts import doubt_parts

Fields = dict[str, Any]
# The field of a row that is left out, as what it says is not known yet.
UNDECIDED = "_Undecided"
BLOCK = re.compile(r"(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})/(\d{1,2})")
# The first addresses of a subnet are AWS's own, and so is the last.
RESERVED = 4
PUBLIC_V4 = ipaddress.IPv4Network("198.18.0.0/15")
PUBLIC_V6 = ipaddress.IPv6Network("2001:db8::/32")
# Fields whose blocks belong to somebody in the subnet, and are no line about it.
HELD = frozenset({"Ipv4Prefix", "Ipv6Prefix"})


def choose(rows: Iterable[tuple[str, Fields]]) -> list[Fields]:
    """Give every interface, range and gateway of the rows the addresses that it lacks; rows are kind and fields.

    Returns the interfaces that no address can be chosen for, or whose subnet is not in the snapshot.
    """
    listed = list(rows)
    of: dict[str, list[Fields]] = {}
    for kind, fields in listed:
        of.setdefault(kind, []).append(fields)
    subnets = {str(one.get("SubnetId")): one for one in of.get("subnet", [])}
    ranges = _choose_v6_ranges(of.get("vpc", []), of.get("subnet", []))
    pending = [one for one in of.get("network_interface", []) if _lacks_address(one)]
    if pending:
        _choose_private(pending, of.get("network_interface", []), subnets, listed)
    _choose_v6(of.get("network_interface", []), subnets, listed)
    public = _choose_public(of.get("network_interface", []))
    _complete_nats(of)
    _name_targets(of)
    doubt_parts(listed, [*([PUBLIC_V4] if public else []), *([PUBLIC_V6] if ranges else [])])
    return [one for one in of.get("network_interface", []) if _is_nowhere(one, subnets)]


def _is_nowhere(one: Fields, subnets: dict[str, Fields]) -> bool:
    return str(one.get("SubnetId")) not in subnets or (_lacks_address(one) and not one.get("Ipv6Addresses"))


def _lacks_address(one: Fields) -> bool:
    return not (one.get("PrivateIpAddress") or one.get("PrivateIpAddresses") or one.get("Ipv4Prefixes") or one.get("_StandIn"))


# ---------------------------------------------------------------------- private addresses
def _choose_private(
    pending: list[Fields], interfaces: list[Fields], subnets: dict[str, Fields], rows: list[tuple[str, Fields]]
) -> None:
    free: dict[str, Iterator[str]] = {}
    taken = {(str(one.get("SubnetId")), text) for one in interfaces for text in _private(one)}
    cuts = _Cuts(rows)
    for one in sorted(pending, key=lambda one: str(one.get("NetworkInterfaceId"))):
        subnet_id = str(one.get("SubnetId"))
        block = _network(subnets.get(subnet_id, {}).get("CidrBlock"))
        if block is None:
            continue
        if subnet_id not in free:
            free[subnet_id] = (text for text in _hosts(block) if (subnet_id, text) not in taken)
        address = next(free[subnet_id], None)
        if address is None or cuts.inside(block):
            one["Ipv4Prefixes"] = [{"Ipv4Prefix": str(block)}]
            one["_StandIn"] = one["_Chosen"] = True
        else:
            one["PrivateIpAddresses"] = [{"PrivateIpAddress": address, "Primary": True}]
            one["_Chosen"] = True
        subnets[subnet_id]["_Unsettled"] = True


def _private(one: Fields) -> Iterator[str]:
    yield str(one.get("PrivateIpAddress", ""))
    for listed in one.get("PrivateIpAddresses") or []:
        if isinstance(listed, dict):
            yield str(listed.get("PrivateIpAddress", ""))


def _network(text: Any) -> ipaddress.IPv4Network | None:
    try:
        return ipaddress.IPv4Network(text, strict=False) if isinstance(text, str) else None
    except ValueError:
        return None


def _hosts(block: ipaddress.IPv4Network) -> Iterator[str]:
    first = int(block.network_address)
    return (str(ipaddress.IPv4Address(first + at)) for at in range(RESERVED, block.num_addresses - 1))


class _Cuts:
    """Every block that some row speaks of."""

    def __init__(self, rows: Iterable[tuple[str, Fields]]) -> None:
        self._blocks = sorted({block for _, fields in rows for block in _blocks(fields)})

    def inside(self, block: ipaddress.IPv4Network) -> bool:
        """Return whether one of them is a part of this block."""
        from bisect import bisect_left

        low, high = int(block.network_address), int(block.broadcast_address)
        at = bisect_left(self._blocks, (low, 0))
        while at < len(self._blocks) and self._blocks[at][0] <= high:
            if self._blocks[at][1] > block.prefixlen:
                return True
            at += 1
        return False


def _v6_parts(rows: Iterable[tuple[str, Fields]]) -> set[ipaddress.IPv6Network]:
    """Return the IPv6 blocks that lines of groups, ACLs and tables speak of."""
    found: set[ipaddress.IPv6Network] = set()
    level: list[Any] = [fields for kind, fields in rows if kind in ("security_group", "network_acl", "route_table")]
    while level:
        value = level.pop()
        if isinstance(value, dict | list):
            level.extend(value.values() if isinstance(value, dict) else value)
        elif isinstance(value, str) and ":" in value and (network := _v6_network(value)) is not None:
            found.add(network)
    return found


def _blocks(value: Any) -> Iterator[tuple[int, int]]:
    """Yield the blocks that stand anywhere in a value: their first address, and how long their prefix is."""
    level = [value]
    while level:
        found = level.pop()
        if isinstance(found, dict):
            level.extend(inner for name, inner in found.items() if name not in HELD)
        elif isinstance(found, list):
            level.extend(found)
        elif isinstance(found, str) and (match := BLOCK.fullmatch(found)):
            a, b, c, d, length = map(int, match.groups())
            if max(a, b, c, d) < 256 and length <= 32:
                size = 1 << (32 - length)
                number = a << 24 | b << 16 | c << 8 | d
                yield number - number % size, length


# ---------------------------------------------------------------------- IPv6
def _choose_v6_ranges(vpcs: list[Fields], subnets: list[Fields]) -> bool:
    """Give VPCs and subnets the ranges that they lack; return whether there were any."""
    chosen = any(block.get("Ipv6CidrBlock") == CHOSEN for one in (*vpcs, *subnets) for block in _v6_blocks(one))
    blocks = PUBLIC_V6.subnets(new_prefix=56)
    ranges: dict[str, Iterator[ipaddress.IPv6Network]] = {}
    for vpc in sorted(vpcs, key=lambda one: str(one.get("VpcId"))):
        for block in _v6_blocks(vpc):
            if block.get("Ipv6CidrBlock") == CHOSEN:
                block["Ipv6CidrBlock"] = str(next(blocks))
            found = _v6_network(block.get("Ipv6CidrBlock"))
            if found is not None:
                ranges.setdefault(str(vpc.get("VpcId")), found.subnets(new_prefix=max(64, found.prefixlen)))
    taken = {str(block.get("Ipv6CidrBlock")) for subnet in subnets for block in _v6_blocks(subnet)}
    for subnet in sorted(subnets, key=lambda one: str(one.get("SubnetId"))):
        for block in _v6_blocks(subnet):
            if block.get("Ipv6CidrBlock") == CHOSEN:
                free = ranges.get(str(subnet.get("VpcId"))) or blocks
                block["Ipv6CidrBlock"] = next((str(one) for one in free if str(one) not in taken), CHOSEN)
        listed = [block for block in _v6_blocks(subnet) if block.get("Ipv6CidrBlock") != CHOSEN]
        if "Ipv6CidrBlockAssociationSet" in subnet:
            subnet["Ipv6CidrBlockAssociationSet"] = listed
    return chosen


def _v6_blocks(fields: Fields) -> list[Fields]:
    listed = fields.get("Ipv6CidrBlockAssociationSet")
    return [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []


def _v6_network(text: Any) -> ipaddress.IPv6Network | None:
    try:
        return ipaddress.IPv6Network(text, strict=False) if isinstance(text, str) else None
    except ValueError:
        return None


def _choose_v6(interfaces: list[Fields], subnets: dict[str, Fields], rows: list[tuple[str, Fields]]) -> None:
    free: dict[str, int] = {}
    spoken = _v6_parts(rows)
    for one in sorted(interfaces, key=lambda one: str(one.get("NetworkInterfaceId"))):
        listed = one.get("Ipv6Addresses") or []
        if {"Ipv6Address": CHOSEN} not in listed:
            continue
        subnet_id = str(one.get("SubnetId"))
        blocks = _v6_blocks(subnets.get(subnet_id, {}))
        block = _v6_network(blocks[0].get("Ipv6CidrBlock")) if blocks else None
        one["Ipv6Addresses"] = []
        if block is not None and block.prefixlen <= 96:
            free[subnet_id] = free.get(subnet_id, 0xFFFF) + 1
            one["Ipv6Addresses"] = [{"Ipv6Address": str(block.network_address + free[subnet_id])}]
            if any(other.subnet_of(block) and other != block for other in spoken):
                one["Ipv6Addresses"], one["Ipv6Prefixes"], one["_StandIn"] = [], [{"Ipv6Prefix": str(block)}], True
            one["_Chosen"] = subnets[subnet_id]["_Unsettled"] = True


# ---------------------------------------------------------------------- public IPv4
def _choose_public(interfaces: list[Fields]) -> bool:
    """Give interfaces the public addresses that they lack, each to its private one; return whether there were any."""
    free, chosen = PUBLIC_V4.hosts(), False
    for one in sorted(interfaces, key=lambda one: str(one.get("NetworkInterfaceId"))):
        own = one.pop("PublicIp", None)
        given = [*([{"Public": own, "Private": ""}] if own else []), *(one.pop("Elastic", None) or [])]
        for each in given:
            addresses = one.get("PrivateIpAddresses") or []
            at = _private_at(addresses, each["Private"])
            public = next(free, None) if each["Public"] == CHOSEN else each["Public"]
            if at is None or public is None:
                one["_PerhapsPublic"] = True
                continue
            addresses[at] = {**addresses[at], "Association": {"PublicIp": str(public)}}
            if each["Public"] == CHOSEN:
                one["_Chosen"] = chosen = True
    return chosen


def _private_at(addresses: list[Fields], private: Any) -> int | None:
    """Return where the private address stands that an elastic one is given to, "" for the primary one; None where nobody knows."""
    if private == "" or (private == PERHAPS and len(addresses) == 1):
        return 0 if addresses else None
    return next((at for at, one in enumerate(addresses) if one.get("PrivateIpAddress") == private), None)


def _complete_nats(of: dict[str, list[Fields]]) -> None:
    """Give NAT gateways the addresses of their interfaces."""
    interfaces = {str(one.get("NetworkInterfaceId")): one for one in of.get("network_interface", [])}
    for nat in of.get("nat_gateway", []):
        for address in nat.get("NatGatewayAddresses") or []:
            one = interfaces.get(str(address.get("NetworkInterfaceId"))) if isinstance(address, dict) else None
            held = (one or {}).get("PrivateIpAddresses") or []
            if held and not address.get("PrivateIp"):
                address["PrivateIp"] = held[0].get("PrivateIpAddress", "")
            if held and not address.get("PublicIp") and held[0].get("Association"):
                address["PublicIp"] = held[0]["Association"].get("PublicIp", "")


def _name_targets(of: dict[str, list[Fields]]) -> None:
    """Give targets that stand for interfaces the addresses of these; groups are undecided where one has none that is known."""
    interfaces = {str(one.get("NetworkInterfaceId")): one for one in of.get("network_interface", [])}
    for health in of.get("target_health", []):
        for described in health.get("TargetHealthDescriptions") or []:
            if isinstance(described, dict) and described.pop("OfInterface", False):
                held = interfaces.get(str(described["Target"].get("Id")), {}).get("PrivateIpAddresses") or []
                if held:
                    described["Target"]["Id"] = held[0].get("PrivateIpAddress")
                else:
                    health[UNDECIDED] = True
