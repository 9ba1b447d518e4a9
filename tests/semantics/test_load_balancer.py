"""Application and network load balancers: what they take, and the connections to their targets."""

from __future__ import annotations

from typing import Any

import pytest

from .build import (
    ACCOUNT,
    B4,
    B6,
    BLOCKED,
    CONDITIONAL,
    OPEN,
    REACHABLE,
    REGION,
    UNKNOWN,
    V4,
    Row,
    acl,
    ask,
    balanced,
    balancer,
    codes,
    cross_zone,
    eni_a,
    eni_b,
    exclusion,
    group,
    interface,
    listener,
    main_table,
    network,
    node,
    peered,
    public_access,
    route_table,
    rule,
    subnet,
    targets,
    transit,
    verdict,
)

HOSTS = f"arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}:targetgroup/hosts/1"
ALB, NLB = balancer(), balancer("front", "network")
FORWARD = {"Type": "forward", "TargetGroupArn": HOSTS}
REDIRECT = {"Type": "redirect", "RedirectConfig": {"StatusCode": "HTTP_301"}}


# A client that may send to the listener's port only: what it reaches, it reaches through the load balancer.
CALLER = [eni_a(groups=["sg-a"]), group("sg-a", [], [rule("tcp/443", V4), rule("udp/443", V4)])]


def behind(*rules: Any) -> list[Row]:
    """`eni-b`, private, behind a group of its own."""
    return [eni_b(addresses=[B4], public="", groups=["sg-b"]), group("sg-b", rules)]


# ---------------------------------------------------------------------- two connections
@pytest.mark.rule("LB-1")
@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([], REACHABLE),
        ([listener(ALB, 443, "HTTPS", {"Type": "forward", "TargetGroupArn": HOSTS.replace("hosts", "others")})], UNKNOWN),
        ([listener(ALB, 443, "HTTPS", {"Type": "fixed-response"})], BLOCKED),
        (targets("i-a2"), BLOCKED),
    ],
    ids=["listener, group, target", "a group that is not in the snapshot", "no group", "not registered"],
)
def test_the_second_connection_needs_listener_group_and_target(rows: list[Row], expected: str) -> None:
    world = network(balanced(), CALLER, *rows)
    assert verdict(world, "eni-a", "eni-b", "tcp/8080") == expected


@pytest.mark.rule("LB-1")
@pytest.mark.parametrize(("service", "expected"), [("tcp/8080", REACHABLE), ("tcp/443", BLOCKED)])
def test_what_arrives_at_the_target_is_the_targets_port(service: str, expected: str) -> None:
    """The listener has port 443, the target group 8080."""
    answer = ask(network(balanced(), CALLER, behind(rule("all", "sg-lb"))), "eni-a", "eni-b", service)
    assert answer.verdict == expected
    assert answer.services == ([service] if expected == REACHABLE else [])


@pytest.mark.rule("LB-1")
@pytest.mark.parametrize(("service", "expected"), [("tcp/443", REACHABLE), ("tcp/8080", BLOCKED)])
def test_to_ask_for_the_listener_name_the_load_balancer(service: str, expected: str) -> None:
    assert verdict(network(balanced()), "eni-a", "front", service) == expected


@pytest.mark.rule("LB-2")
@pytest.mark.parametrize(
    ("ids", "port", "expected"),
    [(("i-b",), 8080, REACHABLE), ((("i-b", 9090),), 8080, BLOCKED), ((("i-b", 9090),), 9090, REACHABLE)],
)
def test_the_port_given_at_registration_wins(ids: tuple[Any, ...], port: int, expected: str) -> None:
    world = network(balanced(ids=ids), CALLER, behind(rule("tcp/1-65535", "sg-lb")))
    assert verdict(world, "eni-a", "eni-b", f"tcp/{port}") == expected


@pytest.mark.rule("LB-2")
@pytest.mark.parametrize(("target", "expected"), [("eni-b", REACHABLE), ("eni-second", BLOCKED)])
def test_an_instance_means_the_primary_address_of_its_primary_interface(target: str, expected: str) -> None:
    second = interface("eni-second", "10.0.2.77", subnet="subnet-b", groups=["sg-b"])
    second.fields["Attachment"] = {"InstanceId": "i-b", "DeviceIndex": 1, "Status": "attached"}
    assert verdict(network(balanced(), behind(rule("tcp/8080", "sg-lb")), second), "eni-a", target, "tcp/8080") == expected


