"""What outlives a change of groups, and what sends to what is compromised: found by routes, endpoints and target groups."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ..models.packet import IntervalSet, address, only
from ..models.snapshot import Snapshot
from .suspect import Suspect

# What AWS tracks whatever groups say, by the kind of the route's target.
TRACKED = {
    "nat_gateway": "what goes by NAT gateway {}",
    "egress_only_internet_gateway": "what goes by egress-only internet gateway {}",
    "transit_gateway": "what goes by transit gateway {} (older pages of AWS list these)",
    "vpc_endpoint": "what goes by endpoint {}",
}
ALWAYS = "ICMP"
MOST_NAMED = 3


def survivors(suspect: Suspect, world: Snapshot) -> Iterator[str]:
    """Yield which connections AWS tracks whatever the groups admit: they live on until they are idle, or an ACL cuts them."""
    yield ALWAYS
    vpcs = {one.end.vpc for one in suspect.parts}
    for target in _targets(suspect, world):
        one = world.at(target)
        if one is not None and one.kind in TRACKED and not _untracked(one):
            yield TRACKED[one.kind].format(target)
    ends = sorted(one.id for one in world.all("vpc_endpoint") if one.vpc_id in vpcs and one.type == "interface")
    if ends:
        more = f" and {len(ends) - MOST_NAMED:,} more" if len(ends) > MOST_NAMED else ""
        yield f"what goes to {', '.join(ends[:MOST_NAMED])}{more} (PrivateLink)"
    balancers = {one.resource for one in suspect.parts} | _balancers(suspect, world)
    for one in world.all("network_load_balancer"):
        if one.id in balancers:
            yield f"what comes by network load balancer {one.load_balancer_name or one.id}"
    if any(one.type == "lambda" for vpc in sorted(vpcs) for one in world.where("network_interface", "vpc_id", vpc)):
        yield "what goes to and comes from functions of Lambda"


def _untracked(target: Any) -> bool:
    """Return whether it is a gateway endpoint of another service than DynamoDB: those AWS does not track by themselves."""
    return bool(target.kind == "vpc_endpoint" and target.type == "gateway" and not target.service_name.endswith("dynamodb"))


def _balancers(suspect: Suspect, world: Snapshot) -> set[str]:
    """Return what sends to its target groups, as these say it, or listeners: code has no such list in the groups."""
    groups = {group.id: group for group, _ in registrations(suspect, world)}
    told = {arn for group in groups.values() for arn in group.load_balancer_arns}
    listening = (one for one in world.all("listener") if any(arn in groups for arn, _ in one.groups(world)))
    return told | {one.load_balancer_arn for one in listening}


def _targets(suspect: Suspect, world: Snapshot) -> list[str]:
    """Return the targets of the routes of its subnets."""
    subnets = (world.find("subnet", id) for id in suspect.subnets)
    tables = (one.route_table(world) for one in subnets if one is not None)
    return sorted({one.target for table in tables if table is not None for one in table.routes if one.state == "active"})


def registrations(suspect: Suspect, world: Snapshot) -> Iterator[tuple[Any, Any]]:
    """Yield each target group that sends to what is compromised, with the target that is registered there."""
    ids = {one.resource for one in suspect.parts}
    addresses = [(one.end.vpc, one.interface.private_addresses) for one in suspect.parts]
    for health in world.all("target_health"):
        group = world.find("target_group", health.id)
        for each in health.target_health_descriptions if group is not None else ():
            if each.target.id in ids or _held(each.target.id, group.vpc_id, addresses):
                yield group, each.target


def _held(text: str, vpc: str, addresses: Sequence[tuple[str, IntervalSet]]) -> bool:
    """Return whether a target is an address of what is compromised."""
    try:
        number = address(text)
    except ValueError:
        return False  # an id
    return any(bool(only(number) & held) for there, held in addresses if there == vpc)
