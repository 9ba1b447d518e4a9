"""The verbs: what they print, where, and with which exit code."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from analyzer.cli import HELP, VERBS

from .conftest import DOCUMENTS, Reach, interface, write

ANSWER = (
    "web-1 CAN reach db on tcp/5432\n"
    "  for example tcp 10.0.0.4:49152 -> 10.0.0.9:5432, from web-1 (eni-4) to to (eni-9)\n"
    "  eni-4     sg-1 outbound all to 0.0.0.0/0          SG-19\n"
    "  subnet-1  same subnet: no route table, no ACL     RT-16\n"
    "  eni-9     sg-2 inbound tcp/5432 from sg-1         SG-7\n"
    "  reply     stateful: sg-2, sg-1 admit it           SG-4\n"
)


def verdict(out: str) -> str:
    return str(json.loads(out)["verdict"])


# ---------------------------------------------------------------------- from
def test_from_answers_in_text(reach: Reach):
    done = reach("from web-1 to db --snapshot snap")
    assert (done.code, done.err) == (0, "")
    assert re.sub(" +", " ", done.out) == re.sub(" +", " ", ANSWER)


@pytest.mark.parametrize(
    ("words", "query"),
    [
        (["web", "to", "db"], ("web", "db", None)),
        (["web", "and", "not", "eni-10", "to", "db", "on", "tcp/22"], ("web and not eni-10", "db", "tcp/22")),
        (["web and not eni-10", "to", "sg-2 or web"], ("web and not eni-10", "sg-2 or web", None)),
        (
            ["--limit", "5", "web", "--explain", "to", "--keep-going", "db", "on", "--expect", "reachable", "tcp"],
            ("web", "db", "tcp"),
        ),
        (["web", "to", "db", "on", "tcp/5432,", "udp"], ("web", "db", "tcp/5432, udp")),
        (["'to'", "to", "'to'"], ("'to'", "'to'", None)),
        (["eni:to", "to", "db"], ("eni:to", "db", None)),
        (["web", "to", "--", "db", "on", "ssh"], ("web", "db", "ssh")),
    ],
)
def test_the_words_between_the_keywords_are_selectors(reach: Reach, words: list[str], query: tuple[str, ...]):
    done = reach("from", "--snapshot", "snap", "--format", "json", *words)
    asked = json.loads(done.out)["query"]
    assert (asked["from"], asked["to"], asked["on"]) == query


@pytest.mark.parametrize(
    ("question", "expected", "code"),
    [
        ("web-1 to db on postgres", "reachable", 0),
        ("web-1 to db on postgres", "blocked", 1),
        ("web-1 to db on ssh", "blocked", 0),
        ("web-1 to db on ssh", "reachable", 1),
        ("web-1 to 10.9.9.9", "reachable", 1),
        ("web-1 to 10.9.9.9", "blocked", 1),
    ],
)
def test_an_expectation_that_does_not_hold_is_exit_1(reach: Reach, question: str, expected: str, code: int):
    done = reach(f"from {question} --snapshot snap --expect {expected} --format json")
    assert done.code == code
    assert done.err == ("" if code == 0 else f"reach: not as expected: it is `{verdict(done.out)}`, not `{expected}`\n")
    if "10.9.9.9" in question:
        assert verdict(done.out) == "unknown", "what is not known never holds"


def test_several_outputs_in_one_run(reach: Reach, tmp_path: Path):
    done = reach("from web to db --snapshot snap --format markdown -o json=a.json -o html=a.html -o json=b.json")
    assert done.out.startswith("### web **CAN** reach db")
    assert verdict((tmp_path / "a.json").read_text()) == "reachable"
    assert (tmp_path / "a.html").read_text().startswith("<!DOCTYPE html>")
    assert (tmp_path / "a.json").read_text() == (tmp_path / "b.json").read_text()


def test_an_output_that_cannot_be_made_leaves_no_other(reach: Reach, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("analyzer.report.drawing.find_spec", lambda name: None)
    done = reach("from web to db --snapshot snap -o json=a.json -o svg=a.svg")
    assert (done.code, done.out) == (2, "")
    assert not (tmp_path / "a.json").exists()


def test_limit_cuts_the_pairs_and_says_so(reach: Reach):
    answer = json.loads(reach("from web to any --snapshot snap --limit 1 --format json").out)
    assert len(answer["pairs"]) == 1
    assert answer["pairs_total"] > 1


def test_what_cannot_be_read_is_left_out_when_asked(reach: Reach, tmp_path: Path):
    write(tmp_path / "snap", {"RouteTables": [{"RouteTableId": "rtb-1"}]})
    refused = reach("from web to db --snapshot snap")
    assert (refused.code, refused.out) == (2, "")
    done = reach("from web to db --snapshot snap --keep-going")
    assert done.code == 0
    assert "RouteTables.json" in done.err


# ---------------------------------------------------------------------- where the snapshot comes from
def test_the_snapshot_is_named_or_in_the_environment_or_here(reach: Reach, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    write(tmp_path / "other", DOCUMENTS | {"NetworkInterfaces": [interface(7, "sg-1"), interface(9, "sg-2")]})
    monkeypatch.setenv("REACH_SNAPSHOT", "other")
    assert "eni-7" in reach("list eni").out
    assert "eni-7" not in reach("list eni --snapshot snap").out
    monkeypatch.setenv("REACH_SNAPSHOT", "")
    (tmp_path / "snap").rename(tmp_path / "snapshot")
    assert "eni-4" in reach("list eni").out


# ---------------------------------------------------------------------- list
def test_list(reach: Reach):
    assert reach("list sg --snapshot snap").out == (
        "kind  id    name  address  vpc\nsg    sg-1  web   -        vpc-1\nsg    sg-2  db    -        vpc-1\n"
    )
    assert reach("list web and not web-1 --snapshot snap").out.splitlines()[1].split() == [
        "interface",
        "eni-10",
        "we?[31mb",
        "10.0.0.10",
        "vpc-1",
    ]
    assert [one["id"] for one in json.loads(reach("list db --snapshot snap --format json").out)["resources"]] == ["eni-9"]


def test_list_not_modelled(reach: Reach, tmp_path: Path):
    done = reach("list --not-modelled --snapshot snap")
    assert done == (0, "", "reach: everything in the snapshot is modelled\n")
    write(tmp_path / "snap", {"CarrierGateways": [{"CarrierGatewayId": "cagw-1"}]})
    done = reach("list --not-modelled --snapshot snap")
    assert (done.code, done.err) == (0, "")
    assert done.out == "`CarrierGateways`: 1 resource is not modelled (cagw-1)\n"


# ---------------------------------------------------------------------- rules
def test_rules(reach: Reach):
    every = reach("rules").out
    assert every.count("  AWS:  https://") > 50
    assert every.index("\nNACL-2\n") < every.index("\nNACL-7\n")
    one = reach("rules sg-7").out
    assert one.startswith("SG-7\n  A group as far side means")
    assert one.count("AWS:") == 1
    family = json.loads(reach("rules NACL --format json").out)["rules"]
    assert {rule["id"].partition("-")[0] for rule in family} == {"NACL"}


def test_rules_of_an_explanation_code(reach: Reach):
    given = reach("rules subnet_acl_restriction").out.splitlines()
    assert given[0] == "SUBNET_ACL_RESTRICTION"
    assert given[2].startswith("  NACL-2: tests/semantics/test_network_acl.py::test_")
    assert given[-1] == "  AWS: https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html"
    never = reach("rules IGW_NAT_REFLECTION").out.splitlines()
    assert (
        never[2] == "  never: It is followed here: out with the public address, over the internet, and in again (IGW-9, IGW-10)."
    )
    (one,) = json.loads(reach("rules BAD_STATE_VPN --format json").out)["codes"]
    assert set(one["rows"]) == {"HYB-4"}
    assert not one["never"]


# ---------------------------------------------------------------------- demo, help, version
def test_demo_is_a_question_to_an_embedded_network(reach: Reach):
    done = reach("demo")
    assert done.code == 0
    assert done.out == reach("from sg-a to rds --snapshot demo").out
    assert done.out.startswith("sg-a CAN reach rds on tcp/5432\n")
    questions = [line.split("reach ", 1)[1] for line in done.err.splitlines() if line.startswith("  reach ")]
    assert len(questions) >= 3
    for question in questions:
        found = question.startswith("check ")  # the embedded network has what a pack looks for
        assert reach(question.split(" >")[0]).code == found, question


def test_help_names_every_verb_there_is_and_no_other(reach: Reach):
    done = reach("--help")
    assert done == (0, HELP, "")
    assert set(re.findall(r"^  reach (\w+)", HELP, re.MULTILINE)) == set(VERBS)
    assert max(map(len, HELP.splitlines())) <= 130


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help(verb: str, reach: Reach, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as ended:
        reach(verb, "--help")
    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith(f"usage: reach {verb} ")


def test_version(reach: Reach):
    assert re.fullmatch(r"reach \d+\.\d+\.\d+\n", reach("--version").out)
