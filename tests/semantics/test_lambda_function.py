"""Lambda: functions in a VPC send through interfaces that nothing connects to."""

from __future__ import annotations

import pytest

from analyzer.models.errors import QuestionError

from .build import BLOCKED, REACHABLE, V4, ask, behind_nat, eni_b, group, network, route_table, rule, subnet, verdict
from .services import function, function_interface


@pytest.mark.rule("SVC-9")
@pytest.mark.parametrize("type", ["lambda", "interface"])
def test_a_function_calls_and_nothing_calls_it(type: str) -> None:
    world = network(function(), function_interface(type=type))
    assert verdict(world, "lambda:resize", "eni-b", "postgres") == REACHABLE
    answer = ask(world, "eni-b", "lambda:resize", "https")
    assert (answer.verdict, {one.rule for one in answer.blockers}) == (BLOCKED, {"SVC-9"})


@pytest.mark.rule("SVC-9")
@pytest.mark.parametrize(("named", "expected"), [("sg-fn", REACHABLE), ("sg-open", BLOCKED)])
def test_references_to_its_groups_match_the_function(named: str, expected: str) -> None:
    rows = [function(groups=["sg-fn"]), function_interface(groups=["sg-fn"]), group("sg-fn")]
    world = network(*rows, eni_b(groups=["sg-b"]), group("sg-b", [rule("tcp/5432", named)]))
    assert verdict(world, "lambda:resize", "eni-b", "postgres") == expected


@pytest.mark.rule("SVC-10")
@pytest.mark.parametrize("seen", [True, False])
def test_a_function_needs_a_nat_gateway_for_the_internet_even_in_a_public_subnet(seen: bool) -> None:
    rows = [function(subnets=["subnet-f"]), subnet("subnet-f", "10.0.7.0/24")]
    rows += [function_interface(address="10.0.7.70", subnet="subnet-f")] if seen else []
    assert verdict(network(*rows), "lambda:resize", "internet", "https") == BLOCKED
    private = route_table("rtb-f", (V4, "nat-1"), subnets=["subnet-f"])
    assert verdict(network(*rows, behind_nat(), private), "lambda:resize", "internet", "https") == REACHABLE


def test_functions_with_the_same_subnets_and_groups_share_their_interface() -> None:
    world = network(function(), function("thumbs"), function_interface())
    for name in ("resize", "thumbs"):
        assert [pair.source.id for pair in ask(world, f"lambda:{name}", "eni-b", "https").pairs] == ["eni-fn"]


def test_nothing_connects_to_a_function_whose_interface_is_not_in_the_snapshot() -> None:
    assert verdict(network(function()), "eni-b", "lambda:resize", "https") == BLOCKED


def test_a_function_in_no_vpc_has_no_interface() -> None:
    with pytest.raises(QuestionError, match="resize"):
        network(function(subnets=())).reach("lambda:resize", "eni-b", "https")


def test_the_environment_of_a_function_is_never_read() -> None:
    world = network(function(), function_interface())
    held = [str(vars(one)) + repr(one) for one in world.snapshot.everything()]
    assert not any("never-read-me" in text for text in held)
    assert "never-read-me" not in str(ask(world, "lambda:resize", "eni-b", "https").to_dict())
