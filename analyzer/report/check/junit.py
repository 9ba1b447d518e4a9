"""The outcome as JUnit XML: an invariant is a test case, so that every CI shows it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from xml.etree import ElementTree as Xml

from ..words import cleaned, example
from .words import MOST_SHOWN, by_invariant, call, counted, lines, outcome, remarks

if TYPE_CHECKING:
    from ...models.check import Check, Violation


def render(check: Check, *, colour: bool) -> str:
    """Return the outcome as JUnit XML; an invariant fails by the violations that its baseline does not hold."""
    told = cleaned(check)
    words = [outcome(one) for one in told.invariants]
    numbers = {"tests": len(words), "failures": words.count("fails"), "errors": 0, "skipped": words.count("skipped")}
    suites = Xml.Element("testsuites", {"name": "reach check"})
    suite = Xml.SubElement(suites, "testsuite", {"name": "reach check", **{key: str(value) for key, value in numbers.items()}})
    violations = by_invariant(told)
    for one, word in zip(told.invariants, words, strict=True):
        case = Xml.SubElement(suite, "testcase", {"name": one.name, "classname": one.origin})
        if word == "skipped":
            Xml.SubElement(case, "skipped", {"message": one.not_applicable})
        elif word == "fails":
            mine = violations.get(one.name, [])
            message = f"{counted(len(mine), 'violation')}: {mine[0].text}" if mine else "it does not hold"
            Xml.SubElement(case, "failure", {"message": message, "type": one.kind}).text = _text(mine)
        if word != "skipped" and remarks(one):
            Xml.SubElement(case, "system-out").text = "\n".join(remarks(one))
    Xml.indent(suites)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{Xml.tostring(suites, encoding="unicode")}\n'


def _text(violations: Sequence[Violation]) -> str:
    told: list[str] = []
    for one in violations[:MOST_SHOWN]:
        packet = example(one)
        told.append(one.text + (f", for example {packet}" if packet else ""))
        told.extend([f"  {call(one)}"] if lines(one) else [])
        told.extend(f"    {place}  {line}  {rule}" for place, line, rule in lines(one))
    more = len(violations) - MOST_SHOWN
    return "\n".join([*told, f"and {more:,} more"] if more > 0 else told)
