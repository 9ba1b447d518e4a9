"""The page of explanation codes is what the program knows, every code of AWS is on it, and the program gives no other one.

That each row shows the codes that it is named for is held by `tests/semantics/conftest.py`.
"""

from __future__ import annotations

import ast
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from analyzer.code_book import as_of, code_book
from analyzer.report.listing import page_of_codes
from analyzer.rule_book import rule_book

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "explanation_codes.md"
BOOK = code_book()
# Where a call says which code a line has: the callable, and the place of the code among its arguments.
GIVERS = {"Drop": 0, "perhaps": 2, "_told": 1}


def given_by(path: Path) -> Iterator[str]:
    """Yield every code that a module gives to a line or blocker."""
    tree = ast.parse(path.read_text("utf-8"))
    named: dict[str, list[ast.expr]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            named.setdefault(node.targets[0].id, []).append(node.value)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            at = GIVERS.get(node.func.id) if isinstance(node.func, ast.Name) else None
            said = [node.args[at]] if at is not None and len(node.args) > at else []
            said += [one.value for one in node.keywords if one.arg == "code"]
            yield from (code for one in said for code in _constants(one, named))


def _constants(expression: ast.expr, named: dict[str, list[ast.expr]], steps: int = 3) -> Iterator[str]:
    """Yield the texts that an expression may be, names of the module followed some steps far."""
    parts: list[ast.expr] = []
    if isinstance(expression, ast.Constant) and isinstance(expression.value, str) and expression.value:
        yield expression.value
    elif isinstance(expression, ast.IfExp):
        parts = [expression.body, expression.orelse]
    elif isinstance(expression, ast.Name) and steps:
        parts, steps = named.get(expression.id, []), steps - 1
    elif isinstance(expression, ast.Subscript):
        parts = [expression.value]
    elif isinstance(expression, ast.Dict):
        parts = expression.values
    elif isinstance(expression, ast.Tuple):
        parts = expression.elts
    yield from (code for one in parts for code in _constants(one, named, steps))


MODULES = sorted({path.resolve() for folder in ("models", "analyzer") for path in (ROOT / folder).rglob("*.py")})
GIVEN = {code: str(path.relative_to(ROOT)) for path in MODULES for code in given_by(path)}


def test_the_page_is_what_the_program_knows() -> None:
    fresh = page_of_codes(list(BOOK.values()), as_of())
    if os.environ.get("REACH_WRITE_DOCS"):
        PAGE.write_text(fresh, "utf-8")
    assert PAGE.read_text("utf-8") == fresh, "run `make docs` and look at the difference"


def test_the_list_holds_all_89_codes_of_awss_page() -> None:
    assert len(BOOK) == 89


def test_the_program_invents_no_code() -> None:
    assert {code: where for code, where in GIVEN.items() if code not in BOOK} == {}
    assert len(GIVEN) >= 60, "the search for codes finds too few"


def test_every_code_is_shown_by_a_row_or_has_a_reason_why_none_can() -> None:
    assert [one.code for one in BOOK.values() if bool(one.rows) == bool(one.never)] == []


def test_rows_name_codes_and_rules_that_there_are() -> None:
    rows = json.loads((ROOT / "analyzer" / "data" / "code_rows.json").read_text("utf-8"))
    assert sorted(set(rows) - set(BOOK)) == []
    assert sorted({id for ids in rows.values() for id in ids} - set(rule_book())) == []


def test_codes_of_rows_are_given_somewhere() -> None:
    assert [one.code for one in BOOK.values() if one.rows and one.code not in GIVEN] == []


@pytest.mark.parametrize("row", sorted({row for one in BOOK.values() for row in one.rows.values()}))
def test_a_row_that_is_named_is_there(row: str) -> None:
    path, _, name = row.partition("[")[0].partition("::")
    tests = {node.name for node in ast.parse((ROOT / path).read_text("utf-8")).body if isinstance(node, ast.FunctionDef)}
    assert name in tests, "run `make docs`"
