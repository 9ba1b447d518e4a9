"""Attachments: of internet, egress-only and virtual private gateways to VPCs; others are told apart here, and made elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from ..models.aws.vpn_gateway import VpcAttachment
from ..models.errors import QuestionError
from ..models.gateway import GatewayAttachment
from ..models.snapshot import Snapshot
from .connections import ended, filled_tables, joined, without_propagated
from .file import Attachment
from .find import LEAVE, Changes, found
from .spokes import branched, cut

GATEWAYS = ("internet_gateway", "egress_only_internet_gateway", "vpn_gateway")
TRANSIT = "transit_gateway"


def attached(one: Attachment, world: Snapshot) -> Changes:
    """Return a gateway with one more VPC or VPN connection; raises QuestionError where that, or the gateway, is taken."""
    return _maker(one, world, joined, branched, _attached)(one, world)


def detached(one: Attachment, world: Snapshot) -> Changes:
    """Return a gateway without a VPC or VPN connection; raises QuestionError where it is not at this one."""
    return _maker(one, world, ended, cut, _detached)(one, world)


Maker = Callable[[Attachment, Snapshot], Changes]


def _maker(one: Attachment, world: Snapshot, connection: Maker, transit: Maker, gateway: Maker) -> Maker:
    """Return which of three makes the attachment: that of a connection, of a transit gateway, or of another one."""
    if one.connection is not None:
        return connection
    if found(one.gateway, "gateway", world, *GATEWAYS, TRANSIT).kind == TRANSIT:
        return transit
    if one.model_fields_set & {"subnets", "ipv6", "id"}:
        raise QuestionError(f"{one.gateway[:60]} is no transit gateway", hint="write `gateway` and `vpc` alone")
    return gateway


def _attached(one: Attachment, world: Snapshot) -> Changes:
    """Return the gateway at a VPC, and routes to it that were blackholes in force."""
    gateway, vpc = found(one.gateway, "gateway", world, *GATEWAYS), found(one.vpc or "", "VPC", world, "vpc")
    if gateway.vpc_id:
        raise QuestionError(f"{gateway.id} is attached to {gateway.vpc_id}", hint="remove that attachment before")
    if any(other.vpc_id == vpc.id for other in world.all(gateway.kind)):
        raise QuestionError(f"{vpc.id} has a gateway of that kind already", hint="remove its attachment before")
    changes: Changes = {(gateway.kind, gateway.id): _at(gateway, vpc.id), **in_force(gateway.id, vpc.id, world)}
    if gateway.kind == "vpn_gateway":
        twin = world.edited(changes)
        for connection in gateway.connections(world):
            changes |= filled_tables(connection, vpc.id, gateway.id, twin)
            twin = world.edited(changes)
    return changes


def _detached(one: Attachment, world: Snapshot) -> Changes:
    """Return the gateway at no VPC; what it told the route tables of its VPC is gone with it."""
    gateway, vpc = found(one.gateway, "gateway", world, *GATEWAYS), found(one.vpc or "", "VPC", world, "vpc")
    if gateway.vpc_id != vpc.id:
        raise QuestionError(f"{gateway.id} is not attached to {vpc.id}", hint=LEAVE)
    return {(gateway.kind, gateway.id): _at(gateway, ""), **without_propagated(gateway.id, vpc.id, world)}


def _at(gateway: Any, vpc_id: str) -> Any:
    if gateway.kind == "vpn_gateway":
        return msgspec.structs.replace(gateway, vpc_attachments=[VpcAttachment(vpc_id)] if vpc_id else [])
    return msgspec.structs.replace(gateway, attachments=[GatewayAttachment(vpc_id)] if vpc_id else [])


def in_force(target: str, vpc_id: str, world: Snapshot) -> Changes:
    """Return the route tables of a VPC in which routes to a target that was gone, which are blackholes, lead there again."""
    changes: Changes = {}
    for table in world.where("route_table", "vpc_id", vpc_id):
        if any(route.target == target and route.state == "blackhole" for route in table.routes):
            routes = [_active(route) if route.target == target else route for route in table.routes]
            changes["route_table", table.id] = msgspec.structs.replace(table, routes=routes)
    return changes


def _active(route: Any) -> Any:
    return msgspec.structs.replace(route, state="active")
