"""Plans as `terraform show -json` writes them, of short descriptions; and the three-tier network, as a plan and as AWS's answers."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]
LATER = "later"


def ref(*names: str) -> Json:
    """Return the expression that refers to attributes, as a plan's configuration writes it."""
    return {"references": [one for name in names for one in (name, name.rpartition(".")[0])]}


def resource(address: str, /, **attributes: Any) -> Json:
    """Return a resource to be made: values are known, expressions (of `ref`) and LATER are known after it is made only."""
    type, _, name = address.partition(".")
    expressions = {key: value for key, value in attributes.items() if isinstance(value, dict) and "references" in value}
    later = {key for key, value in attributes.items() if value == LATER} | expressions.keys() | {"id", "arn"}
    return {
        "address": address,
        "mode": "managed",
        "type": type,
        "name": name,
        "expressions": expressions,
        "after": {key: value for key, value in attributes.items() if key not in later},
        "after_unknown": dict.fromkeys(sorted(later), True),
    }


def plan(*resources: Json, **more: Any) -> Json:
    """Return the plan that makes resources."""
    named = ("address", "mode", "type", "name")
    return {
        "format_version": "1.2",
        "terraform_version": "1.9.8",
        "resource_changes": [
            {
                **{key: one[key] for key in named},
                "change": {"actions": ["create"], "before": None, "after": one["after"], "after_unknown": one["after_unknown"]},
            }
            for one in resources
        ],
        "configuration": {
            "root_module": {
                "resources": [{**{key: one[key] for key in named}, "expressions": one["expressions"]} for one in resources]
            }
        },
        **more,
    }


VPC = ref("aws_vpc.main.id")
COMPUTED = {"ingress": LATER, "egress": LATER}


def _rule(kind: str, name: str, group: str, **what: Any) -> Json:
    return resource(f"aws_vpc_security_group_{kind}_rule.{name}", security_group_id=ref(f"aws_security_group.{group}.id"), **what)


def _group(name: str) -> Json:
    return resource(f"aws_security_group.{name}", name=name, vpc_id=VPC, **COMPUTED)


def _subnet(name: str, block: str, zone: str, **more: Any) -> Json:
    return resource(f"aws_subnet.{name}", cidr_block=block, availability_zone=zone, vpc_id=VPC, **more)


def _host(name: str, subnet: str, group: str) -> Json:
    later = dict.fromkeys(
        ("primary_network_interface_id", "private_ip", "public_ip", "instance_state", "associate_public_ip_address"), LATER
    )
    return resource(
        f"aws_instance.{name}",
        tags={"Name": name},
        subnet_id=ref(f"aws_subnet.{subnet}.id"),
        vpc_security_group_ids=ref(f"aws_security_group.{group}.id"),
        **later,
    )


ALL = {"ip_protocol": "-1", "cidr_ipv4": "0.0.0.0/0"}


