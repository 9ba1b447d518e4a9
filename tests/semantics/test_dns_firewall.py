"""DNS Firewall: it judges names at the Amazon resolver, and never a packet."""

from __future__ import annotations

import pytest

from .build import BLOCKED, REACHABLE, Row, ask, eni_a, group, network, rule, verdict


def firewall(*rules: tuple[int, str, str]) -> list[Row]:
    """A rule group of these priorities, actions and lists, on `vpc-1`."""
    tied = {
        "Id": "rslvr-frgassoc-1",
        "FirewallRuleGroupId": "rslvr-frg-1",
        "VpcId": "vpc-1",
        "Priority": 101,
        "Status": "COMPLETE",
    }
    rows = [
        Row(
            "FirewallRules",
            f"{priority}",
            {"FirewallRuleGroupId": "rslvr-frg-1", "FirewallDomainListId": names, "Priority": priority, "Action": action},
        )
        for priority, action, names in rules
    ]
    return [Row("FirewallRuleGroupAssociations", "rslvr-frgassoc-1", tied), *rows]


@pytest.mark.rule("DNS-2")
@pytest.mark.parametrize(("target", "expected"), [("169.254.169.253", REACHABLE), ("8.8.8.8", BLOCKED)])
def test_it_blocks_no_packet_and_only_groups_stop_queries_to_other_resolvers(target: str, expected: str) -> None:
    shut = [eni_a(groups=["sg-shut"]), group("sg-shut", [], [rule("tcp/443", "10.0.0.0/8")])]
    world = network(*shut, firewall((2, "BLOCK", "rslvr-fdl-all"), (1, "ALLOW", "rslvr-fdl-ours")))
    assert verdict(world, "eni-a", target, "udp/53") == expected


@pytest.mark.rule("DNS-2")
def test_the_rules_are_told_by_priority() -> None:
    rules = [(2, "BLOCK", "rslvr-fdl-all"), (1, "ALLOW", "rslvr-fdl-ours")]
    answer = ask(network(firewall(*rules)), "eni-b", "eni-a", "https")
    told = "allow rslvr-fdl-ours, block rslvr-fdl-all; it fails closed"
    assert any(told in note for note in answer.notes)
    open_ = Row("FirewallConfigs", "c", {"Id": "c", "ResourceId": "vpc-1", "FirewallFailOpen": "ENABLED"})
    assert any("it fails open" in note for note in ask(network(firewall(*rules), open_), "eni-b", "eni-a", "https").notes)
