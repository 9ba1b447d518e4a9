"""Invariants files: YAML -> invariants, each with the place where it is written. Nothing in a file is ever executed."""

from __future__ import annotations

import re
from typing import Any

import msgspec
import yaml
from pydantic import ValidationError

from ..models.errors import InputError, near, quoted
from .model import BELOW, Invariant, InvariantsFile, Written

LARGEST = 4_000_000
DEEPEST = 20
Path = tuple[str | int, ...]
_WHOLE = re.compile(r"[-+]?\d{1,15}")
# YAML 1.1 reads `on` as true, and `on` is a key here: words are words, as in YAML 1.2.
_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}


class Found(msgspec.Struct, frozen=True):
    """An invariant, and where it is written: `origin` for people, `file` and `line` for programs.

    Of a `pack` a selector that names nothing in the snapshot is no mistake: the invariant is about something that is not there.
    """

    invariant: Invariant
    file: str
    line: int
    pack: bool = False

    @property
    def origin(self) -> str:
        """The file and line, or the pack."""
        return f"pack {self.file}" if self.pack else f"{self.file}:{self.line}"


def parsed(text: str, file: str, *, pack: bool = False) -> list[Found]:
    """Return the invariants of a file's text, in order; `file` is its name in errors.

    Raises InputError for what is no YAML or no invariants file, naming the line.
    """
    lines: dict[Path, int] = {}
    data = _data(text, file, lines)
    try:
        read = InvariantsFile.model_validate(data)
    except ValidationError as error:
        raise _refused(error, file, lines) from None
    found = [Found(one, file, lines["invariants", number], pack) for number, one in enumerate(read.invariants)]
    names: dict[str, Found] = {}
    for one in found:
        if one.invariant.name in names:
            what = f"cannot read `{file}` line {one.line}: a second invariant is called `{_short(one.invariant.name)}`"
            raise InputError(what, hint="give each invariant a name of its own: baselines know violations by it")
        names[one.invariant.name] = one
    return found


def _short(word: object) -> str:
    text = str(word)
    plain = "".join(char if char.isprintable() and char != "`" else "?" for char in text[:60])
    return plain if len(text) <= 60 else f"{plain[:59]}…"


# ---------------------------------------------------------------------- YAML
def _data(text: str, file: str, lines: dict[Path, int]) -> Any:
    if len(text) > LARGEST:
        raise InputError(f"cannot read `{file}`: it is larger than {LARGEST:,} characters", hint="split it")
    try:
        _only_plain(text, file)
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" line {mark.line + 1}" if mark is not None else ""
        what = _short(getattr(error, "problem", None) or "it is no YAML")
        raise InputError(f"cannot read `{file}`{where}: {what}", hint="mend the YAML there: indent with spaces") from None
    return _value(node, file, (), lines) if node is not None else None


def _only_plain(text: str, file: str) -> None:
    """Refuse anchors and aliases: a small file could stand for an endless one; tags, which stand for objects; and deep nesting."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        line = event.start_mark.line + 1
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise _wrong(file, line, "it is nested too deep")
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _wrong(file, line, "anchors and aliases are not read")
        if getattr(event, "tag", None):
            raise _wrong(file, line, "tags are not read")


def _wrong(file: str, line: int, what: str) -> InputError:
    return InputError(f"cannot read `{file}` line {line}: {what}", hint="write it out; docs/check.md shows a file")


def _value(node: yaml.Node, file: str, path: Path, lines: dict[Path, int]) -> Any:
    line = node.start_mark.line + 1
    lines[path] = line
    if isinstance(node, yaml.SequenceNode):
        return [_value(one, file, (*path, number), lines) for number, one in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Any] = {}
        for key, value in node.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else ""
            if name in found or not name:
                what = f"the key `{_short(name)}` is there twice" if name else "a key is no word"
                raise _wrong(file, key.start_mark.line + 1, what)
            found[name] = _value(value, file, (*path, name), lines)
            lines[(*path, name)] = key.start_mark.line + 1
        return found
    return _scalar(node)


def _scalar(node: Any) -> Any:
    word: str = node.value
    if node.style is not None:
        return word
    if word in _WORDS:
        return _WORDS[word]
    return int(word) if _WHOLE.fullmatch(word) else word


# ---------------------------------------------------------------------- what is wrong
def _refused(error: ValidationError, file: str, lines: dict[Path, int]) -> InputError:
    # A key that is not known explains best why another is missing.
    first = min(error.errors(include_url=False), key=lambda one: one["type"] != "extra_forbidden")
    path: Path = first["loc"]
    line = next((lines[path[:end]] for end in range(len(path), -1, -1) if path[:end] in lines), 1)
    where = f"cannot read `{file}` line {line}"
    if first["type"] == "extra_forbidden":
        keys = _keys(path[:-1])
        close = near(str(path[-1]), keys)
        hint = f"did you mean {quoted(close)}?" if close else f"one of {quoted(keys)}"
        return InputError(f"{where}: no such key: `{_short(path[-1])}`", hint=hint)
    key = next((str(one) for one in reversed(path) if isinstance(one, str)), "")
    if first["type"] == "missing":
        return InputError(f"{where}: the key `{key}` is missing", hint=f"add `{key}`; docs/check.md shows a file")
    if first["type"] == "string_type" and isinstance(first["input"], int) and key == "on":
        return InputError(f"{where}: no such service: `{first['input']}`", hint=f"did you mean `tcp/{first['input']}`?")
    what = str(first["msg"]).removeprefix("Value error, ")
    what = what[:1].lower() + what[1:] if not what.startswith("`") else what
    named = f"`{key}`: " if key and key != "invariants" else ""
    return InputError(f"{where}: {named}{what}", hint="docs/check.md shows a file")


def _keys(path: Path) -> list[str]:
    below: type[Written] = next((BELOW[one] for one in reversed(path) if isinstance(one, str) and one in BELOW), InvariantsFile)
    return [field.alias or name for name, field in below.model_fields.items()]
