"""What `Ref` and `Fn::GetAtt` of a resource give: its id, what one of its properties says, or what only AWS will know."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..declared.resource import Later
from .values import Id, Vague, is_plain, later, vague

Json = dict[str, Any]
# CDK's own custom resource, which is in the table.
RESTRICTING = "Custom::VpcRestrictDefaultSG"
# Types whose `Ref` is the name that a property gives them, where one does.
NAMED = {
    "AWS::DMS::ReplicationSubnetGroup": "ReplicationSubnetGroupIdentifier",
    "AWS::EKS::Cluster": "Name",
    "AWS::ElastiCache::SubnetGroup": "CacheSubnetGroupName",
    "AWS::ElasticLoadBalancing::LoadBalancer": "LoadBalancerName",
    "AWS::Lambda::Function": "FunctionName",
    **{f"AWS::{service}::DBCluster": "DBClusterIdentifier" for service in ("RDS", "DocDB", "Neptune")},
    **{f"AWS::{service}::DBSubnetGroup": "DBSubnetGroupName" for service in ("RDS", "DocDB", "Neptune")},
    "AWS::Serverless::Function": "FunctionName",
}
# Attributes that are the resource's own id though their names do not begin as its type does.
OWN = frozenset({"Id", "Arn", "GroupId", "AllocationId", "InstanceId", "ServiceArn", "ServiceId", "VpcId"})
# What a VPC comes with; the attribute ends the id.
COMES_WITH = ("DefaultSecurityGroup", "DefaultNetworkAcl")
# The ports that services listen on unless their property `Port` says another, by engine or type.
PORTS = {
    "aurora-mysql": 3306, "mysql": 3306, "mariadb": 3306, "aurora-postgresql": 5432, "postgres": 5432, "oracle": 1521,
    "sqlserver": 1433, "db2": 50000, "redis": 6379, "valkey": 6379, "memcached": 11211, "AWS::DocDB::DBCluster": 27017,
    "AWS::Neptune::DBCluster": 8182, "AWS::Redshift::Cluster": 5439,
}  # fmt: skip
# Of these the address is what `Ref` gives.
BY_ADDRESS = frozenset({"AWS::EC2::EIP"})


def is_custom(type: str) -> bool:
    """Return whether a program of somebody's own makes resources of a type, whatever it does."""
    return (type.startswith("Custom::") or type == "AWS::CloudFormation::CustomResource") and type != RESTRICTING


def ref(resource: Json, id: str, evaluate: Callable[[Any], Any]) -> Any:
    """Return what `Ref` of a resource gives; `evaluate` gives what a property says."""
    type = str(resource.get("Type"))
    if type in BY_ADDRESS:
        return Later(why="", of=id)
    if is_custom(type):
        return later("a custom resource makes it")
    if type == "AWS::CloudFormation::Stack":
        return vague(id, "it is the id of a stack")
    name = evaluate(_property(resource, NAMED[type])) if type in NAMED else None
    return Id(name) if isinstance(name, str) and name else Id(id)


def attribute(resource: Json, id: str, name: str, evaluate: Callable[[Any], Any]) -> Any:
    """Return what `Fn::GetAtt` of a resource gives."""
    type = str(resource.get("Type"))
    if is_custom(type):
        return later("a custom resource makes it")
    if type == "AWS::EC2::VPC" and name in COMES_WITH:
        return Id(f"{id}.{name}")
    if type == "AWS::NetworkFirewall::Firewall" and name == "EndpointIds":
        return _endpoints(resource, id, evaluate)
    if _is_own(type, name):
        return ref(resource, id, evaluate) if type in NAMED and name != "Arn" else Id(id)
    if name.rpartition(".")[2] == "Port":
        return _port(resource, type, evaluate)
    said = evaluate(_property(resource, name)) if _property(resource, name) is not None else None
    if is_plain(said) or isinstance(said, Id | Vague | Later):
        return said
    if name.endswith(("Name", "FullName", "Endpoint.Address")):
        return vague(f"{id}.{name}", f"`{name}` of {id} is known after it is made only")
    return later(f"`{name}` of {id} is known after it is made only")


def _is_own(type: str, name: str) -> bool:
    """Return whether an attribute is the resource's own id: `VpcId` of a VPC, `TargetGroupArn` of a target group, `Id`."""
    stem = type.rpartition("::")[2].lower()
    if name == "VpcId":
        return stem == "vpc"
    if name == "InstanceId":
        return stem == "instance"
    if name == "GroupId":
        return stem == "securitygroup"
    return name in OWN or name.lower() in (f"{stem}id", f"{stem}arn")


def _port(resource: Json, type: str, evaluate: Callable[[Any], Any]) -> Any:
    """Return the port at which a service listens: what it says, else that of its engine."""
    said = evaluate(_property(resource, "Port"))
    if said is not None:
        return said
    engine = evaluate(_property(resource, "Engine"))
    known = [port for start, port in PORTS.items() if start == type or (is_plain(engine) and str(engine).startswith(start))]
    return known[0] if known else later("the port that it listens on is not known")


def _property(resource: Json, name: str) -> Any:
    held = resource.get("Properties")
    return held.get(name) if isinstance(held, dict) else None


def _endpoints(resource: Json, id: str, evaluate: Callable[[Any], Any]) -> Any:
    """Return the endpoints of a firewall as `zone:id`; of several nobody knows the order in which AWS lists them."""
    mappings = evaluate(_property(resource, "SubnetMappings"))
    listed = mappings if isinstance(mappings, list) else []
    if len(listed) != 1 or not isinstance(listed[0], dict) or not isinstance(listed[0].get("SubnetId"), str):
        return later(f"the order in which AWS lists the endpoints of {id} is not known")
    return [Id(f"zone:{id}@{listed[0]['SubnetId']}")]
