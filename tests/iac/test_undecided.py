"""Values of templates that nobody can decide: none passes for a value, none for `no`, and none ends the reading."""

from __future__ import annotations

import json

import pytest

import analyzer
from analyzer.models.errors import InputError, QuestionError

from .networks import linked, peered
from .plans import LATER, VPC, resource
from .templates import admits, made, ref, template
from .test_cloudformation import network, verdict
from .test_doubts import with_more
from .test_terraform import TIERS, changed
from .test_terraform import verdict as planned

SSH = ("internet", "HostA", "ssh")
HOST = {"SubnetId": ref("SubnetA"), "SecurityGroupIds": [ref("GroupA")]}


def public(**more):
    """Return the two hosts with a gateway to the internet, and a rule that admits it to the first; neither has a public address."""
    there = {
        "Gateway": made("EC2::InternetGateway"),
        "Attached": made("EC2::VPCGatewayAttachment", VpcId=ref("Vpc"), InternetGatewayId=ref("Gateway")),
        "Table": made("EC2::RouteTable", VpcId=ref("Vpc")),
        "Out": made("EC2::Route", RouteTableId=ref("Table"), DestinationCidrBlock="0.0.0.0/0", GatewayId=ref("Gateway")),
        "Uses": made("EC2::SubnetRouteTableAssociation", SubnetId=ref("SubnetA"), RouteTableId=ref("Table")),
        "Rule": admits("GroupA", "0.0.0.0/0"),
    }
    return undecided(template(**(there | more)))


def undecided(document):
    """Return a template with a parameter that has no value, and a condition that depends on it."""
    there = {"Perhaps": {"Fn::Equals": [ref("Unvalued"), "yes"]}}
    return {**document, "Parameters": {"Unvalued": {"Type": "String"}}, "Conditions": there}


def subnet(said=None, **more):
    """Return the first host's subnet, which says so whether hosts get public addresses."""
    told = {} if said is None else {"MapPublicIpOnLaunch": said}
    return made("EC2::Subnet", VpcId=ref("Vpc"), CidrBlock="10.0.0.0/24", **told, **more)


def perhaps(value, otherwise=None):
    """Return the expression that is a value where a condition holds that cannot be decided, else another, or nothing."""
    return {"Fn::If": ["Perhaps", value, ref("AWS::NoValue") if otherwise is None else otherwise]}


def test_the_network_is_as_told(tmp_path):
    assert verdict(tmp_path, public(), *SSH) == "blocked"
    assert verdict(tmp_path, public(SubnetA=subnet(True)), *SSH) == "reachable"


# ---------------------------------------------------------------------- gateways
@pytest.mark.parametrize("static", [True, False])
def test_what_a_vpn_gateway_propagates_is_not_known_and_ends_nothing(tmp_path, static):
    more = {
        "Vpn": made("EC2::VPNGateway", Type="ipsec.1"),
        "VpnUse": made("EC2::VPCGatewayAttachment", VpcId=ref("Vpc"), VpnGatewayId=ref("Vpn")),
        "Told": made("EC2::VPNGatewayRoutePropagation", RouteTableIds=[ref("Table")], VpnGatewayId=ref("Vpn")),
        "Site": made("EC2::CustomerGateway", IpAddress="192.0.2.1", BgpAsn=65000, Type="ipsec.1"),
        "Line": made(
            "EC2::VPNConnection", CustomerGatewayId=ref("Site"), VpnGatewayId=ref("Vpn"), StaticRoutesOnly=static, Type="ipsec.1"
        ),
        "Known": made("EC2::VPNConnectionRoute", DestinationCidrBlock="192.168.0.0/16", VpnConnectionId=ref("Line")),
    }
    found = network(tmp_path, public(**more))
    assert found.reach("HostA", "192.168.0.9", "ssh").verdict.value in ("conditional", "unknown")
    assert found.reach(*SSH).verdict.value == "blocked"
    del more["Site"], more["Line"], more["Known"]
    assert verdict(tmp_path, public(**more), "HostA", "192.168.0.9", "ssh") in ("conditional", "unknown")


@pytest.mark.parametrize("more", [{}, {"Condition": "Perhaps"}])
def test_what_a_route_server_propagates_is_not_known(tmp_path, more):
    there = {"SubnetA": subnet(True), "Out": None, "Server": made("EC2::RouteServer", AmazonSideAsn=65000)}
    assert verdict(tmp_path, public(**there), *SSH) == "blocked"
    told = made("EC2::RouteServerPropagation", RouteServerId=ref("Server"), RouteTableId=ref("Table"))
    assert verdict(tmp_path, public(**there, Told={**told, **more}), *SSH) == "unknown"


