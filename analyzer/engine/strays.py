"""What leaves the fabric: packets that are translated, shared out or in doubt, followed by the engine of single questions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, cast

import msgspec

from ..models.packet import EVERY_ADDRESS, EVERY_SERVICE, PUBLIC, IntervalSet, union
from ..models.snapshot import Snapshot
from ..models.table import ANYWHERE, INTERNET, Arrive, Direction, Line, Match, Place, Send, Session, Table
from ..models.verdict import Verdict, all_of
from ..sources import DEFAULT_PORTS
from ..walk import NEEDING, needs_reply
from .box import Box
from .fabric import Exit
from .front import Asked, Front
from .homeward import Judged
from .inhabitants import Inhabitant
from .packets import Packets
from .plan import OWN
from .replies import replies
from .spread import Piece, act
from .units import Units, numbers_in

# Where a reply has come back to something that made a connection for others: at home, as far as that connection goes.
TAKEN_BACK = "taken back"


class Stray(msgspec.Struct, frozen=True):
    """Packets from some units, to targets and on services as they were at the start, and where they end.

    `at` are the addresses to which they are on arrival, None for nobody knows which; `services` those on which they arrive, `by`
    the sources that they have then, None for the units' own, `ports` those from which they come, both ends included, and `remapped` says
    that something chose them. `ashore` is the exit of packets that were followed to the internet and no further, None for those that
    were followed to their end.
    """

    units: int
    targets: IntervalSet
    asked: IntervalSet
    arrival: str
    at: IntervalSet | None
    services: IntervalSet
    verdict: Verdict
    by: IntervalSet | None = None
    ports: tuple[int, int] = DEFAULT_PORTS
    ashore: Exit | None = None
    remapped: bool = False


class Leaving(msgspec.Struct, frozen=True):
    """An ordinary interface as whoever answers: groups let its replies out, so that they start at its subnet."""

    subnet: str

    def answers_from(self, world: Snapshot) -> Place:
        """Return the place where its replies start."""
        return Place(self.subnet, "leaves")


class Ashore:
    """The world as strays meet it: groups remember, so that replies pass those of ordinary interfaces, all of a subnet as one.

    What comes to the internet in `direction` has arrived there: what lies behind is found once for everybody; None for neither.
    """

    def __init__(self, world: Snapshot, direction: Direction | None, ordinary: frozenset[str]) -> None:
        self._world = world
        self._direction = direction
        self._ordinary = ordinary
        self._coarse: dict[Place, Table] = {}
        self._leaving: dict[str, Leaving] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._world, name)

    def at(self, id: str) -> Any:
        """Return what has an id; of an ordinary interface how it answers."""
        if id not in self._ordinary:
            return self._world.at(id)
        if id not in self._leaving:
            self._leaving[id] = Leaving(self._world.find("network_interface", id).subnet_id)
        return self._leaving[id]

    def table(self, place: Place, direction: Direction) -> Table:
        """Return the table of the world; at the internet the shore, and for replies all ordinary interfaces of a subnet as one."""
        if place == INTERNET and direction is self._direction:
            return SHORE
        if place.stage == TAKEN_BACK:
            return Table("relay", [Line("taken back", Match(), Arrive(place.resource), "LB-1", place.resource)])
        if direction is Direction.REPLY and place.stage == "delivers" and self._world.find("subnet", place.resource) is not None:
            return self._coarse.get(place) or self._coarse.setdefault(place, self._together(place))
        return self._world.table(place, direction)

    def _together(self, place: Place) -> Table:
        """Return a subnet's delivery of replies: groups remember, so that ordinary interfaces are home for all of theirs."""
        table = self._world.table(place, Direction.REPLY)
        plain = [one for one in table.lines if isinstance(one.action, Send) and one.action.place.resource in self._ordinary]
        if not plain:
            return table
        held = union(EVERY_ADDRESS if one.match.targets is None else one.match.targets for one in plain)
        first = plain[0].action
        assert isinstance(first, Send)
        home = msgspec.structs.replace(plain[0], match=Match(targets=held), action=Arrive(first.place.resource))
        rest = [one for one in table.lines if one not in plain]
        return Table(table.kind, [*rest[:-1], home, rest[-1]])


