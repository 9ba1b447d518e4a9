"""A network as a picture: boxes, what stands in them, and links; as values, before anybody draws them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Literal, cast

import msgspec

from .answer import SnapshotFacts
from .shown import Shown

# How much a picture shows, the most first: every interface; those alike in a subnet as one; subnets; VPCs; contexts.
GRAINS = ("interface", "group", "subnet", "vpc", "context")
Look = Literal["", "public", "private", "isolated", "outside"]


class Spot(msgspec.Struct, frozen=True, kw_only=True):
    """Something that is drawn as one: a subnet, a gateway, a whole VPC; `items` are lines about what stands in it.

    `look` of a subnet: `public` has a route to an internet gateway, `private` one out of its VPC, `isolated` none. `column`
    tells spots of one box apart that stand beside each other: the zones of a VPC.
    """

    id: str
    kind: str
    title: str
    about: str = ""
    items: Sequence[str] = ()
    look: Look = ""
    column: str = ""


class Box(msgspec.Struct, frozen=True, kw_only=True):
    """What is drawn around spots: a VPC around its subnets, a context around its VPCs."""

    id: str
    kind: str
    title: str
    spots: Sequence[Spot]


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """Where packets can go next: from a spot to another one. `lines` are the destinations of the routes, or what leads there.

    `routed` is False for what is attached to each other though no route of either leads there.
    """

    tail: str = msgspec.field(name="from")
    head: str = msgspec.field(name="to")
    lines: Sequence[str] = ()
    routed: bool = True


class Picture(Shown, msgspec.Struct, frozen=True, kw_only=True):
    """The network, or the part of it that `of` selects, at one of GRAINS; `legend` says what is not drawn one by one."""

    shown_as: ClassVar[str] = "picture"

    format: str = msgspec.field(name="schema", default="reach/graph/1")
    of: str | None = None
    grain: str
    title: str
    legend: Sequence[str] = ()
    boxes: Sequence[Box] = ()
    spots: Sequence[Spot] = ()
    links: Sequence[Link] = ()
    snapshot: SnapshotFacts = SnapshotFacts()

    def to_dict(self) -> dict[str, Any]:
        """Return it as the JSON object of `reach graph --format json`."""
        return cast(dict[str, Any], msgspec.to_builtins(self))
