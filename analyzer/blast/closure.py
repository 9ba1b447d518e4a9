"""Hop after hop over sets: a pure function of who sends to whom. A set is an integer; nothing here knows what its bits are."""

from __future__ import annotations

from collections.abc import Callable

import msgspec


class Waves(msgspec.Struct, frozen=True):
    """What each hop brings, the start at 0: who is met for the first time, and from whom the next hop goes on."""

    met: tuple[int, ...]
    held: tuple[int, ...]


def outward(reached: Callable[[int], int], start: int, taken: Callable[[int], int], most: int | None = None) -> Waves:
    """Return who is reached from `start`, hop after hop.

    `reached` gives whom any of some reach, and is asked about nobody twice; `taken`, for those that are met, from whom the next hop
    can go on. `most` is the most hops, None for any number. Nobody is met twice.
    """
    return _waves(reached, start, taken, most)


def inward(senders: Callable[[int], int], goal: int, taken: Callable[[int], int], most: int | None = None) -> Waves:
    """Return who reaches `goal`, hop after hop: whom `outward` from there meets it.

    `senders` gives who sends to any of some; it is asked about nobody twice. `held` are those that the hop before is to lead to.
    """
    return _waves(senders, goal, taken, most)


def _waves(next_to: Callable[[int], int], start: int, taken: Callable[[int], int], most: int | None) -> Waves:
    met, held = [0], [start]
    seen, had = 0, start
    while held[-1] and (most is None or len(met) <= most):
        fresh = next_to(held[-1]) & ~seen
        if not fresh:
            break
        seen |= fresh
        now = taken(fresh) & ~had
        had |= now
        met.append(fresh)
        held.append(now)
    return Waves(tuple(met), tuple(held))
