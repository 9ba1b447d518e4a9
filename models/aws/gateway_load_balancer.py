"""Gateway Load Balancers: they take packets from their endpoints, and nothing by their own addresses."""

from __future__ import annotations

from typing import ClassVar

from ..component import Document, World
from ..load_balancer import LoadBalancerShape
from ..table import Direction, Drop, Line, Match, Place, Table


class GatewayLoadBalancer(LoadBalancerShape, kw_only=True):
    """A Gateway Load Balancer: DescribeLoadBalancers of elbv2. What goes through it comes by `vpc_endpoint`."""

    kind: ClassVar[str] = "gateway_load_balancer"
    endpoint_kind: ClassVar[str] = "gwlb"
    documents: ClassVar[tuple[Document, ...]] = (Document("LoadBalancers", "elbv2", "DescribeLoadBalancers"),)
    marks: ClassVar[str] = "gateway"
    relays: ClassVar[bool] = False

    def speaks(self, interface_id: str, world: World) -> None:
        """Return nothing: its interfaces start no connection."""

    def table(self, place: Place, direction: Direction, world: World) -> Table:
        """Return that nothing connects to a node (stage `listens`)."""
        drop = Drop("GWLB_PROTOCOL_RESTRICTION", f"{self.load_balancer_name} takes packets from its endpoints only")
        return Table("load_balancer", [Line("no ports", Match(), drop, "LB-17", self.id)])
