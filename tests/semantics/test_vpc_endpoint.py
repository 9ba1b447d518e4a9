"""VPC endpoints: gateway endpoints as route targets, interface endpoints as interfaces."""

from __future__ import annotations

import json
from typing import Any

import pytest

from .build import (
    ALLOW,
    BLOCKED,
    CONDITIONAL,
    DENY,
    RANGES,
    REACHABLE,
    S3,
    S3_4,
    UNKNOWN,
    V4,
    Entry,
    Row,
    acl,
    ask,
    behind_nat,
    blockers,
    codes,
    eni_a,
    gateway_endpoint,
    group,
    hops,
    interface,
    interface_endpoint,
    main_table,
    network,
    peered,
    prefix_list,
    route_table,
    rule,
    verdict,
)

ELSEWHERE = "54.231.1.1"


def s3(*routes: tuple[str, str], **fields: Any) -> list[Row]:
    """A private `eni-a` and a gateway endpoint, with its route and further ones in the main table."""
    table = main_table(("pl-s3", "vpce-s3"), *routes)
    return [*prefix_list("pl-s3", S3), gateway_endpoint(**fields), table, eni_a(public="")]


def kms(*, groups: tuple[str, ...] = ("sg-e",), **fields: Any) -> list[Row]:
    """An interface endpoint with an interface in `subnet-b` and a group that admits tcp/443 from the VPC."""
    return [
        interface_endpoint("vpce-1", "eni-e", **fields),
        interface("eni-e", "10.0.2.30", "2001:db8:0:102::30", subnet="subnet-b", type="vpc_endpoint", groups=groups),
        group("sg-e", [rule("tcp/443", RANGES["vpc-1"][0]), rule("icmp/8", V4)]),
    ]


# ---------------------------------------------------------------------- gateway endpoints
@pytest.mark.rule("EP-1")
@pytest.mark.parametrize(("routes", "expected"), [([("pl-s3", "vpce-s3")], REACHABLE), ([], BLOCKED)])
def test_a_gateway_endpoint_serves_subnets_whose_table_names_it(routes: list[tuple[str, str]], expected: str) -> None:
    world = network(s3(), route_table("rtb-a", *routes, subnets=["subnet-a"]))
    assert verdict(world, "eni-a", "vpce-s3", "tcp/443") == expected
    assert verdict(world, "eni-a", S3_4, "tcp/443") == expected


@pytest.mark.rule("EP-1")
@pytest.mark.parametrize(("target", "way"), [(S3_4, "vpce-s3"), (ELSEWHERE, "nat-1")], ids=["its Region", "another Region"])
def test_its_prefixes_beat_the_default_route_and_the_rest_goes_by_nat(target: str, way: str) -> None:
    rows = [*s3(), *behind_nat(), route_table("rtb-private", ("pl-s3", "vpce-s3"), (V4, "nat-1"), subnets=["subnet-a"])]
    answer = ask(network(rows), "eni-a", target, "tcp/443")
    assert answer.verdict == (REACHABLE if way == "vpce-s3" else BLOCKED)
    assert way in {resource for resource, _ in hops(answer)}


@pytest.mark.rule("EP-1")
@pytest.mark.parametrize(("target", "expected"), [(S3_4, REACHABLE), ("52.219.1.1", BLOCKED)])
def test_it_serves_the_addresses_of_its_list_only(target: str, expected: str) -> None:
    assert verdict(network(s3()), "eni-a", target, "tcp/443") == expected


@pytest.mark.rule("EP-2")
@pytest.mark.parametrize(
    ("service", "expected"),
    [("tcp/443", REACHABLE), ("icmp/8", REACHABLE), ("udp/443", BLOCKED), ("icmp/13", BLOCKED), ("gre", BLOCKED)],
)
def test_it_carries_tcp_and_icmp_echo_only(service: str, expected: str) -> None:
    assert verdict(network(s3()), "eni-a", "vpce-s3", service) == expected


@pytest.mark.parametrize(
    ("fields", "service", "code"),
    [({}, "udp/443", "VPCE_GATEWAY_PROTOCOL_RESTRICTION"), ({"State": "deleting"}, "tcp/443", "BAD_STATE")],
)
def test_what_the_endpoint_refuses_is_told(fields: dict[str, str], service: str, code: str) -> None:
    assert codes(ask(network(s3(**fields)), "eni-a", "vpce-s3", service)) == {code}


