"""Writes documents as they come, one file for each account, Region and call, with a digest of everything written."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from .filters import S3, S3_BLOCKS
from .rows import Owner, Row

encode = msgspec.json.Encoder().encode
# Calls that every account is asked, with the key of their answer; what an account does not have is an empty list.
ALWAYS = {
    "describe-vpcs": "Vpcs",
    "describe-subnets": "Subnets",
    "describe-route-tables": "RouteTables",
    "describe-security-groups": "SecurityGroups",
    "describe-network-acls": "NetworkAcls",
    "describe-network-interfaces": "NetworkInterfaces",
    "describe-instances": "Reservations",
    "describe-internet-gateways": "InternetGateways",
    "describe-egress-only-internet-gateways": "EgressOnlyInternetGateways",
    "describe-nat-gateways": "NatGateways",
    "describe-vpc-endpoints": "VpcEndpoints",
    "describe-vpc-peering-connections": "VpcPeeringConnections",
    "describe-transit-gateway-vpc-attachments": "TransitGatewayVpcAttachments",
    "describe-managed-prefix-lists": "PrefixLists",
    "get-managed-prefix-list-entries": "ManagedPrefixListEntries",
    "describe-db-instances": "DBInstances",
    "describe-load-balancers": "LoadBalancers",
    "describe-listeners": "Listeners",
    "describe-target-groups": "TargetGroups",
    "describe-target-health": "LoadBalancerTargetHealth",
}
CALLS = {key: call for call, key in ALWAYS.items()} | {
    "TransitGateways": "describe-transit-gateways",
    "TransitGatewayAttachments": "describe-transit-gateway-attachments",
    "TransitGatewayRouteTables": "describe-transit-gateway-route-tables",
    "TransitGatewayRoutes": "search-transit-gateway-routes",
    "TransitGatewayRouteTableAssociations": "get-transit-gateway-route-table-associations",
    "TransitGatewayRouteTablePropagations": "get-transit-gateway-route-table-propagations",
    "LoadBalancerAttributes": "describe-load-balancer-attributes",
    "TargetGroupAttributes": "describe-target-group-attributes",
}


class Writer:
    """The files of one snapshot under way; those of the account that is written now are open, and nothing is kept."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bytes = self.rows = 0
        self._digests: dict[str, str] = {}
        self._open: dict[str, tuple[BinaryIO, Any]] = {}
        self._owner: Owner | None = None

    def __enter__(self) -> Writer:
        return self

    def __exit__(self, *_: object) -> None:
        """Close what an error left open."""
        for file, _ in self._open.values():
            file.close()

    def account(self, owner: Owner) -> None:
        """Begin the files of an account and end those of the one before; an account is begun once."""
        self.end()
        self._owner = owner
        (self.folder / owner.account / owner.region).mkdir(parents=True)
        off = {"AwsAccountId": owner.account, "AwsRegion": owner.region, "InternetGatewayBlockMode": "off"}
        options = off | {"State": "default-state", "ManagedBy": "account", "ExclusionsAllowed": "allowed"}
        listed = {"PrefixListId": S3, "PrefixListName": f"com.amazonaws.{owner.region}.s3", "Cidrs": S3_BLOCKS}
        self.document("describe-prefix-lists", {"PrefixLists": [listed]})
        self.document("describe-vpc-block-public-access-options", {"VpcBlockPublicAccessOptions": options})

    def row(self, key: str, row: Row) -> None:
        """Write a row below the key that its call answers with."""
        self.rows += 1
        if key in self._open:
            self._write(key, b",\n" + encode(row))
        else:
            self._begin(key)
            self._write(key, encode(row))

    def all(self, rows: Iterable[tuple[str, Row]]) -> None:
        """Write rows, each below its key."""
        for key, row in rows:
            self.row(key, row)

    def document(self, name: str, document: Row) -> None:
        """Write a file that holds one document."""
        self.rows += 1
        self._open[name] = ((self._folder / f"{name}.json").open("wb"), sha256())
        self._write(name, encode(document) + b"\n")
        self._close(name, f"{name}.json", b"")

    def end(self) -> str:
        """End the files that are open and return the digest of all files with their paths."""
        if self._owner is not None:
            for key in ALWAYS.values():
                if key not in self._open:
                    self._begin(key)
            for key in list(self._open):
                self._close(key, f"{CALLS[key]}.json", b"\n]}\n")
            self._owner = None
        lines = "".join(f"{digest}  {path}\n" for path, digest in sorted(self._digests.items()))
        return sha256(lines.encode()).hexdigest()

    @property
    def _folder(self) -> Path:
        assert self._owner is not None, "no account is begun"
        return self.folder / self._owner.account / self._owner.region

    def _begin(self, key: str) -> None:
        self._open[key] = ((self._folder / f"{CALLS[key]}.json").open("wb"), sha256())
        self._write(key, b'{"' + key.encode() + b'":[\n')

    def _write(self, key: str, data: bytes) -> None:
        file, digest = self._open[key]
        file.write(data)
        digest.update(data)
        self.bytes += len(data)

    def _close(self, key: str, name: str, last: bytes) -> None:
        self._write(key, last)
        file, digest = self._open.pop(key)
        file.close()
        self._digests[str((self._folder / name).relative_to(self.folder))] = digest.hexdigest()
