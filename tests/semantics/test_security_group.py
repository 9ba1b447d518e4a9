"""Security groups: lines that only allow, with a memory, on the interfaces that carry them."""

from __future__ import annotations

from typing import Any

import pytest

from .build import (
    A4,
    A6,
    A_PUBLIC,
    B4,
    B6,
    B_PUBLIC,
    BLOCKED,
    CONDITIONAL,
    OPEN,
    OTHER_ACCOUNT,
    REACHABLE,
    UNKNOWN,
    V4,
    V6,
    Row,
    Rows,
    ask,
    behind_nat,
    blockers,
    codes,
    eni_a,
    eni_b,
    group,
    hops,
    interface,
    interface_endpoint,
    main_table,
    network,
    peered,
    peering,
    prefix_list,
    rds,
    rds_interface,
    rule,
    subnet,
    verdict,
    vpc,
)


def guarded(*rules: Any, **fields: Any) -> list[Row]:
    """`eni-b` behind a group of its own with these inbound rules."""
    return [eni_b(groups=["sg-b"]), group("sg-b", rules, **fields)]


# ---------------------------------------------------------------------- what a group allows
@pytest.mark.rule("SG-1")
def test_what_no_rule_allows_is_denied() -> None:
    world = network(guarded(rule("tcp/443", V4)))
    assert verdict(world, "eni-a", B4, "tcp/443") == REACHABLE
    answer = ask(world, "eni-a", B4, "tcp/444")
    assert answer.verdict == BLOCKED
    assert blockers(answer) == {("sg-b", "SG-1")}
    assert codes(answer) == {"ENI_SG_RULES_MISMATCH"}


@pytest.mark.rule("SG-1")
@pytest.mark.parametrize("direction", ["in", "out"])
def test_a_group_without_rules_allows_nothing_new(direction: str) -> None:
    shut = group("sg-shut", OPEN, []) if direction == "out" else group("sg-shut", [])
    source, target = ("eni-b", "eni-a") if direction == "out" else ("eni-a", "eni-b")
    world = network(eni_b(groups=["sg-shut"]), shut)
    answer = ask(world, source, target, "tcp/443")
    assert (answer.verdict, blockers(answer), codes(answer)) == (BLOCKED, {("sg-shut", "SG-1")}, {"SG_HAS_NO_RULES"})
    assert verdict(world, target, source, "tcp/443") == REACHABLE


@pytest.mark.rule("SG-2")
@pytest.mark.parametrize("order", [["sg-1", "sg-2"], ["sg-2", "sg-1"]])
def test_the_groups_of_an_interface_are_united(order: list[str]) -> None:
    groups = [group("sg-1", [rule("tcp/22", "10.0.1.99/32")]), group("sg-2", [rule("tcp/22", V4)])]
    assert verdict(network(groups, eni_b(groups=order)), "eni-a", B4, "tcp/22") == REACHABLE
    assert verdict(network(groups, eni_b(groups=["sg-1"])), "eni-a", B4, "tcp/22") == BLOCKED


@pytest.mark.rule("SG-2")
def test_each_group_that_could_have_admitted_it_is_named() -> None:
    groups = [group("sg-1", [rule("tcp/22", "10.0.1.99/32")]), group("sg-2", [rule("tcp/23", V4)])]
    answer = ask(network(groups, eni_b(groups=["sg-1", "sg-2"])), "eni-a", B4, "tcp/22")
    assert answer.verdict == BLOCKED
    assert blockers(answer) == {("sg-1", "SG-1"), ("sg-2", "SG-1")}


@pytest.mark.rule("SG-3")
@pytest.mark.parametrize(("egress", "expected"), [("tcp/5432", REACHABLE), ("tcp/443", BLOCKED)])
def test_both_ends_filter(egress: str, expected: str) -> None:
    world = network(eni_a(groups=["sg-a"]), group("sg-a", [], [rule(egress, V4)]), guarded(rule("tcp/5432", "sg-a")))
    answer = ask(world, "eni-a", B4, "tcp/5432")
    assert answer.verdict == expected
    assert blockers(answer) == (set() if expected == REACHABLE else {("sg-a", "SG-1")})


