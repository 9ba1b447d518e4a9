"""What the tests of the embedded network share: its documents, the network, and edited copies of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import analyzer
from analyzer.demo import demo_path
from analyzer.network import Network

Documents = dict[str, dict[str, Any]]


@pytest.fixture(scope="session")
def documents() -> Documents:
    """Return the documents of the embedded network by their file's name without `.json`."""
    folder = demo_path("demo")
    assert folder is not None
    return {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.json"))}


@pytest.fixture(scope="session")
def demo() -> Network:
    return analyzer.load("demo")


@pytest.fixture
def edited(documents: Documents, tmp_path: Path) -> Callable[[Callable[[Documents], None]], Network]:
    """Return a function that loads a copy of the embedded network with one edit."""

    def load(edit: Callable[[Documents], None]) -> Network:
        copy: Documents = json.loads(json.dumps(documents))
        edit(copy)
        for name, document in copy.items():
            (tmp_path / f"{name}.json").write_text(json.dumps(document), "utf-8")
        return analyzer.load(tmp_path)

    return load
