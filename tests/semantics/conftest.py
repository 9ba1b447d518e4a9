"""Every rule has a row and a twin, and every explanation code that we claim a row that shows it.

The rows of a rule in one file must give more than one verdict between them. `analyzer/data/code_rows.json` names, for each code
and rule, a row in which an answer has them; each row is held to it, and a code that no row is named for fails.
"""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from analyzer.code_book import code_book

from .build import CODES_SEEN, SEEN

CODE_ROWS = Path(__file__).parents[2] / "analyzer" / "data" / "code_rows.json"
WRITING = bool(os.environ.get("REACH_WRITE_DOCS"))

VERDICTS: dict[tuple[str, str], set[str]] = defaultdict(set)
RAN: dict[str, set[str]] = defaultdict(set)


def rules_of(item: pytest.Item) -> list[str]:
    return [str(mark.args[0]) for mark in item.iter_markers("rule")]


@pytest.fixture(autouse=True)
def verdicts(request: pytest.FixtureRequest) -> Iterator[None]:
    """Remember which verdicts the rows of each rule gave."""
    SEEN.clear()
    CODES_SEEN.clear()
    yield
    module = str(request.node.path)
    RAN[module].add(request.node.nodeid)
    for id in rules_of(request.node):
        VERDICTS[module, id].update(SEEN)


@pytest.fixture(autouse=True, scope="module")
def twins(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail where all rows of a rule gave the same verdict.

    Nothing is said of a file of which only some rows ran here, and of a rule with a row that waits for a bug to be mended.
    """
    yield
    module = str(request.node.path)
    if RAN[module] < {item.nodeid for item in request.session.items if item.path == request.node.path}:
        return
    waiting = {id for item in request.session.items if item.get_closest_marker("xfail") for id in rules_of(item)}
    alone = sorted(id for (where, id), found in VERDICTS.items() if where == module and len(found) < 2 and id not in waiting)
    assert not alone, f"rules without a twin in which the verdict flips: {', '.join(alone)}"


# ---------------------------------------------------------------------- explanation codes
# What the rows of this run show: code and rule -> rows, those that are marked with the rule first.
SHOWN: dict[tuple[str, str], list[tuple[bool, str]]] = defaultdict(list)
CLAIMED = {(code, rule): row for code, one in code_book().items() for rule, row in one.rows.items()}


@pytest.fixture(autouse=True)
def codes_that_are_claimed(request: pytest.FixtureRequest, verdicts: None) -> Iterator[None]:
    """Fail where a row shows a code that no row is named for, or does not show one that it is named for."""
    yield
    row, marked = request.node.nodeid, rules_of(request.node)
    if request.node.get_closest_marker("xfail"):
        return
    for code, id in CODES_SEEN:
        SHOWN[code, id].append((id not in marked, row))
    if WRITING:
        return
    missing = sorted(pair for pair, named in CLAIMED.items() if named == row and pair not in CODES_SEEN)
    assert not missing, f"code_rows.json says that this row shows {missing}: run `make docs`"
    new = sorted(CODES_SEEN - set(CLAIMED))
    assert not new, f"code_rows.json names no row for {new}: run `make docs`"


def pytest_sessionfinish() -> None:
    """Write the rows that show each code, of the whole truth table, when documents are written."""
    if WRITING and SHOWN:
        found: dict[str, dict[str, str]] = defaultdict(dict)
        for code, id in sorted(SHOWN):
            found[code][id] = min(enumerate(SHOWN[code, id]), key=lambda one: (one[1][0], one[0]))[1][1]
        CODE_ROWS.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