@pytest.mark.rule("SG-4")
def test_replies_pass_whatever_the_other_direction_says() -> None:
    world = network(guarded(rule("tcp/22", V4), egress=[]))
    answer = ask(world, "eni-a", B4, "tcp/22")
    assert (answer.verdict, answer.reply) == (REACHABLE, REACHABLE)
    assert ("sg-b", "SG-4") in {(one.resource, one.rule) for one in answer.pairs[0].reply_path}
    assert verdict(world, "eni-b", A4, "tcp/22") == BLOCKED


@pytest.mark.rule("SG-4")
def test_replies_come_back_in_without_any_inbound_rule() -> None:
    world = network(eni_a(groups=["sg-a"]), group("sg-a", [], OPEN))
    assert verdict(world, "eni-a", B4, "tcp/22") == REACHABLE
    assert verdict(world, "eni-b", A4, "tcp/22") == BLOCKED


@pytest.mark.rule("SG-5")
def test_members_of_the_default_group_reach_each_other_and_nobody_else_reaches_them() -> None:
    default = group("sg-default", [rule("all", "sg-default")], OPEN, GroupName="default")
    world = network(default, eni_a(groups=["sg-default"]), eni_b(groups=["sg-default"]))
    assert verdict(world, "eni-a", B4, "tcp/22") == REACHABLE
    assert verdict(world, "eni-a2", B4, "tcp/22") == BLOCKED
    assert verdict(world, "eni-b", "internet", "tcp/22") == REACHABLE


@pytest.mark.rule("SG-5")
def test_a_new_group_takes_nothing_in_and_lets_everything_out() -> None:
    world = network(group("sg-new"), eni_b(groups=["sg-new"]))
    assert verdict(world, "eni-a", B4, "tcp/22") == BLOCKED
    assert verdict(world, "eni-b", A4, "tcp/22") == REACHABLE


@pytest.mark.rule("SG-6")
@pytest.mark.parametrize(("rules", "expected"), [([], BLOCKED), ([rule("tcp/22", "sg-web")], REACHABLE)])
def test_sharing_a_group_gives_no_access_unless_a_rule_names_it(rules: list[Any], expected: str) -> None:
    web = group("sg-web", [rule("tcp/80", V4), *rules])
    world = network(web, eni_a(groups=["sg-web"]), eni_b(groups=["sg-web"]))
    assert verdict(world, "eni-a", B4, "tcp/80") == REACHABLE
    assert verdict(world, "eni-a", B4, "tcp/22") == expected


# ---------------------------------------------------------------------- groups as far side
@pytest.mark.rule("SG-7")
@pytest.mark.parametrize(("target", "expected"), [(B4, REACHABLE), (B_PUBLIC, BLOCKED)], ids=["private", "public address"])
def test_a_reference_means_private_addresses_only(target: str, expected: str) -> None:
    world = network(eni_a(groups=["sg-a"]), group("sg-a", []), guarded(rule("tcp/443", "sg-a")))
    assert verdict(world, "eni-a", target, "tcp/443") == expected


@pytest.mark.rule("SG-7")
def test_a_reference_in_an_outbound_rule_means_private_addresses_only() -> None:
    world = network(eni_a(groups=["sg-a"]), group("sg-a", [], [rule("tcp/443", "sg-b")]), guarded(rule("tcp/443", V4)))
    assert verdict(world, "eni-a", B4, "tcp/443") == REACHABLE
    assert verdict(world, "eni-a", B_PUBLIC, "tcp/443") == BLOCKED


@pytest.mark.rule("SG-7")
@pytest.mark.parametrize(("carried", "expected"), [("sg-a", REACHABLE), ("sg-open", BLOCKED)])
def test_a_reference_means_who_carries_the_group_now(carried: str, expected: str) -> None:
    world = network(eni_a(groups=[carried]), group("sg-a", []), guarded(rule("tcp/443", "sg-a")))
    assert verdict(world, "eni-a", B4, "tcp/443") == expected


