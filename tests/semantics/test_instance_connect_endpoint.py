"""EC2 Instance Connect endpoints: tunnels that IAM opens, and groups that still decide behind them."""

from __future__ import annotations

import pytest

from .build import BLOCKED, CONDITIONAL, REACHABLE, UNKNOWN, V4, Row, ask, eni_b, group, network, rule, verdict
from .services import connect_endpoint, connect_interface

SSH = [rule("tcp/22", "10.0.0.0/16")]


def host(*ingress: object) -> list[Row]:
    """`eni-b` without a public address, behind a group with these inbound rules."""
    return [eni_b(public="", groups=["sg-b"]), group("sg-b", ingress)]


def endpoint(egress: list[object] | None = None, **how: object) -> list[Row]:
    return [connect_endpoint(**how), connect_interface("sg-eice"), group("sg-eice", [], SSH if egress is None else egress)]


@pytest.mark.rule("IGW-15")
@pytest.mark.parametrize(
    ("ingress", "egress", "expected"),
    [
        ([rule("tcp/22", "sg-eice")], None, CONDITIONAL),
        ([rule("tcp/22", "10.0.1.0/24")], None, CONDITIONAL),
        ([rule("tcp/22", "sg-open")], None, BLOCKED),
        ([rule("tcp/22", "sg-eice")], [rule("tcp/3389", V4)], BLOCKED),
    ],
    ids=["its group", "its address", "the host admits others only", "its own groups do not let it out"],
)
def test_iam_opens_the_tunnel_and_groups_decide_behind_it(
    ingress: list[object], egress: list[object] | None, expected: str
) -> None:
    assert verdict(network(host(*ingress), endpoint(egress)), "eice-1", "eni-b", "ssh") == expected


@pytest.mark.rule("IGW-15")
@pytest.mark.parametrize(("state", "expected"), [("create-complete", CONDITIONAL), ("delete-in-progress", BLOCKED)])
def test_it_must_be_complete(state: str, expected: str) -> None:
    world = network(host(rule("tcp/22", "sg-eice")), endpoint(State=state))
    assert verdict(world, "eice-1", "eni-b", "ssh") == expected


@pytest.mark.rule("IGW-15")
def test_no_packet_comes_in_by_its_interface_whatever_its_inbound_rules_say() -> None:
    world = network(connect_endpoint(), connect_interface("sg-open"))
    assert verdict(world, "eni-b", "eice-1", "https") == BLOCKED
    assert verdict(world, "eni-b", "eni-a", "https") == REACHABLE


@pytest.mark.rule("IGW-15")
@pytest.mark.parametrize(("service", "expected"), [("tcp/22", UNKNOWN), ("tcp/23", BLOCKED)])
def test_where_it_keeps_the_clients_address_any_rule_of_the_service_may_admit_it(service: str, expected: str) -> None:
    world = network(host(rule(service, "198.51.100.7/32")), endpoint(keep=True))
    assert verdict(world, "eice-1", "eni-b", "ssh") == expected


@pytest.mark.rule("LIM-11")
@pytest.mark.parametrize(("there", "told"), [(True, True), (False, False)])
def test_answers_about_hosts_of_its_vpc_name_it_as_an_entry(there: bool, told: bool) -> None:
    world = network(host(), endpoint() if there else [])
    answer = ask(world, "internet", "eni-b", "ssh")
    assert answer.verdict == BLOCKED
    assert any("eice-1 opens tunnels" in note for note in answer.notes) is told
    assert verdict(world, "eni-b", "eni-a", "ssh") == REACHABLE
