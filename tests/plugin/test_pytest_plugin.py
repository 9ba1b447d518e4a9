"""pytest in a repository that is not ours: it has its own `models.py` and `tests/`, and names that ours has too."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from analyzer.cli import main

WAYS = "`--reach-snapshot PATH`, `reach_snapshot` in pytest's configuration, or `--reach-snapshot demo` for one that comes along"
INVARIANTS = """\
invariants:
  - name: the internet never reaches a database
    deny: {from: internet, to: rds}
  - name: the bastion takes ssh
    allow: {from: internet, to: "name:bastion", on: ssh}
"""
TESTS = """\
import models


def test_holds(reach, network):
    assert models.OWNER == "the user"
    assert network.reach("sg-a", "rds").verdict == "reachable"
    reach("internet", "rds:orders").assert_blocked()
    reach("sg-a", "rds:orders", on="tcp/5432").assert_reachable()
    assert reach("sg-a", "rds:orders")
"""
CONFTEST = """\
import sys


def pytest_unconfigure(config):
    print("modules:", *sorted(name for name in sys.modules if name.partition(".")[0] == "analyzer"))
    print("heavy:", *[name for name in ("pydantic", "msgspec", "networkx", "boto3", "yaml") if name in sys.modules])
"""


class Done(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def counts(self) -> str:
        """How the tests fared: `1 failed, 2 passed`."""
        return self.out.splitlines()[-1].strip("= ").partition(" in ")[0]


Pytest = Callable[..., Done]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A user's repository."""
    for path, text in {
        "models.py": 'OWNER = "the user"\n',
        "pytest.ini": "[pytest]\npythonpath = .\n",
        "network.reach.yaml": INVARIANTS,
        "tests/__init__.py": "",
        "tests/test_network.py": TESTS,
    }.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text, "utf-8")
    return tmp_path


@pytest.fixture
def run(home: Path) -> Pytest:
    """Return a function that runs pytest in the user's repository, or in a folder of it."""

    def running(*words: str, inside: str = ".", **environment: str) -> Done:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PYTEST", "REACH_SNAPSHOT"))}
        command = [sys.executable, "-P", "-m", "pytest", "-p", "no:cacheprovider", *words]
        done = subprocess.run(command, cwd=home / inside, env=kept | environment, capture_output=True, text=True, timeout=120)
        return Done(done.returncode, done.stdout, done.stderr)

    return running


def write_test(home: Path, body: str) -> None:
    (home / "tests" / "test_network.py").write_text(f"def test_it(reach):\n    {body}\n", "utf-8")


def test_each_invariant_is_an_item_and_tests_beside_it_run(run: Pytest):
    done = run("--reach-snapshot", "demo", "-v")
    assert "network.reach.yaml::the internet never reaches a database FAILED" in done.out
    assert "network.reach.yaml::the bastion takes ssh PASSED" in done.out
    assert "tests/test_network.py::test_holds PASSED" in done.out
    assert done.counts == "1 failed, 2 passed", done.out


