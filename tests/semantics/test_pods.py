"""Pods on EKS nodes: addresses of the node's interfaces, the node's groups, and the node's address beyond the VPC."""

from __future__ import annotations

import pytest

from .build import (
    BLOCKED,
    CONDITIONAL,
    REACHABLE,
    V4,
    Row,
    ask,
    behind_nat,
    group,
    instance,
    interface,
    network,
    peered,
    rule,
    verdict,
)

NODE, POD = "10.0.1.30", "10.0.1.81"
TAGS = [{"Key": "kubernetes.io/cluster/prod", "Value": "owned"}]


def node(*groups: str, tags: list[dict[str, str]] | None = None) -> list[Row]:
    """A node of a cluster, its pods in a prefix of its second interface."""
    first = interface("eni-n1", NODE, instance="i-n", groups=groups or ("sg-open",))
    how = {"Ipv4Prefixes": [{"Ipv4Prefix": "10.0.1.80/28"}], "Attachment": {"InstanceId": "i-n", "DeviceIndex": 1}}
    second = interface("eni-n2", "10.0.1.31", groups=groups or ("sg-open",), **how)
    return [instance("i-n", Tags=TAGS if tags is None else tags), first, second]


@pytest.mark.rule("SVC-12")
@pytest.mark.parametrize(("port", "expected"), [("tcp/8080", REACHABLE), ("tcp/8081", BLOCKED)])
def test_a_pod_in_a_prefix_has_the_groups_of_the_nodes_interface(port: str, expected: str) -> None:
    world = network(node("sg-node"), group("sg-node", [rule("tcp/8080", V4)]))
    assert verdict(world, "eni-b", POD, port) == expected


@pytest.mark.rule("SVC-12")
@pytest.mark.parametrize(("port", "expected"), [("tcp/9000", REACHABLE), ("tcp/8080", BLOCKED)])
def test_a_pod_with_a_branch_interface_has_groups_of_its_own(port: str, expected: str) -> None:
    branch = interface("eni-pod", "10.0.1.200", type="branch", groups=["sg-pod"])
    groups = [group("sg-node", [rule("tcp/8080", V4)]), group("sg-pod", [rule("tcp/9000", V4)])]
    assert verdict(network(node("sg-node"), branch, groups), "eni-b", "10.0.1.200", port) == expected


@pytest.mark.rule("SVC-13")
@pytest.mark.parametrize(
    ("block", "source", "expected"),
    [
        (f"{NODE}/32", POD, CONDITIONAL),
        (f"{POD}/32", POD, CONDITIONAL),
        ("10.0.1.0/24", POD, REACHABLE),
        (f"{NODE}/32", NODE, REACHABLE),
        (f"{NODE}/32", "10.0.1.31", BLOCKED),
    ],
    ids=[
        "the peer admits the node",
        "the peer admits the pod",
        "the peer admits both",
        "the node itself",
        "its second interface",
    ],
)
def test_beyond_the_vpc_a_pod_may_call_with_the_address_of_its_node(block: str, source: str, expected: str) -> None:
    peer = [one for one in peered() if one.id != "sg-p"] + [group("sg-p", [rule("tcp/443", block)], vpc="vpc-2")]
    assert verdict(network(node(), peer), source, "eni-p", "https") == expected


@pytest.mark.rule("SVC-13")
@pytest.mark.parametrize(("tags", "expected"), [(TAGS, CONDITIONAL), ([], BLOCKED)])
def test_only_nodes_of_a_cluster_have_pods(tags: list[dict[str, str]], expected: str) -> None:
    peer = [one for one in peered() if one.id != "sg-p"] + [group("sg-p", [rule("tcp/443", f"{NODE}/32")], vpc="vpc-2")]
    assert verdict(network(node(tags=tags), peer), POD, "eni-p", "https") == expected


@pytest.mark.rule("SVC-13")
def test_inside_the_vpc_a_pod_calls_with_its_own_address() -> None:
    world = network(
        node(), group("sg-b", [rule("tcp/443", f"{POD}/32")]), interface("eni-c", "10.0.2.44", subnet="subnet-b", groups=["sg-b"])
    )
    assert verdict(world, POD, "eni-c", "https") == REACHABLE
    assert verdict(world, NODE, "eni-c", "https") == BLOCKED


def test_by_a_nat_gateway_both_ways_lead_to_the_internet() -> None:
    answer = ask(network(node(), behind_nat()), POD, "internet", "https")
    assert answer.verdict == REACHABLE
