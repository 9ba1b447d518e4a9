"""Gateways of VPCs: internet, NAT, endpoints and their services, peerings, VPN."""

from __future__ import annotations

import json
from typing import Any

from ...declared.resource import Declared, Later, NotKnownError
from ...declared.shape import Table, Writes, fixed, known, row
from ..values import ACCOUNT, REGION
from .words import flag, listed, may, needed, tags, to, unless_own, wrapped_for


def _nat_addresses(one: Declared) -> list[dict[str, Any]]:
    """Return the address of a zonal gateway, as far as it is known, and the elastic address that it takes."""
    if one.get("AvailabilityMode") == "regional":
        return []
    fields = {
        "NetworkInterfaceId": f"{one.id}.NetworkInterface",
        "PrivateIp": one.get("PrivateIpAddress"),
        "AllocationId": one.get("AllocationId"),
    }
    return [{name: value for name, value in fields.items() if value}]


def _policy(one: Declared) -> str:
    """Return a policy; where something in it is not known, that stands there as a word of ours, which refuses."""
    found = one.values.get("PolicyDocument")
    if found is None:
        return ""
    return found if isinstance(found, str) else json.dumps(found, default=lambda later: "not known")


def _accepted(one: Declared) -> dict[str, str] | None:
    """Return the state of a peering; None where another account is to accept it, and the template says no role for that."""
    said = one.values.get("PeerOwnerId")
    own = said is None or (isinstance(said, Later) and said.of == ACCOUNT)
    return {"Code": "active"} if own or one.get("PeerRoleArn") else None


def _of_vpn(one: Declared) -> bool:
    return one.values.get("VpnGatewayId") is not None


def _of_internet(one: Declared) -> bool:
    return one.values.get("InternetGatewayId") is not None


def _service_name(one: Declared) -> str:
    return str(one.get("ServiceName") or f"com.amazonaws.vpce.AWS::Region.{one.id}")


def _principals(one: Declared) -> list[dict[str, str]]:
    return [{"Principal": text} for text in listed("AllowedPrincipals")(one)]


def _endpoint_service(one: Declared) -> str | None:
    try:
        found = one.get("ServiceName")
    except NotKnownError:
        if one.get("VpcEndpointType", "Gateway") != "Gateway":
            raise
        return None  # its route leads to some service all the same
    return str(found) if found else None


