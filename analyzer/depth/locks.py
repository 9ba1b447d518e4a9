"""Which single edits undo a line that stops a packet. Two lines that one edit may undo together must never count as two mistakes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from ..edit.lists import is_aws
from ..flow import Step
from ..models.snapshot import Snapshot
from ..models.table import Action, Send

# What is edited: the kind of edit, what it is made at, and which part of it ("" for the whole).
Key = tuple[str, str, str]
# The edits of which any one is enough for a line.
Lock = frozenset[Key]
GROUP_STAGES = ("groups in", "groups out")
OUT = ("acl out", "hands back")
TRANSIT_TABLE = "transit_gateway_route_table"
ROUTING = ("route_table", TRANSIT_TABLE)
FIREWALL = "network_firewall"
SERVICE = "vpc_endpoint_service"
# The state of a peering in which one edit lets it carry packets; in any other that carries none it takes a new one.
WAITING = "pending-acceptance"


def lock(world: Snapshot, step: Step, action: Action) -> Lock:
    """Return the edits that may undo the line of a step, so that `action` is what happens; empty where no single one does.

    Rather one too many: what is merged only lowers the bound.
    """
    place = step.place
    if place.stage in GROUP_STAGES:
        return frozenset(_of_groups(world, step))
    if step.kind == SERVICE:
        return _of_service(world, step)
    if step.kind == "network_acl":
        direction = "outbound" if place.stage in OUT else "inbound"
        return frozenset(
            {("entry", step.line.resource, direction), *_instead("acl", "network_acl", step.line.resource, place.resource, world)}
        )
    if step.kind in ROUTING:
        return frozenset({*_of_routes(world, step, action), *_instead("table", step.kind, place.resource, place.via, world)})
    if step.kind == "vpc_peering" and world.find("vpc_peering", place.resource).status.code not in ("active", WAITING):
        return frozenset()
    if step.line.holder:
        address = step.packet.source if step.line.holder == "source" else step.packet.target
        owner = world.owner_of(step.line.resource, address)
        return frozenset({("address", owner.id if owner is not None else step.line.resource, "")})
    named = _named_by_firewalls(world) if step.kind == FIREWALL else ()
    return frozenset({("resource", step.line.resource, ""), *_lists(named, world)})


def _of_service(world: Snapshot, step: Step) -> Lock:
    """Return the edits at an endpoint service: a rule of a group of its load balancer, or what the line is about.

    Whoever accepts an endpoint changes its own state and what the provider sees of it.
    """
    line = step.line
    if step.place.stage == "admits":
        return frozenset(("rule", id, "groups in") for id in (line.resource, *line.refused))
    endpoint = world.owner(step.place.via.rpartition("/")[2]) if line.rule == "EP-10" else None
    return frozenset({("resource", endpoint.id if endpoint is not None else line.resource, "")})


def _of_routes(world: Snapshot, step: Step, action: Action) -> Iterator[Key]:
    """Yield a route to where the packet goes on, and an entry of a list by which the table has routes.

    One route leads to one next hop; one by prefix list that is taken away may leave packets to several.
    """
    id = step.place.resource
    if step.kind == TRANSIT_TABLE:
        held = [one for kind in ("transit_gateway_routes", "transit_gateway_static_routes") if (one := world.find(kind, id))]
        ids = {route.prefix_list_id for one in held for route in one.routes}
        ids |= {
            one.prefix_list_id
            for one in world.where("transit_gateway_prefix_list_reference", "transit_gateway_route_table_id", id)
        }
    else:
        table = world.find("route_table", id)
        ids = {route.destination_prefix_list_id for route in table.routes} if table is not None else set()
    by_list = ids - {""}
    yield "route", id, "" if by_list or not isinstance(action, Send) else action.place.resource
    yield from _lists(by_list, world)


def _lists(ids: Iterable[str], world: Snapshot) -> Iterator[Key]:
    """Yield an entry of each of some prefix lists, those of AWS left out."""
    yield from (("list", id, "") for id in ids if not is_aws(id, world))


def _named_by_firewalls(world: Snapshot) -> set[str]:
    """Return the lists that rules of firewalls name."""
    groups = world.all("firewall_rule_group")
    return {id for group in groups for id in group.prefix_list_ids.values()}


def _instead(key: str, kind: str, id: str, subnet_id: str, world: Snapshot) -> list[Key]:
    """Return the association of a subnet with another one of what it is associated with; empty where the VPC has none."""
    here = world.find(kind, id)
    every = world.where(kind, "vpc_id", here.vpc_id) if here is not None and world.find("subnet", subnet_id) is not None else ()
    return [(key, subnet_id, "")] if len(every) > 1 else []


def _of_groups(world: Snapshot, step: Step) -> set[Key]:
    """Return a rule of any of the groups, another group of the interface, or one of the far end that the rules name."""
    here = world.find("network_interface", step.place.resource)
    inbound = step.place.stage == "groups in"
    ids = (step.line.resource, *step.line.refused)
    found: set[Key] = {("rule", id, step.place.stage) for id in ids} | {("groups", step.place.resource, "")}
    about = [one for id in ids for one in _permissions(world.find("security_group", id), inbound, step.packet.service)]
    if here is not None and any(one.user_id_group_pairs for one in about):
        far = step.packet.source if inbound else step.packet.target
        others = (one.id for one in world.all("vpc")) if step.realm != here.vpc_id else ()
        owners = (world.owner_of(vpc_id, far) for vpc_id in (step.realm or here.vpc_id, *others))
        owner = next((one for one in owners if one is not None), None)
        if owner is not None:
            found.add(("groups", world.class_of(owner.id), ""))
    return found | set(_lists((each.prefix_list_id for one in about for each in one.prefix_list_ids), world))


def _permissions(group: Any, inbound: bool, service: int) -> list[Any]:
    """Return the permissions of a group that are about a service: no other admits it, whoever joins what it names."""
    every = () if group is None else group.ip_permissions if inbound else group.ip_permissions_egress
    return [one for one in every if one.services is None or service in one.services]


@lru_cache(maxsize=1 << 14)
def edits_needed(locks: frozenset[Lock]) -> tuple[Key, ...]:
    """Return the fewest edits that undo all of some lines, in order; of several the first by name."""
    if not locks:
        return ()
    first = min(locks, key=lambda one: (len(one), sorted(one)))
    ways = ((key, *edits_needed(frozenset(other for other in locks if key not in other))) for key in sorted(first, key=_usual))
    return min(ways, key=len)


def _usual(key: Key) -> tuple[int, Key]:
    """Return how far down an edit stands among those that people make first."""
    order: Sequence[str] = ("rule", "entry", "route", "address", "groups", "acl", "table", "list", "resource")
    return order.index(key[0]), key
