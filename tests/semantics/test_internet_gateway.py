"""Internet gateways, public addresses, egress-only gateways, and the internet itself."""

from __future__ import annotations

import pytest

from .build import (
    A4,
    A6,
    A_PUBLIC,
    ALLOW,
    B4,
    B_PUBLIC,
    BLOCKED,
    CONDITIONAL,
    DENY,
    FIREWALL,
    OPEN,
    RANGES,
    REACHABLE,
    S3_4,
    UNKNOWN,
    V4,
    V6,
    Row,
    Rows,
    acl,
    ask,
    behind_nat,
    blockers,
    codes,
    eigw,
    eni_a,
    eni_b,
    gateway_endpoint,
    group,
    hops,
    igw,
    interface,
    interface_endpoint,
    ipv6_range,
    main_table,
    network,
    peered,
    prefix_list,
    route_table,
    rule,
    second_vpc,
    subnet,
    verdict,
    vpc,
)

STRANGER, STRANGER_6 = "198.51.100.7", "2001:db8:ffff::7"
V4_ONLY = eni_a(addresses=[A4])


# ---------------------------------------------------------------------- IPv4
@pytest.mark.rule("IGW-1")
@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([], REACHABLE),
        ([igw(vpc="")], BLOCKED),
        ([main_table()], BLOCKED),
        ([eni_a(addresses=[A4], public="")], BLOCKED),
        ([eni_a(addresses=[A4], groups=["sg-a"]), group("sg-a", [], [])], BLOCKED),
        ([acl("acl-a", "subnet-a", inbound=[], outbound=[])], BLOCKED),
    ],
    ids=["all of it", "no gateway", "no route", "no public address", "no group", "no ACL"],
)
@pytest.mark.parametrize("pair", [("eni-a", "internet"), ("internet", "eni-a")], ids=["out", "in"])
def test_the_internet_needs_gateway_route_address_groups_and_acl(rows: list[Row], expected: str, pair: tuple[str, str]) -> None:
    assert verdict(network(V4_ONLY, *rows), *pair, "tcp/443") == expected


@pytest.mark.rule("IGW-1")
@pytest.mark.parametrize(("public", "expected"), [("", BLOCKED), (A_PUBLIC, REACHABLE)])
def test_the_interface_without_a_public_address_is_named(public: str, expected: str) -> None:
    answer = ask(network(eni_a(public=public)), "eni-a", STRANGER, "tcp/443")
    assert answer.verdict == expected
    assert (("eni-a", "IGW-1") in blockers(answer)) == (expected == BLOCKED)
    assert ("IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS" in codes(answer)) == (expected == BLOCKED)


def test_a_public_address_is_all_that_it_lacks() -> None:
    assert blockers(ask(network(eni_a(public="")), "eni-a", STRANGER, "tcp/443")) == {("eni-a", "IGW-1")}


def test_from_the_internet_the_blocker_is_what_stops_the_public_address() -> None:
    shut = network(eni_b(addresses=[B4], groups=["sg-b"]), group("sg-b", [rule("tcp/80", V4)]))
    assert blockers(ask(shut, "internet", B_PUBLIC, "tcp/443")) == {("sg-b", "SG-1")}
    assert blockers(ask(shut, "internet", "eni-b", "tcp/443")) == {("sg-b", "SG-1")}


@pytest.mark.rule("IGW-11")
@pytest.mark.parametrize(("public", "expected"), [(A_PUBLIC, REACHABLE), ("", BLOCKED)])
@pytest.mark.parametrize("flag", [True, False])
def test_the_subnets_default_for_public_addresses_makes_nothing_public(public: str, expected: str, flag: bool) -> None:
    place = subnet("subnet-a", "10.0.1.0/24", "2001:db8:0:101::/64", MapPublicIpOnLaunch=flag)
    assert verdict(network(place, eni_a(public=public)), "eni-a", STRANGER, "tcp/443") == expected
    assert verdict(network(place, eni_a(addresses=[A4], public=public)), "internet", "eni-a", "tcp/443") == expected


@pytest.mark.rule("IGW-3")
@pytest.mark.parametrize(
    ("target", "expected"), [(A_PUBLIC, REACHABLE), (A4, BLOCKED)], ids=["the public address", "the private address"]
)
def test_coming_in_the_target_must_be_a_public_address(target: str, expected: str) -> None:
    answer = ask(network(V4_ONLY), "internet", target, "tcp/443")
    assert answer.verdict == expected


