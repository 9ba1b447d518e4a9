"""What the network account of an organisation owns: prefix lists, the transit gateway, the inspection and the egress VPC."""

from __future__ import annotations

from ipaddress import IPv4Address
from typing import TYPE_CHECKING

from .filters import INTERNAL, ORGANISATION
from .plan import Plan, dotted
from .rows import (
    ANYWHERE,
    Owner,
    Row,
    acl,
    entry,
    id_of,
    interface,
    internet_gateway,
    local,
    nat_gateway,
    prefix_list,
    route,
    route_table,
    subnet,
    tags,
    vpc,
)
from .writer import Writer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .site import Rows

NETWORK = Owner("100000000001")
GATEWAY = id_of("tgw", "organisation")
# Which environments' VPCs each route table of the gateway knows.
KNOWS = {"prod": ("prod", "shared"), "dev": ("dev", "shared"), "shared": ("prod", "dev", "shared")}
# The central VPCs, and how many interfaces they hold.
CENTRAL, CENTRAL_INTERFACES = {"inspection": "172.16.0.0/24", "egress": "172.16.1.0/24"}, 3


def prefix_lists(monitoring: list[str]) -> Rows:
    """Yield the prefix lists that all accounts share; `monitoring` are the blocks from which hosts are watched."""
    corporate = ["203.0.113.0/24", "198.51.100.0/25", "192.0.2.128/26", "10.255.0.0/16"]
    lists = {"corporate": corporate, "internal": list(ORGANISATION), "monitoring": monitoring or ["10.255.255.0/24"]}
    for name, cidrs in lists.items():
        row, entries = prefix_list(NETWORK, name, cidrs)
        yield "PrefixLists", row
        yield "ManagedPrefixListEntries", entries


def gateway(plans: Iterator[Plan], environments: tuple[str, ...], inspected: bool) -> Rows:
    """Yield the transit gateway, its route tables, and every attachment with its association, as its owner sees them."""
    options = {"SecurityGroupReferencingSupport": "disable", "DefaultRouteTableAssociation": "disable", "DnsSupport": "enable"}
    row: Row = {"TransitGatewayId": GATEWAY, "State": "available", "OwnerId": NETWORK.account, "Options": options}
    yield "TransitGateways", row | {"Tags": tags("organisation")}
    tables = ("spokes", "inspection", "egress") if inspected else tuple(dict.fromkeys(environments))
    known: dict[str, list[Row]] = {table: [] for table in tables}
    users: dict[str, list[Row]] = {table: [] for table in tables}
    for plan in plans:
        mine = "spokes" if inspected else plan.env
        users[mine].append(leads(plan.attachment, plan.name))
        yield "TransitGatewayAttachments", attachment(plan.name, plan.owner.account, mine)
        for table in tables:
            if table == "inspection" or (not inspected and plan.env in KNOWS.get(table, (table,))):
                known[table].append({"DestinationCidrBlock": plan.cidrs[0], **propagated(plan.attachment, plan.name)})
    for name in CENTRAL if inspected else ():
        users[name].append(leads(id_of("tgw-attach", name), name))
        yield "TransitGatewayAttachments", attachment(name, NETWORK.account, name)
    for table in tables:
        yield from _table(table, known[table] + list(_static(table)), users[table])


def _static(table: str) -> Iterator[Row]:
    """Yield the static routes of a table: what leads spokes to the firewall, and the firewall's traffic out and back."""
    to = {"spokes": ("inspection", (ANYWHERE,)), "inspection": ("egress", (ANYWHERE,)), "egress": ("inspection", ORGANISATION)}
    name, blocks = to.get(table, ("", ()))
    for block in blocks:
        target = [leads(id_of("tgw-attach", name), name)]
        yield {"DestinationCidrBlock": block, "Type": "static", "State": "active", "TransitGatewayAttachments": target}
    if not name:
        yield {"DestinationCidrBlock": "10.255.0.0/16", "Type": "static", "State": "blackhole"}


def leads(attachment_id: str, name: str) -> Row:
    """Return an attachment as routes, associations and propagations name it."""
    return {"TransitGatewayAttachmentId": attachment_id, "ResourceId": id_of("vpc", name), "ResourceType": "vpc"}


