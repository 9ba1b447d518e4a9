"""Verdicts: what a flow needs, what cannot be known, and how the two are told apart."""

from __future__ import annotations

import json

import pytest

from analyzer.models.verdict import Verdict, all_of, any_of

from .build import (
    A4,
    A_PUBLIC,
    ALLOW,
    B4,
    B_PUBLIC,
    BLOCKED,
    CONDITIONAL,
    FIREWALL,
    OPEN,
    REACHABLE,
    S3,
    UNKNOWN,
    V4,
    Row,
    acl,
    ask,
    behind_nat,
    eigw,
    eni_a,
    eni_b,
    gateway_endpoint,
    group,
    main_table,
    network,
    prefix_list,
    route_table,
    rule,
    verdict,
    vpc,
)

SHUT_BACK = acl("acl-b", "subnet-b", outbound=[])


@pytest.mark.rule("M-1")
@pytest.mark.parametrize(
    ("service", "expected", "reply"),
    [
        ("tcp/443", BLOCKED, BLOCKED),
        ("icmp/8", BLOCKED, BLOCKED),
        ("udp/53", REACHABLE, BLOCKED),
        ("gre", REACHABLE, BLOCKED),
        ("icmp/3", REACHABLE, "not_applicable"),
    ],
    ids=["TCP", "ping", "UDP", "GRE", "an ICMP message that nothing answers"],
)
def test_tcp_and_ping_need_their_reply(service: str, expected: str, reply: str) -> None:
    answer = ask(network(SHUT_BACK), "eni-a", B4, service)
    assert (answer.verdict, answer.forward, answer.reply) == (expected, REACHABLE, reply)
    assert ask(network(), "eni-a", B4, service).verdict == REACHABLE


@pytest.mark.rule("M-1")
@pytest.mark.parametrize(("service", "expected"), [("icmpv6/128", BLOCKED), ("tcp/22", BLOCKED), ("udp/53", REACHABLE)])
def test_in_ipv6_too(service: str, expected: str) -> None:
    assert verdict(network(SHUT_BACK), "eni-a", "2001:db8:0:102::10", service) == expected


@pytest.mark.rule("M-1")
def test_where_the_request_does_not_pass_there_is_no_reply() -> None:
    answer = ask(network(eni_b(groups=["sg-b"]), group("sg-b", [])), "eni-a", B4, "tcp/443")
    assert (answer.verdict, answer.forward, answer.reply) == (BLOCKED, BLOCKED, None)


@pytest.mark.rule("M-1")
@pytest.mark.parametrize(
    ("service", "expected", "working"),
    [
        ("tcp/80,tcp/443", REACHABLE, ["tcp/443"]),
        ("tcp/440-450", REACHABLE, ["tcp/443"]),
        ("tcp", REACHABLE, ["tcp/443"]),
        ("tcp/80", BLOCKED, []),
    ],
)
def test_of_several_services_any_is_enough_and_the_answer_says_which(service: str, expected: str, working: list[str]) -> None:
    answer = ask(network(eni_b(groups=["sg-b"]), group("sg-b", [rule("tcp/443", V4)])), "eni-a", B4, service)
    assert (answer.verdict, answer.services) == (expected, working)


@pytest.mark.rule("M-3")
@pytest.mark.parametrize(("far", "expected"), [("198.51.100.7/32", REACHABLE), ("10.0.0.0/8", BLOCKED)])
def test_from_the_internet_the_filters_see_the_private_target_and_the_public_client(far: str, expected: str) -> None:
    world = network(eni_b(groups=["sg-b"]), group("sg-b", [rule("tcp/443", far)]))
    answer = ask(world, "198.51.100.7", B_PUBLIC, "tcp/443")
    assert answer.verdict == expected
    seen = [one.packet.target for one in answer.pairs[0].path if one.kind == "network_acl"]
    assert seen == [B4]


@pytest.mark.rule("M-3")
@pytest.mark.parametrize(
    ("rows", "packets", "expected"),
    [
        ([], [(A4, "198.51.100.7"), (A_PUBLIC, "198.51.100.7")], REACHABLE),
        (behind_nat(), [(A4, "198.51.100.7"), ("10.0.9.9", "198.51.100.7"), ("203.0.113.99", "198.51.100.7")], REACHABLE),
        ([eni_a(public="")], [(A4, "198.51.100.7")], BLOCKED),
    ],
    ids=["internet gateway", "NAT gateway", "no public address"],
)
def test_headers_change_at_gateways_only(rows: list[Row], packets: list[tuple[str, str]], expected: str) -> None:
    answer = ask(network(rows), "eni-a", "198.51.100.7", "tcp/443")
    assert answer.verdict == expected
    seen = [(one.packet.source, one.packet.target) for one in answer.pairs[0].path]
    assert list(dict.fromkeys(seen))[: len(packets)] == packets


