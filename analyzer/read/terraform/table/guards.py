"""What filters: security groups, network ACLs, prefix lists."""

from __future__ import annotations

from functools import partial
from typing import Any

from ...declared.elements import entry, permission
from ...declared.resource import Declared, NotKnownError, texts
from ...declared.shape import Table, part, row, wrapped
from .words import port, protocol_name, protocol_number, tags

Rules = list[dict[str, Any]]


def _listed(one: Declared, path: str, key: str, field: str) -> dict[str, Any]:
    found = texts(one.get(path), path)
    return {key: [{field: text} for text in found]} if found else {}


def _pairs(one: Declared, *paths: str) -> dict[str, Any]:
    """Return the groups that a rule names, itself among them where it says so."""
    found = [text for path in paths for text in texts(one.get(path), path)]
    pairs = [_pair(text) for text in found]
    return {"UserIdGroupPairs": pairs} if pairs else {}


def _pair(text: str) -> dict[str, str]:
    """Return a group as AWS names it: `123456789012/sg-…` is another account's."""
    account, slash, group = text.rpartition("/")
    return {"GroupId": group, "UserId": account} if slash and account.isdigit() else {"GroupId": text}


def _own(one: Declared, group: str) -> dict[str, Any]:
    return {"UserIdGroupPairs": [{"GroupId": group}]} if one.get("self") else {}