@pytest.mark.rule("LB-2")
@pytest.mark.parametrize(("id", "expected"), [(B4, REACHABLE), ("10.0.2.99", BLOCKED)])
def test_an_address_means_itself(id: str, expected: str) -> None:
    world = network(balanced(), targets(id, type="ip"), behind(rule("tcp/8080", "sg-lb")))
    assert verdict(world, "eni-a", "eni-b", "tcp/8080") == expected


@pytest.mark.rule("LB-4")
@pytest.mark.parametrize(
    ("far", "expected"),
    [("sg-lb", REACHABLE), ("10.0.6.6/32", REACHABLE), ("10.0.1.0/24", BLOCKED), ("sg-a", BLOCKED)],
    ids=["the load balancer's group", "the node", "the client's block", "the client's group"],
)
def test_behind_an_application_load_balancer_targets_see_the_node(far: str, expected: str) -> None:
    world = network(balanced(), behind(rule("tcp/8080", far)), CALLER)
    assert verdict(world, "eni-a", "eni-b", "tcp/8080") == expected


@pytest.mark.rule("LB-3")
@pytest.mark.parametrize(
    ("scheme", "public", "expected"), [("internet-facing", "203.0.113.66", REACHABLE), ("internal", "", BLOCKED)]
)
def test_the_internet_reaches_private_targets_that_have_no_way_to_it(scheme: str, public: str, expected: str) -> None:
    world = network(
        balanced(),
        balancer(scheme=scheme),
        node(public=public),
        behind(rule("tcp/8080", "sg-lb")),
        route_table("rtb-b", subnets=["subnet-b"]),
    )
    assert verdict(world, "internet", "eni-b", "tcp/8080") == expected


@pytest.mark.rule("LB-3")
@pytest.mark.parametrize(("routes", "expected"), [([(V4, "igw-1")], REACHABLE), ([], BLOCKED)])
def test_internet_facing_in_private_subnets_is_reached_by_nobody_outside(routes: list[tuple[str, str]], expected: str) -> None:
    place = route_table("rtb-lb", *routes, subnets=["subnet-lb"])
    world = network(
        balanced(), balancer(scheme="internet-facing"), node(public="203.0.113.66"), place, behind(rule("all", "sg-lb"))
    )
    assert verdict(world, "internet", "front", "tcp/443") == expected
    assert verdict(world, "internet", "eni-b", "tcp/8080") == expected


@pytest.mark.rule("LB-4")
@pytest.mark.parametrize(("outbound", "expected"), [("tcp/1024-65535", REACHABLE), ("tcp/443", BLOCKED)])
def test_replies_of_targets_go_to_the_nodes_port(outbound: str, expected: str) -> None:
    shut = acl("acl-b", "subnet-b", outbound=[(1, "allow", outbound, "10.0.6.0/24")])
    assert verdict(network(balanced(), shut, behind(rule("tcp/8080", "sg-lb"))), "eni-a", "eni-b", "tcp/8080") == expected


@pytest.mark.rule("LB-5")
@pytest.mark.parametrize(
    ("egress", "expected"), [([rule("tcp/8080", V4)], REACHABLE), ([rule("tcp/443", V4)], BLOCKED), ([], BLOCKED)]
)
def test_its_own_groups_must_let_it_out(egress: list[Any], expected: str) -> None:
    world = network(balanced(), group("sg-lb", OPEN, egress), behind(rule("tcp/8080", "sg-lb")))
    assert verdict(world, "eni-a", "eni-b", "tcp/8080") == expected
    assert verdict(world, "eni-a", "front", "tcp/443") == REACHABLE


@pytest.mark.rule("LB-5")
@pytest.mark.parametrize(
    ("ingress", "expected"), [([rule("tcp/443", "10.0.1.0/24")], REACHABLE), ([rule("tcp/443", "10.9.0.0/16")], BLOCKED)]
)
def test_and_let_the_client_in(ingress: list[Any], expected: str) -> None:
    world = network(balanced(), group("sg-lb", ingress), behind(rule("tcp/8080", "sg-lb")))
    assert verdict(world, "eni-a", "eni-b", "tcp/8080") == expected


