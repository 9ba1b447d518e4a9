"""VPCs, subnets, interfaces, instances and elastic addresses."""

from __future__ import annotations

from typing import Any

from ...declared.made import ADDRESSES, CHOSEN, DEFAULT_GROUP, PERHAPS, PERHAPS_SUBNET_PUBLIC, SUBNET_PUBLIC
from ...declared.ranges import if_known, if_not
from ...declared.resource import Declared, NotKnownError, texts
from ...declared.shape import Table, Writes, fixed, known, row, undecided
from .words import address_of, flag, may, needed, perhaps, tags, to


def _v6_range(path: str, asks: str = "") -> Any:
    """Return a field of IPv6 ranges: the one that is known, or the one that AWS will choose."""

    def listed(one: Declared) -> list[dict[str, Any]] | None:
        try:
            block = one.get(path)
        except NotKnownError:
            block = CHOSEN
        if not block and asks and flag(asks)(one):
            block = CHOSEN
        return [{"Ipv6CidrBlock": block}] if block else None

    return listed


def _v4_range(one: Declared) -> list[dict[str, Any]] | None:
    block = one.get("CidrBlock")
    return [{"CidrBlock": block}] if block else None


def _v4_range_of_pool(one: Declared) -> list[dict[str, Any]] | None:
    """Return a further range; one that comes out of a pool of addresses is not known."""
    if one.get("Ipv4IpamPoolId") and not one.get("CidrBlock"):
        raise NotKnownError("CidrBlock", "it comes out of a pool of addresses")
    return _v4_range(one)


def _block(one: Declared) -> str | None:
    found = one.get("CidrBlock")
    if not found and (one.get("Ipv4IpamPoolId") or one.get("Ipv4NetmaskLength")):
        raise NotKnownError("CidrBlock", "it comes out of a pool of addresses")
    return str(found) if found else None


def _addresses(one: Declared) -> list[dict[str, Any]] | None:
    """Return the private IPv4 addresses that are known, the primary one first."""
    found: list[str] = []
    try:
        found += texts(one.get("PrivateIpAddress"), "PrivateIpAddress")
        blocks = list(one.inside("PrivateIpAddresses"))
        primary_first = sorted(blocks, key=lambda each: not flag("Primary")(each))
        found += [text for each in primary_first for text in texts(each.get("PrivateIpAddress"), "PrivateIpAddress")]
    except NotKnownError:
        return None
    return [{"PrivateIpAddress": text, "Primary": not at} for at, text in enumerate(dict.fromkeys(found))] or None


def _v6(one: Declared) -> list[dict[str, str]] | None:
    try:
        found = [text for each in one.inside("Ipv6Addresses") for text in texts(each.get("Ipv6Address"), "Ipv6Address")]
    except NotKnownError:
        return [{"Ipv6Address": CHOSEN}]
    return [{"Ipv6Address": text} for text in found] or None


def _wants_v6(one: Declared) -> bool | None:
    return True if int(known("Ipv6AddressCount", 1)(one) or 0) else None


def _public(one: Declared) -> Any:
    said = one.values.get("Public")
    return said if said in (SUBNET_PUBLIC, PERHAPS_SUBNET_PUBLIC) else perhaps("Public")(one)


def _holder(one: Declared) -> dict[str, Any] | None:
    held = one.get("Holder")
    return {"InstanceId": held["InstanceId"], "DeviceIndex": int(held["DeviceIndex"])} if isinstance(held, dict) else None


def _groups(one: Declared) -> list[dict[str, str]]:
    return [{"GroupId": group} for group in texts(one.get("GroupSet"), "GroupSet")] or [{"GroupId": DEFAULT_GROUP}]


def _allocation(one: Declared) -> str:
    found = one.get("AllocationId") or address_of("EIP")(one)
    if not found:
        raise NotKnownError("AllocationId", "it is not written")
    return str(found)


def _excluded(one: Declared) -> str:
    return f"arn:aws:ec2:::vpc/{one.get('VpcId')}" if one.get("VpcId") else f"arn:aws:ec2:::subnet/{needed('SubnetId')(one)}"