def test_an_invariant_fails_with_what_reach_check_prints(
    run: Pytest, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.chdir(home)
    (home / "one.reach.yaml").write_text("".join(INVARIANTS.splitlines(keepends=True)[:3]), "utf-8")
    assert main(["check", "one.reach.yaml", "--snapshot", "demo"]) == 1
    printed = capsys.readouterr().out
    assert "sg-0928d1c5cdf26f485 inbound tcp/3306 from 0.0.0.0/0" in printed
    done = run("one.reach.yaml", "--reach-snapshot", "demo")
    assert done.code == 1
    assert printed in done.out


def test_one_invariant_can_be_named(run: Pytest):
    done = run("network.reach.yaml::the bastion takes ssh", "--reach-snapshot", "demo")
    assert (done.code, done.counts) == (0, "1 passed"), done.out


def test_the_invariant_is_told_where_it_is_written(run: Pytest, home: Path):
    done = run("--reach-snapshot", "demo", "network.reach.yaml", "--junit-xml", "out.xml", "-o", "junit_family=xunit1")
    assert done.code == 1
    assert 'file="network.reach.yaml" line="1"' in (home / "out.xml").read_text()


def test_a_failing_question_shows_the_test_and_the_trace_and_nothing_of_ours(run: Pytest, home: Path):
    write_test(home, 'reach("internet", "rds:crm").assert_blocked()')
    done = run("tests", "--reach-snapshot", "demo")
    assert done.code == 1
    assert '>       reach("internet", "rds:crm").assert_blocked()\n' in done.out
    assert "E       AssertionError: it is `reachable`, not `blocked`\n" in done.out
    assert "sg-0928d1c5cdf26f485 inbound tcp/3306 from 0.0.0.0/0" in done.out
    assert "pytest_plugin.py" not in done.out


def test_what_is_blocked_is_not_reachable_and_the_trace_says_which_line_stops_it(run: Pytest, home: Path):
    write_test(home, 'reach("internet", "rds:orders").assert_reachable()')
    done = run("tests", "--reach-snapshot", "demo")
    assert done.code == 1
    assert "it is `blocked`, not `reachable`" in done.out
    assert "<- stops here" in done.out


@pytest.mark.parametrize("expected", ["reachable", "blocked"])
def test_an_answer_in_doubt_is_neither(run: Pytest, home: Path, expected: str):
    write_test(home, f'reach("sg-a", "endpoint:s3", on="https").assert_{expected}()')
    done = run("tests", "--reach-snapshot", "demo")
    assert done.code == 1
    assert f"it is `conditional`, not `{expected}`" in done.out


def test_the_truth_of_an_answer_in_doubt_is_an_error(run: Pytest, home: Path):
    write_test(home, 'assert not reach("sg-a", "endpoint:s3", on="https")')
    done = run("tests", "--reach-snapshot", "demo")
    assert done.code == 1
    assert "UncertainError: the answer is `conditional`, neither yes nor no" in done.out


def test_a_selector_that_matches_nothing_is_an_error_at_the_line_of_the_test(run: Pytest, home: Path):
    write_test(home, 'reach("sg-z", "rds").assert_blocked()')
    done = run("tests", "--reach-snapshot", "demo")
    assert done.code == 1
    assert "QuestionError: nothing in the snapshot is called `sg-z`\nE         try: did you mean `sg-a`?\n" in done.out
    assert "ask.py" not in done.out


def test_an_invariant_about_nothing_fails_in_two_lines(run: Pytest, home: Path):
    (home / "network.reach.yaml").write_text("invariants:\n  - name: a\n    deny: {from: sg-z, to: rds}\n", "utf-8")
    done = run("network.reach.yaml", "--reach-snapshot", "demo")
    told = "reach: network.reach.yaml:2: invariant `a`: nothing in the snapshot is called `sg-z`\n  try: did you mean `sg-a`?\n"
    assert done.code == 1
    assert told in done.out


# ---------------------------------------------------------------------- which snapshot
def test_without_a_snapshot_invariants_are_left_alone_and_fixtures_say_what_is_missing(run: Pytest):
    done = run()
    assert done.code == 1
    assert f"\nreach: no snapshot is named\n  try: {WAYS}\n" in done.out
    assert done.counts == "1 error", done.out


def test_an_invariants_file_that_is_named_needs_a_snapshot(run: Pytest):
    done = run("network.reach.yaml")
    assert done.code == 2
    assert f"\nreach: no snapshot is named\n  try: {WAYS}\n" in done.out


def test_a_snapshot_that_is_not_there_ends_the_run_before_it_begins(run: Pytest, home: Path):
    done = run("--reach-snapshot", "gone")
    message = f"ERROR: reach: cannot read `{home / 'gone'}`: no such file or folder\n  try: {WAYS}\n\n"
    assert (done.code, done.out, done.err) == (4, "", message)


def test_an_embedded_network_that_there_is_not_ends_the_run_before_it_begins(run: Pytest):
    done = run("--reach-snapshot", "demo:three-teir")
    message = "ERROR: reach: no embedded network is called `three-teir`\n  try: did you mean `three-tier`, `a-week-later`?\n\n"
    assert (done.code, done.out, done.err) == (4, "", message)


def test_a_snapshot_that_cannot_be_read_is_an_error_and_no_failure(run: Pytest, home: Path):
    (home / "bad.json").write_text('{"Vpcs": [{"VpcId": 3}]}', "utf-8")
    done = run("--reach-snapshot", "bad.json")
    assert done.code == 1
    assert f"\nreach: cannot read resource 0 of `{home / 'bad.json'}`: field `VpcId`: expected text" in done.out
    assert done.counts == "3 errors", done.out


def test_the_configuration_names_the_snapshot_relative_to_itself(run: Pytest, home: Path):
    (home / "pytest.ini").write_text("[pytest]\npythonpath = .\nreach_snapshot = snap\n", "utf-8")
    done = run(inside="tests")
    assert (done.code, done.err) == (4, f"ERROR: reach: cannot read `{home / 'snap'}`: no such file or folder\n  try: {WAYS}\n\n")
    assert run("--reach-snapshot", "demo", inside="tests").code == 0, "the command line counts first"


def test_the_environment_names_the_snapshot(run: Pytest):
    assert run(REACH_SNAPSHOT="demo").counts == "1 failed, 2 passed"


def test_invariants_that_cannot_be_read_are_an_error_with_their_line(run: Pytest, home: Path):
    (home / "network.reach.yaml").write_text("invariants:\n  - name: a\n    dney: {from: internet, to: rds}\n", "utf-8")
    done = run("--reach-snapshot", "demo")
    assert done.code == 2
    assert (
        "\nreach: cannot read `network.reach.yaml` line 3: no such key: `dney`\n  try: did you mean `deny`, `name`?\n" in done.out
    )


def test_names_of_invariants_cannot_act_on_the_terminal(run: Pytest, home: Path):
    text = 'invariants:\n  - name: "a\\e[31mb"\n    deny: {from: internet, to: "rds:orders"}\n'
    (home / "network.reach.yaml").write_text(text, "utf-8")
    done = run("network.reach.yaml", "-v", "--reach-snapshot", "demo")
    assert (done.code, "network.reach.yaml::a?[31mb PASSED" in done.out, "\x1b" in done.out) == (0, True, False)


# ---------------------------------------------------------------------- packs and baselines
def test_each_invariant_of_a_pack_is_an_item(run: Pytest):
    done = run("network.reach.yaml", "--reach-snapshot", "demo", "--reach-pack", "zero-trust", "-v", "-rs")
    assert "pack zero-trust::the internet reaches no data store FAILED" in done.out
    assert "pack zero-trust::the internet reaches no file share or directory PASSED" in done.out
    assert "pack zero-trust::production and other environments are apart SKIPPED" in done.out
    assert "the snapshot holds none of `tag:environment=prod*`" in done.out
    assert "let through by" in done.out
    assert done.counts == "7 failed, 3 passed, 1 skipped", done.out


def test_items_of_a_pack_can_be_chosen_and_the_configuration_names_packs(run: Pytest, home: Path):
    (home / "pytest.ini").write_text("[pytest]\nreach_packs =\n    zero-trust\nreach_snapshot = demo\n", "utf-8")
    done = run("network.reach.yaml", "-k", "file and share")
    assert (done.counts, "collected 11 items / 10 deselected / 1 selected" in done.out) == ("1 passed, 10 deselected", True), (
        done.out
    )
    done = run("network.reach.yaml", "--reach-pack", "zero-trust", "-n", "2")
    assert done.counts == "7 failed, 3 passed, 1 skipped", done.out


def test_what_a_baseline_holds_already_does_not_fail(
    run: Pytest, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.chdir(home)
    assert main(["check", "network.reach.yaml", "--pack", "zero-trust", "--snapshot", "demo", "-o", "json=known.json"]) == 1
    words = ("network.reach.yaml", "--reach-snapshot", "demo", "--reach-pack", "zero-trust")
    assert run(*words, "--reach-baseline", "known.json").counts == "10 passed, 1 skipped"
    (home / "pytest.ini").write_text("[pytest]\nreach_baseline = known.json\n", "utf-8")
    assert run(*words, inside=".").counts == "10 passed, 1 skipped"
    outcome = json.loads((home / "known.json").read_text("utf-8"))
    store = "the internet reaches no data store"
    outcome["violations"] = [one for one in outcome["violations"] if one["invariant"] != store]
    (home / "known.json").write_text(json.dumps(outcome), "utf-8")
    done = run(*words)
    assert (done.counts, f"FAILED pack zero-trust::{store}" in done.out) == ("1 failed, 9 passed, 1 skipped", True), done.out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("--reach-pack zero-turst --reach-snapshot demo", "no pack is called `zero-turst`\n  try: did you mean `zero-trust`?"),
        ("--reach-pack zero-trust", f"no snapshot is named\n  try: {WAYS}"),
        (
            "--reach-baseline network.reach.yaml --reach-snapshot demo",
            "cannot read `{home}/network.reach.yaml`: it is no baseline\n  try: write one with `reach check … -o json=FILE`",
        ),
        (
            "--reach-baseline gone.json --reach-snapshot demo",
            "cannot read `{home}/gone.json`: no such file or directory\n  try: name a file that is there",
        ),
    ],
    ids=["no such pack", "a pack about nothing", "no baseline", "no file"],
)
def test_a_pack_or_baseline_that_there_is_not_ends_the_run_before_it_begins(run: Pytest, home: Path, words: str, message: str):
    done = run(*words.split())
    assert (done.code, done.out, done.err) == (4, "", f"ERROR: reach: {message.replace('{home}', str(home))}\n\n")


# ---------------------------------------------------------------------- beside others
def test_workers_of_xdist_agree(run: Pytest):
    done = run("-n", "2", "--reach-snapshot", "demo")
    assert (done.code, done.counts) == (1, "1 failed, 2 passed"), done.out


def test_a_repository_that_does_not_use_it_imports_the_plugin_alone(run: Pytest, home: Path):
    (home / "tests" / "test_network.py").write_text("def test_it():\n    pass\n", "utf-8")
    (home / "conftest.py").write_text(CONFTEST, "utf-8")
    done = run("-s")
    assert done.code == 0
    assert "modules: analyzer analyzer.pytest_plugin\nheavy:\n" in done.out
