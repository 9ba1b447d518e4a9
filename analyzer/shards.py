"""A pure function over shards, on this machine's cores or on a cluster: every result once and in order, whatever fails.

What is mapped says nothing of who does it: matrices today, any question that falls into shards of targets or sources. A worker
that is lost loses nothing: since the function is pure, what it had begun is begun again elsewhere.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from itertools import chain, islice
from typing import Any, Generic, Protocol, TypeVar

from .models.errors import ReachError

Model = TypeVar("Model")
Piece = TypeVar("Piece")
Result = TypeVar("Result")

# How often in a row workers may be lost without a single result in between, before the fault is taken to be the shard's.
PATIENCE = 3
# How many shards a worker has before it; enough that none waits, and few enough that results do not pile up.
AHEAD = 3


class Job(Generic[Model, Piece, Result]):
    """A pure function, at the top level of a module, with the read-only model that all its calls share."""

    def __init__(self, work: Callable[[Model, Piece], Result], model: Model) -> None:
        self.work = work
        self.model = model

    def __call__(self, piece: Piece) -> Result:
        return self.work(self.model, piece)


class Pending(Protocol):
    """A result that is under way."""

    def result(self) -> Any:
        """Return the result; raises LostError when whoever worked at it is gone."""


class Crew(Protocol):
    """Workers that know one job."""

    size: int

    def submit(self, piece: Any) -> Pending:
        """Begin one shard; raises LostError when nobody is there."""


class LostError(Exception):
    """Workers are gone, and with them what they were at."""


Hire = Callable[[Job[Any, Any, Any]], AbstractContextManager[Crew]]


def mapped(job: Job[Model, Piece, Result], pieces: Iterable[Piece], *, workers: int = 0, cluster: str = "") -> Iterator[Result]:
    """Yield the job's result for each piece, in their order.

    `workers` are processes of this machine, 0 for one a core, 1 for this process itself; `cluster` is the address of a Dask
    scheduler, whose workers do it instead. Raises ReachError when workers are lost again and again.
    """
    if cluster:
        from .cluster import crew

        return _all(job, pieces, lambda job: crew(job, cluster))
    count = workers or _cores()
    left = iter(pieces)
    first = list(islice(left, 2))
    if count == 1 or len(first) < 2:
        return map(job, chain(first, left))
    from .pool import crew as pool

    return _all(job, chain(first, left), lambda job: pool(job, count))


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _all(job: Job[Any, Piece, Any], pieces: Iterable[Piece], hire: Hire) -> Iterator[Any]:
    """Yield the results; when workers are lost, others are hired for what is left."""
    left, begun, failures = iter(pieces), deque[Piece](), 0
    while True:
        try:
            with hire(job) as crew:
                for result in _in_order(crew, left, begun):
                    failures = 0
                    yield result
                return
        except LostError as error:
            failures += 1
            if failures == PATIENCE:
                what = f"workers were lost {PATIENCE} times in a row at the same shard: {error}"
                raise ReachError(what, hint="give them more memory, or ask for fewer targets with `to SELECTOR`") from error


def _in_order(crew: Crew, left: Iterator[Piece], begun: deque[Piece]) -> Iterator[Any]:
    """Yield results in order; `begun` are always the pieces whose results were not yielded yet, so that nothing is lost or twice."""
    under_way = deque(crew.submit(piece) for piece in begun)
    while True:
        while len(under_way) < AHEAD * crew.size and (piece := next(left, None)) is not None:
            begun.append(piece)
            under_way.append(crew.submit(piece))
        if not under_way:
            return
        result = under_way.popleft().result()
        # INVARIANT: the piece leaves `begun` before its result is seen, or a failure of the reader would bring it twice.
        begun.popleft()
        yield result
