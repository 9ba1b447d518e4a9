"""Functions, containers, resolver endpoints, firewalls."""

from __future__ import annotations

from typing import Any

from ...declared.made import DEFAULT_GROUP, ROLE
from ...declared.resource import Declared, Later, NotKnownError, texts
from ...declared.shape import Table, Writes, fixed, itself, known, row
from .words import flag, listed, name_of, needed, tags, wrapped_for

NETWORK = "NetworkConfiguration.AwsvpcConfiguration"
PUBLIC = f"{NETWORK}.AssignPublicIp"
# Members of firewalls' rules that are whole numbers, which templates also write as texts.
NUMBERS = frozenset({"Priority", "FromPort", "ToPort"})


def _count(one: Declared) -> int:
    """Return how many tasks run, as far as it is told: a number that is scaled is one at least."""
    if one.get("SchedulingStrategy") == "DAEMON":
        return 1
    try:
        return int(one.get("DesiredCount", 1))
    except NotKnownError:
        return 1


def _task_groups(one: Declared) -> list[str] | None:
    """Return the groups of a service's tasks; None where the tasks have no interfaces of their own."""
    if next(one.inside("NetworkConfiguration"), None) is None:
        return None
    return texts(one.get(f"{NETWORK}.SecurityGroups"), "SecurityGroups") or [DEFAULT_GROUP]


def _target_groups(one: Declared) -> list[str]:
    return [text for block in one.inside("LoadBalancers") for text in texts(block.get("TargetGroupArn"), "TargetGroupArn")]


def _known(path: str) -> Any:
    """Return a field as the template writes it, which is the API's own shape; raises NotKnownError where a part is not known."""
    return lambda one: _plain(one.get(path), path)


def _plain(value: Any, path: str) -> Any:
    if isinstance(value, Later):
        raise NotKnownError(path, value.why)
    if isinstance(value, dict):
        return {name: _numbered(name, _plain(inner, name)) for name, inner in value.items()}
    return [_plain(inner, path) for inner in value] if isinstance(value, list) else value


def _numbered(name: str, value: Any) -> Any:
    if name == "Protocols" and isinstance(value, list):
        return [int(one) for one in value]
    return int(value) if name in NUMBERS and isinstance(value, str) and value.isdecimal() else value


def _states(one: Declared) -> dict[str, Any]:
    subnets = [needed("SubnetId")(block) for block in one.inside("SubnetMappings")]
    return {
        "Status": "READY",
        "SyncStates": {id: {"Attachment": {"SubnetId": id, "EndpointId": f"{one.id}@{id}", "Status": "READY"}} for id in subnets},
    }


def _resolver_addresses(one: Declared) -> list[dict[str, Any]]:
    return [
        {"SubnetId": needed("SubnetId")(block), **({"Ip": ip} if (ip := block.get("Ip")) else {}), "Status": "ATTACHED"}
        for block in one.inside("IpAddresses")
    ]


_FUNCTION = (
    row(
        "Functions",
        "RowId",
        FunctionName=name_of("FunctionName"),
        VpcConfig={"SubnetIds": listed("VpcConfig.SubnetIds"), "SecurityGroupIds": listed("VpcConfig.SecurityGroupIds")},
    ),
)
SERVICES: Table = {
    **dict.fromkeys(("AWS::Lambda::Function", "AWS::Serverless::Function"), _FUNCTION),
    "AWS::ECS::Service": (
        row(
            "services",
            "serviceArn",
            serviceName=name_of("ServiceName"),
            clusterArn="?Cluster",
            runningCount=_count,
            networkConfiguration={
                "awsvpcConfiguration": {
                    "subnets": listed(f"{NETWORK}.Subnets"),
                    "securityGroups": _task_groups,
                    "assignPublicIp": lambda one: str(known(PUBLIC, "ENABLED")(one) or "DISABLED"),
                }
            },
        ),
        # Which tasks a service registers nobody knows before they are there.
        Writes(ROLE, _target_groups, {"Registered": itself}, False, lambda one: not one.values.get("Placed")),
    ),
    "AWS::EKS::Cluster": (
        row(
            "cluster",
            "RowId",
            name=name_of("Name"),
            resourcesVpcConfig={
                "subnetIds": listed("ResourcesVpcConfig.SubnetIds"),
                "securityGroupIds": listed("ResourcesVpcConfig.SecurityGroupIds"),
                "endpointPublicAccess": flag("ResourcesVpcConfig.EndpointPublicAccess", True),
                "endpointPrivateAccess": flag("ResourcesVpcConfig.EndpointPrivateAccess"),
                "publicAccessCidrs": listed("ResourcesVpcConfig.PublicAccessCidrs"),
            },
        ),
    ),
    "AWS::Route53Resolver::ResolverEndpoint": (
        row(
            "ResolverEndpoints",
            "Id",
            Name=name_of("Name"),
            Direction="Direction",
            SecurityGroupIds=listed("SecurityGroupIds"),
            Status=fixed("OPERATIONAL"),
        ),
        wrapped_for("ResolverEndpointIpAddresses", "ResolverEndpointId", "", IpAddresses=_resolver_addresses),
    ),
    "AWS::NetworkFirewall::Firewall": (
        row(
            "Firewall",
            "FirewallArn",
            FirewallName=name_of("FirewallName"),
            FirewallPolicyArn=needed("FirewallPolicyArn"),
            VpcId="VpcId",
            FirewallStatus=_states,
            Tags=tags,
        ),
    ),
    "AWS::NetworkFirewall::FirewallPolicy": (
        Writes(
            "FirewallPolicy",
            lambda one: one.id,
            {
                "FirewallPolicyResponse": {"FirewallPolicyArn": itself, "FirewallPolicyName": name_of("FirewallPolicyName")},
                **{
                    name: _known(f"FirewallPolicy.{name}")
                    for name in (
                        "StatelessRuleGroupReferences", "StatelessDefaultActions", "StatefulRuleGroupReferences",
                        "StatefulDefaultActions", "StatefulEngineOptions", "PolicyVariables",
                    )
                },
                "Tags": tags,
            },
            True,
        ),
    ),
    "AWS::NetworkFirewall::RuleGroup": (
        Writes(
            "RuleGroup",
            lambda one: one.id,
            {
                "RuleGroupResponse": {"RuleGroupArn": itself, "RuleGroupName": name_of("RuleGroupName")},
                **{name: _known(f"RuleGroup.{name}") for name in ("RulesSource", "RuleVariables", "ReferenceSets")},
                "Tags": tags,
            },
            True,
        ),
    ),
    "AWS::NetworkFirewall::LoggingConfiguration": (),
}  # fmt: skip
