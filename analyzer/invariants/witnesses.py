"""From a pair that is not as it should be to a violation: one witness, and every line that lets it through."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from itertools import islice
from typing import Any

import msgspec

from ..ask import pair
from ..evidence import blockers_of, distinct, end, hop, tells
from ..flow import Step
from ..models.answer import Blocker, End, Hop, PacketText
from ..models.check import Mistakes, Violation
from ..models.endpoint import Endpoint
from ..models.finding import Finding
from ..models.packet import IntervalSet
from ..models.service import service_text
from ..models.snapshot import Snapshot
from ..models.table import Drop
from ..models.verdict import Verdict
from ..reach import Flows, Judgement
from ..walk import walk
from ..witness import samples
from .bans import Broken, judged_pair, pieces_of
from .crowds import Crowd, Known
from .depths import Shallow
from .model import Invariant
from .radius import Far

GROUP_STAGES = ("groups in", "groups out")
MOST_SERVICES = 4
# How many packets of a pair are followed for the lines that let them through.
MOST_WALKED = 24


def violation(invariant: Invariant, one: Broken, *, shown: bool = True) -> Violation:
    """Return the violation of a pair; its witness is left out unless it is `shown`."""
    judged = one.judged
    ends = fingerprint(invariant, one.source.id, one.target.id)
    made = _without_witness(invariant, one, judged.verdict, _sentence(invariant, one, judged.verdict), ends)
    if shown and invariant.kind == "allow":
        told = pair(one.flows, one.source, one.target, judged)
        stopping = told.blockers or told.doubts
        made = msgspec.structs.replace(made, path=told.path, reply_path=told.reply_path, blockers=stopping)
        return msgspec.structs.replace(made, conditions=judged.conditions)
    return _with_witness(made, one.flows, one.source, one.target, judged) if shown else made


def known(invariant: Invariant, one: Known, *, shown: bool = True) -> Violation:
    """Return the violation of a pair that the relation tells of; which packets pass is found where it is `shown`."""
    if shown:
        pieces = pieces_of(one.flows, one.source, one.target)
        broken = judged_pair(one.flows, one.source, one.target, pieces, one.exempt)
        if broken is not None:
            return violation(invariant, broken)
    ends = fingerprint(invariant, one.source.id, one.target.id)
    return _without_witness(invariant, one, one.verdict, _sentence(invariant, one, one.verdict), ends)


def of_many(invariant: Invariant, crowd: Crowd, *, shown: bool = True) -> Violation:
    """Return the violation of very many pairs; where it is `shown`, with a witness between two of them."""
    who = fingerprint(invariant, *crowd.groups, crowd.digest)
    made = _without_witness(invariant, crowd, crowd.verdict, _of_many(crowd, _past(invariant, crowd.flows)), who)
    made = msgspec.structs.replace(made, pairs=crowd.pairs)
    judged = crowd.flows.of(crowd.source, crowd.target) if shown else None
    return made if judged is None else _with_witness(made, crowd.flows, crowd.source, crowd.target, judged)


def _without_witness(
    invariant: Invariant, one: Broken | Known | Crowd, verdict: Verdict, text: str, fingerprint: str
) -> Violation:
    return Violation(
        invariant=invariant.name,
        kind=invariant.kind,
        text=text,
        source=end(one.source),
        target=end(one.target),
        verdict=verdict,
        services=service_text(one.sure),
        doubtful=service_text(one.doubtful),
        ignored="; ".join(dict.fromkeys(each.ignore.reason for each in one.ignored if each.ignore is not None)),
        fingerprint=fingerprint,
    )


def _with_witness(made: Violation, flows: Flows, source: Endpoint, target: Endpoint, judged: Judgement) -> Violation:
    told = pair(flows, source, target, judged)
    lines = letting(flows, target, judged)
    return msgspec.structs.replace(made, path=told.path, reply_path=told.reply_path, lines=lines, conditions=judged.conditions)


def too_far(invariant: Invariant, far: Far, *, shown: bool = True) -> Violation:
    """Return the violation of an intruder who comes too far, its witness that of the last hop."""
    made = violation(invariant, far.last, shown=shown)
    hops = f"{len(far.way) - 1} hop" + ("s" if len(far.way) > 2 else "")
    way = f" by way of {', '.join(far.way[1:-1])}" if len(far.way) > 2 else ""
    where = "from the internet" if far.source.kind == "internet" else f"in {_named(far.source)}"
    verb = "can reach" if far.verdict is Verdict.REACHABLE else "may reach"
    text = f"an intruder {where} {verb} {_named(far.last.target)} in {hops}{way}"
    about = [far.source.id, far.last.target.id]
    if far.reached:
        most = invariant.blast_radius.at_most if invariant.blast_radius is not None else 0
        text = f"an intruder {where} may reach {len(far.reached)} resources, more than {most}"
        about = [far.source.id]
    return msgspec.structs.replace(
        made,
        text=text,
        source=end(far.source),
        verdict=far.verdict,
        reached=list(far.reached),
        fingerprint=fingerprint(invariant, *about),
    )


def too_shallow(invariant: Invariant, one: Shallow, *, shown: bool = True) -> Violation:
    """Return the violation of a pair between which too few mistakes lie, its lines those that stop packets now."""
    made = violation(invariant, one.broken, shown=shown and one.depth.verdict is not Verdict.BLOCKED)
    least, exact = one.depth.least, one.depth.exact
    ends = f"{_named(one.broken.source)} and {_named(one.broken.target)}"
    if least:
        lie = "1 mistake lies" if least == 1 else f"{least} mistakes lie"
        made = msgspec.structs.replace(made, text=f"{'only' if exact else 'perhaps only'} {lie} between {ends}")
        if shown and one.depth.ways:
            made = msgspec.structs.replace(made, **_stopped(one))
    written = [edit.model_dump(by_alias=True, exclude_none=True) for edit in one.depth.edits]
    return msgspec.structs.replace(made, mistakes=Mistakes(least=least, edits=written))


def finding(invariant: Invariant, one: Finding) -> Violation:
    """Return the violation of what `reach lint` finds; both its ends are the resource."""
    about = End(id=one.resource, kind=one.kind)
    line = Hop(
        place=one.resource,
        kind=one.kind,
        resource=one.resource,
        line=one.line,
        rule="",
        packet=PacketText(source="", target="", service=""),
        origin=one.origin,
    )
    return Violation(
        invariant=invariant.name,
        kind=invariant.kind,
        text=f"{one.resource}: {one.text}",
        source=about,
        target=about,
        verdict=Verdict.REACHABLE,
        lines=[line] if one.line else [],
        fingerprint=fingerprint(invariant, one.kind, one.resource, one.line),
    )


def _stopped(one: Shallow) -> dict[str, Any]:
    """Return the way of the packet that needs the fewest edits, as it is now, and the lines that these change."""
    world, way = one.broken.flows.world, one.depth.ways[0]
    asked = (one.broken.source, one.broken.target)
    flow = walk(world, way.question)
    blockers = list[Blocker]()
    for mend in way.mends:
        drop = mend.step.action if isinstance(mend.step.action, Drop) else Drop("", "another route would lead there")
        blockers.extend(blockers_of(world, msgspec.structs.replace(mend.step, action=drop), asked))
    path = [hop(world, step) for step in flow.steps if tells(step)]
    return {"path": path, "blockers": distinct(blockers)}


def fingerprint(invariant: Invariant, *about: str) -> str:
    """Return what a violation is known by, in every run."""
    return sha256("\0".join((invariant.name, invariant.kind, *about)).encode("utf-8", "replace")).hexdigest()[:32]


def letting(flows: Flows, target: Endpoint, judged: Judgement) -> list[Hop]:
    """Return every line that lets packets through: those on their ways, and those of groups that admit them besides.

    Where replies come back past what they must pass, it is the lines on their ways.
    """
    world, found = flows.world, dict[tuple[str, str, str], Hop]()
    for question in islice(samples(flows, target, judged), MOST_WALKED):
        flow = walk(world, question)
        for step in flow.reply_steps if flows.closed_back else flow.steps:
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
CAN = {Verdict.REACHABLE: "can reach", Verdict.CONDITIONAL: "may reach", Verdict.UNKNOWN: "is not known not to reach"}
# How many groups of very many targets are named.
MOST_GROUPS = 3


def _of_many(crowd: Crowd, past: str) -> str:
    """Return the sentence for very many pairs: one of each side by name, and how many more there are."""
    ends = [
        f"{_named(one)}" + (f" and {number - 1:,} more" if number > 1 else "")
        for one, number in ((crowd.source, crowd.sources), (crowd.target, crowd.targets))
    ]
    more = len(crowd.groups) - MOST_GROUPS
    groups = ", ".join(crowd.groups[:MOST_GROUPS]) + (f" and {more} more" if more > 0 else "")
    carrying = f" with {groups}" if crowd.target.interface else ""
    what = f"{ends[0]} {CAN[crowd.verdict]} {ends[1]}{carrying} on {_services(crowd.sure | crowd.doubtful)}"
    return f"{what} ({crowd.pairs:,} pairs){past}"


def _sentence(invariant: Invariant, one: Broken | Known, verdict: Verdict) -> str:
    """Return what is wrong with a pair in one sentence without a full stop."""
    pair = f"{_named(one.source)} {{}} {_named(one.target)} on {_services(one.sure | one.doubtful)}"
    if invariant.kind == "allow":
        verb = {Verdict.BLOCKED: "cannot reach", Verdict.CONDITIONAL: "may not reach", Verdict.REACHABLE: "cannot reach"}
        return pair.format(verb.get(verdict, "is not known to reach"))
    return pair.format(CAN.get(verdict, "can reach")) + _past(invariant, one.flows)


def _past(invariant: Invariant, flows: Flows) -> str:
    if flows.closed_back:
        return ", and replies come back past what they must pass"
    return " by a way past what it must pass" if invariant.kind == "through" else ""


def _named(endpoint: Endpoint) -> str:
    return f"{endpoint.name} ({endpoint.id})" if endpoint.name and endpoint.name != endpoint.id else endpoint.id


def _services(services: IntervalSet) -> str:
    words = service_text(services)
    if words == ["all"]:
        return "every protocol"
    return ", ".join(words[:MOST_SERVICES]) + (f" and {len(words) - MOST_SERVICES} more" if len(words) > MOST_SERVICES else "")
