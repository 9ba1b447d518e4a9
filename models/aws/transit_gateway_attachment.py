"""Attachments of transit gateways as each gateway sees them: sites, peerings, and what is not modelled."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import msgspec

from ..component import Component, Document, World, conditional, perhaps, unknown
from ..packet import IntervalSet, union
from ..rule import rule
from ..table import AWAY, Arrive, Choose, Direction, Drop, Line, Match, Place, Send, Table
from ..transit import association_line

SITES = ("vpn", "direct-connect-gateway", "client-vpn")


class AttachmentAssociation(msgspec.Struct, rename="pascal", frozen=True):
    """The route table that an attachment is associated with."""

    transit_gateway_route_table_id: str = ""
    transit_gateway_policy_table_id: str = ""
    state: str = "associated"


class TransitGatewayAttachment(Component, kw_only=True):
    """An attachment of any kind as one gateway sees it, with its association: DescribeTransitGatewayAttachments."""

    kind: ClassVar[str] = "transit_gateway_attachment"
    leads: ClassVar[bool] = True
    documents: ClassVar[tuple[Document, ...]] = (
        Document("TransitGatewayAttachments", "ec2", "DescribeTransitGatewayAttachments"),
    )

    transit_gateway_attachment_id: str
    transit_gateway_id: str = ""
    resource_type: str = "vpc"
    resource_id: str = ""
    resource_owner_id: str = ""
    state: str = "available"
    association: AttachmentAssociation | None = None

    @property
    def id(self) -> str:
        """The attachment id and the gateway: the two ends of a peering share the former."""
        return f"{self.transit_gateway_attachment_id}@{self.transit_gateway_id}"

    def answers_from(self, world: World) -> Place:
        """Return where packets of a site come in."""
        return Place(self.id, "from site")

    def table(self, place: Place, direction: Direction, world: World) -> Table:
        """Return the lines out to what is attached (stage `leads`) or in from it (`from site`, `crosses`)."""
        if place.stage == "leads":
            return Table("transit_gateway_attachment", [self._outward(direction, world)])
        onward = association_line(self.transit_gateway_attachment_id, self.transit_gateway_id, "", world)
        return Table(
            "transit_gateway_attachment",
            [*self._unannounced(world), self._by_announcement(self._by_tunnel(onward, world), world)],
        )

    def _by_tunnel(self, onward: Line, world: World) -> Line:
        """Return the line in from a site; in doubt where no tunnel of its VPN was up."""
        connection = world.find("vpn_connection", self.resource_id)
        if connection is None or connection.up or isinstance(onward.action, Drop):
            return onward
        doubt = conditional(f"no tunnel of {self.resource_id} was up", self.id, "HYB-4")
        return msgspec.structs.replace(onward, action=perhaps(onward.action, doubt))

    def _by_announcement(self, onward: Line, world: World) -> Line:
        """Return the line in from a site; in doubt where nobody told what Direct Connect announces to it."""
        unseen = self.resource_type == "direct-connect-gateway" and world.is_broken("direct_connect_association")
        if not unseen or not isinstance(onward.action, Send) or any(self._associations(world)):
            return onward
        doubt = unknown(f"what {self.resource_id} announces to the site is not in the snapshot", self.id, "LIM-7")
        return msgspec.structs.replace(onward, action=perhaps(onward.action, doubt))

    def _associations(self, world: World) -> Iterator[Any]:
        """Yield the associations of its Direct Connect gateway with its own gateway."""
        found = world.where("direct_connect_association", "direct_connect_gateway_id", self.resource_id)
        return (one for one in found if one.gateway_id == self.transit_gateway_id)

    def _unannounced(self, world: World) -> Iterator[Line]:
        """Yield what a site on Direct Connect does not know of the networks behind the gateway."""
        if self.resource_type == "direct-connect-gateway":
            for one in self._associations(world):
                yield from one.unannounced()

    @rule(
        "TGW-13",
        says="What is reached by Connect and other attachments is what BGP says at the moment: beyond them the answer is unknown.",
        source="https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html",
    )
    def _outward(self, direction: Direction, world: World) -> Line:
        if self.resource_type in SITES:
            return Line(f"site behind {self.resource_id or self.id}", Match(), self._to_site(direction, world), "HYB-8", self.id)
        if self.resource_type == "peering":
            return self._across(world)
        if self.resource_type == "network-function" and (inspected := self._inspected(world)) is not None:
            return inspected
        doubt = unknown(f"what lies behind {self.id} ({self.resource_type}) is not modelled", self.id, "TGW-13")
        return Line(f"type {self.resource_type}", Match(), Choose((AWAY, Drop("", doubt.text)), doubt), "TGW-13", self.id)

    @rule(
        "TGW-14",
        says="A firewall attached to a transit gateway inspects what routes lead to it, and hands it to the table of its attachment.",
        source="https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html",
    )
    def _inspected(self, world: World) -> Line | None:
        firewall = next(iter(world.where("network_firewall", "attachment_id", self.transit_gateway_attachment_id)), None)
        if firewall is None:
            return None
        onward = Send(Place(firewall.id, "stateless", self.id), realm="")
        return Line(f"inspected by {firewall.id}", Match(), onward, "TGW-14", self.id)

    def _to_site(self, direction: Direction, world: World) -> Arrive | Choose:
        if direction is Direction.REPLY:
            return Arrive(self.id)
        connection = world.find("vpn_connection", self.resource_id)
        down = connection is not None and not connection.up
        text = (
            f"no tunnel of {self.resource_id} was up"
            if down
            else f"what lies behind {self.resource_id or self.id} is not in the configuration"
        )
        drop = Drop("TGW_BAD_STATE_VPN" if down else "", text, otherwise=Arrive(self.id))
        return Choose((Arrive(self.id), drop), conditional(text, self.id, "HYB-8"))

    @rule(
        "TGW-10",
        says="Peered transit gateways pass on by static routes on both sides, and by the association of the peering attachment at each.",
        source="https://docs.aws.amazon.com/vpc/latest/tgw/tgw-peering.html",
    )
    def _across(self, world: World) -> Line:
        ends = world.where("transit_gateway_attachment", "transit_gateway_attachment_id", self.transit_gateway_attachment_id)
        other = next((one for one in ends if one.id != self.id), None)
        if other is not None:
            return association_line(other.transit_gateway_attachment_id, other.transit_gateway_id, "", world)
        doubt = unknown(f"the far end of {self.transit_gateway_attachment_id} is not in the snapshot", self.id, "LIM-7")
        action = Choose((AWAY, Drop("UNKNOWN_DESTINATION", doubt.text)), doubt)
        return Line("far end not in the snapshot", Match(), action, "LIM-7", self.id)

    def beyond(self, world: World) -> Iterator[tuple[Place, IntervalSet]]:
        """Yield where a site comes in, and the prefixes that route tables of the gateway send to it."""
        if self.resource_type not in SITES:
            return
        told = union(
            table.addresses_towards(self.transit_gateway_attachment_id, world)
            for table in world.all("transit_gateway_route_table")
        )
        connection = world.find("vpn_connection", self.resource_id)
        addresses = told | (connection.static_prefixes if connection is not None else IntervalSet())
        if addresses:
            yield Place(self.id, "from site"), addresses
