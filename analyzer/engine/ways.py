"""Ways that part: what packets drew where configuration does not say what happens, and which sessions they opened.

A way is a number. It stands for all packets that met the same choices and drew the same of each, and that have the same sessions open:
those go over the tables together, and what they meet is the same for all. What becomes of a packet is then told by the ways on which it
landed (`told`), from the last choice back to the first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

import msgspec

from ..models.table import LOST, Action, Choose, Direction, Place, Send, Session
from ..models.verdict import Verdict
from .packets import Packets, joined, meeting, rest

# More choices than these on one way, one within the other, or sessions, are left to the engine of single questions.
MOST = 3
# Sessions that are open, the last one last.
Sessions = tuple[Session, ...]
Outcome = TypeVar("Outcome")
# The packets of each way, with what became of them where they ended on it.
Ended = dict[int, list[tuple[Packets, Outcome]]]
FIRST = 0


class Way(msgspec.Struct, frozen=True):
    """A way: what is open on it, which choices led to it, each with what was open then, and what lets replies leave a session."""

    sessions: Sessions
    drawn: tuple[tuple[Choose, Sessions], ...]
    watched: frozenset[Place]


class Ways:
    """The ways of the packets of one direction, from one on which some sessions are open."""

    def __init__(self, direction: Direction, sessions: Sessions = ()) -> None:
        self._direction = direction
        self._ways = [self._way(sessions, ())]
        # For each way what its packets may meet next: a choice, with the way of each alternative, or another set of open sessions.
        self._forks: list[dict[Choose, tuple[int, ...]]] = [{}]
        self._moved: list[dict[Sessions, int]] = [{}]

    def _way(self, sessions: Sessions, drawn: tuple[tuple[Choose, Sessions], ...]) -> Way:
        # Replies may go past all of them (`is_plain`), so that each is waited for wherever it may be left.
        outside = (place for one in sessions for place in one.outside) if self._direction is Direction.REPLY else ()
        return Way(sessions, drawn, frozenset(outside))

    def _add(self, sessions: Sessions, drawn: tuple[tuple[Choose, Sessions], ...]) -> int:
        self._ways.append(self._way(sessions, drawn))
        self._forks.append({})
        self._moved.append({})
        return len(self._ways) - 1

    def sessions(self, way: int) -> Sessions:
        """Return the sessions that are open on a way."""
        return self._ways[way].sessions

    def watched(self, way: int) -> frozenset[Place]:
        """Return the places at which replies on a way leave a session."""
        return self._ways[way].watched

    def chosen(self, way: int) -> bool:
        """Return whether any choice led to a way."""
        return bool(self._ways[way].drawn)

    def fork(self, way: int, choice: Choose) -> tuple[int, ...]:
        """Return the ways on which packets go on that meet a choice, one for each alternative; none where nobody goes on.

        Who meets a choice again with the same sessions may go round in a circle, and is followed by itself.
        """
        found = self._forks[way].get(choice)
        if found is None:
            before = self._ways[way]
            met = choice, before.sessions
            if met in before.drawn or len(before.drawn) == MOST:
                return ()
            found = tuple(self._add(before.sessions, (*before.drawn, met)) for _ in choice.actions)
            self._forks[way][choice] = found
        return found

    def opened(self, way: int, session: Session) -> int | None:
        """Return the way of packets that open a session; None where it is open already, since those may go round in a circle."""
        sessions = self._ways[way].sessions
        return None if session in sessions or len(sessions) == MOST else self._onward(way, (*sessions, session))

    def restored(self, way: int, place: Place) -> tuple[Place, int] | None:
        """Return where replies go on that leave a session at a place, and on which way; None where they leave none."""
        if place not in self._ways[way].watched:
            return None
        sessions = self._ways[way].sessions
        last = next(at for at in reversed(range(len(sessions))) if place in sessions[at].outside)
        return sessions[last].inside, self._onward(way, sessions[:last] + sessions[last + 1 :])

    def _onward(self, way: int, sessions: Sessions) -> int:
        found = self._moved[way].get(sessions)
        if found is None:
            found = self._moved[way][sessions] = self._add(sessions, self._ways[way].drawn)
        return found

    def told(
        self, ended: Ended[Outcome], over: Callable[[tuple[Outcome | None, ...], Verdict], Outcome], way: int = FIRST
    ) -> list[tuple[Packets, Outcome]]:
        """Return what becomes of packets, every alternative regarded.

        `over` tells what becomes of those of which this and that is drawn, None for what leads nowhere, in a doubt of this verdict.
        """
        found = list(ended.get(way, ()))
        for onward in self._moved[way].values():
            found.extend(self.told(ended, over, onward))
        for choice, ways in self._forks[way].items():
            verdict = Verdict(choice.doubt.kind.value)
            each = [self.told(ended, over, one) for one in ways]
            found.extend((packets, over(drawn, verdict)) for packets, drawn in _drawn(each))
        return _alike(found) if self._forks[way] else found


def is_plain(send: Send) -> bool:
    """Return whether packets go on with the header that they have, remembered by a session that awaits their replies, or is gone past."""
    session = send.session
    rewrites = send.source is not None or send.target is not None or send.service is not None
    if rewrites or send.realm or session is None:
        return False
    return session.past is not None and session.led is None and not session.remaps_ports and session != LOST


def is_followed(action: Action) -> bool:
    """Return whether the fabric follows what meets an action that parts ways."""
    if isinstance(action, Choose):
        sends = [one for one in action.actions if isinstance(one, Send)]
        return bool(sends) and all(one.session is None or is_plain(one) for one in sends)
    return isinstance(action, Send) and is_plain(action)


def _drawn(each: list[list[tuple[Packets, Outcome]]]) -> list[tuple[Packets, tuple[Outcome | None, ...]]]:
    """Return the packets of several alternatives, cut where what becomes of them in any alternative differs."""
    cells: list[tuple[Packets, tuple[Outcome | None, ...]]] = []
    for number, ended in enumerate(each):
        kept = cells
        fresh: list[tuple[Packets, tuple[Outcome | None, ...]]] = []
        for packets, outcome in ended:
            left = [packets]
            parted: list[tuple[Packets, tuple[Outcome | None, ...]]] = []
            for cell, drawn in kept:
                left, remaining = _meet(cell, drawn, left, outcome, fresh)
                parted.extend((one, drawn) for one in remaining)
            kept = parted
            fresh.extend((one, (*(None,) * number, outcome)) for one in left)
        cells = fresh + [(cell, (*drawn, None)) for cell, drawn in kept]
    return cells


def _meet(
    cell: Packets,
    drawn: tuple[Outcome | None, ...],
    packets: list[Packets],
    outcome: Outcome,
    fresh: list[tuple[Packets, tuple[Outcome | None, ...]]],
) -> tuple[list[Packets], list[Packets]]:
    """Add what is in a cell and among the packets; return the packets that are left, and what is left of the cell."""
    left: list[Packets] = []
    remaining = [cell]
    for one in packets:
        both = meeting(one, cell)
        if both is None:
            left.append(one)
            continue
        fresh.append((both, (*drawn, outcome)))
        left.extend(rest(one, both))
        remaining = [part for each in remaining for part in _less(each, both)]
    return left, remaining


def _less(one: Packets, other: Packets) -> Iterable[Packets]:
    both = meeting(one, other)
    return (one,) if both is None else rest(one, both)


def _alike(found: list[tuple[Packets, Outcome]]) -> list[tuple[Packets, Outcome]]:
    """Return the same in fewer sets."""
    of: dict[Outcome, list[Packets]] = {}
    for packets, outcome in found:
        of.setdefault(outcome, []).append(packets)
    return [(packets, outcome) for outcome, every in of.items() for packets in joined(every)]
