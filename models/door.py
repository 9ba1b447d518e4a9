"""Doors: public addresses that no interface of a VPC holds, and what stands behind them. And remarks about what packets do not show."""

from __future__ import annotations

import msgspec

from .packet import EVERY_SERVICE, PUBLIC, IntervalSet
from .table import Arrive, Choose, Doubt, Drop, Line, Match, Place


class Door(msgspec.Struct, frozen=True):
    """Where the internet hands packets to a resource: the place, its public addresses, and the services that it may take.

    `addresses` is None where configuration does not say them: then it may be any public address that nobody in the snapshot owns.
    """

    place: Place
    addresses: IntervalSet | None = None
    services: IntervalSet = EVERY_SERVICE


class Remark(msgspec.Struct, frozen=True, order=True):
    """A sentence that belongs on answers which touch a resource, though no line says it.

    `about` is the id of that resource. An `entry` is a way in that IAM or a policy guards, and no packet filter.
    """

    about: str
    text: str
    rule: str
    entry: bool = False


def doorstep(resource: str, title: str, doubt: Doubt, refused: str, sources: IntervalSet | None = None) -> list[Line]:
    """Return the lines at a door whose resource decides by a policy of its own who gets in.

    `sources` are those whom it lets try, None for everybody; `refused` says why the others are dropped.
    """
    arrive = Arrive(resource)
    served = Choose((arrive, Drop("", doubt.text, otherwise=arrive)), doubt)
    lines = [Line(title, Match(sources=sources), served, doubt.rule, resource)]
    if sources is None or sources >= PUBLIC:
        return [Line(title, Match(), served, doubt.rule, resource)]
    return [*lines, Line(refused, Match(), Drop("", refused, otherwise=served), doubt.rule, resource)]
