"""AWS Network Firewall: endpoints that routes lead to, two engines, and what they remember."""

from __future__ import annotations

from typing import Any

import pytest

from .build import (
    BLOCKED,
    CONDITIONAL,
    REACHABLE,
    REGION,
    UNKNOWN,
    V4,
    Row,
    ask,
    blockers,
    codes,
    hops,
    main_table,
    network,
    peered,
    prefix_list,
    route_table,
    subnet,
    verdict,
)
from .build_inspection import (
    FIREWALL_ARN,
    POLICY_ARN,
    STRANGER,
    attributes,
    between,
    firewall,
    five,
    group_arn,
    inspected,
    policy,
    rules,
    stateless,
    suricata,
)

DROP_ALL = "drop ip any any -> any any (sid:9;)"
PASS_443 = "pass tcp any any -> any 443 (sid:1;)"


def asked(*rows: Row | list[Row], on: str = "tcp/443", target: str = "eni-b") -> str:
    """The verdict from `eni-a` through the firewall between the subnets."""
    return verdict(network(between(), firewall(), *rows), "eni-a", target, on)


# ---------------------------------------------------------------------- where it acts
@pytest.mark.rule("NFW-1")
@pytest.mark.parametrize(
    ("without", "expected"), [((), BLOCKED), (("rtb-a", "rtb-b"), REACHABLE)], ids=["on the way", "bypassed"]
)
def test_a_firewall_acts_only_where_routes_lead_through_it(without: tuple[str, ...], expected: str) -> None:
    world = network(between(), firewall(), policy("rules"), suricata(DROP_ALL), without=without)
    answer = ask(world, "eni-a", "eni-b", "tcp/443")
    assert answer.verdict == expected
    assert codes(answer) == ({"FIREWALL_RULES_RESTRICTION"} if expected == BLOCKED else set())


@pytest.mark.rule("NFW-1")
@pytest.mark.parametrize(("fw", "expected"), [([(V4, "igw-1")], REACHABLE), ([], BLOCKED)])
def test_what_it_passes_goes_on_unchanged_by_the_table_of_its_subnet(fw: list[tuple[str, str]], expected: str) -> None:
    world = network(inspected(fw=fw), firewall(), policy())
    answer = ask(world, "eni-a", STRANGER, "tcp/443")
    assert answer.verdict == expected
    assert verdict(world, STRANGER, "eni-a", "tcp/443") == expected
    if expected == REACHABLE:
        assert (POLICY_ARN, "NFW-4") in hops(answer)


@pytest.mark.rule("RT-17")
@pytest.mark.parametrize(("status", "expected"), [("READY", REACHABLE), ("CREATING", BLOCKED), ("FAILED", BLOCKED)])
def test_its_endpoint_must_be_ready(status: str, expected: str) -> None:
    world = network(between(), firewall(status=status), policy())
    assert verdict(world, "eni-a", "eni-b", "tcp/443") == expected


@pytest.mark.parametrize(("rows", "expected"), [((policy(),), REACHABLE), ((), UNKNOWN)], ids=["there", "not in the snapshot"])
def test_a_policy_that_is_not_in_the_snapshot_is_unknown(rows: tuple[Row, ...], expected: str) -> None:
    assert asked(*rows) == expected


def test_an_endpoint_in_another_vpc_is_the_same_firewall() -> None:
    state = {"AssociationSyncState": {f"{REGION}a": {"Attachment": {"EndpointId": "vpce-fw", "SubnetId": "subnet-fw"}}}}
    further = Row(
        "VpcEndpointAssociation",
        "arn:assoc",
        {
            "VpcEndpointAssociationArn": "arn:assoc",
            "FirewallArn": FIREWALL_ARN,
            "VpcId": "vpc-1",
            "VpcEndpointAssociationStatus": state,
        },
    )
    elsewhere = firewall(("vpce-other", "subnet-other"), VpcId="vpc-9")
    world = network(between(), elsewhere, further, policy("rules"), suricata(DROP_ALL))
    assert verdict(world, "eni-a", "eni-b", "tcp/443") == BLOCKED
    assert verdict(network(between(), elsewhere, policy("rules")), "eni-a", "eni-b", "tcp/443") == UNKNOWN


