"""Gateways of VPCs: internet, NAT, endpoints and their services, peerings, VPN, Direct Connect."""

from __future__ import annotations

from typing import Any

from ...declared.resource import Declared, NotKnownError, texts
from ...declared.shape import Table, fixed, ids, known, part, row, wrapped
from .words import said, tags

LATER = "known after it is made only"


def _attachment(one: Declared) -> list[dict[str, str]]:
    vpc_id = one.get("vpc_id")
    return [{"VpcId": vpc_id, "State": "available"}] if vpc_id else []


def _nat_interface(one: Declared) -> str:
    try:
        return str(one.get("network_interface_id") or f"{one.id}.network_interface_id")
    except NotKnownError:
        return f"{one.id}.network_interface_id"


def _optional(one: Declared, path: str) -> Any:
    try:
        return one.get(path)
    except NotKnownError:
        return None


def _nat_addresses(one: Declared) -> list[dict[str, Any]]:
    """Return the address of a zonal gateway, as far as it is known, and the elastic address that it takes."""
    if one.get("availability_mode") == "regional":
        return []
    fields = {
        "NetworkInterfaceId": _nat_interface(one),
        "PrivateIp": _optional(one, "private_ip"),
        "PublicIp": _optional(one, "public_ip"),
        "AllocationId": one.get("allocation_id"),
    }
    return [{name: value for name, value in fields.items() if value}]


def _policy(one: Declared) -> str:
    """Return a policy; one that is not known yet may refuse anything, one that the code leaves out refuses nothing."""
    try:
        return str(one.get("policy") or "")
    except NotKnownError:
        return f'{{"Statement": "{LATER}"}}'


def _accepted(one: Declared) -> dict[str, str] | None:
    """Return the state of a peering; None where nobody is known to accept it, who may do so all the same."""
    try:
        said = one.get("accept_status")
    except NotKnownError:
        said = None
    state = said or ("active" if one.get("auto_accept") else None)
    return {"Code": str(state)} if state and state != "pending-acceptance" else None


def _endpoint_state(one: Declared) -> str | None:
    said = _optional(one, "state") or ("available" if _optional(one, "auto_accept") is True else None)
    return str(said) if said else None


_SIDE = {"VpcId": "vpc_id", "OwnerId": "?owner_id"}

