"""Where evidence is written: the line and column of the very rule, entry or route, or no line at all."""

from __future__ import annotations

import gzip
import io
import json
import os
import tarfile
import zipfile
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from analyzer.models.location import SNAPSHOT, Location, Written
from analyzer.models.snapshot import Snapshot
from analyzer.read import load
from analyzer.read.locations import locations

from .conftest import SUBNET, VPC, Write

GROUPS = {
    "SecurityGroups": [
        {"Description": "été", "GroupId": "sg-a", "VpcId": "vpc-1"},
        {
            "GroupId": "sg-b",
            "VpcId": "vpc-1",
            "IpPermissions": [
                {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]},
                {
                    "IpProtocol": "tcp",
                    "FromPort": 443,
                    "ToPort": 443,
                    "IpRanges": [{"CidrIp": "192.0.2.0/24"}, {"CidrIp": "0.0.0.0/0"}],
                    "Ipv6Ranges": [{"CidrIpv6": "::/0"}],
                    "UserIdGroupPairs": [{"GroupId": "sg-a", "UserId": "111122223333"}],
                    "PrefixListIds": [{"PrefixListId": "pl-1"}],
                },
            ],
            "IpPermissionsEgress": [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}],
        },
    ]
}
ACLS = {
    "NetworkAcls": [
        {
            "NetworkAclId": "acl-1",
            "VpcId": "vpc-1",
            "Entries": [
                {"RuleNumber": number, "Egress": egress, "RuleAction": "allow", "Protocol": "-1", "CidrBlock": "0.0.0.0/0"}
                for egress in (True, False)
                for number in (100, 110)
            ],
        }
    ]
}
TABLES = {
    "RouteTables": [
        {
            "RouteTableId": "rtb-1",
            "VpcId": "vpc-1",
            "Routes": [
                {"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local"},
                {"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-1"},
                {"DestinationIpv6CidrBlock": "::/0", "GatewayId": "igw-1"},
                {"DestinationPrefixListId": "pl-1", "TransitGatewayId": "tgw-1"},
            ],
        }
    ]
}
LISTS = {"PrefixLists": [{"PrefixListId": "pl-1", "Cidrs": ["198.51.100.0/24"]}]}
ROUTES = {
    "TransitGatewayRoutes": [
        {
            "TransitGatewayRouteTableId": "tgw-rtb-1",
            "Routes": [
                {"DestinationCidrBlock": block, "Type": "static", "State": "blackhole"}
                for block in ("10.1.0.0/16", "10.2.0.0/16")
            ],
        }
    ]
}
TRANSIT = {"TransitGatewayRouteTables": [{"TransitGatewayRouteTableId": "tgw-rtb-1", "TransitGatewayId": "tgw-1"}]}
EVERYTHING = {**{"Vpcs": [VPC], "Subnets": [SUBNET]}, **GROUPS, **ACLS, **TABLES, **LISTS, **ROUTES, **TRANSIT}
# A line of a resource, and the text that stands where it is written.
LINES = [
    ("sg-b", "inbound tcp/22 from 10.0.0.0/8", '"CidrIp": "10.0.0.0/8"'),
    ("sg-b", "inbound tcp/443 from 0.0.0.0/0", '"CidrIp": "0.0.0.0/0"'),
    ("sg-b", "inbound tcp/443 from ::/0", '"CidrIpv6": "::/0"'),
    ("sg-b", "inbound tcp/443 from sg-a", '"GroupId": "sg-a"'),
    ("sg-b", "inbound tcp/443 from pl-1", '"PrefixListId": "pl-1"'),
    ("sg-b", "inbound tcp/443 from pl-1 (sgr-1)", '"PrefixListId": "pl-1"'),
    ("sg-b", "outbound all to 0.0.0.0/0", '"CidrIp": "0.0.0.0/0"'),
    ("acl-1", "inbound 110 allow all from 0.0.0.0/0", '"RuleNumber": 110'),
    ("rtb-1", "0.0.0.0/0 -> igw-1", '"DestinationCidrBlock": "0.0.0.0/0"'),
    ("rtb-1", "::/0 -> igw-1", '"DestinationIpv6CidrBlock": "::/0"'),
    ("rtb-1", "pl-1 (198.51.100.0/24) -> tgw-1", '"DestinationPrefixListId": "pl-1"'),
    ("tgw-rtb-1", "10.2.0.0/16 -> blackhole", '"DestinationCidrBlock": "10.2.0.0/16"'),
]
# The way to each of them in EVERYTHING.
WAYS: list[list[Any]] = [
    ["SecurityGroups", 1, "IpPermissions", 0, "IpRanges", 0, "CidrIp"],
    ["SecurityGroups", 1, "IpPermissions", 1, "IpRanges", 1, "CidrIp"],
    ["SecurityGroups", 1, "IpPermissions", 1, "Ipv6Ranges", 0, "CidrIpv6"],
    ["SecurityGroups", 1, "IpPermissions", 1, "UserIdGroupPairs", 0, "GroupId"],
    ["SecurityGroups", 1, "IpPermissions", 1, "PrefixListIds", 0, "PrefixListId"],
    ["SecurityGroups", 1, "IpPermissions", 1, "PrefixListIds", 0, "PrefixListId"],
    ["SecurityGroups", 1, "IpPermissionsEgress", 0, "IpRanges", 0, "CidrIp"],
    ["NetworkAcls", 0, "Entries", 3, "RuleNumber"],
    ["RouteTables", 0, "Routes", 1, "DestinationCidrBlock"],
    ["RouteTables", 0, "Routes", 2, "DestinationIpv6CidrBlock"],
    ["RouteTables", 0, "Routes", 3, "DestinationPrefixListId"],
    ["TransitGatewayRoutes", 0, "Routes", 1, "DestinationCidrBlock"],
]


