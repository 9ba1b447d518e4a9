"""What load balancers of every kind have in common: nodes with interfaces, listeners, and the way on to their targets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import msgspec

from .component import Component, World, conditional, lost_sight, perhaps, unknown
from .packet import EVERY_V6, TCP, UDP, IntervalSet, only, services_of, union
from .rule import rule
from .table import Action, Arrive, Choose, Direction, Drop, Line, Match, Place, Send, Session, Share, Table, anywhere


class Zone(msgspec.Struct, rename="pascal", frozen=True):
    """A zone of a load balancer: the subnet of its node."""

    subnet_id: str = ""
    zone_name: str = ""


class BalancerState(msgspec.Struct, rename="pascal", frozen=True):
    """The state of a load balancer."""

    code: str = "active"


class LoadBalancerShape(Component, kw_only=True):
    """One load balancer as elbv2 describes it."""

    relays: ClassVar[bool] = True
    marks: ClassVar[str] = ""

    load_balancer_arn: str
    load_balancer_name: str = ""
    dns_name: str = msgspec.field(name="DNSName", default="")
    type: str = "application"
    scheme: str = "internal"
    vpc_id: str = ""
    state: BalancerState = BalancerState()
    security_groups: list[str] = []
    availability_zones: list[Zone] = []

    @classmethod
    def reads(cls, row: dict[str, Any]) -> bool:
        """Return whether the row is a load balancer of this type."""
        return bool(row.get("Type", "application") == cls.marks)

    @property
    def id(self) -> str:
        """The ARN."""
        return self.load_balancer_arn

    def names(self) -> list[str]:
        """Return its name and its Name tag."""
        return [name for name in (self.load_balancer_name, self.name) if name]

    def dns_names(self) -> list[str]:
        """Return its DNS name."""
        return [self.dns_name.lower()] if self.dns_name else []

    @rule(
        "LB-3",
        says="An internet-facing load balancer has public addresses at its nodes, and needs an internet gateway's route in their subnets; "
        "an internal one has none. Targets need nothing public.",
        source="https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/how-elastic-load-balancing-works.html",
    )
    def interface_ids(self, world: World) -> list[str]:
        """Return the interfaces of its nodes, joined by what ELB writes into their description."""
        described = f"ELB {self.load_balancer_arn.partition(':loadbalancer/')[2] or self.load_balancer_arn}"
        return [one.id for one in world.where("network_interface", "description", described)]

    def takes(self, interface_id: str, world: World) -> Place:
        """Return the place that takes what arrives at a node."""
        return Place(self.id, "listens", interface_id)

    def speaks(self, interface_id: str, world: World) -> Place | None:
        """Return the place that judges what a node sends by itself."""
        return Place(self.id, "asks", interface_id)

    def table(self, place: Place, direction: Direction, world: World) -> Table:
        """Return the listeners as lines (stage `listens`), or what a node may ask for by itself (`asks`)."""
        if place.stage == "asks":
            return Table("load_balancer", list(self._asking(place.via, world)))
        if place.stage == "is answered":
            return Table("load_balancer", [self._line("reply to a connection of its own", Arrive(place.via), "LB-1")])
        if direction is Direction.REPLY:
            drop = Drop("", f"{self.load_balancer_name} knows no connection that this reply belongs to")
            return Table("load_balancer", [self._line("reply to nothing of its own", drop, "LB-1")])
        return Table("load_balancer", list(self._listening(place.via, world)))

    def _line(self, title: str, action: Action, rule_id: str, match: Match | None = None) -> Line:
        return Line(title, match or Match(), action, rule_id, self.id)

    @rule(
        "LB-1",
        says="A load balancer takes connections on its listeners' ports, and makes others to targets of the groups that they forward to.",
        source="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html",
    )
    @rule(
        "LB-9",
        says="Nothing but the listeners' ports is open at a load balancer; one without groups takes them from everybody.",
        source="https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html",
    )
    def _listening(self, node_id: str, world: World) -> Iterator[Line]:
        if self.state.code == "failed":
            yield self._line("failed", Drop("BAD_STATE", f"{self.load_balancer_name} failed"), "LB-1")
        listeners = world.where("listener", "load_balancer_arn", self.id)
        for listener in listeners:
            for low, high in listener.services:
                services = IntervalSet([(low, high)])
                onward = tuple(self._onward(listener, services, node_id, world))
                title = f"listener {listener.protocol.lower()}/{listener.port}"
                yield self._line(title, Share((Arrive(node_id), *onward)), "LB-1", Match(services=services))
        if world.collected("listener", self):
            yield self._line("no listener", no_listener(self.load_balancer_name, len(listeners)), "LB-9")
            return
        doubt = unknown(f"the listeners of {self.load_balancer_name} are not in the snapshot", self.id, "LIM-7")
        yield self._line(
            "listeners not in the snapshot",
            Choose((Arrive(node_id), anywhere(), Drop("", doubt.text)), doubt),
            "LIM-7",
        )

    def _onward(self, listener: Any, services: IntervalSet, node_id: str, world: World) -> Iterator[Action]:
        node = world.find("network_interface", node_id)
        for arn, asked in listener.groups(world):
            group = world.find("target_group", arn)
            targets = group.targets(world) if group is not None else None
            if targets is None:
                doubt = unknown(f"the targets of {arn} are not in the snapshot", arn, "LIM-7")
                yield lost_sight(doubt)
                continue
            for target in targets:
                if target.number is None:
                    yield lost_sight(unknown(f"target {target.name} is not in the snapshot", arn, "LIM-7"))
                    continue
                way = self._doubted(self.sent(node, group, target, services, world), target, asked)
                yield self.zonal(node, group, target, way, world)

    def zonal(self, node: Any, group: Any, target: Any, way: Action, world: World) -> Action:
        """Return the way from a node to a target, or its drop where the node does not send to the target's zone."""
        unsaid = world.find("target_group_attributes", group.id) is None and world.is_broken("target_group_attributes", group)
        if self.is_near(node, target, world) or (self.crosses_zones(group, world) and not unsaid):
            return way
        if unsaid or world.find("load_balancer_attributes", self.id) is None:
            text = f"whether {self.load_balancer_name} serves other zones is not in the snapshot"
            return way if isinstance(way, Drop) else perhaps(way, unknown(text, self.id, "LIM-7"))
        text = f"{target.name} is in zone {target.zone}, and {node.id} of {self.load_balancer_name} serves its own zone only"
        return Drop("ELBV2_NO_TARGETS_IN_AZ", text, otherwise=way)

    def _asking(self, node_id: str, world: World) -> Iterator[Line]:
        """Yield to whom a node connects by itself: to targets on their ports, and to what authenticates for it."""
        session = Session((self.takes_place(node_id),), Place(self.id, "is answered", node_id))
        onward = Send(Place(node_id, "groups out"), session=session)
        listeners = world.where("listener", "load_balancer_arn", self.id)
        arns = dict.fromkeys(arn for listener in listeners for arn, _ in listener.groups(world))
        groups = [world.find("target_group", arn) for arn in arns]
        served = [(group, group.targets(world) if group is not None else None) for group in groups]
        unseen = any(targets is None or any(one.number is None for one in targets) for _, targets in served)
        if unseen or not world.collected("listener", self):
            doubt = unknown(f"not every target of {self.load_balancer_name} is in the snapshot", self.id, "LIM-7")
            yield self._line("targets not in the snapshot", perhaps(onward, doubt), "LIM-7")
        if any(listener.authenticates(world) for listener in listeners):
            doubt = conditional(f"{self.load_balancer_name} asks whoever authenticates for it", self.id, "LB-16")
            yield self._line("authentication", perhaps(onward, doubt), "LB-16", Match(services=services_of(TCP, 443, 443)))
        seen = [(group, one) for group, found in served for one in found or () if one.number is not None]
        yield from self._to_targets(seen, onward)
        code = "TARGET_ADDRESS_RESTRICTION" if any(found for _, found in served) else "ELBV2_LISTENER_HAS_NO_TG"
        yield self._line("no target", Drop(code, f"{self.load_balancer_name} connects to its targets only", onward), "LB-1")

    def _to_targets(self, served: list[tuple[Any, Any]], onward: Send) -> Iterator[Line]:
        """Yield what a node sends to targets: on the ports of traffic and health checks, and nothing else."""
        for group, target in served:
            ports = {target.port, group.checked_port or target.port}
            services = union(services_of(protocol, port, port) for protocol in (TCP, UDP) for port in ports)
            yield self._line(f"target {target.name}", onward, "LB-1", Match(targets=only(target.number), services=services))
        for _, target in served:
            drop = Drop("TARGET_PORT_RESTRICTION", f"{target.name} is registered on port {target.port}", onward)
            yield self._line(f"target {target.name}, another port", drop, "LB-2", Match(targets=only(target.number)))

    @rule(
        "LB-14",
        says="Health of targets may change: what a target gets that was unhealthy or draining is conditional.",
        source="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html",
    )
    def _doubted(self, send: Action, target: Any, asked: bool) -> Action:
        """Return the way to a target, with the doubts about health and about what requests it gets."""
        if target.state not in ("healthy", "initial", "unused", "unavailable"):
            text = f"target {target.name} was {target.state}"
        elif asked:
            text = f"rules of {self.load_balancer_name} decide by host or path which requests {target.name} gets"
        else:
            return send
        return send if isinstance(send, Drop) else perhaps(send, conditional(text, self.id, "LB-14"))

    def is_near(self, node: Any, target: Any, world: World) -> bool:
        """Return whether a target is in the zone of a node, to which the node sends in any case."""
        subnet = world.find("subnet", node.subnet_id)
        return not target.zone or subnet is None or subnet.zone == target.zone

    @rule(
        "LB-13",
        says="Application load balancers serve targets of all zones, network ones of the node's zone, unless attributes say otherwise.",
        source="https://docs.aws.amazon.com/elasticloadbalancing/latest/network/network-load-balancers.html",
    )
    def crosses_zones(self, group: Any, world: World) -> bool:
        """Return whether nodes send to targets of other zones."""
        said = group.attribute("load_balancing.cross_zone.enabled", world)
        if said in ("true", "false"):
            return bool(said == "true")
        found = world.find("load_balancer_attributes", self.id)
        mine = (
            next((one.value for one in found.attributes if one.key == "load_balancing.cross_zone.enabled"), "") if found else ""
        )
        return mine == "true" if mine else self.marks == "application"

    def sent(self, node: Any, group: Any, target: Any, services: IntervalSet, world: World) -> Action:
        """Return the connection from a node to a target."""
        raise NotImplementedError

    @rule(
        "LB-15",
        says="Targets in other VPCs and sites are reached by the route tables of the load balancer's own subnets.",
        source="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html",
    )
    def own_connection(self, node: Any, target: Any, services: IntervalSet) -> Action:
        """Return a connection with the node's own address, whose replies come back to the node."""
        family = "IPv6" if target.number in EVERY_V6 else "IPv4"
        number = node.primary[family == "IPv6"]
        if number is None and node.stand_in:
            return lost_sight(unknown(f"which address {node.id} has is known after it is made only", node.id, "LIM-7"))
        if number is None:
            return Drop("BAD_STATE", f"{node.id} has no {family} address")
        session = Session((self.takes_place(node.id),), Place(node.id, "groups out"), remaps_ports=True)
        return Send(
            Place(node.id, "groups out"),
            source=number,
            target=target.number,
            service=port_of(services, target.port),
            realm=node.vpc_id,
            session=session,
        )

    def takes_place(self, node_id: str) -> Place:
        """Return the place of a node's listeners."""
        return Place(self.id, "listens", node_id)


def no_listener(name: str, listeners: int) -> Drop:
    """Return the drop of what no listener of a load balancer takes: AWS blames the only one, or the load balancer."""
    code = "ELBV2_LISTENER_PORT_RESTRICTION" if listeners == 1 else "ELBV2_LISTENERS_MISMATCH"
    return Drop(code, f"{name} has no listener on that port")


def port_of(services: IntervalSet, port: int) -> int:
    """Return the service of a target: the protocol of the listener, with the target's port."""
    protocol = services.smallest() >> 16
    return ((protocol if protocol in (TCP, UDP) else TCP) << 16) + port
