"""Service networks of VPC Lattice, and what is associated with them: VPCs of clients, services, resources."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from ..component import Document, World, perhaps, unknown
from ..guarded import admitted
from ..lattice import (
    IN_NETWORK,
    OF_RESOURCES,
    OF_SERVICES,
    LatticeShape,
    Offer,
    account_in,
    authorized,
    documents_of,
    lines_of,
    short,
    sources,
    unseen,
)
from ..packet import EVERY_V6, TCP, IntervalSet, services_of, union
from ..rule import rule
from ..table import Arrive, Direction, Drop, Line, Match, Place, Send, Table, Traffic


class ServiceNetwork(LatticeShape, kw_only=True):
    """A service network: GetServiceNetwork, which alone says who authorizes, and ListServiceNetworks."""

    kind: ClassVar[str] = "service_network"
    relays: ClassVar[bool] = True
    own_arn: ClassVar[tuple[str, ...]] = ("servicenetwork",)
    documents: ClassVar[tuple[Document, ...]] = documents_of(
        "ServiceNetworks", "GetServiceNetwork", "ListServiceNetworks", "serviceNetworkIdentifier"
    )

    auth_type: str = ""

    @classmethod
    def implied(cls, world: World) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield the networks that associations and endpoints name, and that the snapshot does not hold."""
        named = {one.service_network: one.service_network_arn for kind in ASSOCIATIONS for one in world.all(kind)}
        named |= {short(arn): arn for one in world.all("vpc_endpoint") if (arn := one.lattice_arn("servicenetwork", world))}
        for id, arn in sorted(named.items()):
            yield "ServiceNetworks", {"id": id, "arn": arn, "Account": account_in(arn)}

    def reached_at(self, world: World) -> IntervalSet:
        """Return the addresses at which clients reach it: VPC Lattice's own in associated VPCs, and those of its endpoints."""
        associated = world.where("service_network_vpc_association", "service_network", self.id)
        own = OF_SERVICES | OF_RESOURCES | sources(world)
        endpoints = [one for one in world.all("vpc_endpoint") if short(one.lattice_arn("servicenetwork", world)) == self.id]
        interfaces = (world.find("network_interface", id) for one in endpoints for id in one.network_interface_ids)
        return union([*([own] if associated else []), *(one.private_addresses for one in interfaces if one is not None)])

    def table(self, place: Place, direction: Direction, world: World) -> Table:
        """Return what the network offers (stage `serves`), to clients in a VPC or to those of the endpoint's interface in `via`."""
        services, resources = (tuple(self._offers(kind, place.via, world)) for kind in ASSOCIATIONS[1:])
        if place.via:
            lines = lines_of((*services, *resources), self.id, "LAT-1", Arrive(place.via))
        else:
            # In an associated VPC services and resources have addresses of their own; with an endpoint nobody knows which.
            at_services, at_resources = OF_SERVICES | sources(world), OF_RESOURCES | (OF_SERVICES & EVERY_V6)
            lines = [
                *lines_of(services, self.id, "LAT-1", targets=at_services - at_resources),
                *lines_of(resources, self.id, "LAT-1", targets=at_resources - at_services),
                *lines_of((*services, *resources), self.id, "LAT-1", targets=at_services & at_resources),
            ]
        drop = Drop("ELBV2_LISTENER_PORT_RESTRICTION", f"nothing in {self.title} is served on that port")
        return Table("service_network", [*lines, Line("nothing on that port", Match(), drop, "LAT-1", self.id)])

    def _offers(self, kind: str, asking: str, world: World) -> Iterator[Offer]:
        """Yield what the associations of a kind offer."""
        of = self._of_service if kind == "service_network_service_association" else self._of_resource
        for one in world.where(kind, "service_network", self.id):
            for each in of(one, asking, world):
                yield Offer(each.by, each.services, one.working(each.action, "LAT-1"))
        if not world.collected(kind, self):
            text = f"what is associated with {self.title} is not in the snapshot"
            yield Offer(self.title, services_of(TCP), unseen(text, self.id, "", world, Arrive(self.id)))

    def _of_service(self, association: Any, asking: str, world: World) -> Iterator[Offer]:
        service = world.find("lattice_service", short(association.service_id or association.service_arn))
        if service is None:
            account = account_in(association.service_arn)
            text = f"service {association.service_id or association.service_arn} is not in the snapshot"
            yield Offer(association.service_id, services_of(TCP), unseen(text, self.id, account, world))
            return
        for offer in service.offers(world):
            yield Offer(offer.by, offer.services, authorized(offer.action, self))

    def _of_resource(self, association: Any, asking: str, world: World) -> Iterator[Offer]:
        named = association.resource_configuration_id or association.resource_configuration_arn
        configuration = world.find("resource_configuration", short(named))
        if configuration is None:
            account = account_in(association.resource_configuration_arn)
            text = f"resource configuration {named} is not in the snapshot"
            yield Offer(named, services_of(TCP), unseen(text, self.id, account, world))
            return
        yield from configuration.offers(asking, world)


