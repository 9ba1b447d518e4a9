"""CloudFront VPC origins: load balancers and instances in private subnets that distributions bring requests to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import msgspec

from ..component import Call, Component, Document, Each, World, conditional, unknown
from ..door import Door
from ..edge import entry, entry_from_somewhere, interfaces_behind, strange
from ..packet import TCP, services_of
from ..rule import rule
from ..table import Action, Choose, Direction, Drop, Line, Match, Place, Send, Share, Table

SERVICE_GROUP = "CloudFront-VPCOrigins-Service-SG"
PREFIX_LIST = "com.amazonaws.global.cloudfront.origin-facing"


class OriginConfig(msgspec.Struct, rename="pascal", frozen=True):
    """What the origin is, and the ports on which CloudFront calls it."""

    arn: str = ""
    http_port: int = msgspec.field(name="HTTPPort", default=80)
    https_port: int = msgspec.field(name="HTTPSPort", default=443)
    origin_protocol_policy: str = "match-viewer"

    @property
    def ports(self) -> list[int]:
        """The ports on which CloudFront may call."""
        by_policy = {"http-only": [self.http_port], "https-only": [self.https_port]}
        return by_policy.get(self.origin_protocol_policy, [self.http_port, self.https_port])


class VpcOrigin(Component, kw_only=True):
    """A VPC origin: ListVpcOrigins, and GetVpcOrigin, which knows the ports."""

    kind: ClassVar[str] = "vpc_origin"
    relays: ClassVar[bool] = True
    hidden_entry: ClassVar[bool] = True
    documents: ClassVar[tuple[Document, ...]] = (
        Document(
            "VpcOrigin",
            "cloudfront",
            "GetVpcOrigin",
            each=Each("Id", Call("cloudfront", "ListVpcOrigins"), ("VpcOriginList.Items[].Id",)),
        ),
        Document("VpcOriginList", "cloudfront", "ListVpcOrigins", rows="Items"),
    )

    origin_id: str = msgspec.field(name="Id")
    label: str = msgspec.field(name="Name", default="")
    status: str = "Deployed"
    origin_endpoint_arn: str = ""
    vpc_origin_endpoint_config: OriginConfig = OriginConfig()

    @property
    def id(self) -> str:
        """The origin's id."""
        return self.origin_id

    def names(self) -> list[str]:
        """Return its name and its Name tag."""
        return [name for name in (self.label, self.name) if name]

    def doors(self, world: World) -> Iterator[Door]:
        """Yield the edge of CloudFront, whose addresses are many and in no answer about the origin."""
        yield Door(Place(self.id, "brings"), services=services_of(TCP, 80, 80) | services_of(TCP, 443, 443))

    @rule(
        "IGW-14",
        says="A VPC origin is a public way to a load balancer or instance in a private subnet: the VPC needs an internet gateway, no route "
        "to it, and groups that admit CloudFront's prefix list or its service group.",
        source="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-vpc-origins.html",
    )
    def table(self, place: Place, direction: Direction, world: World) -> Table:
        """Return the one line of stage `brings`: distributions decide which requests reach the origin."""
        if place.stage != "brings" or direction is Direction.REPLY:
            drop = Drop("", f"{self.label or self.id} knows no connection that this reply belongs to")
            return Table("cloudfront", [Line("reply to nothing of its own", Match(), drop, "IGW-14", self.id)])
        if self.status.lower() != "deployed":
            drop = Drop("BAD_STATE", f"{self.label or self.id} is {self.status}")
            return Table("cloudfront", [Line(f"status {self.status}", Match(), drop, "IGW-14", self.id)])
        text = f"distributions of CloudFront decide which requests reach {self.label or self.id}, and for whom"
        ways = Share(tuple(self._ways(world)))
        action = Choose((ways, Drop("", text, otherwise=ways)), conditional(text, self.id, "IGW-14"))
        return Table("cloudfront", [Line("a VPC origin", Match(), action, "IGW-14", self.id)])

    def _ways(self, world: World) -> Iterator[Action]:
        arn = self.origin_endpoint_arn or self.vpc_origin_endpoint_config.arn
        known = interfaces_behind(arn, world)
        for interface in known:
            for port in self.vpc_origin_endpoint_config.ports:
                yield from self._to(interface, (TCP << 16) + port, world)
        if not known:
            doubt = unknown(f"{arn}, the origin of {self.label or self.id}, is not in the snapshot", self.id, "LIM-7")
            yield strange(arn, doubt)

    def _to(self, interface: Any, service: int, world: World) -> Iterator[Action]:
        """Yield the ways to an interface: as the prefix list, and as what carries the service's group. Either is enough."""
        lists = world.where("prefix_list", "prefix_list_name", PREFIX_LIST)
        known = next((found for one in lists if (found := world.prefixes(one.id))), None)
        if known:
            yield entry(self.id, interface, world, source=known.smallest(), service=service)
        else:
            yield entry_from_somewhere(self.id, interface, world, service=service)
        groups = [one for one in world.where("security_group", "group_name", SERVICE_GROUP) if one.vpc_id == interface.vpc_id]
        held: list[Any] = [world.find("network_interface", one.id) for group in groups for one in world.carriers(group.id)]
        carriers = [one for one in held if one.primary[0] is not None]
        if carriers:
            way = entry(self.id, interface, world, source=carriers[0].primary[0], service=service)
            yield msgspec.structs.replace(way, realm=interface.vpc_id) if isinstance(way, Send) else way
