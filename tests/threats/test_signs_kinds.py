"""The kinds of signs as data: every kind is one that code tells, and the other way round; scores are modest; the file is strict."""

from __future__ import annotations

import ast
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest

import analyzer
from analyzer.models.errors import InputError
from analyzer.models.trust import DataClass
from analyzer.read.shape import shaped
from analyzer.read.yaml import parse_yaml
from analyzer.threats.knowledge import knowledge
from analyzer.threats.signs import sign_kinds
from analyzer.threats.signs.kinds import Kinds

SIGNS = Path(analyzer.__file__).parent / "threats" / "signs"
TEXT = (files("analyzer") / "data" / "threats" / "kinds.yaml").read_text("utf-8")


def told_by_code() -> set[str]:
    """Return the kind that each call of `signs` in the package names."""
    calls = (
        node for path in SIGNS.glob("*.py") for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)
    )
    named = (one for one in calls if isinstance(one.func, ast.Attribute) and one.func.attr == "signs")
    return {one.args[0].value for one in named if isinstance(one.args[0], ast.Constant)}


def test_every_kind_of_the_file_is_told_and_every_kind_that_is_told_is_in_the_file():
    assert told_by_code() == set(sign_kinds())


def test_no_kind_is_worse_than_medium_unless_the_class_of_the_data_makes_it_so():
    fixed = {one.kind: one.likelihood * one.impact for one in sign_kinds().values() if one.impact is not None}
    worse = {kind for kind, score in fixed.items() if score > knowledge().risks.bands["medium"]}
    assert worse == {"eks-api-open"}
    assert [one.kind for one in sign_kinds().values() if one.kind not in fixed] == ["unencrypted-in-transit"]


def test_the_impact_is_that_of_the_worst_class_where_the_kind_says_so():
    impacts = knowledge().risks.impacts
    by_class, fixed = sign_kinds()["unencrypted-in-transit"], sign_kinds()["single-zone"]
    assert by_class.impact_on([DataClass.PUBLIC, DataClass.CONFIDENTIAL], impacts) == 3
    assert by_class.impact_on([], impacts) == impacts["internal"]
    assert fixed.impact_on([DataClass.RESTRICTED], impacts) == 2


@pytest.mark.parametrize(
    ("key", "right", "wrong"),
    [("likelihood", "1", "5"), ("impact", "2", "0"), ("stride", "T", "X"), ("stride", "T", "''")],
)
def test_the_file_is_strict(key: str, right: str, wrong: str):
    text = TEXT.replace(f"    {key}: {right}\n", f"    {key}: {wrong}\n", 1)
    with pytest.raises(InputError, match=rf"^cannot read `kinds.yaml` line \d+: `{key}`"):
        shaped(parse_yaml(text, "kinds.yaml"), Kinds, "docs/threat-signs.md")


@pytest.mark.parametrize("impact", ["", "    impact: 2\n    impact_by: data class\n"])
def test_a_kind_has_one_impact(impact: str):
    text = TEXT.replace("    impact: 2\n", impact, 1)
    with pytest.raises(InputError, match="`public-without-waf` needs either `impact` or `impact_by`"):
        shaped(parse_yaml(text, "kinds.yaml"), Kinds, "docs/threat-signs.md")


def test_a_key_that_is_not_known_is_an_error():
    text = TEXT.replace("    likelihood: 1\n", "    likelyhood: 1\n", 1)
    with pytest.raises(InputError, match="no such key: `likelyhood`") as error:
        shaped(parse_yaml(text, "kinds.yaml"), Kinds, "docs/threat-signs.md")
    assert error.value.hint == "did you mean `likelihood`?"


def test_the_file_is_not_read_before_somebody_asks():
    code = "from analyzer.threats.signs import kinds_file; print(kinds_file.cache_info().currsize)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "0\n"
