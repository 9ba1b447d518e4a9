"""VPN connections on virtual private and transit gateways, and what a virtual private gateway fills route tables with."""

from __future__ import annotations

from typing import Any

import msgspec

from ..models.aws.transit_gateway_attachment import TransitGatewayAttachment
from ..models.errors import QuestionError
from ..models.route import Route
from ..models.snapshot import Snapshot
from .file import Attachment
from .find import LEAVE, Changes, found, refuse_unknown
from .spokes import severed, welcomed
from .transit import SEEN, Attached

CONNECTION, TRANSIT = "vpn_connection", "transit_gateway"
TOLD = "EnableVgwRoutePropagation"


def joined(one: Attachment, world: Snapshot) -> Changes:
    """Return a VPN connection that ends at a gateway; raises QuestionError where it ends at one already."""
    gateway = found(one.gateway, "gateway", world, "vpn_gateway", TRANSIT)
    connection = found(one.connection or "", "VPN connection", world, CONNECTION)
    held = connection.vpn_gateway_id or connection.transit_gateway_id
    if held:
        raise QuestionError(f"{connection.id} ends at {held}", hint="remove that attachment before")
    if gateway.kind == TRANSIT:
        return _on_transit(gateway, connection, world)
    changes: Changes = {(CONNECTION, connection.id): msgspec.structs.replace(connection, vpn_gateway_id=gateway.id)}
    return {**changes, **filled_tables(connection, gateway.vpc_id, gateway.id, world)}


def _on_transit(gateway: Any, connection: Any, world: Snapshot) -> Changes:
    refuse_unknown(world, SEEN)
    at = Attached(f"attachment-of-{connection.id}", "vpn", connection.id)
    seen = TransitGatewayAttachment(
        transit_gateway_attachment_id=at.id,
        transit_gateway_id=gateway.id,
        resource_type="vpn",
        resource_id=connection.id,
        owner_id=connection.owner_id,
        account=connection.account,
    )
    changes: Changes = {
        (CONNECTION, connection.id): msgspec.structs.replace(connection, transit_gateway_id=gateway.id),
        (SEEN, seen.id): seen,
    }
    return {**changes, **welcomed(gateway, at, world.edited(changes))}


def ended(one: Attachment, world: Snapshot) -> Changes:
    """Return a VPN connection that ends at no gateway, and what this gateway learned from it gone."""
    gateway = found(one.gateway, "gateway", world, "vpn_gateway", TRANSIT)
    connection = found(one.connection or "", "VPN connection", world, CONNECTION)
    if gateway.id not in (connection.vpn_gateway_id, connection.transit_gateway_id):
        raise QuestionError(f"{connection.id} does not end at {gateway.id}", hint=LEAVE)
    changes: Changes = {
        (CONNECTION, connection.id): msgspec.structs.replace(connection, vpn_gateway_id="", transit_gateway_id="")
    }
    if gateway.kind == TRANSIT:
        return {**changes, **severed(gateway, connection.id, world)}
    left = [each for each in gateway.connections(world) if each.id != connection.id]
    if not left:
        return {**changes, **without_propagated(gateway.id, gateway.vpc_id, world)}
    if _propagating(gateway.vpc_id, gateway.id, world) and not all(map(_static, [connection, *left])):
        raise QuestionError(
            f"what {gateway.id} would tell route tables then is told by BGP", hint="edit the routes of these tables instead"
        )
    changes |= without_propagated(gateway.id, gateway.vpc_id, world)
    for each in left:
        changes |= filled_tables(each, gateway.vpc_id, gateway.id, world.edited(changes))
    return changes


def _static(connection: Any) -> bool:
    return bool(connection.options.static_routes_only)


def _propagating(vpc_id: str, gateway_id: str, world: Snapshot) -> list[Any]:
    """Return the route tables of a VPC that a gateway fills."""
    tables = world.where("route_table", "vpc_id", vpc_id) if vpc_id else ()
    return [one for one in tables if any(each.get("GatewayId") == gateway_id for each in one.propagating_vgws or ())]


def filled_tables(connection: Any, vpc_id: str, gateway_id: str, world: Snapshot) -> Changes:
    """Return the route tables that a gateway fills, with the static routes of one more connection.

    Raises QuestionError where BGP tells them something: nobody knows what.
    """
    changes: Changes = {}
    for table in _propagating(vpc_id, gateway_id, world):
        if not _static(connection):
            text = f"what {connection.id} would tell {table.id} is told by BGP"
            raise QuestionError(text, hint="edit the routes of this table instead")
        listed = {route.destination for route in table.routes}
        blocks = dict.fromkeys(each.destination_cidr_block for each in connection.routes if each.state != "deleted")
        new = [_told(block, gateway_id) for block in blocks if block and block not in listed]
        changes["route_table", table.id] = msgspec.structs.replace(table, routes=[*table.routes, *new])
    return changes


def _told(block: str, gateway_id: str) -> Route:
    side = {"destination_ipv6_cidr_block" if ":" in block else "destination_cidr_block": block}
    return Route(gateway_id=gateway_id, origin=TOLD, **side)  # type: ignore[arg-type]


def without_propagated(gateway_id: str, vpc_id: str, world: Snapshot) -> Changes:
    """Return the route tables of a VPC without what a gateway told them: wider routes take over."""
    changes: Changes = {}
    for table in world.where("route_table", "vpc_id", vpc_id) if vpc_id else ():
        kept = [route for route in table.routes if not (route.origin == TOLD and route.target == gateway_id)]
        if len(kept) < len(table.routes):
            changes["route_table", table.id] = msgspec.structs.replace(table, routes=kept)
    return changes
