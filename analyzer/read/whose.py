"""Which account and Region a resource belongs to, and which account and Region saw it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any, NamedTuple

import msgspec

from ..models.component import Component

ACCOUNT = re.compile(r"[0-9]{12}")
REGION = re.compile(r"[a-z]{2,4}(?:-[a-z]+)+-[0-9]{1,2}")
OF_ZONE = re.compile(r"([a-z]{2,4}(?:-[a-z]+)+?-[0-9]{1,2})(?:[a-z]|-[a-z0-9-]+)")
ARN = re.compile(r"arn:[a-z-]+:[a-z0-9-]+:([a-z0-9-]*):([0-9]{12}|[a-z]*):.+", re.DOTALL)
OWNERS = ("OwnerId", "AwsAccountId", "ownerId")
SELVES = ("Arn", "ARN", "arn", "ResourceArn")


class Viewer(NamedTuple):
    """The account and Region whose call showed a resource; "" where nothing tells."""

    account: str
    region: str


UNTOLD = Viewer("", "")


@lru_cache(maxsize=4096)
def viewer_of(path: str) -> Viewer:
    """Return the account and Region that a path names: its last part of twelve digits, its last part that is a Region."""
    parts = re.split(r"[/\\]", path)[::-1]
    account = next((part for part in parts if ACCOUNT.fullmatch(part)), "")
    return Viewer(account, next((part for part in parts if REGION.fullmatch(part)), ""))


@cache
def _arn_fields(component: type[Component]) -> tuple[str, ...]:
    """Return the names of the fields that may hold a resource's own ARN: `SubnetArn` beside `SubnetId`, `Arn`, and so on."""
    own = component.__struct_encode_fields__[len(Component.__struct_fields__) :]
    if not own:
        return SELVES
    stem = re.sub(r"(Id|Identifier|Name|Arn)$", "", own[0])
    return (own[0], f"{stem}Arn", *SELVES)


def _arn(kind: type[Component], fields: dict[str, Any]) -> Viewer | None:
    for name in _arn_fields(kind):
        text = fields.get(name)
        match = ARN.fullmatch(text) if isinstance(text, str) else None
        if match:
            region = match[1] if REGION.fullmatch(match[1]) else ""
            return Viewer(match[2] if ACCOUNT.fullmatch(match[2]) else "", region)
    return None


def _zone_region(fields: dict[str, Any]) -> str:
    placement = fields.get("Placement")
    zones = (fields.get("AvailabilityZone"), placement.get("AvailabilityZone") if isinstance(placement, dict) else None)
    return next((region for zone in zones if isinstance(zone, str) and (region := _region_of(zone))), "")


@lru_cache(maxsize=4096)
def _region_of(zone: str) -> str:
    """Return the Region of a zone: `us-east-2` of `us-east-2b`, `us-west-2` of `us-west-2-lax-1a`; "" for anything else."""
    match = OF_ZONE.fullmatch(zone)
    return match[1] if match else ""


class ZoneOf(msgspec.Struct, frozen=True, rename="pascal"):
    """The zone in which something was placed."""

    availability_zone: Any = None


@cache
def facts_of(component: type[Component]) -> type[msgspec.Struct]:
    """Return the shape of what in a row of the class tells whose it is: every field that `settle` asks for, of any type."""
    names = dict.fromkeys((*OWNERS, *_arn_fields(component), "AwsRegion", "Region", "AvailabilityZone"))
    own = component.__struct_encode_fields__[len(Component.__struct_fields__)]
    fields: list[tuple[str, Any, Any]] = [(name, Any, None) for name in names if name != own]
    return msgspec.defstruct("Facts", [*fields, ("Placement", ZoneOf | None, None)], frozen=True)


def settle_by(component: Component, facts: Any, viewer: Viewer) -> None:
    """Do what `settle` does, by facts instead of fields: `facts_of` the class, and the class's own first field."""
    kind = type(component)
    own = kind.__struct_fields__[len(Component.__struct_fields__)]
    said = getattr(component, own)
    if isinstance(said, str) and said.startswith("arn:"):
        key = kind.__struct_encode_fields__[len(Component.__struct_fields__)]
        component.account, component.region = _by(kind, {key: said, **_as_fields(facts)}, viewer)
        return
    try:
        component.account, component.region = _remembered(kind, facts, viewer)
    except TypeError:
        # Something in it is a list or an object, and so no key of what is remembered.
        component.account, component.region = _by(kind, _as_fields(facts), viewer)


@lru_cache(maxsize=1 << 12)
def _remembered(kind: type[Component], facts: Any, viewer: Viewer) -> Viewer:
    return _by(kind, _as_fields(facts), viewer)


def _as_fields(facts: msgspec.Struct) -> dict[str, Any]:
    fields = msgspec.structs.asdict(facts)
    placed = fields.pop("Placement")
    return {**fields, "Placement": {"AvailabilityZone": placed.availability_zone}} if placed is not None else fields


def settle(component: Component, fields: dict[str, Any], viewer: Viewer) -> None:
    """Set the component's account and Region: from its owner and ARN, else from the path, else from its zone."""
    component.account, component.region = _by(type(component), fields, viewer)


def _by(kind: type[Component], fields: dict[str, Any], viewer: Viewer) -> Viewer:
    owner = next((text for name in OWNERS if isinstance(text := fields.get(name), str) and text), "")
    region = fields.get("AwsRegion") or fields.get("Region")
    stated = region if isinstance(region, str) and REGION.fullmatch(region) else ""
    arn = None if ACCOUNT.fullmatch(owner) and stated else _arn(kind, fields)
    by_arn = arn or Viewer("", "")
    # AWS's own resources (prefix lists, for one) say `AWS` or `amazon-…` where the account stands.
    other = "" if owner.lower().startswith(("aws", "amazon")) else owner
    account = (owner if ACCOUNT.fullmatch(owner) else "") or by_arn.account or viewer.account or other
    return Viewer(account, by_arn.region or stated or viewer.region or _zone_region(fields))


class Settled(msgspec.Struct, frozen=True):
    """The one account and the one Region that a snapshot is about; "" when it is about several."""

    account: str
    region: str


def only_ones(components: Sequence[Component]) -> Settled:
    """Return the account and Region that every component names that names any."""
    accounts = {one.account for one in components if one.account}
    regions = {one.region for one in components if one.region}
    return Settled(accounts.pop() if len(accounts) == 1 else "", regions.pop() if len(regions) == 1 else "")
