"""Networks for the truth table: rows of AWS's API, each built by a word, and the verdict through the public path.

`network()` is one VPC in which everything passes: `eni-a` and `eni-a2` in `subnet-a`, `eni-b` in `subnet-b`, all of both
families and public, one open group, one open ACL, one route table with a way to the internet. A row of the truth table hands
over the resources that differ: one with an id that is there already takes its place, any other is added.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from analyzer import load
from analyzer.models.answer import Answer
from analyzer.network import Network

ACCOUNT = "111111111111"
OTHER_ACCOUNT = "222222222222"
REGION = "eu-west-1"
ALLOW, DENY = "allow", "deny"
REACHABLE, BLOCKED, CONDITIONAL, UNKNOWN = "reachable", "blocked", "conditional", "unknown"
V4, V6 = "0.0.0.0/0", "::/0"
# The ranges of the VPCs that rows use, for the local routes that every route table has.
RANGES = {
    "vpc-1": ("10.0.0.0/16", "2001:db8:0:100::/56"),
    "vpc-2": ("10.2.0.0/16", "2001:db8:0:200::/56"),
    "vpc-3": ("10.3.0.0/16", "2001:db8:0:300::/56"),
}
A4, A2_4, B4, P4 = "10.0.1.10", "10.0.1.20", "10.0.2.10", "10.2.1.10"
A6, A2_6, B6, P6 = "2001:db8:0:101::10", "2001:db8:0:101::20", "2001:db8:0:102::10", "2001:db8:0:201::10"
A_PUBLIC, A2_PUBLIC, B_PUBLIC = "203.0.113.10", "203.0.113.11", "203.0.113.20"


class Row(NamedTuple):
    """One resource: the top-level key of the answer that it stands in, its id, and its fields."""

    document: str
    id: str
    fields: dict[str, Any]


Rows = Row | list[Row]


def _row(document: str, id_field: str, id: str, /, **fields: Any) -> Row:
    return Row(document, id, {id_field: id, "OwnerId": ACCOUNT, **fields})


# ---------------------------------------------------------------------- VPCs and subnets
def vpc(id: str = "vpc-1", *ranges: str, **fields: Any) -> Row:
    """A VPC of these ranges; without any, of those that its name stands for in `RANGES`."""
    ranges = ranges or RANGES[id]
    v4 = [one for one in ranges if ":" not in one]
    associated = {
        "CidrBlockAssociationSet": [{"CidrBlock": one, "CidrBlockState": {"State": "associated"}} for one in v4],
        "Ipv6CidrBlockAssociationSet": [ipv6_range(one) for one in ranges if ":" in one],
    }
    return _row("Vpcs", "VpcId", id, CidrBlock=v4[0], **{**associated, **fields})


def ipv6_range(cidr: str, **fields: Any) -> dict[str, Any]:
    """An IPv6 range of a VPC or subnet."""
    return {"Ipv6CidrBlock": cidr, "Ipv6CidrBlockState": {"State": "associated"}, **fields}


def subnet(id: str, *ranges: str, vpc: str = "vpc-1", zone: str = "a", **fields: Any) -> Row:
    """A subnet of these ranges, at most one of each family."""
    v4 = {"CidrBlock": next((one for one in ranges if ":" not in one), "")}
    v6 = [ipv6_range(one) for one in ranges if ":" in one]
    zones = {"AvailabilityZone": f"{REGION}{zone}", "AvailabilityZoneId": f"euw1-az{ord(zone) - ord('a') + 1}"}
    return _row("Subnets", "SubnetId", id, **{"VpcId": vpc, **v4, "Ipv6CidrBlockAssociationSet": v6, **zones, **fields})


# ---------------------------------------------------------------------- interfaces and what owns them
def interface(
    id: str,
    *addresses: str,
    subnet: str = "subnet-a",
    vpc: str = "vpc-1",
    groups: Iterable[str] = ("sg-open",),
    public: str = "",
    instance: str = "",
    type: str = "interface",
    **fields: Any,
) -> Row:
    """An interface with these addresses, the first IPv4 one primary; `public` is the public address of the primary one."""
    v4 = [one for one in addresses if ":" not in one]
    listed = [{"PrivateIpAddress": one, "Primary": one == v4[0]} for one in v4]
    if public and listed:
        listed[0]["Association"] = {"PublicIp": public, "IpOwnerId": ACCOUNT}
    made = {
        "SubnetId": subnet,
        "VpcId": vpc,
        "PrivateIpAddress": v4[0] if v4 else "",
        "PrivateIpAddresses": listed,
        "Ipv6Addresses": [{"Ipv6Address": one} for one in addresses if ":" in one],
        "Groups": [{"GroupId": one, "GroupName": one} for one in groups],
        "InterfaceType": type,
        "SourceDestCheck": True,
        "Status": "in-use",
        "AvailabilityZone": f"{REGION}a",
    }
    if instance:
        made["Attachment"] = {"InstanceId": instance, "DeviceIndex": 0, "Status": "attached"}
    return _row("NetworkInterfaces", "NetworkInterfaceId", id, **{**made, **fields})


def eni_a(**fields: Any) -> Row:
    """`eni-a` of the default network, with the fields that differ."""
    addresses = fields.pop("addresses", (A4, A6))
    return interface("eni-a", *addresses, **{"public": A_PUBLIC, "instance": "i-a", **fields})


def eni_b(**fields: Any) -> Row:
    """`eni-b` of the default network, with the fields that differ."""
    addresses = fields.pop("addresses", (B4, B6))
    return interface("eni-b", *addresses, **{"subnet": "subnet-b", "public": B_PUBLIC, "instance": "i-b", **fields})


def instance(id: str, state: str = "running", **fields: Any) -> Row:
    """An EC2 instance in a state."""
    return _row("Reservations", "InstanceId", id, State={"Name": state}, **fields)


# ---------------------------------------------------------------------- groups
def group(id: str, ingress: Iterable[Any] = (), egress: Iterable[Any] | None = None, *, vpc: str = "vpc-1", **fields: Any) -> Row:
    """A security group; its egress is open unless it is given."""
    out = OPEN if egress is None else list(egress)
    rules = {"IpPermissions": list(ingress), "IpPermissionsEgress": out}
    return _row("SecurityGroups", "GroupId", id, **{"GroupName": id, "VpcId": vpc, **rules, **fields})


def rule(service: str, *far: str, **pair: Any) -> dict[str, Any]:
    """A rule of a group: a service (`tcp/22`, `icmp/8`, `icmp/3/4`, `proto/50`, `all`) and far sides: blocks, `sg-…`, `pl-…`.

    `pair` are further fields of a group that is named as far side.
    """
    protocol, low, high = _service(service)
    made: dict[str, Any] = {"IpProtocol": protocol}
    if low is not None:
        made |= {"FromPort": low, "ToPort": high}
    made["IpRanges"] = [{"CidrIp": one} for one in far if _is_v4(one)]
    made["Ipv6Ranges"] = [{"CidrIpv6": one} for one in far if ":" in one]
    made["PrefixListIds"] = [{"PrefixListId": one} for one in far if one.startswith("pl-")]
    made["UserIdGroupPairs"] = [{"GroupId": one, "UserId": ACCOUNT, **pair} for one in far if one.startswith("sg-")]
    return made


def _is_v4(far: str) -> bool:
    return far[0].isdigit() and ":" not in far


def _service(text: str) -> tuple[str, int | None, int | None]:
    name, _, detail = text.partition("/")
    if name in ("all", "-1"):
        return "-1", None, None
    if name == "proto":
        return detail, None, None
    if not detail:
        return name, *((-1, -1) if name.startswith("icmp") else (0, 65535))
    if name.startswith("icmp"):
        type_, _, code = detail.partition("/")
        return name, int(type_), int(code or -1)
    low, _, high = detail.partition("-")
    return name, int(low), int(high or low)


OPEN = [rule("all", V4, V6)]


# ---------------------------------------------------------------------- network ACLs
Entry = tuple[int, str, str, str]
PROTOCOL_NUMBERS = {"tcp": "6", "udp": "17", "icmp": "1", "icmpv6": "58"}


def acl(
    id: str,
    *subnets: str,
    inbound: Iterable[Entry] | None = None,
    outbound: Iterable[Entry] | None = None,
    default: bool = False,
    vpc: str = "vpc-1",
) -> Row:
    """A network ACL: entries `(number, action, service, block)` as written, open in a direction that is not given."""
    entries = [_entry(one, egress=False) for one in (ALL_OPEN if inbound is None else inbound)]
    entries += [_entry(one, egress=True) for one in (ALL_OPEN if outbound is None else outbound)]
    associations = [{"NetworkAclAssociationId": f"aclassoc-{one}", "NetworkAclId": id, "SubnetId": one} for one in subnets]
    return _row("NetworkAcls", "NetworkAclId", id, VpcId=vpc, IsDefault=default, Entries=entries, Associations=associations)


def _entry(entry: Entry, *, egress: bool) -> dict[str, Any]:
    number, action, service, block = entry
    protocol, low, high = _service(service)
    made: dict[str, Any] = {"RuleNumber": number, "RuleAction": action, "Egress": egress}
    made["Protocol"] = PROTOCOL_NUMBERS.get(protocol, protocol)
    made["Ipv6CidrBlock" if ":" in block else "CidrBlock"] = block
    if protocol.startswith("icmp"):
        made["IcmpTypeCode"] = {"Type": low, "Code": high}
    elif low is not None:
        made["PortRange"] = {"From": low, "To": high}
    return made


ALL_OPEN: list[Entry] = [(100, ALLOW, "all", V4), (101, ALLOW, "all", V6)]


# ---------------------------------------------------------------------- routes
TARGETS = {
    "nat-": "NatGatewayId",
    "eni-": "NetworkInterfaceId",
    "pcx-": "VpcPeeringConnectionId",
    "tgw-": "TransitGatewayId",
    "eigw-": "EgressOnlyInternetGatewayId",
    "cagw-": "CarrierGatewayId",
    "lgw-": "LocalGatewayId",
}


def route(destination: str, target: str, **fields: Any) -> dict[str, Any]:
    """A route, its target in the field that AWS has for its kind."""
    field = next((name for start, name in TARGETS.items() if target.startswith(start)), "GatewayId")
    made = {"State": "active", "Origin": "CreateRoute"}
    if destination.startswith("pl-"):
        where = "DestinationPrefixListId"
    else:
        where = "DestinationIpv6CidrBlock" if ":" in destination else "DestinationCidrBlock"
    return {where: destination, field: target, **made, **fields}


def route_table(
    id: str,
    *routes: tuple[str, str] | dict[str, Any],
    subnets: Iterable[str] = (),
    gateway: str = "",
    main: bool = False,
    vpc: str = "vpc-1",
    local: Iterable[str] | None = None,
    associations: Iterable[dict[str, Any]] = (),
) -> Row:
    """A route table: its VPC's local routes, then `(destination, target)` or routes made with `route`."""
    own = [route(one, "local", Origin="CreateRouteTable") for one in (RANGES[vpc] if local is None else local)]
    rest = [route(*one) if isinstance(one, tuple) else one for one in routes]
    state = {"AssociationState": {"State": "associated"}, "RouteTableId": id}
    tied: list[dict[str, Any]] = [{"Main": False, "SubnetId": one, **state} for one in subnets]
    tied += [{"Main": False, "GatewayId": gateway, **state}] if gateway else []
    tied += [{"Main": True, **state}] if main else []
    return _row("RouteTables", "RouteTableId", id, VpcId=vpc, Routes=own + rest, Associations=[*tied, *associations])


