"""Load balancers of one VPC: an application one before the web and app hosts, a network one before the app hosts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from .rows import Row, id_of, managed

if TYPE_CHECKING:
    from .site import Rows, Site

KINDS = (("app", "application"), ("net", "network"))


def nodes(site: Site) -> Iterator[Row]:
    """Yield the interfaces of the nodes: two of each load balancer."""
    for short, type_ in KINDS:
        for zone in (0, 1):
            what = managed("amazon-elb", f"ELB {short}/{name_of(site, short)}/{key(site, short)}")
            if short == "app":
                faces = site.plan.has_gateway
                yield site.interface(f"{short}-{zone}", f"public-{zone}", [f"{site.name}-lb"], public=faces, **what)
            else:
                yield site.interface(f"{short}-{zone}", f"app-{zone}", [], InterfaceType=f"{type_}_load_balancer", **what)


def name_of(site: Site, short: str) -> str:
    """Return the name of a load balancer."""
    return f"{site.name}-{short}"


def key(site: Site, what: str) -> str:
    """Return the last part of an ARN."""
    return id_of("key", f"{site.name}/{what}")[5:]


def rows(site: Site) -> Rows:
    """Yield the load balancers, their listeners, target groups, targets and health."""
    for short, type_ in KINDS:
        end = f"{short}/{name_of(site, short)}/{key(site, short)}"
        arn = site.owner.arn("elasticloadbalancing", f"loadbalancer/{end}")
        tier, public = ("public", site.plan.has_gateway) if short == "app" else ("app", False)
        row: Row = {"LoadBalancerArn": arn, "LoadBalancerName": name_of(site, short), "Type": type_, "State": {"Code": "active"}}
        row |= {"Scheme": "internet-facing" if public else "internal", "VpcId": id_of("vpc", site.name), "IpAddressType": "ipv4"}
        row["AvailabilityZones"] = [
            {"ZoneName": one["AvailabilityZone"], "SubnetId": one["SubnetId"], "LoadBalancerAddresses": []}
            for one in site.of_tier(tier)[:2]
        ]
        if short == "app":
            row["SecurityGroups"] = [id_of("sg", f"{site.name}-lb")]
        yield "LoadBalancers", row
        cross = [{"Key": "load_balancing.cross_zone.enabled", "Value": str(short == "app").lower()}]
        yield "LoadBalancerAttributes", {"LoadBalancerArn": arn, "Attributes": cross}
        yield from _forward(site, short, arn)


def _forward(site: Site, short: str, arn: str) -> Rows:
    kind = "instance" if short == "app" else "ip"
    targets = site.targets[kind][:8]
    protocol, port = ("HTTP", 8080) if short == "app" else ("TCP", 8443)
    group = site.owner.arn("elasticloadbalancing", f"targetgroup/{name_of(site, short)}/{key(site, 'targets-' + short)}")
    listening, on = ("HTTPS", 443) if short == "app" else ("TCP", 8443)
    listener = f"{arn.replace(':loadbalancer/', ':listener/')}/{key(site, 'listener-' + short)}"
    actions = [{"Type": "forward", "TargetGroupArn": group, "Order": 1}]
    row: Row = {"ListenerArn": listener, "LoadBalancerArn": arn, "Port": on, "Protocol": listening, "DefaultActions": actions}
    yield "Listeners", row
    row = {"TargetGroupArn": group, "TargetGroupName": name_of(site, short), "TargetType": kind, "Protocol": protocol}
    row |= {"Port": port, "VpcId": id_of("vpc", site.name), "LoadBalancerArns": [arn], "HealthCheckProtocol": protocol}
    yield "TargetGroups", row
    health = [
        {
            "Target": {"Id": one["Attachment"]["InstanceId"] if kind == "instance" else one["PrivateIpAddress"], "Port": port},
            "TargetHealth": {"State": "unhealthy" if at == 7 else "healthy"},
        }
        for at, one in enumerate(targets)
    ]
    yield "LoadBalancerTargetHealth", {"TargetGroupArn": group, "TargetHealthDescriptions": health}
    attributes = [{"Key": "deregistration_delay.timeout_seconds", "Value": "300"}]
    yield "TargetGroupAttributes", {"TargetGroupArn": group, "Attributes": attributes}
