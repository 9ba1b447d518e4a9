"""Global Accelerator: static public addresses at the edge, and the load balancers and instances behind them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

import msgspec

from ..component import Call, Component, Document, Each, World, conditional, lost_sight, perhaps, unknown
from ..door import Door
from ..edge import entry, entry_from_somewhere, interfaces_behind, strange
from ..packet import TCP, UDP, IntervalSet, address, only, services_of, union
from ..rule import rule
from ..table import Action, Arrive, Direction, Drop, Line, Match, Place, Send, Share, Table

LISTENERS = Call(
    "globalaccelerator",
    "ListListeners",
    each=Each("AcceleratorArn", Call("globalaccelerator", "ListAccelerators"), ("Accelerators[].AcceleratorArn",)),
)


class IpSet(msgspec.Struct, rename="pascal", frozen=True):
    """The static addresses of one family."""

    ip_addresses: list[str] = []

    def __post_init__(self) -> None:
        for text in self.ip_addresses:
            address(text)


class PortRange(msgspec.Struct, rename="pascal", frozen=True):
    """Ports that a listener takes, both ends included."""

    from_port: int = 0
    to_port: int = 65535


class PortOverride(msgspec.Struct, rename="pascal", frozen=True):
    """The port of an endpoint for one port of the listener."""

    listener_port: int = 0
    endpoint_port: int = 0


class EndpointDescription(msgspec.Struct, rename="pascal", frozen=True):
    """One endpoint: a load balancer's ARN, an instance id, an Elastic IP's allocation."""

    endpoint_id: str = ""
    weight: int = 128
    health_state: str = "HEALTHY"
    client_ip_preservation_enabled: bool = msgspec.field(name="ClientIPPreservationEnabled", default=False)


class EndpointGroup(Component, kw_only=True):
    """The endpoints of a listener in one Region: ListEndpointGroups, wrapped with the listener's ARN."""

    kind: ClassVar[str] = "accelerator_endpoint_group"
    documents: ClassVar[tuple[Document, ...]] = (
        Document(
            "ListenerEndpointGroups",
            "globalaccelerator",
            "ListEndpointGroups",
            rows="EndpointGroups",
            argument="ListenerArn",
            each=Each("ListenerArn", LISTENERS, ("Listeners[].ListenerArn",)),
        ),
    )

    endpoint_group_arn: str
    listener_arn: str = ""
    endpoint_descriptions: list[EndpointDescription] = []
    port_overrides: list[PortOverride] = []
    traffic_dial_percentage: float = 100.0

    @property
    def id(self) -> str:
        """The ARN."""
        return self.endpoint_group_arn


class AcceleratorListener(Component, kw_only=True):
    """A listener of an accelerator: ListListeners, wrapped with the accelerator's ARN."""

    kind: ClassVar[str] = "accelerator_listener"
    documents: ClassVar[tuple[Document, ...]] = (
        Document(
            "AcceleratorListeners",
            "globalaccelerator",
            "ListListeners",
            rows="Listeners",
            argument="AcceleratorArn",
            each=LISTENERS.each,
        ),
    )

    listener_arn: str
    accelerator_arn: str = ""
    protocol: str = "TCP"
    port_ranges: list[PortRange] = []

    @property
    def id(self) -> str:
        """The ARN."""
        return self.listener_arn

    @property
    def number(self) -> int:
        """The number of its protocol."""
        return UDP if self.protocol == "UDP" else TCP

    @property
    def services(self) -> IntervalSet:
        """The services that it takes."""
        return union(services_of(self.number, one.from_port, one.to_port) for one in self.port_ranges)

    def doors(self, world: World) -> Iterator[Door]:
        """Yield the door of an accelerator of which the snapshot holds nothing but the listener."""
        if world.find("accelerator", self.accelerator_arn) is None:
            yield Door(Place(self.id, "listens"), services=self.services)

    def passes_on(self, world: World) -> bool:
        """Return whether it stands for its accelerator."""
        return any(self.doors(world))

    def table(self, place: Place, direction: Direction, world: World) -> Table:
        """Return that nobody knows where it leads (stage `listens`)."""
        doubt = unknown(f"{self.accelerator_arn} is not in the snapshot, nor where it leads", self.id, "LIM-7")
        return Table("accelerator", [Line("accelerator not in the snapshot", Match(), lost_sight(doubt), "LIM-7", self.id)])


