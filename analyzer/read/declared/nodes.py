"""The interfaces that AWS makes for what code declares: of load balancers, gateways, endpoints, functions; with their groups."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .addresses import give_addresses, subnet
from .draft import Draft, Drafts
from .made import ADDRESSES, CHOSEN, DEFAULT_GROUP, INTERFACES, default_of
from .perhaps import stand_in

Fields = dict[str, Any]


def place_nodes(drafts: Drafts) -> None:
    """Add the interfaces of gateways and services, and complete those that the code declares."""
    for key, nodes in NODES.items():
        for one in list(drafts.of(key)):
            for id, fields in nodes(one, drafts):
                drafts.add(Draft(INTERFACES, id, {"NetworkInterfaceId": id, **fields}, one.address, one.line, True, one.new))
    stand_in(drafts)
    _place_in_vpcs(drafts)
    _give_default_groups(drafts)
    give_addresses(drafts)


def _balancer(one: Draft, drafts: Drafts) -> Iterator[tuple[str, Fields]]:
    fields = one.fields
    kind = str(fields.get("Type", "application"))
    described = f"ELB {one.id.partition(':loadbalancer/')[2] or one.id}"
    given = {each.get("SubnetId"): each for each in fields.pop("Allocations", None) or []}
    both = fields.pop("DualStack", False)
    public = fields.get("Scheme") == "internet-facing" and kind != "gateway"
    for zone in fields.get("AvailabilityZones", []):
        subnet_id = zone.get("SubnetId")
        own = given.get(subnet_id, {})
        made: Fields = {
            "SubnetId": subnet_id,
            "Groups": [{"GroupId": group} for group in _groups_of(fields, kind)],
            "Description": described,
            "RequesterId": "amazon-elb",
            "RequesterManaged": True,
            "InterfaceType": {"network": "network_load_balancer", "gateway": "gateway_load_balancer"}.get(kind, "interface"),
            "Public": public,
            "WantsIpv6": both,
        }
        if own.get("PrivateIp"):
            made["PrivateIpAddresses"] = [{"PrivateIpAddress": own["PrivateIp"], "Primary": True}]
        if own.get("AllocationId"):
            made["PublicIp"] = _elastic(own["AllocationId"], drafts)
        yield f"{one.id}@{subnet_id}", made
        zone.setdefault("ZoneName", subnet(drafts, subnet_id).get("AvailabilityZone", ""))


def _classic(one: Draft, drafts: Drafts) -> Iterator[tuple[str, Fields]]:
    fields = one.fields
    groups = fields["SecurityGroups"] = fields.get("SecurityGroups") or [DEFAULT_GROUP]
    for subnet_id in fields.get("Subnets", []):
        there = subnet(drafts, subnet_id)
        fields.setdefault("VPCId", there.get("VpcId", ""))
        made: Fields = {
            "SubnetId": subnet_id,
            "Groups": [{"GroupId": group} for group in groups],
            "Description": f"ELB {fields.get('LoadBalancerName', one.id)}",
            "RequesterId": "amazon-elb",
            "RequesterManaged": True,
            "Public": fields.get("Scheme") == "internet-facing",
        }
        yield f"{one.id}@{subnet_id}", made


def _groups_of(fields: Fields, kind: str) -> list[str]:
    """Return a load balancer's groups; an application load balancer without any has the default one."""
    return fields.get("SecurityGroups") or ([DEFAULT_GROUP] if kind == "application" else [])


def _elastic(allocation: Any, drafts: Drafts) -> str:
    found = drafts.find(ADDRESSES, str(allocation)) or {}
    return str(found.get("PublicIp") or CHOSEN)


def _nat(one: Draft, drafts: Drafts) -> Iterator[tuple[str, Fields]]:
    fields = one.fields
    public = fields.get("ConnectivityType") != "private"
    for address in fields.get("NatGatewayAddresses", []):
        allocation = address.pop("AllocationId", None)
        made: Fields = {
            "SubnetId": fields.get("SubnetId"),
            "Groups": [],
            "InterfaceType": "nat_gateway",
            "Description": f"Interface for NAT Gateway {one.id}",
            "Public": public,
        }
        if address.get("PrivateIp"):
            made["PrivateIpAddresses"] = [{"PrivateIpAddress": address["PrivateIp"], "Primary": True}]
        if public:
            made["PublicIp"] = address.get("PublicIp") or (_elastic(allocation, drafts) if allocation else CHOSEN)
        yield address["NetworkInterfaceId"], made
    fields.setdefault("VpcId", subnet(drafts, fields.get("SubnetId")).get("VpcId", ""))


