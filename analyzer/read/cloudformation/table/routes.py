"""Route tables, their routes, and what they are associated with."""

from __future__ import annotations

from functools import partial
from typing import Any

from ...declared.elements import ANYWHERE, doubt, route
from ...declared.resource import Declared, NotKnownError, texts
from ...declared.shape import Table, Writes, fixed, row
from .words import needed, tags, to

DESTINATIONS = ("DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId")
TARGETS = {
    "GatewayId": "GatewayId",
    "VpcEndpointId": "GatewayId",
    "NatGatewayId": "NatGatewayId",
    "NetworkInterfaceId": "NetworkInterfaceId",
    "TransitGatewayId": "TransitGatewayId",
    "VpcPeeringConnectionId": "VpcPeeringConnectionId",
    "EgressOnlyInternetGatewayId": "EgressOnlyInternetGatewayId",
    "CarrierGatewayId": "CarrierGatewayId",
    "LocalGatewayId": "LocalGatewayId",
    "CoreNetworkArn": "CoreNetworkArn",
}


def _destination(one: Declared) -> dict[str, Any]:
    found = {name: block for name in DESTINATIONS if (block := one.get(name))}
    if not found:
        raise NotKnownError("DestinationCidrBlock", "it is not written")
    return found


def _target(one: Declared) -> dict[str, Any]:
    if one.get("InstanceId") and not one.get("NetworkInterfaceId"):
        raise NotKnownError("InstanceId", "the instance is not in the code")
    return {field: found for path, field in TARGETS.items() if (found := one.get(path))}


def _routes(one: Declared) -> list[dict[str, Any]]:
    return [route(partial(_destination, one), partial(_target, one))]


def _propagated(one: Declared) -> list[dict[str, Any]]:
    """Return, for a gateway that fills the table, a route whose destination nobody knows: what it fills it with."""
    id = needed("VpnGatewayId")(one)
    return [{"DestinationPrefixListId": f"what {id} propagates", "GatewayId": id, "Origin": "EnableVgwRoutePropagation"}]


def _told(one: Declared) -> list[dict[str, Any]]:
    """Return, for a route server that fills the table, a route of which nobody knows anything."""
    told = f"what {needed('RouteServerId')(one)} propagates"
    return [{"DestinationPrefixListId": ANYWHERE, **doubt(told, "its peers tell it")}]


ROUTES: Table = {
    "AWS::EC2::RouteTable": (
        row(
            "RouteTables",
            "RouteTableId",
            VpcId=needed("VpcId"),
            Routes=fixed([]),
            Associations=fixed([]),
            PropagatingVgws=fixed([]),
            Tags=tags,
        ),
    ),
    "AWS::EC2::Route": (to("RouteTables", "RouteTableId", Routes=_routes),),
    "AWS::EC2::SubnetRouteTableAssociation": (
        to("RouteTables", "RouteTableId", Associations=lambda one: [{"SubnetId": needed("SubnetId")(one)}]),
    ),
    "AWS::EC2::GatewayRouteTableAssociation": (
        to("RouteTables", "RouteTableId", Associations=lambda one: [{"GatewayId": needed("GatewayId")(one)}]),
    ),
    "AWS::EC2::VPNGatewayRoutePropagation": (
        Writes(
            "RouteTables",
            lambda one: texts(one.get("RouteTableIds"), "RouteTableIds"),
            {"Routes": _propagated, "PropagatingVgws": lambda one: [{"GatewayId": needed("VpnGatewayId")(one)}]},
            False,
        ),
    ),
    "AWS::EC2::RouteServerPropagation": (to("RouteTables", "RouteTableId", Routes=_told),),
    "AWS::EC2::DHCPOptions": (),
    "AWS::EC2::VPCDHCPOptionsAssociation": (),
}