# ---------------------------------------------------------------------- network load balancers
def nlb(*far: str, type: str = "instance", protocol: str = "TCP", groups: tuple[str, ...] = (), **how: Any) -> list[Row]:
    """A network load balancer in front of `eni-b`, whose group admits tcp and udp/8080 from these far sides."""
    ids = ("i-b",) if type == "instance" else (B4,)
    lb = balancer("front", "network", groups=groups)
    rows = balanced("network", ids=ids, type=type, protocol=protocol, listening=protocol, **how)
    rules = [rule("tcp/8080", *far), rule("udp/8080", *far)]
    return [*rows, lb, node("front", "network", groups=groups), listener(lb, 443, protocol), *behind(*rules)]


CLIENT, NODE = "10.0.1.0/24", "10.0.6.6/32"


@pytest.mark.rule("LB-6")
@pytest.mark.parametrize(
    ("type_", "protocol", "said", "far", "expected"),
    [
        ("instance", "TCP", {}, CLIENT, REACHABLE),
        ("instance", "TCP", {}, NODE, BLOCKED),
        ("ip", "TCP", {}, CLIENT, BLOCKED),
        ("ip", "TCP", {}, NODE, REACHABLE),
        ("ip", "TLS", {}, NODE, REACHABLE),
        ("ip", "UDP", {}, CLIENT, REACHABLE),
        ("ip", "UDP", {"preserve_client_ip__enabled": "false"}, CLIENT, REACHABLE),
        ("ip", "TCP_UDP", {}, CLIENT, REACHABLE),
        ("ip", "TCP", {"preserve_client_ip__enabled": "true"}, CLIENT, REACHABLE),
        ("instance", "TCP", {"preserve_client_ip__enabled": "false"}, CLIENT, BLOCKED),
        ("instance", "TCP", {"preserve_client_ip__enabled": "false"}, NODE, REACHABLE),
    ],
)
def test_whether_targets_see_the_client(type_: str, protocol: str, said: dict[str, Any], far: str, expected: str) -> None:
    service = "udp/8080" if "UDP" in protocol else "tcp/8080"
    world = network(nlb(far, type=type_, protocol=protocol, **said), CALLER)
    assert verdict(world, "eni-a", "eni-b", service) == expected


@pytest.mark.rule("LB-7")
@pytest.mark.parametrize(
    ("rows", "said", "far", "expected"),
    [
        (peered(), "true", CLIENT, REACHABLE),
        (peered(), "true", NODE, BLOCKED),
        (peered(), "false", NODE, REACHABLE),
        (peered(), "false", CLIENT, BLOCKED),
        (transit(), "true", "10.0.0.0/8", BLOCKED),
        (transit(), "false", NODE, REACHABLE),
    ],
    ids=[
        "peered, kept",
        "peered, kept: not the node",
        "peered",
        "peered: not the client",
        "transit gateway, kept",
        "transit gateway",
    ],
)
def test_the_clients_address_is_kept_for_its_own_vpc_and_peers_only(rows: list[Row], said: str, far: str, expected: str) -> None:
    kept = targets("10.2.1.10", type="ip", protocol="TCP", preserve_client_ip__enabled=said)
    world = network(rows, nlb(V4), kept, CALLER, group("sg-p", [rule("tcp/8080", far)], vpc="vpc-2"))
    assert verdict(world, "eni-a", "eni-p", "tcp/8080") == expected


@pytest.mark.rule("LB-8")
@pytest.mark.parametrize(("far", "expected"), [(V4, REACHABLE), ("198.51.100.0/24", REACHABLE), ("10.0.0.0/16", BLOCKED)])
def test_with_the_address_kept_the_targets_group_must_admit_the_client(far: str, expected: str) -> None:
    rows = [
        *nlb(far),
        balancer("front", "network", groups=(), scheme="internet-facing"),
        node("front", "network", groups=(), public="203.0.113.66"),
    ]
    assert verdict(network(rows), "198.51.100.7", "eni-b", "tcp/8080") == expected


@pytest.mark.rule("LB-8")
@pytest.mark.parametrize("routes", [[], [(V4, "igw-1")]])
@pytest.mark.parametrize(("far", "expected"), [(V4, REACHABLE), ("10.0.0.0/16", BLOCKED)])
def test_and_the_reply_returns_through_the_load_balancer_whatever_the_routes_say(
    routes: list[tuple[str, str]], far: str, expected: str
) -> None:
    rows = [
        *nlb(far),
        node("front", "network", groups=(), public="203.0.113.66"),
        route_table("rtb-b", *routes, subnets=["subnet-b"]),
    ]
    assert verdict(network(rows), "198.51.100.7", "eni-b", "tcp/8080") == expected


