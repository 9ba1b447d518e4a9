"""EFS: a mount target is an interface with groups."""

from __future__ import annotations

import pytest

from .build import BLOCKED, REACHABLE, UNKNOWN, V4, Row, ask, group, network, peered, rule, verdict
from .services import mount_target, mount_target_groups, service_interface

SHUT = [rule("tcp/2050", V4)]
OPEN_PORT = [rule("tcp/2049", V4)]


def target_interface() -> Row:
    return service_interface(
        "eni-efs", "10.0.2.49", description="EFS mount target for fs-1 (fsmt-1)", groups=["sg-efs"], type="efs"
    )


@pytest.mark.rule("SVC-7")
@pytest.mark.parametrize(("rules", "expected"), [(OPEN_PORT, REACHABLE), (SHUT, BLOCKED)])
@pytest.mark.parametrize("seen", [True, False])
def test_the_groups_of_the_mount_target_decide(rules: list[object], expected: str, seen: bool) -> None:
    rows = [mount_target(), mount_target_groups("fsmt-1", "sg-efs"), group("sg-efs", rules)]
    answer = ask(network(*rows, *([target_interface()] if seen else [])), "eni-a", "efs:fs-1", "nfs")
    assert answer.verdict == expected
    assert [pair.target.address for pair in answer.pairs] == ["10.0.2.49"]


@pytest.mark.rule("SVC-7")
def test_peers_reach_it_by_its_address() -> None:
    rows = [mount_target(), mount_target_groups("fsmt-1", "sg-efs"), group("sg-efs", OPEN_PORT)]
    assert verdict(network(*rows, peered()), "eni-p", "efs:fs-1", "nfs") == REACHABLE
    assert verdict(network(*rows, peered(status="deleted")), "eni-p", "efs:fs-1", "nfs") == BLOCKED


def test_groups_that_are_not_in_the_snapshot_are_unknown() -> None:
    assert verdict(network(mount_target()), "eni-a", "efs:fs-1", "nfs") == UNKNOWN


@pytest.mark.parametrize(("state", "expected"), [("available", REACHABLE), ("deleting", BLOCKED)])
def test_a_mount_target_that_is_going_serves_nobody(state: str, expected: str) -> None:
    rows = [mount_target(LifeCycleState=state), target_interface(), group("sg-efs", OPEN_PORT)]
    assert verdict(network(*rows), "eni-a", "efs:fs-1", "nfs") == expected
