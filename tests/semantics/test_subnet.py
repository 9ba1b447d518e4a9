"""Subnets and VPCs: what leaves and enters, shared subnets, zones, and what stands in no subnet."""

from __future__ import annotations

import pytest

from .build import (
    A4,
    ACCOUNT,
    B4,
    BLOCKED,
    OPEN,
    OTHER_ACCOUNT,
    REACHABLE,
    UNKNOWN,
    V4,
    V6,
    acl,
    ask,
    codes,
    eni_b,
    group,
    interface,
    main_table,
    network,
    peered,
    peering,
    route_table,
    rule,
    subnet,
    verdict,
    vpc,
)

SHARED = [
    subnet("subnet-s", "10.0.5.0/24"),
    interface("eni-1", "10.0.5.1", subnet="subnet-s", groups=["sg-1"], OwnerId=OTHER_ACCOUNT),
    interface("eni-2", "10.0.5.2", subnet="subnet-s", groups=["sg-2"], OwnerId="333333333333"),
    group("sg-1", [], OwnerId=OTHER_ACCOUNT),
    group("sg-2", OPEN, OwnerId="333333333333"),
]


@pytest.mark.rule("SHR-1")
@pytest.mark.parametrize(("rules", "expected"), [(OPEN, REACHABLE), ([], BLOCKED)])
def test_between_participants_of_a_vpc_groups_decide(rules: list[object], expected: str) -> None:
    world = network(SHARED, group("sg-2", rules, OwnerId="333333333333"))
    assert verdict(world, "eni-1", "eni-2", "tcp/443") == expected


@pytest.mark.rule("SHR-1")
@pytest.mark.parametrize(("outbound", "expected"), [(None, REACHABLE), ([], BLOCKED)])
def test_and_the_owners_acls_and_tables(outbound: list[tuple[int, str, str, str]] | None, expected: str) -> None:
    owners = acl("acl-s", "subnet-s", outbound=outbound)
    assert verdict(network(SHARED, owners), "eni-1", "eni-b", "tcp/443") == expected


@pytest.mark.rule("SHR-3")
@pytest.mark.parametrize(("far", "expected"), [("sg-1", REACHABLE), ("sg-9", BLOCKED)])
def test_a_rule_may_name_the_group_of_another_participant(far: str, expected: str) -> None:
    ours = group("sg-2", [rule("tcp/443", far, UserId=OTHER_ACCOUNT)], OwnerId="333333333333")
    assert verdict(network(SHARED, ours), "eni-1", "eni-2", "tcp/443") == expected


@pytest.mark.rule("SHR-2")
@pytest.mark.parametrize(("without", "expected"), [([], REACHABLE), (["NetworkAcls"], UNKNOWN), (["RouteTables"], UNKNOWN)])
def test_what_only_the_owner_can_read_is_unknown_without_the_owner(without: list[str], expected: str) -> None:
    world = network(peered(), SHARED, without=without)
    target = "eni-b" if without != ["RouteTables"] else "198.51.100.7"
    source = "eni-1" if without != ["RouteTables"] else "eni-a"
    assert verdict(world, source, target, "tcp/443") == (expected if without else REACHABLE)


# ---------------------------------------------------------------------- what was not collected
@pytest.mark.rule("LIM-7")
@pytest.mark.parametrize(
    ("without", "target", "expected"),
    [
        ([], "eni-b", REACHABLE),
        (["NetworkAcls"], "eni-b", UNKNOWN),
        (["NetworkAcls"], "eni-a2", REACHABLE),
        (["RouteTables"], "eni-b", REACHABLE),
        (["RouteTables"], "198.51.100.7", UNKNOWN),
        (["SecurityGroups"], "eni-b", UNKNOWN),
        (["SecurityGroups"], "eni-a2", UNKNOWN),
        (["Reservations"], "eni-b", REACHABLE),
        (["Vpcs"], "eni-b", UNKNOWN),
        (["Subnets"], "eni-b", UNKNOWN),
    ],
    ids=[
        "everything collected",
        "no ACLs",
        "no ACLs, same subnet",
        "no route tables: local may be assumed",
        "no route tables",
        "no groups",
        "no groups, same subnet",
        "no instances",
        "no VPCs",
        "no subnets",
    ],
)
def test_a_document_that_is_absent_makes_unknown_what_depends_on_it(without: list[str], target: str, expected: str) -> None:
    assert verdict(network(without=without), "eni-a", target, "tcp/443") == expected


