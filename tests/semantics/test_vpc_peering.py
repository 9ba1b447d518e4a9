"""VPC peering connections: two VPCs, nothing beyond them."""

from __future__ import annotations

import pytest

from .build import (
    A4,
    ALLOW,
    BLOCKED,
    DENY,
    OTHER_ACCOUNT,
    P4,
    P6,
    RANGES,
    REACHABLE,
    UNKNOWN,
    V4,
    Row,
    acl,
    ask,
    blockers,
    codes,
    eni_a,
    gateway_endpoint,
    group,
    interface,
    interface_endpoint,
    main_table,
    network,
    peered,
    peering,
    prefix_list,
    rds,
    rds_interface,
    route_table,
    rule,
    second_vpc,
    subnet,
    verdict,
    vpc,
)

TO_P = [(one, "pcx-1") for one in RANGES["vpc-2"]]
TO_A = [(one, "pcx-1") for one in RANGES["vpc-1"]]


@pytest.mark.rule("PCX-1")
@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("active", REACHABLE),
        ("pending-acceptance", BLOCKED),
        ("provisioning", BLOCKED),
        ("deleted", BLOCKED),
        ("expired", BLOCKED),
    ],
)
def test_traffic_passes_only_while_it_is_active(status: str, expected: str) -> None:
    answer = ask(network(peered(status=status)), "eni-a", P4, "tcp/443")
    assert answer.verdict == expected
    assert codes(answer) == (set() if expected == REACHABLE else {"BAD_STATE"})


@pytest.mark.rule("PCX-2")
@pytest.mark.parametrize(
    ("there", "back", "expected", "forward"),
    [
        (TO_P, TO_A, REACHABLE, REACHABLE),
        ([], TO_A, BLOCKED, BLOCKED),
        (TO_P, [], BLOCKED, REACHABLE),
        (TO_P, [("10.0.2.0/24", "pcx-1")], BLOCKED, REACHABLE),
        (TO_P, [("10.0.1.0/24", "pcx-1")], REACHABLE, REACHABLE),
    ],
    ids=["both", "no route there", "no route back", "a route back to another subnet", "a narrow route back"],
)
def test_each_side_needs_a_route(there: list[tuple[str, str]], back: list[tuple[str, str]], expected: str, forward: str) -> None:
    rows = [*peered(), main_table(*there), route_table("rtb-p", *back, main=True, vpc="vpc-2")]
    answer = ask(network(rows), "eni-a", P4, "tcp/443")
    assert (answer.verdict, answer.forward) == (expected, forward)
    if expected == BLOCKED:
        assert blockers(answer) == {("rtb-main" if forward == BLOCKED else "rtb-p", "RT-5")}


@pytest.mark.rule("PCX-2")
@pytest.mark.parametrize(("back", "expected"), [(TO_A, REACHABLE), ([], REACHABLE)])
def test_for_udp_the_request_decides(back: list[tuple[str, str]], expected: str) -> None:
    answer = ask(network(peered(), route_table("rtb-p", *back, main=True, vpc="vpc-2")), "eni-a", P4, "udp/53")
    assert answer.verdict == expected
    assert answer.reply == (REACHABLE if back else BLOCKED)


def chain() -> list[Row]:
    """`vpc-1` is peered with `vpc-2`, that with `vpc-3`, and everybody routes to everybody."""
    return [
        *peered(),
        *second_vpc("vpc-3", "q"),
        peering("pcx-2", "vpc-2", "vpc-3"),
        main_table(*TO_P, ("10.3.0.0/16", "pcx-1")),
        route_table("rtb-p", *TO_A, ("10.3.0.0/16", "pcx-2"), main=True, vpc="vpc-2"),
        route_table("rtb-q", ("10.2.0.0/16", "pcx-2"), ("10.0.0.0/16", "pcx-2"), main=True, vpc="vpc-3"),
    ]


