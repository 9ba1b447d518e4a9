"""The outcome in every format: valid where a format has rules, and no name from the snapshot becomes markup."""

from __future__ import annotations

import csv
import io
import json
from typing import Any
from xml.etree import ElementTree as Xml

import msgspec
import pytest

from analyzer.models.answer import End
from analyzer.models.check import Check, Checked, Violation
from analyzer.models.errors import QuestionError
from analyzer.models.location import Location
from analyzer.models.verdict import Verdict
from analyzer.report.check import FORMATS, render

from ..report.answers import BACK, EVIL, IN, INTERNET, NO_RULE, OUT, hop
from ..report.sarif import valid
from ..semantics.build import V4, eni_b, group, network, rule
from .conftest import checked

VIOLATION = Violation(
    invariant="the internet reaches no database",
    kind="deny",
    text="internet can reach orders (eni-db) on tcp/5432",
    source=INTERNET,
    target=End(id="eni-db", kind="rds", name="orders"),
    verdict=Verdict.REACHABLE,
    services=["tcp/5432"],
    path=[OUT, IN],
    lines=[msgspec.structs.replace(OUT, origin="`snap/my groups.json` resource 0"), IN],
    fingerprint="f1",
)
MISSING = Violation(
    invariant="the bastion gets in",
    kind="allow",
    text="eni-web cannot reach eni-db on tcp/22",
    source=INTERNET,
    target=End(id="eni-db", kind="rds"),
    verdict=Verdict.BLOCKED,
    services=["tcp/22"],
    blockers=[NO_RULE],
    fingerprint="f2",
)
KNOWN = msgspec.structs.replace(VIOLATION, new=False, fingerprint="f3", target=End(id="eni-known", kind="rds"))
IGNORED = msgspec.structs.replace(VIOLATION, ignored="TICKET-12", fingerprint="f4", target=End(id="eni-ignored", kind="rds"))
OUTCOME = Check(
    holds=False,
    invariants=[
        Checked(
            name=VIOLATION.invariant,
            kind="deny",
            origin="i.reach.yaml:2",
            holds=False,
            violations=2,
            new=1,
            ignored=1,
            expired=["T-1: expired on 2026-01-01"],
        ),
        Checked(name=MISSING.invariant, kind="allow", origin="i.reach.yaml:4", holds=False, violations=1, new=1),
        Checked(name="all is well", kind="deny", origin="pack zero-trust", holds=True),
        Checked(
            name="apart", kind="isolate", origin="pack zero-trust", holds=True, not_applicable="the snapshot holds none of `dev`"
        ),
    ],
    violations=[VIOLATION, KNOWN, MISSING],
    ignored=[IGNORED],
)


def hostile() -> Check:
    """Return an outcome in which every text is hostile."""
    evil = hop(EVIL, EVIL, EVIL, EVIL, BACK)
    end = End(id=EVIL, kind=EVIL, name=EVIL + "2")
    texts: dict[str, Any] = {"invariant": EVIL, "kind": EVIL, "text": EVIL, "fingerprint": EVIL, "ignored": ""}
    lists: dict[str, Any] = {"services": [EVIL], "doubtful": [EVIL], "conditions": [EVIL], "path": [evil], "lines": [evil]}
    violation = Violation(source=end, target=end, verdict=Verdict.UNKNOWN, **texts, **lists)
    invariant = Checked(name=EVIL, kind=EVIL, origin=EVIL, holds=False, violations=1, new=1, expired=[EVIL])
    return Check(
        holds=False, invariants=[invariant], violations=[violation], ignored=[msgspec.structs.replace(violation, ignored=EVIL)]
    )


def test_text() -> None:
    assert (
        render(OUTCOME, "text")
        == """\
fails    the internet reaches no database  (i.reach.yaml:2)
  no longer ignored: T-1: expired on 2026-01-01
  1 violation ignored
  1 violation in the baseline already
  internet can reach orders (eni-db) on tcp/5432
    for example tcp 10.0.1.4 -> 10.0.1.9:5432
    let through by
      eni-web  sg-a outbound all to 0.0.0.0/0   SG-1
      eni-db   sg-b inbound tcp/5432 from sg-a  SG-7
fails    the bastion gets in  (i.reach.yaml:4)
  eni-web cannot reach eni-db on tcp/22
    stopped by
      sg-b  no inbound rule admits it  SG-1
holds    all is well  (pack zero-trust)
skipped  apart  (pack zero-trust)
  not checked: the snapshot holds none of `dev`
1 of 3 invariants hold, 2 new, 1 known, 1 ignored; 1 skipped
"""
    )


