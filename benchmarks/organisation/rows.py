"""Rows of AWS answers with the fields that AWS gives them, so that reading them costs what reading an account costs."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b
from typing import Any, NamedTuple

Row = dict[str, Any]

ANYWHERE, ANYWHERE_V6 = "0.0.0.0/0", "::/0"
WHEN = "2026-03-02T09:14:07+00:00"
# What the interface inside an instance's row does not show.
OUTSIDE_ONLY = ("AvailabilityZone", "AvailabilityZoneId", "RequesterManaged", "TagSet")
DISK = {"DeviceName": "/dev/xvda", "Ebs": {"DeleteOnTermination": True, "Status": "attached"}}
OF_EVERY_INSTANCE = {
    **{"ImageId": "ami-0123456789abcdef0", "InstanceType": "m7i.large", "State": {"Code": 16, "Name": "running"}},
    **{"PlatformDetails": "Linux/UNIX", "Architecture": "x86_64", "LaunchTime": WHEN, "SourceDestCheck": True},
    **{"EbsOptimized": True, "EnaSupport": True, "RootDeviceName": "/dev/xvda", "BlockDeviceMappings": [DISK]},
    **{"MetadataOptions": {"State": "applied", "HttpTokens": "required", "HttpEndpoint": "enabled"}, "AmiLaunchIndex": 0},
}


class Owner(NamedTuple):
    """An account in a Region. Names of zones are the account's own: `shift` says which zone its `a` is."""

    account: str
    region: str = "eu-west-1"
    shift: int = 0

    def zone(self, number: int) -> dict[str, str]:
        """Return the name and the id of a zone; accounts mean the same zone by a number, under names of their own."""
        name = "abc"[(number + self.shift) % 3]
        return {"AvailabilityZone": f"{self.region}{name}", "AvailabilityZoneId": f"euw1-az{number + 1}"}

    def arn(self, service: str, resource: str) -> str:
        """Return the ARN of a resource of the account."""
        return f"arn:aws:{service}:{self.region}:{self.account}:{resource}"


def id_of(kind: str, name: str) -> str:
    """Return an id of the shape of AWS's; the same name gives the same id."""
    return f"{kind}-0{blake2b(f'{kind}/{name}'.encode(), digest_size=8).hexdigest()}"


def tags(name: str, **more: str) -> list[Row]:
    """Return tags as AWS lists them."""
    return [{"Key": key, "Value": value} for key, value in {"Name": name, **more}.items()]


def vpc(owner: Owner, name: str, cidrs: list[str], v6: str = "", **labels: str) -> Row:
    """Return a row of DescribeVpcs."""
    blocks = [
        {"AssociationId": id_of("vpc-cidr-assoc", f"{name}/{cidr}"), "CidrBlock": cidr, "CidrBlockState": {"State": "associated"}}
        for cidr in cidrs
    ]
    own: Row = {"Ipv6CidrBlock": v6, "Ipv6Pool": "Amazon", "Ipv6CidrBlockState": {"State": "associated"}}
    row: Row = {"VpcId": id_of("vpc", name), "OwnerId": owner.account, "State": "available", "CidrBlock": cidrs[0]}
    row |= {"CidrBlockAssociationSet": blocks, "Ipv6CidrBlockAssociationSet": [own] if v6 else []}
    return row | {"IsDefault": False, "InstanceTenancy": "default", "Tags": tags(name, **labels)}


def subnet(owner: Owner, name: str, in_vpc: str, cidr: str, zone: int, v6: str = "", **labels: str) -> Row:
    """Return a row of DescribeSubnets."""
    id = id_of("subnet", name)
    own: Row = {"Ipv6CidrBlock": v6, "Ipv6CidrBlockState": {"State": "associated"}}
    row: Row = {"SubnetId": id, "SubnetArn": owner.arn("ec2", f"subnet/{id}"), "VpcId": id_of("vpc", in_vpc)}
    row |= {"OwnerId": owner.account, "State": "available", "CidrBlock": cidr, **owner.zone(zone)}
    row |= {"Ipv6CidrBlockAssociationSet": [own] if v6 else [], "MapPublicIpOnLaunch": False, "DefaultForAz": False}
    return row | {"Tags": tags(name, **labels)}


