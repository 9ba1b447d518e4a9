"""VPC Block Public Access: the switch of an account and Region in front of every internet gateway, and its exclusions."""

from __future__ import annotations

from typing import Any

import pytest

from .build import (
    A4,
    A6,
    A_PUBLIC,
    B4,
    B_PUBLIC,
    BLOCKED,
    CONDITIONAL,
    FIREWALL,
    OTHER_ACCOUNT,
    RANGES,
    REACHABLE,
    V4,
    V6,
    Row,
    ask,
    behind_nat,
    codes,
    eigw,
    eni_a,
    exclusion,
    gateway_endpoint,
    interface,
    main_table,
    middlebox,
    network,
    peered,
    prefix_list,
    public_access,
    route_table,
    subnet,
    verdict,
    vpc,
)

STRANGER, STRANGER_6 = "198.51.100.7", "2001:db8:ffff::7"
BOTH, INGRESS = "block-bidirectional", "block-ingress"
OUTWARD = [eigw(), main_table((V4, "igw-1"), (V6, "eigw-1"))]


@pytest.mark.rule("BPA-1")
@pytest.mark.parametrize(("mode", "expected"), [("off", REACHABLE), (INGRESS, BLOCKED), (BOTH, BLOCKED)])
@pytest.mark.parametrize(
    ("source", "target"),
    [("internet", "eni-a"), (STRANGER, A_PUBLIC), ("eni-a", STRANGER), (STRANGER_6, A6), ("eni-a", STRANGER_6)],
    ids=["in", "in, IPv4", "out, IPv4", "in, IPv6", "out, IPv6"],
)
def test_nothing_passes_the_internet_gateway(mode: str, expected: str, source: str, target: str) -> None:
    answer = ask(network(public_access(mode)), source, target, "tcp/443")
    assert answer.verdict == expected


@pytest.mark.rule("BPA-1")
@pytest.mark.parametrize(("mode", "expected"), [("off", REACHABLE), (INGRESS, REACHABLE), (BOTH, BLOCKED)])
def test_what_nat_gateways_started_passes_when_only_ingress_is_blocked(mode: str, expected: str) -> None:
    assert verdict(network(behind_nat(), public_access(mode)), "eni-a", STRANGER, "tcp/443") == expected


@pytest.mark.rule("BPA-1")
@pytest.mark.parametrize(("mode", "expected"), [("off", REACHABLE), (INGRESS, REACHABLE), (BOTH, BLOCKED)])
def test_and_what_egress_only_gateways_let_out(mode: str, expected: str) -> None:
    assert verdict(network(OUTWARD, public_access(mode)), "eni-a", STRANGER_6, "tcp/443") == expected


@pytest.mark.rule("BPA-1")
@pytest.mark.parametrize(("mode", "expected"), [("off", REACHABLE), (BOTH, BLOCKED)])
def test_the_switch_is_named(mode: str, expected: str) -> None:
    answer = ask(network(public_access(mode)), STRANGER, A_PUBLIC, "udp/443")
    assert answer.verdict == expected
    named = {(one.rule, one.code) for one in answer.blockers}
    assert (("BPA-1", "VPC_BLOCK_PUBLIC_ACCESS_ENABLED") in named) == (expected == BLOCKED)


def test_the_switch_is_all_that_must_change() -> None:
    answer = ask(network(public_access(BOTH)), STRANGER, A_PUBLIC, "udp/443")
    assert codes(answer) == {"VPC_BLOCK_PUBLIC_ACCESS_ENABLED"}


@pytest.mark.rule("BPA-1")
@pytest.mark.parametrize(("mode", "expected"), [("off", REACHABLE), (BOTH, BLOCKED)])
def test_by_public_address_inside_a_vpc_it_is_internet_traffic(mode: str, expected: str) -> None:
    world = network(public_access(mode))
    assert verdict(world, "eni-a", B_PUBLIC, "tcp/443") == expected
    assert verdict(world, "eni-a", B4, "tcp/443") == REACHABLE


@pytest.mark.rule("BPA-2")
@pytest.mark.parametrize(
    ("excluded", "expected"),
    [
        (exclusion("vpc/vpc-1"), REACHABLE),
        (exclusion("subnet/subnet-a"), REACHABLE),
        (exclusion("subnet/subnet-b"), BLOCKED),
        (exclusion("vpc/vpc-2"), BLOCKED),
        (exclusion("subnet/subnet-a", state="create-in-progress"), BLOCKED),
        (exclusion("subnet/subnet-a", state="create-failed"), BLOCKED),
        (exclusion("subnet/subnet-a", state="update-complete"), REACHABLE),
        (exclusion("subnet/subnet-a", state="delete-complete"), BLOCKED),
        (exclusion("subnet/subnet-a", "allow-egress"), BLOCKED),
    ],
    ids=["VPC", "subnet", "another subnet", "another VPC", "in progress", "failed", "updated", "deleted", "egress only"],
)
@pytest.mark.parametrize("target", ["eni-a", A_PUBLIC, A6])
def test_an_exclusion_covers_a_vpc_or_a_subnet(excluded: Row, expected: str, target: str) -> None:
    assert verdict(network(public_access(BOTH), excluded), "internet", target, "tcp/443") == expected


@pytest.mark.rule("BPA-2")
@pytest.mark.parametrize(("where", "expected"), [("subnet-nat", REACHABLE), ("subnet-a", BLOCKED), ("subnet-b", BLOCKED)])
@pytest.mark.parametrize("mode", ["allow-egress", "allow-bidirectional"])
def test_an_exclusion_for_egress_lets_out_what_gateways_started(where: str, expected: str, mode: str) -> None:
    world = network(behind_nat(), public_access(BOTH), exclusion(f"subnet/{where}", mode))
    assert verdict(world, "eni-a", STRANGER, "tcp/443") == expected


