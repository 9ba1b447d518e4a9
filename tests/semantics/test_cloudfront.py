"""CloudFront VPC origins: public ways to private load balancers and instances."""

from __future__ import annotations

import pytest

from .build import (
    ACCOUNT,
    BLOCKED,
    CONDITIONAL,
    REGION,
    UNKNOWN,
    V4,
    Row,
    eni_b,
    group,
    igw,
    interface,
    main_table,
    network,
    prefix_list,
    public_access,
    rule,
    verdict,
)
from .services import vpc_origin

HOST = f"arn:aws:ec2:{REGION}:{ACCOUNT}:instance/i-b"
EDGES = prefix_list("pl-cf", "192.0.66.0/24")
EDGES[0].fields["PrefixListName"] = "com.amazonaws.global.cloudfront.origin-facing"
SERVICE = group("sg-cf", [], GroupName="CloudFront-VPCOrigins-Service-SG")
OF_SERVICE = interface("eni-cf", "10.0.2.99", subnet="subnet-b", groups=["sg-cf"])


def private(*ingress: object) -> list[Row]:
    """`eni-b`, private in a VPC without a route to the internet, behind these inbound rules."""
    return [main_table(), eni_b(public="", groups=["sg-b"], addresses=("10.0.2.10",)), group("sg-b", ingress)]


@pytest.mark.rule("IGW-14")
@pytest.mark.parametrize(
    ("far", "rows", "expected"),
    [
        ("pl-cf", EDGES, CONDITIONAL),
        ("sg-cf", [*EDGES, SERVICE, OF_SERVICE], CONDITIONAL),
        ("sg-open", [*EDGES, SERVICE, OF_SERVICE], BLOCKED),
        (V4, EDGES, CONDITIONAL),
        ("192.0.66.0/24", [], UNKNOWN),
    ],
    ids=["its prefix list", "its service group", "neither", "everybody", "nobody knows its addresses"],
)
def test_groups_must_admit_cloudfront(far: str, rows: list[Row], expected: str) -> None:
    world = network(private(rule("tcp/443", far)), vpc_origin(HOST), rows)
    assert verdict(world, "198.51.100.7", "eni-b", "https") == expected


@pytest.mark.rule("IGW-14")
@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([], CONDITIONAL),
        ([igw(vpc="")], BLOCKED),
        ([public_access("block-ingress")], BLOCKED),
        (vpc_origin(HOST, "Deploying"), BLOCKED),
        (vpc_origin(HOST, policy="http-only"), BLOCKED),
    ],
    ids=["works", "no internet gateway", "Block Public Access", "not deployed yet", "it calls on port 80 only"],
)
def test_what_a_way_through_cloudfront_needs(rows: list[Row], expected: str) -> None:
    world = network(private(rule("tcp/443", V4)), vpc_origin(HOST), EDGES, rows)
    assert verdict(world, "internet", "eni-b", "https") == expected


def test_without_an_origin_a_private_host_is_private() -> None:
    assert verdict(network(private(rule("tcp/443", V4)), EDGES), "internet", "eni-b", "https") == BLOCKED
