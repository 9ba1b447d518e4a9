"""ElastiCache: nodes and caches behind groups in subnets, joined by what AWS writes into their interfaces."""

from __future__ import annotations

import pytest

from .build import BLOCKED, CONDITIONAL, REACHABLE, V4, ask, group, interface_endpoint, network, rule, subnet, verdict
from .services import cache, cache_subnets, serverless_cache, service_interface

NODE = service_interface("eni-node", "10.0.2.63", description="ElastiCache sessions")


@pytest.mark.rule("SVC-4")
@pytest.mark.parametrize(("source", "expected"), [("eni-a", REACHABLE), ("internet", BLOCKED)])
def test_a_node_has_no_public_address(source: str, expected: str) -> None:
    world = network(cache(), cache_subnets(), NODE)
    assert verdict(world, source, "elasticache:sessions", "redis") == expected


@pytest.mark.rule("SVC-18")
@pytest.mark.parametrize(("port", "expected"), [("tcp/6379", REACHABLE), ("tcp/6380", BLOCKED)])
@pytest.mark.parametrize("seen", [True, False])
def test_the_groups_of_the_node_decide_with_its_interface_in_the_snapshot_or_not(port: str, expected: str, seen: bool) -> None:
    node = service_interface("eni-node", "10.0.2.63", description="ElastiCache sessions", groups=["sg-cache"])
    rows = [cache(groups=["sg-cache"]), cache_subnets(), group("sg-cache", [rule("tcp/6379", V4)])]
    assert verdict(network(*rows, *([node] if seen else [])), "eni-a", "elasticache:sessions", port) == expected


def test_of_several_nodes_with_the_same_groups_the_description_tells_whose_they_are() -> None:
    other = service_interface("eni-other", "10.0.2.64", description="ElastiCache other")
    world = network(cache(), cache("other"), cache_subnets(), NODE, other)
    assert {pair.target.id for pair in ask(world, "eni-a", "elasticache:sessions", "redis").pairs} == {"eni-node"}
    assert {pair.target.id for pair in ask(world, "eni-a", "elasticache:other", "redis").pairs} == {"eni-other"}


def test_without_the_subnet_group_signature_and_groups_are_enough() -> None:
    assert verdict(network(cache(), NODE), "eni-a", "elasticache:sessions", "redis") == REACHABLE


def test_a_node_that_is_not_in_the_snapshot_may_stand_in_any_subnet_of_its_group() -> None:
    closed = group("sg-cache", [rule("tcp/6379", "10.0.1.0/24")])
    rows = [cache(groups=["sg-cache"]), cache_subnets("caches", "subnet-b", "subnet-c"), closed]
    further = subnet("subnet-c", "10.0.3.0/24", zone="c")
    answer = ask(network(*rows, further), "eni-a", "elasticache:sessions", "redis")
    assert (answer.verdict, len(answer.pairs)) == (REACHABLE, 2)
    assert any("its interface is not in the snapshot" in one for one in answer.not_modelled)


@pytest.mark.parametrize(("port", "expected"), [("tcp/6379", REACHABLE), ("tcp/22", BLOCKED)])
def test_a_serverless_cache_is_reached_through_the_endpoint_that_was_made_for_it(port: str, expected: str) -> None:
    endpoint = interface_endpoint(
        "vpce-c", "eni-c", service="elasticache.serverless", SubnetIds=["subnet-b"], Groups=[{"GroupId": "sg-cache"}]
    )
    eni = service_interface(
        "eni-c", "10.0.2.65", description="VPC Endpoint Interface vpce-c", type="vpc_endpoint", groups=["sg-cache"]
    )
    hot = serverless_cache(SecurityGroupIds=["sg-cache"])
    world = network(hot, endpoint, eni, group("sg-cache", [rule("tcp/6379", V4)]))
    answer = ask(world, "eni-a", "elasticache:hot", port)
    assert (answer.verdict, [pair.target.id for pair in answer.pairs]) == (expected, ["eni-c"])


def test_the_group_of_a_cache_may_be_one_that_nobody_knows() -> None:
    world = network(cache(groups=["sg-gone"]), cache_subnets())
    assert verdict(world, "eni-a", "elasticache:sessions", "redis") not in (REACHABLE, BLOCKED, CONDITIONAL)
