"""The short way from bytes to components means what the careful one means: the same snapshot, or the same words."""

from __future__ import annotations

import gc
import json
import os
import random
import weakref
from pathlib import Path
from typing import Any

import msgspec
import pytest

import analyzer
from analyzer.models.aws import COMPONENTS
from analyzer.models.component import Component
from analyzer.models.errors import InputError
from analyzer.models.snapshot import Snapshot
from analyzer.read import load, merge, parse
from analyzer.read.catalogue import Catalogue, Shelf
from analyzer.read.quick import Batch, split

from .conftest import SUBNET, VPC
from .test_fuzz import damaged

TRIES = int(os.environ.get("REACH_FUZZ", "150"))
INTERFACE = {"NetworkInterfaceId": "eni-1", "SubnetId": "subnet-1", "VpcId": "vpc-1", "PrivateIpAddress": "10.0.0.4"}


def told(folder: Path, *, keep_going: bool) -> str:
    """Return everything that loading says: each component with what else is known of it, or the error."""
    said: list[str] = []
    try:
        snapshot = load(folder, keep_going=keep_going, report=said.append)
    except InputError as error:
        return str(error)
    return "\n".join([*said, *all_of(snapshot)])


def all_of(snapshot: Snapshot) -> list[str]:
    facts = [str((snapshot.broken, snapshot.not_modelled, snapshot.collected_at, snapshot.unmodelled_ways, snapshot.lacks))]
    return facts + [repr(one) for one in snapshot.everything()]


@pytest.fixture
def both(monkeypatch: pytest.MonkeyPatch):
    """Return a function that tells what the short and the careful way say of a folder."""

    def telling(folder: Path, *, keep_going: bool = False) -> tuple[str, str]:
        quick = told(folder, keep_going=keep_going)
        with monkeypatch.context() as patched:
            patched.setattr(parse, "split", lambda *_: None)
            return quick, told(folder, keep_going=keep_going)

    return telling


def test_mutated_networks_are_read_alike(tmp_path: Path, both: Any):
    first = int(os.environ.get("REACH_FUZZ_SEED") or random.SystemRandom().randrange(10**9))
    for seed in range(first, first + TRIES):
        folder = tmp_path / str(seed)
        damaged(seed, folder)
        for keep_going in (False, True):
            quick, careful = both(folder, keep_going=keep_going)
            assert quick == careful, f"REACH_FUZZ_SEED={seed}"


@pytest.mark.parametrize(
    "row",
    [
        {"OwnerId": "111122223333"},
        {"OwnerId": "amazon-elb", "NetworkInterfaceArn": "arn:aws:ec2:eu-west-1:111122223333:network-interface/eni-1"},
        {"NetworkInterfaceId": "arn:aws:ec2:eu-west-1:111122223333:network-interface/eni-1"},
        {"AvailabilityZone": "us-west-2-lax-1a", "Region": "nowhere"},
        {"AwsRegion": "eu-west-1", "AwsAccountId": "111122223333"},
        {"ownerId": ["x"], "Arn": {"x": 1}, "Placement": {"AvailabilityZone": "eu-west-1a"}},
        {"Placement": "eu-west-1a"},
        {"Placement": {"AvailabilityZone": ["eu-west-1a"]}},
        {"TagSet": [{"Key": "Name", "Value": "web"}]},
        {"TagSet": [{"Key": "Name", "Value": "web"}], "Tags": [{"Key": "Name", "Value": "db"}]},
        {"_StandIn": True, "\u005fPerhapsPublic": True},
        {"Attachment": None, "Description": None},
        {"Groups": [{"GroupId": "sg-1", "GroupName": None}]},
        {"Description": "é\u2028"},
        {"SubnetId": "subnet-9"},
        {"PrivateIpAddress": "10.0.0.256"},
        {"SourceDestCheck": 1},
    ],
    ids=str,
)
@pytest.mark.parametrize("folder", ["", "111122223333/eu-west-1", "444455556666"])
def test_a_row_is_read_alike(row: dict[str, Any], folder: str, write: Any, both: Any):
    rows = [{**INTERFACE, **row}, {**INTERFACE, "NetworkInterfaceId": "eni-2"}]
    files = {
        f"{folder}/enis.json": {"NetworkInterfaces": rows},
        f"{folder}/vpcs.json": {"Vpcs": [VPC], "NextToken": None},
        f"{folder}/subnets.json": {"Subnets": [SUBNET]},
        f"{folder}/instances.json": {
            "Reservations": [
                {"OwnerId": "111122223333", "Instances": [{"InstanceId": "i-1", "NetworkInterfaces": [rows[0]]}]},
                {"Instances": [{"InstanceId": "i-2", "NetworkInterfaces": [{**INTERFACE, "NetworkInterfaceId": "eni-3"}]}]},
            ]
        },
    }
    for keep_going in (False, True):
        quick, careful = both(Path(write(files)), keep_going=keep_going)
        assert quick == careful