@pytest.mark.rule("PCX-3")
@pytest.mark.parametrize(("source", "expected"), [("eni-a", BLOCKED), ("eni-p", REACHABLE)], ids=["through a VPC", "its peer"])
def test_peering_is_not_transitive(source: str, expected: str) -> None:
    answer = ask(network(chain()), source, "10.3.1.10", "tcp/443")
    assert answer.verdict == expected
    assert codes(answer) == (set() if expected == REACHABLE else {"PCX_REQUIRES_ADDRESS_IN_VPC_CIDR"})


@pytest.mark.rule("PCX-3")
@pytest.mark.parametrize(("source", "expected"), [("eni-a", REACHABLE), ("eni-p", BLOCKED)], ids=["in its VPC", "from the peer"])
def test_the_peers_internet_gateway_is_out_of_reach(source: str, expected: str) -> None:
    world = network(
        peered(), main_table(*TO_P, (V4, "igw-1")), route_table("rtb-p", *TO_A, (V4, "pcx-1"), main=True, vpc="vpc-2")
    )
    assert verdict(world, source, "198.51.100.7", "tcp/443") == expected


@pytest.mark.rule("PCX-3")
@pytest.mark.parametrize(("source", "expected"), [("eni-a", REACHABLE), ("eni-p", BLOCKED)], ids=["in its VPC", "from the peer"])
def test_so_is_its_gateway_endpoint(source: str, expected: str) -> None:
    rows = [
        *peered(),
        *prefix_list("pl-s3", "52.218.0.0/17"),
        gateway_endpoint(),
        main_table(*TO_P, ("pl-s3", "vpce-s3")),
        route_table("rtb-p", *TO_A, ("pl-s3", "pcx-1"), main=True, vpc="vpc-2"),
    ]
    assert verdict(network(rows), source, "vpce-s3", "tcp/443") == expected


@pytest.mark.rule("PCX-4")
@pytest.mark.parametrize(("far", "expected"), [("10.2.0.0/16", REACHABLE), ("10.9.0.0/16", BLOCKED)])
@pytest.mark.parametrize("target", ["vpce-1", "orders", "eni-plain"])
def test_what_has_an_interface_in_the_peer_is_an_ordinary_target(far: str, expected: str, target: str) -> None:
    rows = [
        *peered(),
        group("sg-t", [rule("tcp/443", far)]),
        interface_endpoint("vpce-1", "eni-e"),
        interface("eni-e", "10.0.2.30", subnet="subnet-b", type="vpc_endpoint", groups=["sg-t"]),
        rds(groups=["sg-t"]),
        rds_interface("eni-rds", "10.0.2.40", groups=["sg-t"]),
        interface("eni-plain", "10.0.2.50", subnet="subnet-b", groups=["sg-t"]),
    ]
    assert verdict(network(rows), "eni-p", target, "tcp/443") == expected


@pytest.mark.rule("PCX-5")
@pytest.mark.parametrize(("back", "expected"), [("pcx-1", REACHABLE), ("pcx-2", BLOCKED)])
def test_of_two_peers_that_overlap_replies_go_where_the_route_says(back: str, expected: str) -> None:
    """`vpc-2` and `vpc-3` hold the same range; `vpc-1` has one route for it."""
    other = [
        vpc("vpc-3", "10.2.0.0/16"),
        subnet("subnet-q", "10.2.1.0/24", vpc="vpc-3"),
        interface("eni-q", P4, subnet="subnet-q", vpc="vpc-3", groups=["sg-q"]),
        group("sg-q", [rule("all", V4)], vpc="vpc-3"),
        acl("acl-q", default=True, vpc="vpc-3"),
        route_table("rtb-q", ("10.0.0.0/16", "pcx-2"), main=True, vpc="vpc-3", local=["10.2.0.0/16"]),
    ]
    connection = peering("pcx-2", "vpc-1", "vpc-3")
    connection.fields["AccepterVpcInfo"] = {"VpcId": "vpc-3", "OwnerId": "111111111111", "CidrBlock": "10.2.0.0/16"}
    world = network(peered(), other, connection, main_table(("10.2.0.0/16", back)))
    answer = ask(world, "eni-p", A4, "tcp/443")
    assert (answer.verdict, answer.forward) == (expected, REACHABLE)
    assert verdict(world, "eni-q", A4, "tcp/443") == (BLOCKED if expected == REACHABLE else REACHABLE)


