"""Route tables: longest prefix first, on subnets and on gateways."""

from __future__ import annotations

from typing import Any

import pytest

from .build import (
    B4,
    B6,
    BLOCKED,
    CONDITIONAL,
    FIREWALL,
    RANGES,
    REACHABLE,
    UNKNOWN,
    V4,
    V6,
    Row,
    ask,
    behind_nat,
    blockers,
    bug,
    codes,
    eigw,
    eni_a,
    hops,
    igw,
    instance,
    interface,
    interface_endpoint,
    main_table,
    middlebox,
    nat,
    network,
    peered,
    peering,
    prefix_list,
    route,
    route_table,
    second_vpc,
    subnet,
    verdict,
    vpc,
)

OUT = [(V4, "igw-1"), (V6, "igw-1")]
STRANGER = "198.51.100.7"


# ---------------------------------------------------------------------- which table
@pytest.mark.rule("RT-1")
@pytest.mark.parametrize(
    ("subnets", "expected"), [((), REACHABLE), (("subnet-a",), BLOCKED)], ids=["no association: the main table", "associated"]
)
def test_the_associated_table_counts_else_the_main_one(subnets: tuple[str, ...], expected: str) -> None:
    world = network(route_table("rtb-empty", subnets=subnets))
    assert verdict(world, "eni-a", STRANGER, "tcp/443") == expected


@pytest.mark.rule("RT-2")
@pytest.mark.parametrize(("state", "expected"), [("associated", BLOCKED), ("disassociated", REACHABLE), ("failed", REACHABLE)])
def test_an_association_counts_in_the_state_associated(state: str, expected: str) -> None:
    tied = {"SubnetId": "subnet-a", "RouteTableId": "rtb-empty", "Main": False, "AssociationState": {"State": state}}
    assert verdict(network(route_table("rtb-empty", associations=[tied])), "eni-a", STRANGER, "tcp/443") == expected


@pytest.mark.rule("RT-2")
def test_implicit_associations_are_not_listed_and_hold_all_the_same() -> None:
    assert verdict(network(main_table()), "eni-a", STRANGER, "tcp/443") == BLOCKED
    assert verdict(network(main_table(*OUT)), "eni-a", STRANGER, "tcp/443") == REACHABLE


# ---------------------------------------------------------------------- which route
@pytest.mark.rule("RT-3")
@pytest.mark.parametrize(
    ("destination", "target", "expected"),
    [(V4, STRANGER, REACHABLE), (V4, "2001:db8:ffff::1", BLOCKED), (V6, "2001:db8:ffff::1", REACHABLE), (V6, STRANGER, BLOCKED)],
)
def test_routes_of_one_family_say_nothing_about_the_other(destination: str, target: str, expected: str) -> None:
    answer = ask(network(main_table((destination, "igw-1"))), "eni-a", target, "tcp/443")
    assert answer.verdict == expected
    assert codes(answer) == (set() if expected == REACHABLE else {"NO_ROUTE_TO_DESTINATION"})


@pytest.mark.rule("RT-4")
@pytest.mark.parametrize(("ranges", "expected"), [(("100.64.0.0/16",), REACHABLE), ((), BLOCKED)])
def test_every_range_of_the_vpc_is_local(ranges: tuple[str, ...], expected: str) -> None:
    second = [
        vpc("vpc-1", *RANGES["vpc-1"], *ranges),
        subnet("subnet-x", "100.64.2.0/24"),
        interface("eni-x", "100.64.2.9", subnet="subnet-x"),
        route_table("rtb-main", main=True, local=[*RANGES["vpc-1"], *ranges]),
    ]
    assert verdict(network(second), "eni-a", "eni-x", "tcp/443") == expected


@pytest.mark.rule("RT-4")
@pytest.mark.parametrize(("target", "expected"), [(B4, REACHABLE), (B6, REACHABLE), ("10.1.0.1", BLOCKED)])
def test_subnets_of_a_vpc_reach_each_other_with_local_routes_alone(target: str, expected: str) -> None:
    assert verdict(network(main_table()), "eni-a", target, "tcp/443") == expected
    assert verdict(network(main_table(local=())), "eni-a", target, "tcp/443") == expected


