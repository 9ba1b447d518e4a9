"""What templates say, and what they do not: what cannot be known is unknown, never blocked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import analyzer
from analyzer.models.errors import QuestionError

from .templates import THREE_TIERS, admits, made, ref, template

SSH = ("HostA", "HostB", "ssh")
ADMITTED = admits("GroupB", ref("GroupA"))


def network(folder: Path, document, **others):
    """Return the network of a template, alone or with other documents beside it."""
    text = document if isinstance(document, str) else json.dumps(document)
    if not others:
        path = folder / "stack.json"
        path.write_text(text)
        return analyzer.load(path)
    (folder / "all").mkdir(exist_ok=True)
    for name, other in {"stack": document, **others}.items():
        (folder / "all" / f"{name}.json").write_text(json.dumps(other))
    return analyzer.load(folder / "all")


def verdict(folder: Path, document, source: str, target: str, on: str | None = None, **others) -> str:
    return network(folder, document, **others).reach(source, target, on).verdict.value


def said(network) -> str:
    return "\n".join(network.snapshot.not_modelled)


# ---------------------------------------------------------------------- groups
@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (ADMITTED, "reachable"),
        (admits("GroupB", ref("GroupB")), "blocked"),
        (admits("GroupB", "10.0.0.0/24"), "reachable"),
        (admits("GroupB", "10.0.0.0/24", 443), "blocked"),
        (admits("GroupB", "10.0.0.0/24", "22"), "reachable"),
        (admits("GroupB", {"Ref": "Nowhere"}), "unknown"),
        (admits("GroupB", {"Fn::GetAtt": ["GroupA", "VpcId"]}), "blocked"),
        ({**ADMITTED, "Properties": {**ADMITTED["Properties"], "GroupId": {"Fn::ImportValue": "x"}}}, "unknown"),
        ({**ADMITTED, "Properties": {**ADMITTED["Properties"], "IpProtocol": "6", "ToPort": 65535}}, "reachable"),
        (made("EC2::SecurityGroupIngress", GroupName="GroupB", IpProtocol="-1", CidrIp="0.0.0.0/0"), "unknown"),
    ],
)  # fmt: skip
def test_rules_that_stand_apart(tmp_path, rule, expected):
    assert verdict(tmp_path, template(Rule=rule), *SSH) == expected


def _out(*rules, apart=None):
    more = {} if rules == () else {"SecurityGroupEgress": list(rules)}
    group = made("EC2::SecurityGroup", VpcId=ref("Vpc"), GroupDescription="A", **more)
    return template(GroupA=group, Rule=ADMITTED, Apart=apart)


WEB = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "0.0.0.0/0"}
APART = made("EC2::SecurityGroupEgress", GroupId=ref("GroupA"), **WEB)


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (_out(), "reachable"),
        (_out(WEB), "blocked"),
        (_out({}), "blocked"),
        (_out({**WEB, "FromPort": 22, "ToPort": 22}), "reachable"),
        # Nobody says whether AWS's own outbound rule remains then.
        (_out(apart=APART), "unknown"),
        (_out(WEB, apart=APART), "blocked"),
    ],
    ids=["AWS's own rule", "one for something else", "an empty one", "one for this", "one that stands apart", "both"],
)
def test_a_group_without_outbound_rules_lets_everything_out(tmp_path, document, expected):
    assert verdict(tmp_path, document, *SSH) == expected


# ---------------------------------------------------------------------- parameters, conditions, mappings
def _stage(condition, **parameter):
    document = template(Rule={**ADMITTED, "Condition": "Wanted"})
    return {**document, "Parameters": {"Stage": {"Type": "String", **parameter}}, "Conditions": {"Wanted": condition}}


IS_PROD = {"Fn::Equals": [ref("Stage"), "prod"]}


@pytest.mark.parametrize(
    ("condition", "parameter", "expected"),
    [
        (IS_PROD, {"Default": "prod"}, "reachable"),
        (IS_PROD, {"Default": "test"}, "blocked"),
        (IS_PROD, {}, "unknown"),
        ({"Fn::Not": [IS_PROD]}, {"Default": "test"}, "reachable"),
        ({"Fn::Not": [IS_PROD]}, {}, "unknown"),
        ({"Fn::Or": [IS_PROD, {"Fn::Equals": ["a", "a"]}]}, {}, "reachable"),
        ({"Fn::And": [IS_PROD, {"Fn::Equals": ["a", "b"]}]}, {}, "blocked"),
        ({"Fn::And": [IS_PROD, {"Fn::Equals": ["a", "a"]}]}, {}, "unknown"),
        ({"Fn::Equals": [ref("AWS::Region"), "eu-west-1"]}, {"Default": "x"}, "unknown"),
        ({"Fn::Equals": [True, "true"]}, {"Default": "x"}, "reachable"),
        ({"Condition": "Wanted"}, {"Default": "x"}, "unknown"),
    ],
)
def test_a_resource_whose_condition_cannot_be_decided_is_unknown_and_not_absent(tmp_path, condition, parameter, expected):
    assert verdict(tmp_path, _stage(condition, **parameter), *SSH) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([{"ParameterKey": "Stage", "ParameterValue": "prod"}], "reachable"),
        ([{"ParameterKey": "Stage", "ParameterValue": "test"}], "blocked"),
        ({"Parameters": {"Stage": "prod"}, "Tags": {"a": "b"}}, "reachable"),
        ([{"ParameterKey": "Stage", "ParameterValue": "a"}, {"ParameterKey": "Stage", "ParameterValue": "b"}], "unknown"),
    ],
    ids=["the list of the command line", "another value", "a configuration", "two values"],
)
def test_a_file_beside_the_template_gives_parameters_values(tmp_path, given, expected):
    assert verdict(tmp_path, _stage(IS_PROD, Default="dev"), *SSH, given=given) == expected


def test_a_parameter_without_a_value_is_named(tmp_path):
    document = _stage({"Fn::Or": [IS_PROD, {"Fn::Equals": [ref("AWS::Region"), "x"]}, {"Fn::Equals": [ref("Idle"), "x"]}]})
    document["Parameters"] |= {"Idle": {"Type": "String", "Default": "y"}, "Unused": {"Type": "String"}}
    document["Resources"]["HostA"]["Properties"]["KeyName"] = ref("Unused")
    found = network(tmp_path, document)
    assert f"`{tmp_path}/stack.json`: no value is given for `Stage`: put a file of parameters beside the template" in said(found)
    assert "Unused" not in said(found)
    assert found.reach(*SSH).conditions == [
        "GroupB: whether it has the rule `inbound tcp/22 from GroupA` is not known: condition `Wanted` cannot be decided, "
        "as parameter `Stage` has no value and the Region is not known"
    ]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"Engine": "postgres"}, "reachable"),
        ({"Engine": "mysql"}, "blocked"),
        ({"Engine": "mysql", "Port": "5432"}, "reachable"),
        ({"Engine": "strange"}, "unknown"),
    ],
)
def test_a_database_listens_on_the_port_of_its_engine(tmp_path, more, expected):
    port = {"Fn::GetAtt": ["Base", "Endpoint.Port"]}
    document = template(
        Subnets=made("RDS::DBSubnetGroup", SubnetIds=[ref("SubnetB")]),
        Base=made("RDS::DBInstance", DBSubnetGroupName=ref("Subnets"), VPCSecurityGroups=[ref("GroupB")], **more),
        Rule=admits("GroupB", ref("GroupA"), port),
    )
    assert verdict(tmp_path, document, "HostA", "rds", "postgres") == expected


def test_a_rule_that_may_not_be_there_hides_none_that_is(tmp_path):
    document = _stage(IS_PROD)
    document["Resources"] |= {"Sure": admits("GroupB", "10.0.0.0/16")}
    found = network(tmp_path, document)
    assert found.reach(*SSH).verdict.value == "reachable"
    assert found.reach("internet", "HostB", "ssh").verdict.value == "blocked"


PORTS = {"Ports": {"prod": {"Ssh": 22, "Other": 22}, "test": {"Ssh": 2222, "Other": 22}}}


@pytest.mark.parametrize(
    ("keys", "parameter", "expected"),
    [
        (["Ports", ref("Stage"), "Ssh"], {"Default": "prod"}, "reachable"),
        (["Ports", ref("Stage"), "Ssh"], {"Default": "test"}, "blocked"),
        (["Ports", ref("Stage"), "Ssh"], {}, "unknown"),
        (["Ports", ref("Stage"), "Other"], {}, "reachable"),
        (["Ports", ref("Stage"), "None"], {"Default": "prod"}, "unknown"),
        (["Ports", ref("Stage"), "None", {"DefaultValue": 22}], {"Default": "prod"}, "reachable"),
    ],
)
def test_mappings(tmp_path, keys, parameter, expected):
    port = {"Fn::FindInMap": keys}
    document = {**template(Rule=admits("GroupB", ref("GroupA"), port)), "Mappings": PORTS}
    document["Parameters"] = {"Stage": {"Type": "String", **parameter}}
    assert verdict(tmp_path, document, *SSH) == expected


# ---------------------------------------------------------------------- functions
@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ({"Fn::Sub": "10.0.${Third}.0/24"}, "reachable"),
        ({"Fn::Sub": ["10.0.${X}.0/24", {"X": ref("Third")}]}, "reachable"),
        ({"Fn::Sub": "${!Third}"}, "error"),
        ({"Fn::Join": ["", ["10.0.", ref("Third"), ".0/24"]]}, "reachable"),
        ({"Fn::Select": [1, {"Fn::Split": [",", "10.9.0.0/16,10.0.0.0/24"]}]}, "reachable"),
        ({"Fn::Select": ["0", ref("Ranges")]}, "blocked"),
        ({"Fn::Select": ["1", ref("Ranges")]}, "reachable"),
        ({"Fn::Select": [7, ref("Ranges")]}, "unknown"),
        ({"Fn::Select": [0, {"Fn::Cidr": [{"Fn::GetAtt": "Vpc.CidrBlock"}, 2, 8]}]}, "reachable"),
        ({"Fn::Select": [1, {"Fn::Cidr": [{"Fn::GetAtt": "Vpc.CidrBlock"}, 2, "8"]}]}, "blocked"),
        ({"Fn::If": ["Yes", "10.0.0.0/24", "10.9.0.0/16"]}, "reachable"),
        ({"Fn::If": ["No", "10.0.0.0/24", "10.9.0.0/16"]}, "blocked"),
        ({"Fn::If": ["Perhaps", "10.0.0.0/24", "10.9.0.0/16"]}, "unknown"),
        ({"Fn::If": ["Perhaps", "10.0.0.0/24", "10.0.0.0/24"]}, "reachable"),
        ({"Fn::Sub": "${HostA.PrivateIp}/32"}, "unknown"),
        ({"Fn::Transform": {"Name": "Macro"}}, "unknown"),
        ("{{resolve:ssm:/range}}", "unknown"),
        ({"Fn::Sub": "{{resolve:ssm:/${Third}}}"}, "unknown"),
        ({"Fn::ImportValue": "range"}, "unknown"),
        ({"Fn::Strange": "range"}, "unknown"),
        ({"Fn::Sub": "10.0.0.0/${AWS::Region}"}, "unknown"),
        ({"Fn::Sub": "${GroupA}/32"}, "unknown"),
        (ref("Looked"), "unknown"),
    ],
)  # fmt: skip
def test_functions_in_a_rule(tmp_path, source, expected):
    rule = made("EC2::SecurityGroupIngress", GroupId=ref("GroupB"), IpProtocol="tcp", FromPort=22, ToPort=22, CidrIp=source)
    document = template(Rule=rule)
    document["Parameters"] = {
        "Third": {"Type": "Number", "Default": 0},
        "Ranges": {"Type": "CommaDelimitedList", "Default": "10.9.0.0/16, 10.0.0.0/24"},
        "Looked": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "10.0.0.0/24"},
        "Open": {"Type": "String"},
    }
    document["Conditions"] = {
        "Yes": {"Fn::Equals": ["a", "a"]}, "No": {"Fn::Equals": ["a", "b"]}, "Perhaps": {"Fn::Equals": [ref("Open"), "a"]},
    }  # fmt: skip
    if expected == "error":
        with pytest.raises(
            analyzer.models.errors.InputError,
            match=r"IpRanges\[0\]\.CidrIp`: `\$\{Third\}` is no range of addresses",
        ):
            verdict(tmp_path, document, *SSH)
    else:
        assert verdict(tmp_path, document, *SSH) == expected


def test_loops_are_written_out(tmp_path):
    loop = {
        "Fn::ForEach::Rules": [
            "Port",
            ["22", "443"],
            {"Rule${Port}": {**ADMITTED, "Properties": {**ADMITTED["Properties"], "FromPort": ref("Port"), "ToPort": "${Port}"}}},
        ]
    }
    document = template()
    document["Resources"] |= loop
    document["Transform"] = "AWS::LanguageExtensions"
    found = network(tmp_path, document)
    assert [found.reach("HostA", "HostB", on).verdict.value for on in ("ssh", "https", "http")] == [
        "reachable",
        "reachable",
        "blocked",
    ]
    loop["Fn::ForEach::Rules"][1] = {"Ref": "Unvalued"}
    document["Parameters"] = {"Unvalued": {"Type": "CommaDelimitedList"}}
    found = network(tmp_path, document)
    assert found.reach("HostA", "HostB", "ssh").verdict.value == "unknown"
    assert "the loop `Rules` is not read: what it runs over is not known" in said(found)


@pytest.mark.parametrize("transform", ["Company::Macro", ["AWS::LanguageExtensions", {"Name": "AWS::Include"}]])
def test_a_macro_that_is_not_read_leaves_nothing_blocked(tmp_path, transform):
    document = {**template(), "Transform": transform}
    assert verdict(tmp_path, template(), *SSH) == "blocked"
    found = network(tmp_path, document)
    assert found.reach(*SSH).verdict.value == "unknown"
    assert "may change anything, and is not read" in said(found)


# ---------------------------------------------------------------------- routes and subnets
def _apart(**more):
    """Return two hosts in two VPCs with a peering and routes."""
    second = {
        "VpcB": made("EC2::VPC", CidrBlock="10.1.0.0/16"),
        "SubnetB": made("EC2::Subnet", VpcId=ref("VpcB"), CidrBlock="10.1.0.0/24"),
        "GroupB": made("EC2::SecurityGroup", VpcId=ref("VpcB"), GroupDescription="B"),
        "Rule": admits("GroupB", "10.0.0.0/16"),
    }
    for name, vpc, far in (("A", "Vpc", "10.1.0.0/16"), ("B", "VpcB", "10.0.0.0/16")):
        second[f"Table{name}"] = made("EC2::RouteTable", VpcId=ref(vpc))
        second[f"Uses{name}"] = made(
            "EC2::SubnetRouteTableAssociation", SubnetId=ref(f"Subnet{name}"), RouteTableId=ref(f"Table{name}")
        )
        second[f"Route{name}"] = made(
            "EC2::Route", RouteTableId=ref(f"Table{name}"), DestinationCidrBlock=far, VpcPeeringConnectionId=ref("Peering")
        )
    second["Peering"] = made("EC2::VPCPeeringConnection", VpcId=ref("Vpc"), PeerVpcId=ref("VpcB"))
    return template(**(second | more))


UNDECIDED = {"Conditions": {"Perhaps": {"Fn::Equals": [ref("AWS::Region"), "eu-west-1"]}}}


def _changed(document, name, **properties):
    one = document["Resources"][name]
    return {**document, "Resources": {**document["Resources"], name: {**one, "Properties": {**one["Properties"], **properties}}}}


def test_a_peering_of_one_account_is_accepted_when_it_is_made(tmp_path):
    assert verdict(tmp_path, _apart(), *SSH) == "reachable"
    other = _changed(_apart(), "Peering", PeerOwnerId="111122223333")
    assert verdict(tmp_path, other, *SSH) == "unknown"
    accepted = _changed(other, "Peering", PeerRoleArn="arn:aws:iam::111122223333:role/peer")
    assert verdict(tmp_path, accepted, *SSH) == "reachable"


@pytest.mark.parametrize("name", ["RouteA", "UsesA", "Peering", "TableA", "Rule", "UsesB", "RouteB"])
def test_what_may_not_be_there_is_neither_there_nor_missing(tmp_path, name):
    document = {**_apart(), **UNDECIDED}
    without = {**document, "Resources": {key: one for key, one in document["Resources"].items() if key != name}}
    if name not in ("TableA", "Peering"):
        assert verdict(tmp_path, without, *SSH) == "blocked"
    perhaps = {**document, "Resources": {**document["Resources"], name: {**document["Resources"][name], "Condition": "Perhaps"}}}
    assert verdict(tmp_path, perhaps, *SSH) == "unknown"


@pytest.mark.parametrize(
    ("name", "property"),
    [
        ("RouteA", "DestinationCidrBlock"),
        ("RouteA", "VpcPeeringConnectionId"),
        ("RouteA", "RouteTableId"),
        ("UsesA", "SubnetId"),
        ("UsesA", "RouteTableId"),
    ],
)
def test_a_route_that_is_not_known_is_not_missing(tmp_path, name, property):
    document = _changed(_apart(), name, **{property: ref("Unvalued")})
    document["Parameters"] = {"Unvalued": {"Type": "String"}}
    assert verdict(tmp_path, document, *SSH) == "unknown"


def test_a_subnet_without_an_association_is_on_the_main_table(tmp_path):
    document = _apart(UsesA=None)
    assert verdict(tmp_path, document, *SSH) == "blocked"
    assert network(tmp_path, document).snapshot.find("route_table", "Vpc.MainRouteTable").origin == (
        f"`{tmp_path}/stack.json:1` `Vpc (made by AWS)`"
    )


@pytest.mark.parametrize(("number", "expected"), [(90, "blocked"), (110, "reachable")])
def test_acls_have_entries_that_stand_apart(tmp_path, number, expected):
    def entry(number, egress, action):
        return made(
            "EC2::NetworkAclEntry", NetworkAclId=ref("Acl"), RuleNumber=number, Egress=egress, RuleAction=action, Protocol="-1",
            CidrBlock="0.0.0.0/0",
        )  # fmt: skip

    document = template(
        Rule=ADMITTED,
        Acl=made("EC2::NetworkAcl", VpcId=ref("Vpc")),
        Uses=made("EC2::SubnetNetworkAclAssociation", SubnetId=ref("SubnetB"), NetworkAclId=ref("Acl")),
        In=entry(100, "false", "allow"), Out=entry(100, True, "allow"), Deny=entry(number, False, "deny"),
    )  # fmt: skip
    assert verdict(tmp_path, document, *SSH) == expected


# ---------------------------------------------------------------------- hosts
FLEET = {
    "Launch": made("EC2::LaunchTemplate", LaunchTemplateData={"SecurityGroupIds": [ref("GroupA")]}),
    "Fleet": made(
        "AutoScaling::AutoScalingGroup", MinSize=1, MaxSize="3", VPCZoneIdentifier=[ref("SubnetA"), ref("SubnetB")],
        LaunchTemplate={"LaunchTemplateId": ref("Launch"), "Version": "1"},
        Tags=[{"Key": "Name", "Value": "fleet", "PropagateAtLaunch": True}],
    ),
}  # fmt: skip


def test_a_group_of_hosts_has_one_in_each_subnet(tmp_path):
    found = network(tmp_path, template(Rule=ADMITTED, **FLEET))
    assert found.reach("name:fleet", "HostB", "ssh").verdict.value == "reachable"
    assert found.reach("name:fleet", "HostB", "http").verdict.value == "blocked"
    assert [one.id for one in found.snapshot.all("instance")] == ["Fleet@SubnetA", "Fleet@SubnetB", "HostA", "HostB"]


def test_a_group_of_hosts_whose_launch_template_is_elsewhere_is_nobody(tmp_path):
    fleet = {**FLEET, "Launch": None}
    fleet["Fleet"] = _changed({"Resources": FLEET}, "Fleet", LaunchTemplate={"LaunchTemplateId": "lt-1"})["Resources"]["Fleet"]
    found = network(tmp_path, template(Rule=ADMITTED, **fleet))
    with pytest.raises(QuestionError):
        found.reach("name:fleet", "HostB", "ssh")
    assert "its launch template is not in the code" in said(found)
    assert found.reach("10.0.0.77", "HostB", "ssh").verdict.value == "unknown"


def test_a_host_with_interfaces_of_its_own(tmp_path):
    blocks = [
        {"DeviceIndex": "0", "SubnetId": ref("SubnetA"), "GroupSet": [ref("GroupA")]},
        {"DeviceIndex": "1", "NetworkInterfaceId": ref("Second")},
    ]
    document = template(
        Rule=ADMITTED,
        HostA=made("EC2::Instance", NetworkInterfaces=blocks),
        Second=made("EC2::NetworkInterface", SubnetId=ref("SubnetB"), GroupSet=[ref("GroupB")]),
    )
    found = network(tmp_path, document)
    held = found.snapshot.where("network_interface", "instance_id", "HostA")
    assert [(one.id, one.subnet_id) for one in held] == [("HostA.NetworkInterface", "SubnetA"), ("Second", "SubnetB")]
    assert found.reach(*SSH).verdict.value == "reachable"


@pytest.mark.parametrize("property", ["SubnetId", "SecurityGroupIds"])
def test_a_host_of_which_too_little_is_known_is_in_doubt_and_not_blocked(tmp_path, property):
    document = _changed(template(Rule=ADMITTED), "HostB", **{property: ref("Unvalued")})
    document["Parameters"] = {"Unvalued": {"Type": "List<AWS::EC2::Subnet::Id>"}}
    assert verdict(tmp_path, document, *SSH) == "unknown"
    assert verdict(tmp_path, document, "HostA", "10.0.1.9", "ssh") == "unknown"


@pytest.mark.parametrize(
    "more", [{}, {"SubnetId": ref("SubnetA")}, {"SubnetId": ref("SubnetA"), "SecurityGroupIds": [ref("GroupA")]}]
)
def test_a_host_whose_launch_template_is_elsewhere_needs_to_say_where_it_is(tmp_path, more):
    host = made("EC2::Instance", LaunchTemplate={"LaunchTemplateId": "lt-1", "Version": "1"}, **more)
    found = network(tmp_path, template(Rule=ADMITTED, HostA=host))
    assert found.reach(*SSH).verdict.value == ("reachable" if len(more) == 2 else "unknown")


@pytest.mark.parametrize(("said", "expected"), [(None, True), (False, False), ("true", True)])
def test_a_database_is_public_where_its_vpc_has_a_gateway_unless_it_says_so(tmp_path, said, expected):
    document = template(
        Gateway=made("EC2::InternetGateway"),
        Attached=made("EC2::VPCGatewayAttachment", VpcId=ref("Vpc"), InternetGatewayId=ref("Gateway")),
        Subnets=made("RDS::DBSubnetGroup", SubnetIds=[ref("SubnetA")]),
        Base=made(
            "RDS::DBInstance", DBSubnetGroupName=ref("Subnets"), VPCSecurityGroups=[ref("GroupA")],
            **({} if said is None else {"PubliclyAccessible": said}),
        ),
    )  # fmt: skip
    [base] = network(tmp_path, document).snapshot.all("db_instance")
    assert base.publicly_accessible is expected


def test_a_function_of_the_serverless_model_stands_where_all_of_them_do(tmp_path):
    document = template(Rule=ADMITTED, Handler={"Type": "AWS::Serverless::Function", "Properties": {"FunctionName": "handler"}})
    document["Transform"] = "AWS::Serverless-2016-10-31"
    document["Globals"] = {"Function": {"VpcConfig": {"SubnetIds": [ref("SubnetA")], "SecurityGroupIds": [ref("GroupA")]}}}
    assert verdict(tmp_path, document, "lambda:handler", "HostB", "ssh") == "reachable"


@pytest.mark.parametrize(
    ("shared", "own", "reached"),
    [
        # Maps are merged, and lists are joined: a group of the globals stays, and another is added.
        ({"SubnetIds": [ref("SubnetA")]}, {"SecurityGroupIds": [ref("GroupA")]}, "reachable"),
        (
            {"SubnetIds": [ref("SubnetA")], "SecurityGroupIds": [ref("GroupA")]},
            {"SecurityGroupIds": [ref("GroupB")]},
            "reachable",
        ),
        (
            {"SubnetIds": [ref("SubnetA")], "SecurityGroupIds": [ref("GroupB")]},
            {"SecurityGroupIds": [ref("GroupA")]},
            "reachable",
        ),
        ({"SubnetIds": [ref("SubnetA")], "SecurityGroupIds": [ref("GroupB")]}, {}, "blocked"),
        ({"SubnetIds": [ref("SubnetA")], "SecurityGroupIds": [ref("GroupB")]}, None, "blocked"),
    ],
)
def test_globals_of_the_serverless_model_are_merged(tmp_path, shared, own, reached):
    more = {} if own is None else {"VpcConfig": own}
    document = template(Rule=ADMITTED, Handler=made("Serverless::Function", FunctionName="handler", **more))
    document["Transform"] = "AWS::Serverless-2016-10-31"
    document["Globals"] = {"Function": {"VpcConfig": shared}}
    assert verdict(tmp_path, document, "lambda:handler", "HostB", "ssh") == reached


# ---------------------------------------------------------------------- evidence and shape
def test_evidence_names_the_line(tmp_path):
    path = tmp_path / "tiers.yaml"
    path.write_text(THREE_TIERS)
    line = THREE_TIERS[: THREE_TIERS.index("  BastionGroup:")].count("\n") + 1
    assert analyzer.load(path).snapshot.find("security_group", "BastionGroup").origin == f"`{path}:{line}` `BastionGroup`"
    as_json = tmp_path / "stack.json"
    as_json.write_text(json.dumps(template(), indent=2))
    text = as_json.read_text()
    line = text[: text.index('"GroupB":')].count("\n") + 1
    assert analyzer.load(as_json).snapshot.find("security_group", "GroupB").origin == f"`{as_json}:{line}` `GroupB`"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Resources: &a {}\n", "line 1: anchors and aliases are not read"),
        ("Resources:\n  A: !Unknown x\n", "line 2: tags are not read"),
        ("Resources:\n  A: {Type: 'AWS::EC2::VPC'}\n  A: {}\n", "line 3: the key `A` is there twice"),
        ("Resources:\n" + " A:" * 3 + "\n", "line 2"),
        ("Resources: " + "[" * 70 + "]" * 70 + "\n", "line 1: it is nested too deep"),
        ("Resources:\n" + "#" * (1 << 20), "it is larger than 1 MiB"),
    ],
)
def test_yaml_that_no_template_is(tmp_path, text, message):
    path = tmp_path / "t.yaml"
    path.write_text(text)
    with pytest.raises(analyzer.models.errors.InputError, match=message):
        analyzer.load(path)


def test_other_yaml_is_no_part_of_a_snapshot(tmp_path):
    (tmp_path / "stack.json").write_text(json.dumps(template(Rule=ADMITTED)))
    (tmp_path / "other.yaml").write_text("invariants: []\n")
    assert analyzer.load(tmp_path).reach(*SSH).verdict.value == "reachable"


def test_names_that_grow_without_end_are_not_followed(tmp_path):
    chain = {
        f"V{at}": made("EC2::VPC", CidrBlock={"Fn::Sub": f"${{V{at + 1}.CidrBlock}}${{V{at + 1}.CidrBlock}}"}) for at in range(60)
    }
    chain["V60"] = made("EC2::VPC", CidrBlock={"Fn::GetAtt": "V0.CidrBlock"})
    found = network(tmp_path, template(**chain))
    assert "V0: `CidrBlock`" in said(found)


EVERYBODY = {"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}
PARTS = {"Apart": admits("GroupA", "10.0.1.64/26", 1), "Beside": admits("GroupA", "10.0.0.64/26", 2)}


@pytest.mark.parametrize("classic", [True, False], ids=["classic", "application"])
@pytest.mark.parametrize(
    "parts", [(), ("Apart",), ("Beside",)], ids=["no line about a part", "about the target's", "about the node's"]
)
def test_a_balancer_or_target_of_undecided_address_is_not_blocked(tmp_path, classic, parts):
    group = made(
        "EC2::SecurityGroup",
        VpcId=ref("Vpc"),
        GroupDescription="l",
        SecurityGroupIngress=[{"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}],
    )
    if classic:
        listens = [{"LoadBalancerPort": "80", "InstancePort": "22", "Protocol": "TCP"}]
        more = {
            "Front": made(
                "ElasticLoadBalancing::LoadBalancer", Subnets=[ref("SubnetA")], SecurityGroups=[ref("Group")], Listeners=listens,
                Instances=[ref("HostB")],
            )
        }  # fmt: skip
    else:
        more = {
            "Front": made("ElasticLoadBalancingV2::LoadBalancer", Subnets=[ref("SubnetA")], SecurityGroups=[ref("Group")]),
            "Targets": made(
                "ElasticLoadBalancingV2::TargetGroup", Port=22, Protocol="HTTP", VpcId=ref("Vpc"), Targets=[{"Id": ref("HostB")}]
            ),
            "Listens": made(
                "ElasticLoadBalancingV2::Listener", LoadBalancerArn=ref("Front"), Port=80, Protocol="HTTP",
                DefaultActions=[{"Type": "forward", "TargetGroupArn": ref("Targets")}],
            ),
        }  # fmt: skip
    document = template(Group=group, Rule=admits("GroupB", ref("Group")), **more, **{name: PARTS[name] for name in parts})
    found = network(tmp_path, document).reach("HostA", "HostB", "ssh")
    assert found.verdict.value == ("unknown" if parts else "reachable")


@pytest.mark.parametrize(
    ("more", "gateway", "expected"),
    [
        ({}, {}, "reachable"),
        ({"Beside": PARTS["Beside"]}, {}, "unknown"),
        ({}, {"AvailabilityMode": "regional", "VpcId": ref("Vpc")}, "unknown"),
    ],
    ids=["an address of its subnet", "of a subnet of which a line speaks in part", "of the Region"],
)
def test_a_gateway_of_undecided_address_is_not_blocked(tmp_path, more, gateway, expected):
    table = {"Table": made("EC2::RouteTable", VpcId=ref("Vpc")), "Open": made("EC2::RouteTable", VpcId=ref("Vpc"))}
    for name, subnet, target in (
        ("Table", "SubnetB", {"NatGatewayId": ref("Nat")}),
        ("Open", "SubnetA", {"GatewayId": ref("Gateway")}),
    ):
        table[f"{name}Use"] = made("EC2::SubnetRouteTableAssociation", SubnetId=ref(subnet), RouteTableId=ref(name))
        table[f"{name}Way"] = made("EC2::Route", RouteTableId=ref(name), DestinationCidrBlock="0.0.0.0/0", **target)
    document = template(
        Gateway=made("EC2::InternetGateway"),
        Attached=made("EC2::VPCGatewayAttachment", VpcId=ref("Vpc"), InternetGatewayId=ref("Gateway")),
        Address=made("EC2::EIP"),
        Nat=made(
            "EC2::NatGateway", **(gateway or {"SubnetId": ref("SubnetA"), "AllocationId": {"Fn::GetAtt": "Address.AllocationId"}})
        ),
        **table,
        **more,
    )
    assert verdict(tmp_path, document, "HostB", "internet", "https") == expected


def test_violations_point_at_file_and_line(tmp_path):
    path, invariants = tmp_path / "tiers.yaml", tmp_path / "i.reach.yaml"
    path.write_text(THREE_TIERS)
    invariants.write_text("invariants: [{name: no bastion, deny: {from: internet, to: 'name:bastion'}}]")
    from analyzer.cli import main

    out = tmp_path / "out.sarif"
    assert main(["check", str(invariants), "--snapshot", str(path), "-o", f"sarif={out}"]) == 1
    [result] = json.loads(out.read_text())["runs"][0]["results"]
    place = result["locations"][0]["physicalLocation"]
    line = THREE_TIERS[: THREE_TIERS.index("  BastionGroup:")].count("\n") + 1
    assert place["artifactLocation"]["uri"].endswith("tiers.yaml")
    assert place["region"]["startLine"] == line


def _containers(**network):
    """Return a balancer before the tasks of a service in the second subnet."""
    inside = {"Subnets": [ref("SubnetB")], "SecurityGroups": [ref("GroupB")], **network}
    return template(
        HostB=None,
        Group=made("EC2::SecurityGroup", VpcId=ref("Vpc"), GroupDescription="l", SecurityGroupIngress=[EVERYBODY]),
        Front=made("ElasticLoadBalancingV2::LoadBalancer", Subnets=[ref("SubnetA")], SecurityGroups=[ref("Group")]),
        Targets=made("ElasticLoadBalancingV2::TargetGroup", Port=80, Protocol="HTTP", VpcId=ref("Vpc"), TargetType="ip"),
        Listens=made(
            "ElasticLoadBalancingV2::Listener", LoadBalancerArn=ref("Front"), Port=80, Protocol="HTTP",
            DefaultActions=[{"Type": "forward", "TargetGroupArn": ref("Targets")}],
        ),
        Tasks=made(
            "ECS::Service", ServiceName="tasks", LaunchType="FARGATE", NetworkConfiguration={"AwsvpcConfiguration": inside},
            LoadBalancers=[{"TargetGroupArn": ref("Targets"), "ContainerPort": "8080", "ContainerName": "web"}],
        ),
        Rule=admits("GroupB", ref("Group"), 8080),
        Other=admits("GroupB", ref("Group"), 22),
    )  # fmt: skip


def test_tasks_of_a_service_are_its_targets(tmp_path):
    found = network(tmp_path, _containers())
    assert found.reach("HostA", "ecs:tasks", "tcp/8080").verdict.value == "reachable"
    assert found.reach("HostA", "ecs:tasks", "ssh").verdict.value == "blocked"
    assert found.reach("ecs:tasks", "HostA", "ssh").verdict.value == "blocked"
    assert [one.id for one in found.snapshot.all("network_interface") if "Tasks" in one.id] == ["Tasks@SubnetB"]


@pytest.mark.parametrize("why", ["a line about a part", "groups", "tasks"])
def test_tasks_of_which_too_little_is_known_are_not_blocked(tmp_path, why):
    document = _containers(**({"SecurityGroups": [ref("Unvalued")]} if why == "groups" else {}))
    document["Parameters"] = {"Unvalued": {"Type": "String"}}
    if why == "a line about a part":
        document["Resources"]["Apart"] = PARTS["Apart"]
    if why == "tasks":
        document = _changed(document, "Tasks", NetworkConfiguration=None)
        del document["Resources"]["Tasks"]["Properties"]["NetworkConfiguration"]
    document["Resources"]["Third"] = made("EC2::Instance", SubnetId=ref("SubnetB"), SecurityGroupIds=[ref("GroupB")])
    found = network(tmp_path, document)
    assert found.reach("HostA", "Third", "tcp/8080").verdict.value == "unknown"
    if why == "a line about a part":
        assert found.reach("HostA", "ecs:tasks", "tcp/8080").verdict.value == "unknown"


@pytest.mark.parametrize("subnet", ["SubnetB", "Unvalued"])
def test_hosts_of_a_cluster_may_have_any_address_of_their_subnets(tmp_path, subnet):
    document = template(
        Rule=admits("GroupB", "10.0.0.0/16"),
        Pods=made("EKS::Cluster", Name="pods", ResourcesVpcConfig={"SubnetIds": [ref("SubnetA")]}),
        Nodes=made("EKS::Nodegroup", ClusterName=ref("Pods"), Subnets=[ref(subnet)]),
        HostB=None,
    )
    document["Parameters"] = {"Unvalued": {"Type": "String"}}
    assert verdict(tmp_path, document, "HostA", "10.0.1.99", "ssh") == "unknown"
