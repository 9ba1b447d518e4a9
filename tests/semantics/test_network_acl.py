"""Network ACLs: numbered lines, without a memory, at the border of a subnet."""

from __future__ import annotations

import pytest

from .build import (
    A4,
    A6,
    ALLOW,
    B4,
    B6,
    B_PUBLIC,
    BLOCKED,
    CONDITIONAL,
    DENY,
    FIREWALL,
    NAT_4,
    REACHABLE,
    V4,
    V6,
    Entry,
    acl,
    ask,
    behind_nat,
    blockers,
    codes,
    instance,
    interface,
    interface_endpoint,
    network,
    rds,
    rds_interface,
    verdict,
)

EPHEMERAL: Entry = (100, ALLOW, "tcp/1024-65535", V4)


# ---------------------------------------------------------------------- which ACL
@pytest.mark.rule("NACL-1")
@pytest.mark.parametrize(
    ("subnets", "expected"),
    [((), REACHABLE), (("subnet-b",), BLOCKED)],
    ids=["associated with nothing: the default one counts", "associated"],
)
def test_the_associated_acl_counts_else_the_default_one(subnets: tuple[str, ...], expected: str) -> None:
    world = network(acl("acl-shut", *subnets, inbound=[], outbound=[]))
    assert verdict(world, "eni-a", "eni-b", "tcp/443") == expected


@pytest.mark.rule("NACL-12")
def test_the_default_acl_is_open_and_a_custom_one_without_entries_shut() -> None:
    assert verdict(network(), "eni-a", "eni-b", "tcp/443") == REACHABLE
    shut = network(acl("acl-b", "subnet-b", inbound=[], outbound=[]))
    assert verdict(shut, "eni-a", "eni-b", "tcp/443") == BLOCKED


@pytest.mark.rule("NACL-12")
def test_an_edited_default_acl_gets_no_entry_for_ipv6() -> None:
    world = network(acl("acl-open", default=True, inbound=[(90, DENY, "tcp/23", V4), (100, ALLOW, "all", V4)]))
    assert verdict(world, "eni-a", B4, "tcp/443") == REACHABLE
    assert verdict(world, "eni-a", B6, "tcp/443") == BLOCKED


# ---------------------------------------------------------------------- order
@pytest.mark.rule("NACL-2")
@pytest.mark.parametrize(
    ("entries", "expected"),
    [  # number  action  service    from           tcp/22 from 10.0.1.10 is ...
        ([(100, ALLOW, "tcp/22", "10.0.0.0/16"), (200, DENY, "all", "10.0.1.0/24")], REACHABLE),
        ([(100, DENY, "all", "10.0.1.0/24"), (200, ALLOW, "tcp/22", "10.0.0.0/16")], BLOCKED),
        ([(200, ALLOW, "tcp/22", "10.0.0.0/16"), (100, DENY, "all", "10.0.1.0/24")], BLOCKED),
        ([(90, DENY, "tcp/22", V4), (100, ALLOW, "all", V4)], BLOCKED),
        ([(90, DENY, "tcp/23", V4), (100, ALLOW, "all", V4)], REACHABLE),
        ([(90, DENY, "all", "10.0.2.0/24"), (100, ALLOW, "all", V4)], REACHABLE),
    ],
    ids=["allow first", "deny first", "listed out of order", "narrow deny first", "deny of another port", "deny of others"],
)
def test_the_lowest_number_that_matches_decides(entries: list[Entry], expected: str) -> None:
    answer = ask(network(acl("acl-b", "subnet-b", inbound=entries)), "eni-a", "eni-b", "tcp/22")
    assert answer.verdict == expected
    assert (("acl-b", "NACL-2") in blockers(answer)) == (expected == BLOCKED)
    assert codes(answer) <= {"SUBNET_ACL_RESTRICTION"}


@pytest.mark.rule("NACL-3")
@pytest.mark.parametrize(
    ("inbound", "expected"),
    [
        ([(100, ALLOW, "tcp/22", V4)], BLOCKED),
        ([(100, ALLOW, "tcp/22", V4), (32767, DENY, "all", V4)], BLOCKED),
        ([(100, ALLOW, "tcp/443", V4), (32767, DENY, "all", V4)], REACHABLE),
    ],
    ids=["nothing matches", "the star entry is listed", "an entry matches before it"],
)
def test_what_no_entry_matches_is_denied(inbound: list[Entry], expected: str) -> None:
    assert verdict(network(acl("acl-b", "subnet-b", inbound=inbound)), "eni-a", B4, "tcp/443") == expected


