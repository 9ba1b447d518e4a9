"""What an invariant leaves out: exceptions for good, ignores until a day; and what a baseline holds already."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from analyzer.invariants.baseline import against, read_baseline
from analyzer.models.check import Check
from analyzer.models.errors import InputError
from analyzer.report.check import render

from ..semantics.build import (
    A_PUBLIC,
    V4,
    acl,
    balanced,
    eni_a,
    eni_b,
    group,
    interface,
    network,
    peered,
    route_table,
    rule,
    subnet,
    vpc,
)
from .conftest import checked, pairs

SSH = group("sg-ssh", [rule("tcp/22", V4)])
OFFICE = group("sg-office", [rule("tcp/22", "198.51.100.0/24"), rule("tcp/443", "198.51.100.0/24")])


def denied(world: object, *, exceptions: str = "", ignore: str = "", today: date = date(2026, 7, 1)) -> Check:
    return checked(world, _demand(exceptions, ignore), today)  # type: ignore[arg-type]


def _demand(exceptions: str, ignore: str) -> str:
    lines = ["deny: {from: internet, to: eni-b}"]
    lines += [f"except: [{exceptions}]"] if exceptions else []
    lines += [f"ignore: [{ignore}]"] if ignore else []
    return "\n  ".join(lines)


# ---------------------------------------------------------------------- exceptions
@pytest.mark.parametrize(
    ("exception", "left"),
    [  # what is left out                                          the services that still count
        ("{from: 198.51.100.0/24}", []),
        ("{from: 198.51.100.0/25}", ["tcp/22", "tcp/443"]),
        ("{from: 198.51.100.0/24, on: ssh}", ["tcp/443"]),
        ("{from: [198.51.100.0/25, 198.51.100.128/25], on: 'ssh,https'}", []),
        ("{from: 10.0.0.0/8}", ["tcp/22", "tcp/443"]),
        ("{to: eni-b, on: https}", ["tcp/22"]),
        ("{to: eni-a}", ["tcp/22", "tcp/443"]),
        ("{from: internet, to: eni-b}", []),
        ("{to: 203.0.113.20}", []),
        ("{to: 203.0.113.10}", ["tcp/22", "tcp/443"]),
    ],
)
def test_an_exception_takes_out_its_own_packets_and_no_others(exception: str, left: list[str]) -> None:
    outcome = denied(network(OFFICE, eni_b(groups=["sg-office"])), exceptions=exception)
    assert [one.services for one in outcome.violations] == ([left] if left else [])


def test_the_witness_is_none_of_the_exceptions() -> None:
    outcome = denied(network(OFFICE, eni_b(groups=["sg-office"])), exceptions="{from: 198.51.100.0/25}")
    assert outcome.violations[0].path[0].packet.source == "198.51.100.128"


def test_an_interface_is_left_out_by_its_id_and_not_by_its_address() -> None:
    demand = "deny: {from: 10.0.0.0/8, to: eni-b, on: ssh}\n  except: [{from: %s}]"
    assert not checked(network(peered()), demand % "[eni-a, eni-a2]").holds, "the peer is left"
    only_a = group("sg-a", [rule("tcp/22", "10.0.1.10/32")])
    world = network(only_a, eni_b(groups=["sg-a"]))
    assert checked(world, demand % "eni-a").holds
    assert not checked(world, demand % "eni-a2").holds


def test_what_a_load_balancer_passes_on_is_not_left_out_by_the_address_of_the_target() -> None:
    world = network(balanced())
    assert pairs(denied(world, exceptions="{to: 10.0.2.10}")) == {("internet", "eni-b")}
    assert denied(world, exceptions="{to: eni-b}").holds


def test_an_exception_helps_an_allow_too() -> None:
    world = network(SSH, eni_b(groups=["sg-ssh"]))
    demand = "allow: {from: internet, to: [eni-a, eni-b], on: 'ssh,https'}"
    assert not checked(world, demand).holds
    assert checked(world, f"{demand}\n  except: [{{to: eni-b, on: https}}]").holds


def test_unknown_is_left_out_only_as_a_whole() -> None:
    world = network(group("sg-shut"), eni_b(groups=["sg-shut"]), without=["Vpcs"])
    assert denied(world, exceptions="{from: internet}").holds
    assert not denied(world, exceptions="{from: internet, on: ssh}").holds


def test_an_interface_of_another_vpc_with_the_same_address_is_not_left_out() -> None:
    twin = [
        vpc("vpc-2", "10.0.0.0/16"),
        subnet("subnet-t", "10.0.1.0/24", vpc="vpc-2"),
        group("sg-t", vpc="vpc-2"),
        acl("acl-t", default=True, vpc="vpc-2"),
        route_table("rtb-t", main=True, vpc="vpc-2"),
        interface("eni-t", "10.0.1.10", subnet="subnet-t", vpc="vpc-2", groups=["sg-t"]),
    ]
    demand = "deny: {from: 10.0.1.10, to: eni-b, on: ssh}\n  except: [{from: %s}]"
    assert not checked(network(twin), demand % "eni-t").holds
    assert checked(network(twin), demand % "eni-a").holds


def test_every_line_that_lets_it_through_is_told() -> None:
    both = group("sg-too", [rule("tcp/22", "198.51.100.0/24"), rule("tcp/20-30", V4)])
    (one,) = denied(network(SSH, both, eni_b(addresses=("10.0.2.10",), groups=["sg-ssh", "sg-too"]))).violations
    lines = {(line.resource, line.line) for line in one.lines if line.place == "eni-b"}
    assert {("sg-ssh", "inbound tcp/22 from 0.0.0.0/0"), ("sg-too", "inbound tcp/20-30 from 0.0.0.0/0")} <= lines


# ---------------------------------------------------------------------- ignores
IGNORE = "{flow: {from: internet, to: eni-b%s}, until: 2026-12-31, reason: TICKET-12}"


@pytest.mark.parametrize(
    ("today", "holds", "expired"),
    [
        (date(2026, 12, 31), True, []),
        (date(2027, 1, 1), False, ["TICKET-12: expired on 2026-12-31"]),
    ],
    ids=["on the last day", "a day later"],
)
def test_an_ignore_ends_with_its_day(today: date, holds: bool, expired: list[str]) -> None:
    outcome = denied(network(), ignore=IGNORE % "", today=today)
    assert (outcome.holds, outcome.invariants[0].expired) == (holds, expired)
    assert [one.ignored for one in outcome.ignored] == (["TICKET-12"] if holds else [])
    assert ("no longer ignored: TICKET-12: expired on 2026-12-31" in render(outcome, "text")) is not holds


def test_what_an_ignore_does_not_cover_counts() -> None:
    outcome = denied(network(OFFICE, eni_b(groups=["sg-office"])), ignore=IGNORE % ", on: ssh")
    assert [one.services for one in outcome.violations] == [["tcp/443"]]
    assert outcome.ignored == []


# ---------------------------------------------------------------------- baselines
def later(before: Check, now: Check) -> list[bool]:
    """Whether each violation is new against what was written before."""
    outcome = against(now, read_baseline(render(before, "json").encode(), "b.json"))
    assert outcome.holds is not any(one.new for one in outcome.violations)
    return [one.new for one in outcome.violations]


def test_what_a_baseline_holds_is_not_new() -> None:
    outcome = denied(network(OFFICE, eni_b(groups=["sg-office"])))
    assert later(outcome, outcome) == [False]
    assert later(denied(network(group("sg-shut"), eni_b(groups=["sg-shut"]))), outcome) == [True]


def test_a_pair_that_got_worse_is_new() -> None:
    narrow = denied(network(SSH, eni_b(groups=["sg-ssh"])))
    wide = denied(network(OFFICE, eni_b(groups=["sg-office"])))
    assert later(narrow, wide) == [True]
    assert later(wide, narrow) == [False]


def test_what_became_certain_is_new() -> None:
    sure = denied(network(SSH, eni_b(groups=["sg-ssh"])))
    (one,) = sure.violations
    perhaps = msgspec.structs.replace(sure, violations=[msgspec.structs.replace(one, services=[], doubtful=["tcp/22"])])
    assert later(perhaps, sure) == [True]
    assert later(sure, perhaps) == [False]


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", '{"schema": "reach/check/2", "holds": true, "invariants": []}', "\udcff", "[" * 9999]
)
def test_what_is_no_baseline_is_refused(text: str) -> None:
    with pytest.raises(InputError) as error:
        read_baseline(text.encode("utf-8", "surrogateescape"), "b.json")
    assert str(error.value).startswith("cannot read `b.json`: ")


# ---------------------------------------------------------------------- large networks
@pytest.mark.parametrize(
    "demand",
    [
        "deny: {from: any or internet, to: any or internet}",
        "deny: {from: any or internet or 10.0.1.10, to: any or internet, on: ssh}",
        "isolate: [eni-a, eni-b, internet]",
        "allow_only: {from: eni-a, to: [eni-b, eni-a2], on: ssh}",
    ],
)
def test_many_pairs_are_judged_as_few_are(demand: str, monkeypatch: pytest.MonkeyPatch) -> None:
    world = network(SSH, balanced(), peered(), eni_b(groups=["sg-ssh"]), eni_a(public=A_PUBLIC))
    few = checked(world, demand)
    monkeypatch.setattr("analyzer.invariants.bans.MANY", 0)
    monkeypatch.setattr("analyzer.invariants.crowds.Crowds.more_than", lambda *_: False)
    many = checked(world, demand)
    key = lambda one: (one.source.id, one.target.id)  # noqa: E731
    assert sorted(few.violations, key=key) == sorted(many.violations, key=key)
    assert few.violations


@pytest.mark.parametrize("on", [None, "ssh", "https"])
def test_deny_and_reach_agree(on: str | None) -> None:
    world = network(SSH, balanced(), peered(), eni_b(groups=["sg-ssh"]))
    demand = "deny: {from: any or internet, to: any or internet%s}" % (f", on: {on}" if on else "")
    answer = world.reach("any or internet", "any or internet", on, limit=10_000)
    open_ = {(one.source.id, one.target.id): one.verdict for one in answer.pairs if one.verdict.value != "blocked"}
    assert {(one.source.id, one.target.id): one.verdict for one in checked(world, demand).violations} == open_
