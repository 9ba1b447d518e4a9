"""A command to run in an empty folder that holds one small snapshot, called `snap`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from analyzer.cli import main

OWNER = {"OwnerId": "111122223333"}


class Done(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str


Reach = Callable[..., Done]


def interface(number: int, group: str, **fields: Any) -> dict[str, Any]:
    return {
        "NetworkInterfaceId": f"eni-{number}",
        "SubnetId": "subnet-1",
        "VpcId": "vpc-1",
        "PrivateIpAddress": f"10.0.0.{number}",
        "Groups": [{"GroupId": group}],
        "Status": "in-use",
        **OWNER,
        **fields,
    }


def group(id: str, name: str, inbound: list[dict[str, Any]]) -> dict[str, Any]:
    everywhere = [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]
    return {
        "GroupId": id,
        "GroupName": name,
        "VpcId": "vpc-1",
        "IpPermissions": inbound,
        "IpPermissionsEgress": everywhere,
        **OWNER,
    }


POSTGRES = {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "UserIdGroupPairs": [{"GroupId": "sg-1"}]}
DOCUMENTS: dict[str, Any] = {
    "Vpcs": [{"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16", **OWNER}],
    "Subnets": [{"SubnetId": "subnet-1", "VpcId": "vpc-1", "CidrBlock": "10.0.0.0/24", **OWNER}],
    "SecurityGroups": [group("sg-1", "web", []), group("sg-2", "db", [POSTGRES])],
    "NetworkInterfaces": [
        interface(4, "sg-1", TagSet=[{"Key": "Name", "Value": "web-1"}]),
        interface(9, "sg-2", TagSet=[{"Key": "Name", "Value": "to"}]),
        interface(10, "sg-1", TagSet=[{"Key": "Name", "Value": "we\x1b[31mb"}]),
    ],
}


def write(folder: Path, documents: dict[str, Any]) -> None:
    folder.mkdir(exist_ok=True)
    for key, rows in documents.items():
        (folder / f"{key}.json").write_text(json.dumps({key: rows}))


@pytest.fixture
def reach(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Reach:
    """Return a function that runs one command, its words in one text or one by one, beside the snapshot `snap`."""
    write(tmp_path / "snap", DOCUMENTS)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("REACH_SNAPSHOT", raising=False)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    def running(*words: str) -> Done:
        code = main(words[0].split() if len(words) == 1 else words)
        shown = capsys.readouterr()
        return Done(code, shown.out, shown.err)

    return running
