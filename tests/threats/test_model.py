"""The threat model of the embedded network, and what becomes of it when one fact is another one."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

import analyzer
from analyzer.edit import Edit
from analyzer.models.attack import HopKind
from analyzer.models.errors import QuestionError
from analyzer.models.threat import Severity
from analyzer.models.trust import DataClass, ZoneKind
from analyzer.models.verdict import SURENESS, Verdict
from analyzer.threats.declared import declared as declared_in
from analyzer.threats.derive import Asked, Derived
from analyzer.threats.knowledge import knowledge

TODAY = date(2026, 11, 25)
CRM, ORDERS = "arn:aws:rds:eu-west-1:111122223333:db:crm", "arn:aws:rds:eu-west-1:111122223333:db:orders"
CRM_RULE = {"group": "sg-0928d1c5cdf26f485", "inbound": "tcp/3306", "from": "0.0.0.0/0"}


@pytest.fixture(scope="module")
def network():
    return analyzer.load("demo")


@pytest.fixture(scope="module")
def model(network):
    return network.threats(today=TODAY)


def derived(network, *files, actors=()):
    """Return what follows from a network without the trials of edits, which take a second or two."""
    asked = Asked(declared_in([str(one) for one in files], knowledge()), knowledge(), tuple(actors), TODAY)
    return Derived(network.snapshot, network.factored, asked)


def edits(*written):
    return [Edit.model_validate(one) for one in written]


def kinds(found):
    return {(one.kind, one.actor or one.source) for one in found.risks_of_packets}


def declared(tmp_path, text):
    path = tmp_path / "declared.yaml"
    path.write_text(text)
    return path


# ---------------------------------------------------------------------- what there is
def test_assets_have_class_context_and_zone(model):
    crm = next(one for one in model.assets if one.id == CRM)
    assert (crm.data_class, crm.data_class_from) == (DataClass.RESTRICTED, "tag classification=pii")
    assert (crm.context, crm.zone, crm.held) == ("crm", "vpc-0cf2ac46fba558ecc/public", False)
    assert [(one.zone, one.verdict, one.services) for one in crm.exposures] == [("internet", Verdict.REACHABLE, ["tcp/3306"])]


def test_what_only_passes_on_has_no_data_of_its_own(model):
    assert {one.data_class for one in model.assets if one.kind in ("nat", "endpoint")} == {DataClass.INTERNAL}


def test_every_zone_stands_within_one_that_is_there(model):
    ids = {one.id for one in model.zones}
    assert {one.within for one in model.zones} <= ids | {""}
    assert {one.zone for one in model.assets} <= ids


def test_entry_points_are_what_the_internet_reaches(model):
    assert {one.name for one in model.entry_points} == {"crm", "web-1", "web-2", "bastion"}
    assert {(one.zone, one.kind) for one in model.entry_points} == {("internet", "public address")}


def test_actors_without_a_network_of_theirs_are_noted(model):
    assert [one.id for one in model.actors] == ["internet", "compromised-workload", "supply-chain"]
    assert "no partner: the snapshot holds no network of that kind" in model.notes


# ---------------------------------------------------------------------- paths
def test_every_hop_has_a_witness_and_the_lines_that_it_crosses(model):
    hops = [hop for path in model.paths for hop in path.hops]
    assert hops
    assert all(hop.path and hop.controls and hop.techniques and hop.stride and hop.preconditions for hop in hops)
    assert {hop.kind for hop in hops} == {HopKind.NETWORK}


def test_a_way_is_as_sure_as_its_least_sure_hop(model):
    assert any(path.confidence is Verdict.CONDITIONAL for path in model.paths)
    assert all(path.confidence is max((hop.verdict for hop in path.hops), key=SURENESS.index) for path in model.paths)


def test_ways_join_hop_to_hop(model, network):
    host = {}
    for one in network.snapshot.all("network_interface"):
        owner = network.snapshot.owner(one.id)
        host[one.id] = owner.id if owner is not None else one.id
    for path in model.paths:
        for near, far in zip(path.hops, path.hops[1:], strict=False):
            assert host[near.target] == host[far.source]


def test_the_shortest_way_has_as_many_hops_as_the_blast_radius_says(model, network):
    blast = {one.resource: one.depth for one in network.blast_radius("internet").reached}
    for asset in (CRM, ORDERS):
        assert min(len(one.hops) for one in model.paths if (one.actor, one.asset) == ("internet", asset)) == blast[asset]


def test_ids_of_paths_and_risks_are_their_own_and_stay(model, network):
    again = derived(analyzer.load("demo"))
    for rows, others in ((model.paths, again.paths(3)), (model.risks, again.risks())):
        ids = [one.id for one in rows]
        assert len(set(ids)) == len(ids)
        assert ids[: len(others)] == [one.id for one in others]


def test_so_many_ways_are_told_as_are_wanted(network):
    found = derived(network, actors=["internet"]).paths(1)
    assert sorted((one.actor, one.asset) for one in found) == [("internet", CRM), ("internet", ORDERS)]


# ---------------------------------------------------------------------- risks, each with a twin
def test_restricted_data_in_reach_of_the_internet_is_critical_until_the_rule_goes(model, network):
    risk = model.risks[0]
    assert (risk.kind, risk.severity, risk.assets, risk.score) == ("asset-exposed", Severity.CRITICAL, [CRM], 16)
    assert [one.line for one in risk.evidence] == ["inbound tcp/3306 from 0.0.0.0/0"]
    twin = network.whatif(edits({"remove": {"rule": CRM_RULE}}))
    assert ("asset-exposed", "internet") not in kinds(derived(twin, actors=["internet"]))


def test_administration_from_few_addresses_is_less_likely_than_from_everywhere(model):
    rows = {one.assets[0]: one for one in model.risks if one.kind == "admin-exposed"}
    web, bastion = rows["i-064a828dfd87f6e82"], rows["i-0fe3e374a82715ded"]
    assert (web.severity, bastion.severity) == (Severity.HIGH, Severity.ELEVATED)
    assert [one.text for one in bastion.factors if one.points < 0] == ["only from few public addresses that a line names"]
    assert {one.line for one in web.evidence} == {"inbound tcp/22 from 0.0.0.0/0"}


def test_the_sum_of_the_factors_is_the_score(model):
    for risk in model.risks:
        for of, value in (("likelihood", risk.likelihood), ("impact", risk.impact)):
            assert max(1, min(4, sum(one.points for one in risk.factors if one.of == of))) == value


def test_the_way_of_the_design_is_told_and_is_no_more_than_medium(model):
    risk = next(one for one in model.risks if one.kind == "attack-path" and one.assets == [ORDERS])
    assert risk.severity is Severity.MEDIUM
    assert risk.path in {one.id for one in model.paths}


def test_a_contract_ends_a_crossing_and_one_on_another_service_does_not(network, tmp_path):
    crossing = ("undeclared-crossing", "shop")
    for contract, found in (("shop -> crm: tcp/3306", False), ("shop -> crm: tcp/5432", True)):
        path = declared(tmp_path, f'contracts: ["{contract}"]')
        assert (crossing in kinds(derived(network, path, actors=["supply-chain"]))) is found


def test_a_risk_is_accepted_until_its_day_is_over(network, model, tmp_path):
    row = f"accepted: [{{risk: {model.risks[0].id}, reason: moves, owner: ada, until: 2026-11-25}}]"
    path = declared(tmp_path, row)
    for today, counts in ((date(2026, 11, 25), False), (date(2026, 11, 26), True)):
        found = msgspec.structs.replace(derived(network, path, actors=["internet"]).asked, today=today)
        risks = Derived(network.snapshot, network.factored, found).risks(mistakes=False)
        assert next(one for one in risks if one.id == model.risks[0].id).counts is counts


def test_what_people_say_of_data_outdoes_what_is_usual(network, tmp_path):
    path = declared(tmp_path, "tags: {data_class: [no-such-tag]}")
    found = derived(network, path, actors=["internet"])
    assert {one.data_class_from for one in found.ground.assets.values() if one.kind == "rds"} == {"usual for rds"}


# ---------------------------------------------------------------------- actors
def test_a_named_workload_starts_there_alone(network):
    found = derived(network, actors=["compromised-workload(name:billing-1)"])
    assert list(found.attacks.starts.values()) == [["eni-0ba073dd29df6a899"]]
    ways = {(one.confidence, len(one.hops)) for one in found.paths(3) if one.asset == ORDERS}
    assert (Verdict.CONDITIONAL, 1) in ways
    assert min(hops for confidence, hops in ways if confidence is Verdict.REACHABLE) > 1


def test_actors_of_ones_own_start_where_they_are_said_to(network, tmp_path):
    path = declared(tmp_path, "actors: [{name: agency, like: insider, from: name:bastion, assumptions: [has a key]}]")
    found = derived(network, path, actors=["agency"])
    assert list(found.attacks.starts.values()) == [["eni-0196d43003135bda2"]]
    assert "has a key" in found.attackers[0].actor.assumptions
    assert {one.asset for one in found.paths(1)} == {CRM, ORDERS}


def test_an_actor_that_there_is_not_is_an_error(network):
    with pytest.raises(QuestionError, match="no actor is called `intruder`"):
        network.threats(actors=["intruder"])


# ---------------------------------------------------------------------- depth, choke points, remedies
def test_depth_counts_mistakes_and_names_the_layers(model):
    rows = {one.asset: one for one in model.depths}
    assert (rows[CRM].least, rows[CRM].verdict) == (0, Verdict.REACHABLE)
    assert rows[ORDERS].least == 4
    assert [one.name for one in rows[ORDERS].layers] == ["route", "acl", "ingress group", "address"]


def test_a_choke_point_closes_what_it_says_when_it_is_made(model, network):
    before = set(derived(network).reached)
    for point in model.choke_points[:4]:
        after = set(derived(network.whatif(edits(*point.edits))).reached)
        assert len(before - after) == point.removes


def test_choke_points_that_break_nothing_come_first_and_of_these_those_that_close_most(model):
    order = [(len(one.breaks), -one.removes) for one in model.choke_points]
    assert model.choke_points
    assert order == sorted(order)


def test_a_cut_leaves_an_actor_no_way(model, network):
    cut = next(one for one in model.cuts if one.actor == "internet")
    assert derived(network.whatif(edits(*cut.edits)), actors=["internet"]).paths(1) == []


@pytest.mark.parametrize("number", range(4))
def test_a_remedy_ends_its_risk(model, network, number):
    risk = model.risks[number]
    assert risk.remedies
    after = derived(network.whatif(edits(*risk.remedies[0]))).risks()
    assert not any(one.about == risk.about and set(one.assets) & set(risk.assets) for one in after)


# ---------------------------------------------------------------------- honesty
def test_coverage_counts_what_stands_behind_the_scores(model):
    assert {one.name: one.modelled <= one.of and one.of > 0 for one in model.coverage.shares} == {
        "resources": True,
        "types": True,
        "lines": True,
    }


def test_the_data_files_are_named_with_their_days(model):
    assert {one.file for one in model.data} >= {"attack.yaml", "ports.yaml", "classes.yaml", "actors.yaml", "risks.yaml"}


# ---------------------------------------------------------------------- declarations that fit nothing
def test_an_acceptance_of_no_risk_is_noted(network, tmp_path):
    path = declared(tmp_path, "accepted: [{risk: asset-exposed-0, reason: moves, owner: ada, until: 2026-12-01}]")
    found = network.whatif(edits({"remove": {"rule": CRM_RULE}})).threats(path, actors=["partner"], today=TODAY)
    assert "`asset-exposed-0` is accepted, and no risk has this id" in found.notes


@pytest.mark.parametrize(("start", "zone"), [("name:bastion", ZoneKind.VPC), ("10.9.0.0/16", ZoneKind.ON_PREM)])
def test_an_insider_at_an_interface_is_in_a_vpc(network, start, zone):
    found = derived(network, actors=[f"insider({start})"])
    assert [one.actor.zone for one in found.attackers] == [zone]


def test_an_account_of_partners_is_in_no_organisation(tmp_path):
    platform = analyzer.load("demo:platform")
    path = declared(tmp_path, 'partners: ["account:555500005555"]')
    within = {one.name: one.within for one in derived(platform, path).ground.zones() if one.kind is ZoneKind.ACCOUNT}
    assert within == {"444400004444": "organisation", "555500005555": "partner"}


# ---------------------------------------------------------------------- ways in that are no address of a host
def test_session_manager_and_connect_endpoints_are_ways_in_that_iam_guards():
    found = {one.kind: one.verdict for one in derived(analyzer.load("demo:shop")).entry_points}
    assert found["Instance Connect endpoint"] is Verdict.CONDITIONAL
    assert "Session Manager" not in found


def test_a_load_balancer_leads_to_the_hosts_behind_it():
    found = derived(analyzer.load("demo:shop"))
    balancer = next(one for one in found.entry_points if one.kind == "load balancer")
    assert [found.ground.assets[id].name for id in balancer.leads_to] == ["web-2", "web-1"]
    assert "web-1" not in {one.name for one in found.entry_points}


def test_a_door_without_an_interface_is_a_way_in():
    found = {(one.name, one.verdict) for one in derived(analyzer.load("demo:platform-flawed")).entry_points}
    assert ("accounts", Verdict.CONDITIONAL) in found


def test_every_risk_that_packets_show_has_a_way_with_a_packet(model):
    paths = {one.id: one for one in model.paths}
    for risk in (one for one in model.risks if one.kind in KNOWN_BY_PACKETS):
        path = paths[risk.path]
        assert path.asset in risk.assets
        assert all(hop.path for hop in path.hops)


KNOWN_BY_PACKETS = ("asset-exposed", "admin-exposed", "attack-path", "lateral-movement", "undeclared-crossing")
