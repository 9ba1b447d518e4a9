"""What plans and states say, and what they do not: what is not known yet is unknown, never blocked."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path

import pytest

import analyzer
from analyzer.models.errors import QuestionError

from .plans import ALL, COMPUTED, LATER, VPC, plan, ref, resource, three_tiers, with_action


def verdict(folder: Path, document, source: str, target: str, on: str | None = None) -> str:
    path = folder / "plan.json"
    path.write_text(json.dumps(document))
    return analyzer.load(path).reach(source, target, on).verdict.value


def changed(document, address: str, **attributes):
    """Return a plan in which attributes of a resource have other values; LATER is known after it is made only."""
    copy = deepcopy(document)
    for one in copy["resource_changes"]:
        if one["address"] == address:
            for name, value in attributes.items():
                one["change"]["after_unknown"].pop(name, None)
                one["change"]["after"].pop(name, None)
                one["change"]["after_unknown" if value == LATER else "after"][name] = True if value == LATER else value
    for one in copy["configuration"]["root_module"]["resources"]:
        if one["address"] == address:
            for name, value in attributes.items():
                one["expressions"][name] = {"references": ["local.hidden"]} if value == LATER else {"constant_value": value}
    return copy


TIERS = with_action(three_tiers())
RULE = "aws_vpc_security_group_ingress_rule"


@pytest.mark.parametrize(
    ("address", "attribute"),
    [
        (f"{RULE}.data", "from_port"),
        (f"{RULE}.data", "ip_protocol"),
        (f"{RULE}.data", "referenced_security_group_id"),
        (f"{RULE}.data", "security_group_id"),
        ("aws_security_group.data", "ingress"),
    ],
)
def test_a_rule_that_is_not_known_leaves_the_answer_unknown(tmp_path, address, attribute):
    question = ("name:bastion", "rds:orders", "postgres")
    assert verdict(tmp_path, TIERS, *question) == "blocked"
    assert verdict(tmp_path, changed(TIERS, address, **{attribute: LATER}), *question) == "unknown"


@pytest.mark.parametrize("attribute", ["destination_cidr_block", "gateway_id", "route_table_id"])
def test_a_route_that_is_not_known_is_not_missing(tmp_path, attribute):
    without = deepcopy(TIERS)
    without["resource_changes"] = [one for one in TIERS["resource_changes"] if one["address"] != "aws_route.public"]
    question = ("internet", "name:bastion", "ssh")
    assert verdict(tmp_path, without, *question) == "blocked"
    assert verdict(tmp_path, changed(TIERS, "aws_route.public", **{attribute: LATER}), *question) == "unknown"


def test_a_group_of_terraform_lets_nothing_out_that_is_not_written(tmp_path):
    without = [one for one in TIERS["resource_changes"] if one["address"] != "aws_vpc_security_group_egress_rule.bastion"]
    question = ("name:bastion", "name:app-1", "ssh")
    assert verdict(tmp_path, TIERS, *question) == "reachable"
    assert verdict(tmp_path, {**TIERS, "resource_changes": without}, *question) == "blocked"


def test_a_rule_about_a_part_of_the_subnet_is_not_decided_by_a_chosen_address(tmp_path):
    question = ("name:bastion", "name:app-1", "ssh")
    part = {"referenced_security_group_id": None, "cidr_ipv4": "10.0.0.64/26"}
    assert verdict(tmp_path, changed(TIERS, f"{RULE}.ssh", **part), *question) in ("unknown", "conditional")
    whole = {"referenced_security_group_id": None, "cidr_ipv4": "10.0.0.0/24"}
    assert verdict(tmp_path, changed(TIERS, f"{RULE}.ssh", **whole), *question) == "reachable"


def test_an_address_that_aws_may_give_away_is_nobodys_for_sure(tmp_path):
    assert verdict(tmp_path, TIERS, "10.0.1.99", "rds:orders", "postgres") == "unknown"
    assert verdict(tmp_path, TIERS, "name:bastion", "10.0.1.99", "ssh") == "unknown"


def test_what_a_plan_deletes_is_gone(tmp_path):
    gone = deepcopy(TIERS)
    for one in gone["resource_changes"]:
        if one["address"] == f"{RULE}.bastion":
            one["change"] = {"actions": ["delete"], "before": one["change"]["after"], "after": None, "after_unknown": {}}
    assert verdict(tmp_path, gone, "internet", "name:bastion", "ssh") == "blocked"


def _hosts(*extra) -> dict:
    """Return two hosts in subnets that a count makes, in a module that hides its VPC behind a local."""
    later = dict.fromkeys(("private_ip", "primary_network_interface_id"), LATER)
    made = plan(
        resource("aws_vpc.this", cidr_block="10.0.0.0/16"),
        resource("aws_subnet.private", cidr_block="10.0.1.0/24", vpc_id={"references": ["local.vpc_id"]}),
        resource("aws_security_group.all", name="all", vpc_id={"references": ["local.vpc_id"]}, ingress=LATER, egress=LATER),
        resource(f"{RULE}.all", security_group_id=ref("aws_security_group.all.id"), **ALL),
        resource("aws_vpc_security_group_egress_rule.all", security_group_id=ref("aws_security_group.all.id"), **ALL),
        resource(
            "aws_instance.host",
            subnet_id={"references": ["aws_subnet.private", "count.index"]},
            vpc_security_group_ids=ref("aws_security_group.all.id"),
            **later,
        ),
        *extra,
    )
    changes = made["resource_changes"]
    for address in ("aws_subnet.private", "aws_instance.host"):
        first = next(one for one in changes if one["address"] == address)
        second = deepcopy(first)
        first["address"], second["address"] = f"{address}[0]", f"{address}[1]"
        changes.append(second)
    second = next(one for one in changes if one["address"] == "aws_subnet.private[1]")
    second["change"]["after"]["cidr_block"] = "10.0.2.0/24"
    return made


def test_counts_are_matched_and_a_hidden_vpc_is_found_by_elimination(tmp_path):
    assert verdict(tmp_path, _hosts(), "aws_instance.host[0]", "aws_instance.host[1]", "ssh") == "reachable"


def test_of_two_vpcs_none_is_guessed(tmp_path):
    other = resource("aws_vpc.other", cidr_block="10.9.0.0/16")
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(_hosts(other)))
    snapshot = analyzer.load(path).snapshot
    assert any("`vpc_id` is known after it is made only" in text for text in snapshot.not_modelled)
    assert not snapshot.all("subnet")


def test_a_vpc_that_is_there_already_may_hold_more(tmp_path):
    document = plan(
        resource("aws_subnet.a", cidr_block="10.0.1.0/24", vpc_id="vpc-1"),
        resource("aws_security_group.a", name="a", vpc_id="vpc-1", ingress=LATER, egress=LATER),
        resource(
            "aws_instance.a",
            tags={"Name": "a"},
            subnet_id=ref("aws_subnet.a.id"),
            vpc_security_group_ids=ref("aws_security_group.a.id"),
        ),
    )
    assert verdict(tmp_path, document, "name:a", "10.0.7.7", "ssh") != "reachable"
    rules = resource("aws_vpc_security_group_egress_rule.a", security_group_id=ref("aws_security_group.a.id"), **ALL)
    more = plan(rules)
    for part in ("resource_changes",):
        document[part] += more[part]
    document["configuration"]["root_module"]["resources"] += more["configuration"]["root_module"]["resources"]
    assert verdict(tmp_path, document, "name:a", "10.0.7.7", "ssh") == "unknown"
    rules = plan(resource(f"{RULE}.a", security_group_id=ref("aws_security_group.a.id"), **ALL))
    document["resource_changes"] += rules["resource_changes"]
    document["configuration"]["root_module"]["resources"] += rules["configuration"]["root_module"]["resources"]
    assert verdict(tmp_path, document, "10.0.7.7", "name:a", "ssh") == "unknown"


STATE = {
    "aws_vpc.v": {"id": "vpc-1", "cidr_block": "10.0.0.0/16", "default_network_acl_id": "acl-1"},
    "aws_subnet.s": {"id": "subnet-1", "vpc_id": "vpc-1", "cidr_block": "10.0.1.0/24"},
    "aws_security_group.g": {
        "id": "sg-1", "name": "g", "vpc_id": "vpc-1", "egress": [],
        "ingress": [{"protocol": "tcp", "from_port": 22, "to_port": 22, "self": True, "cidr_blocks": []}],
    },
    "aws_security_group_rule.out": {
        "id": "sgrule-1", "type": "egress", "security_group_id": "sg-1", "protocol": "all", "from_port": 0, "to_port": 0,
        "cidr_blocks": ["10.0.0.0/16"],
    },
    "aws_instance.a": {
        "id": "i-a", "subnet_id": "subnet-1", "vpc_security_group_ids": ["sg-1"], "primary_network_interface_id": "eni-a",
        "private_ip": "10.0.1.10", "instance_state": "running", "associate_public_ip_address": False,
    },
    "aws_instance.b": {
        "id": "i-b", "subnet_id": "subnet-1", "vpc_security_group_ids": ["sg-1"], "primary_network_interface_id": "eni-b",
        "private_ip": "10.0.1.11", "instance_state": "running", "associate_public_ip_address": False,
    },
}  # fmt: skip


def _raw() -> dict:
    listed = [
        {
            "mode": "managed",
            "type": address.partition(".")[0],
            "name": address.partition(".")[2],
            "instances": [{"attributes": held}],
        }
        for address, held in STATE.items()
    ]
    return {"version": 4, "terraform_version": "1.9.8", "lineage": "x", "serial": 1, "resources": listed}


def _shown() -> dict:
    listed = [
        {"address": address, "mode": "managed", "type": address.partition(".")[0], "values": held}
        for address, held in STATE.items()
    ]
    return {
        "format_version": "1.0",
        "terraform_version": "1.9.8",
        "values": {"root_module": {"resources": [], "child_modules": [{"resources": listed}]}},
    }


@pytest.mark.parametrize("document", [_raw(), _shown()], ids=["raw", "shown"])
def test_states_are_read_in_both_formats(tmp_path, document):
    assert verdict(tmp_path, document, "i-a", "i-b", "ssh") == "reachable"
    assert verdict(tmp_path, document, "eni-a", "10.0.1.11", "https") == "blocked"


def test_evidence_names_the_resource_of_the_plan(tmp_path):
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(TIERS))
    hops = analyzer.load(path).reach("internet", "name:bastion", "ssh").pairs[0].path
    assert any(hop.resource == "aws_security_group.bastion" for hop in hops)
    assert (
        analyzer.load(path).snapshot.find("security_group", "aws_security_group.bastion").origin
        == f"`{path}` resource 16 (`resource_changes[16]`)"
    )
    assert VPC["references"][1] == "aws_vpc.main"


@pytest.mark.parametrize("attribute", ["vpc_security_group_ids", "subnet_id"])
def test_a_host_of_which_too_little_is_known_is_in_doubt_and_not_blocked(tmp_path, attribute):
    hidden = changed(TIERS, "aws_instance.app-1", **{attribute: LATER})
    assert verdict(tmp_path, hidden, "name:bastion", "name:app-1", "ssh") == "unknown"
    assert verdict(tmp_path, hidden, "name:bastion", "10.0.1.9", "ssh") == "unknown"


def test_a_host_in_a_subnet_that_the_code_does_not_hold_is_nobody(tmp_path):
    elsewhere = changed(TIERS, "aws_instance.app-1", subnet_id="subnet-0123")
    with pytest.raises(QuestionError, match="no interface in the snapshot is called `app-1`"):
        verdict(tmp_path, elsewhere, "name:bastion", "name:app-1", "ssh")


@pytest.mark.parametrize(("accepts", "expected"), [(True, "reachable"), (None, "unknown")], ids=["accepted", "by somebody else"])
def test_a_peering_that_somebody_else_accepts_may_be_accepted(tmp_path, accepts, expected):
    later = dict.fromkeys(("private_ip", "primary_network_interface_id"), LATER)
    made = [
        resource(
            "aws_vpc_peering_connection.p",
            vpc_id=ref("aws_vpc.a.id"),
            peer_vpc_id=ref("aws_vpc.b.id"),
            accept_status=LATER,
            auto_accept=accepts,
        )
    ]
    for name, near, far in (("a", "10.1", "10.2"), ("b", "10.2", "10.1")):
        made += [
            resource(f"aws_vpc.{name}", cidr_block=f"{near}.0.0/16"),
            resource(f"aws_subnet.{name}", cidr_block=f"{near}.1.0/24", vpc_id=ref(f"aws_vpc.{name}.id")),
            resource(f"aws_security_group.{name}", name=name, vpc_id=ref(f"aws_vpc.{name}.id"), **COMPUTED),
            resource(f"{RULE}.{name}", security_group_id=ref(f"aws_security_group.{name}.id"), **ALL),
            resource(f"aws_vpc_security_group_egress_rule.{name}", security_group_id=ref(f"aws_security_group.{name}.id"), **ALL),
            resource(
                f"aws_route.{name}",
                route_table_id=ref(f"aws_vpc.{name}.main_route_table_id"),
                destination_cidr_block=f"{far}.0.0/16",
                vpc_peering_connection_id=ref("aws_vpc_peering_connection.p.id"),
            ),
            resource(
                f"aws_instance.{name}",
                subnet_id=ref(f"aws_subnet.{name}.id"),
                vpc_security_group_ids=ref(f"aws_security_group.{name}.id"),
                **later,
            ),
        ]
    assert verdict(tmp_path, plan(*made), "aws_instance.a", "aws_instance.b", "ssh") == expected


def test_evidence_says_where_in_the_document_a_resource_stands(tmp_path):
    for name, document, address in (
        ("raw", _raw(), "sg-1"),
        ("shown", _shown(), "sg-1"),
        ("plan", TIERS, "aws_security_group.app"),
    ):
        path = tmp_path / f"{name}.json"
        path.write_text(json.dumps(document))
        origin = analyzer.load(path).snapshot.find("security_group", address).origin
        where, named = {
            "raw": ("resource 0 (`resources[2].instances[0].attributes`)", " `aws_security_group.g`"),
            "shown": ("resource 2 (`values.root_module.child_modules[0].resources[2].values`)", " `aws_security_group.g`"),
            "plan": ("resource 14 (`resource_changes[14]`)", ""),
        }[name]
        assert origin == f"`{path}` {where}{named}"


def test_a_resource_may_say_its_region_itself(tmp_path):
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(changed(TIERS, "aws_vpc.main", region="ap-south-1")))
    assert analyzer.load(path).snapshot.find("vpc", "aws_vpc.main").region == "ap-south-1"


def test_a_provider_says_in_which_account_and_region_it_makes_things(tmp_path):
    document = deepcopy(TIERS)
    written = document["configuration"]["root_module"]["resources"]
    for one in written:
        one["provider_config_key"] = (
            "aws.us" if one["type"] == "aws_vpc" else "aws.module" if one["type"] == "aws_route_table" else "aws"
        )
    document["configuration"]["provider_config"] = {
        "aws": {"expressions": {"region": {"constant_value": "eu-west-1"}}},
        "aws.us": {
            "expressions": {
                "region": {"references": ["var.region"]},
                "assume_role": [{"role_arn": {"constant_value": "arn:aws:iam::111122223333:role/deploy"}}],
            }
        },
    }
    document["variables"] = {"region": {"value": "us-east-1"}}
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(document))
    snapshot = analyzer.load(path).snapshot
    seen = {
        kind: (one.account, one.region) for kind in ("vpc", "security_group", "route_table") for one in snapshot.all(kind)[:1]
    }
    assert seen == {
        "vpc": ("111122223333", "us-east-1"),
        "security_group": ("", "eu-west-1"),
        "route_table": ("", ""),
    }