def three_tiers() -> Json:
    """Return the three-tier network as a plan: a load balancer, an application behind it, a database, a bastion, a NAT gateway."""
    return plan(
        resource("aws_vpc.main", cidr_block="10.0.0.0/16", tags={"Name": "main"}, default_route_table_id=LATER),
        _subnet("public", "10.0.0.0/24", "eu-west-1a", map_public_ip_on_launch=True),
        _subnet("app", "10.0.1.0/24", "eu-west-1a"),
        _subnet("data", "10.0.2.0/24", "eu-west-1a"),
        resource("aws_internet_gateway.main", vpc_id=VPC),
        resource("aws_eip.nat", public_ip=LATER, instance=LATER, network_interface=LATER),
        resource(
            "aws_nat_gateway.main",
            subnet_id=ref("aws_subnet.public.id"),
            allocation_id=ref("aws_eip.nat.id"),
            connectivity_type="public",
            network_interface_id=LATER,
            private_ip=LATER,
            public_ip=LATER,
        ),
        resource("aws_route_table.public", vpc_id=VPC, route=LATER, propagating_vgws=LATER),
        resource("aws_route_table.app", vpc_id=VPC, route=LATER, propagating_vgws=LATER),
        resource(
            "aws_route.public",
            route_table_id=ref("aws_route_table.public.id"),
            destination_cidr_block="0.0.0.0/0",
            gateway_id=ref("aws_internet_gateway.main.id"),
        ),
        resource(
            "aws_route.app",
            route_table_id=ref("aws_route_table.app.id"),
            destination_cidr_block="0.0.0.0/0",
            nat_gateway_id=ref("aws_nat_gateway.main.id"),
        ),
        *(
            resource(
                f"aws_route_table_association.{name}",
                subnet_id=ref(f"aws_subnet.{name}.id"),
                route_table_id=ref(f"aws_route_table.{name}.id"),
            )
            for name in ("public", "app")
        ),
        *(_group(name) for name in ("edge", "app", "data", "bastion")),
        _rule("ingress", "edge", "edge", ip_protocol="tcp", from_port=443, to_port=443, cidr_ipv4="0.0.0.0/0"),
        _rule("egress", "edge", "edge", **ALL),
        _rule(
            "ingress", "app", "app", ip_protocol="tcp", from_port=8080, to_port=8080,
            referenced_security_group_id=ref("aws_security_group.edge.id"),
        ),
        _rule(
            "ingress", "ssh", "app", ip_protocol="tcp", from_port=22, to_port=22,
            referenced_security_group_id=ref("aws_security_group.bastion.id"),
        ),
        _rule("egress", "app", "app", **ALL),
        _rule(
            "ingress", "data", "data", ip_protocol="tcp", from_port=5432, to_port=5432,
            referenced_security_group_id=ref("aws_security_group.app.id"),
        ),
        _rule("ingress", "bastion", "bastion", ip_protocol="tcp", from_port=22, to_port=22, cidr_ipv4="0.0.0.0/0"),
        _rule("egress", "bastion", "bastion", **ALL),
        _host("bastion", "public", "bastion"),
        _host("app-1", "app", "app"),
        resource(
            "aws_lb.edge",
            name="edge",
            internal=False,
            load_balancer_type="application",
            subnets=ref("aws_subnet.public.id"),
            security_groups=ref("aws_security_group.edge.id"),
        ),
        resource("aws_lb_target_group.app", name="app", port=8080, protocol="HTTP", target_type="instance", vpc_id=VPC),
        resource(
            "aws_lb_target_group_attachment.app",
            target_group_arn=ref("aws_lb_target_group.app.arn"),
            target_id=ref("aws_instance.app-1.id"),
        ),
        resource(
            "aws_lb_listener.https",
            load_balancer_arn=ref("aws_lb.edge.arn"),
            port=443,
            protocol="HTTPS",
            default_action=[{"type": "forward", "target_group_arn": None}],
        ),
        resource("aws_db_subnet_group.data", name="data", subnet_ids=ref("aws_subnet.data.id")),
        resource(
            "aws_db_instance.orders",
            identifier="orders",
            publicly_accessible=False,
            db_subnet_group_name="data",
            vpc_security_group_ids=ref("aws_security_group.data.id"),
        ),
    )  # fmt: skip


def with_action(document: Json) -> Json:
    """Return the plan with the listener's target group as plans show it: known after it is made only, inside a block."""
    for one in document["resource_changes"]:
        if one["type"] == "aws_lb_listener":
            one["change"]["after"]["default_action"] = [{"type": "forward"}]
            one["change"]["after_unknown"]["default_action"] = [{"target_group_arn": True}]
    for one in document["configuration"]["root_module"]["resources"]:
        if one["type"] == "aws_lb_listener":
            one["expressions"]["default_action"] = [
                {"type": {"constant_value": "forward"}, "target_group_arn": ref("aws_lb_target_group.app.arn")}
            ]
    return document


# ---------------------------------------------------------------------- the same by hand
def _permission(low: int | None, **far: Any) -> Json:
    ports = {} if low is None else {"FromPort": low, "ToPort": low}
    return {"IpProtocol": "tcp" if low else "-1", **ports, **far}


EVERYONE = {"IpRanges": [{"CidrIp": "0.0.0.0/0"}]}


def _from(group: str) -> Json:
    return {"UserIdGroupPairs": [{"GroupId": group}]}


def _by_hand_group(name: str, *inbound: Json, out: bool = True) -> Json:
    egress = [_permission(None, **EVERYONE)] if out else []
    return {
        "GroupId": f"sg-{name}",
        "GroupName": name,
        "VpcId": "vpc-1",
        "IpPermissions": list(inbound),
        "IpPermissionsEgress": egress,
    }


def _interface(name: str, subnet: str, address: str, group: str, public: str = "", **more: Any) -> Json:
    listed = {"PrivateIpAddress": address, "Primary": True, **({"Association": {"PublicIp": public}} if public else {})}
    return {
        "NetworkInterfaceId": f"eni-{name}", "SubnetId": f"subnet-{subnet}", "VpcId": "vpc-1",
        "PrivateIpAddresses": [listed], "Groups": [{"GroupId": group}] if group else [], **more,
    }  # fmt: skip


