"""Small networks, written as AWS answers: one VPC with a public and an inner subnet, hosts of some interfaces, databases."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import analyzer
from analyzer.network import Network

ACCOUNT, REGION = "111111111111", "eu-west-1"
ANYBODY = "0.0.0.0/0"
Rule = tuple[int, str]


def network(folder: Path, *parts: Mapping[str, Sequence[Mapping[str, Any]]]) -> Network:
    """Return the network of some parts, beside the VPC, its subnets, tables and ACLs."""
    documents: dict[str, list[Any]] = {}
    for part in (ground(), *parts):
        for key, rows in part.items():
            documents.setdefault(key, []).extend(rows)
    named = {at["SubnetId"] for acl in documents["NetworkAcls"][1:] for at in acl["Associations"]}
    for acl in documents["NetworkAcls"][:1]:
        acl["Associations"] = [at for at in acl["Associations"] if at["SubnetId"] not in named]
    folder.mkdir(parents=True, exist_ok=True)
    for key, rows in documents.items():
        (folder / f"{key}.json").write_text(json.dumps({key: rows}), "utf-8")
    return analyzer.load(folder, cache=False)


def ground() -> dict[str, list[Any]]:
    """Return a VPC on the internet: `subnet-out` with a route to it, `subnet-in` without."""
    local = {"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local", "Origin": "CreateRouteTable", "State": "active"}
    out = {"DestinationCidrBlock": ANYBODY, "GatewayId": "igw-1", "Origin": "CreateRoute", "State": "active"}
    routes = {"subnet-out": [local, out], "subnet-in": [local]}
    blocks = {"subnet-out": "10.0.1.0/24", "subnet-in": "10.0.2.0/24"}
    own = {"VpcId": "vpc-1", "OwnerId": ACCOUNT}
    entries = [
        {"Egress": egress, "RuleNumber": 100, "Protocol": "-1", "RuleAction": "allow", "CidrBlock": ANYBODY}
        for egress in (False, True)
    ]
    return {
        "Vpcs": [{**own, "CidrBlock": "10.0.0.0/16"}],
        "InternetGateways": [{"InternetGatewayId": "igw-1", "Attachments": [{"State": "available", "VpcId": "vpc-1"}]}],
        "Subnets": [
            {**own, "SubnetId": id, "CidrBlock": block, "AvailabilityZone": f"{REGION}a"} for id, block in blocks.items()
        ],
        "RouteTables": [
            {**own, "RouteTableId": f"rtb-{id}", "Routes": rows, "Associations": [{"Main": False, "SubnetId": id}]}
            for id, rows in routes.items()
        ],
        "NetworkAcls": [
            {
                **own,
                "NetworkAclId": "acl-1",
                "IsDefault": True,
                "Entries": entries,
                "Associations": [{"SubnetId": id} for id in blocks],
            }
        ],
    }


def group(id: str, *rules: Rule) -> dict[str, list[Any]]:
    """Return a group that lets everything out, and in on a port of TCP from a block or a group."""
    everything = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": ANYBODY}]}
    row = {"GroupId": id, "GroupName": id, "VpcId": "vpc-1", "OwnerId": ACCOUNT, "IpPermissions": [_rule(*one) for one in rules]}
    return {"SecurityGroups": [{**row, "IpPermissionsEgress": [everything]}]}


def _rule(port: int, source: str) -> dict[str, Any]:
    ports = {"IpProtocol": "tcp", "FromPort": port, "ToPort": port}
    if source.startswith("sg-"):
        return {**ports, "UserIdGroupPairs": [{"GroupId": source, "UserId": ACCOUNT}]}
    return {**ports, "IpRanges": [{"CidrIp": source}]}


def interface(id: str, address: str, groups: Sequence[str], public: str = "", **fields: Any) -> dict[str, Any]:
    """Return an interface in the subnet of its address."""
    own = {"PrivateIpAddress": address, **({"Association": {"PublicIp": public, "IpOwnerId": "amazon"}} if public else {})}
    return {
        **{"NetworkInterfaceId": id, "VpcId": "vpc-1", "OwnerId": ACCOUNT, "Status": "in-use", "InterfaceType": "interface"},
        **{"SubnetId": "subnet-out" if address.startswith("10.0.1.") else "subnet-in", "SourceDestCheck": True},
        **{**own, "PrivateIpAddresses": [{**own, "Primary": True}], "Groups": [{"GroupId": one} for one in groups]},
        **fields,
    }


def host(name: str, *interfaces: Mapping[str, Any], **tags: str) -> dict[str, list[Any]]:
    """Return an instance with interfaces; it is called `i-NAME`."""
    id = f"i-{name}"
    attached = [{**one, "Attachment": {"InstanceId": id, "DeviceIndex": at}} for at, one in enumerate(interfaces)]
    named = [{"Key": key, "Value": value} for key, value in {"Name": name, **tags}.items()]
    where = {"VpcId": "vpc-1", "SubnetId": interfaces[0]["SubnetId"], "State": {"Code": 16, "Name": "running"}}
    instance = {"InstanceId": id, **where, "NetworkInterfaces": attached, "Tags": named}
    return {"NetworkInterfaces": attached, "Reservations": [{"OwnerId": ACCOUNT, "Instances": [instance]}]}


def store(name: str, address: str, groups: Sequence[str], public: str = "", **tags: str) -> dict[str, list[Any]]:
    """Return an instance that holds restricted data, behind PostgreSQL or whatever its groups let in."""
    return host(name, interface(f"eni-{name}", address, groups, public), classification="restricted", **tags)