def interface(
    name: str, in_subnet: Row, address: str, groups: Iterable[str], *, public: str = "", v6: str = "", **fields: Any
) -> Row:
    """Return a row of DescribeNetworkInterfaces; `public` is its public address, "" for none."""
    association: Row = {"Association": {"PublicIp": public, "IpOwnerId": in_subnet["OwnerId"]}} if public else {}
    row: Row = {"NetworkInterfaceId": id_of("eni", name), "InterfaceType": "interface", "Status": "in-use", "Description": ""}
    for key in ("VpcId", "SubnetId", "AvailabilityZone", "AvailabilityZoneId", "OwnerId"):
        row[key] = in_subnet[key]
    row |= {"RequesterManaged": False, "SourceDestCheck": True, "PrivateIpAddress": address, **association}
    row["PrivateIpAddresses"] = [{"Primary": True, "PrivateIpAddress": address, **association}]
    row["Ipv6Addresses"] = [{"Ipv6Address": v6}] if v6 else []
    row["Groups"] = [{"GroupId": id_of("sg", group), "GroupName": group} for group in groups]
    row["Attachment"] = {"AttachmentId": id_of("eni-attach", name), "DeviceIndex": 0, "Status": "attached"}
    return row | fields


def managed(requester: str, description: str, **fields: Any) -> Row:
    """Return the fields of an interface that a service made."""
    return {"RequesterId": requester, "RequesterManaged": True, "Description": description, **fields}


def instance(name: str, attached: list[Row], **labels: str) -> Row:
    """Return an entry of DescribeInstances, and write the instance's id into its interfaces', the primary one first."""
    id, first = id_of("i", name), attached[0]
    inside = [{key: value for key, value in one.items() if key not in OUTSIDE_ONLY} for one in attached]
    for device, (one, shown) in enumerate(zip(attached, inside, strict=True)):
        shown["Attachment"] = one["Attachment"] | {"DeviceIndex": device}
        one["Attachment"] = shown["Attachment"] | {"InstanceId": id, "InstanceOwnerId": one["OwnerId"]}
    row: Row = {"InstanceId": id, **OF_EVERY_INSTANCE, "Tags": tags(name, **labels)}
    row |= {key: first[key] for key in ("VpcId", "SubnetId", "PrivateIpAddress")}
    row |= {"Placement": {"AvailabilityZone": first["AvailabilityZone"], "GroupName": "", "Tenancy": "default"}}
    row |= {"SecurityGroups": first["Groups"], "NetworkInterfaces": inside}
    return {"ReservationId": id.replace("i-", "r-", 1), "OwnerId": first["OwnerId"], "Instances": [row]}


def database(owner: Owner, name: str, attached: Row, subnets: list[Row], **labels: str) -> Row:
    """Return a row of DescribeDBInstances for a database whose interface stands in one of the subnets."""
    row: Row = {"DBInstanceIdentifier": name, "DBInstanceArn": owner.arn("rds", f"db:{name}"), "Engine": "postgres"}
    row |= {"DBInstanceStatus": "available", "DBInstanceClass": "db.r7g.large", "MultiAZ": True, "PubliclyAccessible": False}
    row |= {"Endpoint": {"Address": f"{name}.c9akciq32.{owner.region}.rds.amazonaws.com", "Port": 5432}}
    row |= {"AvailabilityZone": attached["AvailabilityZone"], "StorageEncrypted": True, "TagList": tags(name, **labels)}
    row |= {"VpcSecurityGroups": [{"VpcSecurityGroupId": one["GroupId"], "Status": "active"} for one in attached["Groups"]]}
    places = [{"SubnetIdentifier": one["SubnetId"], "SubnetStatus": "Active"} for one in subnets]
    return row | {"DBSubnetGroup": {"DBSubnetGroupName": name, "VpcId": attached["VpcId"], "Subnets": places}}