@pytest.mark.parametrize(
    ("accepts", "expected"),
    [(False, "reachable"), (True, "unknown"), (None, "unknown"), (ref("Unvalued"), "unknown"), (perhaps(False, True), "unknown")],
)
def test_an_endpoint_may_wait_until_the_owner_of_the_service_accepts_it(tmp_path, accepts, expected):
    found = linked()
    service = found["Resources"]["Service"]["Properties"]
    service["AcceptanceRequired"] = accepts
    if accepts is None:
        del service["AcceptanceRequired"]
    assert verdict(tmp_path, undecided(found), "HostC", "HostB", "ssh") == expected
    # Whatever the service, the endpoint's load balancer listens at one port only.
    assert verdict(tmp_path, undecided(found), "HostC", "HostB", "telnet") == "blocked"


RANGE = {"CidrBlock": "10.1.0.0/16"}


@pytest.mark.parametrize(
    ("block", "condition", "doubtful", "outside"),
    [
        (RANGE, {}, False, "reachable"),
        (RANGE, {"Condition": "Perhaps"}, True, "reachable"),
        # Nobody knows whether a range that is not known holds what is on the internet.
        ({"CidrBlock": ref("Unvalued")}, {}, True, "unknown"),
        ({"Ipv4IpamPoolId": "pool"}, {}, True, "unknown"),
    ],
)
def test_a_vpc_has_the_ranges_that_its_subnets_show_and_may_have_others(tmp_path, block, condition, doubtful, outside):
    more = {
        "Range": {**made("EC2::VPCCidrBlock", VpcId=ref("Vpc"), **block), **condition},
        "SubnetB": made("EC2::Subnet", VpcId=ref("Vpc"), CidrBlock="10.1.2.0/24"),
        "Far": admits("GroupB", ref("GroupA")),
    }
    found = network(tmp_path, public(SubnetA=subnet(True), **more))
    assert found.snapshot.find("vpc", "Vpc").cidrs == ["10.0.0.0/16", "10.1.2.0/24" if doubtful else "10.1.0.0/16"]
    assert found.reach(*HOSTS).verdict.value == "reachable"
    assert found.reach("HostA", "internet", "ssh").verdict.value == outside
    assert found.reach("HostA", "10.1.9.9", "ssh").verdict.value == ("unknown" if doubtful else "blocked")


def test_a_range_of_a_plan_that_is_not_known_leaves_the_vpc_there(tmp_path):
    range = resource("aws_vpc_ipv4_cidr_block_association.more", vpc_id=VPC, cidr_block=LATER, ipv4_ipam_pool_id="pool")
    document = with_more(range, document=TIERS)
    assert planned(tmp_path, document, "name:app-1", "rds:orders", "postgres") == "reachable"
    assert planned(tmp_path, document, "name:app-1", "10.1.9.9", "postgres") == "unknown"


HOSTS = ("HostA", "HostB", "ssh")
ELSEWHERE = {"PeerOwnerId": "111122223333"}
ROLE = "arn:aws:iam::111122223333:role/peer"


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({}, "reachable"),
        ({"PeerOwnerId": ref("AWS::AccountId"), "PeerRegion": ref("AWS::Region")}, "reachable"),
        (ELSEWHERE, "unknown"),
        ({**ELSEWHERE, "PeerRoleArn": ROLE}, "reachable"),
        ({"PeerOwnerId": ref("Unvalued"), "PeerRoleArn": ROLE}, "reachable"),
        ({**ELSEWHERE, "PeerRoleArn": perhaps(ROLE)}, "unknown"),
        ({"PeerOwnerId": ref("Unvalued")}, "unknown"),
        ({"PeerRegion": ref("Unvalued")}, "unknown"),
    ],
)
def test_a_peering_of_which_nobody_knows_whether_it_is_accepted_may_be(tmp_path, told, expected):
    found = peered()
    found["Resources"]["Peering"]["Properties"].update(told)
    assert verdict(tmp_path, undecided(found), *HOSTS) == expected


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"AuthorizeAllGroups": True}, "reachable"),
        ({"AccessGroupId": "x"}, "conditional"),
        ({"AccessGroupId": ref("Unvalued")}, "conditional"),
    ],
)
def test_a_rule_of_a_vpn_for_a_group_that_is_not_known_is_for_some_only(tmp_path, told, expected):
    at = {"ClientVpnEndpointId": ref("Door")}
    more = {
        "Door": made(
            "EC2::ClientVpnEndpoint", ClientCidrBlock="10.200.0.0/22", VpcId=ref("Vpc"), SecurityGroupIds=[ref("GroupB")]
        ),
        "Stands": made("EC2::ClientVpnTargetNetworkAssociation", SubnetId=ref("SubnetB"), **at),
        # With the association AWS adds a route to the VPC, whatever others there are.
        "Way": made("EC2::ClientVpnRoute", DestinationCidrBlock="10.7.0.0/16", TargetVpcSubnetId=ref("SubnetB"), **at),
        "May": made("EC2::ClientVpnAuthorizationRule", TargetNetworkCidr="10.0.0.0/16", **at, **told),
    }
    assert verdict(tmp_path, public(**more), "10.200.0.9", "HostA", "ssh") == expected


