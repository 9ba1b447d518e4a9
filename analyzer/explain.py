"""Every line that must change for a packet to pass: the way with the fewest of them, found over the same tables."""

from __future__ import annotations

from heapq import heappop, heappush
from itertools import count

import msgspec

from .flow import Question, State, Step
from .models.snapshot import Snapshot
from .models.table import LOST, Action, Arrive, Choose, Direction, Drop, Line, Send, Share
from .walk import TIMES_AROUND, came_home, home, reply_service, reply_start, sent

MOST_STATES = 3000
ELSEWHERE = Drop("NO_PATH", "the packet arrives elsewhere, not at the target", misrouted=True)
NEVER = MOST_STATES
# What AWS says of a route that would lead to the target: another one comes first, more specific or for the same block.
OVERTAKEN = {
    "route_table": ("MORE_SPECIFIC_ROUTE", "HIGHER_PRIORITY_ROUTE"),
    "transit_gateway_route_table": ("TGW_RTB_MORE_SPECIFIC_ROUTE", "TGW_RTB_HIGHER_PRIORITY_ROUTE"),
}


class Trial(msgspec.Struct, frozen=True):
    """A packet under way, the lines that were pardoned so far, whether it asks or answers, and the last routes that it took.

    `route` is that of a VPC, `transit` that of a transit gateway, `last` the later one of the two.
    """

    state: State
    pardoned: tuple[Step, ...]
    direction: Direction
    length: int
    route: Step | None = None
    transit: Step | None = None
    last: Step | None = None


def blockers(world: Snapshot, question: Question) -> tuple[Step, ...]:
    """Return the lines that stop the packet or its reply: the fewest whose change lets both pass.

    Where no change of single lines is enough, the lines up to the one that ends every way; empty when nothing stops it.
    """
    number = count()
    queue = [(0, 0, next(number), Trial(question.start, (), Direction.REQUEST, 0))]
    dead_end: tuple[int, tuple[Step, ...]] = (-1, ())
    circle: tuple[Step, ...] = ()
    seen: set[tuple[object, ...]] = set()
    for _ in range(MOST_STATES):
        if not queue:
            break
        *_, trial = heappop(queue)
        if _key(trial) in seen:
            circle = circle or (*trial.pardoned, _around(trial.last or _step(world, trial)))
            continue  # in a circle, or by another way that needed no more changes
        seen.add(_key(trial))
        step = _step(world, trial)
        if step.kind == "route_table":
            trial = msgspec.structs.replace(trial, route=step, last=step)
        elif step.kind == "transit_gateway_route_table":
            trial = msgspec.structs.replace(trial, transit=step, last=step)
        for action in _choices(step.action):
            moved = _moved(world, question, trial, step, action)
            if moved is True:
                return trial.pardoned
            other = None if _goes_on(world, question, trial, action) else _overtaken(world, question, trial, trial.transit)
            for one in (moved, other):
                if isinstance(one, Trial):
                    heappush(queue, (len(one.pardoned), -one.length, next(number), one))
            if not moved and trial.length > dead_end[0]:
                dead_end = trial.length, (*trial.pardoned, _hopeless(_blamed(trial, step, action)))
    return dead_end[1] or circle


def _key(trial: Trial) -> tuple[object, ...]:
    """Return what the rest of the way depends on; a request that comes by again after another translation goes round in circles."""
    state = trial.state
    sessions = state.sessions if trial.direction is Direction.REPLY else ()
    return trial.direction, state.place, state.packet, state.realm, sessions


def _around(route: Step) -> Step:
    """Return the step of a route that leads back to where the packet was before."""
    return msgspec.structs.replace(route, action=TIMES_AROUND)


def _hopeless(step: Step) -> Step:
    """Return a step that ends every way: mending its line alone leads nowhere."""
    assert isinstance(step.action, Drop)
    return msgspec.structs.replace(step, action=msgspec.structs.replace(step.action, otherwise=None))


def _blamed(trial: Trial, step: Step, action: Action) -> Step:
    """Return the line to blame for the end of a way: the route that led there, where nothing is wrong at the end itself."""
    drop = action if isinstance(action, Drop) else ELSEWHERE
    blamed = trial.route if drop.misrouted and trial.route is not None else step
    return msgspec.structs.replace(blamed, action=drop)


