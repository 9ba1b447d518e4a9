"""What the manifest of a collection says: which kinds the snapshot holds of which account and Region, and what it misses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from typing import Any

import msgspec

from ..models.call import GLOBAL_CLIENTS
from ..models.collection import GLOBAL, KEY, Manifest, Outcome, Place, Record
from ..models.component import Component
from ..models.errors import InputError
from ..models.seen import At, Seen
from ..models.unmodelled import BYSTANDERS, ENTRY
from .complaints import complaint_under
from .not_modelled import ENTRIES, WAYS
from .whose import Viewer
from .words import LEAVE_FILE_OUT, path_shown, shown

# What AWS answers everywhere: a Region that answers it and does not know another call of EC2 has nothing to say there.
ANSWERS = "ec2.DescribeVpcs"


def manifest_of(value: Any, file: str) -> Manifest:
    """Return the manifest under its key of a document; raises InputError for anything else."""
    try:
        return msgspec.convert(value, Manifest)
    except msgspec.ValidationError as error:
        text = f"cannot read `{path_shown(file)}`: {complaint_under(KEY, str(error))}"
        raise InputError(text, hint=LEAVE_FILE_OUT) from error


class Collections:
    """What the collections of a snapshot brought, by the components that say which calls bring them."""

    def __init__(
        self, manifests: Iterable[Manifest], components: Iterable[type[Component]], collected: Set[tuple[Viewer, str]]
    ) -> None:
        components = tuple(components)
        self._manifests = tuple(_without_lost(one, components, collected) for one in manifests)
        self._calls = {one.kind: names for one in components if (names := tuple(_calls(one)))}
        self._entries = tuple(name for one in components if one.hidden_entry for name in _lists(one))
        self._of_all = frozenset(kind for kind, names in self._calls.items() if _client(names[0]) in GLOBAL_CLIENTS)
        self._places: dict[At, Place] = {}
        for place in (place for manifest in self._manifests for place in manifest.places):
            at = (place.account, place.region)
            self._places[at] = _together(self._places[at], place) if at in self._places else place

    @property
    def seen(self) -> Seen | None:
        """What they saw and what not; None where no manifest is there."""
        if not self._manifests:
            return None
        asked = frozenset(at for at in self._places if at[1])
        missing = {kind: frozenset(self._missing(kind)) for kind in self._calls}
        missing[ENTRY] = frozenset(self._entries_unseen())
        return Seen(asked, {kind: where for kind, where in missing.items() if where}, self._of_all)

    def _missing(self, kind: str) -> Iterator[At]:
        for at, place in self._places.items():
            if (not at[1] or (at[1] == GLOBAL) == (kind in self._of_all)) and not _done(place, self._calls[kind]):
                yield at

    @property
    def brought(self) -> frozenset[tuple[Viewer, str]]:
        """The kinds of which all was brought, with who saw it; there may be nothing of them."""
        return frozenset(
            (Viewer(account, "" if region == GLOBAL else region), kind)
            for kind, names in self._calls.items()
            for (account, region), place in self._places.items()
            if _done(place, names)
        )

    @property
    def places(self) -> Set[At]:
        """The accounts and Regions of which they say anything."""
        return self._places.keys()

    @property
    def sentences(self) -> list[str]:
        """What was not collected, a sentence for each account and outcome."""
        return [f"not collected: {shown(one, 400)}" for manifest in self._manifests for one in manifest.gaps()]

    @property
    def collected_at(self) -> str:
        """When the oldest of them began; "" without any."""
        return min((shown(one.collected_at, 40) for one in self._manifests if one.collected_at), default="")

    @property
    def ways(self) -> set[str]:
        """The keys of resources that carry packets between networks, are not modelled, and may be there."""
        return {key for key, _ in self._unseen() if key in WAYS}

    def _entries_unseen(self) -> Iterator[At]:
        """Yield the places into which the internet may be let by what nobody was told of; what lives in no Region leads into all."""
        yield from (at for key, at in self._unseen() if key in ENTRIES)
        everywhere = {account for (account, region), place in self._places.items() if region == GLOBAL and self._may_enter(place)}
        yield from (at for at in self._places if at[0] in everywhere and at[1] not in ("", GLOBAL))

    def _may_enter(self, place: Place) -> bool:
        """Return whether somebody may enter unseen by what lives in no Region; partitions that do not know of it have none of it."""
        regions = [one for one in self._places.values() if one.account == place.account]
        return not all(_has_none(place, name, regions) for name in self._entries)

    def _unseen(self) -> Iterator[tuple[str, At]]:
        """Yield the key of each document that nothing models, with each place that did not say what it has of it."""
        for one in BYSTANDERS:
            call = one.document.call
            for at, place in self._places.items():
                if (at[1] == GLOBAL) == (call.client in GLOBAL_CLIENTS) and not _has_none(place, call.name, (place,)):
                    yield one.document.key, at


def _without_lost(manifest: Manifest, components: Sequence[type[Component]], collected: Set[tuple[Viewer, str]]) -> Manifest:
    """Return the manifest without what it says was brought where nothing of its kinds is in the snapshot: somebody removed it."""
    kinds: dict[str, set[str]] = {}
    for component in components:
        for document in component.documents:
            kinds.setdefault(document.call.name, set()).add(component.kind)
    there = {(viewer.account, region, kind) for viewer, kind in collected for region in (viewer.region, GLOBAL)}
    # Of what lies in no folder of an account nobody knows whose collection brought it.
    of_anybody = {kind for viewer, kind in collected if not viewer.account}

    def record(place: Place, name: str, one: Record) -> Record:
        brought = {(place.account, place.region, kind) for kind in kinds.get(name, ())}
        lost = one.status is Outcome.DONE and one.rows and brought and not brought & there and not kinds[name] & of_anybody
        return Record(Outcome.LOST) if lost else one

    places = [
        Place(place.account, place.region, {name: record(place, name, one) for name, one in place.calls.items()})
        for place in manifest.places
    ]
    return Manifest(manifest.collected_at, manifest.schema, places)


def _together(one: Place, other: Place) -> Place:
    """Return what two collections say of one place: the worse, as what either shows may be newer than what the other brought."""
    names = dict.fromkeys((*one.calls, *other.calls))
    none = Record()
    calls = {name: one.calls.get(name, none).with_(other.calls.get(name, none)) for name in names}
    return Place(one.account, one.region, calls)


def _calls(component: type[Component]) -> Iterator[str]:
    return (document.call.name for document in component.documents if document.asked)


def _lists(component: type[Component]) -> Iterator[str]:
    """Yield the calls that say which resources of a kind there are."""
    return (document.call.name for document in component.documents if document.asked and document.each is None)


def _client(name: str) -> str:
    return name.partition(".")[0]


def _done(place: Place, names: Iterable[str]) -> bool:
    return all(_outcome(place.calls, name) is Outcome.DONE for name in names)


def _outcome(calls: Mapping[str, Any], name: str) -> Outcome:
    """Return what became of a call; what an older version did not ask for was not asked."""
    return calls[name].status if name in calls else Outcome.PENDING


def _has_none(place: Place, name: str, near: Iterable[Place]) -> bool:
    """Return whether a place has none of what a call lists but what it listed: it was answered, or AWS does not know of it there.

    AWS does not know of it where it answers what it answers everywhere, `near` that place.
    """
    outcome = _outcome(place.calls, name)
    knows_nothing = outcome is Outcome.UNSUPPORTED and any(_outcome(one.calls, ANSWERS) is Outcome.DONE for one in near)
    return outcome is Outcome.DONE or knows_nothing
