"""The threat model as Open Threat Model 0.2.0, in YAML: https://github.com/iriusrisk/OpenThreatModel."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ...models.trust import DATA_CLASSES
from ..words import cleaned
from ..yaml import dumped
from . import words
from .flows import Flow, Flows, Outside, identifier

if TYPE_CHECKING:
    from ...models.threat import Risk, ThreatModel
    from ...models.trust import Asset, Zone
    from .view import View

VERSION = "0.2.0"
# How trusted a zone is and how much harm the loss of data does, from 0 to 100.
TRUST = {"internet": 0, "partner": 20, "on-prem": 40, "organisation": 60, "account": 60, "vpc": 60}
TIERS = {"public": 40, "private": 70, "isolated": 90}
HARM = {"public": 0, "internal": 50, "confidential": 75, "restricted": 100}
NOT_DERIVED = "of the data class; integrity and availability are not derived, and set as confidentiality is"
ELSEWHERE = "elsewhere"
NOWHERE = {"id": ELSEWHERE, "name": ELSEWHERE, "risk": {"trustRating": 0}, "description": "what stands in no zone that is known"}
# Likelihood and impact are from 1 to 4 here, and to 100 there.
SCALE = 25


def render(model: ThreatModel, view: View) -> str:
    """Return the model as OTM; what it has no place for is in `attributes`, or left out (docs/threats.md)."""
    told = cleaned(model)
    flows = Flows(told)
    zones = {one.id for one in told.zones}
    of_asset: dict[str, list[Risk]] = {}
    for risk in told.risks:
        for id in risk.assets:
            of_asset.setdefault(id, []).append(risk)
    components = [
        *(_component(one, of_asset.get(one.id, []), zones) for one in told.assets),
        *(_outsider(one) for one in flows.outside),
    ]
    homeless = any(one["parent"]["trustZone"] == ELSEWHERE for one in components)
    document = {
        "otmVersion": VERSION,
        "project": _project(told),
        "representations": [{"name": "reach threats", "id": "reach", "type": "threat-model"}],
        "assets": [_data(one.value) for one in DATA_CLASSES],
        "trustZones": [*(_zone(one, zones) for one in told.zones), *([NOWHERE] if homeless else [])],
        "components": components,
        "dataflows": [_flow(one) for one in flows.flows],
        "threats": [_threat(one) for one in told.risks],
        "mitigations": [_mitigation(one) for one in told.risks if one.remedy],
    }
    return dumped(document)


def _project(model: ThreatModel) -> dict[str, Any]:
    attributes = {
        "snapshot": model.snapshot.collected_at,
        "coverage": words.coverage(model.coverage),
        "knowledge": words.data(model),
    }
    return {
        "name": "reach threats",
        "id": "reach-threats",
        "description": words.headline(model),
        "attributes": {name: text for name, text in attributes.items() if text},
    }


def _data(name: str) -> dict[str, Any]:
    risk = {"confidentiality": HARM[name], "integrity": HARM[name], "availability": HARM[name], "comment": NOT_DERIVED}
    return {"name": f"{name} data", "id": name, "risk": risk}


def _zone(one: Zone, zones: set[str]) -> dict[str, Any]:
    kind = one.kind.value
    made: dict[str, Any] = {
        "id": identifier(one.id),
        "name": words.zone_name(one),
        "type": kind,
        "risk": {"trustRating": TIERS.get(one.name, 40) if kind == "tier" else TRUST[kind]},
    }
    return {**made, "parent": {"trustZone": identifier(one.within)}} if one.within in zones else made


def _parent(zone: str, zones: set[str]) -> dict[str, str]:
    return {"trustZone": identifier(zone if zone in zones else ELSEWHERE)}


def _component(one: Asset, risks: Sequence[Risk], zones: set[str]) -> dict[str, Any]:
    attributes = {"id": one.id, "account": one.account, "region": one.region, "vpc": one.vpc, "owner": one.owner}
    attributes |= {"context": one.context, "data class": one.data_class.value, "because": one.data_class_from}
    return {
        "id": identifier(one.id),
        "name": words.named(one.name, one.id),
        "type": one.kind,
        "parent": _parent(one.zone, zones),
        "tags": [text for text in (one.data_class.value, one.context) if text],
        "assets": {"stored": [one.data_class.value]},
        "threats": [_instance(each) for each in risks],
        "attributes": {name: text for name, text in attributes.items() if text},
    }


def _outsider(one: Outside) -> dict[str, Any]:
    return {
        "id": identifier(one.id),
        "name": one.id,
        "type": "generic-client",
        "parent": {"trustZone": identifier(one.zone or ELSEWHERE)},
    }


def _instance(one: Risk) -> dict[str, Any]:
    made: dict[str, Any] = {"threat": identifier(one.id), "state": "exposed" if one.counts else "accepted"}
    remedy = [{"mitigation": identifier(f"{one.id}-remedy"), "state": "recommended"}]
    return {**made, "mitigations": remedy} if one.remedy else made


def _flow(one: Flow) -> dict[str, Any]:
    made: dict[str, Any] = {
        "id": identifier(f"{one.source}>{one.target}"),
        "name": f"{one.source} to {one.target}",
        "description": f"{one.verdict.value} on {', '.join(one.services)}",
        "bidirectional": False,
        "source": identifier(one.source),
        "destination": identifier(one.target),
        "tags": [one.verdict.value, *one.services],
    }
    return {**made, "attributes": {"contract": one.contract}} if one.contract else made


def _threat(one: Risk) -> dict[str, Any]:
    factors = {of: [f"{each.points:+} {each.text}" for each in one.factors if each.of == of] for of in ("likelihood", "impact")}
    evidence = "; ".join(f"{each.resource}: {each.line}" if each.line else each.resource for each in one.evidence)
    attributes = {"severity": one.severity.value, "score": words.score(one), "kind": one.kind, "verdict": one.confidence.value}
    attributes |= {"actor": one.actor, "from": one.source, "context": one.context, "evidence": evidence, "way": one.path}
    if one.accepted is not None:
        attributes["accepted"] = f"until {one.accepted.until} by {one.accepted.owner}: {one.accepted.reason}"
    return {
        "id": identifier(one.id),
        "name": one.title,
        "description": one.text,
        "categories": [words.STRIDE.get(letter, letter).capitalize() for letter in one.stride],
        "risk": {
            "likelihood": one.likelihood * SCALE,
            "likelihoodComment": "; ".join(factors["likelihood"]),
            "impact": one.impact * SCALE,
            "impactComment": "; ".join(factors["impact"]),
        },
        "tags": list(one.techniques),
        "attributes": {name: text for name, text in attributes.items() if text},
    }


def _mitigation(one: Risk) -> dict[str, Any]:
    # How much it takes off is not measured in percent, and nothing is claimed.
    return {"id": identifier(f"{one.id}-remedy"), "name": one.remedy, "riskReduction": 0}
