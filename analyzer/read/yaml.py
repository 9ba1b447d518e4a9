"""YAML that people write, as plain values: safe, small, and without its surprises. Nothing else in the project parses YAML."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import msgspec
import yaml

from ..models.errors import InputError
from .single import text_of
from .words import path_shown, shown

LARGEST = 1 << 20
# A file of so many levels is none that anybody wrote.
DEEPEST = 20
INDENT = "mend the YAML there: indent with spaces"
WRITE_OUT = "write it out"
NO_TAGS: Mapping[str, str] = MappingProxyType({})
Path = tuple[str | int, ...]
# What YAML 1.2 takes for something else than the word that it is. Numbers with a point and days are text to us.
_WORDS = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys(("null", "Null", "NULL", "~", "")),
}
_WHOLE = re.compile(r"[-+]?(0|[1-9][0-9]{0,14})")


class YamlFile(msgspec.Struct, frozen=True):
    """What a file holds, and where: `value` of lists, mappings with text as keys, text, whole numbers, true, false and null."""

    value: Any
    name: str
    lines: dict[Path, int]

    def line(self, path: Path) -> int:
        """Return the line of the key or item at a path, or of the nearest one above it that is there."""
        return next((self.lines[path[:end]] for end in range(len(path), -1, -1) if path[:end] in self.lines), 1)


class _RefusedError(yaml.MarkedYAMLError):  # type: ignore[misc]
    """What YAML allows and we do not, in our own words."""

    def __init__(self, what: str, mark: Any, hint: str = WRITE_OUT) -> None:
        super().__init__(problem=what, problem_mark=mark)
        self.hint = hint


class _Loader(yaml.SafeLoader):  # type: ignore[misc]
    """Nodes alone: an alias could stand for an endless file, a tag for an object, deep nesting for an overflow."""

    depth = 0
    deepest = DEEPEST
    tags = NO_TAGS

    def compose_node(self, parent: Any, index: Any) -> Any:
        event = self.peek_event()
        if isinstance(event, yaml.AliasEvent) or event.anchor:
            raise _RefusedError("anchors and aliases are not read", event.start_mark)
        if getattr(event, "tag", None) and event.tag not in self.tags:
            raise _RefusedError("tags are not read", event.start_mark)
        if self.depth == self.deepest:
            raise _RefusedError("it is nested too deep", event.start_mark)
        self.depth += 1
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


def read_yaml(path: str | os.PathLike[str]) -> YamlFile:
    """Return what a YAML file holds.

    Raises InputError for a file that cannot be read, is too large, or is no such YAML; the line is named.
    """
    return parse_yaml(text_of(path, LARGEST), os.fspath(path))


def parse_yaml(text: str, name: str, tags: Mapping[str, str] = NO_TAGS, deepest: int = DEEPEST) -> YamlFile:
    """Return what a text holds; `name` is that of its file, for errors. Raises InputError as `read_yaml` does.

    A value with one of the `tags` becomes a mapping of one key, the tag's: `!Ref x` is `{Ref: x}` where `!Ref` is `Ref`.
    """
    told, lines = path_shown(name), dict[Path, int]()
    if len(text) > LARGEST:
        raise InputError(f"cannot read `{told}`: it is larger than 1 MiB", hint="split it into several files")
    if text.lstrip().startswith("{"):
        text = text.replace("\t", " ")  # JSON may be indented with them, and holds them nowhere else
    try:
        node = yaml.compose(text, Loader=type("Loader", (_Loader,), {"tags": tags, "deepest": deepest}))
        return YamlFile(None if node is None else _value(node, (), lines, tags), told, lines)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f" line {mark.line + 1}" if mark is not None else ""
        said = error.problem if isinstance(error, _RefusedError) else shown(error.problem or "it is no YAML")
        raise InputError(f"cannot read `{told}`{where}: {said}", hint=getattr(error, "hint", INDENT)) from error
    except yaml.YAMLError as error:
        raise InputError(f"cannot read `{told}`: it is no YAML", hint="save it as plain text in UTF-8") from error


def _value(node: yaml.Node, path: Path, lines: dict[Path, int], tags: Mapping[str, str]) -> Any:
    lines.setdefault(path, node.start_mark.line + 1)
    found = _untagged(node, path, lines, tags)
    return {tags[node.tag]: found} if node.tag in tags else found


def _untagged(node: yaml.Node, path: Path, lines: dict[Path, int], tags: Mapping[str, str]) -> Any:
    if isinstance(node, yaml.SequenceNode):
        return [_value(one, (*path, number), lines, tags) for number, one in enumerate(node.value)]
    if not isinstance(node, yaml.MappingNode):
        return _scalar(node)
    found: dict[str, Any] = {}
    for key, value in node.value:
        name = key.value if isinstance(key, yaml.ScalarNode) else ""
        if not name:
            raise _RefusedError("a key is no word", key.start_mark, "write `key: value`")
        if name in found:
            raise _RefusedError(f"the key `{shown(name)}` is there twice", key.start_mark, "keep one of the two")
        lines[*path, name] = key.start_mark.line + 1
        found[name] = _value(value, (*path, name), lines, tags)
    return found


def _scalar(node: Any) -> Any:
    word: str = node.value
    if node.style is not None:
        return word
    if word in _WORDS:
        return _WORDS[word]
    return int(word) if _WHOLE.fullmatch(word) else word
