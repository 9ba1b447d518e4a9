"""The answer as the contract's JSON object. Everything beyond ASCII is escaped, so that no terminal acts on it."""

from __future__ import annotations

from json import dumps
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..models.answer import Answer


def render(answer: Answer, *, explain: bool, colour: bool) -> str:
    """Return the answer as JSON, indented, in the contract's order of keys; `explain` and `colour` change nothing."""
    return dumps(answer.to_dict(), indent=2) + "\n"
