"""Transit gateways: attachments, the route table that each is associated with, and where its routes lead."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import msgspec

from ..component import Component, Document, World, conditional, stopped, unknown
from ..packet import prefix
from ..rule import rule
from ..table import AWAY, Action, Choose, Direction, Drop, Line, Match, Place, Send, Table, Traffic
from ..transit import association_line

# States in which an attachment carries nothing; while it is being modified it may.
IDLE = (
    *("initiating", "initiatingrequest", "pendingacceptance", "rollingback", "pending", "deleting"),
    *("deleted", "failed", "rejected", "rejecting", "failing"),
)


class TransitGatewayOptions(msgspec.Struct, rename="pascal", frozen=True):
    """Options of a transit gateway; the tables that a new attachment uses and fills, where it does so by itself."""

    security_group_referencing_support: str = "disable"
    default_route_table_association: str = ""
    association_default_route_table_id: str = ""
    default_route_table_propagation: str = ""
    propagation_default_route_table_id: str = ""


class TransitGateway(Component, kw_only=True):
    """A transit gateway: DescribeTransitGateways."""

    kind: ClassVar[str] = "transit_gateway"
    leads: ClassVar[bool] = True
    documents: ClassVar[tuple[Document, ...]] = (Document("TransitGateways", "ec2", "DescribeTransitGateways"),)

    transit_gateway_id: str
    state: str = "available"
    options: TransitGatewayOptions = TransitGatewayOptions()

    @property
    def id(self) -> str:
        """The transit gateway id."""
        return self.transit_gateway_id

    def routed_from(self, world: World) -> list[str]:
        """Return the VPCs that are attached to it."""
        return [one.vpc_id for one in world.where("transit_gateway_vpc_attachment", "transit_gateway_id", self.id)]

    def conceals(self, world: World) -> bool:
        """Return whether the snapshot does not hold what is attached to it, or where it leads."""
        return not all(world.collected(kind, self) for kind in ("transit_gateway_attachment", "transit_gateway_routes"))

    def table(self, place: Place, direction: Direction, world: World) -> Table:
        """Return the lines from a subnet's route table into the attachment of its VPC (stage `routed`)."""
        return Table("transit_gateway", list(self._into_attachment(place.via, world)))

    def _line(self, title: str, action: Action, rule_id: str, match: Match | None = None) -> Line:
        return Line(title, match or Match(), action, rule_id, self.id)

    @rule(
        "TGW-1",
        says="A packet enters by its VPC's attachment, and the route table associated with that attachment decides: propagation only "
        "fills tables.",
        source="https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html",
    )
    def _into_attachment(self, via: str, world: World) -> Iterator[Line]:
        subnet = world.find("subnet", via)
        mine = world.where("transit_gateway_vpc_attachment", "transit_gateway_id", self.id)
        attachment = next((one for one in mine if subnet is not None and one.vpc_id == subnet.vpc_id), None)
        if attachment is None:
            yield self._unattached(subnet, world)
            return
        entry = attachment.landing(subnet.zone, world)
        onward = Send(Place((entry or attachment.subnet_ids[:1] or [""])[0], "enters", attachment.id))
        if attachment.state != "available":
            drop = Drop("BAD_STATE_ATTACHMENT", f"{attachment.id} is {attachment.state}", otherwise=onward)
            action = stopped(drop, onward, attachment.state, IDLE, attachment.id)
            yield Line(f"attachment {attachment.state}", Match(), action, "RT-17", attachment.id)
        yield from attachment.family_lines(onward)
        yield from self._zone(subnet, attachment, bool(entry), onward, world)
        yield Line(f"enters {attachment.id}", Match(), onward, "TGW-1", attachment.id)

    def _unattached(self, subnet: Any, world: World) -> Line:
        # Who owns the VPC sees its attachments.
        if world.collected("transit_gateway_vpc_attachment", world.keeper(subnet.vpc_id if subnet is not None else "")):
            return self._line("VPC not attached", Drop("BAD_STATE_ATTACHMENT", f"the VPC is not attached to {self.id}"), "RT-17")
        doubt = unknown(f"the attachments of {self.id} are not in the snapshot", self.id, "TGW-17")
        return self._line("attachments not in the snapshot", Choose((AWAY, Drop("", doubt.text)), doubt), "TGW-17")

    @rule(
        "TGW-5",
        says="Out of a VPC the sender's zone must have an attachment subnet, or the packet is not forwarded.",
        source="https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html",
    )
    def _zone(self, subnet: Any, attachment: Any, served: bool, onward: Send, world: World) -> Iterator[Line]:
        if not served:
            drop = Drop("TGW_ROUTE_AZ_RESTRICTION", f"{attachment.id} has no subnet in the zone of {subnet.id}", otherwise=onward)
            strange = next((id for id in attachment.subnet_ids if world.find("subnet", id) is None), "")
            doubt = unknown(f"the zone of {strange}, of {attachment.id}, is not in the snapshot", attachment.id, "LIM-7")
            action = Choose((onward, drop), doubt) if strange else drop
            yield Line("zone without attachment subnet", Match(), action, "TGW-5", attachment.id)

    @rule(
        "SG-12",
        says="References cross a transit gateway only inbound, with the option on at the gateway (off by default) and at both attachments.",
        source="https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html",
    )
    def carries_references(self, one: str, other: str, traffic: Traffic, world: World) -> bool:
        """Return whether inbound rules of VPC `one` may name groups of VPC `other` across this gateway."""
        if traffic is Traffic.OUTBOUND or self.options.security_group_referencing_support != "enable":
            return False
        mine = world.where("transit_gateway_vpc_attachment", "transit_gateway_id", self.id)
        willing = {attachment.vpc_id for attachment in mine if attachment.options.security_group_referencing_support == "enable"}
        return one in willing and other in willing


