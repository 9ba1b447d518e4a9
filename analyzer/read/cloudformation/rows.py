"""Stacks as rows of AWS's answers, once every document of a source was seen: stacks name each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..declared.draft import Around, Draft, Drafts
from ..declared.resource import Declared
from ..declared.shape import drafts
from .ignored import is_quiet
from .table import TABLE
from .together import together
from .unread import Unread, leave_open


def stack_drafts(resources: list[Declared], around: Around, unread: list[Unread], unvalued: dict[str, set[str]]) -> Drafts:
    """Return the rows of what stacks declare, with what is to be said of them; `unvalued` are parameters without a value by file."""
    told, notes = together(resources)
    found = drafts(TABLE, told, is_quiet, around=around)
    found.relaying = True
    leave_open(found, unread)
    found.notes.extend((*notes, *_without_value(found, unvalued)))
    return found


def _without_value(found: Drafts, unvalued: dict[str, set[str]]) -> Iterator[str]:
    """Yield which parameters have no value, a sentence for each template, but for those of which nothing here depends."""
    told = " ".join([*(one.text for one in found.lost), *_texts(found.rows.values())])
    for path, names in sorted(unvalued.items()):
        listed = [f"`{name}`" for name in sorted(names) if f"parameter `{name}` has no value" in told]
        if listed:
            yield f"`{path}`: no value is given for {', '.join(listed)}: put a file of parameters beside the template"


def _texts(rows: Iterable[Draft]) -> Iterator[str]:
    return (str(one.fields) for one in rows)
