"""How the groups of each kind of resource are changed: an interface's own, or those of the service that made the interface."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from .commands import Shell, Word, aws, quoted
from .suspect import Part, Suspect

# Words of the command, between the service and the groups.
Words = Callable[[Any], tuple[str, ...]]


def _database(owner: Any) -> tuple[str, ...]:
    if owner.db_cluster_identifier:
        return ("rds", "modify-db-cluster", "--db-cluster-identifier", owner.db_cluster_identifier)
    return ("rds", "modify-db-instance", "--db-instance-identifier", owner.db_instance_identifier)


# By kind: what comes before the groups, and what after them.
CALLS: Mapping[str, tuple[Words, tuple[str, ...], tuple[str, ...]]] = {
    "db_instance": (_database, ("--vpc-security-group-ids",), ("--apply-immediately",)),
    "db_cluster": (
        lambda one: ("rds", "modify-db-cluster", "--db-cluster-identifier", one.db_cluster_identifier),
        ("--vpc-security-group-ids",),
        ("--apply-immediately",),
    ),
    "application_load_balancer": (
        lambda one: ("elbv2", "set-security-groups", "--load-balancer-arn", one.load_balancer_arn),
        ("--security-groups",),
        (),
    ),
    "network_load_balancer": (
        lambda one: ("elbv2", "set-security-groups", "--load-balancer-arn", one.load_balancer_arn),
        ("--security-groups",),
        (),
    ),
    "classic_load_balancer": (
        lambda one: ("elb", "apply-security-groups-to-load-balancer", "--load-balancer-name", one.load_balancer_name),
        ("--security-groups",),
        (),
    ),
    "cache_cluster": (
        lambda one: (
            ("elasticache", "modify-replication-group", "--replication-group-id", one.replication_group_id)
            if one.replication_group_id
            else ("elasticache", "modify-cache-cluster", "--cache-cluster-id", one.cache_cluster_id)
        ),
        ("--security-group-ids",),
        ("--apply-immediately",),
    ),
    "redshift_cluster": (
        lambda one: ("redshift", "modify-cluster", "--cluster-identifier", one.cluster_identifier),
        ("--vpc-security-group-ids",),
        (),
    ),
    "mount_target": (
        lambda one: ("efs", "modify-mount-target-security-groups", "--mount-target-id", one.mount_target_id),
        ("--security-groups",),
        (),
    ),
}
# Why there is no command for the groups of a kind, where there is something better to do.
NO_CALL = {
    "ecs_awsvpc_task": "ECS alone changes the groups of a task's interface: stop the task (`aws ecs stop-task`) once it is preserved",
    "network_load_balancer": "a load balancer that was made without groups takes none later",
    "nat_gateway": "a NAT gateway has no groups",
}


def refusal(suspect: Suspect) -> str:
    """Return why no group contains what is compromised; "" where groups do."""
    for one in suspect.parts:
        kind = one.owner.kind if one.owner is not None else ""
        if not one.interface.group_ids:
            return f"{one.end.id} carries no security group" + (f": {NO_CALL[kind]}" if kind in NO_CALL else "")
        if kind in ("", "instance"):
            if one.interface.requester_managed:
                return f"{one.end.id} belongs to a service that the snapshot does not hold, and AWS lets nobody else change its groups"
        elif kind not in CALLS and kind not in ("vpc_endpoint", "lambda_function"):
            return NO_CALL.get(kind, f"no command is known here for the groups of {one.resource} ({one.end.kind})")
    return ""


def regrouped(
    suspect: Suspect, groups: Callable[[Part], Sequence[Word]], gone: Callable[[Part], Sequence[Word]]
) -> Iterator[str]:
    """Yield the commands that give everything that is compromised other groups; `gone` are those that it has until then."""
    told = set[str]()
    for one in suspect.parts:
        kind = one.owner.kind if one.owner is not None else ""
        if kind in ("", "instance"):
            if not one.interface.stand_in:
                words = ("ec2", "modify-network-interface-attribute", "--network-interface-id", one.end.id, "--groups")
                yield aws(one.region, *words, *groups(one))
            continue
        for owner in one.sharing or (one.owner,):
            command = _of_service(one, owner, groups(one), gone(one))
            if command not in told:
                told.add(command)
                yield command


def _of_service(one: Part, owner: Any, groups: Sequence[Word], gone: Sequence[Word]) -> str:
    if owner.kind == "vpc_endpoint":
        of_endpoint = ("ec2", "modify-vpc-endpoint", "--vpc-endpoint-id", owner.id)
        return aws(one.region, *of_endpoint, "--add-security-group-ids", *groups, "--remove-security-group-ids", *gone)
    if owner.kind == "lambda_function":
        config = owner.vpc_config
        subnets = "SubnetIds=" + ",".join(config.subnet_ids if config else ())
        words = ("lambda", "update-function-configuration", "--function-name", owner.id, "--vpc-config")
        return aws(one.region, *words, _joined(subnets, groups))
    before, option, after = CALLS[owner.kind]
    return aws(one.region, *before(owner), *option, *groups, *after)


def _joined(subnets: str, groups: Iterable[Word]) -> Word:
    """Return subnets and groups as the one word that a function's configuration takes."""
    return Shell(f"{quoted(subnets)},SecurityGroupIds={','.join(quoted(one) for one in groups)}")
