"""What may pass between contexts by the contracts that people declared, and what passes beside them."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from ..models.packet import NOTHING, IntervalSet, union
from ..models.trust import ZoneKind
from .declared import ZONES, Declared
from .ground import Ground


class Between(msgspec.Struct, frozen=True):
    """What is agreed of some services between two endpoints: the contract's words, and what passes beside any contract.

    `source` and `target` are contexts, or zones outside; "" for what no context claims.
    """

    source: str
    target: str
    contract: str = ""
    excess: IntervalSet = NOTHING


class Agreements:
    """Contracts, asked about endpoints. Within a context everything is agreed; so is what no context claims, for nobody can tell."""

    def __init__(self, ground: Ground, declared: Declared) -> None:
        self._ground, self._declared = ground, declared
        self.any = bool(declared.agreed)
        self._outside = {one.contract.source for one in declared.agreed} & set(ZONES)

    def side(self, id: str, zone: ZoneKind | None = None) -> str:
        """Return the context of an endpoint, or the zone that it is in outside."""
        if zone is not None:
            return zone.value
        asset = self._ground.assets.get(self._ground.asset_of.get(id, ""))
        return asset.context if asset is not None else ""

    def between(self, source: str, target: str, zone: ZoneKind | None, services: IntervalSet) -> Between:
        """Return what is agreed between two endpoints; `zone` is where the first one is if outside."""
        near, far = self.side(source, zone), self.side(target)
        return self.of(near, far, services)

    def of(self, near: str, far: str, services: IntervalSet) -> Between:
        """Return what is agreed between two contexts, or a zone and a context."""
        outside = near in ZONES and near not in self._outside
        if near == far or not near or not far or outside:
            return Between(near, far)
        agreed = self._declared.contracts_between(near, far)
        covered = union(one.services for one in agreed)
        words = ", ".join(one.contract.on for one in agreed if one.services & services)
        return Between(near, far, f"{near} -> {far}: {words}" if words else "", services - covered)

    def passing(self, flows: Iterable[tuple[str, str, IntervalSet]]) -> dict[str, IntervalSet]:
        """Return what passes of each contract, by its words, given what passes between contexts and zones."""
        found: dict[tuple[str, str], IntervalSet] = {}
        for near, far, services in flows:
            found[near, far] = found.get((near, far), NOTHING) | services
        return {
            f"{one.contract.source} -> {one.contract.target}: {one.contract.on}": one.services
            & found.get((one.contract.source, one.contract.target), NOTHING)
            for one in self._declared.agreed
        }
