"""Network interfaces: addresses, source/destination check, state, type; transit through what stands behind one."""

from __future__ import annotations

from typing import Any

import pytest

from .build import (
    A4,
    A_PUBLIC,
    ALLOW,
    B4,
    B6,
    BLOCKED,
    CONDITIONAL,
    DENY,
    FIREWALL,
    OPEN,
    REACHABLE,
    UNKNOWN,
    V4,
    V6,
    Row,
    acl,
    ask,
    blockers,
    codes,
    eni_a,
    eni_b,
    group,
    hops,
    instance,
    interface,
    main_table,
    middlebox,
    network,
    peered,
    peering,
    route_table,
    rule,
    subnet,
    verdict,
    vpc,
)

THERE = route_table("rtb-a", ("10.0.2.0/24", "eni-fw"), ("2001:db8:0:102::/64", "eni-fw"), subnets=["subnet-a"])
BACK = route_table("rtb-b", ("10.0.1.0/24", "eni-fw"), ("2001:db8:0:101::/64", "eni-fw"), subnets=["subnet-b"])
THROUGH = [*FIREWALL, THERE, BACK]


# ---------------------------------------------------------------------- the way in and out
@pytest.mark.rule("M-2")
def test_between_subnets_a_packet_meets_groups_acl_routes_acl_groups_in_this_order() -> None:
    answer = ask(network(eni_b(groups=["sg-b"]), group("sg-b", OPEN), acl("acl-b", "subnet-b")), "eni-a", B4, "tcp/443")
    assert answer.verdict == REACHABLE
    assert hops(answer) == [
        ("sg-open", "SG-19"),
        ("acl-open", "NACL-2"),
        ("rtb-main", "RT-4"),
        ("acl-b", "NACL-2"),
        ("sg-b", "SG-19"),
    ]


@pytest.mark.rule("M-2")
@pytest.mark.parametrize(
    ("target", "expected"), [("eni-a2", REACHABLE), ("eni-b", BLOCKED)], ids=["same subnet", "another subnet"]
)
def test_inside_a_subnet_it_meets_groups_only(target: str, expected: str) -> None:
    world = network(acl("acl-a", "subnet-a", inbound=[], outbound=[]), main_table(local=[]))
    assert verdict(world, "eni-a", target, "tcp/443") == expected


@pytest.mark.rule("M-2")
def test_everything_that_stops_it_is_told_in_order() -> None:
    world = network(
        eni_a(groups=["sg-a"], public=""),
        group("sg-a", [], []),
        acl("acl-a", "subnet-a", outbound=[]),
        acl("acl-b", "subnet-b", inbound=[]),
        eni_b(groups=["sg-b"]),
        group("sg-b", []),
    )
    answer = ask(world, "eni-a", B4, "tcp/443")
    assert answer.verdict == BLOCKED
    assert [one.resource for one in answer.blockers] == ["sg-a", "acl-a", "acl-b", "sg-b"]


# ---------------------------------------------------------------------- addresses
@pytest.mark.rule("SDC-2")
@pytest.mark.parametrize(
    ("target", "fields", "expected"),
    [
        ("10.0.2.30", {"addresses": [B4, "10.0.2.30"]}, REACHABLE),
        ("10.0.2.30", {}, BLOCKED),
        ("10.0.2.70", {"Ipv4Prefixes": [{"Ipv4Prefix": "10.0.2.64/28"}]}, REACHABLE),
        ("10.0.2.80", {"Ipv4Prefixes": [{"Ipv4Prefix": "10.0.2.64/28"}]}, BLOCKED),
        ("2001:db8:0:102:1::77", {"Ipv6Prefixes": [{"Ipv6Prefix": "2001:db8:0:102:1::/80"}]}, REACHABLE),
        ("2001:db8:0:102:2::77", {"Ipv6Prefixes": [{"Ipv6Prefix": "2001:db8:0:102:1::/80"}]}, BLOCKED),
        (B6, {}, REACHABLE),
        (B6, {"addresses": [B4]}, BLOCKED),
    ],
    ids=["secondary", "not its own", "in its prefix", "beyond its prefix", "in its IPv6 prefix", "beyond it", "IPv6", "no IPv6"],
)
def test_own_addresses(target: str, fields: dict[str, Any], expected: str) -> None:
    assert verdict(network(eni_b(**fields)), "eni-a", target, "tcp/443") == expected