VPC: Table = {
    "AWS::EC2::VPC": (
        row(
            "Vpcs",
            "VpcId",
            CidrBlock=_block,
            CidrBlockAssociationSet=_v4_range,
            DefaultGroup=lambda one: f"{one.id}.DefaultSecurityGroup",
            DefaultAcl=lambda one: f"{one.id}.DefaultNetworkAcl",
            MainTable=lambda one: f"{one.id}.MainRouteTable",
            Tags=tags,
        ),
    ),
    "AWS::EC2::VPCCidrBlock": (
        to(
            "Vpcs",
            "VpcId",
            CidrBlockAssociationSet=if_known(_v4_range_of_pool),
            PerhapsRanges=if_not(_v4_range_of_pool),
            Ipv6CidrBlockAssociationSet=lambda one: (
                _v6_range("Ipv6CidrBlock", "AmazonProvidedIpv6CidrBlock")(one)
                or ([{"Ipv6CidrBlock": CHOSEN}] if one.get("Ipv6IpamPoolId") or one.get("Ipv6Pool") else None)
            ),
        ),
    ),
    "AWS::EC2::Subnet": (
        row(
            "Subnets",
            "SubnetId",
            VpcId=needed("VpcId"),
            CidrBlock=_block,
            AvailabilityZone="?AvailabilityZone",
            AvailabilityZoneId="?AvailabilityZoneId",
            Ipv6CidrBlockAssociationSet=_v6_range("Ipv6CidrBlock", "Ipv6Native"),
            MapPublicIpOnLaunch=perhaps("MapPublicIpOnLaunch"),
            AssignIpv6AddressOnCreation=perhaps("AssignIpv6AddressOnCreation"),
            EnableDns64=flag("EnableDns64"),
            Tags=tags,
        ),
    ),
    "AWS::EC2::SubnetCidrBlock": (to("Subnets", "SubnetId", Ipv6CidrBlockAssociationSet=_v6_range("Ipv6CidrBlock")),),
    "AWS::EC2::NetworkInterface": (
        row(
            "NetworkInterfaces",
            "NetworkInterfaceId",
            SubnetId=needed("SubnetId"),
            Groups=_groups,
            PrivateIpAddresses=_addresses,
            Ipv6Addresses=_v6,
            WantsIpv6=_wants_v6,
            _PerhapsV6=undecided("Ipv6AddressCount", "Ipv6Addresses"),
            SourceDestCheck=may("SourceDestCheck", True),
            _PerhapsUnchecked=lambda one: True if undecided("SourceDestCheck")(one) else None,
            Attachment=_holder,
            InterfaceType=lambda one: one.get("InterfaceType") or "interface",
            Description="?Description",
            Public=_public,
            TagSet=tags,
        ),
    ),
    "AWS::EC2::NetworkInterfaceAttachment": (
        to(
            "NetworkInterfaces",
            "NetworkInterfaceId",
            # Which interface stands beside whose other ones changes nothing but whose it is.
            lambda one: all(isinstance(one.values.get(name), str) for name in ("NetworkInterfaceId", "InstanceId")),
            Attachment={"InstanceId": needed("InstanceId"), "DeviceIndex": lambda one: int(one.get("DeviceIndex") or 0)},
        ),
    ),
    "AWS::EC2::Instance": (
        row(
            "Reservations",
            "InstanceId",
            State=fixed({"Name": "running"}),
            NetworkInterfaces=lambda one: [{"NetworkInterfaceId": id} for id in one.get("Interfaces") or []],
            Tags=tags,
        ),
    ),
    "AWS::EC2::FlowLog": (
        row("FlowLogs", "FlowLogId", ResourceId=needed("ResourceId"), FlowLogStatus=fixed("ACTIVE"), TrafficType="?TrafficType"),
    ),
    "AWS::EC2::EIP": (
        row(ADDRESSES, "AllocationId", InstanceId="?InstanceId", Somebodys=undecided("InstanceId"), PublicIp="?Address"),
    ),
    "AWS::EC2::EIPAssociation": (
        Writes(
            ADDRESSES,
            _allocation,
            {
                "AllocationId": _allocation,
                "InstanceId": "InstanceId",
                "NetworkInterfaceId": "NetworkInterfaceId",
                "PrivateIpAddress": known("PrivateIpAddress", PERHAPS),
            },
            False,
        ),
    ),
    "AWS::EC2::VPCBlockPublicAccessOptions": (
        row(
            "VpcBlockPublicAccessOptions",
            "Id",
            InternetGatewayBlockMode="InternetGatewayBlockMode",
            State=fixed("update-complete"),
        ),
    ),
    "AWS::EC2::VPCBlockPublicAccessExclusion": (
        row(
            "VpcBlockPublicAccessExclusions",
            "ExclusionId",
            ResourceArn=_excluded,
            InternetGatewayExclusionMode="InternetGatewayExclusionMode",
            State=fixed("create-complete"),
        ),
    ),
}
