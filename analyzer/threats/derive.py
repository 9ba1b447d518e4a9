"""From a snapshot to what is wrong with it: one pass, which edited twins go through as well."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cached_property
from itertools import islice

import msgspec

from ..blast.chains import Met
from ..engine.factored import Factored
from ..engine.units import numbers_in
from ..models.attack import AttackPath, Depth
from ..models.blast import Step
from ..models.packet import EVERY_SERVICE, NOTHING, IntervalSet, union
from ..models.service import parse_services
from ..models.snapshot import Snapshot
from ..models.threat import Risk
from ..models.trust import Asset, EntryPoint, Exposure, ZoneKind
from ..models.verdict import SURENESS
from .actors import Attacker, attackers
from .agreements import Agreements
from .apart import Apart
from .crossings import Crossings
from .declared import Declared
from .depths import depths
from .entries import Entries
from .exposed import Exposed
from .ground import Ground, replaced
from .hops import OUTER, Hops, services_of
from .knowledge import Knowledge
from .scoring import Draft, scored
from .signed import signed
from .ways import Attacks, Way

# So many pairs of an actor and an asset are told with their ways, the nearest first; of assets that no line tells apart one.
MOST_PAIRS = 60
# The depth of so many restricted assets is counted for each actor outside.
MOST_DEPTHS = 40
MOST_BESIDE = 5
MOST_DEPTHS_OF_LARGE = 10
LARGE = 5_000
TCP = parse_services("tcp/1-65535")


class Asked(msgspec.Struct, frozen=True):
    """What does not change from a snapshot to its twins: declarations, knowledge, the actors that are wanted, the day."""

    declared: Declared
    known: Knowledge
    actors: tuple[str, ...]
    today: date


class Derived:
    """What follows from one snapshot; each part is found when it is asked for."""

    def __init__(self, world: Snapshot, kept: Factored, asked: Asked) -> None:
        self.world, self.kept, self.asked = world, kept, asked
        self.ground = Ground(world, asked.declared, asked.known)
        self.attackers, self.notes = attackers(world, asked.declared, asked.known, asked.actors)
        self.attacks = Attacks(world, kept, self.ground, self.attackers)
        self.agreements = Agreements(self.ground, asked.declared)
        self.hops = Hops(self.attacks, self.ground, self.agreements, asked.known)
        # A hop that shows each risk, by its id, as far as it is one hop that does.
        self.steps: dict[str, Step] = {}
        self.entries = Entries(self.attacks, self.ground, self.hops, self.attackers)

    # ------------------------------------------------------------------ who gets where
    @cached_property
    def exposures(self) -> dict[str, list[Exposure]]:
        """From which zones outside each asset is reached in one hop."""
        return self.entries.exposures()

    @cached_property
    def told_assets(self) -> dict[str, Asset]:
        """The assets with what reaches them from outside, by id."""
        return {id: replaced(one, exposures=self.exposures.get(id, [])) for id, one in self.ground.assets.items()}

    @cached_property
    def entry_points(self) -> list[EntryPoint]:
        """Where somebody from outside comes in."""
        return self.entries.all(self.exposures)

    def met(self, one: Attacker) -> list[Met]:
        """Return the restricted assets that an actor reaches, the nearest first, one of those that no line tells apart."""
        name_of = self.attacks.senders.name_of
        return list({name_of[each.id]: each for each in reversed(self.attacks.met(one.actor.id))}.values())[::-1]

    def _deep(self, one: Attacker) -> list[Met]:
        """Return those of them that take several hops."""
        return [each for each in self.met(one) if each.depth > 1]

    def untold(self) -> Iterator[str]:
        """Yield which resources are told as another one, and of how many restricted assets neither ways nor risks are told."""
        for id, asset in self.ground.beside[:MOST_BESIDE]:
            yield f"{id} may be at the interfaces of {asset}: it is no asset of its own, what is told of one may be of the other"
        if len(self.ground.beside) > MOST_BESIDE:
            yield f"{len(self.ground.beside) - MOST_BESIDE:,} more resources may be at the interfaces of another one"
        for one in self.attackers:
            looked_at = self._deep(one) if one.actor.zone in OUTER else self.met(one)
            alike = self.attacks.alike(one.actor.id)
            more = [
                sum(len(alike[self.attacks.senders.name_of[each.id]]) for each in met[MOST_PAIRS:])
                for met in (self.met(one), looked_at)
            ]
            if more[0]:
                yield f"{one.actor.id}: the ways to {more[0]:,} more restricted assets are not told; no risk tells of {more[1]:,} of these"

    @cached_property
    def reached(self) -> dict[tuple[str, str], int]:
        """For each actor and restricted asset that he reaches the number of hops."""
        return {
            (one.actor.id, self.attacks.asset_of(met.id)): met.depth
            for one in self.attackers
            for met in self.attacks.met(one.actor.id)
        }

    def ways(self, most: int) -> Iterator[tuple[Attacker, Way]]:
        """Yield the ways of all actors, `most` to each asset."""
        for one in self.attackers:
            for met in self.met(one)[:MOST_PAIRS]:
                for way in self.attacks.ways(one.actor.id, met, most):
                    yield one, way

    def paths(self, most: int) -> list[AttackPath]:
        """Return the attack paths of all actors, `most` to each asset."""
        return [self.hops.path(one.actor, way) for one, way in self.ways(most)]

    # ------------------------------------------------------------------ what is wrong
    @cached_property
    def depths(self) -> list[Depth]:
        """How many edits lie between those outside and restricted assets, one of those that no line tells apart."""
        name_of = self.attacks.senders.name_of
        alike = {name_of.get(one.interfaces[0], one.id): one for one in reversed(self.ground.restricted)}
        most = MOST_DEPTHS if len(self.ground.assets) <= LARGE else MOST_DEPTHS_OF_LARGE
        targets = [
            (one, self.hops.ends([one.interfaces[0]])[0], self._answers_on(one)) for one in islice(reversed(alike.values()), most)
        ]
        found = []
        for one in self.entries.outer:
            sources = self.hops.ends(self.attacks.starts[one.actor.id])[:3]
            found += depths(self.world, one.actor.id, sources, targets)
        return sorted(found, key=lambda one: (one.least, SURENESS.index(one.verdict), one.actor, one.asset))

    def _answers_on(self, asset: Asset) -> IntervalSet:
        """Return the services on which an asset is reached by anybody: what it is for; every port of TCP where nobody reaches it."""
        name = self.attacks.senders.name_of.get(asset.interfaces[0], "")
        found = union(one.services for one in self.attacks.senders.rows(name)) if name else NOTHING
        return found & TCP if found & TCP and found != EVERY_SERVICE else TCP

    def drafts(self, *, mistakes: bool) -> Iterator[Draft]:
        """Yield everything that is wrong; with `mistakes` also what is one edit away, and what no packet shows."""
        known = self.asked.known
        exposed = Exposed(self.attacks, self.entries, self.hops, self.ground, self.agreements, known)
        told = set()
        for one in self.entries.outer:
            yield from exposed.assets(one.actor)
            yield from exposed.administration(one.actor)
            for draft in exposed.paths(one.actor, self._deep(one)[:MOST_PAIRS]):
                told.add(draft.evidence)
                yield draft
        for one in self.attackers:
            if one.actor.zone not in OUTER:
                yield from exposed.movement(one.actor, self.met(one)[:MOST_PAIRS], told)
        apart = self._apart
        yield from (*apart.contexts(), *apart.environments(), *apart.inspection())
        if mistakes:
            yield from signed(self.world, self.told_assets, self.entry_points, known)
        if mistakes and any(one.actor.zone is ZoneKind.INTERNET for one in self.entries.outer):
            yield from exposed.one_mistake(self.depths)

    def risks(self, *, mistakes: bool = True) -> list[Risk]:
        """Return the risks, the worst first; of several with one id the worst."""
        asked = self.asked
        drafts = list(self.drafts(mistakes=mistakes))
        every = [scored(one, asked.known, asked.declared, asked.today) for one in drafts]
        self.steps |= {one.id: draft.step for one, draft in zip(every, drafts, strict=True) if draft.step is not None}
        best: dict[str, Risk] = {}
        for one in sorted(every, key=lambda each: -each.score):
            best.setdefault(one.id, one)
        return sorted(best.values(), key=lambda one: (-one.score, one.id))

    @cached_property
    def risks_of_packets(self) -> list[Risk]:
        """The risks, those left out that take a mistake first: what is compared with the risks of a twin."""
        return self.risks(mistakes=False)

    # ------------------------------------------------------------------ who talks to whom
    @cached_property
    def _apart(self) -> Apart:
        return Apart(self.attacks, self.kept, self.hops, self.ground, self.agreements, self.asked.known, self.exposures)

    def between(self) -> Iterator[tuple[str, str, IntervalSet]]:
        """Yield what passes between contexts, and from zones outside to contexts."""
        flows = Crossings(self.kept, self._apart.context_of_source, self.agreements.side)
        yield from ((one.near, one.far, one.services) for one in flows.that_are(lambda near, far, services: services))
        for one in self.entries.outer:
            for asset, steps in self.entries.steps(one.actor.id).items():
                services = union(services_of(step) for step in steps)
                yield one.actor.zone.value, self.ground.assets[asset].context, services

    @cached_property
    def kept_contracts(self) -> dict[str, IntervalSet]:
        """What passes of each contract, by its words."""
        return self.agreements.passing(self.between()) if self.agreements.any else {}

    def broken(self, after: Derived) -> list[str]:
        """Return the contracts of which something passes here and not in a twin."""
        twin = after.kept_contracts
        return [text for text, services in self.kept_contracts.items() if services - twin.get(text, NOTHING)]

    @cached_property
    def talking(self) -> dict[tuple[str, str], IntervalSet]:
        """Which assets can talk to which, surely or not, and on what."""
        relation, of = self.kept.relation, self.attacks.asset_of
        found: dict[tuple[str, str], IntervalSet] = {}
        for mine, reached in self.kept.reaching((1 << len(relation.sources)) - 1):
            near = {of(id) for number in numbers_in(mine) for id in relation.members(relation.sources[number])}
            for one in reached:
                far = {of(id) for target in one.targets for id in relation.members(relation.targets[target])}
                for pair in ((source, target) for source in near for target in far if source != target):
                    found[pair] = found.get(pair, NOTHING) | one.services
        return found

    def lost(self, after: Derived) -> tuple[list[tuple[str, str]], int]:
        """Return the assets that can talk here and cannot in a twin, and how many can talk on less."""
        gone = sorted(pair for pair in self.talking if pair not in after.talking)
        less = sum(1 for pair, services in after.talking.items() if self.talking.get(pair, NOTHING) - services)
        return gone, less