@pytest.mark.rule("SDC-3")
@pytest.mark.parametrize("address", ["10.0.2.30", "10.0.2.70"], ids=["secondary", "delegated prefix"])
@pytest.mark.parametrize(("rules", "expected"), [(OPEN, REACHABLE), ([], BLOCKED)])
def test_groups_filter_every_address_of_an_interface(address: str, rules: list[Any], expected: str) -> None:
    many = eni_b(addresses=[B4, "10.0.2.30"], groups=["sg-b"], Ipv4Prefixes=[{"Ipv4Prefix": "10.0.2.64/28"}])
    assert verdict(network(many, group("sg-b", rules)), "eni-a", address, "tcp/443") == expected


@pytest.mark.rule("SDC-3")
@pytest.mark.parametrize(("far", "expected"), [("sg-a", REACHABLE), ("sg-b", BLOCKED)])
def test_a_secondary_address_is_a_member_of_the_interfaces_groups(far: str, expected: str) -> None:
    many = eni_a(addresses=[A4, "10.0.1.77"], groups=["sg-a"])
    world = network(many, group("sg-a", []), eni_b(groups=["sg-b"]), group("sg-b", [rule("tcp/443", far)]))
    assert verdict(world, "10.0.1.77", B4, "tcp/443") == expected


@pytest.mark.rule("IGW-2")
@pytest.mark.parametrize(("source", "expected"), [("10.0.1.77", REACHABLE), (A4, BLOCKED)], ids=["has the address", "has none"])
def test_a_public_address_belongs_to_one_private_address(source: str, expected: str) -> None:
    many = eni_a(addresses=[A4, "10.0.1.77"], public="")
    many.fields["PrivateIpAddresses"][1]["Association"] = {"PublicIp": "203.0.113.77"}
    many.fields["Association"] = {"PublicIp": "203.0.113.77"}
    assert verdict(network(many), source, "198.51.100.7", "tcp/443") == expected


@pytest.mark.rule("IGW-2")
@pytest.mark.parametrize(("source", "expected"), [(A4, REACHABLE), ("10.0.1.77", BLOCKED)], ids=["primary", "secondary"])
def test_an_association_of_the_interface_alone_is_that_of_its_primary_address(source: str, expected: str) -> None:
    many = eni_a(addresses=[A4, "10.0.1.77"], public="", Association={"PublicIp": A_PUBLIC})
    assert verdict(network(many), source, "198.51.100.7", "tcp/443") == expected


@pytest.mark.rule("IGW-2")
@pytest.mark.parametrize(("second", "expected"), [("203.0.113.77", REACHABLE), ("", BLOCKED)])
def test_each_private_address_may_have_its_own(second: str, expected: str) -> None:
    many = eni_a(addresses=[A4, "10.0.1.77"])
    if second:
        many.fields["PrivateIpAddresses"][1]["Association"] = {"PublicIp": second}
    world = network(many)
    assert verdict(world, "10.0.1.77", "198.51.100.7", "tcp/443") == expected
    assert verdict(world, A4, "198.51.100.7", "tcp/443") == REACHABLE


# ---------------------------------------------------------------------- state and type
@pytest.mark.rule("SDC-7")
@pytest.mark.parametrize(("state", "expected"), [("running", REACHABLE), ("stopped", BLOCKED), ("terminated", BLOCKED)])
@pytest.mark.parametrize(("source", "target"), [("eni-a", "eni-b"), ("eni-b", "eni-a")], ids=["as target", "as source"])
def test_a_stopped_instance_neither_sends_nor_answers(state: str, expected: str, source: str, target: str) -> None:
    answer = ask(network(instance("i-b", state)), source, target, "tcp/443")
    assert answer.verdict == expected
    assert codes(answer) == (set() if expected == REACHABLE else {"BAD_STATE"})
    assert answer.notes == ([] if expected == REACHABLE else ["when started: reachable"])


@pytest.mark.rule("SDC-7")
def test_what_would_be_when_it_is_started_is_judged_like_anything_else() -> None:
    shut = [eni_b(groups=["sg-b"]), group("sg-b", [])]
    answer = ask(network(instance("i-b", "stopped"), shut), "eni-a", "eni-b", "tcp/443")
    assert (answer.verdict, answer.notes) == (BLOCKED, ["when started: blocked"])
    assert {one.rule for one in answer.blockers} == {"SDC-7", "SG-1"}


@pytest.mark.rule("SDC-7")
@pytest.mark.parametrize(("status", "expected"), [("in-use", REACHABLE), ("available", BLOCKED)])
def test_an_interface_must_be_in_use(status: str, expected: str) -> None:
    assert verdict(network(eni_b(Status=status)), "eni-a", "eni-b", "tcp/443") == expected


