"""From a question in words to an answer with its evidence: the pairs, one witness each, and every line that blocks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from .codes import with_codes
from .evidence import blockers_of, distinct, doubts_of, end, from_nowhere, hop, not_modelled, remarks, tells
from .flow import Step
from .models.answer import Answer, Pair, Query, SnapshotFacts
from .models.endpoint import Endpoint
from .models.service import parse_services, service_text
from .models.snapshot import Snapshot
from .models.verdict import Verdict
from .reach import ORDER, Flows, Judgement
from .select import select
from .walk import walk
from .witness import stopped_by, witness

MOST_COMPARED = 20_000


def ask(world: Snapshot, source: str, target: str, on: str | None = None, limit: int = 100) -> Answer:
    """Return the answer to `reach from SOURCE to TARGET on SERVICE`.

    `limit` is the most pairs that the answer lists, the reachable ones first. Raises QuestionError for a selector that matches
    nothing and for a service that is none.
    """
    services = parse_services(on or "")
    flows = Flows(world, select(source, world), select(target, world), services, there_only=True)
    whole = flows.overall()
    pairs = [pair(flows, one, other, judged) for one, other, judged in _listed(flows, limit)]
    stopped = [blocker for one in pairs for blocker in one.blockers] if whole.verdict is not Verdict.REACHABLE else []
    return Answer(
        query=Query(source=source, target=target, on=on),
        verdict=whole.verdict,
        forward=whole.forward,
        reply=whole.reply,
        services=service_text(whole.services),
        pairs=pairs,
        pairs_total=sum(1 for _ in couples(flows)),
        blockers=distinct(stopped),
        conditions=whole.conditions,
        notes=[*_notes(pairs), *remarks(world, pairs)],
        not_modelled=not_modelled(world, pairs),
        snapshot=SnapshotFacts(collected_at=world.collected_at, accounts=world.accounts),
    )


def _notes(pairs: Sequence[Pair]) -> list[str]:
    """Return the notes of the pairs, each with its pair where there are several."""
    if len(pairs) == 1:
        return list(pairs[0].notes)
    return [
        f"{one.source.name or one.source.id} to {one.target.name or one.target.id}: {note}" for one in pairs for note in one.notes
    ]


def _listed(flows: Flows, limit: int) -> list[tuple[Endpoint, Endpoint, Judgement]]:
    """Return up to `limit` pairs, the reachable ones first; of very many, only the first ones are compared."""
    judged = [(one, other, flows.of(one, other)) for one, other in islice(couples(flows), MOST_COMPARED)]
    return sorted(judged, key=lambda row: ORDER.index(row[2].verdict))[:limit]


def couples(flows: Flows) -> Iterator[tuple[Endpoint, Endpoint]]:
    """Yield each source with each target; one with itself only when nothing else was asked."""
    alone = len(flows.sources) == len(flows.targets) == 1
    return ((one, other) for one in flows.sources for other in flows.targets if alone or one.id != other.id)


# ---------------------------------------------------------------------- one pair
def pair(flows: Flows, source: Endpoint, target: Endpoint, judged: Judgement) -> Pair:
    """Return the answer for one pair, with one packet that shows it and every line that stops it."""
    world = flows.world
    question, flow = witness(flows, source, target, judged)
    stopped: tuple[Step, ...] = ()
    if question is not None and (judged.verdict is not Verdict.REACHABLE or judged.reply == Verdict.BLOCKED):
        question, stopped = stopped_by(flows, source, target, judged, question)
        flow = walk(world, question) if judged.verdict is Verdict.BLOCKED else flow
    asked = (source, target)
    told = with_codes(world, stopped, asked)
    lines = [one for step in told for one in blockers_of(world, step, asked)] if question else [from_nowhere(source)]
    return Pair(
        source=end(source),
        target=end(target),
        verdict=judged.verdict,
        forward=judged.forward,
        reply=judged.reply,
        services=service_text(judged.services),
        path=[hop(world, step) for step in flow.steps if tells(step)] if flow else [],
        reply_path=[hop(world, step) for step in flow.reply_steps if tells(step)] if flow else [],
        blockers=distinct(lines),
        conditions=judged.conditions,
        doubts=doubts_of(world, flow) if flow and judged.conditions else [],
        notes=_when_started(world, flows, source, target, judged, stopped),
    )


def _when_started(
    world: Snapshot, flows: Flows, source: Endpoint, target: Endpoint, judged: Judgement, stopped: Iterable[Step]
) -> list[str]:
    """Return what the answer would be when stopped resources run; empty where nothing is stopped."""
    if world.all_started or judged.verdict is not Verdict.BLOCKED or not any(step.line.rule == "SDC-7" for step in stopped):
        return []
    running = Flows(world.started, [source], [target], flows.services, there_only=True).of(source, target)
    return [f"when started: {running.verdict}"]
