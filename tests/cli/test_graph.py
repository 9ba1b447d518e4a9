"""`reach graph`: what goes where, and what it refuses."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from .conftest import Reach


def test_the_picture_goes_to_stdout(reach: Reach):
    done = reach("graph --snapshot snap")
    assert (done.code, done.err) == (0, "")
    assert "<svg " in done.out
    assert "web-1" in "".join(ET.fromstring(done.out).itertext())


def test_with_a_file_nothing_goes_to_stdout_unless_asked_for(reach: Reach, tmp_path: Path):
    done = reach("graph --snapshot snap -o svg=a.svg -o dot=a.dot")
    assert (done.code, done.out, done.err) == (0, "", "")
    assert "<svg " in (tmp_path / "a.svg").read_text()
    assert reach("graph --snapshot snap --format dot -o svg=a.svg").out == (tmp_path / "a.dot").read_text()


def test_json_is_for_programs(reach: Reach):
    told = json.loads(reach("graph --of eni-4 --format json --snapshot snap").out)
    assert list(told) == ["schema", "of", "grain", "title", "legend", "boxes", "spots", "links", "snapshot"]
    assert (told["schema"], told["of"], told["title"]) == ("reach/graph/1", "eni-4", "eni-4: 1 VPC, 1 subnet, 1 of 3 interfaces")


def test_nodes_is_the_budget(reach: Reach):
    assert json.loads(reach("graph --nodes 1 --format json --snapshot snap").out)["grain"] == "subnet"


def test_svg_is_nothing_for_a_terminal(reach: Reach, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("analyzer.cli.graph.is_terminal", lambda: True)
    done = reach("graph --snapshot snap")
    assert (done.code, done.out) == (2, "")
    assert done.err == (
        "reach: `svg` is nothing that a terminal shows\n  try: `reach graph -o svg=network.svg`, and open it in a browser\n"
    )
    assert reach("graph --snapshot snap -o svg=a.svg").code == 0


@pytest.mark.parametrize(
    ("words", "err"),
    [
        ("graph web", "reach: `reach graph` takes no `web`\n  try: `reach graph --of SELECTOR` for a part of it\n"),
        ("graph --format png", "reach: `--format` cannot be `png`\n  try: one of `svg`, `dot`, `json`\n"),
        ("graph --nodes 0", "reach: `--nodes` cannot be `0`\n  try: a whole number from 1 on\n"),
        (
            "graph --of nobody --snapshot snap",
            "reach: nothing in the snapshot is called `nobody`\n  try: look at what there is with `reach list`\n",
        ),
    ],
)
def test_what_it_refuses(reach: Reach, words: str, err: str):
    done = reach(words)
    assert (done.code, done.out, done.err) == (2, "", err)
