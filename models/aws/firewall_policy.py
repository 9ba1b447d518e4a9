"""Policies of AWS Network Firewall: the order of rule groups, and what is done with packets that no rule matches."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import msgspec

from ..component import Component, Document, World, conditional, unknown
from ..firewall import POLICY, Clause, Effect
from ..packet import ICMP, ICMP6, TCP, UDP, services_of
from ..rule import rule
from ..stateful import unreadable
from ..table import Direction, Match

STATELESS_EFFECTS = {"aws:pass": Effect.PASS, "aws:drop": Effect.DROP, "aws:forward_to_sfe": Effect.ENGINE}
# Names of default actions: those that only alert, and those that drop once a connection stands.
ALERTS = (
    "aws:alert_strict",
    "aws:alert_established",
    "aws:alert_established_app_layer",
    "aws:alert_established_app_layer_to_server",
)
ESTABLISHED = "aws:drop_established"
APPLICATION = ("aws:drop_established_app_layer", "aws:drop_established_app_layer_to_server")
STRICT = "aws:drop_strict"
TIERS = (Effect.PASS, Effect.DROP, Effect.HALF)


class GroupOverride(msgspec.Struct, rename="pascal", frozen=True):
    """What a policy changes of a managed group."""

    action: str = ""


class GroupReference(msgspec.Struct, rename="pascal", frozen=True):
    """A rule group of a policy, with its place in the order."""

    resource_arn: str
    priority: int = 0
    override: GroupOverride | None = None


class EngineOptions(msgspec.Struct, rename="pascal", frozen=True):
    """How the stateful engine works."""

    rule_order: str = "DEFAULT_ACTION_ORDER"
    stream_exception_policy: str = "DROP"


class PolicySet(msgspec.Struct, rename="pascal", frozen=True):
    """The blocks that a variable stands for."""

    definition: list[str] = []


class PolicyVariables(msgspec.Struct, rename="pascal", frozen=True):
    """Variables that a policy sets: HOME_NET."""

    rule_variables: dict[str, PolicySet] = {}


class PolicyResponse(msgspec.Struct, rename="pascal", frozen=True):
    """What stands beside the policy: its ARN and name."""

    firewall_policy_arn: str
    firewall_policy_name: str = ""


class FirewallPolicy(Component, kw_only=True):
    """A firewall policy: DescribeFirewallPolicy."""

    kind: ClassVar[str] = "firewall_policy"
    documents: ClassVar[tuple[Document, ...]] = (
        Document("FirewallPolicy", "network-firewall", "DescribeFirewallPolicy", each=POLICY.each),
    )

    firewall_policy_response: PolicyResponse
    stateless_rule_group_references: list[GroupReference] = []
    stateless_default_actions: list[str] = []
    stateful_rule_group_references: list[GroupReference] = []
    stateful_default_actions: list[str] = []
    stateful_engine_options: EngineOptions = EngineOptions()
    policy_variables: PolicyVariables = PolicyVariables()

    @property
    def id(self) -> str:
        """The ARN."""
        return self.firewall_policy_response.firewall_policy_arn

    def names(self) -> list[str]:
        """Return its name and its Name tag."""
        return [name for name in (self.firewall_policy_response.firewall_policy_name, self.name) if name]

    @property
    def strict(self) -> bool:
        """Whether stateful rules are tried in the order in which they are written."""
        return self.stateful_engine_options.rule_order == "STRICT_ORDER"

    @property
    def forgets(self) -> bool:
        """Whether the firewall goes on with a connection of which it did not see the beginning, by its rules alone."""
        return self.stateful_engine_options.stream_exception_policy == "CONTINUE"

    @rule(
        "NFW-3",
        says="Stateless rules are tried first, packet by packet, by the priority of groups and rules: pass, drop, or forward to the "
        "stateful engine; what none matches meets the default action.",
        source="https://docs.aws.amazon.com/network-firewall/latest/developerguide/firewall-policy-processing.html",
    )
    def stateless(self, direction: Direction, world: World) -> Iterator[Clause]:
        """Yield the stateless clauses in order; the last one matches everything."""
        for one in sorted(self.stateless_rule_group_references, key=lambda one: one.priority):
            group = world.find("firewall_rule_group", one.resource_arn)
            if group is not None:
                yield from group.stateless(direction, world)
            else:
                yield from unreadable("rule group not in the snapshot", _missing(one), tuple(STATELESS_EFFECTS.values()))
        found = [STATELESS_EFFECTS[action] for action in self.stateless_default_actions if action in STATELESS_EFFECTS]
        if not found:
            doubt = unknown(f"{self.id} has no stateless default action that is modelled", self.id, "LIM-12")
            yield from unreadable("default action", doubt, (Effect.PASS, Effect.DROP))
        effect = found[0] if found else Effect.ENGINE
        title = f"stateless default {'/'.join(self.stateless_default_actions)}"
        yield Clause(title, Match(), effect, "NFW-3", self.id)

    @rule(
        "NFW-4",
        says="In the default order rules that pass come first, then those that drop, then those that reject, wherever they stand; what "
        "no rule matches passes.",
        source="https://docs.aws.amazon.com/network-firewall/latest/developerguide/suricata-rule-evaluation-order.html",
    )
    def stateful(self, home: str | None, direction: Direction, world: World) -> Iterator[Clause]:
        """Yield the stateful clauses in order; `home` are the ranges of the firewall's VPC, None where nobody knows them."""
        own = self.policy_variables.rule_variables.get("HOME_NET")
        home = f"[{','.join(own.definition)}]" if own is not None else home
        order = (lambda one: one.priority) if self.strict else (lambda one: 0)
        groups = sorted(self.stateful_rule_group_references, key=order)
        clauses = [clause for one in groups for clause in self._of_group(one, home, direction, world)]
        if not self.strict:
            clauses.sort(key=lambda clause: TIERS.index(clause.effect))
            yield from clauses
            yield Clause("no stateful rule matches", Match(), Effect.PASS, "NFW-4", self.id)
            return
        yield from clauses
        yield from self._defaults()

    def _of_group(self, one: GroupReference, home: str | None, direction: Direction, world: World) -> Iterator[Clause]:
        """Yield the clauses of one group; of managed groups, which show no rules, that they may drop."""
        alerts_only = one.override is not None and one.override.action == "DROP_TO_ALERT"
        group: Any = world.find("firewall_rule_group", one.resource_arn)
        managed = ":aws-managed:" in one.resource_arn
        if managed and (group is None or group.rules_source is None):
            if not alerts_only:
                doubt = unknown(f"the rules of the managed group {one.resource_arn} cannot be read", one.resource_arn, "NFW-9")
                yield from unreadable("managed rule group", doubt, (Effect.DROP,))
        elif group is None:
            yield from unreadable("rule group not in the snapshot", _missing(one), (Effect.DROP, Effect.PASS))
        else:
            for clause in group.stateful(home, direction, world, strict=self.strict):
                if not (alerts_only and clause.effect is not Effect.PASS):
                    yield clause

    @rule(
        "NFW-5",
        says="In the strict order the first rule that matches decides, by the priority of groups; then the default actions: none passes, "
        "`drop_strict` drops everything, `drop_established` drops data of connections, not their handshakes.",
        source="https://docs.aws.amazon.com/network-firewall/latest/developerguide/suricata-rule-evaluation-order.html",
    )
    @rule(
        "NFW-6",
        says="Under `drop_established` UDP and ICMP that no rule passes are dropped.",
        source="https://docs.aws.amazon.com/network-firewall/latest/developerguide/suricata-rule-evaluation-order.html",
    )
    def _defaults(self) -> Iterator[Clause]:
        wanted = [action for action in self.stateful_default_actions if action not in ALERTS]
        strange = [action for action in wanted if action not in (STRICT, ESTABLISHED, *APPLICATION)]
        title = f"stateful default {'/'.join(self.stateful_default_actions) or 'pass'}"
        if strange:
            doubt = unknown(f"{self.id}: default action `{strange[0]}` is not modelled", self.id, "LIM-12")
            yield from unreadable(title, doubt, (Effect.DROP,))
        if STRICT in wanted:
            yield Clause(title, Match(), Effect.DROP, "NFW-5", self.id)
            return
        datagrams = services_of(UDP) | services_of(ICMP) | services_of(ICMP6)
        if ESTABLISHED in wanted:
            yield Clause(title, Match(services=datagrams), Effect.DROP, "NFW-6", self.id)
            yield Clause(title, Match(), Effect.HALF, "NFW-5", self.id)
            return
        if any(action in APPLICATION for action in wanted):
            doubt = conditional(f"{self.id}: names in the payload decide what the default action drops", self.id, "NFW-5")
            yield Clause(title, Match(services=datagrams), Effect.DROP, "NFW-6", self.id, doubt)
            yield Clause(title, Match(services=services_of(TCP)), Effect.HALF, "NFW-5", self.id)
        yield Clause(title, Match(), Effect.PASS, "NFW-5", self.id)


def _missing(one: GroupReference) -> Any:
    return unknown(f"rule group {one.resource_arn} is not in the snapshot", one.resource_arn, "LIM-7")
