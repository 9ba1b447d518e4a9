"""Who sends to whom on some services, as bits: the relation, with the addresses in it that a question names besides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

from ..engine.factored import Factored
from ..engine.relation import Row
from ..engine.units import numbers_in
from ..mail import SMTP
from ..models.endpoint import Endpoint
from ..models.packet import EVERY_SERVICE, IntervalSet
from ..models.snapshot import Snapshot
from ..models.table import INTERNET
from ..models.verdict import SURENESS, Verdict
from ..reach import Flows, Judgement
from ..related import Related, bits_by_name, judged_rows, rows_on
from ..select.selection import Selection, endpoints

# How sure a way must be at least; each level holds the ones before it.
LEVELS = SURENESS[:-1]


class Senders:
    """Who sends to whom on the services that are asked about.

    `outside` are sources and `beyond` targets that the relation does not hold: addresses, and endpoints without an interface. The
    first hop of the former and the last one of the latter are what the ordinary question says.
    """

    def __init__(
        self,
        world: Snapshot,
        kept: Factored,
        services: IntervalSet,
        outside: Sequence[Endpoint] = (),
        beyond: Sequence[Endpoint] = (),
    ) -> None:
        self.world, self.services, self._kept = world, services, kept
        made: Related = kept.relation
        self._made = made
        self._outside = {one.id: one for one in outside}
        self._beyond = {one.id: one for one in beyond}
        known = bits_by_name(made)
        more = [*(name for name in made.targets if name not in known), *self._outside, *self._beyond]
        self.names: Sequence[str] = (*made.sources, *dict.fromkeys(more))
        self.bits = known | {name: 1 << number for number, name in enumerate(self.names) if number >= len(made.sources)}
        self._rows: dict[str, tuple[Row, ...]] = {}
        self._levels: dict[str, tuple[int, ...]] = {}
        self._reached: dict[str, tuple[int, ...]] = {}

    @property
    def added(self) -> list[Endpoint]:
        """The endpoints that the relation does not hold."""
        return [*self._outside.values(), *self._beyond.values()]

    def members(self, name: str) -> Sequence[str]:
        """Return the ids behind a name: of a class its interfaces; the internet and addresses are themselves."""
        return (name,) if name in self._outside or name in self._beyond else self._made.members(name)

    @cached_property
    def name_of(self) -> dict[str, str]:
        """The name of each member."""
        return {id: name for name in self.bits for id in self.members(name)}

    def named(self, bits: int) -> Iterator[str]:
        """Yield the names of some bits, each once."""
        return iter(dict.fromkeys(self.names[number] for number in numbers_in(bits)))

    # ------------------------------------------------------------------ who sends to a name
    def rows(self, name: str) -> tuple[Row, ...]:
        """Return what reaches a target; kept, for ways are told hop by hop."""
        if name not in self._rows:
            self._rows[name] = tuple(self._told(name))
        return self._rows[name]

    def levels(self, name: str) -> tuple[int, ...]:
        """Return who reaches a target surely, at least conditionally, and at least perhaps."""
        if name not in self._levels:
            self._levels[name] = _levels(self.rows(name))
        return self._levels[name]

    def _told(self, name: str) -> Iterator[Row]:
        if name in self._beyond:
            yield from self._to_beyond(self._beyond[name])
        else:
            yield from rows_on(self._made, self.world, self.services, [name])
            for id in self._outside:
                yield from judged_rows(name, self.bits[id], self._first_hop(id, name))
        if self.world.lacks:
            yield Row(name, (1 << len(self.names)) - 1, self.services, Verdict.UNKNOWN)

    def _first_hop(self, source: str, name: str) -> Judgement:
        return self._from_outside.of(self._outside[source], self._ends[self.members(name)[0]])

    def _to_beyond(self, target: Endpoint) -> Iterator[Row]:
        """Yield what reaches a target that the relation does not hold; those of one class are alike."""
        sources = [self._ends[self.members(name)[0]] for name in dict.fromkeys(self._made.sources)]
        flows = Flows(self.world, [*sources, *self._outside.values()], [target], self.services, there_only=True)
        for source in flows.sources:
            if source.id != target.id:
                yield from judged_rows(target.id, self.bits[self.name_of[source.id]], flows.of(source, target))

    @cached_property
    def _from_outside(self) -> Flows:
        targets = [self._ends[self.members(name)[0]] for name in self._made.targets]
        return Flows(self.world, list(self._outside.values()), targets, self.services, there_only=True)

    @cached_property
    def _ends(self) -> dict[str, Endpoint]:
        """An endpoint for the first member of each name that the relation holds: what is true of it is true of the others."""
        names = dict.fromkeys([*self._made.sources, *self._made.targets])
        return {one.id: one for one in ends([self.members(name)[0] for name in names], self.world)}

    # ------------------------------------------------------------------ everything at once
    def reached_from(self, near: int, at: int) -> int:
        """Return whom any of some senders reaches, as surely as the level of this place in LEVELS."""
        if self.world.lacks and at == len(LEVELS) - 1:
            return (1 << len(self.names)) - 1
        targets: set[int] = set()
        enough, everything = LEVELS[: at + 1], self.services == EVERY_SERVICE
        for one in self._kept.met(near & self._inside):
            if one.verdict in enough and (everything or one.services & self.services):
                targets.update(one.targets)
        targets.difference_update([one for one in targets & self._internet if not self._counts(one, near, at)])
        found = self._kept.senders(targets)
        for target in targets & self._mute:
            found |= self.bits[self._made.targets[target]]
        for id in self._outside:
            if self.bits[id] & near:
                found |= self._from(id)[at]
        return found

    def tells(self, level: Verdict) -> bool:
        """Return whether any hop may be of this verdict."""
        return bool(self.world.lacks or self._outside or self._beyond) or level in self._kept.verdicts

    @cached_property
    def _inside(self) -> int:
        """The bits that the relation knows."""
        return (1 << len(self._made.sources)) - 1

    @cached_property
    def _internet(self) -> set[int]:
        """The place of the internet among the targets."""
        return {number for number, name in enumerate(self._made.targets) if name == INTERNET.resource}

    @cached_property
    def _mute(self) -> set[int]:
        """The targets, by place, that send nothing in the relation, and have a bit all the same."""
        known = set(self._made.sources)
        return {number for number, name in enumerate(self._made.targets) if name not in known}

    def _counts(self, internet: int, near: int, at: int) -> bool:
        """Return whether the internet is reached so surely: mail alone, which AWS blocks by default, is conditional (Fine print)."""
        name = self._made.targets[internet]
        if not self.services <= SMTP:
            return True
        return any(near & row.sources and LEVELS.index(row.verdict) <= at for row in self.rows(name))

    def _from(self, id: str) -> tuple[int, ...]:
        """Return whom a source that the relation does not hold reaches, at each level."""
        if id not in self._reached:
            found = [0] * len(LEVELS)
            for name in self._made.targets:
                rows = judged_rows(name, self.bits[id], self._first_hop(id, name))
                for at, bits in enumerate(_levels(list(rows))):
                    found[at] |= self.bits[name] if bits else 0
            self._reached[id] = tuple(found)
        return self._reached[id]


def ends(ids: Sequence[str], world: Snapshot) -> list[Endpoint]:
    """Return the endpoints of some interfaces, and of the internet where it is among them."""
    from ..select import select

    inside = frozenset(ids) - {INTERNET.resource}
    out = select(INTERNET.resource, world) if len(inside) < len(set(ids)) else []
    return [*endpoints(Selection(inside), world), *out]


def _levels(rows: Iterator[Row] | Sequence[Row]) -> tuple[int, ...]:
    by_verdict = dict.fromkeys(LEVELS, 0)
    for row in rows:
        by_verdict[row.verdict] |= row.sources
    sure, conditional, unknown = by_verdict.values()
    return sure, sure | conditional, sure | conditional | unknown
