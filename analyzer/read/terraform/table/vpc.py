"""VPCs, subnets, interfaces, instances and elastic addresses."""

from __future__ import annotations

from typing import Any

from ...declared.made import ADDRESSES, CHOSEN, DEFAULT_GROUP, PERHAPS, SUBNET_PUBLIC
from ...declared.ranges import if_known, if_not
from ...declared.resource import Declared, NotKnownError, texts
from ...declared.shape import Table, beside, fixed, ids, known, part, row, undecided
from .words import tags

# The attributes of a flow log of which one says what it records.
LOGGED = ("vpc_id", "subnet_id", "eni_id", "transit_gateway_id", "transit_gateway_attachment_id")


def _v6_range(path: str, asks: str) -> Any:
    """Return a field of IPv6 ranges: the one that is known, or the one that AWS will choose."""

    def listed(one: Declared) -> list[dict[str, Any]] | None:
        try:
            block = one.get(path)
        except NotKnownError:
            block = CHOSEN
        if not block and any(one.get(each) for each in (asks, "ipv6_ipam_pool_id", "ipv6_netmask_length")):
            block = CHOSEN
        return [{"Ipv6CidrBlock": block}] if block else None

    return listed


def _v4_block(one: Declared) -> str:
    """Return a range; one that comes from a pool nobody knows before."""
    block = one.get("cidr_block")
    if not block:
        raise NotKnownError("cidr_block")
    return str(block)


def _v4_range(one: Declared) -> list[dict[str, Any]]:
    return [{"CidrBlock": _v4_block(one)}]


def _logged(one: Declared) -> str | None:
    """Return what a flow log records."""
    return next((id for name in LOGGED if (id := one.get(name))), None)


_VPC_FIELDS: dict[str, Any] = {
    "CidrBlock": _v4_block,
    "CidrBlockAssociationSet": _v4_range,
    "Ipv6CidrBlockAssociationSet": _v6_range("ipv6_cidr_block", "assign_generated_ipv6_cidr_block"),
    "OwnerId": "?owner_id",
    "Tags": tags,
    "DefaultGroup": "?default_security_group_id",
    "DefaultAcl": "?default_network_acl_id",
    "MainTable": "?default_route_table_id",
}


def _main_interface(one: Declared) -> str:
    return str(one.get("primary_network_interface_id") or f"{one.id}.primary_network_interface_id")


def _attached(one: Declared) -> list[dict[str, Any]]:
    """Return the interfaces that an instance is given, each as its own row names it."""
    given = [*one.inside("network_interface"), *one.inside("primary_network_interface")]
    return [{"NetworkInterfaceId": block.get("network_interface_id")} for block in given]


def _instance_interfaces(one: Declared) -> list[dict[str, Any]]:
    return _attached(one) or [{"NetworkInterfaceId": _main_interface(one)}]


def _own(one: Declared) -> bool:
    """Return whether an instance has an interface of its own making."""
    return not _attached(one)


def _public(one: Declared) -> Any:
    said = known("associate_public_ip_address", PERHAPS)(one)
    if said is None and one.new and next(one.inside("launch_template"), None) is not None:
        return PERHAPS
    return SUBNET_PUBLIC if said is None else said if said == PERHAPS else bool(said)


def _public_ip(one: Declared) -> str | None:
    """Return the public address that an instance has now; one that AWS has yet to give is not known."""
    try:
        found = one.get("public_ip")
    except NotKnownError:
        return None
    return found if isinstance(found, str) and found else None


def _groups(one: Declared) -> list[dict[str, str]]:
    """Return an instance's groups; those that are named, and not by id, or that a template may hold, are not known."""
    found = texts(one.get("vpc_security_group_ids"), "vpc_security_group_ids")
    named = texts(one.get("security_groups"), "security_groups")
    if not found and named:
        raise NotKnownError("security_groups")
    if not found and next(one.inside("launch_template"), None) is not None:
        raise NotKnownError("launch_template")
    return [{"GroupId": group} for group in found] or [{"GroupId": DEFAULT_GROUP}]


def _addresses(one: Declared) -> list[dict[str, Any]] | None:
    """Return the private IPv4 addresses that are known, the primary one first."""
    found: list[str] = []
    for path in ("private_ip", "private_ip_list", "private_ips", "secondary_private_ips"):
        try:
            found += texts(one.get(path), path)
        except NotKnownError:
            continue
    listed = list(dict.fromkeys(found))
    return [{"PrivateIpAddress": text, "Primary": not at} for at, text in enumerate(listed)] or None


def _wants_v6(one: Declared) -> bool | None:
    return True if known("ipv6_address_count", 1)(one) else None


def _prefixes(path: str, name: str) -> Any:
    """Return a field of the prefixes that an interface has besides its addresses."""
    return lambda one: [{name: text} for text in texts(one.get(path), path)] or None


def _state(one: Declared) -> dict[str, str]:
    try:
        return {"Name": str(one.get("instance_state") or "running")}
    except NotKnownError:
        return {"Name": "running"}


def _holder(one: Declared) -> dict[str, Any]:
    return {"InstanceId": one.id, "DeviceIndex": 0}


def _own_block(one: Declared) -> dict[str, Any] | None:
    block = next(iter(one.inside("attachment")), None)
    return None if block is None else {"InstanceId": block.get("instance"), "DeviceIndex": block.get("device_index", 0)}