# ---------------------------------------------------------------------- neither yes nor no
@pytest.mark.rule("M-4")
@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([], REACHABLE),
        ([eni_b(groups=["sg-b"]), group("sg-b", [])], BLOCKED),
        (
            [
                *FIREWALL,
                *[
                    route_table(f"rtb-{one}", (far, "eni-fw"), subnets=[f"subnet-{one}"])
                    for one, far in (("a", "10.0.2.0/24"), ("b", "10.0.1.0/24"))
                ],
            ],
            CONDITIONAL,
        ),
        ([eni_b(groups=["sg-b"]), group("sg-b", [rule("tcp/443", "pl-theirs")])], UNKNOWN),
    ],
    ids=["reachable", "blocked", "an opaque appliance", "configuration that was not collected"],
)
def test_four_verdicts(rows: list[Row], expected: str) -> None:
    assert verdict(network(rows), "eni-a", B4, "tcp/443") == expected


@pytest.mark.rule("M-4")
@pytest.mark.parametrize(
    ("rules", "expected"),
    [([rule("tcp/443", "pl-theirs"), rule("tcp/443", V4)], REACHABLE), ([rule("tcp/443", "pl-theirs")], UNKNOWN)],
)
def test_what_surely_passes_is_not_in_doubt(rules: list[object], expected: str) -> None:
    assert verdict(network(eni_b(groups=["sg-b"]), group("sg-b", rules)), "eni-a", B4, "tcp/443") == expected


@pytest.mark.rule("M-4")
@pytest.mark.parametrize(("outbound", "expected"), [(None, UNKNOWN), ([], BLOCKED)])
def test_what_surely_fails_is_not_in_doubt(outbound: list[tuple[int, str, str, str]] | None, expected: str) -> None:
    rows = [eni_b(groups=["sg-b"]), group("sg-b", [rule("tcp/443", "pl-theirs")]), acl("acl-b", "subnet-b", outbound=outbound)]
    assert verdict(network(*rows), "eni-a", B4, "tcp/443") == expected


@pytest.mark.rule("M-4")
@pytest.mark.parametrize(
    ("verdicts", "together", "either"),
    [
        ((Verdict.REACHABLE, Verdict.CONDITIONAL), Verdict.CONDITIONAL, Verdict.REACHABLE),
        ((Verdict.CONDITIONAL, Verdict.UNKNOWN), Verdict.UNKNOWN, Verdict.CONDITIONAL),
        ((Verdict.UNKNOWN, Verdict.BLOCKED), Verdict.BLOCKED, Verdict.UNKNOWN),
    ],
)
def test_how_verdicts_combine(verdicts: tuple[Verdict, ...], together: Verdict, either: Verdict) -> None:
    assert (all_of(verdicts), any_of(verdicts)) == (together, either)


@pytest.mark.rule("LIM-9")
@pytest.mark.parametrize(("other", "expected"), [("igw-1", REACHABLE), ("eigw-1", CONDITIONAL)], ids=["alike", "not alike"])
def test_of_random_choices_only_what_is_alike_in_all_is_certain(other: str, expected: str) -> None:
    lists = [*prefix_list("pl-1", "198.51.100.0/24"), *prefix_list("pl-2", "198.51.100.0/24")]
    world = network(lists, main_table(("pl-1", "igw-1"), ("pl-2", other)), eigw())
    assert verdict(world, "eni-a", "198.51.100.7", "tcp/443") == expected


# ---------------------------------------------------------------------- newer than the model
@pytest.mark.rule("LIM-12")
@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [("SomethingNew", {"Id": "x-1"}, UNKNOWN), ("Description", "", BLOCKED)],
    ids=["a field that nobody knows", "an empty one"],
)
def test_a_rule_with_a_field_that_nobody_knows_is_unknown(field: str, value: object, expected: str) -> None:
    permission = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, field: value}
    assert verdict(network(eni_b(groups=["sg-b"]), group("sg-b", [permission])), "eni-a", B4, "tcp/443") == expected