def _step(world: Snapshot, trial: Trial) -> Step:
    state = home(trial.state) if trial.direction is Direction.REPLY else trial.state
    table = world.table(state.place, trial.direction)
    line = table.first(state.packet, state.realm)
    return Step(state.place, table.kind, line, state.packet, line.action, trial.direction, state.realm)


def _choices(action: Action) -> list[Action]:
    """Return what may happen; where nobody knows whether a packet passes or is dropped, that it passes."""
    if not isinstance(action, Choose | Share):
        return [action]
    every = [one for inner in action.actions for one in _choices(inner)]
    if isinstance(action, Share):  # each happens, and a way that is closed may be the one to the target
        return [one for one in every if not isinstance(one, Drop) or one.otherwise is not None] or every
    return [one for one in every if not isinstance(one, Drop)] or every


def _moved(world: Snapshot, question: Question, trial: Trial, step: Step, action: Action) -> Trial | bool:
    """Return the trial after an action; True when packet and reply are through, False when this way ends."""
    state = home(trial.state) if trial.direction is Direction.REPLY else trial.state
    if isinstance(action, Send):
        send = action.unopened() if trial.direction is Direction.REPLY else action
        return msgspec.structs.replace(trial, state=sent(state, send), length=trial.length + 1)
    if isinstance(action, Arrive) and _through(world, question, trial, action):
        return _arrived(world, question, trial, state, action)
    return _pardoned(world, question, trial, step, action)


def _goes_on(world: Snapshot, question: Question, trial: Trial, action: Action) -> bool:
    """Return whether an action is no end of the way, or the end that was asked for."""
    return isinstance(action, Send) or (isinstance(action, Arrive) and _through(world, question, trial, action))


def _pardoned(world: Snapshot, question: Question, trial: Trial, step: Step, action: Action) -> Trial | bool:
    """Return the trial as if the line were mended that drops the packet, or the route that led it astray."""
    drop = action if isinstance(action, Drop) else ELSEWHERE
    if drop.misrouted and (better := _overtaken(world, question, trial, trial.route)):
        return better
    return _mended(world, question, trial, step, drop)


def _mended(world: Snapshot, question: Question, trial: Trial, step: Step, drop: Drop) -> Trial | bool:
    """Return the trial after what the drop says would happen otherwise, or by another way than the route that led here."""
    blamed = _blamed(trial, step, drop)
    otherwise = drop.otherwise
    start = trial
    if blamed.line is not step.line:
        last = world.table(blamed.place, trial.direction).lines[-1].action
        otherwise = last.otherwise if isinstance(last, Drop) else None
        astray = any(one.line is blamed.line for one in trial.pardoned)
        if astray or not isinstance(blamed.line.action, Send | Choose):
            return False
        start = _before(trial, blamed)
    if otherwise is None:
        return False
    pardoned = _pardon(start, blamed)
    best = _best(world, question, pardoned, step, otherwise)
    if blamed.line is not step.line and isinstance(best, Trial) and _cost(world, question, best) >= NEVER:
        return False  # no other route leads there either
    return _of_another_block(world, best) if isinstance(best, Trial) else best


def _before(trial: Trial, route: Step) -> Trial:
    """Return the trial as it was when it met a route."""
    return msgspec.structs.replace(trial, state=msgspec.structs.replace(trial.state, packet=route.packet), route=None)


def _pardon(trial: Trial, step: Step) -> Trial:
    return msgspec.structs.replace(trial, pardoned=(*trial.pardoned, step), length=trial.length + 1)


def _overtaken(world: Snapshot, question: Question, trial: Trial, route: Step | None) -> Trial | None:
    """Return the trial by the next route of a table that is about the packet and leads there; None where there is none."""
    if route is None or any(one.line is route.line for one in trial.pardoned):
        return None
    for line in _behind(world, trial, route):
        code = OVERTAKEN[route.kind][line.match.targets == route.line.match.targets]
        drop = Drop(code, f"{line.title} would lead there, but {route.line.title} comes first", otherwise=line.action)
        pardoned = _pardon(_before(trial, route), msgspec.structs.replace(route, action=drop))
        best = _best(world, question, pardoned, route, line.action)
        if isinstance(best, Trial) and _cost(world, question, best) < NEVER:
            return best
    return None


