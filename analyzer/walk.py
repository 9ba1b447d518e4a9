"""One packet over the tables: the explanation of every answer, and the oracle of the engine, of which it knows nothing."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from .flow import Flow, Opened, Question, State, Step
from .models.packet import ICMP, ICMP6, TCP, UDP, Packet, services_of, union
from .models.rule import rule
from .models.snapshot import Snapshot
from .models.table import LOST, TOO_FAR, Arrive, Choose, Direction, Doubt, Drop, Place, Send, Share
from .models.verdict import SURENESS, Verdict, all_of, any_of

LONGEST_WAY = 1000
TIMES_AROUND = Drop("CANNOT_ROUTE", "the packet goes round in circles")


@rule(
    "SG-26",
    says="Protocols other than TCP, UDP and ICMP are remembered by address and number: any packet of the protocol is a reply.",
    source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-connection-tracking.html",
)
def reply_service(service: int, client_port: int) -> int | None:
    """Return the service of the reply to a request, or None for what nothing answers (ICMP other than echo)."""
    protocol = service >> 16
    if protocol in (TCP, UDP):
        return (protocol << 16) + client_port
    if protocol == ICMP:
        return ICMP << 16 if service & 0xFF00 == 8 << 8 else None
    if protocol == ICMP6:
        return (ICMP6 << 16) + (129 << 8) if service & 0xFF00 == 128 << 8 else None
    return service


# Services that work only with their reply: TCP, and echo.
NEEDING = union(services_of(one) for one in (TCP, ICMP, ICMP6))


def needs_reply(service: int) -> bool:
    """Return whether a service works only with its reply."""
    return service in NEEDING


def walk(world: Snapshot, question: Question) -> Flow:
    """Return what becomes of the packet, every alternative tried, and of its reply."""
    return _forward(world, question, question.start, (), {})


# The packets that a choice led nowhere, at the place and in the realm in which they met it, the last one last.
Dead = dict[tuple[Place, Packet, str], None]


def _forward(world: Snapshot, question: Question, state: State, steps: tuple[Step, ...], dead: Dead) -> Flow:
    while True:
        step = _step(world, state, steps, Direction.REQUEST)
        if isinstance(step.action, Choose | Share):
            return _chosen(world, question, state, steps, step, dead)
        if not isinstance(step.action, Send):
            return _act_forward(world, question, state, steps, step, dead)
        state, steps = sent(state, step.action), (*steps, step)


def _chosen(world: Snapshot, question: Question, state: State, steps: tuple[Step, ...], step: Step, dead: Dead) -> Flow:
    """Return the flow over alternatives; they are tried once where they lead nowhere: or circles would multiply."""
    here, since = (state.place, state.packet, state.realm), len(dead)
    if here in dead:
        return Flow(Verdict.BLOCKED, steps=(*steps, step))
    flow = _act_forward(world, question, state, steps, step, dead)
    if flow.forward is Verdict.BLOCKED:
        dead[here] = None
    while flow.forward is not Verdict.BLOCKED and len(dead) > since:
        dead.popitem()  # what led nowhere but back to a place before this one may lead on from there
    return flow


def _step(world: Snapshot, state: State, steps: tuple[Step, ...], direction: Direction, since: int = 0) -> Step:
    """Return the line that decides, and what it does; `since` is the number of the first step of a packet with these sessions."""
    table = world.table(state.place, direction)
    line = table.first(state.packet, state.realm)
    action = TIMES_AROUND if goes_round(state, steps[since:]) else TOO_FAR if len(steps) >= LONGEST_WAY else line.action
    return Step(state.place, table.kind, line, state.packet, action, direction, state.realm)


def goes_round(state: State, steps: tuple[Step, ...]) -> bool:
    """Return whether a packet comes to a place where it was on these steps, with the same header and realm.

    The same lines meet it there again, and what nobody knows of them, or draws by lot for a connection, is drawn once: it goes
    round until its time to live runs out.
    """
    place, packet, realm = state.place, state.packet, state.realm
    return any(step.place == place and step.packet == packet and step.realm == realm for step in steps)


def _act_forward(world: Snapshot, question: Question, state: State, steps: tuple[Step, ...], step: Step, dead: Dead) -> Flow:
    taken, action = (*steps, step), step.action
    if isinstance(action, Drop):
        return Flow(Verdict.BLOCKED, steps=taken)
    if isinstance(action, Choose | Share):
        each = [msgspec.structs.replace(step, action=one) for one in action.actions]
        flows = [_act_forward(world, question, state, steps, one, dead) for one in each]
        return _merged(flows, action.doubt) if isinstance(action, Choose) else _best(flows, state.packet)
    if isinstance(action, Send):
        return _forward(world, question, sent(state, action), taken, dead)
    if not question.counts(action.resource, state.packet):
        return Flow(Verdict.BLOCKED, steps=taken, arrived=action.resource)
    return _answered(world, question, state, taken, action)


@rule(
    "M-3",
    says="Headers change only where something makes another connection or translates; filters see the header as it is on their side.",
    source="https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html",
)
def sent(state: State, send: Send) -> State:
    """Return the state after a send: the place, the header that it rewrites, and the session that it opens."""
    before = state.packet
    source = before.source if send.source is None else send.source
    target = before.target if send.target is None else send.target
    after = Packet(source, target, before.service if send.service is None else send.service)
    sessions = state.sessions
    if send.session is not None:
        sessions = (*sessions, Opened(send.session, before, after))
    return State(send.place, after, state.realm if send.realm is None else send.realm, sessions)


def _best(flows: list[Flow], packet: Packet) -> Flow:
    """Return the flow of packets that are shared out: the one that fares best, the longest way where none arrives.

    Of several that fare alike, the one whose request fares best: a target that is healthy before one that is not.
    """
    if any_of(flow.forward for flow in flows) is Verdict.BLOCKED:
        return max(flows, key=lambda flow: len(flow.steps))
    return min(flows, key=lambda flow: rank(flow.forward, flow.reply, packet.service))


def rank(forward: Verdict, reply: Verdict | None, service: int) -> tuple[int, ...]:
    """Return how well a request and its reply fare, the best lowest: as a whole where the service needs its reply."""
    whole = forward if reply is None else all_of((forward, reply))
    order = (whole, forward, reply or whole) if needs_reply(service) else (forward, reply or whole)
    return tuple(SURENESS.index(one) for one in order)


def _merged(flows: list[Flow], doubt: Doubt) -> Flow:
    """Return the flow of something of which nobody knows which alternative happens: all alike is that, else the doubt's verdict."""
    forward = merge((flow.forward for flow in flows), doubt)
    arrived = [flow for flow in flows if flow.forward is not Verdict.BLOCKED]
    if not arrived:
        return max(flows, key=lambda flow: len(flow.steps))
    replies = [flow.reply for flow in arrived if flow.reply is not None]
    best = min(arrived, key=lambda flow: (flow.verdict is Verdict.BLOCKED, len(flow.steps)))
    reply = merge(replies, doubt) if replies else None
    told = tuple(dict.fromkeys([one for flow in arrived for one in flow.doubts]))
    settled = forward is Verdict.REACHABLE and reply in (None, Verdict.REACHABLE, Verdict.BLOCKED)
    return msgspec.structs.replace(best, forward=forward, reply=reply, doubts=told if settled else (*told, doubt))