@pytest.mark.rule("SG-7")
def test_a_reference_imports_none_of_the_other_groups_rules() -> None:
    world = network(eni_a(groups=["sg-a"]), group("sg-a", [rule("all", V4)]), guarded(rule("tcp/443", "sg-a")))
    assert verdict(world, "eni-a2", B4, "tcp/443") == BLOCKED
    assert verdict(world, "eni-a", B4, "tcp/443") == REACHABLE


@pytest.mark.rule("SG-8")
@pytest.mark.parametrize("type_", ["interface", "lambda", "efa", "branch", "network_load_balancer", "load_balancer"])
@pytest.mark.parametrize("carried", [True, False])
def test_a_reference_covers_interfaces_of_every_type(type_: str, carried: bool) -> None:
    sender = interface("eni-x", "10.0.1.30", groups=["sg-x"] if carried else ["sg-open"], type=type_)
    world = network(sender, group("sg-x", []), guarded(rule("tcp/443", "sg-x")))
    assert (verdict(world, "eni-x", B4, "tcp/443") == BLOCKED) is not carried


@pytest.mark.rule("SG-8")
def test_a_reference_covers_databases_and_endpoints_as_targets() -> None:
    group_x, sender = group("sg-x", OPEN), eni_a(groups=["sg-a"])
    endpoint = [interface_endpoint("vpce-1", "eni-e"), interface("eni-e", "10.0.2.30", subnet="subnet-b", type="vpc_endpoint")]
    targets = [*endpoint, rds(groups=["sg-x"]), rds_interface("eni-rds", "10.0.2.40", groups=["sg-x"])]
    targets[1].fields["Groups"] = [{"GroupId": "sg-x"}]
    world = network(group_x, sender, targets, group("sg-a", [], [rule("tcp/443", "sg-x")]))
    assert verdict(world, "eni-a", "vpce-1", "tcp/443") == REACHABLE
    assert verdict(world, "eni-a", "orders", "tcp/443") == REACHABLE
    assert verdict(world, "eni-a", "eni-b", "tcp/443") == BLOCKED


@pytest.mark.rule("SG-9")
@pytest.mark.parametrize(
    ("target", "far", "expected"),
    [(B4, "sg-a", REACHABLE), (B6, "sg-a", CONDITIONAL), (B6, A6 + "/128", REACHABLE), (B6, "sg-none", BLOCKED)],
    ids=["IPv4 by reference", "IPv6 by reference", "IPv6 by block", "IPv6 by another reference"],
)
def test_whether_a_reference_covers_ipv6_is_not_documented(target: str, far: str, expected: str) -> None:
    world = network(eni_a(groups=["sg-a"]), group("sg-a", []), group("sg-none", []), guarded(rule("tcp/443", far)))
    assert verdict(world, "eni-a", target, "tcp/443") == expected


@pytest.mark.rule("SG-9")
@pytest.mark.parametrize(("source", "expected"), [("10.0.1.10", REACHABLE), ("10.0.1.65", CONDITIONAL)])
def test_nor_whether_it_covers_delegated_prefixes(source: str, expected: str) -> None:
    sender = eni_a(groups=["sg-a"], Ipv4Prefixes=[{"Ipv4Prefix": "10.0.1.64/28"}])
    assert verdict(network(sender, group("sg-a", []), guarded(rule("tcp/443", "sg-a"))), source, B4, "tcp/443") == expected


@pytest.mark.rule("SG-10")
@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (peered(), REACHABLE),
        ([*peered(), group("sg-p", [], []), group("sg-q", OPEN, vpc="vpc-2")], BLOCKED),
    ],
    ids=["the peer's group", "a group of the peer that the sender does not carry"],
)
def test_a_reference_crosses_a_peering_connection(rows: Rows, expected: str) -> None:
    far = "sg-q" if expected == BLOCKED else "sg-p"
    world = network(rows, group("sg-p", OPEN, vpc="vpc-2"), guarded(rule("tcp/443", far)))
    assert verdict(world, "eni-p", B4, "tcp/443") == expected


