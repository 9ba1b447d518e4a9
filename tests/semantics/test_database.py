"""RDS instances and Aurora clusters, joined to the interfaces through which they are reached."""

from __future__ import annotations

from typing import Any

import pytest

from .build import (
    ALLOW,
    B4,
    BLOCKED,
    CONDITIONAL,
    DENY,
    OPEN,
    REACHABLE,
    UNKNOWN,
    V4,
    Row,
    acl,
    ask,
    blockers,
    eni_a,
    group,
    interface,
    network,
    rds,
    rds_interface,
    route_table,
    rule,
    subnet,
    verdict,
)

SHUT_B = acl("acl-b", "subnet-b", inbound=[(1, DENY, "tcp/5432", V4), (2, ALLOW, "all", V4)])
ZONE_C = subnet("subnet-c", "10.0.3.0/24", zone="c")


@pytest.mark.rule("SVC-1")
@pytest.mark.parametrize(
    ("subnets", "expected"),
    [(("subnet-c",), REACHABLE), (("subnet-b", "subnet-c"), CONDITIONAL), (("subnet-b",), BLOCKED)],
    ids=["open subnets", "one open, one shut", "shut subnets"],
)
def test_any_subnet_of_its_group_may_hold_the_database(subnets: tuple[str, ...], expected: str) -> None:
    """Its interface is not in the snapshot; the ACL of `subnet-b` is shut."""
    world = network(ZONE_C, SHUT_B, rds("orders", *subnets))
    assert verdict(world, "eni-a", "orders", "tcp/5432") == expected


@pytest.mark.rule("SVC-1")
@pytest.mark.parametrize(
    ("subnets", "expected"),
    [
        (("subnet-c",), REACHABLE),
        (("subnet-b", "subnet-c"), CONDITIONAL),
    ],
    ids=["one subnet", "one open, one shut"],
)
def test_also_when_its_interface_is_known(subnets: tuple[str, ...], expected: str) -> None:
    found = rds_interface("eni-rds", "10.0.3.40", subnet="subnet-c")
    world = network(ZONE_C, SHUT_B, rds("orders", *subnets, MultiAZ=True), found)
    assert verdict(world, "eni-a", "orders", "tcp/5432") == expected


@pytest.mark.rule("SVC-1")
@pytest.mark.parametrize(("standby", "expected"), [(True, CONDITIONAL), (False, REACHABLE)])
def test_without_a_standby_it_stays_where_it_is(standby: bool, expected: str) -> None:
    found = rds_interface("eni-rds", "10.0.3.40", subnet="subnet-c")
    world = network(ZONE_C, SHUT_B, rds("orders", "subnet-b", "subnet-c", MultiAZ=standby), found)
    assert verdict(world, "eni-a", "orders", "tcp/5432") == expected


@pytest.mark.rule("SVC-1")
def test_who_holds_an_address_of_such_a_subnet_is_no_member_of_its_groups() -> None:
    """`eni-b` stands where a failover may take the database, and carries another group."""
    rows = [ZONE_C, rds("orders", "subnet-b", "subnet-c", groups=["sg-db"], MultiAZ=True), group("sg-db", [])]
    rows += [rds_interface("eni-rds", "10.0.3.40", subnet="subnet-c", groups=["sg-db"])]
    rows += [interface("eni-x", "10.0.1.66", groups=["sg-x"]), group("sg-x", [rule("tcp/443", "sg-db")])]
    assert verdict(network(*rows), "eni-b", "eni-x", "tcp/443") == BLOCKED


@pytest.mark.rule("SVC-1")
@pytest.mark.parametrize(
    ("groups", "expected"), [(("sg-in",), REACHABLE), (("sg-out",), BLOCKED), (("sg-in", "sg-out"), REACHABLE)]
)
@pytest.mark.parametrize("found", [True, False], ids=["its interface is known", "not known"])
def test_its_groups_filter(groups: tuple[str, ...], expected: str, found: bool) -> None:
    rows = [group("sg-in", [rule("tcp/5432", "10.0.0.0/16")]), group("sg-out", []), rds(groups=groups)]
    rows += [rds_interface("eni-rds", "10.0.2.40", groups=groups)] if found else []
    answer = ask(network(*rows), "eni-a", "orders", "tcp/5432")
    assert answer.verdict == expected
    assert blockers(answer) == (set() if expected == REACHABLE else {("sg-out", "SG-1")})


