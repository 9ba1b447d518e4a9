"""DNS Firewall: which names a VPC's resolver may look up. It judges names, never packets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import msgspec

from ..component import IN_VPC, Call, Component, Document, Each, Reference, World
from ..door import Remark
from ..rule import rule


class FirewallRule(Component, kw_only=True):
    """One rule of a rule group: ListFirewallRules."""

    kind: ClassVar[str] = "dns_firewall_rule"
    documents: ClassVar[tuple[Document, ...]] = (
        Document(
            "FirewallRules",
            "route53resolver",
            "ListFirewallRules",
            each=Each(
                "FirewallRuleGroupId",
                Call("route53resolver", "ListFirewallRuleGroupAssociations"),
                ("FirewallRuleGroupAssociations[].FirewallRuleGroupId",),
            ),
        ),
    )

    firewall_rule_group_id: str
    firewall_domain_list_id: str = ""
    firewall_threat_protection_id: str = ""
    priority: int = 0
    action: str = ""
    qtype: str = ""

    @property
    def id(self) -> str:
        """Its group, its priority, and what it is about: rules have no id of their own."""
        about = self.firewall_domain_list_id or self.firewall_threat_protection_id
        return f"{self.firewall_rule_group_id}/{self.priority}/{about}/{self.qtype}"


class FirewallConfig(Component, kw_only=True):
    """Whether queries pass while DNS Firewall does not answer: ListFirewallConfigs."""

    kind: ClassVar[str] = "dns_firewall_config"
    documents: ClassVar[tuple[Document, ...]] = (Document("FirewallConfigs", "route53resolver", "ListFirewallConfigs"),)

    resource_id: str
    firewall_fail_open: str = "DISABLED"

    @property
    def id(self) -> str:
        """The VPC that it is about, marked as its configuration."""
        return f"{self.resource_id}/dns-firewall"


class FirewallRuleGroupAssociation(Component, kw_only=True):
    """A rule group that judges the queries of a VPC: ListFirewallRuleGroupAssociations."""

    kind: ClassVar[str] = "dns_firewall_association"
    documents: ClassVar[tuple[Document, ...]] = (
        Document("FirewallRuleGroupAssociations", "route53resolver", "ListFirewallRuleGroupAssociations"),
    )
    references: ClassVar[tuple[Reference, ...]] = (IN_VPC,)

    association_id: str = msgspec.field(name="Id")
    firewall_rule_group_id: str = ""
    vpc_id: str = ""
    priority: int = 0
    status: str = "COMPLETE"

    @property
    def id(self) -> str:
        """The association id."""
        return self.association_id

    @rule(
        "DNS-2",
        says="DNS Firewall judges the names of queries to the Amazon resolver, groups and rules by priority, and lets what none is about "
        "pass; queries to another resolver do not meet it.",
        source="https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-dns-firewall-overview.html",
    )
    def remarks(self, world: World) -> Iterator[Remark]:
        """Yield, once a VPC, what its rule groups do with names, in order of priority."""
        every = [one for one in world.where(self.kind, "vpc_id", self.vpc_id) if one.status != "DELETING"]
        order = sorted(every, key=lambda one: (one.priority, one.id))
        if not order or order[0] is not self:
            return
        told = ", ".join(text for one in order for text in one.rules_in_words(world)) or "rules that are not in the snapshot"
        config = world.find("dns_firewall_config", f"{self.vpc_id}/dns-firewall")
        fails = "open" if config is not None and config.firewall_fail_open == "ENABLED" else "closed"
        text = f"DNS Firewall judges the names that {self.vpc_id} looks up at the Amazon resolver: {told}; it fails {fails}"
        yield Remark(self.vpc_id, text, "DNS-2")

    def rules_in_words(self, world: World) -> list[str]:
        """Return the rules of the group in words, by priority."""
        rules = world.where("dns_firewall_rule", "firewall_rule_group_id", self.firewall_rule_group_id)
        ordered = sorted(rules, key=lambda one: (one.priority, one.id))
        return [
            f"{one.action.lower()} {one.firewall_domain_list_id or one.firewall_threat_protection_id or 'names'}"
            for one in ordered
        ]
