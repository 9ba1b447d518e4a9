"""VPC peering connections: two VPCs, nothing beyond them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import msgspec

from ..component import Component, Document, World, perhaps, unknown
from ..packet import IntervalSet, prefix, union
from ..rule import rule
from ..table import AWAY, Direction, Drop, Line, Match, Place, Send, Table, Traffic


class PeerCidr(msgspec.Struct, rename="pascal", frozen=True):
    """One range of a side; present while the connection is active."""

    cidr_block: str = ""
    ipv6_cidr_block: str = ""

    def __post_init__(self) -> None:
        for text in filter(None, (self.cidr_block, self.ipv6_cidr_block)):
            prefix(text)


class PeerSide(msgspec.Struct, rename="pascal", frozen=True):
    """One side of a connection."""

    vpc_id: str = ""
    owner_id: str = ""
    region: str = ""
    cidr_block: str = ""
    cidr_block_set: list[PeerCidr] = []
    ipv6_cidr_block_set: list[PeerCidr] = []

    def __post_init__(self) -> None:
        if self.cidr_block:
            prefix(self.cidr_block)

    @property
    def addresses(self) -> IntervalSet:
        """The addresses of the side, as the connection lists them."""
        texts = [self.cidr_block, *(one.cidr_block for one in self.cidr_block_set)]
        texts += [one.ipv6_cidr_block for one in self.ipv6_cidr_block_set]
        return union(prefix(text) for text in texts if text)


class PeeringStatus(msgspec.Struct, rename="pascal", frozen=True):
    """Whether the connection carries anything."""

    code: str = "active"


class VpcPeering(Component, kw_only=True):
    """A peering connection: DescribeVpcPeeringConnections."""

    kind: ClassVar[str] = "vpc_peering"
    leads: ClassVar[bool] = True
    documents: ClassVar[tuple[Document, ...]] = (Document("VpcPeeringConnections", "ec2", "DescribeVpcPeeringConnections"),)

    vpc_peering_connection_id: str
    requester_vpc_info: PeerSide = PeerSide()
    accepter_vpc_info: PeerSide = PeerSide()
    status: PeeringStatus = PeeringStatus()

    @property
    def id(self) -> str:
        """The connection id."""
        return self.vpc_peering_connection_id

    @property
    def sides(self) -> tuple[PeerSide, PeerSide]:
        """Requester and accepter."""
        return self.requester_vpc_info, self.accepter_vpc_info

    @property
    def vpc_ids(self) -> tuple[str, str]:
        """The two VPCs."""
        return self.requester_vpc_info.vpc_id, self.accepter_vpc_info.vpc_id

    @property
    @rule(
        "PCX-1",
        says="A peering connection carries traffic only while its status is `active`.",
        source="https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html",
    )
    def active(self) -> bool:
        """Whether it carries traffic."""
        return self.status.code == "active"

    @rule(
        "SG-11",
        says="Group references cross a peering connection only while it is active and both VPCs are in one Region.",
        source="https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-security-groups.html",
    )
    def carries_references(self, one: str, other: str, traffic: Traffic, world: World) -> bool:
        """Return whether groups of one side may name groups of the other."""
        regions = {side.region for side in self.sides if side.region}
        return self.active and len(regions) < 2 and {one, other} == set(self.vpc_ids)

    def conceals(self, world: World) -> bool:
        """Return whether one of its VPCs is not in the snapshot."""
        return any(world.find("vpc", one) is None for one in self.vpc_ids)

    def routed_from(self, world: World) -> tuple[str, ...]:
        """Return its two VPCs."""
        return self.vpc_ids

    @rule(
        "PCX-2",
        says="Each side needs its own route to the other; the reply follows the answering side's table.",
        source="https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html",
    )
    @rule(
        "PCX-4",
        says="What has an interface in the peer VPC is an ordinary target: endpoints, load balancers, databases.",
        source="https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html",
    )
    @rule(
        "PCX-5",
        says="Two peers of a VPC may overlap each other: replies follow the VPC's own routes, possibly to the wrong one.",
        source="https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html",
    )
    @rule(
        "PCX-7",
        says="IPv6 crosses peering by routes of its own, and the ACLs of both subnets apply.",
        source="https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html",
    )
    def table(self, place: Place, direction: Direction, world: World) -> Table:
        """Return the lines from the side of the sender's subnet to the other."""
        subnet = world.find("subnet", place.via)
        here = subnet.vpc_id if subnet is not None else ""
        if here not in self.vpc_ids:
            drop = Drop("CANNOT_ROUTE", f"{self.id} does not belong to {here or place.via}", misrouted=True)
            return Table("vpc_peering", [Line("another VPC's connection", Match(), drop, "RT-17", self.id)])
        near, far = self.sides if here == self.sides[0].vpc_id else reversed(self.sides)
        return Table("vpc_peering", list(self._across(near, far, world)))

    @rule(
        "PCX-3",
        says="Peering is not transitive and has no edge: source and target must be addresses of the two VPCs.",
        source="https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html",
    )
    @rule(
        "RT-23",
        says="Route tables of gateways do not see what comes in by peering or a transit gateway.",
        source="https://docs.aws.amazon.com/vpc/latest/userguide/gateway-route-tables.html",
    )
    @rule(
        "TGW-12",
        says="What comes into a VPC by a transit gateway reaches nothing beyond the VPC by its peerings or gateway endpoints.",
        source="https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-s3.html",
    )
    def _across(self, near: PeerSide, far: PeerSide, world: World) -> Iterator[Line]:
        known = world.find("vpc", far.vpc_id)
        into = Send(Place(far.vpc_id, "delivers")) if known is not None else AWAY
        if not self.active:
            drop = Drop("BAD_STATE", f"{self.id} is {self.status.code}", otherwise=into)
            yield Line(f"status {self.status.code}", Match(), drop, "PCX-1", self.id)
        targets = known.addresses if known is not None else far.addresses
        own = world.find("vpc", near.vpc_id)
        sources = own.addresses if own is not None else near.addresses
        if known is not None:
            yield Line(f"{near.vpc_id} -> {far.vpc_id}", Match(sources=sources, targets=targets), into, "PCX-3", self.id)
        else:
            doubt = unknown(f"{far.vpc_id} of account {far.owner_id or 'unknown'} is not in the snapshot", self.id, "LIM-7")
            match = Match(sources=sources, targets=targets or None)
            yield Line(f"{near.vpc_id} -> {far.vpc_id}", match, perhaps(into, doubt, "UNKNOWN_DESTINATION"), "LIM-7", self.id)
        drop = Drop("PCX_REQUIRES_ADDRESS_IN_VPC_CIDR", "peering carries nothing but addresses of its two VPCs", misrouted=True)
        yield Line("not an address of the two VPCs", Match(), drop, "PCX-3", self.id)
