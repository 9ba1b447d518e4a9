"""An organisation of three accounts in two Regions: built through AWS's API in moto, and written by hand.

shop     eu-west-1   10.0.0.0/16   `web` is public; `app` takes 8080 from it, behind an ACL that lets nothing else in
data     eu-west-1   10.1.0.0/16   `db` takes 5432 from the hosts of `app`, over a peering connection between the accounts
tools    us-east-1   10.2.0.0/16   `batch` has a way to `db` over a peering connection between Regions, and `db` none back
data     us-east-1   10.3.0.0/16   `vault` is open to everybody, and nothing leads there
"""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import boto3

from ..semantics import build
from ..semantics.build import ALLOW, DENY, V4, Row
from .stub import Answer, Asked, Reply

HOME, AWAY = "eu-west-1", "us-east-1"
ROLE = "reader"
PERMITTED = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": V4}]}


@contextmanager
def moto() -> Iterator[str]:
    """Run moto as a server of its own; yields its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            url = f"http://127.0.0.1:{port}"
            for _ in range(600):
                try:
                    urllib.request.urlopen(f"{url}/moto-api/data.json")
                    break
                except urllib.error.URLError:
                    time.sleep(0.05)
            yield url
        finally:
            process.terminate()


def handed_to(url: str) -> Answer:
    """Return what hands every request on to moto; what moto does not know is answered with an empty answer, as an empty account would."""

    def answer(asked: Asked) -> Reply | None:
        request = urllib.request.Request(f"{url}{asked.path}", asked.data or None, asked.headers, method=asked.method)
        try:
            with urllib.request.urlopen(request) as found:
                return Reply(found.status, found.read())
        except urllib.error.HTTPError as error:
            return None if error.code >= 404 else Reply(error.code, error.read())

    return answer


class Builder:
    """Makes resources in one account and Region; each has a Name, and `ids` are those of all of them by name."""

    def __init__(self, url: str, region: str, keys: dict[str, str], ids: dict[str, str]) -> None:
        self.ec2: Any = boto3.client("ec2", region_name=region, endpoint_url=url, **keys)
        self.ids, self.region = ids, region

    def vpc(self, name: str, block: str) -> None:
        self.ids[name] = self.ec2.create_vpc(CidrBlock=block)["Vpc"]["VpcId"]
        found = self.ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [self.ids[name]]}])
        self.ids[f"{name} main"] = found["RouteTables"][0]["RouteTableId"]

    def host(self, name: str, vpc: str, block: str, *permissions: dict[str, Any]) -> None:
        """Make a subnet, a group and an instance with an interface in both."""
        made = self.ec2.create_subnet(VpcId=self.ids[vpc], CidrBlock=block, AvailabilityZone=f"{self.region}a")
        self.ids[f"{name} subnet"] = made["Subnet"]["SubnetId"]
        group = self.ec2.create_security_group(GroupName=name, Description=name, VpcId=self.ids[vpc])["GroupId"]
        if permissions:
            self.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=list(permissions))
        self.ids[f"{name} group"] = group
        interface = self.ec2.create_network_interface(
            SubnetId=self.ids[f"{name} subnet"],
            Groups=[group],
            PrivateIpAddress=block.replace("0/24", "10"),
            TagSpecifications=[{"ResourceType": "network-interface", "Tags": [{"Key": "Name", "Value": name}]}],
        )["NetworkInterface"]["NetworkInterfaceId"]
        self.ids[name] = interface
        attached = [{"NetworkInterfaceId": interface, "DeviceIndex": 0}]
        self.ec2.run_instances(ImageId="ami-12c6146b", MinCount=1, MaxCount=1, NetworkInterfaces=attached)

    def public(self, name: str, vpc: str) -> None:
        """Give a host a public address, and its VPC a way to the internet."""
        gateway = self.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        self.ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=self.ids[vpc])
        made = self.ec2.allocate_address(Domain="vpc")
        self.ids[f"{name} address"] = made["PublicIp"]
        self.ec2.associate_address(AllocationId=made["AllocationId"], NetworkInterfaceId=self.ids[name])
        table = self.ec2.create_route_table(VpcId=self.ids[vpc])["RouteTable"]["RouteTableId"]
        self.ec2.create_route(RouteTableId=table, DestinationCidrBlock=V4, GatewayId=gateway)
        self.ec2.associate_route_table(RouteTableId=table, SubnetId=self.ids[f"{name} subnet"])

    def guard(self, name: str, vpc: str) -> None:
        """Give a host's subnet an ACL that lets 8080 in, and every answer out."""
        acl = self.ec2.create_network_acl(VpcId=self.ids[vpc])["NetworkAcl"]["NetworkAclId"]
        entry = {"NetworkAclId": acl, "CidrBlock": V4, "RuleAction": "allow"}
        ports = {"From": 8080, "To": 8080}
        self.ec2.create_network_acl_entry(**entry, RuleNumber=100, Protocol="6", Egress=False, PortRange=ports)
        answers = {"From": 1024, "To": 65535}
        self.ec2.create_network_acl_entry(**entry, RuleNumber=110, Protocol="6", Egress=False, PortRange=answers)
        self.ec2.create_network_acl_entry(**entry, RuleNumber=100, Protocol="-1", Egress=True)
        for egress in (False, True):
            # moto leaves out what every ACL ends with.
            deny = {**entry, "RuleAction": "deny", "RuleNumber": 32766, "Protocol": "-1", "Egress": egress}
            self.ec2.create_network_acl_entry(**deny)
        subnet = [{"Name": "association.subnet-id", "Values": [self.ids[f"{name} subnet"]]}]
        for one in self.ec2.describe_network_acls(Filters=subnet)["NetworkAcls"][0]["Associations"]:
            if one["SubnetId"] == self.ids[f"{name} subnet"]:
                self.ec2.replace_network_acl_association(AssociationId=one["NetworkAclAssociationId"], NetworkAclId=acl)

    def route(self, vpc: str, block: str, peering: str) -> None:
        self.ec2.create_route(
            RouteTableId=self.ids[f"{vpc} main"], DestinationCidrBlock=block, VpcPeeringConnectionId=self.ids[peering]
        )


