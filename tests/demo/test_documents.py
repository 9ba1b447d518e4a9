"""The documents of the embedded network are answers that AWS could give: shaped like them, and consistent with each other."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from ipaddress import ip_address, ip_network
from typing import Any

import pytest

from analyzer.demo import demo_path

from ..api_shapes import complaints, output
from .conftest import Documents

CALLS = {
    "db-instances": ("rds", "DescribeDBInstances"),
    "egress-only-internet-gateways": ("ec2", "DescribeEgressOnlyInternetGateways"),
    "instances": ("ec2", "DescribeInstances"),
    "internet-gateways": ("ec2", "DescribeInternetGateways"),
    "managed-prefix-list-entries": ("ec2", "GetManagedPrefixListEntries"),
    "managed-prefix-lists": ("ec2", "DescribeManagedPrefixLists"),
    "nat-gateways": ("ec2", "DescribeNatGateways"),
    "network-acls": ("ec2", "DescribeNetworkAcls"),
    "network-interfaces": ("ec2", "DescribeNetworkInterfaces"),
    "route-tables": ("ec2", "DescribeRouteTables"),
    "security-groups": ("ec2", "DescribeSecurityGroups"),
    "subnets": ("ec2", "DescribeSubnets"),
    "vpc-block-public-access-options": ("ec2", "DescribeVpcBlockPublicAccessOptions"),
    "vpc-endpoints": ("ec2", "DescribeVpcEndpoints"),
    "vpc-peering-connections": ("ec2", "DescribeVpcPeeringConnections"),
    "vpcs": ("ec2", "DescribeVpcs"),
}
NAMING = ("Id", "Identifier", "Ids")
# What these fields name is described by calls that the snapshot leaves out.
ELSEWHERE = {
    *("AllocationId", "AssociationId", "AttachmentId", "RouteTableAssociationId", "NetworkAclAssociationId", "ReservationId"),
    *("AvailabilityZoneId", "DhcpOptionsId", "HostedZoneId", "Id", "ImageId", "RequesterId", "IpOwnerId", "InstanceOwnerId"),
    *("OwnerId", "UserId", "AwsAccountId", "DbiResourceId", "DBInstanceIdentifier"),
}


@pytest.fixture(scope="module", params=["demo", "demo:a-week-later"])
def documents(request: pytest.FixtureRequest) -> Documents:
    """Return the documents of each embedded network in turn."""
    folder = demo_path(request.param)
    assert folder is not None
    return {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.json"))}


# ---------------------------------------------------------------------- shapes
@pytest.mark.parametrize("name", CALLS)
def test_a_document_is_the_answer_of_the_call_that_it_is_named_after(documents: Documents, name: str):
    shape = output(*CALLS[name])
    document = documents[name]
    if name == "managed-prefix-list-entries":
        # The answer does not say which list it is about, so that each one is wrapped with the list's id.
        for row in document["ManagedPrefixListEntries"]:
            assert list(complaints(shape, {key: value for key, value in row.items() if key != "PrefixListId"}, name)) == []
    else:
        assert list(complaints(shape, document, name)) == []


def test_no_document_is_without_a_call(documents: Documents):
    assert set(documents) == set(CALLS)


def test_a_wrong_member_and_a_wrong_type_are_complained_about():
    shape = output("ec2", "DescribeVpcs")
    document = {"Vpcs": [{"VpcId": 1, "Cidr": "10.0.0.0/8", "State": "gone"}]}
    assert list(complaints(shape, document, "vpcs")) == [
        "vpcs.Vpcs[0].VpcId: 1 is no string",
        "vpcs.Vpcs[0]: Vpc has no Cidr",
        "vpcs.Vpcs[0].State: 'gone' is none of ['pending', 'available', 'deleting']",
    ]


# ---------------------------------------------------------------------- references
def fields(value: Any) -> Iterator[tuple[str, str]]:
    """Yield every text of a document with the field that holds it."""
    for name, inner in value.items():
        for one in inner if isinstance(inner, list) else [inner]:
            if isinstance(one, dict):
                yield from fields(one)
            elif isinstance(one, str):
                yield name, one


def rows(documents: Documents, name: str) -> list[dict[str, Any]]:
    (found,) = documents[name].values()
    return found if name != "instances" else [one for reservation in found for one in reservation["Instances"]]


def own_ids(documents: Documents) -> list[str]:
    firsts = {name: next(iter(rows(documents, name)[0])) for name in documents if name != "vpc-block-public-access-options"}
    return [row[first] for name, first in firsts.items() for row in rows(documents, name)]


def name_of(row: dict[str, Any]) -> str:
    return str(next(tag["Value"] for tag in row["Tags"] if tag["Key"] == "Name"))


def test_ids_are_unique_and_shaped_like_those_of_aws(documents: Documents):
    counted = Counter(own_ids(documents))
    lists = {row["PrefixListId"] for row in rows(documents, "managed-prefix-lists")}
    assert {one: number for one, number in counted.items() if number != (2 if one in lists else 1)} == {}
    assert {
        one for one in counted if one.partition("-")[0] in ("sg", "eni", "vpc") and len(one.rpartition("-")[2]) != 17
    } == set()


def test_every_reference_resolves_but_the_two_that_are_planted(documents: Documents):
    known = {*own_ids(documents), "local"}
    named = {
        (field, text)
        for document in documents.values()
        for field, text in fields(document)
        if field.endswith(NAMING) and field not in ELSEWHERE
    }
    stale = documents["security-groups"]["SecurityGroups"]
    (pair,) = [
        pair for group in stale for one in group["IpPermissions"] for pair in one["UserIdGroupPairs"] if "UserId" not in pair
    ]
    (route,) = [route for table in rows(documents, "route-tables") for route in table["Routes"] if route["State"] == "blackhole"]
    assert {one for one in named if one[1] not in known} == {
        ("GroupId", pair["GroupId"]),
        ("NatGatewayId", route["NatGatewayId"]),
    }


def test_addresses_lie_in_their_subnets_and_nobody_has_one_twice(documents: Documents):
    subnets = {row["SubnetId"]: row for row in rows(documents, "subnets")}
    seen: list[str] = []
    for interface in rows(documents, "network-interfaces"):
        subnet = subnets[interface["SubnetId"]]
        assert (interface["VpcId"], interface["AvailabilityZone"]) == (subnet["VpcId"], subnet["AvailabilityZone"])
        ranges = [subnet["CidrBlock"], *(block["Ipv6CidrBlock"] for block in subnet["Ipv6CidrBlockAssociationSet"])]
        own = [one["PrivateIpAddress"] for one in interface["PrivateIpAddresses"]]
        own += [one["Ipv6Address"] for one in interface["Ipv6Addresses"]]
        assert all(any(ip_address(one) in ip_network(block) for block in ranges) for one in own), own
        public = [one["Association"]["PublicIp"] for one in interface["PrivateIpAddresses"] if "Association" in one]
        assert public == ([interface["Association"]["PublicIp"]] if "Association" in interface else [])
        seen += own + public
    assert [one for one, number in Counter(seen).items() if number > 1] == []


def test_subnets_lie_in_their_vpcs(documents: Documents):
    ranges = {
        row["VpcId"]: [row["CidrBlock"], *(block["Ipv6CidrBlock"] for block in row.get("Ipv6CidrBlockAssociationSet", []))]
        for row in rows(documents, "vpcs")
    }
    for subnet in rows(documents, "subnets"):
        for cidr in [subnet["CidrBlock"], *(block["Ipv6CidrBlock"] for block in subnet["Ipv6CidrBlockAssociationSet"])]:
            inner = ip_network(cidr)
            around = [ip_network(block) for block in ranges[subnet["VpcId"]]]
            assert any(inner.version == outer.version and inner.subnet_of(outer) for outer in around)  # type: ignore[arg-type]


def test_instances_show_their_interfaces_as_the_interfaces_are(documents: Documents):
    interfaces = {row["NetworkInterfaceId"]: row for row in rows(documents, "network-interfaces")}
    for instance in rows(documents, "instances"):
        (inside,) = instance["NetworkInterfaces"]
        outside = interfaces[inside["NetworkInterfaceId"]]
        same = ("VpcId", "SubnetId", "PrivateIpAddress", "Groups", "Ipv6Addresses", "SourceDestCheck", "MacAddress", "Status")
        assert {name: inside[name] for name in same} == {name: outside[name] for name in same}
        assert outside["Attachment"]["InstanceId"] == instance["InstanceId"]
        assert instance["SecurityGroups"] == outside["Groups"]
        assert instance.get("PublicIpAddress") == outside.get("Association", {}).get("PublicIp")
    attached = {row["Attachment"].get("InstanceId") for row in interfaces.values()} - {None}
    assert attached == {row["InstanceId"] for row in rows(documents, "instances")}


def test_groups_go_by_their_names_and_stay_in_their_vpc(documents: Documents):
    groups = {row["GroupId"]: row for row in rows(documents, "security-groups")}
    for interface in rows(documents, "network-interfaces"):
        for group in interface["Groups"]:
            assert (groups[group["GroupId"]]["GroupName"], groups[group["GroupId"]]["VpcId"]) == (
                group["GroupName"],
                interface["VpcId"],
            )
    for group in groups.values():
        assert not group["GroupName"].startswith("sg-"), "AWS refuses such names"
        for one in (*group["IpPermissions"], *group["IpPermissionsEgress"]):
            for pair in one["UserIdGroupPairs"]:
                far = groups.get(pair["GroupId"])
                assert ("VpcPeeringConnectionId" in pair) == (far is None or far["VpcId"] != group["VpcId"])


def test_each_subnet_has_one_acl_and_at_most_one_route_table(documents: Documents):
    subnets = {row["SubnetId"] for row in rows(documents, "subnets")}
    acls = [one["SubnetId"] for acl in rows(documents, "network-acls") for one in acl["Associations"]]
    tables = [one["SubnetId"] for table in rows(documents, "route-tables") for one in table["Associations"] if not one["Main"]]
    assert sorted(acls) == sorted(subnets)
    assert set(tables) <= subnets
    assert len(tables) == len(set(tables))
    implicit = {name_of(row) for row in rows(documents, "subnets") if row["SubnetId"] not in tables}
    assert implicit == {"data-a", "data-b", "tools-private"}


def test_acls_end_with_the_lines_that_aws_adds(documents: Documents):
    v6 = {row["VpcId"]: bool(row.get("Ipv6CidrBlockAssociationSet")) for row in rows(documents, "vpcs")}
    for acl in rows(documents, "network-acls"):
        for egress in (False, True):
            numbers = [one["RuleNumber"] for one in acl["Entries"] if one["Egress"] is egress]
            last = [32767, 32768] if v6[acl["VpcId"]] else [32767]
            assert numbers[-len(last) :] == last
            assert numbers == sorted(set(numbers))
    assert sum(acl["IsDefault"] for acl in rows(documents, "network-acls")) == len(v6)


def test_databases_and_gateways_fit_their_interfaces(documents: Documents):
    interfaces = rows(documents, "network-interfaces")
    for database in rows(documents, "db-instances"):
        held = {one["SubnetIdentifier"] for one in database["DBSubnetGroup"]["Subnets"]}
        (interface,) = [
            one
            for one in interfaces
            if one.get("RequesterId") == "amazon-rds"
            and one["SubnetId"] in held
            and [group["GroupId"] for group in one["Groups"]]
            == [group["VpcSecurityGroupId"] for group in database["VpcSecurityGroups"]]
        ]
        assert interface["AvailabilityZone"] == database["AvailabilityZone"]
        assert ("Association" in interface) is database["PubliclyAccessible"]
    for gateway in rows(documents, "nat-gateways"):
        (address,) = gateway["NatGatewayAddresses"]
        (interface,) = [one for one in interfaces if one["NetworkInterfaceId"] == address["NetworkInterfaceId"]]
        assert (interface["SubnetId"], interface["PrivateIpAddress"]) == (gateway["SubnetId"], address["PrivateIp"])
        assert interface["Association"]["PublicIp"] == address["PublicIp"]
    for endpoint in rows(documents, "vpc-endpoints"):
        found = [one for one in interfaces if one["NetworkInterfaceId"] in endpoint["NetworkInterfaceIds"]]
        assert [one["SubnetId"] for one in found] == endpoint["SubnetIds"]
        assert all(one["Groups"] == endpoint["Groups"] for one in found)
        assert all(endpoint["VpcEndpointId"] in one["Description"] for one in found)


def test_public_addresses_are_from_the_ranges_for_documentation(documents: Documents):
    ranges = [ip_network(block) for block in ("203.0.113.0/24", "192.0.2.0/24", "2001:db8::/32")]
    public = [text for document in documents.values() for field, text in fields(document) if field in ("PublicIp", "Ipv6Address")]
    assert public
    assert [one for one in public if not any(ip_address(one) in block for block in ranges)] == []
