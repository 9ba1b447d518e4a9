"""Transit gateways: attachments, tables, associations, propagations, routes."""

from __future__ import annotations

from typing import Any

from ...declared.resource import Declared
from ...declared.shape import Table, Writes, fixed, row
from .words import flag, listed, needed, tags, wrapped_for

TABLE = "TransitGatewayRouteTableId"


def _enabled(path: str) -> Any:
    return lambda one: str(one.get(path, "enable")).lower() == "enable"


def _static(one: Declared) -> list[dict[str, Any]]:
    attachment = one.get("TransitGatewayAttachmentId")
    dropped = flag("Blackhole")(one)
    attachments = [{"TransitGatewayAttachmentId": attachment, "ResourceType": "vpc"}] if attachment else []
    fields = {"Type": "static", "State": "blackhole" if dropped else "active", "TransitGatewayAttachments": attachments}
    return [{"DestinationCidrBlock": needed("DestinationCidrBlock")(one), **fields}]


def _attachment(kind: str, resource: str) -> Writes:
    """Return the entry for an attachment as the gateway sees it."""
    return row(
        "TransitGatewayAttachments",
        "TransitGatewayAttachmentId",
        TransitGatewayId="TransitGatewayId",
        ResourceType=fixed(kind),
        ResourceId=resource,
        State=fixed("available"),
    )


def _attached(state: str) -> Any:
    return lambda one: [{"TransitGatewayAttachmentId": needed("TransitGatewayAttachmentId")(one), "State": state}]


def _option(path: str, default: str) -> Any:
    return lambda one: str(one.get(f"Options.{path}") or default)


_VPC_ATTACHMENT = (
    row(
        "TransitGatewayVpcAttachments",
        "TransitGatewayAttachmentId",
        TransitGatewayId=needed("TransitGatewayId"),
        VpcId=needed("VpcId"),
        SubnetIds=listed("SubnetIds"),
        State=fixed("available"),
        Options={
            "ApplianceModeSupport": _option("ApplianceModeSupport", "disable"),
            "Ipv6Support": _option("Ipv6Support", "disable"),
            "SecurityGroupReferencingSupport": _option("SecurityGroupReferencingSupport", "enable"),
        },
        Tags=tags,
    ),
)

TRANSIT: Table = {
    "AWS::EC2::TransitGateway": (
        row(
            "TransitGateways",
            "TransitGatewayId",
            State=fixed("available"),
            Options={"SecurityGroupReferencingSupport": lambda one: one.get("SecurityGroupReferencingSupport") or "disable"},
            DefaultAssociation=_enabled("DefaultRouteTableAssociation"),
            DefaultPropagation=_enabled("DefaultRouteTablePropagation"),
            AssociationTable=lambda one: f"{one.id}.DefaultRouteTable",
            Tags=tags,
        ),
    ),
    **dict.fromkeys(("AWS::EC2::TransitGatewayAttachment", "AWS::EC2::TransitGatewayVpcAttachment"), _VPC_ATTACHMENT),
    "AWS::EC2::TransitGatewayRouteTable": (
        row("TransitGatewayRouteTables", TABLE, TransitGatewayId=needed("TransitGatewayId"), State=fixed("available"), Tags=tags),
        wrapped_for("TransitGatewayStaticRoutes", TABLE, "", Routes=fixed([])),
        wrapped_for("TransitGatewayRouteTablePropagations", TABLE, "", TransitGatewayRouteTablePropagations=fixed([])),
        wrapped_for("TransitGatewayRouteTableAssociations", TABLE, "", Associations=fixed([])),
    ),
    "AWS::EC2::TransitGatewayRoute": (wrapped_for("TransitGatewayStaticRoutes", TABLE, TABLE, Routes=_static),),
    "AWS::EC2::TransitGatewayRouteTableAssociation": (
        wrapped_for("TransitGatewayRouteTableAssociations", TABLE, TABLE, Associations=_attached("associated")),
    ),
    "AWS::EC2::TransitGatewayRouteTablePropagation": (
        wrapped_for(
            "TransitGatewayRouteTablePropagations",
            TABLE,
            TABLE,
            TransitGatewayRouteTablePropagations=_attached("enabled"),
        ),
    ),
    "AWS::EC2::TransitGatewayPeeringAttachment": (_attachment("peering", "?PeerTransitGatewayId"),),
    "AWS::EC2::TransitGatewayConnect": (_attachment("connect", "?TransportTransitGatewayAttachmentId"),),
    "AWS::EC2::TransitGatewayMulticastDomain": (),
    "AWS::EC2::TransitGatewayMulticastDomainAssociation": (),
}
