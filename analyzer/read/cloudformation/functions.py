"""The functions of templates. What cannot be known gives `Later`, which says why; a condition is true, false, or undecided (None)."""

from __future__ import annotations

import ipaddress
import itertools
import re
from collections.abc import Callable
from typing import Any, Protocol

from ..declared.resource import Later
from .values import LONGEST, NOTHING, Id, Vague, is_plain, joined, later, text_of, vague

DEEPEST = 90
# More blocks than AWS gives at once.
MOST_BLOCKS = 256
VARIABLE = re.compile(r"\$\{(!?)([^{}]*)\}")
DYNAMIC = "{{resolve:"


class Names(Protocol):
    """What the names in expressions mean."""

    def ref(self, name: str) -> Any:
        """Return what `Ref` gives: a parameter's value, a resource's id."""

    def attribute(self, name: str, attribute: str) -> Any:
        """Return what `Fn::GetAtt` gives."""

    def imported(self, name: str) -> Any:
        """Return what another stack exports under a name."""

    def mapping(self, name: str) -> Any:
        """Return a mapping; None where there is none."""

    def condition(self, name: str) -> bool | None:
        """Return whether a condition holds; None where nobody can tell."""

    def undecided(self, name: str) -> str:
        """Return why nobody can tell whether a condition holds, in words."""

    def zones(self, region: Any) -> list[Any]:
        """Return the zones of a Region."""


