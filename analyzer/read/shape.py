"""Shapes of files that people write: strict, so that a key that is not known is an error; and what is said about a mistake."""

from __future__ import annotations

from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, ValidationError

from ..models.errors import InputError, near, quoted
from .words import shown
from .yaml import Path, YamlFile

T = TypeVar("T", bound="Shape")
# What pydantic complains of, in words of YAML; `{…}` are facts that it gives.
WORDS = {
    "string_type": "expected text",
    "int_type": "expected a whole number",
    "bool_type": "expected `true` or `false`",
    "list_type": "expected a list",
    "model_type": "expected keys and values",
    "too_short": "expected a list of {min_length} or more",
    "string_too_short": "expected a word",
    "greater_than_equal": "expected a number from {ge} on",
    "less_than_equal": "expected a number up to {le}",
    "literal_error": "expected {expected}",
}


class Shape(BaseModel):
    """A mapping of a file; a key that it does not know is an error."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def shaped(file: YamlFile, shape: type[T], page: str) -> T:
    """Return what a file holds in a shape; `page` is the document that shows one.

    Raises InputError for the first mistake, with its line, and the key that may have been meant.
    """
    try:
        return shape.model_validate(file.value)
    except ValidationError as error:
        # A key that is not known explains best why another is missing.
        first = min(error.errors(include_url=False), key=lambda one: one["type"] != "extra_forbidden")
        path: Path = first["loc"]
        where = f"cannot read `{file.name}` line {file.line(path)}"
        what, hint = _complaint(dict(first), path, shape)
        raise InputError(f"{where}: {what}", hint=hint or f"{page} shows a file") from None


def _complaint(first: dict[str, Any], path: Path, shape: type[Shape]) -> tuple[str, str]:
    """Return what is wrong, and the action that helps; "" for a look at the document."""
    key = next((shown(one) for one in reversed(path) if isinstance(one, str)), "")
    if first["type"] == "extra_forbidden":
        keys = _keys(path[:-1], shape)
        close = near(str(path[-1]), keys)
        return f"no such key: `{shown(path[-1])}`", f"did you mean {quoted(close)}?" if close else f"one of {quoted(keys)}"
    if first["type"] == "missing":
        return f"the key `{key}` is missing", f"add `{key}`"
    given = first["input"]
    if first["type"] == "string_type" and isinstance(given, int) and key == "on":
        return f"no such service: `{given}`", f"did you mean `tcp/{given}`?"
    words = WORDS.get(first["type"])
    what = words.format(**first.get("ctx", {})) if words else _plain(first["msg"])
    item = len(path) == 2 and isinstance(path[1], int)  # one of those that the file is a list of: its line says which
    return (f"`{key}`: {what}" if key and not item else what), ""


def _plain(said: str) -> str:
    """Return a sentence of the shapes as messages write it; the words are ours, what users wrote is not in it."""
    text = said.removeprefix("Value error, ")
    return text if text.startswith("`") else text[:1].lower() + text[1:200]


def _keys(path: Path, shape: type[Shape]) -> list[str]:
    """Return the keys of the mapping at a path."""
    for part in path:
        field = next((one for name, one in shape.model_fields.items() if part in (name, one.alias)), None)
        shape = _below(field.annotation) or shape if field is not None else shape
    return [field.alias or name for name, field in shape.model_fields.items()]


def _below(annotation: Any) -> type[Shape] | None:
    """Return the shape in a field's annotation, be it optional or in a list."""
    if isinstance(annotation, type) and issubclass(annotation, Shape):
        return annotation
    return next((found for one in get_args(annotation) if (found := _below(one)) is not None), None)
