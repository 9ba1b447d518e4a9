"""What was written by hand beside what was collected: neither makes the other whole."""

from __future__ import annotations

from collections.abc import Iterable, Set

from ..models.seen import At
from ..models.snapshot import ESSENTIAL
from .convert import Seen
from .whose import Viewer


def left_out(seen: Iterable[Seen], collected: Set[tuple[Viewer, str]], places: Set[At]) -> frozenset[str]:
    """Return the essential kinds that no document written by hand holds, where such a one shows any in a place that nobody asked.

    `collected` are the kinds that documents hold, by who saw them, and `places` those that collections tell of.
    """
    by_hand = {viewer for viewer, _ in collected if viewer not in places}
    if not places or not any(_is_of_nobody_asked(one, by_hand, places) for one in seen):
        return frozenset()
    return frozenset(ESSENTIAL).difference(kind for viewer, kind in collected if viewer in by_hand)


def _is_of_nobody_asked(one: Seen, by_hand: Set[Viewer], places: Set[At]) -> bool:
    component = one.component
    at = (component.account, component.region)
    return component.kind in ESSENTIAL and at not in places and not one.row.embedded and one.row.viewer in by_hand
