"""What AWS makes by itself when code is applied, and code does not write: default groups, tables and ACLs, interfaces of services.

Everything here is about AWS, and nothing about a language of code: rows come in as its answers have them, with a few fields of
our own (capital names that the API does not have), which are taken out again.
"""

from __future__ import annotations

from typing import Any

from .draft import Draft, Drafts, Lost

# Keys of rows that only others are made of.
ADDRESSES, ROLE, GROUPS_OF_HOSTS = "Addresses", "Roles", "GroupsOfHosts"
INTERFACES = "NetworkInterfaces"
INNER = frozenset({ADDRESSES, ROLE, GROUPS_OF_HOSTS})
# In place of a group: the default one of the VPC. In place of a public address: one if the subnet gives it.
DEFAULT_GROUP, SUBNET_PUBLIC = "the default group of its VPC", "as the subnet says"
# The same where nobody knows whether the interface gets one even then.
PERHAPS_SUBNET_PUBLIC = "perhaps as the subnet says"
# In place of yes or no: nobody knows.
PERHAPS = "nobody knows"
# In place of an address: one that AWS chooses. In place of a subnet: nobody knows which.
CHOSEN, ANY_SUBNET = "chosen by AWS", "any subnet"

Fields = dict[str, Any]


def complete(drafts: Drafts) -> None:
    """Add what AWS makes by itself to the rows of one source."""
    from .nodes import place_nodes
    from .ranges import route_client_vpns, settle_ranges
    from .services import join_services
    from .transit import fill_transit_gateways

    _adopt(drafts)
    for vpc in list(drafts.of("Vpcs")):
        if vpc.whole:
            _defaults_of(vpc, drafts)
    _main_tables(drafts)
    settle_ranges(drafts)
    route_client_vpns(drafts)
    for peering in list(drafts.of("VpcPeeringConnections")):
        if peering.whole and "Status" not in peering.fields:
            text = f"{peering.address}: whether it is accepted is not in the code"
            drafts.lost.append(Lost(peering.key, peering.id, text, peering.address))
    join_services(drafts)
    fill_transit_gateways(drafts)
    place_nodes(drafts)
    _unsettle(drafts)
    for vpc in drafts.of("Vpcs"):
        for name in ("DefaultGroup", "DefaultAcl", "MainTable"):
            vpc.fields.pop(name, None)


def _unsettle(drafts: Drafts) -> None:
    """Mark the subnets in which something that the code does not tell in full will have addresses."""
    # Of a subnet that is there already the code says who of its own is in it, and not who else.
    existing = {one.id for one in drafts.of("Subnets") if not one.new}
    hosts = {str(subnet) for one in drafts.of(GROUPS_OF_HOSTS) for subnet in one.fields.get("Subnets", [])}
    for one in drafts.of("Subnets"):
        if one.id in drafts.peopled | hosts | existing or ANY_SUBNET in drafts.peopled | hosts:
            one.fields["_Unsettled"] = True


def default_of(vpc: Draft, name: str, attribute: str) -> str:
    """Return the id of what a VPC comes with: its own, or one that is made up."""
    return str(vpc.fields.get(name) or f"{vpc.id}.{attribute}")


DEFAULTS = (
    ("SecurityGroups", "DefaultGroup", "default_security_group_id", "GroupId"),
    ("NetworkAcls", "DefaultAcl", "default_network_acl_id", "NetworkAclId"),
    ("RouteTables", "MainTable", "default_route_table_id", "RouteTableId"),
)


def _adopt(drafts: Drafts) -> None:
    """Give resources that take over what a VPC came with the id by which others know it, and the VPC."""
    by_default: dict[str, Draft] = {}
    for vpc in drafts.of("Vpcs"):
        for _, name, attribute, _ in DEFAULTS:
            by_default[default_of(vpc, name, attribute)] = vpc
        by_default[f"{vpc.id}.main_route_table_id"] = vpc
    renamed: dict[str, str] = {}
    for key, name, attribute, id_field in DEFAULTS:
        for draft in list(drafts.of(key)):
            said = draft.fields.pop("Adopted", None)
            adopts = bool(draft.fields.pop("TheDefault", False))
            own = by_default.get(str(said)) or (_vpc_of(draft, drafts) if adopts else None)
            if own is None and said is None and draft.new and adopts:
                said = drafts.default_group(str(draft.fields.get("VpcId", "")))
            if said is None and own is None:
                continue
            if own is not None:
                draft.fields["VpcId"] = own.id
                renamed[draft.id] = default_of(own, name, attribute)
            elif said is not None:
                renamed[draft.id] = str(said)
            if key == "RouteTables":
                draft.fields["Associations"] = [{"Main": True}, *draft.fields.get("Associations", [])]
            draft.fields[id_field] = renamed[draft.id]
    for vpc in drafts.of("Vpcs"):
        renamed[f"{vpc.id}.main_route_table_id"] = default_of(vpc, "MainTable", "default_route_table_id")
    _rename(drafts, {old: new for old, new in renamed.items() if old != new})


