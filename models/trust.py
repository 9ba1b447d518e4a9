"""What a system is made of to whoever defends it: zones of trust, assets, contexts and their contracts, and the ways in."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from .verdict import Verdict


class DataClass(StrEnum):
    """How much harm it does when strangers have the data: the least first."""

    PUBLIC = "public"
    INTERNAL = "internal"
    CONFIDENTIAL = "confidential"
    RESTRICTED = "restricted"


class ZoneKind(StrEnum):
    """What a trust zone is, from the outermost to the innermost."""

    INTERNET = "internet"
    PARTNER = "partner"
    ON_PREM = "on-prem"
    ORGANISATION = "organisation"
    ACCOUNT = "account"
    VPC = "vpc"
    TIER = "tier"


class Zone(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A trust zone; `within` is the id of the zone around it, "" for one that nothing surrounds.

    A tier is named `public`, `private` or `isolated`: whether its subnets are on the internet, get out to it, or neither.
    """

    id: str
    kind: ZoneKind
    name: str = ""
    within: str = ""
    assets: int = 0


class Exposure(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """From which zone outside of its own a thing is reached in one hop, on what, and how surely."""

    zone: str
    verdict: Verdict
    services: list[str] = []


class Asset(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is worth protecting, or stands on the way to it: a resource with interfaces, or with a door of its own.

    `interfaces` are its network interfaces, or its own id; `data_class_from` says why it has its class, `owner` who answers for it
    ("" where no tag says). `context` is "" for an asset that no context claims. `exposures` are the outermost zone first.
    """

    id: str
    kind: str
    name: str = ""
    account: str = ""
    region: str = ""
    vpc: str = ""
    zone: str = ""
    context: str = ""
    owner: str = ""
    data_class: DataClass = DataClass.INTERNAL
    data_class_from: str = ""
    held: bool = True
    interfaces: list[str] = []
    exposures: list[Exposure] = []


class Context(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A bounded context: a part of the system with a language and data of its own; `declared_by` a tag key or a file."""

    name: str
    declared_by: str
    assets: int = 0


class Contract(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one context may ask of another, as people declared it."""

    source: str = msgspec.field(name="from")
    target: str = msgspec.field(name="to")
    on: str
    origin: str = ""


class EntryPoint(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where somebody from another zone comes in. `resource` is the thing with the door, `leads_to` the assets behind it."""

    id: str
    kind: str
    resource: str
    name: str = ""
    zone: str
    verdict: Verdict
    services: list[str] = []
    leads_to: list[str] = []
    text: str = ""


DATA_CLASSES = tuple(DataClass)