def ashore(world: Snapshot, direction: Direction | None, ordinary: frozenset[str]) -> Snapshot:
    """Return the world in which packets of a direction, if any, have arrived when they come to the internet."""
    return cast(Snapshot, Ashore(world, direction, ordinary))


SHORE = Table("internet", [Line("the internet", Match(), Arrive(INTERNET.resource), "IGW-1", INTERNET.resource)])


class Strays:
    """The engine of single questions, asked for all units of a VPC at once."""

    def __init__(
        self,
        world: Snapshot,
        units: Units,
        everybody: dict[str, Inhabitant],
        closed: frozenset[str] = frozenset(),
        closed_back: frozenset[str] = frozenset(),
    ) -> None:
        """Follow packets of these units; requests are left out at `closed` resources, replies at `closed_back` ones."""
        self.closed, self.closed_back = closed, closed_back
        self._world = world
        # What forwards for others is not home for every reply that comes to it: a connection that it passed on goes on from there.
        ordinary = frozenset(one.alike for one in everybody.values() if one.ordinary and not forwards(one.alike, world))
        self.ordinary = ordinary
        self._ashore = ashore(world, Direction.REQUEST, ordinary)
        self.beyond = ashore(world, None, ordinary)
        self._units = units
        self._ports = [everybody[holder].ports for holder in units.holders]

    def follow(self, exit: Exit, packets: list[Packets], *, to_the_end: bool = False) -> Iterator[Stray]:
        """Yield where packets end that left the fabric, those of each VPC by themselves.

        What comes to the internet through a gateway that translates is there with a public address, and answered there: that is all
        that it has in common with what strangers send, and `ashore` is far enough, unless `to_the_end` is asked for.
        """
        alike: dict[tuple[str, tuple[int, int]], list[Packets]] = {}
        for near, far, services in packets:
            for key, mine in self._apart(near):
                alike.setdefault(key, []).append((mine, far, services))
        for (vpc_id, ports), parts in alike.items():
            pieces, shore = self._as_far_as_needed(exit, vpc_id, ports, parts, to_the_end)
            for piece in pieces:
                for box, verdict, services in settled(piece):
                    units = self._units.within(box.sources, self._units.realm(vpc_id))
                    yield stray(piece, units, box, services, verdict, _heard(piece, ports), exit if shore else None)

    def _as_far_as_needed(
        self, exit: Exit, vpc_id: str, ports: tuple[int, int], parts: list[Packets], to_the_end: bool
    ) -> tuple[list[Piece], bool]:
        """Return the pieces, and whether they were followed to the internet and no further."""
        if not to_the_end:
            pieces = self._pieces(exit, vpc_id, ports, parts, self._ashore)
            session = exit.action.session if isinstance(exit.action, Send) else None
            if all(_translated(one, session) for one in pieces if one.arrival == INTERNET.resource):
                return pieces, True
        return self._pieces(exit, vpc_id, ports, parts, self.beyond), False

    def _pieces(self, exit: Exit, vpc_id: str, ports: tuple[int, int], parts: list[Packets], world: Snapshot) -> list[Piece]:
        asked = self._asked(vpc_id, ports)
        front = Front(exit.place, vpc_id if exit.realm == OWN else exit.realm)
        boxes = [Box(self._units.together(numbers_in(near)), far, services) for near, far, services in parts]
        return act(world, asked, front, exit.action, boxes)

    def _asked(self, vpc_id: str, ports: tuple[int, int]) -> Asked:
        start = Front(Place(vpc_id, "sends"), vpc_id)
        return Asked(start, ports, NEEDING, closed=self.closed, closed_back=self.closed_back)

    def _apart(self, near: int) -> Iterator[tuple[tuple[str, tuple[int, int]], int]]:
        """Yield the units of each VPC that call from the same ports."""
        while near:
            vpc_id = self._units.realms[(near & -near).bit_length() - 1]
            mine = near & self._units.realm(vpc_id)
            near &= ~mine
            by_ports: dict[tuple[int, int], int] = {}
            for number in numbers_in(mine):
                by_ports[self._ports[number]] = by_ports.get(self._ports[number], 0) | 1 << number
            yield from (((vpc_id, ports), part) for ports, part in by_ports.items())

    def answered(self, number: int, one: Inhabitant, near: int, services: IntervalSet) -> Iterator[Judged]:
        """Yield requests to a unit by what becomes of the replies, which are followed one by one."""
        at = Place(one.alike, "sends")
        for (vpc_id, ports), mine in self._apart(near):
            asked = self._asked(vpc_id, ports)
            box = Box(self._units.together(numbers_in(mine)), self._units.addresses[number], services)
            for part, verdict, _ in replies(self._world, asked, Front(at, vpc_id), at, box, box):
                if verdict is not Verdict.BLOCKED:
                    yield Judged(self._units.within(part.sources, self._units.realm(vpc_id)), part.services, verdict)