# ---------------------------------------------------------------------- the stateless engine
@pytest.mark.rule("NFW-3")
@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([(1, "pass", attributes(port=(443, 443))), (2, "drop", attributes())], BLOCKED),
        ([(1, "pass", attributes()), (2, "drop", attributes(port=(443, 443)))], REACHABLE),
        ([(2, "pass", attributes()), (1, "drop", attributes(port=(443, 443)))], BLOCKED),
        ([(1, "drop", attributes(port=(80, 80)))], REACHABLE),
        ([(1, "drop", attributes("10.0.1.0/24", "10.0.2.0/24"))], BLOCKED),
        ([(1, "drop", attributes("10.0.9.0/24"))], REACHABLE),
        ([(1, "drop", attributes(protocol=17))], REACHABLE),
        ([(1, "drop", attributes(protocol=None))], BLOCKED),
    ],
    ids=[
        "the reply is dropped",
        "pass first",
        "by priority",
        "another port",
        "ranges",
        "another range",
        "another protocol",
        "all",
    ],
)
def test_the_first_stateless_rule_decides_each_packet(rows: list[Any], expected: str) -> None:
    assert asked(policy(stateless=["stateless"], default="aws:pass"), stateless(*rows)) == expected


@pytest.mark.rule("NFW-3")
@pytest.mark.parametrize(
    ("default", "expected"), [("aws:pass", REACHABLE), ("aws:drop", BLOCKED), ("aws:forward_to_sfe", BLOCKED)]
)
def test_the_default_action_takes_the_rest_and_pass_skips_the_stateful_engine(default: str, expected: str) -> None:
    assert asked(policy("rules", default=default), suricata(DROP_ALL)) == expected


@pytest.mark.rule("NFW-3")
@pytest.mark.parametrize(
    ("ports", "expected"),
    [([{"FromPort": 0, "ToPort": 65535}], BLOCKED), ([{"FromPort": 443, "ToPort": 443}], CONDITIONAL), ([], BLOCKED)],
)
def test_a_rule_that_asks_for_source_ports_is_in_doubt(ports: list[dict[str, int]], expected: str) -> None:
    row = (1, "drop", attributes(SourcePorts=ports))
    assert asked(policy(stateless=["stateless"], default="aws:pass"), stateless(row)) == expected


@pytest.mark.rule("NFW-3")
def test_a_rule_that_asks_for_flags_is_in_doubt() -> None:
    row = (1, "drop", attributes(TCPFlags=[{"Flags": ["SYN"], "Masks": ["SYN", "ACK"]}]))
    assert asked(policy(stateless=["stateless"], default="aws:pass"), stateless(row)) == CONDITIONAL


@pytest.mark.rule("NFW-3")
@pytest.mark.parametrize(("flags", "expected"), [("pass", CONDITIONAL), ("forward_to_sfe", CONDITIONAL), ("drop", BLOCKED)])
def test_three_things_may_happen_where_two_rules_are_in_doubt(flags: str, expected: str) -> None:
    rows = [
        (1, "drop", attributes(SourcePorts=[{"FromPort": 443, "ToPort": 443}])),
        (2, flags, attributes(TCPFlags=[{"Flags": ["SYN"]}])),
    ]
    rest = policy("rules", stateless=["stateless"], default="aws:drop")
    assert asked(rest, stateless(*rows), suricata(PASS_443)) == expected


def test_a_stateless_pass_one_way_and_the_engine_back_is_half_a_connection() -> None:
    row = (1, "pass", attributes(port=(443, 443)))
    answer = ask(network(between(), firewall(), policy(stateless=["stateless"]), stateless(row)), "eni-a", "eni-b", "tcp/443")
    assert (answer.forward, answer.verdict) == (REACHABLE, BLOCKED)
    assert (POLICY_ARN, "NFW-10") in blockers(answer)


