"""A user who collects: credentials that open nothing, and the command line."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from botocore import loaders, session

from analyzer.cli import main

from .stub import Answer, Stub, account

ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "not-a-secret",
    "AWS_DEFAULT_REGION": "eu-west-1",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": "/dev/null",
    "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
}


@pytest.fixture(autouse=True)
def _credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)


one_loader = cache(loaders.create_loader)


@pytest.fixture(autouse=True)
def _models(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have boto3 read the models of AWS's services once, and not once a run."""
    monkeypatch.setattr(session, "create_loader", one_loader)


@pytest.fixture
def serve() -> Iterator[Callable[[Answer], Stub]]:
    """Return a function that starts a stub whose answers, where a test has none, are those of an empty account."""
    started: list[Stub] = []

    def start(answer: Answer) -> Stub:
        stub = Stub(lambda asked: found if (found := answer(asked)) is not None else account(asked))
        started.append(stub)
        return stub

    yield start
    for stub in started:
        stub.close()


class Told:
    """What one run of the command said."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "analyzer", "collect", *words]


def reach(*words: str) -> Told:
    """Run `reach collect`."""
    out, err = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main(["collect", *words])
    return Told(code, out.getvalue(), err.getvalue())


def manifest(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "manifest.json").read_text("utf-8"))["reach_collection"]


def statuses(folder: Path, account: str, region: str) -> dict[str, str]:
    """Return what became of each call in one account and Region."""
    place = next(one for one in manifest(folder)["places"] if (one["account"], one["region"]) == (account, region))
    return {name: record.get("status", "pending") for name, record in place["calls"].items()}