@pytest.mark.rule("IGW-3")
@pytest.mark.parametrize(("attached", "expected"), [("vpc-1", REACHABLE), ("vpc-2", BLOCKED)])
def test_and_the_gateway_must_be_attached_to_the_vpc_of_its_interface(attached: str, expected: str) -> None:
    assert verdict(network(V4_ONLY, second_vpc(), igw(vpc=attached)), "internet", "eni-a", "tcp/443") == expected


@pytest.mark.rule("IGW-4")
@pytest.mark.parametrize(
    ("target", "code", "expected"),
    [
        (STRANGER, "", REACHABLE),
        ("10.9.9.9", "IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS", BLOCKED),
        ("172.16.0.1", "IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS", BLOCKED),
        ("192.168.1.1", "IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS", BLOCKED),
        ("100.64.1.1", "IGW_DESTINATION_ADDRESS_NOT_IN_RFC6598_EGRESS", BLOCKED),
        ("172.32.0.1", "", REACHABLE),
        ("100.128.0.1", "", REACHABLE),
    ],
)
def test_the_gateway_refuses_private_targets(target: str, code: str, expected: str) -> None:
    answer = ask(network(), "eni-a", target, "tcp/443")
    assert answer.verdict == expected
    assert codes(answer) == ({code} if code else set())


@pytest.mark.rule("IGW-4")
@pytest.mark.parametrize(("source", "expected"), [(STRANGER, REACHABLE), ("10.9.9.9", BLOCKED), ("100.64.1.1", BLOCKED)])
def test_and_private_sources(source: str, expected: str) -> None:
    assert verdict(network(), source, A_PUBLIC, "tcp/443") == expected


@pytest.mark.rule("IGW-4")
@pytest.mark.parametrize(("public", "expected"), [("203.0.113.9", REACHABLE), ("", BLOCKED)])
def test_and_sources_that_are_no_public_address_of_its_vpc(public: str, expected: str) -> None:
    prefixed = eni_a(addresses=["10.0.1.99"], public=public, Ipv4Prefixes=[{"Ipv4Prefix": "10.0.1.64/28"}])
    assert verdict(network(prefixed), "10.0.1.99", STRANGER, "tcp/443") == expected
    assert verdict(network(prefixed), "10.0.1.65", STRANGER, "tcp/443") == BLOCKED


@pytest.mark.rule("IGW-5")
@pytest.mark.parametrize(
    ("back", "expected"),
    [
        ("igw-1", REACHABLE),
        ("nat-1", BLOCKED),
        ("pcx-1", BLOCKED),
        ("eigw-1", BLOCKED),
        ("eni-fw", CONDITIONAL),
    ],
)
def test_the_reply_must_leave_by_the_same_gateway(back: str, expected: str) -> None:
    """A system that saw no request may pass the reply on all the same: AWS supports no such way, and cannot rule it out."""
    rows: list[Rows] = [behind_nat(), V4_ONLY, FIREWALL, peered(), eigw(), main_table((V4, "igw-1"), (V6, "igw-1"))]
    world = network(*rows, route_table("rtb-private", (V4, back), subnets=["subnet-a"]))
    answer = ask(world, "internet", A_PUBLIC, "tcp/443")
    assert answer.verdict == expected
    assert answer.forward == REACHABLE


@pytest.mark.rule("IGW-6")
@pytest.mark.parametrize(("stranger", "expected"), [("203.0.113.200", REACHABLE), (STRANGER, BLOCKED)])
@pytest.mark.parametrize("inbound", [False, True], ids=["out", "in"])
def test_a_narrow_route_limits_who_can_talk(stranger: str, expected: str, inbound: bool) -> None:
    world = network(main_table(("203.0.113.0/24", "igw-1")))
    pair = (stranger, A_PUBLIC) if inbound else ("eni-a", stranger)
    assert verdict(world, *pair, "tcp/443") == expected


# ---------------------------------------------------------------------- IPv6
@pytest.mark.rule("IGW-7")
@pytest.mark.parametrize(
    ("routes", "expected"), [([(V6, "igw-1")], REACHABLE), ([("2001:db8:ffff::/48", "igw-1")], REACHABLE), ([], BLOCKED)]
)
@pytest.mark.parametrize("inbound", [False, True], ids=["out", "in"])
def test_an_ipv6_address_is_public_without_further_ado(routes: list[tuple[str, str]], expected: str, inbound: bool) -> None:
    world = network(main_table(*routes), eni_a(public=""))
    pair = (STRANGER_6, "eni-a") if inbound else ("eni-a", STRANGER_6)
    assert verdict(world, *pair, "tcp/443") == expected


