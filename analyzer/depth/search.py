"""The fewest edits after which one packet and its reply get through, found over the tables as they are.

Every way that an edit of a line, route or address could open is tried, the cheapest first: what is found is never more than it takes.
"""

from __future__ import annotations

from collections.abc import Iterator
from heapq import heappop, heappush
from itertools import count

import msgspec

from ..flow import Question, State, Step
from ..models.snapshot import Snapshot
from ..models.table import LOST, Action, Arrive, Direction, Drop, Line, Place, Send, Table
from ..walk import came_home, home, needs_reply, reply_service, reply_start, sent
from .detours import Detour, detours, every
from .locks import ROUTING, Lock, edits_needed, lock

MOST_STATES = 4000
# The tables that decided anything, each with the fewest edits after which a packet came there.
Met = dict[tuple[Place, Direction], int]


class Mend(msgspec.Struct, frozen=True):
    """A line to be changed, the edits of which any one may do it, and where the packet goes then."""

    step: Step
    lock: Lock
    action: Action


class Way(msgspec.Struct, frozen=True):
    """The fewest edits for a packet; with `through` they let it pass, else it takes so many or more."""

    least: int
    question: Question
    mends: tuple[Mend, ...] = ()
    through: bool = False


class _Trial(msgspec.Struct, frozen=True):
    """A packet under way, and what was changed for it so far; `done` when it and its reply are through."""

    state: State
    direction: Direction
    mends: tuple[Mend, ...] = ()
    done: bool = False

    @property
    def locks(self) -> frozenset[Lock]:
        return frozenset(one.lock for one in self.mends)

    @property
    def cost(self) -> int:
        return len(edits_needed(self.locks))


def least(world: Snapshot, question: Question, below: int, met: Met) -> Way:
    """Return the fewest edits that let a packet through, or `below` where it takes so many or more.

    The tables that decided anything are added to `met`.
    """
    number = count()
    queue = [(0, next(number), _Trial(question.start, Direction.REQUEST))]
    seen: dict[tuple[object, ...], list[frozenset[Lock]]] = {}
    for _ in range(MOST_STATES):
        if not queue or queue[0][0] >= below:
            return Way(below, question)
        cost, _, trial = heappop(queue)
        if trial.done:
            return Way(cost, question, trial.mends, through=True)
        if _news(trial, seen):
            met.setdefault((trial.state.place, trial.direction), cost)
            met[trial.state.place, trial.direction] = min(met[trial.state.place, trial.direction], cost)
            for one in _onward(world, question, trial):
                heappush(queue, (one.cost, next(number), one))
    return Way(queue[0][0] if queue else below, question)


def _news(trial: _Trial, seen: dict[tuple[object, ...], list[frozenset[Lock]]]) -> bool:
    """Return whether no trial was here before with nothing changed but a part of what is changed for this one."""
    state, locks = trial.state, trial.locks
    # A request that was translated in the same way before goes round in circles.
    sessions = state.sessions if trial.direction is Direction.REPLY else frozenset(state.sessions)
    known = seen.setdefault((trial.direction, state.place, state.packet, state.realm, sessions), [])
    if any(before <= locks for before in known):
        return False
    known.append(locks)
    return True


def _onward(world: Snapshot, question: Question, trial: _Trial) -> Iterator[_Trial]:
    """Yield where the packet may come next: as the tables say, and as they would after an edit of this one."""
    state = trial.state
    table = world.table(state.place, trial.direction)
    line = table.first(state.packet, state.realm)
    for action in every(line.action):
        if not isinstance(action, Drop):
            yield from _moved(world, question, trial, action)
    step = Step(state.place, table.kind, line, state.packet, line.action, trial.direction, state.realm)
    for action, key in _instead(world, trial, table, line):
        mend = Mend(step, lock(world, step, action) if key is None else frozenset((key,)), action)
        if mend.lock:
            yield from _moved(world, question, msgspec.structs.replace(trial, mends=(*trial.mends, mend)), action)


def _instead(world: Snapshot, trial: _Trial, table: Table, line: Line) -> Iterator[Detour]:
    """Yield what may happen to a packet once a line is mended, each once."""
    routes, state = table.kind in ROUTING, trial.state
    # A route that is taken away leaves the packet to those behind it; one that is added leads to any gateway, as the last line knows.
    others = [one for one in table.lines if one.match.holds(state.packet, state.realm)] if routes else [line]
    found: list[Detour] = [(action, None) for other in others for action in _mended(other.action, routes=routes)]
    if routes:
        found += detours(world, state, trial.direction, table.kind)
    yield from dict.fromkeys(found)


def _mended(action: Action, *, routes: bool) -> Iterator[Action]:
    """Yield what may happen once a line is mended; any route may be given to a packet that another one is about."""
    for one in every(action):
        if isinstance(one, Drop) and one.otherwise is not None:
            yield from _mended(one.otherwise, routes=True)
        elif routes and not isinstance(one, Drop):
            yield one


def _moved(world: Snapshot, question: Question, trial: _Trial, action: Action) -> Iterator[_Trial]:
    reply = trial.direction is Direction.REPLY
    if isinstance(action, Send):
        state = sent(trial.state, action.unopened() if reply else action)
        yield msgspec.structs.replace(trial, state=home(state) if reply else state)
    elif isinstance(action, Arrive) and reply:
        if came_home(world, question.start, trial.state, action):
            yield msgspec.structs.replace(trial, done=True)
    elif isinstance(action, Arrive) and question.counts(action.resource, trial.state.packet):
        yield _answered(world, question, trial, action)


def _answered(world: Snapshot, question: Question, trial: _Trial, arrive: Arrive) -> _Trial:
    """Return the trial with its reply on the way, where one is needed."""
    state = trial.state
    lost = question.start.place == LOST.inside or any(opened.session == LOST for opened in state.sessions)
    service = reply_service(state.packet.service, question.client_port)
    beginning = None
    if service is not None and needs_reply(state.packet.service) and not lost:
        beginning = reply_start(world, state, arrive, service)
    if beginning is None:
        return msgspec.structs.replace(trial, done=True)
    return msgspec.structs.replace(trial, state=home(beginning), direction=Direction.REPLY)
