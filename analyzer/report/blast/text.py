"""Chains of hops for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..tables import aligned
from ..text import Paint
from ..words import cleaned, end, headline, reply, rows
from .words import HOP_HEADER, by_header, by_rows, cut, hop_rows, listed_header, listed_rows, notes, title

if TYPE_CHECKING:
    from ...models.answer import Pair
    from ...models.blast import BlastRadius

MOST_NOT_MODELLED = 5


def render(radius: BlastRadius, *, colour: bool) -> str:
    """Return the answer as text."""
    return "".join(f"{line}\n" for line in _lines(cleaned(radius), Paint(colour)))


def _lines(radius: BlastRadius, paint: Paint) -> Iterator[str]:
    sentence = title(radius)
    yield f"{sentence.before} {paint(sentence.verb, '1')} {sentence.after}"
    if radius.hops:
        yield from aligned([HOP_HEADER, *hop_rows(radius)], indent="  ")
    if radius.by:
        yield ""
        yield from aligned([by_header(radius), *by_rows(radius)], indent="  ")
    if radius.reached:
        yield ""
        yield from aligned([listed_header(radius), *(cells for _, cells in listed_rows(radius))], indent="  ")
    if cut(radius):
        yield f"  {cut(radius)}: `--limit N` lists more"
    for one in radius.paths:
        yield from _path(one)
    told = list(notes(radius))
    yield from ["", *(f"note: {one}" for one in told)] if told else []
    left_out = radius.not_modelled
    if left_out:
        yield "not modelled, and so not in this answer:"
        yield from (f"  - {one}" for one in left_out[:MOST_NOT_MODELLED])
    if len(left_out) > MOST_NOT_MODELLED:
        yield f"  - and {len(left_out) - MOST_NOT_MODELLED} more"


def _path(pair: Pair) -> Iterator[str]:
    """Yield one hop line by line, and its reply in one."""
    yield ""
    yield str(headline(end(pair.source), end(pair.target), pair, None))
    back = reply(pair)
    table = rows(pair.path, stopped=False) + ([back] if back else [])
    yield from aligned([(one.place, one.line, one.rule) for one in table], indent="  ")
    yield from (f"  it depends on this: {one}" for one in pair.conditions)
