"""From a question in words to an answer with its evidence: the pairs, one witness each, and every line that blocks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from .explain import blockers
from .models.answer import Answer, Blocker, End, Hop, PacketText, Pair, Query, SnapshotFacts
from .models.endpoint import Endpoint
from .models.packet import IntervalSet, Packet, address_text, only
from .models.service import parse_services, service_text
from .models.snapshot import Snapshot
from .models.table import Direction, Drop, Send
from .models.verdict import Verdict
from .reach import Flows, Found, Judgement
from .select import select
from .sources import Start, counting, families, target_addresses
from .walk import Flow, Question, State, Step, walk

PREFERRED = [(6 << 16) + port for port in (443, 80, 22, 5432, 3306, 8080)] + [(17 << 16) + 53, (1 << 16) + (8 << 8)]
ORDER = (Verdict.REACHABLE, Verdict.CONDITIONAL, Verdict.UNKNOWN, Verdict.BLOCKED)
MOST_COMPARED = 20_000


def ask(world: Snapshot, source: str, target: str, on: str | None = None, limit: int = 100) -> Answer:
    """Return the answer to `reach from SOURCE to TARGET on SERVICE`.

    `limit` is the most pairs that the answer lists, the reachable ones first. Raises QuestionError for a selector that matches
    nothing and for a service that is none.
    """
    services = parse_services(on or "")
    flows = Flows(world, select(source, world), select(target, world), services)
    whole = flows.overall()
    pairs = [_pair(flows, one, other, judged) for one, other, judged in _listed(flows, limit)]
    stopped = [blocker for pair in pairs for blocker in pair.blockers] if whole.verdict is not Verdict.REACHABLE else []
    return Answer(
        query=Query(source=source, target=target, on=on),
        verdict=whole.verdict,
        forward=whole.forward,
        reply=whole.reply,
        services=service_text(whole.services),
        pairs=pairs,
        pairs_total=sum(1 for _ in _couples(flows)),
        blockers=list(dict.fromkeys(stopped)),
        conditions=whole.conditions,
        notes=sorted({note for pair in pairs for note in pair.notes}),
        not_modelled=_not_modelled(world, flows, pairs),
        snapshot=SnapshotFacts(collected_at=world.collected_at, accounts=world.accounts),
    )


def _listed(flows: Flows, limit: int) -> list[tuple[Endpoint, Endpoint, Judgement]]:
    """Return up to `limit` pairs, the reachable ones first; of very many, only the first ones are compared."""
    judged = [(one, other, flows.of(one, other)) for one, other in islice(_couples(flows), MOST_COMPARED)]
    return sorted(judged, key=lambda row: ORDER.index(row[2].verdict))[:limit]


def _couples(flows: Flows) -> Iterator[tuple[Endpoint, Endpoint]]:
    """Yield each source with each target; one with itself only when nothing else was asked."""
    alone = len(flows.sources) == len(flows.targets) == 1
    return ((one, other) for one in flows.sources for other in flows.targets if alone or one.id != other.id)


# ---------------------------------------------------------------------- one pair
def _pair(flows: Flows, source: Endpoint, target: Endpoint, judged: Judgement) -> Pair:
    world = flows.world
    question, flow = _witness(flows, source, target, judged)
    stopped: tuple[Step, ...] = ()
    if question is not None and (judged.verdict is not Verdict.REACHABLE or judged.reply == Verdict.BLOCKED):
        question, stopped = _stopped(flows, source, target, judged, question)
        flow = walk(world, question) if judged.verdict is Verdict.BLOCKED else flow
    lines = [blocker for step in stopped for blocker in _blockers(world, step)] if question else [_from_nowhere(source)]
    return Pair(
        source=_end(source),
        target=_end(target),
        verdict=judged.verdict,
        forward=judged.forward,
        reply=judged.reply,
        services=service_text(judged.services),
        path=[_hop(world, step) for step in flow.steps if _tells(step)] if flow else [],
        reply_path=[_hop(world, step) for step in flow.reply_steps if _tells(step)] if flow else [],
        blockers=list(dict.fromkeys(lines)),
        conditions=judged.conditions,
        notes=_when_started(world, flows, source, target, judged, stopped),
    )


def _witness(flows: Flows, source: Endpoint, target: Endpoint, judged: Judgement) -> tuple[Question | None, Flow | None]:
    """Return a packet that shows the verdict, and what becomes of it; None for a source whose packets come from nowhere."""
    best = min(judged.found, key=lambda one: (ORDER.index(one.verdict), _familiar(one.piece.box.services)), default=None)
    question = _of_piece(flows, target, best) if best else next(_any_packets(flows, source, target, flows.services), None)
    return question, walk(flows.world, question) if question else None


def _of_piece(flows: Flows, target: Endpoint, found: Found) -> Question:
    box = found.piece.box
    return _question(flows, found.start, target, box.sources, box.targets, _service(box.services))


def _service(services: IntervalSet) -> int:
    """Return one service of a set: a well-known one when it holds any."""
    return next((one for one in PREFERRED if one in services), services.smallest())


def _familiar(services: IntervalSet) -> int:
    """Return how far back in the list of well-known services the first of these stands; the length of the list for none."""
    return next((number for number, one in enumerate(PREFERRED) if one in services), len(PREFERRED))


def _question(flows: Flows, start: Start, target: Endpoint, sources: IntervalSet, targets: IntervalSet, service: int) -> Question:
    low, high = start.ports
    port = 49152 if low <= 49152 <= high else low
    packet = Packet(_usual(sources), _usual(targets), service)
    return Question(State(start.place, packet, start.realm), port, counting(flows.world, target))


def _usual(addresses: IntervalSet) -> int:
    """Return one address of a set; of the whole internet one that people know."""
    return KNOWN_ADDRESS if KNOWN_ADDRESS in addresses and addresses.count() > 1 << 24 else addresses.smallest()


KNOWN_ADDRESS = (8 << 24) + (8 << 16) + (8 << 8) + 8


def _any_packets(flows: Flows, source: Endpoint, target: Endpoint, services: IntervalSet) -> Iterator[Question]:
    """Yield packets from the source to the target, one for each kind of start, family and likely service."""
    addresses = target_addresses(flows.world, target)
    for start in flows.starts:
        if source not in start.endpoints:
            continue
        own = start.addresses & source.addresses
        for sources, targets in families(own, addresses):
            for service in _likely(services):
                yield _question(flows, start, target, sources, targets, service)


def _likely(services: IntervalSet) -> list[int]:
    named = [one for one in PREFERRED if one in services]
    return list(dict.fromkeys([*named, services.smallest()]))


def _stopped(
    flows: Flows, source: Endpoint, target: Endpoint, judged: Judgement, question: Question
) -> tuple[Question, tuple[Step, ...]]:
    """Return the packet that needs the fewest changes to pass, and the lines that would have to change."""
    if judged.found:
        found = [one for one in judged.found if one.verdict is judged.verdict or one.piece.reply is Verdict.BLOCKED]
        tried = [_of_piece(flows, target, one) for one in found[:8]] or [question]
    else:
        tried = list(islice(_any_packets(flows, source, target, flows.services), 16))
    judgements = [(blockers(flows.world, one), one) for one in tried]
    mendable = [one for one in judgements if one[0]] or judgements
    steps, best = min(mendable, key=lambda one: (_hopeless(one[0]), len(one[0])))
    return best, steps


def _hopeless(steps: tuple[Step, ...]) -> bool:
    return any(isinstance(step.action, Drop) and step.action.otherwise is None for step in steps)


def _when_started(
    world: Snapshot, flows: Flows, source: Endpoint, target: Endpoint, judged: Judgement, stopped: Iterable[Step]
) -> list[str]:
    """Return what the answer would be when stopped resources run; empty where nothing is stopped."""
    if world.all_started or judged.verdict is not Verdict.BLOCKED or not any(step.line.rule == "SDC-7" for step in stopped):
        return []
    running = Flows(world.started(), [source], [target], flows.services).of(source, target)
    return [f"when started: {running.verdict}"]


# ---------------------------------------------------------------------- evidence
def _end(endpoint: Endpoint) -> End:
    first = "" if endpoint.kind == "internet" or not endpoint.addresses else address_text(endpoint.addresses.smallest())
    return End(id=endpoint.id, kind=endpoint.kind, name=endpoint.name, address=first, vpc=endpoint.vpc, account=endpoint.account)


def _tells(step: Step) -> bool:
    """Return whether a step is worth a line to people: a filter, a route, a gateway, and not mere plumbing."""
    plumbing = step.line.rule == "M-2" or (step.kind in ("subnet", "local") and step.line.rule == "RT-26")
    return not (plumbing and isinstance(step.action, Send)) and not (
        step.line.rule == "M-2" and not isinstance(step.action, Drop)
    )


def _packet(packet: Packet) -> PacketText:
    return PacketText(
        source=address_text(packet.source), target=address_text(packet.target), service=service_text(only(packet.service))[0]
    )


def _hop(world: Snapshot, step: Step) -> Hop:
    return Hop(
        place=_place(world, step),
        kind=step.kind,
        resource=step.line.resource,
        line=step.line.title,
        rule=step.line.rule,
        packet=_packet(step.packet),
        origin=_origin(world, step.line.resource),
    )


def _place(world: Snapshot, step: Step) -> str:
    """Return where the step is: of interfaces that no line tells apart, the one whose address the packet carries."""
    here: Any = world.at(step.place.resource)
    if here is None or here.kind != "network_interface":
        return step.place.resource
    address = step.packet.source if step.place.stage in ("sends", "groups out") else step.packet.target
    actual = world.owner_of(here.vpc_id, address)
    if actual is None or world.class_of(actual.id) != world.class_of(here.id):
        return step.place.resource
    return str(actual.id)


def _origin(world: Snapshot, resource: str) -> str:
    component = world.at(resource)
    return component.origin if component is not None else ""


def _blockers(world: Snapshot, step: Step) -> Iterator[Blocker]:
    """Yield the line, once for each resource that could have let the packet pass."""
    action = step.action
    assert isinstance(action, Drop)
    for resource in (step.line.resource, *step.line.refused):
        owner = _place(world, step) if resource == step.place.resource else resource
        yield Blocker(
            resource=owner,
            line=step.line.title,
            rule=step.line.rule,
            code=action.code,
            direction="reply" if step.direction is Direction.REPLY else "request",
            text=action.text,
            origin=_origin(world, resource),
        )


def _from_nowhere(source: Endpoint) -> Blocker:
    text = "no interface in the snapshot owns the source, and no VPN, Direct Connect or transit gateway knows its prefix"
    return Blocker(resource=source.id, line="nobody's address", rule="RT-26", code="NO_SOURCE_OR_DESTINATION", text=text)


def _not_modelled(world: Snapshot, flows: Flows, pairs: Sequence[Pair]) -> list[str]:
    """Return what the answer leaves out: documents that nothing models, broken resources, caveats of what it touches."""
    touched = {hop.resource for pair in pairs for hop in (*pair.path, *pair.reply_path)}
    touched |= {hop.place for pair in pairs for hop in (*pair.path, *pair.reply_path)}
    touched |= {end.vpc for pair in pairs for end in (pair.source, pair.target)}
    touched |= {end.id for pair in pairs for end in (pair.source, pair.target)}
    components = [world.at(one) for one in sorted(touched)]
    owners = [world.owner(one) for one in sorted(touched)]
    told = {caveat for one in (*components, *owners) if one is not None for caveat in one.caveats(world)}
    return sorted({*world.not_modelled, *(one.text for one in world.broken), *told})
