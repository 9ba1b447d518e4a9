"""Subnets: what may leave and enter, which network ACL and which route table count."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any, ClassVar

import msgspec

from ..cidr import Ipv6CidrBlock, PublicAccessStates
from ..component import IN_VPC, Component, Document, Reference, World, absent, perhaps, unknown
from ..packet import IntervalSet, prefix, union
from ..rule import rule
from ..table import AWAY, Action, Choose, Direction, Drop, Line, Match, Place, Send, Share, Table, Traffic, anywhere


class Subnet(Component, kw_only=True):
    """A subnet: DescribeSubnets."""

    kind: ClassVar[str] = "subnet"
    documents: ClassVar[tuple[Document, ...]] = (Document("Subnets", "ec2", "DescribeSubnets"),)
    references: ClassVar[tuple[Reference, ...]] = (IN_VPC,)
    alike_both_ways: ClassVar[frozenset[str]] = frozenset(("leaves", "acl out", "hands back", "no table", "enters"))

    subnet_id: str
    vpc_id: str
    cidr_block: str = ""
    availability_zone: str = ""
    availability_zone_id: str = ""
    ipv6_cidr_block_association_set: list[Ipv6CidrBlock] = []
    block_public_access_states: PublicAccessStates | None = None
    enable_dns64: bool = False
    network_firewall_connectivity_type: str = ""
    # Whether code, not AWS's answers, says who is in it: others may get addresses, and nobody knows which.
    unsettled: bool = msgspec.field(name="_Unsettled", default=False)
    # Whether one of these may pass on what it takes: code makes a relay of which too little is known.
    relaying: bool = msgspec.field(name="_Relaying", default=False)

    def __post_init__(self) -> None:
        if self.cidr_block:
            prefix(self.cidr_block)

    @property
    def id(self) -> str:
        """The subnet id."""
        return self.subnet_id

    @property
    def cidrs(self) -> list[str]:
        """The ranges of the subnet, IPv4 before IPv6; an IPv6-only subnet has no IPv4 range."""
        v6 = [block.ipv6_cidr_block for block in self.ipv6_cidr_block_association_set if block.associated]
        return ([self.cidr_block] if self.cidr_block else []) + v6

    @cached_property
    def addresses(self) -> IntervalSet:
        """Every address of the subnet, of both families."""
        return union(prefix(cidr) for cidr in self.cidrs)

    @property
    @rule(
        "SHR-4",
        says="Zone names are per account; zones of different accounts are the same when their zone ids are.",
        source="https://docs.aws.amazon.com/ram/latest/userguide/working-with-az-ids.html",
    )
    def zone(self) -> str:
        """What the subnet's zone is compared by: the zone id, or the name within the account where there is no id."""
        return self.availability_zone_id or f"{self.owner_id or self.account}/{self.availability_zone}"

    def table(self, place: Place, direction: Direction, world: World) -> Table:
        """Return the lines of a stage: `leaves`, `acl out`, `hands back`, `enters` (the ACL, inbound) or `delivers`."""
        if place.stage == "leaves":
            return self._leaving()
        if place.stage == "delivers":
            return self._delivery(direction, world)
        if place.stage == "acl out":
            table = self.route_table(world)
            onward = Place(table.id, "routes", self.id) if table else Place(self.id, "no table")
            return self._acl(Traffic.OUTBOUND, onward, world)
        if place.stage == "hands back":
            return self._acl(Traffic.OUTBOUND, Place(place.via, "takes back", self.id), world)
        if place.stage == "no table":
            return self._without_route_table(world)
        onward = Place(place.via, "takes", self.id) if place.via else Place(self.id, "delivers")
        return self._acl(Traffic.INBOUND, onward, world)

    @rule(
        "RT-16",
        says="Hosts of one subnet reach each other directly: no route table, no network ACL and no middlebox is asked.",
        source="https://docs.aws.amazon.com/vpc/latest/userguide/gateway-route-tables.html",
    )
    def _leaving(self) -> Table:
        inside = Send(Place(self.id, "delivers"))
        same = Line("same subnet: no route table, no ACL", Match(targets=self.addresses), inside, "RT-16", self.id)
        return Table("subnet", [same, Line("leaves the subnet", Match(), Send(Place(self.id, "acl out")), "M-2", self.id)])

    @rule(
        "NACL-5",
        says="A network ACL is asked when a packet leaves or enters the subnet, never for traffic that stays in it.",
        source="https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html",
    )
    @rule(
        "NACL-4",
        says="A network ACL has no memory: a flow between subnets meets four checks, two of them with the client's port.",
        source="https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html",
    )
    @rule(
        "NACL-13",
        says="The ACL of a subnet binds managed interfaces too: NAT gateways, endpoints, databases, at every entry and exit of a flow.",
        source="https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html",
    )
    @rule(
        "NACL-14",
        says="At the border of a subnet the packet carries the local private address, and the far side as it was routed.",
        source="https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html",
    )
    def _acl(self, traffic: Traffic, onward: Place, world: World) -> Table:
        acl = self.network_acl(world)
        if acl is None:
            doubt = unknown(f"the network ACL of {self.id} is not in the snapshot", self.id, "NACL-1")
            return Table(
                "network_acl", [Line("network ACL not in the snapshot", Match(), perhaps(onward, doubt), "NACL-1", self.id)]
            )
        return Table("network_acl", list(acl.filter_lines(traffic, onward, world)))

    @rule(
        "NACL-1",
        says="Each subnet has exactly one network ACL: the one associated with it, else the VPC's default one.",
        source="https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html",
    )
    @rule(
        "SHR-1",
        says="In a shared VPC tables, ACLs and gateways are the owner's, interfaces and groups the participant's.",
        source="https://docs.aws.amazon.com/vpc/latest/userguide/vpc-sharing.html",
    )
    def network_acl(self, world: World) -> Any:
        """Return the network ACL that counts for it; None where it is not in the snapshot."""
        acls = world.where("network_acl", "vpc_id", self.vpc_id)
        named = [acl for acl in acls if self.id in acl.subnet_ids]
        if not named and world.is_broken("network_acl", self):
            return None
        return next(iter(named), None) or next((acl for acl in acls if acl.is_default), None)

    @rule(
        "RT-1",
        says="A subnet uses the route table that it is associated with, else the VPC's main one; exactly one at a time.",
        source="https://docs.aws.amazon.com/vpc/latest/userguide/subnet-route-tables.html",
    )
    def route_table(self, world: World) -> Any:
        """Return the route table that counts for it; None where it is not in the snapshot."""
        tables = world.where("route_table", "vpc_id", self.vpc_id)
        named = [table for table in tables if self.id in table.subnet_ids]
        if not named and world.is_broken("route_table", self):
            return None
        return next(iter(named), None) or next((table for table in tables if table.is_main), None)

    def _without_route_table(self, world: World) -> Table:
        doubt = unknown(f"the route table of {self.id} is not in the snapshot", self.id, "RT-1")
        ways = tuple(Send(Place(one.id, "routed", self.id)) for one in world.gateways(self.vpc_id))
        delivers: Action = Send(Place(self.vpc_id, "delivers"))
        if world.is_broken("route_table", self):
            # A table that is there, and was not read, may lead a part of the VPC by a firewall.
            delivers = Choose((delivers, *ways, AWAY), doubt)
        local = [
            Line(f"{cidr} -> local (assumed)", Match(targets=prefix(cidr)), delivers, "RT-4", self.id)
            for vpc in world.where("vpc", "id", self.vpc_id)
            for cidr in vpc.cidrs
        ]
        action = Choose((*ways, AWAY, Drop("", doubt.text, otherwise=AWAY)), doubt)
        rest = Line("route table not in the snapshot", Match(), action, "RT-1", self.id)
        return Table("route_table", [*local, rest])

    @rule(
        "SHR-2",
        says="A participant does not see the interfaces of others in a shared VPC: what the owner's view would show is unknown.",
        source="https://docs.aws.amazon.com/vpc/latest/userguide/vpc-sharing.html",
    )
    def _unseen(self, nobody: Drop, world: World) -> Choose | None:
        """Return the doubt about interfaces of others, where nothing that the subnet's owner sees is in the snapshot; None elsewhere."""
        seen = {one.owner_id for one in world.where("network_interface", "vpc_id", self.vpc_id) if one.owner_id}
        if not self.owner_id or not seen or self.owner_id in seen:
            return None
        doubt = unknown(f"{self.id} is shared, and interfaces of its other users are not in the snapshot", self.id, "SHR-2")
        return Choose((anywhere(self.vpc_id), nobody), doubt)

    def _perhaps_given(self, nobody: Drop) -> Choose | None:
        """Return the doubt about addresses that AWS may give to an interface when it is made; None where all are settled."""
        if not self.unsettled:
            return None
        doubt = unknown(f"which addresses of {self.id} interfaces will have is known after they are made only", self.id, "LIM-7")
        # Something of which too little is known may stand there and pass it on, to whichever VPC.
        return Choose((anywhere("" if self.relaying else self.vpc_id), nobody), doubt)

    def _delivery(self, direction: Direction, world: World) -> Table:
        classes = world.guarded_alike(self.id)
        real = [((one,), held) for one, held in classes if not world.find("network_interface", one).stand_in]
        stand_ins = classes[len(real) :]  # they stand last: an address that somebody surely has is his
        lines = [
            Line("delivered to the interface", Match(targets=addresses), self._handed(members, direction), "RT-26", self.id)
            for members, addresses in [*real, *_apart(stand_ins)]
        ]
        nobody = Drop("NO_POSSIBLE_DESTINATION", "no interface of the subnet holds the address")
        action = (
            self._unseen(nobody, world)
            or self._perhaps_given(nobody)
            or absent(nobody, "network_interface", self.id, self.vpc_id, world)
        )
        return Table("subnet", [*lines, Line("no interface holds the address", Match(), action, "RT-26", self.id)])

    def _handed(self, members: tuple[str, ...], direction: Direction) -> Action:
        """Return the way to whoever may hold an address; a reply finds its way back to any of them."""
        ways = tuple(Send(Place(member, "groups in")) for member in members)
        return ways[0] if len(ways) == 1 or direction is Direction.REPLY else Share(ways)


def _apart(classes: Iterable[tuple[str, IntervalSet]]) -> list[tuple[tuple[str, ...], IntervalSet]]:
    """Return the classes by who holds the same addresses: several where nobody knows which address of the subnet each has."""
    parts: list[tuple[tuple[str, ...], IntervalSet]] = []
    for member, addresses in classes:
        left, cut = addresses, list[tuple[tuple[str, ...], IntervalSet]]()
        for holders, held in parts:
            both = held & left
            cut.extend((who, part) for who, part in (((*holders, member), both), (holders, held - both)) if part)
            left = left - both
        parts = [*cut, *([((member,), left)] if left else [])]
    return parts
