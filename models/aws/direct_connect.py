"""Associations of Direct Connect gateways: which private or transit gateways a site reaches, and what is announced to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import msgspec

from ..component import Call, Component, Document, Each, World, conditional, perhaps
from ..packet import EVERY_ADDRESS, IntervalSet, prefix, union
from ..rule import rule
from ..table import Drop, Line, Match, Place


class AssociatedGateway(msgspec.Struct, rename="camel", frozen=True):
    """A gateway behind a Direct Connect gateway."""

    id: str = ""
    type: str = ""


class AllowedPrefix(msgspec.Struct, rename="camel", frozen=True):
    """A block that is announced to the site."""

    cidr: str = ""

    def __post_init__(self) -> None:
        prefix(self.cidr)


class DirectConnectAssociation(Component, kw_only=True, rename="camel"):
    """An association of a Direct Connect gateway: DescribeDirectConnectGatewayAssociations.

    It is asked for by both ends, as each may be of an account that lists the other not.
    """

    kind: ClassVar[str] = "direct_connect_association"
    leads: ClassVar[bool] = True
    documents: ClassVar[tuple[Document, ...]] = (
        Document(
            "directConnectGatewayAssociations",
            "directconnect",
            "DescribeDirectConnectGatewayAssociations",
            each=Each(
                "directConnectGatewayId",
                Call("directconnect", "DescribeDirectConnectGateways"),
                ("directConnectGateways[].directConnectGatewayId",),
            ),
        ),
        Document(
            "directConnectGatewayAssociations",
            "directconnect",
            "DescribeDirectConnectGatewayAssociations",
            each=Each(
                "associatedGatewayId",
                Call("ec2", "DescribeVpnGateways"),
                ("VpnGateways[].VpnGatewayId",),
                only=("State", "available"),
                again=True,
            ),
        ),
    )

    association_id: str = ""
    direct_connect_gateway_id: str
    association_state: str = "associated"
    associated_gateway: AssociatedGateway = AssociatedGateway()
    virtual_gateway_id: str = ""
    allowed_prefixes_to_direct_connect_gateway: list[AllowedPrefix] = []

    @property
    def id(self) -> str:
        """The association id, or the two gateways."""
        return self.association_id or f"{self.direct_connect_gateway_id}/{self.gateway_id}"

    @property
    def gateway_id(self) -> str:
        """The virtual private gateway or transit gateway; "" while it is not associated."""
        works = self.association_state in ("associated", "updating")
        return (self.associated_gateway.id or self.virtual_gateway_id) if works else ""

    @property
    def announced(self) -> IntervalSet:
        """The addresses that the site learns; everything where the answer lists no prefixes."""
        listed = self.allowed_prefixes_to_direct_connect_gateway
        return union(prefix(one.cidr) for one in listed) if listed else EVERY_ADDRESS

    @rule(
        "HYB-7",
        says="A site on Direct Connect knows the allowed prefixes of the association, and no other address behind it.",
        source="https://docs.aws.amazon.com/directconnect/latest/UserGuide/allowed-to-prefixes.html",
    )
    def unannounced(self) -> Iterator[Line]:
        """Yield the line of packets from the site to what it does not know; nothing where everything is announced."""
        rest = EVERY_ADDRESS - self.announced
        if rest:
            drop = Drop("", f"{self.direct_connect_gateway_id} does not announce the target to the site")
            yield Line("not among the allowed prefixes", Match(targets=rest), drop, "HYB-7", self.id)

    @rule(
        "HYB-6",
        says="Gateways on one Direct Connect gateway do not reach each other, unless the site announces a prefix that covers both.",
        source="https://docs.aws.amazon.com/directconnect/latest/UserGuide/direct-connect-gateways-intro.html",
    )
    def turned_around(self, told: IntervalSet, world: World) -> Iterator[Line]:
        """Yield the lines of packets to VPCs on the same Direct Connect gateway that the site's own prefixes (`told`) cover."""
        for other in world.where("direct_connect_association", "direct_connect_gateway_id", self.direct_connect_gateway_id):
            gateway: Any = world.find("vpn_gateway", other.gateway_id)
            vpc: Any = world.find("vpc", gateway.vpc_id) if gateway is not None and other.gateway_id != self.gateway_id else None
            covered = vpc.addresses & told if vpc is not None else IntervalSet()
            if covered:
                text = (
                    f"whether the site behind {self.direct_connect_gateway_id} sends back to {vpc.id} is not in the configuration"
                )
                action = perhaps(Place(gateway.id, "from site"), conditional(text, self.id, "HYB-6"))
                yield Line(f"{vpc.id} by a prefix of the site", Match(targets=covered), action, "HYB-6", self.id)