class Accelerator(Component, kw_only=True):
    """An accelerator: ListAccelerators."""

    kind: ClassVar[str] = "accelerator"
    endpoint_kind: ClassVar[str] = "accelerator"
    relays: ClassVar[bool] = True
    documents: ClassVar[tuple[Document, ...]] = (Document("Accelerators", "globalaccelerator", "ListAccelerators"),)

    accelerator_arn: str
    label: str = msgspec.field(name="Name", default="")
    enabled: bool = True
    ip_sets: list[IpSet] = []

    @property
    def id(self) -> str:
        """The ARN."""
        return self.accelerator_arn

    def names(self) -> list[str]:
        """Return its name and its Name tag."""
        return [name for name in (self.label, self.name) if name]

    def doors(self, world: World) -> Iterator[Door]:
        """Yield its static addresses."""
        addresses = union(only(address(text)) for one in self.ip_sets for text in one.ip_addresses)
        if addresses:
            yield Door(Place(self.id, "listens"), addresses)

    def _line(self, title: str, action: Action, rule_id: str, match: Match | None = None) -> Line:
        return Line(title, match or Match(), action, rule_id, self.id)

    def table(self, place: Place, direction: Direction, world: World) -> Table:
        """Return the listeners as lines (stage `listens`); replies to its connections never read a table of it."""
        if place.stage != "listens" or direction is Direction.REPLY:
            drop = Drop("", f"{self.label or self.id} knows no connection that this reply belongs to")
            return Table("accelerator", [self._line("reply to nothing of its own", drop, "IGW-13")])
        return Table("accelerator", list(self._listening(world)))

    @rule(
        "IGW-13",
        says="Global Accelerator reaches load balancers and instances in private subnets: the VPC needs an internet gateway, and neither a "
        "route to it nor a public address; replies go back through the accelerator, and groups see the client where its address is kept.",
        source="https://docs.aws.amazon.com/global-accelerator/latest/dg/secure-vpc-connections.html",
    )
    def _listening(self, world: World) -> Iterator[Line]:
        if not self.enabled:
            yield self._line("disabled", Drop("BAD_STATE", f"{self.label} is disabled"), "IGW-13")
        for listener in world.where("accelerator_listener", "accelerator_arn", self.id):
            groups = world.where("accelerator_endpoint_group", "listener_arn", listener.id)
            ports = dict.fromkeys(one.listener_port for group in groups for one in group.port_overrides)
            singles = [one.from_port for one in listener.port_ranges if one.from_port == one.to_port]
            for port in dict.fromkeys((*ports, *singles)):
                mine = services_of(listener.number, port, port) & listener.services
                if mine:
                    yield self._taken(listener, port, mine, groups, world)
            yield self._taken(listener, None, listener.services, groups, world)
        if world.collected("accelerator_listener", self):
            yield self._line("no listener", Drop("", f"{self.label} has no listener on that port"), "IGW-13")
            return
        doubt = unknown(f"the listeners of {self.label} are not in the snapshot", self.id, "LIM-7")
        yield self._line("listeners not in the snapshot", Share((Arrive(self.id), lost_sight(doubt))), "LIM-7")

    def _taken(
        self,
        listener: AcceleratorListener,
        port: int | None,
        services: IntervalSet,
        groups: Sequence[EndpointGroup],
        world: World,
    ) -> Line:
        onward = [
            way for group in groups for one in group.endpoint_descriptions for way in self._to(one, group, listener, port, world)
        ]
        if not groups and not world.collected("accelerator_endpoint_group", self):
            doubt = unknown(f"the endpoints of {listener.id} are not in the snapshot", self.id, "LIM-7")
            onward.append(lost_sight(doubt))
        title = f"listener {listener.protocol.lower()}" + (f"/{port}" if port is not None else "")
        return self._line(title, Share((Arrive(self.id), *onward)), "IGW-13", Match(services=services))

    def _to(
        self, one: EndpointDescription, group: EndpointGroup, listener: AcceleratorListener, port: int | None, world: World
    ) -> Iterator[Action]:
        """Yield the ways to an endpoint; none where weight or dial keep everything from it."""
        if not one.weight or not group.traffic_dial_percentage:
            return
        known = interfaces_behind(one.endpoint_id, world)
        if not known:
            doubt = unknown(f"{one.endpoint_id}, an endpoint of {self.label}, is not in the snapshot", self.id, "LIM-7")
            yield strange(one.endpoint_id, doubt)
        other = next((override.endpoint_port for override in group.port_overrides if override.listener_port == port), port)
        service = None if other is None else (listener.number << 16) + other
        way = entry if one.client_ip_preservation_enabled else entry_from_somewhere
        for interface in known:
            action = way(self.id, interface, world, service=service)
            if one.health_state == "UNHEALTHY" and isinstance(action, Send):
                action = perhaps(action, conditional(f"{one.endpoint_id} was unhealthy", self.id, "LB-14"))
            yield action