@pytest.mark.rule("NACL-3")
def test_ipv6_is_denied_though_no_star_entry_of_ipv6_is_listed() -> None:
    star: Entry = (32767, DENY, "all", V4)
    without = acl("acl-b", "subnet-b", inbound=[(100, ALLOW, "all", V4), star])
    answer = ask(network(without), "eni-a", B6, "tcp/443")
    assert answer.verdict == BLOCKED
    assert blockers(answer) == {("acl-b", "NACL-3")}
    assert codes(answer) == {"SUBNET_ACL_RESTRICTION"}
    with_entry = acl("acl-b", "subnet-b", inbound=[(100, ALLOW, "all", V4), (101, ALLOW, "all", V6), star])
    assert verdict(network(with_entry), "eni-a", B6, "tcp/443") == REACHABLE


# ---------------------------------------------------------------------- no memory
@pytest.mark.rule("NACL-4")
@pytest.mark.parametrize(
    ("a_in", "a_out", "b_in", "b_out", "blocker", "direction"),
    [
        ([EPHEMERAL], [(1, ALLOW, "tcp/443", V4)], [(1, ALLOW, "tcp/443", V4)], [EPHEMERAL], "", ""),
        ([EPHEMERAL], [], [(1, ALLOW, "tcp/443", V4)], [EPHEMERAL], "acl-a", "request"),
        ([EPHEMERAL], [(1, ALLOW, "tcp/443", V4)], [], [EPHEMERAL], "acl-b", "request"),
        ([EPHEMERAL], [(1, ALLOW, "tcp/443", V4)], [(1, ALLOW, "tcp/443", V4)], [], "acl-b", "reply"),
        ([], [(1, ALLOW, "tcp/443", V4)], [(1, ALLOW, "tcp/443", V4)], [EPHEMERAL], "acl-a", "reply"),
        ([EPHEMERAL], [(1, ALLOW, "tcp/443", V4)], [(1, ALLOW, "tcp/443", V4)], [(1, ALLOW, "tcp/443", V4)], "acl-b", "reply"),
    ],
    ids=[
        "all four pass",
        "out of the sender's subnet",
        "into the receiver's subnet",
        "reply out of the receiver's subnet",
        "reply into the sender's subnet",
        "the reply goes to the client's port, not to 443",
    ],
)
def test_a_flow_between_subnets_meets_four_checks(
    a_in: list[Entry], a_out: list[Entry], b_in: list[Entry], b_out: list[Entry], blocker: str, direction: str
) -> None:
    world = network(
        acl("acl-a", "subnet-a", inbound=a_in, outbound=a_out), acl("acl-b", "subnet-b", inbound=b_in, outbound=b_out)
    )
    answer = ask(world, "eni-a", B4, "tcp/443")
    assert answer.verdict == (BLOCKED if blocker else REACHABLE)
    assert {(one.resource, one.direction) for one in answer.blockers} == ({(blocker, direction)} if blocker else set())
    assert answer.forward == (BLOCKED if direction == "request" else REACHABLE)
    assert answer.reply == {"": REACHABLE, "request": None, "reply": BLOCKED}[direction]


@pytest.mark.rule("NACL-4")
def test_every_acl_that_stops_a_flow_is_named() -> None:
    world = network(acl("acl-a", "subnet-a", outbound=[]), acl("acl-b", "subnet-b", inbound=[], outbound=[]))
    answer = ask(world, "eni-a", B4, "tcp/443")
    assert answer.verdict == BLOCKED
    assert {(one.resource, one.direction) for one in answer.blockers} == {
        ("acl-a", "request"),
        ("acl-b", "request"),
        ("acl-b", "reply"),
    }


@pytest.mark.rule("NACL-4")
@pytest.mark.parametrize(("source", "target"), [(A4, B4), (A6, B6)], ids=["IPv4", "IPv6"])
def test_both_families_need_the_way_back(source: str, target: str) -> None:
    world = network(acl("acl-b", "subnet-b", outbound=[(1, ALLOW, "tcp/443", V4), (2, ALLOW, "tcp/443", V6)]))
    answer = ask(world, source, target, "tcp/443")
    assert (answer.verdict, answer.forward, answer.reply) == (BLOCKED, REACHABLE, BLOCKED)


