"""Invariants about what must pass: `allow`. What does not surely pass counts as blocked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..ask import couples
from ..models.endpoint import Endpoint
from ..models.packet import EVERY_V4, EVERY_V6, ICMP, ICMP6, NOTHING, IntervalSet, services_of, union
from ..models.snapshot import Snapshot
from ..models.verdict import Verdict
from ..reach import Flows
from .bans import Broken
from .model import Ends
from .parts import Exemption, selected, services


def missing(world: Snapshot, ends: Ends, exempt: Sequence[Exemption]) -> Iterator[Broken]:
    """Yield each pair that lacks something, those that are ignored among them: every source must reach every target.

    With services each of them must pass, without any of them one must.
    """
    asked = services(ends.on)
    flows = Flows(world, selected(ends.source, world), selected(ends.target, world), asked, there_only=True)
    for source, target in couples(flows):
        judged = flows.of(source, target)
        if judged.verdict is Verdict.REACHABLE and ends.on is None:
            continue
        sure = judged.services if judged.verdict is Verdict.REACHABLE else NOTHING
        lasting = _covered(source, target, [one for one in exempt if one.ignore is None])
        ignoring = tuple(one for one in exempt if one.ignore is not None)
        lacking = _sendable(source, target, asked) - sure - lasting
        counts = lacking - _covered(source, target, ignoring)
        if counts or lacking:
            part = Flows(world, [source], [target], counts or lacking, there_only=True)
            ignored = () if counts else ignoring
            yield Broken(part, source, target, part.of(source, target), counts or lacking, NOTHING, ignored)


def _covered(source: Endpoint, target: Endpoint, exempt: Sequence[Exemption]) -> IntervalSet:
    return union(one.services for one in exempt if one.covers(source, target))


def _sendable(source: Endpoint, target: Endpoint, asked: IntervalSet) -> IntervalSet:
    """Return the services that a pair can use: ICMP is of IPv4, ICMPv6 of IPv6, and `ping` names both."""
    rest = asked
    for family, protocol in ((EVERY_V4, ICMP), (EVERY_V6, ICMP6)):
        if not (source.addresses & family and target.addresses & family):
            rest = rest - services_of(protocol)
    return rest or asked