@pytest.mark.rule("SG-10")
def test_a_reference_in_an_outbound_rule_crosses_a_peering_connection() -> None:
    world = network(peered(), eni_a(groups=["sg-a"]), group("sg-a", [], [rule("tcp/443", "sg-p")]))
    assert verdict(world, "eni-a", "eni-p", "tcp/443") == REACHABLE
    assert verdict(world, "eni-a", "eni-b", "tcp/443") == BLOCKED


@pytest.mark.rule("SG-10")
@pytest.mark.parametrize(("related", "expected"), [(True, REACHABLE), (False, BLOCKED)], ids=["its own VPC", "another VPC"])
def test_a_reference_to_a_group_of_an_unconnected_vpc_matches_nothing(related: bool, expected: str) -> None:
    """The group's member has the very address of `eni-a`, in a VPC that nothing connects."""
    elsewhere = [
        vpc("vpc-3", "10.0.0.0/16"),
        subnet("subnet-q", "10.0.1.0/24", vpc="vpc-3"),
        interface("eni-q", A4, subnet="subnet-q", vpc="vpc-3", groups=["sg-q"]),
    ]
    sender = eni_a(groups=["sg-open", *(["sg-q"] if related else [])])
    world = network(elsewhere, sender, group("sg-q", [], vpc="vpc-3"), guarded(rule("tcp/443", "sg-q")))
    assert verdict(world, "eni-a", B4, "tcp/443") == expected


@pytest.mark.rule("SG-11")
@pytest.mark.parametrize(
    ("regions", "far", "expected"),
    [
        (("eu-west-1", "eu-west-1"), "sg-p", REACHABLE),
        (("eu-west-1", "us-east-1"), "sg-p", BLOCKED),
        (("eu-west-1", "us-east-1"), "10.2.0.0/16", REACHABLE),
    ],
    ids=["one Region", "two Regions", "two Regions, by block"],
)
def test_references_do_not_cross_regions(regions: tuple[str, str], far: str, expected: str) -> None:
    world = network(peered(regions=regions), guarded(rule("tcp/443", far)))
    assert verdict(world, "eni-p", B4, "tcp/443") == expected


@pytest.mark.rule("SG-16")
@pytest.mark.parametrize(
    ("id", "pair", "expected"),
    [
        ("sg-a", {}, REACHABLE),
        ("sg-gone", {}, BLOCKED),
        ("sg-gone", {"PeeringStatus": "deleted", "UserId": OTHER_ACCOUNT}, BLOCKED),
    ],
    ids=["there", "deleted", "over a deleted peering connection"],
)
def test_a_stale_reference_matches_nothing(id: str, pair: dict[str, str], expected: str) -> None:
    world = network(eni_a(groups=["sg-a"]), group("sg-a", []), guarded(rule("tcp/443", id, **pair)))
    assert verdict(world, "eni-a", B4, "tcp/443") == expected


@pytest.mark.rule("SG-16")
def test_a_stale_reference_revives_when_the_same_vpcs_peer_again() -> None:
    stale = rule("tcp/443", "sg-p", PeeringStatus="deleted", VpcPeeringConnectionId="pcx-0", VpcId="vpc-2")
    assert verdict(network(peered(), guarded(stale)), "eni-p", B4, "tcp/443") == REACHABLE
    assert verdict(network(peered(status="deleted"), guarded(stale)), "eni-p", B4, "tcp/443") == BLOCKED


