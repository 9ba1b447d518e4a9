"""The explanation code that says most about a line that blocks, where more than the line itself tells it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from .flow import Step
from .models.endpoint import Endpoint
from .models.snapshot import Snapshot
from .models.table import Direction, Drop, Line

NO_WAY = ("NO_ROUTE_TO_DESTINATION", "NO_PATH")


def with_codes(world: Snapshot, steps: Sequence[Step], asked: Sequence[Endpoint]) -> list[Step]:
    """Return the lines that block with the codes, texts and rules that say most; as they are where a line says all.

    `asked` are the source and the target of the question.
    """
    hopeless = any(isinstance(step.action, Drop) and step.action.otherwise is None for step in steps)
    apart = hopeless and _apart(world, *asked)
    return [_with_code(world, step, asked, apart) for step in steps]


def _with_code(world: Snapshot, step: Step, asked: Sequence[Endpoint], apart: bool) -> Step:
    drop = step.action
    assert isinstance(drop, Drop)
    if drop.code == "ENI_SG_RULES_MISMATCH" and step.direction is Direction.REQUEST:
        return next(_references(world, step, drop, asked[0]), step)
    if drop.code == "SUBNET_ACL_RESTRICTION" and _within_a_balancers_subnet(world, step):
        text = f"{drop.text}; a classic load balancer's connections meet it in its own subnet too"
        return _told(step, "ELB_ACL_RESTRICTION", text, "LB-17")
    if drop.code in NO_WAY and apart:
        text = f"{drop.text}, and no peering or transit gateway of the snapshot joins {asked[0].vpc} and {asked[1].vpc}"
        return _told(step, "DISCONNECTED_VPCS", text, step.line.rule)
    return step


def _told(step: Step, code: str, text: str, rule: str) -> Step:
    drop = step.action
    assert isinstance(drop, Drop)
    line = msgspec.structs.replace(step.line, rule=rule)
    return msgspec.structs.replace(step, line=line, action=msgspec.structs.replace(drop, code=code, text=text))


def _references(world: Snapshot, step: Step, drop: Drop, source: Endpoint) -> Iterator[Step]:
    """Yield the step told as a reference that would admit the sender, were it still known by its group."""
    if step.packet.source not in source.addresses:
        return
    for line in world.table(step.place, step.direction).lines:
        if line.match.realms is None or not _but_for_its_realm(line, step):
            continue
        if not line.match.realms:
            text = f"{drop.text}; {line.title}, but the transit gateway between does not carry references"
            yield _told(step, "SG_REFERENCING_SUPPORT", text, line.rule)
        elif source.vpc in line.match.realms:
            text = f"{drop.text}; {line.title}, but what the packet came through does not keep the sender's group"
            yield _told(step, "SG_REFERENCES_NOT_PRESERVED", text, "SG-14")


def _but_for_its_realm(line: Line, step: Step) -> bool:
    return msgspec.structs.replace(line.match, realms=None).holds(step.packet, "")


def _within_a_balancers_subnet(world: Snapshot, step: Step) -> bool:
    """Return whether a packet goes from a node of a classic load balancer to a host of the node's own subnet."""
    subnet = world.find("subnet", step.place.resource)
    if subnet is None or step.packet.target not in subnet.addresses:
        return False
    sender = world.owner_of(subnet.vpc_id, step.packet.source)
    owner = world.owner(sender.id) if sender is not None else None
    return sender is not None and owner is not None and owner.kind == "classic_load_balancer" and sender.subnet_id == subnet.id


def _apart(world: Snapshot, source: Endpoint, target: Endpoint) -> bool:
    """Return whether two ends are in different VPCs, and no component that one can route to leads to the other or to elsewhere."""
    if not source.vpc or not target.vpc or source.vpc == target.vpc:
        return False
    near = {one.id for one in world.gateways(source.vpc)}
    beyond = {one.kind for one in (*world.gateways(source.vpc), *world.gateways(target.vpc))}
    shared = near & {one.id for one in world.gateways(target.vpc)}
    return not shared and not ("transit_gateway" in beyond and world.collected("transit_gateway_attachment"))