@pytest.mark.rule("LIM-12")
@pytest.mark.parametrize(("field", "expected"), [("SomethingNewId", UNKNOWN), ("GatewayId", REACHABLE)])
def test_a_route_with_a_field_that_nobody_knows_is_unknown(field: str, expected: str) -> None:
    table = main_table({"DestinationCidrBlock": V4, field: "igw-1", "State": "active"})
    assert verdict(network(table), "eni-a", "198.51.100.7", "tcp/443") == expected


@pytest.mark.rule("LIM-12")
@pytest.mark.parametrize(("extra", "expected"), [({"SomethingNew": "x"}, UNKNOWN), ({}, REACHABLE)])
def test_so_is_an_entry_of_an_acl(extra: dict[str, str], expected: str) -> None:
    made = acl("acl-b", "subnet-b", inbound=[(1, ALLOW, "all", V4)])
    made.fields["Entries"][0].update(extra)
    assert verdict(network(made), "eni-a", B4, "tcp/443") == expected


# ---------------------------------------------------------------------- what packets do not show
@pytest.mark.rule("LIM-6")
@pytest.mark.parametrize(("action", "expected"), [("*", REACHABLE), ("s3:GetObject", CONDITIONAL)])
def test_a_policy_that_may_refuse_is_a_condition_and_is_named(action: str, expected: str) -> None:
    policy = json.dumps({"Statement": [{"Effect": "Allow", "Principal": "*", "Action": action, "Resource": "*"}]})
    rows = [*prefix_list("pl-s3", S3), gateway_endpoint(PolicyDocument=policy), main_table(("pl-s3", "vpce-s3"))]
    answer = ask(network(rows), "eni-a", "vpce-s3", "tcp/443")
    assert answer.verdict == expected
    assert ("vpce-s3" in " ".join(answer.conditions)) is (expected == CONDITIONAL)


@pytest.mark.rule("SG-26")
@pytest.mark.parametrize(("source", "target", "expected"), [("eni-a", "eni-b", REACHABLE), ("eni-b", "eni-a", BLOCKED)])
def test_any_packet_of_another_protocol_is_a_reply(source: str, target: str, expected: str) -> None:
    """`eni-a` may send GRE to `eni-b`, which answers with GRE; starting it itself it does not come in."""
    world = network(eni_a(groups=["sg-a"]), group("sg-a", [], OPEN))
    answer = ask(world, source, target, "gre")
    assert answer.verdict == expected
    assert answer.reply == (REACHABLE if expected == REACHABLE else None)


@pytest.mark.rule("ENC-1")
@pytest.mark.parametrize(("mode", "told"), [("enforce", True), ("monitor", False)])
@pytest.mark.parametrize(("rules", "expected"), [(OPEN, REACHABLE), ([], BLOCKED)])
def test_enforced_encryption_is_told(mode: str, told: bool, rules: list[object], expected: str) -> None:
    encrypted = vpc(EncryptionControl={"VpcId": "vpc-1", "Mode": mode, "State": "available"})
    answer = ask(network(encrypted, eni_b(groups=["sg-b"]), group("sg-b", rules)), "eni-a", "eni-b", "tcp/443")
    assert answer.verdict == expected
    assert any("encryption control" in one for one in answer.not_modelled) is told


@pytest.mark.rule("SVC-6")
@pytest.mark.parametrize(
    ("rules", "expected"), [([rule("tcp/443", "10.0.0.0/16")], REACHABLE), ([rule("tcp/443", "10.9.0.0/16")], BLOCKED)]
)
def test_a_search_domain_in_a_vpc_stands_behind_its_groups(rules: list[object], expected: str) -> None:
    world = network(group("sg-es", rules), domain({"VPCId": "vpc-1", "SubnetIds": ["subnet-b"], "SecurityGroupIds": ["sg-es"]}))
    assert verdict(world, "eni-a", "opensearch:logs", "tcp/443") == expected
    assert verdict(world, "internet", "opensearch:logs", "tcp/443") == BLOCKED


def domain(options: dict[str, object] | None) -> Row:
    arn = "arn:aws:es:eu-west-1:111111111111:domain/logs"
    return Row("DomainStatusList", arn, {"DomainName": "logs", "ARN": arn, **({"VPCOptions": options} if options else {})})