# ---------------------------------------------------------------------- the stateful engine, default order
@pytest.mark.rule("NFW-4")
@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([DROP_ALL, PASS_443], REACHABLE),
        ([PASS_443, DROP_ALL], REACHABLE),
        (["drop tcp any any -> any 443 (sid:1;)"], BLOCKED),
        (["reject tcp any any -> any 443 (sid:1;)"], BLOCKED),
        (["alert tcp any any -> any 443 (sid:1;)"], REACHABLE),
        (["drop tcp any any -> any 80 (sid:1;)"], REACHABLE),
        ([], REACHABLE),
        (
            ["pass tcp any any -> any 80 (sid:1;)", 'drop http any any -> any any (http.method; content:"GET"; sid:2;)'],
            CONDITIONAL,
        ),
        ([PASS_443, 'drop http any any -> any any (http.method; content:"GET"; sid:2;)'], REACHABLE),
    ],
    ids=[
        "pass wins",
        "either way",
        "drop",
        "reject",
        "alert",
        "another port",
        "no rule",
        "in the payload",
        "pass before payload",
    ],
)
def test_actions_decide_and_not_positions_and_the_rest_passes(lines: list[str], expected: str) -> None:
    assert asked(policy("rules"), suricata(*lines)) == expected


@pytest.mark.rule("NFW-4")
@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (five("DROP", "TCP", "10.0.1.0/24", "10.0.2.0/24", "443"), BLOCKED),
        (five("DROP", "TCP", "10.0.2.0/24", "10.0.1.0/24", "443"), REACHABLE),
        (five("DROP", "IP", "ANY", "10.0.2.10/32"), BLOCKED),
        (five("DROP", "UDP", "ANY", "ANY"), REACHABLE),
        (five("DROP", "SCTP", "ANY", "ANY"), REACHABLE),
        (five("DROP", "TCP", "10.0.2.0/24", "10.0.1.0/24", "ANY", direction="ANY"), BLOCKED),
        (five("DROP", "TCP", "ANY", "ANY", "400:500"), BLOCKED),
        (five("DROP", "TCP", "ANY", "ANY", "443", options=[{"Keyword": "content", "Settings": ['"x"']}]), CONDITIONAL),
        (five("DROP", "TCP", "ANY", "ANY", "443", source_port="[1:70]"), CONDITIONAL),
        (five("DROP", "TLS", "ANY", "ANY"), CONDITIONAL),
    ],
    ids=["drop", "other way", "ip", "udp", "sctp", "both ways", "range", "content", "source port", "payload"],
)
def test_rules_of_five_parts(one: dict[str, Any], expected: str) -> None:
    assert asked(policy("five"), rules("five", StatefulRules=[one])) == expected


# ---------------------------------------------------------------------- the stateful engine, strict order
@pytest.mark.rule("NFW-5")
@pytest.mark.parametrize(
    ("lines", "actions", "expected"),
    [
        ([DROP_ALL, PASS_443], [], BLOCKED),
        ([PASS_443, DROP_ALL], [], REACHABLE),
        ([], [], REACHABLE),
        ([], ["aws:drop_strict"], BLOCKED),
        ([PASS_443], ["aws:drop_strict", "aws:alert_strict"], REACHABLE),
        (["pass tls any any -> any 443 (sid:1;)"], ["aws:drop_strict"], CONDITIONAL),
        ([], ["aws:drop_established"], CONDITIONAL),
        ([PASS_443], ["aws:drop_established"], REACHABLE),
        (["pass tcp any any -> any 443 (flow:established,to_server; sid:1;)"], ["aws:drop_established"], REACHABLE),
        (["pass tcp any any -> any 443 (flow:established; sid:1;)"], ["aws:drop_strict"], CONDITIONAL),
        (["drop tcp any any -> any 443 (flow:established; sid:1;)"], [], CONDITIONAL),
        (["pass tcp any any -> any 443 (flow:not_established; sid:1;)"], ["aws:drop_strict"], CONDITIONAL),
        (["drop tcp any any -> any 443 (flow:not_established; sid:1;)"], [], BLOCKED),
        ([], ["aws:alert_established"], REACHABLE),
        ([], ["aws:drop_established_app_layer"], CONDITIONAL),
        ([], ["aws:drop_something_new"], UNKNOWN),
    ],
)
def test_in_the_strict_order_the_first_rule_decides_then_the_default(lines: list[str], actions: list[str], expected: str) -> None:
    assert asked(policy("rules", strict=True, actions=actions), suricata(*lines)) == expected


@pytest.mark.rule("NFW-5")
@pytest.mark.parametrize(("order", "expected"), [(("one", "two"), BLOCKED), (("two", "one"), REACHABLE)])
def test_in_the_strict_order_groups_go_by_priority(order: tuple[str, str], expected: str) -> None:
    groups = [suricata(DROP_ALL, name="one"), suricata(PASS_443, name="two")]
    assert asked(policy(*order, strict=True), groups) == expected


