"""Asks one part of a call and writes what it answers; whatever AWS answers instead becomes a record, never an empty list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from threading import Event
from typing import Any

from ..models.collection import Outcome, Record
from .access import Access
from .answers import Answer, Form, Request, form, pages, requests, rows
from .calls import Planned
from .failures import CAUGHT, expired, gone, record, torn
from .folder import Finished, Folder
from .place import Task

# After so many resources of one part that AWS did not answer for, the rest would not be answered for either.
MOST_ERRORS = 3


class StoppedError(Exception):
    """Somebody ended the run."""


class Asking:
    """What every thread needs in order to ask. `stop` ends all of them; `ended` says why the credentials ended it, if they did."""

    def __init__(self, access: Access, folder: Folder) -> None:
        self._access, self._folder = access, folder
        self.stop = Event()
        self.ended = ""

    def ask(self, task: Task) -> tuple[Record, Mapping[str, list[Request]]]:
        """Return what became of a task, and what other calls are to be asked for; its rows are on disk by then."""
        renewed, torn_so_far = False, 0
        while True:
            try:
                return self._asked(task)
            except StoppedError:
                return Record(), {}
            except CAUGHT as error:
                if expired(error) and not renewed:
                    renewed = True
                    self._access.renew(task.place[0])
                elif expired(error):
                    self.ended = record(error).message
                    self.stop.set()
                    return Record(), {}
                elif torn(error) and torn_so_far < MOST_ERRORS:
                    torn_so_far += 1
                else:
                    return self._told(task, error), {}

    def _asked(self, task: Task) -> tuple[Record, Mapping[str, list[Request]]]:
        """Return what became of a task; raises what ends it as a whole."""
        planned = task.planned
        part = _Part(self, task, self._access.client(*task.place, planned.call.client))
        how = form(part.client, planned)
        key = planned.document.key if planned.document else ""
        count = self._folder.put_rows(task.place, task.part, key, how, part.rows(how))
        if part.errors:
            return self._told(task, part.errors[0]), part.feeds
        self._folder.finish(task.place, Finished(task.part, task.asked, count, part.feeds))
        return Record(Outcome.DONE, count), part.feeds

    def _told(self, task: Task, error: Exception) -> Record:
        return record(error, self._access.offered(task.planned.call.client, task.place[1]))


class _Part:
    """One part of a call while it is asked: what other calls are to be asked for, and what AWS did not answer for."""

    def __init__(self, asking: Asking, task: Task, client: Any) -> None:
        self._asking, self._task, self.client = asking, task, client
        self.feeds: dict[str, list[Request]] = {}
        self.errors: list[Exception] = []

    def rows(self, how: Form) -> Iterator[Any]:
        """Yield the rows of every request; of one that fails among several, none."""
        planned: Planned = self._task.planned
        for request in self._task.requests:
            if planned.each is None:
                yield from rows(self._seen(request), how, planned, request)
                continue
            try:
                yield from list(rows(self._seen(request), how, planned, request))
            except CAUGHT as error:
                if expired(error) or torn(error):
                    raise
                if gone(error):
                    continue
                self.errors.append(error)
                if len(self.errors) == MOST_ERRORS:
                    return

    def _seen(self, request: Request) -> Iterator[Answer]:
        """Yield the pages of an answer, what they tell other calls to ask for taken out."""
        planned = self._task.planned
        for page in pages(self.client, planned, request):
            if self._asking.stop.is_set():
                raise StoppedError
            for call in planned.feeds:
                if call.each is not None:
                    self.feeds.setdefault(call.name, []).extend(requests(page, call.each, request))
            yield page
