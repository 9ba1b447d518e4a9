"""Scenes for signs: documents as AWS answers them, read by the public path, with the assets and ways in that a row says."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from analyzer import load
from analyzer.models.snapshot import Snapshot
from analyzer.models.trust import Asset, DataClass, EntryPoint
from analyzer.models.verdict import Verdict
from analyzer.threats.signs import Sign, signs

ACCOUNT, REGION = "111111111111", "eu-west-1"
ELB = f"arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}"
WEB = f"{ELB}:loadbalancer/app/web/50dc6c495c0c9188"
NET = f"{ELB}:loadbalancer/net/edge/60dc6c495c0c9188"
LISTENER = f"{ELB}:listener/app/web/50dc6c495c0c9188/1"
ORDERS = f"arn:aws:rds:{REGION}:{ACCOUNT}:db:orders"
Documents = dict[str, Any]

VPC: Documents = {
    "Vpcs": [{"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16", "OwnerId": ACCOUNT, "Tags": [{"Key": "Name", "Value": "prod"}]}],
    "Subnets": [{"SubnetId": "subnet-1", "VpcId": "vpc-1", "CidrBlock": "10.0.1.0/24", "OwnerId": ACCOUNT}],
    "NetworkInterfaces": [
        {
            "NetworkInterfaceId": f"eni-{name}",
            "VpcId": "vpc-1",
            "SubnetId": "subnet-1",
            "PrivateIpAddress": address,
            "OwnerId": ACCOUNT,
        }
        for name, address in (("db", "10.0.1.5"), ("web", "10.0.1.6"))
    ],
}


def world(**documents: Any) -> Snapshot:
    """Return the snapshot of a folder with these documents beside a VPC."""
    with tempfile.TemporaryDirectory() as folder:
        for key, value in {**VPC, **documents}.items():
            (Path(folder) / f"{key}.json").write_text(json.dumps({key: value}), "utf-8")
        return load(folder).snapshot


def asset(id: str, data_class: DataClass = DataClass.RESTRICTED, interface: str = "eni-db") -> Asset:
    name = id.rpartition(":")[2]
    return Asset(id=id, kind="", name=name, vpc="vpc-1", data_class=data_class, interfaces=[interface])


def door(resource: str, verdict: Verdict = Verdict.REACHABLE, zone: str = "internet") -> EntryPoint:
    return EntryPoint(id="E-1", kind="load balancer", resource=resource, zone=zone, verdict=verdict)


DOORS = (door(WEB), door(NET))
ASSETS = (asset(ORDERS),)


def found(kind: str, documents: Documents, assets: Sequence[Asset] = ASSETS, entries: Sequence[EntryPoint] = DOORS) -> list[Sign]:
    """Return the signs of one kind."""
    return [one for one in signs(world(**documents), assets, entries) if one.kind == kind]


def told(*args: Any, **fields: Any) -> list[tuple[str, str]]:
    """Return how surely and in which words signs of a kind are told."""
    return [(one.confidence.value, one.text) for one in found(*args, **fields)]