@pytest.mark.rule("SVC-9")
@pytest.mark.parametrize(("type_", "expected"), [("interface", REACHABLE), ("lambda", BLOCKED)])
def test_nothing_connects_to_a_function(type_: str, expected: str) -> None:
    world = network(interface("eni-f", "10.0.2.30", subnet="subnet-b", type=type_))
    answer = ask(world, "eni-a", "eni-f", "tcp/443")
    assert answer.verdict == expected
    assert blockers(answer) == (set() if expected == REACHABLE else {("eni-f", "SVC-9")})
    assert verdict(world, "eni-f", A4, "tcp/443") == REACHABLE


@pytest.mark.rule("SVC-9")
@pytest.mark.parametrize(("public", "expected"), [("203.0.113.30", REACHABLE), ("", BLOCKED)])
def test_a_function_in_a_public_subnet_has_no_public_address_and_no_way_out(public: str, expected: str) -> None:
    world = network(interface("eni-f", "10.0.2.30", subnet="subnet-b", type="lambda", public=public))
    assert verdict(world, "eni-f", "198.51.100.7", "tcp/443") == expected


# ---------------------------------------------------------------------- transit
@pytest.mark.rule("SDC-1")
@pytest.mark.parametrize(("check", "expected"), [(True, BLOCKED), (False, CONDITIONAL)])
@pytest.mark.parametrize("target", [B4, B6])
def test_with_the_check_on_nothing_passes_through(check: bool, expected: str, target: str) -> None:
    box = middlebox("eni-fw", "10.0.8.8", "2001:db8:0:108::8", SourceDestCheck=check)
    answer = ask(network(THROUGH, box), "eni-a", target, "tcp/443")
    assert answer.verdict == expected
    assert ("ENI_SOURCE_DEST_CHECK_RESTRICTION" in codes(answer)) is check


@pytest.mark.rule("SDC-1")
@pytest.mark.parametrize(("target", "expected"), [("10.0.8.8", REACHABLE), (B4, BLOCKED)], ids=["to itself", "to another"])
def test_the_check_lets_its_own_address_pass(target: str, expected: str) -> None:
    table = route_table("rtb-a", ("10.0.8.0/24", "eni-fw"), ("10.0.2.0/24", "eni-fw"), subnets=["subnet-a"])
    world = network(THROUGH, table, middlebox(SourceDestCheck=True))
    assert verdict(world, "eni-a", target, "tcp/443") == expected


@pytest.mark.rule("SDC-1")
@pytest.mark.parametrize(("check", "expected"), [(True, BLOCKED), (False, CONDITIONAL)])
def test_a_nat_instance_needs_the_check_off(check: bool, expected: str) -> None:
    out = route_table("rtb-a", (V4, "eni-fw"), subnets=["subnet-a"])
    box = middlebox("eni-fw", "10.0.8.8", public="203.0.113.88", SourceDestCheck=check)
    assert verdict(network(FIREWALL, box, out, eni_a(public="")), "eni-a", "198.51.100.7", "tcp/443") == expected


@pytest.mark.rule("SDC-5")
@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([], CONDITIONAL),
        ([middlebox(groups=["sg-fw"]), group("sg-fw", [])], BLOCKED),
        ([middlebox(groups=["sg-fw"]), group("sg-fw", OPEN, [])], BLOCKED),
        ([middlebox(groups=["sg-fw"]), group("sg-fw", [rule("tcp/443", A4 + "/32")])], CONDITIONAL),
        ([acl("acl-fw", "subnet-fw", inbound=[(1, DENY, "tcp/443", V4), (2, ALLOW, "all", V4)])], BLOCKED),
    ],
    ids=["its groups admit it", "not in", "not out", "in from the sender", "its subnet's ACL"],
)
def test_a_system_may_forward_what_its_groups_admit(rows: list[Row], expected: str) -> None:
    answer = ask(network(THROUGH, *rows), "eni-a", B4, "tcp/443")
    assert answer.verdict == expected
    assert bool(answer.conditions) == (expected == CONDITIONAL)


@pytest.mark.rule("SG-14")
@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ([rule("tcp/443", "sg-a")], BLOCKED),
        ([rule("tcp/443", "10.0.1.0/24")], CONDITIONAL),
        ([rule("tcp/443", "10.0.8.8/32")], CONDITIONAL),
    ],
    ids=["by reference", "by the sender's block", "by the middlebox's address"],
)
def test_a_middlebox_breaks_references(rules: list[Any], expected: str) -> None:
    world = network(THROUGH, eni_a(groups=["sg-a"]), group("sg-a", []), eni_b(groups=["sg-b"]), group("sg-b", rules))
    assert verdict(world, "eni-a", B4, "tcp/443") == expected


