"""What internet gateways and egress-only gateways have in common: the attachment to one VPC, and the switch in front of them."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from .component import Component, World, perhaps, unknown
from .rule import rule
from .table import Action, Drop, Line, Match, Send


class GatewayAttachment(msgspec.Struct, rename="pascal", frozen=True):
    """The VPC that a gateway is attached to; the state reads `available` or `attached` when it is."""

    vpc_id: str = ""
    state: str = "available"


class GatewayShape(Component, kw_only=True):
    """A gateway between one VPC and the internet."""

    attachments: list[GatewayAttachment] = []
    assumed: bool = msgspec.field(name="_Assumed", default=False)

    @property
    def vpc_id(self) -> str:
        """The VPC that the gateway is attached to; "" when it is attached to none."""
        return next((one.vpc_id for one in self.attachments), "")

    @property
    def attached(self) -> bool:
        """Whether the attachment works."""
        return any(one.vpc_id and one.state in ("available", "attached") for one in self.attachments)

    def routed_from(self, world: World) -> list[str]:
        """Return the VPC whose route tables can name the gateway."""
        return [self.vpc_id] if self.vpc_id else []

    def unless_shut(self, lines: list[Line], world: World) -> list[Line]:
        """Return the lines, with a doubt on those that send on where nobody knows of the gateway, or of the switch before it."""
        if not self.assumed and not world.is_broken("block_public_access", self):
            return lines
        what = "internet gateway" if self.assumed else "public access switch"
        doubt = unknown(f"the {what} of {self.vpc_id} is not in the snapshot", self.vpc_id, "LIM-7")
        return [
            msgspec.structs.replace(one, action=perhaps(one.action, doubt)) if isinstance(one.action, Send) else one
            for one in lines
        ]

    def line(self, title: str, action: Action, rule_id: str, match: Match | None = None) -> Line:
        return Line(title, match or Match(), action, rule_id, self.id)

    @rule(
        "RT-17",
        says="A route is only a next hop: its target must be attached to this VPC and work, or the packet is lost.",
        source="https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html",
    )
    def attachment_lines(self, via: str, onward: Send, world: World) -> Iterator[Line]:
        subnet = world.find("subnet", via)
        if not self.attached or (subnet is not None and subnet.vpc_id != self.vpc_id):
            drop = Drop("BAD_STATE_ATTACHMENT", f"{self.id} is not attached to the VPC", otherwise=onward)
            yield self.line("not attached", drop, "RT-17")

    @rule(
        "BPA-3",
        says="Block Public Access stands in front of internet and egress-only gateways alone: private ways are not touched.",
        source="https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa-basics.html",
    )
    def public_access(
        self, place: str, world: World, *, inbound: bool, started_inside: bool, onward: Send, whole: bool = False
    ) -> Iterator[Line]:
        """Yield the lines of the switch for the subnet that meets the gateway; `whole`: only exclusions of the VPC count."""
        for guard in world.all("block_public_access"):
            yield from guard.lines(place, world, inbound=inbound, started_inside=started_inside, onward=onward, pool=whole)
