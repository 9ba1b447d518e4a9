"""How many mistakes lie between two endpoints: pairs counted by hand, and no single edit that opens what takes two."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import pytest

from analyzer import load
from analyzer.ask import couples
from analyzer.depth import Depth, depth
from analyzer.edit import Edit, edited
from analyzer.models.errors import ReachError
from analyzer.models.packet import TCP, services_of
from analyzer.models.service import parse_services
from analyzer.models.snapshot import Snapshot
from analyzer.models.verdict import Verdict
from analyzer.network import Network
from analyzer.reach import Flows
from analyzer.select import select

from ..semantics.build import (
    A4,
    RANGES,
    SITE,
    SITE_HOST,
    TO_VPC_1,
    TO_VPC_2,
    V4,
    V6,
    Row,
    acl,
    attachment,
    eni_a,
    eni_b,
    group,
    igw,
    interface,
    main_table,
    network,
    peered,
    prefix_list,
    route,
    route_table,
    rule,
    second_vpc,
    seen_attachment,
    tgw_table,
    transit,
    vpn,
)
from .conftest import checked
from .single_edits import single

SHUT = group("sg-shut", [], [])
DENY = acl("acl-shut", "subnet-b", inbound=[], outbound=[])


def of(network: Network, source: str, target: str, on: str = "ssh", below: int = 9) -> Depth:
    world = network.snapshot
    return depth(world, select(source, world)[0], select(target, world)[0], parse_services(on), below)


def without_v6(**fields: Any) -> Any:
    return eni_b(addresses=("10.0.2.10",), **fields)


def elsewhere(row: Row) -> Row:
    return row._replace(fields={**row.fields, "OwnerId": "999900009999"})


# Each with the edits that it takes, counted by hand.
ROWS = [
    # Everything passes.
    (network(), "internet", "eni-b", 0),
    # A rule of the target's group.
    (network(SHUT, eni_b(groups=["sg-shut"])), "eni-a", "eni-b", 1),
    # A rule out of the source's group, and one into the target's. No rule names a group, so no association does both.
    (network(SHUT, eni_a(groups=["sg-shut"]), eni_b(groups=["sg-shut"])), "eni-a", "eni-b", 2),
    # The same, but the target admits a group that lets everything out: the source joins it.
    (
        network(SHUT, group("sg-in", [rule("tcp/22", "sg-open")]), eni_a(groups=["sg-shut"]), eni_b(groups=["sg-in"])),
        "eni-a",
        "eni-b",
        1,
    ),
    # The group is named on another service: joining it opens one end only.
    (
        network(SHUT, group("sg-in", [rule("tcp/80", "sg-open")]), eni_a(groups=["sg-shut"]), eni_b(groups=["sg-in"])),
        "eni-a",
        "eni-b",
        2,
    ),
    # The rule, and an ACL shut in both directions: the subnet gets the open ACL by one association.
    (network(SHUT, DENY, eni_b(groups=["sg-shut"])), "eni-a", "eni-b", 2),
    # Both subnets in one shut ACL, and there is no other: a rule, one entry in and one out. The entry out serves request and reply.
    (network(SHUT, acl("acl-open", default=True, inbound=[], outbound=[]), eni_b(groups=["sg-shut"])), "eni-a", "eni-b", 3),
    # An address and the rule; routes are there.
    (network(SHUT, without_v6(groups=["sg-shut"], public="")), "internet", "eni-b", 2),
    # An address, the rule, and a route for the reply.
    (network(SHUT, main_table(), without_v6(groups=["sg-shut"], public="")), "internet", "eni-b", 3),
    # Peered VPCs whose groups are open, without a route back.
    (
        network(peered(), second_vpc(), route_table("rtb-main-2", vpc="vpc-2", main=True)),
        "eni-a",
        "eni-p",
        1,
    ),
]

# A list that both ends name: one block of it opens both.
NAMED = [group("sg-out", [], [rule("tcp/22", "pl-1")]), group("sg-in", [rule("tcp/22", "pl-1")])]
LISTED = [*prefix_list("pl-1", "192.0.2.0/24"), eni_a(groups=["sg-out"]), eni_b(groups=["sg-in"])]
REFERS = group("sg-p", [rule("all", "sg-open")], vpc="vpc-2")
HOLE = {"DestinationCidrBlock": RANGES["vpc-2"][0], "Type": "static", "State": "blackhole"}
ROWS += [
    (network(NAMED, LISTED), "eni-a", "eni-b", 1),
    # Of another service the list says nothing.
    (network(NAMED, group("sg-in", [rule("tcp/80", "pl-1")]), LISTED), "eni-a", "eni-b", 2),
    # AWS's own list, which nobody else edits.
    (network(NAMED, LISTED, prefix_list("pl-1", "192.0.2.0/24", OwnerId="AWS")), "eni-a", "eni-b", 2),
    # A route and a rule that name the same list.
    (
        network(
            group("sg-in", [rule("tcp/22", "pl-1")]),
            prefix_list("pl-1", "10.9.0.0/16"),
            main_table(("pl-1", "igw-1")),
            without_v6(groups=["sg-in"]),
        ),
        "internet",
        "eni-b",
        1,
    ),
    # A peering that waits is accepted: its packets pass, and a rule that names the peer's group counts.
    (network(peered(status="pending-acceptance"), REFERS), "eni-a", "eni-p", 1),
    # One that is deleted, or was never there, is more than a mistake.
    (network(peered(status="deleted")), "eni-a", "eni-p", 9),
    (network(second_vpc()), "eni-a", "eni-p", 9),
    # The gateway is there, at no VPC; then the rule as well.
    (network(igw(vpc="")), "internet", "eni-b", 1),
    (network(igw(vpc=""), SHUT, eni_b(groups=["sg-shut"])), "internet", "eni-b", 2),
    (network(igw(vpc=""), SHUT, without_v6(groups=["sg-shut"], public="")), "internet", "eni-b", 3),
    (network(igw(vpc="")), "eni-b", "internet", 1),
    # It is at another VPC: it is detached there before. It stays in its account; and where there is none, no edit helps.
    (network(second_vpc(), igw(vpc="vpc-2")), "eni-b", "internet", 2),
    (network(second_vpc(), igw(vpc="vpc-2")), "internet", "eni-b", 2),
    (network(second_vpc(), elsewhere(igw(vpc="vpc-2"))), "eni-b", "internet", 9),
    (network(without=["igw-1"]), "internet", "eni-b", 9),
    # Attachments of a transit gateway: without a table, with a blackhole, without a route.
    (network(transit(), attachment("tgw-attach-1", "vpc-1", "subnet-t1", table="")), "eni-a", "eni-p", 1),
    (network(transit(), tgw_table("tgw-rtb-1", *TO_VPC_1, HOLE)), "eni-a", "eni-p", 1),
    (network(transit(), tgw_table("tgw-rtb-1", *TO_VPC_2)), "eni-a", "eni-p", 1),
    (network(transit(), tgw_table("tgw-rtb-1")), "eni-a", "eni-p", 2),
    (
        network(
            transit(),
            tgw_table("tgw-rtb-1"),
            tgw_table("tgw-rtb-2"),
            attachment("tgw-attach-2", "vpc-2", "subnet-t2", table="tgw-rtb-2"),
        ),
        "eni-a",
        "eni-p",
        2,
    ),
]

ON_HUB = vpn("vpn-1", VpnGatewayId="", TransitGatewayId="tgw-1")
ROWS += [
    # The table of the transit gateway lacks the route to a site that is attached to it.
    (
        network(transit(), ON_HUB, seen_attachment("tgw-attach-v", "vpn", "vpn-1"), main_table((SITE, "tgw-1"))),
        "eni-a",
        SITE_HOST,
        1,
    ),
    # The local route was given another target.
    (
        network(
            main_table(route(RANGES["vpc-1"][0], "igw-1"), local=[]), eni_a(addresses=(A4,), public=""), without_v6(public="")
        ),
        "eni-a",
        "eni-b",
        1,
    ),
]


def test_of_more_ties_than_are_tried_the_least_bound_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["analyzer.depth.families"], "MOST_TIES", 0)
    found = of(network(peered(status="pending-acceptance"), SHUT, eni_b(groups=["sg-shut"])), "eni-a", "eni-b")
    assert (found.least, found.most) == (1, None)


def test_a_route_that_stands_before_another_may_be_taken_away() -> None:
    number = RANGES["vpc-2"][0].split(".")[1]
    before = [(f"10.{number}.1.0/24", "igw-1"), (f"2001:db8:0:{number}01::/64", "igw-1")]
    led = network(peered(), main_table(*((one, "pcx-1") for one in RANGES["vpc-2"]), *before))
    assert of(network(peered()), "eni-a", "eni-p").least == 0
    assert (of(led, "eni-a", "eni-p").least, of(led, "eni-a", "eni-p").most) == (1, 1)


@pytest.mark.parametrize(("world", "source", "target", "mistakes"), ROWS)
def test_pairs_counted_by_hand(world: Network, source: str, target: str, mistakes: int) -> None:
    found = of(world, source, target)
    assert (found.least, found.most) == (mistakes, mistakes if mistakes < 9 else None)
    # As people would write them into a file.
    assert [Edit.model_validate(one.model_dump(by_alias=True, exclude_none=True)) for one in found.edits] == list(found.edits)
    if found.edits:
        after = Network(edited(world.snapshot, found.edits))
        assert world.reach(source, target, "ssh").verdict is Verdict.BLOCKED
        assert after.reach(source, target, "ssh").verdict is not Verdict.BLOCKED


def test_what_needs_no_reply_needs_no_way_back() -> None:
    world = network(acl("acl-open", default=True, inbound=[(100, "allow", "all", V4)], outbound=[]))
    assert (of(world, "eni-a", "eni-b", "udp/53").least, of(world, "internet", "eni-b", "udp/53").least) == (1, 0)
    assert of(world, "internet", "eni-b", "ssh").least == 1


def test_the_port_of_the_client_may_be_any_that_it_has() -> None:
    some = [(100, "allow", "tcp/2000-2010", V4)]
    world = network(SHUT, acl("acl-b", "subnet-b", outbound=some), eni_b(groups=["sg-shut"]))
    assert of(world, "internet", "eni-b").least == 1


def test_another_family_may_be_nearer() -> None:
    v6 = group("sg-v6", [rule("tcp/22", V6)])
    world = network(v6, main_table((V6, "igw-1")), without_v6(groups=["sg-v6"], public=""))
    found = of(world, "internet", "eni-b")
    assert (found.least, found.most) == (1, 1)
    assert found.edits[0].add is not None
    assert found.edits[0].add.address is not None


def test_what_may_pass_now_has_no_mistake_before_it() -> None:
    world = network(acl("acl-b", "subnet-b", outbound=[(100, "allow", "tcp/1024-40000", V4)]))
    found = of(world, "internet", "eni-b")
    assert (found.verdict, found.least, found.most) == (Verdict.CONDITIONAL, 0, None)


@pytest.mark.parametrize(("least", "holds"), [(1, True), (2, True), (3, False)])
def test_a_minimum_of_mistakes(least: int, holds: bool) -> None:
    world = network(SHUT, without_v6(groups=["sg-shut"], public=""))
    outcome = checked(world, f"min_depth: {{from: internet, to: eni-b, on: ssh, at_least: {least}}}")
    assert outcome.holds is holds
    if not holds:
        (one,) = outcome.violations
        assert one.text == "only 2 mistakes lie between internet and eni-b"
        assert {each.resource for each in one.blockers} == {"eni-b", "sg-shut"}
        assert one.mistakes is not None
        assert len(one.mistakes.edits) == one.mistakes.least == 2


def test_what_is_not_certain_counts_against_whoever_wrote_it() -> None:
    world = network(without=["acl-open"])
    (one,) = checked(world, "min_depth: {from: eni-a, to: eni-b, on: ssh, at_least: 1}").violations
    assert (one.verdict.value, one.doubtful) == ("unknown", ["tcp/22"])


@pytest.mark.parametrize(
    ("exempt", "holds", "ignored"),
    [
        ("except: [{to: eni-b}]", True, 0),
        ("except: [{to: eni-b, on: https}]", False, 0),  # not on every service that is asked for
        ("ignore: [{flow: {to: eni-b}, until: 2026-12-31, reason: x}]", True, 1),
    ],
)
def test_exceptions_are_about_whole_pairs(exempt: str, holds: bool, ignored: int) -> None:
    outcome = checked(network(), f"min_depth: {{from: internet, to: eni-b, on: ssh, at_least: 1}}\n  {exempt}")
    assert (outcome.holds, len(outcome.ignored)) == (holds, ignored)


# ---------------------------------------------------------------------- against every single edit
def interface_shut() -> Any:
    return interface("eni-s", "10.0.2.30", subnet="subnet-b", groups=["sg-shut"])


def twins(world: Snapshot) -> Iterator[tuple[Edit, Snapshot]]:
    for one in single(world):
        edit = Edit.model_validate(one)
        try:
            yield edit, edited(world, [edit])
        except ReachError:
            continue


def opened(flows: Flows) -> set[tuple[str, str]]:
    return {(one.id, other.id) for one, other in couples(flows) if flows.of(one, other).verdict is not Verdict.BLOCKED}


@pytest.mark.parametrize("name", ["demo", "peered", "shut", "waiting", "without gateway", "transit", "listed"])
def test_no_single_edit_opens_what_takes_two(name: str) -> None:
    worlds = {
        "waiting": lambda: network(peered(status="pending-acceptance"), SHUT, eni_b(groups=["sg-shut"]), main_table()),
        "without gateway": lambda: network(igw(vpc=""), SHUT, second_vpc(), eni_b(groups=["sg-shut"]), main_table()),
        "transit": lambda: network(
            transit(),
            tgw_table("tgw-rtb-1", *TO_VPC_1, HOLE),
            tgw_table("tgw-rtb-2", *TO_VPC_2),
            SHUT,
            eni_b(groups=["sg-shut"]),
            attachment("tgw-attach-1", "vpc-1", "subnet-t1", table="tgw-rtb-2"),
        ),
        "listed": lambda: network(NAMED, LISTED, main_table(("pl-1", "igw-1")), SHUT, interface_shut()),
        "peered": lambda: network(peered(), SHUT, DENY, eni_b(groups=["sg-shut"]), main_table(), without=["rtb-p"]),
        "shut": lambda: network(SHUT, DENY, eni_a(groups=["sg-shut"], public=""), without_v6(groups=["sg-shut"], public="")),
    }
    world = worlds[name]().snapshot if name in worlds else load(name).snapshot
    ends = [*(one for one in select("any", world) if one.interface), *select("internet", world)]
    asked = services_of(TCP, 22, 22) | services_of(TCP, 5432, 5432)
    far = [
        (one, other) for one, other in couples(Flows(world, ends, ends, asked)) if depth(world, one, other, asked, 2).least > 1
    ]
    assert len(far) > 3
    names = {(one.id, other.id) for one, other in far}
    for edit, twin in twins(world):
        again = [*(one for one in select("any", twin) if one.interface), *select("internet", twin)]
        assert not opened(Flows(twin, again, again, asked, there_only=True)) & names, edit