@pytest.mark.rule("RT-5")
@pytest.mark.parametrize(
    ("routes", "expected"),
    [
        ([(V4, "igw-1"), ("198.51.100.0/24", "eigw-1")], BLOCKED),
        ([("198.51.100.0/24", "eigw-1"), (V4, "igw-1")], BLOCKED),
        ([(V4, "eigw-1"), ("198.51.100.0/24", "igw-1")], REACHABLE),
        ([(V4, "igw-1"), ("192.0.2.0/24", "eigw-1")], REACHABLE),
    ],
    ids=["the longer one", "in any order", "either way round", "the longer one does not match"],
)
def test_the_longest_prefix_wins(routes: list[tuple[str, str]], expected: str) -> None:
    assert verdict(network(main_table(*routes), eigw()), "eni-a", STRANGER, "tcp/443") == expected


@pytest.mark.rule("RT-5")
def test_a_longer_propagated_route_beats_a_shorter_static_one() -> None:
    narrow = route("198.51.100.0/24", "igw-1", Origin="EnableVgwRoutePropagation")
    assert verdict(network(main_table((V4, "eigw-1"), narrow), eigw()), "eni-a", STRANGER, "tcp/443") == REACHABLE
    assert verdict(network(main_table((V4, "eigw-1")), eigw()), "eni-a", STRANGER, "tcp/443") == BLOCKED


@pytest.mark.rule("RT-6")
@pytest.mark.parametrize(("destination", "expected"), [("10.0.2.0/24", REACHABLE), ("10.0.0.0/8", REACHABLE)])
def test_a_propagated_route_never_beats_the_local_one(destination: str, expected: str) -> None:
    propagated = route(destination, "vgw-1", Origin="EnableVgwRoutePropagation", State="blackhole")
    assert verdict(network(main_table(propagated)), "eni-a", B4, "tcp/443") == expected


@pytest.mark.rule("RT-6")
def test_a_static_one_does() -> None:
    static = route("10.0.2.0/24", "eni-fw", State="blackhole")
    assert verdict(network(main_table(static)), "eni-a", B4, "tcp/443") == BLOCKED


@pytest.mark.rule("RT-9")
@pytest.mark.parametrize(
    ("static", "propagated", "expected"),
    [("igw-1", "eigw-1", REACHABLE), ("eigw-1", "igw-1", BLOCKED)],
)
def test_of_equal_prefixes_the_static_one_comes_first(static: str, propagated: str, expected: str) -> None:
    one, other = route(V4, static), route(V4, propagated, Origin="EnableVgwRoutePropagation")
    for routes in ([one, other], [other, one]):
        assert verdict(network(main_table(*routes), eigw()), "eni-a", STRANGER, "tcp/443") == expected


@pytest.mark.rule("RT-9")
@pytest.mark.parametrize(("listed", "propagated", "expected"), [("igw-1", "eigw-1", REACHABLE), ("eigw-1", "igw-1", BLOCKED)])
def test_a_prefix_list_comes_before_a_propagated_route(listed: str, propagated: str, expected: str) -> None:
    rows = [
        *prefix_list("pl-1", "198.51.100.0/24"),
        main_table(("pl-1", listed), route("198.51.100.0/24", propagated, Origin="EnableVgwRoutePropagation")),
        eigw(),
    ]
    assert verdict(network(rows), "eni-a", STRANGER, "tcp/443") == expected


@pytest.mark.rule("RT-10")
@pytest.mark.parametrize(
    ("static", "listed", "expected"),
    [
        ("igw-1", "igw-1", REACHABLE),
        # AWS's list of priorities puts static first; as long as no test has shown it (semantics, section 15) it is no promise.
        ("igw-1", "eigw-1", CONDITIONAL),
        ("eigw-1", "igw-1", CONDITIONAL),
    ],
)
def test_of_equal_prefixes_a_static_route_and_a_list_are_no_promise(static: str, listed: str, expected: str) -> None:
    rows = [*prefix_list("pl-1", "198.51.100.0/24"), main_table(("198.51.100.0/24", static), ("pl-1", listed)), eigw()]
    assert verdict(network(rows), "eni-a", STRANGER, "tcp/443") == expected


@pytest.mark.rule("RT-10")
def test_but_a_longer_entry_of_the_list_wins_over_a_shorter_static_route() -> None:
    rows = [*prefix_list("pl-1", "198.51.100.0/24"), main_table((V4, "eigw-1"), ("pl-1", "igw-1")), eigw()]
    assert verdict(network(rows), "eni-a", STRANGER, "tcp/443") == REACHABLE
    rows[-2] = main_table((V4, "igw-1"), ("pl-1", "eigw-1"))
    assert verdict(network(rows), "eni-a", STRANGER, "tcp/443") == BLOCKED


