"""VPC Block Public Access: the switch of an account and Region in front of every internet gateway, and its exclusions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from ..component import Component, Document, World, conditional, perhaps, unknown
from ..rule import rule
from ..table import Drop, Line, Match, Send

OFF = "off"
INGRESS = "block-ingress"


class BlockPublicAccess(Component, kw_only=True):
    """The mode of one account and Region: DescribeVpcBlockPublicAccessOptions."""

    kind: ClassVar[str] = "block_public_access"
    documents: ClassVar[tuple[Document, ...]] = (
        Document("VpcBlockPublicAccessOptions", "ec2", "DescribeVpcBlockPublicAccessOptions"),
    )

    internet_gateway_block_mode: str = OFF
    state: str = ""

    @property
    def id(self) -> str:
        """The account and Region that the switch belongs to."""
        return "/".join(filter(None, ("vpc-block-public-access", self.account, self.region)))

    @classmethod
    def implied(cls, world: World) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield the switch where VPCs or subnets show a mode though its own document was not collected."""
        shown = any(one.block_public_access_states for kind in ("vpc", "subnet") for one in world.all(kind))
        if shown and not world.all(cls.kind):
            yield "VpcBlockPublicAccessOptions", {}

    @rule(
        "BPA-1",
        says="`block-bidirectional`: nothing passes the internet gateways either way; `block-ingress`: only what NAT and "
        "egress-only gateways started passes.",
        source="https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa-basics.html",
    )
    def lines(
        self, subnet_id: str, world: World, *, inbound: bool, started_inside: bool, onward: Send, pool: bool = False
    ) -> Iterator[Line]:
        """Yield the line that stops a flow of the subnet, if the switch does.

        `inbound`: the flow starts outside; `started_inside`: a NAT or egress-only gateway started it; `pool`: it is to an own pool.
        """
        subnet = world.find("subnet", subnet_id)
        mode = self._mode(subnet, world) if subnet is not None and self._covers(subnet) else OFF
        if mode in ("", OFF) or (mode == INGRESS and started_inside):
            return
        allowed = self._exclusion((subnet.vpc_id,) if pool else (subnet.id, subnet.vpc_id), world)
        if allowed == "allow-bidirectional" or (allowed == "allow-egress" and started_inside):
            return
        drop = Drop("VPC_BLOCK_PUBLIC_ACCESS_ENABLED", f"VPC Block Public Access is {mode} for {subnet_id}", otherwise=onward)
        if not world.collected("block_public_access_exclusion", self):
            doubt = unknown(f"the exclusions from VPC Block Public Access ({mode}) are not in the snapshot", self.id, "LIM-7")
            yield Line(f"{mode}, exclusions not in the snapshot", Match(), perhaps(onward, doubt), "LIM-7", self.id)
        elif world.all("block_public_access_exclusion") and self._may_be_led_elsewhere(world):
            doubt = unknown(f"which subnet meets VPC Block Public Access ({mode}) first is not in the snapshot", self.id, "LIM-7")
            yield Line(f"{mode}, routes not in the snapshot", Match(), perhaps(onward, doubt), "LIM-7", self.id)
        elif allowed == "allow-egress" and not inbound:
            doubt = conditional(
                f"whether an egress exclusion covers public addresses of {subnet_id}'s own is not documented", self.id, "BPA-2"
            )
            yield Line(f"{mode}, excluded for egress", Match(), perhaps(onward, doubt), "BPA-2", self.id)
        else:
            yield Line(mode, Match(), drop, "BPA-1", self.id)

    def _may_be_led_elsewhere(self, world: World) -> bool:
        """Return whether a gateway's route table, or an endpoint that it leads to, may be one that is not in the snapshot."""
        return world.is_broken("route_table", self) or world.is_broken("vpc_endpoint", self)

    @rule(
        "BPA-7",
        says="The switch belongs to the subnet's owner, and binds participants of a shared subnet too.",
        source="https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa-basics.html",
    )
    def _covers(self, subnet: Any) -> bool:
        owner = subnet.owner_id or subnet.account
        return self.account in ("", owner) and self.region in ("", subnet.region)

    def _mode(self, subnet: Any, world: World) -> str:
        vpc = world.find("vpc", subnet.vpc_id)
        for one in (subnet, vpc):
            if one is not None and one.block_public_access_states and one.block_public_access_states.internet_gateway_block_mode:
                return str(one.block_public_access_states.internet_gateway_block_mode)
        return self.internet_gateway_block_mode

    @rule(
        "BPA-2",
        says="Exclusions cover a VPC with all its subnets, or one subnet: both ways or egress only; only completed ones count.",
        source="https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa-basics.html",
    )
    @rule(
        "BPA-4",
        says="A load balancer with one excluded subnet takes what comes from the internet there, and passes it on privately to targets in "
        "subnets that are not excluded.",
        source="https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa-basics.html",
    )
    def _exclusion(self, ids: tuple[str, ...], world: World) -> str:
        modes = [
            one.internet_gateway_exclusion_mode
            for one in world.all("block_public_access_exclusion")
            if one.state in ("create-complete", "update-complete") and one.resource_id in ids
        ]
        return "allow-bidirectional" if "allow-bidirectional" in modes else next(iter(modes), "")


class BlockPublicAccessExclusion(Component, kw_only=True):
    """One exclusion: DescribeVpcBlockPublicAccessExclusions."""

    kind: ClassVar[str] = "block_public_access_exclusion"
    documents: ClassVar[tuple[Document, ...]] = (
        Document("VpcBlockPublicAccessExclusions", "ec2", "DescribeVpcBlockPublicAccessExclusions"),
    )

    exclusion_id: str = ""
    resource_arn: str
    internet_gateway_exclusion_mode: str = ""
    state: str = ""

    @property
    def id(self) -> str:
        """The exclusion id, or what it excludes."""
        return self.exclusion_id or self.resource_arn

    @property
    def resource_id(self) -> str:
        """The VPC or subnet that is excluded."""
        return self.resource_arn.rpartition("/")[2]
