"""What is wrong with a row, in plain English: msgspec's sentences without the names of Python's types."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from .words import shown

if TYPE_CHECKING:
    from .rows import Row

AT = re.compile(r"(?P<said>.*) - at `(?:key(?: in)? )?(?:`)?\$(?P<path>[^`]*)`+", re.DOTALL)
MISSING = re.compile(r"Object missing required field `(.+)`", re.DOTALL)
EXPECTED = re.compile(r"Expected `([^`]+)`(.*?)(?:, got `([^`]+)`)?", re.DOTALL)
QUOTED = re.compile(r"'([^']*)'|\"([^\"]*)\"")
NO_NETWORK = re.compile(r"(?:'.*'|\".*\") does not appear to be an IPv4 or IPv6 (network|address)", re.DOTALL)
NO_NUMBER = re.compile(r"invalid literal for int\(\) with base \d+: (.*)", re.DOTALL)
NAMES = {
    "str": "text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "array": "a list",
    "object": "an object",
    "null": "null",
}
STRANGE = "its shape is not the one that AWS gives such resources"


def complaint(row: Row, said: str) -> str:
    """Return what msgspec's message says about the row, the field first: ``field `X[0].Y`: expected text, got a list``."""
    path, words, said = _parts(said)
    field = row.field(shown(path if words else _joined(path, _holder(row.fields, path, said)), 200))
    return (f"field `{field}`: " if field else "") + (words or _plain(said))


def complaint_under(key: str, said: str) -> str:
    """Return what msgspec's message says about the value under a key of a document, as `complaint` does."""
    path, words, said = _parts(said)
    return f"field `{shown(_joined(key, path), 200)}`: {words or _plain(said)}"


def _parts(said: str) -> tuple[str, str, str]:
    """Return the path of the field that a message is about, its words in plain form, "" for those of a component, and itself."""
    match = AT.fullmatch(said)
    path = match["path"].removeprefix(".") if match else ""
    said = match["said"] if match else said
    missing = MISSING.fullmatch(said)
    return (_joined(path, missing[1]), "field required", said) if missing else (path, _translated(said), said)


def _joined(path: str, name: str) -> str:
    return f"{path}.{name}" if path and name else path or name


def _translated(said: str) -> str:
    """Return the plain form of a message about types; "" for the words of a component about a value."""
    match = EXPECTED.fullmatch(said)
    if match is None:
        return ""
    names = [NAMES.get(name.strip(), "another value") for name in match[1].split("|")]
    wanted = [name for name in dict.fromkeys(names) if name != "null"] or ["null"]
    got = f", got {NAMES.get(match[3], 'another value')}" if match[3] else ""
    return f"expected {' or '.join(wanted)}{match[2].replace('`', '')}{got}"


def _plain(said: str) -> str:
    """Return a component's words about a value, the value in backticks and without the names of Python's types."""
    network, number = NO_NETWORK.fullmatch(said), NO_NUMBER.fullmatch(said)
    if network:
        what = "range of addresses" if network[1] == "network" else "address"
        return f"`{shown(said[1 : said.rindex(' does not')][:-1])}` is no {what}"
    if number:
        return f"`{shown(number[1][1:-1])}` is no whole number"
    match = QUOTED.match(said)
    if match:
        return f"`{shown(match[1] if match[1] is not None else match[2])}`{shown(said[match.end() :], 200)}"
    return shown(said, 200)


def _holder(fields: dict[str, Any], path: str, said: str) -> str:
    """Return the name of the field below `path` that holds the value which the words begin with; "" when none does."""
    below: Any = fields
    for name, index in re.findall(r"([^.\[\]]+)|\[(\d+)\]", path):
        try:
            below = below[name] if name else below[int(index)]
        except (KeyError, IndexError, TypeError):
            return ""
    for name, held in below.items() if isinstance(below, dict) else ():
        for at, value in enumerate(held if isinstance(held, list) else [held]):
            if isinstance(value, str) and said.startswith(repr(value)):
                return f"{name}[{at}]" if isinstance(held, list) else str(name)
    return ""