def main_table(*routes: tuple[str, str] | dict[str, Any], **how: Any) -> Row:
    """The main route table of `vpc-1` with these routes instead of those to the internet."""
    return route_table("rtb-main", *routes, main=True, **how)


def prefix_list(id: str, *blocks: str, **fields: Any) -> list[Row]:
    """A managed prefix list and its entries."""
    entries = _row("ManagedPrefixListEntries", "PrefixListId", id, Entries=[{"Cidr": one} for one in blocks])
    return [_row("PrefixLists", "PrefixListId", id, **{"PrefixListName": id, **fields}), entries]


# ---------------------------------------------------------------------- gateways
def igw(id: str = "igw-1", vpc: str = "vpc-1", state: str = "available") -> Row:
    """An internet gateway, attached to a VPC unless that is ""."""
    attachments = [{"VpcId": vpc, "State": state}] if vpc else []
    return _row("InternetGateways", "InternetGatewayId", id, Attachments=attachments)


def eigw(id: str = "eigw-1", vpc: str = "vpc-1", state: str = "attached") -> Row:
    """An egress-only internet gateway."""
    attachments = [{"VpcId": vpc, "State": state}]
    return _row("EgressOnlyInternetGateways", "EgressOnlyInternetGatewayId", id, Attachments=attachments)