PENDING = "may wait until somebody accepts it"


def _state(endpoint: Draft, drafts: Drafts) -> str:
    """Return the state of an endpoint: one to somebody's service may wait, unless code accepts it or the service needs no acceptance."""
    name = str(endpoint.fields.get("ServiceName") or "")
    key = "ServiceConfigurations"
    services = [one.fields for one in drafts.of(key) if one.fields.get("ServiceName") == name]
    around = drafts.find(key, drafts.named(key, "ServiceName", name))
    services += [around] if around is not None else []
    accepted = any(one.fields.get("VpcEndpointId") == endpoint.id for one in drafts.of("VpcEndpointConnections"))
    somebodys = bool(services) or name.startswith("com.amazonaws.vpce.")
    waits = any(one.get("AcceptanceRequired", True) for one in services) or not services
    return PENDING if somebodys and waits and not accepted else "available"


def _endpoint(one: Draft, drafts: Drafts) -> Iterator[tuple[str, Fields]]:
    fields = one.fields
    fields.setdefault("State", _state(one, drafts))
    kind = str(fields.get("VpcEndpointType", "Gateway"))
    if kind == "Gateway":
        _route_to(one, drafts)
        return
    fields.pop("PrefixListId", None)
    types = {"GatewayLoadBalancer": "gateway_load_balancer_endpoint"}
    groups = fields.get("Groups") or ([{"GroupId": DEFAULT_GROUP}] if kind == "Interface" else [])
    fields["Groups"] = groups
    known = list(fields.get("NetworkInterfaceIds", []))
    subnets = fields.get("SubnetIds", [])
    if len(known) == len(subnets):
        pairs = list(zip(known, subnets, strict=True)) if len(known) == 1 else []
    else:
        pairs = [(f"{one.id}@{subnet_id}", subnet_id) for subnet_id in subnets]
        fields["NetworkInterfaceIds"] = [id for id, _ in pairs]
    if known and not pairs:
        # Which of several stands in which subnet the code's state does not say: any one for each will do.
        pairs = [(f"{one.id}@{subnet_id}", subnet_id) for subnet_id in subnets]
        fields["NetworkInterfaceIds"] = [id for id, _ in pairs]
    for id, subnet_id in pairs:
        yield (
            id,
            {
                "SubnetId": subnet_id,
                "Groups": groups,
                "InterfaceType": types.get(kind, "vpc_endpoint"),
                "Description": f"VPC Endpoint Interface {one.id}",
            },
        )


def _route_to(endpoint: Draft, drafts: Drafts) -> None:
    """Add the route of a gateway endpoint to the tables that it is associated with, as AWS does."""
    fields = endpoint.fields
    listed = str(fields.pop("PrefixListId", "") or _prefix_list(fields, drafts))
    cidrs = fields.pop("Cidrs", [])
    if cidrs:
        entries = {"PrefixListId": listed, "Entries": [{"Cidr": cidr} for cidr in cidrs]}
        drafts.add(Draft("ManagedPrefixListEntries", listed, entries, endpoint.address, endpoint.line, True, endpoint.new))
    route = {"DestinationPrefixListId": listed, "GatewayId": endpoint.id}
    for table in fields.get("RouteTableIds", []):
        drafts.add(Draft("RouteTables", str(table), {"Routes": [route]}, endpoint.address, endpoint.line, False, endpoint.new))


def _prefix_list(fields: Fields, drafts: Drafts) -> str:
    """Return the prefix list of a service: the one of that name, be it around the code, or one that nobody knows."""
    name = fields.get("ServiceName") or "a service"
    found = drafts.named("PrefixLists", "PrefixListName", str(name))
    return found or str(name)


