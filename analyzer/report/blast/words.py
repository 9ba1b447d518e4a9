"""What every format says about chains of hops. Cleaned, but not escaped for any format."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ..words import Headline, end, services

if TYPE_CHECKING:
    from ...models.blast import BlastRadius, GroupCount, HopCount, Reached

HOP_HEADER = ("hop", "reachable", "conditional", "unknown", "goes on from")
INTERNET = "internet"
WORDS = {"sg": "security group", "vpc": "VPC"}


def title(radius: BlastRadius) -> Headline:
    """Return the answer in a sentence: how many resources, surely and perhaps, within how many hops."""
    query = radius.query
    sure = sum(one.reachable for one in radius.hops)
    perhaps = radius.reached_total - sure
    limit = f" within {counted(query.hops, 'hop')}" if query.hops is not None else ""
    on = f" on {query.on}" if query.on else ""
    if query.verb == "blast":
        also = {"reachable": ", and the internet", "blocked": ""}.get(radius.internet.value, ", and perhaps the internet")
        many = counted(sure, "resource") + (f", perhaps {perhaps:,} more" if perhaps else "")
        if not radius.reached_total and not also:
            return Headline(f"an intruder in {query.selector}", "CANNOT", f"reach anything{on}{limit}")
        if not radius.reached_total:
            many, also = "", also.removeprefix(", and ")
        return Headline(f"an intruder in {query.selector}", "CAN", f"reach {many}{also}{on}{limit}")
    also = {"reachable": ", and so can the internet", "blocked": ""}.get(
        radius.internet.value, ", and perhaps so can the internet"
    )
    if not radius.reached_total and not also:
        return Headline("nothing", "CAN", f"come to {query.selector}{on}{limit}")
    many = counted(sure, "resource") + (f", perhaps {perhaps:,} more," if perhaps else "")
    return Headline(many, "CAN", f"come to {query.selector}{on}{limit}{also}")


def counted(number: int, word: str) -> str:
    """Return a number of things in words."""
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def hop_rows(radius: BlastRadius) -> list[Sequence[str]]:
    """Return how many come with each hop, as rows under HOP_HEADER."""
    return [_hop_row(one) for one in radius.hops]


def _hop_row(one: HopCount) -> Sequence[str]:
    return (str(one.hop), *(f"{number:,}" for number in (one.reachable, one.conditional, one.unknown, one.held)))


def listed_header(radius: BlastRadius) -> Sequence[str]:
    """Return the header of what is listed."""
    sides = ("resource", "from") if radius.query.verb == "blast" else ("resource", "to")
    return ("hop", sides[0], "kind", "verdict", "on", sides[1])


def listed_rows(radius: BlastRadius) -> list[tuple[Reached, Sequence[str]]]:
    """Return what is listed, each with its cells under `listed_header`."""
    names = {one.id: end(one) for one in (*radius.sources, *(each.endpoint for each in radius.reached))}
    return [(one, _cells(one, names)) for one in radius.reached]


def _cells(one: Reached, names: dict[str, str]) -> Sequence[str]:
    verdict = one.verdict.value
    if one.sooner is not None:
        verdict += f" ({one.sooner.verdict.value} in {counted(one.sooner.depth, 'hop')})"
    kind = one.endpoint.kind if one.endpoint.kind != one.endpoint.id else ""
    return (str(one.depth), end(one.endpoint), kind, verdict, services(one.services), names.get(one.next, one.next))


def cut(radius: BlastRadius) -> str:
    """Return that not everything is listed; "" where it is."""
    shown = sum(one.endpoint.kind != INTERNET for one in radius.reached)
    return f"{shown:,} of {radius.reached_total:,} are listed" if shown < radius.reached_total else ""


def by_header(radius: BlastRadius) -> Sequence[str]:
    """Return the header of the groups."""
    by = radius.query.by or ""
    word = "reached" if radius.query.verb == "blast" else "come here"
    return (WORDS.get(by, by), word, "of", "not surely")


def by_rows(radius: BlastRadius) -> list[Sequence[str]]:
    """Return how many of each group are reached, as rows under `by_header`."""
    return [_by_row(one) for one in radius.by]


def _by_row(one: GroupCount) -> Sequence[str]:
    group = one.group
    name = (
        group.id
        if group.name in ("", group.id)
        else f"{group.name} ({group.id or group.vpc})"
        if group.id or group.vpc
        else group.name
    )
    return (name, f"{one.reached:,}", f"{one.of:,}", f"{one.reached - one.reachable:,}" if one.reached > one.reachable else "")


def notes(radius: BlastRadius) -> Iterator[str]:
    """Yield what is to be said on the whole, with what other limits would change."""
    yield from radius.notes
    beyond = radius.beyond
    if radius.query.hops is not None:
        many = f"{beyond.next_hop:,} more with one more hop, {beyond.any_hops:,} more with any number"
        yield many if beyond.any_hops else "no more with any number of hops"
    if radius.query.hold == "hosts" and beyond.hold_all:
        yield f"{beyond.hold_all:,} more if hops went on from everything that is reached (`--hold all`)"
