"""NAT gateways: public, private and regional; they make a new connection with their own address."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import msgspec

from ..component import (
    IN_SUBNET,
    IN_VPC,
    Component,
    Document,
    Reference,
    World,
    absent,
    conditional,
    perhaps,
    unknown,
)
from ..packet import EVERY_V4, EVERY_V6, ICMP, NAT64, TCP, UDP, address, services_of
from ..rule import rule
from ..table import INTERNET, Action, Choose, Direction, Drop, Line, Match, Place, Send, Session, Table, anywhere


class NatAddress(msgspec.Struct, rename="pascal", frozen=True):
    """One address pair of a NAT gateway."""

    private_ip: str = ""
    public_ip: str = ""
    network_interface_id: str = ""
    availability_zone_id: str = ""
    status: str = "succeeded"

    def __post_init__(self) -> None:
        for text in filter(None, (self.private_ip, self.public_ip)):
            address(text)


class Appliance(msgspec.Struct, rename="pascal", frozen=True):
    """A proxy appliance attached to a NAT gateway."""

    type: str = ""
    attachment_state: str = ""


class NatGateway(Component, kw_only=True):
    """A NAT gateway: DescribeNatGateways."""

    kind: ClassVar[str] = "nat_gateway"
    leads: ClassVar[bool] = True
    endpoint_kind: ClassVar[str] = "nat"
    documents: ClassVar[tuple[Document, ...]] = (Document("NatGateways", "ec2", "DescribeNatGateways"),)
    references: ClassVar[tuple[Reference, ...]] = (IN_VPC, IN_SUBNET)

    nat_gateway_id: str
    vpc_id: str = ""
    subnet_id: str = ""
    state: str = "available"
    connectivity_type: str = "public"
    availability_mode: str = "zonal"
    route_table_id: str = ""
    nat_gateway_addresses: list[NatAddress] = []
    attached_appliances: list[Appliance] = []

    @property
    def id(self) -> str:
        """The gateway id."""
        return self.nat_gateway_id

    @property
    def regional(self) -> bool:
        """Whether it stands in no subnet of yours."""
        return self.availability_mode == "regional"

    def interface_ids(self, world: World) -> list[str]:
        """Return its interfaces."""
        return [one.network_interface_id for one in self.nat_gateway_addresses if one.network_interface_id]

    def routed_from(self, world: World) -> list[str]:
        """Return its VPC."""
        return [self.vpc_id]

    @rule(
        "NAT-1",
        says="A NAT gateway forwards only what started inside: what comes unasked to its public or private address is dropped.",
        source="https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html",
    )
    def takes(self, interface_id: str, world: World) -> Place:
        """Return the place that takes what arrives at its interface."""
        return Place(self.id, "contacted")

    def table(self, place: Place, direction: Direction, world: World) -> Table:
        """Return the lines of a stage: `routed`, `takes`, `translates`, `contacted` or `back`."""
        if place.stage in ("routed", "takes"):
            return Table("nat_gateway", list(self._routed(place, direction, world)))
        if place.stage == "back":
            return Table("nat_gateway", [self._line("reply to a connection of its own", self._homeward(), "NAT-1")])
        drop = Drop("", f"{self.id} takes no packets that nobody inside asked for")
        return Table("nat_gateway", [self._line("unasked", drop, "NAT-1")])

    def _line(self, title: str, action: Action, rule_id: str, match: Match | None = None) -> Line:
        return Line(title, match or Match(), action, rule_id, self.id)

    def _homeward(self) -> Send:
        return Send(Place(self.vpc_id, "delivers") if self.regional else Place(self.subnet_id, "leaves"))

    @rule(
        "NAT-4",
        says="A NAT gateway carries no group; the ACL of its subnet applies to what enters it and to what leaves it.",
        source="https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html",
    )
    def _routed(self, place: Place, direction: Direction, world: World) -> Iterator[Line]:
        if direction is Direction.REPLY:
            drop = Drop("", f"{self.id} knows no connection that this reply belongs to", misrouted=True)
            yield self._line("reply to a connection that started elsewhere", drop, "IGW-5")
            return
        if place.stage == "routed" and not self.regional and place.via != self.subnet_id:
            onward = Send(Place(self.subnet_id, "enters", self.id))
            yield from self._checks(place, onward, world)
            yield self._line("enters the subnet of the gateway", onward, "NAT-4")
            return
        if place.stage == "routed":
            yield from self._checks(place, Send(Place(self.id, "takes", self.subnet_id)), world)
        yield from self._translations(place, world)

    @rule(
        "NAT-6",
        says="A NAT gateway serves interfaces of its own VPC and what comes in over a transit gateway; not peers, not a VPN.",
        source="https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html",
    )
    def _checks(self, place: Place, onward: Send, world: World) -> Iterator[Line]:
        if self.state != "available":
            yield self._line(f"state {self.state}", Drop("BAD_STATE", f"{self.id} is {self.state}", otherwise=onward), "RT-17")
        subnet = world.find("subnet", place.via)
        if subnet is not None and subnet.vpc_id != self.vpc_id:
            yield self._line("another VPC", Drop("NGW_REQUIRES_SOURCE_IN_VPC", f"{self.id} serves its own VPC only"), "NAT-6")
        if self.regional and subnet is not None:
            yield from self._zone(subnet, onward)
            gateways = world.where("internet_gateway", "vpc_id", self.vpc_id)
            if not any(one.attached for one in gateways):
                drop = Drop("BAD_STATE_ATTACHMENT", f"no internet gateway is attached to {self.vpc_id}", otherwise=onward)
                yield self._line("no internet gateway", absent(drop, "internet_gateway", self.id, self.vpc_id, world), "NAT-9")
            for guard in world.all("block_public_access"):
                yield from guard.lines(subnet.id, world, inbound=False, started_inside=True, onward=onward)

    @rule(
        "NAT-10",
        says="A regional NAT gateway serves the zones that it covers; traffic of other zones may or may not be served.",
        source="https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateways-regional.html",
    )
    def _zone(self, subnet: Any, onward: Send) -> Iterator[Line]:
        zones = {one.availability_zone_id for one in self.nat_gateway_addresses if one.availability_zone_id}
        if zones and subnet.availability_zone_id and subnet.availability_zone_id not in zones:
            doubt = conditional(f"{self.id} does not cover zone {subnet.availability_zone_id} now", self.id, "NAT-10")
            action = perhaps(onward, doubt, "REGIONAL_NGW_ROUTE_AZ_RESTRICTION")
            yield self._line("zone not covered", action, "NAT-10")

    @rule(
        "NAT-5",
        says="NAT gateways carry TCP, UDP and ICMP only.",
        source="https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html",
    )
    @rule(
        "NAT-11",
        says="NAT64: IPv6 packets to 64:ff9b::/96 become IPv4 packets from the gateway's address.",
        source="https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-nat64-dns64.html",
    )
    def _translations(self, place: Place, world: World) -> Iterator[Line]:
        carried = services_of(TCP) | services_of(UDP) | services_of(ICMP)
        v6_carried = carried - services_of(ICMP) | services_of(58)
        yield self._line(
            "IPv6 to the NAT64 range", self._translated(world, nat64=True), "NAT-11", Match(targets=NAT64, services=v6_carried)
        )
        drop = Drop("", f"{self.id} translates IPv6 to 64:ff9b::/96 only")
        yield self._line("IPv6", drop, "NAT-11", Match(targets=EVERY_V6))
        yield self._line("translates", self._translated(world), "NAT-3", Match(targets=EVERY_V4, services=carried))
        refused = Drop("PROTOCOL_RESTRICTION", "NAT gateways carry TCP, UDP and ICMP only")
        yield self._line("another protocol", refused, "NAT-5")

    @rule(
        "NAT-3",
        says="The source becomes the gateway's private address, with a port of 1024-65535; the target stays. The public address "
        "comes on at the internet gateway only.",
        source="https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html",
    )
    @rule(
        "NAT-2",
        says="Behind a NAT gateway the route table of the gateway's own subnet decides.",
        source="https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-troubleshooting.html",
    )
    @rule(
        "NAT-12",
        says="A proxy appliance that is attached to a NAT gateway decides there by a policy of its own.",
        source="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NatGateway.html",
    )
    def _translated(self, world: World, *, nat64: bool = False) -> Action:
        usable = [
            one for one in self.nat_gateway_addresses if one.status in ("succeeded", "") and (one.private_ip or one.public_ip)
        ]
        if not usable and self._undecided(world):
            doubt = unknown(f"which address {self.id} has is known after it is made only", self.id, "LIM-7")
            return Choose((anywhere(), anywhere("internet"), Drop("UNKNOWN_RESOURCE", doubt.text)), doubt)
        if not usable:
            return Drop("BAD_STATE", f"{self.id} has no address")
        if nat64:
            doubt = conditional(
                f"{self.id} translates to IPv4; what lies behind 64:ff9b::/96 is judged by its IPv4 address", self.id, "NAT-11"
            )
            return Choose((anywhere("internet"), Drop("", doubt.text)), doubt)
        sends = tuple(self._sent(one, world) for one in usable)
        if any(one.attachment_state == "attached" for one in self.attached_appliances):
            doubt = conditional(f"a proxy appliance at {self.id} decides by its own policy", self.id, "NAT-12")
            return Choose((*sends, Drop("", doubt.text)), doubt)
        if len(sends) == 1:
            return sends[0]
        return Choose(sends, conditional(f"{self.id} picks one of its addresses", self.id, "LIM-9"))

    def _undecided(self, world: World) -> bool:
        """Return whether code makes it, and AWS has yet to choose its address."""
        own = (world.find("network_interface", id) for id in self.interface_ids(world))
        regional = self.regional and not self.nat_gateway_addresses
        return regional or any(one is not None and one.stand_in for one in own)

    @rule(
        "NAT-9",
        says="A regional NAT gateway stands in no subnet, is public, and goes straight to the VPC's internet gateway.",
        source="https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateways-regional.html",
    )
    @rule(
        "NAT-8",
        says="A private NAT gateway has no public address: what it sends to an internet gateway is dropped.",
        source="https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html",
    )
    def _sent(self, one: NatAddress, world: World) -> Send:
        if self.regional:
            public = one.public_ip or one.private_ip
            return Send(
                INTERNET,
                source=address(public),
                realm="",
                session=Session((INTERNET,), Place(self.id, "back"), remaps_ports=True),
            )
        session = Session((Place(self.id, "contacted"),), Place(self.id, "back"), remaps_ports=True)
        return Send(Place(self.subnet_id, "leaves"), source=address(one.private_ip), realm=self.vpc_id, session=session)
