"""Ways that are long, or come by twice, and ways that never end: only what comes back as it was goes round in circles."""

from __future__ import annotations

import pytest

import analyzer.engine.front as engine
import analyzer.walk as walking

from .build import (
    ACCOUNT,
    BLOCKED,
    CONDITIONAL,
    FIREWALL,
    RANGES,
    REACHABLE,
    REGION,
    UNKNOWN,
    V4,
    Row,
    acl,
    ask,
    attachment,
    balanced,
    group,
    main_table,
    middlebox,
    nat,
    network,
    route_table,
    rule,
    second_vpc,
    seen_attachment,
    subnet,
    tgw,
    tgw_table,
    transit,
    vpc,
)
from .build_inspection import STRANGER, firewall, policy, suricata

SPOKE, EGRESS = "10.2.0.0/16", "10.0.0.0/16"
ALL_VPCS = "10.0.0.0/8"
PASS_ALL = suricata("pass ip any any -> any any (sid:1;)")
FIVE_TABLES = ["near-in", "near-out", "far-in", "far-between", "far-out"]


def inspecting(number: int, gateway: str, spokes: str) -> list[Row]:
    """A VPC `10.<number>.0.0/16` on a gateway, which sends back what its firewall passes; the gateway's table for that is `<id>-fw`."""
    id, cidr = f"vpc-i{number}", f"10.{number}.0.0/16"
    arn = f"arn:aws:network-firewall:{REGION}:{ACCOUNT}:firewall/{number}"
    options = {"ApplianceModeSupport": "enable", "Ipv6Support": "enable"}
    return [
        vpc(id, cidr),
        acl(f"acl-i{number}", default=True, vpc=id),
        subnet(f"subnet-t{number}", f"10.{number}.1.0/28", vpc=id),
        subnet(f"subnet-f{number}", f"10.{number}.2.0/28", vpc=id),
        route_table(f"rtb-t{number}", (V4, f"vpce-{number}"), subnets=[f"subnet-t{number}"], vpc=id, local=[cidr]),
        route_table(f"rtb-f{number}", (V4, gateway), subnets=[f"subnet-f{number}"], vpc=id, local=[cidr]),
        *attachment(f"tgw-attach-i{number}", id, f"subnet-t{number}", table=spokes, tgw=gateway, Options=options),
        firewall((f"vpce-{number}", f"subnet-f{number}"), VpcId=id, FirewallArn=arn)._replace(id=arn),
    ]


def inspections(*, home: bool = True) -> list[Row]:
    """`eni-p` reaches the internet by two peered gateways, an inspection VPC at the first and two at the other, and a NAT gateway.

    `home` is whether the far gateway knows the way back to `vpc-2`.
    """
    back = [(SPOKE, "peering-1")] if home else []
    return [
        *second_vpc(),
        subnet("subnet-t1", "10.0.7.0/28"),
        subnet("subnet-t2", "10.2.7.0/28", vpc="vpc-2"),
        subnet("subnet-nat", "10.0.9.0/24"),
        *nat(),
        tgw("tgw-1"),
        tgw("tgw-2"),
        *attachment("tgw-attach-2", "vpc-2", "subnet-t2", table="near-in"),
        *attachment("tgw-attach-1", "vpc-1", "subnet-t1", table="far-in", tgw="tgw-2"),
        *peered_gateways("near-in", "far-in"),
        *inspecting(11, "tgw-1", "near-out"),
        *inspecting(12, "tgw-2", "far-between"),
        *inspecting(13, "tgw-2", "far-out"),
        *tgw_table("near-in", (V4, "tgw-attach-i11")),
        *tgw_table("near-out", (SPOKE, "tgw-attach-2"), (V4, "peering-1")),
        *tgw_table("far-in", (V4, "tgw-attach-i12"), tgw="tgw-2"),
        *tgw_table("far-between", (V4, "tgw-attach-i13"), tgw="tgw-2"),
        *tgw_table("far-out", (V4, "tgw-attach-1"), *back, tgw="tgw-2"),
        route_table("rtb-p", (V4, "tgw-1"), main=True, vpc="vpc-2"),
        route_table("rtb-t1", (V4, "nat-1"), subnets=["subnet-t1"]),
        route_table("rtb-nat", (SPOKE, "tgw-2"), (V4, "igw-1"), subnets=["subnet-nat"]),
        policy("rules"),
        PASS_ALL,
    ]


def peered_gateways(near: str, far: str) -> list[Row]:
    """Two gateways, peered, and the tables that decide what comes over the peering."""
    here, there = (
        seen_attachment("peering-1", "peering", to, table=table, tgw=at)
        for at, to, table in (("tgw-1", "tgw-2", near), ("tgw-2", "tgw-1", far))
    )
    return [tgw("tgw-1"), tgw("tgw-2"), here, there]


@pytest.mark.rule("TGW-10")
@pytest.mark.parametrize(("home", "reply"), [(True, REACHABLE), (False, BLOCKED)], ids=["there and back", "no way back"])
def test_three_inspections_and_a_translation_are_a_long_way_and_no_circle(home: bool, reply: str) -> None:
    answer = ask(network(inspections(home=home)), "eni-p", STRANGER, "tcp/443")
    assert (answer.verdict, answer.forward, answer.reply) == (reply, REACHABLE, reply)
    assert [one.resource for one in answer.pairs[0].path if one.kind == "transit_gateway_route_table"] == FIVE_TABLES


