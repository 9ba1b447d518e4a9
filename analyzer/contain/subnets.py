"""Containment of the subnets: an ACL that denies everything, or a route table that leads nowhere. Whoever stands there is hit as well."""

from __future__ import annotations

from typing import Any

from ..models.packet import prefix
from ..models.route import LOCAL
from ..models.snapshot import Snapshot
from .commands import aws, kept, printed, variable
from .draft import Draft, Way
from .forensics import Forensics, entry_words
from .suspect import Part, Suspect

NO_SUBNET = "it stands in no subnet that the snapshot holds"


def neighbours(suspect: Suspect, world: Snapshot) -> tuple[str, ...]:
    """Return the other interfaces of its subnets."""
    every = (one.id for id in suspect.subnets for one in world.where("network_interface", "subnet_id", id))
    return tuple(sorted(id for id in every if id not in suspect.ids))


def _vpcs(suspect: Suspect) -> list[tuple[str, Part]]:
    """Return the VPCs that it stands in, each with a part there."""
    return sorted({one.end.vpc: one for one in reversed(suspect.parts)}.items())


def _variable(word: str, vpc: str, suspect: Suspect) -> str:
    number = [id for id, _ in _vpcs(suspect)].index(vpc)
    return word + (f"_{number + 1}" if number else "")


def _named(type: str, suspect: Suspect) -> tuple[str, str]:
    """Return the words that give what is made a name: on the way back the variable may be gone."""
    return "--tag-specifications", f"ResourceType={type},Tags=[{{Key=Name,Value={_name(suspect)}}}]"


def _by_name(vpc: str, suspect: Suspect) -> tuple[str, str, str]:
    return "--filters", f"Name=tag:Name,Values={_name(suspect)}", f"Name=vpc-id,Values={vpc}"


def _name(suspect: Suspect) -> str:
    return f"reach-contain-{suspect.parts[0].end.id}"


# ---------------------------------------------------------------------- ACL
def by_acl(suspect: Suspect, forensics: Forensics | None, world: Snapshot) -> Way:
    """Return an ACL of each VPC that denies everything but the forensic path, in the place of those of the subnets."""
    before = {id: _found("subnet", id, world, "network_acl") for id in suspect.subnets}
    missing = [id for id, acl in before.items() if acl is None]
    if missing or not before:
        return Way(means="acl", impossible=f"the network ACL of {missing[0]} is not in the snapshot" if missing else NO_SUBNET)
    hit = neighbours(suspect, world)
    commands, undo, edits = list[str](), list[str](), list[dict[str, Any]]()
    for vpc, part in _vpcs(suspect):
        name, id = _variable("ACL", vpc, suspect), f"contain-acl-in-{vpc}"
        query = (*_named("network-acl", suspect), "--query", "NetworkAcl.NetworkAclId", "--output", "text")
        commands.append(kept(name, aws(part.region, "ec2", "create-network-acl", "--vpc-id", vpc, *query)))
        edits.append({"add": {"acl": {"id": id, "vpc": vpc}}})
        for number, (word, text, block) in enumerate(dict.fromkeys(forensics.entries) if forensics else (), 1):
            side = "from" if word == "inbound" else "to"
            entry = {"acl": id, word: 10 * number, "action": "allow", "on": text, side: block}
            edits.append({"add": {"entry": entry if text != "all" else {key: entry[key] for key in entry if key != "on"}}})
            commands.append(_entry(part.region, name, 10 * number, (word, text, block)))
    for subnet, part in suspect.subnets.items():
        commands.append(_swapped_acl(part.region, subnet, variable(_variable("ACL", part.end.vpc, suspect))))
        undo.append(_swapped_acl(part.region, subnet, before[subnet].id))
        edits.append({"add": {"association": {"subnet": subnet, "acl": f"contain-acl-in-{part.end.vpc}"}}})
    draft = Draft(
        phase="contain",
        title=f"Deny everything at the border of {_listed(list(before))}" + (f" but {forensics.text}" if forensics else ""),
        why="A network ACL has no memory: what is established is cut at once, too. It is asked at the border of the subnet alone: "
        "whoever stands in the same subnet still reaches it, and is cut off from everybody else as well.",
        commands=tuple(commands),
        undo=(*undo, *(_deleted(part.region, vpc, suspect) for vpc, part in _vpcs(suspect))),
        edits=tuple(edits),
        tracked="cut",
    )
    text = f"the whole of {_listed(list(before))}, at once; not what stays inside one subnet"
    return Way(means="acl", drafts=(draft,), tracked="cut", text=text, hits=hit)


def _found(kind: str, id: str, world: Snapshot, what: str) -> Any:
    subnet = world.find(kind, id)
    return getattr(subnet, what)(world) if subnet is not None else None


def _entry(region: str, name: str, number: int, line: tuple[str, str, str]) -> str:
    word, text, block = line
    where = ("--ipv6-cidr-block" if ":" in block else "--cidr-block", block)
    words = ("ec2", "create-network-acl-entry", "--network-acl-id", variable(name), "--rule-number", str(number))
    side = "--ingress" if word == "inbound" else "--egress"
    return aws(region, *words, side, "--rule-action", "allow", *where, *entry_words(text))