GATEWAYS: Table = {
    "aws_internet_gateway": (
        row("InternetGateways", "InternetGatewayId", Attachments=_attachment, OwnerId="?owner_id", Tags=tags),
    ),
    "aws_egress_only_internet_gateway": (
        row(
            "EgressOnlyInternetGateways",
            "EgressOnlyInternetGatewayId",
            Attachments=lambda one: [{"VpcId": one.get("vpc_id"), "State": "attached"}],
            Tags=tags,
        ),
    ),
    "aws_nat_gateway": (
        row(
            "NatGateways",
            "NatGatewayId",
            SubnetId="subnet_id",
            VpcId="?vpc_id",
            ConnectivityType=lambda one: one.get("connectivity_type") or "public",
            AvailabilityMode="?availability_mode",
            NatGatewayAddresses=_nat_addresses,
            Tags=tags,
        ),
    ),
    "aws_vpc_endpoint": (
        row(
            "VpcEndpoints",
            "VpcEndpointId",
            VpcEndpointType=lambda one: one.get("vpc_endpoint_type") or "Gateway",
            VpcId="vpc_id",
            ServiceName=lambda one: _optional(one, "service_name"),
            State=_endpoint_state,
            RouteTableIds=ids("route_table_ids"),
            SubnetIds=ids("subnet_ids"),
            NetworkInterfaceIds=lambda one: texts(_optional(one, "network_interface_ids"), ""),
            Groups=ids("security_group_ids", "GroupId"),
            PolicyDocument=_policy,
            PrefixListId="?prefix_list_id",
            Cidrs=lambda one: texts(_optional(one, "cidr_blocks"), ""),
            ServiceNetworkArn="service_network_arn",
            ResourceConfigurationArn="resource_configuration_arn",
            OwnerId="?owner_id",
            Tags=tags,
        ),
    ),
    "aws_vpc_endpoint_subnet_association": (part("VpcEndpoints", "vpc_endpoint_id", SubnetIds=ids("subnet_id")),),
    "aws_vpc_endpoint_security_group_association": (
        part("VpcEndpoints", "vpc_endpoint_id", Groups=ids("security_group_id", "GroupId")),
    ),
    "aws_vpc_endpoint_policy": (part("VpcEndpoints", "vpc_endpoint_id", PolicyDocument=_policy),),
    "aws_vpc_endpoint_service": (
        row(
            "ServiceConfigurations",
            "ServiceId",
            ServiceName=lambda one: _optional(one, "service_name") or f"{one.id}.service_name",
            ServiceState=fixed("Available"),
            AcceptanceRequired=known("acceptance_required", True),
            NetworkLoadBalancerArns=ids("network_load_balancer_arns"),
            GatewayLoadBalancerArns=ids("gateway_load_balancer_arns"),
            Tags=tags,
        ),
        wrapped("VpcEndpointServicePermissions", "ServiceId", "id", AllowedPrincipals=ids("allowed_principals", "Principal")),
    ),
    "aws_vpc_endpoint_service_allowed_principal": (
        wrapped(
            "VpcEndpointServicePermissions",
            "ServiceId",
            "vpc_endpoint_service_id",
            AllowedPrincipals=ids("principal_arn", "Principal"),
        ),
    ),
    "aws_vpc_endpoint_connection_accepter": (
        row(
            "VpcEndpointConnections",
            "ConnectionId",
            ServiceId="vpc_endpoint_service_id",
            VpcEndpointId="vpc_endpoint_id",
            VpcEndpointState=fixed("available"),
        ),
    ),
    "aws_ec2_instance_connect_endpoint": (
        row(
            "InstanceConnectEndpoints",
            "InstanceConnectEndpointId",
            State=fixed("create-complete"),
            SubnetId="subnet_id",
            VpcId="?vpc_id",
            SecurityGroupIds=ids("security_group_ids"),
            PreserveClientIp="preserve_client_ip",
            Tags=tags,
        ),
    ),
    "aws_vpc_peering_connection": (
        row(
            "VpcPeeringConnections",
            "VpcPeeringConnectionId",
            RequesterVpcInfo=_SIDE,
            AccepterVpcInfo={"VpcId": "peer_vpc_id", "OwnerId": "?peer_owner_id", "Region": "peer_region"},
            Status=_accepted,
            Tags=tags,
        ),
    ),
    "aws_vpc_peering_connection_accepter": (
        part(
            "VpcPeeringConnections",
            "vpc_peering_connection_id",
            lambda one: one.get("auto_accept"),
            Status={"Code": fixed("active")},
        ),
    ),
    "aws_vpc_peering_connection_options": (),
    "aws_vpn_gateway": (
        row(
            "VpnGateways",
            "VpnGatewayId",
            State=fixed("available"),
            VpcAttachments=lambda one: [{**each, "State": "attached"} for each in _attachment(one)],
            Tags=tags,
        ),
    ),
    "aws_vpn_gateway_attachment": (
        part("VpnGateways", "vpn_gateway_id", VpcAttachments=lambda one: [{"VpcId": one.get("vpc_id"), "State": "attached"}]),
    ),
    "aws_customer_gateway": (
        row("CustomerGateways", "CustomerGatewayId", IpAddress="?ip_address", State=fixed("available"), Tags=tags),
    ),
    "aws_vpn_connection": (
        row(
            "VpnConnections",
            "VpnConnectionId",
            VpnGatewayId="vpn_gateway_id",
            TransitGatewayId="transit_gateway_id",
            CustomerGatewayId="customer_gateway_id",
            State=fixed("available"),
            Options={"StaticRoutesOnly": "static_routes_only"},
            Tags=tags,
        ),
    ),
    "aws_vpn_connection_route": (
        part(
            "VpnConnections",
            "vpn_connection_id",
            Routes=lambda one: [{"DestinationCidrBlock": one.get("destination_cidr_block"), "State": "available"}],
        ),
    ),
    "aws_dx_gateway_association": (
        row(
            "directConnectGatewayAssociations",
            "associationId",
            directConnectGatewayId="dx_gateway_id",
            associationState=fixed("associated"),
            associatedGateway={"id": said("associated_gateway_id"), "type": "?associated_gateway_type"},
            allowedPrefixesToDirectConnectGateway=lambda one: [{"cidr": text} for text in said("allowed_prefixes")(one)],
        ),
    ),
    "aws_ec2_client_vpn_endpoint": (
        row(
            "ClientVpnEndpoints",
            "ClientVpnEndpointId",
            ClientCidrBlock="client_cidr_block",
            VpcId="?vpc_id",
            SecurityGroupIds=ids("security_group_ids"),
            Status={"Code": fixed("available")},
            Tags=tags,
        ),
    ),
    "aws_ec2_client_vpn_network_association": (
        row(
            "ClientVpnTargetNetworks",
            "AssociationId",
            ClientVpnEndpointId="client_vpn_endpoint_id",
            TargetNetworkId="subnet_id",
            Status={"Code": fixed("associated")},
        ),
    ),
    "aws_ec2_client_vpn_authorization_rule": (
        row(
            "AuthorizationRules",
            "RuleId",
            ClientVpnEndpointId="client_vpn_endpoint_id",
            DestinationCidr="target_network_cidr",
            AccessAll="authorize_all_groups",
            GroupId="access_group_id",
            Status={"Code": fixed("active")},
        ),
    ),
}
