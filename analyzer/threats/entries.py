"""Entry points: where somebody from outside comes in, be it by packets or by a door that a policy guards."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256

from ..models.blast import Step
from ..models.component import Component
from ..models.packet import EVERY_SERVICE, NOTHING, union
from ..models.service import service_text
from ..models.trust import Asset, EntryPoint, Exposure, ZoneKind
from ..models.verdict import SURENESS, Verdict
from ..reach import Flows
from ..select.catalogue import name_of, word_of
from .actors import Attacker
from .ground import Ground
from .hops import OUTER, Hops, services_of
from .ways import Attacks

# Of so many assets it is looked by which door they are reached.
MOST_BEHIND = 100
# What people call a way in that is no public address of a host.
KINDS = {
    **dict.fromkeys(("alb", "nlb", "clb"), "load balancer"),
    "accelerator": "Global Accelerator",
    "apigw": "API Gateway",
    "vpc_origin": "CloudFront",
    "function_url": "Lambda URL",
    "eice": "Instance Connect endpoint",
    "client-vpn": "Client VPN",
    "vgw": "VPN or Direct Connect",
    "vpn": "VPN",
    "tgw-attach": "VPN or Direct Connect",
    "pcx": "peering",
    "vpc_endpoint_service": "PrivateLink",
}


class Entries:
    """The entry points of a snapshot, and what each zone outside reaches at once."""

    def __init__(self, attacks: Attacks, ground: Ground, hops: Hops, attackers: Iterable[Attacker]) -> None:
        self._attacks, self._ground, self._hops, self._world = attacks, ground, hops, attacks.world
        self.outer = [one for one in attackers if one.actor.zone in OUTER and one.begins is not None]
        self._steps: dict[str, dict[str, list[Step]]] = {}

    # ------------------------------------------------------------------ by packets
    def steps(self, actor: str) -> dict[str, list[Step]]:
        """Return the first hops of an actor by asset; what no line tells apart is asked once."""
        if actor not in self._steps:
            found = self._steps[actor] = {}
            chains, known = self._attacks.chains(actor), dict[tuple[str, str], Step]()
            for start in self._attacks.starts[actor]:
                for id in self._attacks.reached(start):
                    name = self._attacks.senders.name_of[id]
                    asset = self._attacks.asset_of(id)
                    if asset not in self._ground.assets or id in self._attacks.starts[actor]:
                        continue
                    one = known.setdefault((start, name), chains.step(start, id))
                    found.setdefault(asset, []).append(Step(source=start, target=id, verdict=one.verdict, services=one.services))
            for one in self._to_doors(actor):
                found.setdefault(one.target, []).append(one)
        return self._steps[actor]

    def _to_doors(self, actor: str) -> Iterator[Step]:
        """Yield the steps to what has no interface, each asked by itself."""
        sources = self._hops.ends(self._attacks.starts[actor])
        flows = Flows(self._world, sources, self._attacks.doors, EVERY_SERVICE, there_only=True)
        for source, target in ((source, target) for source in sources for target in self._attacks.doors):
            judged = flows.of(source, target)
            if judged.verdict is not Verdict.BLOCKED:
                services = union(one.services for one in judged.found if one.verdict is not Verdict.BLOCKED)
                yield Step(source=source.id, target=target.id, verdict=judged.verdict, services=service_text(services))

    def exposures(self) -> dict[str, list[Exposure]]:
        """Return for each asset that somebody outside reaches in one hop by whom, the outermost zone first."""
        found: dict[str, dict[ZoneKind, Exposure]] = {}
        for one in self.outer:
            for asset, steps in self.steps(one.actor.id).items():
                verdict = min((step.verdict for step in steps), key=SURENESS.index)
                services = sorted({word for step in steps if step.verdict is verdict for word in step.services})
                before = found.setdefault(asset, {}).get(one.actor.zone)
                if before is None or SURENESS.index(verdict) < SURENESS.index(before.verdict):
                    found[asset][one.actor.zone] = Exposure(zone=one.actor.zone.value, verdict=verdict, services=services)
        return {asset: [zones[zone] for zone in OUTER if zone in zones] for asset, zones in found.items()}

    # ------------------------------------------------------------------ all of them
    def all(self, exposures: dict[str, list[Exposure]]) -> list[EntryPoint]:
        """Return every entry point, by zone and resource."""
        found = [*self._exposed(exposures), *self._guarded(), *self._sessions(), *self._sites(), *self._foreign()]
        once = {one.id: one for one in found}
        zones = [zone.value for zone in OUTER]
        return sorted(once.values(), key=lambda one: (zones.index(one.zone), one.kind, one.resource))

    def _exposed(self, exposures: dict[str, list[Exposure]]) -> Iterator[EntryPoint]:
        """Yield what is reached at an address of its own, with what others are reached through it."""
        behind = self._behind(exposures)
        for id, zones in exposures.items():
            asset = self._ground.assets[id]
            for one in zones:
                if one.zone != ZoneKind.INTERNET or self._is_public(asset):
                    kind = KINDS.get(asset.kind, "public address" if one.zone == ZoneKind.INTERNET else "network")
                    leads_to = [id] if asset.kind not in KINDS else behind.get(id, [])
                    yield _entry(kind, id, asset.name, one.zone, one.verdict, one.services, leads_to)

    def _is_public(self, asset: Asset) -> bool:
        """Return whether strangers can name an address of an asset: of an interface, or of a door that it has without one."""
        interfaces = [self._world.find("network_interface", id) for id in asset.interfaces]
        public = self._world.public_addresses()
        return any(
            one is None or one.public_addresses or one.private_addresses & public.get(one.vpc_id, NOTHING) for one in interfaces
        )

    def _behind(self, exposures: dict[str, list[Exposure]]) -> dict[str, list[str]]:
        """Return what the internet reaches through others, by what it is reached through: that which its witness passes."""
        found: dict[str, list[str]] = {}
        internet = next((one.actor.id for one in self.outer if one.actor.zone is ZoneKind.INTERNET), "")
        steps = self.steps(internet) if internet else {}
        hidden = [id for id in steps if not self._is_public(self._ground.assets[id])]
        for id in hidden[:MOST_BEHIND]:
            step = steps[id][0]
            passed = {one.resource for one in self._hops.shown(step.source, step.target, services_of(step)).pair.path}
            for door in sorted(passed & exposures.keys() - {id}):
                found.setdefault(door, []).append(id)
        return found

    def _guarded(self) -> Iterator[EntryPoint]:
        """Yield the doors that IAM or a policy guards, and no packet filter."""
        for component in self._world.doing("remarks"):
            for one in component.remarks(self._world):
                if one.entry:
                    about = self._world.at(one.about)
                    zone = ZoneKind.INTERNET.value
                    yield _entry(
                        _kind(component),
                        component.id,
                        name_of(component),
                        zone,
                        Verdict.CONDITIONAL,
                        [],
                        self._assets(about),
                        one.text,
                    )

    def _sessions(self) -> Iterator[EntryPoint]:
        """Yield the endpoints by which Session Manager reaches hosts: who may start a session needs no port that is open."""
        for one in self._world.all("vpc_endpoint"):
            if str(one.service_name).endswith(".ssmmessages"):
                text = "who may start sessions by IAM gets a shell on the hosts that speak to it"
                yield _entry("Session Manager", one.id, name_of(one), ZoneKind.INTERNET.value, Verdict.CONDITIONAL, [], text=text)

    def _sites(self) -> Iterator[EntryPoint]:
        for component in self._world.doing("beyond"):
            if any(component.beyond(self._world)):
                yield _entry(_kind(component), component.id, name_of(component), ZoneKind.ON_PREM.value, Verdict.REACHABLE, [])

    def _foreign(self) -> Iterator[EntryPoint]:
        """Yield what another owner may come in by: peerings with VPCs that are not here, services that others may connect to."""
        accounts, partner = self._world.accounts, ZoneKind.PARTNER.value
        for one in self._world.all("vpc_peering"):
            if any(side.owner_id and side.owner_id not in accounts for side in one.sides):
                yield _entry(_kind(one), one.id, name_of(one), partner, Verdict.REACHABLE, [])
        for one in self._world.all("transit_gateway_attachment"):
            if one.resource_type == "peering" and one.resource_owner_id and one.resource_owner_id not in accounts:
                yield _entry(_kind(one), one.id, name_of(one), partner, Verdict.UNKNOWN, [])
        for one in self._world.all("vpc_endpoint_service"):
            principals = [each.principal for each in getattr(one, "allowed_principals", ())]
            foreign = [each for each in principals if not any(account in each for account in accounts)]
            if foreign:
                told = "everybody may connect" if "*" in foreign else f"may connect: {', '.join(sorted(foreign)[:5])}"
                yield _entry(_kind(one), one.id, name_of(one), partner, Verdict.CONDITIONAL, [], text=told)

    def _assets(self, about: Component | None) -> list[str]:
        return [about.id] if about is not None and about.id in self._ground.assets else []


def _kind(component: Component) -> str:
    word = word_of(type(component))
    return KINDS.get(component.kind, KINDS.get(word, word.replace("_", " ")))


def _entry(
    kind: str,
    resource: str,
    name: str,
    zone: str,
    verdict: Verdict,
    services: list[str],
    leads_to: Iterable[str] = (),
    text: str = "",
) -> EntryPoint:
    digest = sha256("\0".join((kind, resource, zone)).encode("utf-8", "replace")).hexdigest()[:8]
    return EntryPoint(
        id=f"E-{digest}", kind=kind, resource=resource, name=name, zone=zone, verdict=verdict, services=services,
        leads_to=sorted(leads_to), text=text,
    )  # fmt: skip