def peer(name: str, one: Builder, vpc: str, other: Builder, others: str, account: str) -> None:
    made = one.ec2.create_vpc_peering_connection(
        VpcId=one.ids[vpc], PeerVpcId=one.ids[others], PeerOwnerId=account, PeerRegion=other.region
    )["VpcPeeringConnection"]["VpcPeeringConnectionId"]
    other.ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=made)
    one.ids[name] = made


def tcp(port: int, **far: Any) -> dict[str, Any]:
    return {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, **far}


def accounts(url: str) -> dict[str, str]:
    """Make the organisation, and return its accounts by name."""
    client = boto3.client("organizations", region_name=AWAY, endpoint_url=url)
    client.create_organization(FeatureSet="ALL")
    made = {
        name: client.create_account(AccountName=name, Email=f"{name}@example.com")["CreateAccountStatus"]["AccountId"]
        for name in ("data", "tools")
    }
    mine = boto3.client("sts", region_name=AWAY, endpoint_url=url).get_caller_identity()["Account"]
    return {"shop": mine, **made}


def keys_of(url: str, account: str) -> dict[str, str]:
    role = f"arn:aws:iam::{account}:role/{ROLE}"
    client = boto3.client("sts", region_name=AWAY, endpoint_url=url)
    found = client.assume_role(RoleArn=role, RoleSessionName="build")["Credentials"]
    return {
        "aws_access_key_id": found["AccessKeyId"],
        "aws_secret_access_key": found["SecretAccessKey"],
        "aws_session_token": found["SessionToken"],
    }


class Made(NamedTuple):
    """The accounts of the network by name, and the public address that moto gave: one of loopback, which no internet routes."""

    owners: dict[str, str]
    address: str


def built(url: str) -> Made:
    """Build the network in moto."""
    owners, ids = accounts(url), dict[str, str]()
    shop = Builder(url, HOME, {}, ids)
    data = Builder(url, HOME, keys_of(url, owners["data"]), ids)
    vaults = Builder(url, AWAY, keys_of(url, owners["data"]), ids)
    tools = Builder(url, AWAY, keys_of(url, owners["tools"]), ids)
    shop.vpc("shop", "10.0.0.0/16")
    shop.host("web", "shop", "10.0.1.0/24", tcp(443, IpRanges=[{"CidrIp": V4}]))
    shop.host(
        "app",
        "shop",
        "10.0.2.0/24",
        tcp(8080, UserIdGroupPairs=[{"GroupId": ids["web group"]}]),
        tcp(22, IpRanges=[{"CidrIp": V4}]),
    )
    shop.public("web", "shop")
    shop.guard("app", "shop")
    data.vpc("data", "10.1.0.0/16")
    data.host("db", "data", "10.1.1.0/24", tcp(5432, IpRanges=[{"CidrIp": "10.0.2.0/24"}, {"CidrIp": "10.2.0.0/16"}]))
    tools.vpc("tools", "10.2.0.0/16")
    tools.host("batch", "tools", "10.2.1.0/24")
    vaults.vpc("vaults", "10.3.0.0/16")
    vaults.host("vault", "vaults", "10.3.1.0/24", PERMITTED)
    peer("shop-data", shop, "shop", data, "data", owners["data"])
    peer("tools-data", tools, "tools", data, "data", owners["data"])
    shop.route("shop", "10.1.0.0/16", "shop-data")
    data.route("data", "10.0.0.0/16", "shop-data")
    tools.route("tools", "10.1.0.0/16", "tools-data")
    return Made(owners, ids["web address"])