@pytest.mark.parametrize(("owner", "expected"), [(ref("AWS::AccountId"), "reachable"), (ref("Unvalued"), "unknown")])
def test_a_group_of_the_own_account_is_known_by_it(tmp_path, owner, expected):
    rule = admits("GroupB", ref("GroupA"), SourceSecurityGroupOwnerId=owner)
    assert verdict(tmp_path, public(Rule=rule), *HOSTS) == expected


# ---------------------------------------------------------------------- names
TAGS = [{"Key": "Name", "Value": "fleet"}]


@pytest.mark.parametrize(
    "told",
    [
        {"TagSpecifications": perhaps([{"ResourceType": "instance", "Tags": TAGS}])},
        {"TagSpecifications": [perhaps({"ResourceType": "instance", "Tags": TAGS})]},
        {"TagSpecifications": [{"ResourceType": "instance", "Tags": perhaps(TAGS)}]},
        {"TagSpecifications": [{"ResourceType": "instance", "Tags": [perhaps(TAGS[0])]}]},
        {"Tags": perhaps(TAGS)},
    ],
)
def test_tags_that_are_not_known_only_name(tmp_path, told):
    data = {"ImageId": "x", "SecurityGroupIds": [ref("GroupA")], **{key: one for key, one in told.items() if key != "Tags"}}
    fleet = {"MaxSize": 1, "MinSize": 1, "VPCZoneIdentifier": [ref("SubnetA")], "Tags": told.get("Tags", [])}
    more = {
        "Launch": made("EC2::LaunchTemplate", LaunchTemplateData=data),
        "Fleet": made("AutoScaling::AutoScalingGroup", LaunchTemplate={"LaunchTemplateId": ref("Launch")}, **fleet),
    }
    found = network(tmp_path, public(SubnetA=subnet(True), **more))
    assert found.reach("internet", "Fleet@SubnetA", "ssh").verdict.value == "reachable"


# ---------------------------------------------------------------------- addresses
@pytest.mark.parametrize("holder", [ref("Unvalued"), perhaps(ref("HostA"), ref("HostB")), perhaps(ref("HostA"))])
def test_an_elastic_address_of_somebody_who_is_not_known_may_be_anybodys(tmp_path, holder):
    assert verdict(tmp_path, public(Address=made("EC2::EIP", InstanceId=ref("HostA"))), *SSH) == "reachable"
    assert verdict(tmp_path, public(Address=made("EC2::EIP", InstanceId=holder)), *SSH) == "unknown"


FIRST, SECOND = "10.0.0.10", "10.0.0.20"


