"""Peering connections between VPCs, made and taken away."""

from __future__ import annotations

from typing import Any

import msgspec

from ..models.aws.vpc_peering import PeerCidr, PeeringStatus, PeerSide, VpcPeering
from ..models.errors import QuestionError, near, quoted
from ..models.packet import EVERY_V4
from ..models.snapshot import Snapshot
from .attachments import in_force
from .file import Peering
from .find import LEAVE, Changes, found, refuse_unknown

PEERING = "vpc_peering"
DELETED = "deleted"


def peered(one: Peering, world: Snapshot) -> Changes:
    """Return an active connection between two VPCs; raises QuestionError where there is one, or where their ranges overlap.

    A connection of this id that carries nothing, as it was not accepted or is deleted, is made anew.
    """
    if one.vpcs is None:
        raise QuestionError("a peering that is added needs two VPCs", hint="`vpcs: [ONE, OTHER]`")
    refuse_unknown(world, PEERING)
    near_side, far_side = (found(each, "VPC", world, "vpc") for each in one.vpcs)
    ids = {near_side.id, far_side.id}
    if len(ids) == 1:
        raise QuestionError(f"{near_side.id} cannot be peered with itself", hint="name two VPCs")
    known = next((each for each in world.all(PEERING) if each.active and set(each.vpc_ids) == ids), None)
    if known is not None:
        raise QuestionError(f"{near_side.id} and {far_side.id} are peered already, by {known.id}", hint=LEAVE)
    if near_side.addresses & far_side.addresses & EVERY_V4:
        raise QuestionError(
            f"the ranges of {near_side.id} and {far_side.id} overlap: AWS peers no such VPCs", hint="name other VPCs"
        )
    id = one.id or f"peering-of-{near_side.id}-and-{far_side.id}"
    old = world.find(PEERING, id)
    if old is not None and set(old.vpc_ids) != ids:
        raise QuestionError(f"`{id[:60]}` is between other VPCs: {quoted(old.vpc_ids)}", hint="write another `id`")
    made = VpcPeering(vpc_peering_connection_id=id, requester_vpc_info=_side(near_side), accepter_vpc_info=_side(far_side))
    changes: Changes = {(PEERING, id): made}
    for vpc_id in sorted(ids):
        changes |= in_force(id, vpc_id, world)
    return changes


def _side(vpc: Any) -> PeerSide:
    v4, v6 = ([cidr for cidr in vpc.cidrs if (":" in cidr) is family] for family in (False, True))
    return PeerSide(
        vpc_id=vpc.id,
        owner_id=vpc.owner_id or vpc.account,
        region=vpc.region,
        cidr_block=next(iter(v4), ""),
        cidr_block_set=[PeerCidr(cidr_block=cidr) for cidr in v4],
        ipv6_cidr_block_set=[PeerCidr(ipv6_cidr_block=cidr) for cidr in v6],
    )


def parted(one: Peering, world: Snapshot) -> Changes:
    """Return the connection as it is once it is deleted: routes still name it, and lead nowhere."""
    connection = _named(one, world)
    if one.vpcs is not None:
        ids = {found(each, "VPC", world, "vpc").id for each in one.vpcs}
        if set(connection.vpc_ids) != ids:
            raise QuestionError(
                f"{connection.id} is between other VPCs: {quoted(connection.vpc_ids)}", hint="name one of the two ways"
            )
    return {(PEERING, connection.id): msgspec.structs.replace(connection, status=PeeringStatus(DELETED))}


def _named(one: Peering, world: Snapshot) -> Any:
    """Return the connection that an edit means: by its id, else by its VPCs."""
    there = [each for each in world.all(PEERING) if each.status.code != DELETED]
    if one.id is not None:
        connection = next((each for each in there if one.id in (each.id, *each.names())), None)
        close = near(one.id, [each.id for each in there])
        if connection is None:
            hint = f"did you mean {quoted(close)}?" if close else "`reach list` lists every resource"
            raise QuestionError(f"no peering is called `{one.id[:60]}`", hint=hint)
        return connection
    ids = {found(each, "VPC", world, "vpc").id for each in one.vpcs or ()}
    between = [each for each in there if set(each.vpc_ids) == ids]
    if not between:
        raise QuestionError(f"{' and '.join(sorted(ids))} are not peered", hint=LEAVE)
    return next((each for each in between if each.active), between[0])
