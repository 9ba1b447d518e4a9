"""What only code says, and AWS's own answers never do: addresses that AWS has yet to choose, targets that nobody knows yet."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from analyzer.network import Network

from .build import (
    A_PUBLIC,
    B_PUBLIC,
    BLOCKED,
    CONDITIONAL,
    REACHABLE,
    UNKNOWN,
    V4,
    Row,
    balancer,
    eni_a,
    eni_b,
    group,
    main_table,
    network,
    node,
    rule,
    subnet,
    verdict,
)

STAND_IN = "198.18.0.1"


def said_by_code(made: Network, kind: str, id: str, **fields: Any) -> Network:
    """Return the network with fields of a component that documents of AWS cannot set."""
    one = made.snapshot.find(kind, id)
    return Network(made.snapshot.edited({(kind, id): msgspec.structs.replace(one, **fields)}))


@pytest.mark.rule("LIM-7")
@pytest.mark.parametrize(("unsettled", "expected"), [(False, BLOCKED), (True, UNKNOWN)], ids=["settled", "by code"])
def test_an_address_of_a_subnet_that_code_fills_may_be_anybodys(unsettled: bool, expected: str) -> None:
    made = said_by_code(network(), "subnet", "subnet-b", unsettled=unsettled)
    assert verdict(made, "eni-a", "10.0.2.77", "tcp/443") == expected
    assert verdict(made, "10.0.2.77", "eni-a", "tcp/443") == expected
    assert verdict(made, "10.0.1.77", "eni-b", "tcp/443") == BLOCKED


@pytest.mark.rule("LIM-7")
@pytest.mark.parametrize(
    ("perhaps", "expected"),
    [([], BLOCKED), (["198.18.0.0/15"], UNKNOWN), (["198.20.0.0/16"], BLOCKED)],
    ids=["known addresses", "chosen ones", "chosen ones of others"],
)
def test_a_rule_about_a_part_of_the_internet_may_admit_an_address_that_aws_chooses(perhaps: list[str], expected: str) -> None:
    rows = [eni_a(public=STAND_IN), eni_b(groups=["sg-b"]), group("sg-b", [rule("tcp/443", "203.0.113.0/24")])]
    made = network(*rows)
    admits = [
        msgspec.structs.replace(one, perhaps=perhaps) for one in made.snapshot.find("security_group", "sg-b").ip_permissions
    ]
    assert verdict(said_by_code(made, "security_group", "sg-b", ip_permissions=admits), "eni-a", B_PUBLIC, "tcp/443") == expected


@pytest.mark.rule("LIM-12")
@pytest.mark.parametrize(
    ("target", "expected"),
    [({"GatewayId": "igw-1"}, REACHABLE), ({"what nobody knows yet": True}, UNKNOWN), (None, BLOCKED)],
    ids=["the internet gateway", "not known", "no route"],
)
def test_a_reply_by_a_route_whose_target_nobody_knows_may_go_by_the_internet_gateway(target: Any, expected: str) -> None:
    routes = [{"DestinationCidrBlock": V4, "State": "active", **target}] if target else []
    assert verdict(network(main_table(*routes)), "internet", A_PUBLIC, "tcp/443") == expected


@pytest.mark.rule("LIM-7")
@pytest.mark.parametrize(
    ("chosen", "block", "expected"),
    [
        (True, "10.0.2.0/25", CONDITIONAL),  # it may get an address of the other half
        (True, "10.0.2.0/24", REACHABLE),
        (True, "10.0.3.0/24", BLOCKED),
        (False, "10.0.2.0/25", REACHABLE),
    ],
)
def test_a_sender_of_undecided_address_reaches_what_it_reaches_from_any(chosen: bool, block: str, expected: str) -> None:
    rows = [eni_a(groups=["sg-a"]), group("sg-a", [rule("tcp/443", block)])]
    prefix = [{"Ipv4Prefix": "10.0.2.0/24"}]
    made = network(*rows, eni_b(addresses=[], public="", Ipv4Prefixes=prefix))
    undecided = said_by_code(made, "network_interface", "eni-b", stand_in=True, chosen=chosen)
    assert verdict(undecided, "eni-b", "eni-a", "tcp/443") == expected


@pytest.mark.rule("LB-1")
@pytest.mark.parametrize(
    ("described", "expected"), [("ELB aws_lb.front", BLOCKED), ("ELB aws_lb.other", REACHABLE)], ids=["its node", "not its node"]
)
def test_the_nodes_of_a_load_balancer_without_an_arn_are_described_by_its_id(described: str, expected: str) -> None:
    front = {"LoadBalancerArn": "aws_lb.front"}
    rows = [
        subnet("subnet-lb", "10.0.6.0/24"),
        balancer(**front, groups=["sg-open"]),
        node(Description=described, groups=["sg-open"]),
    ]
    listening = {"ListenerArn": "listener-1", "Port": 443, "Protocol": "HTTPS", "DefaultActions": [], **front}
    # A load balancer takes what its listeners are for, and nothing else.
    assert verdict(network(*rows, Row("Listeners", "listener-1", listening)), "eni-a", "eni-lb", "tcp/80") == expected