@pytest.mark.parametrize(
    ("to", "reached"),
    [
        ([None], {FIRST: "reachable", SECOND: "blocked"}),
        ([FIRST], {FIRST: "reachable", SECOND: "blocked"}),
        ([SECOND], {FIRST: "blocked", SECOND: "reachable"}),
        ([FIRST, SECOND], {FIRST: "reachable", SECOND: "reachable"}),
        ([ref("Unvalued")], {FIRST: "unknown", SECOND: "unknown"}),
        ([FIRST, perhaps(SECOND)], {FIRST: "reachable", SECOND: "unknown"}),
    ],
)
def test_an_elastic_address_is_that_of_the_private_one_that_it_is_given_to(tmp_path, to, reached):
    listed = [{"PrivateIpAddress": FIRST, "Primary": True}, {"PrivateIpAddress": SECOND, "Primary": False}]
    card = {"SubnetId": ref("SubnetA"), "GroupSet": [ref("GroupA")], "PrivateIpAddresses": listed}
    more = {"HostA": None, "Card": made("EC2::NetworkInterface", **card)}
    for number, private in enumerate(to):
        told = {"AllocationId": {"Fn::GetAtt": [f"Address{number}", "AllocationId"]}, "NetworkInterfaceId": ref("Card")}
        more[f"Address{number}"] = made("EC2::EIP", Domain="vpc")
        more[f"Given{number}"] = made("EC2::EIPAssociation", **told, **({} if private is None else {"PrivateIpAddress": private}))
    found = network(tmp_path, public(**more))
    for private, expected in reached.items():
        # Out of it goes what has a public address; into it comes the same.
        assert found.reach(private, "internet", "https").verdict.value == expected, private
    publics = sum(one == "reachable" for one in reached.values())
    assert len(found.snapshot.find("network_interface", "Card").public_addresses) == publics


def test_of_several_new_interfaces_of_a_host_no_second_one_gets_a_public_address_from_its_subnet(tmp_path):
    card = {"SubnetId": ref("SubnetA"), "GroupSet": [ref("GroupA")]}
    cards = [{**card, "DeviceIndex": "0"}, {**card, "DeviceIndex": "1"}]
    found = network(tmp_path, public(SubnetA=subnet(True), HostA=made("EC2::Instance", NetworkInterfaces=cards)))
    assert found.reach("internet", "HostA.NetworkInterface1", "ssh").verdict.value == "blocked"
    # Of the first one the documentation says that it gets none beside others where it asks for it itself.
    assert found.reach("internet", "HostA.NetworkInterface", "ssh").verdict.value == "unknown"
    found = network(tmp_path, public(SubnetA=subnet(True), HostA=made("EC2::Instance", NetworkInterfaces=cards[:1])))
    assert found.reach("internet", "HostA.NetworkInterface", "ssh").verdict.value == "reachable"


# ---------------------------------------------------------------------- services
@pytest.mark.parametrize(
    ("connectivity", "expected"),
    [
        ({}, "blocked"),
        ({"ConnectivityInfo": {"PublicAccess": {"Type": "DISABLED"}}}, "blocked"),
        ({"ConnectivityInfo": {"PublicAccess": {"Type": "SERVICE_PROVIDED_EIPS"}}}, "unknown"),
        ({"ConnectivityInfo": {"PublicAccess": {"Type": ref("Unvalued")}}}, "unknown"),
        ({"ConnectivityInfo": perhaps({"PublicAccess": {"Type": "SERVICE_PROVIDED_EIPS"}})}, "unknown"),
    ],
)
def test_brokers_of_which_nobody_knows_whether_they_are_public_may_be(tmp_path, connectivity, expected):
    nodes = {"ClientSubnets": [ref("SubnetA")], "SecurityGroups": [ref("GroupA")], **connectivity}
    more = {"Brokers": made("MSK::Cluster", ClusterName="brokers", BrokerNodeGroupInfo=nodes)}
    assert verdict(tmp_path, public(**more), "internet", "msk:brokers", "ssh") == expected


def by_ipv6(*, address, **host):
    """Return the two hosts in a VPC with IPv6, the first with settings of its own, and reached by IPv6 only."""
    block = {"Fn::Select": [0, {"Fn::Cidr": [{"Fn::Select": [0, {"Fn::GetAtt": ["Vpc", "Ipv6CidrBlocks"]}]}, 4, 64]}]}
    rule = {"GroupId": ref("GroupA"), "IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIpv6": "::/0"}
    more = {
        "Six": made("EC2::VPCCidrBlock", VpcId=ref("Vpc"), AmazonProvidedIpv6CidrBlock=True),
        "SubnetA": subnet(Ipv6CidrBlock=block, **({} if address is None else {"AssignIpv6AddressOnCreation": address})),
        "OutSix": made("EC2::Route", RouteTableId=ref("Table"), DestinationIpv6CidrBlock="::/0", GatewayId=ref("Gateway")),
        "Rule": made("EC2::SecurityGroupIngress", **rule),
        "HostA": made("EC2::Instance", **HOST, **host),
    }
    return public(**more)


