"""Rule groups of AWS Network Firewall: stateless rules, stateful ones in three languages, and domain lists."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import msgspec

from ..component import Component, Document, World, conditional, unknown
from ..firewall import RULE_GROUP, Clause, Effect
from ..packet import EVERY_ADDRESS, TCP, UDP, IntervalSet, prefix, services_of, union
from ..rule import rule
from ..stateful import CLIENT_PORTS, clauses_of, unreadable
from ..suricata import EVERY_PORT, Header, Names, addresses, rules_in
from ..table import Direction, Match

STATELESS_EFFECTS = {"aws:pass": Effect.PASS, "aws:drop": Effect.DROP, "aws:forward_to_sfe": Effect.ENGINE}


class AddressRange(msgspec.Struct, rename="pascal", frozen=True):
    """A block of a stateless rule."""

    address_definition: str

    def __post_init__(self) -> None:
        prefix(self.address_definition)


class PortRange(msgspec.Struct, rename="pascal", frozen=True):
    """A range of ports, both ends included."""

    from_port: int = 0
    to_port: int = 65535


class MatchAttributes(msgspec.Struct, rename="pascal", frozen=True):
    """What a stateless rule is about; an empty list means any."""

    sources: list[AddressRange] = []
    destinations: list[AddressRange] = []
    source_ports: list[PortRange] = []
    destination_ports: list[PortRange] = []
    protocols: list[int] = []
    tcp_flags: list[dict[str, Any]] = msgspec.field(name="TCPFlags", default_factory=list)

    @property
    def match(self) -> Match:
        """The headers that it is about, source ports and flags left out."""
        sources = union(prefix(one.address_definition) for one in self.sources)
        targets = union(prefix(one.address_definition) for one in self.destinations)
        ports = _ports(self.destination_ports)
        wanted = (protocol for protocol in self.protocols or range(256) if 0 <= protocol <= 255)
        services = union(
            services_of(protocol, low, high)
            for protocol in wanted
            for low, high in (ports if protocol in (TCP, UDP) else EVERY_PORT)
        )
        every = not self.protocols and ports == EVERY_PORT
        return Match(sources if self.sources else None, targets if self.destinations else None, None if every else services)


def _ports(ranges: list[PortRange]) -> IntervalSet:
    return IntervalSet((one.from_port, one.to_port) for one in ranges) if ranges else EVERY_PORT


class RuleDefinition(msgspec.Struct, rename="pascal", frozen=True):
    """What a stateless rule is about and what it does."""

    match_attributes: MatchAttributes = MatchAttributes()
    actions: list[str] = []


class StatelessRule(msgspec.Struct, rename="pascal", frozen=True):
    """One stateless rule with its place in the group."""

    rule_definition: RuleDefinition
    priority: int = 0


class StatelessRules(msgspec.Struct, rename="pascal", frozen=True):
    """The stateless rules of a group."""

    stateless_rules: list[StatelessRule] = []


class StatefulHeader(msgspec.Struct, rename="pascal", frozen=True):
    """The header of a stateful rule of five parts."""

    protocol: str = "IP"
    source: str = "ANY"
    source_port: str = "ANY"
    direction: str = "FORWARD"
    destination: str = "ANY"
    destination_port: str = "ANY"


class StatefulOption(msgspec.Struct, rename="pascal", frozen=True):
    """An option: a keyword, which may hold its value after a colon, and settings."""

    keyword: str = ""
    settings: list[str] = []

    @property
    def pair(self) -> tuple[str, str]:
        """The keyword and its value."""
        keyword, _, value = self.keyword.partition(":")
        return keyword.strip().lower(), ",".join(filter(None, (value.strip(), *self.settings)))


class StatefulRule(msgspec.Struct, rename="pascal", frozen=True):
    """A stateful rule of five parts."""

    action: str = "ALERT"
    header: StatefulHeader = StatefulHeader()
    rule_options: list[StatefulOption] = []

    @property
    def as_header(self) -> Header:
        """The same rule in Suricata's language."""
        one = self.header
        return Header(
            self.action.lower(),
            one.protocol.lower(),
            one.source,
            one.source_port,
            one.direction == "ANY",
            one.destination,
            one.destination_port,
            tuple(option.pair for option in self.rule_options),
        )


