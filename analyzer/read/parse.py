"""Bytes to JSON documents: encodings, several documents in one file, and errors that say where."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from ..models.errors import InputError
from .archives import File
from .catalogue import Shelf
from .files import again
from .quick import split
from .words import LEAVE_FILE_OUT, path_shown, shown

Document = dict[str, Any]
# Keys of lists of documents that no component reads: values for parameters of templates.
LISTED = frozenset({"ParameterKey"})
MALFORMED = re.compile(r"(?:JSON is malformed: )?(?P<what>.*?)(?: \(byte (?P<byte>\d+)\))?(?: - at `.*`)?", re.DOTALL)
NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
SPACE = re.compile(r"[ \t\r\n]*")
JSON_TYPES = {dict: "an object", list: "a list", str: "text", int: "a whole number", float: "a number", bool: "true or false"}


def type_of(value: object) -> str:
    """Return how people call the type of a JSON value."""
    return JSON_TYPES.get(type(value), "null")


def documents(file: File, depth: int, shelf: Callable[[str], Shelf | None]) -> list[Document]:
    """Return the JSON objects of a file: one, unless several stand one after the other, or in a list.

    Fields that are null are left out below the top level. Raises InputError for what is no JSON, nests deeper than `depth`,
    or is something else than objects; a list counts as documents where one of them has a key with a `shelf`. Of such keys
    the rows may be a batch of components already.
    """
    data = utf8(file)
    if not data or data.isspace():
        raise _broken(file, "the file is empty")
    deep = _may_nest(data, depth)
    whole = None if deep else split(data, shelf, _rereading(file, data))
    if whole is not None:
        return [whole]
    values = _values(file, data)
    if deep and any(_nests(value, depth) for value in values):
        raise _broken(file, f"its JSON nests more than {depth} levels deep")
    if len(values) == 1 and isinstance(values[0], list) and any(key in LISTED or shelf(key) for key in _keys(values[0])):
        values = values[0]
    for value in values:
        if not isinstance(value, dict):
            raise InputError(
                f"cannot read `{path_shown(file.path)}`: expected an object with a key such as `Vpcs`, got {type_of(value)}",
                hint="collect it again without --query, so that the answer keeps its key",
            )
    return [_without_nulls(value) for value in values] if b"null" in data else values


def _rereading(file: File, data: bytes) -> Callable[[], bytes]:
    """Return what gives the text once more: from disk, so that it need not be kept, unless it was unpacked."""
    path, stamp = file.path, file.stamp
    return (lambda: utf8(File(path, again(path, stamp)))) if stamp else (lambda: data)


def _keys(values: list[Any]) -> Iterator[str]:
    return (key for value in values if isinstance(value, dict) for key in value)


def _broken(file: File, text: str) -> InputError:
    return InputError(f"cannot read `{path_shown(file.path)}`: {text}", hint=LEAVE_FILE_OUT)


def _place(before: str) -> str:
    return f"line {before.count(chr(10)) + 1}, column {len(before) - before.rfind(chr(10))}"


def utf8(file: File) -> bytes:
    """Return the text as UTF-8 without a byte order mark; UTF-16 is what PowerShell's `>` writes."""
    data = file.data
    if data.startswith(codecs.BOM_UTF8):
        return data[len(codecs.BOM_UTF8) :]
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and len(data) % 2 == 0:
        try:
            return data.decode("utf-16").encode()
        except UnicodeError as error:
            raise _broken(file, "its text is no UTF-16") from error
    return data


def _values(file: File, data: bytes) -> list[Any]:
    try:
        return [msgspec.json.decode(data)]
    except RecursionError as error:
        raise _broken(file, "its JSON nests too deep") from error
    except UnicodeDecodeError as error:
        raise _broken(file, f"its text is no UTF-8{_first_bad_byte(data)}") from error
    except msgspec.DecodeError as error:
        said = str(error)
        if "trailing characters" in said:
            return _several(file, data)
        if "truncated" in said:
            end = _place(data.rstrip().decode("utf-8", "replace"))
            raise _broken(file, f"the JSON ends in the middle ({end})") from error
        raise _broken(file, _malformed(said, data)) from error


def _first_bad_byte(data: bytes) -> str:
    try:
        data.decode()
    except UnicodeDecodeError as error:
        return f" ({_place(data[: error.start].decode())})"
    return ""


def _malformed(said: str, data: bytes) -> str:
    match = MALFORMED.fullmatch(said)
    what = shown(match["what"].lower()) if match else "unreadable"
    if match is None or match["byte"] is None:
        return f"the JSON is malformed: {what}"
    return f"the JSON is malformed ({_place(data[: int(match['byte'])].decode('utf-8', 'replace'))}): {what}"


def _several(file: File, data: bytes) -> list[Any]:
    """Return the values of a file that several calls were appended to, or of JSON Lines."""
    import json

    def refuse(word: str) -> None:
        raise ValueError(word)

    decoder = json.JSONDecoder(parse_constant=refuse)
    values, at = [], 0
    try:
        text = data.decode()
        while at < len(text):
            value, at = decoder.raw_decode(text, at)
            values.append(value)
            at = SPACE.match(text, at).end()  # type: ignore[union-attr]
    except RecursionError as error:
        raise _broken(file, "its JSON nests too deep") from error
    except UnicodeDecodeError as error:
        raise _broken(file, f"its text is no UTF-8 ({_place(data[: error.start].decode())})") from error
    except json.JSONDecodeError as error:
        raise _broken(file, f"the JSON is malformed (line {error.lineno}, column {error.colno})") from error
    except ValueError as error:
        raise _broken(file, f"the JSON is malformed: `{shown(error)}` is no JSON number") from error
    return values


def _may_nest(data: bytes, depth: int) -> bool:
    """Return whether the text may nest deeper: whether brackets are left when the innermost pairs go out, level by level."""
    left = data.translate(None, NO_BRACKETS)
    for _ in range(depth):
        fewer = left.replace(b"[]", b"").replace(b"{}", b"")
        if not fewer:
            return False
        if len(fewer) == len(left):
            return True
        left = fewer
    return True


def _nests(value: Any, depth: int) -> bool:
    """Return whether a value nests deeper than that, without recursion."""
    level = [value] if isinstance(value, dict | list) else []
    for _ in range(depth):
        held = (inner for one in level for inner in (one.values() if isinstance(one, dict) else one))
        level = [inner for inner in held if isinstance(inner, dict | list)]
        if not level:
            return False
    return True


def _without_nulls(document: Document) -> Document:
    """Return the document without the fields that are null below the top level: NP-Guard writes what AWS leaves out as null."""
    return {key: _stripped(value) if isinstance(value, dict | list) else value for key, value in document.items()}


def _stripped(value: dict[str, Any] | list[Any]) -> dict[str, Any] | list[Any]:
    if isinstance(value, list):
        return [_stripped(inner) if isinstance(inner, dict | list) else inner for inner in value]
    return {
        name: _stripped(inner) if isinstance(inner, dict | list) else inner for name, inner in value.items() if inner is not None
    }
