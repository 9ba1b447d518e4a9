"""Targets of load balancers, registered and deregistered."""

from __future__ import annotations

from typing import Any

import msgspec

from ..models.aws.target_group import HealthState, TargetDescription, TargetId
from ..models.errors import QuestionError, quoted
from ..models.interface import primary_interface
from ..models.packet import address
from ..models.snapshot import Snapshot
from .file import Target
from .find import LEAVE, Changes, found

GROUP, HEALTH = "target_group", "target_health"
# What a target is, by the type of its group, and the word for it.
KINDS = {
    "instance": ("instance", "instance"),
    "alb": ("application_load_balancer", "application load balancer"),
    "lambda": ("lambda_function", "function"),
}


def registered(one: Target, world: Snapshot) -> Changes:
    """Return a target group with one more target, healthy as far as anybody knows; raises QuestionError for one that is there."""
    group, health = _group(one, world)
    id, port = _meant(one, group, world), one.port or group.port or None
    if any(each.target.id == id and _port(each, group) == (port or 0) for each in health.target_health_descriptions):
        raise QuestionError(f"{id} is registered with {group.target_group_name} on port {port or 0} already", hint=LEAVE)
    made = TargetDescription(TargetId(id, port), HealthState("initial"))
    return _with(health, [*health.target_health_descriptions, made])


def deregistered(one: Target, world: Snapshot) -> Changes:
    """Return a target group without a target, on the port that is named or on every one."""
    group, health = _group(one, world)
    every = health.target_health_descriptions
    named = world.find("instance", one.id) is None and not any(each.target.id == one.id for each in every)
    id = _meant(one, group, world) if named else one.id
    kept = [each for each in every if each.target.id != id or one.port not in (None, _port(each, group))]
    if len(kept) == len(every):
        listed = [f"{each.target.id}:{_port(each, group)}" for each in every]
        where = f" on port {one.port}" if one.port else ""
        raise QuestionError(
            f"{id[:60]} is not registered with {group.target_group_name}{where}", hint=f"it has {quoted(listed[:5]) or 'none'}"
        )
    return _with(health, kept)


def _group(one: Target, world: Snapshot) -> tuple[Any, Any]:
    group = found(one.group, "target group", world, GROUP)
    health = world.find(HEALTH, group.id)
    if health is None:
        hint = "collect them: `aws elbv2 describe-target-health`"
        raise QuestionError(f"the targets of {group.target_group_name} are not in the snapshot", hint=hint)
    return group, health


def _port(described: TargetDescription, group: Any) -> int:
    return int(described.target.port or group.port)


def _with(health: Any, described: list[TargetDescription]) -> Changes:
    return {(HEALTH, health.id): msgspec.structs.replace(health, target_health_descriptions=described)}


def _meant(one: Target, group: Any, world: Snapshot) -> str:
    """Return the id under which a target is registered; raises QuestionError for one that the group cannot have."""
    if group.target_type == "ip":
        try:
            address(one.id)
        except ValueError as error:
            raise QuestionError(
                f"`{one.id[:60]}` is no address, and {group.target_group_name} has addresses", hint="write an address"
            ) from error
        return one.id
    kind, word = KINDS.get(group.target_type, KINDS["instance"])
    target = found(one.id, word, world, kind)
    interface = primary_interface(target.id, world) if kind == "instance" else None
    if interface is not None and group.vpc_id and interface.vpc_id != group.vpc_id:
        raise QuestionError(
            f"{target.id} is not in {group.vpc_id}, the VPC of {group.target_group_name}", hint="name an instance of that VPC"
        )
    return str(target.id)