def _function(one: Draft, drafts: Drafts) -> Iterator[tuple[str, Fields]]:
    config = one.fields.get("VpcConfig") or {}
    for subnet_id in config.get("SubnetIds", []):
        config.setdefault("VpcId", subnet(drafts, subnet_id).get("VpcId", ""))
        yield (
            f"{one.id}@{subnet_id}",
            {
                "SubnetId": subnet_id,
                "Groups": [{"GroupId": group} for group in config.get("SecurityGroupIds", [])],
                "InterfaceType": "lambda",
                "Description": f"AWS Lambda VPC ENI-{one.fields.get('FunctionName', one.id)}",
            },
        )


def _mount_target(one: Draft, drafts: Drafts) -> Iterator[tuple[str, Fields]]:
    fields = one.fields
    id = str(fields.get("NetworkInterfaceId") or f"{one.id}.network_interface_id")
    groups = (drafts.find("MountTargetSecurityGroups", one.id) or {}).get("SecurityGroups", [])
    made: Fields = {
        "SubnetId": fields.get("SubnetId"),
        "Groups": [{"GroupId": group} for group in groups],
        "InterfaceType": "efs",
        "Description": f"EFS mount target for {fields.get('FileSystemId', one.id)}",
    }
    if fields.get("IpAddress"):
        made["PrivateIpAddresses"] = [{"PrivateIpAddress": fields["IpAddress"], "Primary": True}]
    fields["NetworkInterfaceId"] = id
    fields.setdefault("VpcId", subnet(drafts, fields.get("SubnetId")).get("VpcId", ""))
    yield id, made


def _tunnel_endpoint(one: Draft, drafts: Drafts) -> Iterator[tuple[str, Fields]]:
    id = f"{one.id}.network_interface_id"
    groups = one.fields.pop("SecurityGroupIds", None) or [DEFAULT_GROUP]
    one.fields["NetworkInterfaceIds"] = [id]
    one.fields.setdefault("VpcId", subnet(drafts, one.fields.get("SubnetId")).get("VpcId", ""))
    yield (
        id,
        {
            "SubnetId": one.fields.get("SubnetId"),
            "Groups": [{"GroupId": group} for group in groups],
            "InterfaceType": "ec2_instance_connect_endpoint",
            "Description": f"EC2 Instance Connect Endpoint {one.id}",
        },
    )


NODES = {
    "LoadBalancers": _balancer,
    "LoadBalancerDescriptions": _classic,
    "NatGateways": _nat,
    "VpcEndpoints": _endpoint,
    "Functions": _function,
    "MountTargets": _mount_target,
    "InstanceConnectEndpoints": _tunnel_endpoint,
}


def _place_in_vpcs(drafts: Drafts) -> None:
    for one in drafts.of(INTERFACES):
        if not one.whole:
            continue
        there = subnet(drafts, one.fields.get("SubnetId"))
        one.fields.setdefault("VpcId", there.get("VpcId", ""))
        one.fields.setdefault("AvailabilityZone", there.get("AvailabilityZone", ""))
    for one in drafts.of("LoadBalancers"):
        zones = one.fields.get("AvailabilityZones", [])
        found = (subnet(drafts, zone.get("SubnetId")).get("VpcId") for zone in zones)
        one.fields.setdefault("VpcId", next(filter(None, found), ""))


def _give_default_groups(drafts: Drafts) -> None:
    """Put the default group of its VPC where a row has the words for it; they stay, and mean no group, where nobody knows the VPC."""
    for one in drafts.rows.values():
        if DEFAULT_GROUP in str(one.fields):
            one.fields = _replaced(one.fields, _default_group(one, drafts))


def _default_group(one: Draft, drafts: Drafts) -> str:
    vpc_ids = [one.fields.get("VpcId"), *(subnet(drafts, id).get("VpcId") for id in _texts(one.fields))]
    vpc_id = str(next(filter(None, vpc_ids), ""))
    vpc = drafts.rows.get(("Vpcs", vpc_id))
    return default_of(vpc, "DefaultGroup", "default_security_group_id") if vpc is not None else drafts.default_group(vpc_id)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts(inner)
    elif isinstance(value, str):
        yield value


def _replaced(value: Any, group: str) -> Any:
    if isinstance(value, dict):
        return {name: _replaced(inner, group) for name, inner in value.items()}
    if isinstance(value, list):
        return [_replaced(inner, group) for inner in value]
    return group if value == DEFAULT_GROUP else value
