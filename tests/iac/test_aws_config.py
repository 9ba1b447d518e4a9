"""What AWS Config says of a network: the same as the services themselves, as far as it records them."""

from __future__ import annotations

import gzip
import json
from copy import deepcopy

import pytest

import analyzer
from analyzer.models.errors import InputError
from analyzer.read.aws_config import KEYS

from .plans import by_hand
from .test_three_tiers import QUESTIONS

ACCOUNT, REGION = "111122223333", "eu-west-1"
IDS = {"Vpcs": "VpcId", "Subnets": "SubnetId", "SecurityGroups": "GroupId", "DBInstances": "DBInstanceIdentifier"}


def _small(value):
    """Return a value with the names that Config gives: the first letter small, ranges as objects and as texts."""
    if isinstance(value, list):
        return [_small(one) for one in value]
    if not isinstance(value, dict):
        return value
    made = {name[:1].lower() + name[1:]: _small(inner) for name, inner in value.items()}
    if "ipProtocol" in made:
        ranges = made.pop("ipRanges", [])
        made |= {"ipv4Ranges": ranges, "ipRanges": [one["cidrIp"] for one in ranges], "ipv6Ranges": [], "prefixListIds": None}
    return made


def _item(type, fields, number=0, **more):
    own = next(
        text for name, text in fields.items() if name.endswith(("Id", "Identifier", "Arn", "Name")) and isinstance(text, str)
    )
    tags = {one["Key"]: one["Value"] for one in fields.get("Tags", [])}
    return {
        "relatedEvents": [], "relationships": [], "supplementaryConfiguration": {}, "tags": tags, "configurationItemVersion": "1.3",
        "configurationItemCaptureTime": f"2026-11-0{1 + number}T00:00:00.000Z", "configurationItemStatus": "OK",
        "awsAccountId": ACCOUNT, "awsRegion": REGION, "resourceType": type, "resourceId": own,
        "configuration": {name: inner for name, inner in _small(fields).items() if name != "tags"}, **more,
    }  # fmt: skip


def items():
    """Return the three-tier network as Config's items; listeners and targets it does not record."""
    hand = by_hand()
    hand["Reservations"] = [one for each in hand["Reservations"] for one in each["Instances"]]
    return [_item(type, fields) for type, key in KEYS.items() for fields in hand.get(key, [])]


def snapshot(*more):
    return {"fileVersion": "1.0", "configSnapshotId": "1", "configurationItems": [*items(), *more]}


def results(**more):
    names = ("resourceId", "resourceType", "configuration", "tags", "awsRegion", "configurationItemCaptureTime")
    rows = [{**{name: one[name] for name in names}, "accountId": ACCOUNT} for one in items()]
    for one in rows:
        one["tags"] = [{"key": key, "value": value, "tag": f"{key}={value}"} for key, value in one["tags"].items()]
    fields = [{"Name": name} for name in (*names, "accountId")]
    return {"Results": [json.dumps(one) for one in rows], "QueryInfo": {"SelectFields": fields}, **more}


def asked_by_text():
    return {"baseConfigurationItems": [{**one, "configuration": json.dumps(one["configuration"])} for one in items()]}


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("config")
    (folder / "hand.json").write_text(json.dumps({**by_hand(), "LoadBalancers": [], "Listeners": []}))
    packed = folder / "snapshot.json.gz"
    packed.write_bytes(gzip.compress(json.dumps(snapshot()).encode()))
    (folder / "results.json").write_text(json.dumps(results()))
    (folder / "text.json").write_text(json.dumps(asked_by_text()))
    return {name: analyzer.load(folder / name) for name in ("hand.json", "snapshot.json.gz", "results.json", "text.json")}


@pytest.mark.parametrize(
    ("source", "target", "on"), [row[:3] for row in QUESTIONS if "alb" not in row[0] + row[1] and row[2] != "tcp/8080"]
)
@pytest.mark.parametrize("name", ["snapshot.json.gz", "results.json", "text.json"])
def test_config_gives_the_answers_that_the_services_give(written, name, source, target, on):
    told = written[name].reach(source, target, on)
    hand = written["hand.json"].reach(source, target, on)
    # By the load balancer, whose listeners Config does not record, anything may come where it may go at all.
    expected = {hand.verdict.value} if hand.verdict.value == "reachable" else {hand.verdict.value, "unknown"}
    assert told.verdict.value in expected


