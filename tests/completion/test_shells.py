"""The scripts in the shells themselves, on a terminal, with TAB and Enter pressed."""

from __future__ import annotations

import os
import pty
import select
import shutil
import signal
import sys
import time
from pathlib import Path

import pytest

START = {
    "bash": (["bash", "--norc", "--noprofile", "-i"], "source <(reach completion bash)"),
    "zsh": (["zsh", "-f", "-i"], "autoload -U compinit; compinit -D; source <(reach completion zsh)"),
    "fish": (["fish", "--no-config", "-i"], "reach completion fish | source"),
}
SHELLS = [
    pytest.param(shell, marks=pytest.mark.skipif(shutil.which(shell) is None, reason=f"{shell} is not installed"))
    for shell in START
]
PATIENCE = 30


class Terminal:
    """A shell on a terminal of its own."""

    def __init__(self, shell: str, folder: Path) -> None:
        command, setup = START[shell]
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "XDG"))}
        environment = {**kept, "PATH": path, "HOME": str(folder), "TERM": "xterm", "PS1": "$ ", "NO_COLOR": "1"}
        self.process, self.terminal = pty.fork()
        if self.process == 0:
            os.chdir(folder)
            os.execvpe(command[0], command, environment)
        self.seen = ""
        self.type(f"{setup}\n")
        self.type("echo re''ady\n")
        self.wait("ready")

    def type(self, keys: str) -> None:
        os.write(self.terminal, keys.encode())

    def wait(self, text: str) -> None:
        """Wait until the terminal shows a text."""
        end = time.monotonic() + PATIENCE
        while text not in self.seen:
            assert time.monotonic() < end, f"no {text!r} in {self.seen!r}"
            if select.select([self.terminal], [], [], 0.2)[0]:
                self.seen += os.read(self.terminal, 65536).decode(errors="replace")

    def end(self) -> None:
        os.kill(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)
        os.close(self.terminal)


@pytest.fixture
def terminal(request: pytest.FixtureRequest, home: Path):
    opened = Terminal(request.param, home)
    yield opened
    opened.end()


@pytest.mark.parametrize("terminal", SHELLS, indirect=True)
def test_a_command_is_completed_word_by_word(terminal: Terminal):
    terminal.type("reach fr\t--snapshot de\ttag:ti\tw\tto rds:or\t--expe\tbl\t\n")
    terminal.wait("tag:tier=web CANNOT reach rds:orders")


@pytest.mark.parametrize("terminal", SHELLS, indirect=True)
def test_files_are_listed_by_the_shell(terminal: Terminal, home: Path):
    (home / "shop network.reach.yaml").write_text('invariants:\n  - name: "it is so"\n    deny: {from: internet, to: sg-1}\n')
    terminal.type("reach check shop\t --snapshot snap\t\n")
    terminal.wait("it is so")
    terminal.wait("1 of 1 invariant holds")


@pytest.mark.parametrize("terminal", SHELLS, indirect=True)
def test_names_that_mean_harm_run_nothing(terminal: Terminal, home: Path):
    for number, begun in enumerate(["za", "web", "name:z", "tag:z", "eni:"]):
        terminal.type(f"reach from {begun}\t\t\n\n")
        terminal.type(f"echo al''ive{number}\n")
        terminal.wait(f"alive{number}")
    assert not (home / "pwned").exists()
