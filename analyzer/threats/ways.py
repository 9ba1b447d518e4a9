"""The ways of actors: whom each reaches hop after hop, and by which hops, the shortest first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import islice, pairwise

import msgspec

from ..blast.chains import Chains, Met, Sense
from ..blast.hosts import Hosts
from ..blast.senders import LEVELS, Senders
from ..engine.factored import Factored
from ..models.blast import Step
from ..models.endpoint import Endpoint
from ..models.packet import EVERY_SERVICE
from ..models.snapshot import Snapshot
from ..models.table import INTERNET
from ..models.verdict import SURENESS, Verdict
from ..select import select
from .actors import Attacker
from .ground import Ground

# Of more hosts on the way only the shortest way is told: all simple ways between them would not end.
MOST_HOSTS = 400
# Ways that are so much longer than the shortest one are not told.
DETOUR = 2


class Way(msgspec.Struct, frozen=True):
    """Hops from an actor's start to an asset; as sure as the least sure of them."""

    actor: str
    asset: str
    steps: tuple[Step, ...]

    @property
    def verdict(self) -> Verdict:
        """How sure it is."""
        return max((one.verdict for one in self.steps), key=SURENESS.index, default=Verdict.REACHABLE)


class Attacks:
    """All actors over one snapshot, their hops compiled once."""

    def __init__(self, world: Snapshot, kept: Factored, ground: Ground, attackers: Sequence[Attacker]) -> None:
        self.world, self.ground = world, ground
        outside = {one.id: one for each in attackers if each.begins is not None for one in each.begins.outside}
        self.senders = Senders(world, kept, EVERY_SERVICE, list(outside.values()))
        self.hosts = Hosts(world, self.senders)
        self.starts = {one.actor.id: self._begins(one) for one in attackers}

    @cached_property
    def doors(self) -> list[Endpoint]:
        """The assets that have no interface and doors of their own: no hop but a first one leads to them."""
        alone = [one.id for one in self.ground.assets.values() if self.world.find("network_interface", one.interfaces[0]) is None]
        return [end for id in alone for end in select(id, self.world) if end.id == id]

    def _begins(self, one: Attacker) -> list[str]:
        if one.begins is not None:
            return self.hosts.whole(one.begins.names)
        return self.hosts.whole(self.entry_hosts if one.follows == "entry-hosts" else self.egress_hosts)

    # ------------------------------------------------------------------ one hop
    def reached(self, id: str) -> dict[str, Verdict]:
        """Return whom an endpoint reaches in one hop, by id of the interface, and how surely."""
        found: dict[str, Verdict] = {}
        bits = self.senders.bits.get(self.senders.name_of.get(id, ""), 0)
        for at, level in enumerate(LEVELS):
            for name in self.senders.named(self.senders.reached_from(bits, at)) if self.senders.tells(level) or not at else ():
                for member in self.senders.members(name):
                    found.setdefault(member, level)
        return found

    @cached_property
    def from_internet(self) -> dict[str, Verdict]:
        """Whom strangers reach in one hop."""
        return self.reached(INTERNET.resource)

    @cached_property
    def entry_hosts(self) -> list[str]:
        """The hosts that strangers reach in one hop."""
        return sorted(id for id in self.from_internet if self.hosts.holds(id))

    @cached_property
    def egress_hosts(self) -> list[str]:
        """The hosts that may send to the internet."""
        sure = self.senders.levels(INTERNET.resource)[-1] if INTERNET.resource in self.senders.bits else 0
        found = (id for name in self.senders.named(sure) for id in self.senders.members(name))
        return sorted(id for id in found if self.hosts.holds(id))

    # ------------------------------------------------------------------ ways
    def chains(self, actor: str) -> Chains:
        """Return whom an actor reaches, hop after hop."""
        if actor not in self._chains:
            self._chains[actor] = Chains(self.senders, self.hosts, self.starts[actor], Sense.OUTWARD)
        return self._chains[actor]

    @cached_property
    def _chains(self) -> dict[str, Chains]:
        return {}

    def met(self, actor: str) -> list[Met]:
        """Return the restricted assets that an actor reaches, the nearest first."""
        wanted = {one.id for one in self.ground.restricted}
        return [one for one in self.chains(actor).met if self.asset_of(one.id) in wanted]

    def alike(self, actor: str) -> dict[str, list[str]]:
        """Return the restricted assets that an actor reaches, by what no line tells apart: the same ways lead to all of one name."""
        found: dict[str, list[str]] = {}
        for one in self.met(actor):
            found.setdefault(self.senders.name_of[one.id], []).append(self.asset_of(one.id))
        return found

    def asset_of(self, id: str) -> str:
        """Return the asset that an interface belongs to; the id itself for what is none."""
        return self.ground.asset_of.get(id, id)

    def ways(self, actor: str, one: Met, most: int) -> list[Way]:
        """Return the ways of an actor to an asset, the surest and shortest first, `most` at most."""
        asset = self.asset_of(one.id)
        shortest = Way(actor, asset, tuple(self.chains(actor).way(one.id, one.verdict)))
        others = self._others(actor, one, len(shortest.steps)) if most > 1 else iter(())
        found = [shortest]
        for steps in islice(others, 4 * most):
            if len(found) == most:
                break
            if steps != shortest.steps:
                found.append(Way(actor, asset, steps))
        return found

    def _others(self, actor: str, one: Met, shortest: int) -> Iterator[tuple[Step, ...]]:
        """Yield simple ways of not many more hops, hosts that no line tells apart once."""
        import networkx

        chains = self.chains(actor)
        held = {name for bits in chains.waves(LEVELS[-1]).held for name in self.senders.named(bits)}
        if len(held) > MOST_HOSTS:
            return
        graph: networkx.DiGraph[str] = networkx.DiGraph()
        goal, begins = self.senders.name_of[one.id], {self._host(id) for id in self.starts[actor]}
        for name in sorted({*held, goal}):
            far = "goal" if name == goal else self._host(self.senders.members(name)[0])
            for near in self.senders.named(self.senders.levels(name)[-1]) if far not in begins else ():
                if near in held and near != goal:
                    graph.add_edge(self._host(self.senders.members(near)[0]), far, ends=(near, name))
        graph.add_edges_from(("", host) for host in sorted(begins & set(graph)))
        if "goal" in graph and "" in graph and networkx.has_path(graph, "", "goal"):
            for hosts in networkx.shortest_simple_paths(graph, "", "goal"):
                if len(hosts) - 2 > shortest + DETOUR:
                    return
                names = [graph.edges[ends]["ends"] for ends in pairwise(hosts[1:])]
                yield tuple(chains.step(self._first(near), one.id if far == goal else self._first(far)) for near, far in names)

    def _host(self, id: str) -> str:
        return self.hosts.of(id).host

    def _first(self, name: str) -> str:
        return self.senders.members(name)[0]
