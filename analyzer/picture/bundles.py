"""Links that are too many to be followed by eye: drawn once for a box, and said in words in each spot."""

from __future__ import annotations

import msgspec

from ..models.picture import Link, Spot
from .ground import Ground
from .ways import Ways

MOST_LINKS = 30
MOST_NAMED = 4

# A VPC has one of each.
ALONE = ("internet_gateway", "egress_only_internet_gateway", "vpn_gateway", "vpc_endpoint")


def bundled(here: Ground, found: Ways) -> tuple[Ways, dict[str, list[str]]]:
    """Return the ways as they are drawn, and for each spot where its links lead, in words; empty where all are drawn.

    Links of spots in one box with the same head become one, of the box. What leads to another spot of the same box is in words
    alone, and so are links of spots that are in no box.
    """
    if len(found.links) <= MOST_LINKS:
        return found, {}
    titles = {spot.id: _title(spot) for spots in (found.outside, *found.gateways.values()) for spot in spots}
    standing = {spot.id: vpc for vpc, spots in found.gateways.items() for spot in spots}
    named: dict[str, list[str]] = {}
    lines: dict[tuple[str, str], set[str]] = {}
    kept: list[Link] = []
    for link in found.links:
        box = _box(here, link.tail)
        if not link.routed or link.tail in titles:
            kept.append(link)
            continue
        named.setdefault(link.tail, []).append(titles.get(link.head, "") or here.name(link.head))
        if box and box not in (_box(here, link.head), standing.get(link.head)):
            lines.setdefault((box, link.head), set()).update(link.lines)
    kept += [Link(tail=tail, head=head, lines=sorted(told)) for (tail, head), told in lines.items()]
    links = sorted(kept, key=lambda link: (link.tail, link.head))
    return msgspec.structs.replace(found, links=links), {spot: _told(names) for spot, names in named.items()}


def _box(here: Ground, spot: str) -> str:
    """Return the id of the box around a spot; "" for what stands in none."""
    if here.grain == "vpc":
        return here.home_of(spot) if spot in here.vpcs else ""
    return here.vpc_of.get(spot, "")


def _title(spot: Spot) -> str:
    """Return how words name a gateway: by its kind, those between VPCs by their name too."""
    return spot.about if spot.kind in ALONE else f"{spot.about} {spot.title}".strip()


def _told(names: list[str]) -> list[str]:
    shown = sorted(set(names))
    more = [f"and to {len(shown) - MOST_NAMED} more"] if len(shown) > MOST_NAMED else []
    return [f"to {name}" for name in shown[:MOST_NAMED]] + more