@pytest.mark.rule("SG-17")
@pytest.mark.parametrize(
    ("service", "account", "expected"), [("tcp/443", OTHER_ACCOUNT, UNKNOWN), ("tcp/444", OTHER_ACCOUNT, BLOCKED)]
)
def test_a_reference_to_an_account_that_was_not_collected_is_unknown(service: str, account: str, expected: str) -> None:
    abroad = [peering(), main_table(("10.2.0.0/16", "pcx-1"))]
    world = network(abroad, guarded(rule("tcp/443", "sg-x", UserId=account)))
    assert verdict(world, "10.2.1.10", "eni-b", service) == expected


@pytest.mark.rule("SG-17")
def test_but_it_covers_no_interface_whose_groups_are_known() -> None:
    world = network(guarded(rule("tcp/443", "sg-x", UserId=OTHER_ACCOUNT)))
    assert verdict(world, "eni-a", B4, "tcp/443") == BLOCKED


@pytest.mark.rule("SG-17")
def test_with_the_other_accounts_interfaces_it_is_known() -> None:
    theirs = interface("eni-x", "10.0.1.30", groups=["sg-x"], OwnerId=OTHER_ACCOUNT)
    world = network(theirs, group("sg-x", [], OwnerId=OTHER_ACCOUNT), guarded(rule("tcp/443", "sg-x", UserId=OTHER_ACCOUNT)))
    assert verdict(world, "eni-x", B4, "tcp/443") == REACHABLE
    assert verdict(world, "eni-a", B4, "tcp/443") == BLOCKED


@pytest.mark.rule("SG-28")
@pytest.mark.parametrize(("port", "expected"), [("tcp/443", REACHABLE), ("tcp/444", BLOCKED)])
def test_a_shared_group_filters_the_participants_interfaces(port: str, expected: str) -> None:
    theirs = interface("eni-x", "10.0.1.30", groups=["sg-owners"], OwnerId=OTHER_ACCOUNT)
    world = network(theirs, group("sg-owners", [rule("tcp/443", V4)]))
    assert verdict(world, "eni-b", "eni-x", port) == expected


@pytest.mark.rule("SG-27")
@pytest.mark.parametrize(("rules", "expected"), [(OPEN, REACHABLE), ([], BLOCKED)])
def test_a_group_filters_interfaces_of_every_vpc_that_it_is_associated_with(rules: list[Any], expected: str) -> None:
    associated = Row("SecurityGroupVpcAssociations", "x", {"GroupId": "sg-x", "VpcId": "vpc-2", "State": "associated"})
    world = network(
        peered(),
        group("sg-x", rules),
        associated,
        interface("eni-p", "10.2.1.10", subnet="subnet-p", vpc="vpc-2", groups=["sg-x"]),
    )
    assert verdict(world, "eni-a", "eni-p", "tcp/443") == expected


# ---------------------------------------------------------------------- other far sides
@pytest.mark.rule("SG-18")
@pytest.mark.parametrize(
    ("blocks", "expected"), [(("10.0.9.0/24", "10.0.1.0/24"), REACHABLE), (("10.0.9.0/24",), BLOCKED), ((), BLOCKED)]
)
def test_a_prefix_list_stands_for_its_entries(blocks: tuple[str, ...], expected: str) -> None:
    world = network(prefix_list("pl-1", *blocks), guarded(rule("tcp/443", "pl-1")))
    assert verdict(world, "eni-a", B4, "tcp/443") == expected


@pytest.mark.rule("SG-18")
@pytest.mark.parametrize(("blocks", "expected"), [(("2001:db8:0:101::/64",), REACHABLE), (("2001:db8:0:109::/64",), BLOCKED)])
def test_a_prefix_list_of_ipv6(blocks: tuple[str, ...], expected: str) -> None:
    world = network(prefix_list("pl-1", *blocks), guarded(rule("tcp/443", "pl-1")))
    assert verdict(world, "eni-a", B6, "tcp/443") == expected


@pytest.mark.rule("SG-18")
def test_a_prefix_list_whose_entries_are_not_in_the_snapshot_is_unknown() -> None:
    assert verdict(network(guarded(rule("tcp/443", "pl-theirs"))), "eni-a", B4, "tcp/443") == UNKNOWN
    assert verdict(network(guarded(rule("tcp/444", "pl-theirs"))), "eni-a", B4, "tcp/443") == BLOCKED


