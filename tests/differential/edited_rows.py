"""Edits as `reach whatif` writes them, each beside the rows that AWS would answer after it, changed by hand and not by the edit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from random import Random
from typing import Any

from . import rows as make
from .rows import Row

Rows = list[tuple[str, Row]]
Edited = tuple[dict[str, Any], Rows]


def of(kind: str, rows: Rows) -> list[Row]:
    """Return the rows of a kind."""
    return [row for one, row in rows if one == kind]


def ranges(vpc: Row) -> list[str]:
    """Return the ranges of a VPC that are associated."""
    v4 = [one["CidrBlock"] for one in vpc.get("CidrBlockAssociationSet", []) if one["CidrBlockState"]["State"] == "associated"]
    v6 = vpc.get("Ipv6CidrBlockAssociationSet", [])
    return v4 + [one["Ipv6CidrBlock"] for one in v6 if one["Ipv6CidrBlockState"]["State"] == "associated"]


def filled(rows: Rows) -> Rows:
    """Return the rows with transit gateways whose tables are filled by their attachments, as most are: the routes, and who fills."""
    after = deepcopy(rows)
    vpcs = {row["VpcId"]: row for row in of("vpc", after)}
    attached = {one["TransitGatewayAttachmentId"]: one["VpcId"] for one in of("transit_gateway_vpc_attachment", after)}
    for table in of("transit_gateway_routes", after):
        fills = set()
        for route in table["Routes"]:
            for one in route["TransitGatewayAttachments"]:
                id = one["TransitGatewayAttachmentId"]
                vpc = vpcs.get(attached.get(id, ""), {})
                if len(route["TransitGatewayAttachments"]) == 1 and route["DestinationCidrBlock"] in ranges(vpc):
                    fills.add(id)
        table["Routes"] = [route for route in table["Routes"] if not _only_to(route, fills)]
        shown = {route["DestinationCidrBlock"] for route in table["Routes"]}
        for id in sorted(fills):
            table["Routes"] += [_told(block, id, attached[id]) for block in ranges(vpcs[attached[id]]) if block not in shown]
        listed = [{"TransitGatewayAttachmentId": id, "ResourceId": attached[id], "ResourceType": "vpc"} for id in sorted(fills)]
        named = {"TransitGatewayRouteTableId": table["TransitGatewayRouteTableId"]}
        after.append(("transit_gateway_propagations", {**named, "TransitGatewayRouteTablePropagations": listed}))
    return after


def _only_to(route: Row, ids: set[str]) -> bool:
    leads = {one["TransitGatewayAttachmentId"] for one in route["TransitGatewayAttachments"]}
    return len(leads) == 1 and leads <= ids


def _told(block: str, id: str, vpc_id: str) -> Row:
    leads = {"TransitGatewayAttachmentId": id, "ResourceId": vpc_id, "ResourceType": "vpc"}
    return {"DestinationCidrBlock": block, "Type": "propagated", "State": "active", "TransitGatewayAttachments": [leads]}


# ---------------------------------------------------------------------- transit gateways
def tables_of(rows: Rows) -> list[tuple[Row, Row]]:
    """Return the tables of transit gateways whose routes are known, each with its routes."""
    known = {one["TransitGatewayRouteTableId"]: one for one in of("transit_gateway_routes", rows)}
    every = of("transit_gateway_route_table", rows)
    ids = [one["TransitGatewayRouteTableId"] for one in every]
    return [(one, known[id]) for one, id in zip(every, ids, strict=True) if id in known]


def associated(rows: Rows, random: Random) -> Iterator[Edited]:
    """Yield an attachment that uses another table, or none."""
    tables = [one["TransitGatewayRouteTableId"] for one, _ in tables_of(rows)]
    for seen in of("transit_gateway_attachment", rows):
        id, used = seen["TransitGatewayAttachmentId"], seen.get("Association", {}).get("TransitGatewayRouteTableId", "")
        for table in tables:
            after = deepcopy(rows)
            (mine,) = (one for one in of("transit_gateway_attachment", after) if one == seen)
            if table == used:
                del mine["Association"]
                yield {"remove": {"association": {"attachment": id, "table": table}}}, after
            else:
                mine["Association"] = {"TransitGatewayRouteTableId": table, "State": "associated"}
                yield {"add": {"association": {"attachment": id, "table": table}}}, after


def propagated(rows: Rows, random: Random) -> Iterator[Edited]:
    """Yield an attachment that fills a table, or no longer."""
    vpcs = {row["VpcId"]: row for row in of("vpc", rows)}
    for told in of("transit_gateway_propagations", rows):
        table, fills = told["TransitGatewayRouteTableId"], told["TransitGatewayRouteTablePropagations"]
        mine = {one["TransitGatewayAttachmentId"] for one in fills}
        for attachment in of("transit_gateway_vpc_attachment", rows):
            id, vpc_id = attachment["TransitGatewayAttachmentId"], attachment["VpcId"]
            after = deepcopy(rows)
            (routes,) = (one for one in of("transit_gateway_routes", after) if one["TransitGatewayRouteTableId"] == table)
            (listed,) = (one for one in of("transit_gateway_propagations", after) if one["TransitGatewayRouteTableId"] == table)
            verb = "remove" if id in mine else "add"
            if id in mine:
                kept = [one for one in fills if one["TransitGatewayAttachmentId"] != id]
                routes["Routes"] = [
                    one for one in routes["Routes"] if not (one.get("Type") == "propagated" and _only_to(one, {id}))
                ]
            else:
                kept = [*fills, {"TransitGatewayAttachmentId": id, "ResourceId": vpc_id, "ResourceType": "vpc"}]
                shown = {one["DestinationCidrBlock"] for one in routes["Routes"]}
                routes["Routes"] += [_told(block, id, vpc_id) for block in ranges(vpcs[vpc_id]) if block not in shown]
            listed["TransitGatewayRouteTablePropagations"] = kept
            yield {verb: {"propagation": {"attachment": id, "table": table}}}, after


def routed(rows: Rows, random: Random) -> Iterator[Edited]:
    """Yield a route of a transit gateway's table that is led elsewhere, or nowhere."""
    attached = of("transit_gateway_vpc_attachment", rows)
    for table, routes in tables_of(rows):
        id = table["TransitGatewayRouteTableId"]
        for route in random.sample(routes["Routes"], min(2, len(routes["Routes"]))):
            block, to = (
                route["DestinationCidrBlock"],
                random.choice([*(one["TransitGatewayAttachmentId"] for one in attached), ""]),
            )
            after = deepcopy(rows)
            (mine,) = (one for one in of("transit_gateway_routes", after) if one["TransitGatewayRouteTableId"] == id)
            mine["Routes"] = [one for one in mine["Routes"] if one["DestinationCidrBlock"] != block]
            mine["Routes"] += make.transit_routes(id, [(block, [to] if to else [])])["Routes"]
            old = {"route": {"table": id, "to": block}}
            yield {"replace": old, "with": {"route": {**old["route"], "via": to or "blackhole"}}}, after