@pytest.mark.rule("SVC-1")
@pytest.mark.parametrize(("status", "expected"), [("active", REACHABLE), ("removing", BLOCKED)])
def test_a_group_filters_while_it_is_active(status: str, expected: str) -> None:
    memberships = [
        {"VpcSecurityGroupId": "sg-in", "Status": status},
        {"VpcSecurityGroupId": "sg-out", "Status": "active"},
    ]
    rows = [group("sg-in", [rule("tcp/5432", V4)]), group("sg-out", []), rds(VpcSecurityGroups=memberships)]
    assert verdict(network(*rows), "eni-a", "orders", "tcp/5432") == expected


@pytest.mark.rule("SVC-1")
@pytest.mark.parametrize(("state", "expected"), [("available", REACHABLE), ("stopped", BLOCKED)])
def test_a_stopped_database_answers_nobody(state: str, expected: str) -> None:
    world = network(rds(DBInstanceStatus=state), rds_interface("eni-rds", "10.0.2.40"))
    answer = ask(world, "eni-a", "orders", "tcp/5432")
    assert answer.verdict == expected
    assert answer.notes == ([] if expected == REACHABLE else ["when started: reachable"])


@pytest.mark.rule("SVC-2")
@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([], REACHABLE),
        ([route_table("rtb-b", subnets=["subnet-b"])], BLOCKED),
        ([group("sg-db", [rule("tcp/5432", "10.0.0.0/8")])], BLOCKED),
        ([acl("acl-b", "subnet-b", inbound=[(1, ALLOW, "all", "10.0.0.0/8")])], BLOCKED),
        ([rds(groups=["sg-db"]), rds_interface("eni-rds", "10.0.2.40", groups=["sg-db"])], BLOCKED),
    ],
    ids=["all of it", "private subnets", "its group", "its subnet's ACL", "no public address"],
)
def test_publicly_accessible_gives_an_address_and_nothing_more(rows: list[Row], expected: str) -> None:
    public = [
        rds(groups=["sg-db"], public=True),
        rds_interface("eni-rds", "10.0.2.40", groups=["sg-db"], public="203.0.113.40"),
        group("sg-db", OPEN),
    ]
    assert verdict(network(*public, *rows), "internet", "orders", "tcp/5432") == expected


@pytest.mark.rule("SVC-2")
@pytest.mark.parametrize(
    ("public", "expected"),
    [
        (True, UNKNOWN),
        (False, BLOCKED),
    ],
)
def test_the_public_address_of_a_database_whose_interface_is_not_in_the_snapshot_is_unknown(public: bool, expected: str) -> None:
    assert verdict(network(rds(public=public)), "internet", "orders", "tcp/5432") == expected


@pytest.mark.rule("SVC-2")
@pytest.mark.parametrize(("far", "expected"), [("sg-a", REACHABLE), ("203.0.113.0/24", BLOCKED)])
def test_inside_the_vpc_it_is_reached_by_its_private_address(far: str, expected: str) -> None:
    rows = [
        rds(groups=["sg-db"], public=True),
        rds_interface("eni-rds", "10.0.2.40", groups=["sg-db"], public="203.0.113.40"),
        group("sg-db", [rule("tcp/5432", far)]),
        eni_a(groups=["sg-a"], public=""),
        group("sg-a", []),
    ]
    assert verdict(network(*rows), "eni-a", "orders", "tcp/5432") == expected


@pytest.mark.rule("SVC-3")
@pytest.mark.parametrize(("groups", "expected"), [("sg-open", REACHABLE), ("sg-shut", BLOCKED)])
@pytest.mark.parametrize("on", [True, False])
def test_the_data_api_goes_past_every_group_and_is_told(groups: str, expected: str, on: bool) -> None:
    cluster = Row("DBClusters", "shop", {"DBClusterIdentifier": "shop", "HttpEndpointEnabled": on})
    member = rds("shop-1", groups=[groups], DBClusterIdentifier="shop")
    answer = ask(network(cluster, member, group("sg-shut", [])), "eni-a", "shop", "tcp/5432")
    assert answer.verdict == expected
    assert any("Data API" in one for one in answer.not_modelled) is on


