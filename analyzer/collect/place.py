"""The calls of one account and Region: which can be asked now, and what became of each."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from ..models.collection import GLOBAL, Outcome, Record
from ..models.collection import Place as Told
from .answers import Request
from .calls import Planned
from .folder import Finished

# So many resources are asked for in one part of a call: parts are asked side by side, and a part that is finished stays so.
PART = 50


class Task(msgspec.Struct, frozen=True):
    """A part of a call to ask. `asked` tells whether an earlier run asked for the same."""

    place: tuple[str, str]
    planned: Planned
    part: str
    requests: list[Request]

    @property
    def asked(self) -> str:
        """What is asked for, as a short name."""
        return hashlib.sha256(msgspec.json.encode(self.requests, order="sorted")).hexdigest()[:16]


class PlaceRun:
    """One account and Region while it is asked; `told` is what the manifest says of it, and `left` the calls without an end."""

    def __init__(self, account: str, region: str, calls: Mapping[str, Planned], finished: Mapping[str, Finished]) -> None:
        self.at = (account, region)
        self._calls = {name: one for name, one in calls.items() if one.everywhere == (region != GLOBAL)}
        self._finished = dict(finished)
        self._open: dict[str, int] = {}
        self._feeds: dict[str, list[Request]] = {}
        self._parts: dict[str, Record] = {}
        self.told = Told(account, region, {name: Record() for name in self._calls})
        self.left = len(self._calls)
        self.stale: list[str] = []
        alone = [one for one in self._calls.values() if one.each is None]
        self._waves = [[one for one in alone if one.wave == wave] for wave in sorted({one.wave for one in alone})]
        self._asks_again = False

    def start(self) -> list[Task]:
        """Return what can be asked without knowing anything."""
        return self._or_next_wave([])

    def end(self, task: Task, record: Record, feeds: Mapping[str, list[Request]]) -> list[Task]:
        """Take what became of a task, and return what can be asked since."""
        return self._or_next_wave(list(self._ended(task.planned, record, feeds)))

    def _or_next_wave(self, tasks: list[Task]) -> list[Task]:
        """Return the tasks; where no call is open any more, those of the next wave."""
        while not self._parts and self._waves:
            tasks = [task for one in self._waves.pop(0) for task in self._tasks(one, [dict(one.call.fixed)])]
        return tasks

    def _ended(self, planned: Planned, record: Record, feeds: Mapping[str, list[Request]]) -> Iterator[Task]:
        name = planned.name
        for fed, requests in feeds.items():
            self._feeds.setdefault(fed, []).extend(requests)
        self._parts[name] = self._parts[name].with_(record)
        self._open[name] -= 1
        if self._open[name]:
            return
        # INVARIANT: until its last part has ended, a call is told as not asked yet.
        self.told.calls[name] = self._parts.pop(name)
        self.left -= 1
        for call in planned.feeds:
            yield from self._follow(self._calls[call.name], self.told.calls[name])

    def _follow(self, planned: Planned, source: Record) -> Iterator[Task]:
        """Yield what to ask now that the source of a call has ended: what the source missed, the call misses too."""
        missed = msgspec.structs.replace(source, rows=0)
        requests = list(_batches(planned, self._feeds.pop(planned.name, [])))
        if requests:
            yield from self._tasks(planned, requests, missed)
            return
        self._open[planned.name] = 1
        self._parts[planned.name] = missed
        yield from self._ended(planned, missed, {})

    def _tasks(self, planned: Planned, requests: list[Request], missed: Record | None = None) -> Iterator[Task]:
        """Yield the parts of a call that no earlier run finished."""
        cut = [requests[start : start + PART] for start in range(0, len(requests), PART)]
        names = [planned.name if planned.each is None else f"{planned.name}.{number:04}" for number in range(len(cut))]
        tasks = [Task(self.at, planned, name, part) for name, part in zip(names, cut, strict=True)]
        self._parts[planned.name] = missed or Record(Outcome.DONE)
        self._open[planned.name] = len(tasks)
        earlier = {name for name in self._finished if name == planned.name or name.startswith(f"{planned.name}.")}
        self.stale += earlier.difference(names)
        for task in tasks:
            known = self._finished.get(task.part)
            # What was asked for before something that may name it is not known any more.
            if known is not None and known.asked == task.asked and not (planned.wave and self._asks_again):
                yield from self._ended(planned, Record(Outcome.DONE, known.rows), known.feeds)
            else:
                self._asks_again = True
                yield task


def _batches(planned: Planned, requests: Iterable[Request]) -> Iterator[Request]:
    """Yield the requests of a call, each once, with as many values in one as it takes, and what every request has."""
    each, fixed = planned.each, dict(planned.call.fixed)
    assert each is not None
    alike: dict[bytes, list[Request]] = {}
    for request in {msgspec.json.encode(one): one for one in requests}.values():
        others = {name: value for name, value in request.items() if name != each.parameter}
        alike.setdefault(msgspec.json.encode(others) if each.many else b"%d" % len(alike), []).append(request)
    for group in alike.values():
        if not each.many:
            yield from ({**fixed, **one} for one in group)
            continue
        for start in range(0, len(group), each.many):
            values = [one[each.parameter] for one in group[start : start + each.many]]
            yield {**fixed, **group[0], each.parameter: values}
