"""The resources that an edit names: by id, else by a name that only one has."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..models.component import Component
from ..models.errors import QuestionError, near, quoted
from ..models.snapshot import Snapshot

# What an edit makes of components, by (kind, id); None takes one away.
Changes = dict[tuple[str, str], Component | None]
LEAVE = "leave the edit out"
PREFIX_LISTS = ("prefix_list", "prefix_list_entries")


def found(text: str, word: str, world: Snapshot, *kinds: str) -> Any:
    """Return the component that an edit means by an id or name; raises QuestionError where that is none, or several."""
    for kind in kinds:
        one = world.find(kind, text)
        if one is not None:
            return one
    return one_of(text, word, [one for kind in kinds for one in world.all(kind)])


def one_of(text: str, word: str, every: Iterable[Any]) -> Any:
    """Return the one of some things, which have ids and names, that an edit means; raises QuestionError where that is none, or several."""
    every = list(every)
    named = [one for one in every if text == one.id] or [one for one in every if text in one.names()]
    if len(named) == 1:
        return named[0]
    if named:
        raise QuestionError(f"more than one {word} is called `{text[:60]}`", hint=f"one of {quoted(one.id for one in named[:5])}")
    close = near(text, [name for one in every for name in (one.id, *one.names())])
    hint = f"did you mean {quoted(close)}?" if close else f"`reach list` lists every {word}"
    raise QuestionError(f"no {word} is called `{text[:60]}`", hint=hint)


def refuse_unknown(world: Snapshot, kind: str) -> None:
    """Raise QuestionError where the snapshot was made without asking for a kind: one that an edit adds would pass for all there are."""
    if world.collected(kind) or world.all(kind) or world.is_broken(kind):
        return
    document = next(one for one in world.kinds if one.kind == kind).documents[0]
    raise QuestionError(
        f"the snapshot holds no `{document.key}`, so that one more would pass for the only one",
        hint=f"collect them: {_call(document.operation)}",
    )


def _call(operation: str) -> str:
    words = "".join(f"-{one.lower()}" if one.isupper() else one for one in operation)
    return f"`aws ec2 {words.removeprefix('-')}`"