@pytest.mark.rule("NFW-6")
@pytest.mark.parametrize(
    ("on", "lines", "expected"),
    [
        ("udp/53", [], BLOCKED),
        ("icmp/8", [], BLOCKED),
        ("udp/53", ["pass udp any any -> any 53 (sid:1;)"], REACHABLE),
        ("icmp/8", ["pass icmp any any -> any any (sid:1;)"], REACHABLE),
    ],
)
def test_under_drop_established_datagrams_need_a_rule(on: str, lines: list[str], expected: str) -> None:
    assert asked(policy("rules", strict=True, actions=["aws:drop_established"]), suricata(*lines), on=on) == expected


# ---------------------------------------------------------------------- domains and names
def domains(kind: str, **how: Any) -> Row:
    listed = {"Targets": [".example.com"], "TargetTypes": ["TLS_SNI", "HTTP_HOST"], "GeneratedRulesType": kind}
    return rules("domains", RulesSourceList=listed, **how)


@pytest.mark.rule("NFW-7")
@pytest.mark.parametrize(
    ("kind", "how", "expected"),
    [
        ("ALLOWLIST", {}, CONDITIONAL),
        ("ALLOWLIST", {"strict": True}, REACHABLE),
        ("ALLOWLIST", {"strict": True, "actions": ["aws:drop_strict"]}, CONDITIONAL),
        ("DENYLIST", {"strict": True}, CONDITIONAL),
        ("REJECTLIST", {}, CONDITIONAL),
        ("ALERTLIST", {}, REACHABLE),
    ],
)
def test_lists_of_domains_deny_others_in_the_default_order_only(kind: str, how: dict[str, Any], expected: str) -> None:
    assert asked(policy("domains", **how), domains(kind)) == expected


@pytest.mark.rule("NFW-8")
@pytest.mark.parametrize(
    ("variables", "own", "expected"),
    [
        ({}, {}, CONDITIONAL),
        ({"HOME_NET": ["10.77.0.0/16"]}, {}, REACHABLE),
        ({}, {"PolicyVariables": {"RuleVariables": {"HOME_NET": {"Definition": ["10.77.0.0/16"]}}}}, REACHABLE),
        ({}, {"PolicyVariables": {"RuleVariables": {"HOME_NET": {"Definition": ["10.0.1.0/24"]}}}}, CONDITIONAL),
    ],
    ids=["the firewall's VPC", "of the group", "of the policy", "of the policy, that has the client"],
)
def test_lists_look_at_what_the_home_net_sends(variables: dict[str, list[str]], own: dict[str, Any], expected: str) -> None:
    assert asked(policy("domains", **own), domains("DENYLIST", variables=variables)) == expected


@pytest.mark.rule("NFW-8")
@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("drop tcp $HOME_NET any -> any 443 (sid:1;)", BLOCKED),
        ("drop tcp $EXTERNAL_NET any -> any 443 (sid:1;)", REACHABLE),
        ("drop tcp !$HOME_NET any -> any 443 (sid:1;)", REACHABLE),
        ("drop tcp $CLIENTS any -> any 443 (sid:1;)", BLOCKED),
        ("drop tcp any any -> $CLIENTS 443 (sid:1;)", REACHABLE),
        ("drop tcp any any -> [10.0.2.0/24, !10.0.2.10/32] 443 (sid:1;)", REACHABLE),
        ("drop tcp any any -> [10.0.2.0/24,!10.0.2.11/32] [80, 440:450] (sid:1;)", BLOCKED),
        ("drop tcp any any -> any !443 (sid:1;)", REACHABLE),
        ("drop tcp @CORP any -> any 443 (sid:1;)", BLOCKED),
        ("drop tcp @OTHER any -> any 443 (sid:1;)", UNKNOWN),
        ("drop tcp $STRANGE any -> any 443 (sid:1;)", UNKNOWN),
        ("drop tcp any any -> any $PORTS (sid:1;)", UNKNOWN),
        ("drop tcp any any any (sid:1;)", UNKNOWN),
        ("accept:hook tcp:all any any -> any any (sid:1;)", UNKNOWN),
        ("# drop tcp any any -> any any (sid:1;)", REACHABLE),
    ],
)
def test_names_stand_for_sets_and_what_nobody_knows_is_unknown(line: str, expected: str) -> None:
    references = {"CORP": f"arn:aws:ec2:{REGION}:111111111111:prefix-list/pl-corp", "OTHER": "arn:aws:ec2:x:y:prefix-list/pl-o"}
    own = suricata(line, variables={"CLIENTS": ["10.0.1.0/24"]}, references=references)
    assert asked(policy("rules"), own, prefix_list("pl-corp", "10.0.1.0/24")) == expected


