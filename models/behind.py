"""What the route tables of a VPC send to a gateway: what whoever wrote them believes to be behind it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .component import World
from .packet import IntervalSet, prefix, union


def routes_to(gateway_id: str, vpc_id: str, world: World) -> list[Any]:
    """Return the routes of a VPC that lead to one of its gateways."""
    tables = world.where("route_table", "vpc_id", vpc_id)
    return [one for table in tables for one in table.routes if one.target == gateway_id and one.state == "active"]


def behind(gateway_id: str, vpc_id: str, world: World) -> IntervalSet:
    """Return the addresses that these routes lead to."""
    routes = routes_to(gateway_id, vpc_id, world)
    told = (world.prefixes(one.destination) if one.destination_prefix_list_id else prefix(one.destination) for one in routes)
    return union(one for one in told if one is not None)


def prefixes_of(routes: Iterable[Any]) -> IntervalSet:
    """Return what routes are about, but for those of code, of which nobody knows what they will be about."""
    return union(prefix(one.destination) for one in routes if not one.destination_prefix_list_id)