@pytest.mark.rule("IGW-7")
def test_the_group_still_decides() -> None:
    world = network(eni_a(public="", groups=["sg-a"]), group("sg-a", [rule("tcp/443", V4)]))
    assert verdict(world, "internet", "eni-a", "tcp/443") == BLOCKED
    assert verdict(network(eni_a(public="")), "internet", "eni-a", "tcp/443") == REACHABLE


@pytest.mark.rule("IGW-7")
@pytest.mark.parametrize(("attribute", "expected"), [("public", REACHABLE), ("private", BLOCKED)])
def test_private_ipv6_space_is_never_advertised(attribute: str, expected: str) -> None:
    space = vpc(Ipv6CidrBlockAssociationSet=[ipv6_range(RANGES["vpc-1"][1], Ipv6AddressAttribute=attribute)])
    world = network(space, eni_a(addresses=[A6]))
    assert verdict(world, "internet", "eni-a", "tcp/443") == expected
    assert verdict(world, "eni-a", STRANGER_6, "tcp/443") == expected
    assert verdict(world, "eni-b", A6, "tcp/443") == REACHABLE


@pytest.mark.rule("IGW-8")
@pytest.mark.parametrize(("flag", "expected"), [(False, REACHABLE), (True, BLOCKED)])
def test_deny_all_igw_traffic_keeps_ipv6_off_the_internet(flag: bool, expected: str) -> None:
    world = network(
        peered(),
        main_table(*((one, "pcx-1") for one in RANGES["vpc-2"]), (V4, "igw-1"), (V6, "igw-1")),
        eni_a(public="", DenyAllIgwTraffic=flag),
    )
    answer = ask(world, "internet", "eni-a", "tcp/443")
    assert (answer.verdict, answer.forward) == (expected, expected)
    assert verdict(world, "eni-a", STRANGER_6, "udp/443") == expected
    assert verdict(world, "eni-p", A6, "tcp/443") == REACHABLE
    assert verdict(world, "eni-b", A6, "tcp/443") == REACHABLE


@pytest.mark.rule("EP-16")
@pytest.mark.parametrize(("type_", "expected"), [("interface", REACHABLE), ("vpc_endpoint", BLOCKED)])
def test_the_ipv6_addresses_of_endpoints_are_never_reached_from_the_internet(type_: str, expected: str) -> None:
    own = [interface("eni-e", "10.0.2.30", "2001:db8:0:102::30", subnet="subnet-b", type=type_)]
    endpoint = [interface_endpoint("vpce-1", "eni-e")] if type_ == "vpc_endpoint" else []
    world = network(own, endpoint)
    answer = ask(world, "internet", "eni-e", "tcp/443")
    assert (answer.verdict, answer.forward) == (expected, expected)
    assert verdict(world, "eni-a", "2001:db8:0:102::30", "tcp/443") == REACHABLE


# ---------------------------------------------------------------------- public addresses as targets
@pytest.mark.rule("IGW-9")
@pytest.mark.parametrize(
    ("target", "rules", "expected"),
    [
        (B_PUBLIC, [rule("tcp/443", V4)], REACHABLE),
        (B_PUBLIC, [rule("tcp/443", f"{A_PUBLIC}/32")], REACHABLE),
        (B_PUBLIC, [rule("tcp/443", "10.0.0.0/16")], BLOCKED),
        (B_PUBLIC, [rule("tcp/443", "sg-a")], BLOCKED),
        (B4, [rule("tcp/443", "sg-a")], REACHABLE),
        (B4, [rule("tcp/443", f"{A_PUBLIC}/32")], BLOCKED),
    ],
    ids=[
        "public, from everywhere",
        "public, from the public sender",
        "public, from the VPC",
        "public, by reference",
        "private, by reference",
        "private, from the public sender",
    ],
)
def test_to_a_public_address_of_its_own_vpc_the_sender_is_public(
    target: str, rules: list[dict[str, object]], expected: str
) -> None:
    world = network(eni_a(groups=["sg-a"]), group("sg-a", []), eni_b(groups=["sg-b"]), group("sg-b", rules))
    assert verdict(world, "eni-a", target, "tcp/443") == expected


@pytest.mark.rule("IGW-9")
def test_it_goes_out_to_the_internet_and_in_again() -> None:
    answer = ask(network(), "eni-a", B_PUBLIC, "tcp/443")
    assert answer.verdict == REACHABLE
    assert [one for one in hops(answer) if one[0] in ("igw-1", "internet")] == [
        ("igw-1", "IGW-2"),
        ("internet", "IGW-3"),
        ("igw-1", "IGW-2"),
    ]
    assert verdict(network(main_table()), "eni-a", B_PUBLIC, "tcp/443") == BLOCKED


