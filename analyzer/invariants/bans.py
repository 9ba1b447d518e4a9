"""Invariants about what must not pass: `deny`, `allow_only`, `isolate` and `through`. What is not surely blocked counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import permutations

import msgspec

from ..ask import couples
from ..engine.homeward import ANSWERED
from ..models.endpoint import Endpoint
from ..models.packet import EVERY_SERVICE, NOTHING, IntervalSet, union
from ..models.snapshot import Snapshot
from ..models.verdict import Verdict
from ..reach import Flows, Found, Judgement
from .crowds import Crowd, Crowds, Known
from .model import Ends, Invariant, Through
from .parts import Exemption, everybody, left, selected, services, side
from .relations import Block, Named, Related
from .via import places
from .whole import exempt_of

# Of more pairs than this the relation of the whole snapshot says which of them are broken; more broken ones are told by crowds.
MANY = 4_000


class Ban(msgspec.Struct, frozen=True):
    """What must not pass, apart from exemptions; requests that pass a `closed` resource are as they should be.

    So is what needs replies and gets none but by way of a `closed_back` resource.
    """

    sources: Sequence[Endpoint]
    targets: Sequence[Endpoint]
    services: IntervalSet
    exempt: tuple[Exemption, ...] = ()
    closed: frozenset[str] = frozenset()
    closed_back: frozenset[str] = frozenset()


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
        return list(_through(invariant.through, world))
    groups = [selected(texts, world) for texts in invariant.isolate or []]
    return [Ban(one, other, EVERY_SERVICE) for one, other in permutations(groups, 2)]


def _only(ends: Ends, world: Snapshot) -> Ban:
    targets = selected(ends.target, world)
    sources = selected(ends.source, world)
    everyone = everybody(world)
    known = {one.id for one in everyone}
    allowed = Exemption(side(sources), side(targets), services(ends.on))
    return Ban([*everyone, *(one for one in sources if one.id not in known)], targets, EVERY_SERVICE, (allowed,))


def _through(ends: Through, world: Snapshot) -> Iterator[Ban]:
    """Yield what must not pass: requests past the places, and requests of which the replies that they need come back past them."""
    closed = frozenset(place for text in ends.via for place in places(text, world))
    there = Ban(selected(ends.source, world), selected(ends.target, world), services(ends.on), closed=closed)
    yield there
    if closed and there.services & ANSWERED:
        yield msgspec.structs.replace(there, services=there.services & ANSWERED, closed=frozenset(), closed_back=closed)


# ---------------------------------------------------------------------- what is broken
def broken(world: Snapshot, ban: Ban, exempt: Sequence[Exemption], related: Related) -> Iterator[Broken | Known | Crowd]:
    """Yield each pair of which something passes, those that are ignored among them; `exempt` are the invariant's own exemptions.

    Where very many pairs are broken they are told by crowds.
    """
    if world.lacks or _alone(ban) or (_few(ban) and not related.made) or _by_interfaces(world, ban):
        yield from broken_pairs(world, ban, exempt, related)
        return
    every, related = [*ban.exempt, *exempt], related.past(ban.closed, ban.closed_back)
    sources, others = related.named(ban.sources)
    targets, elsewhere = related.named(ban.targets)
    yield from _pairs(_every_pair(world, ban, others, ban.targets), every)
    yield from _pairs(_every_pair(world, ban, _members(sources), elsewhere), every)
    left_out = exempt_of(every, sources, targets, related)
    whole, partly = _parted(sources, left_out.part_sources)
    goals, partial = _parted(targets, left_out.part_targets)
    for near, far in ((partly, targets), (whole, partial)):
        if not (near and far):
            continue
        some = related.blocks(related.bits(near), far, ban.services)
        yield from _pairs(_of_blocks(world, ban, some, near, far, related), every)
    blocks = left_out.lasting(related.blocks(related.bits(whole), goals, ban.services))
    crowds = Crowds(world, related, whole, goals, ban.closed, ban.closed_back)
    if not _few(ban) and crowds.more_than(MANY, blocks):
        yield from crowds.of(blocks, left_out)
    else:
        first, then = ({one.id: at for at, one in enumerate(ends)} for ends in (ban.sources, ban.targets))
        found = crowds.pairs(blocks, left_out, ban.services)
        yield from sorted(found, key=lambda one: (bool(one.ignored), first[one.source.id], then[one.target.id]))


def broken_pairs(world: Snapshot, ban: Ban, exempt: Sequence[Exemption], related: Related) -> Iterator[Broken]:
    """Yield what `broken` does, pair by pair however many there are."""
    yield from _pairs(worth_a_look(world, ban, related), [*ban.exempt, *exempt])


def _pairs(found: Iterator[tuple[Flows, Endpoint, Endpoint]], exempt: Sequence[Exemption]) -> Iterator[Broken]:
    for flows, source, target in found:
        one = judged_pair(flows, source, target, pieces_of(flows, source, target), exempt)
        if one is not None:
            yield one


def pieces_of(flows: Flows, source: Endpoint, target: Endpoint) -> list[Found]:
    """Return the pieces of a pair; what begins at a closed place, as packets of a site do at its gateway, has passed it."""
    return [one for one in flows.pieces(source, target) if one.start.place.resource not in flows.closed]


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
    """Yield the pairs that may have something that passes; the relation rules out most of very many.

    It rules out nothing in a snapshot that lacks whole kinds.
    """
    if world.lacks or _alone(ban) or _few(ban):
        yield from _every_pair(world, ban, ban.sources, ban.targets)
        return
    # Who reaches nobody at all is not answered past anything either.
    related = related if _by_interfaces(world, ban) else related.past(ban.closed, ban.closed_back)
    sources, others = related.named(ban.sources)
    targets, elsewhere = related.named(ban.targets)
    yield from _every_pair(world, ban, others, ban.targets)
    yield from _every_pair(world, ban, _members(sources), elsewhere)
    blocks = related.blocks(related.bits(sources), targets, ban.services)
    yield from _of_blocks(world, ban, blocks, sources, targets, related)


def _by_interfaces(world: Snapshot, ban: Ban) -> bool:
    """Return whether replies must pass interfaces: the relation knows homes by their subnets, so that it is no judge of that."""
    return any(world.find("network_interface", one) is not None for one in ban.closed_back)


def _few(ban: Ban) -> bool:
    return len(ban.sources) * len(ban.targets) <= MANY


def _alone(ban: Ban) -> bool:
    """Return whether one pair is asked about: then alone it may be of one with itself."""
    return len(ban.sources) == len(ban.targets) == 1


def _every_pair(
    world: Snapshot, ban: Ban, sources: Sequence[Endpoint], targets: Sequence[Endpoint]
) -> Iterator[tuple[Flows, Endpoint, Endpoint]]:
    if sources and targets:
        flows = Flows(world, sources, targets, ban.services, there_only=True, closed=ban.closed, closed_back=ban.closed_back)
        alone = _alone(ban)
        yield from ((flows, source, target) for source, target in couples(flows) if alone or source.id != target.id)


def _of_blocks(
    world: Snapshot, ban: Ban, blocks: Iterable[Block], sources: Named, targets: Named, related: Related
) -> Iterator[tuple[Flows, Endpoint, Endpoint]]:
    """Yield the pairs of blocks, target by target."""
    senders: dict[str, int] = {}
    for one in blocks:
        for name in one.targets:
            senders[name] = senders.get(name, 0) | one.sources
    for name, bits in senders.items():
        near = sorted(_members({each: sources[each] for each in related.names(bits)}), key=lambda one: one.id)
        for target in targets[name]:
            yield from _every_pair(world, ban, [one for one in near if one.id != target.id], [target])


def _members(named: Named) -> list[Endpoint]:
    return [one for every in named.values() for one in every]


def _parted(named: Named, some: set[str]) -> tuple[Named, Named]:
    """Return the endpoints under other names than some, and those under these."""
    return (
        {name: every for name, every in named.items() if name not in some},
        {name: every for name, every in named.items() if name in some},
    )
