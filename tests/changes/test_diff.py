"""Differences: what opened and closed is what two matrices of interfaces say, told in few rows, with the line that did it."""

from __future__ import annotations

import csv
import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from analyzer import load
from analyzer.cli import main
from analyzer.diff import difference
from analyzer.diff.deltas import deltas, pairs_in
from analyzer.diff.sides import sides
from analyzer.diff.telling import told
from analyzer.edit import edited
from analyzer.edit.file import Edit
from analyzer.models.difference import Change, Difference
from analyzer.models.errors import ReachError
from analyzer.models.packet import EVERY_SERVICE, NOTHING, IntervalSet
from analyzer.models.service import parse_services
from analyzer.models.snapshot import Snapshot
from analyzer.models.verdict import Verdict
from analyzer.network import Network
from analyzer.report.difference import FORMATS, render
from analyzer.sources import OUTSIDE
from tests.semantics import build
from tests.semantics.build import V4, group, network, rule

from .test_sharing import NETWORKS, edits_of

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
Flows = dict[tuple[str, str, Verdict], IntervalSet]


def by_matrix(world: Snapshot) -> Flows:
    found: Flows = {}
    for row in Network(world).matrix("interface").rows(workers=1):
        if row.source.id == OUTSIDE:
            continue  # told by addresses: test_diff_outside.py
        found[row.source.id, row.target.id, row.verdict] = parse_services(",".join(row.services))
    return found


def verdict_of(flows: Flows, source: str, target: str, service: int) -> Verdict:
    return next((one for one in Verdict if service in flows.get((source, target, one), NOTHING)), Verdict.BLOCKED)


def twin_of(world: Snapshot, *edits: dict[str, Any]) -> Snapshot:
    return edited(world, [Edit.model_validate(one) for one in edits])


def changed_pairs(old: Flows, new: Flows) -> set[tuple[str, str]]:
    keys = {*old, *new}
    return {(one, other) for one, other, verdict in keys if old.get((one, other, verdict)) != new.get((one, other, verdict))}


@pytest.mark.parametrize("name", NETWORKS)
def test_what_changed_is_what_two_matrices_say_and_every_change_is_told(name: str):
    world = NETWORKS[name]()
    old, tried = by_matrix(world), 0
    for edit in list(edits_of(world))[::5]:
        try:
            twin = twin_of(world, edit)
        except ReachError:
            continue
        new = by_matrix(twin)
        before, after = sides(world, twin, EVERY_SERVICE)
        found = deltas(before, after)
        pairs = changed_pairs(old, new)
        assert pairs_in(found) == len(pairs), edit
        rows = told(found, before, after)
        assert {pair for row in rows for pair in row.examples} <= pairs
        for one in found:
            for pair in ((a, b) for a in after.listed(one.sources) for b in after.listed(one.targets) if a != b):
                service = one.services.smallest()
                assert verdict_of(old, *pair, service) is one.was
                assert verdict_of(new, *pair, service) is one.now
                assert any(_covers(row, pair, one, before, after) for row in rows), (edit, pair)
        tried += bool(pairs)
    assert tried


def _covers(row: Any, pair: tuple[str, str], one: Any, before: Any, after: Any) -> bool:
    if row.opened != one.opened or not row.services & one.services:
        return False
    if row.grain == "interface":
        return pair[0] in {each.id for each in row.sources} and pair[1] in {each.id for each in row.targets}
    ends = []
    for id, groups in zip(pair, (row.sources, row.targets), strict=True):
        bit = 1 << before.numbers[id]
        ends.append(any(side.groups(row.grain).get(each, 0) & bit for each in groups for side in (before, after)))
    return all(ends)


# ---------------------------------------------------------------------- rows that people read
def shop(*inbound: Any, **how: Any) -> Network:
    return network(group("sg-b", inbound, **how), build.eni_b(groups=["sg-b"]))


def only(found: Difference) -> Change:
    (one,) = found.changes
    return one


