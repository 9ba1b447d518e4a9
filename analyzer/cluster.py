"""Workers on other machines: those of a Dask scheduler. Nothing else in the project speaks to one."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from typing import Any

from .models.errors import QuestionError, ReachError
from .shards import Job, LostError

# How long the scheduler has to answer, and a first worker to join, in seconds.
PATIENCE = 30


class Cluster:
    """A crew of Dask workers, each of which has the job once."""

    def __init__(self, client: Any, job: Any, size: int) -> None:
        self.size = size
        self._client = client
        self._job = job

    def submit(self, piece: Any) -> _Pending:
        with _telling_losses():
            return _Pending(self._client.submit(_work, self._job, piece, pure=False))


class _Pending:
    def __init__(self, future: Any) -> None:
        self._future = future

    def result(self) -> Any:
        with _telling_losses():
            return self._future.result()


@contextmanager
def crew(job: Job[Any, Any, Any], address: str) -> Iterator[Cluster]:
    """Yield the workers of the scheduler at an address as a crew.

    The job goes to every worker that is there, and from those to others that join later. Raises QuestionError for an address
    where no scheduler answers, ReachError where Dask is not installed.
    """
    try:
        distributed: Any = import_module("distributed")
    except ImportError as error:
        raise ReachError("`--cluster` needs `distributed`", hint="`pip install 'vpc-reach[cluster]'`") from error
    try:
        client: Any = distributed.Client(address, timeout=PATIENCE, set_as_default=False)
        client.wait_for_workers(1, timeout=PATIENCE)
    except (OSError, ValueError, distributed.TimeoutError) as error:
        what = f"no Dask scheduler with a worker answers at `{address[:60]}`"
        raise QuestionError(what, hint="`dask scheduler`, then `dask worker ADDRESS` on each machine") from error
    try:
        with _telling_losses():
            size = sum(client.nthreads().values())
            shared = client.scatter(job, broadcast=True, hash=False)
        yield Cluster(client, shared, size)
    finally:
        with suppress(Exception):
            client.close()


@contextmanager
def _telling_losses() -> Iterator[None]:
    """Raise LostError for what Dask says when workers, or what they held, are gone."""
    distributed: Any = import_module("distributed")
    gone = (distributed.KilledWorker, distributed.CancelledError, distributed.TimeoutError)
    try:
        yield
    except (*gone, asyncio.CancelledError, import_module("distributed.comm").CommClosedError) as error:
        raise LostError(f"{type(error).__name__}: {error}") from error


def _work(job: Job[Any, Any, Any], piece: Any) -> Any:
    return job(piece)
