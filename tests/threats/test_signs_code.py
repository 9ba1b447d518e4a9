"""Code before it is deployed gives evidence too: what it says is a sign, what it leaves to later is not known."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from analyzer import load
from analyzer.models.trust import DataClass
from analyzer.threats.signs import Sign, signs
from tests.iac.plans import LATER, plan, ref, resource
from tests.iac.templates import made, template
from tests.iac.templates import ref as named

from .scenes import asset, door


def of_code(folder: Path, document: Any) -> list[Sign]:
    """Return the signs of a plan or template, of which every store is restricted and every load balancer on the internet."""
    path = folder / "code.json"
    path.write_text(json.dumps(document), "utf-8")
    world = load(path).snapshot
    stores = [one for kind in ("db_instance", "mount_target") for one in world.all(kind)]
    assets = [asset(one.id, DataClass.RESTRICTED, next(iter(one.interface_ids(world)), "")) for one in stores]
    vpc = world.all("vpc")[0].id
    found = [type(one)(**{name: getattr(one, name) for name in one.__struct_fields__} | {"vpc": vpc}) for one in assets]
    doors = [door(one.id) for one in world.all("application_load_balancer")]
    return signs(world, found, doors)


def told(found: list[Sign], *kinds: str) -> dict[str, list[str]]:
    return {kind: [one.confidence.value for one in found if one.kind == kind] for kind in kinds}


VPC = ref("aws_vpc.main.id")
STORED = ("unencrypted-at-rest", "single-zone", "no-backups", "deletion-unprotected")


def planned(log: str = "", acl: Any = None, **database: Any) -> Any:
    """Return a plan of a database and a load balancer, with a flow log and a web ACL where a row says so."""
    subnets = [
        resource(f"aws_subnet.{zone}", vpc_id=VPC, cidr_block=f"10.0.{number}.0/24", availability_zone=f"eu-west-1{zone}")
        for number, zone in enumerate("ab")
    ]
    return plan(
        resource("aws_vpc.main", cidr_block="10.0.0.0/16"),
        *subnets,
        resource("aws_db_subnet_group.data", name="data", subnet_ids=ref("aws_subnet.a.id", "aws_subnet.b.id")),
        resource(
            "aws_db_instance.orders", identifier="orders", db_subnet_group_name="data", publicly_accessible=False, **database
        ),
        resource(
            "aws_lb.edge",
            name="edge",
            internal=False,
            load_balancer_type="application",
            subnets=ref("aws_subnet.a.id", "aws_subnet.b.id"),
            enable_deletion_protection=True,
            access_logs=[{"enabled": False, "bucket": "logs"}],
        ),
        *([resource("aws_flow_log.all", vpc_id=VPC, traffic_type=log)] if log else []),
        *([resource("aws_wafv2_web_acl_association.edge", resource_arn=ref("aws_lb.edge.arn"), web_acl_arn=acl)] if acl else []),
    )


def test_what_a_plan_says_of_a_database(tmp_path: Path):
    plain = {"storage_encrypted": False, "multi_az": False, "backup_retention_period": 0, "deletion_protection": False}
    sound = {"storage_encrypted": True, "multi_az": True, "backup_retention_period": 7, "deletion_protection": True}
    assert told(of_code(tmp_path, planned(**plain)), *STORED) == {kind: ["reachable"] for kind in STORED}
    assert told(of_code(tmp_path, planned(**sound)), *STORED) == {kind: [] for kind in STORED}
    for unsaid in ({}, dict.fromkeys(plain, LATER)):
        assert told(of_code(tmp_path, planned(**unsaid)), *STORED) == {kind: ["unknown"] for kind in STORED}


@pytest.mark.parametrize(("log", "kind"), [("", "no-flow-logs"), ("REJECT", "flow-logs-refused-only"), ("ALL", "")])
def test_what_a_plan_says_of_flow_logs(tmp_path: Path, log: str, kind: str):
    found = told(of_code(tmp_path, planned(log)), "no-flow-logs", "flow-logs-refused-only")
    assert [one for one, sure in found.items() if sure] == ([kind] if kind else [])
    assert found.get(kind, ["reachable"]) == ["reachable"]


def test_a_vpc_that_the_plan_does_not_make_may_have_flow_logs(tmp_path: Path):
    document = planned()
    for one in document["resource_changes"]:
        if one["type"] == "aws_subnet":
            one["change"]["after"]["vpc_id"] = "vpc-0abc"
            del one["change"]["after_unknown"]["vpc_id"]
    for one in document["configuration"]["root_module"]["resources"]:
        one["expressions"].pop("vpc_id", None)
    assert told(of_code(tmp_path, document), "no-flow-logs") == {"no-flow-logs": ["unknown"]}


def test_what_a_plan_says_of_a_load_balancer(tmp_path: Path):
    kinds = ("public-without-waf", "no-access-logs")
    assert told(of_code(tmp_path, planned()), *kinds) == {"public-without-waf": ["unknown"], "no-access-logs": ["reachable"]}
    for acl in ("arn:acl", LATER, ref("aws_wafv2_web_acl.shop.arn")):
        assert told(of_code(tmp_path, planned(acl=acl)), *kinds) == {"public-without-waf": [], "no-access-logs": ["reachable"]}


def templated(encrypted: Any, log: bool) -> Any:
    """Return a template of a file system with a mount target, with a flow log of the VPC where a row says so."""
    logged = {"Log": made("EC2::FlowLog", ResourceId=named("Vpc"), ResourceType="VPC", TrafficType="ALL")} if log else {}
    system = {"Encrypted": encrypted} if encrypted is not None else {}
    target = made("EFS::MountTarget", FileSystemId=named("Files"), SubnetId=named("SubnetA"), SecurityGroups=[named("GroupA")])
    return template(Files=made("EFS::FileSystem", **system), Target=target, **logged)


@pytest.mark.parametrize(
    ("encrypted", "expected"), [(False, ["reachable"]), ("true", []), (None, ["unknown"]), (named("Unvalued"), ["unknown"])]
)
def test_what_a_template_says_of_a_file_system(tmp_path: Path, encrypted: Any, expected: list[str]):
    document = templated(encrypted, log=True) | {"Parameters": {"Unvalued": {"Type": "String"}}}
    assert told(of_code(tmp_path, document), "unencrypted-at-rest") == {"unencrypted-at-rest": expected}


def test_what_a_template_says_of_a_load_balancer(tmp_path: Path):
    edge = made("ElasticLoadBalancingV2::LoadBalancer", Subnets=[named("SubnetA"), named("SubnetB")])
    attributes = [{"Key": "access_logs.s3.enabled", "Value": "false"}, {"Key": "deletion_protection.enabled", "Value": "true"}]
    edge["Properties"]["LoadBalancerAttributes"] = attributes
    association = made("WAFv2::WebACLAssociation", ResourceArn=named("Edge"), WebACLArn="arn:acl")
    kinds = ("public-without-waf", "no-access-logs", "deletion-unprotected")
    bare = told(of_code(tmp_path, template(Edge=edge)), *kinds)
    assert bare == {"public-without-waf": ["unknown"], "no-access-logs": ["reachable"], "deletion-unprotected": []}
    assert told(of_code(tmp_path, template(Edge=edge, Acl=association)), *kinds) == {**bare, "public-without-waf": []}


def test_what_a_template_says_of_flow_logs(tmp_path: Path):
    for log, expected in ((False, ["reachable"]), (True, [])):
        assert told(of_code(tmp_path, templated(True, log)), "no-flow-logs") == {"no-flow-logs": expected}
