"""What the tests of the loader share: snapshots written to a folder `snap` in an empty working folder."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from analyzer.models.errors import InputError
from analyzer.models.snapshot import Snapshot
from analyzer.read import load

Write = Callable[..., str]
VPC = {"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16", "OwnerId": "111122223333"}
SUBNET = {"SubnetId": "subnet-1", "VpcId": "vpc-1", "CidrBlock": "10.0.0.0/24", "OwnerId": "111122223333"}


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Return a function that writes documents (values as JSON, text and bytes as they are) and returns the folder's name."""
    monkeypatch.chdir(tmp_path)

    def writing(files: dict[str, Any]) -> str:
        for name, content in files.items():
            path = tmp_path / "snap" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            data = (
                content if isinstance(content, bytes) else (content if isinstance(content, str) else json.dumps(content)).encode()
            )
            path.write_bytes(data)
        (tmp_path / "snap").mkdir(exist_ok=True)
        return "snap"

    return writing


@pytest.fixture
def refused(write: Write) -> Callable[..., str]:
    """Return a function that writes documents, loads them, and returns the error's text."""

    def refusing(files: dict[str, Any]) -> str:
        with pytest.raises(InputError) as caught:
            load(write(files))
        return str(caught.value)

    return refusing


@pytest.fixture
def loaded(write: Write) -> Callable[..., Snapshot]:
    """Return a function that writes documents and loads them."""
    return lambda files: load(write(files))
