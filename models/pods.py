"""Pods on the interfaces of EKS nodes: whose addresses they have, and with which address they call."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .component import Component, World, conditional
from .packet import EVERY_V4, IntervalSet, only
from .rule import rule
from .table import Choose, Line, Match, Place, Send, Session

NODE_TAGS = ("kubernetes.io/cluster/", "eks:cluster-name")


@rule(
    "SVC-12",
    says="Pods have secondary addresses or prefixes of their node's interfaces, and the groups of these; only a branch interface gives a "
    "pod groups of its own. Network policies of Kubernetes are in no answer of AWS.",
    source="https://docs.aws.amazon.com/eks/latest/userguide/security-groups-pods-deployment.html",
)
def pod_addresses(node: Component, interface: Any) -> IntervalSet:
    """Return the IPv4 addresses of an interface that pods may have; empty where it is on no node of a cluster."""
    if not any(tag.key.startswith(NODE_TAGS) for tag in node.tags):
        return IntervalSet()
    own = interface.primary[0]
    every: IntervalSet = interface.private_addresses & EVERY_V4
    return every if own is None else every - only(own)


@rule(
    "SVC-13",
    says="What pods send beyond the VPC leaves with the primary address of the node's primary interface, and that one's groups, unless "
    "the network plugin is told to leave it alone: a setting inside the cluster.",
    source="https://docs.aws.amazon.com/eks/latest/userguide/external-snat.html",
)
def pod_lines(node: Component, interface: Any, primary: Any, world: World) -> Iterator[Line]:
    """Yield the lines of what an interface of a node sends: as it is, or, from a pod to beyond the VPC, perhaps as the node."""
    onward = Send(Place(interface.id, "groups out"))
    vpc = world.find("vpc", interface.vpc_id)
    beyond = EVERY_V4 - vpc.addresses if vpc is not None else EVERY_V4
    if primary is not None and primary.primary[0] is not None:
        text = f"whether pods of {node.id} keep their addresses beyond the VPC is a setting inside the cluster"
        session = Session((Place(primary.id, "receives"),), Place(interface.id, "receives"), remaps_ports=True)
        as_node = Send(Place(primary.id, "groups out"), source=primary.primary[0], session=session)
        match = Match(sources=pod_addresses(node, interface), targets=beyond)
        action = Choose((as_node, onward), conditional(text, node.id, "SVC-13"))
        yield Line("a pod calls beyond the VPC", match, action, "SVC-13", node.id)
    yield Line("sends", Match(), onward, "M-2", node.id)
