"""What of an answer reaches the disk: the members that models read, and nothing else. So no secret does that no model reads.

The shapes follow from the components' own fields (decision 9): a field that is read tomorrow is kept tomorrow.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import Any

import msgspec
from msgspec import inspect

from ..models.component import Component
from ..read.whose import facts_of

MASK = "(not kept)"
TAG_MEMBERS = ("Tags", "tags", "TagList", "TagSet")
SECRET = re.compile(r"pass(word|phrase|wd)?\b|secret|token|credential|(api|access|private|signing).?key|connection.?string", re.I)


class Shape(msgspec.Struct):
    """Which members of a JSON object are kept; lists are transparent.

    `entries` is the shape of every value where any name may stand. In a `closed` one, names that it does not know are kept
    without their value, as they may change what the rest means. An `opaque` one is kept whole, a plain one where it is no
    object, and `tags` are tags in any of AWS's forms.
    """

    members: dict[str, Shape] = {}
    entries: Shape | None = None
    closed: bool = False
    opaque: bool = False
    tags: bool = False

    def joined(self, other: Shape) -> Shape:
        """Return the shape of what either keeps."""
        both = {
            name: shape.joined(other.members[name]) if name in other.members else shape for name, shape in self.members.items()
        }
        entries = self.entries.joined(other.entries) if self.entries and other.entries else self.entries or other.entries
        return Shape(
            {**other.members, **both}, entries, self.closed or other.closed, self.opaque or other.opaque, self.tags or other.tags
        )


TAGS = Shape(tags=True)


@cache
def row_shape(component: type[Component]) -> Shape:
    """Return what is kept of a row of a component: its fields, what tells whose it is, and its tags."""
    own = _of(inspect.type_info(component))
    # Of any type there, and text in every answer.
    told = _transparent(_of(inspect.type_info(facts_of(component))))
    members = {**told.members, **{name: shape for name, shape in own.members.items() if not name.startswith("_")}}
    for member, _ in component.closes:
        members[member].closed = True
    inner = Shape(dict(members))
    members.update(dict.fromkeys(component.prepares, inner))
    members.update(dict.fromkeys(TAG_MEMBERS, TAGS))
    return Shape(members)


def _transparent(shape: Shape) -> Shape:
    return Shape({name: _transparent(inner) for name, inner in shape.members.items()})


def _of(info: inspect.Type) -> Shape:
    if isinstance(info, inspect.StructType):
        return Shape({field.encode_name: _of(field.type) for field in info.fields})
    if isinstance(info, inspect.ListType | inspect.VarTupleType):
        return _of(info.item_type)
    if isinstance(info, inspect.DictType):
        inside = _of(info.value_type)
        return Shape(opaque=True) if inside.opaque else Shape(entries=inside)
    if isinstance(info, inspect.UnionType):
        joined = Shape()
        for one in info.types:
            joined = joined.joined(_of(one))
        return joined
    return Shape(opaque=isinstance(info, inspect.AnyType | inspect.RawType))


def kept(value: Any, shape: Shape) -> Any:
    """Return a value of an answer without what its shape does not keep; None where nothing is left of it."""
    if isinstance(value, list):
        return [one for one in (kept(one, shape) for one in value) if one is not None]
    if isinstance(value, Mapping):
        return _members(value, shape)
    return plain(value)


def _members(value: Mapping[str, Any], shape: Shape) -> dict[str, Any] | None:
    if shape.tags:
        return _tag(value)
    if shape.opaque:
        return {name: kept(one, TAGS if name in TAG_MEMBERS else shape) for name, one in value.items()}
    if shape.entries is not None:
        return {name: kept(one, shape.entries) for name, one in value.items()}
    if not shape.members:
        return None
    known = {name: one for name, one in value.items() if name in shape.members}
    pairs = ((name, kept(one, shape.members[name])) for name, one in known.items())
    found = {name: one for name, one in pairs if one is not None}
    strange = [name for name, one in value.items() if name not in known and one not in (None, [], "")] if shape.closed else []
    return found | dict.fromkeys(strange, MASK)


def _tag(value: Mapping[str, Any]) -> dict[str, Any]:
    """Return one tag, or tags by name, the value masked of those whose name says that it is a secret."""
    key = value.get("Key", value.get("key"))
    if key is None:
        return {name: _unless_secret(name, one) for name, one in value.items()}
    return {name: one if name in ("Key", "key") else _unless_secret(key, one) for name, one in value.items() if _is_of_tag(name)}


def _is_of_tag(name: str) -> bool:
    return name in ("Key", "key", "Value", "value")


def _unless_secret(name: str, value: Any) -> Any:
    return MASK if SECRET.search(name) else plain(value)


def plain(value: Any) -> Any:
    """Return a scalar as JSON has it; None for bytes, which no model reads."""
    if isinstance(value, datetime):
        return value.isoformat()
    return value if isinstance(value, str | int | float | bool) else None


def union_of(shapes: Iterable[Shape]) -> Shape:
    """Return the shape of what any of them keeps."""
    joined = Shape()
    for shape in shapes:
        joined = joined.joined(shape)
    return joined