@pytest.mark.rule("BPA-2")
@pytest.mark.parametrize(("where", "expected"), [("subnet-a", REACHABLE), ("subnet-b", BLOCKED)])
def test_and_the_egress_only_gateway(where: str, expected: str) -> None:
    world = network(OUTWARD, public_access(BOTH), exclusion(f"subnet/{where}", "allow-egress"))
    assert verdict(world, "eni-a", STRANGER_6, "tcp/443") == expected


@pytest.mark.rule("BPA-2")
@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("allow-egress", CONDITIONAL),
        ("allow-bidirectional", REACHABLE),
    ],
)
def test_whether_it_covers_public_addresses_of_its_own_is_not_documented(mode: str, expected: str) -> None:
    world = network(public_access(BOTH), exclusion("subnet/subnet-a", mode))
    assert verdict(world, "eni-a", STRANGER, "tcp/443") == expected


@pytest.mark.rule("BPA-2")
@pytest.mark.parametrize(("mode", "expected"), [("off", REACHABLE), (BOTH, BLOCKED)])
@pytest.mark.parametrize("shown", ["vpc", "subnet"])
def test_the_effective_mode_is_shown_by_vpc_and_subnet_too(mode: str, expected: str, shown: str) -> None:
    states: dict[str, Any] = {"BlockPublicAccessStates": {"InternetGatewayBlockMode": mode}}
    row = vpc(**states) if shown == "vpc" else subnet("subnet-a", "10.0.1.0/24", "2001:db8:0:101::/64", **states)
    assert verdict(network(row, without=["VpcBlockPublicAccessOptions"]), "internet", "eni-a", "tcp/443") == expected


@pytest.mark.rule("BPA-3")
@pytest.mark.parametrize(("target", "expected"), [("eni-p", REACHABLE), ("52.218.1.1", REACHABLE), (STRANGER, BLOCKED)])
def test_private_ways_are_not_touched(target: str, expected: str) -> None:
    """Peering and gateway endpoints pass; the internet does not."""
    routes = [*((one, "pcx-1") for one in RANGES["vpc-2"]), ("pl-s3", "vpce-s3"), (V4, "igw-1")]
    rows = [*peered(), *prefix_list("pl-s3", "52.218.0.0/17"), gateway_endpoint(), main_table(*routes)]
    assert verdict(network(rows, public_access(BOTH)), "eni-a", target, "tcp/443") == expected


@pytest.mark.rule("BPA-5")
@pytest.mark.parametrize(
    ("excluded", "expected"),
    [
        ("subnet-fw", CONDITIONAL),
        ("subnet-a", BLOCKED),
        ("subnet-b", BLOCKED),
    ],
)
def test_behind_a_middlebox_its_subnet_is_the_one_to_exclude(excluded: str, expected: str) -> None:
    rows = [
        *FIREWALL,
        middlebox("eni-fw", "10.0.8.8", public="203.0.113.88"),
        route_table("rtb-edge", ("10.0.1.0/24", "eni-fw"), gateway="igw-1"),
        route_table("rtb-a", (V4, "eni-fw"), subnets=["subnet-a"]),
        eni_a(addresses=[A4]),
    ]
    world = network(rows, public_access(BOTH), exclusion(f"subnet/{excluded}"))
    assert verdict(world, "internet", "eni-a", "tcp/443") == expected


@pytest.mark.rule("BPA-7")
@pytest.mark.parametrize(("owner", "expected"), [("111111111111", BLOCKED), (OTHER_ACCOUNT, REACHABLE)])
def test_the_switch_belongs_to_the_owner_of_the_subnet(owner: str, expected: str) -> None:
    """The interface is a participant's: what counts is whose the subnet is."""
    shared = subnet("subnet-a", "10.0.1.0/24", "2001:db8:0:101::/64", OwnerId=owner)
    world = network(shared, eni_a(OwnerId=OTHER_ACCOUNT), public_access(BOTH))
    assert verdict(world, "internet", "eni-a", "tcp/443") == expected


@pytest.mark.rule("BPA-1")
@pytest.mark.parametrize(("region", "expected"), [("eu-west-1", BLOCKED), ("us-east-1", REACHABLE)])
def test_it_is_the_switch_of_one_region(region: str, expected: str) -> None:
    assert verdict(network(public_access(BOTH, AwsRegion=region)), "internet", "eni-a", "tcp/443") == expected


@pytest.mark.rule("BPA-6")
@pytest.mark.parametrize(
    ("excluded", "through"),
    [
        (exclusion("subnet/subnet-b"), False),
        (exclusion("vpc/vpc-1"), True),
        (None, False),
    ],
    ids=["its subnet", "its VPC", "nothing"],
)
def test_a_subnets_exclusion_does_not_open_the_way_to_an_own_pool(excluded: Row | None, through: bool) -> None:
    state = {"AssociationState": {"State": "associated"}, "RouteTableId": "rtb-edge", "Main": False}
    edge = route_table(
        "rtb-edge",
        ("192.0.2.0/24", "eni-pool"),
        associations=[{"GatewayId": "igw-1", "PublicIpv4Pool": "ipv4pool-ec2-1", **state}],
    )
    owner = interface("eni-pool", "10.0.2.90", subnet="subnet-b", public="203.0.113.90", instance="i-b", SourceDestCheck=False)
    world = network(edge, owner, public_access(BOTH), *([excluded] if excluded else []))
    assert (verdict(world, "internet", "192.0.2.7", "udp/443") == BLOCKED) is not through