def asked(resource: str, line: str = "", *, source: str = "snap", world: Snapshot | None = None) -> Location | None:
    """Return where a line is, asked as evidence asks."""
    made = world or load(source)
    component = made.at(resource)
    written = Written(resource, line, component.origin if component is not None else "")
    return locations([(source, source)], made, [written]).get(written)


def shown(place: Location | None) -> str:
    """Return the text that a location points at."""
    assert place is not None
    assert place.line == place.end_line
    text = Path(place.uri).read_text("utf-8")
    return text.split("\n")[place.line - 1][place.column - 1 : place.end_column - 1]


@pytest.mark.parametrize("indent", [None, 1, 4, "\t"], ids=["one line", "1", "4", "tabs"])
@pytest.mark.parametrize(("resource", "line", "text"), LINES, ids=[line for _, line, _ in LINES])
def test_a_line_is_where_its_rule_entry_or_route_is(write: Write, indent: Any, resource: str, line: str, text: str) -> None:
    write({"all.json": json.dumps(EVERYTHING, indent=indent, ensure_ascii=False)})
    place = asked(resource, line)
    assert shown(place) == text
    assert place is not None
    assert place.exact


@pytest.mark.parametrize(("resource", "line", "way"), [(*one[:2], way) for one, way in zip(LINES, WAYS, strict=True)])
def test_of_lines_that_look_alike_it_is_the_right_one(write: Write, resource: str, line: str, way: list[Any]) -> None:
    write({"all.json": json.dumps(EVERYTHING, indent=1)})
    marked = deepcopy(EVERYTHING)
    inner: Any = marked
    for step in way[:-1]:
        inner = inner[step]
    inner[way[-1]] = "HERE"
    (at,) = (number for number, text in enumerate(json.dumps(marked, indent=1).split("\n"), 1) if '"HERE"' in text)
    place = asked(resource, line)
    assert place is not None
    assert place.line == at


def test_what_no_text_says_is_at_the_resource(write: Write) -> None:
    write({"all.json": json.dumps(EVERYTHING, indent=1)})
    for resource, line, text in (
        ("sg-a", "no inbound rule admits it", '"GroupId": "sg-a"'),
        ("rtb-1", "no route", '"RouteTableId": "rtb-1"'),
        ("subnet-1", "", '"SubnetId": "subnet-1"'),
    ):
        place = asked(resource, line)
        assert shown(place) == text
        assert place is not None
        assert not place.exact


def test_the_only_key_of_a_file_needs_no_path(write: Write) -> None:
    write({"vpcs.json": {"Vpcs": [VPC]}, "a b/groups.json": json.dumps(GROUPS, indent=2, ensure_ascii=False)})
    place = asked("sg-b", "outbound all to 0.0.0.0/0")
    assert place is not None
    assert place.uri == "snap/a%20b/groups.json"
    assert Path("snap/a b/groups.json").read_text("utf-8").split("\n")[place.line - 1].strip() == '"CidrIp": "0.0.0.0/0"'


