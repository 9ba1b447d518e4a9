"""How much of a threat model is told, and where its lines are written."""

from __future__ import annotations

import msgspec

from ...models.location import Locations

# So many risks, and everything else that stands before the details, are read on two screens.
MOST_RISKS = 15


class View(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody asked to see: details, at most so many risks, colours of a terminal; `locations` for what names files."""

    explain: bool = False
    limit: int = MOST_RISKS
    colour: bool = False
    locations: Locations = {}
