"""Workers that are processes of this machine. Where processes can be forked they share the model as it stands in memory."""

from __future__ import annotations

import gc
import multiprocessing
import sys
import warnings
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Any

from .shards import Job, LostError

# The job of a worker process: it comes with the process, never with a shard.
_job: list[Job[Any, Any, Any]] = []


class Pool:
    """A crew of processes."""

    def __init__(self, executor: ProcessPoolExecutor, size: int) -> None:
        self.size = size
        self._executor = executor

    def submit(self, piece: Any) -> _Pending:
        try:
            # Python warns of threads that a fork does not take along; no lock of theirs is held where this is called.
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)
                return _Pending(self._executor.submit(_work, piece))
        except BrokenProcessPool as error:
            raise LostError(str(error)) from error


class _Pending:
    def __init__(self, future: Future[Any]) -> None:
        self._future = future

    def result(self) -> Any:
        try:
            return self._future.result()
        except BrokenProcessPool as error:
            raise LostError("a process ended abruptly") from error


@contextmanager
def crew(job: Job[Any, Any, Any], size: int) -> Iterator[Pool]:
    """Yield a crew of `size` processes; they end with the block, and drop what they were at."""
    # Of the system's own libraries on a Mac not every one lives through a fork.
    forks = "fork" in multiprocessing.get_all_start_methods() and sys.platform != "darwin"
    if forks:
        # What stands in memory now is no garbage: nobody looks for it there, and its pages stay shared.
        gc.freeze()
    context = multiprocessing.get_context("fork" if forks else "spawn")
    executor = ProcessPoolExecutor(size, context, _adopt, (job,))
    try:
        yield Pool(executor, size)
    finally:
        executor.shutdown(wait=True, cancel_futures=True)
        if forks:
            gc.unfreeze()


def _adopt(job: Job[Any, Any, Any]) -> None:
    _job[:] = [job]


def _work(piece: Any) -> Any:
    return _job[0](piece)