NAT_4, NAT_PUBLIC = "10.0.9.9", "203.0.113.99"


def nat(
    id: str = "nat-1",
    *,
    subnet: str = "subnet-nat",
    vpc: str = "vpc-1",
    private: str = NAT_4,
    public: str = NAT_PUBLIC,
    **fields: Any,
) -> list[Row]:
    """A NAT gateway with its interface; `public` "" makes it a private one."""
    eni = f"eni-{id}"
    address = {"NatGatewayId": id, "PrivateIp": private, "NetworkInterfaceId": eni, "Status": "succeeded"}
    made = {
        "VpcId": vpc,
        "SubnetId": subnet,
        "State": "available",
        "ConnectivityType": "public" if public else "private",
        "NatGatewayAddresses": [{**address, **({"PublicIp": public} if public else {})}],
    }
    gateway = _row("NatGateways", "NatGatewayId", id, **{**made, **fields})
    own = interface(eni, private, subnet=subnet, vpc=vpc, groups=(), public=public, type="nat_gateway", SourceDestCheck=False)
    return [gateway, own]


def behind_nat(**fields: Any) -> list[Row]:
    """What makes `subnet-a` private behind a NAT gateway in a public subnet of its own."""
    return [
        subnet("subnet-nat", "10.0.9.0/24", "2001:db8:0:109::/64"),
        *nat(**fields),
        route_table("rtb-private", (V4, "nat-1"), subnets=["subnet-a"]),
        eni_a(public=""),
    ]


