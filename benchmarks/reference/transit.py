"""A transit gateway, its attachments and route tables from tables, a VPN, and a firewall with what it lets through."""

from __future__ import annotations

from typing import NamedTuple

from ..organisation.rows import WHEN, Owner, Row, id_of, managed, tags
from .estate import Estate, Site


class Attached(NamedTuple):
    """An attachment: the VPC (None for the VPN), its subnets, and the route table that it is associated with."""

    name: str
    table: str
    site: Site | None = None
    subnets: tuple[str, ...] = ()
    appliance: bool = False


def gateway(
    estate: Estate, owner: Owner, name: str, attached: list[Attached], tables: dict[str, list[str]], labels: dict[str, str]
) -> None:
    """Add a transit gateway; routes are like `10.0.0.0/8 static inspection` and `10.1.0.0/16 propagated payments`."""
    id = id_of("tgw", name)
    options: Row = {"AmazonSideAsn": 64512, "AutoAcceptSharedAttachments": "disable", "DnsSupport": "enable"}
    options |= {"DefaultRouteTableAssociation": "disable", "DefaultRouteTablePropagation": "disable"}
    options |= {"SecurityGroupReferencingSupport": "disable", "VpnEcmpSupport": "enable", "MulticastSupport": "disable"}
    row: Row = {"TransitGatewayId": id, "TransitGatewayArn": owner.arn("ec2", f"transit-gateway/{id}"), "State": "available"}
    row |= {"OwnerId": owner.account, "Description": name, "CreationTime": WHEN, "Options": options}
    estate.add(owner, "TransitGateways", row | {"Tags": tags(name, **labels)})
    by_name = {one.name: one for one in attached}
    for one in attached:
        _attach(estate, owner, id, one, labels)
    for table, routes in tables.items():
        _table(estate, owner, id, table, labels)
        users = [leads(one) | {"State": "associated"} for one in attached if one.table == table]
        of = {"TransitGatewayRouteTableId": id_of("tgw-rtb", table)}
        estate.add(owner, "TransitGatewayRoutes", of | {"Routes": []})
        estate.add(owner, "TransitGatewayRouteTableAssociations", of | {"Associations": users})
        estate.add(owner, "TransitGatewayRouteTablePropagations", of | {"TransitGatewayRouteTablePropagations": []})
        for line in routes:
            transit_route(estate, table, line, by_name)


def leads(one: Attached) -> Row:
    """Return an attachment as routes, associations and propagations name it."""
    id, type_ = (id_of("vpc", one.site.name), "vpc") if one.site is not None else (id_of("vpn", one.name), "vpn")
    return {"TransitGatewayAttachmentId": id_of("tgw-attach", one.name), "ResourceId": id, "ResourceType": type_}


def transit_route(estate: Estate, table: str, line: str, attached: dict[str, Attached]) -> None:
    """Add a route to a table of the gateway, and to its propagations where it is none of a person's own."""
    block, type_, name = line.split()
    target = leads(attached[name])
    id = id_of("tgw-rtb", table)
    row = {"DestinationCidrBlock": block, "Type": type_, "State": "active", "TransitGatewayAttachments": [target]}
    _of(estate, "TransitGatewayRoutes", id)["Routes"].append(row)
    if type_ == "propagated":
        told = _of(estate, "TransitGatewayRouteTablePropagations", id)["TransitGatewayRouteTablePropagations"]
        told.append(target | {"State": "enabled"})


def _of(estate: Estate, key: str, id: str) -> Row:
    return next(one for one in estate.rows(key) if one["TransitGatewayRouteTableId"] == id)


