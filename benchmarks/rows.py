"""Rows of AWS answers with the fields that AWS gives them, so that reading them costs what reading an account costs."""

from __future__ import annotations

from random import Random
from typing import Any

Row = dict[str, Any]

ACCOUNT, REGION = "111122223333", "eu-west-1"
ZONES = (("eu-west-1a", "euw1-az1"), ("eu-west-1b", "euw1-az2"))
VPCS = {"prod": "10.0.0.0/16", "tools": "10.1.0.0/16"}
WHEN = "2026-03-02T09:14:07+00:00"
PEERING = "pcx-00000000000000001"
# What the interface inside an instance's row does not show.
OUTSIDE_ONLY = ("AvailabilityZone", "AvailabilityZoneId", "RequesterManaged", "TagSet")
DISK = {"DeviceName": "/dev/xvda", "Ebs": {"DeleteOnTermination": True, "Status": "attached"}}
OF_EVERY_INSTANCE = {
    **{"ImageId": "ami-0123456789abcdef0", "InstanceType": "m7i.large", "State": {"Code": 16, "Name": "running"}},
    **{"PlatformDetails": "Linux/UNIX", "Architecture": "x86_64", "LaunchTime": WHEN, "SourceDestCheck": True},
    **{"Monitoring": {"State": "disabled"}, "EbsOptimized": True, "EnaSupport": True, "Hypervisor": "xen", "ProductCodes": []},
    **{"RootDeviceName": "/dev/xvda", "RootDeviceType": "ebs", "VirtualizationType": "hvm", "BootMode": "uefi-preferred"},
    **{"MetadataOptions": {"State": "applied", "HttpTokens": "required", "HttpEndpoint": "enabled"}},
    **{"BlockDeviceMappings": [DISK], "CpuOptions": {"CoreCount": 1, "ThreadsPerCore": 2}, "AmiLaunchIndex": 0},
}


def id_of(kind: str, name: str) -> str:
    """Return an id of the shape of AWS's; the same name gives the same id."""
    return f"{kind}-0{Random(f'{kind}/{name}').getrandbits(64):016x}"


def tags(name: str, **more: str) -> list[Row]:
    """Return tags as AWS lists them."""
    return [{"Key": key, "Value": value} for key, value in {"Name": name, **more}.items()]


def vpc(name: str) -> Row:
    """Return a row of DescribeVpcs."""
    cidr = VPCS[name]
    block = {"AssociationId": id_of("vpc-cidr-assoc", name), "CidrBlock": cidr, "CidrBlockState": {"State": "associated"}}
    row: Row = {"VpcId": id_of("vpc", name), "OwnerId": ACCOUNT, "State": "available", "CidrBlock": cidr, "IsDefault": False}
    return row | {"CidrBlockAssociationSet": [block], "InstanceTenancy": "default", "Tags": tags(name)}


def subnet(name: str, in_vpc: str, cidr: str, zone: int) -> Row:
    """Return a row of DescribeSubnets."""
    id = id_of("subnet", name)
    row: Row = {"SubnetId": id, "SubnetArn": f"arn:aws:ec2:{REGION}:{ACCOUNT}:subnet/{id}", "VpcId": id_of("vpc", in_vpc)}
    row |= {"OwnerId": ACCOUNT, "State": "available", "CidrBlock": cidr, "Ipv6CidrBlockAssociationSet": []}
    row |= {"AvailabilityZone": ZONES[zone][0], "AvailabilityZoneId": ZONES[zone][1], "AvailableIpAddressCount": 900}
    return row | {"DefaultForAz": False, "MapPublicIpOnLaunch": False, "EnableDns64": False, "Tags": tags(name)}