def middlebox(id: str = "eni-fw", *addresses: str, subnet: str = "subnet-fw", public: str = "", **fields: Any) -> Row:
    """An interface with its source/destination check off, on an instance that may forward."""
    how = {"SourceDestCheck": False, "instance": "i-fw", **fields}
    return interface(id, *(addresses or ("10.0.8.8",)), subnet=subnet, public=public, **how)


FIREWALL = [subnet("subnet-fw", "10.0.8.0/24", "2001:db8:0:108::/64"), middlebox(), instance("i-fw")]


# ---------------------------------------------------------------------- peering
def peering(id: str = "pcx-1", one: str = "vpc-1", other: str = "vpc-2", *, status: str = "active", regions: Any = None) -> Row:
    """A peering connection between two VPCs, in the Regions given or in one."""
    regions = regions or (REGION, REGION)
    sides = [
        {
            "VpcId": name,
            "OwnerId": ACCOUNT,
            "Region": region,
            "CidrBlock": RANGES[name][0],
            "CidrBlockSet": [{"CidrBlock": RANGES[name][0]}],
            "Ipv6CidrBlockSet": [{"Ipv6CidrBlock": RANGES[name][1]}],
        }
        for name, region in zip((one, other), regions, strict=True)
    ]
    return _row(
        "VpcPeeringConnections",
        "VpcPeeringConnectionId",
        id,
        RequesterVpcInfo=sides[0],
        AccepterVpcInfo=sides[1],
        Status={"Code": status},
    )


def second_vpc(id: str = "vpc-2", name: str = "p", **fields: Any) -> list[Row]:
    """A further VPC in which everything passes: subnet, interface `eni-<name>`, group `sg-<name>`, ACL, route table."""
    number = RANGES[id][0].split(".")[1]
    return [
        vpc(id),
        subnet(f"subnet-{name}", f"10.{number}.1.0/24", f"2001:db8:0:{number}01::/64", vpc=id),
        interface(
            f"eni-{name}",
            f"10.{number}.1.10",
            f"2001:db8:0:{number}01::10",
            subnet=f"subnet-{name}",
            vpc=id,
            groups=[f"sg-{name}"],
            **fields,
        ),
        group(f"sg-{name}", OPEN, vpc=id),
        acl(f"acl-{name}", default=True, vpc=id),
        route_table(f"rtb-{name}", main=True, vpc=id),
    ]


