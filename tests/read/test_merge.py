"""One resource in several documents: pages, copies, several accounts, several calls; and whose it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from analyzer.models.snapshot import Snapshot
from analyzer.read.merge import filled
from analyzer.read.whose import viewer_of

from .conftest import SUBNET, VPC

Loaded = Callable[[dict[str, Any]], Snapshot]
Refused = Callable[[dict[str, Any]], str]
OWNER, OTHER = "111122223333", "444455556666"
TWICE = "\n  try: remove the older one, or keep the documents of each account and Region in a folder ACCOUNT/REGION"


def test_the_same_resource_twice_with_other_content_is_refused(refused: Refused):
    files = {
        "a.json": {"Subnets": [SUBNET]},
        "b.json": {"Subnets": [{**SUBNET, "SubnetId": "subnet-2"}, {**SUBNET, "CidrBlock": "10.0.1.0/24"}]},
    }
    assert refused(files) == (
        "cannot read resource 1 of `snap/b.json`: `subnet-1` is also resource 0 of `snap/a.json`, with other content" + TWICE
    )


def test_the_same_resource_twice_with_the_same_content_is_one(loaded: Loaded):
    snapshot = loaded(
        {
            "a.json": {"Subnets": [SUBNET, SUBNET]},
            "b.json": {"Subnets": [{**SUBNET, "OutpostArn": None}]},
            "v.json": {"Vpcs": [VPC]},
        }
    )
    assert len(snapshot.all("subnet")) == 1


def test_one_account_and_region_in_two_folders_is_still_one(refused: Refused):
    files = {
        f"{day}/{OWNER}/us-east-1/s.json": {"Subnets": [{**SUBNET, "Tags": [{"Key": "Day", "Value": day}]}]}
        for day in ("mon", "tue")
    }
    assert "`subnet-1` is also resource 0 of" in refused(files)


def seen_by(account: str, row: dict[str, Any], region: str = "us-east-1") -> dict[str, Any]:
    return {f"{account}/{region}/Subnets.json": {"Subnets": [row]}}


@pytest.mark.parametrize("other", ["000000000001", "999999999999"])
def test_the_owners_copy_wins_and_the_other_fills_its_gaps(loaded: Loaded, other: str):
    owners = {**SUBNET, "AvailabilityZone": "us-east-1a", "Tags": [], "EnableDns64": False}
    shared = {
        **SUBNET,
        "AvailabilityZone": "us-east-1c",
        "Tags": [{"Key": "Name", "Value": "web"}],
        "EnableDns64": True,
        "AvailabilityZoneId": "use1-az1",
    }
    subnet = loaded({**seen_by(OWNER, owners), **seen_by(other, shared)}).find("subnet", "subnet-1")
    assert (subnet.availability_zone, subnet.enable_dns64, subnet.name, subnet.availability_zone_id) == (
        "us-east-1a",
        False,
        "web",
        "use1-az1",
    )
    assert subnet.origin == f"`snap/{OWNER}/us-east-1/Subnets.json` resource 0"
    assert subnet.account == OWNER


def test_without_the_owners_copy_the_first_wins(loaded: Loaded):
    rows = {
        account: {**SUBNET, "AvailabilityZone": zone}
        for account, zone in (("222222222222", "us-east-1a"), ("333333333333", "us-east-1b"))
    }
    subnet = loaded({path: text for account, row in rows.items() for path, text in seen_by(account, row).items()}).find(
        "subnet", "subnet-1"
    )
    assert (subnet.availability_zone, subnet.account) == ("us-east-1a", OWNER)


def test_both_sides_of_a_peering_are_one_connection(loaded: Loaded):
    def side(info: str, **more: Any) -> dict[str, Any]:
        row = {"VpcPeeringConnectionId": "pcx-1", "RequesterVpcInfo": {"VpcId": "vpc-1"}, "AccepterVpcInfo": {"VpcId": "vpc-2"}}
        return {"VpcPeeringConnections": [{**row, info: {**row[info], **more}}]}

    files = {
        f"{OWNER}/us-east-1/p": side("RequesterVpcInfo", CidrBlock="10.1.0.0/16"),
        f"{OWNER}/us-west-2/p": side("AccepterVpcInfo", CidrBlock="10.2.0.0/16"),
    }
    (peering,) = loaded(files).all("vpc_peering")
    assert [one.cidr_block for one in peering.sides] == ["10.1.0.0/16", "10.2.0.0/16"]


def test_two_calls_that_answer_under_one_key_are_two_views(loaded: Loaded, refused: Refused):
    managed = {"PrefixListId": "pl-1", "PrefixListName": "com.amazonaws.us-east-1.s3", "AddressFamily": "IPv4", "OwnerId": "AWS"}
    plain = {"PrefixListId": "pl-1", "PrefixListName": "com.amazonaws.us-east-1.s3", "Cidrs": ["52.216.0.0/15"]}
    listed = loaded({"a.json": {"PrefixLists": [managed]}, "b.json": {"PrefixLists": [plain]}}).find("prefix_list", "pl-1")
    assert (listed.address_family, listed.cidrs) == ("IPv4", ["52.216.0.0/15"])
    assert "with other content" in refused({"c.json": {"PrefixLists": [{**plain, "Cidrs": []}]}})


def test_gaps_are_absent_and_empty_fields_and_never_false_or_zero():
    mine = {"a": "", "b": [], "c": {}, "d": False, "e": 0, "f": {"x": 1, "y": ""}, "g": [1]}
    other = {"a": 1, "b": 2, "c": 3, "d": 4, "e": 5, "f": {"x": 6, "y": 7, "z": 8}, "g": [9], "h": 10}
    assert filled(mine, other) == {"a": 1, "b": 2, "c": 3, "d": False, "e": 0, "f": {"x": 1, "y": 7, "z": 8}, "g": [1], "h": 10}


@pytest.mark.parametrize(
    ("path", "account", "region"),
    [
        ("snap/111122223333/us-east-2/Vpcs.json", "111122223333", "us-east-2"),
        ("accounts/111122223333/eu-west-1/x/y.json", "111122223333", "eu-west-1"),
        ("/111122223333/old/444455556666/us-gov-west-1/v", "444455556666", "us-gov-west-1"),
        ("a.zip/111122223333/ap-southeast-2/v.json", "111122223333", "ap-southeast-2"),
        ("snap/us-east-1/v.json", "", "us-east-1"),
        ("snap/1111222233334/us-east-1a/v.json", "", ""),
    ],
)
def test_a_path_names_who_saw_a_resource(path: str, account: str, region: str):
    assert viewer_of(path) == (account, region)


@pytest.mark.parametrize(
    ("row", "account", "region"),
    [
        ({"OwnerId": OTHER, "AvailabilityZone": "eu-west-1a"}, OTHER, "us-east-1"),
        ({"SubnetArn": f"arn:aws:ec2:eu-west-3:{OTHER}:subnet/subnet-1"}, OTHER, "eu-west-3"),
        ({"SubnetArn": "SubnetArn:61", "OwnerId": "OwnerId:7"}, OWNER, "us-east-1"),
        ({"OwnerId": "AWS"}, OWNER, "us-east-1"),
        ({}, OWNER, "us-east-1"),
    ],
)
def test_owner_and_arn_tell_before_the_path(loaded: Loaded, row: dict[str, Any], account: str, region: str):
    subnet = {"SubnetId": "subnet-1", "VpcId": "vpc-1", **row}
    found = loaded(seen_by(OWNER, subnet)).find("subnet", "subnet-1")
    assert (found.account, found.region) == (account, region)


@pytest.mark.parametrize(
    ("zone", "region"),
    [
        ("us-east-2b", "us-east-2"),
        ("us-west-2-lax-1a", "us-west-2"),
        ("us-gov-west-1a", "us-gov-west-1"),
        ("use2-az2", ""),
        ("", ""),
    ],
)
def test_the_zone_tells_the_region_when_nothing_else_does(loaded: Loaded, zone: str, region: str):
    found = loaded({"s.json": {"Subnets": [{**SUBNET, "AvailabilityZone": zone}]}}).find("subnet", "subnet-1")
    assert (found.account, found.region) == (OWNER, region)


def test_what_tells_nothing_belongs_to_the_only_account_and_region_of_the_snapshot(loaded: Loaded):
    files = {"v.json": {"Vpcs": [{"VpcId": "vpc-1"}]}, "s.json": {"Subnets": [{**SUBNET, "AvailabilityZone": "us-east-2b"}]}}
    vpc = loaded(files).find("vpc", "vpc-1")
    assert (vpc.account, vpc.region) == (OWNER, "us-east-2")
    files["t.json"] = {"Subnets": [{**SUBNET, "SubnetId": "subnet-2", "AvailabilityZone": "us-east-1b", "OwnerId": OTHER}]}
    vpc = loaded(files).find("vpc", "vpc-1")
    assert (vpc.account, vpc.region) == ("", "")


def test_instances_are_their_reservations_owners(loaded: Loaded):
    reservation = {"OwnerId": OTHER, "Instances": [{"InstanceId": "i-1", "Placement": {"AvailabilityZone": "eu-west-1b"}}]}
    instance = loaded({"i.json": {"Reservations": [reservation]}}).find("instance", "i-1")
    assert (instance.account, instance.region, instance.owner_id) == (OTHER, "eu-west-1", OTHER)
