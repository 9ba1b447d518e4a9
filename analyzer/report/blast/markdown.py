"""Chains of hops as GitHub-flavoured Markdown. No name in it can become markup, a link or a mention."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from ..markdown import code, prose
from ..words import cleaned, end, headline, rows
from .words import HOP_HEADER, by_header, by_rows, cut, hop_rows, listed_header, listed_rows, notes, title

if TYPE_CHECKING:
    from ...models.blast import BlastRadius


def render(radius: BlastRadius, *, colour: bool) -> str:
    """Return the answer as Markdown; `colour` changes nothing."""
    return "".join(f"{line}\n" for line in _lines(cleaned(radius)))


def _lines(radius: BlastRadius) -> Iterator[str]:
    sentence = title(radius)
    yield f"### {prose(sentence.before)} **{sentence.verb}** {prose(sentence.after)}"
    yield from _table(HOP_HEADER, hop_rows(radius))
    yield from _table(by_header(radius), by_rows(radius))
    yield from _table(listed_header(radius), (cells for _, cells in listed_rows(radius)))
    if cut(radius):
        yield from ("", prose(cut(radius)))
    for pair in radius.paths:
        yield from ("", f"#### {prose(str(headline(end(pair.source), end(pair.target), pair, None)))}")
        hops = rows(pair.path, stopped=False)
        yield from _table(("place", "line", "rule"), [(one.place, one.line, one.rule) for one in hops])
    yield from _bullets("Note", list(notes(radius)))
    yield from _bullets("Not modelled, and so not in this answer", radius.not_modelled)


def _table(header: Sequence[str], cells: Iterable[Sequence[str]]) -> Iterator[str]:
    table = list(cells)
    if table:
        yield from ("", f"| {' | '.join(map(prose, header))} |", f"|{' --- |' * len(header)}")
    yield from (f"| {' | '.join(map(code, row))} |" for row in table)


def _bullets(name: str, sentences: Sequence[str]) -> Iterator[str]:
    if sentences:
        yield from ("", f"**{name}:**", "")
        yield from (f"- {prose(one)}" for one in sentences)
