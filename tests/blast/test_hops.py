"""Hop after hop: small networks with a twin in which one fact differs."""

from __future__ import annotations

from datetime import date

import pytest

from analyzer import load
from analyzer.invariants import check
from analyzer.invariants.written import parsed
from analyzer.models.errors import QuestionError
from analyzer.network import Network

from ..semantics.build import SITE, balanced, eni_a, eni_b, group, instance, interface, network, rds, rds_interface, rule, site

DAY = date(2026, 7, 1)


def depths(network: Network, source: str, **how: object) -> dict[str, int]:
    return {one.endpoint.id: one.depth for one in network.blast_radius(source, **how).reached}  # type: ignore[arg-type]


def chain(admits: str) -> Network:
    """Return a, which may reach b alone, and c, which takes SSH from the group named."""
    groups = [
        group("sg-a", [], [rule("tcp/22", "10.0.2.0/24")]),
        group("sg-b", [rule("tcp/22", "sg-a")], [rule("tcp/22", "10.0.2.0/24")]),
        group("sg-c", [rule("tcp/22", admits)], []),
    ]
    c = interface("eni-c", "10.0.2.7", subnet="subnet-b", groups=["sg-c"])
    return network(*groups, eni_a(groups=["sg-a"]), eni_b(groups=["sg-b"]), c)


@pytest.mark.parametrize(("admits", "reached"), [("sg-b", {"eni-b": 1, "eni-c": 2}), ("sg-nobody", {"eni-b": 1})])
def test_a_host_that_is_held_sends_the_next_hop(admits: str, reached: dict[str, int]):
    found = depths(chain(admits), "eni-a", on="ssh")
    assert found == reached


def test_a_limit_of_hops_says_what_comes_beyond():
    found = chain("sg-b").blast_radius("eni-a", on="ssh", hops=1)
    assert [one.endpoint.id for one in found.reached] == ["eni-b"]
    assert (found.beyond.next_hop, found.beyond.any_hops) == (1, 1)


def test_into_is_the_inverse():
    found = chain("sg-b").into("eni-c", on="ssh")
    assert {one.endpoint.id: one.depth for one in found.reached} == {"eni-b": 1, "eni-a": 2}


@pytest.mark.parametrize(("health", "verdict"), [("healthy", "reachable"), ("unhealthy", "conditional")])
def test_a_host_behind_a_load_balancer_is_one_hop_away_and_as_sure_as_its_health(health: str, verdict: str):
    hosts = group("sg-hosts", [rule("tcp/8080", "sg-lb")])
    behind = network(*balanced(health=health), hosts, eni_b(groups=["sg-hosts"]))
    (found,) = (one for one in behind.blast_radius("eni-a", on="tcp").reached if one.endpoint.id == "eni-b")
    assert (found.depth, found.verdict, found.services) == (1, verdict, ["tcp/8080"])


@pytest.mark.parametrize(("hold", "goes_on"), [("hosts", False), ("all", True)])
def test_no_hop_goes_on_from_a_database_unless_everything_counts_as_held(hold: str, goes_on: bool):
    groups = [
        group("sg-a", [], [rule("tcp/5432", "10.0.2.0/24")]),
        group("sg-db", [rule("tcp/5432", "sg-a")]),
        group("sg-c", [rule("tcp/22", "sg-db")]),
    ]
    c = interface("eni-c", "10.0.2.7", subnet="subnet-b", groups=["sg-c"])
    db = [rds("orders", groups=["sg-db"]), rds_interface("eni-db", "10.0.2.8", groups=["sg-db"])]
    found = depths(network(*groups, eni_a(groups=["sg-a"]), *db, c), "eni-a", hold=hold)
    assert "eni-db" in found
    assert ("eni-c" in found) is goes_on


def beside(*, attached: bool) -> Network:
    """Return a, b, which takes SSH from a, another interface, of the same instance or of none, and c, which takes SSH from that one."""
    groups = [
        group("sg-a", [], [rule("tcp/22", "10.0.2.0/24")]),
        group("sg-b", [rule("tcp/22", "sg-a")], []),
        group("sg-out", []),
        group("sg-c", [rule("tcp/22", "sg-out")]),
    ]
    both = {"Attachment": {"InstanceId": "i-b"}}
    b = interface("eni-b", "10.0.2.5", subnet="subnet-b", groups=["sg-b"], **both)
    other = interface("eni-b2", "10.0.2.6", subnet="subnet-b", groups=["sg-out"], **(both if attached else {}))
    c = interface("eni-c", "10.0.2.7", subnet="subnet-b", groups=["sg-c"])
    return network(*groups, eni_a(groups=["sg-a"]), b, other, c, instance("i-b"))