def peered(*, status: str = "active", regions: Any = None) -> list[Row]:
    """`vpc-2` with `eni-p`, peered with `vpc-1`, and routes both ways."""
    return [
        *second_vpc(),
        peering(status=status, regions=regions),
        main_table(*((one, "pcx-1") for one in RANGES["vpc-2"])),
        route_table("rtb-p", *((one, "pcx-1") for one in RANGES["vpc-1"]), main=True, vpc="vpc-2"),
    ]


# ---------------------------------------------------------------------- endpoints, databases, switches
S3 = "52.218.0.0/17"
S3_4 = "52.218.1.1"


def gateway_endpoint(id: str = "vpce-s3", *, vpc: str = "vpc-1", service: str = "s3", **fields: Any) -> Row:
    """A gateway endpoint."""
    made = {"VpcEndpointType": "Gateway", "VpcId": vpc, "ServiceName": f"com.amazonaws.{REGION}.{service}", "State": "available"}
    return _row("VpcEndpoints", "VpcEndpointId", id, **{**made, **fields})


def interface_endpoint(id: str = "vpce-1", *enis: str, service: str = "kms", type: str = "Interface", **fields: Any) -> Row:
    """An interface endpoint with these interfaces, or one of another type."""
    made = {
        "VpcEndpointType": type,
        "VpcId": "vpc-1",
        "ServiceName": f"com.amazonaws.{REGION}.{service}",
        "State": "available",
        "NetworkInterfaceIds": list(enis),
    }
    return _row("VpcEndpoints", "VpcEndpointId", id, **{**made, **fields})


def rds(id: str = "orders", *subnets: str, groups: Iterable[str] = ("sg-open",), public: bool = False, **fields: Any) -> Row:
    """An RDS instance whose subnet group has these subnets."""
    made = {
        "DBInstanceArn": f"arn:aws:rds:{REGION}:{ACCOUNT}:db:{id}",
        "DBInstanceStatus": "available",
        "DBSubnetGroup": {"VpcId": "vpc-1", "Subnets": [{"SubnetIdentifier": one} for one in subnets or ("subnet-b",)]},
        "Endpoint": {"Address": f"{id}.example.{REGION}.rds.amazonaws.com", "Port": 5432},
        "PubliclyAccessible": public,
        "VpcSecurityGroups": [{"VpcSecurityGroupId": one, "Status": "active"} for one in groups],
    }
    return _row("DBInstances", "DBInstanceIdentifier", id, **{**made, **fields})


def rds_interface(id: str, *addresses: str, subnet: str = "subnet-b", **fields: Any) -> Row:
    """The interface that RDS makes for a database."""
    how = {"Description": "RDSNetworkInterface", "RequesterId": "amazon-rds", "RequesterManaged": True}
    return interface(id, *addresses, subnet=subnet, **{**how, **fields})


def public_access(mode: str, **fields: Any) -> Row:
    """The switch of VPC Block Public Access."""
    return Row(
        "VpcBlockPublicAccessOptions",
        "bpa",
        {"AwsAccountId": ACCOUNT, "AwsRegion": REGION, "State": "update-complete", "InternetGatewayBlockMode": mode, **fields},
    )


def exclusion(resource: str, mode: str = "allow-bidirectional", state: str = "create-complete", id: str = "vpcbpa-1") -> Row:
    """An exclusion from it: `vpc/vpc-1` or `subnet/subnet-a`."""
    arn = f"arn:aws:ec2:{REGION}:{ACCOUNT}:{resource}"
    return Row(
        "VpcBlockPublicAccessExclusions",
        id,
        {"ExclusionId": id, "ResourceArn": arn, "InternetGatewayExclusionMode": mode, "State": state},
    )


# ---------------------------------------------------------------------- transit gateways
def tgw(id: str = "tgw-1", *, references: str = "disable", **fields: Any) -> Row:
    """A transit gateway."""
    options = {"SecurityGroupReferencingSupport": references}
    return _row("TransitGateways", "TransitGatewayId", id, **{"State": "available", "Options": options, **fields})


