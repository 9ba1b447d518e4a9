"""`reach completion SHELL`: the script that makes a shell complete commands; it asks `reach completion --line LINE` each time."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from importlib.resources import files

from ...models.errors import QuestionError, quoted
from ..console import put, shown
from ..options import Options

SHELLS = ("bash", "zsh", "fish")
ABOUT = """A script that makes the shell complete verbs, options, and the ids, names and tags of the snapshot.
bash: `source <(reach completion bash)` in ~/.bashrc; zsh: the same with `zsh` in ~/.zshrc, after `compinit`;
fish: `reach completion fish > ~/.config/fish/completions/reach.fish`."""
Verbs = Mapping[str, Callable[[list[str]], int]]


def completion(words: list[str], verbs: Verbs, help: str) -> int:
    """Return the exit code of `reach completion`: a script is written, or what may come next in a line; `help` tells of the verbs."""
    options = Options("completion", "bash|zsh|fish", ABOUT)
    options.formatter_class = argparse.RawDescriptionHelpFormatter
    options.add_argument("--line", help=argparse.SUPPRESS)
    chosen, rest = options.read(words)
    if chosen.line is not None:
        from .answer import told

        put(told(chosen.line, verbs, help))
        return 0
    if len(rest) != 1 or rest[0] not in SHELLS:
        what = f"no such shell: `{shown(' '.join(rest))}`" if rest else "the shell is missing"
        raise QuestionError(what, hint=f"one of {quoted(SHELLS)}")
    put((files("analyzer") / "data" / "completion" / f"reach.{rest[0]}").read_text("utf-8"))
    return 0
