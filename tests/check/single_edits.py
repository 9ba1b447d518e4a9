"""Every single edit of a snapshot that opens as much as one of its kind can."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from analyzer.models.snapshot import Snapshot

from ..semantics.build import RANGES, V4, V6


def single(world: Snapshot) -> Iterator[dict[str, Any]]:
    """Single edits that open as much as one of their kind can."""
    for one in world.all("security_group"):
        for far in (V4, V6):
            yield {"add": {"rule": {"group": one.id, "inbound": "all", "from": far}}}
            yield {"add": {"rule": {"group": one.id, "outbound": "all", "to": far}}}
    for one in world.all("network_interface"):
        yield {"add": {"address": {"interface": one.id, "public": "198.51.100.77"}}}
        yield from ({"add": {"association": {"interface": one.id, "group": each.id}}} for each in world.all("security_group"))
    for one in world.all("network_acl"):
        for far in (V4, V6):
            yield {"add": {"entry": {"acl": one.id, "inbound": 1, "action": "allow", "from": far}}}
            yield {"add": {"entry": {"acl": one.id, "outbound": 1, "action": "allow", "to": far}}}
        yield from ({"add": {"association": {"subnet": each.id, "acl": one.id}}} for each in world.all("subnet"))
    for one in world.all("route_table"):
        yield from ({"add": {"association": {"subnet": each.id, "table": one.id}}} for each in world.all("subnet"))
        yield from ({"remove": {"route": {"table": one.id, "to": each.destination}}} for each in one.routes)
        for gateway in world.gateways(one.vpc_id):
            yield from ({"add": {"route": {"table": one.id, "to": far, "via": gateway.id}}} for far in (V4, V6, "8.8.8.8/32"))
    yield from between(world)


def between(world: Snapshot) -> Iterator[dict[str, Any]]:
    """Single edits of what stands between VPCs, of lists, and of gateways."""
    for one in world.all("prefix_list_entries"):
        yield from ({"add": {"entry": {"list": one.id, "block": far}}} for far in (V4, V6))
    for one in world.all("vpc_peering"):
        if one.status.code == "pending-acceptance":
            yield {"add": {"peering": {"id": one.id, "vpcs": list(one.vpc_ids)}}}
    for one in world.all("internet_gateway"):
        yield from ({"add": {"attachment": {"gateway": one.id, "vpc": each.id}}} for each in world.all("vpc"))
    for table in world.all("transit_gateway_route_table"):
        for one in world.all("transit_gateway_vpc_attachment"):
            tied = {"attachment": one.id, "table": table.id}
            yield from ({"add": {thing: tied}} for thing in ("association", "propagation"))
            for far in (V4, V6, *RANGES["vpc-2"], *RANGES["vpc-1"]):
                route = {"route": {"table": table.id, "to": far}}
                yield {"add": {"route": {**route["route"], "via": one.id}}}
                yield {"replace": route, "with": {"route": {**route["route"], "via": one.id}}}
