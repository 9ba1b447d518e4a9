"""Load balancers, their listeners and targets; accelerators and API Gateway's links, which lead to them."""

from __future__ import annotations

from typing import Any

from ...declared.made import GROUPS_OF_HOSTS, ROLE
from ...declared.resource import Declared, NotKnownError, texts
from ...declared.shape import Table, Writes, every, fixed, ids, itself, part, row, to_each, wrapped
from .words import name_of, port, said, subnets_of, tags


def _zones(one: Declared) -> list[dict[str, str]]:
    """Return the subnets of its nodes."""
    mapped = [block.get("subnet_id") for block in one.inside("subnet_mapping")]
    found = mapped or texts(one.get("subnets"), "subnets")
    if not found:
        # Written they must be; blocks that are not known look like blocks that are not written.
        raise NotKnownError("subnets")
    return [{"SubnetId": subnet} for subnet in found]


def _attributes(one: Declared) -> list[dict[str, str]]:
    network = one.get("load_balancer_type") in ("network", "gateway")
    crosses = bool(one.get("enable_cross_zone_load_balancing")) if network else True
    said: dict[str, Any] = {
        "load_balancing.cross_zone.enabled": crosses,
        "deletion_protection.enabled": _known(one, "enable_deletion_protection"),
        "access_logs.s3.enabled": _known(one, "access_logs.enabled"),
    }
    return [{"Key": key, "Value": str(value).lower()} for key, value in said.items() if isinstance(value, bool)]


def _known(one: Declared, path: str) -> Any:
    """Return what is known of an attribute; None where it is told later."""
    try:
        return one.get(path)
    except NotKnownError:
        return None


def _kind(one: Declared) -> str:
    return str(one.get("load_balancer_type") or "application")


def _scheme(one: Declared) -> str:
    return "internal" if one.get("internal") else "internet-facing"


def _actions(path: str) -> Any:
    """Return a field of actions."""

    def listed(one: Declared) -> list[dict[str, Any]]:
        made = []
        for block in one.inside(path):
            forwards = [target for each in block.inside("forward") for target in each.inside("target_group")]
            action: dict[str, Any] = {"Type": str(block.get("type", "forward"))}
            if arn := block.get("target_group_arn"):
                action["TargetGroupArn"] = arn
            if forwards:
                groups = [{"TargetGroupArn": each.get("arn"), "Weight": int(each.get("weight", 1))} for each in forwards]
                action["ForwardConfig"] = {"TargetGroups": groups}
            made.append(action)
        return made

    return listed


def _client_kept(one: Declared) -> list[dict[str, str]]:
    """Return whether targets see the client: what is written, else what AWS does for this type of target and protocol."""
    said = one.get("preserve_client_ip")
    by_address = one.get("target_type") == "ip" and str(one.get("protocol", "")).upper() in ("TCP", "TLS")
    kept = (not by_address) if said is None else str(said).lower() == "true"
    crosses = str(one.get("load_balancing_cross_zone_enabled") or "use_load_balancer_configuration")
    return [
        {"Key": "preserve_client_ip.enabled", "Value": str(kept).lower()},
        {"Key": "load_balancing.cross_zone.enabled", "Value": crosses},
    ]


def _targets(one: Declared) -> list[dict[str, Any]]:
    number = port(one.get("port"))
    target = {"Id": one.get("target_id"), **({"Port": number} if number is not None else {})}
    if zone := one.get("availability_zone"):
        target["AvailabilityZone"] = zone
    return [{"Target": target}]


def _checked(one: Declared) -> str | None:
    block = next(one.inside("health_check"), None)
    return str(block.get("port") or "traffic-port") if block is not None else None


def _classic_listeners(one: Declared) -> list[dict[str, Any]]:
    return [
        {
            "Listener": {
                "Protocol": str(block.get("lb_protocol", "tcp")).upper(),
                "LoadBalancerPort": port(block.get("lb_port")),
                "InstancePort": port(block.get("instance_port")),
            }
        }
        for block in one.inside("listener")
    ]


