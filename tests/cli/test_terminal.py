"""Text on a terminal: folded, painted, and the same words as in a pipe."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest

from analyzer.cli import terminal
from analyzer.cli.terminal import dressed

ROOT = Path(__file__).resolve().parents[2]
CODES = re.compile(r"\x1b\[[0-9;]*m")


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")


def on_terminal(*words: str, columns: int = 60, **environment: str) -> str:
    """Return what a command prints on a terminal of some width."""
    side, program = pty.openpty()
    fcntl.ioctl(program, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    kept = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "TERM", "COLUMNS")}
    command = [sys.executable, "-m", "analyzer", *words]
    running = subprocess.Popen(
        command, stdout=program, stderr=subprocess.PIPE, env={**kept, "TERM": "xterm", "PYTHONPATH": str(ROOT), **environment}
    )
    os.close(program)
    shown = b""
    try:
        while piece := os.read(side, 65536):
            shown += piece
    except OSError:  # the end of a terminal on Linux
        pass
    os.close(side)
    assert running.communicate()[1] == b""
    return shown.decode().replace("\r\n", "\n")


def in_pipe(*words: str) -> str:
    command = [sys.executable, "-m", "analyzer", *words]
    return subprocess.run(command, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)}).stdout


COMMANDS = [
    ("from", "internet", "to", "rds", "--snapshot", "demo"),
    ("list", "rds", "--snapshot", "demo"),
    ("matrix", "--by", "context", "--snapshot", "demo"),
    ("lint", "--snapshot", "demo"),
    ("check", "--pack", "zero-trust", "--snapshot", "demo"),
    ("rules", "NACL-2"),
]


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: words[0])
def test_a_terminal_shows_the_words_of_the_pipe_within_its_width(words: tuple[str, ...]):
    shown = CODES.sub("", on_terminal(*words))
    # A word alone may be longer than what is left of a line.
    assert [line for line in shown.splitlines() if len(line) > 60 and " " in line.strip()] == []
    # An address that is longer than a line is broken where it ends.
    assert "".join(shown.split()) == "".join(in_pipe(*words).split())


@pytest.mark.parametrize("words", COMMANDS[:4], ids=lambda words: words[0])
def test_colours_go_with_no_color(words: tuple[str, ...]):
    assert CODES.search(on_terminal(*words))
    assert "\x1b" not in on_terminal(*words, NO_COLOR="1")
    assert on_terminal(*words, columns=60, TERM="dumb") == in_pipe(*words)


def test_what_fits_stays_as_it_is():
    assert on_terminal("list", "rds", "--snapshot", "demo", columns=200, NO_COLOR="1") == in_pipe(
        "list", "rds", "--snapshot", "demo"
    )


def test_json_is_never_folded():
    words = ("from", "internet", "to", "rds", "--snapshot", "demo", "--format", "json")
    assert on_terminal(*words) == in_pipe(*words)


@pytest.mark.usefixtures("narrow")
def test_a_long_line_goes_on_below_further_in():
    line = "  eni-1  acl-1 inbound 100 allow all from 0.0.0.0/0 and everywhere else  NACL-2\n"
    folded = "  eni-1  acl-1 inbound 100 allow all from 0.0.0.0/0\n      and everywhere else  NACL-2\n"
    assert dressed(line, colour=False) == folded


@pytest.mark.usefixtures("narrow")
def test_a_command_stays_whole_to_be_copied():
    line = "     $ aws ec2 describe-network-interfaces --network-interface-ids eni-1 eni-2 eni-3 --output text\n"
    assert dressed(line, colour=False) == line


@pytest.mark.usefixtures("narrow")
def test_signs_of_double_width_count_twice():
    assert dressed("  名前" * 10 + " end\n", colour=False).count("\n") == 2
    assert dressed("  ab" * 10 + " end\n", colour=False).count("\n") == 1


def test_colours_that_are_there_stay():
    assert dressed("\x1b[1;31mCANNOT\x1b[0m reach\n", colour=True) == "\x1b[1;31mCANNOT\x1b[0m reach\n"


@pytest.mark.parametrize(
    ("line", "painted"),
    [
        ("a  b  reachable  tcp/22", "a  b  \x1b[32mreachable\x1b[0m  tcp/22"),
        ("a  b  blocked", "a  b  \x1b[31mblocked\x1b[0m"),
        ("a  b  unknown", "a  b  \x1b[33munknown\x1b[0m"),
        ("gone: rtb-1: 0.0.0.0/0", "\x1b[1;33mgone\x1b[0m: rtb-1: 0.0.0.0/0"),
        ("+ internet can now reach shop", "\x1b[1m+ internet can now reach shop\x1b[0m"),
        ("unblocked [bold]x[/bold] :smile:", "unblocked [bold]x[/bold] :smile:"),
    ],
)
def test_what_is_painted(line: str, painted: str):
    assert dressed(f"{line}\n", colour=True) == f"{painted}\n"


@pytest.mark.usefixtures("narrow")
def test_without_rich_and_of_very_many_lines_it_stays_as_it_is(monkeypatch: pytest.MonkeyPatch):
    many = ("reachable " * 20 + "\n") * (terminal.MOST_LINES + 1)
    assert dressed(many, colour=True) == many
    monkeypatch.setattr(terminal, "find_spec", lambda name: None)
    assert dressed("reachable " * 20 + "\n", colour=True) == "reachable " * 20 + "\n"


def test_a_pipe_does_not_pay_for_rich():
    code = (
        "import sys\nfrom analyzer.cli import main\nmain(['lint', '--snapshot', 'demo'])\n"
        "print('rich' in sys.modules, 'analyzer.cli.terminal' in sys.modules, file=sys.stderr)"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment)
    assert done.stderr == "False False\n"