@pytest.mark.parametrize("question", [SSH, ("internet", "sg:GroupA", "ssh")])
@pytest.mark.parametrize(
    ("address", "host", "expected"),
    [
        (None, {}, "blocked"),
        (True, {}, "reachable"),
        (None, {"Ipv6AddressCount": 1}, "reachable"),
        (None, {"Ipv6AddressCount": ref("Unvalued")}, "unknown"),
        (None, {"Ipv6AddressCount": perhaps(1)}, "unknown"),
        (None, {"Ipv6Addresses": perhaps([{"Ipv6Address": "2001:db8:1::9"}])}, "unknown"),
        (ref("Unvalued"), {}, "unknown"),
        (perhaps(True), {}, "unknown"),
        (perhaps(True), {"Ipv6AddressCount": 1}, "reachable"),
    ],
)
def test_a_host_of_which_nobody_knows_whether_it_has_an_ipv6_address_may_have_one(tmp_path, question, address, host, expected):
    assert verdict(tmp_path, by_ipv6(address=address, **host), *question) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [(None, "blocked"), (True, "blocked"), (False, "conditional"), (ref("Unvalued"), "unknown"), (perhaps(False), "unknown")],
)
def test_a_host_of_which_nobody_knows_whether_it_passes_on_what_is_not_its_own_may_do_so(tmp_path, said, expected):
    more = {
        "SubnetB": made("EC2::Subnet", VpcId=ref("Vpc"), CidrBlock="10.0.1.0/24", MapPublicIpOnLaunch=True),
        "HostB": made(
            "EC2::Instance",
            SubnetId=ref("SubnetB"),
            SecurityGroupIds=[ref("GroupB")],
            **({} if said is None else {"SourceDestCheck": said}),
        ),
        "TableB": made("EC2::RouteTable", VpcId=ref("Vpc")),
        "OutB": made("EC2::Route", RouteTableId=ref("TableB"), DestinationCidrBlock="0.0.0.0/0", GatewayId=ref("Gateway")),
        "UsesB": made("EC2::SubnetRouteTableAssociation", SubnetId=ref("SubnetB"), RouteTableId=ref("TableB")),
        "Out": made("EC2::Route", RouteTableId=ref("Table"), DestinationCidrBlock="0.0.0.0/0", InstanceId=ref("HostB")),
        "In": admits("GroupB", "10.0.0.0/16", 443),
    }
    assert verdict(tmp_path, public(**more), "HostA", "internet", "https") == expected
    assert verdict(tmp_path, public(**more), "HostA", "HostB", "https") == "reachable"
    assert verdict(tmp_path, public(**more), "HostA", "sg:GroupB", "https") == "reachable"


OPEN = ("internet", "sg:GroupA", "ssh")
DATABASES = made("RDS::DBSubnetGroup", DBSubnetGroupDescription="x", SubnetIds=[ref("SubnetA")])


@pytest.mark.parametrize("question", [SSH, OPEN])
@pytest.mark.parametrize("said", [ref("Unvalued"), perhaps(True), perhaps(True, False)])
def test_a_host_of_which_nobody_knows_whether_it_gets_a_public_address_may_have_one(tmp_path, question, said):
    assert verdict(tmp_path, public(SubnetA=subnet(False)), *question) == "blocked"
    assert verdict(tmp_path, public(SubnetA=subnet(said)), *question) == "unknown"
    card = {"SubnetId": ref("SubnetA"), "GroupSet": [ref("GroupA")], "DeviceIndex": "0", "AssociatePublicIpAddress": said}
    assert verdict(tmp_path, public(HostA=made("EC2::Instance", NetworkInterfaces=[card])), *question) == "unknown"


def test_hosts_of_a_fleet_and_tasks_of_which_nobody_knows_whether_they_get_public_addresses_may_have_them(tmp_path):
    card = {"DeviceIndex": 0, "Groups": [ref("GroupA")], "AssociatePublicIpAddress": ref("Unvalued")}
    more = {
        "Launch": made("EC2::LaunchTemplate", LaunchTemplateData={"NetworkInterfaces": [card]}),
        "Fleet": made(
            "AutoScaling::AutoScalingGroup",
            MaxSize=1,
            VPCZoneIdentifier=[ref("SubnetA")],
            LaunchTemplate={"LaunchTemplateId": ref("Launch")},
        ),
    }
    assert verdict(tmp_path, public(**more), "internet", "Fleet@SubnetA", "ssh") == "unknown"
    where = {"Subnets": [ref("SubnetA")], "SecurityGroups": [ref("GroupA")]}
    for said, expected in (
        ("DISABLED", "blocked"),
        ("ENABLED", "reachable"),
        (ref("Unvalued"), "unknown"),
        (perhaps("ENABLED"), "unknown"),
    ):
        network_of = {"AwsvpcConfiguration": {**where, "AssignPublicIp": said}}
        tasks = made("ECS::Service", ServiceName="web", NetworkConfiguration=network_of)
        assert verdict(tmp_path, public(Tasks=tasks), "internet", "ecs:web", "ssh") == expected