# ---------------------------------------------------------------------- the client's port
@pytest.mark.rule("NACL-7")
@pytest.mark.parametrize(
    ("platform", "ports", "expected"),
    [
        ("Linux/UNIX", "tcp/32768-60999", REACHABLE),
        ("Linux/UNIX", "tcp/49152-65535", CONDITIONAL),
        # The range is a setting of the client: ports outside of it may be called from (docs/decisions/0004).
        ("Linux/UNIX", "tcp/61000-65535", CONDITIONAL),
        ("Windows", "tcp/49152-65535", REACHABLE),
        ("Windows", "tcp/32768-60999", CONDITIONAL),
        ("Windows", "tcp/1024-49151", CONDITIONAL),
        ("", "tcp/1024-65535", REACHABLE),
        ("", "tcp/32768-60999", CONDITIONAL),
        ("", "tcp/0-1023", BLOCKED),
    ],
)
def test_the_reply_must_reach_every_port_that_the_client_may_use(platform: str, ports: str, expected: str) -> None:
    client = instance("i-a", PlatformDetails=platform) if platform else instance("i-a")
    world = network(client, acl("acl-b", "subnet-b", outbound=[(100, ALLOW, ports, V4)]))
    answer = ask(world, "eni-a", B4, "tcp/443")
    assert (answer.verdict, answer.forward, answer.reply) == (expected, REACHABLE, expected)


@pytest.mark.rule("NACL-7")
@pytest.mark.parametrize(("low", "expected"), [(1024, REACHABLE), (32768, CONDITIONAL)])
def test_behind_a_nat_gateway_the_gateways_ports_count(low: int, expected: str) -> None:
    linux = instance("i-a", PlatformDetails="Linux/UNIX")
    acl_nat = acl("acl-nat", "subnet-nat", inbound=[(100, ALLOW, "tcp/443", V4), (110, ALLOW, f"tcp/{low}-65535", V4)])
    assert verdict(network(behind_nat(), linux, acl_nat), "eni-a", "internet", "tcp/443") == expected


# ---------------------------------------------------------------------- what an entry matches
@pytest.mark.rule("NACL-6")
@pytest.mark.parametrize(
    ("block", "target", "expected"),
    [(V4, B4, REACHABLE), (V4, B6, BLOCKED), (V6, B6, REACHABLE), (V6, B4, BLOCKED)],
)
def test_entries_of_one_family_never_match_the_other(block: str, target: str, expected: str) -> None:
    world = network(acl("acl-b", "subnet-b", inbound=[(100, ALLOW, "all", block)]))
    assert verdict(world, "eni-a", target, "tcp/443") == expected


def _raw(protocol: str, **fields: object) -> dict[str, object]:
    return {"RuleNumber": 100, "RuleAction": ALLOW, "Egress": False, "Protocol": protocol, **fields}


@pytest.mark.rule("NACL-8")
@pytest.mark.parametrize(
    ("entry", "target", "service", "expected"),
    [
        (_raw("-1", CidrBlock=V4, PortRange={"From": 22, "To": 22}), B4, "tcp/443", REACHABLE),
        (_raw("6", CidrBlock=V4, PortRange={"From": 22, "To": 22}), B4, "tcp/443", BLOCKED),
        (_raw("6", CidrBlock=V4, PortRange={"From": 22, "To": 22}), B4, "tcp/22", REACHABLE),
        (_raw("6", CidrBlock=V4), B4, "tcp/443", REACHABLE),
        (_raw("17", CidrBlock=V4, PortRange={"From": 53, "To": 53}), B4, "udp/54", BLOCKED),
        (_raw("17", CidrBlock=V4, PortRange={"From": 53, "To": 53}), B4, "tcp/53", BLOCKED),
        (_raw("50", CidrBlock=V4, PortRange={"From": 22, "To": 22}), B4, "esp", REACHABLE),
        (_raw("50", CidrBlock=V4, PortRange={"From": 22, "To": 22}), B4, "proto/51", BLOCKED),
        (_raw("1", CidrBlock=V4, IcmpTypeCode={"Type": 0, "Code": -1}), B4, "icmp/8", BLOCKED),
        (_raw("1", CidrBlock=V4, IcmpTypeCode={"Type": 8, "Code": -1}), B4, "icmp/8", REACHABLE),
        (_raw("58", Ipv6CidrBlock=V6, IcmpTypeCode={"Type": 129, "Code": -1}), B6, "icmpv6/128", BLOCKED),
        (_raw("58", Ipv6CidrBlock=V6, IcmpTypeCode={"Type": 128, "Code": -1}), B6, "icmpv6/128", REACHABLE),
        (_raw("58", CidrBlock=V4, IcmpTypeCode={"Type": 129, "Code": -1}), B4, "icmpv6/128", REACHABLE),
    ],
    ids=[
        "all protocols: ports are ignored",
        "tcp: another port",
        "tcp: the port",
        "tcp without ports is every port",
        "udp: another port",
        "udp is not tcp",
        "esp: ports are ignored",
        "esp is not ah",
        "icmp: another type",
        "icmp: the type",
        "icmpv6: another type",
        "icmpv6: the type",
        "icmpv6 with an IPv4 block: types are ignored",
    ],
)
def test_ports_and_types_count_for_the_protocols_that_have_them(
    entry: dict[str, object], target: str, service: str, expected: str
) -> None:
    made = acl("acl-b", "subnet-b", inbound=[])
    made.fields["Entries"].append(entry)
    answer = ask(network(made), "eni-a", target, service)
    assert answer.verdict == expected
    assert answer.services == ask(network(), "eni-a", target, service).services[: 1 if expected == REACHABLE else 0]


