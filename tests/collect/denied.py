"""Every row of the truth table again, as collected: whole it answers the same, and no denied call makes it `blocked`.

A plugin for pytest, since it takes minutes: `make denied`.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from analyzer import load
from analyzer.collect.calls import planned
from analyzer.models.answer import Answer
from analyzer.models.errors import ReachError
from analyzer.network import Network

from ..semantics import build
from . import test_gaps

made: dict[int, tuple[Network, dict[str, Any]]] = {}
offences: list[str] = []
tried = {"whole": 0, "denied": 0}
plain_network, plain_ask = build.network, build.ask


def network(*rows: Any, without: Any = ()) -> Network:
    """Make a network as rows do, and remember its documents; not of one that leaves documents out itself."""
    found = plain_network(*rows, without=without)
    if not without:
        made[id(found)] = found, build.documents_of(rows)
    return found


def ask(asked: Network, source: str, target: str, on: str | None = None) -> Answer:
    """Ask as rows do, and ask the same of what a collection would have brought."""
    answer = plain_ask(asked, source, target, on)
    known, documents = made.get(id(asked), (None, {}))
    if known is asked:
        offences.extend(complaints(answer, documents, (source, target, on)))
    return answer


def complaints(answer: Answer, documents: dict[str, Any], question: tuple[str, str, str | None]) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "plain.json").write_text(json.dumps(documents))
        places = {at for at in test_gaps.places_of(Path(folder) / "plain.json") if all(at)}

        def verdict(name: str, rows: dict[str, Any], denied: dict[str, str]) -> str:
            path = test_gaps.written(Path(folder) / name, rows, dict.fromkeys(places, denied))
            try:
                found = load(path).reach(*question)
            except ReachError:
                return "an end is gone"
            # What a tag or a name means is not known where what carries it was not told: then another question is answered.
            meant = {one.target.id for one in answer.pairs} <= {one.target.id for one in found.pairs}
            return str(found.verdict) if meant else "an end is gone"

        tried["whole"] += 1
        whole = verdict("whole", documents, {})
        if whole == "blocked" or answer.verdict == "blocked":
            # Rows that leave out what every account has are about documents that were not collected.
            return
        if whole != answer.verdict:
            yield f"{question}: {answer.verdict}, but {whole} when it is collected"
        for keys, denied in gaps(documents):
            tried["denied"] += 1
            rest = {other: rows for other, rows in documents.items() if other not in keys}
            if verdict(" ".join(keys), rest, denied) == "blocked":
                yield f"{question}: {answer.verdict}, but blocked without {', '.join(keys)}"


def gaps(documents: dict[str, Any]) -> Iterator[tuple[tuple[str, ...], dict[str, str]]]:
    """Yield the documents that are missing together, each alone and with all that is asked for what it lists; and what was denied."""
    told: set[tuple[str, ...]] = set()
    for key in documents:
        if key in test_gaps.CALLS and not is_unreal(key, documents):
            told.add((key,))
            yield (key,), test_gaps.denied(key, "denied")
    for name in planned():
        calls = {name, *followers(name)}
        keys = tuple(key for key in documents if test_gaps.CALLS.get(key) in calls)
        if keys and keys not in told and not any(is_unreal(key, documents) for key in keys):
            told.add(keys)
            yield keys, dict.fromkeys(calls, "denied")


def followers(name: str) -> Iterator[str]:
    """Yield the calls that are asked for what a call answers, and those that are asked for what they answer."""
    for call in planned()[name].feeds:
        yield call.name
        yield from followers(call.name)


def is_unreal(key: str, documents: dict[str, Any]) -> bool:
    """Return whether rows are written more briefly than AWS answers, or under a key that calls of several services answer.

    Target groups always say which load balancers use them.
    """
    if key == "items":
        return True
    groups = documents.get("TargetGroups", [])
    return key == "ListenerRules" and not all(one.get("LoadBalancerArns") for one in groups)


build.network, build.ask = network, ask


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Fail a row of which something was found."""
    offences.clear()
    result = yield
    if offences and result.excinfo is None:  # type: ignore[attr-defined]
        result.force_exception(AssertionError("\n".join(offences)))  # type: ignore[attr-defined]


def pytest_terminal_summary(terminalreporter: Any) -> None:
    terminalreporter.write_line(f"{tried['whole']} questions asked of a whole collection, {tried['denied']} without one call")
