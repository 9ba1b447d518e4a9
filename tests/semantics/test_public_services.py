"""Services with public endpoints and no interface: targets on the internet, behind a policy of their own."""

from __future__ import annotations

import pytest

from .build import BLOCKED, CONDITIONAL, REACHABLE, UNKNOWN, Row, ask, behind_nat, main_table, network, verdict
from .services import (
    arn,
    cache,
    cache_subnets,
    function,
    function_interface,
    kafka,
    replication,
    serverless_cache,
    service_interface,
    task,
    workgroup,
)


def domain(*subnets: str) -> Row:
    """An OpenSearch domain: public unless it has subnets."""
    where = {"VPCOptions": {"VPCId": "vpc-1", "SubnetIds": list(subnets), "SecurityGroupIds": ["sg-open"]}} if subnets else {}
    return Row("DomainStatusList", "logs", {"DomainName": "logs", "ARN": arn("es", "domain/logs"), **where})


@pytest.mark.rule("SVC-6")
@pytest.mark.parametrize(("subnets", "expected"), [((), CONDITIONAL), (("subnet-b",), BLOCKED)])
def test_a_public_domain_is_on_the_internet_behind_its_policy(subnets: tuple[str, ...], expected: str) -> None:
    assert verdict(network(domain(*subnets)), "internet", "opensearch:logs", "https") == expected


@pytest.mark.rule("SVC-6")
def test_a_host_reaches_a_public_domain_only_by_the_internet() -> None:
    assert verdict(network(domain(), behind_nat()), "eni-a", "opensearch:logs", "https") == CONDITIONAL
    assert verdict(network(domain(), main_table()), "eni-a", "opensearch:logs", "https") == BLOCKED


@pytest.mark.rule("SVC-4")
@pytest.mark.parametrize(("connection", "expected"), [("public", CONDITIONAL), ("vpc", BLOCKED)])
def test_a_public_cache_is_on_the_internet_behind_its_users(connection: str, expected: str) -> None:
    answer = ask(network(serverless_cache(connection=connection)), "internet", "elasticache:hot", "redis")
    assert answer.verdict == expected
    assert bool(answer.conditions) is (connection == "public")


def test_a_public_cache_and_nodes_of_a_vpc_are_both_the_kind() -> None:
    node = service_interface("eni-node", "10.0.2.63", description="ElastiCache sessions")
    world = network(serverless_cache(connection="public"), cache(), cache_subnets(), node)
    answer = ask(world, "eni-a", "elasticache", "redis")
    verdicts = {pair.target.name: pair.verdict.value for pair in answer.pairs}
    assert verdicts == {"sessions": REACHABLE, "hot": CONDITIONAL}


@pytest.mark.rule("IGW-16")
@pytest.mark.parametrize(("auth", "told"), [("NONE", "by anybody"), ("AWS_IAM", "by those whom IAM lets")])
def test_the_url_of_a_function_is_listed_and_not_proved(auth: str, told: str) -> None:
    row = Row(
        "FunctionUrlConfigs", "u", {"FunctionArn": arn("lambda", "function:resize"), "FunctionUrl": "https://x", "AuthType": auth}
    )
    world = network(function(), function_interface(), row)
    answer = ask(world, "internet", "lambda:resize", "https")
    assert answer.verdict == BLOCKED
    assert any(told in note for note in answer.notes)
    assert verdict(world, "lambda:resize", "eni-b", "https") == REACHABLE


@pytest.mark.rule("SVC-2")
@pytest.mark.parametrize(
    ("row", "target", "expected"),
    [
        (workgroup("adhoc", "eni-w", publiclyAccessible=True), "redshift:adhoc", UNKNOWN),
        (workgroup("adhoc", "eni-w"), "redshift:adhoc", BLOCKED),
        (kafka("SERVICE_PROVIDED_EIPS"), "msk:events", UNKNOWN),
        (kafka(), "msk:events", BLOCKED),
        (replication("mover", "10.0.2.61", PubliclyAccessible=True), "dms:mover", UNKNOWN),
        (replication("mover", "10.0.2.61"), "dms:mover", BLOCKED),
        (task("t1", address="10.0.1.80"), "ecs:t1", UNKNOWN),
    ],
    ids=["workgroup", "private workgroup", "brokers", "private brokers", "DMS", "private DMS", "a task of nobody knows what"],
)
def test_a_public_address_that_the_snapshot_does_not_hold_is_unknown(row: Row, target: str, expected: str) -> None:
    assert verdict(network(row), "internet", target, "tcp/443") == expected
