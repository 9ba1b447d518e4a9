"""Who can reach whom at some grain: groups of endpoints, and what connects each two of them, in columns."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from .answer import SnapshotFacts
from .verdict import SURENESS, Verdict

# What a matrix lists; the number in a batch is the place in here. Pairs that it does not list are blocked.
VERDICTS = SURENESS[:-1]


class Group(msgspec.Struct, frozen=True, order=True):
    """Endpoints that are one row and one column: a security group, a subnet, a context, an interface, the internet.

    `vpc` is "" for what no VPC holds. Endpoints that belong to no group are one, whose `id` is "" and whose name says so.
    """

    id: str
    name: str = ""
    vpc: str = ""


class MatrixRow(msgspec.Struct, frozen=True):
    """What one group reaches of another under one verdict; `services` in words, as in answers."""

    source: Group
    target: Group
    verdict: Verdict
    services: Sequence[str]


class Batch(msgspec.Struct, frozen=True):
    """Some rows of a matrix, as columns of equal length.

    `sources` and `targets` are places in `Heading.groups`, `verdicts` in VERDICTS, `services` in what the batches so far
    have brought along: each adds the words of its `new_services` to that list.
    """

    sources: Sequence[int]
    targets: Sequence[int]
    verdicts: Sequence[int]
    services: Sequence[int]
    new_services: Sequence[Sequence[str]] = ()


class Heading(msgspec.Struct, frozen=True, kw_only=True):
    """What a matrix is about: its grain, its limits, its groups.

    `pairs` is how many pairs of groups there can be, those that are blocked among them.
    """

    by: str
    on: str | None
    source: str | None
    target: str | None
    groups: Sequence[Group]
    pairs: int
    not_modelled: Sequence[str]
    snapshot: SnapshotFacts
