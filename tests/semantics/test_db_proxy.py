"""RDS proxies and DMS replication instances: interfaces with groups, on the way to databases."""

from __future__ import annotations

import pytest

from .build import BLOCKED, REACHABLE, V4, ask, group, network, rds, rds_interface, rule, verdict
from .services import db_proxy, replication, service_interface

PORT = [rule("tcp/5432", V4)]


@pytest.mark.rule("SVC-18")
@pytest.mark.parametrize(("port", "expected"), [("tcp/5432", REACHABLE), ("tcp/5433", BLOCKED)])
@pytest.mark.parametrize("seen", [True, False])
def test_the_groups_of_a_proxy_decide(port: str, expected: str, seen: bool) -> None:
    eni = service_interface("eni-pool", "10.0.2.33", description="Network interface for DBProxy pool", groups=["sg-p"])
    world = network(db_proxy(groups=["sg-p"]), group("sg-p", PORT), *([eni] if seen else []))
    assert verdict(world, "eni-a", "rds:pool", port) == expected


def test_the_interface_of_a_database_with_the_same_groups_is_not_the_proxys() -> None:
    eni = service_interface("eni-pool", "10.0.2.33", description="Network interface for DBProxy pool", RequesterId="amazon-rds")
    world = network(db_proxy(), rds(), rds_interface("eni-db", "10.0.2.34"), eni)
    assert [pair.target.id for pair in ask(world, "eni-a", "rds:pool", "postgres").pairs] == ["eni-pool"]


@pytest.mark.parametrize(("status", "expected"), [("available", REACHABLE), ("suspended", BLOCKED)])
def test_a_suspended_proxy_serves_nobody(status: str, expected: str) -> None:
    assert verdict(network(db_proxy(Status=status)), "eni-a", "rds:pool", "postgres") == expected


@pytest.mark.rule("SVC-18")
@pytest.mark.parametrize(("public", "expected"), [(["203.0.113.77"], REACHABLE), ([], BLOCKED)])
def test_a_replication_instance_is_known_by_its_addresses(public: list[str], expected: str) -> None:
    world = network(replication("mover", "10.0.2.77", public=public))
    assert verdict(world, "internet", "dms:mover", "tcp/443") == expected
    assert verdict(world, "dms:mover", "eni-a", "postgres") == REACHABLE