@pytest.mark.rule("SG-14")
@pytest.mark.parametrize("through", [True, False])
def test_without_it_the_reference_holds(through: bool) -> None:
    far = [eni_a(groups=["sg-a"]), group("sg-a", []), eni_b(groups=["sg-b"]), group("sg-b", [rule("tcp/443", "sg-a")])]
    assert verdict(network(THROUGH if through else [], far), "eni-a", B4, "tcp/443") == (BLOCKED if through else REACHABLE)


@pytest.mark.rule("SG-14")
@pytest.mark.parametrize(
    ("far", "expected"),
    [
        # AWS: blocked. Where a packet leaves its sender the way it will take is not known yet; a doubt, not a wrong yes or no.
        ("sg-b", CONDITIONAL),
        ("10.0.2.0/24", CONDITIONAL),
    ],
)
def test_it_breaks_references_in_the_senders_groups_too(far: str, expected: str) -> None:
    sender = [eni_a(groups=["sg-a"]), group("sg-a", [], [rule("tcp/443", far)])]
    world = network(THROUGH, sender, eni_b(groups=["sg-b"]), group("sg-b", OPEN))
    assert verdict(world, "eni-a", B4, "tcp/443") == expected


@pytest.mark.rule("SDC-6")
@pytest.mark.parametrize(("where", "expected"), [("subnet-fw", CONDITIONAL), ("subnet-a", BLOCKED)])
def test_a_middlebox_must_stand_in_another_subnet(where: str, expected: str) -> None:
    """In the clients' subnet its own route table sends what it forwards back to itself."""
    box = middlebox("eni-fw", "10.0.8.8" if where == "subnet-fw" else "10.0.1.88", subnet=where)
    assert verdict(network(THROUGH, box), "eni-a", B4, "tcp/443") == expected


@pytest.mark.rule("SDC-4")
@pytest.mark.parametrize(("target", "expected"), [(A_PUBLIC, REACHABLE), ("eni-second", BLOCKED)])
def test_each_interface_of_an_instance_stands_for_itself(target: str, expected: str) -> None:
    second = interface("eni-second", "10.0.3.10", subnet="subnet-c", instance="i-a", DeviceIndex=1)
    world = network(second, subnet("subnet-c", "10.0.3.0/24"), route_table("rtb-c", subnets=["subnet-c"]))
    assert verdict(world, "198.51.100.7", target if target != A_PUBLIC else "eni-a", "tcp/443") == expected


# ---------------------------------------------------------------------- types
@pytest.mark.rule("LIM-12")
@pytest.mark.parametrize(("type_", "expected"), [("interface", REACHABLE), ("branch", REACHABLE), ("brand_new_type", UNKNOWN)])
@pytest.mark.parametrize(("source", "target"), [("eni-a", "eni-x"), ("eni-x", "eni-a")], ids=["as target", "as source"])
def test_an_interface_of_a_new_type_is_unknown(type_: str, expected: str, source: str, target: str) -> None:
    world = network(interface("eni-x", "10.0.2.30", subnet="subnet-b", type=type_))
    answer = ask(world, source, target, "tcp/443")
    assert answer.verdict == expected
    assert bool(answer.not_modelled) == (expected == UNKNOWN)


@pytest.mark.rule("M-5")
@pytest.mark.parametrize(("source", "expected"), [("eni-a", BLOCKED), ("eni-p", REACHABLE)])
def test_an_address_may_be_owned_in_several_vpcs(source: str, expected: str) -> None:
    """10.0.2.10 is owned in `vpc-1` (shut) and in `vpc-9` of the same ranges, with which `vpc-2` is peered (open)."""
    twin = [
        vpc("vpc-9", "10.0.0.0/16"),
        subnet("subnet-9", "10.0.2.0/24", vpc="vpc-9"),
        interface("eni-9", B4, subnet="subnet-9", vpc="vpc-9", groups=["sg-9"]),
        group("sg-9", OPEN, vpc="vpc-9"),
        acl("acl-9", default=True, vpc="vpc-9"),
        route_table("rtb-9", ("10.2.0.0/16", "pcx-1"), main=True, vpc="vpc-9", local=["10.0.0.0/16"]),
    ]
    side = {"OwnerId": "111111111111", "Region": "eu-west-1"}
    connection = peering()
    connection.fields["RequesterVpcInfo"] = {"VpcId": "vpc-9", "CidrBlock": "10.0.0.0/16", **side}
    world = network(
        peered(), main_table((V4, "igw-1"), (V6, "igw-1")), twin, connection, eni_b(groups=["sg-b"]), group("sg-b", [])
    )
    assert verdict(world, source, B4, "tcp/443") == expected
