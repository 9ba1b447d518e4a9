"""ECS: tasks with interfaces of their own, and tasks on the interfaces of their hosts."""

from __future__ import annotations

import pytest

from .build import BLOCKED, REACHABLE, V4, Row, ask, behind_nat, group, interface, network, rule, verdict
from .services import container_host, ecs_service, service_interface, task

DESCRIPTION = "arn:aws:ecs:eu-west-1:111111111111:attachment/uuid"


def task_interface(**fields: object) -> Row:
    return service_interface("eni-t1", "10.0.1.80", description=DESCRIPTION, subnet="subnet-a", **fields)


@pytest.mark.rule("SVC-11")
@pytest.mark.parametrize(("public", "expected"), [("203.0.113.80", REACHABLE), ("", BLOCKED)])
def test_a_task_in_a_public_subnet_reaches_the_internet_only_with_a_public_address_of_its_own(public: str, expected: str) -> None:
    assert verdict(network(task("t1", "eni-t1"), task_interface(public=public)), "ecs:orders", "internet", "https") == expected


@pytest.mark.rule("SVC-11")
def test_or_by_a_nat_gateway() -> None:
    rows = [task("t1", "eni-t1"), task_interface()]
    assert verdict(network(*rows, behind_nat()), "ecs:orders", "internet", "https") == REACHABLE
    assert verdict(network(*rows), "ecs:orders", "internet", "https") == BLOCKED


@pytest.mark.rule("SVC-11")
@pytest.mark.parametrize(("port", "expected"), [("tcp/32768", REACHABLE), ("tcp/80", BLOCKED)])
def test_a_task_on_a_host_has_the_groups_of_the_host(port: str, expected: str) -> None:
    host = interface("eni-a2", "10.0.1.20", instance="i-a2", groups=["sg-host"])
    rows = [task("t2", host="h"), container_host("h", "i-a2"), host, group("sg-host", [rule("tcp/32768-60999", V4)])]
    answer = ask(network(*rows), "eni-b", "ecs:orders", port)
    assert (answer.verdict, [(pair.target.id, pair.target.kind) for pair in answer.pairs]) == (expected, [("eni-a2", "ec2")])


@pytest.mark.rule("SVC-11")
@pytest.mark.parametrize(("port", "expected"), [("tcp/8080", REACHABLE), ("tcp/80", BLOCKED)])
@pytest.mark.parametrize("known", ["interface", "address"])
def test_a_task_has_groups_of_its_own_which_its_service_says_where_the_interface_is_not_in_the_snapshot(
    port: str, expected: str, known: str
) -> None:
    of_task = task("t1", "eni-t1") if known == "interface" else task("t1", "eni-t1", address="10.0.1.80")
    rows = [of_task, ecs_service(groups=["sg-task"]), group("sg-task", [rule("tcp/8080", V4)])]
    rows += [task_interface(groups=["sg-task"])] if known == "interface" else []
    answer = ask(network(*rows), "eni-b", "ecs:orders", port)
    assert (answer.verdict, [pair.target.address for pair in answer.pairs]) == (expected, ["10.0.1.80"])


@pytest.mark.parametrize("seen", [True, False])
def test_a_service_whose_tasks_are_not_in_the_snapshot_stands_in_its_subnets(seen: bool) -> None:
    rows = [ecs_service(groups=["sg-task"]), group("sg-task", [rule("tcp/8080", V4)])]
    rows += [task_interface(groups=["sg-task"])] if seen else []
    assert verdict(network(*rows), "eni-b", "ecs:orders", "tcp/8080") == REACHABLE
    assert verdict(network(*rows), "eni-b", "ecs:orders", "tcp/80") == BLOCKED


def test_a_task_is_found_by_its_service_its_own_id_and_its_tags() -> None:
    world = network(task("t1", "eni-t1", tags=[{"key": "team", "value": "x"}]), ecs_service(), task_interface())
    for selector in ("ecs:orders", "ecs:t1", "tag:team=x", "ecs"):
        assert [pair.target.id for pair in ask(world, "eni-b", selector, "https").pairs] == ["eni-t1"]
