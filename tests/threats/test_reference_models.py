"""The threat models of the reference networks: what somebody planted is found, stands above the rest, and its remedy ends it."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import pytest

import analyzer
from analyzer.edit import Edit
from analyzer.models.threat import SEVERITIES, Severity
from analyzer.report.threats import render
from analyzer.threats.declared import declared as in_files
from analyzer.threats.derive import Asked, Derived
from analyzer.threats.knowledge import knowledge

DECLARED = Path(__file__).parents[2] / "analyzer" / "data" / "networks-declared"
TODAY = date(2026, 11, 25)
NETWORKS = ("shop", "hub", "platform")
PLANTED = [  # network, kind of risk, who, whom
    ("shop", "asset-exposed", "internet", "orders"),  # open database, public database, default ACL: a chain of three
    ("shop", "admin-exposed", "internet", "app-canary"),
    ("shop", "undeclared-crossing", "operations", "orders"),
    ("shop", "undeclared-crossing", "storefront", "sessions-001"),
    ("hub", "admin-exposed", "internet", "dev-2"),
    ("hub", "inspection-bypassed", "internet", "dev-2"),
    ("hub", "inspection-bypassed", "dev", "catalog-1"),  # propagation past the firewall
    ("hub", "inspection-bypassed", "dev", "ledger-1"),  # peering past the firewall
    ("hub", "environment-crossing", "dev", "catalog-1"),
    ("hub", "undeclared-crossing", "catalog", "ledger"),
    ("hub", "asset-exposed", "insider", "ledger"),
    ("platform", "undeclared-crossing", "lab", "accounts-api-1"),  # a service for everybody
    ("platform", "admin-exposed", "partner", "node-a"),  # the kubelet behind the balancer
    ("platform", "attack-path", "internet", "accounts-db"),  # nodes in public
    ("platform", "eks-api-open", "", "accounts"),
    ("platform", "undeclared-crossing", "cluster", "accounts-db"),  # every namespace at the database
]
# Besides those which somebody planted, what follows from several of them, or says the same of another pair.
NOISE = ("single-zone", "no-backups", "no-access-logs", "unencrypted-volumes", "deletion-unprotected", "unencrypted-in-transit")
# A listener is taken away by no edit that the tool makes; and what ends the other one takes a service of a contract along.
NO_REMEDY = {
    "platform": [
        "the internet can reach accounts-db (rds) by way of node-b; no contract lets cluster talk to accounts on tcp/5432",
        "consumer reaches accounts: accounts-nlb (nlb) on tcp/10250",
    ]
}


@cache
def network(name):
    return analyzer.load(f"demo:{name}")


@cache
def model(name):
    return network(name).threats(declared(name), today=TODAY)


def declared(name):
    return DECLARED / f"{name.removesuffix('-flawed')}.yaml"


def found(name, kind, who, whom):
    names = {one.id: one.name or one.id for one in model(name).assets}
    rows = [one for one in model(name).risks if one.kind == kind and (one.actor or one.source) == who]
    return [one for one in rows if whom in {names.get(id, id) for id in one.assets}]


@pytest.mark.parametrize(("name", "kind", "who", "whom"), PLANTED, ids=lambda one: one or "config")
def test_a_planted_flaw_is_found_and_the_sound_network_has_none_of_it(name, kind, who, whom):
    worst = max(one.score for one in found(f"{name}-flawed", kind, who, whom))
    assert worst > max((one.score for one in model(name).risks), default=0)
    assert not [one for one in found(name, kind, who, whom) if one.severity not in (Severity.LOW, Severity.MEDIUM)]


@pytest.mark.parametrize("name", NETWORKS)
def test_a_sound_network_has_nothing_above_medium(name):
    above = SEVERITIES[SEVERITIES.index(Severity.ELEVATED) :]
    assert [one.text for one in model(name).risks if one.severity in above] == []


@pytest.mark.parametrize("name", NETWORKS)
def test_what_no_packet_shows_stands_below_what_is_planted(name):
    planted = [max(one.score for one in found(f"{name}-flawed", *row)) for network, *row in PLANTED if network == name]
    assert max((one.score for one in model(f"{name}-flawed").risks if one.kind in NOISE), default=0) < min(planted)


@pytest.mark.parametrize("name", NETWORKS)
def test_the_first_remedy_of_each_risk_ends_it_and_breaks_no_contract(name):
    flawed = network(f"{name}-flawed")
    risks = [one for one in model(f"{name}-flawed").risks if one.severity not in (Severity.LOW, Severity.MEDIUM) and one.evidence]
    of_packets = [one for one in risks if one.kind != "eks-api-open"]
    assert [one.text for one in of_packets if not one.remedies] == NO_REMEDY.get(name, [])
    asked = Asked(in_files([str(declared(name))], knowledge()), knowledge(), (), TODAY)
    before = Derived(flawed.snapshot, flawed.factored, asked)
    for risk in (one for one in of_packets if one.remedies):
        twin = flawed.whatif([Edit.model_validate(one) for one in risk.remedies[0]])
        after = Derived(twin.snapshot, twin.factored, asked)
        assert not any(one.about == risk.about and set(one.assets) & set(risk.assets) for one in after.risks()), risk.id
        assert before.broken(after) == []


@pytest.mark.parametrize("name", [f"{one}-flawed" for one in NETWORKS])
def test_the_report_fits_on_two_screens_before_the_details(name):
    assert render(model(name), "text").count("\n") <= 100
