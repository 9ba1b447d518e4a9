"""What an expression of a configuration names: the resources behind variables, outputs, counts and keys of modules."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any

import msgspec

KEYS = ("count.index", "each.key", "each.value")
IDS = re.compile(r"(?:.*_)?(?:id|ids|arn|arns)")
KEY = r'\[(?:"(?:[^"\\]|\\.)*"|[0-9]+)\]'
HEAD = re.compile(rf"(?P<name>[^.\[]+\.[^.\[]+)(?P<key>{KEY})?(?:\.(?P<rest>.*))?", re.DOTALL)
OUTPUT = re.compile(rf"module\.(?P<call>[^.\[]+)(?P<key>{KEY})?(?:\.(?P<name>[^.\[]+)(?P<rest>.*))?", re.DOTALL)
CALL = re.compile(rf"module\.(?P<call>[^.\[]+)(?P<key>{KEY})?(?:\.|\Z)", re.DOTALL)
# What is an id where it stands in text, and no name, number or condition.
ID = re.compile(r"arn:.+|[a-z]+(?:-[a-z]+)*-[0-9a-f]{8,17}", re.DOTALL)
DEEPEST = 24


class Named(msgspec.Struct, frozen=True):
    """A resource that an expression names: the module (one of several), its type and name, its key (None where none is said).

    `attribute` is what is asked of it, "" where the plan does not say.
    """

    module: str
    name: str
    key: str | None
    attribute: str

    @property
    def type(self) -> str:
        """Its type."""
        return self.name.partition(".")[0]

    @property
    def address(self) -> str:
        """Its address, without a key."""
        return f"{self.module}.{self.name}" if self.module else self.name


class Found(msgspec.Struct):
    """What an expression names.

    `texts` are ids that stand in it as text. `by_key` says that the key of the own resource picks one; `choosing` that something
    else may pick (a variable that is no id); `part` that one of a list is taken; `opaque` that something stands in it which plans
    do not show.
    """

    named: list[Named]
    texts: list[str]
    by_key: bool = False
    choosing: bool = False
    part: bool = False
    opaque: bool = False


class Module(msgspec.Struct, dict=True):
    """A module as the configuration writes it, where it is called (None for the root), and the address of this one of several."""

    config: dict[str, Any]
    address: str
    caller: Module | None
    call: dict[str, Any]
    variables: dict[str, Any]

    @cached_property
    def resources(self) -> dict[str, dict[str, Any]]:
        """The resources of the module by type and name."""
        listed = self.config.get("resources")
        found = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
        return {f"{one.get('type')}.{one.get('name')}": one for one in found if one.get("mode", "managed") == "managed"}

    @cached_property
    def _inner(self) -> dict[tuple[str, str], Module | None]:
        """The modules that were asked for."""
        return {}

    def inner(self, name: str, key: str = "") -> Module | None:
        """Return a module that is called by this one; `key` is that of one of several, in brackets."""
        if (name, key) not in self._inner:
            self._inner[name, key] = self._called(name, key)
        return self._inner[name, key]

    def _called(self, name: str, key: str) -> Module | None:
        calls = self.config.get("module_calls")
        call = calls.get(name) if isinstance(calls, dict) else None
        if not isinstance(call, dict):
            return None
        address = f"{self.address}.module.{name}{key}" if self.address else f"module.{name}{key}"
        config = call.get("module")
        return Module(config if isinstance(config, dict) else {}, address, self, call, {})

    def at(self, address: str) -> Module | None:
        """Return the module of an address, seen from the root."""
        found: Module | None = self
        for match in CALL.finditer(address):
            found = found.inner(match["call"], match["key"] or "") if found is not None else None
        return found

    def default(self, name: str) -> Any:
        """Return the value that a variable of the module has unless it is called with another."""
        variables = self.config.get("variables")
        variable = variables.get(name) if isinstance(variables, dict) else None
        return variable.get("default") if isinstance(variable, dict) else None


def references(expression: Any) -> list[str]:
    """Return what an expression, or a block of them, refers to; the longest of each."""
    found: list[str] = []
    level = [expression]
    while level:
        value = level.pop()
        if isinstance(value, list):
            level.extend(value)
        elif isinstance(value, dict):
            listed = value.get("references")
            if isinstance(listed, list):
                found.extend(one for one in listed if isinstance(one, str))
            level.extend(inner for name, inner in value.items() if name != "references")
    whole = list(dict.fromkeys(found))
    return [one for one in whole if not any(other != one and other.startswith((one + ".", one + "[")) for other in whole)]


def find(expression: Any, module: Module, each: Any = None, depth: int = 0) -> Found:
    """Return what an expression of a module names; `each` is the expression that the own resource's keys come from."""
    found = Found([], [])
    if depth > DEEPEST:
        found.opaque = True
        return found
    if isinstance(expression, dict) and "constant_value" in expression:
        _constant(expression["constant_value"], found)
        return found
    for reference in references(expression):
        _follow(reference, module, each, depth, found)
    return found


