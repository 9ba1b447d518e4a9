"""Load balancers from tables: nodes, listeners, target groups and the health of their targets."""

from __future__ import annotations

from typing import Any, NamedTuple

from ..organisation.rows import Row, id_of, managed
from .estate import Site

ALL_HEALTHY = {"State": "healthy"}
ATTRIBUTES = ("load_balancing.cross_zone.enabled", "deletion_protection.enabled", "access_logs.s3.enabled")
CERTIFICATE = "certificate/3f0c1f8e-7d34-4b57-9a51-5e1c7f0b2d11"


class Behind(NamedTuple):
    """A listener: its port and protocol, and the group behind it: its name, port and targets.

    Targets are names of hosts' interfaces, addresses of a group of type `ip`; none for a listener that only redirects.
    """

    port: int
    protocol: str
    group: str = ""
    to: tuple[str, int] = ("", 0)
    targets: tuple[str, ...] = ()
    type: str = "instance"


def balancer(site: Site, name: str, type_: str, nodes: list[tuple[str, str, str]], groups: str, behind: list[Behind]) -> str:
    """Add a load balancer and return its ARN; `nodes` are subnet, private and public address, "" for an internal one."""
    short = "app" if type_ == "application" else "net"
    end = f"{short}/{name}/{id_of('key', name)[5:]}"
    arn = site.owner.arn("elasticloadbalancing", f"loadbalancer/{end}")
    what = managed("amazon-elb", f"ELB {end}")
    if type_ == "network":
        what["InterfaceType"] = "network_load_balancer"
    made = [
        site.interface(f"{name}-{at}", place, private, groups, public=public, **what)
        for at, (place, private, public) in enumerate(nodes)
    ]
    scheme = "internet-facing" if nodes[0][2] else "internal"
    row: Row = {"LoadBalancerArn": arn, "DNSName": f"{name}-1234567890.elb.{site.owner.region}.amazonaws.com"}
    row |= {"LoadBalancerName": name, "Scheme": scheme, "VpcId": id_of("vpc", site.name), "State": {"Code": "active"}}
    row |= {"Type": type_, "IpAddressType": "ipv4", "SecurityGroups": [id_of("sg", one) for one in groups.split()]}
    row["AvailabilityZones"] = [
        {"ZoneName": one["AvailabilityZone"], "SubnetId": one["SubnetId"], "LoadBalancerAddresses": []} for one in made
    ]
    if type_ == "network":
        row["EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic"] = "on"
    site.estate.add(site.owner, "LoadBalancers", row)
    attributes = [{"Key": key, "Value": "true"} for key in ATTRIBUTES]
    attributes += [{"Key": "access_logs.s3.bucket", "Value": f"logs-{site.owner.account}"}]
    site.estate.add(site.owner, "LoadBalancerAttributes", {"LoadBalancerArn": arn, "Attributes": attributes})
    for one in behind:
        listen(site, arn, one)
    return arn


def listen(site: Site, arn: str, behind: Behind) -> None:
    """Add a listener, the rule that every listener has, and what stands behind it."""
    estate, owner = site.estate, site.owner
    group = owner.arn("elasticloadbalancing", f"targetgroup/{behind.group}/{id_of('key', behind.group)[5:]}")
    key = id_of("key", f"{arn}/{behind.port}")[5:]
    listener = f"{arn.replace(':loadbalancer/', ':listener/')}/{key}"
    action: Row = {"Type": "forward", "TargetGroupArn": group, "Order": 1}
    if not behind.group:
        to = {"Protocol": "HTTPS", "Port": "443", "Host": "#{host}", "Path": "/#{path}", "Query": "#{query}"}
        action = {"Type": "redirect", "Order": 1, "RedirectConfig": to | {"StatusCode": "HTTP_301"}}
    row: Row = {"ListenerArn": listener, "LoadBalancerArn": arn, "Port": behind.port, "Protocol": behind.protocol}
    if behind.protocol == "HTTPS":
        row |= {"SslPolicy": "ELBSecurityPolicy-TLS13-1-2-2021-06"}
        row["Certificates"] = [{"CertificateArn": owner.arn("acm", CERTIFICATE)}]
    estate.add(owner, "Listeners", row | {"DefaultActions": [action]})
    rule = {"RuleArn": f"{listener.replace(':listener/', ':listener-rule/')}/{key[::-1]}", "Priority": "default"}
    rules = [{**rule, "Conditions": [], "Actions": [action], "IsDefault": True}]
    estate.add(owner, "ListenerRules", {"ListenerArn": listener, "Rules": rules})
    if behind.group:
        _targets(site, arn, group, behind)


def _targets(site: Site, arn: str, group: str, behind: Behind) -> None:
    estate, owner = site.estate, site.owner
    protocol, port = behind.to
    row: Row = {"TargetGroupArn": group, "TargetGroupName": behind.group, "Protocol": protocol, "Port": port}
    row |= {"VpcId": id_of("vpc", site.name), "TargetType": behind.type, "LoadBalancerArns": [arn], "IpAddressType": "ipv4"}
    row |= {"HealthCheckProtocol": protocol, "HealthCheckPort": "traffic-port", "HealthCheckEnabled": True}
    estate.add(owner, "TargetGroups", row)
    held = [_target(site, one, behind) for one in behind.targets]
    health = [{"Target": one, "HealthCheckPort": str(port), "TargetHealth": ALL_HEALTHY} for one in held]
    estate.add(owner, "LoadBalancerTargetHealth", {"TargetGroupArn": group, "TargetHealthDescriptions": health})
    attributes = {"deregistration_delay.timeout_seconds": "60", "stickiness.enabled": "false"}
    if protocol == "TCP":
        attributes |= {"preserve_client_ip.enabled": "false"}
    listed = [{"Key": key, "Value": value} for key, value in attributes.items()]
    estate.add(owner, "TargetGroupAttributes", {"TargetGroupArn": group, "Attributes": listed})


def _target(site: Site, name: str, behind: Behind) -> dict[str, Any]:
    if behind.type == "instance":
        return {"Id": id_of("i", name), "Port": behind.to[1]}
    held = site.estate.row("eni", name)
    near = held["VpcId"] == id_of("vpc", site.name)
    zone = held["AvailabilityZone"] if near else "all"
    return {"Id": held["PrivateIpAddress"], "Port": behind.to[1], "AvailabilityZone": zone}