@pytest.mark.rule("RT-11")
@pytest.mark.parametrize(
    ("other", "target", "expected"),
    [
        ("198.51.100.0/24", "eigw-1", CONDITIONAL),
        ("198.51.100.0/24", "igw-1", REACHABLE),
        ("192.0.2.0/24", "eigw-1", REACHABLE),
    ],
    ids=["two targets", "one target", "no overlap"],
)
def test_overlapping_lists_with_different_targets_are_picked_at_random(other: str, target: str, expected: str) -> None:
    lists = [*prefix_list("pl-1", "198.51.100.0/24"), *prefix_list("pl-2", other)]
    world = network(lists, main_table(("pl-1", "igw-1"), ("pl-2", target)), eigw())
    answer = ask(world, "eni-a", STRANGER, "tcp/443")
    assert answer.verdict == expected
    assert bool(answer.conditions) == (expected == CONDITIONAL)


@pytest.mark.rule("RT-11")
def test_where_every_pick_fails_alike_nothing_passes() -> None:
    lists = [*prefix_list("pl-1", "198.51.100.0/24"), *prefix_list("pl-2", "198.51.100.0/24")]
    world = network(lists, main_table(("pl-1", "eigw-1"), ("pl-2", "eigw-2")), eigw(), eigw("eigw-2"))
    assert verdict(world, "eni-a", STRANGER, "tcp/443") == BLOCKED


@pytest.mark.rule("RT-12")
@pytest.mark.parametrize(("target", "expected"), [("198.51.100.7", REACHABLE), ("198.51.200.7", BLOCKED)])
def test_a_list_stands_for_a_route_an_entry_each_with_its_own_length(target: str, expected: str) -> None:
    """`pl{198.51.100.0/24, 198.0.0.0/8}` against a static /16: only the /24 of the list is longer."""
    lists = prefix_list("pl-1", "198.51.100.0/24", "198.0.0.0/8")
    world = network(lists, main_table(("pl-1", "igw-1"), ("198.51.0.0/16", "eigw-1")), eigw())
    assert verdict(world, "eni-a", target, "tcp/443") == expected


@pytest.mark.rule("RT-12")
@pytest.mark.parametrize(("table", "expected"), [(main_table(("pl-theirs", "igw-1")), UNKNOWN), (main_table(), BLOCKED)])
def test_a_list_whose_entries_are_not_in_the_snapshot_is_unknown(table: Row, expected: str) -> None:
    assert verdict(network(table), "eni-a", STRANGER, "tcp/443") == expected


@pytest.mark.rule("RT-12")
def test_such_a_list_cannot_take_local_traffic_away() -> None:
    assert verdict(network(main_table(("pl-theirs", "igw-1"))), "eni-a", B4, "tcp/443") == REACHABLE


# ---------------------------------------------------------------------- states
@pytest.mark.rule("RT-13")
@pytest.mark.parametrize(("state", "expected"), [("active", REACHABLE), ("blackhole", BLOCKED)])
def test_a_blackhole_drops_and_no_wider_route_takes_over(state: str, expected: str) -> None:
    narrow = route("198.51.100.0/24", "igw-1", State=state)
    answer = ask(network(main_table((V4, "igw-1"), narrow)), "eni-a", STRANGER, "tcp/443")
    assert answer.verdict == expected
    assert blockers(answer) == (set() if expected == REACHABLE else {("rtb-main", "RT-13")})
    assert codes(answer) == (set() if expected == REACHABLE else {"BAD_STATE_ROUTE"})


@pytest.mark.rule("RT-14")
@pytest.mark.parametrize(("state", "expected"), [("filtered", UNKNOWN), ("active", REACHABLE)])
def test_what_filtered_means_is_not_documented(state: str, expected: str) -> None:
    assert verdict(network(main_table(route(V4, "igw-1", State=state))), "eni-a", STRANGER, "tcp/443") == expected


