"""What a threat model must not miss, nor say of the wrong thing: rows on small networks, each with its twin."""

from __future__ import annotations

from datetime import date

import pytest

import analyzer
from analyzer.models.errors import QuestionError
from analyzer.threats import derive
from tests.semantics import build
from tests.threats.small import ANYBODY, group, host, interface, network, store

TODAY = date(2026, 11, 25)
OFFICE = "198.51.100.7/32"


def told(model, kind):
    return [one for one in model.risks if one.kind == kind]


def test_a_mistake_that_was_not_made_has_no_remedy_among_edits_of_other_lines(tmp_path):
    web = host("web", interface("eni-web", "10.0.1.4", ["sg-web"], "203.0.113.4"))
    data = store("data", "10.0.1.5", ["sg-data"], "203.0.113.5")
    parts = group("sg-web", (443, ANYBODY), (22, ANYBODY)), group("sg-data", (5432, "sg-web")), web, data
    model = network(tmp_path, *parts).threats(today=TODAY)
    (mistake,) = told(model, "one-mistake")
    assert mistake.remedies == []
    assert all(one.remedies for one in told(model, "attack-path"))


def test_each_interface_of_a_host_is_looked_at(tmp_path):
    near = interface("eni-1", "10.0.1.4", ["sg-office"], "203.0.113.4")
    far = interface("eni-2", "10.0.1.5", ["sg-open"], "203.0.113.5")
    parts = group("sg-office", (22, OFFICE)), group("sg-open", (3389, ANYBODY)), host("jump", near, far)
    model = network(tmp_path, *parts).threats(today=TODAY, actors=["internet"])
    found = {(one.text.rpartition(" on ")[2], one.likelihood) for one in told(model, "admin-exposed")}
    assert found == {("SSH", 2), ("RDP", 4)}


def two_contexts(folder, near, far):
    """Return a network in which a host of one context reaches a store of another one on PostgreSQL."""
    web = host("web", interface("eni-web", "10.0.2.4", ["sg-web"]), context=near)
    parts = group("sg-web"), group("sg-data", (5432, "sg-web")), web, store("data", "10.0.2.5", ["sg-data"], context=far)
    return network(folder, *parts)


@pytest.mark.parametrize("near", ["billing", "account", "organisation", "tier", "vpc"])
def test_a_context_may_be_called_as_a_kind_of_zone_is(tmp_path, near):
    found = told(two_contexts(tmp_path, near, "ledger").threats(today=TODAY), "undeclared-crossing")
    assert [one.source for one in found] == [near]


@pytest.mark.parametrize("near", ["internet", "partner", "on-prem"])
def test_a_tag_that_names_a_zone_outside_makes_no_context_and_is_noted(tmp_path, near):
    model = two_contexts(tmp_path, near, "ledger").threats(today=TODAY)
    assert [one.name for one in model.contexts] == ["ledger"]
    assert model.unassigned == ["i-web"]
    assert f"`{near}` is the name of a zone outside: tags that make it a context are not counted, on 1 asset" in model.notes


@pytest.mark.parametrize(
    ("contract", "noted"),
    [
        ("billing -> ledger: tcp/5432", []),
        ("internet -> billing: https", []),
        ("biling -> ledger: tcp/5432", ["`biling`"]),
        ("billing -> ledgers: tcp/5432", ["`ledgers`"]),
    ],
)
def test_a_contract_of_a_context_that_there_is_not_is_noted(tmp_path, contract, noted):
    path = tmp_path / "declared.yaml"
    path.write_text(f'contracts: ["{contract}"]')
    model = two_contexts(tmp_path / "network", "billing", "ledger").threats(path, today=TODAY)
    found = [one for one in model.notes if one.startswith("the contract")]
    assert [one.split(" names ")[1].split(",")[0] for one in found] == noted


def test_the_internet_takes_no_selector(tmp_path):
    parts = group("sg-web", (443, ANYBODY)), host("web", interface("eni-web", "10.0.1.4", ["sg-web"], "203.0.113.4"))
    asked = network(tmp_path, *parts)
    with pytest.raises(QuestionError) as error:
        asked.threats(actors=["internet(web)"])
    assert error.value.what == "`internet` begins everywhere outside: `internet(web)` takes no selector"
    assert error.value.hint == "write `internet`, or `compromised-workload(SELECTOR)`"
    assert [one.starts for one in asked.threats(actors=["supply-chain(web)"], today=TODAY).actors] == [["eni-web"]]


def test_a_contract_of_which_a_service_passes_no_more_is_broken(tmp_path):
    web = host("web", interface("eni-web", "10.0.1.4", ["sg-web"], "203.0.113.4"), context="shop")
    api = host("api", interface("eni-api", "10.0.2.6", ["sg-api"]), context="ledger")
    data = store("data", "10.0.2.5", ["sg-data"], context="ledger")
    groups = group("sg-web", (443, ANYBODY)), group("sg-data", (5432, "sg-web")), group("sg-api", (8080, "sg-web"))
    path = tmp_path / "declared.yaml"
    path.write_text('contracts: ["shop -> ledger: tcp/5432,tcp/8080"]')
    model = network(tmp_path / "network", *groups, web, api, data).threats(path, today=TODAY)
    closing = next(one for one in model.choke_points if "inbound tcp/5432" in one.text)
    assert closing.breaks == ["shop -> ledger: tcp/5432,tcp/8080"]


