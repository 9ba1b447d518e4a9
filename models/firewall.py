"""Rules of firewalls as clauses, some of them in doubt, and the lines that they make together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum

import msgspec

from .call import Call, Each
from .packet import IntervalSet
from .table import Action, Choose, Doubt, Line, Match

FIREWALL = Call(
    "network-firewall",
    "DescribeFirewall",
    each=Each("FirewallArn", Call("network-firewall", "ListFirewalls"), ("Firewalls[].FirewallArn",)),
)
POLICY = Call(
    "network-firewall",
    "DescribeFirewallPolicy",
    each=Each("FirewallPolicyArn", FIREWALL, ("Firewall.FirewallPolicyArn",)),
)
# What groups of AWS's own hold nobody may read.
RULE_GROUP = Call(
    "network-firewall",
    "DescribeRuleGroup",
    each=Each(
        "RuleGroupArn",
        POLICY,
        (
            "FirewallPolicy.StatelessRuleGroupReferences[].ResourceArn",
            "FirewallPolicy.StatefulRuleGroupReferences[].ResourceArn",
        ),
        unless=":aws-managed:",
    ),
)


class Effect(StrEnum):
    """What a firewall does with a packet: `HALF` lets connections be set up and drops their data, `ENGINE` asks the next engine."""

    PASS = "pass"
    DROP = "drop"
    HALF = "half"
    ENGINE = "engine"


class Clause(msgspec.Struct, frozen=True):
    """One rule of a firewall: what it is about, and what it does.

    `doubt` says why it may or may not match what `match` describes; None where it surely does. A `late` clause matches once a
    connection stands, and not its handshake.
    """

    title: str
    match: Match
    effect: Effect
    rule: str
    resource: str
    doubt: Doubt | None = None
    late: bool = False


def settled(clauses: Iterable[Clause], act: Callable[[Clause], Action]) -> list[Line]:
    """Return the lines of clauses of which the first that matches decides, with what those in doubt above may do instead.

    The last clause must be certain and match everything. `act` says what a clause does with a packet.
    """
    lines: list[Line] = []
    doubtful: dict[tuple[Match, Effect, bool], Clause] = {}
    for clause in clauses:
        if clause.doubt is not None:
            doubtful.setdefault((clause.match, clause.effect, clause.late), clause)
            continue
        rivals = [one for one in doubtful.values() if one.effect is not clause.effect]
        lines.extend(_of_three(clause, rivals, act))
        lines.extend(_of_two(clause, rivals, act))
        lines.append(Line(clause.title, clause.match, act(clause), clause.rule, clause.resource))
    return lines


def _of_two(clause: Clause, rivals: list[Clause], act: Callable[[Clause], Action]) -> Iterator[Line]:
    # A rule that passes data stands after what may drop it: there it makes half a connection a whole one.
    for one in sorted(rivals, key=lambda one: _completes(one, clause)):
        both = common(clause.match, one.match)
        if both is None or one.doubt is None:
            continue
        action = act(one) if _completes(one, clause) else Choose((act(clause), act(one)), one.doubt)
        yield Line(one.title, both, action, one.rule, one.resource)


def _completes(one: Clause, clause: Clause) -> bool:
    return one.late and one.effect is Effect.PASS and clause.effect is Effect.HALF


def _of_three(clause: Clause, rivals: list[Clause], act: Callable[[Clause], Action]) -> Iterator[Line]:
    """Yield the lines of packets for which three things may happen; in one engine two are alike for the answer."""
    if Effect.ENGINE not in (clause.effect, *(one.effect for one in rivals)):
        return
    for number, one in enumerate(rivals):
        for other in rivals[number + 1 :]:
            part = common(one.match, other.match) if one.effect is not other.effect else None
            both = common(clause.match, part) if part is not None else None
            if both is not None and one.doubt is not None:
                action = Choose((act(clause), act(one), act(other)), one.doubt)
                yield Line(f"{one.title}, or {other.title}", both, action, one.rule, one.resource)


def common(one: Match, other: Match) -> Match | None:
    """Return the headers that both are about; None when there are none. Realms are left out: firewalls know none."""
    sources, targets = _both(one.sources, other.sources), _both(one.targets, other.targets)
    services = _both(one.services, other.services)
    empty = any(side is not None and not side for side in (sources, targets, services))
    return None if empty else Match(sources, targets, services)


def _both(one: IntervalSet | None, other: IntervalSet | None) -> IntervalSet | None:
    if one is None or other is None:
        return one if other is None else other
    return one & other
