"""Global Accelerator: static addresses at the edge, and private endpoints behind them."""

from __future__ import annotations

import pytest

from .build import (
    BLOCKED,
    CONDITIONAL,
    DENY,
    REACHABLE,
    UNKNOWN,
    V4,
    Row,
    acl,
    ask,
    eni_b,
    group,
    igw,
    main_table,
    network,
    public_access,
    rule,
    verdict,
)
from .services import ACCELERATOR, EDGE, accelerated, accelerator

PRIVATE = main_table()


def private_host(*ingress: object) -> list[Row]:
    """`eni-b` without a public address in a VPC without a route to the internet, behind these inbound rules."""
    return [PRIVATE, eni_b(public="", groups=["sg-b"], addresses=("10.0.2.10",)), group("sg-b", ingress or [rule("tcp/443", V4)])]


ENDPOINT = accelerator(accelerated("i-b"))


@pytest.mark.rule("IGW-13")
@pytest.mark.parametrize(("rows", "expected"), [(ENDPOINT, REACHABLE), ([], BLOCKED)], ids=["accelerated", "not"])
def test_a_private_host_behind_an_accelerator_is_reached_from_the_internet(rows: list[Row], expected: str) -> None:
    assert verdict(network(private_host(), rows), "internet", "eni-b", "https") == expected


@pytest.mark.rule("IGW-13")
@pytest.mark.parametrize(("attached", "expected"), [(True, REACHABLE), (False, BLOCKED)])
def test_the_vpc_needs_an_internet_gateway_and_no_route_to_it(attached: bool, expected: str) -> None:
    world = network(private_host(), ENDPOINT, igw(vpc="vpc-1" if attached else ""))
    assert verdict(world, "internet", "eni-b", "https") == expected


@pytest.mark.rule("IGW-13")
@pytest.mark.parametrize(
    ("block", "keep", "expected"),
    [
        ("198.51.100.0/24", True, REACHABLE),
        ("10.0.0.0/8", True, BLOCKED),
        ("10.0.0.0/8", False, UNKNOWN),
        ("0.0.0.0/0", False, UNKNOWN),
    ],
)
def test_groups_see_the_client_where_its_address_is_kept(block: str, keep: bool, expected: str) -> None:
    world = network(private_host(rule("tcp/443", block)), accelerator(accelerated("i-b", keep=keep)))
    assert verdict(world, "198.51.100.7", "eni-b", "https") == expected


@pytest.mark.rule("IGW-13")
@pytest.mark.parametrize(("mode", "expected"), [("off", REACHABLE), ("block-ingress", BLOCKED), ("block-bidirectional", BLOCKED)])
def test_block_public_access_stands_before_it(mode: str, expected: str) -> None:
    assert verdict(network(private_host(), ENDPOINT, public_access(mode)), "internet", "eni-b", "https") == expected


@pytest.mark.rule("IGW-13")
@pytest.mark.parametrize(
    ("target", "on", "expected"), [("accelerator:front", "https", REACHABLE), (EDGE, "https", REACHABLE), (EDGE, "ssh", BLOCKED)]
)
def test_the_accelerator_itself_is_open_on_its_listeners_ports(target: str, on: str, expected: str) -> None:
    assert verdict(network(private_host(), ENDPOINT), "internet", target, on) == expected


@pytest.mark.rule("IGW-13")
@pytest.mark.parametrize(("on", "expected"), [("tcp/8443", REACHABLE), ("tcp/443", BLOCKED)])
def test_an_override_changes_the_port(on: str, expected: str) -> None:
    rows = [private_host(rule("tcp/8443", V4)), accelerator(accelerated("i-b"), overrides={443: 8443})]
    answer = ask(network(*rows), "internet", "eni-b", on)
    assert (answer.verdict, answer.services) == (expected, ["tcp/8443"] if expected == REACHABLE else [])


@pytest.mark.rule("IGW-13")
@pytest.mark.parametrize(
    ("how", "expected"),
    [({}, REACHABLE), ({"Weight": 0}, BLOCKED), ({"HealthState": "UNHEALTHY"}, CONDITIONAL), ({"EndpointId": "i-gone"}, BLOCKED)],
)
def test_weight_health_and_what_is_not_in_the_snapshot(how: dict[str, object], expected: str) -> None:
    world = network(private_host(), accelerator({**accelerated("i-b"), **how}))
    assert verdict(world, "internet", "eni-b", "https") == expected


@pytest.mark.rule("IGW-13")
def test_a_host_of_a_vpc_comes_by_the_internet_too() -> None:
    open_ = [eni_b(public="", groups=["sg-b"], addresses=("10.0.2.10",)), group("sg-b", [rule("tcp/443", "203.0.113.0/24")])]
    assert verdict(network(open_, ENDPOINT), "eni-a", "eni-b", "https") == REACHABLE
    assert verdict(network(open_), "eni-a", "eni-b", "https") == BLOCKED


@pytest.mark.rule("NACL-17")
@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ({"inbound": [(100, DENY, "all", V4)]}, REACHABLE),
        ({"outbound": [(100, DENY, "all", V4)]}, BLOCKED),
        ({"outbound": [(100, "allow", "tcp/1024-65535", V4)]}, REACHABLE),
    ],
    ids=["inbound entries do not see it", "outbound entries see the reply", "which goes to the client's port"],
)
def test_of_the_acl_only_what_goes_out_counts(how: dict[str, object], expected: str) -> None:
    closed = acl("acl-b", "subnet-b", **how)
    assert verdict(network(private_host(), ENDPOINT, closed), "internet", "eni-b", "https") == expected


def test_the_path_names_the_accelerator_with_both_addresses() -> None:
    answer = ask(network(private_host(), ENDPOINT), "internet", "eni-b", "https")
    assert ACCELERATOR in [hop.resource for hop in answer.pairs[0].path]
    assert answer.pairs[0].path[0].packet.target == EDGE
    assert answer.pairs[0].path[-1].packet.target == "10.0.2.10"


@pytest.mark.rule("IGW-13")
@pytest.mark.parametrize(("allocation", "expected"), [("eipalloc-1", UNKNOWN), ("eipalloc-2", BLOCKED)])
def test_an_elastic_ip_as_endpoint_is_the_interface_that_holds_it(allocation: str, expected: str) -> None:
    row = eni_b(groups=["sg-b"], addresses=("10.0.2.10",))
    row.fields["PrivateIpAddresses"][0]["Association"]["AllocationId"] = "eipalloc-1"
    world = network(row, group("sg-b", [rule("tcp/443", "75.2.0.0/16")]), accelerator(accelerated(allocation, keep=False)))
    assert verdict(world, "198.51.100.7", "eni-b", "https") == expected