@pytest.mark.rule("M-6")
@pytest.mark.rule("RT-28")
@pytest.mark.parametrize(
    ("origin", "expected"), [("Advertisement", CONDITIONAL), ("CreateRoute", REACHABLE), ("EnableVgwRoutePropagation", REACHABLE)]
)
def test_routes_of_a_route_server_are_conditional(origin: str, expected: str) -> None:
    assert verdict(network(main_table(route(V4, "igw-1", Origin=origin))), "eni-a", STRANGER, "tcp/443") == expected


@pytest.mark.rule("AIF-1")
@pytest.mark.parametrize(
    ("fields", "expected"), [({"IgwFirewall": {"Status": "active", "Mode": "enforce"}}, CONDITIONAL), ({}, REACHABLE)]
)
def test_an_automated_firewall_decides_by_its_policy(fields: dict[str, Any], expected: str) -> None:
    assert verdict(network(main_table(route(V4, "igw-1", **fields))), "eni-a", STRANGER, "tcp/443") == expected


# ---------------------------------------------------------------------- targets
@pytest.mark.rule("RT-17")
@pytest.mark.parametrize(
    ("gateway", "expected"),
    [(igw(), REACHABLE), (igw(state="detaching"), BLOCKED), (igw(vpc="vpc-2"), BLOCKED), (igw(vpc=""), BLOCKED)],
    ids=["attached", "detaching", "attached to another VPC", "attached to none"],
)
def test_the_internet_gateway_must_be_attached_to_this_vpc(gateway: Row, expected: str) -> None:
    answer = ask(network(gateway), "eni-a", STRANGER, "tcp/443")
    assert answer.verdict == expected
    assert ("BAD_STATE_ATTACHMENT" in codes(answer)) == (expected == BLOCKED)


@bug("RT-17: pardoning the attachment skips the translation, so that the reply looks blocked at the internet too (IGW-4)")
def test_an_attachment_is_all_that_a_detached_gateway_lacks() -> None:
    answer = ask(network(igw(vpc="")), "eni-a", STRANGER, "tcp/443")
    assert blockers(answer) == {("igw-1", "RT-17")}


@pytest.mark.rule("RT-17")
@pytest.mark.parametrize(("state", "expected"), [("available", REACHABLE), ("deleting", BLOCKED), ("pending", BLOCKED)])
def test_the_nat_gateway_must_be_available(state: str, expected: str) -> None:
    answer = ask(network(behind_nat(State=state)), "eni-a", STRANGER, "tcp/443")
    assert answer.verdict == expected
    assert blockers(answer) == (set() if expected == REACHABLE else {("nat-1", "RT-17")})


@pytest.mark.rule("RT-17")
@pytest.mark.parametrize(("state", "expected"), [("running", CONDITIONAL), ("stopped", BLOCKED)])
def test_the_interface_must_be_on_a_running_instance(state: str, expected: str) -> None:
    to_firewall = route_table("rtb-a", ("10.0.2.0/24", "eni-fw"), subnets=["subnet-a"])
    answer = ask(network(FIREWALL, instance("i-fw", state), to_firewall), "eni-a", B4, "udp/53")
    assert answer.verdict == expected


@pytest.mark.rule("RT-17")
@pytest.mark.parametrize(("own", "expected"), [("vpc-1", REACHABLE), ("vpc-2", BLOCKED)])
def test_a_peering_connection_must_be_one_of_this_vpc(own: str, expected: str) -> None:
    foreign = [] if own == "vpc-1" else [*second_vpc("vpc-3", "q"), peering("pcx-1", "vpc-3", "vpc-2")]
    assert verdict(network(peered(), foreign), "eni-a", "eni-p", "tcp/443") == expected


