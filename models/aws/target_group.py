"""Target groups: where load balancers send what they take, with health and attributes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import msgspec

from ..component import Call, Component, Document, Each, World
from ..interface import primary_interface
from ..packet import address
from ..rule import rule

OF_GROUP = Each("TargetGroupArn", Call("elbv2", "DescribeTargetGroups"), ("TargetGroups[].TargetGroupArn",))


class TargetId(msgspec.Struct, rename="pascal", frozen=True):
    """One target: an instance id, an address, an ARN, and the port given at registration."""

    id: str
    port: int | None = None
    availability_zone: str = ""


class HealthState(msgspec.Struct, rename="pascal", frozen=True):
    """The health of a target when the snapshot was taken."""

    state: str = "healthy"


class TargetDescription(msgspec.Struct, rename="pascal", frozen=True):
    """A target with its health."""

    target: TargetId
    target_health: HealthState = HealthState()


class TargetHealth(Component, kw_only=True):
    """The targets of one group: DescribeTargetHealth, wrapped with the group's ARN."""

    kind: ClassVar[str] = "target_health"
    documents: ClassVar[tuple[Document, ...]] = (
        Document("LoadBalancerTargetHealth", "elbv2", "DescribeTargetHealth", argument="TargetGroupArn", each=OF_GROUP),
    )

    target_group_arn: str
    target_health_descriptions: list[TargetDescription] = []

    @property
    def id(self) -> str:
        """The ARN of the group."""
        return self.target_group_arn


class Attribute(msgspec.Struct, rename="pascal", frozen=True):
    """One attribute, a key and a text."""

    key: str
    value: str = ""


class TargetGroupAttributes(Component, kw_only=True):
    """The attributes of one group: DescribeTargetGroupAttributes, wrapped with the group's ARN."""

    kind: ClassVar[str] = "target_group_attributes"
    documents: ClassVar[tuple[Document, ...]] = (
        Document("TargetGroupAttributes", "elbv2", "DescribeTargetGroupAttributes", argument="TargetGroupArn", each=OF_GROUP),
    )

    target_group_arn: str
    attributes: list[Attribute] = []

    @property
    def id(self) -> str:
        """The ARN of the group."""
        return self.target_group_arn


class Target(msgspec.Struct, frozen=True):
    """One address and port that a group's connections go to, with the zone and what is not certain about it.

    `number` is None where the snapshot does not hold the instance or load balancer that is the target.
    """

    name: str
    number: int | None
    port: int
    zone: str
    vpc_id: str
    state: str


class TargetGroup(Component, kw_only=True):
    """A target group: DescribeTargetGroups."""

    kind: ClassVar[str] = "target_group"
    documents: ClassVar[tuple[Document, ...]] = (Document("TargetGroups", "elbv2", "DescribeTargetGroups"),)

    target_group_arn: str
    target_group_name: str = ""
    target_type: str = "instance"
    protocol: str = "TCP"
    port: int = 0
    health_check_port: str = ""
    vpc_id: str = ""
    load_balancer_arns: list[str] = []

    @property
    def id(self) -> str:
        """The ARN."""
        return self.target_group_arn

    @property
    def checked_port(self) -> int:
        """The port of health checks; 0 where it is that of the traffic."""
        return int(self.health_check_port) if self.health_check_port.isdigit() else 0

    def names(self) -> list[str]:
        """Return its name and its Name tag."""
        return [name for name in (self.target_group_name, self.name) if name]

    def attribute(self, key: str, world: World) -> str:
        """Return an attribute's value; "" when the snapshot does not say."""
        found = world.find("target_group_attributes", self.id)
        return next((one.value for one in found.attributes if one.key == key), "") if found is not None else ""

    @property
    def always_keeps_client(self) -> bool:
        """Whether its protocol leaves no choice about the client's address."""
        return self.protocol in ("UDP", "TCP_UDP", "QUIC", "TCP_QUIC")

    @rule(
        "LB-6",
        says="A network load balancer keeps the client's address for instance targets and for UDP, and not for address targets of TCP, "
        "unless the group says otherwise.",
        source="https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html",
    )
    @rule(
        "LB-11",
        says="An application load balancer behind a network one sees the client's address: its groups must admit the clients.",
        source="https://docs.aws.amazon.com/elasticloadbalancing/latest/network/application-load-balancer-target.html",
    )
    def keeps_client(self, world: World) -> bool:
        """Return whether targets see the client's own address behind a network load balancer."""
        if self.always_keeps_client:
            return True
        said = self.attribute("preserve_client_ip.enabled", world)
        return said == "true" if said else self.target_type in ("instance", "alb")

    def says_whom(self, world: World) -> bool:
        """Return whether the snapshot says with whose address targets are called: by the protocol, or by attributes."""
        fixed = self.protocol in ("UDP", "TCP_UDP", "QUIC", "TCP_QUIC")
        return fixed or self.target_type == "alb" or world.find("target_group_attributes", self.id) is not None

    @rule(
        "LB-2",
        says="The port is the one given at registration, else the group's; an instance means the primary address of its primary interface.",
        source="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html",
    )
    def targets(self, world: World) -> list[Target] | None:
        """Return the targets; None when the snapshot does not hold them."""
        found = world.find("target_health", self.id)
        if found is None:
            return None
        return [target for one in found.target_health_descriptions for target in self._of(one, world)]

    def _of(self, described: TargetDescription, world: World) -> Iterator[Target]:
        port = described.target.port or self.port
        state = described.target_health.state
        for interface, number in self._addresses(described.target, world):
            subnet = world.find("subnet", interface.subnet_id) if interface is not None else None
            zone = subnet.zone if subnet is not None else ""
            vpc_id = interface.vpc_id if interface is not None else self.vpc_id
            yield Target(described.target.id, number, port, zone, vpc_id, state)

    def _addresses(self, target: TargetId, world: World) -> Iterator[tuple[Any, int | None]]:
        """Yield the interface and the address that a target stands for; nothing for a function, None for what nobody knows.

        An instance that no interface names is none of those that the snapshot holds; a load balancer may lead to them.
        """
        if self.target_type == "ip":
            number = address(target.id)
            yield world.owner_of(self.vpc_id, number), number
        elif self.target_type != "lambda":
            known = [one for one in self._interfaces(target, world) if one is not None]
            yield from ((one, one.primary[0]) for one in known if one.primary[0] is not None)
            # One that stands for itself at every free address of its subnet has none that is known.
            yield from ((None, None) for one in known if one.stand_in and one.primary[0] is None)
            if not known and (self.target_type == "alb" or world.is_broken("network_interface", self)):
                yield None, None

    def _interfaces(self, target: TargetId, world: World) -> list[Any]:
        if self.target_type == "instance":
            return [primary_interface(target.id, world)]
        balancer = world.find("application_load_balancer", target.id)
        return [world.find("network_interface", one) for one in balancer.interface_ids(world)] if balancer is not None else []
