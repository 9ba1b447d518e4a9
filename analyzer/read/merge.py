"""One resource in several documents: the owner's copy wins, the others fill its gaps, and what contradicts itself is refused."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ..models.errors import InputError
from .convert import Seen, component_of
from .rows import Row
from .troubles import Troubles
from .whose import Viewer
from .words import path_shown, shown

GAPS: tuple[object, ...] = (None, "", [], {})


def united(seen: Iterable[Seen], troubles: Troubles) -> Iterator[Seen]:
    """Yield every resource once, in the order of its first copy; contradictions are met by `troubles` and left out."""
    first: dict[tuple[str, str], Seen] = {}
    copies: dict[tuple[str, str], list[Seen]] = {}
    for one in seen:
        key = (one.component.kind, one.component.id)
        known = first.setdefault(key, one)
        if known is not one:
            copies.setdefault(key, [known]).append(one)
    for key, only in first.items():
        if key not in copies:
            yield only
            continue
        (kind, id), group = key, copies[key]
        try:
            _refuse_contradictions(group, id)
            yield _merged(group)
        except InputError as error:
            troubles.meet(error, kind, id)


def _refuse_contradictions(group: list[Seen], id: str) -> None:
    """Raise InputError when one account and Region shows the resource twice, and not alike.

    Rows of different documents are different views. Under a key that several calls answer, so are rows with other fields.
    """
    first: dict[object, Row] = {}
    for row in (one.row for one in group if not one.row.embedded):
        view = (row.viewer, row.reader.rank, frozenset(row.fields) if row.reader.shared else None)
        other = first.setdefault(view, row)
        if other.fields != row.fields:
            raise row.error(
                f"`{shown(id)}` is also resource {other.number} of `{path_shown(other.file)}`, with other content",
                hint="remove the older one, or keep the documents of each account and Region in a folder ACCOUNT/REGION",
            )


def _merged(group: list[Seen]) -> Seen:
    """Return the copy that wins, its gaps filled: the owner's, then that of the component's first document, then the first."""
    ranked = sorted(group, key=lambda one: (one.row.embedded, not _is_owners(one), one.row.reader.rank))
    winner, *others = ranked
    fields = winner.row.fields
    for other in others:
        fields = filled(fields, other.row.fields)
    if fields == winner.row.fields:
        return _placed(winner, others)
    row = Row(winner.row.reader, fields, winner.row.file, winner.row.number, winner.row.path, winner.row.embedded)
    return _placed(Seen(row, component_of(row)), others)


def _is_owners(one: Seen) -> bool:
    return bool(one.row.viewer.account) and one.row.viewer.account == one.component.account


def _placed(winner: Seen, others: list[Seen]) -> Seen:
    places = [Viewer(one.component.account, one.component.region) for one in others]
    winner.component.account = winner.component.account or next((place.account for place in places if place.account), "")
    winner.component.region = winner.component.region or next((place.region for place in places if place.region), "")
    return winner


def filled(mine: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Return my fields with those of the other copy where mine are absent or empty, inside objects too."""
    result = dict(mine)
    for name, value in other.items():
        own = result.get(name)
        if own in GAPS:
            result[name] = value
        elif isinstance(own, dict) and isinstance(value, dict):
            result[name] = filled(own, value)
    return result
