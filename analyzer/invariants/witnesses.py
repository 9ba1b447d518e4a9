"""From a pair that is not as it should be to a violation: one witness, and every line that lets it through."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

import msgspec

from ..ask import pair
from ..evidence import end, hop, tells
from ..flow import Flow, Step
from ..models.answer import Hop
from ..models.check import Violation
from ..models.endpoint import Endpoint
from ..models.packet import IntervalSet
from ..models.service import service_text
from ..models.snapshot import Snapshot
from ..models.table import Drop
from ..models.verdict import Verdict
from ..witness import witness
from .bans import Broken
from .model import Invariant

GROUP_STAGES = ("groups in", "groups out")
MOST_SERVICES = 4


def violation(invariant: Invariant, one: Broken, *, shown: bool = True) -> Violation:
    """Return the violation of a pair; its witness is left out unless it is `shown`."""
    world, judged = one.flows.world, one.judged
    made = Violation(
        invariant=invariant.name,
        kind=invariant.kind,
        text=_sentence(invariant, one),
        source=end(one.source),
        target=end(one.target),
        verdict=judged.verdict,
        services=service_text(one.sure),
        doubtful=service_text(one.doubtful),
        conditions=judged.conditions,
        ignored="; ".join(dict.fromkeys(each.ignore.reason for each in one.ignored if each.ignore is not None)),
        fingerprint=fingerprint(invariant, one.source.id, one.target.id),
    )
    if not shown:
        return made
    told = pair(one.flows, one.source, one.target, judged)
    made = msgspec.structs.replace(made, path=told.path, reply_path=told.reply_path)
    if invariant.kind == "allow":
        return msgspec.structs.replace(made, blockers=told.blockers or told.doubts)
    _, flow = witness(one.flows, one.source, one.target, judged)
    return msgspec.structs.replace(made, lines=letting(world, flow)) if flow is not None else made


def fingerprint(invariant: Invariant, *about: str) -> str:
    """Return what a violation is known by, in every run."""
    return sha256("\0".join((invariant.name, invariant.kind, *about)).encode("utf-8", "replace")).hexdigest()[:32]


def letting(world: Snapshot, flow: Flow) -> list[Hop]:
    """Return every line that lets a packet through: those on its way, and those of groups that admit it besides."""
    found: dict[tuple[str, str, str], Hop] = {}
    for step in flow.steps:
        for each in _alike(world, step) if tells(step) and not isinstance(step.action, Drop) else ():
            one = hop(world, each)
            found.setdefault((one.place, one.resource, one.line), one)
    return list(found.values())


def _alike(world: Snapshot, step: Step) -> Iterator[Step]:
    """Yield the step, and of groups, whose lines have no order, every other line that admits the packet."""
    yield step
    if step.place.stage in GROUP_STAGES:
        for line in world.table(step.place, step.direction).lines:
            if line is not step.line and not isinstance(line.action, Drop) and line.match.holds(step.packet, step.realm):
                yield msgspec.structs.replace(step, line=line, action=line.action)


# ---------------------------------------------------------------------- in words
def _sentence(invariant: Invariant, one: Broken) -> str:
    """Return what is wrong with a pair in one sentence without a full stop."""
    pair = f"{_named(one.source)} {{}} {_named(one.target)} on {_services(one.sure | one.doubtful)}"
    if invariant.kind == "allow":
        verb = {Verdict.BLOCKED: "cannot reach", Verdict.CONDITIONAL: "may not reach", Verdict.REACHABLE: "cannot reach"}
        return pair.format(verb.get(one.judged.verdict, "is not known to reach"))
    words = {Verdict.REACHABLE: "can reach", Verdict.CONDITIONAL: "may reach", Verdict.UNKNOWN: "is not known not to reach"}
    past = " by a way past what it must pass" if invariant.kind == "through" else ""
    return pair.format(words[one.judged.verdict]) + past


def _named(endpoint: Endpoint) -> str:
    return f"{endpoint.name} ({endpoint.id})" if endpoint.name and endpoint.name != endpoint.id else endpoint.id


def _services(services: IntervalSet) -> str:
    words = service_text(services)
    if words == ["all"]:
        return "every protocol"
    return ", ".join(words[:MOST_SERVICES]) + (f" and {len(words) - MOST_SERVICES} more" if len(words) > MOST_SERVICES else "")
