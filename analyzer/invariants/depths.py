"""How many mistakes lie between sources and targets: `min_depth`. What is not certain counts against whoever wrote it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from ..ask import couples
from ..depth import Depth, depth
from ..models.packet import NOTHING
from ..models.snapshot import Snapshot
from ..models.verdict import Verdict
from ..reach import Flows
from .bans import Broken
from .model import Depth as Demanded
from .parts import Exemption, selected, services


class Shallow(msgspec.Struct, frozen=True):
    """A pair between which fewer mistakes may lie than must."""

    broken: Broken
    depth: Depth


def too_shallow(world: Snapshot, demanded: Demanded, exempt: Sequence[Exemption]) -> Iterator[Shallow]:
    """Yield each pair that fewer edits may open than the invariant demands; exemptions are about sources and targets, whole."""
    asked = services(demanded.on)
    flows = Flows(world, selected(demanded.source, world), selected(demanded.target, world), asked, there_only=True)
    for source, target in couples(flows):
        covering = tuple(one for one in exempt if one.covers(source, target) and asked <= one.services)
        if any(one.ignore is None for one in covering):
            continue
        found = depth(world, source, target, asked, demanded.at_least)
        if found.least < demanded.at_least:
            judged = flows.of(source, target)
            sure = judged.services if judged.verdict is Verdict.REACHABLE else NOTHING
            doubtful = asked if judged.verdict is not Verdict.BLOCKED and not sure else NOTHING
            yield Shallow(Broken(flows, source, target, judged, sure, doubtful, covering), found)