@pytest.mark.rule("IGW-9")
@pytest.mark.parametrize(("far", "expected"), [("203.0.113.99/32", REACHABLE), (f"{A_PUBLIC}/32", BLOCKED)])
def test_behind_a_nat_gateway_the_sender_is_the_gateway(far: str, expected: str) -> None:
    world = network(behind_nat(), eni_b(groups=["sg-b"]), group("sg-b", [rule("tcp/443", far)]))
    assert verdict(world, "eni-a", B_PUBLIC, "tcp/443") == expected


ELSEWHERE = [
    *second_vpc(public="203.0.113.50"),
    igw("igw-2", vpc="vpc-2"),
    route_table("rtb-p", (V4, "igw-2"), main=True, vpc="vpc-2"),
]


@pytest.mark.rule("IGW-10")
@pytest.mark.parametrize(
    ("rules", "expected"),
    [([rule("tcp/443", f"{A_PUBLIC}/32")], REACHABLE), ([rule("tcp/443", "10.0.0.0/16", "sg-a")], BLOCKED)],
)
def test_between_vpcs_by_public_address_it_is_internet_traffic(rules: list[dict[str, object]], expected: str) -> None:
    world = network(ELSEWHERE, eni_a(groups=["sg-a"]), group("sg-a", []), group("sg-p", rules, vpc="vpc-2"))
    assert verdict(world, "eni-a", "eni-p", "tcp/443") == expected


@pytest.mark.rule("IGW-10")
@pytest.mark.parametrize(("routes", "expected"), [([(V4, "igw-2")], REACHABLE), ([], BLOCKED)])
def test_both_vpcs_need_their_gateways(routes: list[tuple[str, str]], expected: str) -> None:
    world = network(ELSEWHERE, route_table("rtb-p", *routes, main=True, vpc="vpc-2"))
    assert verdict(world, "eni-a", "203.0.113.50", "tcp/443") == expected


@pytest.mark.rule("IGW-12")
@pytest.mark.parametrize(("routes", "expected"), [([], BLOCKED), ([("pl-s3", "vpce-s3")], REACHABLE)])
def test_public_services_are_on_the_internet_unless_an_endpoint_captures_them(
    routes: list[tuple[str, str]], expected: str
) -> None:
    private = [eni_a(public=""), main_table(*routes), *prefix_list("pl-s3", "52.218.0.0/17"), gateway_endpoint()]
    assert verdict(network(private), "eni-a", S3_4, "tcp/443") == expected


# ---------------------------------------------------------------------- egress-only gateways
OUTWARD = main_table((V4, "igw-1"), (V6, "eigw-1"))


@pytest.mark.rule("EIGW-1")
@pytest.mark.parametrize(
    ("source", "target", "expected"), [("eni-a", STRANGER_6, REACHABLE), (STRANGER_6, "eni-a", BLOCKED)], ids=["out", "in"]
)
def test_ipv6_goes_out_and_nothing_comes_in(source: str, target: str, expected: str) -> None:
    assert verdict(network(eigw(), OUTWARD, eni_a(public="")), source, target, "tcp/443") == expected


@pytest.mark.rule("EIGW-1")
@pytest.mark.parametrize(
    ("gateway", "expected"), [(eigw(), REACHABLE), (eigw(state="detached"), BLOCKED), (eigw(vpc="vpc-2"), BLOCKED)]
)
def test_the_egress_only_gateway_must_be_attached(gateway: Row, expected: str) -> None:
    assert verdict(network(gateway, OUTWARD), "eni-a", STRANGER_6, "tcp/443") == expected


@pytest.mark.rule("EIGW-1")
@pytest.mark.parametrize(("destination", "target", "expected"), [(V4, STRANGER, BLOCKED), (V6, STRANGER_6, REACHABLE)])
def test_it_carries_ipv6_only(destination: str, target: str, expected: str) -> None:
    assert verdict(network(eigw(), main_table((destination, "eigw-1"))), "eni-a", target, "tcp/443") == expected


@pytest.mark.rule("EIGW-1")
@pytest.mark.parametrize(
    ("inbound", "expected"), [([(1, ALLOW, "tcp/1024-65535", V6)], REACHABLE), ([(1, DENY, "all", V6)], BLOCKED)]
)
def test_the_acl_of_the_senders_subnet_sees_the_replies(inbound: list[tuple[int, str, str, str]], expected: str) -> None:
    world = network(eigw(), OUTWARD, acl("acl-a", "subnet-a", inbound=inbound))
    answer = ask(world, "eni-a", STRANGER_6, "tcp/443")
    assert (answer.verdict, answer.forward) == (expected, REACHABLE)


