"""The threat model as YAML of Threagile, as the schema that it publishes wants it: https://threagile.io.

Threagile asks for more than configuration tells. What nobody derives has the value that claims least, so that its own rules, which
believe what they read, err on the side of a risk; what carries such values has the tag `reach-not-derived` (docs/threats.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from ...models.trust import DATA_CLASSES
from ..words import cleaned
from ..yaml import dumped
from . import words
from .flows import Flow, Flows, Outside
from .threagile_risks import categories, key, tracking

if TYPE_CHECKING:
    from ...models.threat import ThreatModel
    from ...models.trust import Asset, Zone
    from .view import View

VERSION = "1.0.0"
NOT_DERIVED = "reach-not-derived"
CLASSES = {"public": "public", "internal": "internal", "confidential": "confidential", "restricted": "strictly-confidential"}
STORES = {
    **dict.fromkeys(("rds", "redshift", "elasticache"), "database"),
    "efs": "file-server",
    "opensearch": "search-engine",
    "msk": "message-queue",
}
PROCESSES = {
    **dict.fromkeys(("alb", "nlb", "clb", "gwlb"), "load-balancer"),
    **dict.fromkeys(("nat", "endpoint", "apigw"), "gateway"),
    **dict.fromkeys(("ecs", "eks"), "container-platform"),
    "lambda": "function",
    "firewall": "ips",
}
BOUNDARIES = {"partner": "network-dedicated-hoster", "on-prem": "network-on-prem", "tier": "network-virtual-lan"}
# Only where the service says what is spoken: everything else is `unknown-protocol`.
PROTOCOLS = {"tcp/443": "https", "tcp/80": "http", "tcp/22": "ssh", "tcp/2049": "nfs", "tcp/445": "smb"}
UNRATED = {
    "integrity": "operational",
    "availability": "operational",
    "justification_cia_rating": "confidentiality is that of the data class; integrity and availability are not derived",
}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
Json = dict[str, Any]


def render(model: ThreatModel, view: View) -> str:
    """Return the model as YAML; what Threagile has no place for is left out."""
    told = cleaned(model)
    flows = Flows(told)
    day = _DAY.match(told.snapshot.collected_at)
    sent: dict[str, list[Flow]] = {}
    for flow in flows.flows:
        sent.setdefault(flow.source, []).append(flow)
    technical = {words.named(one.name, one.id): _asset(one, sent.get(one.id, [])) for one in told.assets}
    technical |= {one.id: _outsider(one, sent.get(one.id, [])) for one in flows.outside}
    listed = categories(told)
    document: Json = {
        "threagile_version": VERSION,
        "title": "reach threats",
        **({"date": day[0]} if day else {}),
        "author": {"name": "reach"},
        "management_summary_comment": f"{words.headline(told)}; {words.coverage(told.coverage)}",
        "business_criticality": "important",
        "tags_available": _tags(technical.values()),
        "data_assets": {f"{one.value} data": _data(one.value) for one in DATA_CLASSES},
        "technical_assets": technical,
        "trust_boundaries": _boundaries(told),
        "shared_runtimes": {},
        "individual_risk_categories": listed,
        # Programs newer than the schema have it under another name, as a list, and pass over the one above.
        "custom_risk_categories": [{"title": title, **one} for title, one in listed.items()],
        "risk_tracking": tracking(told),
    }
    return dumped(document)


def _tags(technical: Iterable[Json]) -> list[str]:
    links = [each for one in technical for each in (one, *one["communication_links"].values())]
    return sorted({tag for one in links for tag in one["tags"]})


def _data(name: str) -> Json:
    made = {"id": name, "description": f"{name} data", "usage": "business", "tags": [], "origin": "", "owner": ""}
    return {**made, "quantity": "many", "confidentiality": CLASSES[name], **UNRATED}


# ---------------------------------------------------------------------- who there is
def _asset(one: Asset, sent: Sequence[Flow]) -> Json:
    store = one.kind in STORES
    told = [one.kind, f"account {one.account}" if one.account else "", one.data_class_from]
    return {
        "id": key(one.id),
        "description": ", ".join(filter(None, told)),
        "type": "datastore" if store else "process",
        **_technical(False, STORES.get(one.kind) or PROCESSES.get(one.kind, "unknown-technology"), sent),
        "size": "component",
        "tags": sorted({key(tag) for tag in (one.kind, one.context) if tag} | {NOT_DERIVED}),
        "machine": "serverless" if one.kind == "lambda" else "container" if one.kind in ("ecs", "eks") else "virtual",
        "owner": one.owner,
        "confidentiality": CLASSES[one.data_class.value],
        "custom_developed_parts": not store and one.kind not in PROCESSES,
        "data_assets_processed": [] if store else [one.data_class.value],
        "data_assets_stored": [one.data_class.value] if store else [],
    }


def _outsider(one: Outside, sent: Sequence[Flow]) -> Json:
    return {
        "id": key(one.id),
        "description": "somebody outside of what the snapshot holds",
        "type": "external-entity",
        **_technical(one.id == "internet", "client-system", sent),
        "out_of_scope": True,
        "justification_out_of_scope": "outside of the snapshot",
        "size": "system",
        "tags": [NOT_DERIVED],
        "machine": "physical",
        "owner": "",
        "confidentiality": "public",
        "custom_developed_parts": False,
        "data_assets_processed": [],
        "data_assets_stored": [],
    }


def _technical(internet: bool, technology: str, sent: Sequence[Flow]) -> Json:
    """Return what is alike for everybody; where there is nothing to derive, what claims least."""
    return {
        "usage": "business",
        "used_as_client_by_human": False,
        "out_of_scope": False,
        "justification_out_of_scope": "",
        "technology": technology,
        "internet": internet,
        "encryption": "none",
        **UNRATED,
        "multi_tenant": False,
        "redundant": False,
        "data_formats_accepted": [],
        "communication_links": {f"to {one.target}": _link(one) for one in sent},
    }


def _link(one: Flow) -> Json:
    protocols = {PROTOCOLS.get(service, "unknown-protocol") for service in one.services}
    contract = f"; contract: {one.contract}" if one.contract else ""
    return {
        "target": key(one.target),
        "description": f"{one.verdict.value} on {', '.join(one.services)}{contract}",
        "protocol": protocols.pop() if len(protocols) == 1 else "unknown-protocol",
        "authentication": "none",
        "authorization": "none",
        "tags": sorted({NOT_DERIVED, f"reach-{one.verdict.value}"}),
        "vpn": False,
        "ip_filtered": False,
        "readonly": False,
        "usage": "business",
        "data_assets_sent": [],
        "data_assets_received": [],
    }


# ---------------------------------------------------------------------- where they stand
def _boundaries(model: ThreatModel) -> Json:
    """Return the zones as trust boundaries; the internet is none."""
    inside: dict[str, list[str]] = {}
    for asset in model.assets:
        inside.setdefault(asset.zone, []).append(key(asset.id))
    zones = [one for one in model.zones if one.kind.value != "internet"]
    within: dict[str, list[str]] = {}
    for one in zones:
        within.setdefault(one.within, []).append(key(one.id))
    return {f"{words.zone_name(one)} [{one.id}]": _boundary(one, inside, within) for one in zones}


def _boundary(one: Zone, inside: dict[str, list[str]], within: dict[str, list[str]]) -> Json:
    return {
        "id": key(one.id),
        "description": f"{one.kind.value} {words.zone_name(one)}",
        "type": BOUNDARIES.get(one.kind.value, "network-cloud-provider"),
        "tags": [],
        "technical_assets_inside": inside.get(one.id, []),
        "trust_boundaries_nested": within.get(one.id, []),
    }
