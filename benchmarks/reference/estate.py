"""An estate while it is built: rows of AWS answers by account, found again by name, and their text at the end."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from re import sub
from typing import Any

from ..organisation.rows import Owner, Row, acl, group, id_of, instance, interface, route_table, subnet, tags, vpc
from .lines import entries, permissions, route_of

WIDTH = 240
# The kinds that a name may mean, each with the key of its answers and the member that holds its id.
KINDS = {
    "eni": ("NetworkInterfaces", "NetworkInterfaceId"),
    "sg": ("SecurityGroups", "GroupId"),
    "rtb": ("RouteTables", "RouteTableId"),
    "acl": ("NetworkAcls", "NetworkAclId"),
    "subnet": ("Subnets", "SubnetId"),
    "vpc": ("Vpcs", "VpcId"),
}


class Estate:
    """Documents by account and name; what depends on other rows (`later`) is made when nothing changes any more."""

    def __init__(self) -> None:
        """Make an estate without anything in it."""
        self.documents: dict[tuple[Owner, str], Row] = {}
        self._later: list[Callable[[], None]] = []

    def add(self, owner: Owner, key: str, *rows: Row) -> None:
        """Add rows to the answer under a key."""
        name = sub(r"(?<=[a-z])(?=[A-Z])", "-", key).lower()
        self.documents.setdefault((owner, name), {key: []})[key].extend(rows)

    def document(self, owner: Owner, name: str, document: Row) -> None:
        """Add an answer that is about one resource."""
        self.documents[owner, name] = document

    def later(self, make: Callable[[], None]) -> None:
        """Have something made when all edits are done."""
        self._later.append(make)

    def rows(self, key: str) -> list[Row]:
        """Return the rows of all accounts under a key."""
        return [row for document in self.documents.values() for row in document.get(key, ())]

    def row(self, kind: str, name: str) -> Row:
        """Return the row of a kind that has a name; raises KeyError where none has."""
        key, field = KINDS[kind]
        found = [one for one in self.rows(key) if one[field] == id_of(kind, name)]
        if not found:
            raise KeyError(f"{kind} {name}")
        return found[0]

    def files(self) -> dict[str, str]:
        """Return the text of each file by its path: by account and Region, where there are several."""
        while self._later:
            self._later.pop(0)()
        owners = {owner for owner, _ in self.documents}
        folders = {owner: f"{owner.account}/{owner.region}/" if len(owners) > 1 else "" for owner in owners}
        return {f"{folders[owner]}{name}.json": _text(document) + "\n" for (owner, name), document in self.documents.items()}


class Site:
    """One VPC of an estate, with the tags that everything in it carries unless it says otherwise."""

    def __init__(self, estate: Estate, owner: Owner, name: str, cidr: str, labels: dict[str, str]) -> None:
        """Name a VPC that is in the estate."""
        self.estate, self.owner, self.name, self.labels = estate, owner, name, labels
        self.cidr = cidr

    @classmethod
    def new(cls, estate: Estate, owner: Owner, name: str, cidr: str, labels: dict[str, str]) -> Site:
        """Return a VPC that is added to the estate, with the group that each has by itself: without rules, as CIS wants it."""
        site = cls(estate, owner, name, cidr, labels)
        estate.add(owner, "Vpcs", vpc(owner, name, [cidr]) | site.tagged(name))
        row = group(owner, f"{name}-default", name, [], [])
        named = {"GroupName": "default", "Description": "default VPC security group"}
        estate.add(owner, "SecurityGroups", row | named | site.tagged(f"{name}-default"))
        return site

    def tagged(self, name: str, key: str = "Tags", **labels: str) -> Row:
        """Return the tags of something of the VPC."""
        return {key: tags(name, **{**self.labels, **labels})}

    def subnets(self, table: list[tuple[str, str, int]], **labels: str) -> None:
        """Add subnets: name, block and number of the zone."""
        for name, cidr, zone in table:
            self.estate.add(self.owner, "Subnets", subnet(self.owner, name, self.name, cidr, zone) | self.tagged(name, **labels))

    def tables(self, routes: dict[str, tuple[list[str], list[str]]], main: str) -> None:
        """Add route tables: the subnets of each, and its routes beside the local one."""
        for name, (subnets, lines) in routes.items():
            made = [route_of(f"{self.cidr} -> local"), *map(route_of, lines)]
            places = [self.estate.row("subnet", one) for one in subnets]
            row = route_table(self.owner, name, self.name, made, places, main=name == main)
            self.estate.add(self.owner, "RouteTables", row | self.tagged(name))

    def acls(self, table: dict[str, tuple[list[str], list[str], list[str]]]) -> None:
        """Add network ACLs: the subnets of each, its inbound and its outbound entries; all others have the default one."""
        taken = {one for subnets, _, _ in table.values() for one in subnets}
        every = [one for one in self.estate.rows("Subnets") if one["VpcId"] == id_of("vpc", self.name)]
        rest = [one for one in every if one["SubnetId"] not in {id_of("subnet", each) for each in taken}]
        default = entries(["100 allow all from 0.0.0.0/0"], ["100 allow all to 0.0.0.0/0"])
        name = f"{self.name}-default"
        row = acl(self.owner, name, self.name, default, rest, default=True)
        self.estate.add(self.owner, "NetworkAcls", row | self.tagged(name))
        for name, (subnets, inbound, outbound) in table.items():
            places = [self.estate.row("subnet", one) for one in subnets]
            row = acl(self.owner, name, self.name, entries(inbound, outbound), places)
            self.estate.add(self.owner, "NetworkAcls", row | self.tagged(name))

    def groups(self, table: dict[str, tuple[list[str], list[str]]]) -> None:
        """Add security groups."""
        for name, (inbound, outbound) in table.items():
            allowed = (permissions(inbound, self.owner), permissions(outbound, self.owner))
            row = group(self.owner, name, self.name, *allowed)
            self.estate.add(self.owner, "SecurityGroups", row | self.tagged(name))

    def interface(self, name: str, place: str, address: str, groups: str = "", **fields: Any) -> Row:
        """Add an interface; `groups` are names with spaces between them."""
        row = interface(name, self.estate.row("subnet", place), address, groups.split(), **fields)
        self.estate.add(self.owner, "NetworkInterfaces", row)
        return row

    def host(self, name: str, place: str, address: str, groups: str, *, public: str = "", **labels: str) -> None:
        """Add an instance with one interface."""
        self.interface(name, place, address, groups, public=public)
        self.estate.later(lambda: self._instance([name], name, **labels))

    def _instance(self, interfaces: list[str], name: str, **labels: str) -> None:
        held = [self.estate.row("eni", one) for one in interfaces]
        reservation = instance(name, held)
        (row,) = reservation["Instances"]
        row |= self.tagged(name, **labels)
        row["IamInstanceProfile"] = {
            "Arn": f"arn:aws:iam::{self.owner.account}:instance-profile/{labels.get('role', name)}",
            "Id": "AIPA" + id_of("x", name)[3:].upper(),
        }
        volume = id_of("vol", name)
        row["BlockDeviceMappings"] = [{"DeviceName": "/dev/xvda", "Ebs": {"VolumeId": volume, "Status": "attached"}}]
        attached = {"VolumeId": volume, "InstanceId": row["InstanceId"], "Device": "/dev/xvda", "State": "attached"}
        self.estate.add(self.owner, "Volumes", {"VolumeId": volume, "Encrypted": True, "Size": 20, "Attachments": [attached]})
        if association := held[0].get("Association"):
            row["PublicIpAddress"] = association["PublicIp"]
        self.estate.add(self.owner, "Reservations", reservation)

    def node(self, name: str, interfaces: list[str], **labels: str) -> None:
        """Add an instance whose interfaces stand there already, the primary one first."""
        self.estate.later(lambda: self._instance(interfaces, name, **labels))


def _text(value: Any, indent: int = 0, room: int = WIDTH) -> str:
    """Return JSON: on one line what fits on one, the rest member by member; short members share a line."""
    flat = json.dumps(value, ensure_ascii=False)
    if len(flat) <= room - indent or not isinstance(value, dict | list) or not value:
        return flat
    inner = indent + 1
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    lines = list(_filled(_members(value, inner), inner))
    return opening + "\n" + "\n".join(" " * inner + line for line in lines) + "\n" + " " * indent + closing


def _members(value: Any, indent: int) -> list[str]:
    if isinstance(value, dict):
        return [f"{json.dumps(key)}: {_text(one, indent, WIDTH - len(key) - 5)}" for key, one in value.items()]
    return [_text(one, indent, WIDTH - 1) for one in value]


def _filled(members: list[str], indent: int) -> Iterator[str]:
    line = ""
    for number, member in enumerate(members):
        text = member + ("," if number < len(members) - 1 else "")
        if line and ("\n" in text or "\n" in line or member.startswith("{") or len(line) + len(text) + 1 > WIDTH - indent):
            yield line
            line = text
        else:
            line = f"{line} {text}" if line else text
    yield line