def test_batfish_np_guard_and_instances_are_found_as_they_stand(write: Write) -> None:
    inside = {"NetworkInterfaceId": "eni-1", "SubnetId": "subnet-1", "VpcId": "vpc-1", "PrivateIpAddress": "10.0.0.4"}
    instance = {"InstanceId": "i-1", "NetworkInterfaces": [inside], "State": {"Name": "running"}}
    write(
        {
            "aws_configs/eu-west-1/Vpcs.json": json.dumps({"Vpcs": [VPC], "Subnets": [SUBNET]}, indent=1),
            "aws_configs/eu-west-1/Reservations.json": json.dumps({"Reservations": [{"Instances": [instance]}]}, indent=1),
            "npguard.json": json.dumps({"collector_version": "1", "security_groups": GROUPS["SecurityGroups"]}, indent=1),
        }
    )
    assert shown(asked("eni-1")) == '"NetworkInterfaceId": "eni-1"'
    assert shown(asked("i-1")) == '"InstanceId": "i-1"'
    assert shown(asked("subnet-1")) == '"SubnetId": "subnet-1"'
    assert shown(asked("sg-b", "inbound tcp/22 from 10.0.0.0/8")) == '"CidrIp": "10.0.0.0/8"'


@pytest.mark.parametrize(
    "text",
    [
        json.dumps({"Vpcs": [VPC]}) + "\n" + json.dumps(GROUPS),
        json.dumps([{"Vpcs": [VPC]}, GROUPS], indent=2),
        json.dumps([{**GROUPS, "Vpcs": [VPC]}]),
        "\ufeff" + json.dumps({**GROUPS, "Vpcs": [VPC]}, ensure_ascii=False),
    ],
    ids=["one after the other", "in a list", "alone in a list", "byte order mark"],
)
def test_several_documents_in_a_file(write: Write, text: str) -> None:
    write({"all.json": text})
    place = asked("sg-b", "inbound tcp/22 from 10.0.0.0/8")
    assert place is not None
    line = text.removeprefix("\ufeff").split("\n")[place.line - 1]
    assert line[place.column - 1 : place.end_column - 1] == '"CidrIp": "10.0.0.0/8"'


def test_utf_16_counts_lines_and_characters_too(write: Write) -> None:
    text = json.dumps({**GROUPS, "Vpcs": [VPC]}, indent=1, ensure_ascii=False)
    write({"all.json": text.encode("utf-16")})
    place = asked("sg-b", "inbound tcp/22 from 10.0.0.0/8")
    assert place is not None
    assert text.split("\n")[place.line - 1][place.column - 1 : place.end_column - 1] == '"CidrIp": "10.0.0.0/8"'


def packed(kind: str) -> tuple[str, bytes, str]:
    """Return the name of an archive, what it holds, and how evidence names the file in it."""
    data = json.dumps({**GROUPS, "Vpcs": [VPC]}, indent=1).encode()
    if kind == "gz":
        return "all.json.gz", gzip.compress(data), "snap/all.json.gz"
    made = io.BytesIO()
    if kind == "zip":
        with zipfile.ZipFile(made, "w") as archive:
            archive.writestr("in/all.json", data)
        return "a.zip", made.getvalue(), "snap/a.zip/in/all.json"
    with tarfile.open(fileobj=made, mode="w:gz") as archive:
        member = tarfile.TarInfo("in/all.json")
        member.size = len(data)
        archive.addfile(member, io.BytesIO(data))
    return "a.tar.gz", made.getvalue(), "snap/a.tar.gz/in/all.json"


@pytest.mark.parametrize("kind", ["gz", "zip", "tar"])
def test_what_is_packed_has_the_archive_s_uri_and_its_own_name(write: Write, kind: str) -> None:
    name, data, inside = packed(kind)
    write({name: data})
    place = asked("sg-b", "inbound tcp/22 from 10.0.0.0/8")
    assert place is not None
    assert (place.uri, place.inside) == (f"snap/{name}", inside)
    text = json.dumps({**GROUPS, "Vpcs": [VPC]}, indent=1)
    assert text.split("\n")[place.line - 1].strip() == '"CidrIp": "10.0.0.0/8"'


