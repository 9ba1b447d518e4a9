"""What parts of templates that are not read may change: rules, routes and entries of what is handed to them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from ..declared.draft import Draft, Drafts, Lost
from ..declared.elements import ANYWHERE, doubt
from .references import COMES_WITH
from .values import Id, Vague

WHAT = "something that is not read"


class Unread(msgspec.Struct, frozen=True):
    """A part that is not read: what is to be said of it, and the ids that it knows; None where it may know all of them.

    `makes` says that it may make anything itself, too.
    """

    text: str
    ids: frozenset[str] | None = None
    makes: bool = True


def leave_open(drafts: Drafts, unread: list[Unread]) -> None:
    """Leave open what such parts may change, and of what kinds they may make more: nobody knows."""
    for one in dict.fromkeys(unread):
        found = [(key, id, draft) for draft in list(drafts.rows.values()) for key, id in _changeable(draft)]
        changed = [(key, id, draft) for key, id, draft in found if one.ids is None or id in one.ids]
        for key, id, draft in changed:
            drafts.add(Draft(key, id, _part(key, one.text), draft.address, draft.line, False, draft.new))
        if one.makes:
            drafts.lost.append(Lost("", "", one.text))
        elif changed:
            drafts.notes.append(one.text)


def _changeable(draft: Draft) -> Iterator[tuple[str, str]]:
    """Yield the rows that others may change and that come with a row: it itself, what a VPC comes with."""
    if draft.key in ("SecurityGroups", "RouteTables", "NetworkAcls") and draft.whole:
        yield draft.key, draft.id
    elif draft.key == "Vpcs" and draft.whole:
        yield from zip(("SecurityGroups", "NetworkAcls"), (f"{draft.id}.{name}" for name in COMES_WITH), strict=True)


def _part(key: str, why: str) -> dict[str, Any]:
    open_ = doubt(WHAT, why)
    if key == "SecurityGroups":
        return {name: [{"IpProtocol": "-1", **open_}] for name in ("IpPermissions", "IpPermissionsEgress")}
    if key == "RouteTables":
        return {"Routes": [{"DestinationPrefixListId": ANYWHERE, **open_}]}
    fields = {"RuleNumber": 1, "RuleAction": "deny", "Protocol": "-1", **open_}
    return {"Entries": [{**fields, "Egress": egress} for egress in (False, True)]}


def ids_in(value: Any) -> Iterator[str]:
    """Yield the ids of resources that a value holds, at any depth."""
    level = [value]
    while level:
        found = level.pop()
        if isinstance(found, dict | list):
            level.extend(found.values() if isinstance(found, dict) else found)
        elif isinstance(found, Id):
            yield str(found)
        elif isinstance(found, Vague):
            yield from map(str, found.ids)