@pytest.mark.parametrize(
    "text",
    [
        b'{"Vpcs": [{"VpcId": "vpc-1", "X": "\xff"}]}',
        b'{"Vpcs": [{"VpcId": "vpc-1", "\xff": 1}]}',
        b'{"Vpcs": [{"VpcId": "vpc-1", "\\u005fUnknown": ["x"]}]}',
        b'{"Vpcs": [{"VpcId": 1, "VpcId": "vpc-1"}]}',
        b'{"Vpcs": [{"VpcId": "vpc-1"}], "Vpcs": [{"VpcId": "vpc-2"}]}',
        b'{"Vpcs": [{"VpcId": "vpc-1", "X": "\\q"}]}',
        b'{"Vpcs": [{"VpcId": "vpc-1", "X": ' + b"[" * 120 + b"]" * 120 + b"}]}",
        b'{"Vpcs": [{"VpcId": "vpc-1", "X": ' + b"[" * 96 + b"]" * 96 + b"}]}",
        b'{"Vpcs": [{"VpcId": "vpc-1"}, 3]}',
        b'{"Vpcs": {"VpcId": "vpc-1"}}',
        b'{"Vpcs": [{"VpcId": "vpc-1"}]} {"Vpcs": [{"VpcId": "vpc-2"}]}',
        b'{"Vpcs": [{"VpcId": "vpc-1"}], "Vpcs2": [{"X": 1e999}]}',
    ],
)
def test_hostile_text_is_read_alike(text: bytes, write: Any, both: Any):
    quick, careful = both(Path(write({"a.json": text})))
    assert quick == careful


def test_a_copy_of_a_row_is_compared_by_all_its_fields(write: Any, both: Any):
    """Fields that no class reads count as well: two rows of one id that differ in them contradict each other."""
    rows = [{**INTERFACE, "X": 1e300}, {**INTERFACE, "X": 2}]
    files = {"vpcs.json": {"Vpcs": [VPC]}, "subnets.json": {"Subnets": [SUBNET]}, "enis.json": {"NetworkInterfaces": rows}}
    quick, careful = both(Path(write(files)))
    assert quick == careful
    assert "with other content" in quick


def test_a_file_that_changes_before_its_rows_are_compared_is_refused(write: Any, monkeypatch: pytest.MonkeyPatch):
    path = write({"vpcs.json": {"Vpcs": [VPC]}, "more/vpcs.json": {"Vpcs": [VPC]}})
    assert [one.id for one in load(path).all("vpc")] == ["vpc-1"]
    united = merge.united

    def touched(*words: Any) -> Any:
        os.utime(Path(path) / "vpcs.json", ns=(1, 1))
        return united(*words)

    monkeypatch.setattr("analyzer.read.united", touched)
    with pytest.raises(InputError, match="it changed while it was read"):
        load(path)


def shelf(key: str) -> Shelf:
    found = Catalogue(COMPONENTS).shelf(key)
    assert found is not None
    return found


def test_the_documents_of_an_organisation_take_the_short_way():
    """Or the tests above would compare the careful way with itself."""
    for key in ("NetworkInterfaces", "SecurityGroups", "Subnets", "RouteTables", "NetworkAcls", "Vpcs", "Reservations"):
        assert shelf(key).quick, key
    document = split(json.dumps({"Vpcs": [VPC], "NextToken": "x"}).encode(), Catalogue(COMPONENTS).shelf, bytes)
    assert document is not None
    assert isinstance(document["Vpcs"], Batch)
    assert document["NextToken"] == "x"


def test_one_bad_row_sends_its_key_the_careful_way_and_no_other():
    document = split(
        json.dumps({"Vpcs": [VPC], "Subnets": [SUBNET, {"SubnetId": 3}]}).encode(), Catalogue(COMPONENTS).shelf, bytes
    )
    assert document is not None
    assert isinstance(document["Vpcs"], Batch)
    assert document["Subnets"] == [SUBNET, {"SubnetId": 3}]


@pytest.mark.parametrize("component", [one for one in COMPONENTS if one.closes], ids=lambda one: one.kind)
def test_what_is_closed_refuses_unknown_fields(component: type[Component]):
    """Where preparation would name them, decoding without preparation must not pass over them."""
    for member, shape in component.closes:
        assert shape.__struct_config__.forbid_unknown_fields, member


def test_preparation_is_idle_where_nothing_is_closed():
    assert all(
        one.prepared({}) == {member: [] for member, _ in one.closes} for one in COMPONENTS if Catalogue((one,)) and _plain(one)
    )


def _plain(component: type[Any]) -> bool:
    return bool(component.prepared.__func__ is Component.prepared.__func__)


def test_decoding_and_converting_agree_about_every_type():
    """msgspec takes a JSON value's text where it takes what the text becomes, and makes the same of it."""

    class Every(msgspec.Struct):
        text: str = ""
        number: int = 0
        truth: bool = False
        several: list[str] = []
        some: dict[str, Any] | None = None

    values = ["x", "1", "", 0, 1, -1, 1.0, 1.5, 2**70, True, False, [], ["x"], [1], {}, {"x": 1}]
    for name in Every.__struct_fields__:
        for value in values:
            text = json.dumps({name: value}).encode()
            assert _outcome(lambda text=text: msgspec.json.decode(text, type=Every)) == _outcome(
                lambda text=text: msgspec.convert(msgspec.json.decode(text), Every)
            )


def _outcome(reading: Any) -> str:
    try:
        return repr(reading())
    except msgspec.ValidationError:
        return "refused"


def test_rows_of_an_archive_are_compared_too(write: Any):
    """They cannot be read again, and are kept."""
    import gzip

    rows = [{**INTERFACE, "X": 1}, {**INTERFACE, "X": 2}]
    path = write({"a.json.gz": gzip.compress(json.dumps({"NetworkInterfaces": rows}).encode())})
    with pytest.raises(InputError, match="with other content"):
        load(path)


def test_a_snapshot_goes_without_a_search_for_garbage():
    """What was made while reading is frozen, so that a circle in it would stay for ever."""
    network = analyzer.load("demo")
    network.reach("sg-a", "rds")
    network.reach("internet", "rds")
    gone = weakref.ref(network.snapshot)
    gc.disable()
    try:
        del network
        assert gone() is None
    finally:
        gc.enable()
