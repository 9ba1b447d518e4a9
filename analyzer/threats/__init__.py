"""`reach threats`: the threat model that a snapshot implies. Every statement has a witness, every score its factors."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date

import msgspec

from ..engine.factored import Factored
from ..engine.relation import relation
from ..models.answer import SnapshotFacts
from ..models.errors import near, quoted
from ..models.snapshot import Snapshot
from ..models.threat import Risk, ThreatModel
from ..models.trust import Zone, ZoneKind
from ..read.words import shown
from .chokes import MOST_INTERFACES, Chokes
from .coverage import coverage
from .declared import ZONES, declared
from .derive import Asked, Derived
from .ground import counted
from .knowledge import knowledge
from .signs import kinds_file
from .witnesses import witnessed

__all__ = ["threats"]

MOST_ASSETS = 1_000
MOST_STARTS = 20
NOT_TRIED = f"of more than {MOST_INTERFACES:,} interfaces no choke points, cuts and remedies are told: trying each takes too long"


def threats(
    world: Snapshot, kept: Callable[[], Factored], files: Sequence[str], actors: Sequence[str], paths: int, today: date
) -> ThreatModel:
    """Return the threat model of a snapshot.

    `kept` gives the relation of the snapshot as it is kept; it is asked after the files were read. `files` hold declarations,
    `actors` are those that are wanted (none: all that are known), `paths` is the most ways that are told of each actor and asset.
    Raises InputError for a file that cannot be read, QuestionError for an actor or a selector that there is not.
    """
    known = knowledge()
    asked = Asked(declared(files, known), known, tuple(actors), today)
    found = Derived(world, kept(), asked)
    risks = found.risks()
    chokes = Chokes(found, risks, lambda twin: Factored(relation(twin)))
    tried = chokes.possible
    risks = [chokes.remedied(one) for one in risks] if tried else risks
    risks, told = witnessed(found, risks, found.paths(paths))
    shown, more = counted(list(found.told_assets.values()), MOST_ASSETS)
    starts = found.attacks.starts
    shown_by = {each for one in told for hop in one.hops for each in hop.techniques}
    shown_by |= {each for one in risks for each in one.techniques}
    return ThreatModel(
        zones=[*_outside(found), *found.ground.zones()],
        contexts=found.ground.contexts,
        contracts=[one.contract for one in asked.declared.agreed],
        unassigned=found.ground.unassigned,
        assets=shown,
        entry_points=found.entry_points,
        actors=[msgspec.structs.replace(one.actor, starts=starts[one.actor.id][:MOST_STARTS]) for one in found.attackers],
        techniques=known.technique(shown_by),
        paths=told,
        depths=found.depths,
        choke_points=chokes.points() if tried else [],
        cuts=chokes.cuts() if tried else [],
        risks=risks,
        coverage=coverage(world, kinds_file().not_modelled),
        data=known.files(),
        notes=[*found.notes, *found.untold(), *_contexts(found), *_notes(found, risks, more), *([] if tried else [NOT_TRIED])],
        snapshot=SnapshotFacts(collected_at=world.collected_at, accounts=world.accounts),
    )


def _notes(found: Derived, risks: Sequence[Risk], more: int) -> Iterator[str]:
    """Yield what is not listed, and each acceptance that is of no risk: it is settled, or its id is misspelt."""
    without = sum(1 for one in risks if one.id in found.steps and not one.path)
    if without:
        yield f"of {without:,} risks, those of the lowest scores, no packet is listed: `reach from` shows one"
    if more:
        yield f"{more:,} more assets are not listed, those of the least harm"
    known = {one.id for one in risks}
    yield from (
        f"`{one.risk}` is accepted, and no risk has this id" for one in found.asked.declared.accepted if one.risk not in known
    )


def _contexts(found: Derived) -> Iterator[str]:
    """Yield tags that name a zone outside, names in contracts that are no context's, and contracts that no trial of an edit looks at."""
    for name, assets in sorted(found.ground.misnamed.items()):
        many = f"{assets:,} asset{'s' if assets > 1 else ''}"
        yield f"`{name}` is the name of a zone outside: tags that make it a context are not counted, on {many}"
    known = {*ZONES, *(one.name for one in found.ground.contexts if one.assets)}
    begun = {ZoneKind.INTERNET.value, *(one.actor.zone.value for one in found.entries.outer)}
    for one in (each.contract for each in found.asked.declared.agreed):
        if one.source in set(ZONES) - begun:
            where = f"begins at `{one.source}`, where no actor that is asked about does"
            yield f"the contract at {one.origin} {where}: no edit is told to break it"
        for name in (name for name in (one.source, one.target) if name not in known):
            close = near(name, sorted(known))
            meant = f"; is it {quoted(close)}?" if close else ""
            yield f"the contract at {one.origin} names `{shown(name, 60)}`, a context that no asset is of{meant}"


def _outside(found: Derived) -> list[Zone]:
    present = {one.actor.zone for one in found.entries.outer}
    kinds = [
        kind for kind in (ZoneKind.INTERNET, ZoneKind.PARTNER, ZoneKind.ON_PREM) if kind in present or kind is ZoneKind.INTERNET
    ]
    return [Zone(id=kind.value, kind=kind, name=kind.value) for kind in kinds]