def attachment(id: str, vpc: str, *subnets: str, table: str = "tgw-rtb-1", tgw: str = "tgw-1", **fields: Any) -> list[Row]:
    """A VPC attachment in these subnets, associated with a table of the gateway unless that is ""."""
    options = {"Ipv6Support": "enable", "SecurityGroupReferencingSupport": "enable", "ApplianceModeSupport": "disable"}
    made = {"TransitGatewayId": tgw, "VpcId": vpc, "SubnetIds": list(subnets), "State": "available", "Options": options}
    own = _row("TransitGatewayVpcAttachments", "TransitGatewayAttachmentId", id, **{**made, **fields})
    return [own, seen_attachment(id, "vpc", vpc, table=table, tgw=tgw)]


def seen_attachment(id: str, type: str, resource: str, *, table: str = "tgw-rtb-1", tgw: str = "tgw-1", **fields: Any) -> Row:
    """An attachment of any kind as a gateway sees it."""
    made = {"TransitGatewayId": tgw, "ResourceType": type, "ResourceId": resource, "State": "available"}
    association = {"Association": {"TransitGatewayRouteTableId": table, "State": "associated"}} if table else {}
    row = _row("TransitGatewayAttachments", "TransitGatewayAttachmentId", id, **{**made, **association, **fields})
    return row._replace(id=f"{id}@{tgw}")


def tgw_table(id: str = "tgw-rtb-1", *routes: tuple[str, str] | dict[str, Any], tgw: str = "tgw-1") -> list[Row]:
    """A route table of a transit gateway: `(block, attachment id)`, an id of `blackhole` drops; or routes as AWS writes them."""
    made = [_transit_route(*one) if isinstance(one, tuple) else one for one in routes]
    table = _row("TransitGatewayRouteTables", "TransitGatewayRouteTableId", id, TransitGatewayId=tgw, State="available")
    return [table, _row("TransitGatewayRoutes", "TransitGatewayRouteTableId", id, Routes=made)]


def _transit_route(block: str, attachment: str) -> dict[str, Any]:
    if attachment == "blackhole":
        return {"DestinationCidrBlock": block, "Type": "static", "State": "blackhole"}
    type_ = "vpc" if attachment.startswith("tgw-attach") else attachment.split("-")[0]
    leads = {"TransitGatewayAttachmentId": attachment, "ResourceType": type_, "ResourceId": attachment}
    return {"DestinationCidrBlock": block, "Type": "propagated", "State": "active", "TransitGatewayAttachments": [leads]}


TO_VPC_2 = [(one, "tgw-attach-2") for one in RANGES["vpc-2"]]
TO_VPC_1 = [(one, "tgw-attach-1") for one in RANGES["vpc-1"]]


def transit() -> list[Row]:
    """`vpc-1` (zone a) and `vpc-2` with `eni-p` on a transit gateway with one route table, and routes both ways."""
    return [
        *second_vpc(),
        subnet("subnet-t1", "10.0.7.0/28", "2001:db8:0:107::/64"),
        subnet("subnet-t2", "10.2.7.0/28", "2001:db8:0:207::/64", vpc="vpc-2"),
        tgw(),
        *attachment("tgw-attach-1", "vpc-1", "subnet-t1"),
        *attachment("tgw-attach-2", "vpc-2", "subnet-t2"),
        *tgw_table("tgw-rtb-1", *TO_VPC_1, *TO_VPC_2),
        main_table(*((one, "tgw-1") for one in RANGES["vpc-2"]), (V4, "igw-1")),
        route_table("rtb-p", *((one, "tgw-1") for one in RANGES["vpc-1"]), main=True, vpc="vpc-2"),
    ]


# ---------------------------------------------------------------------- sites
def vgw(id: str = "vgw-1", vpc: str = "vpc-1", state: str = "attached") -> Row:
    """A virtual private gateway."""
    attachments = [{"VpcId": vpc, "State": state}] if vpc else []
    return _row("VpnGateways", "VpnGatewayId", id, State="available", VpcAttachments=attachments)


def vpn(id: str = "vpn-1", *routes: str, static: bool = True, tunnels: Iterable[str] = ("UP", "DOWN"), **fields: Any) -> Row:
    """A VPN connection on `vgw-1` with these static routes."""
    made = {
        "VpnGatewayId": "vgw-1",
        "CustomerGatewayId": "cgw-1",
        "State": "available",
        "Options": {"StaticRoutesOnly": static},
        "Routes": [{"DestinationCidrBlock": one, "State": "available"} for one in routes],
        "VgwTelemetry": [{"OutsideIpAddress": f"198.51.100.{n}", "Status": one} for n, one in enumerate(tunnels)],
    }
    return _row("VpnConnections", "VpnConnectionId", id, **{**made, **fields})


