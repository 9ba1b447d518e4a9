"""`reach from SOURCE to TARGET on SERVICE`: the engine's pieces, judged for each pair of endpoints."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

import msgspec

from .engine.box import Box
from .engine.front import Asked, Front
from .engine.spread import Piece, spread
from .fronts import fronts
from .mail import SMTP, doubted
from .models.endpoint import Endpoint
from .models.interface import InterfaceShape
from .models.packet import EVERY_SERVICE, IntervalSet, union
from .models.rule import rule
from .models.snapshot import Snapshot
from .models.table import ANYWHERE, INTERNET, SOMEWHERE, may_be_in
from .models.verdict import Verdict, all_of, any_of
from .sources import Start, families, starts, target_addresses
from .walk import NEEDING, needs_reply

ORDER = (Verdict.REACHABLE, Verdict.CONDITIONAL, Verdict.UNKNOWN, Verdict.BLOCKED)
UNANSWERED = "not_applicable"


class Found(msgspec.Struct, frozen=True):
    """A piece of the engine that arrives at a target, with where its packets start."""

    start: Start
    piece: Piece

    @property
    def services(self) -> IntervalSet:
        """The services that arrive; behind a load balancer other ones than were sent."""
        return self.piece.finally_on or self.piece.box.services

    @property
    @rule(
        "M-1",
        says="TCP and ping work only when the request arrives and its reply comes back; for other protocols the request decides.",
        source="https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html",
    )
    def verdict(self) -> Verdict:
        """Forward alone, or forward and reply where the service needs its reply."""
        piece = self.piece
        if piece.reply is None or not needs_reply(self.services.smallest()):
            return piece.forward
        return all_of((piece.forward, piece.reply))


class Judgement(msgspec.Struct, frozen=True):
    """Verdicts over some pieces, and what makes them less than certain."""

    verdict: Verdict
    forward: Verdict
    reply: str | None
    services: IntervalSet
    found: tuple[Found, ...] = ()
    lacking: str = ""

    @property
    def conditions(self) -> list[str]:
        """The sentences that say on what a verdict that is not certain depends; empty for certain ones."""
        if self.lacking:
            return [self.lacking]
        if self.verdict in (Verdict.REACHABLE, Verdict.BLOCKED):
            return []
        return sorted({doubt.text for one in self.found if one.verdict is self.verdict for doubt in one.piece.doubts})


def judge(found: Iterable[Found]) -> Judgement:
    """Return the verdict of several pieces, of which any is enough."""
    every = tuple(found)
    forward = any_of(one.piece.forward for one in every)
    verdict = any_of(one.verdict for one in every)
    replies = [one.piece.reply for one in every if one.piece.reply is not None]
    reply = None if forward is Verdict.BLOCKED else any_of(replies).value if replies else UNANSWERED
    services = union(one.services for one in every if one.verdict is Verdict.REACHABLE)
    return Judgement(verdict, forward, reply, services, every)


class Flows:
    """What of the asked packets arrives, for every pair of a source and a target.

    With `there_only` what arrives elsewhere, by load balancers that pass on to others, is left out. `closed` are resources that no
    request may pass on its way, `closed_back` those that no reply may.
    """

    def __init__(
        self,
        world: Snapshot,
        sources: Sequence[Endpoint],
        targets: Sequence[Endpoint],
        services: IntervalSet,
        *,
        there_only: bool = False,
        closed: frozenset[str] = frozenset(),
        closed_back: frozenset[str] = frozenset(),
    ) -> None:
        self.world = world
        self.sources = sources
        self.targets = targets
        self.services = services
        self.there_only = there_only
        self.closed, self.closed_back = closed, closed_back
        self.starts = starts(world, sources)

    @cached_property
    def found(self) -> list[Found]:
        """Every piece that arrives at any of the targets' addresses, and unless `there_only` at others that they lead to."""
        addresses = union(target_addresses(self.world, target) for target in self.targets)
        if any(target.interface for target in self.targets):
            addresses = addresses | fronts(self.world)
        return [Found(start, piece) for start in self.starts for piece in self._from(start, addresses)]

    def _from(self, start: Start, addresses: IntervalSet) -> Iterator[Piece]:
        asked = Asked(
            Front(start.place, start.realm),
            start.ports,
            arrivals=self._arrivals,
            closed=self.closed,
            closed_back=self.closed_back,
        )
        for sources, targets in families(start.addresses, addresses):
            sent = EVERY_SERVICE if self.world.has_relays else self.services
            for piece in spread(self.world, asked, Box(sources, targets, sent)):
                mail = self.services <= SMTP and piece.arrival == INTERNET.resource and start.place != INTERNET
                yield from self._parts(doubted(piece) if mail else piece)

    @cached_property
    def _arrivals(self) -> frozenset[str] | None:
        """Where packets arrive that count for a target; None for wherever they do."""
        if not self.there_only or any(target.kind == "address" for target in self.targets):
            return None
        classes = (self.world.class_of(target.interface) for target in self.targets if target.interface)
        return frozenset((*classes, *(target.id for target in self.targets), SOMEWHERE.resource))

    def _parts(self, piece: Piece) -> Iterator[Piece]:
        """Yield the piece cut into services that need their reply and services that do not."""
        if piece.arrival.startswith(ANYWHERE):
            piece = msgspec.structs.replace(piece, finally_on=self.services)  # and nobody knows on which service either
        if piece.finally_on is not None:
            if piece.finally_on & self.services:
                yield piece
            return
        services = piece.box.services & self.services
        for part in (services & NEEDING, services - NEEDING):
            if part:
                yield piece.within(Box(piece.box.sources, piece.box.targets, part))

    def of(self, source: Endpoint, target: Endpoint) -> Judgement:
        """Return the judgement of one pair; a target that may be at any of its addresses is reachable when all of them are."""
        judged = self.judged(target, self.pieces(source, target))
        if judged.verdict is not Verdict.REACHABLE or not self._undecided(source.interface):
            return judged
        sent = union(one.piece.box.sources for one in judged.found if one.verdict is Verdict.REACHABLE)
        if source.addresses - self._held(source) <= sent:
            return judged
        return msgspec.structs.replace(judged, verdict=Verdict.CONDITIONAL, forward=Verdict.CONDITIONAL)

    def _undecided(self, interface_id: str) -> bool:
        """Return whether AWS has yet to choose the address of an interface that code declares."""
        interface = self.world.find("network_interface", interface_id) if interface_id else None
        return bool(interface is not None and interface.stand_in and interface.chosen)

    def judged(self, target: Endpoint, found: Iterable[Found]) -> Judgement:
        """Return the judgement of some of the pieces between a source and a target, as `of` gives it of all."""
        judged = self._sure(judge(found))
        if not self._stands_in(target.interface) or judged.verdict is not Verdict.REACHABLE:
            return judged
        reached = union(one.piece.box.targets for one in judged.found if one.verdict is Verdict.REACHABLE)
        if target.addresses - self._held(target) <= reached:
            return judged
        return msgspec.structs.replace(judged, verdict=Verdict.CONDITIONAL, forward=Verdict.CONDITIONAL)

    def _sure(self, judged: Judgement) -> Judgement:
        """Return the judgement; nothing is surely blocked in a snapshot that says of no VPC, or no subnet, where it is."""
        if judged.verdict is not Verdict.BLOCKED or not self.world.lacks:
            return judged
        forward = Verdict.UNKNOWN if judged.forward is Verdict.BLOCKED else judged.forward
        verb, word = ("does not hold", "all") if self.world.seen is not None else ("holds", "no")
        kinds = ", ".join(f"{word} `{key}`" for key in self.world.lacks)
        lacking = f"the snapshot {verb} {kinds}: what stands in the way may not be all that there is"
        return msgspec.structs.replace(
            judged, verdict=Verdict.UNKNOWN, forward=forward, reply=Verdict.UNKNOWN.value, lacking=lacking
        )

    def _held(self, target: Endpoint) -> IntervalSet:
        """Return the addresses that other interfaces of the target's subnet hold."""
        subnet_id = self.world.find("network_interface", target.interface).subnet_id
        others = self.world.where("network_interface", "subnet_id", subnet_id)
        return union(one.private_addresses for one in others if not one.stand_in)

    def pieces(self, source: Endpoint, target: Endpoint) -> Iterator[Found]:
        """Yield the pieces between one source and one target, cut to their addresses."""
        ways = self._of_source.get(source.id, {})
        if target.interface:
            alike = self.world.class_of(target.interface)
            mine = [*ways.get(alike, ()), *(pair for arrival in ways if arrival.startswith(ANYWHERE) for pair in ways[arrival])]
        else:
            mine = [pair for pairs in ways.values() for pair in pairs]
        for _, one in sorted(mine, key=lambda pair: pair[0]):
            yield from self._cut(one, source, target)

    @cached_property
    def _of_source(self) -> dict[str, dict[str, list[tuple[int, Found]]]]:
        """The pieces of each source by where they arrive, numbered in order."""
        by_source: dict[str, dict[str, list[tuple[int, Found]]]] = {}
        for number, one in enumerate(self.found):
            for endpoint in one.start.endpoints:
                by_source.setdefault(endpoint.id, {}).setdefault(one.piece.arrival, []).append((number, one))
        return by_source

    def _cut(self, one: Found, source: Endpoint, target: Endpoint) -> Iterator[Found]:
        piece = one.piece
        sources = piece.box.sources & source.addresses if source.kind != "internet" else piece.box.sources
        targets = self._targets(piece, target)
        if not sources or not targets:
            return
        cut = piece.within(Box(sources, targets, piece.box.services))
        yield Found(one.start, cut)

    def _targets(self, piece: Piece, target: Endpoint) -> IntervalSet:
        """Return which of the piece's targets, as they were at the start, are the target."""
        if piece.arrival.startswith(ANYWHERE):
            return self._anywhere(piece, target)
        if target.interface:
            interface: InterfaceShape = self.world.find("network_interface", target.interface)
            if piece.arrival != self.world.class_of(interface.id):
                return IntervalSet()
            if piece.finally_to is None:
                return piece.box.targets & interface.private_addresses
            return piece.box.targets if piece.finally_to & interface.private_addresses else IntervalSet()
        wanted = target.id if target.kind != "address" else ""
        if wanted and piece.arrival not in (wanted, SOMEWHERE.resource if not target.addresses else wanted):
            return IntervalSet()
        if piece.finally_on is not None:
            return IntervalSet()  # what a load balancer passed on is no longer sent to the address that was asked
        return piece.box.targets & target_addresses(self.world, target)

    def _anywhere(self, piece: Piece, target: Endpoint) -> IntervalSet:
        """Return the targets of packets that arrive at nobody knows whom: all of them, where the target may be that one."""
        interface = self.world.find("network_interface", target.interface) if target.interface else None
        there = interface.vpc_id if interface is not None else target.id
        if target.kind == "address":
            return piece.box.targets & target.addresses
        return piece.box.targets if may_be_in(piece.arrival, there) else IntervalSet()

    def overall(self) -> Judgement:
        """Return the judgement over all pairs."""
        every = self._all_found()
        whole = self._sure(judge(every))
        doubtful = {self._owner(target) for target in self.targets if self._stands_in(target.interface)}
        if whole.verdict is Verdict.REACHABLE and doubtful:
            return self._over_stand_ins(whole, doubtful)
        if whole.verdict is Verdict.REACHABLE and any(self._undecided(one.interface) for one in self.sources):
            sure = any(self.of(source, target).verdict is Verdict.REACHABLE for source in self.sources for target in self.targets)
            return whole if sure else msgspec.structs.replace(whole, verdict=Verdict.CONDITIONAL, forward=Verdict.CONDITIONAL)
        return whole

    def _owner(self, target: Endpoint) -> str:
        """Return the id of the resource that a target is, or stands for."""
        owner = self.world.owner(target.interface) if target.interface else None
        return owner.id if owner is not None else target.id

    def _all_found(self) -> list[Found]:
        kept: list[Found] = []
        for one in self.found:
            parts = [self._targets(one.piece, target) for target in self.targets]
            targets = union(part for part in parts if part)
            if targets:
                kept.append(Found(one.start, one.piece.within(Box(one.piece.box.sources, targets, one.piece.box.services))))
        return kept

    def _stands_in(self, interface_id: str) -> bool:
        interface = self.world.find("network_interface", interface_id) if interface_id else None
        return bool(interface is not None and interface.stand_in)

    def _over_stand_ins(self, whole: Judgement, doubtful: set[str]) -> Judgement:
        """Return the judgement on resources of which nobody knows where some stand: reachable if any is wherever it may stand.

        `doubtful` are the ids of those resources.
        """
        verdicts: dict[str, set[Verdict]] = {}
        for target in self.targets:
            id = self._owner(target)
            if id not in doubtful and any(self.of(source, target).verdict is Verdict.REACHABLE for source in self.sources):
                return whole
            verdicts.setdefault(id, set()).update(self.of(source, target).verdict for source in self.sources)
        if any(verdicts[id] == {Verdict.REACHABLE} for id in doubtful):
            return whole
        return msgspec.structs.replace(whole, verdict=Verdict.CONDITIONAL, forward=Verdict.CONDITIONAL)