def said(one: Change) -> tuple[str, str, list[str], list[str], list[str]]:
    return one.change, one.grain, [each.id for each in one.sources], [each.id for each in one.targets], one.services


def test_what_only_one_group_could_do_before_shows_between_vpcs():
    found = shop(egress=[]).diff(shop(rule("tcp/22", V4), egress=[]), "ssh")
    # Others of the VPC take ssh from everywhere already: it is the group to which nobody came before.
    assert {said(one)[:2] for one in found.changes} == {("opened", "sg")}
    one = found.opened[0]
    assert [(each.side, each.resource, each.line) for each in one.causes] == [("new", "sg-b", "inbound tcp/22 from 0.0.0.0/0")]
    assert (one.was, one.now) == (Verdict.BLOCKED, Verdict.REACHABLE)


def test_a_peering_shows_between_vpcs():
    before = network(build.second_vpc())
    after = network(build.peered())
    rows = [said(one) for one in before.diff(after, "https").opened if one.grain == "vpc"]
    assert rows == [("opened", "vpc", ["vpc-2"], ["vpc-1"], ["tcp/443"]), ("opened", "vpc", ["vpc-1"], ["vpc-2"], ["tcp/443"])]
    assert {one.now for one in before.diff(after, "https").opened} == {Verdict.REACHABLE}


def test_a_deny_that_was_added_is_the_line_that_closed_it():
    before = network()
    # Both families: of what IPv6 still carries only the strangers of the other family are shut out.
    both = [{"add": {"entry": DENY}}, {"add": {"entry": {**DENY, "inbound": 51, "from": "::/0"}}}]
    after = before.whatif([Edit.model_validate(one) for one in both])
    half = before.diff(before.whatif([Edit.model_validate(both[0])]), "ssh").changes
    assert {(one.change, source.name) for one in half for source in one.sources} == {("closed", "a part of the internet")}
    found = before.diff(after, "ssh")
    assert found.opened == []
    assert causes(found) <= {("new", "acl-open", line) for line in DENIED}
    assert causes(found)
    back = after.diff(before, "ssh")
    assert causes(back) <= {("old", "acl-open", line) for line in DENIED}
    assert causes(back)


def causes(found: Difference) -> set[tuple[str, str, str]]:
    return {(each.side, each.resource, each.line) for one in found.changes for each in one.causes}


DENIED = ("inbound 50 deny tcp/22 from 0.0.0.0/0", "inbound 51 deny tcp/22 from ::/0")
DENY = {"acl": "acl-open", "inbound": 50, "action": "deny", "on": "ssh", "from": V4}


OFFICE = "198.51.100.0/24"


def ssh_from(*blocks: str) -> Snapshot:
    return network(
        group("sg-ssh", [rule("tcp/22", one) for one in blocks], []), build.eni_b(groups=["sg-ssh"]), without=["eni-a2"]
    ).snapshot


@pytest.mark.parametrize(
    ("old", "new", "change"), [((OFFICE,), (OFFICE, "0.0.0.0/0"), "opened"), (("0.0.0.0/0",), (OFFICE,), "closed")]
)
def test_more_or_fewer_strangers_are_a_change_though_others_came_before_and_come_now(
    old: tuple[str, ...], new: tuple[str, ...], change: str
):
    (one,) = (each for each in difference(ssh_from(*old), ssh_from(*new)).changes if each.sources[0].id == "internet")
    assert (one.change, one.targets[0].id, one.services) == (change, "eni-b", ["tcp/22"])
    assert one.example[0].id == "8.8.8.8"
    assert [cause.line for cause in one.causes] == ["inbound tcp/22 from 0.0.0.0/0"]


def test_the_same_strangers_by_another_line_are_no_change():
    assert difference(ssh_from(OFFICE), ssh_from("198.51.100.0/25", "198.51.100.128/25")).changes == []
    less = difference(ssh_from(OFFICE), ssh_from("198.51.100.0/25"))
    assert [one.change for one in less.changes] == ["closed"]
    assert less.pairs == 1


