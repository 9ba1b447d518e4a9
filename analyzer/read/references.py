"""References that must hold: a subnet in a VPC that the same account and Region was asked about, and does not have."""

from __future__ import annotations

from collections.abc import Iterator, Set
from typing import Any

from ..models.component import Component, Reference
from .convert import Seen
from .troubles import Troubles
from .whose import Viewer
from .words import shown

Collected = Set[tuple[Viewer, str]]


def consistent(seen: list[Seen], collected: Collected, brought: Collected, troubles: Troubles) -> Iterator[Seen]:
    """Yield the resources whose references hold; the others are met by `troubles`.

    A reference is judged where the kind of its target was collected by the same account and Region, and where the VPC that
    the resource belongs to is in the snapshot: what belongs to a VPC outside it is outside as well. Of the kinds that `reach
    collect` brought it was last that it asked for those that others name: what was in a subnet that is not among them is gone.
    """
    ids: dict[str, set[str]] = {}
    for one in seen:
        ids.setdefault(one.component.kind, set()).add(one.component.id)
    judged: dict[tuple[type[Component], str], list[Reference]] = {}
    for one in seen:
        if one.row.declared:
            yield one  # of code, what it names may be made by something else
            continue
        key = (type(one.component), one.row.file)
        if key not in judged:
            judged[key] = [known for known in key[0].references if (one.row.viewer, known.kind) in collected]
        for reference in judged[key]:
            id = _missing(one.component, reference, ids, troubles)
            if id and (one.row.viewer, reference.kind) in brought:
                if isinstance(getattr(one.component, reference.attribute), str):
                    break
            elif id:
                text = f"field `{one.row.field(reference.field)}`: `{shown(id)}` is not in the snapshot"
                troubles.meet(one.row.error(text), one.component.kind, one.component.id)
                break
        else:
            yield one


def _missing(component: Any, reference: Reference, ids: dict[str, set[str]], troubles: Troubles) -> str:
    """Return the id that the reference names and the snapshot lacks; "" where it holds, or is not judged."""
    kind, value = reference.kind, getattr(component, reference.attribute)
    there = ids.get(kind, _NONE)
    if isinstance(value, str) and (not value or value in there):
        return ""
    if kind != "vpc":
        vpc_id = getattr(component, "vpc_id", "")
        if vpc_id and vpc_id not in ids.get("vpc", _NONE):
            return ""
    named = (id for id in ([value] if isinstance(value, str) else sorted(value)) if id)
    return next((id for id in named if id not in there and not troubles.hides(kind, id)), "")


_NONE: set[str] = set()
