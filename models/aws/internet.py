"""The internet, and the places that nothing models: where packets go that leave what the snapshot knows."""

from __future__ import annotations

from typing import ClassVar

from ..component import Component, World, unknown
from ..packet import EVERY_V4, EVERY_V6, LINK_LOCAL, PRIVATE_V4, PUBLIC, SHARED_V4
from ..rule import rule
from ..table import INTERNET, SOMEWHERE, Arrive, Choose, Direction, Drop, Line, Match, Place, Send, Table


class Internet(Component, kw_only=True):
    """Everything that is reached by public addresses."""

    kind: ClassVar[str] = "internet"
    endpoint_kind: ClassVar[str] = "internet"

    @property
    def id(self) -> str:
        """Always `internet`."""
        return "internet"

    def answers_from(self, world: World) -> Place:
        """Return the internet itself."""
        return INTERNET

    @rule(
        "IGW-10",
        says="Between VPCs by public address packets are internet traffic: for routes, groups, ACLs and Block Public Access.",
        source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-instance-addressing.html",
    )
    @rule(
        "IGW-9",
        says="To a public address inside its own VPC a packet goes out to the internet and in again: the receiver sees a public sender.",
        source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-instance-addressing.html",
    )
    def table(self, place: Place, direction: Direction, world: World) -> Table:
        """Return where the internet carries a packet: into the VPC that owns the public address, or out to strangers."""
        nowhere = Drop("IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS", "the internet does not route private addresses")
        lines = [Line("not a public address", Match(targets=EVERY_V4 - PUBLIC | LINK_LOCAL), nowhere, "IGW-4", self.id)]
        for vpc_id, addresses in world.public_addresses().items():
            gateways = [one for one in world.where("internet_gateway", "vpc_id", vpc_id) if one.attached]
            match = Match(targets=addresses)
            if gateways:
                lines.append(
                    Line(f"public addresses of {vpc_id}", match, Send(Place(gateways[0].id, "from internet")), "IGW-3", self.id)
                )
            else:
                text = f"no internet gateway is attached to {vpc_id}"
                lines.append(Line(f"public addresses of {vpc_id}", match, Drop("BAD_STATE_ATTACHMENT", text), "IGW-1", vpc_id))
        lines.append(Line("the internet", Match(targets=PUBLIC), Arrive(self.id), "IGW-1", self.id))
        lines.append(Line("not a public address", Match(), nowhere, "IGW-4", self.id))
        return Table("internet", lines)


class Unmodelled(Component, kw_only=True):
    """What lies behind a component that is not modelled or not in the snapshot: anything may be reached through it."""

    kind: ClassVar[str] = "unmodelled"

    @property
    def id(self) -> str:
        """Always `unmodelled`."""
        return "unmodelled"

    def answers_from(self, world: World) -> Place:
        """Return the place that brings it back from wherever it was."""
        return SOMEWHERE

    def table(self, place: Place, direction: Direction, world: World) -> Table:
        """Return delivery to whichever VPC holds the target, or to somebody unknown."""
        lines: list[Line] = []
        beyond = Arrive(self.id)
        for vpc in world.all("vpc"):
            overlapping = [other for other in world.all("vpc") if other.addresses & vpc.addresses]
            doubt = unknown("which network the packet comes to is not modelled", vpc.id, "LIM-7")
            sends: list[Send | Arrive | Drop | Choose] = [Send(Place(one.id, "delivers")) for one in overlapping]
            lines.append(
                Line(
                    f"may come to {vpc.id}",
                    Match(targets=vpc.addresses),
                    Choose((*sends, Drop("", doubt.text)), doubt),
                    "LIM-7",
                    vpc.id,
                )
            )
        doubt = unknown("what lies beyond is not in the snapshot", self.id, "LIM-7")
        for vpc_id, addresses in world.public_addresses().items():
            inward = Choose((Send(INTERNET), Drop("", doubt.text)), doubt)
            lines.append(Line(f"may come to {vpc_id}", Match(targets=addresses), inward, "LIM-7", vpc_id))
        private = PRIVATE_V4 | SHARED_V4 | (EVERY_V6 - PUBLIC)
        lines.append(
            Line("beyond the snapshot", Match(targets=private), Choose((beyond, Drop("", doubt.text)), doubt), "LIM-7", self.id)
        )
        out = Choose((Send(INTERNET), beyond, Drop("", doubt.text)), doubt)
        lines.append(Line("beyond the snapshot", Match(), out, "LIM-7", self.id))
        return Table("unmodelled", lines)