def _constant(value: Any, found: Found) -> None:
    """Take the ids of a constant; whatever else it is may be a condition, or a part of a name."""
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, str) and ID.fullmatch(one):
            found.texts.append(one)
        elif one is not None:
            found.choosing = True


def _follow(reference: str, module: Module, each: Any, depth: int, found: Found) -> None:
    head = reference.split(".")[0].split("[")[0]
    if reference.startswith(KEYS):
        found.by_key = True
        if reference.startswith("each.value") and each is not None:
            _take(find(each, module, None, depth + 1), found, _last(reference))
            # Which of them stands under the own key, the plan does not show.
            found.choosing = True
    elif head == "var":
        _variable(reference, module, depth, found)
    elif head == "module":
        _output(reference, module, depth, found)
    elif head in ("path", "terraform", "self"):
        found.choosing = True
    elif head in ("local", "data", "ephemeral"):
        found.opaque = True
    else:
        named = list(_resource(reference, module))
        found.named.extend(named)
        found.opaque |= not named


def _last(reference: str) -> str:
    return reference.rpartition(".")[2] if reference.count(".") > 1 else ""


def _take(inner: Found, found: Found, attribute: str = "") -> None:
    found.named.extend(msgspec.structs.replace(one, attribute=one.attribute or attribute) for one in inner.named)
    found.texts.extend(inner.texts)
    found.choosing |= inner.choosing
    found.part |= inner.part
    found.opaque |= inner.opaque


def _variable(reference: str, module: Module, depth: int, found: Found) -> None:
    name = re.split(r"[.\[]", reference)[1] if "." in reference else ""
    found.part |= "[" in reference
    if module.caller is None:
        value = module.variables.get(name)
        _constant(value.get("value") if isinstance(value, dict) else module.default(name), found)
        return
    given = module.call.get("expressions")
    expression = given.get(name) if isinstance(given, dict) else None
    if expression is None:
        _constant(module.default(name), found)
        return
    inner = find(expression, module.caller, module.call.get("for_each_expression"), depth + 1)
    # Which of several calls of the module it is, its key does not say for the resources of the caller.
    inner.choosing |= inner.by_key
    _take(inner, found, _last(reference) if reference.count(".") > 1 else "")


def _output(reference: str, module: Module, depth: int, found: Found) -> None:
    match = OUTPUT.fullmatch(reference)
    inner = module.inner(match["call"], match["key"] or "") if match else None
    if inner is None or match is None or match["name"] is None:
        found.opaque = True
        return
    outputs = inner.config.get("outputs")
    output = outputs.get(match["name"]) if isinstance(outputs, dict) else None
    if not isinstance(output, dict) or "expression" not in output:
        found.opaque = True
        return
    _take(find(output["expression"], inner, None, depth + 1), found)
    # One of a list: which, the plan does not show.
    found.part |= "[" in (match["rest"] or "")


def _resource(reference: str, module: Module) -> Iterator[Named]:
    match = HEAD.fullmatch(reference)
    if match is None or match["name"] not in module.resources:
        return
    key = match["key"]
    rest = re.sub(KEY, "", match["rest"] or "")
    yield Named(module.address, match["name"], None if key is None else key_of(key), rest)


def key_of(brackets: str) -> str:
    """Return the key that stands in brackets at the end of an address."""
    try:
        return str(json.loads(brackets[1:-1]))
    except ValueError:
        return brackets[1:-1].strip('"')