class DomainList(msgspec.Struct, rename="pascal", frozen=True):
    """A list of domains that are allowed or denied by the names in TLS and HTTP."""

    targets: list[str] = []
    target_types: list[str] = []
    generated_rules_type: str = "DENYLIST"


class RulesSource(msgspec.Struct, rename="pascal", frozen=True):
    """The rules of a group, in one of four ways."""

    rules_string: str = ""
    rules_source_list: DomainList | None = None
    stateful_rules: list[StatefulRule] = []
    stateless_rules_and_custom_actions: StatelessRules | None = None


class VariableSet(msgspec.Struct, rename="pascal", frozen=True):
    """The blocks or ports that a variable stands for."""

    definition: list[str] = []

    @property
    def text(self) -> str:
        """The definition in Suricata's language."""
        return f"[{','.join(self.definition)}]"


class RuleVariables(msgspec.Struct, rename="pascal", frozen=True):
    """The variables of a group."""

    ip_sets: dict[str, VariableSet] = msgspec.field(name="IPSets", default_factory=dict)
    port_sets: dict[str, VariableSet] = {}


class SetReference(msgspec.Struct, rename="pascal", frozen=True):
    """A prefix list or resource group that a name stands for."""

    reference_arn: str = ""


class ReferenceSets(msgspec.Struct, rename="pascal", frozen=True):
    """The references of a group."""

    ip_set_references: dict[str, SetReference] = msgspec.field(name="IPSetReferences", default_factory=dict)


class RuleGroupResponse(msgspec.Struct, rename="pascal", frozen=True):
    """What stands beside the rules: the group's ARN and name."""

    rule_group_arn: str
    rule_group_name: str = ""


