"""NP-Guard's collector JSON, and interfaces that stand inside instances in it and elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from analyzer.models.snapshot import Snapshot

from .conftest import VPC

Loaded = Callable[[dict[str, Any]], Snapshot]
REMOVE_RESOURCE = "\n  try: collect the snapshot again, or remove the resource to leave it out"
INSIDE = {
    "NetworkInterfaceId": "eni-1",
    "SubnetId": "subnet-1",
    "VpcId": "vpc-1",
    "Groups": [{"GroupId": "sg-1", "GroupName": "web"}],
    "PrivateIpAddresses": [{"Primary": True, "PrivateIpAddress": "10.0.0.4", "Association": {"PublicIp": "198.51.100.4"}}],
    "Attachment": {"AttachmentId": "eni-attach-1", "DeviceIndex": 0, "Status": "attached"},
    "SourceDestCheck": False,
    "Status": "in-use",
}
INSTANCE = {"InstanceId": "i-1", "Placement": {"AvailabilityZone": "us-east-2b"}, "NetworkInterfaces": [INSIDE]}
RESERVATIONS = {"Reservations": [{"OwnerId": "111122223333", "Instances": [INSTANCE]}]}


SUBNET = {"SubnetId": "subnet-1", "VpcId": "vpc-1", "CidrBlock": "10.0.0.0/24", "AvailabilityZone": "us-east-2b", "Tags": None}


def test_a_collector_file_is_read_as_it_is(loaded: Loaded):
    collected = {"vpcs": [VPC], "subnets": [SUBNET], "instances": [INSTANCE], "internet_gateways": [], "network_acls": None}
    snapshot = loaded({"collected.json": {"collector_version": "0.14.0", "provider": "aws", **collected}})
    assert {kind: len(snapshot.all(kind)) for kind in ("vpc", "subnet", "instance")} == {"vpc": 1, "subnet": 1, "instance": 1}
    (interface,) = snapshot.all("network_interface")
    assert (interface.id, interface.instance_id, interface.group_ids) == ("eni-1", "i-1", ("sg-1",))
    assert interface.region == "us-east-2"
    assert snapshot.not_modelled == ()


def test_null_is_an_empty_answer_for_the_collector(loaded: Loaded):
    snapshot = loaded(
        {"c.json": {"collector_version": "0.14.0", "provider": "aws", "vpcs": [{**VPC, "Tags": None}], "internet_gateways": None}}
    )
    assert snapshot.collected("internet_gateway")
    assert not snapshot.collected("subnet")


def test_errors_name_the_collectors_own_keys(refused: Callable[[dict[str, Any]], str]):
    text = refused({"c.json": {"vpcs": [VPC], "subnets": None, "instances": [{"InstanceId": "i-1"}, {"InstanceId": 3}]}})
    assert text == (
        "cannot read resource 1 of `snap/c.json`: field `instances[1].InstanceId`: expected text, got a whole number"
        + REMOVE_RESOURCE
    )


def test_an_interface_that_only_an_instance_shows_is_an_interface(loaded: Loaded):
    snapshot = loaded({"i.json": RESERVATIONS})
    (interface,) = snapshot.all("network_interface")
    assert (interface.id, interface.instance_id, interface.availability_zone) == ("eni-1", "i-1", "us-east-2b")
    assert (interface.source_dest_check, len(interface.public_addresses)) == (False, 1)
    assert (interface.account, interface.region) == ("111122223333", "us-east-2")
    assert interface.origin == "`snap/i.json` resource 0 (`Reservations[0].Instances[0].NetworkInterfaces[0]`)"


@pytest.mark.parametrize("where", ["", "444455556666/us-east-1/"])
def test_an_interface_that_has_its_own_row_is_read_from_there(loaded: Loaded, where: str):
    row = {"NetworkInterfaceId": "eni-1", "SubnetId": "subnet-1", "VpcId": "vpc-1", "Description": "its own row"}
    (interface,) = loaded({"i.json": RESERVATIONS, f"{where}e.json": {"NetworkInterfaces": [row]}}).all("network_interface")
    assert (interface.description, interface.source_dest_check) == ("its own row", True)


def test_an_interface_that_its_own_document_forgot_is_not_lost(loaded: Loaded):
    snapshot = loaded({"i.json": RESERVATIONS, "e.json": {"NetworkInterfaces": [{"NetworkInterfaceId": "eni-2"}]}})
    assert [one.id for one in snapshot.all("network_interface")] == ["eni-1", "eni-2"]


def test_two_views_of_an_interface_inside_an_instance_contradict_nothing(loaded: Loaded):
    other = {"InstanceId": "i-2", "NetworkInterfaces": [{**INSIDE, "Status": "detaching", "Description": "fills a gap"}]}
    snapshot = loaded({"i.json": RESERVATIONS, "j.json": {"Reservations": [{"Instances": [other]}]}})
    (interface,) = snapshot.all("network_interface")
    assert (interface.status, interface.description) == ("in-use", "fills a gap")


def test_an_error_inside_an_instance_says_where(refused: Callable[[dict[str, Any]], str]):
    instance = {**INSTANCE, "NetworkInterfaces": [{**INSIDE, "PrivateIpAddresses": [{"PrivateIpAddress": "10.0.0.400"}]}]}
    assert refused({"i.json": {"Reservations": [{"Instances": [instance]}]}}) == (
        "cannot read resource 0 of `snap/i.json`: field "
        "`Reservations[0].Instances[0].NetworkInterfaces[0].PrivateIpAddresses[0].PrivateIpAddress`: `10.0.0.400` is no address"
        + REMOVE_RESOURCE
    )
