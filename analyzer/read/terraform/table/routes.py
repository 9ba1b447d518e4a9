"""Route tables, their routes, and what they are associated with."""

from __future__ import annotations

from functools import partial
from typing import Any

from ...declared.elements import ANYWHERE, doubt, route
from ...declared.resource import Declared, NotKnownError, texts
from ...declared.shape import Table, fixed, part, row
from .words import tags

Routes = list[dict[str, Any]]

DESTINATIONS = {
    "cidr_block": "DestinationCidrBlock",
    "ipv6_cidr_block": "DestinationIpv6CidrBlock",
    "destination_cidr_block": "DestinationCidrBlock",
    "destination_ipv6_cidr_block": "DestinationIpv6CidrBlock",
    "destination_prefix_list_id": "DestinationPrefixListId",
}
TARGETS = {
    "gateway_id": "GatewayId",
    "vpc_endpoint_id": "GatewayId",
    "nat_gateway_id": "NatGatewayId",
    "network_interface_id": "NetworkInterfaceId",
    "transit_gateway_id": "TransitGatewayId",
    "vpc_peering_connection_id": "VpcPeeringConnectionId",
    "egress_only_gateway_id": "EgressOnlyInternetGatewayId",
    "carrier_gateway_id": "CarrierGatewayId",
    "local_gateway_id": "LocalGatewayId",
    "core_network_arn": "CoreNetworkArn",
    "odb_network_arn": "OdbNetworkArn",
}


def _named(names: dict[str, str], one: Declared) -> dict[str, Any]:
    return {field: found for path, field in names.items() if (found := one.get(path))}


def _target(one: Declared) -> dict[str, Any]:
    if one.get("instance_id") and not one.get("network_interface_id"):
        return {"NetworkInterfaceId": f"{one.get('instance_id')}.primary_network_interface_id"}
    return _named(TARGETS, one)


def _route(one: Declared) -> dict[str, Any]:
    return route(partial(_named, DESTINATIONS, one), partial(_target, one))


def _routes(one: Declared) -> Routes:
    """Return the routes that a table holds itself, and the doubt about those that gateways fill it with."""
    return [*_own_routes(one), *_propagated(one, "propagating_vgws")]


def _own_routes(one: Declared) -> Routes:
    try:
        return [_route(block) for block in one.inside("route")]
    except NotKnownError as error:
        return [{"DestinationPrefixListId": ANYWHERE, **doubt(error.attribute)}]


def _propagated(one: Declared, path: str) -> Routes:
    """Return, for each gateway that fills the table, a route whose destination nobody knows: what it fills it with."""
    origin = "EnableVgwRoutePropagation"
    found = texts(one.get(path), path)
    return [{"DestinationPrefixListId": f"what {id} propagates", "GatewayId": id, "Origin": origin} for id in found]


def _gateways(one: Declared, path: str) -> Routes:
    return [{"GatewayId": id} for id in texts(one.get(path), path)]


def _association(one: Declared) -> Routes:
    fields = {"SubnetId": one.get("subnet_id"), "GatewayId": one.get("gateway_id")}
    return [{name: value for name, value in fields.items() if value}]


_TABLE: dict[str, Any] = {
    "Routes": _routes,
    "PropagatingVgws": lambda one: _gateways(one, "propagating_vgws"),
    "OwnerId": "?owner_id",
    "Tags": tags,
}

ROUTES: Table = {
    "aws_route_table": (row("RouteTables", "RouteTableId", VpcId="vpc_id", **_TABLE),),
    "aws_default_route_table": (row("RouteTables", "RouteTableId", VpcId="?vpc_id", Adopted="default_route_table_id", **_TABLE),),
    "aws_route": (part("RouteTables", "route_table_id", Routes=lambda one: [_route(one)]),),
    "aws_route_table_association": (part("RouteTables", "route_table_id", Associations=_association),),
    "aws_main_route_table_association": (part("RouteTables", "route_table_id", Associations=lambda one: [{"Main": True}]),),
    "aws_vpn_gateway_route_propagation": (
        part(
            "RouteTables",
            "route_table_id",
            Routes=lambda one: _propagated(one, "vpn_gateway_id"),
            PropagatingVgws=lambda one: _gateways(one, "vpn_gateway_id"),
        ),
    ),
    "aws_vpc_endpoint_route_table_association": (
        part("VpcEndpoints", "vpc_endpoint_id", RouteTableIds=lambda one: texts(one.get("route_table_id"), "route_table_id")),
    ),
    "aws_vpc_route_server_propagation": (
        part("RouteTables", "route_table_id", Routes=lambda one: _propagated(one, "route_server_id")),
    ),
    "aws_vpc_dhcp_options": (),
    "aws_ec2_tag": (),
    "aws_route53_zone_association": (),
    "aws_ec2_subnet_cidr_reservation": (),
    "aws_vpc_network_performance_metric_subscription": (),
    "aws_internet_gateway_attachment": (
        part(
            "InternetGateways",
            "internet_gateway_id",
            Attachments=lambda one: [{"VpcId": one.get("vpc_id"), "State": fixed("available")(one)}],
        ),
    ),
}
