"""What is drawn: VPCs with their subnets and the lines in these; or contexts with their VPCs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from ..models.packet import address_text
from ..models.picture import Box, Look, Spot
from ..select.catalogue import name_of
from .ground import Ground
from .ways import Ways

LOOKS: tuple[Look, ...] = ("public", "private", "isolated", "", "outside")
MOST_GROUPS = 4


def boxes(here: Ground, found: Ways, told: Mapping[str, list[str]]) -> list[Box]:
    """Return what is drawn around each other, in order of title and id; `told` are words about where the links of a spot lead."""
    made = [_vpc_box(here, vpc, found) for vpc in here.vpcs] if here.fine else _homes(here)
    return [_with(told, box) for box in sorted(made, key=lambda box: (box.title, box.id))]


def _homes(here: Ground) -> list[Box]:
    homes: dict[str, list[str]] = {}
    for vpc in here.vpcs:
        homes.setdefault(here.home_of(vpc), []).append(vpc)
    if here.grain == "vpc":
        return [_home_box(here, home, vpcs) for home, vpcs in homes.items()]
    spots = [_home_spot(here, home, vpcs) for home, vpcs in homes.items() if home in here.drawn]
    return [Box(id="", kind="", title="", spots=sorted(spots, key=lambda spot: (spot.title, spot.id)))]


def _with(told: Mapping[str, list[str]], box: Box) -> Box:
    def words(spot: Spot) -> Spot:
        return msgspec.structs.replace(spot, items=[*spot.items, *told[spot.id]]) if spot.id in told else spot

    return msgspec.structs.replace(box, spots=[words(spot) for spot in box.spots]) if told else box


# ---------------------------------------------------------------------- subnets in a VPC
def _vpc_box(here: Ground, vpc: str, found: Ways) -> Box:
    found_vpc = here.world.find("vpc", vpc)
    blocks = list(getattr(found_vpc, "cidrs", ()))
    home = here.home_of(vpc).removeprefix("account:").replace("context:", "context ")
    title = "  ".join([here.name(vpc), *([vpc] if here.name(vpc) != vpc else []), ", ".join(blocks[:3]), home])
    subnets = [_subnet_spot(here, id, found.looks.get(id, "")) for id, inside in here.vpc_of.items() if inside == vpc]
    subnets.sort(key=lambda spot: (spot.column, LOOKS.index(spot.look), spot.title, spot.id))
    return Box(id=vpc, kind="vpc", title=title, spots=[*found.gateways.get(vpc, ()), *subnets])


def _subnet_spot(here: Ground, id: str, look: Look) -> Spot:
    subnet = here.world.find("subnet", id)
    zone = subnet.availability_zone or subnet.availability_zone_id if subnet is not None else ""
    about = ", ".join(filter(None, (subnet.cidr_block, look, zone))) if subnet is not None else "not in the snapshot"
    return Spot(
        id=id, kind="subnet", title=here.name(id), about=about, items=_items(here, id), look=look, column=zone or "no zone"
    )


def _items(here: Ground, subnet: str) -> list[str]:
    """Return the lines about what stands in a subnet."""
    inside = here.parts[subnet]
    if here.grain == "interface":
        return sorted(_interface(here, one) for one in inside)
    if here.grain == "subnet":
        return [f"{len(inside)} interface{'s' if len(inside) != 1 else ''}"] if inside else []
    return [_alike(here, kind, groups, len(ones)) for (kind, groups), ones in here.alike[subnet].items()]


def _interface(here: Ground, one: Any) -> str:
    """Return an interface as people know it: its name, kind, and the addresses from which it speaks."""
    owner = here.world.owner(one.id)
    name = next(filter(None, (name_of(found) for found in (owner, one) if found is not None)), one.id)
    first = next((address_text(number) for number in one.primary if number is not None), "")
    public = [address.association.public_ip for address in one.private_ip_addresses if address.association is not None]
    return "  ".join(filter(None, (name, here.kind_of(one), first, *filter(None, public[:1]))))


def _alike(here: Ground, kind: str, groups: tuple[str, ...], count: int) -> str:
    names = [here.name(group) for group in groups[:MOST_GROUPS]]
    more = f" and {len(groups) - MOST_GROUPS} more" if len(groups) > MOST_GROUPS else ""
    return f"{count} × {kind}" + (f"  [{', '.join(names)}{more}]" if names else "")


# ---------------------------------------------------------------------- VPCs in a context
def _home_box(here: Ground, home: str, vpcs: list[str]) -> Box:
    kind, _, name = home.partition(":")
    spots = sorted((_vpc_spot(here, vpc) for vpc in vpcs), key=lambda spot: (spot.title, spot.id))
    return Box(id=home, kind=kind, title=f"{kind} {name}", spots=spots)


def _vpc_spot(here: Ground, vpc: str) -> Spot:
    blocks = list(getattr(here.world.find("vpc", vpc), "cidrs", ()))
    return Spot(id=vpc, kind="vpc", title=here.name(vpc), about=", ".join(blocks[:2]), items=[_sizes(here, [vpc])])


def _home_spot(here: Ground, home: str, vpcs: list[str]) -> Spot:
    kind, _, name = home.partition(":")
    return Spot(id=home, kind=kind, title=f"{kind} {name}", items=[f"{len(vpcs):,} VPCs", _sizes(here, vpcs)])


def _sizes(here: Ground, vpcs: list[str]) -> str:
    subnets = [subnet for vpc in vpcs for subnet in here.subnets_of.get(vpc, ())]
    interfaces = sum(len(here.parts[subnet]) for subnet in subnets)
    return f"{len(subnets):,} subnets, {interfaces:,} interfaces"