@rule(
    "M-4",
    says="What configuration does not decide is conditional or unknown, and is never counted as yes or no.",
    source="https://docs.aws.amazon.com/vpc/latest/reachability/how-reachability-analyzer-works.html",
)
@rule(
    "LIM-9",
    says="Where AWS chooses at random or by inner state every choice is tried; only what is alike in all of them is certain.",
    source="https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html",
)
def merge(verdicts: Iterable[Verdict], doubt: Doubt) -> Verdict:
    """Return the verdict over alternatives of which nobody knows which happens."""
    every = list(verdicts)
    passing = [one for one in every if one is not Verdict.BLOCKED]
    if not passing:
        return Verdict.BLOCKED
    return all_of(passing if len(passing) == len(every) else [*passing, Verdict(doubt.kind.value)])


def _answered(world: Snapshot, question: Question, state: State, steps: tuple[Step, ...], arrive: Arrive) -> Flow:
    service = reply_service(state.packet.service, question.client_port)
    if service is None:
        return Flow(Verdict.REACHABLE, None, steps, arrived=arrive.resource)
    if question.start.place == LOST.inside or any(opened.session == LOST for opened in state.sessions):
        return Flow(Verdict.REACHABLE, Verdict.UNKNOWN, steps, arrived=arrive.resource)
    beginning = reply_start(world, state, arrive, service)
    if beginning is None:
        return Flow(Verdict.REACHABLE, Verdict.REACHABLE, steps, arrived=arrive.resource)
    reply, reply_steps, doubts = _back(world, question, beginning, ())
    return Flow(Verdict.REACHABLE, reply, steps, reply_steps, doubts, arrive.resource)