def propagated(attachment_id: str, name: str) -> Row:
    """Return what makes a route of the block of an attached VPC."""
    return {"Type": "propagated", "State": "active", "TransitGatewayAttachments": [leads(attachment_id, name)]}


def attachment(name: str, account: str, table: str) -> Row:
    """Return a row of DescribeTransitGatewayAttachments."""
    row: Row = {"TransitGatewayId": GATEWAY, "TransitGatewayOwnerId": NETWORK.account, "ResourceOwnerId": account}
    row |= {"State": "available", **leads(id_of("tgw-attach", name), name), "Tags": tags(name)}
    return row | {"Association": {"TransitGatewayRouteTableId": id_of("tgw-rtb", table), "State": "associated"}}


def _table(name: str, routes: list[Row], users: list[Row]) -> Rows:
    id = id_of("tgw-rtb", name)
    row: Row = {"TransitGatewayRouteTableId": id, "TransitGatewayId": GATEWAY, "State": "available", "Tags": tags(name)}
    yield "TransitGatewayRouteTables", row | {"DefaultAssociationRouteTable": False, "DefaultPropagationRouteTable": False}
    yield "TransitGatewayRoutes", {"TransitGatewayRouteTableId": id, "Routes": routes}
    associations = [one | {"State": "associated"} for one in users]
    yield "TransitGatewayRouteTableAssociations", {"TransitGatewayRouteTableId": id, "Associations": associations}
    from_ = [one["TransitGatewayAttachments"][0] | {"State": "enabled"} for one in routes if one["Type"] == "propagated"]
    yield (
        "TransitGatewayRouteTablePropagations",
        {"TransitGatewayRouteTableId": id, "TransitGatewayRouteTablePropagations": from_},
    )


# ---------------------------------------------------------------------- the central VPCs
def vpcs() -> Rows:
    """Yield the inspection VPC with the endpoints of a firewall, and the egress VPC with NAT gateways: each in three zones."""
    for name, cidr in CENTRAL.items():
        yield "Vpcs", vpc(NETWORK, name, [cidr], env="shared")
        base = int(IPv4Address(cidr.partition("/")[0]))
        inner = "firewall" if name == "inspection" else "public"
        subnets = {
            f"{tier}-{zone}": subnet(NETWORK, f"{name}-{tier}-{zone}", name, f"{dotted(base + 16 * (first + zone))}/28", zone)
            for first, tier in ((0, "tgw"), (4, inner))
            for zone in range(3)
        }
        yield from (("Subnets", one) for one in subnets.values())
        everything = [entry(100, egress, "allow", ANYWHERE) for egress in (False, True)]
        yield "NetworkAcls", acl(NETWORK, f"{name}-default", name, everything, list(subnets.values()), default=True)
        yield "RouteTables", route_table(NETWORK, f"{name}-main", name, [local(cidr)], [], main=True)
        row: Row = {"TransitGatewayAttachmentId": id_of("tgw-attach", name), "TransitGatewayId": GATEWAY, "State": "available"}
        row |= {"VpcId": id_of("vpc", name), "VpcOwnerId": NETWORK.account, "Tags": tags(name)}
        row["SubnetIds"] = [subnets[f"tgw-{zone}"]["SubnetId"] for zone in range(3)]
        row["Options"] = {"ApplianceModeSupport": "enable" if name == "inspection" else "disable", "Ipv6Support": "disable"}
        yield "TransitGatewayVpcAttachments", row
        yield from _inspection(cidr, subnets) if name == "inspection" else _egress(cidr, base, subnets)


def _inspection(cidr: str, subnets: dict[str, Row]) -> Rows:
    for zone in range(3):
        endpoint = id_of("vpce", f"firewall-{zone}")
        tables = {"tgw": route(ANYWHERE, GatewayId=endpoint), "firewall": route(ANYWHERE, TransitGatewayId=GATEWAY)}
        for tier, out in tables.items():
            name = f"inspection-{tier}-{zone}"
            yield "RouteTables", route_table(NETWORK, name, "inspection", [local(cidr), out], [subnets[f"{tier}-{zone}"]])
        row: Row = {"VpcEndpointId": endpoint, "VpcEndpointType": "GatewayLoadBalancer", "VpcId": id_of("vpc", "inspection")}
        row |= {"State": "available", "SubnetIds": [subnets[f"firewall-{zone}"]["SubnetId"]], "RequesterManaged": True}
        yield "VpcEndpoints", row | {"OwnerId": NETWORK.account, "Tags": tags(f"firewall-{zone}")}