@pytest.mark.parametrize(
    ("said", "expected"), [(False, "blocked"), (ref("Unvalued"), "unknown"), (perhaps(True, False), "unknown")]
)
def test_a_database_of_which_nobody_knows_whether_it_is_public_may_be(tmp_path, said, expected):
    database = {"DBInstanceIdentifier": "db", "DBSubnetGroupName": ref("Databases"), "VPCSecurityGroups": [ref("GroupA")]}
    more = {"Databases": DATABASES, "Orders": made("RDS::DBInstance", **database, PubliclyAccessible=said)}
    assert verdict(tmp_path, public(**more), "internet", "rds:db", "ssh") == expected


@pytest.mark.parametrize(
    ("address", "attributes", "question"),
    [
        ("aws_subnet.public", {"map_public_ip_on_launch": LATER}, ("internet", "name:bastion", "ssh")),
        ("aws_instance.bastion", {"associate_public_ip_address": LATER}, ("internet", "name:bastion", "ssh")),
        ("aws_db_instance.orders", {"publicly_accessible": LATER}, ("name:app-1", "rds:orders", "postgres")),
    ],
)
def test_what_a_plan_does_not_say_of_public_addresses_leaves_the_host_there(tmp_path, address, attributes, question):
    expected = "reachable" if "orders" in address else "unknown"
    assert planned(tmp_path, TIERS, *question) == "reachable"
    assert planned(tmp_path, changed(TIERS, address, **attributes), *question) == expected


# ---------------------------------------------------------------------- hosts that may be there, or stand anywhere
LATER_HOSTS = {
    "perhaps there": {**made("EC2::Instance", **HOST), "Condition": "Perhaps"},
    "in a subnet that is not known": made("EC2::Instance", **{**HOST, "SubnetId": ref("Unvalued")}),
    "in one of two subnets": made("EC2::Instance", **{**HOST, "SubnetId": perhaps(ref("SubnetA"), ref("SubnetB"))}),
    "in the default VPC": made("EC2::Instance", SecurityGroupIds=[ref("GroupA")]),
    "with groups that are not known": made("EC2::Instance", SubnetId=ref("SubnetA"), SecurityGroupIds=ref("Unvalued")),
    "with one of two groups": made(
        "EC2::Instance", SubnetId=ref("SubnetA"), SecurityGroupIds=[perhaps(ref("GroupA"), ref("GroupB"))]
    ),
    "of a launch template that is elsewhere": made(
        "EC2::Instance", SubnetId=ref("SubnetA"), LaunchTemplate={"LaunchTemplateId": "lt-1", "Version": "1"}
    ),
}


@pytest.mark.parametrize("target", ["sg:GroupA", "SubnetA", "Vpc", "ec2", "HostA", "name:HostA"])
@pytest.mark.parametrize("host", LATER_HOSTS)
def test_a_host_that_may_be_among_those_that_are_asked_for_leaves_the_answer_open(tmp_path, target, host):
    found = network(tmp_path, public(SubnetA=subnet(True), HostA=LATER_HOSTS[host]))
    try:
        assert found.reach("internet", target, "ssh").verdict.value == "unknown"
    except QuestionError:
        assert target == "name:HostA"  # what is there has no name of its own
        return
    if "groups" not in host and "template" not in host:
        # Of hosts with groups that are not known, others may be members of those that its rules name.
        assert found.reach("internet", target, "telnet").verdict.value == "blocked"
    assert found.reach(target, "HostB", "telnet").verdict.value == "blocked"


