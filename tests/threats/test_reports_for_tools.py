"""What other tools read of a threat model: SARIF, Open Threat Model, Threagile and ATT&CK Navigator, each held against its own schema."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest
import yaml

from analyzer.models.attack import Technique
from analyzer.models.location import Location
from analyzer.models.threat import ThreatModel
from analyzer.models.trust import Exposure
from analyzer.models.verdict import Verdict
from analyzer.report.threats import render
from analyzer.report.threats.flows import Flows, identifier
from analyzer.report.yaml import dumped

from ..report.sarif import places, valid
from .model import CRM, DB, EVIL, MODEL, MYSQL, OPEN, RISKS, hostile

SCHEMAS = Path(__file__).parent / "schemas"
MODELS = pytest.mark.parametrize("model", [MODEL, ThreatModel(), hostile()], ids=["shop", "empty", "hostile"])


@cache
def validator(name: str) -> Any:
    """Return a validator of a published schema; Threagile names draft 7 by an address that nobody knows."""
    schema = json.loads((SCHEMAS / name).read_text("utf-8"))
    schema["$schema"] = "http://json-schema.org/draft-07/schema#"
    jsonschema.Draft7Validator.check_schema(schema)
    return jsonschema.Draft7Validator(schema, format_checker=jsonschema.Draft7Validator.FORMAT_CHECKER)


def read(model: ThreatModel, format: str) -> dict[str, Any]:
    """Return a model in a format of YAML, read again; fails where the published schema refuses it."""
    text = render(model, format)
    assert text.isascii()
    found: dict[str, Any] = yaml.safe_load(text)
    validator({"otm": "otm-0.2.0.json", "threagile": "threagile.json"}[format]).validate(found)
    return found


@MODELS
@pytest.mark.parametrize("format", ["otm", "threagile"])
def test_yaml_is_the_same_with_libyaml_and_without(model: ThreatModel, format: str):
    told = render(model, format)
    assert dumped(read(model, format), fast=False) == dumped(read(model, format)) == told


# ---------------------------------------------------------------------- SARIF
@MODELS
def test_sarif_is_valid(model: ThreatModel):
    assert len(valid(render(model, "sarif"))["results"]) == len(model.risks)


def test_a_kind_is_a_rule_and_a_risk_a_result_at_the_lines_that_it_rests_on():
    where = {
        MYSQL: Location(uri="snap/SecurityGroups.json", line=40, exact=True),
        OPEN: Location(uri="snap/SecurityGroups.json", line=12),
    }
    run = valid(render(MODEL, "sarif", locations=where))
    rules = [(one["id"], one["defaultConfiguration"]["level"]) for one in run["tool"]["driver"]["rules"]]
    assert rules == [
        ("threat/admin-exposed", "warning"), ("threat/asset-exposed", "error"), ("threat/attack-path", "warning"),
        ("threat/no-flow-logs", "warning"), ("threat/open-egress", "note"),
    ]  # fmt: skip
    first, second, *_ = run["results"]
    assert (first["ruleId"], first["level"]) == ("threat/asset-exposed", "error")
    file = "snap/SecurityGroups.json"
    assert [place[:2] for place in places({"results": [first, second]})] == [(file, 40), (file, 12)]
    assert first["message"]["text"] == (
        "restricted data in reach from outside: the internet reaches crm on tcp/3306\n"
        "R-crm, critical: score 4×4 = 16 of 16; modelled: 99% of resources, 100% of types\n"
        "actor: internet\n"
        "assets: crm (db:crm)\n"
        "- likelihood +4: the internet is always there\n"
        "- impact +4: restricted data\n"
        "- hop: internet -> crm (eni-crm) on tcp/3306\n"
        "to set it right: narrow the rule to those who must reach it"
    )
    assert first["properties"]["score"] == 16
    assert first["properties"]["modelled"]["resources"] == [229, 230]


def test_a_risk_is_known_again_by_its_id_and_an_accepted_one_is_suppressed_as_long_as_that():
    found = {one["ruleId"]: one for one in valid(render(MODEL, "sarif"))["results"]}
    again = msgspec.structs.replace(MODEL, risks=[msgspec.structs.replace(one, title="another") for one in RISKS])
    assert {one["fingerprint"] for one in map(prints, valid(render(again, "sarif"))["results"])} == {
        one["fingerprint"] for one in map(prints, found.values())
    }
    assert [one["justification"] for one in found["threat/no-flow-logs"]["suppressions"]] == [
        "logged elsewhere (bob, until 2027-03-31)"
    ]
    assert "suppressions" not in found["threat/admin-exposed"]
    assert "acceptance ended 2026-03-31 (ann)" in found["threat/admin-exposed"]["message"]["text"]


def prints(result: dict[str, Any]) -> dict[str, Any]:
    return {"fingerprint": result["partialFingerprints"]["reach/v1"]}


# ---------------------------------------------------------------------- Open Threat Model
def test_the_schema_of_otm_refuses_what_is_none():
    with pytest.raises(jsonschema.ValidationError):
        validator("otm-0.2.0.json").validate({"otmVersion": "0.2.0", "project": {"name": "x"}})


@MODELS
def test_otm_is_valid_and_names_only_what_it_holds(model: ThreatModel):
    told = read(model, "otm")
    assert told["otmVersion"] == "0.2.0"
    zones = unique(told["trustZones"])
    ends, threats, mitigations = unique(told["components"]), unique(told["threats"]), unique(told["mitigations"])
    unique(told["dataflows"])
    assert all(one["parent"]["trustZone"] in zones for one in told["components"])
    assert all(one["parent"]["trustZone"] in zones for one in told["trustZones"] if "parent" in one)
    assert all({one["source"], one["destination"]} <= ends for one in told["dataflows"])
    for one in told["components"]:
        assert {each["threat"] for each in one.get("threats", [])} <= threats
        assert {each["mitigation"] for at in one.get("threats", []) for each in at.get("mitigations", [])} <= mitigations


def unique(rows: list[dict[str, Any]]) -> set[str]:
    ids = [one["id"] for one in rows]
    assert len(set(ids)) == len(ids)
    return set(ids)


def test_otm_has_zones_assets_flows_and_risks_on_its_scales():
    told = read(MODEL, "otm")
    trust = {one["name"]: one["risk"]["trustRating"] for one in told["trustZones"]}
    assert trust == {
        "internet": 0, "on-prem": 40, "account 111122223333": 60, "prod (vpc-1)": 60, "public": 40, "private": 70, "isolated": 90,
    }  # fmt: skip
    crm = next(one for one in told["components"] if one["attributes"]["id"] == CRM)
    assert (crm["name"], crm["type"], crm["assets"]) == ("crm (db:crm)", "rds", {"stored": ["restricted"]})
    assert [(one["threat"], one["state"]) for one in crm["threats"]] == [("R-crm", "exposed"), ("R-logs", "accepted")]
    risk = next(one for one in told["threats"] if one["id"] == "R-orders")
    assert risk["risk"] == {
        "likelihood": 50, "likelihoodComment": "+4 the internet is always there; -2 two hosts must be taken on the way",
        "impact": 100, "impactComment": "+4 restricted data",
    }  # fmt: skip
    assert risk["categories"] == ["Information disclosure", "Elevation of privilege"]
    flows = [(one["name"], one["description"]) for one in told["dataflows"]]
    assert ("i-web to i-app", "conditional on tcp/8080") in flows
    assert "coverage" in told["project"]["attributes"]


def test_an_asset_whose_zone_is_not_listed_stands_elsewhere():
    told = read(msgspec.structs.replace(MODEL, zones=[]), "otm")
    assert [one["id"] for one in told["trustZones"]] == ["elsewhere"]
    assert {one["parent"]["trustZone"] for one in told["components"]} == {"elsewhere"}


# ---------------------------------------------------------------------- Threagile
def test_the_schema_of_threagile_refuses_what_is_none():
    with pytest.raises(jsonschema.ValidationError):
        validator("threagile.json").validate({"title": "x"})


@MODELS
def test_threagile_is_valid_and_names_only_what_it_holds(model: ThreatModel):
    told = read(model, "threagile")
    technical = unique(list(told["technical_assets"].values()))
    boundaries = unique(list(told["trust_boundaries"].values()))
    data = unique(list(told["data_assets"].values()))
    for one in told["technical_assets"].values():
        assert set(one["tags"]) <= set(told["tags_available"])
        assert {*one["data_assets_stored"], *one["data_assets_processed"]} <= data
        for link in one["communication_links"].values():
            assert link["target"] in technical
            assert set(link["tags"]) <= set(told["tags_available"])
    inside = [id for one in told["trust_boundaries"].values() for id in one["technical_assets_inside"]]
    assert len(set(inside)) == len(inside)
    assert set(inside) <= technical
    assert {id for one in told["trust_boundaries"].values() for id in one["trust_boundaries_nested"]} <= boundaries
    # The program takes ids of letters, digits and hyphens alone, and looks for tracked risks in small letters.
    assert all(re.fullmatch(r"[a-z0-9-]+", id) for id in technical | boundaries | data)


@MODELS
def test_every_risk_has_an_id_of_its_own_in_threagile_and_what_is_accepted_is_tracked(model: ThreatModel):
    told = read(model, "threagile")
    made = [
        "@".join(filter(None, (category["id"], one.get("most_relevant_technical_asset", ""))))
        for category in told["individual_risk_categories"].values()
        for one in category["risks_identified"].values()
    ]
    assert len(set(made)) == len(made) == len(model.risks)
    assert set(told["risk_tracking"]) <= set(made)
    statuses = sorted(one["status"] for one in told["risk_tracking"].values())
    assert statuses == (["accepted", "in-discussion"] if model.risks else [])


def test_two_risks_of_a_kind_on_an_asset_are_not_accepted_together():
    twice = [RISKS[3], msgspec.structs.replace(RISKS[3], id="R-again", accepted=None)]
    told = read(msgspec.structs.replace(MODEL, risks=twice), "threagile")
    assert sorted(one["id"] for one in told["individual_risk_categories"].values())[0] == "no-flow-logs"
    assert len(told["individual_risk_categories"]) == 2
    assert [one["ticket"] for one in told["risk_tracking"].values()] == ["R-logs"]


def test_threagile_has_classes_flows_boundaries_and_severities():
    told = read(MODEL, "threagile")
    assert str(told["date"]) == "2026-11-24"
    crm = told["technical_assets"]["crm (db:crm)"]
    assert (crm["type"], crm["technology"], crm["confidentiality"]) == ("datastore", "database", "strictly-confidential")
    assert told["technical_assets"]["internet"]["internet"] is True
    link = told["technical_assets"]["internet"]["communication_links"]["to i-web"]
    assert (link["protocol"], link["description"]) == ("https", "reachable on tcp/443")
    assert told["technical_assets"]["web (i-web)"]["communication_links"]["to i-app"]["tags"] == [
        "reach-conditional", "reach-not-derived",
    ]  # fmt: skip
    prod = told["trust_boundaries"]["prod (vpc-1) [vpc-1]"]
    assert len(prod["trust_boundaries_nested"]) == 3
    exposed = told["individual_risk_categories"]["asset exposed [asset-exposed]"]
    [one] = exposed["risks_identified"].values()
    assert (one["severity"], one["exploitation_likelihood"], one["exploitation_impact"]) == ("critical", "frequent", "very-high")
    assert [one["id"] for one in told["custom_risk_categories"]] == [
        one["id"] for one in told["individual_risk_categories"].values()
    ]


def test_no_value_of_yaml_is_anything_but_text():
    text = render(hostile(), "threagile")
    assert not re.search(r"(^|[\s\[{,-])([&*!])[A-Za-z]", re.sub(r'"(\\.|[^"\\])*"|' + r"'([^']|'')*'", "", text))
    assert "R-logs" in str(yaml.safe_load(text))


# ---------------------------------------------------------------------- ATT&CK Navigator
@MODELS
def test_a_layer_is_of_format_45(model: ThreatModel):
    layer = json.loads(render(model, "navigator"))
    assert layer["versions"] == {**({"attack": "17"} if model.data else {}), "navigator": "4.9.0", "layer": "4.5"}
    assert (layer["domain"], bool(layer["name"])) == ("enterprise-attack", True)
    for one in layer["techniques"]:
        assert re.fullmatch(r"T\d{4}(\.\d{3})?", one["techniqueID"])
        assert one["tactic"] in ("initial-access", "lateral-movement", "collection")
        assert isinstance(one["comment"], str)
    assert {"minValue", "maxValue", "colors"} == set(layer["gradient"])
    assert all(set(one) == {"name", "value"} for one in layer["metadata"])


def test_the_score_of_a_technique_is_that_of_its_worst_risk_that_counts():
    logs = Technique(id="T1562.008", name="Disable Cloud Logs", tactic="defense-evasion")
    other = Technique(id="AWS-1", name="of another catalogue", tactic="x")
    risks = [*RISKS[:3], msgspec.structs.replace(RISKS[3], techniques=["T1562.008"])]
    model = msgspec.structs.replace(MODEL, techniques=[*MODEL.techniques, logs, other], risks=risks)
    found = {one["techniqueID"]: one for one in json.loads(render(model, "navigator"))["techniques"]}
    assert {id: one.get("score") for id, one in found.items()} == {"T1190": 8, "T1210": 8, "T1213.006": 16, "T1562.008": None}
    assert found["T1190"]["comment"] == (
        "R-orders elevated, score 2×4 = 8: a way from outside to restricted data; conditional\n"
        "P-long: internet -> web (eni-web) on tcp/443"
    )


# ---------------------------------------------------------------------- what they share
def test_flows_are_between_assets_and_each_is_as_sure_as_its_surest():
    told = Flows(MODEL)
    assert [(one.source, one.target, one.verdict) for one in told.flows] == [
        ("i-app", DB, Verdict.REACHABLE), ("i-web", "i-app", Verdict.CONDITIONAL), ("internet", CRM, Verdict.REACHABLE),
        ("internet", "i-web", Verdict.REACHABLE),
    ]  # fmt: skip
    assert [(one.id, one.zone) for one in told.outside] == [("internet", "internet")]


def test_what_is_blocked_is_no_flow_and_services_are_those_of_the_surest():
    doubtful = [
        Exposure(zone="internet", verdict=Verdict.CONDITIONAL, services=["udp/53"]),
        Exposure(zone="on-prem", verdict=Verdict.BLOCKED, services=["tcp/22"]),
    ]
    web = next(one for one in MODEL.assets if one.name == "web")
    told = Flows(msgspec.structs.replace(MODEL, assets=[msgspec.structs.replace(web, exposures=doubtful)], paths=MODEL.paths[1:]))
    assert [(one.source, one.target, one.verdict, one.services) for one in told.flows if one.target == web.id] == [
        ("internet", web.id, Verdict.REACHABLE, ("tcp/443",))
    ]
    # Without its asset, an interface of a way is somebody outside.
    assert [one.id for one in told.outside] == ["eni-app", "eni-orders", "internet"]


def test_identifiers_are_plain_and_stay_apart():
    assert identifier("vpc-1") == "vpc-1"
    assert identifier("a/b") != identifier("a.b")
    assert re.fullmatch(r"[A-Za-z0-9-]+", identifier(EVIL))
    assert len(identifier("x" * 500)) <= 70