@pytest.mark.rule("PCX-7")
@pytest.mark.parametrize(("target", "expected"), [(P4, REACHABLE), (P6, BLOCKED)])
def test_ipv6_needs_routes_of_its_own(target: str, expected: str) -> None:
    world = network(peered(), main_table(("10.2.0.0/16", "pcx-1")))
    assert verdict(world, "eni-a", target, "tcp/443") == expected
    assert verdict(network(peered()), "eni-a", target, "tcp/443") == REACHABLE


@pytest.mark.rule("PCX-7")
@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([], REACHABLE),
        ([acl("acl-a", "subnet-a", outbound=[(1, DENY, "all", V4)])], BLOCKED),
        ([acl("acl-a", "subnet-a", inbound=[(1, DENY, "all", V4)])], BLOCKED),
        ([acl("acl-p", default=True, vpc="vpc-2", inbound=[(1, DENY, "all", V4)])], BLOCKED),
        ([acl("acl-p", default=True, vpc="vpc-2", outbound=[(1, ALLOW, "tcp/443", V4)])], BLOCKED),
    ],
    ids=["open", "out", "back in", "in", "back out"],
)
def test_the_acls_of_both_subnets_apply(rows: list[Row], expected: str) -> None:
    assert verdict(network(peered(), *rows), "eni-a", P4, "tcp/443") == expected


@pytest.mark.rule("RT-23")
@pytest.mark.parametrize(("source", "expected"), [("eni-p", REACHABLE), ("internet", BLOCKED)])
def test_what_comes_in_by_peering_meets_no_gateway_route_table(source: str, expected: str) -> None:
    edge = route_table("rtb-edge", ("10.0.1.0/24", "eni-gone"), gateway="igw-1")
    edge.fields["Routes"][-1]["State"] = "blackhole"
    world = network(peered(), edge, main_table(*TO_P, (V4, "igw-1")), eni_a(addresses=[A4]))
    assert verdict(world, source, "eni-a", "udp/443") == expected


# ---------------------------------------------------------------------- what the snapshot does not hold
def abroad() -> list[Row]:
    """A peering connection with a VPC of another account, which was not collected."""
    connection = peering()
    connection.fields["AccepterVpcInfo"]["OwnerId"] = OTHER_ACCOUNT
    return [connection, main_table(*TO_P, (V4, "igw-1"))]


@pytest.mark.rule("M-4")
@pytest.mark.parametrize(("target", "expected"), [(P4, UNKNOWN), ("10.9.9.9", BLOCKED)], ids=["its range", "beyond its range"])
def test_a_peer_that_was_not_collected_is_unknown(target: str, expected: str) -> None:
    world = network(abroad(), main_table(*TO_P, ("10.9.0.0/16", "pcx-1")))
    assert verdict(world, "eni-a", target, "tcp/443") == expected


@pytest.mark.rule("LIM-7")
@pytest.mark.parametrize(("service", "expected"), [("tcp/443", UNKNOWN), ("tcp/444", BLOCKED)])
def test_what_comes_from_such_a_peer_is_unknown_where_a_rule_may_admit_it(service: str, expected: str) -> None:
    world = network(abroad(), eni_a(groups=["sg-a"], public=""), group("sg-a", [rule("tcp/443", "10.2.0.0/16")]))
    assert verdict(world, P4, "eni-a", service) == expected
