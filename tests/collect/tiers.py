"""The three-tier network that tests/iac writes down, built through AWS's API in moto."""

from __future__ import annotations

from typing import Any

import boto3

from ..semantics.build import V4
from .cloud import HOME, tcp

ZONE = f"{HOME}a"
BLOCKS = {"public": "10.0.0.0/24", "app": "10.0.1.0/24", "data": "10.0.2.0/24"}
EVERYBODY = {"IpRanges": [{"CidrIp": V4}]}


class Tiers:
    """Makes the network; `ids` are those of what it made, by kind and name."""

    def __init__(self, url: str) -> None:
        self.ids: dict[str, str] = {}
        self.ec2, self.elb, self.rds, self.acm = (
            boto3.client(name, region_name=HOME, endpoint_url=url) for name in ("ec2", "elbv2", "rds", "acm")
        )

    def build(self) -> None:
        self.network()
        self.groups()
        self.host("bastion", "public", "10.0.0.20", "bastion")
        self.address(self.ids["interface bastion"])
        self.host("app-1", "app", "10.0.1.20", "app")
        self.balancer()
        self.database()

    def network(self) -> None:
        """Make the VPC, its subnets and what leads out of them; every subnet has the default ACL."""
        self.ids["vpc"] = self.ec2.create_vpc(CidrBlock="10.0.0.0/16", TagSpecifications=named("vpc", "main"))["Vpc"]["VpcId"]
        for name, block in BLOCKS.items():
            made = self.ec2.create_subnet(VpcId=self.ids["vpc"], CidrBlock=block, AvailabilityZone=ZONE)
            self.ids[f"subnet {name}"] = made["Subnet"]["SubnetId"]
        gateway = self.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        self.ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=self.ids["vpc"])
        self.route("public", GatewayId=gateway)
        given = self.ec2.allocate_address(Domain="vpc")["AllocationId"]
        nat = self.ec2.create_nat_gateway(SubnetId=self.ids["subnet public"], AllocationId=given)
        self.route("app", NatGatewayId=nat["NatGateway"]["NatGatewayId"])
        (shown,) = self.ec2.describe_nat_gateways()["NatGateways"]
        self.ids["address nat"] = shown["NatGatewayAddresses"][0]["PrivateIp"]

    def route(self, subnet: str, **by: str) -> None:
        """Give a subnet a route table with a way to everywhere."""
        table = self.ec2.create_route_table(VpcId=self.ids["vpc"])["RouteTable"]["RouteTableId"]
        self.ec2.create_route(RouteTableId=table, DestinationCidrBlock=V4, **by)
        self.ec2.associate_route_table(RouteTableId=table, SubnetId=self.ids[f"subnet {subnet}"])

    def groups(self) -> None:
        for name in ("edge", "app", "data", "bastion"):
            made = self.ec2.create_security_group(GroupName=name, Description=name, VpcId=self.ids["vpc"])
            self.ids[f"group {name}"] = made["GroupId"]
        self.admit("edge", tcp(443, **EVERYBODY))
        self.admit("app", tcp(8080, **self.members("edge")), tcp(22, **self.members("bastion")))
        self.admit("data", tcp(5432, **self.members("app")))
        self.admit("bastion", tcp(22, **EVERYBODY))
        everything = {"IpProtocol": "-1", **EVERYBODY}
        self.ec2.revoke_security_group_egress(GroupId=self.ids["group data"], IpPermissions=[everything])

    def admit(self, group: str, *permissions: dict[str, Any]) -> None:
        self.ec2.authorize_security_group_ingress(GroupId=self.ids[f"group {group}"], IpPermissions=[*permissions])

    def members(self, group: str) -> dict[str, Any]:
        return {"UserIdGroupPairs": [{"GroupId": self.ids[f"group {group}"]}]}

    def interface(self, subnet: str, address: str, group: str, description: str) -> str:
        made = self.ec2.create_network_interface(
            SubnetId=self.ids[f"subnet {subnet}"],
            PrivateIpAddress=address,
            Groups=[self.ids[f"group {group}"]],
            Description=description,
        )
        return str(made["NetworkInterface"]["NetworkInterfaceId"])

    def address(self, interface: str) -> None:
        """Give an interface a public address."""
        given = self.ec2.allocate_address(Domain="vpc")["AllocationId"]
        self.ec2.associate_address(AllocationId=given, NetworkInterfaceId=interface)

    def host(self, name: str, subnet: str, address: str, group: str) -> None:
        self.ids[f"interface {name}"] = self.interface(subnet, address, group, "")
        attached = [{"NetworkInterfaceId": self.ids[f"interface {name}"], "DeviceIndex": 0}]
        made = self.ec2.run_instances(
            ImageId="ami-12c6146b",
            MinCount=1,
            MaxCount=1,
            NetworkInterfaces=attached,
            TagSpecifications=named("instance", name),
        )
        self.ids[f"instance {name}"] = made["Instances"][0]["InstanceId"]

    def balancer(self) -> None:
        """Make the load balancer, what it listens on and whom it hands on to; and its interface, which moto does not make."""
        made = self.elb.create_load_balancer(
            Name="edge", Subnets=[self.ids["subnet public"]], SecurityGroups=[self.ids["group edge"]], Scheme="internet-facing"
        )
        arn = made["LoadBalancers"][0]["LoadBalancerArn"]
        made = self.elb.create_target_group(Name="app", Protocol="HTTP", Port=8080, VpcId=self.ids["vpc"], TargetType="instance")
        group = made["TargetGroups"][0]["TargetGroupArn"]
        self.elb.register_targets(TargetGroupArn=group, Targets=[{"Id": self.ids["instance app-1"], "Port": 8080}])
        certificate = self.acm.request_certificate(DomainName="edge.example.com")["CertificateArn"]
        self.elb.create_listener(
            LoadBalancerArn=arn,
            Protocol="HTTPS",
            Port=443,
            Certificates=[{"CertificateArn": certificate}],
            DefaultActions=[{"Type": "forward", "TargetGroupArn": group}],
        )
        described = f"ELB {arn.partition(':loadbalancer/')[2]}"
        self.address(self.interface("public", "10.0.0.30", "edge", described))

    def database(self) -> None:
        """Make the database; and its interface, which moto does not make."""
        self.rds.create_db_subnet_group(
            DBSubnetGroupName="data", DBSubnetGroupDescription="data", SubnetIds=[self.ids["subnet data"]]
        )
        self.rds.create_db_instance(
            DBInstanceIdentifier="orders",
            DBInstanceClass="db.t3.small",
            Engine="postgres",
            MasterUsername="orders",
            MasterUserPassword="not-a-secret",
            AllocatedStorage=20,
            DBSubnetGroupName="data",
            VpcSecurityGroupIds=[self.ids["group data"]],
            PubliclyAccessible=False,
        )
        self.interface("data", "10.0.2.20", "data", "RDSNetworkInterface")


def named(kind: str, name: str) -> list[dict[str, Any]]:
    return [{"ResourceType": kind, "Tags": [{"Key": "Name", "Value": name}]}]
