"""What filters: security groups, network ACLs, prefix lists."""

from __future__ import annotations

from functools import partial
from typing import Any

from msgspec.structs import replace

from ...declared.elements import doubt, entry, permission
from ...declared.made import EVERYWHERE
from ...declared.resource import Declared, Later, NotKnownError, texts
from ...declared.shape import Table, every, fixed, row
from ..values import ACCOUNT
from .words import flag, name_of, needed, number, protocol_name, protocol_number, tags, to, unless_own, wrapped_for

Rules = list[dict[str, Any]]
OWNER = "SourceSecurityGroupOwnerId"
# Where a group stands that names no VPC.
DEFAULT_VPC = "the default VPC"
APART = "AWS does not say whether the rule of its own remains where others stand apart from the group"
SIDES = {
    "CidrIp": ("IpRanges", "CidrIp"),
    "CidrIpv6": ("Ipv6Ranges", "CidrIpv6"),
    "SourcePrefixListId": ("PrefixListIds", "PrefixListId"),
    "DestinationPrefixListId": ("PrefixListIds", "PrefixListId"),
    "SourceSecurityGroupId": ("UserIdGroupPairs", "GroupId"),
    "DestinationSecurityGroupId": ("UserIdGroupPairs", "GroupId"),
}


def _side(one: Declared, path: str, key: str, field: str) -> dict[str, Any]:
    found = texts(one.get(path), path)
    owner = unless_own(OWNER, ACCOUNT)(one) if found and path == "SourceSecurityGroupId" else None
    more = {"UserId": owner} if isinstance(owner, str) and owner.isdecimal() else {}
    return {key: [{field: text, **more} for text in found]} if found else {}


def _named(one: Declared) -> dict[str, Any]:
    """Refuse a group that is named and not by its id: which one that is, templates do not say."""
    if one.get("SourceSecurityGroupName"):
        raise NotKnownError("SourceSecurityGroupName", "it names a group and not its id")
    return {}


def _ports(one: Declared) -> dict[str, Any]:
    low, high = number(one.get("FromPort")), number(one.get("ToPort"))
    return {key: value for key, value in (("FromPort", low), ("ToPort", high)) if value is not None}


def _rule(one: Declared) -> dict[str, Any]:
    sides = [partial(_side, one, path, key, field) for path, (key, field) in SIDES.items()]
    return permission(lambda: protocol_name(one.get("IpProtocol", "-1")), partial(_ports, one), [*sides, partial(_named, one)])


def _inline(path: str, one: Declared) -> Rules:
    """Return the rules that a group holds itself; each that is not known is one that may match."""
    listed = one.values.get(path)
    made: Rules = []
    for block in listed if isinstance(listed, list) else [] if listed is None else [listed]:
        if isinstance(block, Later):
            made.append({"IpProtocol": "-1", **doubt(path, block.why)})
        elif isinstance(block, dict):
            made.append(_rule(replace(one, values=block)))
    return made


def _outbound(one: Declared) -> Rules:
    """Return the outbound rules: where none is written AWS adds one that lets everything out."""
    found = _inline("SecurityGroupEgress", one)
    if found:
        return found
    return [{**EVERYWHERE, "_Doubt": APART}] if one.get("RulesApart") else [dict(EVERYWHERE)]


def _entry_fields(one: Declared) -> dict[str, Any]:
    number_of = protocol_number(one.get("Protocol", "-1"))
    made: dict[str, Any] = {"Protocol": number_of, "RuleAction": str(one.get("RuleAction") or "").lower()}
    for name in ("CidrBlock", "Ipv6CidrBlock"):
        block = one.get(name)
        made.update({name: block} if block else {})
    if number_of in ("6", "17"):
        low, high = number(one.get("PortRange.From")), number(one.get("PortRange.To"))
        made.update({"PortRange": {"From": low, "To": high}} if low is not None and high is not None else {})
    if number_of in ("1", "58"):
        made["IcmpTypeCode"] = {"Type": int(one.get("Icmp.Type", -1)), "Code": int(one.get("Icmp.Code", -1))}
    return made


def _entry(one: Declared) -> Rules:
    number_of = number(one.get("RuleNumber"))
    if number_of is None:
        raise NotKnownError("RuleNumber", "it is not written")
    return [entry(number_of, bool(flag("Egress")(one)), partial(_entry_fields, one))]


def _restricted(one: Declared) -> str:
    return needed("DefaultSecurityGroupId")(one)


GUARDS: Table = {
    "AWS::EC2::SecurityGroup": (
        row(
            "SecurityGroups",
            "GroupId",
            GroupName=name_of("GroupName"),
            VpcId=lambda one: one.get("VpcId") or DEFAULT_VPC,
            IpPermissions=partial(_inline, "SecurityGroupIngress"),
            IpPermissionsEgress=_outbound,
            Tags=tags,
        ),
    ),
    "AWS::EC2::SecurityGroupIngress": (to("SecurityGroups", "GroupId", IpPermissions=lambda one: [_rule(one)]),),
    "AWS::EC2::SecurityGroupEgress": (to("SecurityGroups", "GroupId", IpPermissionsEgress=lambda one: [_rule(one)]),),
    # CDK's own resource, which takes every rule from the default group of a VPC.
    "Custom::VpcRestrictDefaultSG": (
        row(
            "SecurityGroups", "GroupId", GroupName=fixed("default"), IpPermissions=fixed([]), IpPermissionsEgress=fixed([]),
            Adopted=_restricted,
        ),
    ),
    "AWS::EC2::SecurityGroupVpcAssociation": (
        row("SecurityGroupVpcAssociations", "AssociationId", GroupId="GroupId", VpcId="VpcId"),
    ),
    "AWS::EC2::NetworkAcl": (
        row("NetworkAcls", "NetworkAclId", VpcId=needed("VpcId"), Entries=fixed([]), Associations=fixed([]), Tags=tags),
    ),
    "AWS::EC2::NetworkAclEntry": (to("NetworkAcls", "NetworkAclId", Entries=_entry),),
    "AWS::EC2::SubnetNetworkAclAssociation": (
        to("NetworkAcls", "NetworkAclId", Associations=lambda one: [{"SubnetId": needed("SubnetId")(one)}]),
    ),
    "AWS::EC2::PrefixList": (
        row("PrefixLists", "PrefixListId", PrefixListName=name_of("PrefixListName"), AddressFamily="?AddressFamily"),
        wrapped_for("ManagedPrefixListEntries", "PrefixListId", "", Entries=every("Entries", Cidr="Cidr")),
    ),
}  # fmt: skip
