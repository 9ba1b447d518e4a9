"""The details of a threat model for a terminal: every factor of a score, each way hop by hop, what it takes, what would close it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..check.words import counted, written
from ..tables import aligned
from ..words import returning, rows
from . import words
from .words import names

if TYPE_CHECKING:
    from ...models.attack import AttackHop, AttackPath, ChokePoint
    from ...models.location import Written
    from ...models.threat import Risk, ThreatModel

PLACES = ("resource", "line", "where")


def details(model: ThreatModel, limit: int) -> Iterator[str]:
    """Yield what stands after the summary; the model is clean already. At most `limit` risks, and as many ways besides."""
    called = names(model)
    paths = {one.id: one for one in model.paths}
    told: set[str] = set()
    shown = words.limited(model, limit)
    for one in shown:
        yield from ("", *_risk(one, model, called))
        if one.path in told:
            yield f"  its way is {one.path}, told above"
        elif one.path in paths:
            yield from _way(paths[one.path], model, called)
            told.add(one.path)
        elif one.path:
            yield f"  its way {one.path} is not among those that are told: `--paths N` tells more"
    others = [one for one in model.paths if one.id not in told]
    for path in others[:limit]:
        yield ""
        yield from _way(path, model, called, indent="")
    if len(others) > limit:
        yield f"and {len(others) - limit:,} more ways: `--limit N` tells more"
    yield from _depths(model, called)
    for number, point in enumerate(model.choke_points, 1):
        yield from ("", *_choke_point(number, point))
    yield from _cuts(model)
    yield from _contracts(model)


# ---------------------------------------------------------------------- risks
def _risk(one: Risk, model: ThreatModel, called: Mapping[str, str]) -> Iterator[str]:
    yield f"{one.id}: {one.severity.value}: {one.title}"
    yield f"  {one.text}"
    yield f"  score {words.score(one)}, likelihood × impact, of 16; {words.rests_on(model.coverage)}"
    yield from aligned([(each.of, f"{each.points:+}", each.text) for each in words.factors(one)], indent="    ")
    yield from (f"  {label}: {text}" for label, text in _about(one, model, called) if text)
    if one.evidence:
        yield "  it rests on"
        yield from aligned(_places(one.evidence), indent="    ")
    if one.remedy:
        yield f"  to set it right: {one.remedy}"
    for number, edits in enumerate(one.remedies, 1):
        yield "    tried on the snapshot, after which it is gone or less:" if number == 1 else "    or:"
        yield from _edits(edits, "      ")


def _about(one: Risk, model: ThreatModel, called: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    yield (
        "assets",
        ", ".join(f"{called[id]}, {id}" if id in called and id not in called[id] else called.get(id, id) for id in one.assets),
    )
    yield "context", one.context
    yield "actor", one.actor
    yield "from", one.source
    yield "STRIDE", words.stride(one.stride)
    yield "ATT&CK", words.techniques(one.techniques, model)
    yield "how sure", one.confidence.value
    if one.accepted is not None:
        until = "acceptance ended" if one.accepted.expired else "accepted until"
        yield until, f"{one.accepted.until} by {one.accepted.owner}: {one.accepted.reason}"


def _places(evidence: Sequence[Written]) -> list[tuple[str, str, str]]:
    return [(one.resource, one.line, one.origin) for one in evidence]


# ---------------------------------------------------------------------- ways
def _way(one: AttackPath, model: ThreatModel, called: Mapping[str, str], indent: str = "  ") -> Iterator[str]:
    yield f"{indent}way {one.id}: {words.way(one, called)}"
    for number, each in enumerate(one.hops, 1):
        yield f"{indent}  {number}. {words.hop(each, called)}"
        yield from (f"{indent}     {text}" for text in words.about_hop(each, model))
        yield from _witness(each, f"{indent}       ")


def _witness(one: AttackHop, indent: str) -> Iterator[str]:
    """Yield the lines that one packet of a hop crosses, what becomes of its reply, and which of the lines people can change."""
    table = [(row.place, row.line, row.rule) for row in rows(one.path, stopped=False)]
    back = returning(one.reply_path)
    table += [(back.place, back.line, back.rule)] if back is not None else []
    yield from aligned(table, indent=indent)
    seen = {(each.resource, each.line) for each in one.path}
    others = [each for each in one.controls if (each.resource, each.line) not in seen]
    if others:
        yield f"{indent}beside these, it is let through by"
        yield from aligned(_places(others), indent=f"{indent}  ")


# ---------------------------------------------------------------------- what it takes, and what would close it
def _depths(model: ThreatModel, called: Mapping[str, str]) -> Iterator[str]:
    if not model.depths:
        return
    yield from ("", "single edits that lie between an actor and an asset, in one hop")
    header = ("actor", "asset", "edits", "layers that block alone")
    table = [(one.actor, called.get(one.asset, one.asset), words.mistakes(one), words.layers(one)) for one in model.depths]
    head, *lines = aligned([header, *table], indent="  ")
    yield head
    for one, line in zip(model.depths, lines, strict=True):
        yield line
        for layer in one.layers:
            yield from (f"      {layer.name}: {each.resource}: {each.line}  ({each.rule})" for each in layer.blockers)
        if one.edits:
            yield "      these edits would open it"
            yield from _edits(one.edits, "        ")


def _choke_point(number: int, one: ChokePoint) -> Iterator[str]:
    yield f"choke point {number}: {'; '.join(map(words.edit, one.edits))}"
    yield f"  it closes {one.removes:,} of {one.of:,} pairs of actor and restricted data, and leaves {one.weakens:,} a longer way"
    yield from _edits(one.edits, "    ")
    yield f"  written at {one.line.resource}: {one.line.line}" + (f"  ({one.line.origin})" if one.line.origin else "")
    yield from (f"  every way crosses it: {text}" for text in one.dominates)
    yield from (f"  it breaks the contract {text}" for text in one.breaks)
    yield from (f"  it also cuts {text}" for text in one.cuts)
    if one.cut_pairs > len(one.cuts):
        yield f"  and {counted(one.cut_pairs - len(one.cuts), 'more pair')} that could talk"


def _cuts(model: ThreatModel) -> Iterator[str]:
    for one in model.cuts:
        yield from ("", words.cutting(one))
        yield from _edits(one.edits, "    ")
        yield from (f"  they break the contract {text}" for text in one.breaks)


def _contracts(model: ThreatModel) -> Iterator[str]:
    if model.contracts:
        yield from ("", f"{counted(len(model.contracts), 'contract')} between contexts")
        yield from aligned([(f"{one.source} -> {one.target}", one.on, one.origin) for one in model.contracts], indent="  ")


def _edits(edits: Sequence[dict[str, Any]], indent: str) -> Iterator[str]:
    """Yield edits as a file of `reach whatif` holds them."""
    yield from (f"{indent}{written(one)}" for one in edits)
