"""Answers as full as AWS's service models allow: every member is there, and every text says where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from botocore.model import Shape

from .stub import model

# What says that there is more: an answer that has none is the last one.
TOKENS = ("NextToken", "nextToken", "NextMarker", "Marker", "position")
SCALARS: dict[str, Any] = {
    "boolean": False,
    "timestamp": datetime(2026, 11, 25, tzinfo=UTC),
    "blob": b"",
}


def planted(at: tuple[str, str], path: str) -> str:
    """Return the text at a path of an answer."""
    return f"planted:{at[0]}.{at[1]}:{path}:"


def answer(service: str, operation: str, possible: bool = False) -> dict[str, Any]:
    """Return the fullest last page of an answer; one that is `possible` has one of the members that exclude each other."""
    return filled(model(service).operation_model(operation).output_shape, (service, operation), possible)


def filled(shape: Shape, at: tuple[str, str], possible: bool, path: str = "", within: tuple[str, ...] = ()) -> Any:
    if shape.type_name == "structure":
        return {
            name: filled(one, at, possible, f"{path}.{name}" if path else name, (*within, shape.name))
            for name, one in members(shape, possible, within).items()
        }
    if shape.type_name == "list":
        return [filled(shape.member, at, possible, f"{path}[]", within)] * max(1, shape.metadata.get("min", 1))
    if shape.type_name == "map":
        return {"key": filled(shape.value, at, possible, f"{path}{{}}", within)}
    if shape.type_name == "string":
        enum = getattr(shape, "enum", None)
        return enum[0] if enum else planted(at, path)
    return SCALARS[shape.type_name] if shape.type_name in SCALARS else max(1, shape.metadata.get("min", 1))


def members(shape: Shape, possible: bool, within: tuple[str, ...]) -> dict[str, Shape]:
    """Return the members that a value has; none that hold themselves. A token that must be there repeats what was asked."""
    if shape.name in within:
        return {}
    needed = shape.required_members
    found = {
        name: one
        for name, one in shape.members.items()
        if name in needed or (name not in TOKENS and one.name not in (*within, shape.name))
    }
    return dict([*found.items()][:1]) if possible and shape.is_tagged_union else found


def sensitive(shape: Shape, path: str = "", within: tuple[str, ...] = (), above: bool = False) -> Iterator[str]:
    """Yield the paths of every text that AWS's service model calls sensitive, or that stands in something that is."""
    here = above or bool(shape.metadata.get("sensitive") or shape.serialization.get("sensitive"))
    if shape.type_name == "structure":
        for name, one in ({} if shape.name in within else shape.members).items():
            yield from sensitive(one, f"{path}.{name}" if path else name, (*within, shape.name), here)
    elif shape.type_name == "list":
        yield from sensitive(shape.member, f"{path}[]", within, here)
    elif shape.type_name == "map":
        yield from sensitive(shape.value, f"{path}{{}}", within, here)
    elif here:
        yield path
