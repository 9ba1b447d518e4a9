"""Hop after hop over sets: a pure function of who sends to whom. A set is an integer; nothing here knows what its bits are."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

# Senders and those that each of them reaches.
Edges = Sequence[tuple[int, int]]


class Waves(msgspec.Struct, frozen=True):
    """What each hop brings, the start at 0: who is met for the first time, and from whom the next hop goes on."""

    met: tuple[int, ...]
    held: tuple[int, ...]


def outward(edges: Edges, start: int, taken: Callable[[int], int], most: int | None = None) -> Waves:
    """Return who is reached from `start`, hop after hop.

    `taken` gives, for those that are met, from whom the next hop can go on. `most` is the most hops, None for any number. Nobody is
    met twice. Each edge is looked at until it is first walked, and never again: all that it leads to is met then.
    """
    met, held = [0], [start]
    seen, had = 0, start
    left = list(edges)
    while held[-1] and (most is None or len(met) <= most):
        near, fresh, rest = held[-1], 0, []
        for edge in left:
            if edge[0] & near:
                fresh |= edge[1]
            else:
                rest.append(edge)
        left, fresh = rest, fresh & ~seen
        if not fresh:
            break
        seen |= fresh
        now = taken(fresh) & ~had
        had |= now
        met.append(fresh)
        held.append(now)
    return Waves(tuple(met), tuple(held))


def inward(senders: Callable[[int], int], goal: int, taken: Callable[[int], int], most: int | None = None) -> Waves:
    """Return who reaches `goal`, hop after hop: whom `outward` from there meets it.

    `senders` gives who sends to any of some; it is asked about nobody twice. `held` are those that the hop before is to lead to.
    """
    met, held = [0], [goal]
    seen, had = 0, goal
    while held[-1] and (most is None or len(met) <= most):
        fresh = senders(held[-1]) & ~seen
        if not fresh:
            break
        seen |= fresh
        now = taken(fresh) & ~had
        had |= now
        met.append(fresh)
        held.append(now)
    return Waves(tuple(met), tuple(held))
