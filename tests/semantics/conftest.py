"""Every rule has a row and a twin: the rows of a rule in one file must give more than one verdict between them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import pytest

from .build import SEEN

VERDICTS: dict[tuple[str, str], set[str]] = defaultdict(set)
RAN: dict[str, set[str]] = defaultdict(set)


def rules_of(item: pytest.Item) -> list[str]:
    return [str(mark.args[0]) for mark in item.iter_markers("rule")]


@pytest.fixture(autouse=True)
def verdicts(request: pytest.FixtureRequest) -> Iterator[None]:
    """Remember which verdicts the rows of each rule gave."""
    SEEN.clear()
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
