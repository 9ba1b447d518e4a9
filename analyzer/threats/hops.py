"""A hop of an attack as people read it: the packet that shows it, the lines that it crosses, its technique and what it needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256

import msgspec

from ..ask import pair
from ..invariants.witnesses import letting
from ..models.answer import Hop, Pair
from ..models.attack import Actor, AttackHop, AttackPath, HopKind
from ..models.blast import Step
from ..models.endpoint import Endpoint
from ..models.location import Written
from ..models.packet import EVERY_SERVICE, IntervalSet, union
from ..models.service import parse_services, service_text
from ..models.table import INTERNET
from ..models.trust import DataClass, ZoneKind
from ..models.verdict import Verdict
from ..reach import Flows, Judgement
from .agreements import Agreements
from .ground import Ground
from .knowledge import Knowledge
from .ways import Attacks, Way

# The kinds of lines that people write and can change; a local route is none of them.
CHANGEABLE = ("security_group", "network_acl", "route_table", "transit_gateway_route_table", "firewall_policy")
# A /14 of IPv4: what a company may own; a rule that names more is open.
FEW = 1 << 18
FIREWALLS = ("network_firewall", "firewall_policy", "firewall_rule_group", "gateway_load_balancer")


class Shown(msgspec.Struct, frozen=True):
    """A hop with its witness, and every line that lets it through, those beside the witness's own included.

    `senders` is the number of addresses that get through.
    """

    pair: Pair
    lines: tuple[Hop, ...]
    services: IntervalSet
    senders: int = 0

    @property
    def narrow(self) -> bool:
        """Whether of the internet only few addresses get through."""
        return self.pair.source.id == INTERNET.resource and 0 < self.senders <= FEW

    @property
    def written(self) -> list[Written]:
        """The lines, as evidence names them."""
        return [Written(one.resource, one.line, one.origin) for one in self.lines]

    @property
    def controls(self) -> list[Written]:
        """The lines that somebody can change, each once, in the order of the way."""
        kept = (one for one in self.lines if one.kind in CHANGEABLE and not one.line.endswith("-> local"))
        return list(dict.fromkeys(Written(one.resource, one.line, one.origin) for one in kept))

    @property
    def inspected(self) -> bool:
        """Whether the packet passes a firewall."""
        return any(one.kind in FIREWALLS for one in self.pair.path)

    @property
    def last(self) -> tuple[Written, ...]:
        """The lines at the target's end: those of the last place that filters."""
        filters = [one for one in self.lines if one.kind == "security_group"]
        own = [one for one in filters if one.place == self.pair.target.id]
        end = own or [one for one in filters if one.place == filters[-1].place] or list(self.lines[-1:])
        return tuple(dict.fromkeys(Written(one.resource, one.line, one.origin) for one in end))


def _senders(judged: Judgement) -> int:
    found = union(one.piece.box.sources for one in judged.found if one.verdict is not Verdict.BLOCKED)
    return sum(high - low + 1 for low, high in found)


class Excess(msgspec.Struct, frozen=True):
    """A hop that no design needs, and why not: beside any contract, on services of administration, from a public subnet to data."""

    step: Step
    services: IntervalSet
    why: str


def services_of(step: Step) -> IntervalSet:
    """Return what arrives by a step."""
    return parse_services(",".join(step.services)) if step.services and step.services != ["all"] else EVERY_SERVICE


class Hops:
    """The hops of one snapshot, each shown once."""

    def __init__(self, attacks: Attacks, ground: Ground, agreements: Agreements, known: Knowledge) -> None:
        self._attacks, self._ground, self._agreements, self._known = attacks, ground, agreements, known
        self._shown: dict[tuple[str, str, IntervalSet], Shown] = {}

    def shown(self, source: str, target: str, services: IntervalSet = EVERY_SERVICE) -> Shown:
        """Return a hop on some services with its witness."""
        if (source, target, services) not in self._shown:
            near, far = self.ends([source, target])
            flows = Flows(self._attacks.world, [near], [far], services, there_only=True)
            judged = flows.of(near, far)
            lines = () if judged.verdict is Verdict.BLOCKED else tuple(letting(flows, far, judged))
            self._shown[source, target, services] = Shown(pair(flows, near, far, judged), lines, services, _senders(judged))
        return self._shown[source, target, services]

    @property
    def all(self) -> list[Shown]:
        """Every hop that was shown so far."""
        return list(self._shown.values())

    def ends(self, ids: Iterable[str]) -> list[Endpoint]:
        """Return the endpoints of some ids of the senders, those outside of the snapshot included."""
        from ..blast.senders import ends

        outside = {one.id: one for one in self._attacks.senders.added}
        return [outside[id] if id in outside else ends([id], self._attacks.world)[0] for id in ids]

    # ------------------------------------------------------------------ paths
    def path(self, actor: Actor, way: Way) -> AttackPath:
        """Return a way as an attack path."""
        hops = list(self._hops(actor, way))
        digest = sha256(
            "\0".join((actor.id, way.asset, way.steps[0].source, *(one.target for one in way.steps))).encode("utf-8", "replace")
        )
        return AttackPath(id=f"P-{digest.hexdigest()[:8]}", actor=actor.id, asset=way.asset, confidence=way.verdict, hops=hops)

    def _hops(self, actor: Actor, way: Way) -> Iterator[AttackHop]:
        zone: ZoneKind | None = actor.zone if actor.zone in OUTER else None
        for step in way.steps:
            shown, services = self.shown(step.source, step.target), services_of(step)
            asset = self._ground.assets.get(self._attacks.asset_of(step.target))
            told = self._known.hop(zone, asset.kind if asset else "", services)
            yield AttackHop(
                kind=HopKind.NETWORK,
                source=step.source,
                target=step.target,
                verdict=step.verdict,
                services=step.services,
                techniques=list(told.techniques),
                stride=told.stride,
                preconditions=[*self._needed(services), *shown.pair.conditions],
                contract=self._agreements.between(step.source, step.target, zone, services).contract,
                controls=shown.controls,
                path=shown.pair.path,
                reply_path=shown.pair.reply_path,
                conditions=shown.pair.conditions,
            )
            zone = None

    def _needed(self, services: IntervalSet) -> list[str]:
        return [self._known.attack.preconditions[self._known.use_of(services)]]

    def excess(self, actor: Actor, way: Way) -> list[Excess]:
        """Return the hops of a way that no design needs."""
        zone: ZoneKind | None = actor.zone if actor.zone in OUTER else None
        found = []
        for step in way.steps:
            one = self._excess(step, zone)
            if one is not None:
                found.append(one)
            zone = None
        return found

    def _excess(self, step: Step, zone: ZoneKind | None) -> Excess | None:
        services = services_of(step)
        told = self._agreements.between(step.source, step.target, zone, services)
        if told.excess and self._agreements.any:
            words = ", ".join(service_text(told.excess)[:3])
            return Excess(step, told.excess, f"no contract lets {told.source} talk to {told.target} on {words}")
        if zone is not None or told.contract:
            return None
        if self._known.use_of(services) == "admin":
            return Excess(step, self._known.of_use("admin", services), "a hop is on a service of administration")
        near, far = (self._ground.assets.get(self._attacks.asset_of(one)) for one in (step.source, step.target))
        if near is not None and far is not None and near.zone.endswith("/public") and far.data_class is DataClass.RESTRICTED:
            why = f"{near.name or near.id} stands in a public subnet, and talks to restricted data itself"
            return Excess(step, services, why)
        return None


OUTER: Sequence[ZoneKind] = (ZoneKind.INTERNET, ZoneKind.PARTNER, ZoneKind.ON_PREM)
