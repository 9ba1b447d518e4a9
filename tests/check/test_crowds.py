"""Very many broken pairs: told by the groups of their targets, under fingerprints that change with who they are."""

from __future__ import annotations

from typing import Any

import pytest

from analyzer.invariants.baseline import against
from analyzer.network import Network

from ..semantics.build import B4, B6, B_PUBLIC, V4, balanced, eni_b, group, interface, network, rule
from .conftest import checked


@pytest.fixture(autouse=True)
def _many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analyzer.invariants.bans.MANY", 4)


def world(*more: Any, ports: str = "tcp/22", hosts: int = 4) -> Network:
    """`eni-b` and some hosts like it, which all of the VPC reaches on a port."""
    others = [
        interface(f"eni-c{at}", f"10.0.2.{at}", subnet="subnet-b", groups=["sg-b"], instance=f"i-{at}")
        for at in range(20, 20 + hosts)
    ]
    return network(group("sg-b", [rule(ports, V4)]), eni_b(groups=["sg-b"], addresses=("10.0.2.10",)), *others, *more)


INSIDE = "deny: {from: vpc-1, to: sg-b}"


def test_a_crowd_is_one_violation_with_a_witness_and_the_lines() -> None:
    (one,) = checked(world(), INSIDE).violations
    assert one.text == ("eni-a and 6 more can reach eni-b and 4 more with sg-b on tcp/22 (30 pairs)")
    assert (one.pairs, one.services, one.doubtful) == (7 * 5 - 5, ["tcp/22"], [])
    assert one.path[-1].packet.service == "tcp/22"
    assert ("sg-b", "inbound tcp/22 from 0.0.0.0/0") in {(line.resource, line.line) for line in one.lines}


def test_a_few_broken_pairs_are_told_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analyzer.invariants.crowds.Crowds.more_than", lambda *_: False)
    asked = world()
    by_relation = checked(asked, INSIDE).violations
    assert [one.pairs for one in by_relation] == [1] * 30
    monkeypatch.setattr("analyzer.invariants.bans.MANY", 35)
    assert checked(asked, INSIDE).violations == by_relation


def test_what_is_left_out_leaves_its_pairs_out() -> None:
    every = 30
    for text, pairs in (
        ("except: [{from: eni-a, to: sg-b}]", every - 5),
        ("except: [{from: eni-a, to: eni-b}]", every - 1),
        ("except: [{from: eni-a, to: eni-b, on: ssh}]", every - 1),
        ("except: [{from: eni-a, to: eni-b, on: https}]", every),
        ("except: [{from: 10.0.1.0/24, to: sg-b}]", every - 10),
        ("except: [{to: eni-c20}]", every - 6),
        ("except: [{from: vpc-1, to: sg-b}]", 0),
    ):
        found = checked(world(), f"{INSIDE}\n  {text}").violations
        assert sum(one.pairs for one in found) == pairs, text


def test_what_is_ignored_is_told_apart() -> None:
    ignore = 'ignore: [{flow: {from: eni-a, to: sg-b}, until: 2099-12-31, reason: "NET-9"}]'
    outcome = checked(world(), f"{INSIDE}\n  {ignore}")
    assert [(one.pairs, one.ignored) for one in outcome.violations] == [(25, "")]
    assert [(one.pairs, one.ignored) for one in outcome.ignored] == [(5, "NET-9")]


@pytest.mark.parametrize(
    ("after", "new"),
    [
        (world(), False),
        (world(interface("eni-d", "10.0.1.99", groups=["sg-open"])), True),
        (world(hosts=5), True),
        (world(ports="tcp/22-23"), True),
        (world(interface("eni-d", "10.0.1.99", groups=["sg-shut"]), group("sg-shut", [], [])), False),
    ],
    ids=["the same", "another source", "another target", "another service", "somebody who reaches nobody"],
)
def test_a_baseline_holds_a_crowd_only_while_it_is_the_same(after: Network, new: bool) -> None:
    before = checked(world(), INSIDE)
    (one,) = against(checked(after, INSIDE), before).violations
    assert one.new is new


def test_through_tells_crowds_of_what_takes_another_way() -> None:
    (one,) = checked(world(), "through: {from: vpc-1, to: sg-b, via: igw}").violations
    assert one.text.endswith("(30 pairs) by a way past what it must pass")
    assert checked(world(), "through: {from: vpc-1, to: sg-b, via: sg-b}").holds


def test_what_is_left_out_by_a_targets_address_is_what_was_sent_to_it_and_not_what_a_balancer_passed_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = network(balanced())
    demand = f"deny: {{from: any or internet, to: [eni-a, eni-b]}}\n  except: [{{from: any or internet, to: [{B4}, '{B6}', {B_PUBLIC}]}}]"
    told = checked(asked, demand).violations
    monkeypatch.setattr("analyzer.invariants.bans.MANY", 1000)
    one_by_one = checked(asked, demand).violations
    assert sum(one.pairs for one in told) == len(one_by_one) > 0


def test_what_sends_by_itself_has_passed_itself() -> None:
    demand = "through: {from: [eni-lb, eni-a], to: [eni-a, eni-a2, eni-b], via: eni-lb}"
    assert {one.source.id for one in checked(network(balanced()), demand).violations} <= {"eni-a"}
