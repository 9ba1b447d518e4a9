"""Listeners of load balancers and their rules: which ports are open, and to which target groups they lead."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import msgspec

from ..component import Call, Component, Document, Each, World
from ..packet import TCP, UDP, IntervalSet, services_of, union
from ..rule import rule

PROTOCOLS = {"UDP": (UDP,), "TCP_UDP": (TCP, UDP), "QUIC": (UDP,), "TCP_QUIC": (TCP, UDP)}

# Actions for which a load balancer asks nobody but the targets.
ENDING = ("forward", "redirect", "fixed-response")

LISTENERS = Call(
    "elbv2",
    "DescribeListeners",
    each=Each("LoadBalancerArn", Call("elbv2", "DescribeLoadBalancers"), ("LoadBalancers[].LoadBalancerArn",)),
)
OF_LISTENER = Each("ListenerArn", LISTENERS, ("Listeners[].ListenerArn",))


class ForwardTarget(msgspec.Struct, rename="pascal", frozen=True):
    """One group of a weighted forward."""

    target_group_arn: str = ""
    weight: int = 1


class ForwardConfig(msgspec.Struct, rename="pascal", frozen=True):
    """The groups of a weighted forward."""

    target_groups: list[ForwardTarget] = []


class ListenerAction(msgspec.Struct, rename="pascal", frozen=True):
    """What is done with a request: forward, redirect, fixed response, authentication."""

    type: str = "forward"
    target_group_arn: str = ""
    forward_config: ForwardConfig | None = None

    @property
    def groups(self) -> list[str]:
        """The ARNs of the groups that the action forwards to; empty for every other action."""
        if self.type != "forward":
            return []
        weighted = (
            [one.target_group_arn for one in self.forward_config.target_groups if one.weight] if self.forward_config else []
        )
        return weighted or ([self.target_group_arn] if self.target_group_arn else [])


class Listener(Component, kw_only=True):
    """A listener: DescribeListeners."""

    kind: ClassVar[str] = "listener"
    documents: ClassVar[tuple[Document, ...]] = (
        Document(
            "LoadBalancerListeners",
            "elbv2",
            "DescribeListeners",
            rows="Listeners",
            argument="LoadBalancerArn",
            each=LISTENERS.each,
        ),
        Document("Listeners", "elbv2", "DescribeListeners", asked=False),
    )

    listener_arn: str
    load_balancer_arn: str
    port: int = 0
    protocol: str = ""
    ssl_policy: str = ""
    default_actions: list[ListenerAction] = []

    @property
    def id(self) -> str:
        """The ARN."""
        return self.listener_arn

    @property
    @rule(
        "LB-18",
        says="QUIC listeners take UDP, TCP_QUIC ones TCP and UDP; every other protocol but UDP and TCP_UDP is TCP.",
        source="https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-listeners.html",
    )
    def services(self) -> IntervalSet:
        """The services that the listener takes."""
        return union(services_of(protocol, self.port, self.port) for protocol in PROTOCOLS.get(self.protocol, (TCP,)))

    @rule(
        "LB-16",
        says="Redirects, fixed responses and authentication end at the load balancer; host and path conditions are not in the packet.",
        source="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-listeners.html",
    )
    def groups(self, world: World) -> Iterator[tuple[str, bool]]:
        """Yield the ARN of each group that requests are forwarded to, and whether that depends on the request.

        Where the snapshot does not hold the rules, any group that the load balancer uses may be in one.
        """
        rules = [one for one in world.where("listener_rule", "listener_arn", self.id) if not one.is_default]
        sure = [arn for action in self.default_actions for arn in action.groups]
        yield from ((arn, False) for arn in dict.fromkeys(sure))
        asked = [arn for one in rules for action in one.actions for arn in action.groups if arn not in sure]
        if not world.collected("listener_rule", self):
            using = (one for one in world.all("target_group") if self.load_balancer_arn in one.load_balancer_arns)
            asked += [one.id for one in using if one.id not in sure]
        yield from ((arn, True) for arn in dict.fromkeys(asked))

    def authenticates(self, world: World) -> bool:
        """Return whether the load balancer may ask somebody else about a request: an action that is not known may."""
        rules = world.where("listener_rule", "listener_arn", self.id)
        actions = [*self.default_actions, *(action for one in rules for action in one.actions)]
        return any(action.type not in ENDING for action in actions)


class ListenerRule(Component, kw_only=True):
    """A rule of a listener: DescribeRules, wrapped with the listener's ARN."""

    kind: ClassVar[str] = "listener_rule"
    documents: ClassVar[tuple[Document, ...]] = (
        Document("ListenerRules", "elbv2", "DescribeRules", rows="Rules", argument="ListenerArn", each=OF_LISTENER),
    )

    rule_arn: str
    listener_arn: str = ""
    is_default: bool = False
    actions: list[ListenerAction] = []

    @property
    def id(self) -> str:
        """The ARN."""
        return self.rule_arn
