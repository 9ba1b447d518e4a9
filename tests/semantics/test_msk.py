"""MSK: brokers are interfaces with groups in the client subnets."""

from __future__ import annotations

import pytest

from .build import BLOCKED, REACHABLE, V4, Row, ask, group, network, rule, verdict
from .services import KAFKA, broker, kafka, service_interface

EIPS = "SERVICE_PROVIDED_EIPS"


def broker_interface(**fields: object) -> Row:
    return service_interface("eni-kafka", "10.0.2.92", description="DO NOT DELETE - ENI managed by MSK", **fields)


@pytest.mark.rule("SVC-8")
@pytest.mark.parametrize(
    ("type", "public", "block", "expected"),
    [
        (EIPS, "203.0.113.92", "0.0.0.0/0", REACHABLE),
        (EIPS, "203.0.113.92", "10.0.0.0/8", BLOCKED),
        ("DISABLED", "", "0.0.0.0/0", BLOCKED),
    ],
    ids=["public", "its groups do not admit the internet", "no public access"],
)
def test_public_access_takes_public_addresses_and_groups_that_admit_it(type: str, public: str, block: str, expected: str) -> None:
    rows = [
        kafka(type, groups=["sg-k"]),
        group("sg-k", [rule("tcp/9198", block)]),
        broker_interface(groups=["sg-k"], public=public),
    ]
    assert verdict(network(*rows), "internet", "msk:events", "tcp/9198") == expected


NODES = [
    Row("NodeInfoList", "n", broker()),
    Row("NodeInfoList", "n", {"ClusterArn": KAFKA, "NodeInfoList": [broker()]}),
    Row("ClusterNodes", "n", {"ClusterArn": KAFKA, "NodeInfoList": [broker()]}),
]


@pytest.mark.rule("SVC-8")
@pytest.mark.parametrize("nodes", NODES, ids=["nodes alone", "wrapped under its own key", "wrapped"])
@pytest.mark.parametrize(("port", "expected"), [("tcp/9092", REACHABLE), ("tcp/9093", BLOCKED)])
@pytest.mark.parametrize("seen", [True, False])
def test_nodes_name_their_interfaces(nodes: Row, port: str, expected: str, seen: bool) -> None:
    rows = [kafka(groups=["sg-k"]), nodes, group("sg-k", [rule("tcp/9092", V4)])]
    answer = ask(network(*rows, *([broker_interface(groups=["sg-k"])] if seen else [])), "eni-a", "msk:events", port)
    assert (answer.verdict, [pair.target.address for pair in answer.pairs]) == (expected, ["10.0.2.92"])


@pytest.mark.parametrize("version", [1, 2])
def test_both_versions_of_the_api_are_read(version: int) -> None:
    row = kafka(Tags={"team": "x"})
    if version == 1:
        row.fields["BrokerNodeGroupInfo"] = row.fields.pop("Provisioned")["BrokerNodeGroupInfo"]
    assert verdict(network(row, broker_interface()), "eni-a", "tag:team=x", "kafka") == REACHABLE


def test_a_serverless_cluster_stands_in_the_subnets_that_it_names() -> None:
    config = {"VpcConfigs": [{"SubnetIds": ["subnet-b"], "SecurityGroupIds": ["sg-k"]}]}
    row = kafka(Provisioned=None, Serverless=config)
    assert verdict(network(row, group("sg-k", [rule("tcp/9098", V4)])), "eni-a", "msk", "tcp/9098") == REACHABLE
    assert verdict(network(row, group("sg-k", [rule("tcp/9099", V4)])), "eni-a", "msk", "tcp/9098") == BLOCKED
