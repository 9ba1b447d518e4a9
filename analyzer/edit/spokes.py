"""Attachments of transit gateways, made and taken away, with all that names them: routes, associations, propagations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from ..models.aws.transit_gateway import TransitGatewayVpcAttachment, VpcAttachmentOptions
from ..models.aws.transit_gateway_attachment import TransitGatewayAttachment
from ..models.errors import QuestionError
from ..models.snapshot import Snapshot
from ..models.transit_route import TransitRoute
from .associations import unused, using
from .file import Attachment
from .find import LEAVE, Changes, found, refuse_unknown
from .transit import OF_VPC, REFERENCE, SEEN, STATIC, TABLE, WHOLE, Attached, attachments, emptying, filling, without

TRANSIT = "transit_gateway"
# An attachment in such a state is there in name alone.
GONE = ("deleted", "failed", "rejected")


def branched(one: Attachment, world: Snapshot) -> Changes:
    """Return a VPC attached to a transit gateway, by a subnet in each zone; it uses and fills the gateway's default tables.

    Raises QuestionError where it is attached, or the subnets are not of the VPC, or two of one zone.
    """
    gateway, vpc = found(one.gateway, "gateway", world, TRANSIT), found(one.vpc or "", "VPC", world, "vpc")
    refuse_unknown(world, OF_VPC)
    refuse_unknown(world, SEEN)
    id = one.id or f"attachment-of-{vpc.id}"
    old = [each for each in world.where(OF_VPC, "transit_gateway_id", gateway.id) if each.vpc_id == vpc.id]
    taken = next((each for each in old if each.state not in GONE), None)
    if taken is not None:
        raise QuestionError(
            f"{vpc.id} is attached to {gateway.id} by {taken.id} ({taken.state})", hint="remove that attachment before"
        )
    if world.find(OF_VPC, id) is not None:
        raise QuestionError(f"there is an attachment `{id[:60]}` already", hint="write another `id`")
    subnets = _landing(one, vpc, world)
    whose = {"owner_id": vpc.owner_id, "account": vpc.account, "region": vpc.region, "transit_gateway_attachment_id": id}
    options = VpcAttachmentOptions(ipv6_support="enable" if one.ipv6 else "disable")
    made = TransitGatewayVpcAttachment(transit_gateway_id=gateway.id, vpc_id=vpc.id, subnet_ids=subnets, options=options, **whose)
    seen = TransitGatewayAttachment(transit_gateway_id=gateway.id, resource_type="vpc", resource_id=vpc.id, **whose)
    changes: Changes = {(OF_VPC, each.id): None for each in old}
    changes |= {(OF_VPC, id): made, (SEEN, seen.id): seen}
    return {**changes, **welcomed(gateway, Attached(id, "vpc", vpc.id), world.edited(changes))}


def _landing(one: Attachment, vpc: Any, world: Snapshot) -> list[str]:
    """Return the ids of the subnets in which an attachment stands."""
    if one.subnets is None:
        raise QuestionError("an attachment of a transit gateway needs subnets", hint="`subnets: [ONE OF EACH ZONE]`")
    subnets = [found(each, "subnet", world, "subnet") for each in one.subnets]
    strange = next((each for each in subnets if each.vpc_id != vpc.id), None)
    if strange is not None:
        raise QuestionError(f"{strange.id} is no subnet of {vpc.id}", hint=f"name subnets of {vpc.id}")
    if len({each.zone for each in subnets}) < len(subnets):
        raise QuestionError("two of the subnets are in one zone", hint="name one of each zone")
    return [each.id for each in subnets]


def welcomed(gateway: Any, at: Attached, world: Snapshot) -> Changes:
    """Return the tables that a new attachment uses and fills by itself, as the options of its gateway say."""
    options, changes = gateway.options, Changes()
    uses = world.find(TABLE, options.association_default_route_table_id)
    if options.default_route_table_association == "enable" and uses is not None:
        changes |= using(uses, at, world)
    fills = world.find(TABLE, options.propagation_default_route_table_id)
    if options.default_route_table_propagation == "enable" and fills is not None:
        changes |= filling(fills, at, world.edited(changes))
    return changes


def cut(one: Attachment, world: Snapshot) -> Changes:
    """Return a transit gateway without a VPC: what filled its tables from there is gone, static routes to it lead nowhere."""
    gateway, vpc = found(one.gateway, "gateway", world, TRANSIT), found(one.vpc or "", "VPC", world, "vpc")
    return severed(gateway, vpc.id, world)


def severed(gateway: Any, resource: str, world: Snapshot) -> Changes:
    """Return a transit gateway without the attachment of a VPC or connection."""
    at = next((each for each in attachments(gateway.id, world) if each.resource == resource), None)
    if at is None:
        raise QuestionError(f"{resource} is not attached to {gateway.id}", hint=LEAVE)
    changes = unused(gateway.id, at, world)
    # In this order: what may stand behind a propagated route is asked while the attachment is still there.
    for table in world.where(TABLE, "transit_gateway_id", gateway.id):
        changes |= emptying(table, at, world)
        changes |= _leading_nowhere(table, at, world.edited(changes))
    gone = ((OF_VPC, at.id), (SEEN, f"{at.id}@{gateway.id}"))
    return {**changes, **{key: None for key in gone if world.find(*key) is not None}}


def _leading_nowhere(table: Any, at: Attached, world: Snapshot) -> Changes:
    """Return a table in which static routes to an attachment are blackholes, as AWS leaves them."""
    changes: Changes = {}
    for kind in (WHOLE, STATIC):
        holder = world.find(kind, table.id)
        if holder is not None:
            changes[kind, holder.id] = msgspec.structs.replace(holder, routes=list(_blackholes(holder.routes, at)))
    for row in world.where(REFERENCE, "transit_gateway_route_table_id", table.id):
        leads = row.transit_gateway_attachment
        if leads is not None and leads.transit_gateway_attachment_id == at.id:
            changes[REFERENCE, row.id] = msgspec.structs.replace(row, blackhole=True, transit_gateway_attachment=None)
    return changes


def _blackholes(routes: list[TransitRoute], at: Attached) -> Iterator[TransitRoute]:
    for route, left in zip(routes, without(routes, at.id), strict=True):
        lost = route.transit_gateway_attachments and not left.transit_gateway_attachments
        yield msgspec.structs.replace(left, state="blackhole") if lost else left
