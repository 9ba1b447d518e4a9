"""Invariants about what must not pass: `deny`, `allow_only`, `isolate` and `through`. What is not surely blocked counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import permutations

import msgspec

from ..ask import couples
from ..engine.units import numbers_in
from ..models.endpoint import Endpoint
from ..models.packet import EVERY_SERVICE, NOTHING, IntervalSet, union
from ..models.snapshot import Snapshot
from ..models.verdict import Verdict
from ..reach import Flows, Found, Judgement
from .model import Ends, Invariant, Through
from .parts import Exemption, everybody, left, selected, services, side
from .relations import Related
from .via import places

# From so many pairs on, the relation of the whole snapshot says which of them are worth a closer look.
MANY = 4_000


class Ban(msgspec.Struct, frozen=True):
    """What must not pass, apart from exemptions; packets that pass a `closed` resource are as they should be."""

    sources: Sequence[Endpoint]
    targets: Sequence[Endpoint]
    services: IntervalSet
    exempt: tuple[Exemption, ...] = ()
    closed: frozenset[str] = frozenset()


class Broken(msgspec.Struct, frozen=True):
    """A pair of which something passes: what passes surely, what perhaps, and the flows to find a witness in."""

    flows: Flows
    source: Endpoint
    target: Endpoint
    judged: Judgement
    sure: IntervalSet
    doubtful: IntervalSet
    ignored: tuple[Exemption, ...] = ()


def forbidden(invariant: Invariant, world: Snapshot) -> list[Ban]:
    """Return what an invariant forbids; raises QuestionError for a selector or service that is none."""
    if invariant.deny is not None:
        ends = invariant.deny
        return [Ban(selected(ends.source, world), selected(ends.target, world), services(ends.on))]
    if invariant.allow_only is not None:
        return [_only(invariant.allow_only, world)]
    if invariant.through is not None:
        return [_through(invariant.through, world)]
    groups = [selected(texts, world) for texts in invariant.isolate or []]
    return [Ban(one, other, EVERY_SERVICE) for one, other in permutations(groups, 2)]


def _only(ends: Ends, world: Snapshot) -> Ban:
    targets = selected(ends.target, world)
    sources = selected(ends.source, world)
    everyone = everybody(world)
    known = {one.id for one in everyone}
    allowed = Exemption(side(sources), side(targets), services(ends.on))
    return Ban([*everyone, *(one for one in sources if one.id not in known)], targets, EVERY_SERVICE, (allowed,))


def _through(ends: Through, world: Snapshot) -> Ban:
    closed = frozenset(place for text in ends.via for place in places(text, world))
    return Ban(selected(ends.source, world), selected(ends.target, world), services(ends.on), closed=closed)


# ---------------------------------------------------------------------- what is broken
def broken(world: Snapshot, ban: Ban, exempt: Sequence[Exemption], related: Related) -> Iterator[Broken]:
    """Yield each pair of which something passes, those that are ignored among them; `exempt` are the invariant's own exemptions."""
    for flows, source, target in worth_a_look(world, ban, related):
        one = judged_pair(flows, source, target, list(flows.pieces(source, target)), [*ban.exempt, *exempt])
        if one is not None:
            yield one


def judged_pair(
    flows: Flows, source: Endpoint, target: Endpoint, pieces: list[Found], exempt: Sequence[Exemption]
) -> Broken | None:
    """Return what passes of some pieces of a pair, apart from exemptions; None where nothing does, ignored where all of it is."""
    lasting = [one for one in exempt if one.ignore is None]
    ignoring = tuple(one for one in exempt if one.ignore is not None)
    found = left(source, target, pieces, lasting)
    first = _pair(flows, source, target, found, lasting)
    if first is None or not ignoring:
        return first
    counts = _pair(flows, source, target, left(source, target, found, ignoring), [*lasting, *ignoring])
    return counts if counts is not None else msgspec.structs.replace(first, ignored=ignoring)


def _pair(flows: Flows, source: Endpoint, target: Endpoint, found: list[Found], exempt: Sequence[Exemption]) -> Broken | None:
    judged = flows.judged(target, found)
    if judged.verdict is Verdict.BLOCKED:
        return None
    if not judged.found or all(one.verdict is Verdict.BLOCKED for one in judged.found):
        covering = union(one.services for one in exempt if one.covers(source, target))
        rest = flows.services - covering
        return Broken(flows, source, target, judged, NOTHING, rest) if rest else None
    sure = judged.services if judged.verdict is Verdict.REACHABLE else NOTHING
    passing = union(one.services for one in judged.found if one.verdict is not Verdict.BLOCKED)
    return Broken(flows, source, target, judged, sure, passing - sure)


def worth_a_look(world: Snapshot, ban: Ban, related: Related) -> Iterator[tuple[Flows, Endpoint, Endpoint]]:
    """Yield the pairs that may have something that passes; the relation rules out most of very many."""
    if len(ban.sources) * len(ban.targets) <= MANY or world.lacks:
        yield from _every_pair(world, ban, ban.sources, ban.targets)
        return
    # The relation is about interfaces and the internet.
    sources, others = _parted(ban.sources)
    targets, elsewhere = _parted(ban.targets)
    yield from _every_pair(world, ban, others, ban.targets)
    yield from _every_pair(world, ban, list(sources.values()), elsewhere)
    for ids, target in _reached(ban, sources, targets, related):
        near = [sources[id] for id in sorted(ids & sources.keys()) if id != target.id]
        yield from _every_pair(world, ban, near, [target])


def _every_pair(
    world: Snapshot, ban: Ban, sources: Sequence[Endpoint], targets: Sequence[Endpoint]
) -> Iterator[tuple[Flows, Endpoint, Endpoint]]:
    if sources and targets:
        flows = Flows(world, sources, targets, ban.services, there_only=True, closed=ban.closed)
        yield from ((flows, source, target) for source, target in couples(flows))


def _parted(endpoints: Sequence[Endpoint]) -> tuple[dict[str, Endpoint], list[Endpoint]]:
    """Return the endpoints that the relation knows, by id, and the others."""
    known = {one.id: one for one in endpoints if one.interface or one.kind == "internet"}
    return known, [one for one in endpoints if one.id not in known]


def _reached(
    ban: Ban, sources: dict[str, Endpoint], targets: dict[str, Endpoint], related: Related
) -> Iterator[tuple[set[str], Endpoint]]:
    """Yield each target that any of the sources reaches on the services, with the ids of what reaches it, of those alike."""
    made = related.relation
    meant = 0
    for name, bits in related.bits.items():
        meant |= bits if any(id in sources for id in made.members(name)) else 0
    for name, bits in related.senders(ban.services).items():
        wanted = [id for id in made.members(name) if id in targets] if bits & meant else []
        if wanted:
            ids = {id for number in numbers_in(bits & meant) for id in made.members(made.sources[number])}
            yield from ((ids, targets[id]) for id in wanted)