@pytest.mark.rule("EP-2")
@pytest.mark.parametrize(
    ("far", "expected"), [(V4, REACHABLE), (S3, REACHABLE), ("pl-s3", REACHABLE), (RANGES["vpc-1"][0], BLOCKED)]
)
def test_the_clients_group_must_admit_the_services_public_addresses(far: str, expected: str) -> None:
    sender = [eni_a(public="", groups=["sg-a"]), group("sg-a", [], [rule("tcp/443", far)])]
    assert verdict(network(s3(), sender), "eni-a", "vpce-s3", "tcp/443") == expected


@pytest.mark.rule("EP-2")
@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ({"outbound": [(1, ALLOW, "tcp/443", S3)]}, REACHABLE),
        ({"outbound": [(1, ALLOW, "tcp/443", "10.0.0.0/16")]}, BLOCKED),
        ({"inbound": [(1, ALLOW, "tcp/1024-65535", S3)]}, REACHABLE),
        ({"inbound": [(1, ALLOW, "tcp/1024-65535", "10.0.0.0/16")]}, BLOCKED),
    ],
    ids=["out to the service", "out to the VPC", "back in from the service", "back in from the VPC"],
)
def test_so_must_the_acl_both_ways(entries: dict[str, Any], expected: str) -> None:
    assert verdict(network(s3(), acl("acl-a", "subnet-a", **entries)), "eni-a", "vpce-s3", "tcp/443") == expected


@pytest.mark.rule("EP-3")
@pytest.mark.parametrize(("source", "expected"), [("eni-a", REACHABLE), ("eni-p", BLOCKED)])
def test_it_serves_its_own_vpc_only(source: str, expected: str) -> None:
    """Not even a table of the other VPC that names it makes it serve that VPC."""
    world = network(
        s3(), peered(), s3(("10.2.0.0/16", "pcx-1")), route_table("rtb-p", ("pl-s3", "vpce-s3"), main=True, vpc="vpc-2")
    )
    answer = ask(world, source, "vpce-s3", "tcp/443")
    assert (answer.verdict, answer.forward) == (expected, expected)


@pytest.mark.rule("EP-4")
@pytest.mark.parametrize(
    ("routes", "way"),
    [([("pl-s3", "vpce-s3"), (V4, "igw-1")], "vpce-s3"), ([(V4, "igw-1")], "igw-1")],
    ids=["named", "not named"],
)
def test_a_table_without_its_route_takes_the_public_way(routes: list[tuple[str, str]], way: str) -> None:
    rows = [*s3(), eni_a(), route_table("rtb-a", *routes, subnets=["subnet-a"])]
    answer = ask(network(rows), "eni-a", S3_4, "tcp/443")
    assert answer.verdict == REACHABLE
    assert way in {resource for resource, _ in hops(answer)}
    assert verdict(network(rows), "eni-a", "vpce-s3", "tcp/443") == (REACHABLE if way == "vpce-s3" else BLOCKED)


# ---------------------------------------------------------------------- interface endpoints
@pytest.mark.rule("EP-5")
@pytest.mark.parametrize(
    ("source", "service", "expected"),
    [("eni-a", "tcp/443", REACHABLE), ("eni-a", "tcp/80", BLOCKED), ("eni-p", "tcp/443", BLOCKED)],
    ids=["its group admits it", "another port", "another source"],
)
def test_an_interface_endpoint_is_reached_like_any_interface(source: str, service: str, expected: str) -> None:
    assert verdict(network(kms(), peered()), source, "vpce-1", service) == expected


@pytest.mark.rule("EP-5")
@pytest.mark.parametrize(("service", "expected"), [("icmp/8", BLOCKED), ("tcp/443", REACHABLE)])
def test_it_answers_no_ping_though_its_group_admits_it(service: str, expected: str) -> None:
    answer = ask(network(kms()), "eni-a", "vpce-1", service)
    assert answer.verdict == expected
    assert blockers(answer) == (set() if expected == REACHABLE else {("vpce-1", "EP-5")})


@pytest.mark.rule("EP-5")
@pytest.mark.parametrize(("entries", "expected"), [(None, REACHABLE), ([(1, DENY, "all", V4)], BLOCKED)])
def test_routes_and_acls_apply(entries: list[Entry] | None, expected: str) -> None:
    assert verdict(network(kms(), acl("acl-b", "subnet-b", inbound=entries)), "eni-a", "10.0.2.30", "tcp/443") == expected


