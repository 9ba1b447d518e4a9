"""Lists as text and JSON: what is in a snapshot, what is not modelled, the rule book."""

from __future__ import annotations

from collections.abc import Sequence
from json import dumps
from typing import TYPE_CHECKING, Any

import msgspec

from .tables import aligned
from .words import clean

if TYPE_CHECKING:
    from ..models.answer import End
    from ..models.rule import Rule

COLUMNS = ("kind", "id", "name", "address", "vpc")


def resources(listed: Sequence[End], format: str) -> str:
    """Return resources as a table with a head line (`text`), or as a JSON object `reach/list/1` with everything about them."""
    if format == "json":
        return _json("list", "resources", msgspec.to_builtins(listed))
    cells = [tuple(clean(getattr(one, column)) or "-" for column in COLUMNS) for one in listed]
    return "".join(f"{line}\n" for line in aligned([COLUMNS, *cells]))


def sentences(listed: Sequence[str], format: str) -> str:
    """Return what is not modelled, one sentence a line (`text`), or as a JSON object `reach/not-modelled/1`."""
    if format == "json":
        return _json("not-modelled", "not_modelled", list(listed))
    return "".join(f"{clean(one)}\n" for one in listed)


def rules(listed: Sequence[Rule], format: str) -> str:
    """Return rules with sentence, AWS page and code (`text`), or as a JSON object `reach/rules/1`."""
    if format == "json":
        return _json(
            "rules", "rules", [{"id": one.id, "says": one.says, "source": one.source, "where": one.where} for one in listed]
        )
    return "\n".join(f"{one.id}\n  {one.says}\n  AWS:  {one.source}\n  code: {one.where}\n" for one in listed)


def _json(kind: str, key: str, value: Any) -> str:
    return dumps({"schema": f"reach/{kind}/1", key: value}, indent=2) + "\n"