@pytest.mark.rule("SG-15")
@pytest.mark.parametrize(
    ("groups", "far", "expected"),
    [(("sg-lb",), "sg-lb", REACHABLE), ((), "sg-lb", BLOCKED), (("sg-lb",), "sg-other", BLOCKED)],
    ids=["its group", "it has none", "another group"],
)
def test_what_a_network_load_balancer_with_groups_passes_on_counts_as_its_own(
    groups: tuple[str, ...], far: str, expected: str
) -> None:
    """The target admits the load balancer's group only; the client's address is kept."""
    assert verdict(network(nlb(far, groups=groups), group("sg-other", [])), "eni-a", "eni-b", "tcp/8080") == expected


@pytest.mark.rule("LB-9")
@pytest.mark.parametrize(
    ("groups", "service", "expected"),
    [((), "tcp/443", REACHABLE), ((), "tcp/22", BLOCKED), (("sg-lb",), "tcp/443", BLOCKED), (("sg-lb",), "tcp/22", BLOCKED)],
    ids=["no groups: the listener", "no groups: another port", "its group admits nobody", "neither"],
)
def test_without_groups_it_takes_listener_ports_from_everybody(groups: tuple[str, ...], service: str, expected: str) -> None:
    world = network(nlb(V4, groups=groups), group("sg-lb", []))
    assert verdict(world, "eni-a", "front", service) == expected


@pytest.mark.rule("LB-9")
@pytest.mark.parametrize(("port", "expected"), [(443, REACHABLE), (80, BLOCKED)])
def test_an_application_load_balancer_has_its_listeners_ports_open_only(port: int, expected: str) -> None:
    answer = ask(network(balanced()), "eni-a", "front", f"tcp/{port}")
    assert answer.verdict == expected
    assert codes(answer) == (set() if expected == REACHABLE else {"ELBV2_LISTENER_PORT_RESTRICTION"})


# ---------------------------------------------------------------------- zones, listeners, health
@pytest.mark.rule("LB-13")
@pytest.mark.parametrize(
    ("type_", "said", "of_group", "expected"),
    [
        ("application", None, {}, REACHABLE),
        ("application", None, {"load_balancing__cross_zone__enabled": "false"}, BLOCKED),
        ("network", None, {}, BLOCKED),
        ("network", "true", {}, REACHABLE),
        ("network", "false", {}, BLOCKED),
        ("network", "false", {"load_balancing__cross_zone__enabled": "true"}, REACHABLE),
        ("network", "true", {"load_balancing__cross_zone__enabled": "use_load_balancer_configuration"}, REACHABLE),
    ],
)
def test_targets_of_other_zones(type_: str, said: str | None, of_group: dict[str, Any], expected: str) -> None:
    """The node stands in zone a, the target in zone b."""
    lb = balancer("front", type_)
    rows = balanced(type_, **of_group)
    rows += [Row("LoadBalancerAttributes", lb.id, {"LoadBalancerArn": lb.id, "Attributes": cross_zone(said) if said else []})]
    world = network(rows, behind(rule("tcp/8080", "sg-lb", "10.0.0.0/16")), CALLER)
    assert verdict(world, "eni-a", "eni-b", "tcp/8080") == expected


@pytest.mark.rule("LB-16")
@pytest.mark.parametrize(
    ("actions", "expected"),
    [
        ([FORWARD], REACHABLE),
        ([REDIRECT], BLOCKED),
        ([{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}], BLOCKED),
        ([{"Type": "forward", "ForwardConfig": {"TargetGroups": [{"TargetGroupArn": HOSTS, "Weight": 1}]}}], REACHABLE),
        ([{"Type": "forward", "ForwardConfig": {"TargetGroups": [{"TargetGroupArn": HOSTS, "Weight": 0}]}}], BLOCKED),
    ],
    ids=["forward", "redirect", "fixed response", "weighted", "weight zero"],
)
def test_only_what_is_forwarded_reaches_targets(actions: list[dict[str, Any]], expected: str) -> None:
    world = network(balanced(), listener(ALB, 443, "HTTPS", *actions), behind(rule("tcp/8080", "sg-lb")))
    assert verdict(world, "eni-a", "eni-b", "tcp/8080") == expected


