"""The rule book: every sentence of AWS behaviour that the code relies on, where it stands and who says so."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import msgspec

_Thing = TypeVar("_Thing")


class Rule(msgspec.Struct, frozen=True, order=True):
    """One sentence of AWS behaviour: its id, the sentence, the AWS page that says it, and the code that implements it."""

    id: str
    says: str
    source: str
    where: str


RULES: dict[str, Rule] = {}


def rule(id: str, *, says: str, source: str) -> Callable[[_Thing], _Thing]:
    """Return a decorator that enters the decorated function or class in the rule book; raises ValueError for an id entered twice."""

    def enter(thing: _Thing) -> _Thing:
        if id in RULES:
            raise ValueError(f"rule {id} is in the book already, at {RULES[id].where}")
        name = getattr(thing, "__qualname__", type(thing).__name__)
        RULES[id] = Rule(id, says, source, f"{getattr(thing, '__module__', '')}.{name}".removeprefix("analyzer."))
        return thing

    return enter
