"""The resources that an edit names: by id, else by a name that only one has."""

from __future__ import annotations

from typing import Any

from ..models.errors import QuestionError, near, quoted
from ..models.snapshot import Snapshot


def found(text: str, word: str, world: Snapshot, *kinds: str) -> Any:
    """Return the component that an edit means by an id or name; raises QuestionError where that is none, or several."""
    for kind in kinds:
        one = world.find(kind, text)
        if one is not None:
            return one
    every = [one for kind in kinds for one in world.all(kind)]
    named = [one for one in every if text in one.names()]
    if len(named) == 1:
        return named[0]
    if named:
        raise QuestionError(f"more than one {word} is called `{text[:60]}`", hint=f"one of {quoted(one.id for one in named[:5])}")
    close = near(text, [name for one in every for name in (one.id, *one.names())])
    hint = f"did you mean {quoted(close)}?" if close else f"`reach list` lists every {word}"
    raise QuestionError(f"no {word} is called `{text[:60]}`", hint=hint)
