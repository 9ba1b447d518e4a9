"""What a collection saw of each kind, and where it saw nothing: so that what is not found is not taken for what is not there."""

from __future__ import annotations

import msgspec

from .collection import GLOBAL
from .component import Component

At = tuple[str, str]


class Seen(msgspec.Struct, frozen=True):
    """The accounts and Regions that were asked, and those of which a kind was not brought, or not all of it.

    Kinds that live in no Region are asked in GLOBAL; they are `kinds_of_all`. A kind that is not in `missing` was brought by all.
    """

    asked: frozenset[At] = frozenset()
    missing: dict[str, frozenset[At]] = {}
    kinds_of_all: frozenset[str] = frozenset()

    def whole(self, kind: str, near: Component | None) -> bool:
        """Return whether everything of a kind was brought that the account and Region of a component have; by all, for None.

        Of what an account has that nobody asked, nobody knows the whole, though others may see a part of it.
        """
        missing = self.missing.get(kind, frozenset())
        if near is None:
            return not missing
        at = (near.account, GLOBAL if kind in self.kinds_of_all else near.region)
        return at in self.asked and at not in missing