class Evaluator:
    """Gives what expressions mean, as far as it can be known before the stack is there."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._depth = 0
        self._functions: dict[str, Callable[[Any], Any]] = {
            "Ref": lambda inner: names.ref(inner) if isinstance(inner, str) else self._strange("Ref"),
            "Fn::GetAtt": self._attribute,
            "Fn::Sub": self._sub,
            "Fn::Join": self._join,
            "Fn::Select": self._select,
            "Fn::Split": self._split,
            "Fn::If": self._if,
            "Fn::FindInMap": self._find,
            "Fn::ImportValue": self._import,
            "Fn::Cidr": self._cidr,
            "Fn::GetAZs": lambda inner: names.zones(self.value(inner)),
            "Fn::Length": self._length,
        }
        self._tests: dict[str, Callable[[Any], bool | None]] = {
            "Fn::Equals": self._equals,
            "Fn::And": lambda inner: self._every(inner, False),
            "Fn::Or": lambda inner: self._every(inner, True),
            "Fn::Not": self._not,
            "Condition": lambda inner: names.condition(inner) if isinstance(inner, str) else None,
        }

    def value(self, expression: Any) -> Any:
        """Return what an expression gives."""
        if self._depth > DEEPEST:
            return later("its expressions nest too deep")
        self._depth += 1
        try:
            if isinstance(expression, dict):
                return self._object(expression)
            if isinstance(expression, list):
                return [found for one in expression if (found := self.value(one)) is not NOTHING]
            return later("it is looked up when the stack is made") if _is_dynamic(expression) else expression
        finally:
            self._depth -= 1

    def _object(self, expression: dict[str, Any]) -> Any:
        if len(expression) == 1:
            name, inner = next(iter(expression.items()))
            if name in self._functions:
                return self._functions[name](inner)
            if name.startswith("Fn::"):
                return self._strange(name)
        elif "Fn::Transform" in expression:
            return later("a macro makes it")
        return {name: found for name, one in expression.items() if (found := self.value(one)) is not NOTHING}

    def _strange(self, name: str) -> Any:
        return later(f"`{name[:40]}` cannot be told before the stack is made")

    def test(self, expression: Any) -> bool | None:
        """Return whether a condition holds; None where nobody can tell."""
        if self._depth > DEEPEST or not isinstance(expression, dict) or len(expression) != 1:
            return None
        name, inner = next(iter(expression.items()))
        self._depth += 1
        try:
            test: Callable[[Any], bool | None] | None = self._tests.get(name)
            return test(inner) if test is not None else None
        finally:
            self._depth -= 1

    # ------------------------------------------------------------------ conditions
    def _equals(self, inner: Any) -> bool | None:
        if not isinstance(inner, list) or len(inner) != 2:
            return None
        one, other = (self.value(each) for each in inner)
        if not (_is_known(one) and _is_known(other)):
            return None
        return bool(_as_texts(one) == _as_texts(other))

    def _every(self, inner: Any, deciding: bool) -> bool | None:
        """Return `deciding` where one of the conditions is that, the other where none is, None where it is not known of one."""
        found = [self.test(one) for one in inner] if isinstance(inner, list) and inner else [None]
        if deciding in found:
            return deciding
        return None if None in found else not deciding

    def _not(self, inner: Any) -> bool | None:
        found = self.test(inner[0] if isinstance(inner, list) and len(inner) == 1 else inner)
        return None if found is None else not found

    def _if(self, inner: Any) -> Any:
        if not isinstance(inner, list) or len(inner) != 3 or not isinstance(inner[0], str):
            return self._strange("Fn::If")
        holds = self._names.condition(inner[0])
        if holds is not None:
            return self.value(inner[1 if holds else 2])
        one, other = self.value(inner[1]), self.value(inner[2])
        if type(one) is type(other) and one == other:
            return one
        return later(self._names.undecided(inner[0]))

    # ------------------------------------------------------------------ names
    def _attribute(self, inner: Any) -> Any:
        parts = inner.split(".", 1) if isinstance(inner, str) else inner
        if not isinstance(parts, list) or len(parts) < 2 or not isinstance(parts[0], str):
            return self._strange("Fn::GetAtt")
        rest = joined([self.value(one) for one in parts[1:]], ".")
        return self._names.attribute(parts[0], str(rest)) if is_plain(rest) else self._strange("Fn::GetAtt")

    def _import(self, inner: Any) -> Any:
        name = self.value(inner)
        if isinstance(name, Later):
            return name
        return self._names.imported(str(name)) if isinstance(name, str) else self._strange("Fn::ImportValue")

    def _find(self, inner: Any) -> Any:
        if not isinstance(inner, list) or len(inner) < 3:
            return self._strange("Fn::FindInMap")
        name, *keys = (self.value(one) for one in inner[:3])
        default = inner[3].get("DefaultValue", NOTHING) if len(inner) > 3 and isinstance(inner[3], dict) else NOTHING
        level = [self._names.mapping(str(name))] if is_plain(name) else []
        for key in keys:
            held = [one for one in level if isinstance(one, dict)]
            wanted = [text_of(key)] if is_plain(key) else sorted({each for one in held for each in one})
            if default is not NOTHING and (not is_plain(key) or not any(wanted[0] in one for one in held)):
                return self.value(default) if is_plain(key) else self._strange("Fn::FindInMap")
            level = [one[each] for one in held for each in wanted if each in one]
        # Where a key is not known, but the answer is the same for every one.
        alike = bool(level) and all(type(one) is type(level[0]) and one == level[0] for one in level)
        return level[0] if alike else later(f"`{text_of(name)[:80]}` does not say it")

    # ------------------------------------------------------------------ texts and lists
    def _sub(self, inner: Any) -> Any:
        text, own = (inner[0], inner[1]) if isinstance(inner, list) and len(inner) == 2 else (inner, {})
        if not isinstance(text, str) or not isinstance(own, dict) or len(text) > LONGEST:
            return self._strange("Fn::Sub")
        pieces: list[Any] = []
        at = 0
        for match in VARIABLE.finditer(text):
            pieces += [text[at : match.start()]] if match.start() > at else []
            pieces.append(f"${{{match[2]}}}" if match[1] else self._variable(match[2].strip(), own))
            at = match.end()
        pieces += [text[at:]] if at < len(text) or not pieces else []
        made = joined(pieces)
        return later("it is looked up when the stack is made") if _is_dynamic(made) else made

    def _variable(self, name: str, own: dict[str, Any]) -> Any:
        if name in own:
            return self.value(own[name])
        stem, dot, attribute = name.partition(".")
        return self._names.attribute(stem, attribute) if dot else self._names.ref(name)

    def _join(self, inner: Any) -> Any:
        if not isinstance(inner, list) or len(inner) != 2 or not isinstance(inner[0], str):
            return self._strange("Fn::Join")
        listed = self.value(inner[1])
        if not isinstance(listed, list):
            return listed if isinstance(listed, Later) else self._strange("Fn::Join")
        return joined(listed, inner[0]) if listed else ""

    def _select(self, inner: Any) -> Any:
        if not isinstance(inner, list) or len(inner) != 2:
            return self._strange("Fn::Select")
        number, listed = (self.value(one) for one in inner)
        if not isinstance(listed, list):
            return listed if isinstance(listed, Later) else self._strange("Fn::Select")
        if not is_plain(number) or not text_of(number).isdecimal() or len(text_of(number)) > 6:
            return number if isinstance(number, Later) else self._strange("Fn::Select")
        return listed[int(number)] if int(number) < len(listed) else later("it selects beyond the end of a list")

    def _split(self, inner: Any) -> Any:
        if not isinstance(inner, list) or len(inner) != 2 or not isinstance(inner[0], str) or not inner[0]:
            return self._strange("Fn::Split")
        text = self.value(inner[1])
        if not isinstance(text, str):
            return text if isinstance(text, Later) else self._strange("Fn::Split")
        parts = str.split(text, inner[0])
        if isinstance(text, Id):
            return [Id(one) for one in parts]
        return [vague(one, text.why) for one in parts] if isinstance(text, Vague) else parts

    def _cidr(self, inner: Any) -> Any:
        found: list[Any] = [self.value(one) for one in inner] if isinstance(inner, list) and 2 <= len(inner) <= 3 else [None]
        doubt = next((one for one in found if isinstance(one, Later)), None)
        if doubt is not None or not all(map(is_plain, found)):
            return doubt or self._strange("Fn::Cidr")
        try:
            block = ipaddress.ip_network(str(found[0]))
            count, bits = int(found[1]), int(found[2] if len(found) == 3 else 64 if block.version == 6 else 8)
            if not 0 < count <= MOST_BLOCKS:
                return self._strange("Fn::Cidr")
            blocks = block.subnets(new_prefix=block.max_prefixlen - bits)
            return [str(one) for one in itertools.islice(blocks, count)]
        except (ValueError, TypeError, OverflowError):
            return self._strange("Fn::Cidr")

    def _length(self, inner: Any) -> Any:
        found = self.value(inner)
        return len(found) if isinstance(found, list) else self._strange("Fn::Length")


def _is_dynamic(value: Any) -> bool:
    return isinstance(value, str) and DYNAMIC in value


def _is_known(value: Any) -> bool:
    return all(map(is_plain, value)) if isinstance(value, list) else is_plain(value)


def _as_texts(value: Any) -> Any:
    return [text_of(one) for one in value] if isinstance(value, list) else text_of(value)
