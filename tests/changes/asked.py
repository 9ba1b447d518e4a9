"""Questions about a network before and after edits."""

from __future__ import annotations

from typing import Any

import pytest

from analyzer.edit.file import Edit
from analyzer.models.errors import ReachError
from analyzer.network import Network

Edits = list[dict[str, Any]]


def after(before: Network, *edits: dict[str, Any]) -> Network:
    return before.whatif([Edit.model_validate(one) for one in edits])


def verdicts(before: Network, edits: Edits, source: str, target: str, on: str = "https") -> tuple[str, str]:
    return before.reach(source, target, on).verdict.value, after(before, *edits).reach(source, target, on).verdict.value


def refused(before: Network, *edits: dict[str, Any]) -> str:
    with pytest.raises(ReachError) as raised:
        after(before, *edits)
    said = str(raised.value)
    return said.removeprefix(f"cannot apply edit {len(edits)} of `the edits`: ")
