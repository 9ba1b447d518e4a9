"""Transit gateways and load balancers: what carries packets between VPCs, and what makes connections of its own."""

from __future__ import annotations

from . import rows
from .draft import Draft, Site


# ---------------------------------------------------------------------- transit gateways
def add_transit_gateways(draft: Draft) -> None:
    """Add a transit gateway between the VPCs of some networks, with one or two route tables."""
    if len(draft.sites) < 2 or not draft.chance(0.3):
        return
    gateway = draft.new("tgw")
    draft.add("transit_gateway", rows.transit_gateway(gateway, references=draft.chance(0.5)))
    tables = [draft.new("tgw-rtb") for _ in range(draft.one((1, 1, 2)))]
    attached: list[tuple[Site, str]] = []
    for site in draft.sites:
        if draft.chance(0.95):
            attached.append((site, _attach(draft, gateway, site, tables)))
        site.gateways.append(gateway)
    for table in tables:
        draft.add("transit_gateway_route_table", {"TransitGatewayRouteTableId": table, "TransitGatewayId": gateway})
        if draft.chance(0.95):
            draft.add("transit_gateway_routes", rows.transit_routes(table, _routes(draft, attached)))


def _attach(draft: Draft, gateway: str, site: Site, tables: list[str]) -> str:
    id = draft.new("tgw-attach")
    subnets = [lan.id for lan in draft.some(site.lans, 1, 2)]
    state = "pendingAcceptance" if draft.chance(0.04) else "available"
    draft.add("transit_gateway_vpc_attachment", rows.transit_attachment(id, gateway, site.id, subnets, state, draft.chance(0.8)))
    table = "" if draft.chance(0.05) else draft.one(tables)
    draft.add("transit_gateway_attachment", rows.transit_association(id, gateway, site.id, table))
    return id


def _routes(draft: Draft, attached: list[tuple[Site, str]]) -> list[tuple[str, list[str]]]:
    """Return a route to each VPC that is attached, most of the time, and perhaps one that has two ways or none."""
    found = {cidr: [id] for site, id in attached for cidr in site.cidrs if draft.chance(0.9)}
    every = [id for _, id in attached]
    if every and draft.chance(0.2):
        found[draft.one(("10.0.0.0/8", "0.0.0.0/0", "10.0.0.64/26"))] = draft.some(every, 0, 2)
    return list(found.items())


# ---------------------------------------------------------------------- load balancers
def add_load_balancers(draft: Draft) -> None:
    """Add a load balancer to a VPC of some networks: nodes, listeners, target groups, and targets with their health."""
    for site in draft.sites:
        for _ in range(draft.one((0, 0, 0, 0, 1, 1, 2)) if any(lan.v4 for lan in site.lans) else 0):
            kind = draft.one(("application", "network", "network"))
            balancer = _balancer(draft, site, kind)
            if kind == "network" and draft.chance(0.75):
                _offer(draft, site, balancer)


def _balancer(draft: Draft, site: Site, kind: str) -> rows.Row:
    name = draft.new("lb")
    earlier = _nodes(draft, site)
    lans = draft.some([lan for lan in site.lans if lan.v4], 1, 2)
    groups = draft.some(site.groups, 1, 1) if kind == "application" or draft.chance(0.6) else []
    balancer = rows.load_balancer(name, kind, site.id, groups, [lan.id for lan in lans])
    draft.add(f"{kind}_load_balancer", balancer)
    for lan in lans:
        type_ = "network_load_balancer" if kind == "network" else "interface"
        fields = {"InterfaceType": type_, "Description": rows.balancer_sign(name, kind)}
        node = rows.interface(draft.new(f"eni-{name}"), lan.id, site.id, [lan.next_v4()], [], groups, **fields)
        if draft.chance(0.5):
            node["PrivateIpAddresses"][0]["Association"] = {"PublicIp": draft.public_address()}
        draft.add("network_interface", node)
    for port in draft.some((80, 443, 22), 1, 2):
        protocol = "HTTP" if kind == "application" else draft.one(("TCP", "TCP", "UDP", "TCP_UDP"))
        targets = [_target_group(draft, site, protocol, earlier) for _ in range(draft.one((0, 1, 1, 2)))]
        draft.add("listener", rows.listener(f"{name}/{port}", balancer, protocol, port, targets))
    return balancer


def _target_group(draft: Draft, site: Site, protocol: str, earlier: list[str]) -> str:
    """Return the ARN of a target group whose targets are interfaces of the VPC or of one that may be peered, or `earlier` nodes."""
    arn = draft.new("tg")
    kind = draft.one(("instance", "ip"))
    draft.add("target_group", rows.target_group(arn, kind, site.id, protocol, draft.one((80, 443, 8080))))
    if kind == "ip":
        near = draft.sites if draft.chance(0.2) else [site]
        ids = [host.v4[0] for host in draft.hosts if host.site in near and host.v4]
        ids += draft.some(earlier, 0, 2)
    else:
        attached = [row for kind, row in draft.rows if kind == "network_interface" and row["VpcId"] == site.id]
        ids = [row["Attachment"]["InstanceId"] for row in attached if "Attachment" in row]
    chosen = [(id, draft.one((80, 443, 8080)), draft.one(("healthy", "healthy", "unhealthy"))) for id in draft.some(ids, 0, 3)]
    if draft.chance(0.95):
        draft.add("target_health", rows.target_health(arn, chosen))
    if draft.chance(0.4):
        kept = {"Key": "preserve_client_ip.enabled", "Value": draft.one(("true", "false"))}
        draft.add("target_group_attributes", {"TargetGroupArn": arn, "Attributes": [kept]})
    return arn


def _nodes(draft: Draft, site: Site) -> list[str]:
    """Return the addresses of the nodes of the VPC's load balancers, which may stand behind further ones."""
    mine = [row for kind, row in draft.rows if kind == "network_interface" and row["VpcId"] == site.id]
    return [row["PrivateIpAddress"] for row in mine if row.get("Description", "").startswith("ELB ")]


# ---------------------------------------------------------------------- PrivateLink
def _offer(draft: Draft, site: Site, balancer: rows.Row) -> None:
    """Offer a load balancer as an endpoint service, with an endpoint or two in other VPCs, or in its own where it is alone."""
    if draft.chance(0.8):
        balancer["EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic"] = draft.one(("on", "off", "off"))
    service = draft.new("vpce-svc")
    zones = [] if draft.chance(0.3) else draft.some(("euw1-az1", "euw1-az2"), 1, 2)
    state = "Deleting" if draft.chance(0.04) else "Available"
    draft.add("vpc_endpoint_service", rows.endpoint_service(service, balancer, zones, state))
    others = [one for one in draft.sites if one is not site and any(lan.v4 for lan in one.lans)] or [site]
    for _ in range(draft.one((1, 1, 2))):
        consumer = draft.one(others)
        lan = draft.one([one for one in consumer.lans if one.v4])
        id, eni = draft.new("vpce"), draft.new("eni-vpce")
        groups = draft.some(consumer.groups, 1, 1)
        own = rows.interface(eni, lan.id, consumer.id, [lan.next_v4()], [], groups, InterfaceType="vpc_endpoint")
        draft.add("network_interface", own)
        fields = {"NetworkInterfaceIds": [eni], "SubnetIds": [lan.id], "ServiceName": rows.service_name(service)}
        draft.add("vpc_endpoint", rows.endpoint(id, "Interface", consumer.id, "", "available", "", **fields))
        if draft.chance(0.5):
            seen = "rejected" if draft.chance(0.1) else "available"
            draft.add("vpc_endpoint_connection", rows.endpoint_connection(service, id, seen))
