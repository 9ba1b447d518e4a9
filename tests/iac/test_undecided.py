"""Values of templates that nobody can decide: none passes for a value, none for `no`, and none ends the reading."""

from __future__ import annotations

import pytest

from .templates import admits, made, ref, template
from .test_cloudformation import network, verdict

SSH = ("internet", "HostA", "ssh")
HOST = {"SubnetId": ref("SubnetA"), "SecurityGroupIds": [ref("GroupA")]}


def public(**more):
    """Return the two hosts with a gateway to the internet, and a rule that admits it to the first; neither has a public address."""
    there = {
        "Gateway": made("EC2::InternetGateway"),
        "Attached": made("EC2::VPCGatewayAttachment", VpcId=ref("Vpc"), InternetGatewayId=ref("Gateway")),
        "Table": made("EC2::RouteTable", VpcId=ref("Vpc")),
        "Out": made("EC2::Route", RouteTableId=ref("Table"), DestinationCidrBlock="0.0.0.0/0", GatewayId=ref("Gateway")),
        "Uses": made("EC2::SubnetRouteTableAssociation", SubnetId=ref("SubnetA"), RouteTableId=ref("Table")),
        "Rule": admits("GroupA", "0.0.0.0/0"),
    }
    found = template(**(there | more))
    found["Parameters"] = {"Unvalued": {"Type": "String"}}
    found["Conditions"] = {"Perhaps": {"Fn::Equals": [ref("Unvalued"), "yes"]}}
    return found


def subnet(said=None, **more):
    """Return the first host's subnet, which says so whether hosts get public addresses."""
    told = {} if said is None else {"MapPublicIpOnLaunch": said}
    return made("EC2::Subnet", VpcId=ref("Vpc"), CidrBlock="10.0.0.0/24", **told, **more)


def perhaps(value, otherwise=None):
    """Return the expression that is a value where a condition holds that cannot be decided, else another, or nothing."""
    return {"Fn::If": ["Perhaps", value, ref("AWS::NoValue") if otherwise is None else otherwise]}


def test_the_network_is_as_told(tmp_path):
    assert verdict(tmp_path, public(), *SSH) == "blocked"
    assert verdict(tmp_path, public(SubnetA=subnet(True)), *SSH) == "reachable"


# ---------------------------------------------------------------------- gateways
@pytest.mark.parametrize("static", [True, False])
def test_what_a_vpn_gateway_propagates_is_not_known_and_ends_nothing(tmp_path, static):
    more = {
        "Vpn": made("EC2::VPNGateway", Type="ipsec.1"),
        "VpnUse": made("EC2::VPCGatewayAttachment", VpcId=ref("Vpc"), VpnGatewayId=ref("Vpn")),
        "Told": made("EC2::VPNGatewayRoutePropagation", RouteTableIds=[ref("Table")], VpnGatewayId=ref("Vpn")),
        "Site": made("EC2::CustomerGateway", IpAddress="192.0.2.1", BgpAsn=65000, Type="ipsec.1"),
        "Line": made(
            "EC2::VPNConnection", CustomerGatewayId=ref("Site"), VpnGatewayId=ref("Vpn"), StaticRoutesOnly=static, Type="ipsec.1"
        ),
        "Known": made("EC2::VPNConnectionRoute", DestinationCidrBlock="192.168.0.0/16", VpnConnectionId=ref("Line")),
    }
    found = network(tmp_path, public(**more))
    assert found.reach("HostA", "192.168.0.9", "ssh").verdict.value in ("conditional", "unknown")
    assert found.reach(*SSH).verdict.value == "blocked"
    del more["Site"], more["Line"], more["Known"]
    assert verdict(tmp_path, public(**more), "HostA", "192.168.0.9", "ssh") in ("conditional", "unknown")


# ---------------------------------------------------------------------- names
TAGS = [{"Key": "Name", "Value": "fleet"}]


@pytest.mark.parametrize(
    "told",
    [
        {"TagSpecifications": perhaps([{"ResourceType": "instance", "Tags": TAGS}])},
        {"TagSpecifications": [perhaps({"ResourceType": "instance", "Tags": TAGS})]},
        {"TagSpecifications": [{"ResourceType": "instance", "Tags": perhaps(TAGS)}]},
        {"TagSpecifications": [{"ResourceType": "instance", "Tags": [perhaps(TAGS[0])]}]},
        {"Tags": perhaps(TAGS)},
    ],
)
def test_tags_that_are_not_known_only_name(tmp_path, told):
    data = {"ImageId": "x", "SecurityGroupIds": [ref("GroupA")], **{key: one for key, one in told.items() if key != "Tags"}}
    fleet = {"MaxSize": 1, "MinSize": 1, "VPCZoneIdentifier": [ref("SubnetA")], "Tags": told.get("Tags", [])}
    more = {
        "Launch": made("EC2::LaunchTemplate", LaunchTemplateData=data),
        "Fleet": made("AutoScaling::AutoScalingGroup", LaunchTemplate={"LaunchTemplateId": ref("Launch")}, **fleet),
    }
    found = network(tmp_path, public(SubnetA=subnet(True), **more))
    assert found.reach("internet", "Fleet@SubnetA", "ssh").verdict.value == "reachable"
