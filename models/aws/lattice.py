"""VPC Lattice itself: what the VPCs send to its addresses, and how replies come back out of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from ..component import Component, World
from ..lattice import ANSWERS, LATTICE, OF_RESOURCES, OF_SERVICES, ROUTE_TARGET, sources, unseen
from ..packet import EVERY_ADDRESS, NOTHING, IntervalSet, union
from ..rule import rule
from ..table import Action, Arrive, Direction, Drop, Line, Match, Place, Send, Session, Share, Table

ENDPOINTS = ("resource", "servicenetwork", "tunnel")


class VpcLattice(Component, kw_only=True):
    """The network of AWS behind the addresses of VPC Lattice, the same for every VPC."""

    kind: ClassVar[str] = "vpc_lattice"

    @property
    def id(self) -> str:
        """Always `vpc-lattice`."""
        return LATTICE

    def passes_on(self, world: World) -> bool:
        """Return whether anything shows that it is in use."""
        return bool(self.reached_at(world))

    def reached_at(self, world: World) -> IntervalSet:
        """Return its addresses, where something in the snapshot shows that it is in use, and those of endpoints that lead into it."""
        traces = ("service_network", "lattice_service", "lattice_target_group")
        routed = any(one.target == ROUTE_TARGET for table in world.all("route_table") for one in table.routes)
        in_use = routed or any(world.all(kind) for kind in traces)
        endpoints = [one for one in world.all("vpc_endpoint") if one.type in ENDPOINTS]
        interfaces = [world.find("network_interface", id) for one in endpoints for id in one.network_interface_ids]
        return union(
            [
                OF_SERVICES | OF_RESOURCES | sources(world) if in_use else NOTHING,
                *(one.private_addresses for one in interfaces if one is not None),
            ]
        )

    def table(self, place: Place, direction: Direction, world: World) -> Table:
        """Return what becomes of packets from a VPC (stage `asked`); replies that belong to no connection end."""
        if direction is Direction.REPLY or place.stage != "asked":
            drop = Drop("", "VPC Lattice knows no connection that this reply belongs to")
            return Table(LATTICE, [self._line("reply to nothing of its own", drop, "LAT-1")])
        return Table(LATTICE, list(self._asked(place.via, world)))

    def _line(self, title: str, action: Action, rule_id: str, match: Match | None = None, resource: str = LATTICE) -> Line:
        return Line(title, match or Match(), action, rule_id, resource)

    @rule(
        "LAT-4",
        says="The association of a VPC serves clients inside that VPC only; those who come by peering, transit gateway, VPN or Direct "
        "Connect need an endpoint of the service network, which has interfaces and groups like any other.",
        source="https://docs.aws.amazon.com/vpc-lattice/latest/ug/service-network-associations.html",
    )
    def _asked(self, vpc_id: str, world: World) -> Iterator[Line]:
        vpc = world.find("vpc", vpc_id)
        if vpc is not None:
            drop = Drop("", f"the association of {vpc_id} serves clients inside the VPC only")
            outside = Match(sources=EVERY_ADDRESS - vpc.addresses)
            yield self._line("a client outside the VPC", drop, "LAT-4", outside, vpc_id)
        associations = world.where("service_network_vpc_association", "vpc_id", vpc_id)
        session = Session((ANSWERS,), Place(vpc_id, "delivers"))
        ways = tuple(Send(Place(one.id, "admits"), session=session) for one in associations)
        if ways:
            yield self._line("associated with a service network", ways[0] if len(ways) == 1 else Share(ways), "LAT-1")
            return
        routed = any(one.target == ROUTE_TARGET for table in world.where("route_table", "vpc_id", vpc_id) for one in table.routes)
        if world.collected("service_network_vpc_association", world.keeper(vpc_id)) and not routed:
            drop = Drop("", f"{vpc_id} is associated with no service network")
            yield self._line("associated with no service network", drop, "LAT-1", resource=vpc_id)
            return
        text = f"which service network {vpc_id} is associated with is not in the snapshot"
        yield self._line(
            "association not in the snapshot", unseen(text, vpc_id, "", world, Arrive(LATTICE)), "LAT-1", resource=vpc_id
        )