def behind_a_web_server(folder, *stores):
    """Return a network in which the internet comes to stores by way of a web server alone."""
    web = host("web", interface("eni-web", "10.0.1.4", ["sg-web"], "203.0.113.4"))
    return network(folder, group("sg-web", (443, ANYBODY)), group("sg-data", (5432, "sg-web")), web, *stores)


def test_what_no_line_tells_apart_is_all_in_the_risk(tmp_path):
    stores = [store(f"data-{n}", f"10.0.2.{n}", ["sg-data"]) for n in (5, 6)]
    model = behind_a_web_server(tmp_path, *stores).threats(today=TODAY)
    for kind in ("attack-path", "lateral-movement"):
        assert {id for one in told(model, kind) for id in one.assets} in ({"i-data-5", "i-data-6"}, set())
    (path,) = told(model, "attack-path")
    assert path.assets == ["i-data-5", "i-data-6"]


def test_ways_beyond_those_that_are_told_are_counted(tmp_path, monkeypatch):
    monkeypatch.setattr(derive, "MOST_PAIRS", 1)
    stores = [store(f"data-{n}", f"10.0.2.{n}", ["sg-data", f"sg-{n}"]) for n in (5, 6, 7)]
    groups = [group(f"sg-{n}") for n in (5, 6, 7)]
    model = behind_a_web_server(tmp_path, *groups, *stores).threats(today=TODAY, actors=["internet"])
    assert "internet: the ways to 2 more restricted assets are not told; no risk tells of 2 of these" in model.notes
    monkeypatch.setattr(derive, "MOST_PAIRS", 3)
    model = behind_a_web_server(tmp_path, *groups, *stores).threats(today=TODAY, actors=["internet"])
    assert not any("not told" in one for one in model.notes)


def test_a_host_that_others_reach_is_taken_with_all_its_interfaces(tmp_path):
    near, far = interface("eni-1", "10.0.1.4", ["sg-web"], "203.0.113.4"), interface("eni-2", "10.0.2.4", ["sg-app"])
    groups = group("sg-web", (443, ANYBODY)), group("sg-app"), group("sg-data", (5432, "sg-app"))
    model = network(tmp_path, *groups, host("web", near, far), store("data", "10.0.2.5", ["sg-data"])).threats(today=TODAY)
    starts = {one.id: one.starts for one in model.actors}
    assert starts["compromised-workload"] == starts["supply-chain"] == ["eni-1", "eni-2"]
    hops = {one.actor: [(hop.source, hop.target) for hop in one.hops] for one in model.paths}
    assert hops["compromised-workload"] == [("eni-2", "eni-data")]


@pytest.mark.parametrize(("start", "zone"), [("i-web", "vpc"), ("198.51.100.0/24", "internet")])
def test_an_actor_of_ones_own_is_called_by_his_name_and_is_outside_where_he_begins_outside(tmp_path, start, zone):
    path = tmp_path / "declared.yaml"
    path.write_text(f'actors: [{{name: visitor, like: internet, from: "{start}"}}]')
    web = host("web", interface("eni-web", "10.0.1.4", ["sg-web"], "203.0.113.4"))
    data = store("data", "10.0.1.5", ["sg-data"], "203.0.113.5")
    groups = group("sg-web"), group("sg-data", (5432, "sg-web"), (3306, "198.51.100.0/24"))
    model = network(tmp_path / "network", *groups, web, data).threats(path, actors=["visitor"], today=TODAY)
    assert [one.zone.value for one in model.actors] == [zone]
    texts = [one.text for one in told(model, "asset-exposed")]
    assert texts == (["visitor can reach data (ec2) on tcp/3306"] if zone == "internet" else [])


def test_a_crossing_that_was_accepted_covers_no_services_that_come_to_it(tmp_path):
    web = host("web", interface("eni-web", "10.0.2.4", ["sg-web"]), context="billing")
    one = host("one", interface("eni-1", "10.0.2.5", ["sg-one"]), context="ledger")
    two = host("two", interface("eni-2", "10.0.2.6", ["sg-two"]), context="ledger")
    groups = group("sg-web"), group("sg-one", (8080, "sg-web"))
    before = network(tmp_path / "before", *groups, web, one, group("sg-two"), two)
    after = network(tmp_path / "after", *groups, web, one, group("sg-two", (22, "sg-web")), two)
    (was,), (now,) = (told(asked.threats(today=TODAY), "undeclared-crossing") for asked in (before, after))
    assert (was.assets, now.assets) == (["i-one"], ["i-one", "i-two"])
    assert was.id != now.id