def detached(rows: Rows, random: Random) -> Iterator[Edited]:
    """Yield a transit gateway without one of its VPCs; and one to which it comes back, in the same subnets."""
    for attachment in of("transit_gateway_vpc_attachment", rows):
        id, gateway, vpc_id = (attachment[f"{name}Id"] for name in ("TransitGatewayAttachment", "TransitGateway", "Vpc"))
        after = [(kind, row) for kind, row in deepcopy(rows) if row.get("TransitGatewayAttachmentId") != id]
        for routes in of("transit_gateway_routes", after):
            routes["Routes"] = [one for one in routes["Routes"] if not (one.get("Type") == "propagated" and _only_to(one, {id}))]
            for route in routes["Routes"]:
                had = bool(route["TransitGatewayAttachments"])
                left = [one for one in route["TransitGatewayAttachments"] if one["TransitGatewayAttachmentId"] != id]
                route["TransitGatewayAttachments"] = left
                if had and not left:
                    route["State"] = "blackhole"
        for listed in of("transit_gateway_propagations", after):
            kept = [one for one in listed["TransitGatewayRouteTablePropagations"] if one["TransitGatewayAttachmentId"] != id]
            listed["TransitGatewayRouteTablePropagations"] = kept
        named = {"gateway": gateway, "vpc": vpc_id}
        yield {"remove": {"attachment": named}}, after
        again = {**attachment, "State": "available", "TransitGatewayAttachmentId": "spoke"}
        again["Options"] = {"Ipv6Support": "enable", "SecurityGroupReferencingSupport": "enable"}
        seen = {"ResourceType": "vpc", "ResourceId": vpc_id, "TransitGatewayId": gateway, "TransitGatewayAttachmentId": "spoke"}
        back = [*deepcopy(after), ("transit_gateway_vpc_attachment", again), ("transit_gateway_attachment", seen)]
        new = {"attachment": {**named, "subnets": attachment["SubnetIds"], "ipv6": True, "id": "spoke"}}
        yield {"replace": {"attachment": named}, "with": new}, back