LAUNCH = {"LaunchTemplate": {"LaunchTemplateSpecification": {"LaunchTemplateId": ref("Launch")}}}
STANDS = {"AwsvpcConfiguration": {"Subnets": [ref("SubnetA")], "SecurityGroups": [ref("GroupA")]}}
FLEETS = {
    "a policy": {"MixedInstancesPolicy": perhaps(LAUNCH)},
    "a part of a policy": {"MixedInstancesPolicy": {"LaunchTemplate": perhaps(LAUNCH["LaunchTemplate"])}},
    "a template": {"LaunchTemplate": perhaps({"LaunchTemplateId": ref("Launch")})},
    "the name of a template": {"LaunchTemplate": {"LaunchTemplateName": ref("Unvalued")}},
    "a configuration": {"LaunchConfigurationName": ref("Unvalued")},
    "subnets": {"LaunchTemplate": {"LaunchTemplateId": ref("Launch")}, "VPCZoneIdentifier": perhaps([ref("SubnetA")])},
}


@pytest.mark.parametrize("fleet", FLEETS)
def test_a_fleet_of_which_too_little_is_known_leaves_the_answer_open(tmp_path, fleet):
    own = {"MaxSize": 1, "VPCZoneIdentifier": [ref("SubnetA")], **FLEETS[fleet]}
    launch = made("EC2::LaunchTemplate", LaunchTemplateData={"SecurityGroupIds": [ref("GroupA")]})
    more = {"HostA": None, "Launch": launch, "Fleet": made("AutoScaling::AutoScalingGroup", **own)}
    for target in ("sg:GroupA", "Fleet"):
        assert verdict(tmp_path, public(SubnetA=subnet(True), **more), "internet", target, "ssh") == "unknown"


@pytest.mark.parametrize(
    "network_of",
    [
        ref("Unvalued"),
        perhaps(STANDS),
        {"AwsvpcConfiguration": perhaps(STANDS["AwsvpcConfiguration"])},
        {"AwsvpcConfiguration": {**STANDS["AwsvpcConfiguration"], "Subnets": ref("Unvalued")}},
        {"AwsvpcConfiguration": {**STANDS["AwsvpcConfiguration"], "SecurityGroups": perhaps([ref("GroupA")])}},
        STANDS,
    ],
)
def test_tasks_of_which_too_little_is_known_leave_the_answer_open(tmp_path, network_of):
    condition = {"Condition": "Perhaps"} if network_of is STANDS else {}
    tasks = {**made("ECS::Service", ServiceName="web", NetworkConfiguration=network_of), **condition}
    for target in ("sg:GroupA", "SubnetA"):
        assert verdict(tmp_path, public(HostA=None, Tasks=tasks), "HostB", target, "ssh") == "unknown"


def test_an_interface_that_is_not_known_is_that_of_one_host_only(tmp_path):
    card = made("EC2::NetworkInterface", SubnetId=ref("SubnetA"), GroupSet=[ref("GroupA")])
    for id in (ref("Unvalued"), perhaps(ref("Card"))):
        third = made("EC2::Instance", NetworkInterfaces=[{"DeviceIndex": "0", "NetworkInterfaceId": id}])
        beside = made("EC2::NetworkInterfaceAttachment", InstanceId=ref("HostB"), NetworkInterfaceId=id, DeviceIndex="1")
        for more in ({"Third": third}, {"Beside": beside}):
            found = network(tmp_path, public(SubnetA=subnet(True), Card=card, **more))
            assert found.reach("internet", "HostA", "ssh").verdict.value == "reachable"
            assert found.reach("internet", "HostB", "ssh").verdict.value == "blocked"


def test_a_host_that_may_be_there_bans_nothing(tmp_path):
    document = public(SubnetA=subnet(True), HostA=LATER_HOSTS["perhaps there"])
    (tmp_path / "stack.json").write_text(json.dumps(document))
    (tmp_path / "network.reach.yaml").write_text(
        "invariants:\n  - name: shut\n    deny: {from: internet, to: 'sg:GroupA', on: ssh}\n"
    )
    found = analyzer.load(tmp_path / "stack.json").check(tmp_path / "network.reach.yaml")
    assert [one.verdict.value for one in found] == ["unknown"]


