"""Edits that may close a way, at the level at which people change things: a rule removed or narrowed, an entry, a route, an address."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec

from ..edit import Edit
from ..edit.lists import is_aws
from ..lint.groups import rules
from ..models.answer import End, Hop
from ..models.check import Violation
from ..models.packet import EVERY_SERVICE, EVERY_V4, IntervalSet, address, prefix
from ..models.service import parse_services, service_text
from ..models.snapshot import Snapshot
from ..models.table import Traffic
from .touched import Touched

# An entry of an ACL takes one protocol and range: services of more need more entries than anybody wants.
MOST_ENTRIES = 4
TRANSIT_TABLE = "transit_gateway_route_table"


class Candidate(msgspec.Struct, frozen=True):
    """Edits that are made together at the line of a place, and whom they may touch."""

    edits: tuple[Edit, ...]
    touched: tuple[Touched, ...]
    place: str = ""

    def __add__(self, other: Candidate) -> Candidate:
        return Candidate((*self.edits, *other.edits), (*self.touched, *other.touched), self.place)


class Unwanted(msgspec.Struct, frozen=True):
    """What is to be closed: between which ends (by kind; the rest is what packets say), on which services."""

    source: End
    target: End
    services: IntervalSet


def unwanted(violation: Violation) -> Unwanted:
    """Return what a violation wants closed."""
    words = [*violation.services, *violation.doubtful]
    return Unwanted(violation.source, violation.target, parse_services(",".join(words)) if words else EVERY_SERVICE)


def candidates(wrong: Unwanted, lines: Sequence[Hop], world: Snapshot) -> list[Candidate]:
    """Return single edits that may close ways by some lines, and, where several rules of a place admit, all of these."""
    found = list[Candidate]()
    of_place: dict[str, list[Candidate]] = {}
    for line in lines:
        made = [_candidate(written, touched, line.place) for written, touched in _of_line(line, wrong, world)]
        found.extend(made)
        if line.kind == "security_group" and made:
            of_place.setdefault(line.place, []).append(made[0])
    for several in of_place.values():
        if len(several) > 1:
            found.append(_together(several))
    return list({str(one.edits): one for one in found}.values())


def _candidate(written: Iterable[dict[str, Any]], touched: Touched, place: str) -> Candidate:
    return Candidate(tuple(Edit.model_validate(one) for one in written), (touched,), place)


def _together(several: Sequence[Candidate]) -> Candidate:
    whole = several[0]
    for one in several[1:]:
        whole = whole + one
    return whole


Written = tuple[list[dict[str, Any]], Touched]


def _of_line(line: Hop, wrong: Unwanted, world: Snapshot) -> Iterator[Written]:
    if line.kind == "security_group":
        yield from _of_rule(line, wrong.services, world)
    elif line.kind == "network_acl":
        yield from _of_entry(line, wrong, world)
    elif line.kind == "route_table" and not line.line.endswith(" -> local"):
        yield from _of_route(line, world)
    elif line.kind == TRANSIT_TABLE:
        yield from _of_transit_route(line, world)
    elif line.rule == "IGW-2":
        interface = line.line.partition(" ")[0]
        if world.find("network_interface", interface) is not None:
            yield [{"remove": {"address": {"interface": interface}}}], Touched(interfaces=(interface,), internet=True)


def _of_rule(line: Hop, wrong: IntervalSet, world: Snapshot) -> Iterator[Written]:
    """Yield the rule narrowed to the services that are none of those that are wrong, else removed."""
    group = world.find("security_group", line.resource)
    for word, listed in rules(group, world) if group is not None else ():
        for one in listed:
            if line.line not in (one.title, *[line.line] * line.line.startswith(f"{one.title} (")):
                continue
            old = {"group": group.id, word: _text(one.services), "from" if word == "inbound" else "to": one.far}
            rest = one.services - wrong
            touched = Touched(
                interfaces=tuple(each.id for each in world.carriers(group.id)),
                far=one.addresses,
                groups=() if one.addresses is not None else (one.far,),
                traffic=Traffic(word),
                services=one.services,
            )
            if rest and rest != one.services and one.services != EVERY_SERVICE:
                yield [{"replace": {"rule": old}, "with": {"rule": {**old, word: _text(rest)}}}], touched
            yield [{"remove": {"rule": old}}], touched
            yield from _of_list(line, one.far, word, world)


def _of_list(line: Hop, list_id: str, word: str, world: Snapshot) -> Iterator[Written]:
    """Yield the blocks taken from a prefix list by which a rule admits the packet; whoever names the list is touched."""
    number = address(line.packet.source if word == "inbound" else line.packet.target)
    for block in (world.prefix_blocks(list_id) or []) if not is_aws(list_id, world) else ():
        if number in prefix(block):
            touched = Touched(interfaces=tuple(sorted(_naming(list_id, world))), far=prefix(block))
            yield [{"remove": {"entry": {"list": list_id, "block": block}}}], touched


def _naming(list_id: str, world: Snapshot) -> set[str]:
    """Return the interfaces whose groups or route tables name a prefix list."""
    groups = [
        one for one in world.all("security_group") if any(list_id == each.far for _, some in rules(one, world) for each in some)
    ]
    tables = [one for one in world.all("route_table") if any(list_id == each.destination for each in one.routes)]
    subnets = [subnet for one in tables for subnet in _subnets(one, world)]
    found = {one.id for group in groups for one in world.carriers(group.id)}
    return found | {one.id for subnet in subnets for one in world.where("network_interface", "subnet_id", subnet)}


def _of_entry(line: Hop, wrong: Unwanted, world: Snapshot) -> Iterator[Written]:
    """Yield an entry before this one that denies just what is wrong, and the entry removed."""
    acl = world.find("network_acl", line.resource)
    if acl is None or not line.line.startswith(("inbound ", "outbound ")):
        return
    word, number = line.line.split(" ")[:2]
    taken = {one.rule_number for one in acl.entries if one.egress == (word == "outbound")}
    interfaces = tuple(one.id for subnet in _subnets(acl, world) for one in world.where("network_interface", "subnet_id", subnet))
    numbers = [free for free in range(int(number) - 1, 0, -1) if free not in taken]
    parts = service_text(wrong.services)
    if len(parts) <= min(MOST_ENTRIES, len(numbers)):
        far, side = _far(line, word, wrong), "from" if word == "inbound" else "to"
        entries = [
            {"add": {"entry": {"acl": acl.id, word: free, "action": "deny", "on": part, side: far}}}
            for free, part in zip(numbers, parts, strict=False)
        ]
        yield entries, Touched(interfaces=interfaces)
    yield [{"remove": {"entry": {"acl": acl.id, word: int(number)}}}], Touched(interfaces=interfaces)


def _far(line: Hop, word: str, wrong: Unwanted) -> str:
    """Return the block of the far end: everything for the internet."""
    end = wrong.source if word == "inbound" else wrong.target
    text = line.packet.source if word == "inbound" else line.packet.target
    v4 = address(text) in EVERY_V4
    if end.kind == "internet":
        return "0.0.0.0/0" if v4 else "::/0"
    return f"{text}/{32 if v4 else 128}"


def _of_route(line: Hop, world: Snapshot) -> Iterator[Written]:
    table = world.find("route_table", line.resource)
    destination = line.line.partition(" ")[0]
    if table is None or not any(str(one.destination) == destination for one in table.routes):
        return
    interfaces = tuple(
        one.id for subnet in _subnets(table, world) for one in world.where("network_interface", "subnet_id", subnet)
    )
    yield [{"remove": {"route": {"table": table.id, "to": destination}}}], Touched(interfaces=interfaces)


def _of_transit_route(line: Hop, world: Snapshot) -> Iterator[Written]:
    """Yield a blackhole in the place of a route of a transit gateway's table, whoever fills it in."""
    table = world.find(TRANSIT_TABLE, line.resource)
    block, leads, _ = line.line.partition(" -> ")
    if table is None or not leads:
        return
    routes = world.find("transit_gateway_routes", table.id) or world.find("transit_gateway_static_routes", table.id)
    shown = routes is not None and any(one.destination_cidr_block == block for one in routes.routes)
    route = {"table": table.id, "to": block}
    new = {"route": {**route, "via": "blackhole"}}
    vpcs = [one.vpc_id for one in world.where("transit_gateway_vpc_attachment", "transit_gateway_id", table.transit_gateway_id)]
    interfaces = tuple(one.id for vpc_id in vpcs for one in world.where("network_interface", "vpc_id", vpc_id))
    edit = {"replace": {"route": route}, "with": new} if shown else {"add": new}
    yield [edit], Touched(interfaces=interfaces, far=prefix(block))


def _subnets(holder: Any, world: Snapshot) -> list[str]:
    """Return the subnets that have a table or ACL: those associated, and for the VPC's own one those without any."""
    every = world.where(holder.kind, "vpc_id", holder.vpc_id)
    named = {id for one in every for id in one.subnet_ids}
    usual = holder.is_main if holder.kind == "route_table" else holder.is_default
    rest = [one.id for one in world.where("subnet", "vpc_id", holder.vpc_id) if one.id not in named] if usual else []
    return [*holder.subnet_ids, *rest]


def _text(services: IntervalSet) -> str:
    return "all" if services == EVERY_SERVICE else ",".join(service_text(services))
