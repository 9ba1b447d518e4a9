"""Load balancers, their listeners and targets; accelerators and API Gateway's links, which lead to them."""

from __future__ import annotations

from typing import Any

from ...declared.made import ANY_SUBNET, GROUPS_OF_HOSTS
from ...declared.resource import Declared, NotKnownError, texts
from ...declared.shape import Table, Writes, every, fixed, itself, row
from ..hosts import TARGETS
from .words import flag, listed, name_of, needed, number, tags, to, told, whole, wrapped_for

CROSS_ZONE = "load_balancing.cross_zone.enabled"
KEPT = "preserve_client_ip.enabled"
ATTRIBUTES = (CROSS_ZONE, "deletion_protection.enabled", "access_logs.s3.enabled")


def _zones(one: Declared) -> list[dict[str, str]]:
    """Return the subnets of its nodes."""
    mapped = [needed("SubnetId")(block) for block in one.inside("SubnetMappings")]
    return [{"SubnetId": subnet} for subnet in mapped or texts(one.get("Subnets"), "Subnets")]


def _allocations(one: Declared) -> list[dict[str, Any]] | None:
    return [
        {
            "SubnetId": block.get("SubnetId"),
            "AllocationId": block.get("AllocationId"),
            "PrivateIp": block.get("PrivateIPv4Address"),
        }
        for block in one.inside("SubnetMappings")
    ] or None


def _written(path: str, one: Declared) -> dict[str, str]:
    """Return the attributes that a template writes, by key."""
    return {str(block.get("Key")): str(block.get("Value", "")).lower() for block in one.inside(path)}


def _attributes(one: Declared) -> list[dict[str, str]]:
    default = {CROSS_ZONE: "false" if one.get("Type") in ("network", "gateway") else "true"}
    said = {key: value for key, value in _written("LoadBalancerAttributes", one).items() if key in ATTRIBUTES and value}
    return [{"Key": key, "Value": value} for key, value in {**default, **said}.items()]


def _client_kept(one: Declared) -> list[dict[str, str]]:
    """Return whether targets see the client: what is written, else what AWS does for this type of target and protocol."""
    said = _written("TargetGroupAttributes", one)
    by_address = one.get("TargetType") == "ip" and str(one.get("Protocol", "")).upper() in ("TCP", "TLS")
    return [
        {"Key": KEPT, "Value": said.get(KEPT) or ("false" if by_address else "true")},
        {"Key": CROSS_ZONE, "Value": said.get(CROSS_ZONE) or "use_load_balancer_configuration"},
    ]


def _actions(path: str) -> Any:
    """Return a field of actions."""

    def made(one: Declared) -> list[dict[str, Any]]:
        found = []
        for block in one.inside(path):
            action: dict[str, Any] = {"Type": str(block.get("Type", "forward"))}
            if arn := block.get("TargetGroupArn"):
                action["TargetGroupArn"] = arn
            forwards = list(block.inside("ForwardConfig.TargetGroups"))
            if forwards:
                groups = [
                    {"TargetGroupArn": needed("TargetGroupArn")(each), "Weight": int(each.get("Weight", 1))} for each in forwards
                ]
                action["ForwardConfig"] = {"TargetGroups": groups}
            found.append(action)
        return found

    return made


def _targets(one: Declared) -> list[dict[str, Any]]:
    found = []
    for block in one.inside("Targets"):
        port = number(block.get("Port"))
        target = {"Id": needed("Id")(block), **({"Port": port} if port is not None else {})}
        zone = block.values.get("AvailabilityZone")
        more = {"OfInterface": True} if block.values.get("OfInterface") is True else {}
        found.append({"Target": {**target, **({"AvailabilityZone": zone} if zone == "all" else {})}, **more})
    return found


def _owner(one: Declared) -> str:
    return needed("Owner")(one)


def _listens(one: Declared) -> list[dict[str, Any]]:
    return [
        {
            "Listener": {
                "Protocol": str(block.get("Protocol", "tcp")).upper(),
                "LoadBalancerPort": number(block.get("LoadBalancerPort")),
                "InstancePort": number(block.get("InstancePort")),
            }
        }
        for block in one.inside("Listeners")
    ]


def _subnets(one: Declared) -> list[str]:
    """Return the subnets of hosts that are in no code; where they are not known, that it may be any."""
    try:
        return texts(one.get("Subnets"), "Subnets")
    except NotKnownError:
        return [ANY_SUBNET]


def _classic(one: Declared) -> bool:
    return bool(one.values.get("Classic"))


def _link(one: Declared) -> bool:
    return str(one.values.get("ConnectionType")) == "VPC_LINK"


def _classic_subnets(one: Declared) -> list[str]:
    found = texts(one.get("Subnets"), "Subnets")
    if not found:
        raise NotKnownError("Subnets", "it stands in the default VPC")
    return found


