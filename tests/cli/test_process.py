"""What only a process of its own shows: start-up, pipes, terminals."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import DOCUMENTS, write

ROOT = Path(__file__).resolve().parents[2]
HEAVY = (
    "pydantic",
    "msgspec",
    "boto3",
    "botocore",
    "networkx",
    "graphviz",
    "analyzer.models.aws",
    "analyzer.read",
    "tempfile",
    "threading",
)


def run(*words: str, **options: object) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run([sys.executable, "-m", "analyzer", *words], capture_output=True, text=True, env=environment, **options)  # type: ignore[call-overload,no-any-return]


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["from", "--help"], ["blast"], ["from", "a", "to", "b", "--frob"]])
def test_what_needs_no_snapshot_imports_nothing_heavy(words: list[str]):
    code = (
        "import sys, contextlib, io\n"
        "from analyzer.cli import main\n"
        "with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()), contextlib.suppress(SystemExit):\n"
        f"    main({words!r})\n"
        f"print(*[name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    assert done.stdout.strip() == ""


def test_a_question_imports_neither_boto3_nor_networkx_nor_graphviz():
    code = (
        "import sys, contextlib, io\n"
        "from analyzer.cli import main\n"
        "with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):\n"
        "    main(['demo'])\n"
        "print(*[name for name in ('boto3', 'botocore', 'networkx', 'graphviz') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    assert done.stdout.strip() == ""


def test_python_dash_m_is_reach():
    done = run("--version")
    assert (done.returncode, done.stdout.startswith("reach "), done.stderr) == (0, True, "")
    assert run("blast").returncode == 2


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path):
    write(tmp_path / "snap", DOCUMENTS)
    reader, writer = os.pipe()
    os.close(reader)
    try:
        command = [
            sys.executable,
            "-m",
            "analyzer",
            "from",
            "web",
            "to",
            "db",
            "--snapshot",
            str(tmp_path / "snap"),
            "--expect",
            "blocked",
        ]
        done = subprocess.run(
            command, stdout=writer, stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)}
        )
    finally:
        os.close(writer)
    assert done.returncode == 1, "the verdict's exit code counts, whoever reads"
    assert done.stderr == "reach: not as expected: it is `reachable`, not `blocked`\n"


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="only Linux has /dev/full")
def test_a_full_disk_is_an_error():
    with open("/dev/full", "w") as full:
        command = [sys.executable, "-m", "analyzer", "--help"]
        done = subprocess.run(
            command, stdout=full, stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)}
        )
    message = "reach: cannot write the answer: no space left on device\n  try: write it elsewhere with `-o FORMAT=FILE`\n"
    assert (done.returncode, done.stderr) == (2, message)


def test_names_beyond_the_terminals_letters_are_no_crash(tmp_path: Path):
    rows = [{**row, "TagSet": [{"Key": "Name", "Value": "wéb→"}]} for row in DOCUMENTS["NetworkInterfaces"]]
    write(tmp_path / "snap", DOCUMENTS | {"NetworkInterfaces": rows})
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "ascii"}
    command = [sys.executable, "-m", "analyzer", "list", "eni", "--snapshot", str(tmp_path / "snap")]
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert done.returncode == 0
    assert "w\\xe9b\\u2192" in done.stdout


def on_terminal(folder: Path, **environment: str) -> str:
    """Return what a question prints when stdout is a terminal."""
    terminal, side = pty.openpty()
    command = [sys.executable, "-m", "analyzer", "from", "web-1", "to", "db", "--snapshot", str(folder)]
    inherited = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "TERM")}
    done = subprocess.run(
        command, stdout=side, stderr=subprocess.PIPE, env={**inherited, "TERM": "xterm", "PYTHONPATH": str(ROOT), **environment}
    )
    os.close(side)
    shown = os.read(terminal, 65536).decode()
    os.close(terminal)
    assert done.returncode == 0, done.stderr
    return shown


@pytest.mark.parametrize(
    ("environment", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, True), ({"TERM": "dumb"}, False)]
)
def test_colours_are_for_terminals_that_want_them(tmp_path: Path, environment: dict[str, str], coloured: bool):
    write(tmp_path / "snap", DOCUMENTS)
    assert ("\x1b[1;32mCAN\x1b[0m" in on_terminal(tmp_path / "snap", **environment)) is coloured


def test_a_pipe_gets_no_colour(tmp_path: Path):
    write(tmp_path / "snap", DOCUMENTS)
    assert "\x1b" not in run("from", "web-1", "to", "db", "--snapshot", str(tmp_path / "snap")).stdout