@pytest.mark.rule("EP-6")
@pytest.mark.parametrize(
    ("source", "target", "expected"), [("eni-a", "vpce-1", REACHABLE), ("vpce-1", "eni-a", BLOCKED)], ids=["to it", "from it"]
)
def test_the_service_starts_nothing_through_it(source: str, target: str, expected: str) -> None:
    answer = ask(network(kms()), source, target, "tcp/443")
    assert answer.verdict == expected
    assert {id for _, id in blockers(answer)} == (set() if expected == REACHABLE else {"EP-6"})


@pytest.mark.rule("EP-7")
@pytest.mark.parametrize(("routes", "expected"), [([(V4, "nat-1")], REACHABLE), ([], BLOCKED)])
@pytest.mark.parametrize("private", [True, False])
def test_private_dns_leaves_the_public_way_open(routes: list[tuple[str, str]], expected: str, private: bool) -> None:
    rows = [*behind_nat(), *kms(PrivateDnsEnabled=private), route_table("rtb-private", *routes, subnets=["subnet-a"])]
    assert verdict(network(rows), "eni-a", "internet", "tcp/443") == expected


@pytest.mark.rule("EP-8")
@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("available", REACHABLE),
        ("pendingAcceptance", BLOCKED),
        ("Rejected", BLOCKED),
        ("deleting", BLOCKED),
        ("Partial", UNKNOWN),
    ],
)
@pytest.mark.parametrize("kind", ["gateway", "interface"])
def test_only_an_available_endpoint_carries_anything(state: str, expected: str, kind: str) -> None:
    rows, target = (s3(State=state), "vpce-s3") if kind == "gateway" else (kms(State=state), "vpce-1")
    answer = ask(network(rows), "eni-a", target, "tcp/443")
    assert answer.verdict == expected
    if kind == "interface":
        assert blockers(answer) == ({(target, "EP-8")} if expected == BLOCKED else set())


FULL = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}


@pytest.mark.rule("EP-8")
@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        (None, REACHABLE),
        ([FULL], REACHABLE),
        ([{**FULL, "Principal": {"AWS": "*"}}], REACHABLE),
        ([{**FULL, "Action": "s3:GetObject"}], CONDITIONAL),
        ([{**FULL, "Resource": "arn:aws:s3:::bucket/*"}], CONDITIONAL),
        ([{**FULL, "Principal": {"AWS": "arn:aws:iam::1:root"}}], CONDITIONAL),
        ([{**FULL, "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}}], CONDITIONAL),
        ([FULL, {**FULL, "Effect": "Deny", "Action": "s3:PutObject"}], CONDITIONAL),
        ([], CONDITIONAL),
    ],
    ids=["none", "full", "full, spelt out", "actions", "resources", "principals", "conditions", "a denial", "empty"],
)
@pytest.mark.parametrize("kind", ["gateway", "interface"])
def test_a_policy_that_is_not_full_is_a_condition(statements: list[Any] | None, expected: str, kind: str) -> None:
    policy: dict[str, Any] = (
        {} if statements is None else {"PolicyDocument": json.dumps({"Version": "2008-10-17", "Statement": statements})}
    )
    rows, target = (s3(**policy), "vpce-s3") if kind == "gateway" else (kms(**policy), "vpce-1")
    answer = ask(network(rows), "eni-a", target, "tcp/443")
    assert answer.verdict == expected
    assert bool(answer.conditions) == (expected == CONDITIONAL)


# ---------------------------------------------------------------------- other types
@pytest.mark.rule("LIM-12")
@pytest.mark.parametrize(
    ("type_", "expected"),
    [("GatewayLoadBalancer", UNKNOWN), ("ServiceNetwork", UNKNOWN), ("BrandNew", UNKNOWN), ("Gateway", REACHABLE)],
)
def test_a_route_to_an_endpoint_of_another_type_is_unknown(type_: str, expected: str) -> None:
    endpoint = interface_endpoint("vpce-x", type=type_)
    world = network(endpoint, main_table((V4, "vpce-x")))
    assert verdict(world, "eni-a", "vpce-x" if type_ == "Gateway" else "198.51.100.7", "tcp/443") == expected
