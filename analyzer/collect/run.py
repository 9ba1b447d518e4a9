"""Side by side over accounts, Regions and calls: so many at a time, and no more in memory than what is being asked."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from time import monotonic

from ..models.collection import Manifest, Record
from .access import Access
from .answers import Request
from .asking import Asking
from .folder import Folder
from .place import PlaceRun, Task

# The manifest is written as often, in seconds: what a killed run leaves is told as not asked yet.
SAVED = 5.0

Answered = tuple[Record, Mapping[str, list[Request]]]


class Run:
    """One run over places that were planned."""

    def __init__(self, access: Access, folder: Folder, manifest: Manifest, concurrency: int, step: Callable[[], None]) -> None:
        self._access, self._folder, self._manifest = access, folder, manifest
        self._concurrency, self._step = concurrency, step
        self.asking = Asking(access, folder)
        self._ready: deque[Task] = deque()
        self._active: dict[tuple[str, str], PlaceRun] = {}

    def over(self, places: Iterable[PlaceRun]) -> None:
        """Ask everything that can be asked; the manifest says what became of it, also where this is interrupted."""
        waiting, saved = deque(places), monotonic()
        running: dict[Future[Answered], Task] = {}
        self._folder.put_manifest(self._manifest)
        pool = ThreadPoolExecutor(self._concurrency)
        try:
            while True:
                self._fill(waiting)
                while self._ready and len(running) < 2 * self._concurrency and not self.asking.stop.is_set():
                    task = self._ready.popleft()
                    running[pool.submit(self.asking.ask, task)] = task
                if not running:
                    break
                for future in wait(running, timeout=SAVED, return_when=FIRST_COMPLETED).done:
                    self._take(running.pop(future), *future.result())
                if monotonic() - saved > SAVED:
                    self._folder.put_manifest(self._manifest)
                    saved = monotonic()
        finally:
            self.asking.stop.set()
            pool.shutdown(cancel_futures=True)
            self._folder.put_manifest(self._manifest)

    def _fill(self, waiting: deque[PlaceRun]) -> None:
        """Begin with further places, so many at a time that everybody has something to ask; clients take memory."""
        while waiting and (len(self._active) < 2 or len(self._ready) < self._concurrency):
            place = waiting.popleft()
            self._active[place.at] = place
            before = place.left
            self._next(place, place.start(), before)

    def _take(self, task: Task, record: Record, feeds: Mapping[str, list[Request]]) -> None:
        place = self._active[task.place]
        before = place.left
        self._next(place, place.end(task, record, feeds), before)

    def _next(self, place: PlaceRun, tasks: Iterable[Task], before: int) -> None:
        self._ready.extend(tasks)
        for part in place.stale:
            self._folder.drop(place.at, part)
        place.stale.clear()
        for _ in range(before - place.left):
            self._step()
        if not place.left:
            del self._active[place.at]
            self._access.leave(*place.at)
