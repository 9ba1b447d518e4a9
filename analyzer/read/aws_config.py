"""AWS Config: its snapshots, and the answers of its queries, as rows of AWS's own answers. Nothing else knows its formats.

An item holds a resource nearly as its service describes it, in names that begin in small letters, or as text. What Config does not
record is not in it, so that kinds of which it has no item were not asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import msgspec

from ..models.component import Component
from ..models.errors import InputError
from ..models.snapshot import Broken
from .rows import Row, Shelves
from .troubles import Troubles
from .whose import ACCOUNT, REGION, Viewer
from .words import LEAVE_FILE_OUT, path_shown, shown

Json = dict[str, Any]
LISTS = ("configurationItems", "baseConfigurationItems")
DEEPEST = 60
# The key under which AWS's own answers hold resources of a type, for types that Config describes as their service does.
KEYS = {
    "AWS::EC2::VPC": "Vpcs",
    "AWS::EC2::Subnet": "Subnets",
    "AWS::EC2::SecurityGroup": "SecurityGroups",
    "AWS::EC2::NetworkAcl": "NetworkAcls",
    "AWS::EC2::RouteTable": "RouteTables",
    "AWS::EC2::InternetGateway": "InternetGateways",
    "AWS::EC2::EgressOnlyInternetGateway": "EgressOnlyInternetGateways",
    "AWS::EC2::NatGateway": "NatGateways",
    "AWS::EC2::NetworkInterface": "NetworkInterfaces",
    "AWS::EC2::Instance": "Reservations",
    "AWS::EC2::VPCEndpoint": "VpcEndpoints",
    "AWS::EC2::VPCEndpointService": "ServiceConfigurations",
    "AWS::EC2::VPCPeeringConnection": "VpcPeeringConnections",
    "AWS::EC2::TransitGateway": "TransitGateways",
    "AWS::EC2::VPNGateway": "VpnGateways",
    "AWS::EC2::VPNConnection": "VpnConnections",
    "AWS::ElasticLoadBalancing::LoadBalancer": "LoadBalancerDescriptions",
    "AWS::ElasticLoadBalancingV2::LoadBalancer": "LoadBalancers",
    "AWS::RDS::DBInstance": "DBInstances",
    "AWS::RDS::DBCluster": "DBClusters",
    "AWS::Redshift::Cluster": "Clusters",
    "AWS::Redshift::ClusterSubnetGroup": "ClusterSubnetGroups",
    "AWS::Lambda::Function": "Functions",
}
# Types of which Config tells something, in another shape than their service, and which carry packets: the key of what is not read.
WAYS = {
    "AWS::EC2::TransitGatewayAttachment": "TransitGatewayAttachments",
    "AWS::EC2::TransitGatewayVpcAttachment": "TransitGatewayAttachments",
    "AWS::EC2::ClientVpnEndpoint": "ClientVpnEndpoints",
    "AWS::EC2::CarrierGateway": "CarrierGateways",
    "AWS::EC2::VerifiedAccessEndpoint": "VerifiedAccessEndpoints",
    "AWS::NetworkManager::CoreNetwork": "CoreNetworks",
    "AWS::NetworkManager::VpcAttachment": "CoreNetworkAttachments",
}
GONE = re.compile(r"ResourceDeleted.*")
UNSEEN = "ResourceNotRecorded"
TAGS = {"NetworkInterfaces": "TagSet"}


class Place(msgspec.Struct, frozen=True):
    """Where an item stands."""

    file: str
    number: int
    path: str


def is_config(document: Json) -> bool:
    """Return whether the top-level keys are those of a snapshot of AWS Config, or of an answer of it."""
    if any(isinstance(document.get(key), list) for key in LISTS):
        return True
    results = document.get("Results")
    return isinstance(results, list) and "QueryInfo" in document and all(isinstance(one, str) for one in results)


def config_rows(document: Json, file: str, shelves: Shelves, troubles: Troubles) -> Iterator[Row]:
    """Yield the newest item of every resource as a row; what is incomplete, or of no kind that is modelled, goes to the shelves."""
    shelves.recognised = True
    newest: dict[tuple[str, str, str, str], tuple[str, str, Json]] = {}
    for path, item in _items(document, file, troubles):
        viewer = _viewer(item)
        key = (str(item.get("resourceType")), str(item.get("resourceId")), *viewer)
        when = str(item.get("configurationItemCaptureTime") or "")
        if key not in newest or when > newest[key][0]:
            newest[key] = (when, path, item)
    for number, (_, path, item) in enumerate(newest.values()):
        yield from _row(item, Place(file, number, path), shelves, troubles)
    if document.get("NextToken") or document.get("nextToken"):
        text = f"`{path_shown(file)}`: the answer of AWS Config goes on elsewhere"
        shelves.told.append(text)
        troubles.broken.append(Broken("", "", text))


def _items(document: Json, file: str, troubles: Troubles) -> Iterator[tuple[str, Json]]:
    """Yield the items with their paths; those of a query that does not ask for whole resources are met by `troubles`."""
    for key in LISTS:
        listed = document.get(key)
        for number, item in enumerate(listed if isinstance(listed, list) else []):
            path = f"{key}[{number}]"
            if isinstance(item, dict):
                yield path, item
            else:
                _meet(troubles, file, f"field `{path}`: expected an object")
    results = document.get("Results")
    for number, text in enumerate(results if isinstance(results, list) else []):
        path = f"Results[{number}]"
        item = _decoded(text)
        if not isinstance(item, dict):
            _meet(troubles, file, f"field `{path}`: expected a JSON object as text")
        elif _partly(document) or not {"resourceType", "configuration"} <= item.keys():
            error = f"cannot read `{path_shown(file)}`: the query does not ask for whole resources"
            hint = "ask for `SELECT resourceId, resourceType, accountId, awsRegion, tags, configuration, configurationItemCaptureTime`"
            troubles.meet(InputError(error, hint=hint))
            return
        else:
            yield path, item


def _partly(document: Json) -> bool:
    """Return whether a query asks for parts of what resources are."""
    info = document.get("QueryInfo")
    fields = info.get("SelectFields") if isinstance(info, dict) else None
    names = [str(one.get("Name")) for one in fields if isinstance(one, dict)] if isinstance(fields, list) else []
    return "configuration" not in names and any(one.startswith("configuration.") for one in names)


def _meet(troubles: Troubles, file: str, text: str) -> None:
    troubles.meet(InputError(f"cannot read `{path_shown(file)}`: {text}", hint=LEAVE_FILE_OUT))


def _decoded(value: Any) -> Any:
    """Return what a JSON text holds; None for what is none, or nests too deep."""
    if not isinstance(value, str):
        return value
    try:
        found = msgspec.json.decode(value)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return found if _depth_is_fine(found) else None


def _depth_is_fine(value: Any) -> bool:
    level = [value]
    for _ in range(DEEPEST):
        level = [
            inner for one in level for inner in (one.values() if isinstance(one, dict) else one if isinstance(one, list) else ())
        ]
        if not level:
            return True
    return False


def _viewer(item: Json) -> Viewer:
    account, region = (str(item.get(name) or "") for name in ("awsAccountId", "awsRegion"))
    account = account or str(item.get("accountId") or "")
    return Viewer(account if ACCOUNT.fullmatch(account) else "", region if REGION.fullmatch(region) else "")


# ---------------------------------------------------------------------- one item
def _row(item: Json, place: Place, shelves: Shelves, troubles: Troubles) -> Iterator[Row]:
    type, status = str(item.get("resourceType")), str(item.get("configurationItemStatus") or "")
    if GONE.fullmatch(status):
        return
    key = KEYS.get(type, "")
    shelf = shelves.shelf(key) if key else None
    configuration = _decoded(item.get("configuration"))
    if shelf is None:
        _untold(type, item, shelves)
        return
    kinds = shelf.kinds
    if status == UNSEEN or not isinstance(configuration, dict) or not configuration:
        why = shown(status or "no configuration")
        text = f"`{path_shown(place.file)}`: AWS Config does not say what {shown(item.get('resourceId'))} is ({why})"
        shelves.told.append(text)
        troubles.broken.extend(Broken(kind, str(item.get("resourceId")), text) for kind in kinds)
        return
    fields = _as_answered(configuration, shelf.readers[0].component)
    fields.setdefault(TAGS.get(key, "Tags"), _tags(item.get("tags")))
    if key == "SecurityGroups":
        _ranges(fields)
    reader = shelf.reader(fields)
    if reader is None:
        _untold(type, item, shelves)
        return
    viewer = _viewer(item)
    row = Row(reader, fields, place.file, place.number, place.path, seen_by=viewer if any(viewer) else None)
    shelves.collected.update((row.viewer, kind) for kind in kinds)
    yield row


def _untold(type: str, item: Json, shelves: Shelves) -> None:
    from .cloudformation.ignored import is_quiet

    if not is_quiet(type) and type != "AWS::EC2::EIP":
        shelves.not_modelled.add(WAYS.get(type, type), {"id": item.get("resourceId")})


def _tags(tags: Any) -> list[dict[str, str]]:
    """Return the tags of an item, which Config writes as a mapping, and its queries as a list."""
    if isinstance(tags, dict):
        return [{"Key": str(key), "Value": str(value)} for key, value in tags.items()]
    listed = [one for one in tags if isinstance(one, dict)] if isinstance(tags, list) else []
    return [{"Key": str(one.get("key")), "Value": str(one.get("value"))} for one in listed if one.get("key")]


def _ranges(fields: Json) -> None:
    """Take the ranges of rules from `ipv4Ranges`, the objects; beside them Config writes the same ranges as texts."""
    for member in ("IpPermissions", "IpPermissionsEgress"):
        listed = fields.get(member)
        for rule in listed if isinstance(listed, list) else []:
            if isinstance(rule, dict):
                objects, texts = rule.pop("Ipv4Ranges", None), rule.get("IpRanges")
                plain = [{"CidrIp": one} for one in texts if isinstance(one, str)] if isinstance(texts, list) else []
                rule["IpRanges"] = objects if isinstance(objects, list) and len(objects) >= len(plain) else plain


def _as_answered(value: Any, component: type[Component]) -> Any:
    """Return a value with the names that the service's own answers have, and without what is null."""
    if isinstance(value, list):
        return [_as_answered(one, component) for one in value]
    if not isinstance(value, dict):
        return value
    names = _names(component)
    made: Json = {}
    for name, inner in value.items():
        if inner is not None and not name.startswith("_"):
            made[names.get(name.lower()) or name[:1].upper() + name[1:]] = _as_answered(inner, component)
    return made


@cache
def _names(component: type[Component]) -> dict[str, str]:
    """Return the names of the fields that a component and its parts have, by the same in small letters."""
    from msgspec import inspect

    found: dict[str, str] = {}
    seen: set[type] = set()
    level: list[Any] = [inspect.type_info(component)]
    while level:
        info = level.pop()
        if isinstance(info, inspect.StructType):
            if info.cls not in seen:
                seen.add(info.cls)
                found.update(
                    {one.encode_name.lower(): one.encode_name for one in info.fields if one.encode_name not in found.values()}
                )
                level.extend(one.type for one in info.fields)
        elif isinstance(info, inspect.UnionType):
            level.extend(info.types)
        elif isinstance(info, inspect.ListType | inspect.VarTupleType):
            level.append(info.item_type)
        elif isinstance(info, inspect.DictType):
            level.append(info.value_type)
    return found
