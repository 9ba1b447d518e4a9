"""The rule book has a row for every rule, and every rule of AWS that we know of is in the book or said to be left out."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from analyzer.rule_book import rule_book

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SEMANTICS = ROOT.parent / "shared" / "semantics.md"
NOT_MODELLED = ROOT / "docs" / "not_modelled.md"
ROW = re.compile(r"^\| ([A-Z0-9]+-\d+) \| (.+) \|$", re.MULTILINE)
LAST_SECTION = "## 15."
BOOK = rule_book()


def marks(tree: ast.AST) -> Iterator[str]:
    """Yield the id of every `pytest.mark.rule("ID")` in a module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.rule":
            yield ast.literal_eval(node.args[0])


MARKED = {id: path.name for path in sorted(HERE.glob("test_*.py")) for id in marks(ast.parse(path.read_text()))}


def left_out() -> dict[str, str]:
    """Return the rules of `docs/not_modelled.md` with their reasons."""
    return dict(ROW.findall(NOT_MODELLED.read_text()))


def known() -> list[str]:
    """Return the ids of every rule of AWS that we know of, in order."""
    if not SEMANTICS.exists():
        pytest.skip("semantics.md is not here")
    text, _, _ = SEMANTICS.read_text().partition(LAST_SECTION)
    return list(dict.fromkeys(re.findall(r"^\| ([A-Z0-9]+-\d+) \|", text, re.MULTILINE)))


def test_every_rule_of_the_book_has_a_row() -> None:
    assert sorted(set(BOOK) - set(MARKED)) == []


def test_every_row_shows_a_rule_of_the_book() -> None:
    assert {id: where for id, where in MARKED.items() if id not in BOOK} == {}


def test_every_rule_that_we_know_of_is_in_the_book_or_said_to_be_left_out() -> None:
    assert [id for id in known() if id not in BOOK and id not in left_out()] == []


def test_no_rule_is_both() -> None:
    assert sorted(set(BOOK) & set(left_out())) == []


def test_the_book_and_the_list_hold_nothing_but_rules_that_we_know_of() -> None:
    assert sorted((set(BOOK) | set(left_out())) - set(known())) == []


def test_the_list_is_in_order_and_names_each_rule_once() -> None:
    listed = [id for id, _ in ROW.findall(NOT_MODELLED.read_text())]
    assert listed == [id for id in known() if id in listed]


@pytest.mark.parametrize("id", BOOK)
def test_a_rule_is_one_sentence_or_two_with_the_page_that_says_it(id: str) -> None:
    one = BOOK[id]
    sentences = [part for part in re.split(r"(?<=[.!?])\s+(?=[A-Z0-9`])", one.says) if part]
    assert 1 <= len(sentences) <= 2
    assert all(part.endswith(".") for part in sentences)
    assert re.fullmatch(r"https://docs\.aws\.amazon\.com/\S+\.html(#\S+)?", one.source)
    assert one.where.startswith(("models.", "walk.", "engine.", "reach.", "mail."))
