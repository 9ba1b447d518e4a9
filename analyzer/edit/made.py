"""Groups, ACLs and route tables that are new: as AWS makes them, less what a new group admits; and those that nothing uses, removed."""

from __future__ import annotations

from typing import Any

from ..models.errors import QuestionError
from ..models.route import LOCAL, Route
from ..models.snapshot import Snapshot
from .file import New
from .find import LEAVE, Changes, found, refuse_unknown

GROUP, ACL, TABLE = "security_group", "network_acl", "route_table"


def made_group(new: New, world: Snapshot) -> Changes:
    """Return a group without a rule: what a new one lets out in AWS is a rule of its own here."""
    return _made(new, world, GROUP, {"group_id": new.id, "group_name": new.id})


def made_acl(new: New, world: Snapshot) -> Changes:
    """Return an ACL without an entry: it denies everything."""
    return _made(new, world, ACL, {"network_acl_id": new.id})


def made_table(new: New, world: Snapshot) -> Changes:
    """Return a route table with the local routes of its VPC, and nothing that fills it."""
    vpc = _vpc(new, world)
    keys = {cidr: "destination_ipv6_cidr_block" if ":" in cidr else "destination_cidr_block" for cidr in vpc.cidrs}
    routes = [Route(gateway_id=LOCAL, origin="CreateRouteTable", **{key: cidr}) for cidr, key in keys.items()]
    return _made(new, world, TABLE, {"route_table_id": new.id, "routes": routes, "propagating_vgws": []})


def unmade_group(old: New, world: Snapshot) -> Changes:
    """Return the group removed; raises QuestionError for one that an interface carries."""
    group = found(old.id, "security group", world, GROUP)
    return _unmade(group, [one.id for one in world.carriers(group.id)], "carries it")


def unmade_acl(old: New, world: Snapshot) -> Changes:
    """Return the ACL removed; raises QuestionError for one that a subnet has, and a VPC's default one."""
    acl = found(old.id, "network ACL", world, ACL)
    return _unmade(acl, [*sorted(acl.subnet_ids), *[acl.vpc_id] * acl.is_default], "has it")


def unmade_table(old: New, world: Snapshot) -> Changes:
    """Return the route table removed; raises QuestionError for one that something uses, and a VPC's main one."""
    table = found(old.id, "route table", world, TABLE)
    return _unmade(table, [*sorted(table.subnet_ids | table.gateway_ids), *[table.vpc_id] * table.is_main], "uses it")


def _vpc(new: New, world: Snapshot) -> Any:
    if new.vpc is None:
        raise QuestionError(f"in which VPC `{new.id[:60]}` is to be is not said", hint="write `vpc` beside `id`")
    return found(new.vpc, "VPC", world, "vpc")


def _made(new: New, world: Snapshot, kind: str, fields: dict[str, Any]) -> Changes:
    vpc = _vpc(new, world)
    if world.at(new.id) is not None:
        raise QuestionError(f"there is a resource `{new.id[:60]}` already", hint="take another id")
    refuse_unknown(world, kind)
    shape: Any = next(one for one in world.kinds if one.kind == kind)
    where = {"owner_id": vpc.owner_id, "account": vpc.account, "region": vpc.region}
    return {(kind, new.id): shape(**fields, vpc_id=vpc.id, **where)}


def _unmade(one: Any, users: list[str], word: str) -> Changes:
    if users:
        raise QuestionError(f"{one.id} cannot be removed: {users[0]} {word}", hint=LEAVE)
    return {(one.kind, one.id): None}
