"""Every result once and in order, whatever happens to the workers: processes of this machine, and those of a Dask cluster."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

import analyzer
from analyzer.invariants import check
from analyzer.invariants.packs import pack
from analyzer.invariants.written import parsed
from analyzer.matrix import Matrix
from analyzer.models.errors import QuestionError, ReachError
from analyzer.shards import Job, mapped

from . import work
from .relations import cells

ROOT = Path(__file__).resolve().parents[2]
PIECES = range(60)
SUMS = [100 + piece for piece in PIECES]


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_results_come_once_and_in_order(tmp_path: Path, workers: int):
    found = list(mapped(Job(work.added, work.Model(100, tmp_path)), PIECES, workers=workers))
    assert [result for result, _ in found] == SUMS
    assert (os.getpid() in {process for _, process in found}) is (workers == 1)
    assert len(list(tmp_path.iterdir())) == len(PIECES), "nothing was done twice"


def test_a_process_that_is_killed_midway_loses_nothing(tmp_path: Path):
    found = list(mapped(Job(work.added_but_dying_once, work.Model(100, tmp_path)), PIECES, workers=2))
    assert (tmp_path / "killed").exists()
    assert [result for result, _ in found] == SUMS


def test_a_shard_that_kills_whoever_takes_it_is_told(tmp_path: Path):
    found = mapped(Job(work.dying, work.Model(0, tmp_path)), range(6), workers=2)
    assert [next(found), next(found), next(found)] == [0, 1, 2]
    with pytest.raises(ReachError, match="workers were lost 3 times in a row"):
        next(found)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_bug_in_the_work_is_no_lost_worker(tmp_path: Path, workers: int):
    with pytest.raises(ZeroDivisionError, match="0"):
        list(mapped(Job(work.failing, work.Model(0, tmp_path)), range(4), workers=workers))


def test_no_more_is_begun_than_some_shards_ahead(tmp_path: Path):
    begun: list[int] = []

    def pieces() -> Iterator[int]:
        for piece in PIECES:
            begun.append(piece)
            yield piece

    found = mapped(Job(work.added, work.Model(0, tmp_path)), pieces(), workers=2)
    next(found)
    assert len(begun) < 10
    found.close()  # type: ignore[attr-defined]


# ---------------------------------------------------------------------- a cluster
class Dask:
    """A scheduler and workers of one thread each, as processes of their own."""

    def __init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = str(free.getsockname()[1])
        self.address = f"tcp://127.0.0.1:{port}"
        self.scheduler = self._run("dask_scheduler", "--host", "127.0.0.1", "--port", port, "--no-dashboard")
        self.workers: list[subprocess.Popen[bytes]] = []

    def join(self) -> None:
        alone = ("--nworkers", "1", "--nthreads", "1", "--no-nanny", "--no-dashboard")
        self.workers.append(self._run("dask_worker", self.address, *alone))

    def _run(self, program: str, *words: str) -> subprocess.Popen[bytes]:
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", f"distributed.cli.{program}", *words]
        return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def end(self) -> None:
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()


@pytest.fixture
def dask() -> Iterator[Dask]:
    pytest.importorskip("distributed")
    made = Dask()
    made.join()
    made.join()
    yield made
    made.end()


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_a_worker_of_a_cluster_that_is_killed_midway_loses_nothing(dask: Dask, tmp_path: Path):
    found: list[tuple[int, int]] = []
    killed = 0
    for result in mapped(Job(work.added, work.Model(100, tmp_path)), PIECES, cluster=dask.address):
        found.append(result)
        if len(found) > 10 and not killed and result[1] == dask.workers[1].pid:
            killed = result[1]
            os.kill(killed, signal.SIGKILL)
    assert [one for one, _ in found] == SUMS
    assert {process for _, process in found} == {one.pid for one in dask.workers}, "both had a part in it"
    assert killed


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_when_all_workers_are_killed_those_that_join_go_on(dask: Dask, tmp_path: Path):
    found: list[tuple[int, int]] = []
    for result in mapped(Job(work.added, work.Model(100, tmp_path)), PIECES, cluster=dask.address):
        found.append(result)
        if len(found) == 10:
            for worker in dask.workers:
                worker.kill()
            dask.join()
    assert [one for one, _ in found] == SUMS
    assert found[-1][1] == dask.workers[2].pid


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_a_cluster_makes_the_same_matrix(dask: Dask, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("analyzer.matrix.plan.MOST_CLASSES", 2)
    matrix = Matrix(analyzer.load("demo").snapshot, "subnet")
    assert matrix.shard_count > 3
    assert cells(matrix, cluster=dask.address) == cells(matrix)


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_a_cluster_checks_the_same_invariants(dask: Dask):
    world, found = analyzer.load("demo").snapshot, [*pack("zero-trust"), *pack("microsegmentation")]
    assert check(world, found, date(2026, 7, 1), cluster=dask.address) == check(world, found, date(2026, 7, 1))


@pytest.mark.parametrize("workers", [1, 2])
def test_what_cannot_be_asked_is_the_same_error_whoever_checks(workers: int):
    world = analyzer.load("demo").snapshot
    found = parsed("invariants:\n- name: a\n  deny: {from: web, to: rdss}\n- name: b\n  deny: {from: web, to: rds}", "x.yaml")
    with pytest.raises(QuestionError, match=r"x.yaml:2: invariant `a`: .*`rdss`") as raised:
        check(world, found, date(2026, 7, 1), workers=workers)
    assert raised.value.hint


@pytest.mark.filterwarnings("default")
def test_an_address_where_nobody_answers_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    pytest.importorskip("distributed")
    monkeypatch.setattr("analyzer.cluster.PATIENCE", 0.5)
    start = time.monotonic()
    with pytest.raises(QuestionError, match=r"no Dask scheduler with a worker answers at `tcp://127\.0\.0\.1:9`"):
        list(mapped(Job(work.added, work.Model(0, tmp_path)), PIECES, cluster="tcp://127.0.0.1:9"))
    assert time.monotonic() - start < 20


def test_without_dask_the_error_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ReachError) as raised:
        list(mapped(Job(work.added, work.Model(0, tmp_path)), PIECES, cluster="tcp://127.0.0.1:9"))
    assert str(raised.value) == "`--cluster` needs `distributed`\n  try: `pip install 'vpc-reach[cluster]'`"