# ---------------------------------------------------------------------- never wrong
@pytest.mark.parametrize(
    "now",
    [
        json.dumps({"SecurityGroups": [{"GroupId": "sg-0", "VpcId": "vpc-1"}, *GROUPS["SecurityGroups"]], "Vpcs": [VPC]}),
        json.dumps({"Vpcs": [VPC]}),
        '{"SecurityGroups": [',
        "",
        '{"SecurityGroups": [], "SecurityGroups": []}',
    ],
    ids=["one more before it", "gone", "broken", "empty", "twice"],
)
def test_a_file_that_changed_since_has_no_line(write: Write, now: str) -> None:
    write({"all.json": {**GROUPS, "Vpcs": [VPC]}})
    world = load("snap")
    Path("snap/all.json").write_text(now)
    place = asked("sg-b", "inbound tcp/22 from 10.0.0.0/8", world=world)
    assert place == Location(uri="snap/all.json")


def test_a_rule_that_changed_since_is_at_its_resource(write: Write) -> None:
    write({"all.json": json.dumps({**GROUPS, "Vpcs": [VPC]}, indent=1)})
    world = load("snap")
    path = Path("snap/all.json")
    path.write_text(path.read_text().replace("10.0.0.0/8", "10.0.0.0/9"))
    place = asked("sg-b", "inbound tcp/22 from 10.0.0.0/8", world=world)
    assert shown(place) == '"GroupId": "sg-b"'
    assert place is not None
    assert not place.exact


def test_a_file_that_is_gone_is_nowhere(write: Write) -> None:
    write({"all.json": {**GROUPS, "Vpcs": [VPC]}})
    world = load("snap")
    Path("snap/all.json").unlink()
    assert asked("sg-b", world=world) is None


def test_names_that_are_shown_alike_are_nowhere(write: Write) -> None:
    write({"a\x01.json": {**GROUPS, "Vpcs": [VPC]}, "a\x02.json": {"Subnets": [SUBNET]}})
    assert asked("sg-b") is None


def test_what_comes_through_a_pipe_is_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: Write) -> None:
    write({"all.json": {**GROUPS, "Vpcs": [VPC]}})
    world = load("snap")
    Path("snap/all.json").unlink()
    os.mkfifo("snap/all.json")
    assert asked("sg-b", world=world) is None


def test_two_copies_of_a_resource_are_told_apart(write: Write) -> None:
    """The owner's copy says the rules, the other one has the tag; a line that only the other one says is at the resource."""
    mine, other = {"GroupId": "sg-a", "VpcId": "vpc-1"}, GROUPS["SecurityGroups"][1]
    write(
        {
            "111122223333/eu-west-1/a.json": {
                "Vpcs": [VPC],
                "SecurityGroups": [{**mine, "GroupId": "sg-b", "OwnerId": "111122223333"}],
            },
            "444455556666/eu-west-1/b.json": {"SecurityGroups": [{**other, "OwnerId": "111122223333"}]},
        }
    )
    place = asked("sg-b", "inbound tcp/22 from 10.0.0.0/8")
    assert place is not None
    assert (place.uri, place.exact) == ("snap/111122223333/eu-west-1/a.json", False)
    assert shown(place) == '"GroupId": "sg-b"'


# ---------------------------------------------------------------------- files
def test_links_are_resolved_and_what_is_elsewhere_has_its_whole_path(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write({"all.json": {**GROUPS, "Vpcs": [VPC]}})
    os.rename("snap/all.json", "real.json")
    os.symlink(tmp_path / "real.json", "snap/all.json")
    place = asked("sg-b")
    assert place is not None
    assert place.uri == "real.json"
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    place = asked("sg-b", source="../snap")
    assert place is not None
    assert place.uri == (tmp_path / "real.json").resolve().as_uri()


def test_the_snapshot_itself_and_lines_of_files_that_people_wrote(write: Write) -> None:
    write({"all.json": {**GROUPS, "Vpcs": [VPC]}})
    Path("my rules.yaml").write_text("invariants: []")
    written = [SNAPSHOT, *(Written(origin=text) for text in ("./my rules.yaml:7", "pack zero-trust", "none.yaml:2"))]
    found = locations([("snap", "snap")], load("snap"), written)
    assert found == {written[0]: Location(uri="snap"), written[1]: Location(uri="my%20rules.yaml", line=7)}