def reply_start(world: Snapshot, state: State, arrive: Arrive, service: int) -> State | None:
    """Return the state in which the reply starts; None when it comes back whatever filters say."""
    component = world.at(arrive.resource)
    place = component.answers_from(world) if component is not None else None
    if place is None:
        return None
    return State(place, Packet(state.packet.target, state.packet.source, service), "", state.sessions)


Back = tuple[Verdict, tuple[Step, ...], tuple[Doubt, ...]]


def _back(world: Snapshot, question: Question, coming: State, steps: tuple[Step, ...], since: int = 0) -> Back:
    while True:
        state = home(coming)
        since = since if len(state.sessions) == len(coming.sessions) else len(steps)
        step = _step(world, state, steps, Direction.REPLY, since)
        if not isinstance(step.action, Send):
            return _act_back(world, question, state, steps, step, since)
        coming, steps = sent(state, step.action.unopened()), (*steps, step)


def _act_back(world: Snapshot, question: Question, state: State, steps: tuple[Step, ...], step: Step, since: int) -> Back:
    taken, action = (*steps, step), step.action
    if isinstance(action, Drop):
        return Verdict.BLOCKED, taken, ()
    if action is TOO_FAR:
        return Verdict.UNKNOWN, taken, (TOO_FAR.doubt,)
    if isinstance(action, Send):
        return _back(world, question, sent(state, action.unopened()), taken, since)
    if isinstance(action, Arrive):
        if not came_home(world, question.start, state, action):
            return Verdict.BLOCKED, taken, ()
        doubts = tuple(dict.fromkeys(one.session.past for one in state.sessions if one.session.past is not None))
        return all_of(Verdict(doubt.kind.value) for doubt in doubts), taken, doubts
    assert isinstance(action, Choose)
    each = [msgspec.structs.replace(step, action=one) for one in action.actions]
    ways = [_act_back(world, question, state, steps, one, since) for one in each]
    verdict = merge((way[0] for way in ways), action.doubt)
    passing = [way for way in ways if way[0] is not Verdict.BLOCKED]
    best = min(passing, key=lambda way: len(way[1])) if passing else max(ways, key=lambda way: len(way[1]))
    told = tuple(dict.fromkeys([one for way in passing for one in way[2]]))
    return verdict, best[1], told if verdict in (Verdict.REACHABLE, Verdict.BLOCKED) else (*told, action.doubt)


def home(state: State) -> State:
    """Return the state of a reply after each session that it reaches from outside gave it the header of before back.

    The session that was opened last comes first; one that replies may go past stands aside for those before it.
    """
    for at in reversed(range(len(state.sessions))):
        opened = state.sessions[at]
        if opened.session.led is not None and state.place == opened.session.caught:
            return home(msgspec.structs.replace(state, place=opened.session.led))
        packet = state.packet
        awaited = (opened.after.target, opened.after.source)
        if state.place in opened.session.outside and (packet.source, packet.target) == awaited:
            restored = Packet(opened.before.target, opened.before.source, packet.service)
            rest = state.sessions[:at] + state.sessions[at + 1 :]
            return home(State(opened.session.inside, restored, state.realm, rest))
        if opened.session.past is None:
            break
    return state


@rule(
    "IGW-5",
    says="The reply to what came in from the internet must leave by the same gateway, with the address that was asked.",
    source="https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html",
)
@rule(
    "IGW-6",
    says="A route to the internet gateway that is narrower than everything limits who can talk, both ways.",
    source="https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html",
)
def came_home(world: Snapshot, start: State, state: State, arrive: Arrive) -> bool:
    """Return whether a reply that arrived is the answer that the sender waits for: at the sender, with both addresses as asked."""
    if (state.packet.source, state.packet.target) != (start.packet.target, start.packet.source):
        return False
    if any(one.session.past is None for one in state.sessions):
        return False
    if arrive.resource == "unmodelled":
        return True
    interface = world.find("network_interface", arrive.resource)
    if interface is None:
        return arrive.resource == start.place.resource
    return bool(interface.vpc_id == start.realm)
