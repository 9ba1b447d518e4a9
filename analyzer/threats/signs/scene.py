"""What signs are looked for in: the snapshot, its assets and ways in; and how what was found there becomes signs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from ...models.component import Component
from ...models.location import Written
from ...models.snapshot import Snapshot
from ...models.trust import Asset, DataClass, EntryPoint, ZoneKind
from ...models.verdict import SURENESS, Verdict
from .sign import Sign

SHOWN = 3
# So many resources at most stand as evidence of one sign; its sentence says of how many it speaks.
MOST_WRITTEN = 20
# An asset of these classes is worth a standby, backups and a record of who came.
GUARDED = (DataClass.CONFIDENTIAL, DataClass.RESTRICTED)


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What a resource says: the sentence of a sign, "" where all is well, None where the snapshot does not tell.

    `also` are further resources that the sentence rests on; `assets` those that it is about, None for those of the resource;
    `named` is the id of what it is about where no component stands for that: the sign keeps it when resources come and go.
    """

    by: Component
    text: str | None
    also: Sequence[Component] = ()
    assets: Sequence[str] | None = None
    named: str = ""
    confidence: Verdict = Verdict.REACHABLE


class Scene:
    """A snapshot with the assets and the ways in that were found in it."""

    def __init__(self, world: Snapshot, assets: Iterable[Asset], entries: Iterable[EntryPoint]) -> None:
        self.world = world
        self.assets = {one.id: one for one in assets}
        self._holder = {member: one.id for one in self.assets.values() for member in one.interfaces}
        self._doors: dict[str, Verdict] = {}
        for entry in entries:
            if entry.zone == ZoneKind.INTERNET.value and entry.verdict is not Verdict.BLOCKED:
                known = self._doors.get(entry.resource, Verdict.BLOCKED)
                self._doors[entry.resource] = min(known, entry.verdict, key=SURENESS.index)

    def assets_of(self, component: Component) -> list[str]:
        """Return the ids of the assets that a resource is, or that its interfaces belong to."""
        if component.id in self.assets:
            return [component.id]
        held = (self._holder.get(one) for one in component.interface_ids(self.world))
        return sorted({one for one in held if one is not None})

    def door(self, component: Component) -> Verdict | None:
        """Return how surely the internet comes in at a resource; None where it does not."""
        return self._doors.get(component.id)

    def holds(self, component: Component, classes: Sequence[DataClass] = GUARDED) -> bool:
        """Return whether a resource is, or belongs to, an asset of some classes."""
        return any(self.assets[id].data_class in classes for id in self.assets_of(component))

    def signs(self, kind: str, whether: str, found: Iterable[Told]) -> Iterator[Sign]:
        """Yield a sign for each resource that says something, and one for all those of which nobody knows `whether`."""
        unsaid: list[Told] = []
        for one in found:
            if one.text is None:
                unsaid.append(one)
            elif one.text:
                yield Sign(
                    kind=kind,
                    resource=one.named or one.by.id,
                    text=one.text,
                    evidence=tuple(written(each) for each in (one.by, *one.also[: MOST_WRITTEN - 1])),
                    assets=self._about([one]),
                    confidence=one.confidence,
                )
        if unsaid:
            yield self._not_known(kind, whether, unsaid)

    def _about(self, found: Sequence[Told]) -> tuple[str, ...]:
        """Return the ids of the assets that resources speak of, in order."""
        return tuple(sorted({id for one in found for id in (self.assets_of(one.by) if one.assets is None else one.assets)}))

    def _not_known(self, kind: str, whether: str, unsaid: Sequence[Told]) -> Sign:
        names = sorted(called(one.by) for one in unsaid)
        return Sign(
            kind=kind,
            resource="",
            text=f"not known whether {whether}: {listed(names)}",
            evidence=tuple(sorted((written(one.by) for one in unsaid), key=lambda one: one.resource)[:MOST_WRITTEN]),
            assets=self._about(unsaid),
            confidence=Verdict.UNKNOWN,
        )


def written(component: Component) -> Written:
    """Return a resource as evidence names it."""
    return Written(component.id, "", component.origin)


def called(component: Component) -> str:
    """Return what people call a resource: its first name, else its id."""
    return next(iter(component.names()), "") or component.id


def listed(names: Sequence[str]) -> str:
    """Return the first names and how many more there are: `a, b, c and 5 more`."""
    more = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (f" and {more:,} more" if more > 0 else "")
