"""What signs look at comes with a collection: an account in moto, collected by the command, gives the signs that it should."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import boto3
import pytest

from analyzer import load
from analyzer.models.trust import Asset, DataClass, EntryPoint
from analyzer.models.verdict import Verdict
from analyzer.threats.signs import signs

from .cloud import HOME, handed_to, moto
from .conftest import ENVIRONMENT, reach
from .stub import Stub


def built(url: str) -> dict[str, str]:
    """Make two load balancers of which one has a web ACL, two VPCs of which one has a flow log, and stores."""

    def client(name: str) -> Any:
        return boto3.client(name, region_name=HOME, endpoint_url=url, aws_access_key_id="a", aws_secret_access_key="s")

    ec2, elb, waf, rds, efs, logs = map(client, ("ec2", "elbv2", "wafv2", "rds", "efs", "logs"))
    ids: dict[str, str] = {}
    for number, name in enumerate(("logged", "silent")):
        ids[name] = vpc = ec2.create_vpc(CidrBlock=f"10.{number}.0.0/16")["Vpc"]["VpcId"]
        subnets = [
            ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.{number}.{zone}.0/24", AvailabilityZone=f"{HOME}{'ab'[zone]}")["Subnet"][
                "SubnetId"
            ]
            for zone in range(2)
        ]
        made = elb.create_load_balancer(Name=f"of-{name}", Subnets=subnets, Scheme="internet-facing", Type="application")
        ids[f"of-{name}"] = made["LoadBalancers"][0]["LoadBalancerArn"]
    logs.create_log_group(logGroupName="flows")
    role = {"DeliverLogsPermissionArn": "arn:aws:iam::123456789012:role/logs", "LogGroupName": "flows"}
    ec2.create_flow_logs(ResourceIds=[ids["logged"]], ResourceType="VPC", TrafficType="ALL", **role)
    seen = {"SampledRequestsEnabled": False, "CloudWatchMetricsEnabled": False, "MetricName": "m"}
    acl = waf.create_web_acl(Name="shop", Scope="REGIONAL", DefaultAction={"Allow": {}}, VisibilityConfig=seen)["Summary"]["ARN"]
    waf.associate_web_acl(WebACLArn=acl, ResourceArn=ids["of-logged"])
    database = {"Engine": "postgres", "DBInstanceClass": "db.t3.micro", "AllocatedStorage": 20, "MasterUsername": "u"}
    rds.create_db_instance(DBInstanceIdentifier="orders", MasterUserPassword="not-a-secret", StorageEncrypted=False, **database)
    ids["files"] = efs.create_file_system(CreationToken="t", Encrypted=True)["FileSystemId"]
    return ids


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("signs") / "collected"
    with pytest.MonkeyPatch.context() as patch, moto() as url:
        for name, value in ENVIRONMENT.items():
            patch.setenv(name, value)
        ids = built(url)
        stub = Stub(handed_to(url))
        told = reach(str(folder), "--regions", HOME, "--endpoint-url", stub.url)
        stub.close()
    assert told.code == 0, told.err
    return folder, ids


def test_a_collected_account_gives_its_signs(account: tuple[Path, dict[str, str]]):
    folder, ids = account
    doors = [
        EntryPoint(id=name, kind="load balancer", resource=ids[name], zone="internet", verdict=Verdict.REACHABLE)
        for name in ("of-logged", "of-silent")
    ]
    assets = [Asset(id=name, kind="rds", vpc=ids[name], data_class=DataClass.RESTRICTED) for name in ("logged", "silent")]
    found = {(one.kind, one.resource): one.confidence.value for one in signs(load(folder).snapshot, assets, doors)}
    assert found[("public-without-waf", ids["of-silent"])] == "reachable"
    assert ("public-without-waf", ids["of-logged"]) not in found
    assert found[("web-acl-without-rules", ids["of-logged"])] == "reachable"
    assert found[("no-flow-logs", ids["silent"])] == "reachable"
    assert ("no-flow-logs", ids["logged"]) not in found
    assert [resource.rpartition(":")[2] for kind, resource in found if kind == "unencrypted-at-rest"] == ["orders"]
    assert not {
        kind for (kind, resource), sure in found.items() if sure == "unknown" and kind in ("public-without-waf", "no-flow-logs")
    }
