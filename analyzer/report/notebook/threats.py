"""A threat model in a notebook: the risks, the coverage behind their scores, and the way of the worst one."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

from ..threats import MOST_RISKS, render
from ..threats.words import RISK_HEADER, coverage, headline, hidden, hop, limited, names, risk_row, way
from ..words import cleaned, rows
from .tables import table

if TYPE_CHECKING:
    from ...models.attack import AttackPath
    from ...models.threat import ThreatModel


def media(value: ThreatModel) -> dict[str, str]:
    """Return what the terminal shows, and the same as HTML."""
    return {"text/plain": render(value, "text"), "text/html": "\n".join(_html(value))}


def _html(value: ThreatModel) -> Iterator[str]:
    model = cleaned(value)
    yield f"<h4>{escape(headline(model))}</h4>"
    yield f"<p>{escape(coverage(model.coverage))}</p>"
    shown = limited(model, MOST_RISKS)
    if shown:
        yield from table(RISK_HEADER, (risk_row(one) for one in shown))
    if hidden(model, MOST_RISKS):
        yield f"<p>{escape(hidden(model, MOST_RISKS))}: <code>.to_frame()</code> has all of them.</p>"
    paths = {one.id: one for one in model.paths}
    first = next((paths[one.path] for one in shown if one.path in paths), None)
    if first is not None:
        yield from _way(first, model)


def _way(one: AttackPath, model: ThreatModel) -> Iterator[str]:
    """Yield a way, its hops line by line."""
    called = names(model)
    yield f"<details open>\n<summary>{escape(f'{one.id}: {way(one, called)}')}</summary>"
    for number, each in enumerate(one.hops, 1):
        yield f"<p>{number}. {escape(hop(each, called))}</p>"
        yield from table(("place", "line", "rule"), ((row.place, row.line, row.rule) for row in rows(each.path, stopped=False)))
    yield "</details>"
