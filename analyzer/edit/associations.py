"""What is tied to what: subnets, gateways and attachments to route tables, subnets to ACLs, interfaces to security groups."""

from __future__ import annotations

from typing import Any

import msgspec

from ..models.aws.network_acl import AclAssociation
from ..models.aws.transit_gateway_attachment import AttachmentAssociation
from ..models.aws.transit_gateway_route_table import TableAssociation as TransitAssociation
from ..models.errors import QuestionError
from ..models.interface import GroupId
from ..models.route import Association as TableAssociation
from ..models.snapshot import Snapshot
from .file import Association
from .find import LEAVE, Changes, found
from .transit import SEEN, TABLE, Attached, attachment, transit_table

USES = "transit_gateway_associations"


def associated(one: Association, world: Snapshot) -> Changes:
    """Return what a thing is tied to from now on; a subnet, gateway or attachment leaves the table or ACL that it had."""
    if one.interface is not None:
        return _grouped(one, world, joins=True)
    if one.attachment is not None:
        table = transit_table(one.table or "", world)
        return using(table, attachment(one.attachment, table.transit_gateway_id, world), world)
    tied, vpc_id, member = _tied(one, world)
    kind, word, name = _holder(one)
    new = found(name, word, world, kind)
    if new.vpc_id != vpc_id:
        raise QuestionError(f"{new.id} and {tied} are not in the same VPC", hint=f"name a {word} of {vpc_id or 'its VPC'}")
    if tied in getattr(new, f"{member}s"):
        raise QuestionError(f"{tied} is associated with {new.id} already", hint=LEAVE)
    holders = [old for old in world.all(kind) if tied in getattr(old, f"{member}s")]
    changes: Changes = {(kind, old.id): _without(old, member, tied) for old in holders}
    made = AclAssociation(tied) if kind == "network_acl" else msgspec.structs.replace(TableAssociation(), **{member: tied})
    return {**changes, (kind, new.id): msgspec.structs.replace(new, associations=[*new.associations, made])}


def dissociated(one: Association, world: Snapshot) -> Changes:
    """Return what was tied without the tie: a subnet falls back on its VPC's main table or default ACL."""
    if one.interface is not None:
        return _grouped(one, world, joins=False)
    if one.attachment is not None:
        table = transit_table(one.table or "", world)
        return _unused(table, attachment(one.attachment, table.transit_gateway_id, world), world)
    tied, _, member = _tied(one, world)
    kind, word, name = _holder(one)
    old = found(name, word, world, kind)
    if tied not in getattr(old, f"{member}s"):
        raise QuestionError(f"{tied} is not associated with {old.id}", hint=LEAVE)
    return {(kind, old.id): _without(old, member, tied)}


def _tied(one: Association, world: Snapshot) -> tuple[str, str, str]:
    """Return the id of the subnet or gateway, its VPC, and how associations call it."""
    if one.gateway is not None:
        gateway = found(one.gateway, "gateway", world, "internet_gateway", "vpn_gateway")
        return gateway.id, gateway.vpc_id, "gateway_id"
    subnet = found(one.subnet or "", "subnet", world, "subnet")
    return subnet.id, subnet.vpc_id, "subnet_id"


def _holder(one: Association) -> tuple[str, str, str]:
    """Return the kind of what it is tied to, the word for it, and how the edit names it."""
    return ("network_acl", "network ACL", one.acl) if one.acl is not None else ("route_table", "route table", one.table or "")


def _without(holder: Any, member: str, tied: str) -> Any:
    kept = [each for each in holder.associations if getattr(each, member, "") != tied]
    return msgspec.structs.replace(holder, associations=kept)


# ---------------------------------------------------------------------- attachments of transit gateways
def using(table: Any, at: Attached, world: Snapshot) -> Changes:
    """Return an attachment that uses a table from now on, and no other one of its gateway."""
    if table.id in _used(table, at, world):
        raise QuestionError(f"{at.id} is associated with {table.id} already", hint=LEAVE)
    changes = unused(table.transit_gateway_id, at, world)
    seen, listed = world.find(SEEN, f"{at.id}@{table.transit_gateway_id}"), world.find(USES, table.id)
    if seen is not None:
        changes[SEEN, seen.id] = msgspec.structs.replace(seen, association=AttachmentAssociation(table.id))
    if listed is not None:
        made = TransitAssociation(at.id)
        changes[USES, table.id] = msgspec.structs.replace(listed, associations=[*listed.associations, made])
    elif seen is None:
        hint = "collect them: `aws ec2 describe-transit-gateway-attachments`"
        raise QuestionError(f"what {table.id} is associated with is not in the snapshot", hint=hint)
    return changes


def _unused(table: Any, at: Attached, world: Snapshot) -> Changes:
    if table.id not in _used(table, at, world):
        raise QuestionError(f"{at.id} is not associated with {table.id}", hint=LEAVE)
    return unused(table.transit_gateway_id, at, world)


def unused(gateway_id: str, at: Attached, world: Snapshot) -> Changes:
    """Return an attachment of a gateway that uses no table."""
    changes: Changes = {}
    seen = world.find(SEEN, f"{at.id}@{gateway_id}")
    if seen is not None and seen.association is not None:
        changes[SEEN, seen.id] = msgspec.structs.replace(seen, association=None)
    for listed in _listings(gateway_id, world):
        if at.id in listed.attachment_ids:
            kept = [one for one in listed.associations if one.transit_gateway_attachment_id != at.id]
            changes[USES, listed.id] = msgspec.structs.replace(listed, associations=kept)
    return changes


def _used(table: Any, at: Attached, world: Snapshot) -> set[str]:
    """Return the tables that an attachment uses, as either of two answers of the API says."""
    seen = world.find(SEEN, f"{at.id}@{table.transit_gateway_id}")
    tables = {listed.id for listed in _listings(table.transit_gateway_id, world) if at.id in listed.attachment_ids}
    if seen is not None and seen.association is not None and seen.association.state == "associated":
        tables = tables or {seen.association.transit_gateway_route_table_id}
    return tables


def _listings(gateway_id: str, world: Snapshot) -> list[Any]:
    """Return what is associated with each table of a gateway, where the snapshot holds it; both ends of a peering share an id."""
    tables = world.where(TABLE, "transit_gateway_id", gateway_id)
    return [listed for table in tables if (listed := world.find(USES, table.id)) is not None]


# ---------------------------------------------------------------------- interfaces
def _grouped(one: Association, world: Snapshot, *, joins: bool) -> Changes:
    interface = found(one.interface or "", "interface", world, "network_interface")
    group = found(one.group or "", "security group", world, "security_group")
    if joins and group.vpc_id != interface.vpc_id:
        raise QuestionError(f"{group.id} and {interface.id} are not in the same VPC", hint=f"name a group of {interface.vpc_id}")
    carries = group.id in interface.group_ids
    if carries == joins:
        raise QuestionError(f"{interface.id} {'carries' if carries else 'does not carry'} {group.id}", hint=LEAVE)
    if not interface.group_ids:
        raise QuestionError(f"{interface.id} carries no group, and takes none", hint="name an interface that has groups")
    kept = [each for each in interface.groups if each.group_id != group.id]
    if not joins and not kept:
        raise QuestionError(f"{group.id} is the only group of {interface.id}", hint="`isolate` it, or add another group before")
    groups = [*kept, GroupId(group.id)] if joins else kept
    return {("network_interface", interface.id): interface.with_groups(groups)}
