"""Resource configurations of VPC Lattice: an address, a name, a database, a group of these, or a network, offered to others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import msgspec

from ..component import Document, World, conditional
from ..lattice import (
    ANSWERS,
    OF_RESOURCES,
    LatticeShape,
    Offer,
    documents_of,
    free_address,
    in_doubt,
    lines_of,
    short,
    unseen,
    whole,
)
from ..packet import TCP, UDP, IntervalSet, address, prefix, services_of, union
from ..rule import rule
from ..table import Action, Arrive, Direction, Drop, Line, Match, Place, Share, Table, anywhere

PROTOCOLS = {"TCP": (TCP,), "TCP_UDP": (TCP, UDP)}


class IpResource(msgspec.Struct, rename="camel", frozen=True):
    """A resource by its address."""

    ip_address: str = ""


class DnsResource(msgspec.Struct, rename="camel", frozen=True):
    """A resource by its name."""

    domain_name: str = ""


class ArnResource(msgspec.Struct, rename="camel", frozen=True):
    """A resource by its ARN: a database."""

    arn: str = ""


class CidrResource(msgspec.Struct, rename="camel", frozen=True):
    """A network by its ranges."""

    cidr_ranges: list[str] = []

    def __post_init__(self) -> None:
        for cidr in self.cidr_ranges:
            prefix(cidr)


class Definition(msgspec.Struct, rename="camel", frozen=True):
    """What the resource is."""

    ip_resource: IpResource | None = None
    dns_resource: DnsResource | None = None
    arn_resource: ArnResource | None = None
    cidr_resource: CidrResource | None = None


class ResourceConfiguration(LatticeShape, kw_only=True):
    """A resource configuration: GetResourceConfiguration, which alone says what and which ports, and ListResourceConfigurations."""

    kind: ClassVar[str] = "resource_configuration"
    endpoint_kind: ClassVar[str] = "lattice"
    relays: ClassVar[bool] = True
    own_arn: ClassVar[tuple[str, ...]] = ("resourceconfiguration",)
    documents: ClassVar[tuple[Document, ...]] = documents_of(
        "ResourceConfigurations", "GetResourceConfiguration", "ListResourceConfigurations", "resourceConfigurationIdentifier"
    )

    type: str = ""
    protocol: str = "TCP"
    port_ranges: list[str] = []
    resource_gateway_id: str = ""
    resource_configuration_group_id: str = ""
    custom_domain_name: str = ""
    definition: Definition | None = msgspec.field(name="resourceConfigurationDefinition", default=None)

    def __post_init__(self) -> None:
        if any(not part.isdigit() for text in self.port_ranges for part in text.split("-", 1)):
            raise ValueError(f"{self.port_ranges} are no port ranges")

    @property
    def group(self) -> str:
        """The id of the configuration that it is a child of; "" for none."""
        return short(self.resource_configuration_group_id)

    def reached_at(self, world: World) -> IntervalSet:
        """Return the addresses of its service networks, and those of its endpoints' interfaces."""
        associations = world.where("service_network_resource_association", "resource_configuration", self.id)
        networks = [world.find("service_network", one.service_network) for one in associations]
        ours = {self.id, self.group} - {""}
        endpoints = [one for one in world.all("vpc_endpoint") if short(one.lattice_arn("resourceconfiguration", world)) in ours]
        interfaces = [world.find("network_interface", id) for one in endpoints for id in one.network_interface_ids]
        known = [one.reached_at(world) for one in networks if one is not None]
        return union([OF_RESOURCES, *known, *(one.private_addresses for one in interfaces if one is not None)])

    def answers_from(self, world: World) -> Place:
        """Return the place where replies come back out of VPC Lattice."""
        return ANSWERS

    def table(self, place: Place, direction: Direction, world: World) -> Table:
        """Return what is served to clients of an endpoint, whose interface stands in `via` (stage `asked`), and what a tunnel leads to."""
        if place.stage == "tunnelled":
            return Table("resource_configuration", [self._tunnelled(place.via, world)])
        lines = lines_of(self.offers(place.via, world), self.id, "EP-14", Arrive(place.via))
        drop = Drop("ELBV2_LISTENER_PORT_RESTRICTION", f"{self.title} is not served on that port")
        return Table("resource_configuration", [*lines, Line("not served on that port", Match(), drop, "EP-14", self.id)])

    def offers(self, asking: str, world: World) -> Iterator[Offer]:
        """Yield on which services it is served, and the way to it; those of its children for a group."""
        if self.type == "GROUP":
            children = world.where("resource_configuration", "group", self.id)
            yield from (offer for one in children for offer in one.offers(asking, world))
            if children or whole("resource_configuration", self.account, world):
                return
        if self.type == "CIDR":
            return
        services = self._services(world)
        title = f"resource {self.title}"
        if services is None:
            text = f"what {self.title} is, and on which ports, is not in the snapshot"
            yield Offer(title, services_of(TCP) | services_of(UDP), unseen(text, self.id, "", world, Arrive(self.id)))
            return
        ways = (Arrive(self.id), *self._ways(asking, world))
        yield Offer(title, services, self.working(Share(ways), "EP-14"))

    def _services(self, world: World) -> IntervalSet | None:
        """Return its services; for a database by its ARN those of the database, None where nobody knows them."""
        protocols = PROTOCOLS.get(self.protocol)
        if protocols is None:
            return None
        ranges = [tuple(map(int, (text.split("-") * 2)[:2])) for text in self.port_ranges]
        if not ranges and self.definition is not None and self.definition.arn_resource is not None:
            databases = named(self.definition.arn_resource.arn, world)
            ranges = [(one.endpoint.port, one.endpoint.port) for one in databases if getattr(one, "endpoint", None)]
        return union(services_of(one, low, high) for one in protocols for low, high in ranges) if ranges else None

    def _ways(self, asking: str, world: World) -> Iterator[Action]:
        gateway: Any = world.find("resource_gateway", short(self.resource_gateway_id))
        if gateway is None and self.group:
            parent = world.find("resource_configuration", self.group)
            gateway = world.find("resource_gateway", short(parent.resource_gateway_id)) if parent is not None else None
        numbers = self._addresses(world)
        if gateway is None:
            yield unseen(f"the resource gateway of {self.title} is not in the snapshot", self.id, "", world)
        elif numbers:
            yield from (gateway.way(number, asking, world) for number in numbers)
        else:
            yield unseen(f"where {self.title} is found is not in the snapshot", self.id, "", world)

    def _addresses(self, world: World) -> list[int]:
        """Return the addresses of the resource, as far as the snapshot knows them."""
        what = self.definition
        if what is None:
            return []
        if what.ip_resource is not None:
            return [address(what.ip_resource.ip_address)]
        if what.dns_resource is not None:
            name = what.dns_resource.domain_name.lower().rstrip(".")
            holders = [one for one in world.everything() if name in one.dns_names()]
        else:
            holders = named(what.arn_resource.arn, world) if what.arn_resource is not None else []
        interfaces = (world.find("network_interface", id) for one in holders for id in one.interface_ids(world))
        return list(dict.fromkeys(number for one in interfaces if one is not None for number in _numbers(one, world)))

    @rule(
        "EP-15",
        says="A tunnel endpoint takes GENEVE on UDP 6081 and leads to every address of a configuration of type CIDR, from its consumers to "
        "the provider only; inside the tunnel goes TCP, and UDP for names alone.",
        source="https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-cidr-ranges.html",
    )
    def _tunnelled(self, asking: str, world: World) -> Line:
        """Return the line that opens the whole network to what comes out of a tunnel: which packets those are, only its sender knows."""
        ranges = self.definition.cidr_resource.cidr_ranges if self.definition and self.definition.cidr_resource else []
        gateway: Any = world.find("resource_gateway", short(self.resource_gateway_id))
        if not ranges or gateway is None:
            text = f"the network of {self.title}, or its resource gateway, is not in the snapshot"
            return Line("not in the snapshot", Match(), unseen(text, self.id, "", world, Arrive(asking)), "EP-15", self.id)
        doubt = conditional(
            f"what {asking} sends through the tunnel into {', '.join(ranges)} is not in the packet", self.id, "EP-15"
        )
        addresses = union(map(prefix, ranges))
        sends = [anywhere(vpc.id) for vpc in world.all("vpc") if vpc.addresses & addresses]
        action = self.working(in_doubt(Share((Arrive(asking), *sends)), doubt), "EP-15")
        return Line(f"a tunnel into {', '.join(ranges)}", Match(), action, "EP-15", self.id)


def named(arn: str, world: World) -> list[Any]:
    """Return the databases and clusters of an ARN."""
    return [one for kind in ("db_instance", "db_cluster") if (one := world.find(kind, arn)) is not None]


def _numbers(interface: Any, world: World) -> list[int]:
    """Return the addresses at which an interface is called; one that a stand-in may have."""
    own = [number for number in interface.primary if number is not None]
    free = free_address(interface, world) if interface.stand_in and not own else None
    return own or ([free] if free is not None else [])