def by_hand() -> Json:
    """Return the three-tier network as AWS's own answers, in one document."""
    entries = [
        {"RuleNumber": 100, "Egress": egress, "RuleAction": "allow", "Protocol": "-1", "CidrBlock": "0.0.0.0/0"}
        for egress in (False, True)
    ]
    zones = {"public": "10.0.0.0/24", "app": "10.0.1.0/24", "data": "10.0.2.0/24"}
    return {
        "Vpcs": [{"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16", "Tags": [{"Key": "Name", "Value": "main"}]}],
        "Subnets": [
            {"SubnetId": f"subnet-{name}", "VpcId": "vpc-1", "CidrBlock": block, "AvailabilityZone": "eu-west-1a"}
            for name, block in zones.items()
        ],
        "InternetGateways": [{"InternetGatewayId": "igw-1", "Attachments": [{"VpcId": "vpc-1", "State": "available"}]}],
        "NetworkAcls": [{"NetworkAclId": "acl-1", "VpcId": "vpc-1", "IsDefault": True, "Entries": entries}],
        "RouteTables": [
            {"RouteTableId": "rtb-main", "VpcId": "vpc-1", "Associations": [{"Main": True}]},
            {
                "RouteTableId": "rtb-public", "VpcId": "vpc-1", "Associations": [{"SubnetId": "subnet-public"}],
                "Routes": [{"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-1"}],
            },
            {
                "RouteTableId": "rtb-app", "VpcId": "vpc-1", "Associations": [{"SubnetId": "subnet-app"}],
                "Routes": [{"DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "nat-1"}],
            },
        ],
        "NatGateways": [
            {
                "NatGatewayId": "nat-1", "VpcId": "vpc-1", "SubnetId": "subnet-public",
                "NatGatewayAddresses": [
                    {"NetworkInterfaceId": "eni-nat", "PrivateIp": "10.0.0.9", "PublicIp": "203.0.113.9"}
                ],
            }
        ],
        "SecurityGroups": [
            _by_hand_group("edge", _permission(443, **EVERYONE)),
            _by_hand_group("app", _permission(8080, **_from("sg-edge")), _permission(22, **_from("sg-bastion"))),
            _by_hand_group("data", _permission(5432, **_from("sg-app")), out=False),
            _by_hand_group("bastion", _permission(22, **EVERYONE)),
        ],
        "NetworkInterfaces": [
            _interface("bastion", "public", "10.0.0.20", "sg-bastion", "203.0.113.20", Attachment={"InstanceId": "i-bastion"}),
            _interface("app", "app", "10.0.1.20", "sg-app", Attachment={"InstanceId": "i-app"}),
            _interface("edge", "public", "10.0.0.30", "sg-edge", "203.0.113.30", Description="ELB app/edge/1"),
            _interface("nat", "public", "10.0.0.9", "", "203.0.113.9", InterfaceType="nat_gateway"),
            _interface("orders", "data", "10.0.2.20", "sg-data", RequesterId="amazon-rds", Description="RDSNetworkInterface"),
        ],
        "Reservations": [
            {"Instances": [{"InstanceId": f"i-{id}", "State": {"Name": "running"}, "Tags": [{"Key": "Name", "Value": name}]}]}
            for id, name in (("bastion", "bastion"), ("app", "app-1"))
        ],
        "LoadBalancers": [
            {
                "LoadBalancerArn": "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/edge/1",
                "LoadBalancerName": "edge", "Type": "application", "Scheme": "internet-facing", "VpcId": "vpc-1",
                "SecurityGroups": ["sg-edge"], "AvailabilityZones": [{"SubnetId": "subnet-public"}],
            }
        ],
        "LoadBalancerAttributes": [
            {
                "LoadBalancerArn": "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/edge/1",
                "Attributes": [{"Key": "load_balancing.cross_zone.enabled", "Value": "true"}],
            }
        ],
        "Listeners": [
            {
                "ListenerArn": "listener-1",
                "LoadBalancerArn": "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/edge/1",
                "Port": 443, "Protocol": "HTTPS", "DefaultActions": [{"Type": "forward", "TargetGroupArn": "tg-1"}],
            }
        ],
        "ListenerRules": [],
        "TargetGroups": [
            {"TargetGroupArn": "tg-1", "TargetGroupName": "app", "TargetType": "instance", "Protocol": "HTTP", "Port": 8080,
             "VpcId": "vpc-1"}
        ],
        "LoadBalancerTargetHealth": [{"TargetGroupArn": "tg-1", "TargetHealthDescriptions": [{"Target": {"Id": "i-app", "Port": 8080}}]}],
        "DBInstances": [
            {
                "DBInstanceIdentifier": "orders", "PubliclyAccessible": False,
                "DBSubnetGroup": {"VpcId": "vpc-1", "Subnets": [{"SubnetIdentifier": "subnet-data"}]},
                "VpcSecurityGroups": [{"VpcSecurityGroupId": "sg-data", "Status": "active"}],
            }
        ],
        "VpcPeeringConnections": [], "VpcEndpoints": [],
    }  # fmt: skip