GATEWAYS: Table = {
    "AWS::EC2::InternetGateway": (row("InternetGateways", "InternetGatewayId", Attachments=fixed([]), Tags=tags),),
    "AWS::EC2::VPCGatewayAttachment": (
        to(
            "InternetGateways",
            "InternetGatewayId",
            _of_internet,
            Attachments=lambda one: [{"VpcId": needed("VpcId")(one), "State": "available"}],
        ),
        to(
            "VpnGateways",
            "VpnGatewayId",
            _of_vpn,
            VpcAttachments=lambda one: [{"VpcId": needed("VpcId")(one), "State": "attached"}],
        ),
    ),
    "AWS::EC2::EgressOnlyInternetGateway": (
        row(
            "EgressOnlyInternetGateways",
            "EgressOnlyInternetGatewayId",
            Attachments=lambda one: [{"VpcId": needed("VpcId")(one), "State": "attached"}],
            Tags=tags,
        ),
    ),
    "AWS::EC2::NatGateway": (
        row(
            "NatGateways",
            "NatGatewayId",
            SubnetId="SubnetId",
            VpcId="VpcId",
            ConnectivityType=lambda one: one.get("ConnectivityType") or "public",
            AvailabilityMode="?AvailabilityMode",
            NatGatewayAddresses=_nat_addresses,
            Tags=tags,
        ),
    ),
    "AWS::EC2::VPCEndpoint": (
        row(
            "VpcEndpoints",
            "VpcEndpointId",
            VpcEndpointType=lambda one: one.get("VpcEndpointType") or "Gateway",
            VpcId="VpcId",
            ServiceName=_endpoint_service,
            RouteTableIds=listed("RouteTableIds"),
            SubnetIds=listed("SubnetIds"),
            Groups=listed("SecurityGroupIds", name="GroupId"),
            PolicyDocument=_policy,
            ServiceNetworkArn="ServiceNetworkArn",
            ResourceConfigurationArn="ResourceConfigurationArn",
            Tags=tags,
        ),
    ),
    "AWS::EC2::VPCEndpointService": (
        row(
            "ServiceConfigurations",
            "ServiceId",
            ServiceName=_service_name,
            ServiceState=fixed("Available"),
            AcceptanceRequired=may("AcceptanceRequired", True),
            NetworkLoadBalancerArns=listed("NetworkLoadBalancerArns"),
            GatewayLoadBalancerArns=listed("GatewayLoadBalancerArns"),
            Tags=tags,
        ),
        wrapped_for("VpcEndpointServicePermissions", "ServiceId", "", AllowedPrincipals=fixed([])),
    ),
    "AWS::EC2::VPCEndpointServicePermissions": (
        wrapped_for("VpcEndpointServicePermissions", "ServiceId", "ServiceId", AllowedPrincipals=_principals),
    ),
    "AWS::EC2::InstanceConnectEndpoint": (
        row(
            "InstanceConnectEndpoints",
            "InstanceConnectEndpointId",
            State=fixed("create-complete"),
            SubnetId=needed("SubnetId"),
            SecurityGroupIds=listed("SecurityGroupIds"),
            PreserveClientIp=flag("PreserveClientIp"),
            Tags=tags,
        ),
    ),
    "AWS::EC2::VPCPeeringConnection": (
        row(
            "VpcPeeringConnections",
            "VpcPeeringConnectionId",
            RequesterVpcInfo={"VpcId": needed("VpcId")},
            AccepterVpcInfo={"VpcId": needed("PeerVpcId"), "OwnerId": "?PeerOwnerId", "Region": unless_own("PeerRegion", REGION)},
            Status=_accepted,
            Tags=tags,
        ),
    ),
    "AWS::EC2::VPNGateway": (row("VpnGateways", "VpnGatewayId", State=fixed("available"), VpcAttachments=fixed([]), Tags=tags),),
    "AWS::EC2::CustomerGateway": (
        row("CustomerGateways", "CustomerGatewayId", IpAddress="?IpAddress", State=fixed("available"), Tags=tags),
    ),
    "AWS::EC2::VPNConnection": (
        row(
            "VpnConnections",
            "VpnConnectionId",
            VpnGatewayId="VpnGatewayId",
            TransitGatewayId="TransitGatewayId",
            CustomerGatewayId="CustomerGatewayId",
            State=fixed("available"),
            Options={"StaticRoutesOnly": flag("StaticRoutesOnly")},
            Tags=tags,
        ),
    ),
    "AWS::EC2::VPNConnectionRoute": (
        to(
            "VpnConnections",
            "VpnConnectionId",
            Routes=lambda one: [{"DestinationCidrBlock": needed("DestinationCidrBlock")(one), "State": "available"}],
        ),
    ),
    "AWS::EC2::ClientVpnEndpoint": (
        row(
            "ClientVpnEndpoints",
            "ClientVpnEndpointId",
            ClientCidrBlock="ClientCidrBlock",
            VpcId="?VpcId",
            SecurityGroupIds=listed("SecurityGroupIds"),
            Status=fixed({"Code": "available"}),
            Tags=tags,
        ),
    ),
    "AWS::EC2::ClientVpnTargetNetworkAssociation": (
        row(
            "ClientVpnTargetNetworks",
            "AssociationId",
            ClientVpnEndpointId=needed("ClientVpnEndpointId"),
            TargetNetworkId=needed("SubnetId"),
            Status=fixed({"Code": "associated"}),
        ),
    ),
    "AWS::EC2::ClientVpnAuthorizationRule": (
        row(
            "AuthorizationRules",
            "RuleId",
            ClientVpnEndpointId=needed("ClientVpnEndpointId"),
            DestinationCidr=needed("TargetNetworkCidr"),
            AccessAll=flag("AuthorizeAllGroups"),
            GroupId=known("AccessGroupId", "a group that is not known"),
            Status=fixed({"Code": "active"}),
        ),
    ),
    "AWS::EC2::ClientVpnRoute": (
        Writes(
            "Routes",
            lambda one: one.id,
            {
                "ClientVpnEndpointId": needed("ClientVpnEndpointId"),
                "DestinationCidr": needed("DestinationCidrBlock"),
                "TargetSubnet": needed("TargetVpcSubnetId"),
                "Status": fixed({"Code": "active"}),
            },
            True,
        ),
    ),
}
