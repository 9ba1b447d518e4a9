"""Who is in an organisation: every interface, those together that no line tells apart, and the units in which the engine counts them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec

from ..models.packet import IntervalSet, prefix, union
from ..models.snapshot import Snapshot
from ..sources import DEFAULT_PORTS
from .units import Span, Units


class Inhabitant(msgspec.Struct, frozen=True):
    """Interfaces that no line tells apart, `id` being the first of them; `alike` stands for them where tables are read.

    `ordinary` ones do nothing but send and take, filtered by their groups. `ports` are those from which they call, both ends included.
    """

    id: str
    alike: str
    interfaces: tuple[str, ...]
    subnet: str
    vpc: str
    groups: tuple[str, ...]
    ordinary: bool
    stand_in: bool
    ports: tuple[int, int]


def inhabitants(world: Snapshot, cuts: Iterable[int]) -> tuple[dict[str, Inhabitant], Units]:
    """Return the inhabitants by id, and their units, none of which reaches over one of the cuts."""
    borders = sorted({0, *cuts})
    found: dict[str, Inhabitant] = {}
    spans: list[Span] = []
    for subnet_id in sorted({one.subnet_id for one in world.all("network_interface")}):
        held = union(
            one.private_addresses for one in world.where("network_interface", "subnet_id", subnet_id) if not one.stand_in
        )
        for members in world.classes_in(subnet_id):
            ordinary = _is_ordinary(members[0], world)
            for mine, ports, parts in _apart(members, borders, held, world):
                one = _inhabitant(mine, ports, members[0].id, ordinary)
                found[one.id] = one
                spans.extend(Span(low, high, one.vpc, one.id, sort, int(not ordinary)) for low, high, sort in parts)
    return found, Units(spans, borders)


def _inhabitant(members: list[Any], ports: tuple[int, int], alike: str, ordinary: bool) -> Inhabitant:
    first = members[0]
    return Inhabitant(
        first.id,
        alike,
        tuple(one.id for one in members),
        first.subnet_id,
        first.vpc_id,
        first.group_ids,
        ordinary,
        first.stand_in,
        ports,
    )


Part = tuple[int, int, str]


def _apart(
    members: Sequence[Any], borders: list[int], held: IntervalSet, world: Snapshot
) -> Iterator[tuple[list[Any], tuple[int, int], list[Part]]]:
    """Yield the members whose addresses lie between the same borders, and which call from the same ports, with their addresses."""
    groups: dict[tuple[object, ...], tuple[list[Any], tuple[int, int], list[Part]]] = {}
    for one in members:
        parts = list(_parts(one, held))
        where = tuple(sorted({(bisect_right(borders, low), bisect_right(borders, high), sort) for low, high, sort in parts}))
        ports = getattr(world.owner(one.id), "client_ports", None) or DEFAULT_PORTS
        mine, _, every = groups.setdefault((where, ports), ([], ports, []))
        mine.append(one)
        every.extend(parts)
    yield from groups.values()


def _parts(interface: Any, held: IntervalSet) -> Iterator[Part]:
    """Yield its addresses, those that references surely cover apart from the others (SG-9)."""
    if interface.stand_in:
        yield from ((low, high, "perhaps") for low, high in interface.private_addresses - held)
        return
    plain = interface.plain_addresses
    yield from ((low, high, "") for low, high in plain)
    if interface.ipv6_addresses or interface.ipv4_prefixes or interface.ipv6_prefixes:
        yield from ((low, high, "perhaps") for low, high in interface.private_addresses - plain)


def _is_ordinary(interface: Any, world: Snapshot) -> bool:
    """Return whether an interface does nothing but send and take what its groups let through."""
    behaviour = interface.behaviour
    owner = world.owner(interface.id)
    if behaviour is None or behaviour.starts or behaviour.takes or not interface.group_ids:
        return False
    if (
        interface.halted(world)
        or interface.perhaps_there
        or interface.perhaps_v6
        or interface.passes_on(world)
        or any(world.find("security_group", one) is None for one in interface.group_ids)
    ):
        return False
    if owner is None:
        return not interface.instance_is_lost(world)
    return owner.takes(interface.id, world) is None and owner.speaks(interface.id, world) is None


def way_borders(world: Snapshot) -> set[int]:
    """Return where ways cut the line of addresses: at blocks of networks, routes and ACLs, and at addresses translated one by one."""
    blocks = {cidr for kind in ("vpc", "subnet") for one in world.all(kind) for cidr in one.cidrs}
    blocks |= {cidr for acl in world.all("network_acl") for one in acl.entries for cidr in (one.cidr_block, one.ipv6_cidr_block)}
    routes = [route for table in world.all("route_table") for route in table.routes]
    blocks |= {cidr for one in routes for cidr in (one.destination_cidr_block, one.destination_ipv6_cidr_block)}
    lists = {one.destination_prefix_list_id for one in routes} - {""}
    blocks |= {cidr for one in lists for cidr in world.prefix_blocks(one) or ()}
    borders = _borders_of(blocks)
    for interface in world.all("network_interface"):
        if interface.public_addresses or interface.perhaps_unchecked or not interface.source_dest_check:
            borders |= {border for low, high in interface.private_addresses for border in (low, high + 1)}
    return borders


def group_borders(world: Snapshot) -> set[int]:
    """Return where rules of security groups cut the line of addresses."""
    blocks = {cidr for one in world.all("prefix_list_entries") for cidr in one.cidrs}
    for group in world.all("security_group"):
        for permission in (*group.ip_permissions, *group.ip_permissions_egress):
            blocks |= {one.cidr_ip for one in permission.ip_ranges} | {one.cidr_ipv6 for one in permission.ipv6_ranges}
    return _borders_of(blocks)


def _borders_of(blocks: Iterable[str]) -> set[int]:
    return {border for cidr in blocks if cidr for low, high in prefix(cidr) for border in (low, high + 1)}