def _attach(estate: Estate, owner: Owner, gateway_id: str, one: Attached, labels: dict[str, str]) -> None:
    far = one.site.owner if one.site is not None else owner
    row: Row = {"TransitGatewayId": gateway_id, "TransitGatewayOwnerId": owner.account, "ResourceOwnerId": far.account}
    row |= {"State": "available", "CreationTime": WHEN, **leads(one), "Tags": tags(one.name, **labels)}
    row |= {"Association": {"TransitGatewayRouteTableId": id_of("tgw-rtb", one.table), "State": "associated"}}
    estate.add(owner, "TransitGatewayAttachments", row)
    if one.site is None:
        return
    id = id_of("tgw-attach", one.name)
    row = {"TransitGatewayAttachmentId": id, "TransitGatewayId": gateway_id, "VpcId": id_of("vpc", one.site.name)}
    row |= {"VpcOwnerId": far.account, "State": "available", "SubnetIds": [id_of("subnet", each) for each in one.subnets]}
    mode = "enable" if one.appliance else "disable"
    row["Options"] = {"DnsSupport": "enable", "Ipv6Support": "disable", "ApplianceModeSupport": mode}
    estate.add(far, "TransitGatewayVpcAttachments", row | {"CreationTime": WHEN, **one.site.tagged(one.name)})
    what = managed("amazon-aws", f"Network Interface for Transit Gateway Attachment {id}", InterfaceType="transit_gateway")
    for place in one.subnets:
        first = estate.row("subnet", place)["CidrBlock"].partition("/")[0].rpartition(".")
        one.site.interface(f"{one.name}/{place}", place, f"{first[0]}.{int(first[2]) + 4}", **what)


def _table(estate: Estate, owner: Owner, gateway_id: str, name: str, labels: dict[str, str]) -> None:
    row: Row = {"TransitGatewayRouteTableId": id_of("tgw-rtb", name), "TransitGatewayId": gateway_id, "State": "available"}
    row |= {"DefaultAssociationRouteTable": False, "DefaultPropagationRouteTable": False, "CreationTime": WHEN}
    estate.add(owner, "TransitGatewayRouteTables", row | {"Tags": tags(name, **labels)})


def vpn(estate: Estate, owner: Owner, name: str, gateway_name: str, outside: str, labels: dict[str, str]) -> None:
    """Add a VPN connection of the transit gateway to a site, both tunnels up."""
    row: Row = {"CustomerGatewayId": id_of("cgw", name), "IpAddress": outside, "State": "available", "Type": "ipsec.1"}
    estate.add(owner, "CustomerGateways", row | {"BgpAsn": "65010", "Tags": tags(name, **labels)})
    row = {
        "VpnConnectionId": id_of("vpn", name),
        "CustomerGatewayId": id_of("cgw", name),
        "Category": "VPN",
        "State": "available",
    }
    row |= {"TransitGatewayId": id_of("tgw", gateway_name), "Type": "ipsec.1", "Routes": []}
    row |= {"Options": {"StaticRoutesOnly": True, "EnableAcceleration": False, "TunnelInsideIpVersion": "ipv4"}}
    row["VgwTelemetry"] = [
        {"OutsideIpAddress": one, "Status": "UP", "StatusMessage": "", "AcceptedRouteCount": 1, "LastStatusChange": WHEN}
        for one in ("203.0.113.201", "203.0.113.202")
    ]
    estate.add(owner, "VpnConnections", row | {"Tags": tags(name, **labels)})