@pytest.mark.rule("RT-18")
@pytest.mark.parametrize(
    ("field", "target", "expected"),
    [
        ("GatewayId", "igw-1", REACHABLE),
        ("NatGatewayId", "nat-1", REACHABLE),
        ("NetworkInterfaceId", "eni-fw", CONDITIONAL),
        ("EgressOnlyInternetGatewayId", "eigw-1", BLOCKED),
        ("VpcPeeringConnectionId", "pcx-1", BLOCKED),
        ("CarrierGatewayId", "cagw-1", UNKNOWN),
        ("LocalGatewayId", "lgw-1", UNKNOWN),
        ("CoreNetworkArn", "arn:aws:networkmanager::1:core-network/core-network-1", UNKNOWN),
        ("OdbNetworkArn", "arn:aws:odb:eu-west-1:1:odb-network/odbnet-1", UNKNOWN),
        ("SomethingNewId", "new-1", UNKNOWN),
    ],
)
def test_each_kind_of_target_has_its_field(field: str, target: str, expected: str) -> None:
    rows = [
        subnet("subnet-nat", "10.0.9.0/24"),
        *nat(),
        *FIREWALL,
        middlebox("eni-fw", "10.0.8.8", public="203.0.113.88"),
        eigw(),
        *peered(),
        main_table((V4, "igw-1"), (V6, "igw-1")),
    ]
    table = route_table("rtb-a", {"DestinationCidrBlock": V4, "State": "active", field: target}, subnets=["subnet-a"])
    assert verdict(network(rows, table), "eni-a", STRANGER, "tcp/443") == expected


@pytest.mark.rule("RT-18")
@pytest.mark.parametrize(("kind", "expected"), [("GatewayLoadBalancer", UNKNOWN), ("Gateway", REACHABLE)])
def test_an_endpoint_stands_in_gateway_id_and_its_type_decides(kind: str, expected: str) -> None:
    endpoint = interface_endpoint("vpce-1", type=kind)
    world = network(endpoint, main_table((V4, "vpce-1")))
    target = "vpce-1" if kind == "Gateway" else STRANGER
    assert verdict(world, "eni-a", target, "tcp/443") == expected


# ---------------------------------------------------------------------- inside a subnet, inside a VPC
@pytest.mark.rule("RT-16")
@pytest.mark.parametrize(("target", "expected"), [("eni-a2", REACHABLE), ("eni-b", BLOCKED)], ids=["same subnet", "another"])
def test_hosts_of_one_subnet_reach_each_other_directly(target: str, expected: str) -> None:
    turned = [route(one, "eni-fw", State="blackhole") for one in ("10.0.1.0/24", "10.0.2.0/24")]
    v6 = [route(one, "eni-fw", State="blackhole") for one in ("2001:db8:0:101::/64", "2001:db8:0:102::/64")]
    answer = ask(network(main_table(*turned, *v6)), "eni-a", target, "tcp/443")
    assert answer.verdict == expected
    if expected == REACHABLE:
        assert hops(answer) == [("sg-open", "SG-19"), ("subnet-a", "RT-16"), ("sg-open", "SG-19")]


@pytest.mark.rule("RT-7")
@pytest.mark.parametrize(
    ("routes", "expected"),
    [([("10.0.2.0/24", "eni-fw")], CONDITIONAL), ([("10.0.3.0/24", "eni-fw")], REACHABLE), ([], REACHABLE)],
    ids=["the whole subnet", "another subnet", "local alone"],
)
def test_a_static_route_to_a_whole_subnet_is_more_specific_than_local(routes: list[tuple[str, str]], expected: str) -> None:
    world = network(FIREWALL, route_table("rtb-a", *routes, subnets=["subnet-a"]))
    assert verdict(world, "eni-a", B4, "tcp/443") == expected


@pytest.mark.rule("RT-8")
@pytest.mark.parametrize(
    ("target", "through", "expected"),
    [("eni-b", "local", REACHABLE), ("eni-b", "eni-fw", BLOCKED), ("eni-a2", "eni-fw", REACHABLE)],
    ids=["local", "replaced", "replaced, inside the subnet"],
)
def test_the_target_of_the_local_route_may_be_replaced(target: str, through: str, expected: str) -> None:
    table = route_table("rtb-a", ("10.0.0.0/16", through), ("2001:db8:0:100::/56", through), subnets=["subnet-a"], local=())
    stopped = [*FIREWALL, instance("i-fw", "stopped")]
    assert verdict(network(stopped, table), "eni-a", target, "tcp/443") == expected


@pytest.mark.rule("RT-8")
@pytest.mark.parametrize(("through", "expected"), [("local", REACHABLE), ("eni-fw", CONDITIONAL)])
def test_a_running_system_behind_the_replaced_local_route_may_forward(through: str, expected: str) -> None:
    there = route_table("rtb-a", ("10.0.0.0/16", through), subnets=["subnet-a"], local=())
    back = route_table("rtb-b", ("10.0.0.0/16", through), subnets=["subnet-b"], local=())
    assert verdict(network(FIREWALL, there, back), "eni-a", B4, "tcp/443") == expected


