"""What there is to defend: every resource that packets come to, with its class, context, owner and the zone that it stands in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property

import msgspec

from ..graph import routes
from ..models.component import Component
from ..models.snapshot import Snapshot
from ..models.trust import Asset, Context, DataClass, Zone, ZoneKind
from ..select import select
from ..select.catalogue import Subject, account_of, name_of, region_of, subjects
from .declared import ZONES, Declared
from .knowledge import Knowledge

ORGANISATION = "organisation"
NO_TIER = "no subnet"


class Ground:
    """The assets of a snapshot, by the id of the resource; what stands in several subnets goes by its first interface."""

    def __init__(self, world: Snapshot, declared: Declared, known: Knowledge) -> None:
        self.world, self._declared, self._known = world, declared, known
        self._tiers: dict[str, str] = {}
        self._of_context = {
            end.id: row.name for row, _ in declared.contexts for text in row.assets for end in select(text, world)
        }
        self.misnamed = Counter[str]()
        together: dict[str, list[Subject]] = {}
        for one in subjects(world):
            together.setdefault(one.owner.id if one.owner is not None else one.id, []).append(one)
        self.assets = {id: self._asset(id, found) for id, found in together.items()}
        self.asset_of = {member: id for id, one in self.assets.items() for member in one.interfaces}

    # ------------------------------------------------------------------ assets
    def _asset(self, id: str, found: Sequence[Subject]) -> Asset:
        from ..blast.hosts import NOT_HELD, PASSES_ON

        first, tags = found[0], self._tags(found)
        passes_on = NOT_HELD.get(first.kind) == PASSES_ON
        data_class, because = (
            (DataClass.INTERNAL, PASSES_ON)
            if passes_on
            else self._known.class_of(first.kind, tags[0] | tags[1], self._declared.tags["data_class"])
        )
        owner = next((near[key] for near in tags for key in self._declared.tags["owner"] if near.get(key)), "")
        return Asset(
            id=id,
            kind=first.kind,
            name=next((name for one in (first.owner, first.interface) if one is not None and (name := name_of(one))), ""),
            account=account_of(first),
            region=region_of(first, self.world),
            vpc=getattr(first.nearest, "vpc_id", ""),
            zone=self._zone(first),
            context=self._context(found, tags),
            owner=owner,
            data_class=data_class,
            data_class_from=because,
            held=first.interface is not None and first.kind not in NOT_HELD,
            interfaces=sorted(one.id for one in found),
        )

    def _tags(self, found: Sequence[Subject]) -> list[dict[str, str]]:
        """Return tags from the nearest on: of the owner, of the interface, of the subnet, of the VPC."""
        first = found[0]
        around = [self.world.find(kind, getattr(first.nearest, f"{kind}_id", "")) for kind in ("subnet", "vpc")]
        every: list[Component | None] = [first.owner, first.interface, *around]
        return [{tag.key: tag.value for tag in one.tags} if one is not None else {} for one in every]

    def _context(self, found: Sequence[Subject], tags: Sequence[dict[str, str]]) -> str:
        declared = next((self._of_context[one.id] for one in found if one.id in self._of_context), "")
        tagged = next((near[key] for near in tags for key in self._declared.tags["context"] if near.get(key)), "")
        if not declared and tagged in ZONES:  # who says so would stand outside, where nothing is a crossing
            self.misnamed[tagged] += 1
            return ""
        return declared or tagged

    def environment(self, asset: Asset) -> str:
        """Return the environment of an asset, as tags of its interface, owner, subnet or VPC say it, in small letters; "" without one."""
        return self._environments.get(asset.id, "")

    @cached_property
    def _environments(self) -> dict[str, str]:
        keys = self._declared.tags["environment"]
        together: dict[str, list[Subject]] = {}
        for one in subjects(self.world):
            together.setdefault(self.asset_of[one.id], []).append(one)
        tags = {id: self._tags(found) for id, found in together.items()}
        return {
            id: next((near[key].lower() for near in every for key in keys if near.get(key)), "") for id, every in tags.items()
        }

    @cached_property
    def beside(self) -> list[tuple[str, str]]:
        """Resources that may be at the interfaces of an asset of their own kind, each with that asset: nobody knows whose they are."""
        found: list[tuple[str, str]] = []
        for one in self.world.everything("interface_ids"):
            if one.endpoint_kind and one.id not in self.assets:
                held = {self.asset_of[id] for id in one.interface_ids(self.world) if id in self.asset_of}
                alike = sorted(id for id in held if self.world.find(one.kind, id) is not None)
                found.extend((one.id, id) for id in alike[:1])
        return sorted(found)

    @cached_property
    def restricted(self) -> list[Asset]:
        """The assets whose data must not get out, in order of id."""
        return sorted((one for one in self.assets.values() if one.data_class is DataClass.RESTRICTED), key=lambda one: one.id)

    @cached_property
    def partners(self) -> set[str]:
        """The assets that belong to partners, as it is declared."""
        members = {end.id for text in self._declared.partners for end in select(text, self.world)}
        return {self.asset_of[id] for id in members if id in self.asset_of}

    @cached_property
    def contexts(self) -> list[Context]:
        """The bounded contexts, with how many assets each has."""
        counted = Counter(one.context for one in self.assets.values() if one.context)
        origins = {row.name: origin for row, origin in self._declared.contexts}
        names = sorted({*counted, *origins})
        return [Context(name=name, declared_by=origins.get(name, "tags"), assets=counted[name]) for name in names]

    @cached_property
    def unassigned(self) -> list[str]:
        """The assets that no context claims, where there are contexts at all."""
        return sorted(one.id for one in self.assets.values() if not one.context) if self.contexts else []

    # ------------------------------------------------------------------ zones
    def _zone(self, one: Subject) -> str:
        vpc, subnet = getattr(one.nearest, "vpc_id", ""), getattr(one.nearest, "subnet_id", "")
        if not vpc:
            return f"account:{account_of(one)}"
        return f"{vpc}/{self._tier(subnet)}" if subnet else vpc

    def _tier(self, subnet_id: str) -> str:
        if subnet_id not in self._tiers:
            self._tiers[subnet_id] = self._found_tier(subnet_id)
        return self._tiers[subnet_id]

    def _found_tier(self, subnet_id: str) -> str:
        subnet = self.world.find("subnet", subnet_id)
        if subnet is None:
            return NO_TIER
        kinds = {
            one.kind
            for target, _ in routes(self.world, subnet)
            if target != subnet.vpc_id and (one := self.world.at(target)) is not None
        }
        return "public" if "internet_gateway" in kinds else "private" if kinds - {"internet"} else "isolated"

    def zones(self) -> list[Zone]:
        """Return the zones of the inside, each within another, the outermost first."""
        counted = Counter(one.zone for one in self.assets.values())
        vpcs = {one.zone.partition("/")[0] for one in self.assets.values() if not one.zone.startswith("account:")}
        found = [*self._accounts(), *(self._vpc(id, counted[id]) for id in sorted(vpcs))]
        tiers = [
            Zone(id=id, kind=ZoneKind.TIER, name=id.partition("/")[2], within=id.partition("/")[0], assets=counted[id])
            for id in sorted(counted)
            if "/" in id
        ]
        return [*found, *tiers]

    def _accounts(self) -> Iterator[Zone]:
        accounts = sorted({one.account for one in self.assets.values() if one.account})
        if len(accounts) > 1:
            yield Zone(id=ORGANISATION, kind=ZoneKind.ORGANISATION, name=ORGANISATION)
        for one in accounts:
            theirs = {asset.id for asset in self.assets.values() if asset.account == one}
            within = ZoneKind.PARTNER.value if theirs <= self.partners else ORGANISATION if len(accounts) > 1 else ""
            direct = sum(1 for asset in self.assets.values() if asset.zone == f"account:{one}")
            yield Zone(id=f"account:{one}", kind=ZoneKind.ACCOUNT, name=one, within=within, assets=direct)

    def _vpc(self, id: str, assets: int) -> Zone:
        vpc = self.world.find("vpc", id)
        account = next((one.account for one in self.assets.values() if one.vpc == id and one.account), "")
        own = vpc.owner_id if vpc is not None and vpc.owner_id else account
        return Zone(
            id=id, kind=ZoneKind.VPC, name=name_of(vpc) if vpc is not None else "", within=f"account:{own}", assets=assets
        )


def counted(assets: Sequence[Asset], shown: int) -> tuple[list[Asset], int]:
    """Return the assets that are worth a look first, at most so many, and how many more there are."""
    order = list(DataClass)
    ranked = sorted(assets, key=lambda one: (-order.index(one.data_class), not one.exposures, one.id))
    return ranked[:shown], max(0, len(ranked) - shown)


def replaced(asset: Asset, **fields: object) -> Asset:
    """Return an asset with other fields."""
    return msgspec.structs.replace(asset, **fields)
