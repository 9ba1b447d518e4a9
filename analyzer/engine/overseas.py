"""What becomes of packets on the internet: who is reached there by public addresses, from strangers and from other VPCs alike (IGW-10)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator

from ..models.packet import EVERY_ADDRESS, EVERY_SERVICE, EVERY_V4, EVERY_V6, LINK_LOCAL, PUBLIC, IntervalSet, union
from ..models.snapshot import Snapshot
from ..models.table import ANYWHERE, INTERNET, Arrive, Direction
from ..models.verdict import Verdict, all_of
from ..sources import DEFAULT_PORTS
from ..walk import NEEDING
from .box import Box
from .front import Asked, Front
from .packets import Packets, joined
from .spread import spread
from .strays import Stray, Strays, ashore, possible, settled, stray
from .units import Units

Ports = tuple[int, int]


Reached = tuple[IntervalSet, Stray]


def from_internet(world: Snapshot, ports: Ports, followed: Strays, targets: IntervalSet = EVERY_ADDRESS) -> list[Reached]:
    """Return what packets from the internet to these addresses reach, told by unit 0, each with the addresses that they come from.

    Their senders call from these ports, both ends included; what is closed to those that are `followed` is closed to them.
    """
    asked = Asked(Front(INTERNET, ""), ports, NEEDING, closed=followed.closed, closed_back=followed.closed_back)
    found: list[Reached] = []
    inland = ashore(world, Direction.REPLY, followed.ordinary)
    for family in (EVERY_V4, EVERY_V6):
        box = Box(PUBLIC & family, (targets - LINK_LOCAL) & family, EVERY_SERVICE)
        if not box:
            continue
        for piece in spread(inland, asked, box):
            parts = [stray(piece, 1, part, services, verdict) for part, verdict, services in settled(piece)]
            found.extend((piece.box.sources, one) for one in possible(parts))
    return found


def overseas(world: Snapshot, units: Units, out: Iterable[Stray], followed: Strays, anybody: list[Reached]) -> Iterator[Stray]:
    """Yield where packets end that came to the internet: there, or at whoever they reach by a public address.

    `anybody` is what strangers reach who call from the default ports. Where replies reach a part of the ports on either side, nobody
    knows from that whether it is the same part: those are followed, unless the ports on both sides have nothing to do with each other.
    """
    strangers = _strangers(world)
    sure = [one for one in anybody if one[1].verdict is Verdict.REACHABLE]
    unsure = union(one.targets for _, one in anybody if one.verdict is not Verdict.REACHABLE)
    for (ports, verdict, remapped), senders in _alike(out).items():
        every = joined([(one.units, one.targets, one.asked) for one in senders])
        yield from (
            Stray(near, at, services, INTERNET.resource, at, services, verdict)
            for near, targets, services in every
            if (at := targets & strangers)
        )
        reached: dict[tuple[IntervalSet, bool], list[Stray]] = {}
        # Replies that reach every port do so whatever the ports from which the client calls.
        for sources, one in anybody if ports == DEFAULT_PORTS else [*sure, *from_internet(world, ports, followed, unsure)]:
            if one.arrival != INTERNET.resource:
                doubtful = not remapped and Verdict.REACHABLE not in (verdict, one.verdict)
                reached.setdefault((sources, doubtful), []).append(one)
        by_source = Senders(senders, units)
        for (sources, doubtful), there in reached.items():
            yield from (each for one in by_source.partly(sources) for each in _followed(one.units, one, there, followed))
            if doubtful:
                yield from (each for near, one in by_source.among(sources) for each in _followed(near, one, there, followed))
            else:
                met = by_source.joined(sources)
                yield from (each for one in there for each in _beyond(one, met, verdict))


Spans = tuple[tuple[int, int], ...]


class Senders:
    """Packets that came to the internet, by the sources that they have there: one of some public addresses, or those of their units."""

    def __init__(self, senders: list[Stray], units: Units) -> None:
        self._units = units
        given = [(one.by, one) for one in senders if one.by is not None]
        fixed = sorted(((by.smallest(), one) for by, one in given if by.count() == 1), key=lambda pair: pair[0])
        self._several = [(by, one) for by, one in given if by.count() > 1]
        self._addresses = [address for address, _ in fixed]
        self._translated = [one for _, one in fixed]
        self._own = [one for one in senders if one.by is None]
        # Joined once: most VPCs hear of everybody but themselves, and none of those sets is joined anew.
        self._together = joined([(one.units, one.targets, one.asked) for one in self._own])
        self._joined: dict[tuple[Spans, tuple[int, ...]], list[Packets]] = {}

    def among(self, sources: IntervalSet) -> Iterator[tuple[int, Stray]]:
        """Yield those whose packets come from these sources, each with the units that send them."""
        own = self._units.within(sources) if self._own else 0
        yield from ((one.units, one) for start, end in self._spans(sources) for one in self._translated[start:end])
        yield from ((one.units, one) for by, one in self._several if by <= sources)
        yield from ((near, one) for one in self._own if (near := one.units & own))

    def partly(self, sources: IntervalSet) -> Iterator[Stray]:
        """Yield those whose packets may come from these sources, or from others."""
        yield from (one for by, one in self._several if by & sources and not by <= sources)

    def joined(self, sources: IntervalSet) -> list[Packets]:
        """Return the packets of those who come from these sources, as few sets."""
        spans = self._spans(sources)
        several = tuple(number for number, (by, _) in enumerate(self._several) if by <= sources)
        if (spans, several) not in self._joined:
            translated = [one for start, end in spans for one in self._translated[start:end]]
            translated.extend(self._several[number][1] for number in several)
            self._joined[spans, several] = joined([(one.units, one.targets, one.asked) for one in translated])
        own = self._units.within(sources) if self._own else 0
        mine = [(near & own, far, services) for near, far, services in self._together if near & own]
        return [*self._joined[spans, several], *mine]

    def _spans(self, sources: IntervalSet) -> Spans:
        """Return which of the translated ones come from these sources: from the first of each span to before the second."""
        every = self._addresses
        spans = ((bisect_left(every, low), bisect_right(every, high)) for low, high in sources)
        return tuple((start, end) for start, end in spans if start < end)


def _followed(near: int, one: Stray, there: list[Stray], followed: Strays) -> Iterator[Stray]:
    """Yield where packets end that have to be followed all the way: those of a sender to what strangers may reach."""
    assert one.ashore is not None
    packets = [(near, one.targets & each.targets, one.asked & each.asked) for each in there]
    wanted = [each for each in packets if each[1] and each[2]]
    yield from possible(followed.follow(one.ashore, wanted, to_the_end=True)) if wanted else ()


def _alike(out: Iterable[Stray]) -> dict[tuple[Ports, Verdict, bool], list[Stray]]:
    """Return packets that came to the internet, by the ports from which they come, how surely they came, and who chose the ports."""
    found: dict[tuple[Ports, Verdict, bool], list[Stray]] = {}
    for one in out:
        found.setdefault((one.ports, one.verdict, one.remapped), []).append(one)
    return found


def _beyond(there: Stray, every: list[tuple[int, IntervalSet, IntervalSet]], verdict: Verdict) -> Iterator[Stray]:
    for units, targets, services in every:
        to, asked = targets & there.targets, services & there.asked
        if not (to and asked):
            continue
        same_target, same_service = there.at == there.targets, there.services == there.asked
        at = to if same_target else there.at
        yield Stray(
            units, to, asked, there.arrival, at, asked if same_service else there.services, all_of((verdict, there.verdict))
        )


def _strangers(world: Snapshot) -> IntervalSet:
    """Return the addresses at which packets stay on the internet."""
    found = IntervalSet()
    left = EVERY_ADDRESS
    for line in world.table(INTERNET, Direction.REQUEST).lines:
        mine = left if line.match.targets is None else left & line.match.targets
        if _stays(line.action):
            found = found | mine
        if line.match.services is None:
            left = left - mine
    return found


def _stays(action: object) -> bool:
    ways = getattr(action, "actions", (action,))
    return any(isinstance(one, Arrive) and one.resource in (INTERNET.resource, ANYWHERE + INTERNET.resource) for one in ways)
