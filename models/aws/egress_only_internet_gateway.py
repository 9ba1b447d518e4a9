"""Egress-only internet gateways: IPv6 out, and nothing in that started outside."""

from __future__ import annotations

from typing import ClassVar

from ..component import Document, World
from ..gateway import GatewayShape
from ..packet import EVERY_V4
from ..rule import rule
from ..table import INTERNET, Direction, Drop, Match, Place, Send, Session, Table


class EgressOnlyInternetGateway(GatewayShape, kw_only=True):
    """An egress-only internet gateway: DescribeEgressOnlyInternetGateways."""

    kind: ClassVar[str] = "egress_only_internet_gateway"
    documents: ClassVar[tuple[Document, ...]] = (
        Document("EgressOnlyInternetGateways", "ec2", "DescribeEgressOnlyInternetGateways"),
    )

    egress_only_internet_gateway_id: str

    @property
    def id(self) -> str:
        """The gateway id."""
        return self.egress_only_internet_gateway_id

    @rule(
        "EIGW-1",
        says="An egress-only internet gateway lets IPv6 out and the replies back in, and nothing that starts outside.",
        source="https://docs.aws.amazon.com/vpc/latest/userguide/egress-only-internet-gateway.html",
    )
    def table(self, place: Place, direction: Direction, world: World) -> Table:
        """Return the lines outward (stage `routed`), and for replies that found their way back (stage `back`)."""
        if place.stage == "back":
            return Table(
                "egress_only_internet_gateway",
                [self.line("reply to what started inside", Send(Place(self.vpc_id, "delivers")), "EIGW-1")],
            )
        session = Session(outside=(INTERNET,), inside=Place(self.id, "back"))
        out = Send(INTERNET, realm="", session=session)
        lines = list(self.attachment_lines(place.via, out, world))
        if direction is Direction.REPLY:
            drop = Drop("", "an egress-only gateway carries no replies to what started outside", misrouted=True)
            return Table("egress_only_internet_gateway", [*lines, self.line("did not start inside", drop, "EIGW-1")])
        lines.append(self.line("IPv4", Drop("", "an egress-only gateway carries IPv6 only"), "EIGW-1", Match(sources=EVERY_V4)))
        lines.extend(self.public_access(place.via, world, inbound=False, started_inside=True, onward=out))
        vpc = world.find("vpc", self.vpc_id)
        if vpc is not None:
            lines.append(self.line("public IPv6 address", out, "EIGW-1", Match(sources=vpc.public_v6)))
        drop = Drop("GATEWAY_REJECTS_SPOOFED_TRAFFIC", "the source is no public IPv6 address of this VPC")
        lines.append(self.line("source not of this VPC", drop, "IGW-4"))
        return Table("egress_only_internet_gateway", self.unless_shut(lines, world))
