"""Which private addresses a group stands for: those of the interfaces that carry it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .component import Members, World
from .packet import IntervalSet, union
from .rule import rule


@rule(
    "SG-8",
    says="A reference covers every interface that carries the group: of instances, load balancers, functions, endpoints.",
    source="https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
)
def members_by_vpc(carriers: Iterable[Any], world: World) -> Mapping[str, Members]:
    """Return the private addresses of the interfaces that carry a group, by VPC."""
    sure: dict[str, list[IntervalSet]] = {}
    every: dict[str, list[IntervalSet]] = {}
    for interface in carriers:
        mine = interface.private_addresses
        every.setdefault(interface.vpc_id, []).append(mine - _held(interface.subnet_id, world) if interface.stand_in else mine)
        if not interface.stand_in:
            sure.setdefault(interface.vpc_id, []).append(interface.plain_addresses)
    surely = {vpc_id: union(sure.get(vpc_id, [])) for vpc_id in sorted(every)}
    return {vpc_id: Members(plain, union(every[vpc_id]) - plain) for vpc_id, plain in surely.items()}


def _held(subnet_id: str, world: World) -> IntervalSet:
    """Return the addresses that interfaces of a subnet hold, which none that stands for another can have."""
    there = world.where("network_interface", "subnet_id", subnet_id)
    return union(one.private_addresses for one in there if not one.stand_in)
