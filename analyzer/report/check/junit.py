"""The outcome as JUnit XML: an invariant is a test case, so that every CI shows it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..junit import Case, document
from ..words import cleaned, example
from .words import MOST_SHOWN, by_invariant, call, counted, lines, outcome, remarks

if TYPE_CHECKING:
    from ...models.check import Check, Checked, Violation


def render(check: Check, *, colour: bool) -> str:
    """Return the outcome as JUnit XML; an invariant fails by the violations that its baseline does not hold."""
    told = cleaned(check)
    violations = by_invariant(told)
    return document("reach check", [_case(one, violations.get(one.name, [])) for one in told.invariants])


def _case(one: Checked, violations: Sequence[Violation]) -> Case:
    word = outcome(one)
    if word == "skipped":
        return Case(name=one.name, group=one.origin, skipped=one.not_applicable)
    told = "\n".join(remarks(one))
    if word != "fails":
        return Case(name=one.name, group=one.origin, told=told)
    message = f"{counted(len(violations), 'violation')}: {violations[0].text}" if violations else "it does not hold"
    return Case(name=one.name, group=one.origin, message=message, kind=one.kind, details=_text(violations), told=told)


def _text(violations: Sequence[Violation]) -> str:
    told: list[str] = []
    for one in violations[:MOST_SHOWN]:
        packet = example(one)
        told.append(one.text + (f", for example {packet}" if packet else ""))
        told.extend([f"  {call(one)}"] if lines(one) else [])
        told.extend(f"    {place}  {line}  {rule}" for place, line, rule in lines(one))
    more = len(violations) - MOST_SHOWN
    return "\n".join([*told, f"and {more:,} more"] if more > 0 else told)
