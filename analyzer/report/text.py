"""The answer for a terminal: the verdict, one packet, the lines that decided, and what to change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from .tables import aligned
from .words import (
    Headline,
    Row,
    between,
    call_to_change,
    call_to_depend,
    changes,
    cleaned,
    end,
    example,
    headline,
    listed,
    notes,
    reply,
    rows,
    services,
    telling,
)

if TYPE_CHECKING:
    from ..models.answer import Answer, Pair

MOST_PAIRS = 20
MOST_NOT_MODELLED = 5
LONGEST_LINE = 160
COLOURS = {"CAN": "32", "reachable": "32", "CANNOT": "31", "blocked": "31", "MAY": "33", "UNKNOWN": "33"}
STOPS = "  <- stops here"


class Paint:
    """Terminal colours, or none."""

    def __init__(self, colour: bool) -> None:
        self.colour = colour

    def __call__(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour and code else text


def render(answer: Answer, *, explain: bool, colour: bool) -> str:
    """Return the answer as text; with `explain` every pair and its reply is told hop by hop, else the first pair."""
    told = cleaned(answer)
    return "\n".join(_lines(told, explain, Paint(colour))) + "\n"


def _lines(answer: Answer, explain: bool, paint: Paint) -> Iterator[str]:
    query = answer.query
    yield _headline(headline(query.source, query.target, answer, query.on), paint, "1")
    if len(answer.pairs) == 1:
        yield from _detail(answer.pairs[0], answer, explain, paint)
    elif answer.pairs:
        yield f"  {listed(answer)}"
        yield from _table(answer.pairs if explain else answer.pairs[:MOST_PAIRS], paint)
        hidden = len(answer.pairs) - MOST_PAIRS
        if hidden > 0 and not explain:
            yield f"  and {hidden} more: --explain lists and explains all of them"
        for pair in answer.pairs if explain else [telling(answer)]:
            yield ""
            yield _headline(headline(end(pair.source), end(pair.target), pair, query.on), paint, "")
            yield from _detail(pair, answer, explain, paint)
    yield from _rest(answer, explain)


def _headline(sentence: Headline, paint: Paint, weight: str) -> str:
    code = ";".join(filter(None, (weight, COLOURS[sentence.verb])))
    return " ".join(filter(None, (sentence.before, paint(sentence.verb, code), sentence.after)))


def _table(pairs: Iterable[Pair], paint: Paint) -> Iterator[str]:
    cells = [(end(pair.source), end(pair.target), pair.verdict.value, _outcome(pair)) for pair in pairs]
    head, *lines = aligned([("from", "to", "verdict", "on"), *cells], indent="    ")
    yield paint(head, "2")
    for cell, line in zip(cells, lines, strict=True):
        yield line.replace(f"  {cell[2]}", f"  {paint(cell[2], COLOURS.get(cell[2], '33'))}", 1) if paint.colour else line


def _outcome(pair: Pair) -> str:
    """Return what a row of the table says beyond the verdict: services that work, or what stops or decides it."""
    if pair.verdict.value == "reachable":
        return services(pair.services) + (", replies are blocked" if pair.reply == "blocked" else "")
    if pair.verdict.value == "blocked":
        stopped = changes(pair)
        more = f", and {len(stopped) - 1} more" if len(stopped) > 1 else ""
        return f"{stopped[0].title}{more}" if stopped else ""
    return pair.conditions[0] if pair.conditions else ""


# ---------------------------------------------------------------------- one pair
def _detail(pair: Pair, answer: Answer, explain: bool, paint: Paint) -> Iterator[str]:
    packet, who = example(pair), between(pair, answer) if len(answer.pairs) == 1 else ""
    if packet:
        yield f"  for example {packet}" + (f", {who}" if who else "")
    elif who:
        yield f"  {who}"
    yield from _way(pair, explain, paint)
    yield from _changes(pair, explain, paint)
    yield from _bullets(f"{call_to_depend(pair)}:", pair.conditions)
    yield from (f"  note: {note}" for note in pair.notes)


def _way(pair: Pair, explain: bool, paint: Paint) -> Iterator[str]:
    way = rows(pair.path, stopped=pair.forward.value == "blocked")
    back = reply(pair)
    told = explain or (back is not None and pair.reply not in ("reachable", "not_applicable"))
    returning = rows(pair.reply_path, stopped=pair.reply == "blocked") if told and back is not None else []
    table = [*way, *([back] if back else []), *(Row(f"  {row.place}", row.line, row.rule, row.stops) for row in returning)]
    lines = aligned([(row.place, row.line, row.rule) for row in table], indent="  ")
    for row, line in zip(table, lines, strict=True):
        ends = row.stops and row is not back
        yield paint(line + STOPS, "31") if ends else line


def _changes(pair: Pair, explain: bool, paint: Paint) -> Iterator[str]:
    stopped = changes(pair)
    if stopped:
        yield f"  {call_to_change(pair)}:"
    for number, change in enumerate(stopped, 1):
        yield f"    {number}. {paint(change.title, '31')}  ({change.why})"
        if change.more:
            yield f"       {change.more}"
        if change.todo:
            yield f"       do: {change.todo}"
        if explain:
            yield from (f"       in: {origin}" for origin in change.origins)


# ---------------------------------------------------------------------- around it
def _bullets(title: str, sentences: Sequence[str]) -> Iterator[str]:
    if sentences:
        yield f"  {title}"
        yield from (f"    - {sentence}" for sentence in sentences)


def _rest(answer: Answer, explain: bool) -> Iterator[str]:
    """Yield what holds for the whole answer: conditions that no pair told, and what is not modelled."""
    detailed = answer.pairs if explain or not answer.pairs else [telling(answer)]
    told = {condition for pair in detailed for condition in pair.conditions}
    yield from _bullets("it depends on this, too:", [one for one in answer.conditions if one not in told])
    yield from (f"  note: {note}" for note in notes(answer))
    left_out = answer.not_modelled
    if left_out:
        shown = left_out if explain else left_out[:MOST_NOT_MODELLED]
        yield from _bullets(f"not modelled ({len(left_out)}), and so not in this answer:", [_cut(one) for one in shown])
        if len(shown) < len(left_out):
            yield f"    and {len(left_out) - len(shown)} more: --explain lists them"
    if answer.snapshot.collected_at:
        yield f"  snapshot of {answer.snapshot.collected_at}"


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_LINE else text[: LONGEST_LINE - 1] + "…"
