"""What becomes of packets on the internet: who is reached there by public addresses, from strangers and from other VPCs alike (IGW-10)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..models.packet import EVERY_ADDRESS, EVERY_SERVICE, EVERY_V4, EVERY_V6, LINK_LOCAL, PUBLIC, IntervalSet
from ..models.snapshot import Snapshot
from ..models.table import ANYWHERE, INTERNET, Arrive, Direction
from ..models.verdict import Verdict, all_of
from ..sources import DEFAULT_PORTS
from .box import Box
from .front import Asked, Front
from .packets import Packets, joined
from .spread import spread
from .strays import NEEDING, Stray, ashore, possible, settled, stray
from .units import Units

Ports = tuple[int, int]


def from_internet(world: Snapshot, bit: int, ports: Ports) -> list[tuple[IntervalSet, Stray]]:
    """Return what packets from the internet, told by `bit`, reach, each with the addresses that they come from.

    Their senders call from these ports, both ends included.
    """
    asked = Asked(Front(INTERNET, ""), ports, NEEDING)
    found: list[tuple[IntervalSet, Stray]] = []
    inland = ashore(world, Direction.REPLY)
    for family in (EVERY_V4, EVERY_V6):
        box = Box(PUBLIC & family, (EVERY_ADDRESS - LINK_LOCAL) & family, EVERY_SERVICE)
        for piece in spread(inland, asked, box):
            parts = [stray(piece, bit, part, services, verdict) for part, verdict, services in settled(piece)]
            found.extend((piece.box.sources, one) for one in possible(parts))
    return found


def overseas(world: Snapshot, units: Units, out: Iterable[Stray]) -> Iterator[Stray]:
    """Yield where packets end that came to the internet: there, or at whoever they reach by a public address."""
    strangers = _strangers(world)
    anybody = from_internet(world, 1, DEFAULT_PORTS)
    certain = all(one.verdict is not Verdict.CONDITIONAL for _, one in anybody)
    for (ports, verdict), senders in _alike(out).items():
        every = joined([sent for sent, _ in senders])
        yield from (
            Stray(near, at, services, INTERNET.resource, at, services, verdict)
            for near, targets, services in every
            if (at := targets & strangers)
        )
        reached: dict[IntervalSet, list[Stray]] = {}
        # Replies that reach every port, or none, do so whatever the ports from which the client calls.
        for sources, one in anybody if certain or ports == DEFAULT_PORTS else from_internet(world, 1, ports):
            if one.arrival != INTERNET.resource:
                reached.setdefault(sources, []).append(one)
        for sources, there in reached.items():
            mine = joined([(near, *sent[1:]) for sent, by in senders if (near := _among(sent[0], by, sources, units))])
            yield from (each for one in there for each in _beyond(one, mine, verdict))


Sender = tuple[Packets, IntervalSet | None]


def _alike(out: Iterable[Stray]) -> dict[tuple[Ports, Verdict], list[Sender]]:
    """Return packets that came to the internet, with the sources that they have there; None for their own."""
    found: dict[tuple[Ports, Verdict], list[Sender]] = {}
    for one in out:
        found.setdefault((one.ports, one.verdict), []).append(((one.units, one.targets, one.asked), one.by))
    return found


def _among(near: int, by: IntervalSet | None, sources: IntervalSet, units: Units) -> int:
    """Return the units whose packets come from these sources."""
    if by is None:
        return units.within(sources, near)
    return near if by <= sources else 0


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