# ---------------------------------------------------------------------- edge tables
def edge(*routes: tuple[str, str] | dict[str, Any], **how: Any) -> Row:
    """A route table on the internet gateway."""
    return route_table("rtb-edge", *routes, gateway="igw-1", **how)


PUBLIC_FIREWALL = [*FIREWALL, middlebox("eni-fw", "10.0.8.8", public="203.0.113.88")]


@pytest.mark.rule("RT-20")
@pytest.mark.parametrize(
    ("routes", "through", "expected"),
    [([], False, REACHABLE), ([("10.0.1.0/24", "eni-fw")], True, CONDITIONAL), ([("10.0.2.0/24", "eni-fw")], False, REACHABLE)],
    ids=["local only", "the target's subnet", "another subnet"],
)
def test_a_gateways_route_table_steers_what_enters(routes: list[tuple[str, str]], through: bool, expected: str) -> None:
    back = route_table("rtb-a", (V4, "eni-fw" if through else "igw-1"), subnets=["subnet-a"])
    answer = ask(network(PUBLIC_FIREWALL, edge(*routes), back), "internet", "eni-a", "tcp/443")
    assert answer.verdict == expected
    assert (("eni-fw", "SDC-5") in hops(answer)) is through


@pytest.mark.rule("RT-20")
@pytest.mark.parametrize(("target", "expected"), [("eni-fw", CONDITIONAL), ("local", REACHABLE)])
def test_it_may_steer_the_whole_vpc(target: str, expected: str) -> None:
    back = route_table("rtb-a", (V4, "igw-1" if target == "local" else "eni-fw"), subnets=["subnet-a"])
    table = edge(("10.0.0.0/16", target), local=["2001:db8:0:100::/56"])
    assert verdict(network(PUBLIC_FIREWALL, table, back), "internet", "eni-a", "tcp/443") == expected


@pytest.mark.rule("RT-20")
def test_it_steers_ipv6_as_well() -> None:
    out = route_table("rtb-a", (V6, "igw-1"), subnets=["subnet-a"])
    turned = edge(route("2001:db8:0:101::/64", "eni-fw", State="blackhole"))
    target = "2001:db8:0:101::10"
    assert verdict(network(PUBLIC_FIREWALL, out, turned), "internet", target, "udp/443") == BLOCKED
    assert verdict(network(PUBLIC_FIREWALL, out, edge()), "internet", target, "udp/443") == REACHABLE


@pytest.mark.rule("RT-21")
@pytest.mark.parametrize(("public", "expected"), [("203.0.113.88", CONDITIONAL), ("", BLOCKED)])
def test_the_interface_behind_a_gateways_route_must_have_a_public_address(public: str, expected: str) -> None:
    box = [*FIREWALL, middlebox("eni-fw", "10.0.8.8", public=public)]
    back = route_table("rtb-a", (V4, "eni-fw"), subnets=["subnet-a"])
    v4_only = eni_a(addresses=["10.0.1.10"])
    answer = ask(network(box, edge(("10.0.1.0/24", "eni-fw")), back, v4_only), "internet", "eni-a", "tcp/443")
    assert answer.verdict == expected
    assert ("INGRESS_RTB_NO_PUBLIC_IP" in codes(answer)) is (public == "")


@pytest.mark.rule("RT-22")
@pytest.mark.parametrize(("back", "expected"), [("igw-1", BLOCKED), ("eni-fw", CONDITIONAL)])
def test_a_redirected_subnet_cannot_answer_directly(back: str, expected: str) -> None:
    """The middlebox has no IPv4 address to translate to: it can only forward. One that translates gets its reply by itself."""
    table = route_table("rtb-a", (V6, back), subnets=["subnet-a"])
    box = middlebox("eni-fw", public="")
    turned = edge(("2001:db8:0:101::/64", "eni-fw"))
    answer = ask(
        network(PUBLIC_FIREWALL, box, turned, table, eni_a(addresses=["2001:db8:0:101::10"], public="")),
        "internet",
        "eni-a",
        "tcp/443",
    )
    assert answer.verdict == expected
    assert ("INGRESS_RTB_TRAFFIC_REDIRECTION" in codes(answer)) is (back == "igw-1")


