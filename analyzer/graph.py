"""The topology of a snapshot as a networkx graph: what stands where, and where routes lead."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from .models.snapshot import Snapshot
from .models.table import INTERNET, Action, Choose, Direction, Place, Send, Share

if TYPE_CHECKING:
    import networkx


def topology(world: Snapshot) -> networkx.MultiDiGraph[str]:
    """Return the topology: nodes are resource ids with `kind` and `name`, edges are where packets can go next.

    An edge has a `relation`: `in` (an interface in its subnet, a subnet in its VPC), `route` (a line of the subnet's route table,
    with `line`, `table` and `rule`), or `leads` (a gateway and what lies behind it). Parallel edges are several routes.
    """
    import networkx as nx

    graph: networkx.MultiDiGraph[str] = nx.MultiDiGraph()
    for one in world.everything():
        if one.has_places:
            graph.add_node(one.id, kind=one.kind, name=one.name)
    for interface in world.all("network_interface"):
        graph.add_edge(interface.id, interface.subnet_id, relation="in")
    for subnet in world.all("subnet"):
        graph.add_edge(subnet.id, subnet.vpc_id, relation="in")
        for target, facts in routes(world, subnet):
            graph.add_edge(subnet.id, target, relation="route", **facts)
    for gateway_id, other in behind(world):
        graph.add_edge(gateway_id, other, relation="leads")
    return graph


def routes(world: Snapshot, subnet: Any) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the targets of the subnet's route table, each with the line that names it."""
    for line in world.table(Place(subnet.id, "acl out"), Direction.REQUEST).lines:
        for place in _places(line.action):
            if place.stage == "routes":
                table = world.table(place, Direction.REQUEST)
                for route in table.lines:
                    facts = {"line": route.title, "table": route.resource, "rule": route.rule}
                    yield from ((next_.resource, facts) for next_ in _places(route.action))
                return


def _places(action: Action) -> Iterator[Place]:
    if isinstance(action, Send):
        yield action.place
    elif isinstance(action, Choose | Share):
        for one in action.actions:
            yield from _places(one)


def behind(world: Snapshot) -> Iterator[tuple[str, str]]:
    """Yield each gateway with what it leads to: the internet, or the other VPCs that can name it as a target."""
    for vpc in world.all("vpc"):
        for gateway in world.gateways(vpc.id):
            if gateway.kind in ("internet_gateway", "egress_only_internet_gateway"):
                yield gateway.id, INTERNET.resource
            else:
                yield gateway.id, vpc.id