_BALANCER = (
    row(
        "LoadBalancers",
        "LoadBalancerArn",
        LoadBalancerName=lambda one: one.get("name") or one.address,
        Type=_kind,
        Scheme=_scheme,
        VpcId="?vpc_id",
        SecurityGroups=ids("security_groups"),
        AvailabilityZones=_zones,
        EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic="?enforce_security_group_inbound_rules_on_private_link_traffic",
        DualStack=lambda one: True if str(one.get("ip_address_type") or "").startswith("dualstack") else None,
        Allocations=lambda one: (
            [
                {
                    "SubnetId": block.get("subnet_id"),
                    "AllocationId": block.get("allocation_id"),
                    "PrivateIp": block.get("private_ipv4_address"),
                }
                for block in one.inside("subnet_mapping")
            ]
            or None
        ),
        Tags=tags,
    ),
    wrapped("LoadBalancerAttributes", "LoadBalancerArn", "id", Attributes=_attributes),
)
_GROUP = (
    row(
        "TargetGroups",
        "TargetGroupArn",
        TargetGroupName=lambda one: one.get("name") or one.address,
        TargetType=lambda one: one.get("target_type") or "instance",
        Protocol="protocol",
        Port=lambda one: port(one.get("port")),
        HealthCheckPort=_checked,
        VpcId="vpc_id",
        Tags=tags,
    ),
    wrapped("TargetGroupAttributes", "TargetGroupArn", "id", Attributes=_client_kept),
)
_LISTENER = (
    row(
        "Listeners",
        "ListenerArn",
        LoadBalancerArn="load_balancer_arn",
        Port=lambda one: port(one.get("port")),
        Protocol=lambda one: one.get("protocol") or "HTTP",
        SslPolicy="?ssl_policy",
        DefaultActions=_actions("default_action"),
    ),
)
_RULE = (row("ListenerRules", "RuleArn", ListenerArn="listener_arn", IsDefault=fixed(False), Actions=_actions("action")),)
_ATTACHMENT = (wrapped("LoadBalancerTargetHealth", "TargetGroupArn", "target_group_arn", TargetHealthDescriptions=_targets),)

BALANCERS: Table = {
    "aws_wafv2_web_acl_association": (
        Writes(
            "WebAclsOfResources",
            itself,
            {"ResourceArn": "resource_arn", "WebACL": lambda one: {"ARN": _known(one, "web_acl_arn") or ""}},
            True,
        ),
    ),
    **dict.fromkeys(("aws_lb", "aws_alb"), _BALANCER),
    **dict.fromkeys(("aws_lb_target_group", "aws_alb_target_group"), _GROUP),
    **dict.fromkeys(("aws_lb_listener", "aws_alb_listener"), _LISTENER),
    **dict.fromkeys(("aws_lb_listener_rule", "aws_alb_listener_rule"), _RULE),
    **dict.fromkeys(("aws_lb_target_group_attachment", "aws_alb_target_group_attachment"), _ATTACHMENT),
    # Whoever else registers targets, nobody knows which before they are there.
    "aws_autoscaling_attachment": (to_each(ROLE, "lb_target_group_arn", Registered=itself),),
    "aws_autoscaling_group": (
        to_each(ROLE, "target_group_arns", Registered=itself),
        to_each(ROLE, "traffic_source.identifier", Registered=itself),
        row(GROUPS_OF_HOSTS, "Id", Subnets=subnets_of("vpc_zone_identifier")),
    ),
    "aws_eks_node_group": (row(GROUPS_OF_HOSTS, "Id", Subnets=subnets_of("subnet_ids")),),
    "aws_autoscaling_traffic_source_attachment": (to_each(ROLE, "traffic_source.identifier", Registered=itself),),
    "aws_elb": (
        row(
            "LoadBalancerDescriptions",
            "RowId",
            LoadBalancerName=name_of("name"),
            DNSName="?dns_name",
            Scheme=_scheme,
            Subnets=ids("subnets"),
            SecurityGroups=ids("security_groups"),
            ListenerDescriptions=_classic_listeners,
            Instances=ids("instances", "InstanceId"),
            Tags=tags,
        ),
    ),
    "aws_elb_attachment": (part("LoadBalancerDescriptions", "elb", Instances=ids("instance", "InstanceId")),),
    "aws_globalaccelerator_accelerator": (
        row("Accelerators", "AcceleratorArn", Name="name", Enabled=lambda one: one.get("enabled", True)),
    ),
    "aws_globalaccelerator_listener": (
        row(
            "AcceleratorListeners",
            "ListenerArn",
            AcceleratorArn="accelerator_arn",
            Protocol="protocol",
            PortRanges=every("port_range", FromPort="from_port", ToPort="to_port"),
        ),
    ),
    "aws_globalaccelerator_endpoint_group": (
        row(
            "ListenerEndpointGroups",
            "EndpointGroupArn",
            ListenerArn="listener_arn",
            EndpointDescriptions=every(
                "endpoint_configuration",
                EndpointId="endpoint_id",
                Weight="weight",
                ClientIPPreservationEnabled=said("client_ip_preservation_enabled"),
            ),
            PortOverrides=every("port_override", ListenerPort="listener_port", EndpointPort="endpoint_port"),
            TrafficDialPercentage="traffic_dial_percentage",
        ),
    ),
    "aws_apigatewayv2_vpc_link": (
        row(
            "Items",
            "VpcLinkId",
            Name="name",
            SubnetIds=ids("subnet_ids"),
            SecurityGroupIds=ids("security_group_ids"),
            VpcLinkStatus=fixed("AVAILABLE"),
        ),
    ),
    "aws_apigatewayv2_integration": (
        row(
            "ApiIntegrations",
            "IntegrationId",
            lambda one: one.get("connection_type") == "VPC_LINK",
            ApiId="api_id",
            ConnectionType="connection_type",
            ConnectionId="connection_id",
            IntegrationUri="integration_uri",
        ),
    ),
}