@pytest.mark.rule("LIM-7")
@pytest.mark.parametrize(
    ("without", "expected"),
    [
        (["eni-b"], BLOCKED),
        (["NetworkInterfaces"], UNKNOWN),
    ],
    ids=["nobody holds the address", "interfaces were not collected"],
)
def test_who_holds_an_address_is_unknown_where_interfaces_were_not_collected(without: list[str], expected: str) -> None:
    """From a peer, so that the sender is known by its address alone."""
    world = network(peering(), main_table(("10.2.0.0/16", "pcx-1")), without=without)
    assert verdict(world, "10.2.1.10", B4, "udp/53") == expected


@pytest.mark.rule("SHR-2")
@pytest.mark.parametrize(
    ("owner", "expected"),
    [
        (ACCOUNT, BLOCKED),
        (OTHER_ACCOUNT, UNKNOWN),
    ],
    ids=["our VPC", "a shared VPC of another account"],
)
def test_an_address_in_a_vpc_of_another_account_may_be_another_participants(owner: str, expected: str) -> None:
    shared = [vpc(OwnerId=owner), subnet("subnet-b", "10.0.2.0/24", "2001:db8:0:102::/64", zone="b", OwnerId=owner)]
    assert verdict(network(shared, without=["eni-b"]), "eni-a", B4, "tcp/443") == expected


@pytest.mark.rule("LIM-7")
@pytest.mark.parametrize(("service", "expected"), [("tcp/443", UNKNOWN), ("tcp/444", BLOCKED)])
def test_one_group_that_is_not_there_leaves_open_what_the_others_deny(service: str, expected: str) -> None:
    """The group in the snapshot admits tcp/443 from nobody here; `sg-theirs` may."""
    rows = [eni_b(groups=["sg-b", *(["sg-theirs"] if service == "tcp/443" else [])]), group("sg-b", [rule("tcp/22", V4)])]
    assert verdict(network(*rows), "eni-a", B4, service) == expected
    assert verdict(network(*rows), "eni-a", B4, "tcp/22") == REACHABLE


@pytest.mark.rule("NACL-1")
@pytest.mark.parametrize(("default", "expected"), [(True, REACHABLE), (False, UNKNOWN)])
def test_without_a_default_acl_nothing_is_known(default: bool, expected: str) -> None:
    assert verdict(network(acl("acl-open", default=default)), "eni-a", "eni-b", "tcp/443") == expected


@pytest.mark.rule("RT-1")
@pytest.mark.parametrize(("main", "expected"), [(True, REACHABLE), (False, UNKNOWN)])
def test_without_a_main_table_nothing_but_local_is_known(main: bool, expected: str) -> None:
    world = network(route_table("rtb-main", (V4, "igw-1"), (V6, "igw-1"), main=main))
    assert verdict(world, "eni-a", "198.51.100.7", "tcp/443") == expected
    assert verdict(world, "eni-a", "eni-b", "tcp/443") == REACHABLE


# ---------------------------------------------------------------------- zones, addresses, resolvers
@pytest.mark.rule("DNS-4")
@pytest.mark.parametrize(("source", "expected"), [("eni-a", REACHABLE), ("eni-p", BLOCKED)], ids=["in its VPC", "from a peer"])
def test_the_resolver_of_a_vpc_answers_nobody_outside_of_it(source: str, expected: str) -> None:
    world = network(peered(), subnet("subnet-0", "10.0.0.0/24"))
    assert verdict(world, source, "10.0.0.2", "udp/53") == expected


@pytest.mark.rule("RT-26")
@pytest.mark.parametrize(("source", "expected"), [(A4, REACHABLE), ("10.0.1.99", BLOCKED), ("10.77.0.1", BLOCKED)])
def test_a_private_source_that_nobody_owns_comes_from_nowhere(source: str, expected: str) -> None:
    answer = ask(network(), source, "eni-b", "tcp/443")
    assert answer.verdict == expected
    assert codes(answer) == (set() if expected == REACHABLE else {"NO_SOURCE_OR_DESTINATION"})