def forwards(id: str, world: Snapshot) -> bool:
    """Return whether an interface may pass on what is not its own: its check of source and destination is off, or perhaps."""
    interface = world.find("network_interface", id)
    return bool(not interface.source_dest_check or interface.perhaps_unchecked)


def settled(piece: Piece) -> Iterator[tuple[Box, Verdict, IntervalSet]]:
    """Yield the packets of a piece by whether they need a reply, with the verdict and the services on which they arrive."""
    if piece.arrival.startswith(ANYWHERE):
        yield piece.box, _verdict(piece, NEEDING.smallest()), EVERY_SERVICE  # and nobody knows on which service either
        return
    if piece.finally_on is not None:
        yield piece.box, _verdict(piece, piece.finally_on.smallest()), piece.finally_on
        return
    for part in (piece.box.services & NEEDING, piece.box.services - NEEDING):
        if part:
            yield Box(piece.box.sources, piece.box.targets, part), _verdict(piece, part.smallest()), part


def _verdict(piece: Piece, service: int) -> Verdict:
    if piece.reply is None or not needs_reply(service):
        return piece.forward
    return all_of((piece.forward, piece.reply))


def _translated(piece: Piece, session: Session | None) -> bool:
    """Return whether packets that came to the internet have public addresses there, are answered there, and from which ports they come."""
    if piece.finally_from is None:
        return session is not None and session.outside == (INTERNET,)
    return piece.finally_from <= PUBLIC and piece.remapped is not None


def _heard(piece: Piece, ports: tuple[int, int]) -> tuple[int, int]:
    """Return the ports from which packets come in the end: any that a gateway may choose, or the client's own."""
    return DEFAULT_PORTS if piece.remapped else ports


def stray(
    piece: Piece,
    units: int,
    box: Box,
    services: IntervalSet,
    verdict: Verdict,
    ports: tuple[int, int] = DEFAULT_PORTS,
    ashore: Exit | None = None,
) -> Stray:
    """Return a part of a piece as it counts in the relation."""
    at = None if piece.arrival.startswith(ANYWHERE) else box.targets if piece.finally_to is None else piece.finally_to
    by, remapped = piece.finally_from, bool(piece.remapped)
    return Stray(units, box.targets, box.services, piece.arrival, at, services, verdict, by, ports, ashore, remapped)


def possible(strays: Iterable[Stray]) -> list[Stray]:
    """Return those that are not blocked."""
    return [one for one in strays if one.verdict is not Verdict.BLOCKED and one.units]