def _v6(one: Declared) -> list[dict[str, str]] | None:
    try:
        return [{"Ipv6Address": text} for text in texts(one.get("ipv6_addresses"), "ipv6_addresses")] or None
    except NotKnownError:
        return [{"Ipv6Address": CHOSEN}]


_ADDRESS: dict[str, Any] = {
    "AllocationId": "allocation_id",
    "PublicIp": "?public_ip",
    "NetworkInterfaceId": "network_interface_id",
    "InstanceId": "instance_id",
    "PrivateIpAddress": known("private_ip_address", PERHAPS),
}

# What of an interface may not be known without its being in doubt as a whole.
_IN_DOUBT: dict[str, Any] = {
    "_PerhapsV6": undecided("ipv6_address_count", "ipv6_addresses"),
    "SourceDestCheck": known("source_dest_check", True),
    "_PerhapsUnchecked": lambda one: True if undecided("source_dest_check")(one) else None,
}

VPC: Table = {
    "aws_vpc": (row("Vpcs", "VpcId", **_VPC_FIELDS),),
    # It is there already, with a gateway and routes that the code does not hold: no VPC of the code's own.
    "aws_default_vpc": (),
    "aws_vpc_ipv4_cidr_block_association": (
        part("Vpcs", "vpc_id", CidrBlockAssociationSet=if_known(_v4_range), PerhapsRanges=if_not(_v4_range)),
    ),
    "aws_vpc_ipv6_cidr_block_association": (
        part("Vpcs", "vpc_id", Ipv6CidrBlockAssociationSet=_v6_range("ipv6_cidr_block", "assign_generated_ipv6_cidr_block")),
    ),
    **dict.fromkeys(
        ("aws_subnet", "aws_default_subnet"),
        (
            row(
                "Subnets",
                "SubnetId",
                VpcId="vpc_id",
                CidrBlock="cidr_block",
                AvailabilityZone="?availability_zone",
                AvailabilityZoneId="?availability_zone_id",
                Ipv6CidrBlockAssociationSet=_v6_range("ipv6_cidr_block", "ipv6_native"),
                MapPublicIpOnLaunch=known("map_public_ip_on_launch", PERHAPS),
                AssignIpv6AddressOnCreation=known("assign_ipv6_address_on_creation", PERHAPS),
                EnableDns64="enable_dns64",
                OwnerId="?owner_id",
                Tags=tags,
            ),
        ),
    ),
    "aws_network_interface": (
        row(
            "NetworkInterfaces",
            "NetworkInterfaceId",
            SubnetId="subnet_id",
            Groups=lambda one: ids("security_groups", "GroupId")(one) or [{"GroupId": DEFAULT_GROUP}],
            PrivateIpAddresses=_addresses,
            Ipv4Prefixes=_prefixes("ipv4_prefixes", "Ipv4Prefix"),
            Ipv6Addresses=_v6,
            Ipv6Prefixes=_prefixes("ipv6_prefixes", "Ipv6Prefix"),
            WantsIpv6=_wants_v6,
            **_IN_DOUBT,
            Attachment=_own_block,
            InterfaceType=lambda one: one.get("interface_type") or "interface",
            Description="?description",
            OwnerId="?owner_id",
            TagSet=tags,
        ),
    ),
    "aws_network_interface_attachment": (
        part(
            "NetworkInterfaces",
            "network_interface_id",
            Attachment={"InstanceId": "instance_id", "DeviceIndex": "device_index"},
        ),
    ),
    "aws_network_interface_sg_attachment": (
        part("NetworkInterfaces", "network_interface_id", Groups=ids("security_group_id", "GroupId")),
    ),
    "aws_instance": (
        row("Reservations", "InstanceId", State=_state, NetworkInterfaces=_instance_interfaces, Tags=tags),
        beside(
            "NetworkInterfaces",
            _main_interface,
            "NetworkInterfaceId",
            _own,
            SubnetId="subnet_id",
            Groups=_groups,
            PrivateIpAddresses=_addresses,
            Ipv6Addresses=_v6,
            WantsIpv6=_wants_v6,
            **_IN_DOUBT,
            Attachment=_holder,
            Public=_public,
            PublicIp=_public_ip,
        ),
    ),
    "aws_eip": (
        row(
            ADDRESSES,
            "AllocationId",
            PublicIp="?public_ip",
            InstanceId="?instance",
            NetworkInterfaceId="?network_interface",
            PrivateIpAddress=known("associate_with_private_ip", PERHAPS),
            Somebodys=undecided("instance", "network_interface"),
        ),
    ),
    "aws_eip_association": (part(ADDRESSES, "allocation_id", **_ADDRESS),),
    "aws_flow_log": (
        row("FlowLogs", "FlowLogId", ResourceId=_logged, FlowLogStatus=fixed("ACTIVE"), TrafficType="?traffic_type", Tags=tags),
    ),
    "aws_vpc_block_public_access_options": (
        row(
            "VpcBlockPublicAccessOptions",
            "Id",
            InternetGatewayBlockMode="internet_gateway_block_mode",
            State=fixed("update-complete"),
        ),
    ),
    "aws_vpc_block_public_access_exclusion": (
        row(
            "VpcBlockPublicAccessExclusions",
            "ExclusionId",
            ResourceArn=lambda one: (
                f"arn:aws:ec2:::vpc/{one.get('vpc_id')}" if one.get("vpc_id") else f"arn:aws:ec2:::subnet/{one.get('subnet_id')}"
            ),
            InternetGatewayExclusionMode="internet_gateway_exclusion_mode",
            State=fixed("create-complete"),
        ),
    ),
}
