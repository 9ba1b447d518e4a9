"""Redshift: nodes that the cluster names by their addresses, and workgroups that name their interfaces."""

from __future__ import annotations

import pytest

from .build import BLOCKED, REACHABLE, V4, ask, group, network, rule, verdict
from .services import redshift, service_interface, workgroup

PRIVATE, PUBLIC = "10.0.2.54", "203.0.113.54"
OPEN_PORT = [rule("tcp/5439", V4)]


@pytest.mark.rule("SVC-5")
@pytest.mark.parametrize(("public", "expected"), [(PUBLIC, REACHABLE), ("", BLOCKED)])
def test_a_public_cluster_has_a_public_address(public: str, expected: str) -> None:
    world = network(redshift("dwh", (PRIVATE, public)))
    assert verdict(world, "internet", "redshift:dwh", "redshift") == expected


@pytest.mark.rule("SVC-5")
@pytest.mark.parametrize(("block", "expected"), [("0.0.0.0/0", REACHABLE), ("10.0.0.0/8", BLOCKED)])
def test_the_groups_of_a_public_cluster_still_decide(block: str, expected: str) -> None:
    world = network(redshift("dwh", (PRIVATE, PUBLIC), groups=["sg-dwh"]), group("sg-dwh", [rule("tcp/5439", block)]))
    assert verdict(world, "internet", "redshift:dwh", "redshift") == expected
    assert verdict(world, "eni-a", "redshift:dwh", "redshift") == REACHABLE


@pytest.mark.parametrize(("routing", "told"), [(True, False), (False, True)])
def test_what_is_copied_past_the_vpc_is_said(routing: bool, told: bool) -> None:
    answer = ask(network(redshift("dwh", (PRIVATE, ""), EnhancedVpcRouting=routing)), "eni-a", "redshift:dwh", "redshift")
    assert any("enhanced VPC routing is off" in one for one in answer.not_modelled) is told


def test_the_interface_that_holds_the_address_of_a_node_is_the_clusters() -> None:
    eni = service_interface("eni-dwh", PRIVATE, description="RedshiftNetworkInterface", groups=["sg-dwh"])
    rows = [redshift("dwh", (PRIVATE, ""), groups=["sg-dwh"]), group("sg-dwh", OPEN_PORT), eni]
    answer = ask(network(*rows), "eni-a", "redshift:dwh", "redshift")
    assert (answer.verdict, [pair.target.id for pair in answer.pairs]) == (REACHABLE, ["eni-dwh"])
    assert not any("not in the snapshot" in one for one in answer.not_modelled)


@pytest.mark.parametrize(("status", "expected"), [("available", REACHABLE), ("paused", BLOCKED)])
def test_a_paused_cluster_answers_nobody(status: str, expected: str) -> None:
    world = network(redshift("dwh", (PRIVATE, ""), ClusterStatus=status))
    assert verdict(world, "eni-a", "redshift:dwh", "redshift") == expected


@pytest.mark.parametrize(("port", "expected"), [("tcp/5439", REACHABLE), ("tcp/5440", BLOCKED)])
def test_a_workgroup_is_reached_through_the_interfaces_that_it_names(port: str, expected: str) -> None:
    eni = service_interface("eni-wg", "10.0.2.55", description="VPC Endpoint", type="vpc_endpoint", groups=["sg-wg"])
    world = network(workgroup("adhoc", "eni-wg"), eni, group("sg-wg", OPEN_PORT))
    assert verdict(world, "eni-a", "redshift:adhoc", port) == expected