SITE, SITE_HOST = "192.168.0.0/16", "192.168.1.5"


def site() -> list[Row]:
    """A site behind a VPN on a virtual private gateway of `vpc-1`, static routes, and a route to it."""
    return [vgw(), vpn("vpn-1", SITE), main_table((SITE, "vgw-1"), (V4, "igw-1"), (V6, "igw-1"))]


# ---------------------------------------------------------------------- load balancers
def _arn(kind: str, name: str) -> str:
    return f"arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}:{kind}/{name}"


def balancer(
    name: str = "front", type: str = "application", *, groups: Iterable[str] = ("sg-lb",), scheme: str = "internal", **fields: Any
) -> Row:
    """A load balancer of type `application` or `network`."""
    word = {"application": "app", "network": "net"}[type]
    made = {
        "LoadBalancerName": name,
        "Type": type,
        "Scheme": scheme,
        "VpcId": "vpc-1",
        "State": {"Code": "active"},
        "SecurityGroups": list(groups),
        "AvailabilityZones": [{"ZoneName": f"{REGION}a", "SubnetId": "subnet-lb"}],
    }
    arn = _arn("loadbalancer", f"{word}/{name}/1")
    return _row("LoadBalancers", "LoadBalancerArn", arn, **{**made, **fields})


def node(name: str = "front", type: str = "application", *, id: str = "eni-lb", address: str = "10.0.6.6", **fields: Any) -> Row:
    """The interface of a load balancer's node."""
    word = {"application": "app", "network": "net"}[type]
    how = {"subnet": "subnet-lb", "groups": ["sg-lb"], "Description": f"ELB {word}/{name}/1", "RequesterId": "amazon-elb"}
    how["type"] = "network_load_balancer" if type == "network" else "interface"
    return interface(id, address, **{**how, **fields})


def listener(lb: Row, port: int = 443, protocol: str = "HTTPS", *actions: dict[str, Any], id: str = "") -> Row:
    """A listener that forwards to target group `hosts` unless actions are given."""
    arn = f"{lb.id.replace(':loadbalancer/', ':listener/')}/{id or port}"
    default = list(actions) or [{"Type": "forward", "TargetGroupArn": _arn("targetgroup", "hosts/1")}]
    return _row("Listeners", "ListenerArn", arn, LoadBalancerArn=lb.id, Port=port, Protocol=protocol, DefaultActions=default)


def targets(
    *ids: str | tuple[str, int],
    type: str = "instance",
    port: int = 8080,
    protocol: str = "HTTP",
    health: str = "healthy",
    **attributes: str,
) -> list[Row]:
    """Target group `hosts` with these targets, an id or an id and a port; `attributes` are those of the group."""
    arn = _arn("targetgroup", "hosts/1")
    group_ = _row(
        "TargetGroups",
        "TargetGroupArn",
        arn,
        TargetGroupName="hosts",
        TargetType=type,
        Port=port,
        Protocol=protocol,
        VpcId="vpc-1",
    )
    listed = [{"Id": one[0], "Port": one[1]} if isinstance(one, tuple) else {"Id": one} for one in ids]
    described = [{"Target": one, "TargetHealth": {"State": health}} for one in listed]
    healths = Row("LoadBalancerTargetHealth", arn, {"TargetGroupArn": arn, "TargetHealthDescriptions": described})
    said = [{"Key": key.replace("__", "."), "Value": value} for key, value in attributes.items()]
    return [group_, healths, Row("TargetGroupAttributes", arn, {"TargetGroupArn": arn, "Attributes": said})]


def balanced(kind: str = "application", /, *, port: int = 443, listening: str = "", **how: Any) -> list[Row]:
    """A load balancer in a subnet of its own, which forwards port 443 to `i-b` on 8080; `how` is for `targets`."""
    listening = listening or {"application": "HTTPS", "network": "TCP"}[kind]
    lb = balancer("front", kind)
    made = {"protocol": {"application": "HTTP", "network": "TCP"}[kind], **how}
    return [
        subnet("subnet-lb", "10.0.6.0/24", "2001:db8:0:106::/64"),
        lb,
        node("front", kind),
        listener(lb, port, listening),
        *targets(*made.pop("ids", ("i-b",)), **made),
        group("sg-lb", OPEN),
        Row("LoadBalancerAttributes", lb.id, {"LoadBalancerArn": lb.id, "Attributes": cross_zone("true")}),
    ]