def nat_gateway(name: str, attached: Row) -> Row:
    """Return a row of DescribeNatGateways, and make the interface the gateway's."""
    id = id_of("nat", name)
    attached |= {"InterfaceType": "nat_gateway", "SourceDestCheck": False, "Description": f"Interface for NAT Gateway {id}"}
    address = {"NetworkInterfaceId": attached["NetworkInterfaceId"], "PrivateIp": attached["PrivateIpAddress"]}
    address |= {"PublicIp": attached["Association"]["PublicIp"], "IsPrimary": True, "Status": "succeeded"}
    row: Row = {"NatGatewayId": id, "State": "available", "ConnectivityType": "public", "CreateTime": WHEN}
    return row | {
        "VpcId": attached["VpcId"],
        "SubnetId": attached["SubnetId"],
        "NatGatewayAddresses": [address],
        "Tags": tags(name),
    }


def internet_gateway(owner: Owner, in_vpc: str) -> Row:
    """Return a row of DescribeInternetGateways."""
    attachments = [{"VpcId": id_of("vpc", in_vpc), "State": "available"}]
    return {"InternetGatewayId": id_of("igw", in_vpc), "OwnerId": owner.account, "Attachments": attachments, "Tags": tags(in_vpc)}


def egress_only_gateway(in_vpc: str) -> Row:
    """Return a row of DescribeEgressOnlyInternetGateways."""
    attachments = [{"VpcId": id_of("vpc", in_vpc), "State": "attached"}]
    return {"EgressOnlyInternetGatewayId": id_of("eigw", in_vpc), "Attachments": attachments, "Tags": tags(in_vpc)}


def gateway_endpoint(owner: Owner, in_vpc: str, service: str, tables: list[str]) -> Row:
    """Return a row of DescribeVpcEndpoints for a gateway endpoint that lets everything pass, in these route tables."""
    allowed = '{"Version":"2008-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}'
    row: Row = {"VpcEndpointId": id_of("vpce", f"{in_vpc}/{service}"), "VpcEndpointType": "Gateway", "State": "available"}
    row |= {"VpcId": id_of("vpc", in_vpc), "ServiceName": f"com.amazonaws.{owner.region}.{service}", "PolicyDocument": allowed}
    return row | {"RouteTableIds": [id_of("rtb", one) for one in tables], "OwnerId": owner.account, "Tags": tags(in_vpc)}


# ---------------------------------------------------------------------- filters
def group(owner: Owner, name: str, in_vpc: str, inbound: list[Row], outbound: list[Row], **labels: str) -> Row:
    """Return a row of DescribeSecurityGroups."""
    id = id_of("sg", name)
    row: Row = {"GroupId": id, "GroupName": name, "Description": name, "VpcId": id_of("vpc", in_vpc), "OwnerId": owner.account}
    row |= {"SecurityGroupArn": owner.arn("ec2", f"security-group/{id}"), "Tags": tags(name, **labels)}
    return row | {"IpPermissions": inbound, "IpPermissionsEgress": outbound}


def rule(
    ports: int | tuple[int, int] | None, *cidrs: str, groups: Iterable[Row] = (), lists: Iterable[str] = (), of: str = "tcp"
) -> Row:
    """Return a permission: of one port or a range, None for everything; far sides are CIDRs, `pair`s and prefix lists' ids."""
    low, high = ports if isinstance(ports, tuple) else (ports, ports)
    row: Row = {"IpProtocol": "-1"} if ports is None else {"IpProtocol": of, "FromPort": low, "ToPort": high}
    row |= {"IpRanges": [{"CidrIp": cidr} for cidr in cidrs if ":" not in cidr]}
    row |= {"Ipv6Ranges": [{"CidrIpv6": cidr} for cidr in cidrs if ":" in cidr]}
    row |= {"PrefixListIds": [{"PrefixListId": one} for one in lists]}
    return row | {"UserIdGroupPairs": list(groups)}


