"""EKS: the API server's interfaces behind the cluster's groups, and its public endpoint behind its own list."""

from __future__ import annotations

import pytest

from .build import (
    BLOCKED,
    CONDITIONAL,
    REACHABLE,
    UNKNOWN,
    V4,
    Row,
    ask,
    behind_nat,
    eni_a,
    group,
    main_table,
    network,
    rule,
    verdict,
)
from .services import eks, eks_interface

CLUSTER = group("sg-cluster", [rule("all", "sg-cluster")])
OWN = "arn:aws:eks:eu-west-1:111111111111:cluster/prod"


def of(answer: object, id: str) -> list[str]:
    """The verdicts of the pairs whose target this is."""
    return [pair.verdict.value for pair in answer.pairs if pair.target.id == id]  # type: ignore[attr-defined]


@pytest.mark.rule("SVC-16")
@pytest.mark.parametrize(("groups", "expected"), [(["sg-open", "sg-cluster"], REACHABLE), (["sg-open"], BLOCKED)])
@pytest.mark.parametrize("seen", [True, False])
def test_who_carries_the_clusters_group_reaches_the_control_plane(groups: list[str], expected: str, seen: bool) -> None:
    world = network(eks(), CLUSTER, eni_a(groups=groups), *([eks_interface()] if seen else []))
    assert verdict(world, "eni-a", "eks:prod", "https") == expected


@pytest.mark.rule("SVC-16")
def test_further_groups_are_on_its_interfaces_too() -> None:
    extra = group("sg-admins", [rule("tcp/443", V4)])
    world = network(eks(extra=["sg-admins"]), CLUSTER, extra, eks_interface("sg-cluster", "sg-admins"))
    assert verdict(world, "eni-a", "eks:prod", "https") == REACHABLE
    assert verdict(world, "eni-a", "eks:prod", "ssh") == BLOCKED


@pytest.mark.rule("SVC-15")
@pytest.mark.parametrize(
    ("public", "cidrs", "source", "expected"),
    [
        (True, ["0.0.0.0/0"], "internet", CONDITIONAL),
        (True, ["198.51.100.0/24"], "198.51.100.7", CONDITIONAL),
        (True, ["198.51.100.0/24"], "198.51.101.7", BLOCKED),
        (False, ["0.0.0.0/0"], "internet", BLOCKED),
    ],
    ids=["everybody", "in its list", "not in its list", "no public access"],
)
def test_its_own_list_filters_the_public_endpoint(public: bool, cidrs: list[str], source: str, expected: str) -> None:
    world = network(eks(public=public, cidrs=cidrs), CLUSTER, eks_interface())
    answer = ask(world, source, "eks:prod", "https")
    assert answer.verdict == expected
    assert of(answer, OWN) == ([expected] if public else [])


@pytest.mark.rule("SVC-15")
@pytest.mark.parametrize(("cidr", "expected"), [("203.0.113.99/32", CONDITIONAL), ("10.0.0.0/8", BLOCKED)])
def test_nodes_come_to_the_public_endpoint_with_the_address_of_their_nat_gateway(cidr: str, expected: str) -> None:
    world = network(eks(public=True, private=False, cidrs=[cidr]), CLUSTER, eks_interface(), behind_nat())
    assert of(ask(world, "eni-a", "eks:prod", "https"), OWN) == [expected]


@pytest.mark.rule("LIM-7")
@pytest.mark.parametrize(("without", "expected"), [((), CONDITIONAL), (("NatGateways",), UNKNOWN)])
def test_with_which_address_they_come_may_be_unknown(without: tuple[str, ...], expected: str) -> None:
    rows = [eks(public=True, private=False, cidrs=["203.0.113.99/32"]), CLUSTER, eks_interface(), *behind_nat()]
    assert of(ask(network(*rows, without=without), "eni-a", "eks:prod", "https"), OWN) == [expected]


@pytest.mark.rule("SVC-15")
@pytest.mark.parametrize(("on", "expected"), [("https", CONDITIONAL), ("ssh", BLOCKED)])
def test_it_serves_https_only(on: str, expected: str) -> None:
    world = network(eks(public=True), CLUSTER, eks_interface())
    assert of(ask(world, "internet", "eks:prod", on), OWN) == [expected]


@pytest.mark.rule("SVC-15")
def test_without_a_way_to_the_internet_nobody_reaches_it() -> None:
    rows: list[Row] = [eks(public=True), CLUSTER, eks_interface()]
    assert of(ask(network(*rows, main_table()), "eni-a", "eks:prod", "https"), OWN) == [BLOCKED]
    assert of(ask(network(*rows), "eni-a", "eks:prod", "https"), OWN) == [CONDITIONAL]


@pytest.mark.rule("SVC-15")
@pytest.mark.parametrize(("private", "expected"), [(True, REACHABLE), (False, CONDITIONAL)])
def test_without_private_access_nobody_knows_what_its_interfaces_serve(private: bool, expected: str) -> None:
    world = network(eks(private=private), CLUSTER, eni_a(groups=["sg-open", "sg-cluster"]), eks_interface())
    assert verdict(world, "eni-a", "eni-eks", "https") == expected


def test_the_internet_is_still_the_internet() -> None:
    world = network(eks(public=True), CLUSTER, eks_interface())
    assert verdict(world, "eni-a", "internet", "https") == REACHABLE
    assert verdict(world, "eni-a", "tag:team=x", "https") == CONDITIONAL
