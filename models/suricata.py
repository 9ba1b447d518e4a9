"""Rules in Suricata's language: header and options, and the sets of addresses and ports that a header names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

import msgspec

from .packet import EVERY_ADDRESS, IntervalSet, address, prefix, union

EVERY_PORT = IntervalSet([(0, 65535)])
DEEPEST = 8
_RANGE = re.compile(r"(\d*):(\d*)")


class Header(msgspec.Struct, frozen=True):
    """One rule: its header, word by word, and its options as pairs of keyword and value; `text` is the header as written."""

    action: str
    protocol: str
    source: str
    source_port: str
    both_ways: bool
    target: str
    target_port: str
    options: tuple[tuple[str, str], ...] = ()

    @property
    def text(self) -> str:
        """The header as people write it."""
        arrow = "<>" if self.both_ways else "->"
        words = (self.action, self.protocol, self.source, self.source_port, arrow, self.target, self.target_port)
        return " ".join(words)


class Names(msgspec.Struct, frozen=True):
    """What variables stand for, as texts of the same language, and what references (`@name`) stand for; None where nobody knows."""

    addresses: Mapping[str, str] = {}
    ports: Mapping[str, str] = {}
    references: Mapping[str, IntervalSet | None] = {}


def rules_in(text: str) -> Iterator[Header | str]:
    """Yield the rules of a text in order, each as its header; a line that cannot be read as a rule as it stands."""
    for line in text.replace("\\\r\n", " ").replace("\\\n", " ").splitlines():
        line = line.strip()
        if line and not line.startswith("#"):
            yield _header(line) or line


def _header(line: str) -> Header | None:
    head, bracket, rest = line.partition("(")
    words = list(_split(head, str.isspace))
    if len(words) != 7 or words[4] not in ("->", "<>") or (bracket and not rest.rstrip().endswith(")")):
        return None
    action, protocol, source, source_port, arrow, target, target_port = words
    options = tuple(_options(rest.rstrip()[:-1])) if bracket else ()
    return Header(action.lower(), protocol.lower(), source, source_port, arrow == "<>", target, target_port, options)


def _options(text: str) -> Iterator[tuple[str, str]]:
    """Yield keyword and value of each option; semicolons in quotes or after a backslash end none."""
    for part in re.findall(r"(?:\\.|\"(?:\\.|[^\"\\])*\"|[^;\\\"])+", text):
        keyword, _, value = part.strip().partition(":")
        if keyword:
            yield keyword.strip().lower(), value.strip()


def _split(text: str, ends: Callable[[str], bool]) -> Iterator[str]:
    """Yield the parts of a text between separators that stand in no square brackets, empty parts left out."""
    depth, part = 0, ""
    for sign in text:
        depth += {"[": 1, "]": -1}.get(sign, 0)
        if depth <= 0 and ends(sign):
            if part.strip():
                yield part.strip()
            part = ""
        else:
            part += sign
    if part.strip():
        yield part.strip()


def addresses(text: str, names: Names) -> IntervalSet | None:
    """Return the addresses that a part of a header names; None when nobody knows what a name in it stands for."""
    return _set(text, names.addresses, EVERY_ADDRESS, lambda word: _block(word, names), 0)


def ports(text: str, names: Names) -> IntervalSet | None:
    """Return the ports that a part of a header names, 0 to 65535; None when nobody knows what a name in it stands for."""
    return _set(text, names.ports, EVERY_PORT, _port, 0)


def _set(
    text: str, variables: Mapping[str, str], whole: IntervalSet, one: Callable[[str], IntervalSet | None], depth: int
) -> IntervalSet | None:
    text = text.strip()
    if depth > DEEPEST or not text:
        return None
    if text.startswith("!"):
        inner = _set(text[1:], variables, whole, one, depth + 1)
        return None if inner is None else whole - inner
    if text.startswith("[") and text.endswith("]"):
        return _group(text[1:-1], variables, whole, one, depth)
    if text.startswith("$"):
        return _set(variables.get(text[1:], ""), variables, whole, one, depth + 1)
    return whole if text.lower() == "any" else one(text)


def _group(
    text: str, variables: Mapping[str, str], whole: IntervalSet, one: Callable[[str], IntervalSet | None], depth: int
) -> IntervalSet | None:
    """Return the members of a list less those that it excludes; a list of exclusions only starts with everything."""
    parts = list(_split(text, lambda sign: sign == ","))
    named = [_set(part, variables, whole, one, depth + 1) for part in parts if not part.startswith("!")]
    excluded = [_set(part[1:], variables, whole, one, depth + 1) for part in parts if part.startswith("!")]
    known = [found for found in (*named, *excluded) if found is not None]
    if not parts or len(known) != len(parts):
        return None
    return (union(known[: len(named)]) if named else whole) - union(known[len(named) :])


def _block(word: str, names: Names) -> IntervalSet | None:
    if word.startswith("@"):
        return names.references.get(word[1:])
    low, dash, high = word.partition("-")
    try:
        return IntervalSet([(address(low), address(high))]) if dash else prefix(word)
    except ValueError:
        return None


def _port(word: str) -> IntervalSet | None:
    match = _RANGE.fullmatch(word)
    try:
        low, high = (int(match[1] or 0), int(match[2] or 65535)) if match else (int(word), int(word))
    except ValueError:
        return None
    return IntervalSet([(low, high)]) if 0 <= low <= high <= 65535 else None
