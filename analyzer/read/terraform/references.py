"""What an expression of a configuration names: the resources behind variables, outputs, counts and keys of modules."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

KEYS = ("count.index", "each.key", "each.value")
IDS = re.compile(r"(?:.*_)?(?:id|ids|arn|arns)")
HEAD = re.compile(r"(?P<name>[^.\[]+\.[^.\[]+)(?:\[(?P<key>[^\]]*)\])?(?:\.(?P<rest>.*))?")
DEEPEST = 24


class Named(msgspec.Struct, frozen=True):
    """A resource that an expression names: its type and address, without and with the key of one of several; "" where none is said.

    `attribute` is what is asked of it, "" where the plan does not say.
    """

    type: str
    address: str
    key: str | None
    attribute: str


class Found(msgspec.Struct):
    """What an expression names.

    `by_key` says that the key of the own resource picks one; `choosing` that something else may pick (a variable that is no
    text); `opaque` that something stands in it which plans do not show.
    """

    named: list[Named]
    texts: list[str]
    by_key: bool = False
    choosing: bool = False
    opaque: bool = False


class Module(msgspec.Struct):
    """A module as the configuration writes it, where it is called (None for the root), and under which address."""

    config: dict[str, Any]
    address: str
    caller: Module | None
    call: dict[str, Any]
    variables: dict[str, Any]

    def resources(self) -> dict[str, dict[str, Any]]:
        """Return the resources of the module by type and name."""
        listed = self.config.get("resources")
        found = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
        return {f"{one.get('type')}.{one.get('name')}": one for one in found if one.get("mode", "managed") == "managed"}

    def inner(self, name: str) -> Module | None:
        """Return a module that is called by this one."""
        calls = self.config.get("module_calls")
        call = calls.get(name) if isinstance(calls, dict) else None
        if not isinstance(call, dict):
            return None
        address = f"{self.address}.module.{name}" if self.address else f"module.{name}"
        config = call.get("module")
        return Module(config if isinstance(config, dict) else {}, address, self, call, {})


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
    if isinstance(value, str):
        found.texts.append(value)
    elif isinstance(value, list):
        found.texts.extend(one for one in value if isinstance(one, str))
    elif value is not None:
        found.choosing = True


def _follow(reference: str, module: Module, each: Any, depth: int, found: Found) -> None:
    head = reference.split(".")[0].split("[")[0]
    if reference.startswith(KEYS):
        found.by_key = True
        if reference.startswith("each.value") and each is not None:
            _take(find(each, module, None, depth + 1), found, _last(reference))
    elif head == "var":
        _variable(reference, module, depth, found)
    elif head == "module":
        _output(reference, module, depth, found)
    elif head in ("path", "terraform", "self"):
        found.choosing = True
    elif head in ("local", "data", "ephemeral"):
        found.opaque = True
    else:
        found.named.extend(_resource(reference, module))


def _last(reference: str) -> str:
    return reference.rpartition(".")[2] if reference.count(".") > 1 else ""


def _take(inner: Found, found: Found, attribute: str = "") -> None:
    found.named.extend(msgspec.structs.replace(one, attribute=one.attribute or attribute) for one in inner.named)
    found.texts.extend(inner.texts)
    found.choosing |= inner.choosing
    found.opaque |= inner.opaque


def _variable(reference: str, module: Module, depth: int, found: Found) -> None:
    name = re.split(r"[.\[]", reference)[1] if "." in reference else ""
    if module.caller is None:
        value = module.variables.get(name)
        _constant(value.get("value") if isinstance(value, dict) else None, found)
        return
    given = module.call.get("expressions")
    expression = given.get(name) if isinstance(given, dict) else None
    if expression is None:
        return  # its default, which is a constant
    inner = find(expression, module.caller, module.call.get("for_each_expression"), depth + 1)
    # Which of several calls of the module it is, its key does not say for the resources of the caller.
    inner.choosing |= inner.by_key
    _take(inner, found, _last(reference) if reference.count(".") > 1 else "")


def _output(reference: str, module: Module, depth: int, found: Found) -> None:
    match = re.fullmatch(r"module\.([^.\[]+)(?:\[[^\]]*\])?(?:\.([^.\[]+).*)?", reference)
    inner = module.inner(match[1]) if match else None
    if inner is None or match is None or match[2] is None:
        found.opaque = True
        return
    outputs = inner.config.get("outputs")
    output = outputs.get(match[2]) if isinstance(outputs, dict) else None
    if not isinstance(output, dict) or "expression" not in output:
        found.opaque = True
        return
    _take(find(output["expression"], inner, None, depth + 1), found)


def _resource(reference: str, module: Module) -> Iterator[Named]:
    match = HEAD.fullmatch(reference)
    if match is None or match["name"] not in module.resources():
        return
    type = match["name"].partition(".")[0]
    address = f"{module.address}.{match['name']}" if module.address else match["name"]
    rest = re.sub(r"\[[^\]]*\]", "", match["rest"] or "")
    yield Named(type, address, match["key"], rest)
