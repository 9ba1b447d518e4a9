"""YAML that people write, as plain values: safe, small, and without its surprises. Nothing else in the project parses YAML."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import yaml

from ..models.errors import InputError
from .words import path_shown, shown

LARGEST = 1 << 20
# A file of so many levels is none that anybody wrote.
DEEPEST = 50
LOOK = "write it like the examples of `reach whatif --help`"


class _RefusedError(yaml.MarkedYAMLError):  # type: ignore[misc]
    """What YAML allows and we do not, in our own words."""

    def __init__(self, what: str, mark: Any) -> None:
        super().__init__(problem=what, problem_mark=mark)


class _Loader(yaml.SafeLoader):  # type: ignore[misc]
    """Safe values only; no aliases, no key twice, and `on`, `off`, `yes` and `no` are the words that they are."""

    depth = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise _RefusedError("aliases are not read", self.peek_event().start_mark)
        self.depth += 1
        if self.depth > DEEPEST:
            raise _RefusedError("it is nested too deep", self.peek_event().start_mark)
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                raise _RefusedError(f"the key `{shown(key.value)}` is there twice", key.start_mark)
            if isinstance(key.value, str):
                seen.add(key.value)
        made: dict[Any, Any] = super().construct_mapping(node, deep)
        return made


# YAML 1.1 takes `on` for true and `10.0` or `1:30` for numbers; what people write about networks is text.
_Loader.yaml_implicit_resolvers = {
    first: [(tag, found) for tag, found in resolvers if tag in ("tag:yaml.org,2002:null", "tag:yaml.org,2002:merge")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"-?(0|[1-9][0-9]{0,8})\Z"), list("-0123456789"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"(true|false)\Z"), list("tf"))


def read_yaml(path: str | os.PathLike[str], hint: str = LOOK) -> Any:
    """Return what a YAML file holds: lists, objects with text as keys, text, whole numbers, true, false and null.

    Raises InputError for a file that cannot be read, is too large, or is no such YAML; the line is named.
    """
    name = path_shown(os.fspath(path))
    try:
        with Path(path).open("rb") as file:
            data = file.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        reason = (getattr(error, "strerror", None) or "it cannot be opened").lower()
        raise InputError(f"cannot read `{name}`: {reason}", hint="check the path and its permissions") from error
    if len(data) > LARGEST:
        raise InputError(f"cannot read `{name}`: it is larger than 1 MiB", hint="split it into several files")
    try:
        return yaml.load(data, _Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f" at line {mark.line + 1}" if mark is not None else ""
        said = error.problem if isinstance(error, _RefusedError) else shown(error.problem or "it is no YAML", 120)
        raise InputError(f"cannot read `{name}`: {said}{where}", hint=hint) from error
    except (yaml.YAMLError, ValueError, TypeError) as error:
        raise InputError(f"cannot read `{name}`: it is no YAML", hint=hint) from error