class VpcAttachmentOptions(msgspec.Struct, rename="pascal", frozen=True):
    """Options of a VPC attachment."""

    appliance_mode_support: str = "disable"
    security_group_referencing_support: str = "enable"
    ipv6_support: str = "disable"


class TransitGatewayVpcAttachment(Component, kw_only=True):
    """The attachment of a VPC: DescribeTransitGatewayVpcAttachments."""

    kind: ClassVar[str] = "transit_gateway_vpc_attachment"
    leads: ClassVar[bool] = True
    documents: ClassVar[tuple[Document, ...]] = (
        Document("TransitGatewayVpcAttachments", "ec2", "DescribeTransitGatewayVpcAttachments"),
    )

    transit_gateway_attachment_id: str
    transit_gateway_id: str
    vpc_id: str
    subnet_ids: list[str] = []
    state: str = "available"
    options: VpcAttachmentOptions = VpcAttachmentOptions()

    @property
    def id(self) -> str:
        """The attachment id."""
        return self.transit_gateway_attachment_id

    def landing(self, zone: str, world: World) -> list[str]:
        """Return the attachment subnets of a zone; empty when it has none there."""
        subnets = [world.find("subnet", subnet_id) for subnet_id in self.subnet_ids]
        return [one.id for one in subnets if one is not None and one.zone == zone]

    @rule(
        "TGW-16",
        says="IPv6 crosses an attachment only with its IPv6 support on.",
        source="https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html",
    )
    def family_lines(self, onward: Send) -> Iterator[Line]:
        """Yield the line that stops IPv6, where the attachment does not support it."""
        if self.options.ipv6_support != "enable":
            drop = Drop("", f"{self.id} does not support IPv6", otherwise=onward)
            yield Line("IPv6 not supported", Match(targets=prefix("::/0")), drop, "TGW-16", self.id)

    def table(self, place: Place, direction: Direction, world: World) -> Table:
        """Return the lines out of the VPC (stage `takes`) or into it (stage `leads`)."""
        if place.stage == "takes":
            return Table("transit_gateway_attachment", [self._associated(place.via, world)])
        return Table("transit_gateway_attachment", list(self._into_vpc(place.via, world)))

    @rule(
        "TGW-2",
        says="An attachment is associated with one route table at most; without one what comes in is dropped.",
        source="https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html",
    )
    def _associated(self, via: str, world: World) -> Line:
        subnet = world.find("subnet", via)
        return association_line(self.id, self.transit_gateway_id, subnet.zone if subnet is not None else "", world)

    @rule(
        "TGW-6",
        says="Into a VPC a packet lands in the sender's zone where the VPC is attached there, else in some zone that is attached.",
        source="https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html",
    )
    @rule(
        "TGW-7",
        says="The route table of the attachment subnet decides what transit traffic reaches in the VPC.",
        source="https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html",
    )
    @rule(
        "RT-27",
        says="What comes in by a transit gateway lands in an attachment subnet, whose route table chooses the next hop.",
        source="https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html",
    )
    @rule(
        "NACL-15",
        says="Between hosts and an attachment in another subnet both ACLs count: ingress of the attachment subnet for what the host sends, "
        "egress for what it gets.",
        source="https://docs.aws.amazon.com/vpc/latest/tgw/tgw-nacls.html",
    )
    @rule(
        "NACL-16",
        says="With the attachment in the host's own subnet, what the host sends meets its ACL both ways, and what it gets meets none.",
        source="https://docs.aws.amazon.com/vpc/latest/tgw/tgw-nacls.html",
    )
    def _into_vpc(self, zone: str, world: World) -> Iterator[Line]:
        # In appliance mode the flow picks a zone, whatever the sender's: any may see it, and both directions keep to it.
        kept = self.options.appliance_mode_support == "enable"
        same = self.landing(zone, world) if zone and not kept else []
        known = [subnet_id for subnet_id in self.subnet_ids if world.find("subnet", subnet_id) is not None]
        sends = [Send(Place(subnet_id, "leaves")) for subnet_id in (same or known)]
        if self.state != "available" or not sends:
            yield self._closed(sends, world)
            return
        yield from self.family_lines(sends[0])
        yield Line(f"lands in {self.vpc_id}", Match(), self._one_of(sends), "TGW-6", self.id)

    def _closed(self, sends: list[Send], world: World) -> Line:
        if self.state != "available":
            drop = Drop("BAD_STATE_ATTACHMENT", f"{self.id} is {self.state}", otherwise=sends[0] if sends else None)
            action = stopped(drop, self._one_of(sends) if sends else AWAY, self.state, IDLE, self.id)
            return Line(f"attachment {self.state}", Match(), action, "RT-17", self.id)
        doubt = unknown(f"{self.vpc_id}, behind {self.id}, is not in the snapshot", self.id, "LIM-7")
        action = Choose((AWAY, Drop("UNKNOWN_DESTINATION", doubt.text)), doubt)
        return Line("VPC not in the snapshot", Match(), action, "LIM-7", self.id)

    def _one_of(self, sends: list[Send]) -> Action:
        if len(sends) == 1:
            return sends[0]
        doubt = conditional(f"in which of its subnets {self.id} lands is not configured", self.id, "LIM-9")
        return Choose(tuple(sends), doubt)
