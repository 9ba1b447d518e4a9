"""What an edit file may say. Its shapes are strict: a key that is not known is an error, never ignored."""

from __future__ import annotations

import os
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from ..models.errors import quoted
from ..read.shape import Shape, shaped
from ..read.yaml import read_yaml

PAGE = "docs/whatif.md"


class _Filtered(Shape):
    """A line with a far side; the fields stand in the order in which people write them."""

    @property
    def far(self) -> str | None:
        """The far side; None where the edit names none."""
        found: str | None = getattr(self, "from_") or getattr(self, "to")  # noqa: B009
        return found


From = Annotated[str | None, Field(alias="from", min_length=1)]
To = Annotated[str | None, Field(min_length=1)]


class Rule(_Filtered):
    """A rule of a security group: `{group: sg-db, inbound: tcp/5432, from: sg-app}`."""

    group: str
    inbound: str | None = None
    from_: From = None
    outbound: str | None = None
    to: To = None

    @property
    def service(self) -> str:
        """The service."""
        return self.inbound or self.outbound or ""

    @model_validator(mode="after")
    def _whole(self) -> Rule:
        if (self.inbound is None) == (self.outbound is None):
            raise ValueError("write `inbound: SERVICE` or `outbound: SERVICE`")
        if self.far is None or (self.inbound is None) != (self.from_ is None) or (self.outbound is None) != (self.to is None):
            raise ValueError("write `from: FAR SIDE` beside `inbound`, `to: FAR SIDE` beside `outbound`")
        return self


class Entry(_Filtered):
    """An entry of a network ACL or of a prefix list.

    `{acl: acl-1, inbound: 90, action: deny, on: ssh, from: 0.0.0.0/0}`, ACL and number alone to remove it; `{list: offices, block:
    198.51.100.0/24}`.
    """

    acl: str | None = None
    inbound: int | None = Field(default=None, ge=1, le=32766)
    outbound: int | None = Field(default=None, ge=1, le=32766)
    action: Literal["allow", "deny"] | None = None
    on: str | None = None
    from_: From = None
    to: To = None
    list_: str | None = Field(default=None, alias="list")
    block: str | None = None

    @property
    def number(self) -> int:
        """The number of the entry."""
        return self.inbound or self.outbound or 0

    @property
    def service(self) -> str:
        """The service, every one where none is named."""
        return self.on or "all"

    @model_validator(mode="after")
    def _whole(self) -> Entry:
        if self.list_ is not None or self.block is not None:
            if self.model_fields_set != {"list_", "block"}:
                raise ValueError("write `acl` and a number, or `list` and `block`")
            return self
        if self.acl is None or (self.inbound is None) == (self.outbound is None):
            raise ValueError("write `acl`, and `inbound: NUMBER` or `outbound: NUMBER`")
        if (self.from_ and self.outbound) or (self.to and self.inbound):
            raise ValueError("write `from: BLOCK` beside `inbound`, `to: BLOCK` beside `outbound`")
        return self


class Route(Shape):
    """A route: `{table: rtb-1, to: 0.0.0.0/0, via: nat-1}`; the destination alone to remove it."""

    table: str
    to: str
    via: str | None = None


class Attachment(Shape):
    """A gateway at a VPC, `{gateway: igw-1, vpc: shop}`; to a transit gateway `subnets` of the VPC, and perhaps an `id` for later edits.

    Or a VPN connection on a gateway: `{gateway: tgw-1, connection: vpn-1}`.
    """

    gateway: str
    vpc: str | None = None
    connection: str | None = None
    subnets: list[str] | None = Field(default=None, min_length=1)
    ipv6: bool | None = None
    id: str | None = Field(default=None, min_length=1)

    @model_validator(mode="after")
    def _whole(self) -> Attachment:
        if (self.vpc is None) == (self.connection is None):
            raise ValueError("write `gateway` and `vpc`, or `gateway` and `connection`")
        if self.vpc is None and self.model_fields_set & {"subnets", "ipv6", "id"}:
            raise ValueError("write `gateway` and `connection` alone")
        return self


