"""References that must hold: a subnet in a VPC that the same account and Region was asked about, and does not have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .convert import Seen
from .troubles import Troubles
from .whose import Viewer
from .words import shown


def consistent(seen: list[Seen], collected: set[tuple[Viewer, str]], troubles: Troubles) -> Iterator[Seen]:
    """Yield the resources whose references hold; the others are met by `troubles`.

    A reference is judged where the kind of its target was collected by the same account and Region, and where the VPC that
    the resource belongs to is in the snapshot: what belongs to a VPC outside it is outside as well.
    """
    ids = {(one.component.kind, one.component.id) for one in seen}
    for one in seen:
        broken = False
        for reference in getattr(type(one.component), "references", ()):
            kind = reference.kind
            if (one.row.viewer, kind) not in collected or (kind != "vpc" and _outside(one, ids)):
                continue
            named = _named(one.component, reference.attribute)
            missing = [id for id in named if (kind, id) not in ids and not troubles.hides(kind, id)]
            if missing:
                text = f"field `{one.row.field(reference.field)}`: `{shown(missing[0])}` is not in the snapshot"
                troubles.meet(one.row.error(text), one.component.kind, one.component.id)
                broken = True
                break
        if not broken:
            yield one


def _outside(one: Seen, ids: set[tuple[str, str]]) -> bool:
    vpc_id = getattr(one.component, "vpc_id", "")
    return bool(vpc_id) and ("vpc", vpc_id) not in ids


def _named(component: Any, attribute: str) -> list[str]:
    value = getattr(component, attribute)
    return [id for id in ([value] if isinstance(value, str) else sorted(value)) if id]
