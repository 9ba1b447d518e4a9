"""Firewalls between VPCs on a transit gateway: in an inspection VPC, or attached to the gateway itself."""

from __future__ import annotations

from typing import Any

import pytest

from .build import (
    BLOCKED,
    CONDITIONAL,
    REACHABLE,
    UNKNOWN,
    Row,
    acl,
    ask,
    attachment,
    hops,
    network,
    route_table,
    second_vpc,
    seen_attachment,
    subnet,
    tgw_table,
    transit,
    verdict,
)
from .build_inspection import FIREWALL_ARN, firewall, five, policy, rules, suricata

SPOKES = [("10.0.0.0/16", "tgw-attach-1"), ("10.2.0.0/16", "tgw-attach-2")]
DROP_ALL = suricata("drop ip any any -> any any (sid:1;)")


def inspection(*, appliance: str, zone: str = "b") -> list[Row]:
    """`vpc-1` in zone a and `vpc-2` in a zone, whose traffic goes through a firewall in `vpc-3` with an endpoint in both zones."""
    options = {"Ipv6Support": "enable", "ApplianceModeSupport": appliance}
    rows = [
        *transit(),
        subnet("subnet-p", "10.2.1.0/24", vpc="vpc-2", zone=zone),
        subnet("subnet-t2", "10.2.7.0/28", vpc="vpc-2", zone=zone),
        *[row for row in second_vpc("vpc-3", "x") if row.document not in ("Subnets", "NetworkInterfaces", "SecurityGroups")],
        *attachment("tgw-attach-1", "vpc-1", "subnet-t1", table="tgw-rtb-spokes"),
        *attachment("tgw-attach-2", "vpc-2", "subnet-t2", table="tgw-rtb-spokes"),
        *attachment("tgw-attach-3", "vpc-3", "subnet-t3a", "subnet-t3b", table="tgw-rtb-fw", Options=options),
        *tgw_table("tgw-rtb-spokes", ("0.0.0.0/0", "tgw-attach-3")),
        *tgw_table("tgw-rtb-fw", *SPOKES),
        firewall(("vpce-a", "subnet-fa"), ("vpce-b", "subnet-fb"), VpcId="vpc-3"),
    ]
    for one, number in (("a", 1), ("b", 2)):
        rows += [
            subnet(f"subnet-t3{one}", f"10.3.{number}.0/28", vpc="vpc-3", zone=one),
            subnet(f"subnet-f{one}", f"10.3.{number}.16/28", vpc="vpc-3", zone=one),
            route_table(f"rtb-t3{one}", ("0.0.0.0/0", f"vpce-{one}"), subnets=[f"subnet-t3{one}"], vpc="vpc-3"),
            route_table(f"rtb-f{one}", ("10.0.0.0/8", "tgw-1"), subnets=[f"subnet-f{one}"], vpc="vpc-3"),
        ]
    return rows


@pytest.mark.rule("TGW-9")
@pytest.mark.parametrize(
    ("appliance", "zone", "expected"),
    [("disable", "a", REACHABLE), ("disable", "b", BLOCKED), ("enable", "b", REACHABLE)],
    ids=["one zone", "two zones", "two zones, appliance mode"],
)
def test_appliance_mode_keeps_both_directions_in_one_zone(appliance: str, zone: str, expected: str) -> None:
    world = network(inspection(appliance=appliance, zone=zone), policy())
    assert verdict(world, "eni-a", "eni-p", "tcp/443") == expected


@pytest.mark.rule("TGW-9")
@pytest.mark.parametrize(("appliance", "expected"), [("disable", BLOCKED), ("enable", CONDITIONAL)])
def test_in_appliance_mode_any_zone_may_see_a_flow(appliance: str, expected: str) -> None:
    bypass = route_table("rtb-t3b", ("10.0.0.0/8", "tgw-1"), subnets=["subnet-t3b"], vpc="vpc-3")
    world = network(inspection(appliance=appliance, zone="a"), policy("rules"), DROP_ALL, bypass)
    assert verdict(world, "eni-a", "eni-p", "tcp/443") == expected


@pytest.mark.rule("NFW-8")
@pytest.mark.parametrize(
    ("home", "expected"), [([], REACHABLE), (["10.0.0.0/8"], BLOCKED)], ids=["the inspection VPC alone", "the spokes too"]
)
def test_the_home_net_is_the_inspection_vpc(home: list[str], expected: str) -> None:
    how: dict[str, Any] = {"variables": {"HOME_NET": home}} if home else {}
    group = rules("five", StatefulRules=[five("DROP", "TCP", "$HOME_NET", "ANY", "443")], **how)
    world = network(inspection(appliance="enable"), policy("five"), group)
    assert verdict(world, "eni-a", "eni-p", "tcp/443") == expected


def native(table: str = "tgw-rtb-fw", **fields: Any) -> list[Row]:
    """`vpc-1` and `vpc-2`, whose traffic goes through a firewall attached to the transit gateway."""
    state = {"AttachmentId": "tgw-attach-fw", "TransitGatewayAttachmentStatus": "READY", **fields}
    return [
        *transit(),
        *attachment("tgw-attach-1", "vpc-1", "subnet-t1", table="tgw-rtb-spokes"),
        *attachment("tgw-attach-2", "vpc-2", "subnet-t2", table="tgw-rtb-spokes"),
        seen_attachment("tgw-attach-fw", "network-function", FIREWALL_ARN, table=table),
        *tgw_table("tgw-rtb-spokes", ("0.0.0.0/0", "tgw-attach-fw")),
        *tgw_table("tgw-rtb-fw", *SPOKES),
        firewall(VpcId="", FirewallStatus={"Status": "READY", "TransitGatewayAttachmentSyncState": state}),
        acl("acl-p", default=True, vpc="vpc-2"),
    ]


@pytest.mark.rule("TGW-14")
@pytest.mark.rule("NFW-1")
@pytest.mark.parametrize(
    ("group", "table", "expected"),
    [(suricata(), "tgw-rtb-fw", REACHABLE), (DROP_ALL, "tgw-rtb-fw", BLOCKED), (suricata(), "", BLOCKED)],
    ids=["passes", "drops", "its attachment has no table"],
)
def test_a_firewall_attached_to_the_gateway_inspects(group: Row, table: str, expected: str) -> None:
    answer = ask(network(native(table), policy("rules"), group), "eni-a", "eni-p", "tcp/443")
    assert answer.verdict == expected
    if expected == REACHABLE:
        assert ("tgw-attach-fw@tgw-1", "TGW-14") in hops(answer)


@pytest.mark.rule("TGW-14")
@pytest.mark.parametrize(
    ("status", "without", "expected"),
    [("READY", (), REACHABLE), ("REJECTED", (), BLOCKED), ("READY", (FIREWALL_ARN,), UNKNOWN)],
)
def test_its_attachment_must_be_ready_and_in_the_snapshot(status: str, without: tuple[str, ...], expected: str) -> None:
    world = network(native(TransitGatewayAttachmentStatus=status), policy(), without=without)
    assert verdict(world, "eni-a", "eni-p", "tcp/443") == expected
