"""VPCs: their address ranges, and delivery inside them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any, ClassVar

from ..cidr import CidrBlock, Ipv6CidrBlock, PublicAccessStates
from ..component import Component, Document, World, absent
from ..packet import IntervalSet, prefix, union
from ..rule import rule
from ..table import Direction, Drop, Line, Match, Place, Send, Table


class Vpc(Component, kw_only=True):
    """A VPC: DescribeVpcs."""

    kind: ClassVar[str] = "vpc"
    documents: ClassVar[tuple[Document, ...]] = (Document("Vpcs", "ec2", "DescribeVpcs"),)
    alike_both_ways: ClassVar[frozenset[str]] = frozenset(("delivers",))

    vpc_id: str
    cidr_block: str = ""
    cidr_block_association_set: list[CidrBlock] = []
    ipv6_cidr_block_association_set: list[Ipv6CidrBlock] = []
    block_public_access_states: PublicAccessStates | None = None
    encryption_control: dict[str, Any] | None = None

    def __post_init__(self) -> None:
        if self.cidr_block:
            prefix(self.cidr_block)

    @property
    def id(self) -> str:
        """The VPC id."""
        return self.vpc_id

    @property
    def cidrs(self) -> list[str]:
        """Every range of the VPC that is associated, IPv4 before IPv6; the first is the primary one."""
        blocks = [block.cidr_block for block in self.cidr_block_association_set if block.cidr_block_state.state == "associated"]
        if self.cidr_block in blocks or not self.cidr_block_association_set:
            blocks = [self.cidr_block, *(block for block in blocks if block != self.cidr_block)]
        return [block for block in blocks if block] + [
            block.ipv6_cidr_block
            for block in self.ipv6_cidr_block_association_set
            if block.ipv6_cidr_block_state.state == "associated"
        ]

    @cached_property
    def addresses(self) -> IntervalSet:
        """Every address of the VPC, of both families."""
        return union(prefix(cidr) for cidr in self.cidrs)

    @property
    @rule(
        "IGW-7",
        says="IPv6 is not translated: an address of the VPC's public IPv6 space is public itself, private IPv6 space is never advertised.",
        source="https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html",
    )
    def public_v6(self) -> IntervalSet:
        """The VPC's IPv6 addresses that the internet can route to."""
        return union(
            prefix(block.ipv6_cidr_block)
            for block in self.ipv6_cidr_block_association_set
            if block.ipv6_cidr_block_state.state == "associated" and block.ipv6_address_attribute != "private"
        )

    @property
    def resolver(self) -> int | None:
        """The address of the Amazon resolver, the primary range plus two; None for a VPC without IPv4."""
        first = next((cidr for cidr in self.cidrs if ":" not in cidr), None)
        return None if first is None else prefix(first).smallest() + 2

    @rule(
        "ENC-1",
        says="Encryption control that is enforced forbids what cannot encrypt, and endpoints drop what is not TLS.",
        source="https://docs.aws.amazon.com/vpc/latest/userguide/vpc-encryption-controls.html",
    )
    def caveats(self, world: World) -> Iterator[str]:
        """Return what is not modelled of the VPC: encryption control, where it is enforced."""
        yield from super().caveats(world)
        if self.encryption_control is not None and self.encryption_control.get("Mode") == "enforce":
            yield f"{self.id}: encryption control is enforced; what it drops is not modelled"

    def table(self, place: Place, direction: Direction, world: World) -> Table:
        """Return the lines of local delivery (stage `delivers`)."""
        return Table("local", [*self._to_subnets(world), self._in_no_subnet(world), self._not_local()])

    @rule(
        "RT-26",
        says="Local delivery and ingress by peering or by a gateway without a route table go straight to the interface that holds "
        "the address; the destination subnet's own route table matters for the reply only.",
        source="https://docs.aws.amazon.com/vpc/latest/userguide/route-table-options.html",
    )
    def _to_subnets(self, world: World) -> list[Line]:
        return [
            Line(f"{cidr} -> {subnet.id}", Match(targets=prefix(cidr)), Send(Place(subnet.id, "enters")), "RT-26", self.id)
            for subnet in world.where("subnet", "vpc_id", self.id)
            for cidr in subnet.cidrs
        ]

    @rule(
        "DNS-4",
        says="The resolver of a VPC answers nobody outside of it: no peer, no VPN, no Direct Connect.",
        source="https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html",
    )
    def _in_no_subnet(self, world: World) -> Line:
        drop = Drop("NO_POSSIBLE_DESTINATION", "the address lies in no subnet of the VPC")
        match = Match(targets=self.addresses)
        return Line("no subnet holds the address", match, absent(drop, "subnet", self.id, self.id, world), "RT-26", self.id)

    def _not_local(self) -> Line:
        """Return the line for what a local route of another range brings here, as one whose range is no longer associated."""
        drop = Drop("VPC_LOCAL_ROUTE_CIDR_RESTRICTION", f"the address is in no range of {self.id}", misrouted=True)
        return Line("not an address of the VPC", Match(), drop, "RT-4", self.id)
