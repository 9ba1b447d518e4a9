"""What `keep_going` leaves out, and how it says so."""

from __future__ import annotations

import gzip
from typing import Any

from analyzer.models.snapshot import Broken, Snapshot
from analyzer.read import load

from .conftest import SUBNET, VPC, Write
from .test_formats import VPCS, tarred

NO_VPC = {"SubnetId": "subnet-2", "CidrBlock": "10.0.1.0/24"}
NO_VPC_TEXT = "cannot read resource 1 of `snap/s.json`: field `VpcId`: field required"


def kept(write: Write, files: dict[str, Any]) -> tuple[Snapshot, list[str]]:
    said: list[str] = []
    return load(write(files), keep_going=True, report=said.append), said


def test_a_broken_resource_is_reported_and_the_rest_is_read(write: Write):
    snapshot, said = kept(write, {"v.json": {"Vpcs": [VPC]}, "s.json": {"Subnets": [SUBNET, NO_VPC, "x"]}})
    last = "cannot read resource 2 of `snap/s.json`: expected an object, got text"
    assert said == [last, NO_VPC_TEXT]
    assert snapshot.broken == (Broken("subnet", "", last), Broken("subnet", "subnet-2", NO_VPC_TEXT))
    assert [one.id for one in snapshot.all("subnet")] == ["subnet-1"]


def test_a_broken_document_is_of_the_kind_that_its_first_key_tells(write: Write):
    files = {
        "v.json": {"Vpcs": [VPC]},
        "s.json": '{"Subnets": [{"SubnetId": ',
        "npguard.json": '{"collector_version": "1", "vpcs": [',
        "acls.json": {"NetworkAcls": "x"},
        "garbage.json": b"\x00\x01",
    }
    snapshot, said = kept(write, files)
    assert {(one.kind, one.id) for one in snapshot.broken} == {("subnet", ""), ("", ""), ("network_acl", "")}
    assert len(said) == 4
    assert not snapshot.collected("subnet")
    assert snapshot.is_broken("subnet")
    assert snapshot.find("vpc", "vpc-1")


def test_a_broken_archive_keeps_what_was_read_before_it_broke(write: Write):
    tar = tarred({"v.json": VPCS, "s.json": b"{"})
    snapshot, said = kept(write, {"a.tar": tar[:2048], "b.gz": gzip.compress(VPCS)[:-4]})
    assert said == [
        "cannot read `snap/a.tar/s.json`: the JSON ends in the middle (line 1, column 2)",
        "cannot read `snap/a.tar`: the tar archive is damaged",
        "cannot read `snap/b.gz`: the gzip file is damaged",
    ]
    assert snapshot.find("vpc", "vpc-1")


def test_a_resource_that_contradicts_itself_is_left_out(write: Write):
    snapshot, said = kept(
        write, {"v.json": {"Vpcs": [VPC]}, "s.json": {"Subnets": [SUBNET, {**SUBNET, "CidrBlock": "10.0.9.0/24"}]}}
    )
    text = "cannot read resource 1 of `snap/s.json`: `subnet-1` is also resource 0 of `snap/s.json`, with other content"
    assert said == [text]
    assert snapshot.broken == (Broken("subnet", "subnet-1", text),)
    assert not snapshot.all("subnet")


def test_a_snapshot_of_which_nothing_could_be_read_is_a_snapshot_that_says_so(write: Write):
    snapshot, said = kept(write, {"v.json": "{"})
    assert len(snapshot.broken) == len(said) == 1


def test_without_a_report_the_broken_parts_are_kept_all_the_same(write: Write):
    snapshot = load(write({"v.json": {"Vpcs": [VPC, 3]}}), keep_going=True)
    assert len(snapshot.broken) == 1
