"""The outcome for a terminal: each invariant on a line, below it what violates it and by which lines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..tables import aligned
from ..text import Paint
from ..words import cleaned, example
from .words import MOST_SHOWN, besides, by_invariant, call, edits, lines, outcome, remarks, suggested, summary

if TYPE_CHECKING:
    from ...models.check import Check, Violation

COLOURS = {"holds": "32", "fails": "31", "skipped": "2"}


def render(check: Check, *, colour: bool) -> str:
    """Return the outcome as text."""
    return "".join(f"{line}\n" for line in _lines(cleaned(check), Paint(colour)))


def _lines(check: Check, paint: Paint) -> Iterator[str]:
    violations = by_invariant(check)
    for one in check.invariants:
        word = outcome(one)
        yield f"{paint(f'{word:7}', COLOURS[word])}  {one.name}  ({one.origin})"
        yield from (f"  {text}" for text in remarks(one))
        mine = violations.get(one.name, [])
        for each in mine[:MOST_SHOWN]:
            yield from _violation(each, paint)
        if len(mine) > MOST_SHOWN:
            yield f"  and {len(mine) - MOST_SHOWN:,} more: `--format json` and `csv` list all of them"
    yield summary(check)
    if check.snapshot.collected_at:
        yield f"snapshot of {check.snapshot.collected_at}"


def _violation(one: Violation, paint: Paint) -> Iterator[str]:
    yield f"  {paint(one.text, '1')}"
    packet = example(one)
    if packet:
        yield f"    for example {packet}"
    yield from (f"    it depends on this: {text}" for text in one.conditions)
    table = lines(one)
    if table:
        yield f"    {call(one)}"
        yield from aligned(table, indent="      ")
    opening = edits(one)
    if opening:
        yield "    these edits would open it"
        yield from (f"      {each}" for each in opening)
    closing = suggested(one)
    if closing:
        yield "    to let it through" if one.kind == "allow" else "    to close it"
        yield from (f"      {each}" for each in closing)
        yield from (f"      {each}" for each in besides(one))
