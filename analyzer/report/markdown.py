"""The answer as GitHub-flavoured Markdown, for pull requests and tickets. No name in it can become markup, a link or a mention."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from .words import (
    Headline,
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

MOST_NOT_MODELLED = 20
# Signs that Markdown reads nothing into inside a line; `:` and `@` are not among them, for links and mentions.
HARMLESS = frozenset(" ,/-.()>='\";+%")
# At the beginning of a line these would open a list, a quotation or a heading.
_OPENING = re.compile(r"(?:\d+(?=[.)](?:\s|$)))?[^0-9A-Za-z]")
# In backticks everything is as it stands, but in tables `|` and `\` count before backticks do.
AS_IT_STANDS = re.compile(r"[^`|\\]+")


def render(answer: Answer, *, explain: bool, colour: bool) -> str:
    """Return the answer as Markdown; with `explain` every pair is told hop by hop, else the one that shows best why."""
    return "\n".join(_lines(cleaned(answer), explain)) + "\n"


def prose(text: str) -> str:
    """Return the text so that Markdown shows it and reads nothing into it, wherever in a line it stands."""
    opening = _OPENING.match(text)
    at = opening.end() if opening else 0
    plain = "".join(
        char if char.isalnum() or (char in HARMLESS and number >= at) else f"&#{ord(char)};" for number, char in enumerate(text)
    )
    return plain.replace("www.", "www&#46;").replace("&#64;", "&#64;&#8203;")


def code(text: str) -> str:
    """Return the text in the typeface of code, fit for tables too; "" for nothing."""
    if not text:
        return ""
    if AS_IT_STANDS.fullmatch(text) and text == text.strip():
        return f"`{text}`"
    return f"<code>{prose(text)}</code>"


def _lines(answer: Answer, explain: bool) -> Iterator[str]:
    query = answer.query
    yield f"### {_sentence(headline(query.source, query.target, answer, query.on))}"
    if len(answer.pairs) > 1:
        yield from ("", prose(listed(answer)), "", "| from | to | verdict | on |", "| --- | --- | --- | --- |")
        for pair in answer.pairs:
            cells = (code(end(pair.source)), code(end(pair.target)), pair.verdict.value, code(services(pair.services)))
            yield f"| {' | '.join(cells)} |"
    for pair in answer.pairs if explain or not answer.pairs else [telling(answer)]:
        if len(answer.pairs) > 1:
            yield from ("", f"#### {_sentence(headline(end(pair.source), end(pair.target), pair, query.on))}")
        yield from _detail(pair, answer, explain)
    yield from _rest(answer)


def _sentence(sentence: Headline) -> str:
    return " ".join(filter(None, (prose(sentence.before), f"**{sentence.verb}**", prose(sentence.after))))


def _detail(pair: Pair, answer: Answer, explain: bool) -> Iterator[str]:
    packet, who = example(pair), between(pair, answer) if len(answer.pairs) == 1 else ""
    if packet:
        yield from ("", f"For example {code(packet)}" + (f", {prose(who)}" if who else ""))
    yield from _way(pair, explain)
    stopped = changes(pair)
    if stopped:
        yield from ("", f"**{call_to_change(pair).capitalize()}:**", "")
    for number, change in enumerate(stopped, 1):
        yield f"{number}. {code(change.title)} ({prose(change.why)})"
        yield from (f"   - {word}{prose(text)}" for word, text in (("", change.more), ("do: ", change.todo)) if text)
    yield from _bullets(call_to_depend(pair), pair.conditions)
    yield from _bullets("note", pair.notes)


def _way(pair: Pair, explain: bool) -> Iterator[str]:
    back = reply(pair)
    told = explain or pair.reply not in (None, "reachable", "not_applicable")
    table = rows(pair.path, stopped=pair.forward.value == "blocked") + ([back] if back else [])
    table += rows(pair.reply_path, stopped=pair.reply == "blocked") if told else []
    if table:
        yield from ("", "| place | line | rule |", "| --- | --- | --- |")
    for row in table:
        ends = " **stops here**" if row.stops and row is not back else ""
        yield f"| {code(row.place)} | {code(row.line)}{ends} | {code(row.rule)} |"


def _bullets(title: str, sentences: Sequence[str]) -> Iterator[str]:
    if sentences:
        yield from ("", f"**{title.capitalize()}:**", "")
        yield from (f"- {prose(sentence)}" for sentence in sentences)


def _rest(answer: Answer) -> Iterator[str]:
    yield from _bullets("note", notes(answer))
    left_out = answer.not_modelled
    more = [f"and {len(left_out) - MOST_NOT_MODELLED} more"] if len(left_out) > MOST_NOT_MODELLED else []
    yield from _bullets("not modelled, and so not in this answer", [*left_out[:MOST_NOT_MODELLED], *more])
    if answer.snapshot.collected_at:
        yield from ("", prose(f"Snapshot of {answer.snapshot.collected_at}"))