@pytest.mark.rule("SVC-3")
@pytest.mark.parametrize(("value", "expected"), [("pii", REACHABLE), ("public", BLOCKED)])
def test_a_cluster_is_known_by_its_tags(value: str, expected: str) -> None:
    cluster = Row("DBClusters", "shop", {"DBClusterIdentifier": "shop", "TagList": [{"Key": "classification", "Value": value}]})
    member = rds("shop-1", groups=["sg-open"], DBClusterIdentifier="shop")
    other = rds("other", groups=["sg-shut"], TagList=[{"Key": "classification", "Value": "pii"}])
    world = network(cluster, member, other, group("sg-shut", []))
    assert verdict(world, "eni-a", "tag:classification=pii", "tcp/5432") == expected


@pytest.mark.rule("SVC-18")
@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, BLOCKED),
        ({"Description": "Primary network interface", "RequesterId": "", "RequesterManaged": False}, REACHABLE),
        ({"subnet": "subnet-c"}, REACHABLE),
        ({"groups": ["sg-open"]}, REACHABLE),
    ],
    ids=["RDS's own, its subnet, its groups", "not RDS's", "another subnet", "other groups"],
)
def test_an_interface_is_joined_by_requester_subnet_and_groups(fields: dict[str, Any], expected: str) -> None:
    """The interface is not in use, so that it shows in the verdict whether it was taken for the database's."""
    how = {"subnet": "subnet-b", "groups": ["sg-db"], "Status": "available", **fields}
    candidate = rds_interface("eni-x", "10.0.2.40" if how["subnet"] == "subnet-b" else "10.0.3.40", **how)
    world = network(ZONE_C, candidate, rds("orders", "subnet-b", groups=["sg-db"]), group("sg-db", OPEN))
    assert verdict(world, "eni-a", "orders", "tcp/5432") == expected


def test_that_several_interfaces_fit_is_told() -> None:
    many = [rds_interface("eni-1", "10.0.2.41"), rds_interface("eni-2", "10.0.2.42")]
    assert any("2 interfaces fit" in one for one in ask(network(rds(), many), "eni-a", "orders").not_modelled)


def test_that_its_interface_is_not_in_the_snapshot_is_told() -> None:
    assert any("its interface is not in the snapshot" in one for one in ask(network(rds()), "eni-a", "orders").not_modelled)


@pytest.mark.rule("SVC-1")
@pytest.mark.parametrize(("shut", "expected"), [(False, REACHABLE), (True, BLOCKED)])
def test_addresses_that_others_hold_are_not_the_databases(shut: bool, expected: str) -> None:
    """`eni-b` stands in the same subnet, with a group of its own: what it takes says nothing about the database."""
    rows = [rds(groups=["sg-db"]), group("sg-db", [] if shut else OPEN), interface("eni-b", B4, subnet="subnet-b")]
    assert verdict(network(*rows), "eni-a", "orders", "tcp/5432") == expected
    assert verdict(network(*rows), "eni-a", "eni-b", "tcp/5432") == REACHABLE


@pytest.mark.rule("SVC-1")
@pytest.mark.parametrize(("users", "expected"), [("sg-open", REACHABLE), ("sg-closed", BLOCKED)])
def test_databases_whose_interfaces_nobody_knows_do_not_hide_each_other(users: str, expected: str) -> None:
    """Both may be at any address of the subnet; each is judged by its own groups."""
    world = network(rds("orders"), rds("users", groups=[users]), group("sg-closed"))
    assert verdict(world, "eni-a", "rds:orders", "tcp/5432") == REACHABLE
    assert verdict(world, "eni-a", "rds:users", "tcp/5432") == expected
    assert verdict(world, "rds:users", "eni-a", "tcp/5432") == REACHABLE
