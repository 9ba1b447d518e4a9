"""Packs: invariants that come along, about what is there in a snapshot."""

from __future__ import annotations

from collections.abc import Callable, Collection
from importlib.resources import files
from itertools import takewhile
from typing import Any

import msgspec
from pydantic import BaseModel

from ..models.errors import QuestionError, near, quoted
from ..models.snapshot import Snapshot
from ..select import select
from .model import Invariant, Part
from .via import places
from .written import Found, parsed

END = ".reach.yaml"


def names() -> list[str]:
    """Return the names of the packs."""
    return sorted(
        one.name.removesuffix(END) for one in (files("analyzer") / "data" / "packs").iterdir() if one.name.endswith(END)
    )


def pack(name: str) -> list[Found]:
    """Return the invariants of a pack; raises QuestionError for a name that is none."""
    if name not in names():
        close = near(name, names()) or names()
        raise QuestionError(f"no pack is called `{name[:60]}`", hint=f"did you mean {quoted(close)}?")
    text = (files("analyzer") / "data" / "packs" / f"{name}{END}").read_text("utf-8")
    return parsed(text, name, pack=True)


def about(name: str) -> str:
    """Return what a pack says of itself: the comment at its top."""
    lines = (files("analyzer") / "data" / "packs" / f"{name}{END}").read_text("utf-8").splitlines()
    return " ".join(line.lstrip("# ") for line in takewhile(lambda line: line.startswith("#"), lines))


class NotApplicableError(Exception):
    """The snapshot holds nothing that an invariant is about; the message says what it looked for."""


def applicable(found: Found, world: Snapshot) -> Found:
    """Return an invariant of a pack without the selectors that name nothing here; that of a file as it is.

    Raises NotApplicableError where a place is left empty by that.
    """
    if not found.pack:
        return found
    invariant = found.invariant.model_copy(update=_there(found.invariant, world))
    assert isinstance(invariant, Invariant)
    return msgspec.structs.replace(found, invariant=invariant)


def _there(value: BaseModel, world: Snapshot) -> dict[str, Any]:
    """Return the fields of a mapping that have changed."""
    changed: dict[str, Any] = {}
    for name in type(value).model_fields:
        one = getattr(value, name)
        if isinstance(one, BaseModel):
            changed[name] = one.model_copy(update=_there(one, world))
        elif name in ("source", "target", "never") and one is not None:
            changed[name] = _known(one, world)
        elif name == "via":  # where there is none, nothing passes it
            changed[name] = [text for text in one if _finds(places, text, world)]
        elif name == "exceptions":  # what leaves out nothing that is there is no exception
            changed[name] = [part for each in one if (part := _part(each, world)) is not None]
        elif name == "isolate" and one is not None:
            changed[name] = [_known(texts, world) for texts in one]
    return changed


def _part(part: Part, world: Snapshot) -> Part | None:
    try:
        return part.model_copy(update=_there(part, world))
    except NotApplicableError:
        return None


def _known(texts: list[str], world: Snapshot) -> list[str]:
    kept = [text for text in texts if _finds(select, text, world)]
    if not kept:
        raise NotApplicableError(f"the snapshot holds none of {quoted(texts)}")
    return kept


def _finds(look: Callable[[str, Snapshot], Collection[object]], text: str, world: Snapshot) -> bool:
    try:
        return bool(look(text, world))
    except QuestionError:
        return False
