"""A folder with a snapshot called `snapshot`, in which some names are written by somebody who means harm."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

OWNER = {"OwnerId": "111122223333"}
HARMFUL = [
    "$(touch pwned)",
    "`touch pwned`",
    "web;touch pwned",
    "zap$(touch pwned)",
    "zip`touch pwned`",
    "zop;touch pwned;",
    "web-1\ntouch pwned",
    "web\ttouch",
    "web&touch",
    "web|touch",
    "web>pwned",
    "--keep-going",
    "~root",
    "=ls",
    "%1",
    "@x",
    "'web",
    '"web',
    "web\\",
    "web*",
    "{web,db}",
    "!!",
    "#web",
    "<files>",
    "we\x1b]0;b",
    "to",
    "web " * 3,
    "web" * 100,
]
FAIR = ["web-1", "web_2", "wéb.3", "a/b", "a@b", "a+b,c"]


def interface(number: int, name: str) -> dict[str, Any]:
    return {
        "NetworkInterfaceId": f"eni-{number}",
        "SubnetId": "subnet-1",
        "VpcId": "vpc-1",
        "PrivateIpAddress": f"10.0.0.{number + 4}",
        "Groups": [{"GroupId": "sg-1"}],
        "Status": "in-use",
        "TagSet": [{"Key": "Name", "Value": name}, {"Key": name, "Value": name}],
        **OWNER,
    }


def documents(names: list[str]) -> dict[str, Any]:
    everywhere = [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]
    group = {"GroupId": "sg-1", "VpcId": "vpc-1", "IpPermissions": everywhere, "IpPermissionsEgress": everywhere, **OWNER}
    return {
        "Vpcs": [{"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16", **OWNER}],
        "Subnets": [{"SubnetId": "subnet-1", "VpcId": "vpc-1", "CidrBlock": "10.0.0.0/24", **OWNER}],
        "SecurityGroups": [{**group, "GroupName": "web"}],
        "NetworkInterfaces": [interface(number, name) for number, name in enumerate(names)],
    }


def write(folder: Path, names: list[str]) -> None:
    folder.mkdir(exist_ok=True)
    for key, rows in documents(names).items():
        (folder / f"{key}.json").write_text(json.dumps({key: rows}))


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder in which a shell runs, with a cache folder of its own."""
    write(tmp_path / "snapshot", [*FAIR, *HARMFUL])
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("REACH_SNAPSHOT", raising=False)
    monkeypatch.setenv("REACH_CACHE", str(tmp_path / "cache"))
    return tmp_path