@pytest.mark.rule("SG-19")
@pytest.mark.parametrize(
    ("block", "target", "expected"),
    [(V4, B4, REACHABLE), (V4, B6, BLOCKED), (V6, B6, REACHABLE), (V6, B4, BLOCKED)],
)
def test_ranges_of_one_family_say_nothing_about_the_other(block: str, target: str, expected: str) -> None:
    assert verdict(network(guarded(rule("tcp/22", block))), "eni-a", target, "tcp/22") == expected


@pytest.mark.rule("SG-19")
@pytest.mark.parametrize(("block", "expected"), [("10.0.1.0/24", REACHABLE), ("10.0.1.11/32", BLOCKED), (A4 + "/32", REACHABLE)])
def test_a_range_is_of_the_sender_as_seen_here(block: str, expected: str) -> None:
    assert verdict(network(guarded(rule("tcp/22", block))), "eni-a", B4, "tcp/22") == expected


@pytest.mark.rule("SG-19")
def test_from_the_internet_the_range_is_of_the_public_sender() -> None:
    world = network(guarded(rule("tcp/22", "198.51.100.0/24", f"{A_PUBLIC}/32")))
    assert verdict(world, "198.51.100.7", "eni-b", "tcp/22") == REACHABLE
    assert verdict(world, "192.0.2.7", "eni-b", "tcp/22") == BLOCKED
    assert verdict(world, "eni-a", B_PUBLIC, "tcp/22") == REACHABLE


# ---------------------------------------------------------------------- services
def _permission(protocol: str, low: int | None = None, high: int | None = None) -> dict[str, Any]:
    ports = {} if low is None else {"FromPort": low, "ToPort": high}
    return {"IpProtocol": protocol, **ports, "IpRanges": [{"CidrIp": V4}], "Ipv6Ranges": [{"CidrIpv6": V6}]}


@pytest.mark.rule("SG-20")
@pytest.mark.parametrize(
    ("permission", "service", "expected"),
    [
        (_permission("tcp", 22, 23), "tcp/22", REACHABLE),
        (_permission("tcp", 22, 23), "tcp/23", REACHABLE),
        (_permission("tcp", 22, 23), "tcp/24", BLOCKED),
        (_permission("tcp", 22, 23), "udp/22", BLOCKED),
        (_permission("6", 22, 22), "tcp/22", REACHABLE),
        (_permission("6", 22, 22), "tcp/23", BLOCKED),
        (_permission("-1", 22, 22), "tcp/443", REACHABLE),
        (_permission("-1"), "proto/47", REACHABLE),
        (_permission("50", 22, 22), "esp", REACHABLE),
        (_permission("50", 22, 22), "proto/51", BLOCKED),
        (_permission("17", 53, 53), "udp/53", REACHABLE),
        (_permission("17", 53, 53), "udp/54", BLOCKED),
    ],
)
def test_protocols_by_name_and_number(permission: dict[str, Any], service: str, expected: str) -> None:
    assert verdict(network(guarded(permission)), "eni-a", B4, service) == expected


@pytest.mark.rule("SG-21")
@pytest.mark.parametrize(
    ("permission", "service", "expected"),
    [
        (_permission("icmp", 8, 0), "icmp/8", REACHABLE),
        (_permission("icmp", 8, 0), "icmp/0", BLOCKED),
        (_permission("icmp", 8, -1), "icmp/8", REACHABLE),
        (_permission("icmp", 3, 4), "icmp/3/4", REACHABLE),
        (_permission("icmp", 3, 4), "icmp/3/1", BLOCKED),
        (_permission("icmp", 3, 4), "icmp/4", BLOCKED),
        (_permission("icmp", -1, -1), "icmp/8", REACHABLE),
        (_permission("icmp", 0, 255), "icmp/8", BLOCKED),
        (_permission("icmp"), "icmp/8", REACHABLE),
        (_permission("1", 8, -1), "icmp/8", REACHABLE),
        (_permission("1", 8, -1), "icmp/13", BLOCKED),
    ],
)
def test_icmp_by_type_and_code(permission: dict[str, Any], service: str, expected: str) -> None:
    assert verdict(network(guarded(permission)), "eni-a", B4, service) == expected


