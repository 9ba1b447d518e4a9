"""What an intruder reaches hop after hop, and who comes to a target that way: `reach blast` and `reach into`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from ..ask import pair
from ..engine.factored import Factored
from ..evidence import end, not_modelled
from ..matrix.grain import GroupsOf, grain, groups_of
from ..models.answer import Pair, SnapshotFacts
from ..models.blast import Beyond, BlastQuery, BlastRadius, GroupCount, HopCount, Reached, Step
from ..models.endpoint import Endpoint
from ..models.matrix import Group
from ..models.packet import IntervalSet, union
from ..models.service import parse_services
from ..models.snapshot import Snapshot
from ..models.table import INTERNET
from ..models.verdict import Verdict
from ..reach import Flows
from ..select import select
from ..select.catalogue import INTERFACE, subjects
from ..sources import networks_outside
from .chains import Chains, Met, Sense
from .hosts import NOT_HELD, Hosts
from .reasons import reasons
from .senders import LEVELS, Senders, ends

__all__ = ["blast"]

MOST_NAMED = 5


def blast(
    world: Snapshot, kept: Callable[[], Factored], query: BlastQuery, limit: int | None = None, *, explain: bool = False
) -> BlastRadius:
    """Return the answer to a question about hops.

    `kept` gives the relation of the snapshot as it is kept; it is asked after the question was read. `limit` is the most resources that are
    listed, None for all; with `explain` each hop to what is listed is shown. Raises QuestionError for a selector that matches
    nothing, a service or a grain that is none.
    """
    chosen = select(query.selector, world)
    services = parse_services(query.on or "")
    grouped = grain(query.by) if query.by is not None else None
    asked = _Asked(world, kept(), query, chosen, services)
    listed = asked.chains.met[:limit]
    told = [asked.reached(one) for one in listed]
    return BlastRadius(
        query=query,
        sources=[end(one) for one in asked.start],
        hops=asked.hop_counts(),
        reached=told,
        reached_total=asked.chains.count,
        internet=next((one.verdict for one in asked.chains.met if one.resource == INTERNET.resource), Verdict.BLOCKED),
        by=asked.group_counts(grouped) if grouped is not None else [],
        beyond=asked.beyond(),
        paths=asked.paths(told) if explain else [],
        notes=asked.notes(),
        not_modelled=[*not_modelled(world, []), *asked.left_out()],
        snapshot=SnapshotFacts(collected_at=world.collected_at, accounts=world.accounts),
    )


class _Asked:
    """One question, its chains, and what is to be told of them."""

    def __init__(self, world: Snapshot, made: Factored, query: BlastQuery, chosen: list[Endpoint], services: IntervalSet) -> None:
        self.world, self.query, self._services = world, query, services
        self.sense = Sense.OUTWARD if query.verb == "blast" else Sense.INWARD
        self._named = [one for one in chosen if not one.interface and one.kind != INTERNET.resource]
        outward = self.sense is Sense.OUTWARD
        outside, beyond = (self._named, []) if outward else (networks_outside(world), self._named)
        self._senders = Senders(world, made, services, outside, beyond)
        self._hosts = Hosts(world, self._senders, query.hold)
        ids = {one.id for one in chosen}
        self._ids = self._hosts.whole(ids | self._owners())
        self._more = len(self._ids) - len(ids)
        known = {one.id for one in self._named}
        self.start = [*ends([id for id in self._ids if id not in known], world), *self._named]
        self.chains = self._chains(self._hosts, query.hops)

    def _owners(self) -> set[str]:
        """Return the interfaces that own any of the addresses that were named: who sends from one of them holds its host."""
        wanted = union(one.addresses for one in self._named if one.kind == "address")
        every = self.world.all(INTERFACE) if wanted else ()
        return {
            one.id
            for one in every
            if one.private_addresses & wanted or any(number in wanted for number in one.public_addresses.values())
        }

    def _chains(self, hosts: Hosts, most: int | None) -> Chains:
        return Chains(self._senders, hosts, self._ids, self.sense, most)

    # ------------------------------------------------------------------ one resource
    def reached(self, one: Met) -> Reached:
        """Return a resource that is met, with its way."""
        (endpoint,) = self._ends([one.id])
        return Reached(
            endpoint=end(endpoint),
            resource=one.resource,
            depth=one.depth,
            verdict=one.verdict,
            held=self._hosts.holds(one.id),
            way=self.chains.way(one.id, one.verdict),
            sooner=one.sooner,
        )

    def _ends(self, ids: Iterable[str]) -> list[Endpoint]:
        outside = {one.id: one for one in self._senders.added}
        return [outside[id] if id in outside else ends([id], self.world)[0] for id in ids]

    def paths(self, listed: Iterable[Reached]) -> list[Pair]:
        """Return each hop of the ways, once, with a packet that shows it."""
        steps: dict[tuple[str, str], Step] = {(each.source, each.target): each for one in listed for each in one.way}
        found = []
        for source_id, target_id in steps:
            source, target = self._ends([source_id, target_id])
            flows = Flows(self.world, [source], [target], self._services, there_only=True)
            found.append(pair(flows, source, target, flows.of(source, target)))
        return found

    # ------------------------------------------------------------------ counts
    def _counted(self) -> list[Met]:
        return [one for one in self.chains.met if one.resource != INTERNET.resource]

    def hop_counts(self) -> list[HopCount]:
        """Return how many resources come with each hop."""
        counts = Counter((one.depth, one.verdict.value) for one in self._counted())
        held = Counter(one.depth for one in self._counted() if self._hosts.holds(one.id))
        depths = sorted({depth for depth, _ in counts})
        return [
            HopCount(hop=depth, held=held[depth], **{level.value: counts[depth, level.value] for level in LEVELS})
            for depth in depths
        ]

    def group_counts(self, of: GroupsOf) -> list[GroupCount]:
        """Return how many resources of each group are met, and how many it has; groups of which nothing is met come along."""
        start, interfaces = {self._hosts.of(id).resource for id in self._ids}, self._hosts.by_resource
        total: Counter[Group] = Counter()
        for resource, ids in interfaces.items():
            if resource not in start:
                total.update({group for id in ids for group in groups_of(id, self.world, of)})
        met: Counter[tuple[Group, str]] = Counter()
        for one in self._counted():
            groups = {group for id in interfaces.get(one.resource, ()) for group in groups_of(id, self.world, of)}
            met.update((group, one.verdict.value) for group in groups)
        rows = [
            GroupCount(group=group, of=count, **{level.value: met[group, level.value] for level in LEVELS})
            for group, count in total.items()
        ]
        return sorted(rows, key=lambda row: (-row.reached, not row.group.id, row.group))

    def _is_inside(self, one: Met) -> bool:
        return self.world.find(INTERFACE, one.id) is not None

    def beyond(self) -> Beyond:
        """Return how many more are met without the limit of hops, and if an intruder held everything that he reaches."""
        count, hops = self.chains.count, self.query.hops
        farther = self._chains(self._hosts, None) if hops is not None else self.chains
        next_hop = (
            sum(1 for one in self._chains(self._hosts, hops + 1).met if one.resource != INTERNET.resource) if hops else count
        )
        all_held = Hosts(self.world, self._senders, "all") if self.query.hold != "all" else self._hosts
        everything = self._chains(all_held, hops).count if all_held is not self._hosts else count
        return Beyond(next_hop=next_hop - count, any_hops=farther.count - count, hold_all=everything - count)

    # ------------------------------------------------------------------ in words
    def notes(self) -> list[str]:
        """Return what is to be said on the whole: what was taken along, and what is reached but not held."""
        nothing = not self.chains.met and not self.world.lacks
        return [*self._taken_along(), *self._not_held(), *reasons(self.world, self.query, self.start, nothing=nothing)]

    def _taken_along(self) -> list[str]:
        more = self._more
        if not more:
            return []
        return [f"{more} more interface{'s' if more > 1 else ''} of the same hosts count{'' if more > 1 else 's'} as named"]

    def _not_held(self) -> list[str]:
        if self.query.hold == "all":
            return []
        kinds = Counter(self._hosts.of(one.id).kind for one in self._counted() if self._is_inside(one))
        why: dict[str, list[str]] = {}
        for kind in sorted(kinds.keys() & NOT_HELD.keys()):
            why.setdefault(NOT_HELD[kind], []).append(f"{kinds[kind]} {kind}")
        return [f"no hop goes on from {', '.join(named)}: {reason}" for reason, named in why.items()]

    def left_out(self) -> list[str]:
        """Return the endpoints that no hop leads to here: those without an interface."""
        known = {one.id for one in self._named}
        missing = sorted(one.id for one in subjects(self.world) if one.interface is None and one.id not in known)
        more = f" and {len(missing) - MOST_NAMED:,} more" if len(missing) > MOST_NAMED else ""
        return (
            [f"endpoints without an interface are in no chain of hops: {', '.join(missing[:MOST_NAMED])}{more}"]
            if missing
            else []
        )