# ---------------------------------------------------------------------- peerings, lists, gateways, targets
def peered(rows: Rows, random: Random) -> Iterator[Edited]:
    """Yield two VPCs that are peered no longer, or, where they were not, that are."""
    vpcs = {row["VpcId"]: row for row in of("vpc", rows)}
    for peering in of("vpc_peering", rows):
        id, ends = peering["VpcPeeringConnectionId"], [peering[f"{side}VpcInfo"]["VpcId"] for side in ("Requester", "Accepter")]
        after = deepcopy(rows)
        (mine,) = (one for one in of("vpc_peering", after) if one == peering)
        if peering["Status"]["Code"] == "active":
            mine["Status"] = {"Code": "deleted"}
            yield {"remove": {"peering": {"id": id}}}, after
        elif set(ends) <= set(vpcs):
            sides = [(one, ranges(vpcs[one]), "") for one in ends]
            mine.update(make.peering(id, sides, "active"))
            yield {"add": {"peering": {"id": id, "vpcs": ends}}}, after


def listed(rows: Rows, random: Random) -> Iterator[Edited]:
    """Yield a prefix list with one more block, or without one."""
    for entries in of("prefix_list_entries", rows):
        id, blocks = entries["PrefixListId"], [one["Cidr"] for one in entries["Entries"]]
        for block in random.sample(["0.0.0.0/1", "10.0.0.0/9", *blocks], 2):
            after = deepcopy(rows)
            (mine,) = (one for one in of("prefix_list_entries", after) if one == entries)
            kept = [one for one in mine["Entries"] if one["Cidr"] != block]
            verb = "remove" if block in blocks else "add"
            mine["Entries"] = kept if block in blocks else [*mine["Entries"], {"Cidr": block}]
            yield {verb: {"entry": {"list": id, "block": block}}}, after


def at_vpc(rows: Rows, random: Random) -> Iterator[Edited]:
    """Yield gateways that are taken from their VPC; what a virtual private gateway told route tables goes with it."""
    for kind, field, member in (
        ("internet_gateway", "InternetGatewayId", "Attachments"),
        ("vpn_gateway", "VpnGatewayId", "VpcAttachments"),
    ):
        for gateway in of(kind, rows):
            if not gateway[member]:
                continue
            vpc_id, after = gateway[member][0]["VpcId"], deepcopy(rows)
            (mine,) = (one for one in of(kind, after) if one == gateway)
            mine[member] = []
            for table in of("route_table", after):
                if table["VpcId"] == vpc_id:
                    table["Routes"] = [one for one in table["Routes"] if not _told_by(one, gateway[field])]
            yield {"remove": {"attachment": {"gateway": gateway[field], "vpc": vpc_id}}}, after


def _told_by(route: Row, gateway_id: str) -> bool:
    return route.get("Origin") == "EnableVgwRoutePropagation" and route.get("GatewayId") == gateway_id


def registered(rows: Rows, random: Random) -> Iterator[Edited]:
    """Yield target groups with one target less, or with one more."""
    groups = {one["TargetGroupArn"]: one for one in of("target_group", rows)}
    for health in of("target_health", rows):
        arn, every = health["TargetGroupArn"], health["TargetHealthDescriptions"]
        for described in every[:1]:
            id, port, after = described["Target"]["Id"], described["Target"]["Port"], deepcopy(rows)
            (mine,) = (one for one in of("target_health", after) if one == health)
            mine["TargetHealthDescriptions"] = [
                one for one in every if (one["Target"]["Id"], one["Target"]["Port"]) != (id, port)
            ]
            yield {"remove": {"target": {"group": arn, "id": id, "port": port}}}, after
        if groups[arn]["TargetType"] == "instance":
            of_vpc = [
                one for one in of("network_interface", rows) if one["VpcId"] == groups[arn]["VpcId"] and "Attachment" in one
            ]
            for interface in of_vpc[:1]:
                id, after = interface["Attachment"]["InstanceId"], deepcopy(rows)
                (mine,) = (one for one in of("target_health", after) if one == health)
                mine["TargetHealthDescriptions"] = [
                    *every,
                    {"Target": {"Id": id, "Port": 7}, "TargetHealth": {"State": "healthy"}},
                ]
                yield {"add": {"target": {"group": arn, "id": id, "port": 7}}}, after


EDITS: tuple[Callable[[Rows, Random], Iterator[Edited]], ...] = (
    *(associated, propagated, routed, detached, peered, listed, at_vpc, registered),
)
