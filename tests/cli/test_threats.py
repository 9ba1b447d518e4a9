"""`reach threats` on the command line: what it asks of the network, what it writes, and how it ends."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from analyzer.models.threat import ThreatModel
from analyzer.report.threats import FORMATS, render

from ..threats.model import MODEL
from .conftest import Reach

NAMES = ", ".join(f"`{one}`" for one in FORMATS)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Let every network have the threat model of the fixture; return what is asked."""
    found: list[Any] = []

    def threats(self: object, *files: str, **options: Any) -> ThreatModel:
        found.append((files, options))
        return MODEL

    monkeypatch.setattr("analyzer.network.Network.threats", threats)
    return found


def test_the_options_are_what_is_asked(reach: Reach, asked: list[Any]):
    done = reach(
        "threats --snapshot snap --with a.yaml --with b.yaml --actor internet --actor compromised-workload(db) --paths 5 --today 2027-01-02"
    )
    assert done == (0, render(MODEL, "text"), "")
    assert asked == [
        (("a.yaml", "b.yaml"), {"actors": ["internet", "compromised-workload(db)"], "paths": 5, "today": date(2027, 1, 2)})
    ]


def test_without_options_it_is_every_actor_three_ways_and_this_day(reach: Reach, asked: list[Any]):
    assert reach("threats --snapshot snap").code == 0
    assert asked == [((), {"actors": [], "paths": 3, "today": None})]


@pytest.mark.parametrize(
    ("severity", "code", "says"),
    [
        ("critical", 1, "1 risk is critical"),
        ("high", 1, "1 risk is high or worse"),
        ("elevated", 1, "3 risks are elevated or worse"),
        ("medium", 1, "3 risks are medium or worse"),
        ("low", 1, "4 risks are low or worse"),
    ],
)
def test_a_severity_is_an_exit_code_and_what_is_accepted_does_not_count(
    reach: Reach, asked: list[Any], severity: str, code: int, says: str
):
    done = reach(f"threats --snapshot snap --fail-on {severity}")
    assert (done.code, done.err) == (code, f"reach: not as expected: {says}\n")
    assert done.out.startswith("threat model: ")


def test_what_is_not_so_bad_is_exit_0(reach: Reach, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("analyzer.network.Network.threats", lambda *_, **__: ThreatModel(risks=MODEL.risks[1:]))
    assert reach("threats --snapshot snap --fail-on high")[::2] == (0, "")


def test_all_formats_in_one_run(reach: Reach, asked: list[Any], tmp_path: Path):
    outputs = " ".join(f"-o {format}=out.{format}" for format in FORMATS)
    done = reach(f"threats --snapshot snap --format json --explain --limit 2 {outputs}")
    assert json.loads(done.out) == MODEL.to_dict()
    for format in FORMATS:
        written = (tmp_path / f"out.{format}").read_text("utf-8")
        if format == "sarif":
            assert len(json.loads(written)["runs"][0]["results"]) == 5
        else:
            assert written == render(MODEL, format, explain=True, limit=2)
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("command", "what", "hint"),
    [
        ("threats web", "`reach threats` takes no `web`", "`--with FILE` reads what is declared"),
        ("threats --paths 0", "`--paths` cannot be `0`", "a whole number from 1 on"),
        ("threats --fail-on severe", "`--fail-on` cannot be `severe`", "one of `low`, `medium`, `elevated`, `high`, `critical`"),
        ("threats --format xml", "`--format` cannot be `xml`", f"one of {NAMES}"),
        ("threats -o xml=x", "no such format: `xml`", f"`-o FORMAT=FILE` with one of {NAMES}"),
        ("threats --today soon", "`--today` cannot be `soon`", "a day like `2027-03-31`"),
        ("threats --with", "option `--with`: expected one argument", "`reach threats --help`"),
    ],
)
def test_mistakes_are_told_in_two_lines(reach: Reach, command: str, what: str, hint: str):
    assert reach(command) == (2, "", f"reach: {what}\n  try: {hint}\n")


def test_an_actor_that_there_is_not_is_told_in_two_lines(reach: Reach):
    done = reach("threats --snapshot snap --actor internal")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("reach: no actor is called `internal`\n  try: one of `internet`")


def test_a_declarations_file_that_is_not_there_is_told_in_two_lines(reach: Reach):
    done = reach("threats --snapshot snap --with gone.yaml")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("reach: cannot read `gone.yaml`")


def test_the_model_of_a_real_snapshot_is_written(reach: Reach):
    done = reach("threats --snapshot snap --format json")
    assert done.code == 0
    assert json.loads(done.out)["schema"] == "reach/threats/1"