@pytest.mark.rule("NACL-9")
@pytest.mark.parametrize(
    ("outbound", "expected"),
    [
        ([(100, ALLOW, "icmp/0", V4)], REACHABLE),
        ([], BLOCKED),
        ([(100, ALLOW, "icmp/8", V4)], BLOCKED),
        ([(100, ALLOW, "icmp/-1", V4)], REACHABLE),
    ],
    ids=["echo reply out", "nothing out", "only echo out", "every type out"],
)
def test_a_ping_needs_echo_one_way_and_echo_reply_the_other(outbound: list[Entry], expected: str) -> None:
    world = network(acl("acl-b", "subnet-b", inbound=[(100, ALLOW, "icmp/8", V4)], outbound=outbound))
    answer = ask(world, "eni-a", B4, "icmp/8")
    assert (answer.verdict, answer.forward, answer.reply) == (expected, REACHABLE, expected)


@pytest.mark.rule("NACL-9")
@pytest.mark.parametrize(("type_", "expected"), [(129, REACHABLE), (128, BLOCKED)])
def test_a_ping_of_ipv6_is_answered_by_type_129(type_: int, expected: str) -> None:
    world = network(acl("acl-b", "subnet-b", outbound=[(100, ALLOW, f"icmpv6/{type_}", V6)]))
    assert verdict(world, "eni-a", B6, "icmpv6/128") == expected


@pytest.mark.rule("NACL-10")
@pytest.mark.parametrize(
    ("block", "expected"), [("10.0.1.77/24", REACHABLE), ("10.0.1.77/32", BLOCKED)], ids=["host bits do not count", "a host"]
)
def test_an_entry_names_a_block(block: str, expected: str) -> None:
    assert verdict(network(acl("acl-b", "subnet-b", inbound=[(100, ALLOW, "all", block)])), "eni-a", B4, "tcp/443") == expected


# ---------------------------------------------------------------------- where it is asked
@pytest.mark.rule("NACL-5")
@pytest.mark.parametrize(("target", "expected"), [("eni-a2", REACHABLE), ("eni-b", BLOCKED)], ids=["same subnet", "another"])
def test_traffic_that_stays_in_the_subnet_meets_no_acl(target: str, expected: str) -> None:
    world = network(acl("acl-open", default=True, inbound=[], outbound=[]))
    assert verdict(world, "eni-a", target, "tcp/443") == expected


@pytest.mark.rule("NACL-13")
@pytest.mark.parametrize(
    ("inbound", "outbound", "expected"),
    [
        (None, None, REACHABLE),
        ([(1, ALLOW, "all", "10.0.0.0/16")], None, BLOCKED),
        (None, [(1, ALLOW, "all", "10.0.0.0/16")], BLOCKED),
        ([(1, ALLOW, "all", "0.0.0.0/0")], [(1, ALLOW, "tcp/443", V4)], BLOCKED),
    ],
    ids=["open", "answers cannot come in", "requests cannot go out", "answers cannot go on to the client"],
)
def test_the_acl_of_a_nat_gateways_subnet_binds_it(
    inbound: list[Entry] | None, outbound: list[Entry] | None, expected: str
) -> None:
    world = network(behind_nat(), acl("acl-nat", "subnet-nat", inbound=inbound, outbound=outbound))
    answer = ask(world, "eni-a", "internet", "tcp/443")
    assert answer.verdict == expected
    assert {one.resource for one in answer.blockers} == (set() if expected == REACHABLE else {"acl-nat"})


