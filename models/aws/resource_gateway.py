"""Resource gateways of VPC Lattice: interfaces in the provider's VPC, from which resources are called."""

from __future__ import annotations

from typing import Any, ClassVar

from ..component import World, conditional
from ..lattice import ANSWERS, LatticeShape, documents_of, free_address, short
from ..managed import ManagedShape
from ..packet import V6
from ..rule import rule
from ..table import UNTOLD, Action, Arrive, Choose, Direction, Drop, Line, Match, Place, Send, Session, Table


class ResourceGateway(ManagedShape, LatticeShape, rename="camel", kw_only=True):
    """A resource gateway: GetResourceGateway and ListResourceGateways."""

    kind: ClassVar[str] = "resource_gateway"
    endpoint_kind: ClassVar[str] = "resource-gateway"
    signs: ClassVar[tuple[str, ...]] = ("lattice", "resource gateway", "resource-gateway", "rgw-")
    own_arn: ClassVar[tuple[str, ...]] = ("resourcegateway",)
    documents = documents_of("ResourceGateways", "GetResourceGateway", "ListResourceGateways", "resourceGatewayIdentifier")
    prepares = ("vpcId",)

    vpc_identifier: str = ""
    subnet_ids: list[str] = []
    security_group_ids: list[str] = []

    @classmethod
    def prepared(cls, row: dict[str, Any]) -> dict[str, Any]:
        """Return the row with its VPC where `list-resource-gateways` says it."""
        return {**row, "vpcIdentifier": row.get("vpcIdentifier") or row.get("vpcId") or ""}

    @property
    def vpc_id(self) -> str:
        """Its VPC."""
        return short(self.vpc_identifier)

    @property
    def label(self) -> str:
        """The gateway id: names need not be unique."""
        return self.id

    @property
    def group_ids(self) -> frozenset[str]:
        """The groups that filter what it sends."""
        return frozenset(self.security_group_ids)

    def subnets_of(self, world: World) -> list[str]:
        """Return its subnets."""
        return self.subnet_ids

    def takes(self, interface_id: str, world: World) -> Place:
        """Return the place that refuses what comes to its interface: a gateway only calls."""
        return Place(self.id, "contacted", interface_id)

    def table(self, place: Place, direction: Direction, world: World) -> Table:
        """Return the one line of stage `contacted`."""
        drop = Drop("", f"{self.title} only calls, and takes no packets")
        action: Action = Arrive(place.via) if direction is Direction.REPLY else drop
        return Table("resource_gateway", [Line("a resource gateway only calls", Match(), action, "EP-14", self.id)])

    @rule(
        "EP-14",
        says="A resource endpoint, or a service network, leads to a resource by a resource gateway in the provider's VPC: the resource "
        "sees the gateway's address, and the gateway's groups decide what it may call. The zone of the endpoint must be one of its own.",
        source="https://docs.aws.amazon.com/vpc/latest/privatelink/resource-gateway.html",
    )
    def way(self, number: int, asking: str, world: World) -> Action:
        """Return the connection to a resource's address, its port kept, from the interface of the zone that asks, else from any."""
        every = [one for id in self.interface_ids(world) if (one := world.find("network_interface", id)) is not None]
        near = self._near(every, asking, world)
        sends = tuple(send for one in near if (send := self._from(one, number, world)) is not None)
        if not sends:
            return Drop(
                "", f"{self.title} has no interface in the zone of {asking}" if every else f"{self.title} has no interface"
            )
        doubt = conditional(f"which interface of {self.title} calls is not in the configuration", self.id, "EP-14")
        return sends[0] if len(sends) == 1 else Choose(sends, doubt)

    def _near(self, every: list[Any], asking: str, world: World) -> list[Any]:
        """Return the interfaces in the zone of the endpoint's interface that asks; all of them where nobody knows the zone."""
        zone = _zone(world.find("network_interface", asking), world)
        zones = {one.id: _zone(one, world) for one in every}
        return [one for one in every if not zone or zones[one.id] in ("", zone)]

    def _from(self, own: Any, number: int, world: World) -> Send | None:
        source = own.primary[number >= V6]
        if source is None and own.stand_in:
            source = free_address(own, world)
        if source is None:
            return None
        session = Session((Place(self.id, "contacted", own.id),), ANSWERS, remaps_ports=True)
        # Nobody knows which address of the subnet a stand-in has, nor thus what the groups of the resource say of it.
        realm = UNTOLD if own.stand_in else own.vpc_id
        return Send(Place(own.id, "groups out"), source, number, realm=realm, session=session)


def _zone(interface: Any, world: World) -> str:
    subnet = world.find("subnet", interface.subnet_id) if interface is not None else None
    return str(subnet.zone) if subnet is not None else ""