def cross_zone(value: str) -> list[dict[str, str]]:
    """Attributes of a load balancer that say whether it serves targets of other zones."""
    return [{"Key": "load_balancing.cross_zone.enabled", "Value": value}]


# ---------------------------------------------------------------------- the default network
def default_rows() -> list[Row]:
    """One VPC in which everything passes."""
    return [
        vpc(),
        subnet("subnet-a", "10.0.1.0/24", "2001:db8:0:101::/64"),
        subnet("subnet-b", "10.0.2.0/24", "2001:db8:0:102::/64", zone="b"),
        eni_a(),
        interface("eni-a2", A2_4, A2_6, public=A2_PUBLIC, instance="i-a2"),
        eni_b(),
        instance("i-a"),
        instance("i-a2"),
        instance("i-b"),
        group("sg-open", OPEN),
        acl("acl-open", default=True),
        main_table((V4, "igw-1"), (V6, "igw-1")),
        igw(),
        public_access("off"),
    ]


# Calls that were made and answered nothing.
EMPTY = ("VpcBlockPublicAccessExclusions", "VpcPeeringConnections", "VpnConnections")


def documents_of(rows: Iterable[Rows], without: Iterable[str] = ()) -> dict[str, list[Any]]:
    """The documents of `network` with these resources, by their top-level keys."""
    found: dict[tuple[str, str], Row] = {}
    for one in (*default_rows(), *_flat(rows)):
        found[one.document, one.id] = one
    gone = set(without)
    documents: dict[str, list[Any]] = {key: [] for key in EMPTY if key not in gone}
    for one in found.values():
        if one.document not in gone:
            documents.setdefault(one.document, [])
            if one.id not in gone:
                documents[one.document].append(_entry_of(one))
    return documents


def network(*rows: Rows, without: Iterable[str] = ()) -> Network:
    """The default network with these resources, each in the place of the one with its id or added; `without` leaves ids out.

    `without` may name a top-level key too: then the snapshot was made without that call.
    """
    documents = documents_of(rows, without)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "snapshot.json")
        path.write_text(json.dumps(documents))
        return load(path)


def _flat(rows: Iterable[Rows]) -> Iterator[Row]:
    for one in rows:
        if isinstance(one, Row):
            yield one
        else:
            yield from one


def _entry_of(row: Row) -> dict[str, Any]:
    return {"OwnerId": ACCOUNT, "Instances": [row.fields]} if row.document == "Reservations" else row.fields


# ---------------------------------------------------------------------- questions
def bug(text: str) -> pytest.MarkDecorator:
    """The mark of a row that shows what the code does wrong; when the code is mended the row fails until the mark is gone."""
    return pytest.mark.xfail(reason=text, strict=True)


SEEN: list[str] = []
CODES_SEEN: set[tuple[str, str]] = set()


def ask(network: Network, source: str, target: str, on: str | None = None) -> Answer:
    """The answer to `reach from SOURCE to TARGET on SERVICE`; its verdict and codes are remembered for `conftest`."""
    found = network.reach(source, target, on)
    SEEN.append(found.verdict.value)
    told = [one for pair in found.pairs for one in (*pair.blockers, *pair.doubts)]
    CODES_SEEN.update((one.code, one.rule) for one in (*found.blockers, *told) if one.code)
    return found


def verdict(network: Network, source: str, target: str, on: str | None = None) -> str:
    """The verdict of that answer, in a word."""
    return ask(network, source, target, on).verdict.value


def blockers(answer: Answer) -> set[tuple[str, str]]:
    """The resource and rule of every line that blocks."""
    return {(one.resource, one.rule) for one in answer.blockers}


def codes(answer: Answer) -> set[str]:
    """The explanation codes of the lines that block."""
    return {one.code for one in answer.blockers}


def hops(answer: Answer) -> list[tuple[str, str]]:
    """The resource and rule of every line that the first pair's request met."""
    return [(one.resource, one.rule) for one in answer.pairs[0].path]