def _vpc_of(draft: Draft, drafts: Drafts) -> Draft | None:
    return drafts.rows.get(("Vpcs", str(draft.fields.get("VpcId"))))


def _rename(drafts: Drafts, renamed: dict[str, str]) -> None:
    """Replace ids wherever rows name them."""
    if not renamed:
        return
    rows = sorted(drafts.rows.values(), key=lambda one: not one.whole)
    drafts.rows = {}
    for one in rows:
        one.id = renamed.get(one.id, one.id)
        one.fields = _with_names(one.fields, renamed)
        drafts.add(one)


def _with_names(value: Any, renamed: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {name: _with_names(inner, renamed) for name, inner in value.items()}
    if isinstance(value, list):
        return [_with_names(inner, renamed) for inner in value]
    return renamed.get(value, value) if isinstance(value, str) else value


EVERYWHERE = {
    "IpProtocol": "-1",
    "IpRanges": [{"CidrIp": "0.0.0.0/0"}],
    "Ipv6Ranges": [{"CidrIpv6": "::/0"}],
}


def _defaults_of(vpc: Draft, drafts: Drafts) -> None:
    """Add the default group, ACL and main table of a VPC as AWS makes them, where nothing takes them over.

    Of a VPC that is there already somebody may have changed them by hand: its group and table are left unknown, and of its ACL,
    which lets everything pass unless somebody restricts it, this is said.
    """
    for key, name, attribute, id_field in DEFAULTS:
        id = default_of(vpc, name, attribute)
        known = drafts.rows.get((key, id))
        if known is not None and known.whole:
            continue
        if not vpc.new and key != "NetworkAcls":
            continue
        fields: Fields = {id_field: id, "VpcId": vpc.id, **_AS_MADE[key](id)}
        drafts.add(Draft(key, id, fields, f"{vpc.address} (made by AWS)", vpc.line, True, vpc.new))
        if not vpc.new:
            drafts.notes.append(
                f"{vpc.address}: its default network ACL is taken to be as AWS made it; the code does not hold it"
            )


def _group_as_made(id: str) -> Fields:
    inbound = {"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": id}]}
    return {"GroupName": "default", "IpPermissions": [inbound], "IpPermissionsEgress": [EVERYWHERE]}


def _acl_as_made(id: str) -> Fields:
    entries = [
        {"RuleNumber": number, "Egress": egress, "RuleAction": "allow", "Protocol": "-1", block: every}
        for egress in (False, True)
        for number, block, every in ((100, "CidrBlock", "0.0.0.0/0"), (101, "Ipv6CidrBlock", "::/0"))
    ]
    return {"IsDefault": True, "Entries": entries, "Associations": []}


def _table_as_made(id: str) -> Fields:
    return {"Routes": [], "Associations": [{"Main": True}], "PropagatingVgws": []}


_AS_MADE = {"SecurityGroups": _group_as_made, "NetworkAcls": _acl_as_made, "RouteTables": _table_as_made}


def _main_tables(drafts: Drafts) -> None:
    """Take `main` from a VPC's first table where another one is made the main table."""
    for vpc in list(drafts.of("Vpcs")):
        first = default_of(vpc, "MainTable", "default_route_table_id")
        mine = [one for one in drafts.of("RouteTables") if one.fields.get("VpcId") == vpc.id and one.id != first]
        if any({"Main": True} in one.fields.get("Associations", []) for one in mine):
            known = drafts.rows.get(("RouteTables", first))
            if known is not None:
                known.fields["Associations"] = [one for one in known.fields.get("Associations", []) if one != {"Main": True}]