class FirewallRuleGroup(Component, kw_only=True):
    """A rule group: DescribeRuleGroup."""

    kind: ClassVar[str] = "firewall_rule_group"
    documents: ClassVar[tuple[Document, ...]] = (
        Document("RuleGroup", "network-firewall", "DescribeRuleGroup", each=RULE_GROUP.each),
    )

    rule_group_response: RuleGroupResponse
    rules_source: RulesSource | None = None
    rule_variables: RuleVariables = RuleVariables()
    reference_sets: ReferenceSets = ReferenceSets()

    @property
    def id(self) -> str:
        """The ARN."""
        return self.rule_group_response.rule_group_arn

    def names(self) -> list[str]:
        """Return its name and its Name tag."""
        return [name for name in (self.rule_group_response.rule_group_name, self.name) if name]

    @property
    def prefix_list_ids(self) -> dict[str, str]:
        """The prefix list that each name of its rules stands for."""
        return {name: one.reference_arn.rpartition("/")[2] for name, one in self.reference_sets.ip_set_references.items()}

    def stateless(self, direction: Direction, world: World) -> Iterator[Clause]:
        """Yield the stateless rules, the lowest priority first."""
        source = self.rules_source
        if source is None or source.stateless_rules_and_custom_actions is None:
            doubt = unknown(f"the rules of {self.id} are not in the snapshot", self.id, "NFW-3")
            yield from unreadable("rules not in the snapshot", doubt, tuple(STATELESS_EFFECTS.values()))
            return
        for one in sorted(source.stateless_rules_and_custom_actions.stateless_rules, key=lambda one: one.priority):
            effect = next(
                (STATELESS_EFFECTS[action] for action in one.rule_definition.actions if action in STATELESS_EFFECTS), None
            )
            title = f"stateless rule {one.priority} {'/'.join(one.rule_definition.actions)}"
            if effect is None:
                doubt = unknown(f"{self.id}: stateless rule {one.priority} has no action that is modelled", self.id, "LIM-12")
                yield from unreadable(title, doubt, tuple(STATELESS_EFFECTS.values()))
                continue
            attributes = one.rule_definition.match_attributes
            text = self._asks_more(attributes, direction)
            doubt_or_none = (
                conditional(f"{self.id}: stateless rule {one.priority} asks for {text}", self.id, "NFW-3") if text else None
            )
            yield Clause(title, attributes.match, effect, "NFW-3", self.id, doubt_or_none)

    def _asks_more(self, attributes: MatchAttributes, direction: Direction) -> str:
        """Return what a stateless rule asks of a packet beyond its header as we know it; "" for nothing."""
        sure = CLIENT_PORTS if direction is Direction.REQUEST else EVERY_PORT
        if not sure <= _ports(attributes.source_ports):
            return "source ports"
        return "TCP flags" if attributes.tcp_flags else ""

    def stateful(self, home: str | None, direction: Direction, world: World, *, strict: bool) -> Iterator[Clause]:
        """Yield the stateful rules in order; `home` is what the policy says of HOME_NET, None where nobody knows it.

        `strict` is whether the policy keeps the order: then a list of allowed domains denies no others.
        """
        source = self.rules_source
        if source is None or source.stateless_rules_and_custom_actions is not None:
            doubt = unknown(f"the rules of {self.id} are not in the snapshot", self.id, "NFW-9")
            yield from unreadable("rules not in the snapshot", doubt, (Effect.DROP, Effect.PASS))
            return
        names = self._names(home, world)
        for one in source.stateful_rules:
            yield from clauses_of(one.as_header, names, self.id, direction)
        for line in rules_in(source.rules_string):
            if isinstance(line, Header):
                yield from clauses_of(line, names, self.id, direction)
            else:
                doubt = unknown(f"{self.id}: a rule cannot be read: `{line[:60]}`", self.id, "NFW-9")
                yield from unreadable("a rule that cannot be read", doubt, (Effect.DROP, Effect.PASS))
        if source.rules_source_list is not None:
            yield from self._domains(source.rules_source_list, names, strict=strict)

    @rule(
        "NFW-8",
        says="HOME_NET stands for the ranges of the firewall's VPC unless the group or the policy says otherwise: lists of domains do "
        "not look at what other networks send.",
        source="https://docs.aws.amazon.com/network-firewall/latest/developerguide/stateful-rule-groups-domain-names.html",
    )
    def _names(self, home: str | None, world: World) -> Names:
        sets = {"HOME_NET": home} if home is not None else {}
        sets |= {name: one.text for name, one in self.rule_variables.ip_sets.items()}
        sets.setdefault("EXTERNAL_NET", "!$HOME_NET")
        found = {name: world.prefixes(id) for name, id in self.prefix_list_ids.items()}
        return Names(sets, {name: one.text for name, one in self.rule_variables.port_sets.items()}, found)

    @rule(
        "NFW-7",
        says="Lists of domains see names in TLS and HTTP: a list of allowed ones denies the others in the default order only.",
        source="https://docs.aws.amazon.com/network-firewall/latest/developerguide/stateful-rule-groups-domain-names.html",
    )
    def _domains(self, listed: DomainList, names: Names, *, strict: bool) -> Iterator[Clause]:
        kind = listed.generated_rules_type
        allowed = (Effect.PASS,) if strict else (Effect.PASS, Effect.DROP)
        effects: tuple[Effect, ...] = {"ALLOWLIST": allowed, "ALERTLIST": ()}.get(kind, (Effect.DROP,))
        home = addresses("$HOME_NET", names)
        doubt = conditional(f"{self.id}: names in TLS or HTTP decide ({kind.lower()} of domains)", self.id, "NFW-7")
        match = Match(sources=EVERY_ADDRESS if home is None else home, services=services_of(TCP))
        for effect in effects:
            yield Clause(f"{kind.lower()} of domains", match, effect, "NFW-7", self.id, doubt)