@pytest.mark.rule("SG-21")
@pytest.mark.parametrize(
    ("permission", "service", "expected"),
    [
        (_permission("icmpv6"), "icmpv6/128", REACHABLE),
        (_permission("icmpv6", -1, -1), "icmpv6/128", REACHABLE),
        (_permission("58", 128, 0), "icmpv6/128/0", REACHABLE),
        (_permission("58", 135, 0), "icmpv6/128", BLOCKED),
        (_permission("icmp", -1, -1), "icmpv6/128", BLOCKED),
    ],
)
def test_icmpv6_may_lack_the_pair(permission: dict[str, Any], service: str, expected: str) -> None:
    assert verdict(network(guarded(permission)), "eni-a", B6, service) == expected


@pytest.mark.rule("SG-22")
@pytest.mark.parametrize(
    ("permission", "expected"),
    [(_permission("tcp"), REACHABLE), (_permission("tcp", -1, -1), REACHABLE), (_permission("tcp", 0, 0), BLOCKED)],
)
def test_missing_ports_mean_all(permission: dict[str, Any], expected: str) -> None:
    assert verdict(network(guarded(permission)), "eni-a", B4, "tcp/443") == expected


# ---------------------------------------------------------------------- where there is none
@pytest.mark.rule("SG-29")
@pytest.mark.parametrize(("type_", "expected"), [("nat_gateway", REACHABLE), ("interface", UNKNOWN)])
def test_a_nat_gateways_interface_carries_no_group_and_filters_nothing(type_: str, expected: str) -> None:
    world = network(behind_nat() if type_ == "nat_gateway" else eni_a(groups=[]))
    assert verdict(world, "eni-a", "internet", "tcp/443") == expected


@pytest.mark.rule("SG-30")
@pytest.mark.parametrize(
    ("target", "service", "expected"),
    [
        ("internet", "tcp/25", CONDITIONAL),
        ("198.51.100.7", "smtp", CONDITIONAL),
        ("internet", "tcp/587", REACHABLE),
        ("internet", "udp/25", REACHABLE),
        (B4, "tcp/25", REACHABLE),
    ],
)
def test_mail_to_the_internet_needs_a_lifted_limit(target: str, service: str, expected: str) -> None:
    assert verdict(network(), "eni-a", target, service) == expected


@pytest.mark.rule("SG-30")
def test_without_a_rule_mail_is_blocked_like_anything_else() -> None:
    world = network(eni_a(groups=["sg-a"]), group("sg-a", [], [rule("tcp/443", V4)]))
    assert verdict(world, "eni-a", "internet", "tcp/25") == BLOCKED
    assert verdict(network(), "internet", "eni-a", "tcp/25") == REACHABLE


@pytest.mark.rule("SG-1")
def test_the_line_that_admits_is_told() -> None:
    """The rule of the group is cited by its own id where the snapshot has it."""
    cited = Row(
        "SecurityGroupRules",
        "sgr-1",
        {
            "SecurityGroupRuleId": "sgr-1",
            "GroupId": "sg-b",
            "IsEgress": False,
            "IpProtocol": "tcp",
            "FromPort": 443,
            "ToPort": 443,
            "CidrIpv4": V4,
        },
    )
    answer = ask(network(guarded(rule("tcp/443", V4)), cited), "eni-a", B4, "tcp/443")
    assert answer.verdict == REACHABLE
    assert ("sg-b", "SG-19") in hops(answer)
    assert "inbound tcp/443 from 0.0.0.0/0 (sgr-1)" in [one.line for one in answer.pairs[0].path]