# ---------------------------------------------------------------------- by hand
def written(made: Made) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield the same network by hand: an account, a Region and its documents."""
    for (owner, region), rows in _rows(*made).items():
        documents: dict[str, Any] = {key: [] for key in build.EMPTY}
        for row in rows:
            fields = {**row.fields, "OwnerId": owner}
            one = {"OwnerId": owner, "Instances": [fields]} if row.document == "Reservations" else fields
            documents.setdefault(row.document, []).append(one)
        yield owner, region, documents


def _rows(owners: dict[str, str], address: str) -> dict[tuple[str, str], list[Row]]:
    return {
        (owners["shop"], HOME): [
            *_home("shop", "10.0.0.0/16", ("10.1.0.0/16", "pcx-1")),
            *_host("web", "shop", "10.0.1", build.rule("tcp/443", V4), public=address),
            *_host("app", "shop", "10.0.2", build.rule("tcp/8080", "sg-web"), build.rule("tcp/22", V4)),
            build.igw(vpc="vpc-shop"),
            build.route_table("rtb-web", (V4, "igw-1"), subnets=["subnet-web"], vpc="vpc-shop", local=["10.0.0.0/16"]),
            build.acl(
                "acl-app",
                "subnet-app",
                vpc="vpc-shop",
                inbound=[(100, ALLOW, "tcp/8080", V4), (110, ALLOW, "tcp/1024-65535", V4), (32766, DENY, "all", V4)],
                outbound=[(100, ALLOW, "all", V4), (32766, DENY, "all", V4)],
            ),
            _peering("pcx-1", ("shop", HOME), ("data", HOME), owners),
        ],
        (owners["data"], HOME): [
            *_home("data", "10.1.0.0/16", ("10.0.0.0/16", "pcx-1")),
            *_host("db", "data", "10.1.1", build.rule("tcp/5432", "10.0.2.0/24", "10.2.0.0/16")),
            _peering("pcx-1", ("shop", HOME), ("data", HOME), owners),
            _peering("pcx-2", ("tools", AWAY), ("data", HOME), owners),
        ],
        (owners["tools"], AWAY): [
            *_home("tools", "10.2.0.0/16", ("10.1.0.0/16", "pcx-2")),
            *_host("batch", "tools", "10.2.1"),
            _peering("pcx-2", ("tools", AWAY), ("data", HOME), owners),
        ],
        (owners["data"], AWAY): [
            *_home("vaults", "10.3.0.0/16"),
            *_host("vault", "vaults", "10.3.1", build.rule("all", V4)),
        ],
    }


def _home(name: str, block: str, *routes: tuple[str, str]) -> list[Row]:
    return [
        build.vpc(f"vpc-{name}", block),
        build.acl(f"acl-{name}", default=True, vpc=f"vpc-{name}"),
        build.route_table(f"rtb-{name}", *routes, main=True, vpc=f"vpc-{name}", local=[block]),
    ]


def _host(name: str, vpc: str, block: str, *ingress: dict[str, Any], public: str = "") -> list[Row]:
    home = f"vpc-{vpc}"
    tags = [{"Key": "Name", "Value": name}]
    how = {"subnet": f"subnet-{name}", "vpc": home, "groups": [f"sg-{name}"], "instance": f"i-{name}", "TagSet": tags}
    return [
        build.subnet(f"subnet-{name}", f"{block}.0/24", vpc=home),
        build.group(f"sg-{name}", ingress, [build.rule("all", V4)], vpc=home),
        build.interface(f"eni-{name}", f"{block}.10", public=public, **how),
        build.instance(f"i-{name}"),
    ]


def _peering(id: str, one: tuple[str, str], other: tuple[str, str], owners: dict[str, str]) -> Row:
    row = build.peering(id, regions=(one[1], other[1]))
    for side, (name, _) in (("RequesterVpcInfo", one), ("AccepterVpcInfo", other)):
        block = {"shop": "10.0.0.0/16", "data": "10.1.0.0/16", "tools": "10.2.0.0/16"}[name]
        row.fields[side] |= {"VpcId": f"vpc-{name}", "OwnerId": owners[name], "CidrBlock": block}
        row.fields[side] |= {"CidrBlockSet": [{"CidrBlock": block}], "Ipv6CidrBlockSet": []}
    return row