@pytest.mark.parametrize("attached", [True, False])
def test_a_host_falls_with_all_its_interfaces(attached: bool):
    assert ("eni-c" in depths(beside(attached=attached), "eni-a", on="ssh")) is attached


def test_a_grain_that_is_none_is_refused():
    with pytest.raises(QuestionError):
        chain("sg-b").blast_radius("eni-a", by="colour")


@pytest.mark.parametrize(("attached", "holds"), [(True, False), (False, True)])
def test_the_invariant_takes_whole_hosts_too(attached: bool, holds: bool):
    world = beside(attached=attached)
    text = "invariants:\n- name: it\n  blast_radius: {from: eni-a, never: eni-c, on: ssh}"
    outcome = check(world.snapshot, parsed(text, "inv.yaml"), DAY)
    assert outcome.holds is holds
    assert [(one.source.id, one.target.id, one.verdict) for one in outcome.violations] == (
        [] if holds else [("eni-a", "eni-c", "reachable")]
    )


def test_the_own_interfaces_of_a_host_are_not_reached():
    # Of an instance that the snapshot does not hold two interfaces tell that they belong together.
    both = {"Attachment": {"InstanceId": "i-gone"}}
    ends = [interface(id, address, subnet="subnet-b", **both) for id, address in (("eni-x", "10.0.2.5"), ("eni-y", "10.0.2.6"))]
    world = network(*ends)
    found = {one.endpoint.id for one in world.blast_radius("eni-x").reached}
    assert found
    assert not {"eni-x", "eni-y"} & found
    text = "invariants:\n- name: it\n  blast_radius: {from: eni-x, never: eni-y}"
    assert check(world.snapshot, parsed(text, "inv.yaml"), DAY).holds


NOWHERE = "no interface in the snapshot owns the {}, and no VPN, Direct Connect or transit gateway knows its prefix"


@pytest.mark.parametrize("block", ["10.99.0.0/16", "10.0.99.0/24"], ids=["of no VPC", "of a VPC"])
def test_addresses_that_nobody_has_are_said_to_be_nobodys(block: str):
    demo = load("demo")
    assert demo.blast_radius(block).notes == [f"{block}: {NOWHERE.format('source')}"]
    assert demo.into(block).notes == [f"{block}: {NOWHERE.format('target')}"]
    (line,) = demo.reach(block, "rds:orders").pairs[0].blockers
    assert line.text == NOWHERE.format("source")


def test_addresses_that_a_vpn_knows_or_somebody_has_are_not():
    behind = network(*site(), eni_a(groups=["sg-open"]), group("sg-open", [rule("tcp/22", SITE)]))
    for one in (behind.blast_radius(SITE), load("demo").blast_radius("10.0.1.10")):
        assert one.reached
        assert not any("owns" in note for note in one.notes)


def test_of_several_sources_those_that_are_nowhere_are_told():
    notes = load("demo").blast_radius("10.99.0.1 or 10.0.1.10").notes
    assert notes[-1] == f"10.99.0.1: {NOWHERE.format('source')}"


@pytest.mark.parametrize(
    ("verb", "selector", "note"),
    [
        ("blast", "nat-0beedccac71f0cfa3", "eni-0fad71bc9850ffdc6: a nat_gateway interface never starts a connection"),
        ("blast", "vpce-07106a00ac3d30a1e", "vpce-07106a00ac3d30a1e: only answers; it starts no connection"),
        ("blast", "app-3", "eni-032d81ae50e74bde9: not working now"),
        ("into", "nat-0beedccac71f0cfa3", "`reach from any to nat-0beedccac71f0cfa3` tells what stops it"),
    ],
)
def test_where_nothing_is_met_it_says_why_or_which_question_tells(verb: str, selector: str, note: str):
    demo = load("demo")
    assert (demo.blast_radius(selector) if verb == "blast" else demo.into(selector)).notes == [note]
