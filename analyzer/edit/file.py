"""What an edit file may say. Its shapes are strict: a key that is not known is an error, never ignored."""

from __future__ import annotations

import os
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

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
    """An entry of a network ACL: `{acl: acl-1, inbound: 90, action: deny, on: ssh, from: 0.0.0.0/0}`; the number alone to remove it."""

    acl: str
    inbound: int | None = Field(default=None, ge=1, le=32766)
    outbound: int | None = Field(default=None, ge=1, le=32766)
    action: Literal["allow", "deny"] | None = None
    on: str = "all"
    from_: From = None
    to: To = None

    @property
    def number(self) -> int:
        """The number of the entry."""
        return self.inbound or self.outbound or 0

    @model_validator(mode="after")
    def _whole(self) -> Entry:
        if (self.inbound is None) == (self.outbound is None):
            raise ValueError("write `inbound: NUMBER` or `outbound: NUMBER`")
        if (self.from_ and self.outbound) or (self.to and self.inbound):
            raise ValueError("write `from: BLOCK` beside `inbound`, `to: BLOCK` beside `outbound`")
        return self


class Route(Shape):
    """A route: `{table: rtb-1, to: 0.0.0.0/0, via: nat-1}`; the destination alone to remove it."""

    table: str
    to: str
    via: str | None = None


class Attachment(Shape):
    """An internet, egress-only or virtual private gateway at a VPC."""

    gateway: str
    vpc: str


class Association(Shape):
    """A subnet with its route table or network ACL, or an interface with a security group."""

    subnet: str | None = None
    table: str | None = None
    acl: str | None = None
    interface: str | None = None
    group: str | None = None

    @model_validator(mode="after")
    def _whole(self) -> Association:
        named = tuple(name for name in ("subnet", "table", "acl", "interface", "group") if getattr(self, name) is not None)
        if named not in (("subnet", "table"), ("subnet", "acl"), ("interface", "group")):
            raise ValueError("write `subnet` and `table`, `subnet` and `acl`, or `interface` and `group`")
        return self


class Address(Shape):
    """The public address of an interface: `{interface: eni-1, public: 203.0.113.7}`; the interface alone to remove it."""

    interface: str
    public: str | None = None


class Thing(Shape):
    """What is added or removed: exactly one of these."""

    rule: Rule | None = None
    route: Route | None = None
    entry: Entry | None = None
    attachment: Attachment | None = None
    association: Association | None = None
    address: Address | None = None

    def named(self) -> tuple[str, Any]:
        """Return which one it is, and what it says."""
        return next((name, what) for name in type(self).model_fields if (what := getattr(self, name)) is not None)

    @model_validator(mode="after")
    def _one(self) -> Thing:
        if len(self.model_fields_set) != 1 or getattr(self, next(iter(self.model_fields_set))) is None:
            raise ValueError("name exactly one of `rule`, `route`, `entry`, `attachment`, `association`, `address`")
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
