"""Which of the strangers on the internet come in, where some did before and some do now: the relation tells of the internet as one."""

from __future__ import annotations

from collections.abc import Iterator

from ..engine.box import Box, minus_all
from ..models.endpoint import Endpoint
from ..models.matrix import Group
from ..models.packet import EVERY_ADDRESS, IntervalSet, address_text, union
from ..models.table import INTERNET
from ..models.verdict import SURENESS, Verdict
from ..reach import Flows
from ..select import select
from ..select.selection import Selection, endpoints
from ..witness import KNOWN_ADDRESS
from .sides import Side
from .telling import Told, named, together

MORE = Group(INTERNET.resource, "more of the internet")
PART = Group(INTERNET.resource, "a part of the internet")
LEVELS = SURENESS[:-1]


def by_strangers(before: Side, after: Side, services: IntervalSet) -> list[Told]:
    """Return rows for interfaces to which strangers come who did not, or no longer, on services on which others did and do.

    What opened or closed for the whole internet is told already. Addresses that anybody owns in either snapshot are left out.
    """
    ids = [id for id in before.ids if id != INTERNET.resource and id in before.class_of and id in after.class_of]
    was, now = _Strangers(before, ids, services), _Strangers(after, ids, services)
    common = was.internet.addresses & now.internet.addresses
    rows = [row for id in ids for row in _of(id, was, now, common, after)]
    return together(rows)


class _Strangers:
    """Who comes from the internet to some interfaces."""

    def __init__(self, side: Side, ids: list[str], services: IntervalSet) -> None:
        (self.internet,) = select(INTERNET.resource, side.world)
        bit = 1 << side.numbers[INTERNET.resource]
        reached = {name for name in {side.class_of[id] for id in ids} if any(bits & bit for bits, _ in side.blocks(name))}
        wanted = frozenset(id for id in ids if side.class_of[id] in reached)
        self._ends: dict[str, Endpoint] = {one.id: one for one in endpoints(Selection(wanted), side.world)} if wanted else {}
        self._flows = Flows(side.world, [self.internet], list(self._ends.values()), services, there_only=True)

    def boxes(self, id: str, level: Verdict, among: IntervalSet) -> list[Box]:
        """Return which of some strangers come to an interface, on what, at least as surely as a level."""
        end, enough = self._ends.get(id), LEVELS[: LEVELS.index(level) + 1]
        found = self._flows.pieces(self.internet, end) if end is not None else ()
        boxes = (Box(one.piece.box.sources & among, EVERY_ADDRESS, one.services) for one in found if one.verdict in enough)
        return [box for box in boxes if box]


def _of(id: str, was: _Strangers, now: _Strangers, common: IntervalSet, after: Side) -> Iterator[Told]:
    told = (IntervalSet(), IntervalSet())
    for level in LEVELS:
        old, new = was.boxes(id, level, common), now.boxes(id, level, common)
        both = union(one.services for one in old) & union(one.services for one in new)
        for number, (here, there) in enumerate(((new, old), (old, new))):
            more = minus_all([Box(one.sources, one.targets, one.services & both) for one in here if one.services & both], there)
            services = union(one.services for one in more) - told[number]
            if not services:
                continue
            told = (told[0] | services, told[1]) if number == 0 else (told[0], told[1] | services)
            addresses = union(one.sources for one in more if one.services & services)
            example = address_text(KNOWN_ADDRESS if KNOWN_ADDRESS in addresses else addresses.smallest())
            verdicts = (Verdict.BLOCKED, level) if number == 0 else (level, Verdict.BLOCKED)
            yield Told(
                "interface",
                frozenset((PART if number else MORE,)),
                frozenset(named(id, after)),
                services,
                *verdicts,
                ((example, id),),
            )
