"""What is kept of an answer is all that questions need: documents that people wrote, cut as a collection cuts them, say the same."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from analyzer import load
from analyzer.collect.answers import Form, rows
from analyzer.collect.calls import Planned, planned
from analyzer.demo import demo_path

from ..semantics.build import documents_of
from ..semantics.test_absent_documents import NETWORKS

HERE = Path(__file__).parent
SCENARIOS = sorted(path for path in (HERE.parent / "scenarios").glob("*/*") if path.is_dir())
CALLS: dict[str, list[Planned]] = {}
for one in planned().values():
    if one.document is not None:
        CALLS.setdefault(one.document.key, []).append(one)


def cut(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Return a document as a collection writes it; keys that no call of ours answers stay as they are."""
    found = []
    for key in document:
        beside = {name: value for name, value in document.items() if name.startswith(key)}
        found += [part for call in CALLS.get(key, []) for part in parts(call, key, beside, document)]
    strange = {key: value for key, value in document.items() if not any(key.startswith(known) for known in CALLS)}
    return [*found, strange] if strange else found


def parts(call: Planned, key: str, beside: dict[str, Any], document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    assert call.document is not None
    request = {call.document.argument: document.get(call.document.argument)}
    if isinstance(document[key], dict):
        yield from rows([beside], Form.OBJECT, call, request)
    elif call.document.argument:
        yield {key: [row for entry in document[key] for row in rows([entry], Form.WRAPPED, call, entry)]}
    else:
        yield {key: list(rows([document], Form.ROWS, call, request))}


def said(folder: Path) -> tuple[list[bytes], Any]:
    """Return every component of a snapshot without where it was read, and what is not modelled."""
    snapshot = load(folder).snapshot
    found = []
    for component in snapshot.everything():
        component.origin = ""
        found.append(component.kind.encode() + msgspec.json.encode(component, order="sorted"))
    return sorted(found), snapshot.not_modelled


def same(documents: dict[str, dict[str, Any]], tmp_path: Path) -> None:
    for name, document in documents.items():
        for folder, found in (("whole", [document]), ("cut", cut(document))):
            (tmp_path / folder).mkdir(exist_ok=True)
            for number, part in enumerate(found):
                (tmp_path / folder / f"{name}.{number}.json").write_text(json.dumps(part), "utf-8")
    assert said(tmp_path / "cut") == said(tmp_path / "whole")


@pytest.mark.parametrize("name", NETWORKS)
def test_networks_of_the_truth_table_stay_the_same(name: str, tmp_path: Path):
    same({"all": documents_of(NETWORKS[name][0])}, tmp_path)


@pytest.mark.parametrize("folder", SCENARIOS, ids=[f"{path.parent.name} {path.name}" for path in SCENARIOS])
def test_networks_of_scenarios_stay_the_same(folder: Path, tmp_path: Path):
    same({path.stem: json.loads(path.read_text("utf-8")) for path in folder.rglob("*.json")}, tmp_path)


def test_the_embedded_network_stays_the_same(tmp_path: Path):
    folder = demo_path("demo")
    assert folder is not None
    same({path.stem: json.loads(path.read_text("utf-8")) for path in folder.rglob("*.json")}, tmp_path)