def test_a_stranger_whose_address_is_owned_now_is_no_change():
    taken = build.interface("eni-new", "10.0.2.99", subnet="subnet-b", groups=["sg-ssh"])
    old, new = (
        ssh_from("0.0.0.0/0"),
        network(
            group("sg-ssh", [rule("tcp/22", "0.0.0.0/0")], []), build.eni_b(groups=["sg-ssh"]), taken, without=["eni-a2"]
        ).snapshot,
    )
    assert {one.example[1].id for one in difference(old, new).opened} <= {"eni-new"}


def test_an_interface_that_is_new_is_its_own_cause():
    found = network(without=["eni-a2"]).diff(network(), "https")
    assert causes(found) == {("new", "eni-a2", "the interface itself")}
    # It is a second one in its subnet, where nobody had another one to reach.
    assert {said(one)[1] for one in found.opened} == {"interface", "subnet"}


def test_the_same_snapshot_differs_in_nothing():
    found = load("demo").diff(load("demo"))
    assert (found.changes, found.pairs) == ([], 0)


def test_less_sure_is_closed():
    before = network(build.balanced("network"))
    after = network(build.balanced("network", health="unhealthy"))
    words = {(one.was.value, one.now.value) for one in before.diff(after).closed}
    assert words <= {("reachable", "conditional"), ("reachable", "blocked"), ("conditional", "blocked")}


# ---------------------------------------------------------------------- the command
@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["before.json", "after.json"], 0),
        (["before.json", "after.json", "--fail-on", "opened"], 1),
        (["before.json", "after.json", "--fail-on", "closed"], 0),
        (["after.json", "before.json", "--fail-on", "closed"], 1),
        (["after.json", "before.json", "--fail-on", "opened"], 0),
        (["before.json", "after.json", "on", "https", "--fail-on", "any"], 0),
        (["before.json"], 2),
        (["before.json", "after.json", "on"], 2),
        (["before.json", "after.json", "ssh"], 2),
        (["before.json", "no.json"], 2),
    ],
)
def test_exit_codes(words: list[str], code: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(EXAMPLES)
    assert main(["diff", *words]) == code


def test_formats(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    ends = [str(EXAMPLES / "before.json"), str(EXAMPLES / "after.json")]
    assert main(["diff", *ends, "--format", "json", "-o", f"csv={tmp_path / 'd.csv'}"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert list(found) == ["schema", "on", "opened", "closed", "pairs", "not_modelled", "old", "new"]
    (one,) = found["opened"]
    assert list(one) == ["change", "grain", "from", "to", "services", "was", "now", "example", "causes"]
    assert one["causes"][0]["line"] == "inbound tcp/5432 from 0.0.0.0/0"
    rows = list(csv.DictReader(io.StringIO((tmp_path / "d.csv").read_text())))
    assert [(row["change"], row["to"], row["services"], row["line"]) for row in rows] == [
        ("opened", "vpc-1", "tcp/5432", "inbound tcp/5432 from 0.0.0.0/0")
    ]


HOSTILE = "</td>|`=1+1\x1b[31m\n"


@pytest.mark.parametrize("format", FORMATS)
def test_names_that_people_wrote_act_on_nothing(format: str):
    before = network(group("sg-b"), build.eni_b(groups=["sg-b"]))
    after = network(group("sg-b", [rule("tcp/22", V4)], GroupName=HOSTILE), build.eni_b(groups=["sg-b"]))
    shown = render(before.diff(after, "ssh"), format)
    assert "\x1b" not in shown
    assert format != "markdown" or "</td>" not in shown


def test_the_test_would_see_a_delta_that_is_lost(monkeypatch: pytest.MonkeyPatch):
    world = load("demo").snapshot
    twin = twin_of(world, {"remove": {"rule": {"group": "crm-db", "inbound": "mysql", "from": V4}}})
    assert difference(world, twin).pairs == 2
    monkeypatch.setattr(sys.modules["analyzer.diff.deltas"], "_unlike", lambda old, new: iter(()))
    assert difference(world, twin).pairs == 0