@pytest.mark.rule("LB-16")
@pytest.mark.parametrize(
    ("actions", "expected"),
    [([FORWARD], CONDITIONAL), ([REDIRECT], BLOCKED)],
    ids=["a rule that forwards", "a rule that redirects"],
)
def test_host_and_path_conditions_are_not_in_the_packet(actions: list[dict[str, Any]], expected: str) -> None:
    default = listener(ALB, 443, "HTTPS", REDIRECT)
    conditions = [{"Field": "path-pattern", "Values": ["/api/*"]}]
    one = {"RuleArn": "arn:rule-1", "ListenerArn": default.id, "Priority": "1", "Conditions": conditions, "Actions": actions}
    rows = [default, Row("ListenerRules", "x", {"ListenerArn": default.id, "Rules": [one]})]
    assert verdict(network(balanced(), rows, behind(rule("tcp/8080", "sg-lb"))), "eni-a", "eni-b", "tcp/8080") == expected


@pytest.mark.rule("LIM-7")
@pytest.mark.parametrize(("collected", "expected"), [(True, BLOCKED), (False, CONDITIONAL)])
def test_rules_that_were_not_collected_may_forward_to_any_group_of_the_load_balancer(collected: bool, expected: str) -> None:
    default = listener(ALB, 443, "HTTPS", REDIRECT)
    hosts = targets("i-b")[0]
    used = hosts._replace(fields={**hosts.fields, "LoadBalancerArns": [ALB.id]})
    rules = [Row("ListenerRules", "x", {"ListenerArn": default.id, "Rules": []})] if collected else []
    world = network(balanced(), used, default, rules, behind(rule("tcp/8080", "sg-lb")))
    assert verdict(world, "eni-a", "eni-b", "tcp/8080") == expected


@pytest.mark.rule("LIM-7")
@pytest.mark.parametrize(("without", "expected"), [((), REACHABLE), (("LoadBalancerAttributes",), UNKNOWN)])
def test_whether_a_node_serves_other_zones_may_be_unknown(without: tuple[str, ...], expected: str) -> None:
    assert verdict(network(nlb(CLIENT), CALLER, without=without), "eni-a", "eni-b", "tcp/8080") == expected


@pytest.mark.rule("LIM-7")
@pytest.mark.parametrize(
    ("far", "without", "expected"),
    [
        (CLIENT, (), BLOCKED),
        (CLIENT, ("TargetGroupAttributes",), UNKNOWN),
        (NODE, ("TargetGroupAttributes",), UNKNOWN),
        (V4, ("TargetGroupAttributes",), REACHABLE),
    ],
)
def test_whom_targets_see_may_be_unknown(far: str, without: tuple[str, ...], expected: str) -> None:
    """Address targets of TCP see the node, unless an attribute says otherwise."""
    world = network(nlb(far, type="ip"), CALLER, without=without)
    assert verdict(world, "eni-a", "eni-b", "tcp/8080") == expected


@pytest.mark.rule("LB-4")
@pytest.mark.parametrize(("far", "expected"), [("2001:db8:0:106::/64", REACHABLE), ("10.0.6.0/24", BLOCKED)])
def test_targets_with_ipv6_addresses_see_the_nodes_own(far: str, expected: str) -> None:
    both = node(Ipv6Addresses=[{"Ipv6Address": "2001:db8:0:106::6"}])
    world = network(
        balanced(), both, targets(B6, type="ip"), eni_b(public="", groups=["sg-b"]), group("sg-b", [rule("tcp/8080", far)])
    )
    assert verdict(world, "eni-a", "eni-b", "tcp/8080") == expected


@pytest.mark.rule("LB-18")
@pytest.mark.parametrize(
    ("protocol", "service", "expected"),
    [
        ("TCP", "tcp/443", REACHABLE),
        ("TCP", "udp/443", BLOCKED),
        ("TLS", "tcp/443", REACHABLE),
        ("UDP", "udp/443", REACHABLE),
        ("UDP", "tcp/443", BLOCKED),
        ("TCP_UDP", "udp/443", REACHABLE),
        ("TCP_UDP", "tcp/443", REACHABLE),
        ("QUIC", "udp/443", REACHABLE),
        ("QUIC", "tcp/443", BLOCKED),
        ("TCP_QUIC", "tcp/443", REACHABLE),
        ("TCP_QUIC", "udp/443", REACHABLE),
    ],
)
def test_protocols_of_listeners(protocol: str, service: str, expected: str) -> None:
    world = network(nlb(V4), listener(NLB, 443, protocol))
    assert verdict(world, "eni-a", "front", service) == expected


