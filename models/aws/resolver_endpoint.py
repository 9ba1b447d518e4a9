"""Route 53 Resolver endpoints: interfaces that answer names for connected networks, or ask theirs."""

from __future__ import annotations

from typing import Any, ClassVar

import msgspec

from ..component import Call, Component, Document, Each, World
from ..managed import Held, ManagedShape
from ..rule import rule
from ..table import Arrive, Direction, Drop, Line, Match, Place, Table


class EndpointAddress(msgspec.Struct, rename="pascal", frozen=True):
    """One address of an endpoint."""

    ip: str = ""
    subnet_id: str = ""
    status: str = "ATTACHED"


class ResolverEndpointAddresses(Component, kw_only=True):
    """The addresses of one endpoint: ListResolverEndpointIpAddresses, wrapped with its id."""

    kind: ClassVar[str] = "resolver_endpoint_addresses"
    documents: ClassVar[tuple[Document, ...]] = (
        Document(
            "ResolverEndpointIpAddresses",
            "route53resolver",
            "ListResolverEndpointIpAddresses",
            argument="ResolverEndpointId",
            each=Each("ResolverEndpointId", Call("route53resolver", "ListResolverEndpoints"), ("ResolverEndpoints[].Id",)),
        ),
    )

    resolver_endpoint_id: str
    ip_addresses: list[EndpointAddress] = []

    @property
    def id(self) -> str:
        """The id of the endpoint."""
        return self.resolver_endpoint_id


class ResolverEndpoint(ManagedShape, kw_only=True):
    """A Resolver endpoint: ListResolverEndpoints. Inbound ones answer, outbound ones ask by forwarding rules."""

    kind: ClassVar[str] = "resolver_endpoint"
    endpoint_kind: ClassVar[str] = "resolver"
    signs: ClassVar[tuple[str, ...]] = ("resolver",)
    documents: ClassVar[tuple[Document, ...]] = (Document("ResolverEndpoints", "route53resolver", "ListResolverEndpoints"),)

    resolver_endpoint_id: str = msgspec.field(name="Id")
    arn: str = ""
    label_of_it: str = msgspec.field(name="Name", default="")
    direction: str = "INBOUND"
    vpc_id: str = msgspec.field(name="HostVPCId", default="")
    security_group_ids: list[str] = []
    status: str = "OPERATIONAL"

    @property
    def id(self) -> str:
        """The endpoint id."""
        return self.resolver_endpoint_id

    @property
    def label(self) -> str:
        """The endpoint id: names need not be unique."""
        return self.resolver_endpoint_id

    def names(self) -> list[str]:
        """Return its name and its Name tag."""
        return [name for name in (self.label_of_it, self.name) if name]

    @property
    def group_ids(self) -> frozenset[str]:
        """The groups that filter it."""
        return frozenset(self.security_group_ids)

    def _addresses(self, world: World) -> list[EndpointAddress]:
        found = world.find("resolver_endpoint_addresses", self.id)
        return list(found.ip_addresses) if found is not None else []

    def subnets_of(self, world: World) -> list[str]:
        """Return the subnets of its addresses; none where the snapshot does not hold them."""
        return [one.subnet_id for one in self._addresses(world) if one.subnet_id]

    def held(self, world: World) -> list[Held]:
        """Return its addresses."""
        return [Held(one.ip, "", one.subnet_id) for one in self._addresses(world) if one.ip]

    def found(self, world: World) -> list[Any]:
        """Return the interfaces that hold its addresses, else those whose description names it."""
        found = super().found(world)
        return [one for one in found if self.id in one.description] or found

    @rule(
        "DNS-3",
        says="An inbound Resolver endpoint is reached on its interfaces, from connected networks too, if its groups admit it; an outbound "
        "one asks from its interfaces, and answers nobody.",
        source="https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-forwarding-inbound-queries.html",
    )
    def takes(self, interface_id: str, world: World) -> Place | None:
        """Return the place that refuses what comes to an outbound endpoint; an inbound one takes it."""
        return Place(self.id, "contacted", interface_id) if self.direction == "OUTBOUND" else None

    def speaks(self, interface_id: str, world: World) -> Place | None:
        """Return the place that stops what an inbound endpoint would start; an outbound one asks."""
        return None if self.direction == "OUTBOUND" else Place(self.id, "silent", interface_id)

    def table(self, place: Place, direction: Direction, world: World) -> Table:
        """Return the one line of stage `contacted` or `silent`: what does not fit the endpoint's direction is dropped."""
        does = "asks other resolvers and answers nobody" if place.stage == "contacted" else "answers and asks nobody"
        drop = Drop("", f"{self.id} {does}")
        action = Arrive(place.via) if direction is Direction.REPLY else drop
        return Table("resolver_endpoint", [Line(f"an {self.direction.lower()} endpoint", Match(), action, "DNS-3", self.id)])
