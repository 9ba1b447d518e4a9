"""Rows of AWS's API as its describe calls answer them, one function a resource. What is random is decided by the callers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

Row = dict[str, Any]

ACCOUNT = "111122223333"
OTHER_ACCOUNT = "444455556666"
REGION = "eu-west-1"
OTHER_REGION = "us-east-1"
PROTOCOL_NUMBERS = {"tcp": "6", "udp": "17", "icmp": "1", "icmpv6": "58"}


def is_v6(cidr: str) -> bool:
    """Return whether an address or block is of IPv6."""
    return ":" in cidr


# ---------------------------------------------------------------------- VPCs, subnets, interfaces
def vpc(id: str, cidrs: Iterable[tuple[str, str]], private_v6: Iterable[str] = ()) -> Row:
    """Return a VPC of these ranges, each with the state of its association; the first is the primary one."""
    blocks = list(cidrs)
    private = frozenset(private_v6)
    return {
        "VpcId": id,
        "OwnerId": ACCOUNT,
        "CidrBlock": blocks[0][0],
        "CidrBlockAssociationSet": [
            {"CidrBlock": cidr, "CidrBlockState": {"State": state}} for cidr, state in blocks if not is_v6(cidr)
        ],
        "Ipv6CidrBlockAssociationSet": [
            {**v6_range(cidr, state), "Ipv6AddressAttribute": "private" if cidr in private else "public"}
            for cidr, state in blocks
            if is_v6(cidr)
        ],
    }


def v6_range(cidr: str, state: str = "associated") -> Row:
    """Return an IPv6 range of a VPC or subnet."""
    return {"Ipv6CidrBlock": cidr, "Ipv6CidrBlockState": {"State": state}}


def subnet(id: str, vpc_id: str, v4: str, v6: str, zone: str) -> Row:
    """Return a subnet; "" for a family that it does not have."""
    made: Row = {
        "SubnetId": id,
        "VpcId": vpc_id,
        "OwnerId": ACCOUNT,
        "AvailabilityZone": f"{REGION}{zone}",
        "AvailabilityZoneId": f"euw1-az{'abc'.index(zone) + 1}",
        "Ipv6CidrBlockAssociationSet": [v6_range(v6)] if v6 else [],
    }
    return {**made, "CidrBlock": v4} if v4 else made


def interface(id: str, subnet_id: str, vpc_id: str, v4: list[str], v6: list[str], groups: list[str], **fields: Any) -> Row:
    """Return an interface with these addresses, the first IPv4 one primary."""
    return {
        "NetworkInterfaceId": id,
        "SubnetId": subnet_id,
        "VpcId": vpc_id,
        "OwnerId": ACCOUNT,
        "PrivateIpAddress": v4[0] if v4 else "",
        "PrivateIpAddresses": [{"PrivateIpAddress": one, "Primary": one == v4[0]} for one in v4],
        "Ipv6Addresses": [{"Ipv6Address": one} for one in v6],
        "Groups": [{"GroupId": one, "GroupName": one} for one in groups],
        **fields,
    }


def instance(id: str, state: str, platform: str) -> Row:
    """Return an EC2 instance; its interfaces name it, not the other way."""
    return {"InstanceId": id, "State": {"Name": state}, "PlatformDetails": platform}


# ---------------------------------------------------------------------- groups and ACLs
def group(id: str, vpc_id: str, ingress: list[Row], egress: list[Row]) -> Row:
    """Return a security group."""
    return {
        "GroupId": id,
        "GroupName": id,
        "VpcId": vpc_id,
        "OwnerId": ACCOUNT,
        "IpPermissions": ingress,
        "IpPermissionsEgress": egress,
    }


def permission(protocol: str, low: int | None, high: int | None, far: Iterable[str], **pair: Any) -> Row:
    """Return a rule of a group: blocks, `pl-…` or `sg-…` as far sides; `pair` are further fields of groups."""
    sides = list(far)
    ports = {} if low is None else {"FromPort": low, "ToPort": high}
    named = [one for one in sides if one.startswith(("pl-", "sg-"))]
    blocks = [one for one in sides if one not in named]
    return {
        "IpProtocol": protocol,
        **ports,
        "IpRanges": [{"CidrIp": one} for one in blocks if not is_v6(one)],
        "Ipv6Ranges": [{"CidrIpv6": one} for one in blocks if is_v6(one)],
        "PrefixListIds": [{"PrefixListId": one} for one in named if one.startswith("pl-")],
        "UserIdGroupPairs": [{"GroupId": one, "UserId": ACCOUNT, **pair} for one in named if one.startswith("sg-")],
    }


def entry(number: int, egress: bool, action: str, protocol: str, low: int | None, high: int | None, cidr: str) -> Row:
    """Return an entry of a network ACL; of ICMP `low` and `high` are type and code."""
    made: Row = {
        "RuleNumber": number,
        "Egress": egress,
        "RuleAction": action,
        "Protocol": PROTOCOL_NUMBERS.get(protocol, protocol),
        "Ipv6CidrBlock" if is_v6(cidr) else "CidrBlock": cidr,
    }
    if low is not None:
        if protocol.startswith("icmp"):
            made["IcmpTypeCode"] = {"Type": low, "Code": high}
        else:
            made["PortRange"] = {"From": low, "To": high}
    return made


def acl(id: str, vpc_id: str, entries: list[Row], subnets: Iterable[str] = (), *, default: bool = False) -> Row:
    """Return a network ACL."""
    return {
        "NetworkAclId": id,
        "VpcId": vpc_id,
        "OwnerId": ACCOUNT,
        "IsDefault": default,
        "Entries": entries,
        "Associations": [{"NetworkAclId": id, "SubnetId": one} for one in subnets],
    }


# ---------------------------------------------------------------------- routes
TARGET_FIELDS = {
    "nat-": "NatGatewayId",
    "eni-": "NetworkInterfaceId",
    "pcx-": "VpcPeeringConnectionId",
    "tgw-": "TransitGatewayId",
    "eigw-": "EgressOnlyInternetGatewayId",
    "new-": "GatewayOfTomorrowId",
}


def route(destination: str, target: str, **fields: Any) -> Row:
    """Return a route, its target in the field that AWS has for its kind."""
    field = next((name for start, name in TARGET_FIELDS.items() if target.startswith(start)), "GatewayId")
    if destination.startswith("pl-"):
        where = "DestinationPrefixListId"
    else:
        where = "DestinationIpv6CidrBlock" if is_v6(destination) else "DestinationCidrBlock"
    return {where: destination, field: target, "State": "active", "Origin": "CreateRoute", **fields}


def route_table(
    id: str, vpc_id: str, routes: list[Row], *, subnets: Iterable[str] = (), gateway: str = "", main: bool = False
) -> Row:
    """Return a route table; local routes that `routes` leave out are understood."""
    state = {"AssociationState": {"State": "associated"}, "RouteTableId": id}
    tied: list[Row] = [{"Main": False, "SubnetId": one, **state} for one in subnets]
    tied += [{"Main": False, "GatewayId": gateway, **state}] if gateway else []
    tied += [{"Main": True, **state}] if main else []
    return {"RouteTableId": id, "VpcId": vpc_id, "OwnerId": ACCOUNT, "Routes": routes, "Associations": tied}


def prefix_list(id: str) -> Row:
    """Return a managed prefix list; its entries stand in a row of their own."""
    return {"PrefixListId": id, "PrefixListName": f"list-{id}"}


def prefix_list_entries(id: str, cidrs: Iterable[str]) -> Row:
    """Return the entries of a managed prefix list."""
    return {"PrefixListId": id, "Entries": [{"Cidr": one} for one in cidrs]}


# ---------------------------------------------------------------------- gateways, endpoints, switches
def internet_gateway(id: str, vpc_id: str, state: str = "available") -> Row:
    """Return an internet gateway, attached to a VPC unless that is ""."""
    return {"InternetGatewayId": id, "Attachments": [{"VpcId": vpc_id, "State": state}] if vpc_id else []}


def egress_only_gateway(id: str, vpc_id: str, state: str = "attached") -> Row:
    """Return an egress-only internet gateway."""
    return {"EgressOnlyInternetGatewayId": id, "Attachments": [{"VpcId": vpc_id, "State": state}]}


def nat_gateway(id: str, vpc_id: str, subnet_id: str, addresses: list[Row], **fields: Any) -> Row:
    """Return a NAT gateway."""
    made = {"NatGatewayId": id, "VpcId": vpc_id, "State": "available", "ConnectivityType": "public"}
    return {**made, "SubnetId": subnet_id, "NatGatewayAddresses": addresses, **fields}


def peering(id: str, sides: Iterable[tuple[str, list[str], str]], status: str) -> Row:
    """Return a peering connection between two sides of VPC id, ranges and Region."""
    infos = [
        {
            "VpcId": vpc_id,
            "OwnerId": ACCOUNT,
            "Region": region,
            "CidrBlockSet": [{"CidrBlock": one} for one in cidrs if not is_v6(one)],
            "Ipv6CidrBlockSet": [{"Ipv6CidrBlock": one} for one in cidrs if is_v6(one)],
        }
        for vpc_id, cidrs, region in sides
    ]
    return {
        "VpcPeeringConnectionId": id,
        "RequesterVpcInfo": infos[0],
        "AccepterVpcInfo": infos[1],
        "Status": {"Code": status},
    }


def endpoint(id: str, kind: str, vpc_id: str, service: str, state: str, policy: str, **fields: Any) -> Row:
    """Return a VPC endpoint: `Gateway`, `Interface` or of another type."""
    return {
        "VpcEndpointId": id,
        "VpcEndpointType": kind,
        "VpcId": vpc_id,
        "ServiceName": f"com.amazonaws.{REGION}.{service}",
        "State": state,
        "PolicyDocument": policy,
        **fields,
    }


def public_access(mode: str) -> Row:
    """Return the switch of VPC Block Public Access."""
    return {"InternetGatewayBlockMode": mode, "State": "update-complete"}


def exclusion(id: str, resource: str, mode: str, state: str = "create-complete") -> Row:
    """Return an exclusion from it: of `vpc/vpc-0` or `subnet/subnet-0`."""
    arn = f"arn:aws:ec2:{REGION}:{ACCOUNT}:{resource}"
    return {"ExclusionId": id, "ResourceArn": arn, "InternetGatewayExclusionMode": mode, "State": state}


# ---------------------------------------------------------------------- transit gateways and load balancers
def transit_gateway(id: str, references: bool) -> Row:
    """Return a transit gateway, with references to groups across it or without."""
    return {"TransitGatewayId": id, "Options": {"SecurityGroupReferencingSupport": "enable" if references else "disable"}}


def transit_attachment(id: str, gateway_id: str, vpc_id: str, subnets: list[str], state: str, ipv6: bool) -> Row:
    """Return the attachment of a VPC."""
    options = {"Ipv6Support": "enable" if ipv6 else "disable", "SecurityGroupReferencingSupport": "enable"}
    named = {"TransitGatewayAttachmentId": id, "TransitGatewayId": gateway_id, "VpcId": vpc_id}
    return {**named, "SubnetIds": subnets, "State": state, "Options": options}


def transit_association(id: str, gateway_id: str, vpc_id: str, table_id: str) -> Row:
    """Return the attachment as the gateway sees it, associated with a table unless that is ""."""
    named = {"TransitGatewayAttachmentId": id, "TransitGatewayId": gateway_id, "ResourceType": "vpc", "ResourceId": vpc_id}
    return {**named, "Association": {"TransitGatewayRouteTableId": table_id, "State": "associated"}} if table_id else named


def transit_routes(table_id: str, routes: list[tuple[str, list[str]]]) -> Row:
    """Return the routes of a table: blocks, each with the attachments that it leads to, none for a blackhole."""
    return {
        "TransitGatewayRouteTableId": table_id,
        "Routes": [
            {
                "DestinationCidrBlock": cidr,
                "State": "active" if attachments else "blackhole",
                "TransitGatewayAttachments": [{"TransitGatewayAttachmentId": one, "ResourceType": "vpc"} for one in attachments],
            }
            for cidr, attachments in routes
        ],
    }


def load_balancer(name: str, kind: str, vpc_id: str, groups: list[str], subnets: list[str]) -> Row:
    """Return a load balancer, `application` or `network`; its nodes bear `balancer_sign(name, kind)`."""
    return {
        "LoadBalancerArn": f"arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}:loadbalancer/{kind[:3]}/{name}/1",
        "LoadBalancerName": name,
        "Type": kind,
        "VpcId": vpc_id,
        "State": {"Code": "active"},
        "SecurityGroups": groups,
        "AvailabilityZones": [{"SubnetId": one} for one in subnets],
    }


def balancer_sign(name: str, kind: str) -> str:
    """Return what ELB writes into the description of the nodes of a load balancer."""
    return f"ELB {kind[:3]}/{name}/1"


def listener(arn: str, balancer: Row, protocol: str, port: int, groups: list[str]) -> Row:
    """Return a listener that forwards to these target groups, or to none."""
    forward = {"TargetGroups": [{"TargetGroupArn": one, "Weight": 1} for one in groups]}
    action = {"Type": "forward", "ForwardConfig": forward} if groups else {"Type": "fixed-response"}
    named = {"ListenerArn": arn, "LoadBalancerArn": balancer["LoadBalancerArn"]}
    return {**named, "Port": port, "Protocol": protocol, "DefaultActions": [action]}


def target_group(arn: str, kind: str, vpc_id: str, protocol: str, port: int) -> Row:
    """Return a target group of `instance` or `ip` targets."""
    named = {"TargetGroupArn": arn, "TargetGroupName": arn, "TargetType": kind}
    return {**named, "VpcId": vpc_id, "Protocol": protocol, "Port": port}


def target_health(arn: str, targets: list[tuple[str, int, str]]) -> Row:
    """Return the targets of a group: id or address, port, state."""
    described = [{"Target": {"Id": id, "Port": port}, "TargetHealth": {"State": state}} for id, port, state in targets]
    return {"TargetGroupArn": arn, "TargetHealthDescriptions": described}


# ---------------------------------------------------------------------- endpoint services
def endpoint_service(id: str, balancer: Row, zones: list[str], state: str = "Available") -> Row:
    """Return an endpoint service in front of a network load balancer, in these zones."""
    return {
        "ServiceId": id,
        "ServiceName": service_name(id),
        "ServiceState": state,
        "AvailabilityZoneIds": zones,
        "NetworkLoadBalancerArns": [balancer["LoadBalancerArn"]],
    }


def service_name(id: str) -> str:
    """Return the name by which endpoints ask for a service."""
    return f"com.amazonaws.vpce.{REGION}.{id}"


def endpoint_connection(service_id: str, endpoint_id: str, state: str) -> Row:
    """Return an endpoint as the provider of its service sees it."""
    return {"ServiceId": service_id, "VpcEndpointId": endpoint_id, "VpcEndpointState": state}


# ---------------------------------------------------------------------- firewalls
def _network_firewall(kind: str, name: str) -> str:
    return f"arn:aws:network-firewall:{REGION}:{ACCOUNT}:{kind}/{name}"


def firewall(name: str, vpc_id: str, endpoints: Iterable[tuple[str, str]], status: str) -> Row:
    """Return a firewall with these endpoints, each with its subnet; its policy bears its name."""
    states = {
        f"{REGION}{'abc'[number]}": {"Attachment": {"EndpointId": id, "SubnetId": where, "Status": status}}
        for number, (id, where) in enumerate(endpoints)
    }
    named = {"FirewallArn": _network_firewall("firewall", name), "FirewallName": name, "VpcId": vpc_id}
    policy = _network_firewall("firewall-policy", name)
    return {**named, "FirewallPolicyArn": policy, "FirewallStatus": {"Status": "READY", "SyncStates": states}}


def firewall_policy(
    name: str, *, stateless: list[str], default: str, stateful: list[str], strict: bool, actions: list[str], streams: str
) -> Row:
    """Return the policy of the firewall of this name: rule groups by name, in their order, and what is done where none matches."""

    def references(names: list[str]) -> list[Row]:
        return [{"ResourceArn": _network_firewall("rulegroup", one), "Priority": at} for at, one in enumerate(names, 1)]

    options = {"RuleOrder": "STRICT_ORDER" if strict else "DEFAULT_ACTION_ORDER"}
    return {
        "FirewallPolicyResponse": {"FirewallPolicyArn": _network_firewall("firewall-policy", name)},
        "StatelessRuleGroupReferences": references(stateless),
        "StatelessDefaultActions": [default],
        "StatefulRuleGroupReferences": references(stateful),
        "StatefulDefaultActions": actions,
        "StatefulEngineOptions": {**options, **({"StreamExceptionPolicy": streams} if streams else {})},
    }


def _rule_group(name: str, source: Row) -> Row:
    return {"RuleGroupResponse": {"RuleGroupArn": _network_firewall("rulegroup", name)}, "RulesSource": source}


def stateless_group(name: str, rules: list[Row]) -> Row:
    """Return a stateless rule group."""
    return _rule_group(name, {"StatelessRulesAndCustomActions": {"StatelessRules": rules}})


def stateless_rule(
    priority: int,
    effect: str,
    source: str,
    target: str,
    protocols: Iterable[int],
    ports: tuple[int, int],
    near: tuple[int, int] | None,
) -> Row:
    """Return a stateless rule: "" for any address, no protocols for all, `near` for the client's ports, None for any."""
    wanted = list(protocols)
    match: Row = {"Protocols": wanted}
    match |= {"Sources": [{"AddressDefinition": source}]} if source else {}
    match |= {"Destinations": [{"AddressDefinition": target}]} if target else {}
    if wanted and set(wanted) <= {6, 17}:
        match["DestinationPorts"] = [{"FromPort": ports[0], "ToPort": ports[1]}]
        match |= {"SourcePorts": [{"FromPort": near[0], "ToPort": near[1]}]} if near else {}
    return {"Priority": priority, "RuleDefinition": {"MatchAttributes": match, "Actions": [f"aws:{effect}"]}}


