"""Classic and Gateway Load Balancers."""

from __future__ import annotations

from typing import Any

import pytest

from .build import (
    ACCOUNT,
    ALLOW,
    BLOCKED,
    CONDITIONAL,
    DENY,
    OPEN,
    REACHABLE,
    REGION,
    UNKNOWN,
    V4,
    Row,
    acl,
    ask,
    blockers,
    codes,
    eni_a,
    eni_b,
    group,
    interface,
    network,
    rule,
    subnet,
    verdict,
)

NODE = "10.0.6.6"


def classic(
    *listeners: tuple[str, int, int],
    instances: tuple[str, ...] = ("i-b",),
    where: str = "subnet-lb",
    zone: str = "b",
    **fields: Any,
) -> list[Row]:
    """A classic load balancer `old` with a node, which leads port 80 to port 8080 of `i-b`."""
    made = {
        "LoadBalancerName": "old",
        "DNSName": f"old-1.{REGION}.elb.amazonaws.com",
        "VPCId": "vpc-1",
        "Scheme": "internal",
        "Subnets": [where],
        "SecurityGroups": ["sg-lb"],
        "ListenerDescriptions": [
            {"Listener": {"Protocol": protocol, "LoadBalancerPort": port, "InstanceProtocol": protocol, "InstancePort": inner}}
            for protocol, port, inner in listeners or [("HTTP", 80, 8080)]
        ],
        "Instances": [{"InstanceId": one} for one in instances],
    }
    described = {"Description": "ELB old", "RequesterId": "amazon-elb", "groups": ["sg-lb"]}
    return [
        Row("LoadBalancerDescriptions", "old", {**made, **fields}),
        subnet("subnet-lb", "10.0.6.0/24", zone=zone),
        interface("eni-lb", NODE if where == "subnet-lb" else "10.0.2.66", subnet=where, **described),
        group("sg-lb", OPEN),
        eni_b(public="", groups=["sg-b"]),
        group("sg-b", [rule("tcp/8080", "sg-lb")]),
    ]


@pytest.mark.rule("LB-17")
@pytest.mark.parametrize(("on", "expected"), [("tcp/80", REACHABLE), ("tcp/8080", BLOCKED), ("udp/80", BLOCKED)])
def test_nothing_but_the_ports_of_its_listeners_is_open(on: str, expected: str) -> None:
    answer = ask(network(classic()), "eni-a", "eni-lb", on)
    assert answer.verdict == expected
    assert codes(answer) == ({"ELB_LISTENER_PORT_RESTRICTION"} if expected == BLOCKED else set())


@pytest.mark.rule("LB-17")
@pytest.mark.parametrize(
    ("listeners", "on", "expected"),
    [
        ([("HTTP", 80, 8080)], "tcp/8080", REACHABLE),
        ([("SSL", 443, 8080)], "tcp/8080", REACHABLE),
        ([("HTTP", 80, 9090)], "tcp/8080", BLOCKED),
        ([("HTTP", 80, 8080)], "tcp/80", BLOCKED),
    ],
)
def test_instances_are_reached_on_the_instance_port(listeners: list[Any], on: str, expected: str) -> None:
    assert verdict(network(classic(*listeners)), "eni-a", "eni-b", on) == expected


@pytest.mark.rule("LB-17")
@pytest.mark.parametrize(("far", "expected"), [("sg-lb", REACHABLE), (NODE, REACHABLE), ("10.0.1.77", BLOCKED)])
def test_instances_see_the_node(far: str, expected: str) -> None:
    source = far if far.startswith("sg-") else f"{far}/32"
    assert verdict(network(classic(), group("sg-b", [rule("tcp/8080", source)])), "eni-a", "eni-b", "tcp/8080") == expected


@pytest.mark.rule("LB-17")
@pytest.mark.parametrize(("egress", "expected"), [(OPEN, REACHABLE), ([], BLOCKED), ([rule("tcp/8080", "sg-b")], REACHABLE)])
def test_its_groups_must_let_it_out(egress: list[Any], expected: str) -> None:
    assert verdict(network(classic(), group("sg-lb", OPEN, egress)), "eni-a", "eni-b", "tcp/8080") == expected