def interface(name: str, in_subnet: Row, address: str, groups: list[str], public: str) -> Row:
    """Return a row of DescribeNetworkInterfaces; `public` is its public address, "" for none."""
    dns = f"ip-{address.replace('.', '-')}.{REGION}.compute.internal"
    association: Row = {"Association": {"PublicIp": public, "IpOwnerId": ACCOUNT}} if public else {}
    row: Row = {"NetworkInterfaceId": id_of("eni", name), "InterfaceType": "interface", "Status": "in-use", "Description": ""}
    row |= {key: in_subnet[key] for key in ("VpcId", "SubnetId", "AvailabilityZone", "AvailabilityZoneId", "OwnerId")}
    row |= {"RequesterManaged": False, "SourceDestCheck": True, "MacAddress": "0a:00:00:00:00:01", "Ipv6Addresses": []}
    row |= {"PrivateIpAddress": address, "PrivateDnsName": dns, "Operator": {"Managed": False}, "TagSet": []}
    row |= {"PrivateIpAddresses": [{"Primary": True, "PrivateIpAddress": address, "PrivateDnsName": dns, **association}]}
    row |= {"Groups": [{"GroupId": id_of("sg", group), "GroupName": group} for group in groups], **association}
    attachment = {"AttachmentId": id_of("eni-attach", name), "AttachTime": WHEN, "DeleteOnTermination": True, "DeviceIndex": 0}
    return row | {"Attachment": attachment | {"NetworkCardIndex": 0, "Status": "attached"}}


def instance(name: str, attached: Row, tier: str, team: int) -> Row:
    """Return a row of DescribeInstances, and write the instance's id into its interface's."""
    inside = {key: value for key, value in attached.items() if key not in OUTSIDE_ONLY}
    attached["Attachment"] = {**attached["Attachment"], "InstanceId": id_of("i", name), "InstanceOwnerId": ACCOUNT}
    row: Row = {"InstanceId": id_of("i", name), **OF_EVERY_INSTANCE}
    row |= {key: attached[key] for key in ("VpcId", "SubnetId", "PrivateIpAddress", "PrivateDnsName")}
    row |= {"Placement": {"AvailabilityZone": attached["AvailabilityZone"], "GroupName": "", "Tenancy": "default"}}
    row |= {"SecurityGroups": attached["Groups"], "NetworkInterfaces": [inside]}
    return row | {"Tags": tags(name, tier=tier, context=f"team-{team}")}


def reservation(of: Row) -> Row:
    """Return an entry of DescribeInstances."""
    return {"ReservationId": of["InstanceId"].replace("i-", "r-", 1), "OwnerId": ACCOUNT, "Instances": [of]}


def database(name: str, attached: Row, group: str) -> Row:
    """Return a row of DescribeDBInstances, and make the interface one of RDS's."""
    attached |= {"RequesterId": "amazon-rds", "RequesterManaged": True, "Description": "RDSNetworkInterface"}
    row: Row = {"DBInstanceIdentifier": name, "DBInstanceArn": f"arn:aws:rds:{REGION}:{ACCOUNT}:db:{name}", "Engine": "postgres"}
    row |= {"DBInstanceStatus": "available", "DBInstanceClass": "db.r7g.large", "MultiAZ": False, "PubliclyAccessible": False}
    row |= {"Endpoint": {"Address": f"{name}.{REGION}.rds.amazonaws.com", "Port": 5432}, "StorageEncrypted": True}
    row |= {"AvailabilityZone": attached["AvailabilityZone"], "TagList": tags(name, tier="data", classification="pii")}
    row |= {"VpcSecurityGroups": [{"VpcSecurityGroupId": id_of("sg", group), "Status": "active"}]}
    return row | {"DBSubnetGroup": {"VpcId": attached["VpcId"], "Subnets": [{"SubnetIdentifier": attached["SubnetId"]}]}}


def nat_gateway(name: str, attached: Row) -> Row:
    """Return a row of DescribeNatGateways, and make the interface the gateway's."""
    id = id_of("nat", name)
    attached |= {"InterfaceType": "nat_gateway", "SourceDestCheck": False, "Description": f"Interface for NAT Gateway {id}"}
    address = {"NetworkInterfaceId": attached["NetworkInterfaceId"], "PrivateIp": attached["PrivateIpAddress"]}
    address |= {"PublicIp": attached["Association"]["PublicIp"], "Status": "succeeded"}
    row: Row = {"NatGatewayId": id, "State": "available", "ConnectivityType": "public", "AvailabilityMode": "zonal"}
    row |= {"VpcId": attached["VpcId"], "SubnetId": attached["SubnetId"], "CreateTime": WHEN, "Tags": tags(name)}
    return row | {"NatGatewayAddresses": [address]}


def internet_gateway(in_vpc: str) -> Row:
    """Return a row of DescribeInternetGateways."""
    attachments = [{"VpcId": id_of("vpc", in_vpc), "State": "available"}]
    return {"InternetGatewayId": id_of("igw", in_vpc), "OwnerId": ACCOUNT, "Attachments": attachments, "Tags": tags(in_vpc)}