def pair(owner: Owner, name: str) -> Row:
    """Return a group as the far side of a permission."""
    return {"UserId": owner.account, "GroupId": id_of("sg", name)}


def entry(number: int, egress: bool, action: str, cidr: str, ports: tuple[int, int] | None = None) -> Row:
    """Return an entry of an ACL: of some TCP ports, None for everything."""
    row: Row = {"RuleNumber": number, "Egress": egress, "RuleAction": action, "Protocol": "6" if ports else "-1"}
    row |= {"Ipv6CidrBlock" if ":" in cidr else "CidrBlock": cidr}
    return row | ({"PortRange": {"From": ports[0], "To": ports[1]}} if ports else {})


def acl(
    owner: Owner, name: str, in_vpc: str, entries: list[Row], subnets: list[Row], *, default: bool = False, v6: bool = False
) -> Row:
    """Return a row of DescribeNetworkAcls, with the entries that AWS adds at the end."""
    id = id_of("acl", name)
    associations = [
        {
            "NetworkAclAssociationId": id_of("aclassoc", one["SubnetId"]),
            "NetworkAclId": id,
            "SubnetId": one["SubnetId"],
        }
        for one in subnets
    ]
    last = [entry(32767, egress, "deny", ANYWHERE) for egress in (False, True)]
    last += [entry(32768, egress, "deny", ANYWHERE_V6) for egress in (False, True)] if v6 else []
    row: Row = {"NetworkAclId": id, "VpcId": id_of("vpc", in_vpc), "OwnerId": owner.account, "IsDefault": default}
    return row | {"Associations": associations, "Entries": entries + last, "Tags": tags(name)}


def prefix_list(owner: Owner, name: str, cidrs: list[str]) -> tuple[Row, Row]:
    """Return a row of DescribeManagedPrefixLists, and its entries."""
    id = id_of("pl", name)
    row: Row = {"PrefixListId": id, "PrefixListName": name, "PrefixListArn": owner.arn("ec2", f"prefix-list/{id}")}
    row |= {"AddressFamily": "IPv4", "State": "create-complete", "MaxEntries": 60, "Version": 1, "OwnerId": owner.account}
    return row, {"PrefixListId": id, "Entries": [{"Cidr": cidr} for cidr in cidrs]}


# ---------------------------------------------------------------------- routes
def route(destination: str, **target: str) -> Row:
    """Return a route to a block or to what a prefix list holds."""
    key = "DestinationPrefixListId" if destination.startswith("pl-") else "DestinationCidrBlock"
    key = "DestinationIpv6CidrBlock" if ":" in destination else key
    return {key: destination, **target, "Origin": "CreateRoute", "State": "active"}


def route_table(owner: Owner, name: str, in_vpc: str, routes: list[Row], subnets: list[Row], *, main: bool = False) -> Row:
    """Return a row of DescribeRouteTables."""
    id = id_of("rtb", name)
    of_each: Row = {"RouteTableId": id, "AssociationState": {"State": "associated"}}
    associations = [
        {
            "Main": False,
            "SubnetId": one["SubnetId"],
            "RouteTableAssociationId": id_of("rtbassoc", one["SubnetId"]),
            **of_each,
        }
        for one in subnets
    ]
    associations += [{"Main": True, "RouteTableAssociationId": id_of("rtbassoc", name), **of_each}] if main else []
    row: Row = {"RouteTableId": id, "VpcId": id_of("vpc", in_vpc), "OwnerId": owner.account, "Associations": associations}
    return row | {"PropagatingVgws": [], "Routes": routes, "Tags": tags(name)}


def local(cidr: str) -> Row:
    """Return the route that a VPC's own block has in each of its tables."""
    return route(cidr, GatewayId="local") | {"Origin": "CreateRouteTable"}
