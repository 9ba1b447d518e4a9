"""`reach check`: exit codes, files and packs, baselines, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import analyzer

from .conftest import DOCUMENTS, POSTGRES, Reach, group, write

HOLDS = "invariants:\n- name: no ssh to the database\n  deny: {from: web, to: db, on: ssh}\n"
FAILS = "invariants:\n- name: nobody talks to the database\n  deny: {from: any, to: db}\n"
SKIPS = "deny: {from: web, to: db}\n  ignore: [{flow: {from: web}, until: 2026-12-31, reason: TICKET-1}]\n"


@pytest.fixture(autouse=True)
def files(reach: Reach, tmp_path: Path) -> None:
    (tmp_path / "holds.reach.yaml").write_text(HOLDS)
    (tmp_path / "fails.yaml").write_text(FAILS)
    (tmp_path / "ignored.yaml").write_text(f"invariants:\n- name: later\n  {SKIPS}")


def test_it_holds(reach: Reach) -> None:
    done = reach("check holds.reach.yaml --snapshot snap")
    expected = "holds    no ssh to the database  (holds.reach.yaml:2)\n1 of 1 invariant holds, 0 violations\n"
    assert done == (0, expected, "")


def test_it_does_not_hold(reach: Reach) -> None:
    done = reach("check fails.yaml --snapshot snap")
    assert (done.code, done.err) == (1, "")
    assert "web-1 (eni-4) can reach to (eni-9) on tcp/5432" in done.out
    assert "sg-2 inbound tcp/5432 from sg-1" in done.out


def test_without_a_name_it_is_every_file_here(reach: Reach, tmp_path: Path) -> None:
    assert reach("check --snapshot snap").out.startswith("holds    no ssh")
    (tmp_path / "holds.reach.yaml").unlink()
    assert reach("check --snapshot snap") == (
        2,
        "",
        "reach: no invariants are named, and there is no `*.reach.yaml` here\n"
        "  try: `reach check FILE`, or `reach check --pack zero-trust`\n",
    )


def test_a_baseline_lets_only_what_is_new_fail(reach: Reach, tmp_path: Path) -> None:
    assert reach("check fails.yaml --snapshot snap -o json=b.json").code == 1
    done = reach("check fails.yaml --snapshot snap --baseline b.json")
    assert done.code == 0
    assert done.out.endswith("1 of 1 invariant holds, 0 new, 2 known\n")
    wider = {**POSTGRES, "FromPort": 5431}
    write(tmp_path / "snap", {"SecurityGroups": [DOCUMENTS["SecurityGroups"][0], group("sg-2", "db", [wider])]})
    assert reach("check fails.yaml --snapshot snap --baseline b.json").code == 1


def test_an_ignore_is_over_some_day(reach: Reach) -> None:
    assert reach("check ignored.yaml --snapshot snap --today 2026-12-31").code == 0
    done = reach("check ignored.yaml --snapshot snap --today 2027-01-01")
    assert done.code == 1
    assert "no longer ignored: TICKET-1: expired on 2026-12-31" in done.out


def test_several_outputs_at_once(reach: Reach, tmp_path: Path) -> None:
    done = reach("check fails.yaml --snapshot snap --format json -o sarif=r.sarif -o junit=r.xml -o csv=r.csv -o markdown=r.md")
    assert json.loads(done.out)["schema"] == "reach/check/1"
    assert json.loads((tmp_path / "r.sarif").read_text())["version"] == "2.1.0"
    assert (tmp_path / "r.xml").read_text().startswith("<?xml")
    assert (tmp_path / "r.csv").exists()
    assert (tmp_path / "r.md").exists()


def test_a_limit_leaves_out_witnesses_and_no_violations(reach: Reach) -> None:
    found = json.loads(reach("check fails.yaml --snapshot snap --format json --limit 1").out)["violations"]
    assert [bool(one["path"]) for one in found] == [True, False]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("no.yaml", "cannot read `no.yaml`: no such file or directory\n  try: name a file that is there"),
        ("fails.yaml --baseline no.json", "cannot read `no.json`: no such file or directory\n  try: name a file that is there"),
        (
            "fails.yaml --baseline fails.yaml",
            "cannot read `fails.yaml`: it is no baseline\n  try: write one with `reach check … -o json=FILE`",
        ),
        ("--pack trust", "no pack is called `trust`\n  try: did you mean `zero-trust`?"),
        ("--today now", "`--today` cannot be `now`\n  try: a day like `2027-03-31`"),
        ("fails.yaml fails.yaml", "two invariants are called `nobody talks to the database`: in fails.yaml:2 and fails.yaml:2"),
        ("typo.yaml", "typo.yaml:2: invariant `x`: nothing in the snapshot is called `dbb`\n  try: did you mean `db`?"),
    ],
)
def test_mistakes(reach: Reach, tmp_path: Path, words: str, message: str) -> None:
    (tmp_path / "typo.yaml").write_text("invariants:\n- name: x\n  deny: {from: web, to: dbb}\n")
    done = reach(f"check {words} --snapshot snap")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"reach: {message}")


def test_a_pack_skips_what_is_not_there_and_says_so(reach: Reach) -> None:
    done = reach("check --pack zero-trust --snapshot snap")
    assert done.code == 0
    assert "skipped  the internet reaches no data store  (pack zero-trust)" in done.out
    assert "holds    the internet reaches no admin port  (pack zero-trust)" in done.out


def test_the_demo_has_what_a_pack_looks_for(reach: Reach) -> None:
    assert reach("check --pack zero-trust --snapshot demo").code == 1


def test_it_is_there_in_python(tmp_path: Path) -> None:
    found = analyzer.load(tmp_path / "snap").check(tmp_path / "fails.yaml")
    assert [(one.source.id, one.target.id) for one in found] == [("eni-10", "eni-9"), ("eni-4", "eni-9")]