class _Association(LatticeShape, kw_only=True):
    """What every association with a service network says."""

    service_network_id: str = ""
    service_network_arn: str = ""

    @property
    def service_network(self) -> str:
        """The id of the service network."""
        return self.service_network_id or short(self.service_network_arn)


class ServiceNetworkVpcAssociation(_Association, kw_only=True):
    """A VPC of clients: GetServiceNetworkVpcAssociation, which alone says its groups, and ListServiceNetworkVpcAssociations."""

    kind: ClassVar[str] = "service_network_vpc_association"
    own_arn: ClassVar[tuple[str, ...]] = ("servicenetworkvpcassociation",)
    documents: ClassVar[tuple[Document, ...]] = documents_of(
        "ServiceNetworkVpcAssociations",
        "GetServiceNetworkVpcAssociation",
        "ListServiceNetworkVpcAssociations",
        "serviceNetworkVpcAssociationIdentifier",
        within=IN_NETWORK,
    )

    vpc_id: str = ""
    security_group_ids: list[str] | None = None

    @rule(
        "LAT-2",
        says="Groups on the association of a VPC decide which of its clients get in, and on which port; without groups all of them do.",
        source="https://docs.aws.amazon.com/vpc-lattice/latest/ug/security-groups.html#security-groups-rules",
    )
    def table(self, place: Place, direction: Direction, world: World) -> Table:
        """Return the lines of the association's groups (stage `admits`)."""
        onward = Place(self.service_network, "serves")
        working = self.working(Send(onward), "LAT-1")
        if not isinstance(working, Send):
            return Table("service_network", [Line(f"status {self.status}", Match(), working, "LAT-1", self.id)])
        if self.security_group_ids:
            return Table("security_group", admitted(self.security_group_ids, Traffic.INBOUND, onward, self.vpc_id, world))
        if self.security_group_ids is None:
            doubt = unknown(f"the groups of {self.id} are not in the snapshot", self.id, "LIM-7")
            return Table(
                "security_group", [Line("groups not in the snapshot", Match(), perhaps(onward, doubt), "LIM-7", self.id)]
            )
        return Table("security_group", [Line("no group on the association", Match(), working, "LAT-2", self.id)])


class ServiceNetworkServiceAssociation(_Association, kw_only=True):
    """A service in a network: ListServiceNetworkServiceAssociations."""

    kind: ClassVar[str] = "service_network_service_association"
    own_arn: ClassVar[tuple[str, ...]] = ("servicenetworkserviceassociation",)
    documents: ClassVar[tuple[Document, ...]] = documents_of(
        "ServiceNetworkServiceAssociations",
        "GetServiceNetworkServiceAssociation",
        "ListServiceNetworkServiceAssociations",
        "serviceNetworkServiceAssociationIdentifier",
        within=IN_NETWORK,
    )

    service_id: str = ""
    service_arn: str = ""

    @property
    def service(self) -> str:
        """The id of the service."""
        return short(self.service_id or self.service_arn)


class ServiceNetworkResourceAssociation(_Association, kw_only=True):
    """A resource configuration in a network: ListServiceNetworkResourceAssociations."""

    kind: ClassVar[str] = "service_network_resource_association"
    own_arn: ClassVar[tuple[str, ...]] = ("servicenetworkresourceassociation",)
    documents: ClassVar[tuple[Document, ...]] = documents_of(
        "ServiceNetworkResourceAssociations",
        "GetServiceNetworkResourceAssociation",
        "ListServiceNetworkResourceAssociations",
        "serviceNetworkResourceAssociationIdentifier",
        within=IN_NETWORK,
    )

    resource_configuration_id: str = ""
    resource_configuration_arn: str = ""

    @property
    def resource_configuration(self) -> str:
        """The id of the resource configuration."""
        return short(self.resource_configuration_id or self.resource_configuration_arn)


ASSOCIATIONS = ("service_network_vpc_association", "service_network_service_association", "service_network_resource_association")
