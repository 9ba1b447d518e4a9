"""Every way in which a snapshot can be unreadable, by the exact text that people see."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from typing import Any

import pytest

from analyzer.models.errors import InputError
from analyzer.read import files, load

from .conftest import SUBNET, VPC, Write

REMOVE_RESOURCE = "\n  try: collect the snapshot again, or remove the resource to leave it out"
REMOVE_FILE = "\n  try: collect the snapshot again, or remove the file to leave it out"
KEYLESS = "\n  try: collect it again without --query, so that the answer keeps its key"
Refused = Callable[[dict[str, Any]], str]


def without(row: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in names}


def group(**permission: Any) -> dict[str, Any]:
    return {"GroupId": "sg-1", "VpcId": "vpc-1", "IpPermissions": [{"IpProtocol": "tcp", **permission}]}


@pytest.mark.parametrize(
    ("row", "text"),
    [
        (without(SUBNET, "VpcId"), "field `VpcId`: field required"),
        ({**SUBNET, "VpcId": None}, "field `VpcId`: field required"),
        ({**SUBNET, "VpcId": 7}, "field `VpcId`: expected text, got a whole number"),
        ({**SUBNET, "VpcId": ["vpc-1"]}, "field `VpcId`: expected text, got a list"),
        ({**SUBNET, "EnableDns64": "yes"}, "field `EnableDns64`: expected true or false, got text"),
        ({**SUBNET, "Tags": {"Name": "web"}}, "field `Tags`: expected a list, got an object"),
        ({**SUBNET, "Tags": [None]}, "field `Tags[0]`: expected an object, got null"),
        ({**SUBNET, "Tags": [{"Value": "web"}]}, "field `Tags[0].Key`: field required"),
        ({**SUBNET, "CidrBlock": "10.0.0.0/40"}, "field `CidrBlock`: `10.0.0.0/40` is no range of addresses"),
        ({**SUBNET, "CidrBlock": "10.0.0.0\x1b[31m`/8"}, "field `CidrBlock`: `10.0.0.0\\x1b[31m?/8` is no range of addresses"),
        ("subnet-1", "expected an object, got text"),
        (None, "expected an object, got null"),
        (3.5, "expected an object, got a number"),
        (True, "expected an object, got true or false"),
    ],
)
def test_a_row_that_does_not_fit_names_its_file_number_and_field(refused: Refused, row: Any, text: str):
    files = {"Subnets.json": {"Subnets": [row]}, "Vpcs.json": {"Vpcs": [VPC]}}
    assert refused(files) == f"cannot read resource 0 of `snap/Subnets.json`: {text}{REMOVE_RESOURCE}"


@pytest.mark.parametrize(
    ("permission", "text"),
    [
        ({"FromPort": "22"}, "field `IpPermissions[0].FromPort`: expected a whole number, got text"),
        ({"FromPort": 2.5}, "field `IpPermissions[0].FromPort`: expected a whole number, got a number"),
        ({"IpRanges": [{"CidrIp": "10.0.0"}]}, "field `IpPermissions[0].IpRanges[0].CidrIp`: `10.0.0` is no range of addresses"),
        ({"IpRanges": "10.0.0.0/8"}, "field `IpPermissions[0].IpRanges`: expected a list, got text"),
    ],
)
def test_a_nested_field_is_named_with_its_whole_path(refused: Refused, permission: dict[str, Any], text: str):
    files = {"sg.json": {"SecurityGroups": [group(), group(**permission)]}}
    assert refused(files) == f"cannot read resource 1 of `snap/sg.json`: {text}{REMOVE_RESOURCE}"


def test_ports_beyond_65535_are_no_ports(refused: Refused):
    entry = {"RuleNumber": 1, "Egress": False, "RuleAction": "allow", "Protocol": "6", "PortRange": {"From": 0, "To": 70000}}
    acl = {"NetworkAclId": "acl-1", "VpcId": "vpc-1", "Entries": [entry]}
    text = refused({"acl.json": {"NetworkAcls": [acl]}})
    assert text == (
        "cannot read resource 0 of `snap/acl.json`: field `Entries[0].PortRange`: 0-70000 is no range of ports" + REMOVE_RESOURCE
    )


def test_a_shape_that_trips_the_preparation_of_a_row_is_told_as_its_class_tells_it(refused: Refused):
    text = refused({"acl.json": {"NetworkAcls": [{"NetworkAclId": "acl-1", "VpcId": "vpc-1", "Entries": 3}]}})
    assert text == (
        "cannot read resource 0 of `snap/acl.json`: field `Entries`: expected a list, got a whole number" + REMOVE_RESOURCE
    )


def test_a_row_inside_another_counts_through_the_file_and_its_field_says_where(refused: Refused):
    reservations = [
        {"Instances": [{"InstanceId": "i-1"}]},
        {"Instances": [{"InstanceId": "i-2"}, {"State": {"Name": "running"}}]},
    ]
    assert refused({"i.json": {"Reservations": reservations}}) == (
        "cannot read resource 2 of `snap/i.json`: field `Reservations[1].Instances[1].InstanceId`: field required"
        + REMOVE_RESOURCE
    )


@pytest.mark.parametrize(
    ("reservations", "text"),
    [
        ([{"Instances": 3}], "field `Reservations[0].Instances`: expected a list, got a whole number"),
        (["r-1"], "field `Reservations[0]`: expected an object, got text"),
        ([{"Instances": ["i-1"]}], "field `Reservations[0].Instances[0]`: expected an object, got text"),
    ],
)
def test_wrong_shapes_around_nested_rows(refused: Refused, reservations: list[Any], text: str):
    assert (
        refused({"i.json": {"Reservations": reservations}}) == f"cannot read resource 0 of `snap/i.json`: {text}{REMOVE_RESOURCE}"
    )


def test_with_several_keys_in_one_file_the_field_starts_with_the_key(refused: Refused):
    text = refused({"all.json": {"Vpcs": [VPC], "Subnets": [SUBNET, without(SUBNET, "VpcId")]}})
    assert text == "cannot read resource 1 of `snap/all.json`: field `Subnets[1].VpcId`: field required" + REMOVE_RESOURCE
    text = refused({"all.json": {"Vpcs": [VPC], "Subnets": [3]}})
    assert (
        text
        == "cannot read resource 0 of `snap/all.json`: field `Subnets[0]`: expected an object, got a whole number"
        + REMOVE_RESOURCE
    )


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ('{"Vpcs": [', "the JSON ends in the middle (line 1, column 11)"),
        ('{\n "Vpcs": [\n  {"VpcId": "vpc-1"\n', "the JSON ends in the middle (line 3, column 20)"),
        ("", "the file is empty"),
        (" \n", "the file is empty"),
        ("An error occurred (UnauthorizedOperation)", "the JSON is malformed (line 1, column 1): invalid character"),
        ('{"Vpcs": [1,]}', "the JSON is malformed (line 1, column 13): trailing comma in array"),
        ('{\n"Vpcs" [1]}', "the JSON is malformed (line 2, column 8): expected ':'"),
        ('{"Vpcs": NaN}', "the JSON is malformed (line 1, column 10): invalid character"),
        ('{"Vpcs": []}\n{"Vpcs": NaN}', "the JSON is malformed: `NaN` is no JSON number"),
        ('{"Vpcs": []}\n{"Vpcs": [', "the JSON is malformed (line 2, column 11)"),
        ('{"Vpcs": [1e999]}', "the JSON is malformed: number out of range"),
        (b'{"Vpcs":\n "\xff"}', "its text is no UTF-8 (line 2, column 3)"),
        (b'{"Vpcs": []}\n{"Vpcs": "\xff"}', "its text is no UTF-8 (line 2, column 11)"),
        (b"\x00\x01\x02\x03" * 200, "the JSON is malformed (line 1, column 1): invalid character"),
        (b"\xff\xfe{\x00\x00\xd8", "its text is no UTF-16"),
        ('{"Vpcs":' * 200 + "1" + "}" * 200, "its JSON nests more than 100 levels deep"),
        (
            '{"Vpcs": "{[' + "{[" * 60 + '", "x":' + "[[]," * 101 + "1" + "]" * 101 + "}",
            "its JSON nests more than 100 levels deep",
        ),
        ("[" * 100_000, "its JSON nests too deep"),
        ('{"Vpcs": []}' + "[" * 100_000, "its JSON nests too deep"),
        ('{"Vpcs": 3}', "field `Vpcs`: expected a list, got a whole number"),
        ('{"Vpcs": "vpc-1"}', "field `Vpcs`: expected a list, got text"),
    ],
)
def test_a_file_that_is_no_document(refused: Refused, content: str | bytes, text: str):
    assert refused({"Vpcs.json": content}) == f"cannot read `snap/Vpcs.json`: {text}{REMOVE_FILE}"


def test_brackets_in_texts_do_not_count_as_nesting(write: Write):
    load(write({"v.json": json.dumps({"Vpcs": [{**VPC, "Note": "[{" * 500}]})}))


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (3, "a whole number"),
        ("x", "text"),
        ([3], "a list"),
        ([{"VpcId": "vpc-1", "Tags": []}], "a list"),
        (False, "true or false"),
    ],
)
def test_an_answer_without_its_key_is_refused(refused: Refused, content: Any, found: str):
    text = refused({"v.json": json.dumps(content)})
    assert text == f"cannot read `snap/v.json`: expected an object with a key such as `Vpcs`, got {found}{KEYLESS}"


def test_a_folder_without_a_document_is_no_snapshot(refused: Refused):
    expected = (
        "cannot read `snap`: it holds no AWS document"
        "\n  try: name a folder with the JSON of `aws ec2 describe-…` calls, or try the embedded one with `--snapshot demo`"
    )
    assert refused({}) == expected
    assert refused({"notes.txt": "no snapshot here", "package.json": {"name": "web"}}) == expected


def test_a_source_that_is_not_there(write: Write):
    write({})
    for source in ("snip", "sn\0ip"):
        with pytest.raises(InputError) as caught:
            load(source)
        assert str(caught.value) == (
            f"cannot read `{source.replace(chr(0), '?')}`: no such file or folder"
            "\n  try: name the snapshot with --snapshot PATH, or try the embedded one with `--snapshot demo`"
        )


def test_a_file_without_permission(refused: Refused, monkeypatch: pytest.MonkeyPatch):
    def denied(path: str, mode: str) -> None:
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr(files, "open", denied, raising=False)
    assert (
        refused({"v.json": {"Vpcs": [VPC]}})
        == "cannot read `snap/v.json`: permission denied\n  try: check the path and its permissions"
    )


def test_a_link_to_nowhere_that_claims_to_be_json(refused: Refused, write: Write):
    write({"v.json": {"Vpcs": [VPC]}})
    os.symlink("nowhere", "snap/notes")
    load("snap")
    os.symlink("nowhere.json", "snap/s.json")
    assert refused({}) == "cannot read `snap/s.json`: no such file or directory\n  try: check the path and its permissions"


def test_names_and_values_of_users_are_cut_and_cleaned(refused: Refused):
    text = refused({"a\x1b[31m`b.json": {"Subnets": [{**SUBNET, "CidrBlock": "9" * 500}]}})
    assert text == (
        f"cannot read resource 0 of `snap/a?[31m?b.json`: field `CidrBlock`: `{'9' * 79}…` is no range of addresses"
        + REMOVE_RESOURCE
    )


def test_no_message_names_a_type_of_python(refused: Refused):
    for row in ({**SUBNET, "VpcId": value} for value in (1, 1.5, True, [], {})):
        text = refused({"s.json": {"Subnets": [row]}})
        assert not any(word in text for word in ("str", "int", "dict", "bool", "NoneType", "msgspec", "Expected"))
