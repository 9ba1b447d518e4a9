"""The network as a Graphviz graph: VPCs as boxes, subnets in them in columns by zone, the internet on top."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from math import ceil, sqrt
from typing import TYPE_CHECKING

from ..drawing import GREY, INK, paragraph, quote
from ..words import cleaned

if TYPE_CHECKING:
    from ...models.picture import Box, Link, Picture, Spot

LONGEST = 60
MOST_LINES = 3
# Boxes beside each other; more of them stand in rows.
WIDEST = 3
# Spots of one column below each other; more of them stand in several.
TALLEST = 6
# Fill and border: AWS's own pictures have public subnets green and private ones blue. The words are in the spots as well.
LOOKS = {
    "public": ("#e6f4ea", "#1a7f37"),
    "private": ("#e7f0fb", "#0a5cad"),
    "isolated": ("#f1f1f1", GREY),
    "outside": ("#ffffff", INK),
    "": ("#ffffff", INK),
}


# So that an arrow can be followed, and its words found, where many cross; the words say the same.
COLOURS = {
    **dict.fromkeys(("internet", "internet_gateway", "egress_only_internet_gateway"), "#1a7f37"),
    **dict.fromkeys(("vpc_peering", "transit_gateway", "vpc"), "#8250df"),
    "vpc_endpoint": "#9a6700",
    "subnet": "#0a5cad",
}


def render(picture: Picture) -> str:
    """Return the picture as DOT."""
    return "\n".join(_lines(cleaned(picture))) + "\n"


def _lines(picture: Picture) -> Iterator[str]:
    title = [picture.title, *picture.legend]
    if picture.snapshot.collected_at:
        title.append(f"snapshot of {picture.snapshot.collected_at}")
    yield f"digraph {quote(picture.title)} {{"
    yield f"  graph [newrank=true, compound=true, rankdir=TB, labelloc=t, labeljust=l, label={paragraph(title)},"
    yield '    fontname=Helvetica, fontsize=12, bgcolor="#ffffff", nodesep=0.3, ranksep=0.45];'
    yield f'  node [shape=box, style="rounded,filled", fillcolor="#ffffff", color="{INK}", fontname=Helvetica, fontsize=10];'
    yield "  edge [fontname=Helvetica, fontsize=9];"
    anchors: dict[str, tuple[str, str]] = {}
    for number, box in enumerate(picture.boxes):
        if box.id and box.spots:
            anchors[box.id] = (box.spots[0].id, f"cluster_{number}")
        yield from _box(box, number)
    for spot in picture.spots:
        yield f"  {_node(spot)}"
    yield from (f"  {quote(upper)} -> {quote(lower)} [style=invis, weight=4];" for upper, lower in _stacked(picture.boxes))
    kinds = {spot.id: spot.kind for spots in (picture.spots, *(box.spots for box in picture.boxes)) for spot in spots}
    for link in picture.links:
        yield f"  {_link(link, anchors, kinds.get(link.head, ''))}"
    yield "}"


def _stacked(boxes: Sequence[Box]) -> Iterator[tuple[str, str]]:
    """Yield the last spot of a box with the first one of the box below it, so that many boxes are not one row."""
    boxes = [box for box in boxes if box.spots]
    across = max(WIDEST, ceil(sqrt(len(boxes))))
    for number, lower in enumerate(boxes[across:]):
        columns = list(_columns(boxes[number].spots))
        first = [spot for spot in lower.spots if spot.look == "outside"] or lower.spots[:1]
        last = max(columns, key=len)[-1] if columns else boxes[number].spots[-1]
        yield from ((last.id, spot.id) for spot in first)


def _box(box: Box, number: int) -> Iterator[str]:
    indent = "  "
    if box.id:
        yield f"  subgraph cluster_{number} {{"
        yield f'    graph [label={quote(_cut(box.title, 120))}, style=rounded, color="{GREY}", fontsize=11, margin=12];'
        indent = "    "
        if not box.spots:
            yield f'    {quote(box.id)} [label="nothing in it", shape=plaintext, style="", fontcolor="{GREY}"];'
    yield from (f"{indent}{_node(spot)}" for spot in box.spots)
    yield from (f"{indent}{line}" for line in _order(box.spots))
    if box.id:
        yield "  }"


def _order(spots: Sequence[Spot]) -> Iterator[str]:
    """Yield what puts gateways on top, and below them the others in columns."""
    columns = list(_columns(spots))
    gateways = [spot for spot in spots if spot.look == "outside"]
    for column in columns:
        yield from (f"{quote(one.id)} -> {quote(other.id)} [style=invis, weight=8];" for one, other in pairwise(column))
    for gateway in gateways:
        yield from (f"{quote(gateway.id)} -> {quote(column[0].id)} [style=invis];" for column in columns)


def _columns(spots: Sequence[Spot]) -> Iterator[Sequence[Spot]]:
    """Yield the spots that stand below each other; gateways stand by themselves."""
    inner = [spot for spot in spots if spot.look != "outside"]
    for _, column in groupby(inner, key=lambda spot: spot.column):
        below = list(column)
        height = max(TALLEST, ceil(sqrt(len(inner)))) if len(below) > TALLEST else TALLEST
        yield from (below[start : start + height] for start in range(0, len(below), height))


# ---------------------------------------------------------------------- one of each
def _node(spot: Spot) -> str:
    fill, border = LOOKS[spot.look]
    head = [_cut(text) for text in (spot.title, spot.about) if text]
    if spot.kind == "internet":
        return f'{quote(spot.id)} [label={quote(spot.title)}, shape=ellipse, style=filled, fillcolor="#fff3d6"];'
    if spot.look == "outside":
        dashed = ', style="rounded,dashed"' if spot.kind in ("unknown", "unmodelled") else ""
        return f"{quote(spot.id)} [label={quote(chr(10).join(head))}{dashed}];"
    items = [f"    {_cut(item)}" for item in spot.items]
    return f'{quote(spot.id)} [style=filled, label={paragraph([*head, *items])}, fillcolor="{fill}", color="{border}"];'


def _link(link: Link, anchors: dict[str, tuple[str, str]], kind: str) -> str:
    """Return an arrow; it is written from above to below, so that the internet is on top."""
    tail, cluster = anchors.get(link.tail, (link.tail, ""))
    colour = COLOURS.get(kind, INK)
    look = ["dir=back" if link.routed else "dir=none, style=dotted", f'color="{colour}", fontcolor="{colour}"']
    look += [f"lhead={cluster}"] if cluster else []
    look += ["constraint=false"] if kind == "subnet" else []
    look += [f"label={quote(_told(link.lines))}"] if link.lines else []
    return f"{quote(link.head)} -> {quote(tail)} [{', '.join(look)}];"


def _told(lines: Sequence[str]) -> str:
    shown = [_cut(line) for line in lines[:MOST_LINES]]
    more = [f"and {len(lines) - MOST_LINES} more"] if len(lines) > MOST_LINES else []
    return "\n".join([*shown, *more])


def _cut(text: str, longest: int = LONGEST) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"
