"""The outcome of a check in a notebook: the invariants, and under those that fail what violates them and by which lines."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

from ..check import render
from ..check.words import MOST_SHOWN, by_invariant, call, lines, outcome, remarks, summary
from ..words import cleaned, example
from .tables import table

if TYPE_CHECKING:
    from ...models.check import Check, Checked, Violation

WORDS = {"holds": "good", "fails": "bad", "skipped": "dim"}


def media(value: Check) -> dict[str, str]:
    """Return what the terminal shows, and the same as HTML."""
    return {"text/plain": render(value, "text"), "text/html": "\n".join(_html(value))}


def _html(value: Check) -> Iterator[str]:
    """Yield each invariant, with its violations."""
    check = cleaned(value)
    violations = by_invariant(check)
    yield f"<h4>{escape(summary(check))}</h4>"
    for one in check.invariants:
        yield from _invariant(one, violations.get(one.name, []))


def _invariant(one: Checked, violations: list[Violation]) -> Iterator[str]:
    word = outcome(one)
    yield f'<p><em class="word {WORDS[word]}">{word}</em> {escape(one.name)} <small>{escape(one.origin)}</small>'
    yield from (f"<br>{escape(remark)}" for remark in remarks(one))
    yield "</p>"
    for number, each in enumerate(violations[:MOST_SHOWN]):
        yield f"<details{' open' if number == 0 else ''}>\n<summary>{escape(each.text)}</summary>"
        packet = example(each)
        yield (
            f"<p>For example <code>{escape(packet)}</code>, {call(each)}:</p>" if packet else f"<p>{call(each).capitalize()}:</p>"
        )
        yield from table(("place", "line", "rule"), lines(each))
        yield from (f"<p>It depends on this: {escape(condition)}</p>" for condition in each.conditions)
        yield "</details>"
    if len(violations) > MOST_SHOWN:
        yield f"<p>And {len(violations) - MOST_SHOWN:,} more: <code>.to_frame()</code> has all of them.</p>"
