"""Chains of hops as one HTML page that needs nothing else: no script, no font, nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import TYPE_CHECKING

from ..html import page
from ..words import cleaned, end, headline, rows
from .words import HOP_HEADER, by_header, by_rows, cut, hop_rows, listed_header, listed_rows, notes, title

if TYPE_CHECKING:
    from ...models.blast import BlastRadius


def render(radius: BlastRadius, *, colour: bool) -> str:
    """Return the answer as a page; `colour` changes nothing."""
    told = cleaned(radius)
    return "\n".join(page(str(title(told)), body(told))) + "\n"


def body(radius: BlastRadius, heading: str = "h1") -> Iterator[str]:
    """Yield the inside of the page; the answer is clean already."""
    sentence = title(radius)
    yield f"<{heading}>{escape(sentence.before)} <strong>{sentence.verb}</strong> {escape(sentence.after)}</{heading}>"
    yield from _table(HOP_HEADER, hop_rows(radius))
    yield from _table(by_header(radius), by_rows(radius))
    listed = listed_rows(radius)
    yield from _table(listed_header(radius), (cells for _, cells in listed), [one.verdict.value for one, _ in listed])
    if cut(radius):
        yield f"<p>{escape(cut(radius))}</p>"
    for pair in radius.paths:
        yield f"<details>\n<summary>{escape(str(headline(end(pair.source), end(pair.target), pair, None)))}</summary>"
        yield from _table(("place", "line", "rule"), [(one.place, one.line, one.rule) for one in rows(pair.path, stopped=False)])
        yield "</details>"
    yield from _bullets("Note", list(notes(radius)))
    yield from _bullets("Not modelled, and so not in this answer", radius.not_modelled)
    if radius.snapshot.collected_at:
        yield f"<p>Snapshot of {escape(radius.snapshot.collected_at)}</p>"


def _table(header: Sequence[str], cells: Iterable[Sequence[str]], looks: Sequence[str] = ()) -> Iterator[str]:
    """Yield a table; `looks` are the verdicts by which the cells of its column `verdict` are coloured."""
    table = list(cells)
    if not table:
        return
    yield f"<table>\n<tr>{''.join(f'<th>{escape(one)}</th>' for one in header)}</tr>"
    for number, row in enumerate(table):
        look = looks[number] if looks else ""
        yield f"<tr>{''.join(_cell(cell, look if name == 'verdict' else '') for name, cell in zip(header, row, strict=True))}</tr>"
    yield "</table>"


def _cell(text: str, look: str) -> str:
    return f'<td class="{look}">{escape(text)}</td>' if look else f"<td>{escape(text)}</td>"


def _bullets(name: str, sentences: Sequence[str]) -> Iterator[str]:
    if sentences:
        yield f"<p>{escape(name)}:</p>\n<ul>"
        yield from (f"<li>{escape(one)}</li>" for one in sentences)
        yield "</ul>"
