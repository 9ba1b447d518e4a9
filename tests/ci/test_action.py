"""The GitHub action, the pre-commit hook and the example repository: their steps are run, with what a runner sets around them."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "docs" / "examples" / "repository"
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
WORKFLOW: dict[str, Any] = yaml.safe_load((EXAMPLE / ".github" / "workflows" / "network.yml").read_text("utf-8"))
PINNED = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}")
OPENED = '"IpRanges": [{"CidrIp": "0.0.0.0/0"}]'


class Step(NamedTuple):
    code: int
    log: str
    summary: str
    outputs: dict[str, str]


Check = Callable[..., Step]


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    return shutil.copytree(EXAMPLE, tmp_path / "repository")


@pytest.fixture
def check(tmp_path: Path, repository: Path) -> Check:
    """Return a function that runs the step `check` with some inputs, the others as they are by default."""
    program = tmp_path / "temp" / "reach" / "bin" / "python"
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} "$@"\n')
    program.chmod(0o755)

    def running(**inputs: str) -> Step:
        (step,) = (one for one in ACTION["runs"]["steps"] if one.get("id") == "check")
        files = {name: tmp_path / name.lower() for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        values = {name: one.get("default", "") for name, one in ACTION["inputs"].items()} | inputs
        given = {name: values[text.removeprefix("${{ inputs.").removesuffix(" }}")] for name, text in step["env"].items()}
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "REACH_SNAPSHOT"))}
        runner = {"RUNNER_TEMP": str(tmp_path / "temp"), "GITHUB_ACTION_PATH": str(ROOT)}
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
        environment = kept | runner | given | {name: str(path) for name, path in files.items()}
        done = subprocess.run(command, cwd=repository, env=environment, capture_output=True, text=True)
        written = {name: path.read_text("utf-8") for name, path in files.items()}
        for path in files.values():
            path.unlink()
        outputs = dict(line.split("=", 1) for line in written["GITHUB_OUTPUT"].splitlines())
        return Step(done.returncode, done.stdout + done.stderr, written["GITHUB_STEP_SUMMARY"], outputs)

    return running


def open_the_database(repository: Path) -> None:
    """Change one line of the snapshot, as a pull request would."""
    path = repository / "snapshot" / "security-groups.json"
    before = path.read_text("utf-8")
    at = before.index('"IpRanges": []')
    path.write_text(before[:at] + OPENED + before[at + len('"IpRanges": []') :], "utf-8")


# ---------------------------------------------------------------------- the step
def test_what_holds_passes_and_writes_summary_and_sarif(check: Check):
    step = check()
    assert (step.code, step.outputs["outcome"]) == (0, "holds"), step.log
    assert "3 of 3 invariants hold, 0 violations\n" in step.log
    assert step.summary.startswith("### reach check: 3 of 3 invariants hold, 0 violations\n")
    assert json.loads(Path(step.outputs["sarif"]).read_text())["version"] == "2.1.0"
    assert Path(step.outputs["markdown"]).read_text() == step.summary


def test_one_line_that_opens_the_database_fails_and_is_named(check: Check, repository: Path):
    open_the_database(repository)
    step = check()
    assert (step.code, step.outputs["outcome"]) == (1, "fails")
    line = "sg-db inbound tcp/5432 from 0.0.0.0/0"
    assert line in step.log
    assert line in step.summary
    results = json.loads(Path(step.outputs["sarif"]).read_text())["runs"][0]["results"]
    uris = {one["physicalLocation"]["artifactLocation"]["uri"] for result in results for one in result["locations"]}
    assert "snapshot/security-groups.json" in uris


def test_a_step_that_must_not_fail_tells_its_outcome_all_the_same(check: Check, repository: Path):
    open_the_database(repository)
    step = check(fail="false")
    assert (step.code, step.outputs["outcome"]) == (0, "fails")


@pytest.mark.parametrize("fail", ["true", "false"])
def test_no_answer_fails_whatever_is_wanted(check: Check, fail: str):
    step = check(snapshot="gone", fail=fail)
    assert (step.code, step.outputs) == (2, {"outcome": "unanswered"})
    assert "reach: cannot read `gone`: no such file or folder\n" in step.log
    assert step.summary == "**reach check** could not answer: the log of this step says why\n"


def test_files_packs_and_baseline_are_taken(check: Check, repository: Path):
    open_the_database(repository)
    step = check(files="network.reach.yaml\n", packs="zero-trust\ninspection\n", fail="false")
    assert {"(pack zero-trust)", "(pack inspection)", "(network.reach.yaml:2)"} <= set(
        re.findall(r"\((?:pack )?[\w.:-]+\)", step.log)
    )
    whole = check(files="network.reach.yaml", fail="false")
    assert whole.outputs["outcome"] == "fails"
    command = [sys.executable, "-m", "analyzer", "check", "-o", "json=before.json"]
    subprocess.run(command, cwd=repository, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, check=False)
    assert check(files="network.reach.yaml", baseline="before.json").outputs["outcome"] == "holds"


@pytest.mark.parametrize("name", ["files", "packs", "snapshot", "baseline"])
@pytest.mark.parametrize(
    "value", ["$(touch pwned)", "`touch pwned`", '"; touch pwned; "', "'; touch pwned; '", "x\n; touch pwned"]
)
def test_what_users_write_is_never_run(check: Check, repository: Path, name: str, value: str):
    assert check(**{name: value}).code == 2
    assert not (repository / "pwned").exists()


def test_files_cannot_be_options(check: Check):
    step = check(files="--keep-going")
    assert (step.code, "cannot read `--keep-going`" in step.log) == (2, True), step.log


def test_modules_of_the_repository_are_not_taken_for_ours(check: Check, repository: Path):
    for name in ("analyzer", "yaml", "msgspec"):
        (repository / f"{name}.py").write_text("open('pwned', 'w')\n")
    assert check().code == 0
    assert not (repository / "pwned").exists()


def test_names_cannot_give_commands_to_the_runner(check: Check, repository: Path):
    open_the_database(repository)
    for name in ("network-interfaces.json", "instances.json"):
        path = repository / "snapshot" / name
        path.write_text(path.read_text("utf-8").replace("eni-b", "::error::x"), "utf-8")
    log = check().log.splitlines()
    stop = next(at for at, line in enumerate(log) if line.startswith("::stop-commands::"))
    resume = log.index(f"::{log[stop].removeprefix('::stop-commands::')}::")
    assert [line for line in log[stop + 1 : resume] if line.strip().startswith("::error::")], "the test shows something"
    assert [line for line in log[:stop] + log[resume + 1 :] if "::error::" in line] == []
    assert len(log[stop]) == len("::stop-commands::") + 32


# ---------------------------------------------------------------------- what is written down
def steps() -> Iterator[dict[str, Any]]:
    yield from ACTION["runs"]["steps"]
    for job in WORKFLOW["jobs"].values():
        yield from job["steps"]


def test_whatever_is_used_is_pinned_to_a_commit():
    used = [step["uses"] for step in steps() if "uses" in step]
    assert len(used) == 4
    assert [one for one in used if not PINNED.fullmatch(one)] == ["OWNER/vpc-reach@COMMIT"]


def test_no_input_becomes_a_part_of_a_script():
    assert [step["run"] for step in steps() if "${{" in step.get("run", "")] == []


def test_the_workflow_names_inputs_and_outputs_that_there_are():
    (step,) = (one for one in steps() if one.get("uses", "").startswith("OWNER/"))
    assert set(step["with"]) <= set(ACTION["inputs"])
    text = (EXAMPLE / ".github" / "workflows" / "network.yml").read_text("utf-8")
    assert set(re.findall(r"steps\.reach\.outputs\.(\w+)", text)) <= set(ACTION["outputs"])


def pins(name: str) -> dict[str, set[str]]:
    """Return the hashes of each requirement in a lock."""
    blocks = re.split(r"\n(?=\w)", (ROOT / name).read_text("utf-8"))
    found = ((re.match(r"([\w.-]+==\S+)", block), block) for block in blocks)
    return {match[1]: set(re.findall(r"sha256:(\w+)", block)) for match, block in found if match}


def test_what_the_action_installs_is_a_part_of_the_lock_and_all_that_the_program_needs():
    run, whole = pins("requirements-run.lock"), pins("requirements.lock")
    assert {name: hashes for name, hashes in run.items() if whole.get(name) != hashes or not hashes} == {}
    needed = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    names = {re.match(r"[\w-]+", one.replace(".", "-"))[0] for one in needed}  # type: ignore[index]
    assert names <= {pin.partition("==")[0] for pin in run}, "run `make lock`"


def test_the_hook_runs_in_the_example(repository: Path):
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    (used,) = yaml.safe_load((EXAMPLE / ".pre-commit-config.yaml").read_text("utf-8"))["repos"]
    assert [one["id"] for one in used["hooks"]] == [hook["id"]]
    assert (hook["language"], hook["pass_filenames"]) == ("python", False)
    watched = [path.name for path in repository.rglob("*") if re.search(hook["files"], path.name)]
    assert {"network.reach.yaml", "security-groups.json"} <= set(watched)
    program = Path(sys.executable).parent / "reach"
    words = shlex.split(hook["entry"])
    assert words[0] == program.name
    assert subprocess.run([program, *words[1:]], cwd=repository, capture_output=True).returncode == 0
    open_the_database(repository)
    assert subprocess.run([program, *words[1:]], cwd=repository, capture_output=True).returncode == 1


def test_pytest_in_the_example_checks_invariants_and_tests(repository: Path):
    command = [sys.executable, "-P", "-m", "pytest", "-p", "no:cacheprovider"]
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PYTEST", "REACH_SNAPSHOT"))}
    done = subprocess.run(command, cwd=repository, env=kept, capture_output=True, text=True)
    assert (done.returncode, " 4 passed in " in done.stdout) == (0, True), done.stdout
    open_the_database(repository)
    done = subprocess.run(command, cwd=repository, env=kept, capture_output=True, text=True)
    assert (done.returncode, "sg-db inbound tcp/5432 from 0.0.0.0/0" in done.stdout) == (1, True)