def peering() -> Row:
    """Return the row of DescribeVpcPeeringConnections that joins the two VPCs."""
    requester, accepter = (
        {
            "VpcId": id_of("vpc", name),
            "OwnerId": ACCOUNT,
            "Region": REGION,
            "CidrBlock": cidr,
            "CidrBlockSet": [{"CidrBlock": cidr}],
        }
        for name, cidr in VPCS.items()
    )
    status = {"Code": "active", "Message": "Active"}
    return {"VpcPeeringConnectionId": PEERING, "Status": status, "RequesterVpcInfo": requester, "AccepterVpcInfo": accepter}


def group(name: str, in_vpc: str, inbound: list[Row], outbound: list[Row]) -> Row:
    """Return a row of DescribeSecurityGroups."""
    id = id_of("sg", name)
    row: Row = {"GroupId": id, "GroupName": name, "Description": name, "VpcId": id_of("vpc", in_vpc), "OwnerId": ACCOUNT}
    row |= {"SecurityGroupArn": f"arn:aws:ec2:{REGION}:{ACCOUNT}:security-group/{id}", "Tags": tags(name)}
    return row | {"IpPermissions": inbound, "IpPermissionsEgress": outbound}


def rule(port: int | None, *cidrs: str, groups: list[str] | None = None, peered: bool = False) -> Row:
    """Return a permission: of one TCP port, None for everything; `peered` groups are those of the tools VPC."""
    row: Row = {"IpProtocol": "-1"} if port is None else {"IpProtocol": "tcp", "FromPort": port, "ToPort": port}
    row |= {"IpRanges": [{"CidrIp": cidr} for cidr in cidrs if ":" not in cidr]}
    row |= {"Ipv6Ranges": [{"CidrIpv6": cidr} for cidr in cidrs if ":" in cidr], "PrefixListIds": []}
    across = {"VpcId": id_of("vpc", "tools"), "VpcPeeringConnectionId": PEERING, "PeeringStatus": "active"} if peered else {}
    return row | {"UserIdGroupPairs": [{"UserId": ACCOUNT, "GroupId": id_of("sg", name), **across} for name in groups or []]}


def entry(number: int, egress: bool, action: str, cidr: str, ports: tuple[int, int] | None = None) -> Row:
    """Return an entry of an ACL: of some TCP ports, None for everything."""
    row: Row = {"RuleNumber": number, "Egress": egress, "RuleAction": action, "Protocol": "6" if ports else "-1"}
    return row | {"CidrBlock": cidr} | ({"PortRange": {"From": ports[0], "To": ports[1]}} if ports else {})


def acl(name: str, in_vpc: str, entries: list[Row], subnets: list[str], *, default: bool = False) -> Row:
    """Return a row of DescribeNetworkAcls, with the entries that AWS adds at the end."""
    id = id_of("acl", name)
    associations = [
        {"NetworkAclAssociationId": id_of("aclassoc", one), "NetworkAclId": id, "SubnetId": id_of("subnet", one)}
        for one in subnets
    ]
    last = [entry(32767, egress, "deny", "0.0.0.0/0") for egress in (False, True)]
    row: Row = {"NetworkAclId": id, "VpcId": id_of("vpc", in_vpc), "OwnerId": ACCOUNT, "IsDefault": default, "Tags": tags(name)}
    return row | {"Associations": associations, "Entries": entries + last}


def route(destination: str, **target: str) -> Row:
    """Return a route."""
    return {"DestinationCidrBlock": destination, **target, "Origin": "CreateRoute", "State": "active"}


def route_table(name: str, in_vpc: str, routes: list[Row], subnets: list[str], *, main: bool = False) -> Row:
    """Return a row of DescribeRouteTables."""
    id = id_of("rtb", name)
    local = {"DestinationCidrBlock": VPCS[in_vpc], "GatewayId": "local", "Origin": "CreateRouteTable", "State": "active"}
    of_each: Row = {"RouteTableId": id, "AssociationState": {"State": "associated"}}
    associations = [{"Main": False, "SubnetId": id_of("subnet", one), **of_each} for one in subnets]
    associations += [{"Main": True, **of_each}] if main else []
    row: Row = {"RouteTableId": id, "VpcId": id_of("vpc", in_vpc), "OwnerId": ACCOUNT, "Associations": associations}
    return row | {"PropagatingVgws": [], "Routes": [local, *routes], "Tags": tags(name)}
