"""What `--suggest` names: it sets the violation right, and cuts just what it says; of several changes the one that cuts least."""

from __future__ import annotations

from typing import Any

import pytest

from analyzer import load
from analyzer.edit import Edit
from analyzer.invariants import check
from analyzer.invariants.packs import pack
from analyzer.invariants.written import parsed
from analyzer.models.check import Check, Suggestion
from analyzer.network import Network
from analyzer.suggest import suggested

from ..semantics.build import (
    TO_VPC_1,
    TO_VPC_2,
    V4,
    acl,
    eni_b,
    group,
    interface,
    network,
    peered,
    prefix_list,
    rule,
    tgw_table,
    transit,
)
from .conftest import TODAY

B = ("10.0.2.10",)


def found(text: str) -> list[Any]:
    return parsed(f"invariants:\n- name: it\n  {text}", "i.yaml")


def outcome(world: Network, text: str) -> Check:
    written = found(text)
    return suggested(world.snapshot, check(world.snapshot, written, TODAY), written, TODAY)


def suggestion(world: Network, text: str) -> Suggestion:
    (one,) = outcome(world, text).violations
    assert one.suggestion is not None
    after = world.whatif([Edit.model_validate(edit) for edit in one.suggestion.edits])
    assert check(after.snapshot, found(text), TODAY).holds, "it sets the violation right"
    return one.suggestion


SSH = "deny: {from: internet, to: eni-b, on: ssh}"


def test_a_rule_is_narrowed_to_what_may_pass() -> None:
    world = network(group("sg-b", [rule("tcp/22-443", V4)]), eni_b(groups=["sg-b"], addresses=B))
    one = suggestion(world, SSH)
    old = {"group": "sg-b", "inbound": "tcp/22-443", "from": V4}
    assert one.edits == [{"replace": {"rule": old}, "with": {"rule": {**old, "inbound": "tcp/23-443"}}}]
    # Hosts of the VPC came in by the same rule.
    assert one.cuts == ["eni-a to eni-b on tcp/22", "eni-a2 to eni-b on tcp/22"]


def test_what_cuts_least_comes_first() -> None:
    # The rule serves the neighbours too; the public address serves nobody but the internet.
    closed = group("sg-b", [rule("tcp/22", V4)], [])
    one = suggestion(network(closed, eni_b(groups=["sg-b"], addresses=B)), SSH)
    assert one.edits == [{"remove": {"address": {"interface": "eni-b"}}}]
    assert (one.cuts, one.cut_pairs, one.opened_pairs, one.whole) == ([], 0, 0, True)


def test_every_rule_that_admits_is_closed() -> None:
    both = [rule("tcp/22", V4), rule("tcp/20-30", "0.0.0.0/1", "128.0.0.0/1")]
    away = acl("acl-open", default=True, inbound=[(1, "allow", "all", V4)])
    world = network(group("sg-b", both, []), away, eni_b(groups=["sg-b"], addresses=B))
    one = suggestion(world, "deny: {from: eni-a, to: eni-b, on: ssh}")
    assert len(one.edits) > 1


def test_an_entry_that_denies_stands_before_the_one_that_lets_through() -> None:
    world = network(eni_b(addresses=B), acl("acl-b", "subnet-b"))
    one = suggestion(world, "deny: {from: eni-a, to: eni-b, on: ssh}")
    # Its public address is another way in, past the first entry.
    entries = [edit["add"]["entry"] for edit in one.edits]
    assert [(each["acl"], each["action"], each["on"]) for each in entries] == [("acl-b", "deny", "tcp/22")] * 2
    assert [each["from"] for each in entries] == ["10.0.1.10/32", "203.0.113.10/32"]
    assert all(each["inbound"] < 100 for each in entries)
    assert one.cut_pairs == 0


def test_what_must_pass_is_let_through() -> None:
    world = network(group("sg-b", []), eni_b(groups=["sg-b"], addresses=B))
    one = suggestion(world, "allow: {from: eni-a, to: eni-b, on: ssh}")
    assert one.edits == [{"add": {"rule": {"group": "sg-b", "inbound": "tcp/22", "from": "10.0.1.10/32"}}}]