@pytest.mark.rule("LB-14")
@pytest.mark.parametrize(("health", "expected"), [("healthy", REACHABLE), ("unhealthy", CONDITIONAL), ("draining", CONDITIONAL)])
def test_health_is_a_condition(health: str, expected: str) -> None:
    world = network(balanced(health=health), behind(rule("tcp/8080", "sg-lb")))
    assert verdict(world, "eni-a", "eni-b", "tcp/8080") == expected


@pytest.mark.rule("LB-15")
@pytest.mark.parametrize(("routes", "expected"), [([("10.2.0.0/16", "tgw-1")], REACHABLE), ([], BLOCKED)])
def test_targets_elsewhere_are_reached_by_the_routes_of_its_own_subnets(routes: list[tuple[str, str]], expected: str) -> None:
    own = route_table("rtb-lb", *routes, subnets=["subnet-lb"])
    world = network(transit(), balanced(), targets("10.2.1.10", type="ip"), own, main_table())
    assert verdict(world, "eni-a", "eni-p", "tcp/8080") == expected


@pytest.mark.rule("LIM-7")
@pytest.mark.parametrize(
    ("without", "expected"),
    [
        ([], REACHABLE),
        (["LoadBalancerTargetHealth"], UNKNOWN),
        (["Listeners"], UNKNOWN),
        (["TargetGroups"], UNKNOWN),
    ],
)
def test_what_was_not_collected_of_a_load_balancer_is_unknown(without: list[str], expected: str) -> None:
    world = network(balanced(), CALLER, behind(rule("tcp/8080", "sg-lb")), without=without)
    assert verdict(world, "eni-a", "eni-b", "tcp/8080") == expected


# ---------------------------------------------------------------------- one behind another, several subnets
def in_a_row(far: str) -> list[Row]:
    """A network load balancer without groups in front of an application one, whose group admits these clients."""
    front, inner = balancer("front", "network", groups=()), balancer("inner")
    arn = HOSTS.replace("hosts", "alb")
    described = [{"Target": {"Id": inner.id, "Port": 443}, "TargetHealth": {"State": "healthy"}}]
    return [
        subnet("subnet-lb", "10.0.6.0/24"),
        front,
        node("front", "network", groups=(), public="203.0.113.66"),
        listener(front, 443, "TCP", {"Type": "forward", "TargetGroupArn": arn}),
        Row("TargetGroups", arn, {"TargetGroupArn": arn, "TargetType": "alb", "Port": 443, "Protocol": "TCP", "VpcId": "vpc-1"}),
        Row("LoadBalancerTargetHealth", arn, {"TargetGroupArn": arn, "TargetHealthDescriptions": described}),
        inner,
        node("inner", id="eni-inner", address="10.0.6.7"),
        listener(inner),
        *targets("i-b"),
        group("sg-lb", [rule("tcp/443", far)]),
        *behind(rule("tcp/8080", "sg-lb")),
    ]


@pytest.mark.rule("LB-11")
@pytest.mark.parametrize(("far", "expected"), [(V4, REACHABLE), ("10.0.0.0/16", BLOCKED)], ids=["clients", "the VPC only"])
@pytest.mark.parametrize(("target", "service"), [("inner", "tcp/443"), ("eni-b", "tcp/8080")])
def test_an_application_load_balancer_behind_a_network_one_sees_the_client(
    far: str, expected: str, target: str, service: str
) -> None:
    assert verdict(network(in_a_row(far)), "198.51.100.7", target, service) == expected


@pytest.mark.rule("BPA-4")
@pytest.mark.parametrize(
    ("excluded", "expected"), [("subnet-lb", REACHABLE), ("subnet-b", BLOCKED)], ids=["one of its subnets", "the targets' subnet"]
)
def test_one_excluded_subnet_of_a_load_balancer_lets_the_internet_in_to_its_targets(excluded: str, expected: str) -> None:
    rows = [
        *balanced(),
        balancer(scheme="internet-facing", AvailabilityZones=[{"SubnetId": "subnet-lb"}, {"SubnetId": "subnet-lb2"}]),
        node(public="203.0.113.66"),
        subnet("subnet-lb2", "10.0.11.0/24", zone="b"),
        node(id="eni-lb2", address="10.0.11.6", subnet="subnet-lb2", public="203.0.113.67"),
        *behind(rule("tcp/8080", "sg-lb")),
        public_access("block-bidirectional"),
        exclusion(f"subnet/{excluded}"),
    ]
    assert verdict(network(rows), "internet", "eni-b", "tcp/8080") == expected
