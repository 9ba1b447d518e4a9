"""From lines that an edit would undo to the edits themselves, as `reach whatif` takes them: each as narrow as the packet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, product
from typing import Any

from ..edit import Edit
from ..models.packet import EVERY_V4, PUBLIC, address_text, only, union
from ..models.service import service_text
from ..models.snapshot import Snapshot
from ..models.table import Direction, Send
from .locks import Key, edits_needed
from .search import Mend, Way

# A public address of nobody: one of those that are kept for documents.
NOBODYS = "192.0.2.{}"
GATEWAYS = ("internet_gateway", "egress_only_internet_gateway")
MOST_TRIED = 24


class NoEditError(Exception):
    """One edit cannot undo these lines."""


def edits(world: Snapshot, way: Way) -> Iterator[list[Edit]]:
    """Yield edits that may let the packet of a way through, as few as it takes: each association with every other of its kind."""
    keys = edits_needed(frozenset(one.lock for one in way.mends))
    of_key: dict[Key, list[Mend]] = {}
    for mend in way.mends:
        key = next(one for one in keys if one in mend.lock)
        of_key.setdefault(key, []).append(mend)
    try:
        every = [list(_edits(world, key, mends)) for key, mends in of_key.items()]
    except NoEditError:
        return
    for chosen in islice(product(*every), MOST_TRIED):
        yield [Edit.model_validate(one) for one in chosen]


def _edits(world: Snapshot, key: Key, mends: Sequence[Mend]) -> Iterator[dict[str, Any]]:
    """Yield edits of which one may undo some lines; raises NoEditError where there is none."""
    kind, id, part = key
    mend = mends[0]
    if kind == "rule":
        word, side, far = ("inbound", "from", _source) if part == "groups in" else ("outbound", "to", _target)
        yield {"add": {"rule": {"group": id, word: _service(mend), side: far(mend)}}}
    elif kind == "entry":
        yield _entry(world, key, mends)
    elif kind == "route":
        yield _route(world, id, mends)
    elif kind == "address":
        taken = union(one for held in world.public_addresses().values() for one in [held])
        number = next(last for last in range(1, 255) if _number(last) not in taken)
        yield {"add": {"address": {"interface": id, "public": NOBODYS.format(number)}}}
    elif kind in ("acl", "table"):
        subnet = world.find("subnet", id)
        for one in world.where("network_acl" if kind == "acl" else "route_table", "vpc_id", subnet.vpc_id):
            yield {"add": {"association": {"subnet": id, kind: one.id}}}
    elif kind == "groups":
        for one in world.where("security_group", "vpc_id", world.find("network_interface", id).vpc_id):
            yield {"add": {"association": {"interface": id, "group": one.id}}}
    elif kind == "list":
        yield {"add": {"entry": {"list": id, "block": _listed(mends)}}}
    else:
        yield _tie(world, mend)


def _listed(mends: Sequence[Mend]) -> str:
    """Return a block that a list must have for all of some lines: the far end of rules, the target of routes."""
    blocks = {_source(mend) if mend.step.place.stage == "groups in" else _target(mend) for mend in mends}
    return next(iter(blocks)) if len(blocks) == 1 else _everything(mends[0])


def _tie(world: Snapshot, mend: Mend) -> dict[str, Any]:
    """Return the edit that ties what is not tied: an attachment to a table, the ends of a peering, a gateway to a VPC."""
    line, action = mend.step.line, mend.action
    if line.rule == "TGW-2" and isinstance(action, Send):
        return {"add": {"association": {"attachment": line.resource, "table": action.place.resource}}}
    peering = world.find("vpc_peering", line.resource)
    if peering is not None and line.rule == "PCX-1":
        return {"add": {"peering": {"id": peering.id, "vpcs": list(peering.vpc_ids)}}}
    subnet = world.find("subnet", mend.step.place.via)
    if line.rule == "RT-17" and subnet is not None and any(world.find(kind, line.resource) is not None for kind in GATEWAYS):
        return {"add": {"attachment": {"gateway": line.resource, "vpc": subnet.vpc_id}}}
    raise NoEditError


def _entry(world: Snapshot, key: Key, mends: Sequence[Mend]) -> dict[str, Any]:
    _, id, part = key
    mend, whole = mends[0], len(mends) > 1
    word, side, far = ("inbound", "from", _source) if part == "inbound" else ("outbound", "to", _target)
    entry = {"acl": id, word: _free(world, id, part), "action": "allow", "on": "all" if whole else _service(mend)}
    return {"add": {"entry": {**entry, side: _everything(mend) if whole else far(mend)}}}


def _number(last: int) -> int:
    return (192 << 24) + (2 << 8) + last


def _route(world: Snapshot, id: str, mends: Sequence[Mend]) -> dict[str, Any]:
    sends = {mend.action for mend in mends}
    action = next(iter(sends))
    via = world.at(action.place.resource) if isinstance(action, Send) else None
    if len(sends) > 1 or via is None:
        raise NoEditError
    if via.kind == "vpc":
        return _local(world, id, mends[0])
    number = mends[0].step.packet.target
    block = _everything(mends[0]) if number in PUBLIC or len(mends) > 1 else _target(mends[0])
    old = _has_route(world, id, block)
    route = {"table": id, "to": block}
    name = getattr(via, "transit_gateway_attachment_id", via.id)
    new = {"route": {**route, "via": name}}
    return {"replace": {"route": route}, "with": new} if old else {"add": new}


def _local(world: Snapshot, id: str, mend: Mend) -> dict[str, Any]:
    """Return the local route of a table led back to the VPC, whatever target it was given."""
    block = mend.step.line.title.partition(" -> ")[0]
    if not _has_route(world, id, block):
        raise NoEditError
    route = {"table": id, "to": block}
    return {"replace": {"route": route}, "with": {"route": {**route, "via": "local"}}}


def _has_route(world: Snapshot, id: str, block: str) -> bool:
    """Return whether a table has a route to a block that an added one would meet."""
    table = world.find("route_table", id)
    if table is not None:
        return any(str(one.destination) == block for one in table.routes)
    held = [one for kind in ("transit_gateway_routes", "transit_gateway_static_routes") if (one := world.find(kind, id))]
    return any(route.destination_cidr_block == block and route.type == "static" for one in held for route in one.routes)


def _free(world: Snapshot, acl_id: str, part: str) -> int:
    acl = world.find("network_acl", acl_id)
    taken = {one.rule_number for one in acl.entries if one.egress == (part == "outbound")}
    number = next(number for number in range(1, 32767) if number not in taken)
    if any(one < number for one in taken):
        raise NoEditError
    return number


def _service(mend: Mend) -> str:
    """Return the service of a packet; of replies the ports from which clients call."""
    text = service_text(only(mend.step.packet.service))[0]
    protocol = text.partition("/")[0]
    return f"{protocol}/1024-65535" if mend.step.direction is Direction.REPLY and protocol in ("tcp", "udp") else text


def _source(mend: Mend) -> str:
    return _block(mend.step.packet.source)


def _target(mend: Mend) -> str:
    return _block(mend.step.packet.target)


def _block(number: int) -> str:
    return f"{address_text(number)}/{32 if number in EVERY_V4 else 128}"


def _everything(mend: Mend) -> str:
    return "0.0.0.0/0" if mend.step.packet.target in EVERY_V4 else "::/0"
