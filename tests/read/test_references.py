"""Ids that name nothing: an error where the network cannot be whole without their target, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from analyzer.models.aws.network_interface import NetworkInterface
from analyzer.models.aws.subnet import Subnet
from analyzer.models.snapshot import Snapshot
from analyzer.read import load

from .conftest import SUBNET, VPC, Write

Loaded = Callable[[dict[str, Any]], Snapshot]
REMOVE_RESOURCE = "\n  try: collect the snapshot again, or remove the resource to leave it out"
INTERFACE = {
    "NetworkInterfaceId": "eni-1",
    "SubnetId": "subnet-1",
    "VpcId": "vpc-1",
    "Groups": [{"GroupId": "sg-9", "GroupName": "x"}],
}
WHOLE = {"v.json": {"Vpcs": [VPC]}, "s.json": {"Subnets": [SUBNET]}, "e.json": {"NetworkInterfaces": [INTERFACE]}}


class Reference(msgspec.Struct, frozen=True):
    """What the loader asks of a declared reference."""

    attribute: str
    kind: str
    field: str


@pytest.fixture(autouse=True)
def declared(monkeypatch: pytest.MonkeyPatch) -> None:
    vpc = Reference("vpc_id", "vpc", "VpcId")
    monkeypatch.setattr(Subnet, "references", (vpc,), raising=False)
    monkeypatch.setattr(NetworkInterface, "references", (Reference("subnet_id", "subnet", "SubnetId"), vpc), raising=False)


@pytest.mark.parametrize(
    ("files", "text"),
    [
        ({"s.json": {"Subnets": []}}, "resource 0 of `snap/e.json`: field `SubnetId`: `subnet-1`"),
        ({"s.json": {"Subnets": [{**SUBNET, "VpcId": "vpc-2"}]}}, "resource 0 of `snap/s.json`: field `VpcId`: `vpc-2`"),
        (
            {"e.json": {"NetworkInterfaces": [{**INTERFACE, "VpcId": "vpc-3"}]}},
            "resource 0 of `snap/e.json`: field `VpcId`: `vpc-3`",
        ),
    ],
)
def test_a_reference_to_what_is_not_there(refused: Callable[[dict[str, Any]], str], files: dict[str, Any], text: str):
    assert refused({**WHOLE, **files}) == f"cannot read {text} is not in the snapshot{REMOVE_RESOURCE}"


@pytest.mark.parametrize(
    "files",
    [
        WHOLE,
        {**WHOLE, "g.json": {"SecurityGroups": []}},
        {"e.json": WHOLE["e.json"]},
        {"v.json": WHOLE["v.json"], "e.json": WHOLE["e.json"]},
        {
            "v.json": {"Vpcs": []},
            "111122223333/us-east-1/s.json": WHOLE["s.json"],
            "111122223333/us-east-1/e.json": WHOLE["e.json"],
        },
        {**WHOLE, "e.json": {"NetworkInterfaces": [{"NetworkInterfaceId": "eni-1"}]}},
    ],
    ids=[
        "whole",
        "groups are asked for later",
        "no subnets at all",
        "subnets not collected",
        "another account's VPCs",
        "no reference",
    ],
)
def test_what_was_not_collected_is_not_missed(loaded: Loaded, files: dict[str, Any]):
    assert loaded(files).broken == ()


def test_the_target_may_come_from_another_account(loaded: Loaded):
    files = {
        "111122223333/us-east-1/v": WHOLE["v.json"],
        "444455556666/us-east-1/v": {"Vpcs": []},
        "444455556666/us-east-1/s": WHOLE["s.json"],
    }
    assert loaded(files).find("subnet", "subnet-1")


def test_one_broken_resource_does_not_break_what_names_it(write: Write):
    said: list[str] = []
    write({**WHOLE, "s.json": {"Subnets": [{"SubnetId": "subnet-1"}]}})
    snapshot = load("snap", keep_going=True, report=said.append)
    assert said == ["cannot read resource 0 of `snap/s.json`: field `VpcId`: field required"]
    assert snapshot.find("network_interface", "eni-1")
    write({"s.json": "{"})
    assert load("snap", keep_going=True).find("network_interface", "eni-1")


def test_a_dangling_resource_is_left_out_when_the_run_keeps_going(write: Write):
    write({**WHOLE, "s.json": {"Subnets": []}})
    snapshot = load("snap", keep_going=True)
    assert [(one.kind, one.id) for one in snapshot.broken] == [("network_interface", "eni-1")]
    assert not snapshot.all("network_interface")