def _egress(cidr: str, base: int, subnets: dict[str, Row]) -> Rows:
    yield "InternetGateways", internet_gateway(NETWORK, "egress")
    back = route(INTERNAL, TransitGatewayId=GATEWAY)
    for zone in range(3):
        place = subnets[f"public-{zone}"]
        held = interface(f"egress/nat-{zone}", place, dotted(base + 16 * (4 + zone) + 5), [], public=f"3.239.0.{zone + 1}")
        yield "NatGateways", nat_gateway(f"egress-{zone}", held)
        yield "NetworkInterfaces", held
        out = route(ANYWHERE, NatGatewayId=id_of("nat", f"egress-{zone}"))
        routes = [local(cidr), out]
        yield "RouteTables", route_table(NETWORK, f"egress-tgw-{zone}", "egress", routes, [subnets[f"tgw-{zone}"]])
        routes = [local(cidr), back, route(ANYWHERE, GatewayId=id_of("igw", "egress"))]
        yield "RouteTables", route_table(NETWORK, f"egress-public-{zone}", "egress", routes, [place])


def firewall(writer: Writer) -> None:
    """Write the firewall of the inspection VPC with its policy and its rules: what passes is named, the rest is dropped."""
    arns = {
        kind: NETWORK.arn("network-firewall", f"{kind}/main") for kind in ("firewall", "firewall-policy", "stateful-rulegroup")
    }
    states = {
        f"{NETWORK.zone(zone)['AvailabilityZone']}": {
            "Attachment": {
                "EndpointId": id_of("vpce", f"firewall-{zone}"),
                "SubnetId": id_of("subnet", f"inspection-firewall-{zone}"),
                "Status": "READY",
            }
        }
        for zone in range(3)
    }
    own = {"FirewallArn": arns["firewall"], "FirewallName": "main", "FirewallPolicyArn": arns["firewall-policy"]}
    state = {"Status": "READY", "ConfigurationSyncStateSummary": "IN_SYNC", "SyncStates": states}
    mappings = [{"SubnetId": id_of("subnet", f"inspection-firewall-{zone}")} for zone in range(3)]
    more = {"VpcId": id_of("vpc", "inspection"), "SubnetMappings": mappings, "FirewallId": "main"}
    writer.document("describe-firewall-main", {"Firewall": own | more, "FirewallStatus": state})
    references = [{"ResourceArn": arns["stateful-rulegroup"], "Priority": 1}]
    policy = {
        "StatelessDefaultActions": ["aws:forward_to_sfe"],
        "StatelessFragmentDefaultActions": ["aws:forward_to_sfe"],
        "StatefulRuleGroupReferences": references,
        "StatefulDefaultActions": ["aws:drop_strict"],
        "StatefulEngineOptions": {"RuleOrder": "STRICT_ORDER"},
    }
    said = {"FirewallPolicyArn": arns["firewall-policy"], "FirewallPolicyName": "main", "FirewallPolicyId": "main"}
    writer.document("describe-firewall-policy-main", {"FirewallPolicyResponse": said, "FirewallPolicy": policy})
    inside = f"[{','.join(ORGANISATION)}]"
    rules = [f"pass tcp {inside} any -> {inside} {port} (sid:{port};)" for port in (443, 8443, 9100)]
    rules += [
        f"pass tcp {inside} any -> ![{','.join(ORGANISATION)}] [80,443] (sid:1;)",
        f"pass icmp {inside} any -> any any (sid:2;)",
    ]
    rules.insert(0, f"drop tcp 10.0.0.0/16 any -> {inside} 8443 (sid:3;)")
    said = {"RuleGroupArn": arns["stateful-rulegroup"], "RuleGroupName": "main", "Type": "STATEFUL", "RuleGroupId": "main"}
    group = {"RulesSource": {"RulesString": "\n".join(rules)}, "StatefulRuleOptions": {"RuleOrder": "STRICT_ORDER"}}
    writer.document("describe-rule-group-main", {"RuleGroupResponse": said, "RuleGroup": group})