# What is tied to what.
TIES = (("subnet", "table"), ("subnet", "acl"), ("gateway", "table"), ("attachment", "table"), ("interface", "group"))


class Association(Shape):
    """A subnet, gateway or attachment with its route table, a subnet with its network ACL, or an interface with a security group."""

    subnet: str | None = None
    gateway: str | None = None
    attachment: str | None = None
    table: str | None = None
    acl: str | None = None
    interface: str | None = None
    group: str | None = None

    @model_validator(mode="after")
    def _whole(self) -> Association:
        if tuple(name for name in type(self).model_fields if getattr(self, name) is not None) not in TIES:
            raise ValueError("write one of " + ", ".join(f"`{one}` and `{other}`" for one, other in TIES))
        return self


class Propagation(Shape):
    """An attachment that fills a route table of its transit gateway: `{attachment: tgw-attach-1, table: tgw-rtb-1}`."""

    attachment: str
    table: str


class Peering(Shape):
    """A peering connection between two VPCs: `{vpcs: [shop, data]}`, and perhaps an `id` for later edits; the id of one that is there."""

    id: str | None = Field(default=None, min_length=1)
    vpcs: list[str] | None = None

    @model_validator(mode="after")
    def _whole(self) -> Peering:
        if (self.id is None and self.vpcs is None) or (self.vpcs is not None and len(self.vpcs) != 2):
            raise ValueError("write `vpcs: [ONE, OTHER]`, or the `id` of one that is there")
        return self


class Target(Shape):
    """What is registered with a target group of load balancers: `{group: hosts, id: i-1, port: 8080}`; the group's port without one."""

    group: str
    id: str
    port: int | None = Field(default=None, ge=1, le=65535)


class Address(Shape):
    """The public address of an interface: `{interface: eni-1, public: 203.0.113.7}`; the interface alone to remove it."""

    interface: str
    public: str | None = None


class New(Shape):
    """A group without rules, an ACL without entries, or a route table with the local routes alone: `{id: quarantine, vpc: shop}`."""

    id: str = Field(min_length=1)
    vpc: str | None = None


class Thing(Shape):
    """What is added or removed: exactly one of these."""

    rule: Rule | None = None
    route: Route | None = None
    entry: Entry | None = None
    attachment: Attachment | None = None
    association: Association | None = None
    propagation: Propagation | None = None
    peering: Peering | None = None
    address: Address | None = None
    target: Target | None = None
    group: New | None = None
    acl: New | None = None
    table: New | None = None

    def named(self) -> tuple[str, Any]:
        """Return which one it is, and what it says."""
        return next((name, what) for name in type(self).model_fields if (what := getattr(self, name)) is not None)

    @model_validator(mode="after")
    def _one(self) -> Thing:
        if len(self.model_fields_set) != 1 or getattr(self, next(iter(self.model_fields_set))) is None:
            raise ValueError(f"name exactly one of {quoted(type(self).model_fields)}")
        return self


class Edit(Shape):
    """One edit: `add`, `remove`, `replace` with `with`, or `isolate` with a selector."""

    add: Thing | None = None
    remove: Thing | None = None
    replace: Thing | None = None
    with_: Thing | None = Field(default=None, alias="with")
    isolate: str | None = Field(default=None, min_length=1)

    @model_validator(mode="after")
    def _one(self) -> Edit:
        verbs = [name for name in ("add", "remove", "replace", "isolate") if getattr(self, name) is not None]
        if len(verbs) != 1 or (self.replace is None) != (self.with_ is None):
            raise ValueError("write one of `add`, `remove`, `isolate`, or `replace` and `with`")
        if self.replace is not None and self.with_ is not None and self.replace.named()[0] != self.with_.named()[0]:
            raise ValueError("`replace` and `with` name things of one kind")
        return self


class EditFile(Shape):
    """A file of edits, applied in order."""

    edits: list[Edit] = Field(min_length=1)


def edits_of(path: str | os.PathLike[str]) -> list[Edit]:
    """Return the edits of a YAML file; raises InputError for one that cannot be read or says something else."""
    return shaped(read_yaml(path), EditFile, PAGE).edits