def test_json_is_read_again() -> None:
    text = render(OUTCOME, "json")
    assert msgspec.json.decode(text, type=Check) == OUTCOME
    assert list(json.loads(text)) == ["schema", "holds", "invariants", "violations", "ignored", "snapshot"]


def test_sarif_tells_what_is_new_what_is_known_and_what_is_ignored() -> None:
    run = valid(render(OUTCOME, "sarif"))
    ids = [one["id"] for one in run["tool"]["driver"]["rules"]]
    assert ids == [
        "invariant/the-internet-reaches-no-database",
        "invariant/the-bastion-gets-in",
        "invariant/all-is-well",
        "invariant/apart",
    ]
    states = [(one["baselineState"], "suppressions" in one) for one in run["results"]]
    assert states == [("new", False), ("new", False), ("unchanged", False), ("new", True)]


def test_without_a_baseline_sarif_does_not_say_that_anything_is_new() -> None:
    run = valid(render(msgspec.structs.replace(OUTCOME, violations=[VIOLATION]), "sarif"))
    assert all("baselineState" not in one for one in run["results"])


def test_sarif_points_into_the_snapshot_and_at_the_invariant() -> None:
    group, invariant = Location(uri="snap/my%20groups.json", line=7, exact=True), Location(uri="i.reach.yaml", line=2)
    places = {VIOLATION.written[1]: group, OUTCOME.invariants[0].written: invariant}
    first = valid(render(OUTCOME, "sarif", locations=places))["results"][0]
    there = [one["physicalLocation"] for one in [*first["locations"], *first["relatedLocations"]]]
    assert [(one["artifactLocation"]["uri"], one["region"]["startLine"]) for one in there] == [
        ("snap/my%20groups.json", 7),
        ("i.reach.yaml", 2),
    ]


def test_junit_counts_and_tells() -> None:
    suites = Xml.fromstring(render(OUTCOME, "junit"))
    (suite,) = suites
    assert [suite.get(key) for key in ("tests", "failures", "errors", "skipped")] == ["4", "2", "0", "1"]
    first, second, third, fourth = suite.findall("testcase")
    (failure,) = first.findall("failure")
    assert failure.get("message") == "1 violation: internet can reach orders (eni-db) on tcp/5432"
    assert "sg-b inbound tcp/5432 from sg-a" in (failure.text or "")
    assert second.find("failure") is not None
    assert third.find("failure") is None
    assert fourth.find("skipped") is not None


def test_csv_has_a_line_for_each() -> None:
    rows = list(csv.DictReader(io.StringIO(render(OUTCOME, "csv"))))
    assert [(row["fingerprint"], row["state"]) for row in rows] == [
        ("f1", "new"),
        ("f3", "known"),
        ("f2", "new"),
        ("f4", "ignored: TICKET-12"),
    ]
    assert rows[0]["lines"] == "eni-web: sg-a outbound all to 0.0.0.0/0; eni-db: sg-b inbound tcp/5432 from sg-a"


def test_markdown_tells_what_is_new() -> None:
    text = render(OUTCOME, "markdown")
    assert "| **fails** | the internet reaches no database | 1 |" in text
    assert "`sg-b inbound tcp/5432 from sg-a`" in text
    assert "eni-known" not in text


@pytest.mark.parametrize("format", FORMATS)
def test_hostile_names_are_only_names(format: str) -> None:
    text = render(hostile(), format)
    assert all(char not in text for char in ("\x1b", "\u202e", "\x07"))
    if format in ("junit", "markdown"):
        assert "<script" not in text
    if format == "junit":
        Xml.fromstring(text)
    if format in ("json", "sarif"):
        json.loads(text)
    if format == "markdown":
        assert "](" not in text
        assert "@all" not in text


def test_an_unknown_format() -> None:
    with pytest.raises(QuestionError) as error:
        render(OUTCOME, "pdf")
    assert str(error.value).startswith("no such format: `pdf`\n  try: take one of `text`, `json`, `sarif`")


@pytest.mark.parametrize("format", FORMATS)
def test_the_same_snapshot_gives_the_same_bytes(format: str) -> None:
    world = [network(group("sg-ssh", [rule("tcp/22", V4)]), eni_b(groups=["sg-ssh"])) for _ in range(2)]
    one, other = (render(checked(each, "deny: {from: any or internet, to: any}"), format) for each in world)
    assert one == other or format in ("json", "sarif"), "origins name the folder, which differs here"