@pytest.mark.rule("NACL-5")
@pytest.mark.rule("LB-17")
@pytest.mark.parametrize(
    ("inbound", "outbound", "expected"),
    [
        (None, None, REACHABLE),
        ([(90, DENY, "tcp/8080", V4), (100, ALLOW, "all", V4)], None, BLOCKED),
        (None, [(90, DENY, "tcp/8080", "10.0.2.0/24"), (100, ALLOW, "all", V4)], BLOCKED),
        (None, [(90, DENY, "tcp/1024-65535", "10.0.2.66/32"), (100, ALLOW, "all", V4)], BLOCKED),
    ],
    ids=["open", "in", "out", "the answer"],
)
def test_the_acl_counts_on_the_way_to_instances_of_its_own_subnet(inbound: Any, outbound: Any, expected: str) -> None:
    own = acl("acl-b", "subnet-b", inbound=inbound, outbound=outbound)
    answer = ask(network(classic(where="subnet-b"), own), "eni-a", "eni-b", "tcp/8080")
    assert answer.verdict == expected


@pytest.mark.rule("NACL-5")
def test_between_other_hosts_of_the_subnet_it_does_not() -> None:
    shut = acl("acl-b", "subnet-b", inbound=[(100, DENY, "all", V4)], outbound=[(100, DENY, "all", V4)])
    host = interface("eni-b2", "10.0.2.77", subnet="subnet-b")
    world = network(host, shut, eni_b(public="", addresses=("10.0.2.10",)))
    assert verdict(world, "eni-b2", "eni-b", "tcp/8080") == REACHABLE
    assert verdict(world, "eni-a", "eni-b", "tcp/8080") == BLOCKED


@pytest.mark.rule("LB-13")
@pytest.mark.parametrize(("zone", "expected"), [("b", REACHABLE), ("a", CONDITIONAL)])
def test_whether_other_zones_are_served_is_not_in_the_snapshot(zone: str, expected: str) -> None:
    assert verdict(network(classic(zone=zone)), "eni-a", "eni-b", "tcp/8080") == expected


@pytest.mark.rule("LB-17")
@pytest.mark.parametrize(("instances", "expected"), [(("i-b",), REACHABLE), ((), BLOCKED), (("i-a2",), BLOCKED)])
def test_only_registered_instances_are_reached(instances: tuple[str, ...], expected: str) -> None:
    assert verdict(network(classic(instances=instances)), "eni-a", "eni-b", "tcp/8080") == expected


def test_it_is_found_by_its_kind_and_name() -> None:
    world = network(classic())
    assert verdict(world, "eni-a", "clb", "tcp/80") == REACHABLE
    assert verdict(world, "eni-a", "clb:old", "tcp/80") == REACHABLE
    assert (
        verdict(network(classic(), eni_a(groups=["sg-shut"]), group("sg-shut", egress=[])), "eni-a", "old", "tcp/80") == BLOCKED
    )


@pytest.mark.rule("LB-17")
@pytest.mark.parametrize(("type_", "expected"), [("gateway", BLOCKED), ("network", UNKNOWN)])
def test_a_gateway_load_balancer_has_no_ports(type_: str, expected: str) -> None:
    word = {"gateway": "gwy", "network": "net"}[type_]
    arn = f"arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}:loadbalancer/{word}/gw/1"
    lb = Row("LoadBalancers", arn, {"LoadBalancerArn": arn, "LoadBalancerName": "gw", "Type": type_, "VpcId": "vpc-1"})
    node = interface("eni-gw", "10.0.2.99", subnet="subnet-b", groups=(), Description=f"ELB {word}/gw/1")
    answer = ask(
        network(lb, node._replace(fields={**node.fields, "InterfaceType": f"{type_}_load_balancer"})),
        "eni-a",
        "eni-gw",
        "udp/6081",
    )
    assert answer.verdict == expected
    assert len(blockers(answer)) == (1 if expected == BLOCKED else 0)
