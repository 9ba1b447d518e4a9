"""The answer as one HTML page that needs nothing else: no script, no font, no image, nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import groupby
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
p.way { line-height: 2.2; overflow-wrap: anywhere; } p.way span, p.way b { border: 1px solid; border-radius: .3rem; padding: .15rem .4rem; }
p.way.reachable { color: #116329; } p.way.blocked { color: #a40e26; } p.way.blocked span { border-style: dashed; }
p.way.conditional, p.way.unknown { color: #7a4e00; } p.way.conditional span, p.way.unknown span { border-style: dotted; }
p.way span.stops { border: 2px solid; font-weight: 600; }
@media (prefers-color-scheme: dark) { body { color: #e6edf3; background: #0d1117; } td, th { border-color: #30363d; }
h1.reachable, td.reachable { color: #56d364; } h1.blocked, td.blocked, tr.stops td { color: #ff7b72; }
h1.conditional, h1.unknown, td.conditional, td.unknown { color: #e3b341; } p.way.reachable { color: #56d364; }
p.way.blocked { color: #ff7b72; } p.way.conditional, p.way.unknown { color: #e3b341; } }
"""
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def render(answer: Answer, *, explain: bool, colour: bool) -> str:
    """Return the answer as a page; every pair is in it, and unfolded with `explain`, else only the one that shows best why."""
    told = cleaned(answer)
    return "\n".join(page(str(_headline(told)), body(told, explain))) + "\n"


def page(title: str, inside: Iterable[str], style: str = "") -> Iterator[str]:
    """Yield a page that needs nothing else; `inside` is HTML already, the title is not."""
    yield '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{escape(POLICY)}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{escape(title)}</title>\n<style>{STYLE}{style}</style>\n</head>\n<body>"
    yield from inside
    yield "</body>\n</html>"


def body(answer: Answer, explain: bool, heading: str = "h1") -> Iterator[str]:
    """Yield the answer, whose texts are clean, as the inside of a page."""
    yield f'<{heading} class="{answer.verdict.value}">{_sentence(_headline(answer))}</{heading}>'
    if len(answer.pairs) > 1:
        yield f"<p>{escape(listed(answer))}</p>"
        yield from _pairs(answer.pairs)
    for pair in answer.pairs:
        yield from _section(pair, answer, explain or pair is telling(answer))
    yield from _rest(answer)


def _headline(answer: Answer) -> Headline:
    query = answer.query
    return headline(query.source, query.target, answer, query.on)


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
    yield from _strip(pair)
    yield from _way(pair)
    yield from _changes(pair)
    yield from _bullets(call_to_depend(pair), pair.conditions)
    yield from _bullets("note", pair.notes)
    if not alone:
        yield "</details>"


def _strip(pair: Pair) -> Iterator[str]:
    """Yield the way of the request as a row of what it passes, in the look of its verdict; and of a reply that does not pass."""
    for hops, verdict, ends in (
        (pair.path, pair.forward.value, (pair.source, pair.target)),
        (pair.reply_path if pair.reply != "reachable" else [], pair.reply or "", (pair.target, pair.source)),
    ):
        if not hops:
            continue
        first, last = (f"<b>{escape(one.name or one.id)}</b>" for one in ends)
        *before, final = [resource for resource, _ in groupby(hop.resource or hop.place for hop in hops)]
        if verdict != "blocked":
            before.append(final)
        # The internet and hosts themselves are hops too, and stand at the ends already.
        passed = [f"<span>{escape(one)}</span>" for one in before if one not in (ends[0].id, ends[1].id)]
        passed += [f'<span class="stops">✕ {escape(final)}</span>'] if verdict == "blocked" else []
        arrow = {"reachable": "→", "blocked": "⇢"}.get(verdict, "⇢ ?")
        told = "" if ends[0] is pair.source else "reply: "
        yield f'<p class="way {verdict}">{told}{f" {arrow} ".join([first, *passed, last])}</p>'


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
