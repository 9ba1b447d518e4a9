"""What is tied to what: gateways to VPCs, subnets to route tables and ACLs, interfaces to security groups."""

from __future__ import annotations

from typing import Any

import msgspec

from ..models.aws.network_acl import AclAssociation
from ..models.aws.vpn_gateway import VpcAttachment
from ..models.component import Component
from ..models.errors import QuestionError
from ..models.gateway import GatewayAttachment
from ..models.interface import GroupId
from ..models.route import Association as TableAssociation
from ..models.snapshot import Snapshot
from .file import Association, Attachment
from .find import found

Changes = dict[tuple[str, str], Component | None]
GATEWAYS = ("internet_gateway", "egress_only_internet_gateway", "vpn_gateway")
LEAVE = "leave the edit out"


# ---------------------------------------------------------------------- gateways
def attached(one: Attachment, world: Snapshot) -> Changes:
    """Return the gateway at a VPC, and routes to it that were blackholes in force; raises QuestionError for a gateway that is taken."""
    gateway, vpc = found(one.gateway, "gateway", world, *GATEWAYS), found(one.vpc, "VPC", world, "vpc")
    if gateway.vpc_id:
        raise QuestionError(f"{gateway.id} is attached to {gateway.vpc_id}", hint="remove that attachment before")
    if any(other.vpc_id == vpc.id for other in world.all(gateway.kind)):
        raise QuestionError(f"{vpc.id} has a gateway of that kind already", hint="remove its attachment before")
    changes: Changes = {(gateway.kind, gateway.id): _at(gateway, vpc.id)}
    for table in world.where("route_table", "vpc_id", vpc.id):
        if any(route.target == gateway.id and route.state == "blackhole" for route in table.routes):
            routes = [_active(route) if route.target == gateway.id else route for route in table.routes]
            changes["route_table", table.id] = msgspec.structs.replace(table, routes=routes)
    return changes


def detached(one: Attachment, world: Snapshot) -> Changes:
    """Return the gateway at no VPC; raises QuestionError where it is not at this one."""
    gateway, vpc = found(one.gateway, "gateway", world, *GATEWAYS), found(one.vpc, "VPC", world, "vpc")
    if gateway.vpc_id != vpc.id:
        raise QuestionError(f"{gateway.id} is not attached to {vpc.id}", hint=LEAVE)
    return {(gateway.kind, gateway.id): _at(gateway, "")}


def _at(gateway: Any, vpc_id: str) -> Any:
    if gateway.kind == "vpn_gateway":
        return msgspec.structs.replace(gateway, vpc_attachments=[VpcAttachment(vpc_id)] if vpc_id else [])
    return msgspec.structs.replace(gateway, attachments=[GatewayAttachment(vpc_id)] if vpc_id else [])


def _active(route: Any) -> Any:
    return msgspec.structs.replace(route, state="active")


# ---------------------------------------------------------------------- subnets and interfaces
def associated(one: Association, world: Snapshot) -> Changes:
    """Return what a subnet or interface is tied to from now on; a subnet leaves the table or ACL that it had."""
    if one.subnet is None:
        return _grouped(one, world, joins=True)
    subnet = found(one.subnet, "subnet", world, "subnet")
    kind, word, name = _tied(one)
    new = found(name, word, world, kind)
    if new.vpc_id != subnet.vpc_id:
        raise QuestionError(f"{new.id} and {subnet.id} are not in the same VPC", hint=f"name a {word} of {subnet.vpc_id}")
    if subnet.id in new.subnet_ids:
        raise QuestionError(f"{subnet.id} is associated with {new.id} already", hint=LEAVE)
    changes = {(kind, old.id): _without(old, subnet.id) for old in world.all(kind) if subnet.id in old.subnet_ids}
    made = TableAssociation(subnet_id=subnet.id) if kind == "route_table" else AclAssociation(subnet.id)
    return {**changes, (kind, new.id): msgspec.structs.replace(new, associations=[*new.associations, made])}


def dissociated(one: Association, world: Snapshot) -> Changes:
    """Return what was tied without the tie: a subnet falls back on its VPC's main table or default ACL."""
    if one.subnet is None:
        return _grouped(one, world, joins=False)
    subnet = found(one.subnet, "subnet", world, "subnet")
    kind, word, name = _tied(one)
    old = found(name, word, world, kind)
    if subnet.id not in old.subnet_ids:
        raise QuestionError(f"{subnet.id} is not associated with {old.id}", hint=LEAVE)
    return {(kind, old.id): _without(old, subnet.id)}


def _tied(one: Association) -> tuple[str, str, str]:
    """Return the kind of what a subnet is tied to, the word for it, and how the edit names it."""
    return ("network_acl", "network ACL", one.acl) if one.acl is not None else ("route_table", "route table", one.table or "")


def _without(holder: Any, subnet_id: str) -> Any:
    kept = [each for each in holder.associations if each.subnet_id != subnet_id]
    return msgspec.structs.replace(holder, associations=kept)


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
