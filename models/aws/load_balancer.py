"""Application and network load balancers."""

from __future__ import annotations

from typing import Any, ClassVar

import msgspec

from ..component import Call, Component, Document, Each, World, unknown
from ..load_balancer import LoadBalancerShape, port_of
from ..packet import IntervalSet
from ..rule import rule
from ..table import AWAY, Action, Choose, Drop, Place, Send, Session


class ApplicationLoadBalancer(LoadBalancerShape, kw_only=True):
    """An application load balancer: DescribeLoadBalancers of elbv2."""

    kind: ClassVar[str] = "application_load_balancer"
    endpoint_kind: ClassVar[str] = "alb"
    documents: ClassVar[tuple[Document, ...]] = (Document("LoadBalancers", "elbv2", "DescribeLoadBalancers"),)
    marks: ClassVar[str] = "application"

    @rule(
        "LB-4",
        says="An application load balancer ends connections: targets see the node's private address, and need no way to the client.",
        source="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-update-security-groups.html",
    )
    @rule(
        "LB-5",
        says="The load balancer's own groups must let it out to the targets' ports.",
        source="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-update-security-groups.html",
    )
    def sent(self, node: Any, group: Any, target: Any, services: IntervalSet, world: World) -> Action:
        """Return the node's own connection to a target."""
        if group.target_type == "lambda":
            return Drop("", f"{target.name} is a function, called by the API and not by the network")
        return self.own_connection(node, target, services)


class NetworkLoadBalancer(LoadBalancerShape, kw_only=True):
    """A network load balancer: DescribeLoadBalancers of elbv2."""

    kind: ClassVar[str] = "network_load_balancer"
    endpoint_kind: ClassVar[str] = "nlb"
    documents: ClassVar[tuple[Document, ...]] = (Document("LoadBalancers", "elbv2", "DescribeLoadBalancers"),)
    marks: ClassVar[str] = "network"

    enforce_security_group_inbound_rules_on_private_link_traffic: str = ""

    @rule(
        "LB-8",
        says="With the client's address kept, the target's groups must admit the client, and its reply returns through the load balancer "
        "whatever its routes say.",
        source="https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-register-targets.html",
    )
    def sent(self, node: Any, group: Any, target: Any, services: IntervalSet, world: World) -> Action:
        """Return the way to a target: with the client's address where the group keeps it, else the node's own connection."""
        kept, own = self._kept(node, group, target, services, world), self.own_connection(node, target, services)
        if group.says_whom(world):
            return kept if group.keeps_client(world) else own
        doubt = unknown(f"whether targets of {group.target_group_name} see the client is not in the snapshot", group.id, "LIM-7")
        return Choose((kept, own), doubt)

    def _kept(self, node: Any, group: Any, target: Any, services: IntervalSet, world: World) -> Action:
        """Return the way to a target with the client's address."""
        near = (target.vpc_id, self.vpc_id, *self._peers(world))
        owner = next((one for one in (world.owner_of(vpc_id, target.number) for vpc_id in near) if one is not None), None)
        if owner is None or owner.vpc_id not in (self.vpc_id, *self._peers(world)):
            text = f"the client's address is kept, and {target.name} is in no VPC that is peered"
            changed = None if group.always_keeps_client else self.own_connection(node, target, services)
            drop = Drop("ELBV2_SOURCE_ADDRESS_PRESERVATION", text, otherwise=changed)
            if world.collected("vpc_peering", world.keeper(self.vpc_id)):
                return drop
            return Choose((AWAY, drop), unknown("peering connections are not in the snapshot", self.id, "LIM-7"))
        back = Place(node.id, "takes back", owner.subnet_id)
        led = back if owner.subnet_id == node.subnet_id else Place(owner.subnet_id, "hands back", node.id)
        session = Session((back,), Place(node.id, "groups out"), caught=Place(owner.subnet_id, "leaves"), led=led)
        return Send(
            Place(node.id, "groups out"),
            target=target.number,
            service=port_of(services, target.port),
            realm=kept_by(node.id),
            session=session,
        )

    @rule(
        "LB-7",
        says="The client's address is kept only for targets in the load balancer's VPC or in one that is peered with it.",
        source="https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html",
    )
    def _peers(self, world: World) -> list[str]:
        """Return the VPCs that are peered with the load balancer's."""
        peerings = [one for one in world.all("vpc_peering") if one.active and self.vpc_id in one.vpc_ids]
        return [vpc_id for one in peerings for vpc_id in one.vpc_ids if vpc_id != self.vpc_id]


def kept_by(node_id: str) -> str:
    """Return the realm of packets that a network load balancer's node passes on with the client's address."""
    return f"by {node_id}"


class BalancerAttribute(msgspec.Struct, rename="pascal", frozen=True):
    """One attribute, a key and a text."""

    key: str
    value: str = ""


class LoadBalancerAttributes(Component, kw_only=True):
    """The attributes of one load balancer: DescribeLoadBalancerAttributes, wrapped with its ARN."""

    kind: ClassVar[str] = "load_balancer_attributes"
    documents: ClassVar[tuple[Document, ...]] = (
        Document(
            "LoadBalancerAttributes",
            "elbv2",
            "DescribeLoadBalancerAttributes",
            argument="LoadBalancerArn",
            each=Each("LoadBalancerArn", Call("elbv2", "DescribeLoadBalancers"), ("LoadBalancers[].LoadBalancerArn",)),
        ),
    )

    load_balancer_arn: str
    attributes: list[BalancerAttribute] = []

    @property
    def id(self) -> str:
        """The ARN of the load balancer."""
        return self.load_balancer_arn

    def value(self, key: str) -> str:
        """Return the value of an attribute; "" where the answer does not have it."""
        return next((one.value for one in self.attributes if one.key == key), "")