def _swapped_acl(region: str, subnet: str, acl: Any) -> str:
    """Return the command that gives a subnet another ACL; the association has another id after each of them."""
    query = f'NetworkAcls[0].Associations[?SubnetId==`"{subnet}"`].NetworkAclAssociationId'
    filters = ("--filters", f"Name=association.subnet-id,Values={subnet}", "--query", query, "--output", "text")
    now = printed(aws(region, "ec2", "describe-network-acls", *filters))
    return aws(region, "ec2", "replace-network-acl-association", "--association-id", now, "--network-acl-id", acl)


def _deleted(region: str, vpc: str, suspect: Suspect) -> str:
    query = ("--query", "NetworkAcls[0].NetworkAclId", "--output", "text")
    made = printed(aws(region, "ec2", "describe-network-acls", *_by_name(vpc, suspect), *query))
    return aws(region, "ec2", "delete-network-acl", "--network-acl-id", made)


# ---------------------------------------------------------------------- routes
def by_routes(suspect: Suspect, forensics: Forensics | None, world: Snapshot) -> Way:
    """Return a route table with the local routes alone, for each VPC, in the place of those of the subnets."""
    before = {id: _found("subnet", id, world, "route_table") for id in suspect.subnets}
    missing = [id for id, table in before.items() if table is None]
    if missing or not before:
        return Way(means="route", impossible=f"the route table of {missing[0]} is not in the snapshot" if missing else NO_SUBNET)
    commands, undo, edits = list[str](), list[str](), list[dict[str, Any]]()
    for vpc, part in _vpcs(suspect):
        name = _variable("TABLE", vpc, suspect)
        query = (*_named("route-table", suspect), "--query", "RouteTable.RouteTableId", "--output", "text")
        commands.append(kept(name, aws(part.region, "ec2", "create-route-table", "--vpc-id", vpc, *query)))
        edits.append({"add": {"table": {"id": f"contain-routes-in-{vpc}", "vpc": vpc}}})
    for subnet, part in suspect.subnets.items():
        named = subnet in before[subnet].subnet_ids
        new = variable(_variable("TABLE", part.end.vpc, suspect))
        commands.append(_swapped_table(part.region, subnet, new) if named else _tied(part.region, subnet, new))
        undo.append(_swapped_table(part.region, subnet, before[subnet].id) if named else _untied(part.region, subnet))
        edits.append({"add": {"association": {"subnet": subnet, "table": f"contain-routes-in-{part.end.vpc}"}}})
    draft = Draft(
        phase="contain",
        title=f"Lead {_listed(list(before))} nowhere but into its own VPC",
        why="Without a route nothing leaves the VPC, and no reply either. Local routes cannot be removed: the whole VPC still reaches "
        "it, and what comes from outside still arrives, unanswered.",
        commands=tuple(commands),
        undo=(*undo, *(_dropped(part.region, vpc, suspect) for vpc, part in _vpcs(suspect))),
        edits=tuple(edits),
        tracked="cut",
    )
    text = f"the whole of {_listed(list(before))}; not what stays inside the VPC, nor what comes in and needs no reply"
    lost = [] if forensics is None else [one for one in forensics.sources.blocks if not _local(one, before.values())]
    text += f"; the forensic path from {_listed(lost)} loses its way back" if lost else ""
    return Way(means="route", drafts=(draft,), tracked="cut", text=text, hits=neighbours(suspect, world))


def _local(block: str, tables: Any) -> bool:
    local = (prefix(one.destination) for table in tables for one in table.routes if one.target == LOCAL)
    return any(prefix(block) <= one for one in local)


def _association(region: str, subnet: str) -> Any:
    query = f'RouteTables[0].Associations[?SubnetId==`"{subnet}"`].RouteTableAssociationId'
    filters = ("--filters", f"Name=association.subnet-id,Values={subnet}", "--query", query, "--output", "text")
    return printed(aws(region, "ec2", "describe-route-tables", *filters))


def _swapped_table(region: str, subnet: str, table: Any) -> str:
    words = ("ec2", "replace-route-table-association", "--association-id", _association(region, subnet))
    return aws(region, *words, "--route-table-id", table)


def _tied(region: str, subnet: str, table: Any) -> str:
    return aws(region, "ec2", "associate-route-table", "--subnet-id", subnet, "--route-table-id", table)


def _untied(region: str, subnet: str) -> str:
    return aws(region, "ec2", "disassociate-route-table", "--association-id", _association(region, subnet))


def _dropped(region: str, vpc: str, suspect: Suspect) -> str:
    query = ("--query", "RouteTables[0].RouteTableId", "--output", "text")
    made = printed(aws(region, "ec2", "describe-route-tables", *_by_name(vpc, suspect), *query))
    return aws(region, "ec2", "delete-route-table", "--route-table-id", made)


def _listed(names: list[str]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