@pytest.mark.parametrize("missing", ["NetworkAcls", "RouteTables", "SecurityGroups"])
def test_what_every_vpc_has_and_the_snapshot_has_not_is_no_full_coverage(tmp_path, missing):
    parts = group("sg-web", (443, ANYBODY)), host("web", interface("eni-web", "10.0.1.4", ["sg-web"], "203.0.113.4"))
    whole = network(tmp_path, *parts).threats(today=TODAY).coverage
    (tmp_path / f"{missing}.json").unlink()
    found = analyzer.load(tmp_path, cache=False).threats(today=TODAY).coverage
    types, before = (next(share for share in one.shares if share.name == "types") for one in (found, whole))
    assert (types.modelled, types.of) == (before.modelled - 1, before.of)
    assert set(found.not_modelled) - set(whole.not_modelled) >= {f"`{missing}`: not in the snapshot, though every VPC has some"}


def test_a_contract_from_where_no_actor_begins_is_noted(tmp_path):
    path = tmp_path / "declared.yaml"
    path.write_text('contracts: ["on-prem -> ledger: tcp/5432", "internet -> ledger: https"]')
    asked = two_contexts(tmp_path / "network", "billing", "ledger")
    model = asked.threats(path, actors=["compromised-workload(i-web)"], today=TODAY)
    note = f"the contract at {path}:1 begins at `on-prem`, where no actor that is asked about does: no edit is told to break it"
    assert [one for one in model.notes if one.startswith("the contract")] == [note]


def test_few_addresses_are_few_for_every_host_that_a_rule_lets_in(tmp_path):
    hosts = [host(f"{n}", interface(f"eni-{n}", f"10.0.1.{n}", ["sg-ssh"], f"203.0.113.{n}")) for n in range(11, 17)]
    there = {"SubnetId": "subnet-wide"}
    last = host("last", interface("eni-last", "10.0.3.4", ["sg-ssh"], "203.0.113.4", **there))
    blocks = {"subnet-out": OFFICE, "subnet-wide": ANYBODY}
    wide = wide_subnet(blocks)
    (narrow,) = told(
        network(tmp_path / "few", group("sg-ssh", (22, ANYBODY)), wide, *hosts).threats(actors=["internet"]), "admin-exposed"
    )
    (both,) = told(
        network(tmp_path / "all", group("sg-ssh", (22, ANYBODY)), wide, *hosts, last).threats(actors=["internet"]),
        "admin-exposed",
    )
    assert (narrow.likelihood, len(narrow.assets)) == (2, 6)
    assert (both.likelihood, len(both.assets)) == (4, 7)


def wide_subnet(blocks):
    """Return a third subnet, on the internet, and ACLs that let in from a block each."""
    own = {"VpcId": "vpc-1", "OwnerId": "111111111111"}
    local = {"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local", "State": "active"}
    out = {"DestinationCidrBlock": ANYBODY, "GatewayId": "igw-1", "State": "active"}
    entry = {"RuleNumber": 100, "Protocol": "-1", "RuleAction": "allow"}
    acls = [
        {
            **{**own, "NetworkAclId": f"acl-{id}", "IsDefault": False, "Associations": [{"SubnetId": id}]},
            "Entries": [{**entry, "Egress": True, "CidrBlock": ANYBODY}, {**entry, "Egress": False, "CidrBlock": block}],
        }
        for id, block in blocks.items()
    ]
    return {
        "Subnets": [{**own, "SubnetId": "subnet-wide", "CidrBlock": "10.0.3.0/24", "AvailabilityZone": "eu-west-1a"}],
        "RouteTables": [
            {
                **own,
                "RouteTableId": "rtb-wide",
                "Routes": [local, out],
                "Associations": [{"Main": False, "SubnetId": "subnet-wide"}],
            }
        ],
        "NetworkAcls": acls,
    }


def test_of_hosts_that_one_rule_lets_in_those_that_may_be_reached_are_told_apart(tmp_path):
    sure = host("sure", interface("eni-sure", "10.0.1.4", ["sg-ssh"], "203.0.113.4"))
    maybe = host("maybe", interface("eni-maybe", "10.0.3.4", ["sg-ssh"], "203.0.113.5", SubnetId="subnet-wide"))
    without_table = {key: rows for key, rows in wide_subnet({"subnet-out": ANYBODY}).items() if key != "RouteTables"}
    parts = group("sg-ssh", (22, ANYBODY)), without_table, sure, maybe
    (risk,) = told(network(tmp_path, *parts).threats(today=TODAY, actors=["internet"]), "admin-exposed")
    assert risk.text == "the internet can reach sure (ec2), and may reach maybe (ec2) on SSH"


@pytest.mark.parametrize("several", [True, False])
def test_a_database_at_the_interfaces_of_another_one_is_told(several):
    """RDS says of no interface whose it is: of two databases with the same subnets and groups nobody knows."""
    databases = [build.rds("orders"), *([build.rds("bills")] if several else [])]
    model = build.network(build.rds_interface("eni-db", "10.0.2.9"), *databases).threats(actors=["internet"], today=TODAY)
    assert any("db:bills" in note and "db:orders" in note for note in model.notes) is several