def test_without_a_balancer_the_answers_are_the_same(tmp_path):
    kept = [one for one in items() if "ElasticLoadBalancing" not in one["resourceType"]]
    (tmp_path / "c.json").write_text(json.dumps({"configurationItems": kept}))
    hand = {
        key: rows
        for key, rows in by_hand().items()
        if key not in ("LoadBalancers", "LoadBalancerAttributes", "Listeners", "ListenerRules")
    }
    (tmp_path / "h.json").write_text(json.dumps(hand))
    one, other = (analyzer.load(tmp_path / name) for name in ("c.json", "h.json"))
    for source, target, on, _ in QUESTIONS:
        if "alb" not in source + target:
            assert one.reach(source, target, on).verdict is other.reach(source, target, on).verdict, (source, target, on)
    assert {"reachable", "blocked"} <= {one.reach(*row[:3]).verdict.value for row in QUESTIONS if "alb" not in row[0] + row[1]}


def test_names_accounts_and_places_are_those_of_the_items(written):
    found = written["snapshot.json.gz"].snapshot.find("vpc", "vpc-1")
    assert (found.name, found.account, found.region) == ("main", ACCOUNT, REGION)
    assert found.origin.endswith("snapshot.json.gz` resource 0 (`configurationItems[0]`)")


def _with(document, change, type="AWS::EC2::SecurityGroup", id="sg-data"):
    copy = deepcopy(document)
    for one in copy["configurationItems"]:
        if (one["resourceType"], one["resourceId"]) == (type, id):
            change(one)
    return copy


QUESTION = ("name:app-1", "rds:orders", "postgres")


def _verdict(folder, document):
    (folder / "c.json").write_text(json.dumps(document))
    return analyzer.load(folder / "c.json").reach(*QUESTION).verdict.value


def test_the_newest_item_counts_and_what_is_deleted_is_gone(tmp_path):
    assert _verdict(tmp_path, snapshot()) == "reachable"
    hand = by_hand()
    closed = next(one for one in hand["SecurityGroups"] if one["GroupId"] == "sg-data") | {"IpPermissions": []}
    newer, older = (_item("AWS::EC2::SecurityGroup", closed, number) for number in (1, -1))
    assert _verdict(tmp_path, snapshot(newer)) != "reachable"
    assert _verdict(tmp_path, snapshot(older)) == "reachable"
    gone = {
        **_item("AWS::RDS::DBInstance", {"DBInstanceIdentifier": "old"}),
        "configurationItemStatus": "ResourceDeleted",
        "configuration": None,
    }
    assert _verdict(tmp_path, snapshot(gone)) == "reachable"
    assert not [text for text in analyzer.load(tmp_path / "c.json").snapshot.not_modelled if "`old`" in text or " old " in text]


@pytest.mark.parametrize(
    "change", [{"configurationItemStatus": "ResourceNotRecorded"}, {"configuration": None}, {"configuration": "{"}]
)
def test_what_config_does_not_say_is_unknown(tmp_path, change):
    assert _verdict(tmp_path, _with(snapshot(), lambda one: one.update(change))) == "unknown"


def test_a_kind_that_is_not_recorded_is_unknown_and_not_absent(tmp_path):
    kept = [one for one in items() if one["resourceType"] != "AWS::EC2::NetworkAcl"]
    assert _verdict(tmp_path, {"configurationItems": kept}) == "unknown"


def test_a_query_that_is_not_whole_is_refused_or_unknown(tmp_path):
    parts = results()
    parts["QueryInfo"]["SelectFields"] = [{"Name": "configuration.vpcId"}]
    (tmp_path / "c.json").write_text(json.dumps(parts))
    with pytest.raises(InputError) as error:
        analyzer.load(tmp_path / "c.json")
    assert error.value.what == f"cannot read `{tmp_path}/c.json`: the query does not ask for whole resources"
    assert (
        error.value.hint
        == "ask for `SELECT resourceId, resourceType, accountId, awsRegion, tags, configuration, configurationItemCaptureTime`"
    )
    (tmp_path / "c.json").write_text(json.dumps(results(NextToken="x")))
    found = analyzer.load(tmp_path / "c.json")
    assert f"`{tmp_path}/c.json`: the answer of AWS Config goes on elsewhere" in found.snapshot.not_modelled
    assert found.snapshot.is_broken("route_table")


def test_what_is_in_another_shape_is_said(tmp_path):
    hub = {
        "resourceType": "AWS::EC2::TransitGatewayAttachment",
        "resourceId": "tgw-attach-1",
        "configuration": {"Id": "tgw-attach-1"},
    }
    quiet = {"resourceType": "AWS::IAM::Role", "resourceId": "role", "configuration": {"roleName": "x"}}
    (tmp_path / "c.json").write_text(json.dumps(snapshot(hub, quiet)))
    world = analyzer.load(tmp_path / "c.json").snapshot
    assert "`TransitGatewayAttachments`: 1 resource is not modelled (tgw-attach-1)" in world.not_modelled
    assert not [text for text in world.not_modelled if "IAM" in text]
    assert "TransitGatewayAttachments" in world.unmodelled_ways