@pytest.mark.rule("M-4")
@pytest.mark.parametrize(("longest", "expected"), [(1000, REACHABLE), (40, UNKNOWN)])
def test_a_way_that_is_too_long_to_follow_is_unknown_and_never_blocked(
    longest: int, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for one in (engine, walking):
        monkeypatch.setattr(one, "LONGEST_WAY", longest)
    answer = ask(network(inspections()), "eni-p", STRANGER, "tcp/443")
    assert answer.verdict == expected
    assert ("the way is longer than any that is followed to its end" in answer.conditions) is (expected == UNKNOWN)


# ---------------------------------------------------------------------- the same place, another packet
def balanced_behind_inspection(*far: str) -> list[Row]:
    """`eni-p` and `eni-x`, in VPCs of their own, and between them a load balancer in `vpc-1`; all three behind one inspection VPC.

    The group of `eni-x` admits the blocks `far`.
    """
    spokes = [("vpc-1", "subnet-t1"), ("vpc-2", "subnet-t2"), ("vpc-3", "subnet-t3")]
    return [
        *second_vpc(),
        *second_vpc("vpc-3", "x"),
        group("sg-x", [rule("tcp/8080", *far)], vpc="vpc-3"),
        *balanced("network", ids=("10.3.1.10",), type="ip"),
        tgw("tgw-1"),
        *(subnet(one, f"10.{number}.7.0/28", vpc=of) for number, (of, one) in zip((0, 2, 3), spokes, strict=True)),
        *(row for of, one in spokes for row in attachment(f"tgw-attach-{of}", of, one, table="spokes")),
        *inspecting(11, "tgw-1", "inspected"),
        *tgw_table("spokes", (V4, "tgw-attach-i11")),
        *tgw_table("inspected", *((RANGES[of][0], f"tgw-attach-{of}") for of, _ in spokes)),
        main_table((ALL_VPCS, "tgw-1")),
        route_table("rtb-p", (ALL_VPCS, "tgw-1"), main=True, vpc="vpc-2"),
        route_table("rtb-x", (ALL_VPCS, "tgw-1"), main=True, vpc="vpc-3"),
        policy("rules"),
        PASS_ALL,
    ]


@pytest.mark.rule("LB-1")
@pytest.mark.parametrize(
    ("far", "expected"), [("10.0.6.0/24", REACHABLE), ("10.0.5.0/24", BLOCKED)], ids=["of the balancer", "of nobody"]
)
def test_an_inspection_before_and_after_a_load_balancer_is_no_circle(far: str, expected: str) -> None:
    """Its firewall's subnet sends twice to the gateway: what the client sent, and what the load balancer did."""
    answer = ask(network(balanced_behind_inspection(far)), "eni-p", "eni-x", "tcp/8080")
    assert answer.verdict == expected


# ---------------------------------------------------------------------- circles
def thrown_back(*, back: str) -> list[Row]:
    """`vpc-1` on two peered gateways; the far one sends what is for 10.2.0.0/16 to `back`."""
    return [
        *transit(),
        *peered_gateways("tgw-rtb-1", "tgw-rtb-2"),
        *attachment("tgw-attach-2", "vpc-2", "subnet-t2", table="tgw-rtb-2", tgw="tgw-2"),
        seen_attachment("tgw-attach-2", "vpc", "vpc-2", table="tgw-rtb-2", tgw="tgw-2"),
        *tgw_table("tgw-rtb-1", (EGRESS, "tgw-attach-1"), (SPOKE, "peering-1")),
        *tgw_table("tgw-rtb-2", (EGRESS, "peering-1"), (SPOKE, back), tgw="tgw-2"),
        route_table("rtb-p", (EGRESS, "tgw-2"), main=True, vpc="vpc-2"),
    ]


@pytest.mark.rule("TGW-10")
@pytest.mark.parametrize(("back", "expected"), [("tgw-attach-2", REACHABLE), ("peering-1", BLOCKED)])
def test_two_gateways_that_send_a_packet_to_each_other_never_deliver_it(back: str, expected: str) -> None:
    answer = ask(network(thrown_back(back=back)), "eni-a", "eni-p", "tcp/443")
    assert answer.verdict == expected
    told = {(one.resource, one.code, one.text) for one in answer.blockers}
    assert told == (set() if expected == REACHABLE else {("tgw-rtb-1", "CANNOT_ROUTE", "the packet goes round in circles")})


@pytest.mark.rule("SDC-5")
@pytest.mark.parametrize(("onward", "expected"), [("igw-1", CONDITIONAL), ("eni-fw", BLOCKED)])
def test_an_appliance_whose_subnet_routes_to_the_appliance_sends_to_nobody_else(onward: str, expected: str) -> None:
    """Whether it forwards or translates: its own table leads what it sends back to it."""
    rows = [
        *FIREWALL,
        middlebox(public="203.0.113.8"),
        route_table("rtb-a", (V4, "eni-fw"), subnets=["subnet-a"]),
        route_table("rtb-fw", (V4, onward), subnets=["subnet-fw"]),
    ]
    answer = ask(network(rows), "eni-a", STRANGER, "tcp/443")
    assert answer.verdict == expected
    told = {(one.resource, one.code, one.text) for one in answer.blockers}
    assert told == (set() if expected == CONDITIONAL else {("rtb-fw", "CANNOT_ROUTE", "the packet goes round in circles")})
