"""The threat model as GitHub-flavoured Markdown for a design review: summary, top risks, a section a context with its ways as pictures.

No name in it can become markup, a link, a mention or a part of a picture.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from ..check.words import counted
from ..markdown import code, prose
from ..words import LONGEST_TEXT, cleaned, returning, rows
from . import words
from .flows import Flows
from .mermaid import flowchart
from .words import names, nested, plain_names, several

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...models.attack import AttackPath
    from ...models.threat import Risk, ThreatModel
    from ...models.trust import Asset
    from .view import View

MOST_WAYS, MOST_ASSETS, MOST_ROWS = 6, 20, 20


class _Page:
    """A model that is clean, with what sections look up."""

    def __init__(self, model: ThreatModel, view: View) -> None:
        self.model, self.view, self.called, self.plain = model, view, names(model), plain_names(model)
        self.flows = Flows(model)
        self.paths = {one.id: one for one in model.paths}
        self.risks = words.limited(model, view.limit)
        self._contexts = {one.name for one in model.contexts}
        self._of_asset = {one.id: one.context for one in model.assets}

    def context(self, one: Risk) -> str:
        """Return the context under which a risk is told; "" for one that no section is for."""
        return one.context if one.context in self._contexts else ""

    def of_asset(self, id: str) -> str:
        """Return the context under which an asset is told, one that is not listed included."""
        found = self._of_asset.get(id, "")
        return found if found in self._contexts else ""


def render(model: ThreatModel, view: View) -> str:
    """Return the model as Markdown; with `explain` each factor and each line of each hop is in it."""
    page = _Page(cleaned(model), view)
    return "\n".join([*_summary(page), *_sections(page), *_rest(page.model)]) + "\n"


# ---------------------------------------------------------------------- the first page
def _summary(page: _Page) -> Iterator[str]:
    model, called = page.model, page.called
    yield from ("# Threat model", "", f"**{prose(words.headline(model).removeprefix('threat model: '))}**", "")
    yield f"- {prose(words.coverage(model.coverage))}"
    if words.contexts(model):
        yield f"- contexts: {prose(words.contexts(model))}"
    if model.snapshot.collected_at:
        yield f"- snapshot of {prose(model.snapshot.collected_at)}"
    yield from ("", "## Risks", "", f"Score = likelihood × impact, of 16; {prose(words.rests_on(model.coverage))}.")
    yield from _table(words.RISK_HEADER, (words.risk_row(one, LONGEST_TEXT) for one in page.risks))
    yield from (("", prose(words.hidden(model, page.view.limit))) if words.hidden(model, page.view.limit) else ())
    if model.choke_points:
        yield from ("", "## Choke points", "", f"{words.CHOKE_POINTS.capitalize()}.")
        points = model.choke_points[:MOST_ROWS]
        yield from _table(words.CHOKE_HEADER, (words.choke(number, one) for number, one in enumerate(points, 1)))
    yield from ("", *(f"- {prose(words.cutting(one))}" for one in model.cuts[:MOST_ROWS])) if model.cuts else ()
    yield from ("", "## Zones and actors")
    shown = nested(model.zones, MOST_ROWS)
    yield from _table(("zone", "within", "assets"), (_zone_row(one, called) for one in shown))
    actors = [(one.id, f"{one.likelihood} of 4", "; ".join(one.assumptions)) for one in model.actors[:MOST_ROWS]]
    yield from _table(("actor", "likelihood", "what is assumed"), actors)
    yield from _table(words.ENTRY_HEADER, (words.entry(one, page.plain) for one in model.entry_points[:MOST_ROWS]))


def _zone_row(one: words.Nested, called: Mapping[str, str]) -> Sequence[str]:
    zone = one.zone
    return (words.zone_name(zone), called.get(zone.within, zone.within), f"{one.assets:,}" if one.assets else "")


# ---------------------------------------------------------------------- a section a context
def _sections(page: _Page) -> Iterator[str]:
    model = page.model
    for one in model.contexts:
        yield from (
            "",
            f"## Context {prose(one.name)}",
            "",
            f"{counted(one.assets, 'asset')}, declared by {prose(one.declared_by)}",
        )
        yield from _contracts(page, one.name)
        yield from _section(page, one.name)
    alone = [page.of_asset(one.id) for one in model.assets] + [page.context(one) for one in page.risks]
    if "" in alone:
        yield from ("", "## In several contexts, or in none" if model.contexts else "## Assets, risks and ways")
        yield from _section(page, "")


def _contracts(page: _Page, context: str) -> Iterator[str]:
    mine = [one for one in page.model.contracts if context in (one.source, one.target)]
    yield from _table(("contract", "on", "declared by"), ((f"{one.source} -> {one.target}", one.on, one.origin) for one in mine))


def _section(page: _Page, context: str) -> Iterator[str]:
    assets = [one for one in page.model.assets if page.of_asset(one.id) == context]
    header = ("asset", "kind", "data", "because", "owner", "zone", "reached from")
    yield from _table(header, (_asset_row(one, page.called) for one in assets[:MOST_ASSETS]))
    if len(assets) > MOST_ASSETS:
        yield from ("", f"and {len(assets) - MOST_ASSETS:,} more assets")
    ways = [one for one in page.model.paths if page.of_asset(one.asset) == context]
    if ways:
        yield from ("", "### Ways", "")
        yield from flowchart(ways[:MOST_WAYS], page.model, page.flows)
        yield from ("", *(f"- {code(one.id)} {prose(words.way(one, page.called))}" for one in ways[:MOST_WAYS]))
        yield from ([f"- and {len(ways) - MOST_WAYS:,} more"] if len(ways) > MOST_WAYS else ())
    yield from _depths(page, context)
    for risk in page.risks:
        if page.context(risk) == context:
            yield from _risk(page, risk)


def _depths(page: _Page, context: str) -> Iterator[str]:
    mine = [one for one in page.model.depths if page.of_asset(one.asset) == context][:MOST_ROWS]
    header = ("actor", "asset", "edits between them", "layers that block alone")
    cells = ((one.actor, page.called.get(one.asset, one.asset), words.mistakes(one), words.layers(one)) for one in mine)
    yield from _table(header, cells)


def _asset_row(one: Asset, called: Mapping[str, str]) -> Sequence[str]:
    cells = (called[one.id], one.kind, one.data_class.value, one.data_class_from, one.owner)
    return (*cells, called.get(one.zone, one.zone), words.exposures(one))


def _risk(page: _Page, one: Risk) -> Iterator[str]:
    yield from ("", f"### {prose(one.text or one.title)}", "")
    yield f"{code(one.id)} **{one.severity.value}**, score {words.score(one)} of 16; {prose(words.rests_on(page.model.coverage))}"
    yield from ("", prose(one.title), "")
    told = {"actor": one.actor, "from": one.source, "assets": several(one.assets, page.called)}
    told |= {"STRIDE": words.stride(one.stride), "ATT&CK": words.techniques(one.techniques, page.model)}
    told |= {"how sure": one.confidence.value, "way": one.path}
    yield from (f"- {label}: {prose(text)}" for label, text in told.items() if text)
    if one.accepted is not None:
        yield f"- {prose(words.state(one))}: {prose(one.accepted.reason)}"
    yield from ([f"- to set it right: {prose(one.remedy)}"] if one.remedy else ())
    if page.view.explain:
        yield from _table(("of", "points", "factor"), ((each.of, f"{each.points:+}", each.text) for each in words.factors(one)))
    yield from _table(("rests on", "line", "where"), ((each.resource, each.line, each.origin) for each in one.evidence))
    if page.view.explain and one.path in page.paths:
        yield from _hops(page, page.paths[one.path])


def _hops(page: _Page, path: AttackPath) -> Iterator[str]:
    for number, each in enumerate(path.hops, 1):
        yield from ("", f"**{number}. {prose(words.hop(each, page.called))}**", "")
        yield from (f"- {prose(text)}" for text in words.about_hop(each, page.model))
        back = returning(each.reply_path)
        table = [*rows(each.path, stopped=False), *([back] if back is not None else [])]
        yield from _table(("place", "line", "rule"), ((one.place, one.line, one.rule) for one in table))


# ---------------------------------------------------------------------- the last page
def _rest(model: ThreatModel) -> Iterator[str]:
    yield from _bullets("Notes", model.notes)
    yield from _bullets("Not modelled, and so in no score", model.coverage.not_modelled)
    yield from _bullets("Known of attacks", [words.data(model)] if model.data else [])


def _bullets(title: str, sentences: Sequence[str]) -> Iterator[str]:
    if sentences:
        yield from ("", f"## {title}", "")
        yield from (f"- {prose(one)}" for one in sentences)


def _table(header: Sequence[str], cells: Iterable[Sequence[str]]) -> Iterator[str]:
    table = list(cells)
    if table:
        yield from ("", f"| {' | '.join(map(prose, header))} |", f"|{' --- |' * len(header)}")
    yield from (f"| {' | '.join(map(_cell, row))} |" for row in table)


def _cell(text: str) -> str:
    """Return words as such, and an id, a number or a service in the typeface of code."""
    return prose(text) if " " in text else code(text)
