"""The answer as one HTML page that needs nothing else: no script, no font, no image, nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
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

STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 72rem; padding: 0 1rem; color: #1b1f24; background: #fff; }
h1 { font-size: 1.4rem; border-left: .4rem solid; padding-left: .7rem; overflow-wrap: anywhere; }
h1.reachable, td.reachable { color: #116329; } h1.blocked, td.blocked, tr.stops td { color: #a40e26; }
h1.conditional, h1.unknown, td.conditional, td.unknown { color: #7a4e00; }
table { border-collapse: collapse; margin: 1rem 0; } th { text-align: left; }
td, th { padding: .2rem .8rem .2rem 0; vertical-align: top; border-bottom: 1px solid #d8dee4; overflow-wrap: anywhere; }
code, td { font-family: ui-monospace, monospace; font-size: .92em; } summary { cursor: pointer; font-weight: 600; }
tr.stops td { font-weight: 600; }
@media (prefers-color-scheme: dark) { body { color: #e6edf3; background: #0d1117; } td, th { border-color: #30363d; }
h1.reachable, td.reachable { color: #56d364; } h1.blocked, td.blocked, tr.stops td { color: #ff7b72; }
h1.conditional, h1.unknown, td.conditional, td.unknown { color: #e3b341; } }
"""
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def render(answer: Answer, *, explain: bool, colour: bool) -> str:
    """Return the answer as a page; every pair is in it, and unfolded with `explain`, else only the one that shows best why."""
    return "\n".join(_page(cleaned(answer), explain)) + "\n"


def _page(answer: Answer, explain: bool) -> Iterator[str]:
    query = answer.query
    sentence = headline(query.source, query.target, answer, query.on)
    yield '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{escape(POLICY)}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{escape(str(sentence))}</title>\n<style>{STYLE}</style>\n</head>\n<body>"
    yield f'<h1 class="{answer.verdict.value}">{_sentence(sentence)}</h1>'
    if len(answer.pairs) > 1:
        yield f"<p>{escape(listed(answer))}</p>"
        yield from _pairs(answer.pairs)
    for pair in answer.pairs:
        yield from _section(pair, answer, explain or pair is telling(answer))
    yield from _rest(answer)
    yield "</body>\n</html>"


def _sentence(sentence: Headline) -> str:
    return " ".join(filter(None, (escape(sentence.before), f"<strong>{sentence.verb}</strong>", escape(sentence.after))))


def _pairs(pairs: Iterable[Pair]) -> Iterator[str]:
    yield "<table>\n<tr><th>from</th><th>to</th><th>verdict</th><th>on</th></tr>"
    for pair in pairs:
        verdict = f'<td class="{pair.verdict.value}">{pair.verdict.value}</td>'
        yield f"<tr>{_cells(end(pair.source), end(pair.target))}{verdict}{_cells(services(pair.services))}</tr>"
    yield "</table>"


def _cells(*texts: str) -> str:
    return "".join(f"<td>{escape(text)}</td>" for text in texts)


def _section(pair: Pair, answer: Answer, unfolded: bool) -> Iterator[str]:
    sentence = headline(end(pair.source), end(pair.target), pair, answer.query.on)
    alone = len(answer.pairs) == 1
    if not alone:
        yield f"<details{' open' if unfolded else ''}>\n<summary>{_sentence(sentence)}</summary>"
    packet, who = example(pair), between(pair, answer) if alone else ""
    if packet:
        yield f"<p>For example <code>{escape(packet)}</code>{escape(', ' + who if who else '')}</p>"
    yield from _way(pair)
    yield from _changes(pair)
    yield from _bullets(call_to_depend(pair), pair.conditions)
    yield from _bullets("note", pair.notes)
    if not alone:
        yield "</details>"


def _way(pair: Pair) -> Iterator[str]:
    back = reply(pair)
    table = rows(pair.path, stopped=pair.forward.value == "blocked") + ([back] if back else [])
    table += rows(pair.reply_path, stopped=pair.reply == "blocked")
    if not table:
        return
    yield "<table>\n<tr><th>place</th><th>line</th><th>rule</th></tr>"
    for row in table:
        stops = ' class="stops"' if row.stops and row is not back else ""
        yield f"<tr{stops}>{_cells(row.place, row.line, row.rule)}</tr>"
    yield "</table>"


def _changes(pair: Pair) -> Iterator[str]:
    stopped = changes(pair)
    if not stopped:
        return
    yield f"<p>{escape(call_to_change(pair).capitalize())}:</p>\n<ol>"
    for change in stopped:
        parts = [f"<code>{escape(change.title)}</code> ({escape(change.why)})", escape(change.more)]
        parts.append(f"Do: {escape(change.todo)}" if change.todo else "")
        parts.extend(f"In: {escape(origin)}" for origin in change.origins)
        yield f"<li>{'<br>'.join(filter(None, parts))}</li>"
    yield "</ol>"


def _bullets(title: str, sentences: Sequence[str]) -> Iterator[str]:
    if sentences:
        yield f"<p>{escape(title.capitalize())}:</p>\n<ul>"
        yield from (f"<li>{escape(sentence)}</li>" for sentence in sentences)
        yield "</ul>"


def _rest(answer: Answer) -> Iterator[str]:
    yield from _bullets("note", notes(answer))
    yield from _bullets("not modelled, and so not in this answer", answer.not_modelled)
    if answer.snapshot.collected_at:
        yield f"<p>Snapshot of {escape(answer.snapshot.collected_at)}</p>"