# ---------------------------------------------------------------------- the firewall
def firewall(site: Site, name: str, places: list[str], passes: list[str]) -> None:
    """Add a firewall with an endpoint in each of some subnets; `passes` are its rules in order, what is none of them is dropped."""
    owner, estate = site.owner, site.estate
    kinds = {"firewall": "firewall", "policy": "firewall-policy", "rules": "stateful-rulegroup"}
    arns = {key: owner.arn("network-firewall", f"{kind}/{name}") for key, kind in kinds.items()}
    states: Row = {}
    for place in places:
        subnet = estate.row("subnet", place)
        id = id_of("vpce", f"{name}/{place}")
        what: Row = {"RequesterManaged": True, "InterfaceType": "gateway_load_balancer_endpoint"}
        first = subnet["CidrBlock"].partition("/")[0].rpartition(".")
        held = site.interface(f"{name}/{place}", place, f"{first[0]}.{int(first[2]) + 10}", SourceDestCheck=False, **what)
        held["Description"] = f"VPC Endpoint Interface {id}"
        row: Row = {"VpcEndpointId": id, "VpcEndpointType": "GatewayLoadBalancer", "VpcId": held["VpcId"], "State": "available"}
        row |= {"ServiceName": f"com.amazonaws.vpce.{owner.region}.vpce-svc-0a1b2c3d4e5f67890", "SubnetIds": [held["SubnetId"]]}
        row |= {"NetworkInterfaceIds": [held["NetworkInterfaceId"]], "RequesterManaged": True, "OwnerId": owner.account}
        marks = [{"Key": "AWSNetworkFirewallManaged", "Value": "true"}, {"Key": "Firewall", "Value": arns["firewall"]}]
        estate.add(owner, "VpcEndpoints", row | {"RouteTableIds": [], "Groups": [], "CreationTimestamp": WHEN, "Tags": marks})
        attachment = {"SubnetId": held["SubnetId"], "EndpointId": id, "Status": "READY"}
        states[subnet["AvailabilityZone"]] = {"Attachment": attachment, "Config": {}}
    row = {
        "FirewallName": name,
        "FirewallArn": arns["firewall"],
        "FirewallPolicyArn": arns["policy"],
        "FirewallId": id_of("fw", name),
    }
    row |= {"VpcId": id_of("vpc", site.name), "SubnetMappings": [{"SubnetId": id_of("subnet", one)} for one in places]}
    row |= {"DeleteProtection": True, "SubnetChangeProtection": True, "FirewallPolicyChangeProtection": False}
    status = {"Status": "READY", "ConfigurationSyncStateSummary": "IN_SYNC", "SyncStates": states}
    estate.document(owner, f"firewall-{name}", {"Firewall": row | site.tagged(name), "FirewallStatus": status})
    _policy(site, name, arns, passes)


def _policy(site: Site, name: str, arns: dict[str, str], passes: list[str]) -> None:
    policy = {
        "StatelessDefaultActions": ["aws:forward_to_sfe"],
        "StatelessFragmentDefaultActions": ["aws:forward_to_sfe"],
        "StatefulRuleGroupReferences": [{"ResourceArn": arns["rules"], "Priority": 1}],
        "StatefulDefaultActions": ["aws:drop_strict", "aws:alert_strict"],
        "StatefulEngineOptions": {"RuleOrder": "STRICT_ORDER", "StreamExceptionPolicy": "DROP"},
    }
    said = {"FirewallPolicyName": name, "FirewallPolicyArn": arns["policy"], "FirewallPolicyId": id_of("fwp", name)}
    answer = {"UpdateToken": id_of("token", name), "FirewallPolicyResponse": said, "FirewallPolicy": policy}
    site.estate.document(site.owner, f"firewall-policy-{name}", answer)
    said = {"RuleGroupArn": arns["rules"], "RuleGroupName": name, "RuleGroupId": id_of("fwr", name), "Type": "STATEFUL"}
    group = {"RulesSource": {"RulesString": ""}, "StatefulRuleOptions": {"RuleOrder": "STRICT_ORDER"}}
    answer = {"UpdateToken": id_of("token", name), "RuleGroupResponse": said | {"Capacity": 100}, "RuleGroup": group}
    site.estate.document(site.owner, f"firewall-rules-{name}", answer)
    for line in passes:
        lets_pass(site.estate, line)


def lets_pass(estate: Estate, line: str) -> None:
    """Add a rule to the firewall's, after those that are there: `tcp/443 10.0.0.0/8 -> any  # why` lets that pass."""
    text, _, why = (part.strip() for part in line.partition("#"))
    on, source, _, target = text.split()
    protocol, _, port = on.partition("/")
    (group,) = [document["RuleGroup"] for document in estate.documents.values() if "RuleGroup" in document]
    before = [one for one in group["RulesSource"]["RulesString"].split("\n") if one]
    new = f'pass {protocol} {source} any -> {target} {port or "any"} (msg:"{why}"; sid:{1000 + len(before)};)'
    group["RulesSource"]["RulesString"] = "\n".join([*before, new])