@pytest.mark.rule("NFW-9")
@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ('msg:"a; b"; sid:1; rev:2; priority:1; flow:to_server;', BLOCKED),
        ("sid:1; flow:to_client;", CONDITIONAL),
        ('content:"x"; sid:1;', CONDITIONAL),
        ("geoip:dst,RU; sid:1;", CONDITIONAL),
    ],
)
def test_options_beyond_identity_and_direction_are_in_doubt(options: str, expected: str) -> None:
    way = "any any -> any any"
    assert asked(policy("rules"), suricata(f"drop tcp {way} ({options})")) == expected


@pytest.mark.rule("NFW-9")
@pytest.mark.parametrize(
    ("group", "override", "expected"),
    [("managed/Threats", "", UNKNOWN), ("managed/Threats", "DROP_TO_ALERT", REACHABLE), ("missing", "", UNKNOWN)],
)
def test_groups_without_rules_are_unknown_and_overridden_ones_only_alert(group: str, override: str, expected: str) -> None:
    assert asked(policy(group, override=override)) == expected
    assert group_arn(group).endswith(group)


# ---------------------------------------------------------------------- what it remembers
def two_zones(back: str, *rows: Row, on: str = "tcp/443") -> str:
    both = firewall(("vpce-fw", "subnet-fw"), ("vpce-fw2", "subnet-fw2"))
    return verdict(network(between(back=back), both, *rows), "eni-a", "eni-b", on)


@pytest.mark.rule("NFW-10")
@pytest.mark.parametrize(
    ("back", "streams", "expected"),
    [("vpce-fw", "", REACHABLE), ("vpce-fw2", "", BLOCKED), ("vpce-fw2", "REJECT", BLOCKED), ("vpce-fw", "CONTINUE", REACHABLE)],
)
def test_answers_by_another_endpoint_are_dropped(back: str, streams: str, expected: str) -> None:
    assert two_zones(back, policy(streams=streams)) == expected


@pytest.mark.rule("NFW-10")
def test_a_reply_that_the_firewall_sees_without_its_request_is_dropped() -> None:
    routes = [*between(), route_table("rtb-a", subnets=["subnet-a"])]
    assert verdict(network(routes, firewall(), policy()), "eni-a", "eni-b", "tcp/443") == BLOCKED
    forgetful = network(routes, firewall(), policy(streams="CONTINUE"))
    assert verdict(forgetful, "eni-a", "eni-b", "tcp/443") == CONDITIONAL
    assert ask(network(routes, firewall(), policy()), "eni-a", "eni-b", "udp/53").reply == REACHABLE


@pytest.mark.rule("NFW-10")
@pytest.mark.parametrize(("back", "streams"), [("", ""), ("", "CONTINUE"), ("vpce-fw2", "CONTINUE")])
def test_a_reply_that_goes_past_the_firewall_is_in_doubt(back: str, streams: str) -> None:
    assert two_zones(back, policy(streams=streams)) == CONDITIONAL


@pytest.mark.rule("NFW-2")
def test_a_peering_connection_leads_answers_past_it() -> None:
    routes = [
        *peered(),
        main_table(("10.2.0.0/16", "vpce-fw")),
        route_table("rtb-fw", ("10.2.0.0/16", "pcx-1"), subnets=["subnet-fw"]),
        subnet("subnet-fw", "10.0.8.0/24"),
    ]
    assert verdict(network(routes, firewall(), policy()), "eni-a", "eni-p", "tcp/443") == CONDITIONAL
    assert verdict(network(peered(), firewall(), policy()), "eni-a", "eni-p", "tcp/443") == REACHABLE
