"""Classic load balancers: a fixed map of ports to the instances of one VPC."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import msgspec

from ..component import Component, Document, World, conditional, lost_sight, perhaps, unknown
from ..guarded import admitted
from ..interface import primary_interface
from ..packet import TCP, services_of
from ..rule import rule
from ..table import AWAY, Action, Arrive, Choose, Direction, Drop, Line, Match, Place, Send, Session, Share, Table, Traffic


class ClassicListener(msgspec.Struct, rename="pascal", frozen=True):
    """A listener: a port of the load balancer and the port of the instances that it leads to."""

    load_balancer_port: int
    instance_port: int
    protocol: str = "TCP"


class ListenerDescription(msgspec.Struct, rename="pascal", frozen=True):
    """A listener as the API describes it."""

    listener: ClassicListener


class RegisteredInstance(msgspec.Struct, rename="pascal", frozen=True):
    """An instance that is registered."""

    instance_id: str


class ClassicLoadBalancer(Component, kw_only=True):
    """A classic load balancer: DescribeLoadBalancers of elb."""

    kind: ClassVar[str] = "classic_load_balancer"
    endpoint_kind: ClassVar[str] = "clb"
    documents: ClassVar[tuple[Document, ...]] = (Document("LoadBalancerDescriptions", "elb", "DescribeLoadBalancers"),)
    relays: ClassVar[bool] = True

    load_balancer_name: str
    dns_name: str = msgspec.field(name="DNSName", default="")
    vpc_id: str = msgspec.field(name="VPCId", default="")
    scheme: str = "internal"
    subnets: list[str] = []
    security_groups: list[str] = []
    listener_descriptions: list[ListenerDescription] = []
    instances: list[RegisteredInstance] = []

    @property
    def id(self) -> str:
        """The DNS name, which no other one has; the name where the answer has none."""
        return self.dns_name or self.load_balancer_name

    def names(self) -> list[str]:
        """Return its name and its Name tag."""
        return list(dict.fromkeys(name for name in (self.load_balancer_name, self.name) if name))

    def interface_ids(self, world: World) -> list[str]:
        """Return the interfaces of its nodes, joined by what ELB writes into their description."""
        described = world.where("network_interface", "description", f"ELB {self.load_balancer_name}")
        return [one.id for one in described if one.vpc_id == self.vpc_id]

    def takes(self, interface_id: str, world: World) -> Place:
        """Return the place that takes what arrives at a node."""
        return Place(self.id, "listens", interface_id)

    def table(self, place: Place, direction: Direction, world: World) -> Table:
        """Return the lines of a stage: `listens` (the listeners) or `asks` (the groups, outbound)."""
        if place.stage == "asks":
            node = world.find("network_interface", place.via)
            onward = Place(node.subnet_id, "acl out")
            return Table("security_group", admitted(node.group_ids, Traffic.OUTBOUND, onward, self.vpc_id, world))
        if direction is Direction.REPLY:
            drop = Drop("", f"{self.load_balancer_name} knows no connection that this reply belongs to")
            return Table("load_balancer", [self._line("reply to nothing of its own", drop)])
        return Table("load_balancer", list(self._listening(place.via, world)))

    def _line(self, title: str, action: Action, match: Match | None = None) -> Line:
        return Line(title, match or Match(), action, "LB-17", self.id)

    @rule(
        "LB-17",
        says="A classic load balancer maps its ports to ports of the instances of one VPC, with connections of its own; its groups and "
        "the ACL count on the way to them, in its own subnet too. A Gateway Load Balancer has no ports.",
        source="https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/elb-security-groups.html",
    )
    def _listening(self, node_id: str, world: World) -> Iterator[Line]:
        node = world.find("network_interface", node_id)
        for one in self.listener_descriptions:
            port = one.listener.load_balancer_port
            ways = tuple(self._ways(node, one.listener.instance_port, world))
            title = f"listener {one.listener.protocol.lower()}/{port}"
            yield self._line(title, Share((Arrive(node_id), *ways)), Match(services=services_of(TCP, port, port)))
        code = "ELB_LISTENER_PORT_RESTRICTION" if len(self.listener_descriptions) == 1 else "ELB_LISTENERS_MISMATCH"
        drop = Drop(code, f"{self.load_balancer_name} has no listener on that port")
        yield self._line("no listener", drop)

    def _ways(self, node: Any, port: int, world: World) -> Iterator[Action]:
        """Yield the way to each instance; whether those of other zones are served is not in the snapshot."""
        here = world.find("subnet", node.subnet_id)
        for one in self.instances:
            found = primary_interface(one.instance_id, world)
            if found is None:
                doubt = unknown(f"{one.instance_id} is not in the snapshot", self.id, "LIM-7")
                yield Choose((AWAY, Drop("", doubt.text)), doubt)
                continue
            there = world.find("subnet", found.subnet_id)
            send = self._sent(node, found, port)
            if isinstance(send, Drop) or here is None or there is None or here.zone == there.zone:
                yield send
            else:
                text = f"whether {self.load_balancer_name} serves {one.instance_id} in another zone is not in the snapshot"
                yield perhaps(send, conditional(text, self.id, "LB-13"), "ELB_NOT_CROSSZONE")

    def _sent(self, node: Any, target: Any, port: int) -> Send | Drop | Choose:
        number, own = target.primary[0], node.primary[0]
        for one in (node, target):
            if one.stand_in and one.primary[0] is None:
                doubt = unknown(f"which address {one.id} has is known after it is made only", self.id, "LIM-7")
                return lost_sight(doubt)
        if number is None or own is None:
            return Drop("BAD_STATE", f"{self.load_balancer_name} or {target.id} has no IPv4 address")
        near = target.subnet_id == node.subnet_id
        session = Session(
            (Place(self.id, "listens", node.id),),
            Place(node.id, "groups out"),
            remaps_ports=True,
            # In the node's own subnet the answer meets the ACL too, where between other hosts it would not.
            caught=Place(node.subnet_id, "leaves") if near else None,
            led=Place(node.subnet_id, "acl out") if near else None,
        )
        place = Place(self.id, "asks", node.id)
        return Send(place, source=own, target=number, service=(TCP << 16) + port, realm=node.vpc_id, session=session)
