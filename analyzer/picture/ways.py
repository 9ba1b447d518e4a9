"""Where packets can go next from what is drawn: routes, gateways and what lies behind them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from ..graph import routes
from ..models.picture import Link, Look, Spot
from ..models.table import INTERNET
from ..select.catalogue import SHORT, is_gateway_endpoint, word_of
from .ground import Ground

TO_INTERNET = ("internet_gateway", "egress_only_internet_gateway")
# Every VPC has it in its tables, whether anything is behind it or not.
EVERYWHERE = "vpc_lattice"
WORDS = {
    "internet_gateway": "internet gateway",
    "egress_only_internet_gateway": "egress-only gateway",
    "vpc_peering": "peering",
    "transit_gateway": "transit gateway",
    "vpn_gateway": "VPN gateway",
    "vpc_endpoint": "gateway endpoint",
    "nat_gateway": "NAT gateway",
}


class Ways(msgspec.Struct, frozen=True):
    """The links of a picture, the gateways of each VPC, what stands outside of all VPCs, and the look of each subnet."""

    links: list[Link]
    gateways: dict[str, list[Spot]]
    outside: list[Spot]
    looks: dict[str, Look]


class _Found:
    """What is found on the way."""

    def __init__(self) -> None:
        self.lines: dict[tuple[str, str], dict[str, None]] = {}
        self.inside: dict[str, dict[str, Spot]] = {}
        self.outside: dict[str, Spot] = {}

    def link(self, tail: str, head: str, line: str) -> None:
        if tail and head and tail != head:
            self.lines.setdefault((tail, head), {})[line] = None


def ways(here: Ground) -> Ways:
    """Return where packets can go next from what is drawn, in order of ids."""
    found, looks = _Found(), {}
    for vpc in here.vpcs:
        for gateway in here.world.gateways(vpc):
            _attached(here, vpc, gateway, found)
    for id in here.parts:
        subnet = here.world.find("subnet", id)
        kinds = set(_subnet(here, subnet, found)) if subnet is not None else set()
        if here.fine and subnet is not None and here.world.collected("route_table"):
            looks[id] = _look(kinds)
    links = [Link(tail=tail, head=head, lines=sorted(filter(None, lines))) for (tail, head), lines in found.lines.items()]
    links += _unrouted(here, found)
    named = {vpc: _sorted(spots) for vpc, spots in found.inside.items()}
    return Ways(sorted(links, key=lambda link: (link.tail, link.head)), named, _sorted(found.outside), looks)


def _look(kinds: set[str]) -> Look:
    return "public" if "internet_gateway" in kinds else "private" if kinds else "isolated"


def _sorted(spots: dict[str, Spot]) -> list[Spot]:
    return sorted(spots.values(), key=lambda spot: (spot.kind, spot.title, spot.id))


# ---------------------------------------------------------------------- routes
def _subnet(here: Ground, subnet: Any, found: _Found) -> Iterator[str]:
    """Link a subnet with where its routes lead, and yield the kinds of these targets."""
    for target, facts in routes(here.world, subnet):
        resource = here.world.at(target)
        kind = resource.kind if resource is not None else ""
        if target == subnet.vpc_id or kind == EVERYWHERE:
            continue
        line = facts["line"].partition(" -> ")[0].partition(" (")[0]
        for head, told in _heads(here, subnet.vpc_id, target, found):
            found.link(here.spot_of(subnet.id), head, f"{line}{told}")
        yield kind or "unknown"


def _heads(here: Ground, vpc: str, target: str, found: _Found) -> Iterator[tuple[str, str]]:
    """Yield what is drawn for the target of a route, each with what the link says about it."""
    resource = here.world.at(target)
    kind = resource.kind if resource is not None else ""
    standing = here.spots_of(resource) if resource is not None and not is_gateway_endpoint(resource) else []
    if standing:
        yield from ((spot, f" by {here.name(target)}") for spot in standing)
    elif here.fine and _is_inside(here, vpc, target):
        yield _inside(here, vpc, target, found), ""
    elif kind in TO_INTERNET:
        yield _internet(found), f" by {SHORT[kind]}"
    elif kind == "vpc_peering" and not here.fine:
        for other in getattr(resource, "vpc_ids", ()):
            if other != vpc:
                yield here.spot_of_vpc(other) or _other(here, other, found), f" by {here.name(target)}"
    elif here.fine or not _is_inside(here, vpc, target):
        yield _outside(here, target, found), ""


# ---------------------------------------------------------------------- gateways
def _is_inside(here: Ground, vpc: str, id: str) -> bool:
    """Return whether a gateway belongs to one VPC alone, and is drawn in it."""
    resource = here.world.at(id)
    if resource is None or resource.kind in ("vpc_peering", "transit_gateway"):
        return False
    return any(one.id == id for one in here.world.gateways(vpc)) or getattr(resource, "vpc_id", "") == vpc


def _attached(here: Ground, vpc: str, gateway: Any, found: _Found) -> None:
    """Draw a gateway of a VPC, though no route may lead to it; those with interfaces are where these are."""
    if not here.fine or gateway.kind == "nat_gateway":
        return
    if not _is_inside(here, vpc, gateway.id):
        _outside(here, gateway.id, found)
        return
    spot = _inside(here, vpc, gateway.id, found)
    if gateway.kind in TO_INTERNET:
        found.link(spot, _internet(found), "")


def _unrouted(here: Ground, found: _Found) -> list[Link]:
    """Return links of VPCs with gateways between VPCs that they are attached to though no route leads there."""
    routed = {(here.vpc_of.get(tail, ""), head) for tail, head in found.lines}
    between = [
        (vpc, gateway.id)
        for vpc in (here.vpcs if here.fine else ())
        for gateway in here.world.gateways(vpc)
        if gateway.kind in ("vpc_peering", "transit_gateway") and vpc in here.vpc_of.values()
    ]
    return [Link(tail=vpc, head=id, routed=False) for vpc, id in between if (vpc, id) not in routed]


def _inside(here: Ground, vpc: str, id: str, found: _Found) -> str:
    found.inside.setdefault(vpc, {})[id] = _spot(here, id)
    return id


def _outside(here: Ground, id: str, found: _Found) -> str:
    found.outside[id] = _spot(here, id)
    return id


def _other(here: Ground, vpc: str, found: _Found) -> str:
    found.outside[vpc] = Spot(id=vpc, kind="vpc", title=here.name(vpc), about="VPC, not in this picture", look="outside")
    return vpc


def _internet(found: _Found) -> str:
    id = INTERNET.resource
    found.outside[id] = Spot(id=id, kind="internet", title="internet", look="outside")
    return id


def _spot(here: Ground, id: str) -> Spot:
    resource = here.world.at(id)
    if resource is None:
        return Spot(id=id, kind="unknown", title=id, about="not in the snapshot", look="outside")
    about = (
        "endpoint"
        if resource.kind == "vpc_endpoint" and not is_gateway_endpoint(resource)
        else WORDS.get(resource.kind, word_of(type(resource)).replace("_", " "))
    )
    return Spot(id=id, kind=resource.kind, title=here.name(id), about=about, look="outside")
