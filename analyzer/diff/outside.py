"""Which addresses outside come in, or are reached: the relation tells of the internet as one, and of networks behind VPNs nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from ..engine.box import Box, coalesced, minus_all
from ..models.endpoint import Endpoint
from ..models.matrix import Group
from ..models.packet import EVERY_ADDRESS, EVERY_SERVICE, NOTHING, IntervalSet, address_text, blocks_of, union
from ..models.snapshot import Snapshot
from ..models.table import INTERNET
from ..models.verdict import SURENESS, Verdict
from ..reach import Flows
from ..select import select
from ..select.selection import Selection, endpoints
from ..sources import OUTSIDE, networks_outside
from ..witness import KNOWN_ADDRESS
from .alike import unlike
from .sides import Side
from .telling import Told, named, together

LEVELS = SURENESS[:-1]
# Of more interfaces on a side it is not looked at whom outside each reaches: that is a question of its own for each kind of them.
MOST = 5_000
# Of more blocks nobody reads the names.
MOST_BLOCKS = 2
ByLevel = Mapping[Verdict, Sequence[Box]]


class Outside(msgspec.Struct, frozen=True):
    """Rows about addresses outside, and how many interfaces were not looked at for them."""

    rows: list[Told]
    left_out: int = 0


def by_outside(before: Side, after: Side, services: IntervalSet) -> Outside:
    """Return rows for interfaces that exchange packets with other addresses outside than before.

    What opened or closed for the whole internet is told already: of it only services are told on which some strangers did and do.
    Addresses that anybody owns in either snapshot are left out.
    """
    old, new = before.world, after.world
    touched = unlike(old, new)
    rows: list[Told] = []
    left_out = 0
    for name, (was, now) in {
        INTERNET.resource: (_internet(old), _internet(new)),
        OUTSIDE: (_networks(old), _networks(new)),
    }.items():
        if was is None and now is None:
            continue
        for outward in (False, True):
            ids = _asked(name, outward, before, after)
            asked = [id for id in ids if not outward or touched is None or id in touched]
            left_out += max(0, len(asked) - MOST) if outward else 0
            asked = asked[:MOST] if outward else asked
            ways = (_Ways(before, was, asked, services, outward), _Ways(after, now, asked, services, outward))
            rows += [row for id in asked for row in _rows(id, name, *ways, _nobodys(old, new))]
    return Outside(together(rows), left_out)


def _internet(world: Snapshot) -> Endpoint | None:
    return next(iter(select(INTERNET.resource, world)))


def _networks(world: Snapshot) -> Endpoint | None:
    return next(iter(networks_outside(world)), None)


def _nobodys(*worlds: Snapshot) -> IntervalSet:
    """Return the addresses that nobody owns in any of the snapshots."""
    owned = [vpc.addresses for world in worlds for vpc in world.all("vpc")]
    return EVERY_ADDRESS - union([*owned, *(one for world in worlds for one in world.public_addresses().values())])


def _asked(name: str, outward: bool, before: Side, after: Side) -> list[str]:
    """Return the interfaces that may exchange anything with some network outside, in a way that is not told already."""
    unseen = before.unseen.keys() | after.unseen.keys()
    ids = [id for id in before.ids if id != INTERNET.resource and id not in unseen]
    if name != INTERNET.resource:
        return ids
    there, then = (_met(side, outward) for side in (before, after))
    return [id for id in ids if id in there and id in then]


def _met(side: Side, outward: bool) -> set[str]:
    """Return the interfaces to which the internet comes, or `outward` those that reach it."""
    bit = 1 << side.numbers[INTERNET.resource]
    if outward:
        found = side.blocks(INTERNET.resource)
        return {id for bits, _ in found for id in side.listed(bits)}
    names = {name for name in set(side.class_of.values()) if any(bits & bit for bits, _ in side.blocks(name))}
    return {id for id, name in side.class_of.items() if name in names}


class _Ways:
    """What some interfaces of a side exchange with a party outside; `outward` what they send there."""

    def __init__(self, side: Side, party: Endpoint | None, ids: Sequence[str], services: IntervalSet, outward: bool) -> None:
        wanted = frozenset(id for id in ids if id in side.class_of)
        self.side, self.outward = side, outward
        self._party = party
        self._ends = {one.id: one for one in endpoints(Selection(wanted), side.world)} if wanted and party is not None else {}
        ends, others = list(self._ends.values()), [party] if party is not None and self._ends else []
        self._flows = Flows(side.world, *((ends, others) if outward else (others, ends)), services, there_only=True)

    def has(self, id: str) -> bool:
        """Return whether the side has an interface."""
        return id in self.side.class_of

    def exact(self, id: str, among: IntervalSet) -> ByLevel:
        """Return with which addresses an interface exchanges packets, on what, by the surest verdict that each has: disjoint boxes."""
        told: list[Box] = []
        found: dict[Verdict, list[Box]] = {}
        for level in LEVELS:
            new = minus_all(coalesced(self._boxes(id, level, among)), told)
            found[level] = new
            told += new
        return found

    def _boxes(self, id: str, level: Verdict, among: IntervalSet) -> Iterator[Box]:
        end = self._ends.get(id)
        if end is None or self._party is None:
            return
        pair = (end, self._party) if self.outward else (self._party, end)
        for one in self._flows.pieces(*pair):
            # What is sent to a network outside and ends on the internet is told with the internet.
            strays = self.outward and one.piece.arrival == INTERNET.resource and self._party.kind != INTERNET.resource
            far = one.piece.box.targets if self.outward else one.piece.box.sources
            box = Box(far & among, EVERY_ADDRESS, one.services)
            if one.verdict is level and box and not strays:
                yield box


def _rows(id: str, name: str, was: _Ways, now: _Ways, among: IntervalSet) -> Iterator[Told]:
    old, new = was.exact(id, among), now.exact(id, among)
    if old == new:
        return
    shown = _shown(old, new) if name == INTERNET.resource else {True: EVERY_SERVICE, False: EVERY_SERVICE}
    for box, before, after in _changes(old, new):
        opened = SURENESS.index(after) < SURENESS.index(before)
        services = box.services & shown[opened]
        if services:
            yield _row(id, name, msgspec.structs.replace(box, services=services), (before, after), now if now.has(id) else was)


def _shown(old: ByLevel, new: ByLevel) -> dict[bool, IntervalSet]:
    """Return the services on which it is told that strangers come who did not, and those on which some no longer do.

    Others did before and do now, and the surest of it is not another verdict, which would be told of the internet as a whole.
    """
    gains, losses = NOTHING, NOTHING
    had, has = NOTHING, NOTHING
    for level in LEVELS:
        had, has = (each | union(box.services for box in side[level]) for each, side in ((had, old), (has, new)))
        gains, losses = gains | (has - had), losses | (had - has)
    return {True: (had & has) - gains, False: (had & has) - losses}


def _changes(old: ByLevel, new: ByLevel) -> Iterator[tuple[Box, Verdict, Verdict]]:
    """Yield packets whose verdict is another one, with what it was and what it is."""
    for was in LEVELS:
        for now in LEVELS:
            if was is not now:
                both = (one & other for one in old[was] for other in new[now])
                yield from ((box, was, now) for box in coalesced(box for box in both if box))
    for level in LEVELS:
        for here, there, verdicts in ((new, old, (Verdict.BLOCKED, level)), (old, new, (level, Verdict.BLOCKED))):
            every = [box for boxes in there.values() for box in boxes]
            yield from ((box, *verdicts) for box in coalesced(minus_all(here[level], every)))


def _row(id: str, name: str, box: Box, verdicts: tuple[Verdict, Verdict], ways: _Ways) -> Told:
    addresses = box.sources
    example = address_text(KNOWN_ADDRESS if KNOWN_ADDRESS in addresses else addresses.smallest())
    opened = SURENESS.index(verdicts[1]) < SURENESS.index(verdicts[0])
    far, near = frozenset((Group(name, _name(addresses, name, opened)),)), frozenset(named(id, ways.side))
    sources, targets = (near, far) if ways.outward else (far, near)
    pair = (id, example) if ways.outward else (example, id)
    return Told("interface", sources, targets, box.services, *verdicts, (pair,))


def _name(addresses: IntervalSet, name: str, opened: bool) -> str:
    """Return what people call some addresses outside: their blocks where these are few."""
    known = "the internet" if name == INTERNET.resource else name
    blocks = blocks_of(addresses, MOST_BLOCKS)
    return f"{', '.join(blocks)} of {known}" if blocks else f"{'more' if opened else 'a part'} of {known}"