def _merged(*parts: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for found in parts:
        for name, value in found.items():
            made[name] = [*made.get(name, []), *value]
    return made


def _ports(one: Declared) -> dict[str, Any]:
    low, high = port(one.get("from_port")), port(one.get("to_port"))
    return {key: value for key, value in (("FromPort", low), ("ToPort", high)) if value is not None}


def _rule(one: Declared, group: str, *groups: str) -> dict[str, Any]:
    """Return a rule as a security group's block or a rule of its own writes it; `groups` are attributes that name far groups."""
    sides = (
        lambda: _listed(one, "cidr_blocks", "IpRanges", "CidrIp"),
        lambda: _listed(one, "ipv6_cidr_blocks", "Ipv6Ranges", "CidrIpv6"),
        lambda: _listed(one, "prefix_list_ids", "PrefixListIds", "PrefixListId"),
        lambda: _merged(_pairs(one, *groups), _own(one, group)),
    )
    return permission(lambda: protocol_name(one.get("protocol", "-1")), lambda: _ports(one), sides)


def _newer_rule(one: Declared) -> dict[str, Any]:
    """Return a rule as the resources write it that hold one far side each."""
    sides = (
        lambda: _listed(one, "cidr_ipv4", "IpRanges", "CidrIp"),
        lambda: _listed(one, "cidr_ipv6", "Ipv6Ranges", "CidrIpv6"),
        lambda: _listed(one, "prefix_list_id", "PrefixListIds", "PrefixListId"),
        lambda: _pairs(one, "referenced_security_group_id"),
    )
    return permission(lambda: protocol_name(one.get("ip_protocol", "-1")), lambda: _ports(one), sides)


def _inline(path: str, one: Declared) -> Rules:
    """Return the rules that a group holds itself; a group of Terraform has those that are written, and no other."""
    try:
        return [_rule(block, one.id, "security_groups") for block in one.inside(path)]
    except NotKnownError as error:
        return [permission(lambda: "-1", dict, [partial(_fail, error)])]


def _fail(error: NotKnownError) -> dict[str, Any]:
    raise error


def _alone(direction: str, one: Declared) -> Rules:
    if one.get("type") != direction:
        return []
    return [_rule(one, str(one.get("security_group_id")), "source_security_group_id")]


def _entry_fields(one: Declared) -> dict[str, Any]:
    number = protocol_number(one.get("protocol", "-1"))
    made: dict[str, Any] = {"Protocol": number, "RuleAction": str(one.get("action") or one.get("rule_action") or "").lower()}
    for name, path in (("CidrBlock", "cidr_block"), ("Ipv6CidrBlock", "ipv6_cidr_block")):
        block = one.get(path)
        made.update({name: block} if block else {})
    if number in ("6", "17"):
        low, high = port(one.get("from_port")), port(one.get("to_port"))
        made.update({"PortRange": {"From": low, "To": high}} if low is not None and high is not None else {})
    if number in ("1", "58"):
        made["IcmpTypeCode"] = {"Type": int(one.get("icmp_type", -1)), "Code": int(one.get("icmp_code", -1))}
    return made


def _entries(one: Declared) -> Rules:
    return [*_entries_of(one, "ingress", False), *_entries_of(one, "egress", True)]


def _entries_of(one: Declared, path: str, egress: bool) -> Rules:
    try:
        blocks = list(one.inside(path))
        return [entry(int(block.get("rule_no")), egress, partial(_entry_fields, block)) for block in blocks]
    except NotKnownError as error:
        # Nobody knows the numbers: any of them may come first, and say anything.
        return [entry(1, egress, partial(_fail, error))]


def _entry(one: Declared) -> Rules:
    return [entry(int(one.get("rule_number")), bool(one.get("egress")), partial(_entry_fields, one))]


def _associations(one: Declared) -> Rules:
    return [{"SubnetId": text} for text in texts(one.get("subnet_ids"), "subnet_ids")]


def _name(one: Declared) -> str:
    try:
        return str(one.get("name") or one.address)
    except NotKnownError:
        return one.address


_GROUP: dict[str, Any] = {
    "GroupName": _name,
    "VpcId": "vpc_id",
    "OwnerId": "?owner_id",
    "IpPermissions": partial(_inline, "ingress"),
    "IpPermissionsEgress": partial(_inline, "egress"),
    "Tags": tags,
}
_ACL: dict[str, Any] = {"Entries": _entries, "Associations": _associations, "OwnerId": "?owner_id", "Tags": tags}

GUARDS: Table = {
    "aws_security_group": (row("SecurityGroups", "GroupId", **_GROUP),),
    "aws_default_security_group": (
        row("SecurityGroups", "GroupId", **{**_GROUP, "GroupName": lambda one: "default", "TheDefault": lambda one: True}),
    ),
    "aws_security_group_rule": (
        part(
            "SecurityGroups",
            "security_group_id",
            IpPermissions=partial(_alone, "ingress"),
            IpPermissionsEgress=partial(_alone, "egress"),
        ),
    ),
    "aws_vpc_security_group_ingress_rule": (
        part("SecurityGroups", "security_group_id", IpPermissions=lambda one: [_newer_rule(one)]),
    ),
    "aws_vpc_security_group_egress_rule": (
        part("SecurityGroups", "security_group_id", IpPermissionsEgress=lambda one: [_newer_rule(one)]),
    ),
    # The rules of the group, and no others, whoever made them: what stands elsewhere is removed when it is applied.
    "aws_vpc_security_group_rules_exclusive": (),
    "aws_vpc_security_group_vpc_association": (
        row("SecurityGroupVpcAssociations", "AssociationId", GroupId="security_group_id", VpcId="vpc_id"),
    ),
    "aws_network_acl": (row("NetworkAcls", "NetworkAclId", VpcId="vpc_id", **_ACL),),
    "aws_default_network_acl": (
        row("NetworkAcls", "NetworkAclId", VpcId="?vpc_id", IsDefault=lambda one: True, Adopted="default_network_acl_id", **_ACL),
    ),
    "aws_network_acl_rule": (part("NetworkAcls", "network_acl_id", Entries=_entry),),
    "aws_network_acl_association": (
        part("NetworkAcls", "network_acl_id", Associations=lambda one: [{"SubnetId": one.get("subnet_id")}]),
    ),
    "aws_ec2_managed_prefix_list": (
        row("PrefixLists", "PrefixListId", PrefixListName="?name", AddressFamily="?address_family", OwnerId="?owner_id"),
        wrapped(
            "ManagedPrefixListEntries",
            "PrefixListId",
            "id",
            Entries=lambda one: [{"Cidr": block.get("cidr")} for block in one.inside("entry")],
        ),
    ),
    "aws_ec2_managed_prefix_list_entry": (
        wrapped("ManagedPrefixListEntries", "PrefixListId", "prefix_list_id", Entries=lambda one: [{"Cidr": one.get("cidr")}]),
    ),
}