@pytest.mark.parametrize(
    ("type", "where"),
    [
        ("RDS::DBInstance", {"DBSubnetGroupName": ref("Databases"), "VPCSecurityGroups": [ref("GroupA")]}),
        ("EFS::MountTarget", {"FileSystemId": "fs-1", "SubnetId": ref("SubnetA"), "SecurityGroups": [ref("GroupA")]}),
        ("ElasticLoadBalancingV2::LoadBalancer", {"Subnets": [ref("SubnetA")], "SecurityGroups": [ref("GroupA")]}),
        (
            "MSK::Cluster",
            {"ClusterName": "b", "BrokerNodeGroupInfo": {"ClientSubnets": [ref("SubnetA")], "SecurityGroups": [ref("GroupA")]}},
        ),
    ],
)
def test_a_service_that_may_be_there_leaves_questions_about_its_group_open(tmp_path, type, where):
    more = {"HostA": None, "Databases": DATABASES, "Service": made(type, "Perhaps", **where)}
    if "Lambda" in type:
        more["Rule"] = admits("GroupB", ref("GroupA"))
        assert verdict(tmp_path, public(**more), "sg:GroupA", "HostB", "ssh") == "unknown"
        return
    assert verdict(tmp_path, public(**more), "HostB", "sg:GroupA", "ssh") == "unknown"
    assert verdict(tmp_path, public(**more), "HostB", "sg:GroupA", "telnet") == ("unknown" if "Balancing" in type else "blocked")


def test_a_database_that_does_not_say_whether_it_is_public_may_be_by_a_gateway_that_the_template_does_not_hold(tmp_path):
    ways = [
        {"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local"},
        {"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-1"},
    ]
    every = {"RuleNumber": 100, "RuleAction": "allow", "Protocol": "-1", "CidrBlock": "0.0.0.0/0"}
    acl = {"NetworkAclId": "acl-1", "IsDefault": True, "Entries": [{**every, "Egress": egress} for egress in (False, True)]}
    there = [
        {"Vpcs": [{"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16"}]},
        {"Subnets": [{"SubnetId": "subnet-1", "VpcId": "vpc-1", "CidrBlock": "10.0.0.0/24"}]},
        {"InternetGateways": [{"InternetGatewayId": "igw-1", "Attachments": [{"VpcId": "vpc-1", "State": "available"}]}]},
        {"RouteTables": [{"RouteTableId": "rtb-1", "VpcId": "vpc-1", "Associations": [{"Main": True}], "Routes": ways}]},
        {"NetworkAcls": [{**acl, "VpcId": "vpc-1", "Associations": []}]},
        {"SecurityGroups": []},
        {"NetworkInterfaces": []},
        {"ManagedPrefixLists": []},
    ]
    rule = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": "0.0.0.0/0"}
    stack = {
        "Group": made("EC2::SecurityGroup", VpcId="vpc-1", GroupDescription="x", SecurityGroupIngress=[rule]),
        "Databases": made("RDS::DBSubnetGroup", DBSubnetGroupDescription="x", SubnetIds=["subnet-1"]),
        "Orders": made(
            "RDS::DBInstance", DBInstanceIdentifier="db", DBSubnetGroupName=ref("Databases"), VPCSecurityGroups=[ref("Group")]
        ),
    }
    live = {f"live{number}": one for number, one in enumerate(there)}
    assert verdict(tmp_path, {"Resources": stack}, "internet", "rds:db", "ssh", **live) == "unknown"
    stack["Orders"]["Properties"]["PubliclyAccessible"] = False
    assert verdict(tmp_path, {"Resources": stack}, "internet", "rds:db", "ssh", **live) == "blocked"


@pytest.mark.parametrize(("said", "expected"), [({}, "unknown"), ({"PubliclyAccessible": False}, "blocked")])
def test_a_database_of_a_cluster_is_public_as_others_are(tmp_path, said, expected):
    cluster = {"DBSubnetGroupName": ref("Databases"), "VpcSecurityGroupIds": [ref("GroupA")], "Engine": "aurora-mysql"}
    more = {
        "Databases": DATABASES,
        "Cluster": made("RDS::DBCluster", **cluster),
        "Member": made("RDS::DBInstance", DBClusterIdentifier=ref("Cluster"), DBInstanceIdentifier="db", **said),
    }
    assert verdict(tmp_path, public(**more), "internet", "rds:db", "ssh") == expected


def test_a_load_balancer_whose_type_is_no_text_is_named(tmp_path):
    more = {"Front": made("ElasticLoadBalancingV2::LoadBalancer", Type=["network"], Subnets=[ref("SubnetA")])}
    with pytest.raises(InputError, match="field `Type`: expected text, got a list"):
        network(tmp_path, public(**more))
