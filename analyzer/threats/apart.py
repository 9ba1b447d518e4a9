"""Risks between groups that are kept apart: contexts without a contract, environments, networks past a firewall."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ..engine.factored import Factored
from ..models.blast import Step
from ..models.location import Written
from ..models.packet import EVERY_SERVICE, NOTHING, IntervalSet
from ..models.service import parse_services, service_text
from ..models.table import INTERNET
from ..models.trust import Asset, DataClass, Exposure, ZoneKind
from .agreements import Agreements
from .crossings import Crossing, Crossings, Label, firewalls, uninspected
from .ground import Ground
from .hops import Hops
from .knowledge import Knowledge
from .scoring import Draft, base, impact_of, line_key, named
from .ways import Attacks

# Between a group's name and what sets a part of it apart; no name holds it.
PART = "\0"
MOST_SERVICES = 3


class Apart:
    """What passes between groups."""

    def __init__(
        self,
        attacks: Attacks,
        kept: Factored,
        hops: Hops,
        ground: Ground,
        agreements: Agreements,
        known: Knowledge,
        exposures: Mapping[str, Sequence[Exposure]],
    ) -> None:
        self._attacks, self._kept, self._hops = attacks, kept, hops
        self._ground, self._agreements, self._known = ground, agreements, known
        self._exposures = exposures

    def _asset(self, id: str) -> Asset | None:
        return self._ground.assets.get(self._attacks.asset_of(id))

    # ------------------------------------------------------------------ contexts
    def contexts(self) -> Iterator[Draft]:
        """Yield the contexts that reach others beside any contract; restricted data by itself."""
        if not self._ground.contexts:
            return
        for one in Crossings(self._kept, self.context_of_source, self._target_context).that_are(self._beside):
            near, far = one.near, one.far.split(PART)[0]
            assets = self._targets(one)
            admin = self._known.use_of(one.services) == "admin"
            factors = ("crossing", *(["admin-hop"] if admin else []), *([] if self._agreements.any else ["no-contracts"]))
            yield self._draft(
                "undeclared-crossing",
                one,
                assets,
                f"{near} reaches {far}: {named(assets)} on {_words(one.services)}",
                factors,
                near,
            )

    def context_of_source(self, id: str) -> str:
        """Return the context of a host, or the internet; "" for what starts nothing, or is of no context."""
        if id == INTERNET.resource:
            return ZoneKind.INTERNET.value
        asset = self._asset(id)
        return asset.context if asset is not None and asset.held else ""

    def _target_context(self, id: str) -> str:
        asset = self._asset(id)
        if asset is None or not asset.context or asset.kind == "endpoint":
            return ""
        return self._labelled(asset, asset.context)

    def _labelled(self, asset: Asset, group: str) -> str:
        """Return a group's name with what sets some of its assets apart: restricted data, and what the internet may ask anyway."""
        restricted = asset.data_class is DataClass.RESTRICTED
        zones = [] if restricted else self._exposures.get(asset.id, [])
        public = [word for one in zones if one.zone == ZoneKind.INTERNET.value for word in one.services]
        return PART.join((group, asset.data_class.value * restricted, ",".join(public)))

    def _beside(self, near: str, far: str, services: IntervalSet) -> IntervalSet:
        """Return what no contract names, and not everybody on the internet may ask anyway."""
        excess = self._agreements.of(near, far.split(PART)[0], services).excess
        return _not_public(excess, far)

    # ------------------------------------------------------------------ environments
    def environments(self) -> Iterator[Draft]:
        """Yield what is not production and reaches production."""
        classes = self._known.classes
        for one in Crossings(self._kept, self._environment(classes.not_production), self._production).that_are(_not_for_all):
            assets = self._targets(one)
            if self._agreements.between(one.source, one.target, None, one.services).contract:
                continue
            text = f"{one.near} reaches {one.far.split(PART)[0]}: {named(assets)} on {_words(one.services)}"
            yield self._draft("environment-crossing", one, assets, text, ("environment",), one.near)

    def _environment(self, words: Sequence[str]) -> Label:
        def label(id: str) -> str:
            asset = self._asset(id)
            found = self._ground.environment(asset) if asset is not None and asset.held else ""
            return found if found in words else ""

        return label

    def _production(self, id: str) -> str:
        asset = self._asset(id)
        found = self._ground.environment(asset) if asset is not None else ""
        return self._labelled(asset, found) if asset is not None and found in self._known.classes.production else ""

    # ------------------------------------------------------------------ firewalls
    def inspection(self) -> Iterator[Draft]:
        """Yield networks between which something passes no firewall, though both send other traffic through one."""
        if not firewalls(self._attacks.world):
            return
        pairs = [one for one in Crossings(self._kept, self._network, self._guarded).that_are(_all) if one.near != one.far]
        for one in uninspected(self._attacks.world, pairs, self._hops.ends):
            assets = self._targets(one)
            near, far = (self._vpc_name(id) for id in (one.near, one.far))
            text = f"{near} reaches {far} past the firewall: {named(assets)} on {_words(one.services)}"
            yield self._draft("inspection-bypassed", one, assets, text, ("bypass",), near)

    def _network(self, id: str) -> str:
        if id == INTERNET.resource:
            return id
        asset = self._asset(id)
        return asset.vpc if asset is not None and asset.held else ""

    def _guarded(self, id: str) -> str:
        asset = self._asset(id)
        return asset.vpc if asset is not None and (asset.held or asset.data_class is DataClass.RESTRICTED) else ""

    def _vpc_name(self, id: str) -> str:
        vpc = self._attacks.world.find("vpc", id)
        return (vpc.name if vpc is not None else "") or id

    # ------------------------------------------------------------------ in common
    def _targets(self, one: Crossing) -> list[Asset]:
        found = {asset.id: asset for id in one.targets if (asset := self._asset(id)) is not None}
        return [found[id] for id in sorted(found)]

    def _draft(self, kind: str, one: Crossing, assets: list[Asset], text: str, factors: tuple[str, ...], near: str) -> Draft:
        shown = self._hops.shown(one.source, one.target, one.services)
        contexts = {each.context for each in assets}
        evidence: tuple[Written, ...] = tuple(shown.controls)
        return Draft(
            kind=kind,
            # What comes to a crossing by other lines than the witness's is none that was accepted.
            key=(one.near, one.far, *service_text(one.services), *line_key(shown.last)),
            text=text,
            likelihood=base("likelihood", 1, f"somebody in {near} must be taken first"),
            impact=impact_of(assets, self._known),
            factors=factors,
            source=near,
            assets=tuple(each.id for each in assets),
            context=contexts.pop() if kind == "undeclared-crossing" and len(contexts) == 1 else "",
            confidence=one.verdict,
            evidence=evidence,
            step=Step(source=one.source, target=one.target, verdict=one.verdict, services=service_text(one.services)),
        )


def _all(near: str, far: str, services: IntervalSet) -> IntervalSet:
    return services if near and far and near != far else NOTHING


def _not_for_all(near: str, far: str, services: IntervalSet) -> IntervalSet:
    return _not_public(services, far)


def _not_public(services: IntervalSet, far: str) -> IntervalSet:
    """Return services without those that the internet may ask of a group that is labelled so."""
    public = far.split(PART)[2]
    return (
        services - (EVERY_SERVICE if "all" in public.split(",") else parse_services(public)) if public and services else services
    )


def _words(services: IntervalSet) -> str:
    words = service_text(services)
    if words == ["all"]:
        return "every protocol"
    return ", ".join(words[:MOST_SERVICES]) + (f" and {len(words) - MOST_SERVICES} more" if len(words) > MOST_SERVICES else "")
