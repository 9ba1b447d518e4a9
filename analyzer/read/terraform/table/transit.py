"""Transit gateways: attachments, tables, associations, propagations, routes."""

from __future__ import annotations

from typing import Any

from ...declared.resource import Declared
from ...declared.shape import Table, fixed, ids, row, wrapped
from .words import tags


def _enabled(path: str) -> Any:
    return lambda one: one.get(path, "enable") == "enable"


def _by_default(path: str) -> Any:
    return lambda one: one.get(path, True) is not False


def _static(one: Declared) -> list[dict[str, Any]]:
    attachment = one.get("transit_gateway_attachment_id")
    state = "blackhole" if one.get("blackhole") else "active"
    attachments = [{"TransitGatewayAttachmentId": attachment, "ResourceType": "vpc"}] if attachment else []
    block = one.get("destination_cidr_block")
    return [{"DestinationCidrBlock": block, "Type": "static", "State": state, "TransitGatewayAttachments": attachments}]


def _attachment(kind: str, resource: str) -> Any:
    """Return the entry for an attachment as the gateway sees it."""
    return row(
        "TransitGatewayAttachments",
        "TransitGatewayAttachmentId",
        TransitGatewayId="transit_gateway_id",
        ResourceType=fixed(kind),
        ResourceId=resource,
        State=fixed("available"),
    )


_DEFAULTS: dict[str, Any] = {
    "DefaultAssociation": _by_default("transit_gateway_default_route_table_association"),
    "DefaultPropagation": _by_default("transit_gateway_default_route_table_propagation"),
}

TRANSIT: Table = {
    "aws_ec2_transit_gateway": (
        row(
            "TransitGateways",
            "TransitGatewayId",
            State=fixed("available"),
            Options={"SecurityGroupReferencingSupport": lambda one: one.get("security_group_referencing_support") or "disable"},
            DefaultAssociation=_enabled("default_route_table_association"),
            DefaultPropagation=_enabled("default_route_table_propagation"),
            AssociationTable="?association_default_route_table_id",
            PropagationTable="?propagation_default_route_table_id",
            OwnerId="?owner_id",
            Tags=tags,
        ),
    ),
    "aws_ec2_transit_gateway_vpc_attachment": (
        row(
            "TransitGatewayVpcAttachments",
            "TransitGatewayAttachmentId",
            TransitGatewayId="transit_gateway_id",
            VpcId="vpc_id",
            SubnetIds=ids("subnet_ids"),
            State=fixed("available"),
            Options={
                "ApplianceModeSupport": lambda one: one.get("appliance_mode_support") or "disable",
                "Ipv6Support": lambda one: one.get("ipv6_support") or "disable",
                "SecurityGroupReferencingSupport": lambda one: one.get("security_group_referencing_support") or "enable",
            },
            Tags=tags,
            **_DEFAULTS,
        ),
    ),
    "aws_ec2_transit_gateway_vpc_attachment_accepter": (),
    "aws_ec2_transit_gateway_route_table": (
        row(
            "TransitGatewayRouteTables",
            "TransitGatewayRouteTableId",
            TransitGatewayId="transit_gateway_id",
            State=fixed("available"),
            Tags=tags,
        ),
        wrapped("TransitGatewayStaticRoutes", "TransitGatewayRouteTableId", "id", Routes=fixed([])),
        wrapped(
            "TransitGatewayRouteTablePropagations",
            "TransitGatewayRouteTableId",
            "id",
            TransitGatewayRouteTablePropagations=fixed([]),
        ),
        wrapped("TransitGatewayRouteTableAssociations", "TransitGatewayRouteTableId", "id", Associations=fixed([])),
    ),
    "aws_ec2_transit_gateway_route": (
        wrapped("TransitGatewayStaticRoutes", "TransitGatewayRouteTableId", "transit_gateway_route_table_id", Routes=_static),
    ),
    "aws_ec2_transit_gateway_route_table_association": (
        wrapped(
            "TransitGatewayRouteTableAssociations",
            "TransitGatewayRouteTableId",
            "transit_gateway_route_table_id",
            Associations=lambda one: [
                {"TransitGatewayAttachmentId": one.get("transit_gateway_attachment_id"), "State": "associated"}
            ],
        ),
    ),
    "aws_ec2_transit_gateway_route_table_propagation": (
        wrapped(
            "TransitGatewayRouteTablePropagations",
            "TransitGatewayRouteTableId",
            "transit_gateway_route_table_id",
            TransitGatewayRouteTablePropagations=lambda one: [
                {"TransitGatewayAttachmentId": one.get("transit_gateway_attachment_id"), "State": "enabled"}
            ],
        ),
    ),
    "aws_ec2_transit_gateway_prefix_list_reference": (
        row(
            "TransitGatewayPrefixListReferences",
            "ReferenceId",
            TransitGatewayRouteTableId="transit_gateway_route_table_id",
            PrefixListId="prefix_list_id",
            Blackhole="blackhole",
            TransitGatewayAttachment={"TransitGatewayAttachmentId": "transit_gateway_attachment_id"},
        ),
    ),
    "aws_ec2_transit_gateway_peering_attachment": (_attachment("peering", "peer_transit_gateway_id"),),
    "aws_ec2_transit_gateway_connect": (_attachment("connect", "transport_attachment_id"),),
}
