"""Golden scenarios: a small snapshot, a question as it is typed, and exactly what is answered. `REACH_WRITE_DOCS=1` writes answers anew.

Each folder is one story: `question` holds the command line, run in the folder; `answer` what it prints to stdout, and its exit code.
"""

from __future__ import annotations

import os
import shlex
from pathlib import Path

import pytest

from analyzer.cli import VERBS, main

HERE = Path(__file__).parent
STORIES = sorted(path.parent for path in HERE.glob("*/question"))
# Verbs that answer about no snapshot of their own: their pages in docs hold what they print.
WITHOUT = {"rules", "demo", "completion", "collect"}


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_the_answer_is_this(story: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(story)
    question = (story / "question").read_text("utf-8")
    code = main([*shlex.split(question), "--no-cache"])
    answer = f"{capsys.readouterr().out}exit code {code}\n"
    if os.environ.get("REACH_WRITE_DOCS"):
        (story / "answer").write_text(answer, "utf-8")
    assert answer == (story / "answer").read_text("utf-8"), (
        "run `REACH_WRITE_DOCS=1 pytest tests/scenarios` and look at the difference"
    )


def test_every_verb_has_a_story():
    told = {(story / "question").read_text("utf-8").split()[0] for story in STORIES}
    assert told == VERBS.keys() - WITHOUT


def test_a_pull_request_that_opens_the_database_fails_and_names_the_line():
    for name in ("pull-request-opens-a-database", "pull-request-caught-by-an-invariant"):
        answer = (HERE / name / "answer").read_text("utf-8")
        assert "sg-db" in answer
        assert "tcp/5432 from sg-web" in answer
        assert answer.endswith("exit code 1\n")
