"""Small networks as templates, each with a question whose answer is `reachable` by one kind of thing on the way."""

from __future__ import annotations

from .templates import Json, admits, made, ref, template

EVERYBODY = {"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}


def balanced(type: str = "application") -> Json:
    """Return a load balancer in the first subnet, before the host in the second one."""
    groups = {} if type == "network" else {"SecurityGroups": [ref("Group")]}
    targets = {"Targets": [{"Id": ref("HostB")}], "Port": 22, "Protocol": "TCP" if type == "network" else "HTTP"}
    kept = [{"Key": "preserve_client_ip.enabled", "Value": "false"}]
    more = {"TargetGroupAttributes": kept} if type == "network" else {}
    forward = [{"Type": "forward", "TargetGroupArn": ref("Targets")}]
    return template(
        Group=made("EC2::SecurityGroup", VpcId=ref("Vpc"), GroupDescription="l", SecurityGroupIngress=[EVERYBODY]),
        Rule=admits("GroupB", "10.0.0.0/16" if type == "network" else ref("Group")),
        Front=made("ElasticLoadBalancingV2::LoadBalancer", Type=type, Subnets=[ref("SubnetA")], **groups),
        Targets=made("ElasticLoadBalancingV2::TargetGroup", VpcId=ref("Vpc"), **targets, **more),
        Listens=made(
            "ElasticLoadBalancingV2::Listener",
            LoadBalancerArn=ref("Front"),
            Port=80,
            Protocol=targets["Protocol"],
            DefaultActions=forward,
        ),
    )


def balanced_of_old() -> Json:
    """Return a classic load balancer before the host."""
    listens = [{"LoadBalancerPort": "80", "InstancePort": "22", "Protocol": "TCP"}]
    return template(
        Group=made("EC2::SecurityGroup", VpcId=ref("Vpc"), GroupDescription="l", SecurityGroupIngress=[EVERYBODY]),
        Rule=admits("GroupB", ref("Group")),
        Front=made(
            "ElasticLoadBalancing::LoadBalancer",
            Subnets=[ref("SubnetA")],
            SecurityGroups=[ref("Group")],
            Listeners=listens,
            Instances=[ref("HostB")],
        ),
    )


def linked() -> Json:
    """Return a third host, in a VPC with an endpoint that leads to the service of the load balancer."""
    found = balanced("network")
    name = {"Fn::Sub": "com.amazonaws.vpce.${AWS::Region}.${Service}"}
    own = {"VpcId": ref("VpcC"), "SubnetIds": [ref("SubnetC")], "SecurityGroupIds": [ref("GroupC")]}
    found["Resources"] |= {
        "VpcC": made("EC2::VPC", CidrBlock="10.5.0.0/16"),
        "SubnetC": made("EC2::Subnet", VpcId=ref("VpcC"), CidrBlock="10.5.0.0/24"),
        "GroupC": made("EC2::SecurityGroup", VpcId=ref("VpcC"), GroupDescription="c", SecurityGroupIngress=[EVERYBODY]),
        "HostC": made("EC2::Instance", SubnetId=ref("SubnetC"), SecurityGroupIds=[ref("GroupC")]),
        "Service": made("EC2::VPCEndpointService", NetworkLoadBalancerArns=[ref("Front")], AcceptanceRequired=False),
        "Endpoint": made("EC2::VPCEndpoint", VpcEndpointType="Interface", ServiceName=name, **own),
    }
    return found


def two_vpcs(**target: Json) -> Json:
    """Return the two hosts in two VPCs, with routes to each other by a target."""
    made_here: dict[str, Json] = {
        "VpcB": made("EC2::VPC", CidrBlock="10.1.0.0/16"),
        "SubnetB": made("EC2::Subnet", VpcId=ref("VpcB"), CidrBlock="10.1.0.0/24"),
        "GroupB": made("EC2::SecurityGroup", VpcId=ref("VpcB"), GroupDescription="B"),
        "Rule": admits("GroupB", "10.0.0.0/16"),
    }
    for name, vpc, far in (("A", "Vpc", "10.1.0.0/16"), ("B", "VpcB", "10.0.0.0/16")):
        made_here[f"Table{name}"] = made("EC2::RouteTable", VpcId=ref(vpc))
        used = {"SubnetId": ref(f"Subnet{name}"), "RouteTableId": ref(f"Table{name}")}
        made_here[f"Uses{name}"] = made("EC2::SubnetRouteTableAssociation", **used)
        made_here[f"Route{name}"] = made("EC2::Route", RouteTableId=ref(f"Table{name}"), DestinationCidrBlock=far, **target)
    return template(**made_here)


def by_gateway(*, own_table: bool) -> Json:
    """Return the two VPCs at a transit gateway, with its first table or one of their own."""
    found = two_vpcs(TransitGatewayId=ref("Hub"))
    off = {"DefaultRouteTableAssociation": "disable", "DefaultRouteTablePropagation": "disable"} if own_table else {}
    more: dict[str, Json] = {"Hub": made("EC2::TransitGateway", **off)}
    table = {"TransitGatewayRouteTableId": ref("HubTable")}
    for name, vpc in (("A", "Vpc"), ("B", "VpcB")):
        own = {"TransitGatewayId": ref("Hub"), "VpcId": ref(vpc), "SubnetIds": [ref(f"Subnet{name}")]}
        more[f"At{name}"] = made("EC2::TransitGatewayAttachment", **own)
        if own_table:
            at = {**table, "TransitGatewayAttachmentId": ref(f"At{name}")}
            more[f"Uses{name}Hub"] = made("EC2::TransitGatewayRouteTableAssociation", **at)
    if own_table:
        more["HubTable"] = made("EC2::TransitGatewayRouteTable", TransitGatewayId=ref("Hub"))
        more["Filled"] = made("EC2::TransitGatewayRouteTablePropagation", **table, TransitGatewayAttachmentId=ref("AtB"))
        static = {"DestinationCidrBlock": "10.0.0.0/16", "TransitGatewayAttachmentId": ref("AtA")}
        more["Static"] = made("EC2::TransitGatewayRoute", **table, **static)
    found["Resources"] |= more
    return found


def peered() -> Json:
    """Return the two VPCs with a peering."""
    found = two_vpcs(VpcPeeringConnectionId=ref("Peering"))
    found["Resources"]["Peering"] = made("EC2::VPCPeeringConnection", VpcId=ref("Vpc"), PeerVpcId=ref("VpcB"))
    return found


SSH = ("HostA", "HostB", "ssh")
NETWORKS = {
    "application balancer": (balanced(), SSH),
    "network balancer": (balanced("network"), SSH),
    "classic balancer": (balanced_of_old(), SSH),
    "endpoint": (linked(), ("HostC", "HostB", "ssh")),
    "peering": (peered(), SSH),
    "transit gateway": (by_gateway(own_table=False), SSH),
    "table of a transit gateway": (by_gateway(own_table=True), SSH),
}