# ---------------------------------------------------------------------- what was not collected
@pytest.mark.rule("LIM-7")
@pytest.mark.parametrize(("without", "expected"), [([], REACHABLE), (["InternetGateways"], UNKNOWN)])
def test_gateways_that_were_not_collected_are_unknown(without: list[str], expected: str) -> None:
    world = network(V4_ONLY, without=without)
    assert verdict(world, "internet", "eni-a", "tcp/443") == expected
    assert verdict(world, "eni-a", STRANGER, "tcp/443") == expected


# ---------------------------------------------------------------------- own pools, firewalls, encryption
POOL = "192.0.2.0/24"


def pooled(*, together: bool = True, route: bool = True) -> list[Row]:
    """The gateway's route table is tied to a pool of own addresses, and sends them to `eni-pool`, which takes any address."""
    state = {"AssociationState": {"State": "associated"}, "RouteTableId": "rtb-edge", "Main": False}
    of_gateway, of_pool = {"GatewayId": "igw-1"}, {"PublicIpv4Pool": "ipv4pool-ec2-1"}
    tied = [{**of_gateway, **of_pool, **state}] if together else [{**of_gateway, **state}, {**of_pool, **state}]
    owner = interface("eni-pool", "10.0.2.90", subnet="subnet-b", public="203.0.113.90", instance="i-b", SourceDestCheck=False)
    return [owner, route_table("rtb-edge", *([(POOL, "eni-pool")] if route else []), associations=tied)]


@pytest.mark.rule("RT-25")
@pytest.mark.parametrize(
    ("together", "route", "through"),
    [
        (True, True, True),
        (False, True, True),
        (True, False, False),
    ],
    ids=["one association", "two associations", "no route"],
)
def test_the_gateway_takes_packets_to_an_own_pool(together: bool, route: bool, through: bool) -> None:
    answer = ask(network(pooled(together=together, route=route)), "internet", "192.0.2.7", "udp/443")
    assert (("igw-1", "RT-25") in hops(answer)) is through


@pytest.mark.rule("RT-25")
@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        (OPEN, CONDITIONAL),
        ([], BLOCKED),
    ],
)
def test_and_the_interface_in_the_route_decides(rules: list[dict[str, object]], expected: str) -> None:
    """Nobody owns the address: what stands behind the interface may take it."""
    rows = pooled()
    rows[0].fields["Groups"] = [{"GroupId": "sg-pool"}]
    found = verdict(network(rows, group("sg-pool", rules)), "internet", "192.0.2.7", "udp/443")
    assert found in ((expected,) if expected == BLOCKED else (CONDITIONAL, REACHABLE))


@pytest.mark.rule("AIF-2")
@pytest.mark.parametrize(
    ("type_", "expected"),
    [("flexible", CONDITIONAL), ("outbound-only", CONDITIONAL), ("bidirectional", BLOCKED), ("exclude", BLOCKED), ("", BLOCKED)],
)
def test_an_internet_firewall_may_translate_for_hosts_without_a_public_address(type_: str, expected: str) -> None:
    place = subnet(
        "subnet-a", "10.0.1.0/24", "2001:db8:0:101::/64", **({"NetworkFirewallConnectivityType": type_} if type_ else {})
    )
    assert verdict(network(place, eni_a(public="")), "eni-a", STRANGER, "udp/443") == expected


@pytest.mark.rule("AIF-2")
@pytest.mark.parametrize(
    ("type_", "expected"),
    [
        ("flexible", CONDITIONAL),
        ("bidirectional", BLOCKED),
    ],
)
def test_for_tcp_as_well(type_: str, expected: str) -> None:
    place = subnet("subnet-a", "10.0.1.0/24", "2001:db8:0:101::/64", NetworkFirewallConnectivityType=type_)
    assert verdict(network(place, eni_a(public="")), "eni-a", STRANGER, "tcp/443") == expected


@pytest.mark.rule("AIF-2")
@pytest.mark.parametrize("type_", ["flexible", "outbound-only"])
def test_and_lets_nothing_in_for_them(type_: str) -> None:
    place = subnet("subnet-a", "10.0.1.0/24", "2001:db8:0:101::/64", NetworkFirewallConnectivityType=type_)
    assert verdict(network(place, eni_a(addresses=[A4], public="")), "internet", "eni-a", "tcp/443") == BLOCKED
