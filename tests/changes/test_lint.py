"""Findings: each row is a network with one, and its twin, in which one fact differs, has none."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from analyzer import load
from analyzer.cli import main
from analyzer.lint import lint
from analyzer.models.finding import KINDS, Finding
from analyzer.report.findings import FORMATS, render
from tests.semantics import build
from tests.semantics.build import ALLOW, DENY, V4, V6, acl, group, main_table, network, route, rule

Entries = list[tuple[int, str, str, str]]


def found(*rows: Any, without: tuple[str, ...] = ()) -> list[tuple[str, str, str]]:
    return [(one.kind, one.resource, one.line) for one in network(*rows, without=without).lint()]


def test_the_default_network_has_none():
    assert found() == []


def in_group(*inbound: Any, egress: list[Any] | None = None) -> list[tuple[str, str]]:
    listed = found(group("sg-b", inbound, egress), build.eni_b(groups=["sg-b"]))
    return [(code, line) for code, resource, line in listed if resource == "sg-b"]


@pytest.mark.parametrize(
    ("inbound", "findings"),
    [
        ([rule("tcp/22", "10.0.1.0/24"), rule("tcp/22", "10.0.0.0/16")], [("shadowed", "inbound tcp/22 from 10.0.1.0/24")]),
        ([rule("tcp/22", "10.0.1.0/24", "10.0.0.0/16")], [("shadowed", "inbound tcp/22 from 10.0.1.0/24")]),
        ([rule("tcp/22", "10.0.1.0/24"), rule("tcp", "10.0.0.0/16")], [("shadowed", "inbound tcp/22 from 10.0.1.0/24")]),
        ([rule("tcp/22", "10.0.1.0/24"), rule("all", V4)], [("shadowed", "inbound tcp/22 from 10.0.1.0/24")]),
        ([rule("tcp/22", "10.0.1.0/24"), rule("all", V6)], []),
        ([rule("tcp/22", "10.0.1.0/24"), rule("tcp/443", "10.0.0.0/16")], []),
        ([rule("tcp/22", "10.0.1.0/24"), rule("tcp/22", "10.0.2.0/24")], []),
        ([rule("tcp/22", "10.0.1.0/24"), rule("tcp/22", "10.0.1.0/24")], [("duplicate", "inbound tcp/22 from 10.0.1.0/24")]),
        ([rule("tcp/22", "sg-b"), rule("tcp", "sg-b")], [("shadowed", "inbound tcp/22 from sg-b")]),
        ([rule("tcp/22", "sg-b"), rule("tcp/22", "sg-open")], []),
        ([rule("tcp/22", "sg-b"), rule("tcp/22", V4)], []),
    ],
)
def test_rules_that_a_wider_one_covers(inbound: list[Any], findings: list[tuple[str, str]]):
    assert in_group(*inbound) == findings


def test_the_two_directions_are_not_compared():
    assert in_group(rule("tcp/22", V4), egress=[rule("tcp/22", V4)]) == []


TAIL = [(100, ALLOW, "all", V4), (101, ALLOW, "all", V6)]


def in_acl(inbound: Entries, outbound: Entries | None = None) -> list[tuple[str, str]]:
    listed = found(acl("acl-open", default=True, inbound=inbound, outbound=TAIL if outbound is None else outbound))
    return [(code, line) for code, resource, line in listed if resource == "acl-open"]


@pytest.mark.parametrize(
    ("inbound", "findings"),
    [
        ([(50, ALLOW, "all", V4), (60, DENY, "tcp/22", V4)], [("shadowed", "inbound 60 deny tcp/22 from 0.0.0.0/0")]),
        ([(60, ALLOW, "all", V4), (50, DENY, "tcp/22", V4)], []),
        ([(50, ALLOW, "all", V6), (60, DENY, "tcp/22", V4)], []),
        (
            [(10, ALLOW, "all", "0.0.0.0/1"), (20, ALLOW, "all", "128.0.0.0/1"), (60, DENY, "tcp/22", V4)],
            [("shadowed", "inbound 60 deny tcp/22 from 0.0.0.0/0")],
        ),
        ([(10, ALLOW, "all", "0.0.0.0/1"), (60, DENY, "tcp/22", V4)], []),
        ([(50, ALLOW, "tcp/22", V4), (60, ALLOW, "tcp/22", V4)], [("duplicate", "inbound 60 allow tcp/22 from 0.0.0.0/0")]),
        ([(50, ALLOW, "all", V4), (32767, DENY, "all", V4)], []),
        ([(50, "sometimes", "all", V4), (60, DENY, "tcp/22", V4)], []),
    ],
)
def test_entries_that_lower_numbers_decide(inbound: Entries, findings: list[tuple[str, str]]):
    assert [one for one in in_acl(inbound) if one[0] not in ("no-reply", "split")] == findings


@pytest.mark.parametrize(
    ("outbound", "finding"),
    [
        ([], True),
        ([(100, ALLOW, "tcp/443", V4)], True),
        ([(100, ALLOW, "udp", V4)], True),
        ([(100, ALLOW, "all", "10.0.0.0/8")], False),
        ([(100, ALLOW, "tcp/32768-60999", V4)], False),
        ([(90, DENY, "tcp", V4), (100, ALLOW, "tcp/1024-65535", V4)], True),
        ([(90, DENY, "tcp", "10.0.0.0/8"), (100, ALLOW, "tcp/1024-65535", V4)], False),
        ([(100, ALLOW, "all", V6)], True),
    ],
)
def test_requests_whose_replies_nothing_lets_back(outbound: Entries, finding: bool):
    inbound = [(100, ALLOW, "tcp/22", V4)]
    expected = [("no-reply", "inbound 100 allow tcp/22 from 0.0.0.0/0")] if finding else []
    assert [one for one in in_acl(inbound, outbound) if one[1].startswith("inbound")] == expected


def test_groups_and_acls_that_nothing_uses():
    assert found(group("sg-x"), acl("acl-x")) == [("unattached", "acl-x", ""), ("unattached", "sg-x", "")]
    assert found(group("sg-x"), build.eni_b(groups=["sg-x"]), acl("acl-x", "subnet-b")) == []
    assert found(group("sg-x", GroupName="default")) == []
    assert found(group("sg-x"), without=("NetworkInterfaces",)) == []


@pytest.mark.parametrize(
    ("pair", "finding"),
    [
        ({}, True),
        ({"UserId": "999999999999"}, False),
        ({"VpcPeeringConnectionId": "pcx-9", "PeeringStatus": "active"}, False),
        ({"VpcPeeringConnectionId": "pcx-9", "PeeringStatus": "deleted"}, True),
    ],
)
def test_rules_that_name_a_group_that_is_gone(pair: dict[str, str], finding: bool):
    expected = [("gone", "inbound tcp/22 from sg-gone")] if finding else []
    assert in_group(rule("tcp/22", "sg-gone", **pair)) == expected
    assert in_group(rule("tcp/22", "sg-open")) == []


@pytest.mark.parametrize(("state", "findings"), [("blackhole", [("gone", "rtb-main", "10.9.0.0/16 -> igw-1")]), ("active", [])])
def test_routes_whose_target_is_gone(state: str, findings: list[tuple[str, str, str]]):
    table = main_table((V4, "igw-1"), (V6, "igw-1"), route("10.9.0.0/16", "igw-1", State=state))
    assert found(table) == findings


@pytest.mark.parametrize(
    ("block", "more", "finding"),
    [
        ("10.99.0.0/16", [], True),
        ("10.0.7.0/24", [], False),
        ("10.0.0.0/8", [], False),
        ("8.8.8.0/24", [], False),
        ("10.2.0.0/16", [], True),
        ("10.2.0.0/16", build.peered(), False),
        ("192.168.1.0/24", [], True),
        ("192.168.1.0/24", build.site(), False),
        ("10.99.0.0/16", [build.peering()], False),
    ],
)
def test_private_blocks_that_nobody_has(block: str, more: list[Any], finding: bool):
    listed = found(*more, group("sg-b", [rule("tcp/22", block)]), build.eni_b(groups=["sg-b"]))
    expected = [("outside", "sg-b", f"inbound tcp/22 from {block}")] if finding else []
    assert [one for one in listed if one[0] == "outside"] == expected


@pytest.mark.parametrize(
    ("words", "code"),
    [("", 0), ("--fail-on any", 1), ("--fail-on gone", 1), ("--fail-on outside", 0), ("ec2", 2), ("--fail-on nothing", 2)],
)
def test_exit_codes(words: str, code: int):
    assert main(["lint", "--snapshot", "demo", *words.split()]) == code


def test_formats(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["lint", "--snapshot", "demo", "--format", "json", "-o", f"csv={tmp_path / 'l.csv'}"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert listed["schema"] == "reach/lint/1"
    assert {one["kind"] for one in listed["findings"]} <= set(KINDS)
    assert list(listed["findings"][0]) == ["kind", "resource", "line", "text", "origin"]
    assert (tmp_path / "l.csv").read_text().splitlines()[0] == "kind,resource,line,text,origin"


@pytest.mark.parametrize("format", FORMATS)
def test_what_people_wrote_acts_on_nothing(format: str):
    shown = render([Finding(kind="gone", resource="=1+1", line="</td>|`\x1b[31m", text="\n| x", origin="")], format)
    assert "\x1b" not in shown
    assert "\n| x" not in shown
    assert format != "csv" or "'=1+1" in shown


def test_findings_say_where_they_are_written():
    assert all("demo/" in one.origin for one in load("demo").lint())


# ---------------------------------------------------------------------- wide, split, without a policy
OPEN_SSH = group("sg-b", [rule("tcp/22", V4)])


@pytest.mark.parametrize(
    ("rows", "without", "wide"),
    [
        ([OPEN_SSH, build.eni_b(groups=["sg-b"])], (), False),
        ([OPEN_SSH, build.eni_b(groups=["sg-b"], public="", addresses=("10.0.2.10",))], (), True),
        (
            [group("sg-b", [rule("tcp/22", "10.0.0.0/8")]), build.eni_b(groups=["sg-b"], public="", addresses=("10.0.2.10",))],
            (),
            False,
        ),
        ([OPEN_SSH, build.eni_b(groups=["sg-b"])], ("igw-1",), False),
        ([OPEN_SSH, build.eni_b(groups=["sg-b"]), main_table()], (), True),
        ([OPEN_SSH, build.eni_b(groups=["sg-b"], public="", addresses=("10.0.2.10",)), build.site()], (), True),
        ([OPEN_SSH, build.eni_b(groups=["sg-b"], public="", addresses=("10.0.2.10",))], ("Subnets",), False),
    ],
    ids=[
        "it comes",
        "no address",
        "private",
        "a gateway that nobody knows",
        "no route",
        "a site whose addresses are known",
        "nobody knows",
    ],
)
def test_rules_for_an_internet_that_never_comes(rows: list[Any], without: tuple[str, ...], wide: bool):
    listed = found(*rows, without=without)
    assert (("wide", "sg-b", "inbound tcp/22 from 0.0.0.0/0") in listed) is wide


@pytest.mark.parametrize(
    ("inbound", "lines"),
    [
        ([rule("tcp/80-90", "10.9.0.0/16"), rule("tcp/91-99", "10.9.0.0/16")], ["inbound tcp/80-90 from 10.9.0.0/16"]),
        ([rule("tcp/80-90", "10.9.0.0/16"), rule("tcp/92-99", "10.9.0.0/16")], []),
        ([rule("tcp/65535", "10.9.0.0/16"), rule("udp/0", "10.9.0.0/16")], []),
        ([rule("tcp/22", "10.9.0.0/25"), rule("tcp/22", "10.9.0.128/25")], ["inbound tcp/22 from 10.9.0.0/25"]),
        ([rule("tcp/22", "10.9.0.128/25"), rule("tcp/22", "10.9.1.0/25")], []),
        ([rule("tcp/22", "10.9.0.0/25"), rule("tcp/23", "10.9.0.128/25")], []),
        ([rule("tcp/22", "sg-b"), rule("tcp/23", "sg-b")], ["inbound tcp/22 from sg-b"]),
    ],
)
def test_lines_that_one_could_say(inbound: list[Any], lines: list[str]):
    assert [line for kind, line in in_group(*inbound) if kind == "split"] == lines


def test_two_subnets_stand_apart_on_purpose():
    both = [build.subnet("subnet-c", "10.0.4.0/24"), build.subnet("subnet-d", "10.0.5.0/24")]
    inbound = [rule("tcp/22", "10.0.4.0/24"), rule("tcp/22", "10.0.5.0/24")]
    carrier = build.eni_b(groups=["sg-b"])
    assert not [one for one in found(group("sg-b", inbound), carrier, *both) if one[0] == "split"]
    assert [one for one in found(group("sg-b", inbound), carrier) if one[0] == "split"]


def test_entries_that_one_could_say():
    entries = [(10, ALLOW, "tcp/22", "10.9.0.0/16"), (20, ALLOW, "tcp/23", "10.9.0.0/16"), *TAIL]
    between = [
        (10, ALLOW, "tcp/22", "10.9.0.0/16"),
        (15, DENY, "tcp/23", "10.9.7.0/24"),
        (20, ALLOW, "tcp/23", "10.9.0.0/16"),
        *TAIL,
    ]
    assert ("split", "acl-b", "inbound 10 allow tcp/22 from 10.9.0.0/16") in found(acl("acl-b", "subnet-b", inbound=entries))
    assert not [one for one in found(acl("acl-b", "subnet-b", inbound=between)) if one[0] == "split"]


FULL = json.dumps({"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]})
NARROW = json.dumps({"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}]})


@pytest.mark.parametrize(("policy", "count"), [(FULL, 1), (NARROW, 0)])
def test_endpoints_without_a_policy_are_told_where_somebody_asks(policy: str, count: int):
    world = network(build.gateway_endpoint(PolicyDocument=policy)).snapshot
    assert len(lint(world, ["no-policy"])) == count
    assert [one for one in lint(world) if one.kind == "no-policy"] == []
