"""A small network to select in: two tiers, a database, an endpoint of each type, and names that collide."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from analyzer.models.aws import COMPONENTS
from analyzer.models.snapshot import Snapshot

ACCOUNT = "111122223333"
OTHER = "444455556666"
KINDS = {document.key: kind for kind in reversed(COMPONENTS) for document in kind.documents}


def made(**documents: list[dict[str, Any]]) -> Snapshot:
    """Return a snapshot of rows under the keys of AWS's answers, with the fields that every resource has filled in."""
    rows = [
        (KINDS[key], {"OwnerId": ACCOUNT, "Region": "eu-west-1", **row}) for key, listed in documents.items() for row in listed
    ]
    return Snapshot([msgspec.convert(kind.prepared(row), kind) for kind, row in rows], kinds=COMPONENTS)


def tagged(name: str = "", **tags: str) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in ({"Name": name} if name else {} | tags).items()] + (
        [{"Key": key, "Value": value} for key, value in tags.items()] if name else []
    )


def eni(number: int, address: str, *, instance: str = "", public: str = "", **fields: Any) -> dict[str, Any]:
    association = {"Association": {"PublicIp": public}} if public else {}
    attachment = {"Attachment": {"InstanceId": instance}} if instance else {}
    return {
        "NetworkInterfaceId": f"eni-{number}",
        "SubnetId": "subnet-1",
        "VpcId": "vpc-1",
        "PrivateIpAddress": address,
        **association,
        **attachment,
        **fields,
    }


def groups(*ids: str) -> list[dict[str, str]]:
    return [{"GroupId": one} for one in ids]


NETWORK: dict[str, list[dict[str, Any]]] = {
    "Vpcs": [
        {"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16", "Tags": tagged("prod")},
        {"VpcId": "vpc-2", "CidrBlock": "10.2.0.0/16", "Tags": tagged("empty", context="catalog")},
    ],
    "Subnets": [
        {"SubnetId": "subnet-1", "VpcId": "vpc-1", "CidrBlock": "10.0.1.0/24", "Tags": tagged("app-a")},
        {"SubnetId": "subnet-2", "VpcId": "vpc-1", "CidrBlock": "10.0.2.0/24", "Tags": tagged("data-a", context="payments")},
        {"SubnetId": "subnet-3", "VpcId": "vpc-1", "CidrBlock": "10.0.3.0/24", "Tags": tagged("data-b")},
    ],
    "SecurityGroups": [
        {"GroupId": "sg-1", "GroupName": "app", "VpcId": "vpc-1"},
        {"GroupId": "sg-2", "GroupName": "sg-a", "VpcId": "vpc-1"},
        {"GroupId": "sg-3", "GroupName": "unused", "VpcId": "vpc-1"},
        {"GroupId": "sg-4", "GroupName": "bastion", "VpcId": "vpc-1"},
        {"GroupId": "sg-5", "GroupName": "rds-group", "VpcId": "vpc-1"},
    ],
    "RouteTables": [{"RouteTableId": "rtb-1", "VpcId": "vpc-1", "Tags": tagged("routes")}],
    "NetworkInterfaces": [
        eni(1, "10.0.1.4", instance="i-1", public="203.0.113.7", Groups=groups("sg-1")),
        eni(2, "10.0.1.5", instance="i-2", Groups=groups("sg-1", "sg-2"), TagSet=tagged(tier="web")),
        eni(3, "10.0.1.6", instance="i-3", Groups=groups("sg-4"), OwnerId=OTHER),
        eni(4, "10.0.2.4", SubnetId="subnet-2", Groups=groups("sg-5"), Description="RDSNetworkInterface"),
        eni(5, "10.0.1.7", InterfaceType="nat_gateway", public="203.0.113.8"),
        eni(6, "10.0.1.8", InterfaceType="vpc_endpoint", Groups=groups("sg-1")),
        eni(
            7,
            "10.0.3.4",
            SubnetId="subnet-3",
            InterfaceType="lambda",
            TagSet=tagged("thumbnails"),
            Region="",
            AvailabilityZone="eu-west-1b",
        ),
        eni(8, "10.0.1.9", Description="ELB app/shop/50dc6c495c0c9188"),
        eni(9, "10.0.1.10", TagSet=tagged("spare")),
    ],
    "Reservations": [
        {"InstanceId": "i-1", "Tags": tagged("web", tier="web", Context="shop")},
        {"InstanceId": "i-2", "Tags": tagged("web-2", **{"bounded-context": "catalog"})},
        {"InstanceId": "i-3", "Tags": tagged("bastion", OwnerIs="me")},
        {"InstanceId": "i-4", "Tags": tagged("ghost")},
    ],
    "DBInstances": [
        {
            "DBInstanceIdentifier": "orders",
            "DBInstanceArn": f"arn:aws:rds:eu-west-1:{ACCOUNT}:db:orders",
            "DBSubnetGroup": {"VpcId": "vpc-1", "Subnets": [{"SubnetIdentifier": "subnet-2"}]},
            "VpcSecurityGroups": [{"VpcSecurityGroupId": "sg-5"}],
        }
    ],
    "NatGateways": [
        {
            "NatGatewayId": "nat-1",
            "VpcId": "vpc-1",
            "SubnetId": "subnet-1",
            "NatGatewayAddresses": [{"NetworkInterfaceId": "eni-5"}],
        }
    ],
    "VpcEndpoints": [
        {"VpcEndpointId": "vpce-1", "VpcId": "vpc-1", "VpcEndpointType": "Gateway", "ServiceName": "com.amazonaws.eu-west-1.s3"},
        {
            "VpcEndpointId": "vpce-2",
            "VpcId": "vpc-1",
            "VpcEndpointType": "Interface",
            "ServiceName": "com.amazonaws.eu-west-1.kms",
            "NetworkInterfaceIds": ["eni-6"],
        },
    ],
}


@pytest.fixture(scope="session")
def network() -> Snapshot:
    return made(**NETWORK)
