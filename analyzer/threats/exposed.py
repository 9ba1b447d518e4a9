"""Risks at the edge: restricted data and administration in reach from outside, at once, hop after hop, or after one mistake."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from ..blast.chains import Met
from ..models.attack import Actor, Depth
from ..models.blast import Step
from ..models.location import Written
from ..models.packet import IntervalSet, union
from ..models.service import service_text
from ..models.threat import Factor
from ..models.trust import Asset, ZoneKind
from ..models.verdict import SURENESS, Verdict
from .agreements import Agreements
from .entries import Entries
from .ground import Ground
from .hops import OUTER, Excess, Hops, services_of
from .knowledge import Knowledge, Use
from .scoring import Draft, base, impact_of, line_key, named
from .ways import Attacks, Way

# A shell on a host is worth as much as confidential data, whatever it holds itself.
SHELL = 3
MOST_SERVICES = 4
# Of assets that the same lines let in so many are looked at that other lines tell apart; of more none counts as guarded.
MOST_LOOKED_AT = 20
Together = dict[tuple[Written, ...], list[tuple[Asset, Step]]]


class Exposed:
    """What actors outside reach."""

    def __init__(
        self, attacks: Attacks, entries: Entries, hops: Hops, ground: Ground, agreements: Agreements, known: Knowledge
    ) -> None:
        self._attacks, self._entries, self._hops = attacks, entries, hops
        self._ground, self._agreements, self._known = ground, agreements, known

    # ------------------------------------------------------------------ in one hop
    def assets(self, actor: Actor) -> Iterator[Draft]:
        """Yield restricted assets that an actor reaches in one hop, those together that the same lines let in."""
        wanted = {one.id for one in self._ground.restricted}
        every = {id: self._to_data(id, steps) for id, steps in self._entries.steps(actor.id).items() if id in wanted}
        found = {id: steps for id, steps in every.items() if steps}
        for evidence, rows in self._together(found).items():
            contract = all(not self._excess(actor, step) for _, step in rows)
            yield self._draft(
                "asset-exposed", actor, evidence, rows, impact_of([one for one, _ in rows], self._known), contract=contract
            )

    def _to_data(self, id: str, steps: Sequence[Step]) -> list[Step]:
        """Return the steps to an asset without administration, where that gives a host and not its data."""
        if not self._ground.assets[id].held:
            return list(steps)
        rest = [(one, services_of(one) - self._known.of_use("admin", services_of(one))) for one in steps]
        return [msgspec.structs.replace(one, services=service_text(services)) for one, services in rest if services]

    def administration(self, actor: Actor) -> Iterator[Draft]:
        """Yield hosts that an actor reaches in one hop on services of administration."""
        found: dict[str, list[Step]] = {}
        for id, steps in self._entries.steps(actor.id).items():
            admin = [one for one in steps if self._known.use_of(services_of(one)) == "admin"]
            if admin and self._ground.assets[id].held:
                found[id] = admin
        for evidence, rows in self._together(found, "admin").items():
            assets = [one for one, _ in rows]
            contract = self._agreements.any and all(self._agreed(actor, step) for _, step in rows)
            yield self._draft(
                "admin-exposed",
                actor,
                evidence,
                rows,
                impact_of(assets, self._known, SHELL, "a shell on a host"),
                contract=contract,
            )

    def _agreed(self, actor: Actor, step: Step) -> bool:
        """Return whether a contract names all the administration that a step carries."""
        told = self._agreements.between(step.source, step.target, actor.zone, services_of(step))
        return bool(told.contract) and not told.excess

    def _excess(self, actor: Actor, step: Step) -> bool:
        told = self._agreements.between(step.source, step.target, actor.zone, services_of(step))
        return bool(told.excess) or not told.contract

    def _together(self, found: dict[str, list[Step]], use: Use | None = None) -> Together:
        """Return steps by the lines at their target's end that let the services of a use in, of each asset the surest by these lines."""
        together: dict[tuple[Written, ...], dict[str, tuple[Asset, Step]]] = {}
        known: dict[tuple[str, str], tuple[Written, ...]] = {}
        for id, step in ((id, step) for id, steps in sorted(found.items()) for step in sorted(steps, key=_surest)):
            key = step.source, self._attacks.senders.name_of.get(step.target, step.target)
            if key not in known:
                services = services_of(step) if use is None else self._known.of_use(use, services_of(step))
                known[key] = self._hops.shown(step.source, step.target, services).last
            together.setdefault(known[key], {}).setdefault(id, (self._ground.assets[id], step))
        return {evidence: list(rows.values()) for evidence, rows in together.items()}

    def _draft(
        self,
        kind: str,
        actor: Actor,
        evidence: tuple[Written, ...],
        rows: Sequence[tuple[Asset, Step]],
        impact: Factor,
        *,
        contract: bool,
    ) -> Draft:
        assets, steps = [one for one, _ in rows], [step for _, step in rows]
        verdict = min((one.verdict for one in steps), key=SURENESS.index)
        services = union(services_of(one) for one in steps)
        use = "admin" if kind == "admin-exposed" else self._known.use_of(services)
        name_of = self._attacks.senders.name_of
        unlike = list({(one.source, name_of.get(one.target, one.target)): one for one in steps}.values())
        shown = [self._hops.shown(one.source, one.target, self._of(kind, services_of(one))) for one in unlike[:MOST_LOOKED_AT]]
        whole = len(shown) == len(unlike)
        factors = ["contract"] * contract + ["inspected"] * (whole and all(one.inspected for one in shown))
        factors += ["narrow"] * (whole and all(one.narrow for one in shown))
        factors += ["taken-host"] * (kind == "asset-exposed" and use == "application" and all(one.held for one in assets))
        told = self._known.hop(actor.zone, assets[0].kind, services)
        return Draft(
            kind=kind,
            key=(actor.id, *line_key(evidence)),
            text=f"{_who(actor)} {_reached(rows, verdict)} on {self.words(services, kind)}",
            likelihood=base("likelihood", actor.likelihood, f"who attacks: {actor.name}"),
            impact=impact,
            factors=tuple(factors),
            actor=actor.id,
            assets=tuple(one.id for one in assets),
            context=assets[0].context,
            techniques=tuple(told.techniques),
            confidence=verdict,
            evidence=evidence,
            step=min(steps, key=lambda one: (SURENESS.index(one.verdict), one.source, one.target)),
        )

    def _of(self, kind: str, services: IntervalSet) -> IntervalSet:
        return self._known.of_use("admin", services) if kind == "admin-exposed" else services

    def words(self, services: IntervalSet, kind: str = "") -> str:
        """Return services in words; of administration by name."""
        if kind == "admin-exposed":
            names = [one.name for one in self._known.uses(services) if one.use == "admin"]
            if names:
                return ", ".join(names[:MOST_SERVICES]) + (" and more" if len(names) > MOST_SERVICES else "")
        words = service_text(services)
        more = f" and {len(words) - MOST_SERVICES} more" if len(words) > MOST_SERVICES else ""
        return "every protocol" if words == ["all"] else ", ".join(words[:MOST_SERVICES]) + more

    # ------------------------------------------------------------------ hop after hop
    def paths(self, actor: Actor, met: Sequence[Met]) -> Iterator[Draft]:
        """Yield ways of several hops from outside to restricted assets, those together that end by the same lines."""
        together: dict[tuple[Written, ...], list[tuple[Asset, Way]]] = {}
        alike, name_of = self._attacks.alike(actor.id), self._attacks.senders.name_of
        for one in met:
            if one.depth > 1:
                way = self._attacks.ways(actor.id, one, 1)[0]
                excess = self._hops.excess(actor, way)
                evidence = self._last(way, excess)
                together.setdefault(evidence, []).extend((self._ground.assets[id], way) for id in alike[name_of[one.id]])
        for evidence, rows in together.items():
            yield self._path(actor, evidence, rows)

    def _path(self, actor: Actor, evidence: tuple[Written, ...], rows: Sequence[tuple[Asset, Way]]) -> Draft:
        assets, way = [one for one, _ in rows], min((way for _, way in rows), key=lambda one: len(one.steps))
        excess = self._hops.excess(actor, way)
        shown = [self._hops.shown(one.source, one.target, services_of(one)) for one in way.steps]
        admin = any(self._known.use_of(services_of(one)) == "admin" for one in way.steps[1:])
        factors = ["taken-host"] * (len(way.steps) - 1) + ["admin-hop"] * admin
        factors += ["narrow"] * shown[0].narrow
        factors += ["inspected"] * any(one.inspected for one in shown) + ["designed", "designed-unlikely"] * (not excess)
        by_way = ", ".join(self._name(one.target) for one in way.steps[:-1])
        wrong = f"; {excess[0].why}" if excess else ""
        return Draft(
            kind="attack-path",
            key=(actor.id, *line_key(evidence)),
            text=f"{_who(actor)} {_can(way.verdict)} {named(assets)} by way of {by_way}{wrong}",
            likelihood=base("likelihood", actor.likelihood, f"who attacks: {actor.name}"),
            impact=impact_of(assets, self._known),
            factors=tuple(factors),
            actor=actor.id,
            assets=tuple(dict.fromkeys(one.id for one in assets)),
            context=assets[0].context,
            path=self._hops.path(actor, way).id,
            techniques=tuple(dict.fromkeys(each for hop in self._hops.path(actor, way).hops for each in hop.techniques)),
            confidence=way.verdict,
            evidence=evidence,
        )

    def _last(self, way: Way, excess: Sequence[Excess]) -> tuple[Written, ...]:
        """Return the lines that a way rests on: those at the end of the first hop that no design needs, else of the last one."""
        if excess:
            return self._hops.shown(excess[0].step.source, excess[0].step.target, excess[0].services).last
        return self._hops.shown(way.steps[-1].source, way.steps[-1].target, services_of(way.steps[-1])).last

    def _name(self, id: str) -> str:
        asset = self._ground.assets.get(self._attacks.asset_of(id))
        return (asset.name if asset is not None else "") or id

    # ------------------------------------------------------------------ inside
    def movement(self, actor: Actor, met: Sequence[Met], told: set[tuple[Written, ...]]) -> Iterator[Draft]:
        """Yield ways from taken hosts to restricted assets that no design needs, those left out that are `told` already."""
        together: dict[tuple[Written, ...], list[tuple[Asset, Way]]] = {}
        alike, name_of = self._attacks.alike(actor.id), self._attacks.senders.name_of
        for one in met:
            way = self._attacks.ways(actor.id, one, 1)[0]
            excess = self._hops.excess(actor, way)
            evidence = self._last(way, excess) if excess else ()
            if evidence and evidence not in told:
                together.setdefault(evidence, []).extend((self._ground.assets[id], way) for id in alike[name_of[one.id]])
        for evidence, rows in together.items():
            assets, way = [one for one, _ in rows], min((way for _, way in rows), key=lambda one: len(one.steps))
            first = self._hops.excess(actor, way)[0]
            yield Draft(
                kind="lateral-movement",
                key=line_key(evidence),
                text=f"{self._name(way.steps[0].source)} {_can(way.verdict)} {named(assets)} in "
                f"{len(way.steps)} hop{'s' if len(way.steps) > 1 else ''}; {first.why}",
                likelihood=base("likelihood", actor.likelihood, f"who attacks: {actor.name}"),
                impact=impact_of(assets, self._known),
                factors=("taken-host",) * len(way.steps),
                actor=actor.id,
                assets=tuple(dict.fromkeys(one.id for one in assets)),
                context=assets[0].context,
                path=self._hops.path(actor, way).id,
                confidence=way.verdict,
                evidence=evidence,
            )

    # ------------------------------------------------------------------ after one mistake
    def one_mistake(self, depths: Sequence[Depth]) -> Iterator[Draft]:
        """Yield restricted assets that a single edit would put in reach of the internet."""
        for one in depths:
            if one.least == 1 and one.exact and one.verdict is Verdict.BLOCKED and one.actor == ZoneKind.INTERNET.value:
                asset = self._ground.assets[one.asset]
                lines = [blocker for layer in one.layers for blocker in layer.blockers]
                evidence = tuple(dict.fromkeys(Written(each.resource, each.line, each.origin) for each in lines))
                yield Draft(
                    kind="one-mistake",
                    key=(one.actor, asset.id),
                    text=f"one edit lies between {_who_is(one.actor)} and {named([asset])}",
                    likelihood=base("likelihood", 1, "a mistake has to be made first"),
                    impact=impact_of([asset], self._known),
                    factors=("one-edit",),
                    actor=one.actor,
                    assets=(asset.id,),
                    context=asset.context,
                    evidence=evidence,
                )


def _reached(rows: Sequence[tuple[Asset, Step]], verdict: Verdict) -> str:
    """Return whom somebody can reach, and whom he may reach, where the rest is not as sure."""
    sure = [asset for asset, step in rows if _can(step.verdict) == _can(verdict)]
    rest = [asset for asset, step in rows if _can(step.verdict) != _can(verdict)]
    return f"{_can(verdict)} {named(sure)}" + (f", and may reach {named(rest)}" if rest else "")


def _surest(step: Step) -> tuple[int, str]:
    return SURENESS.index(step.verdict), step.target


def _who(actor: Actor) -> str:
    return _who_is(actor.zone.value) if actor.zone in OUTER and actor.name == actor.id and not actor.origin else actor.name


def _who_is(zone: str) -> str:
    return {"internet": "the internet", "partner": "a partner", "on-prem": "the network on-premises"}.get(zone, zone)


def _can(verdict: Verdict) -> str:
    return "can reach" if verdict is Verdict.REACHABLE else "may reach"
