"""Where else a packet could go at a table of routes, by one edit that its lines do not tell of."""

from __future__ import annotations

from collections.abc import Iterator

from ..flow import State
from ..models.snapshot import Snapshot
from ..models.table import Action, Choose, Direction, Drop, Place, Send, Share
from .locks import TRANSIT_TABLE, Key

# An action, and the edit that it takes; None where it is a route of this table.
Detour = tuple[Action, Key | None]


def detours(world: Snapshot, state: State, direction: Direction, kind: str) -> Iterator[Detour]:
    """Yield where a packet goes by a route that the table could have, or by the tables that could stand in its place."""
    place = state.place
    if kind == TRANSIT_TABLE:
        table = world.find(TRANSIT_TABLE, place.resource)
        for one in world.where("transit_gateway_attachment", "transit_gateway_id", table.transit_gateway_id):
            known = world.find("transit_gateway_vpc_attachment", one.transit_gateway_attachment_id)
            yield Send(Place(one.id if known is None else known.id, "leads", place.via)), None
        return
    table, subnet = world.find("route_table", place.resource), world.find("subnet", place.via)
    vpc = world.find("vpc", table.vpc_id) if table is not None else None
    if vpc is not None and state.packet.target in vpc.addresses:
        # A local route that leads elsewhere is led back.
        yield Send(Place(vpc.id, "delivers")), None
    for other in world.where("route_table", "vpc_id", table.vpc_id) if table is not None and subnet is not None else ():
        if other.id != table.id:
            there = world.table(Place(other.id, place.stage, place.via), direction).first(state.packet, state.realm)
            yield from ((one, ("table", subnet.id, "")) for one in every(there.action) if not isinstance(one, Drop))


def every(action: Action) -> Iterator[Action]:
    """Yield what may happen."""
    if isinstance(action, Choose | Share):
        for one in action.actions:
            yield from every(one)
    else:
        yield action