def _behind(world: Snapshot, trial: Trial, route: Step) -> list[Line]:
    """Return the lines of a route's table that stand behind it and are about its packet, the last one left out."""
    lines = world.table(route.place, trial.direction).lines
    at = next(number for number, line in enumerate(lines) if line is route.line)
    return [line for line in lines[at + 1 : -1] if line.match.holds(route.packet, trial.state.realm)]


def _of_another_block(world: Snapshot, trial: Trial) -> Trial:
    """Return the trial, of a transit gateway's table that leads to the same attachment for another block with the code for that."""
    *before, last = trial.pardoned
    assert isinstance(last.action, Drop)
    if last.action.code != "TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT":
        return trial
    lines = world.table(last.place, last.direction).lines
    if not any(isinstance(line.action, Send) and line.action.place == trial.state.place for line in lines):
        return trial
    drop = msgspec.structs.replace(last.action, code="TGW_RTB_CANNOT_ROUTE")
    return msgspec.structs.replace(trial, pardoned=(*before, msgspec.structs.replace(last, action=drop)))


def _best(world: Snapshot, question: Question, trial: Trial, step: Step, otherwise: Action) -> Trial | bool:
    """Return the trial after a pardon; of several ways the first that leads anywhere with the fewest further lines."""
    ways = [_moved(world, question, trial, step, one) for one in _choices(otherwise) if not isinstance(one, Drop)]
    trials = [way for way in ways if isinstance(way, Trial)]
    if len(trials) < 2:  # a load balancer or an endpoint arrives at itself, too
        return next((way for way in (*trials, *ways) if way), False)
    judged = [(_cost(world, question, way), number, way) for number, way in enumerate(trials)]
    cost, _, best = min(judged, key=lambda one: one[:2])
    return best if cost < NEVER else False


def _cost(world: Snapshot, question: Question, trial: Trial) -> int:
    """Return how many lines stop the packet between here and its arrival, replies left out; NEVER when it cannot arrive."""
    lines = 0
    seen: set[tuple[object, ...]] = set()
    while (key := _key(trial)) not in seen:
        seen.add(key)
        action: Action | None = _likeliest(world, question, trial, _step(world, trial).action)
        if isinstance(action, Drop):
            lines += 1
            action = action.otherwise and _likeliest(world, question, trial, action.otherwise)
        if isinstance(action, Arrive):
            return lines if _through(world, question, trial, action) else NEVER
        if not isinstance(action, Send):
            return NEVER
        state = home(trial.state) if trial.direction is Direction.REPLY else trial.state
        trial = msgspec.structs.replace(trial, state=sent(state, action))
    return NEVER


def _likeliest(world: Snapshot, question: Question, trial: Trial, action: Action) -> Action:
    """Return which of several actions leads on: the arrival that was asked for, else the first that is no end."""
    choices = _choices(action)
    goes_on = (one for one in choices if _goes_on(world, question, trial, one))
    return next(goes_on, next((one for one in choices if not isinstance(one, Drop)), choices[0]))


def _through(world: Snapshot, question: Question, trial: Trial, arrive: Arrive) -> bool:
    """Return whether an arrival is the one that was asked for: of the request at the target, of the reply at the sender."""
    if trial.direction is Direction.REPLY:
        return came_home(world, question.start, home(trial.state), arrive)
    return question.counts(arrive.resource, trial.state.packet)


def _arrived(world: Snapshot, question: Question, trial: Trial, state: State, arrive: Arrive) -> Trial | bool:
    if trial.direction is Direction.REPLY:
        return True
    if question.start.place == LOST.inside or any(opened.session == LOST for opened in state.sessions):
        return True
    service = reply_service(state.packet.service, question.client_port)
    beginning = reply_start(world, state, arrive, service) if service is not None else None
    return Trial(beginning, trial.pardoned, Direction.REPLY, trial.length + 1) if beginning is not None else True