def stateful_group(name: str, rules: list[Row]) -> Row:
    """Return a stateful rule group of rules of five parts."""
    return _rule_group(name, {"StatefulRules": rules})


def stateful_rule(action: str, protocol: str, source: str, target: str, port: str, direction: str, flow: list[str]) -> Row:
    """Return a stateful rule of five parts, with a `flow` option where there is one."""
    header = {"Protocol": protocol, "Source": source, "SourcePort": "ANY", "Direction": direction}
    options = [{"Keyword": "sid:1"}, *({"Keyword": "flow", "Settings": [one]} for one in flow)]
    return {"Action": action, "Header": {**header, "Destination": target, "DestinationPort": port}, "RuleOptions": options}


# ---------------------------------------------------------------------- sites
def vpn_gateway(id: str, vpc_id: str, state: str) -> Row:
    """Return a virtual private gateway."""
    return {"VpnGatewayId": id, "State": "available", "VpcAttachments": [{"VpcId": vpc_id, "State": state}]}


def vpn_connection(id: str, gateway_id: str, routes: list[str], tunnels: list[str], static: bool) -> Row:
    """Return a VPN on a virtual private gateway, with static routes or, where it is not `static`, with those that BGP tells."""
    made = [{"DestinationCidrBlock": one, "State": "available"} for one in routes]
    named = {"VpnConnectionId": id, "VpnGatewayId": gateway_id, "CustomerGatewayId": "cgw-1", "State": "available"}
    return {
        **named,
        "Options": {"StaticRoutesOnly": static},
        "Routes": made,
        "VgwTelemetry": [{"Status": one} for one in tunnels],
    }
