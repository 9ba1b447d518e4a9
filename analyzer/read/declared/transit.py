"""What a transit gateway does by default: its first table, which attachments use and fill unless they say otherwise."""

from __future__ import annotations

from typing import Any

from .draft import Draft, Drafts, Lost

ATTACHMENTS, GATEWAYS = ("TransitGatewayVpcAttachments", "TransitGatewayAttachments"), "TransitGateways"


def fill_transit_gateways(drafts: Drafts) -> None:
    """Add the first tables of gateways, and what attachments do with them."""
    for gateway in list(drafts.of(GATEWAYS)):
        fields = gateway.fields
        associates, propagates = fields.pop("DefaultAssociation", False), fields.pop("DefaultPropagation", False)
        first = str(fields.pop("AssociationTable", "") or f"{gateway.id}.association_default_route_table_id")
        second = str(fields.pop("PropagationTable", "") or first)
        if associates or propagates:
            for table in dict.fromkeys((first, second)):
                _add_table(table, gateway, drafts)
        for attachment in list(drafts.of(ATTACHMENTS[0])):
            if attachment.fields.get("TransitGatewayId") == gateway.id:
                _use(attachment, first if associates else "", second if propagates else "", drafts)
        _add_vpns(gateway, first if associates else "", second if propagates else "", drafts)
    for attachment in list(drafts.of(ATTACHMENTS[0])):
        _use_existing(attachment, drafts)
        attachment.fields.pop("DefaultAssociation", None)
        attachment.fields.pop("DefaultPropagation", None)
    _complete_routes(drafts)


def _add_table(id: str, gateway: Draft, drafts: Drafts) -> None:
    name = "TransitGatewayRouteTableId"
    for key, fields in (
        ("TransitGatewayRouteTables", {"TransitGatewayId": gateway.id}),
        ("TransitGatewayStaticRoutes", {"Routes": []}),
        ("TransitGatewayRouteTablePropagations", {"TransitGatewayRouteTablePropagations": []}),
        ("TransitGatewayRouteTableAssociations", {"Associations": []}),
    ):
        drafts.add(Draft(key, id, {name: id, **fields}, f"{gateway.address} (made by AWS)", gateway.line, True, gateway.new))


def _use(attachment: Draft, first: str, second: str, drafts: Drafts) -> None:
    """Let an attachment use and fill the first tables, unless it says otherwise."""
    named = attachment.fields
    if first and named.get("DefaultAssociation", True):
        used = {"Associations": [{"TransitGatewayAttachmentId": attachment.id, "State": "associated"}]}
        _add_part("TransitGatewayRouteTableAssociations", first, used, attachment, drafts)
    if second and named.get("DefaultPropagation", True):
        filled = {"TransitGatewayRouteTablePropagations": [{"TransitGatewayAttachmentId": attachment.id, "State": "enabled"}]}
        _add_part("TransitGatewayRouteTablePropagations", second, filled, attachment, drafts)


def _use_existing(attachment: Draft, drafts: Drafts) -> None:
    """Let an attachment to a gateway that is there already use and fill the tables that the gateway says."""
    named = (GATEWAYS, str(attachment.fields.get("TransitGatewayId")))
    gateway = None if named in drafts.rows else drafts.find(*named)
    if gateway is None:
        return
    options = gateway.get("Options") or {}
    tables = []
    for switch, table in (
        ("DefaultRouteTableAssociation", "AssociationDefaultRouteTableId"),
        ("DefaultRouteTablePropagation", "PropagationDefaultRouteTableId"),
    ):
        if switch not in options:
            text = f"{attachment.address}: the snapshot does not say which tables its gateway gives it"
            drafts.lost.append(Lost(attachment.key, attachment.id, text, attachment.address))
            return
        tables.append(str(options.get(table, "")) if options[switch] == "enable" else "")
    _use(attachment, tables[0], tables[1], drafts)


def _add_part(key: str, id: str, fields: dict[str, Any], attachment: Draft, drafts: Drafts) -> None:
    whole = {"TransitGatewayRouteTableId": id, **fields}
    drafts.add(Draft(key, id, whole, attachment.address, attachment.line, False, attachment.new))


def _add_vpns(gateway: Draft, first: str, second: str, drafts: Drafts) -> None:
    """Add the attachment that a VPN connection to a gateway makes."""
    for vpn in list(drafts.of("VpnConnections")):
        if vpn.fields.get("TransitGatewayId") != gateway.id:
            continue
        id = f"{vpn.id}.transit_gateway_attachment_id"
        fields = {
            "TransitGatewayAttachmentId": id,
            "TransitGatewayId": gateway.id,
            "ResourceType": "vpn",
            "ResourceId": vpn.id,
            "State": "available",
        }
        attachment = Draft(ATTACHMENTS[1], id, fields, vpn.address, vpn.line, True, vpn.new)
        drafts.add(attachment)
        _use(attachment, first, second, drafts)


def _complete_routes(drafts: Drafts) -> None:
    """Say in routes and propagations what each attachment is attached to."""
    told = {one.id: ("vpc", str(one.fields.get("VpcId", ""))) for one in drafts.of(ATTACHMENTS[0])}
    for one in drafts.of(ATTACHMENTS[1]):
        told[one.id] = (str(one.fields.get("ResourceType", "")), str(one.fields.get("ResourceId", "")))
    for propagations in drafts.of("TransitGatewayRouteTablePropagations"):
        listed = propagations.fields.get("TransitGatewayRouteTablePropagations", [])
        propagations.fields["TransitGatewayRouteTablePropagations"] = [_told(one, told) for one in listed]
    for routes in drafts.of("TransitGatewayStaticRoutes"):
        for route in routes.fields.get("Routes", []):
            route["TransitGatewayAttachments"] = [_told(one, told) for one in route.get("TransitGatewayAttachments", [])]


def _told(one: dict[str, str], told: dict[str, tuple[str, str]]) -> dict[str, str]:
    kind, resource = told.get(one.get("TransitGatewayAttachmentId", ""), ("", ""))
    return {**one, "ResourceType": kind, "ResourceId": resource} if kind else one