@pytest.mark.rule("RT-22")
@pytest.mark.parametrize(("redirected", "expected"), [("10.0.1.0/24", BLOCKED), ("10.0.2.0/24", REACHABLE)])
def test_nor_can_it_call_directly(redirected: str, expected: str) -> None:
    world = network(PUBLIC_FIREWALL, edge((redirected, "eni-fw")))
    assert verdict(world, "eni-a", STRANGER, "tcp/443") == expected


@pytest.mark.rule("RT-22")
@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("eni-a", BLOCKED),
        ("eni-fw", REACHABLE),
    ],
)
def test_the_middlebox_itself_may_call_directly(source: str, expected: str) -> None:
    """What comes back for the middlebox is redirected to the middlebox."""
    world = network(PUBLIC_FIREWALL, edge(("10.0.0.0/16", "eni-fw"), local=[]))
    assert verdict(world, source, STRANGER, "tcp/443") == expected


@pytest.mark.rule("RT-23")
@pytest.mark.parametrize(("source", "expected"), [("eni-p", REACHABLE), ("internet", BLOCKED)])
def test_a_gateways_route_table_does_not_see_peers(source: str, expected: str) -> None:
    turned = edge(route("10.0.1.0/24", "eni-fw", State="blackhole"))
    assert verdict(network(peered(), turned, eni_a(addresses=["10.0.1.10"])), source, "eni-a", "tcp/443") == expected


# ---------------------------------------------------------------------- delivery
@pytest.mark.rule("RT-26")
@pytest.mark.parametrize(
    ("routes", "expected"), [([("10.2.0.0/16", "pcx-1")], REACHABLE), ([], BLOCKED)], ids=["a way back", "no way back"]
)
def test_the_targets_own_table_matters_for_the_reply_only(routes: list[tuple[str, str]], expected: str) -> None:
    world = network(peered(), route_table("rtb-a", *routes, subnets=["subnet-a"]))
    answer = ask(world, "eni-p", "10.0.1.10", "tcp/443")
    assert (answer.verdict, answer.forward, answer.reply) == (expected, REACHABLE, expected)
    assert verdict(world, "eni-p", "10.0.1.10", "udp/53") == REACHABLE


@pytest.mark.rule("RT-26")
@pytest.mark.parametrize(
    ("target", "expected"),
    [("10.0.1.10", REACHABLE), ("10.0.1.11", BLOCKED), ("10.0.7.7", BLOCKED)],
    ids=["own", "free", "no subnet"],
)
def test_an_address_that_no_interface_holds_is_blocked(target: str, expected: str) -> None:
    answer = ask(network(), "eni-b", target, "tcp/443")
    assert answer.verdict == expected
    assert codes(answer) == (set() if expected == REACHABLE else {"NO_POSSIBLE_DESTINATION"})


@pytest.mark.rule("RT-15")
@pytest.mark.parametrize(("range_", "expected"), [("fd00:ec1", REACHABLE), ("fd00:ec2", BLOCKED)])
def test_addresses_that_aws_keeps_are_never_routed(range_: str, expected: str) -> None:
    """The peer has private IPv6 space; a route covers it, and `fd00:ec2::/32` all the same."""
    rows = peered()
    rows[0] = vpc("vpc-2", "10.2.0.0/16", f"{range_}::/56")
    rows[1] = subnet("subnet-p", "10.2.1.0/24", f"{range_}::/64", vpc="vpc-2")
    rows[2] = interface("eni-p", "10.2.1.10", f"{range_}::99", subnet="subnet-p", vpc="vpc-2", groups=["sg-p"])
    world = network(rows, main_table(("fd00::/8", "pcx-1"), ("10.2.0.0/16", "pcx-1")))
    assert verdict(world, "eni-a", f"{range_}::99", "tcp/443") == expected
    assert verdict(world, "eni-a", "10.2.1.10", "tcp/443") == REACHABLE


@pytest.mark.rule("RT-15")
@pytest.mark.parametrize(("target", "expected"), [("169.254.169.254", REACHABLE), ("169.254.168.1", BLOCKED)])
def test_a_wider_route_does_not_lead_instance_metadata_away(target: str, expected: str) -> None:
    table = main_table(route("169.254.0.0/16", "eni-fw", State="blackhole"))
    answer = ask(network(FIREWALL, table), "eni-a", target, "tcp/80")
    assert answer.verdict == expected
    assert "rtb-main" not in {one.resource for one in answer.pairs[0].path}