BALANCERS: Table = {
    "AWS::ElasticLoadBalancingV2::LoadBalancer": (
        row(
            "LoadBalancers",
            "LoadBalancerArn",
            LoadBalancerName=name_of("Name"),
            Type=lambda one: one.get("Type") or "application",
            Scheme=lambda one: one.get("Scheme") or "internet-facing",
            SecurityGroups=listed("SecurityGroups"),
            AvailabilityZones=_zones,
            EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic="?EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic",
            DualStack=lambda one: True if str(one.get("IpAddressType") or "").startswith("dualstack") else None,
            Allocations=_allocations,
            Tags=tags,
        ),
        wrapped_for("LoadBalancerAttributes", "LoadBalancerArn", "", Attributes=_attributes),
    ),
    "AWS::ElasticLoadBalancingV2::TargetGroup": (
        row(
            "TargetGroups",
            "TargetGroupArn",
            TargetGroupName=name_of("Name"),
            TargetType=lambda one: one.get("TargetType") or "instance",
            Protocol="Protocol",
            Port=whole("Port"),
            HealthCheckPort=lambda one: str(one.get("HealthCheckPort") or "traffic-port"),
            VpcId="VpcId",
            Tags=tags,
        ),
        wrapped_for("TargetGroupAttributes", "TargetGroupArn", "", Attributes=_client_kept),
        wrapped_for(
            "LoadBalancerTargetHealth",
            "TargetGroupArn",
            "",
            lambda one: one.values.get("Targets") is not None,
            TargetHealthDescriptions=_targets,
        ),
    ),
    "AWS::ElasticLoadBalancingV2::Listener": (
        row(
            "Listeners",
            "ListenerArn",
            LoadBalancerArn=needed("LoadBalancerArn"),
            Port=whole("Port"),
            Protocol=lambda one: one.get("Protocol") or "HTTP",
            SslPolicy="?SslPolicy",
            DefaultActions=_actions("DefaultActions"),
        ),
    ),
    "AWS::ElasticLoadBalancingV2::ListenerRule": (
        row("ListenerRules", "RuleArn", ListenerArn=needed("ListenerArn"), IsDefault=fixed(False), Actions=_actions("Actions")),
    ),
    "AWS::ElasticLoadBalancingV2::ListenerCertificate": (),
    # What a group of hosts registers: see `hosts`.
    TARGETS: (
        wrapped_for(
            "LoadBalancerTargetHealth",
            "TargetGroupArn",
            "Owner",
            lambda one: not _classic(one),
            TargetHealthDescriptions=_targets,
        ),
        to(
            "LoadBalancerDescriptions",
            _owner,
            _classic,
            Instances=lambda one: [{"InstanceId": block.get("Id")} for block in one.inside("Targets")],
        ),
    ),
    "AWS::AutoScaling::LaunchConfiguration": (),
    "AWS::EKS::Nodegroup": (row(GROUPS_OF_HOSTS, "Id", Subnets=_subnets),),
    "AWS::ElasticLoadBalancing::LoadBalancer": (
        row(
            "LoadBalancerDescriptions",
            "LoadBalancerName",
            Scheme=lambda one: one.get("Scheme") or "internet-facing",
            Subnets=_classic_subnets,
            SecurityGroups=listed("SecurityGroups"),
            ListenerDescriptions=_listens,
            Instances=listed("Instances", name="InstanceId"),
            Tags=tags,
        ),
    ),
    "AWS::WAFv2::WebACLAssociation": (
        Writes(
            "WebAclsOfResources",
            itself,
            {"ResourceArn": needed("ResourceArn"), "WebACL": lambda one: {"ARN": told(needed("WebACLArn"))(one) or ""}},
            True,
        ),
    ),
    "AWS::GlobalAccelerator::Accelerator": (
        row("Accelerators", "AcceleratorArn", Name=name_of("Name"), Enabled=flag("Enabled", True)),
    ),
    "AWS::GlobalAccelerator::Listener": (
        row(
            "AcceleratorListeners",
            "ListenerArn",
            AcceleratorArn=needed("AcceleratorArn"),
            Protocol="Protocol",
            PortRanges=every("PortRanges", FromPort=whole("FromPort"), ToPort=whole("ToPort")),
        ),
    ),
    "AWS::GlobalAccelerator::EndpointGroup": (
        row(
            "ListenerEndpointGroups",
            "EndpointGroupArn",
            ListenerArn=needed("ListenerArn"),
            EndpointDescriptions=every(
                "EndpointConfigurations",
                EndpointId=needed("EndpointId"),
                Weight=whole("Weight"),
                ClientIPPreservationEnabled=flag("ClientIPPreservationEnabled", None),
            ),
            PortOverrides=every("PortOverrides", ListenerPort=whole("ListenerPort"), EndpointPort=whole("EndpointPort")),
            TrafficDialPercentage=lambda one: (
                None if one.get("TrafficDialPercentage") is None else float(one.get("TrafficDialPercentage"))
            ),
        ),
    ),
    "AWS::ApiGatewayV2::VpcLink": (
        row(
            "Items",
            "VpcLinkId",
            Name=name_of("Name"),
            SubnetIds=listed("SubnetIds"),
            SecurityGroupIds=listed("SecurityGroupIds"),
            VpcLinkStatus=fixed("AVAILABLE"),
        ),
    ),
    "AWS::ApiGatewayV2::Integration": (
        row(
            "ApiIntegrations",
            "IntegrationId",
            _link,
            ApiId="?ApiId",
            ConnectionType="ConnectionType",
            ConnectionId=needed("ConnectionId"),
            IntegrationUri="IntegrationUri",
        ),
    ),
}
