"""Interfaces that stand for what code may make though nobody knows where, or with which groups: questions about these meet them.

Each stands in a subnet in which its resource may stand, carries every group that this may carry, and is itself in doubt: what reaches
it, and what it sends, is unknown at best.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from msgspec.structs import replace

from .draft import Draft, Drafts, Lost
from .made import DEFAULT_GROUP, INTERFACES, PERHAPS, ROLE
from .resource import Declared, Later
from .shape import SUBNETS, leaves

Fields = dict[str, Any]
# How the address ends of what only stands for something.
STANDS_FOR = " (perhaps)"
INSTANCES = "Reservations"
# Keys of rows that have interfaces, and how AWS describes these; where that would make a relay of them, as nothing.
DESCRIBED = {
    INTERFACES: "",
    "DBInstances": "RDSNetworkInterface",
    "CacheClusters": "ElastiCache",
    "ServerlessCaches": "ElastiCache",
    "Clusters": "RedshiftNetworkInterface",
    "workgroups": "RedshiftNetworkInterface",
    "ReplicationInstances": "",
    "DBProxies": "",
    "DomainStatusList": "ES ",
    "ClusterInfoList": "",
    "MountTargets": "EFS mount target",
    "Functions": "AWS Lambda VPC ENI",
    "services": "arn:aws:ecs:",
    "cluster": "Amazon EKS ",
    "LoadBalancers": "",
    "LoadBalancerDescriptions": "",
    "VpcEndpoints": "",
}
TYPES = {"Functions": "lambda"}
# Attributes that hold subnets and groups together.
BOTH = (
    r"|network_?interfaces?|network_?configuration|awsvpc_?configuration|(resources_?)?vpc_?config(uration|s)?|vpc_?options"
    r"|broker_?node_?group_?info|launch_?template.*"
)
GROUPS = re.compile(rf"(?i).*security_?groups?(_?ids?)?|groups|group_?set{BOTH}")
PLACES = re.compile(rf"{SUBNETS.pattern}|.*subnet_?groups?(_?name)?|subnet_?mappings?{BOTH}")


def stand_in(drafts: Drafts) -> None:
    """Add the interfaces that stand for what is lost, and the instances that they are of."""
    _keep(drafts)
    held = {one.address for one in drafts.of(INSTANCES)}
    for lost in sorted(set(drafts.lost)):
        one = drafts.sources.get((lost.key, lost.id))
        if one is None or lost.key not in DESCRIBED:
            continue
        lost = replace(lost, address=one.address)
        made = list(_interfaces(one, lost, drafts))
        for draft in made:
            drafts.add(draft)
        if made and lost.key == INTERFACES and lost.address in held:
            id = f"{lost.address}{STANDS_FOR}"
            named = [{"NetworkInterfaceId": each.id} for each in made]
            known = drafts.rows.get((INSTANCES, id))
            fields = {"InstanceId": id, "State": {"Name": "running"}, "NetworkInterfaces": named, "Tags": _tags(one)}
            if known is not None:
                known.fields["NetworkInterfaces"] = [*known.fields["NetworkInterfaces"], *named]
            else:
                drafts.add(Draft(INSTANCES, id, fields, id, one.line, True, True))


def _keep(drafts: Drafts) -> None:
    """Keep the interfaces, in doubt, that are known of a resource of which something else is not."""
    gone = {one.address: one.text for one in drafts.lost if one.address}
    lost = {(one.key, one.id) for one in drafts.lost}
    for one in drafts.of(INTERFACES):
        if one.address in gone and one.whole and (one.key, one.id) not in lost:
            one.fields.setdefault("_PerhapsThere", gone[one.address])
            one.address += STANDS_FOR


def _interfaces(one: Declared, lost: Lost, drafts: Drafts) -> Iterator[Draft]:
    named = list(leaves(one.values))
    groups = [value for _, value in named if isinstance(value, str) and drafts.find("SecurityGroups", value) is not None]
    hidden = any(isinstance(value, Later) and not value.by_aws and GROUPS.fullmatch(name) for name, value in named)
    # What a launch template says besides, the code does not hold.
    any_group = hidden or bool(one.values.get("launch_template"))
    for subnet in _subnets(named, groups, drafts):
        vpc_id = (drafts.find("Subnets", subnet) or {}).get("VpcId")
        every = [each.id for each in drafts.of("SecurityGroups") if each.whole and each.fields.get("VpcId") == vpc_id]
        carried = [*groups, *(every if any_group else [])] or ([DEFAULT_GROUP] if lost.key == INTERFACES else [])
        fields: Fields = {
            "NetworkInterfaceId": f"{lost.id}@{subnet}",
            "SubnetId": subnet,
            "Groups": [{"GroupId": group} for group in dict.fromkeys(carried)],
            "InterfaceType": TYPES.get(lost.key, "interface"),
            "Description": DESCRIBED[lost.key],
            "TagSet": _tags(one),
            "Public": PERHAPS,
            "_PerhapsThere": lost.text,
        }
        yield Draft(INTERFACES, fields["NetworkInterfaceId"], fields, f"{lost.address}{STANDS_FOR}", one.line, True, True)


def _subnets(named: Sequence[tuple[str, Any]], groups: Sequence[str], drafts: Drafts) -> list[str]:
    """Return the subnets in which a resource may stand: those that it names, else any in the VPCs of its groups, or anywhere."""
    texts = [value for _, value in named if isinstance(value, str)]
    by_group = {name: each for each in drafts.of(ROLE) for name in (each.id, each.fields.get("Name")) if "Subnets" in each.fields}
    listed = [one.get("SubnetIdentifier") for text in texts if text in by_group for one in by_group[text].fields["Subnets"]]
    found = [str(text) for text in (*texts, *listed) if drafts.find("Subnets", str(text)) is not None]
    unknown = any(isinstance(value, Later) and not value.by_aws and PLACES.fullmatch(name) for name, value in named)
    if found and not unknown:
        return list(dict.fromkeys(found))
    vpcs = {(drafts.find("SecurityGroups", group) or {}).get("VpcId") for group in groups}
    vpcs |= {text for text in texts if drafts.find("Vpcs", text) is not None}
    every = [one.id for one in drafts.of("Subnets") if one.whole and (not vpcs or one.fields.get("VpcId") in vpcs)]
    return list(dict.fromkeys((*found, *every)))


def _tags(one: Declared) -> list[Fields]:
    """Return the tags of a resource that are known; one without a name is named by its address."""
    said = one.values.get("Tags", one.values.get("tags"))
    pairs = [(key, value) for key, value in said.items()] if isinstance(said, dict) else []
    pairs += [(each.get("Key"), each.get("Value")) for each in said if isinstance(each, dict)] if isinstance(said, list) else []
    known = {key: value for key, value in pairs if isinstance(key, str) and isinstance(value, str)}
    return [{"Key": key, "Value": value} for key, value in {"Name": one.address, **known}.items()]
