"""The threat model for a terminal: what fits on two screens first, with `--explain` every factor, way and line after it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ..check.words import counted
from ..tables import aligned
from ..text import Paint
from ..words import cleaned
from . import words
from .details import details
from .words import nested, plain_names, short

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...models.attack import Actor
    from ...models.threat import ThreatModel
    from .view import View

MOST_ZONES, MOST_ACTORS, MOST_ENTRIES, MOST_CHOKES, MOST_CUTS, MOST_TOLD = 20, 6, 8, 5, 4, 3
COLOURS = {"critical": "1;31", "high": "31", "elevated": "33", "medium": "33", "low": "2"}


def render(model: ThreatModel, view: View) -> str:
    """Return the model as text."""
    told, paint = cleaned(model), Paint(view.colour)
    lines = [*_summary(told, view, paint), *(details(told, view.limit) if view.explain else ())]
    return "".join(f"{line}\n" for line in lines)


def _summary(model: ThreatModel, view: View, paint: Paint) -> Iterator[str]:
    called = plain_names(model)
    yield paint(words.headline(model), "1")
    yield f"  {words.coverage(model.coverage)}"
    yield from _zones(model)
    yield from _actors(model)
    yield from _entries(model, called)
    yield from _risks(model, view, paint)
    yield from _choke_points(model)
    yield from _rest(model, view)


def _zones(model: ThreatModel) -> Iterator[str]:
    if model.zones:
        yield from ("", "zones")
    shown = nested(model.zones, MOST_ZONES)
    rows = [("  " * one.depth + words.zone_name(one.zone), counted(one.assets, "asset") if one.assets else "") for one in shown]
    yield from aligned(rows, indent="  ")
    if len(shown) < len(model.zones):
        yield f"  and {len(model.zones) - len(shown):,} more within these or like them: `--format json` has all"
    if words.contexts(model):
        yield f"contexts: {words.contexts(model)}"


def _actors(model: ThreatModel) -> Iterator[str]:
    if model.actors:
        yield from ("", "actors, and how likely each is met")
    yield from aligned([_actor(one) for one in model.actors[:MOST_ACTORS]], indent="  ")
    yield from _more(model.actors, MOST_ACTORS)


def _actor(one: Actor) -> Sequence[str]:
    return (short(one.id), f"{one.likelihood} of 4", short("; ".join(one.assumptions), 64))


def _entries(model: ThreatModel, called: Mapping[str, str]) -> Iterator[str]:
    if model.entry_points:
        yield from ("", "ways in")
        shown = [words.entry(one, called) for one in model.entry_points[:MOST_ENTRIES]]
        yield from aligned([words.ENTRY_HEADER, *shown], indent="  ")
    yield from _more(model.entry_points, MOST_ENTRIES)


def _risks(model: ThreatModel, view: View, paint: Paint) -> Iterator[str]:
    yield ""
    if not model.risks:
        yield f"no risk was found; {words.rests_on(model.coverage)}"
        return
    yield f"risks, accepted ones last; score = likelihood × impact, of 16; {words.rests_on(model.coverage)}"
    shown = words.limited(model, view.limit)
    head, *lines = aligned([words.RISK_HEADER, *(words.risk_row(one) for one in shown)], indent="  ")
    yield paint(head, "2")
    for one, line in zip(shown, lines, strict=True):
        severity = one.severity.value
        yield line.replace(severity, paint(severity, COLOURS[severity]), 1)
    if words.hidden(model, view.limit):
        yield f"  {words.hidden(model, view.limit)}: `--limit N` tells more"


def _choke_points(model: ThreatModel) -> Iterator[str]:
    if model.choke_points:
        yield from ("", f"choke points: {words.CHOKE_POINTS}")
        shown = [words.choke(number, one) for number, one in enumerate(model.choke_points[:MOST_CHOKES], 1)]
        yield from aligned([words.CHOKE_HEADER, *shown], indent="  ")
    yield from _more(model.choke_points, MOST_CHOKES)
    yield from (f"  {words.cutting(one)}" for one in model.cuts[:MOST_CUTS])
    yield from _more(model.cuts, MOST_CUTS)


def _rest(model: ThreatModel, view: View) -> Iterator[str]:
    told = [*_told(model, view)]
    told += [] if view.explain else ["`--explain` tells every factor, way and line; `-o markdown=FILE` is for a design review"]
    yield from ["", *told] if told else []


def _told(model: ThreatModel, view: View) -> Iterator[str]:
    yield from (f"note: {one}" for one in model.notes[:MOST_TOLD])
    yield from _more(model.notes, MOST_TOLD, "")
    left_out = model.coverage.not_modelled
    shown = left_out if view.explain else left_out[:MOST_TOLD]
    if left_out:
        yield "not modelled, and so in no score:"
        yield from (f"  - {one if view.explain else short(one, 92)}" for one in shown)
        yield from _more(left_out, len(shown))
    if model.data:
        yield f"known of attacks: {words.data(model)}"
    if model.snapshot.collected_at:
        yield f"snapshot of {model.snapshot.collected_at}"


def _more(every: Sequence[object], most: int, indent: str = "  ") -> Iterator[str]:
    if len(every) > most:
        yield f"{indent}and {len(every) - most:,} more: `--format json` has all"
