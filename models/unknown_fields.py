"""Fields of AWS's answers that are newer than the model, in entries whose meaning they may change."""

from __future__ import annotations

from typing import Any

import msgspec

from .rule import rule


@rule(
    "LIM-12",
    says="A field, state or type that is newer than the model makes what depends on it unknown.",
    source="https://docs.aws.amazon.com/vpc/latest/reachability/how-reachability-analyzer-works.html",
)
def closed(row: dict[str, Any], member: str, shape: type[msgspec.Struct]) -> dict[str, Any]:
    """Return the row with, in each entry of `member`, `_Unknown` in place of the fields that `shape` does not know: their names.

    For entries in which a field that we do not know may change the meaning of the whole: a route, a permission. Their shapes
    forbid unknown fields, so that a row which is decoded without this is refused instead.
    """
    known = set(shape.__struct_encode_fields__)
    entries = []
    for entry in row.get(member) or []:
        if isinstance(entry, dict) and not known.issuperset(entry):
            strange = [key for key, value in entry.items() if key not in known and value not in (None, [], "")]
            entry = {key: value for key, value in entry.items() if key in known} | ({"_Unknown": strange} if strange else {})
        entries.append(entry)
    return {**row, member: entries}