def test_a_change_may_end_several_violations() -> None:
    others = [interface(f"eni-{n}", f"10.0.2.{n}", subnet="subnet-b", groups=["sg-b"], public=f"192.0.2.{n}") for n in (30, 31)]
    world = network(group("sg-b", [rule("tcp/22", "8.8.8.0/24")], []), *others)
    told = outcome(world, "deny: {from: internet, to: [eni-30, eni-31], on: ssh}")
    assert [one.suggestion.closes for one in told.violations if one.suggestion] == [2, 2]
    assert {str(one.suggestion.edits) for one in told.violations if one.suggestion} == {
        "[{'remove': {'rule': {'group': 'sg-b', 'inbound': 'tcp/22', 'from': '8.8.8.0/24'}}}]"
    }


def test_a_block_is_taken_from_the_list_where_the_rule_serves_others() -> None:
    # The rule serves two offices; the second one is what must not come in.
    lists = prefix_list("pl-1", "198.51.100.0/25", "10.0.1.10/32")
    mine = group("sg-b", [rule("tcp/22", "pl-1")], [])
    world = network(
        mine, lists, acl("acl-open", default=True, inbound=[(1, "allow", "all", V4)]), eni_b(groups=["sg-b"], addresses=B)
    )
    one = suggestion(world, "deny: {from: eni-a, to: eni-b, on: ssh}")
    assert one.edits == [{"remove": {"entry": {"list": "pl-1", "block": "10.0.1.10/32"}}}]
    # Whoever comes by the other block still does.
    assert (one.cuts, one.cut_pairs, one.opened_pairs) == ([], 0, 0)


def test_a_route_of_a_transit_gateway_leads_to_a_blackhole() -> None:
    # Rules and entries that let everything through serve everybody, there is no number before them, and a table serves all subnets.
    first = [(1, "allow", "all", V4)]
    acls = [
        acl("acl-open", default=True, inbound=first, outbound=first),
        acl("acl-p", default=True, vpc="vpc-2", inbound=first, outbound=first),
    ]
    far = interface("eni-q", "10.2.1.11", subnet="subnet-p", vpc="vpc-2", groups=["sg-p"])
    lone = "10.2.1.10/32"
    routes = tgw_table("tgw-rtb-1", *TO_VPC_1, *TO_VPC_2, (lone, "tgw-attach-2"))
    world = network(transit(), routes, acls, far)
    one = suggestion(world, "deny: {from: eni-a, to: eni-p, on: ssh}")
    route = {"table": "tgw-rtb-1", "to": lone}
    assert one.edits == [{"replace": {"route": route}, "with": {"route": {**route, "via": "blackhole"}}}]
    assert "eni-a2 to eni-p on all" in " ".join(one.cuts)
    assert not any("eni-q" in each for each in one.cuts)


def test_a_peering_that_waits_is_accepted_to_let_through_what_must_pass() -> None:
    one = suggestion(network(peered(status="pending-acceptance")), "allow: {from: eni-a, to: eni-p, on: ssh}")
    assert one.edits == [{"add": {"peering": {"id": "pcx-1", "vpcs": ["vpc-1", "vpc-2"]}}}]


@pytest.mark.parametrize("name", ["zero-trust"])
def test_on_the_demo_every_suggestion_closes_and_cuts_what_it_says(name: str) -> None:
    world, written = load("demo"), pack(name)
    told = suggested(world.snapshot, check(world.snapshot, written, TODAY), written, TODAY)
    wanted = {(one.source.id, one.target.id) for one in told.violations}
    # What lint finds is no flow that an edit of a line could close.
    closable = [one for one in told.violations if one.kind != "lint"]
    assert len(closable) > 3
    for one in closable:
        assert one.suggestion is not None
        after = world.whatif([Edit.model_validate(edit) for edit in one.suggestion.edits])
        left = check(after.snapshot, written, TODAY).violations
        assert (one.invariant, one.source.id, one.target.id) not in {(e.invariant, e.source.id, e.target.id) for e in left}
        before, now = (
            {(row.source.id, row.target.id): set(row.services) for row in each.matrix("interface").rows()}
            for each in (world, after)
        )
        changed = {pair for pair in {*before, *now} if before.get(pair) != now.get(pair)} - wanted
        assert len(changed) <= one.suggestion.cut_pairs + one.suggestion.opened_pairs
