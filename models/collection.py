"""What a collection asked and what became of it: the manifest of a snapshot that was collected. Written once, read once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum

import msgspec

KEY = "reach_collection"
SCHEMA = "reach/manifest/1"
SHOWN = 3


class Outcome(StrEnum):
    """What became of a call; the later, the worse."""

    DONE = "done"
    UNSUPPORTED = "unsupported"
    DENIED = "denied"
    THROTTLED = "throttled"
    FAILED = "failed"
    PENDING = "pending"
    LOST = "lost"


ORDER = tuple(Outcome)
TOLD = {
    Outcome.UNSUPPORTED: "not supported there",
    Outcome.DENIED: "denied",
    Outcome.THROTTLED: "throttled",
    Outcome.FAILED: "failed",
    Outcome.PENDING: "not asked yet",
    Outcome.LOST: "answered, and what it brought is not in the snapshot",
}


class Record(msgspec.Struct, omit_defaults=True):
    """What became of one call in one account and Region: how many rows it brought, or the error that AWS answered."""

    status: Outcome = msgspec.field(default=Outcome.PENDING)
    rows: int = 0
    code: str = ""
    message: str = ""

    def with_(self, other: Record) -> Record:
        """Return what became of two parts of a call together: the worse of both."""
        worse = max(self, other, key=lambda one: ORDER.index(one.status))
        return Record(worse.status, self.rows + other.rows, worse.code, worse.message)


class Place(msgspec.Struct):
    """The calls of one account and Region, by name (`ec2.DescribeVpcs`).

    `region` is "" for an account that could not be asked at all, and GLOBAL for what lives in no Region.
    """

    account: str
    region: str
    calls: dict[str, Record] = {}


GLOBAL = "global"


class Manifest(msgspec.Struct):
    """Everything that a collection meant to ask. `collected_at` is when it began."""

    collected_at: str = ""
    schema: str = SCHEMA
    places: list[Place] = []

    @property
    def complete(self) -> bool:
        """Whether every call was asked and answered."""
        return all(record.status is Outcome.DONE for place in self.places for record in place.calls.values())

    def gaps(self) -> Iterator[str]:
        """Yield a sentence for each account and outcome that left something out: which calls, and where."""
        found: dict[tuple[str, Outcome], dict[str, dict[str, None]]] = {}
        for place in self.places:
            for name, record in place.calls.items():
                if record.status is not Outcome.DONE:
                    calls = found.setdefault((place.account, record.status), {})
                    calls.setdefault(name.replace(".", ":"), {})[place.region or "every Region"] = None
        for (account, status), calls in sorted(found.items()):
            regions = sorted({region for those in calls.values() for region in those})
            yield f"account {account}: {_listed(sorted(calls), 'calls')} {TOLD[status]} ({_listed(regions, 'Regions')})"


def _listed(words: Iterable[str], noun: str) -> str:
    """Return the first words and how many more there are: `a, b, c and 5 more calls`."""
    every = list(words)
    more = len(every) - SHOWN
    return ", ".join(every[:SHOWN]) + (f" and {more} more {noun if more > 1 else noun.removesuffix('s')}" if more > 0 else "")
