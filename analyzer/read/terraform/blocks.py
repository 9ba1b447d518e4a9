"""Blocks that a plan shows as an empty list where nobody wrote them. Where one of them is not known, a `dynamic` block makes it."""

from __future__ import annotations

_ACTIONS = {
    f"aws_{kind}_listener{part}": (name,)
    for kind in ("lb", "alb")
    for part, name in (("", "default_action"), ("_rule", "action"))
}
# By type of resource. Of what is not here an unknown value without an expression is one that the provider fills in.
WRITTEN: dict[str, tuple[str, ...]] = {
    **_ACTIONS,
    "aws_autoscaling_traffic_source_attachment": ("traffic_source",),
    "aws_default_network_acl": ("ingress", "egress"),
    "aws_ecs_service": ("network_configuration", "load_balancer"),
    "aws_eks_cluster": ("vpc_config",),
    "aws_elasticsearch_domain": ("vpc_options",),
    "aws_elb": ("listener",),
    "aws_globalaccelerator_endpoint_group": ("endpoint_configuration", "port_override"),
    "aws_globalaccelerator_listener": ("port_range",),
    "aws_lambda_function": ("vpc_config",),
    "aws_msk_cluster": ("broker_node_group_info",),
    "aws_msk_serverless_cluster": ("vpc_config",),
    "aws_opensearch_domain": ("vpc_options",),
    "aws_route53_resolver_endpoint": ("ip_address",),
}
