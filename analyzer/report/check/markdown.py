"""The outcome as GitHub-flavoured Markdown, for a comment at a pull request. No name in it can become markup or a mention."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..markdown import code, prose
from ..words import cleaned, example
from .words import MOST_SHOWN, besides, by_invariant, call, counted, edits, lines, outcome, remarks, suggested, summary

if TYPE_CHECKING:
    from ...models.check import Check, Violation


def render(check: Check, *, colour: bool) -> str:
    """Return the outcome as Markdown."""
    return "\n".join(_lines(cleaned(check))) + "\n"


def _lines(check: Check) -> Iterator[str]:
    yield f"### reach check: {prose(summary(check))}"
    yield from ("", "| | invariant | violations | |", "| --- | --- | --- | --- |")
    for one in check.invariants:
        word = outcome(one)
        shown = f"**{word}**" if word == "fails" else word
        yield f"| {shown} | {prose(one.name)} | {one.new or ''} | {prose('; '.join(remarks(one)))} |"
    for name, violations in by_invariant(check).items():
        yield from ("", f"#### {prose(name)}: {counted(len(violations), 'violation')}")
        for each in violations[:MOST_SHOWN]:
            yield from _violation(each)
        if len(violations) > MOST_SHOWN:
            yield from ("", f"and {len(violations) - MOST_SHOWN:,} more")


def _violation(one: Violation) -> Iterator[str]:
    packet = example(one)
    yield from ("", f"**{prose(one.text)}**" + (f", for example {code(packet)}" if packet else ""))
    yield from (f"- it depends on this: {prose(text)}" for text in one.conditions)
    table = lines(one)
    if table:
        yield from ("", f"| {call(one)} | line | rule |", "| --- | --- | --- |")
        yield from (f"| {code(place)} | {code(line)} | {code(rule)} |" for place, line, rule in table)
    if edits(one):
        yield from ("", "these edits would open it:", *(f"- {code(each[2:])}" for each in edits(one)))
    if suggested(one):
        head = "to let it through:" if one.kind == "allow" else "to close it:"
        yield from ("", head, *(f"- {code(each[2:])}" for each in suggested(one)), "", prose("; ".join(besides(one))))
