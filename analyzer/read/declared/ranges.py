"""Ranges of VPCs: those that they may have besides known ones, whose local routes may be in every table; and the ways of VPNs to them."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable
from typing import Any

from .draft import Draft, Drafts, Lost
from .elements import PERHAPS_RANGES, doubt
from .resource import Declared, NotKnownError

Ranges = Callable[[Declared], list[dict[str, Any]] | None]


def if_known(ranges: Ranges) -> Ranges:
    """Return a field of ranges that is absent where nobody knows them."""

    def found(one: Declared) -> list[dict[str, Any]] | None:
        try:
            return ranges(one)
        except NotKnownError:
            return None

    return found


def if_not(ranges: Ranges) -> Ranges:
    """Return a field that says why nobody knows ranges; absent where they are known."""

    def found(one: Declared) -> list[dict[str, Any]] | None:
        try:
            ranges(one)
        except NotKnownError as error:
            return [{"Why": f"{one.address}: {error.sentence}"}]
        return None

    return found


def settle_ranges(drafts: Drafts) -> None:
    """Give VPCs the ranges that their subnets show, and their tables local routes for those that they may have."""
    for vpc in drafts.of("Vpcs"):
        perhaps = vpc.fields.pop(PERHAPS_RANGES, None) or []
        if perhaps and not vpc.whole:
            drafts.lost.extend(Lost(vpc.key, vpc.id, str(one["Why"])) for one in perhaps)
        elif perhaps:
            drafts.notes.extend(str(one["Why"]) for one in perhaps)
            _widen(vpc, (one.fields.get("CidrBlock") for one in drafts.of("Subnets") if one.fields.get("VpcId") == vpc.id))
            routes = [_local(vpc.id, one) for one in perhaps]
            for table in drafts.of("RouteTables"):
                if table.fields.get("VpcId") == vpc.id:
                    table.fields["Routes"] = [*table.fields.get("Routes", []), *routes]


def route_client_vpns(drafts: Drafts) -> None:
    """Add the route to its VPC that AWS gives a Client VPN endpoint with each subnet that is associated with it."""
    for one in drafts.of("ClientVpnTargetNetworks"):
        subnet_id = str(one.fields.get("TargetNetworkId"))
        vpc = drafts.find("Vpcs", str((drafts.find("Subnets", subnet_id) or {}).get("VpcId"))) or {}
        listed = [each.get("CidrBlock") for each in vpc.get("CidrBlockAssociationSet") or []]
        blocks = dict.fromkeys(block for block in (vpc.get("CidrBlock"), *listed) if block)
        if not blocks:
            drafts.lost.append(
                Lost("Routes", "", f"{one.address}: the ranges of its VPC are not known, to which it gives a route")
            )
        for block in blocks:
            fields = {
                "ClientVpnEndpointId": one.fields.get("ClientVpnEndpointId"),
                "DestinationCidr": block,
                "TargetSubnet": subnet_id,
                "Origin": "associate",
                "Status": {"Code": "active"},
            }
            drafts.add(Draft("Routes", f"{one.id}/{block}", fields, f"{one.address} (made by AWS)", one.line, True, one.new))


def _widen(vpc: Draft, blocks: Iterable[Any]) -> None:
    """Add the blocks of subnets: as these are there, the VPC has them, be the range that they are part of known or not."""
    listed = list(vpc.fields.get("CidrBlockAssociationSet") or [])
    known = [network for one in listed if (network := _network(one.get("CidrBlock"))) is not None]
    for block in blocks:
        network = _network(block)
        if network is not None and not any(network.subnet_of(one) for one in known):
            listed.append({"CidrBlock": str(network)})
    vpc.fields["CidrBlockAssociationSet"] = listed


def _network(text: Any) -> ipaddress.IPv4Network | None:
    try:
        return ipaddress.IPv4Network(text, strict=False) if isinstance(text, str) else None
    except ValueError:
        return None


def _local(vpc_id: str, perhaps: dict[str, Any]) -> dict[str, Any]:
    block = perhaps.get("CidrBlock")
    to = {"DestinationCidrBlock": block} if block else {"DestinationPrefixListId": f"a range of {vpc_id}"}
    return {**to, "GatewayId": "local", **doubt("whether it is there", str(perhaps["Why"]))}
