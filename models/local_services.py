"""What AWS serves at every interface, past every filter and route: the resolver, instance metadata, time."""

from __future__ import annotations

from collections.abc import Iterator

from .lattice import OF_SERVICES
from .packet import TCP, UDP, IntervalSet, address, only, prefix, services_of
from .rule import rule
from .table import Arrive, Drop, Line, Match

NEVER_FORWARDED = prefix("169.254.168.0/22") | prefix("fd00:ec2::/32")
RESOLVERS = only(address("169.254.169.253")) | only(address("fd00:ec2::253"))
LOCAL_SERVICES = (
    ("instance-metadata", prefix("169.254.169.254") | prefix("fd00:ec2::254"), services_of(TCP, 80, 80)),
    ("time-sync", prefix("169.254.169.123") | prefix("fd00:ec2::123"), services_of(UDP, 123, 123)),
    ("ecs-task-metadata", prefix("169.254.170.2"), services_of(TCP, 80, 80)),
    ("windows-activation", prefix("169.254.169.250") | prefix("169.254.169.251"), services_of(TCP, 1688, 1688)),
)


@rule(
    "SG-23",
    says="Security groups do not filter traffic with the Amazon resolver, instance metadata, ECS task metadata, time sync, DHCP "
    "and Windows activation.",
    source="https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html",
)
@rule(
    "NACL-11",
    says="Network ACLs do not filter it either: what AWS serves at the interface meets no ACL and no route.",
    source="https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html",
)
@rule(
    "DNS-1",
    says="Every interface can query the Amazon resolver, whatever groups, ACLs and routes say, unless its VPC has DNS support off.",
    source="https://docs.aws.amazon.com/vpc/latest/userguide/vpc-dns.html",
)
@rule(
    "RT-15",
    says="Packets to 169.254.168.0/22 and fd00:ec2::/32 are never forwarded by a route.",
    source="https://docs.aws.amazon.com/vpc/latest/userguide/subnet-route-tables.html",
)
def local_service_lines(resource: str, resolver: int | None, *, answers: bool) -> Iterator[Line]:
    """Yield the lines of what an interface sends to AWS's own addresses.

    `resolver` is the VPC's range plus two, if it has one; `answers` whether the VPC has DNS support.
    """
    dns = services_of(TCP, 53, 53) | services_of(UDP, 53, 53)
    resolvers = RESOLVERS | (only(resolver) if resolver is not None else IntervalSet())
    arrive = Arrive("amazon-resolver")
    off = Drop("", "DNS support of the VPC is off: the Amazon resolver does not answer in it", otherwise=arrive)
    yield Line("Amazon resolver", Match(targets=resolvers, services=dns), arrive if answers else off, "DNS-1", resource)
    for title, where, services in LOCAL_SERVICES:
        yield Line(title, Match(targets=where, services=services), Arrive(title), "SG-23", resource)
    silent = Drop("CANNOT_ROUTE", "addresses that AWS keeps for itself are never routed")
    yield Line("reserved by AWS", Match(targets=(NEVER_FORWARDED - OF_SERVICES) | resolvers), silent, "RT-15", resource)