@pytest.mark.rule("NACL-13")
@pytest.mark.parametrize(("service", "expected"), [("tcp/443", BLOCKED), ("tcp/444", REACHABLE)])
def test_the_acl_binds_endpoints_and_databases(service: str, expected: str) -> None:
    endpoint = [interface_endpoint("vpce-1", "eni-e"), interface("eni-e", "10.0.2.30", subnet="subnet-b", type="vpc_endpoint")]
    database = [rds(), rds_interface("eni-rds", "10.0.2.40")]
    world = network(endpoint, database, acl("acl-b", "subnet-b", inbound=[(1, DENY, "tcp/443", V4), (2, ALLOW, "all", V4)]))
    assert verdict(world, "eni-a", "vpce-1", service) == expected
    assert verdict(world, "eni-a", "orders", service) == expected


@pytest.mark.rule("NACL-14")
@pytest.mark.parametrize(("client", "expected"), [("198.51.100.7", REACHABLE), ("192.0.2.7", BLOCKED)])
def test_a_client_from_the_internet_shows_its_public_address(client: str, expected: str) -> None:
    world = network(acl("acl-b", "subnet-b", inbound=[(100, ALLOW, "all", "198.51.100.0/24")]))
    assert verdict(world, client, "eni-b", "tcp/443") == expected


@pytest.mark.rule("NACL-14")
@pytest.mark.parametrize(("target", "expected"), [("198.51.100.7", REACHABLE), ("192.0.2.7", BLOCKED)])
def test_in_front_of_a_nat_gateway_the_acl_sees_the_real_target(target: str, expected: str) -> None:
    world = network(behind_nat(), acl("acl-a", "subnet-a", outbound=[(100, ALLOW, "all", "198.51.100.0/24")]))
    assert verdict(world, "eni-a", target, "tcp/443") == expected


@pytest.mark.rule("NACL-14")
@pytest.mark.parametrize(("far", "expected"), [(NAT_4, REACHABLE), (A4, BLOCKED)], ids=["the gateway's", "the client's"])
def test_behind_a_private_nat_gateway_the_acl_sees_the_gateways_address(far: str, expected: str) -> None:
    through = behind_nat(public="")
    through[-2].fields["Routes"].append({"DestinationCidrBlock": "10.0.2.0/24", "NatGatewayId": "nat-1", "State": "active"})
    world = network(through, acl("acl-b", "subnet-b", inbound=[(100, ALLOW, "all", f"{far}/32")]))
    assert verdict(world, "eni-a", B4, "tcp/443") == expected


@pytest.mark.rule("NACL-14")
def test_to_a_public_address_of_the_same_vpc_each_acl_sees_the_public_far_side() -> None:
    """The sender's ACL sees the target's public address, the receiver's ACL the sender's (IGW-9)."""
    seen = network(
        acl("acl-a", "subnet-a", outbound=[(1, ALLOW, "all", f"{B_PUBLIC}/32")]),
        acl("acl-b", "subnet-b", inbound=[(1, ALLOW, "all", "203.0.113.10/32")]),
    )
    assert verdict(seen, "eni-a", B_PUBLIC, "tcp/443") == REACHABLE
    private = network(acl("acl-a", "subnet-a", outbound=[(1, ALLOW, "all", f"{B4}/32")]))
    assert verdict(private, "eni-a", B_PUBLIC, "tcp/443") == BLOCKED


@pytest.mark.rule("NACL-13")
@pytest.mark.parametrize(("outbound", "expected"), [(None, CONDITIONAL), ([(1, DENY, "all", V4)], BLOCKED)])
def test_the_acl_of_a_middleboxes_subnet_binds_it(outbound: list[Entry] | None, expected: str) -> None:
    from .build import route_table

    there = route_table("rtb-a", ("10.0.2.0/24", "eni-fw"), subnets=["subnet-a"])
    back = route_table("rtb-b", ("10.0.1.0/24", "eni-fw"), subnets=["subnet-b"])
    world = network(FIREWALL, there, back, acl("acl-fw", "subnet-fw", outbound=outbound))
    assert verdict(world, "eni-a", B4, "tcp/443") == expected
