"""SARIF of every verb that writes it: valid by the schema of OASIS, as GitHub takes it, and at the very lines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest

import analyzer
from analyzer.cli import main
from analyzer.models.check import Check
from analyzer.models.finding import Finding
from analyzer.models.location import SNAPSHOT, Location, Written
from analyzer.report import sarif
from analyzer.report.check import render as check_as
from analyzer.report.difference import render as difference_as
from analyzer.report.findings import render as findings_as

from ..check.test_formats import OUTCOME, hostile
from .sarif import places, schema, valid

EXAMPLES = Path("docs/examples")
EVIL = "[x](https://evil.example)\x1b[31m\u202e\n"


def run_of(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    """Return the run that a command writes to stdout."""
    main([*words, "--format", "sarif", "--no-cache"])
    return valid(capsys.readouterr().out)


def test_the_schema_refuses_what_is_none() -> None:
    log = json.loads(check_as(OUTCOME, "sarif"))
    log["runs"][0]["results"][0]["locations"] = [{"physicalLocation": {"region": {"startLine": 0}}}]
    with pytest.raises(jsonschema.ValidationError):
        schema().validate(log)


@pytest.mark.parametrize("network", ["demo", "docs/examples/after.json", "docs/examples/repository/snapshot"])
@pytest.mark.parametrize(
    "verb", [("lint",), ("check", "--pack", "zero-trust", "--suggest"), ("check", "--pack", "microsegmentation")]
)
def test_it_is_valid(capsys: pytest.CaptureFixture[str], network: str, verb: tuple[str, ...]) -> None:
    run = run_of(capsys, *verb, "--snapshot", network)
    assert all(one["locations"] for one in run["results"])


def test_a_difference_is_valid_and_at_the_line_that_did_it(capsys: pytest.CaptureFixture[str]) -> None:
    old, new = str(EXAMPLES / "before.json"), str(EXAMPLES / "after.json")
    opened = run_of(capsys, "diff", old, new)
    (place,) = places(opened)
    assert place == ("docs/examples/after.json", 19, "+ inbound tcp/5432 from 0.0.0.0/0")
    closed = run_of(capsys, "diff", new, old)
    assert places(closed) == [("docs/examples/after.json", 19, "- inbound tcp/5432 from 0.0.0.0/0")]
    levels = [[(one["ruleId"], one["level"]) for one in run["results"]] for run in (opened, closed)]
    assert levels == [[("diff/opened", "warning")], [("diff/closed", "note")]]


def test_a_violation_is_at_the_rule_of_the_group_and_names_the_invariant(capsys: pytest.CaptureFixture[str]) -> None:
    run = run_of(capsys, "check", "docs/examples/repository/network.reach.yaml", "--snapshot", "docs/examples/after.json")
    assert set(places(run)) == {("docs/examples/after.json", 19, "inbound tcp/5432 from 0.0.0.0/0")}
    first = run["results"][0]
    assert first["locations"][0]["physicalLocation"]["artifactLocation"]["uriBaseId"] == "%SRCROOT%"
    said = [one["message"]["text"] for one in first["relatedLocations"]]
    assert said[:2] == ["inbound 100 allow all from 0.0.0.0/0", "eni-b has the public address"]
    (invariant,) = (one for one in first["relatedLocations"] if one["message"]["text"] == "the invariant")
    assert invariant["physicalLocation"]["artifactLocation"]["uri"] == "docs/examples/repository/network.reach.yaml"
    assert invariant["physicalLocation"]["region"] == {"startLine": 2}


def test_what_has_no_witness_is_at_its_target(capsys: pytest.CaptureFixture[str]) -> None:
    run = run_of(capsys, "check", "--pack", "zero-trust", "--limit", "1", "--snapshot", "demo")
    bare = next(one for one in run["results"] if "for example" not in one["message"]["text"])
    assert bare["locations"][0]["physicalLocation"]["artifactLocation"] == {
        "uri": "demo/network-interfaces.json",
        "uriBaseId": "EMBEDDED",
    }
    assert bare["locations"][0]["physicalLocation"]["region"]["startLine"] > 1


def test_findings_are_at_their_lines(capsys: pytest.CaptureFixture[str]) -> None:
    run = run_of(capsys, "lint", "--snapshot", "demo")
    assert places(run) == [
        ("demo/route-tables.json", 111, "0.0.0.0/0 -> nat-0d0bbe3e4ab0eb2cb"),
        ("demo/network-acls.json", 107, "outbound 110 allow tcp/443 to 0.0.0.0/0"),
    ]
    assert [(one["ruleId"], one["level"]) for one in run["results"]] == [("lint/gone", "warning"), ("lint/no-reply", "warning")]


# ---------------------------------------------------------------------- by hand
LINE = Written("sg-b", "inbound 22", "`a.json` resource 0")
RULE = sarif.Rule(id="r/1", name="one", title="one", text="text", level="warning")
RESULT = sarif.Result(rule="r/1", message="m", places=[sarif.Place(LINE, "here")], fingerprint="f")


def logged(*results: sarif.Result, locations: dict[Written, Location] | None = None) -> dict[str, Any]:
    return valid(sarif.log("check", [RULE], results, locations or {}))


def test_a_line_that_nobody_knows_is_no_line_1() -> None:
    run = logged(RESULT, locations={LINE: Location(uri="a.json")})
    assert run["results"][0]["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "a.json", "uriBaseId": "%SRCROOT%"}
    }


def test_what_is_packed_has_a_name_instead_of_a_region() -> None:
    run = logged(
        RESULT, locations={LINE: Location(uri="a.zip", inside="a.zip/in.json", line=7, column=3, end_line=7, end_column=9)}
    )
    (place,) = run["results"][0]["locations"]
    assert place["physicalLocation"] == {"artifactLocation": {"uri": "a.zip", "uriBaseId": "%SRCROOT%"}}
    assert [one["fullyQualifiedName"] for one in place["logicalLocations"]] == ["sg-b", "a.zip/in.json:7"]


def test_what_is_in_no_file_is_at_the_snapshot() -> None:
    """One result without a file, and code scanning refuses all of them."""
    run = logged(RESULT, locations={SNAPSHOT: Location(uri="snap")})
    assert places(run) == [("snap", 0, "the snapshot")]


def test_absolute_files_have_no_base() -> None:
    run = logged(RESULT, locations={LINE: Location(uri="file:///x/a.json", line=3)})
    assert run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"] == {"uri": "file:///x/a.json"}


def test_no_more_than_code_scanning_takes_and_it_is_said() -> None:
    many = [msgspec.structs.replace(RESULT, fingerprint=str(number)) for number in range(25_003)]
    run = logged(*many)
    assert len(run["results"]) == 25_000
    (told,) = run["invocations"][0]["toolExecutionNotifications"]
    assert told["message"]["text"] == "3 more results are left out: code scanning takes 25,000; `--format json` has all"
    wide = [sarif.Place(Written("sg-b", str(number)), "here") for number in range(2_000)]
    run = logged(msgspec.structs.replace(RESULT, places=wide), locations={one.written: Location(uri="a.json") for one in wide})
    assert len(run["results"][0]["relatedLocations"]) == 99


@pytest.mark.parametrize(
    ("name", "id"),
    [
        ("the internet reaches no data store", "invariant/the-internet-reaches-no-data-store"),
        ("The internet reaches no data store", "invariant/the-internet-reaches-no-data-store-"),
        ("no ssh, no rdp", "invariant/no-ssh-no-rdp-"),
        ("no-ssh no rdp", "invariant/no-ssh-no-rdp-"),
        ("数据库", "invariant/"),
        ("a" * 300, f"invariant/{'a' * 80}-"),
    ],
)
def test_ids_of_rules_follow_from_the_name_alone(name: str, id: str) -> None:
    made = sarif.identifier("invariant", name)
    assert made.startswith(id)
    assert len(made) == len(id) + (0 if id == "invariant/the-internet-reaches-no-data-store" else 8)


def test_another_invariant_before_it_changes_no_id_and_no_fingerprint() -> None:
    def known(check: Check) -> set[tuple[str, str]]:
        run = valid(check_as(check, "sarif"))
        return {(one["ruleId"], one["partialFingerprints"]["primaryLocationLineHash"]) for one in run["results"]}

    more = msgspec.structs.replace(OUTCOME, invariants=[OUTCOME.invariants[2], *OUTCOME.invariants[:2]])
    assert known(more) == known(OUTCOME)


def test_hostile_text_is_neither_a_link_nor_a_sign() -> None:
    finding = Finding(kind="gone", resource=EVIL, line=EVIL, text=EVIL, origin=EVIL)
    place = Location(uri="a.json", inside=EVIL, line=1, column=1, end_line=1, end_column=2)
    for text in (check_as(hostile(), "sarif"), findings_as([finding], "sarif", {finding.written: place})):
        run = valid(text)
        for one in run["results"]:
            one.pop("partialFingerprints")  # a hash of ours
        said = json.dumps(run)
        assert not any(sign in said for sign in ("](http", "\\u001b", "\\u202e"))


def test_the_same_twice_is_the_same() -> None:
    network = analyzer.load("demo")
    found = network.lint()
    assert findings_as(found, "sarif", network.locations(found.written)) == findings_as(
        found, "sarif", network.locations(found.written)
    )
    valid(difference_as(network.diff(network), "sarif"))
