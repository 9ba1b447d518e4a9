"""A plan over the network that is there: what it changes, and nothing else."""

from __future__ import annotations

import json
from copy import deepcopy

import pytest

import analyzer
from analyzer.cli import main

from .plans import by_hand, plan, ref, resource

GROUP = {"id": "sg-data", "name": "data", "vpc_id": "vpc-1", "egress": []}
POSTGRES = {"protocol": "tcp", "from_port": 5432, "to_port": 5432, "self": False, "description": ""}
FROM_APP = {**POSTGRES, "security_groups": ["sg-app"], "cidr_blocks": [], "ipv6_cidr_blocks": [], "prefix_list_ids": []}
RULE = {
    "id": "sgrule-1",
    "type": "ingress",
    "security_group_id": "sg-data",
    "protocol": "tcp",
    "from_port": 5432,
    "to_port": 5432,
}


def entry(address, before, after, unknown=None, **more):
    """Return a resource of a plan as it was and as it will be; None is nothing."""
    type, _, name = address.partition(".")
    actions = ["create"] if before is None else ["delete"] if after is None else ["no-op"] if before == after else ["update"]
    change = {"actions": actions, "before": before, "after": after, "after_unknown": unknown or {}}
    return {"address": address, "mode": "managed", "type": type, "name": name, "change": {**change, **more}}


def document(*entries):
    written = [{key: one[key] for key in ("address", "mode", "type", "name")} for one in entries]
    configuration = {"root_module": {"resources": written}}
    return {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "resource_changes": list(entries),
        "configuration": configuration,
    }


@pytest.fixture
def asked(tmp_path):
    """Return what answers a question about the live network with a plan over it, and the network."""
    live = tmp_path / "live"
    live.mkdir()
    (live / "answers.json").write_text(json.dumps(by_hand()))

    def network(plan):
        path = tmp_path / "plan.json"
        path.write_text(json.dumps(plan))
        return analyzer.load([live, path])

    return network


def test_a_group_is_put_on_an_interface_that_is_there(asked):
    attached = {"id": "x", "network_interface_id": "eni-orders", "security_group_id": "sg-edge"}
    network = asked(document(entry("aws_network_interface_sg_attachment.x", None, attached)))
    assert list(network.snapshot.find("network_interface", "eni-orders").group_ids) == ["sg-data", "sg-edge"]
    assert verdict(network, "name:bastion", "eni-orders", "https") == "reachable"


def test_a_subnet_has_the_acl_that_it_is_given_last(asked):
    own = {"vpc_id": "vpc-1", "subnet_ids": ["subnet-data"], "ingress": [], "egress": []}
    assert verdict(asked(document(entry("aws_network_acl.x", None, own, {"id": True}))), *FROM_APP_TO_DATA) == "blocked"
    elsewhere = {**own, "subnet_ids": ["subnet-public"]}
    assert verdict(asked(document(entry("aws_network_acl.x", None, elsewhere, {"id": True}))), *FROM_APP_TO_DATA) == "reachable"


def test_an_acl_that_code_takes_over_has_the_entries_of_the_code(asked):
    own = {"default_network_acl_id": "acl-1", "vpc_id": "vpc-1", "subnet_ids": [], "ingress": [], "egress": []}
    network = asked(document(entry("aws_default_network_acl.x", None, own, {"id": True})))
    assert verdict(network, *FROM_APP_TO_DATA) == "blocked"
    assert len(network.snapshot.all("network_acl")) == 1


@pytest.mark.parametrize(("table", "expected"), [("rtb-public", "reachable"), ("rtb-app", "blocked")])
def test_the_main_table_is_the_one_that_is_made_it_last(asked, table, expected):
    loose = entry(
        "aws_route_table_association.x", {"id": "a", "subnet_id": "subnet-public", "route_table_id": "rtb-public"}, None
    )
    main = entry("aws_main_route_table_association.x", None, {"id": "m", "vpc_id": "vpc-1", "route_table_id": table})
    assert verdict(asked(document(loose)), "internet", "name:bastion", "ssh") == "blocked"
    assert verdict(asked(document(loose, main)), "internet", "name:bastion", "ssh") == expected


@pytest.mark.parametrize("holder", [{"instance_id": "i-app"}, {"network_interface_id": "eni-app"}], ids=["instance", "interface"])
def test_an_elastic_address_is_given_to_what_is_there(asked, holder):
    live = [
        entry(
            "aws_security_group_rule.x",
            None,
            {**RULE, "security_group_id": "sg-app", "protocol": "-1", "cidr_blocks": ["0.0.0.0/0"]},
        ),
        entry("aws_route_table_association.x", {"id": "a", "subnet_id": "subnet-app", "route_table_id": "rtb-app"}, None),
        entry("aws_route_table_association.y", None, {"id": "b", "subnet_id": "subnet-app", "route_table_id": "rtb-public"}),
    ]
    question = ("internet", "name:app-1", "ssh")
    assert verdict(asked(document(*live)), *question) == "blocked"
    address = entry(
        "aws_eip.x", None, {}, dict.fromkeys(("id", "allocation_id", "public_ip", "instance", "network_interface"), True)
    )
    given = entry("aws_eip_association.x", None, {"allocation_id": "aws_eip.x", **holder}, {"id": True})
    host = entry("aws_instance.app", HOST, HOST) if "instance_id" in holder else None
    assert verdict(asked(document(*live, address, given, *([host] if host else []))), *question) == "reachable"


def _with_gateway(tmp_path, **options):
    """Write the live network with a second VPC on a transit gateway, and return a plan that attaches the first one."""
    answers = by_hand()
    answers["Vpcs"].append({"VpcId": "vpc-2", "CidrBlock": "10.2.0.0/16"})
    answers["Subnets"].append(
        {"SubnetId": "subnet-far", "VpcId": "vpc-2", "CidrBlock": "10.2.0.0/24", "AvailabilityZone": "eu-west-1a"}
    )
    answers["NetworkAcls"].append({**answers["NetworkAcls"][0], "NetworkAclId": "acl-2", "VpcId": "vpc-2"})
    answers["SecurityGroups"].append({**answers["SecurityGroups"][3], "GroupId": "sg-far", "GroupName": "far", "VpcId": "vpc-2"})
    answers["NetworkInterfaces"].append(
        {
            "NetworkInterfaceId": "eni-far", "SubnetId": "subnet-far", "VpcId": "vpc-2", "Groups": [{"GroupId": "sg-far"}],
            "PrivateIpAddresses": [{"PrivateIpAddress": "10.2.0.9", "Primary": True}],
        }
    )  # fmt: skip
    answers["RouteTables"][0]["Routes"] = answers["RouteTables"][2]["Routes"] = [
        {"DestinationCidrBlock": "10.2.0.0/16", "TransitGatewayId": "tgw-1"}
    ]
    answers["RouteTables"].append(
        {
            "RouteTableId": "rtb-far",
            "VpcId": "vpc-2",
            "Associations": [{"Main": True}],
            "Routes": [{"DestinationCidrBlock": "10.0.0.0/16", "TransitGatewayId": "tgw-1"}],
        }
    )
    answers["TransitGateways"] = [{"TransitGatewayId": "tgw-1", "State": "available", "Options": options}]
    attachment = {"TransitGatewayAttachmentId": "tgw-attach-2", "TransitGatewayId": "tgw-1", "State": "available"}
    answers["TransitGatewayVpcAttachments"] = [{**attachment, "VpcId": "vpc-2", "SubnetIds": ["subnet-far"], "Options": {}}]
    answers["TransitGatewayAttachments"] = [{**attachment, "ResourceType": "vpc", "ResourceId": "vpc-2"}]
    answers["TransitGatewayRouteTables"] = [{"TransitGatewayRouteTableId": "tgw-rtb-1", "TransitGatewayId": "tgw-1"}]
    table, named = {"TransitGatewayRouteTableId": "tgw-rtb-1"}, {"TransitGatewayAttachmentId": "tgw-attach-2"}
    answers["TransitGatewayRouteTableAssociations"] = [
        {**table, "Associations": [{"TransitGatewayAttachmentId": "tgw-attach-2", "State": "associated"}]}
    ]
    answers["TransitGatewayRoutes"] = [
        {
            **table,
            "Routes": [
                {
                    "DestinationCidrBlock": "10.2.0.0/16", "Type": "propagated", "State": "active",
                    "TransitGatewayAttachments": [{**named, "ResourceType": "vpc", "ResourceId": "vpc-2"}],
                }
            ],
        }
    ]  # fmt: skip
    (tmp_path / "live" / "answers.json").write_text(json.dumps(answers))
    made = {"transit_gateway_id": "tgw-1", "vpc_id": "vpc-1", "subnet_ids": ["subnet-app"]}
    return document(entry("aws_ec2_transit_gateway_vpc_attachment.x", None, made, {"id": True}))


FAR = ("name:app-1", "eni-far", "ssh")


def test_a_vpc_that_is_attached_to_a_gateway_uses_the_tables_that_the_gateway_says(asked, tmp_path):
    table = {"AssociationDefaultRouteTableId": "tgw-rtb-1", "PropagationDefaultRouteTableId": "tgw-rtb-1"}
    plan = _with_gateway(tmp_path, DefaultRouteTableAssociation="enable", DefaultRouteTablePropagation="enable", **table)
    assert verdict(asked(document()), *FAR) == "blocked"
    # What the gateway's table really routes to is known after that only.
    assert verdict(asked(plan), *FAR) == "unknown"
    plan = _with_gateway(tmp_path, DefaultRouteTableAssociation="disable", DefaultRouteTablePropagation="disable", **table)
    assert verdict(asked(plan), *FAR) == "blocked"


def verdict(network, *question):
    return network.reach(*question).verdict.value


TO_DATA = ("name:bastion", "rds:orders", "postgres")
FROM_APP_TO_DATA = ("name:app-1", "rds:orders", "postgres")


def test_a_plan_that_changes_nothing_changes_nothing(asked):
    same = document(entry("aws_security_group.data", {**GROUP, "ingress": []}, {**GROUP, "ingress": []}))
    network = asked(same)
    assert verdict(network, *FROM_APP_TO_DATA) == "reachable"  # as AWS says, whatever the state says
    assert verdict(network, *TO_DATA) == "blocked"
    assert network.snapshot.find("security_group", "sg-data").origin.endswith("answers.json` resource 2 (`SecurityGroups[2]`)")


@pytest.mark.parametrize("inside", [True, False], ids=["the code holds the group", "the group is named by its id"])
def test_a_rule_that_is_added_opens_and_one_that_is_deleted_closes(asked, inside):
    own = {**GROUP, "ingress": [FROM_APP]}
    group = [entry("aws_security_group.data", own, own)] if inside else []
    bastion = {**RULE, "source_security_group_id": "sg-bastion"}
    added = document(*group, entry("aws_security_group_rule.x", None, bastion))
    assert verdict(asked(added), *TO_DATA) == "reachable"
    assert verdict(asked(added), *FROM_APP_TO_DATA) == "reachable"
    gone = document(*group, entry("aws_security_group_rule.y", {**RULE, "source_security_group_id": "sg-app"}, None))
    assert verdict(asked(gone), *FROM_APP_TO_DATA) == "blocked"


def test_a_rule_of_which_the_far_side_is_not_known_yet_is_unknown(asked):
    rule = {key: value for key, value in RULE.items() if key != "id"}
    later = document(entry("aws_security_group_rule.x", None, rule, {"cidr_blocks": True}))
    later["configuration"]["root_module"]["resources"][0]["expressions"] = {"cidr_blocks": {"references": ["local.hidden"]}}
    assert verdict(asked(later), *TO_DATA) == "unknown"


def test_rules_inside_a_group_are_changed_one_by_one(asked):
    wider = {**GROUP, "ingress": [FROM_APP, {**FROM_APP, "security_groups": ["sg-bastion"], "from_port": 22, "to_port": 22}]}
    network = asked(document(entry("aws_security_group.data", {**GROUP, "ingress": [FROM_APP]}, wider)))
    assert verdict(network, "name:bastion", "rds:orders", "ssh") == "reachable"
    assert verdict(network, *TO_DATA) == "blocked"
    assert verdict(network, *FROM_APP_TO_DATA) == "reachable"
    origin = network.snapshot.find("security_group", "sg-data").origin
    assert origin.endswith("plan.json` resource 0 (`resource_changes[0].change.after`) `aws_security_group.data`")


def test_the_groups_of_what_is_there_follow_those_of_its_code(asked):
    before = {
        "id": "orders", "arn": "arn:aws:rds:eu-west-1:111122223333:db:orders", "identifier": "orders", "publicly_accessible": False,
        "db_subnet_group_name": "data", "vpc_security_group_ids": ["sg-data"],
    }  # fmt: skip
    subnets = {"id": "data", "name": "data", "subnet_ids": ["subnet-data"]}
    context = entry("aws_db_subnet_group.data", subnets, subnets)
    network = asked(document(context, entry("aws_db_instance.orders", before, {**before, "vpc_security_group_ids": ["sg-edge"]})))
    assert list(network.snapshot.find("network_interface", "eni-orders").group_ids) == ["sg-edge"]
    assert verdict(network, "internet", "rds:orders", "postgres") == "blocked"
    assert verdict(network, "name:bastion", "rds:orders", "https") == "reachable"


HOST = {
    "id": "i-app", "subnet_id": "subnet-app", "vpc_security_group_ids": ["sg-app"], "primary_network_interface_id": "eni-app",
    "private_ip": "10.0.1.20", "instance_state": "running", "tags": {"Name": "app-1"}, "associate_public_ip_address": False,
}  # fmt: skip


def test_what_is_deleted_is_gone_with_its_interfaces(asked):
    network = asked(document(entry("aws_instance.app", HOST, None)))
    assert network.snapshot.find("network_interface", "eni-app") is None
    assert network.snapshot.find("instance", "i-app") is None
    balancer = {"id": by_hand()["LoadBalancers"][0]["LoadBalancerArn"], "arn": by_hand()["LoadBalancers"][0]["LoadBalancerArn"]}
    balancer |= {
        "name": "edge",
        "load_balancer_type": "application",
        "subnets": ["subnet-public"],
        "security_groups": ["sg-edge"],
    }
    network = asked(document(entry("aws_lb.edge", balancer, None)))
    assert network.snapshot.find("network_interface", "eni-edge") is None
    assert not network.snapshot.all("application_load_balancer")


def test_what_stands_in_a_subnet_that_is_deleted_is_gone(asked):
    subnet = {"id": "subnet-app", "vpc_id": "vpc-1", "cidr_block": "10.0.1.0/24", "map_public_ip_on_launch": False}
    network = asked(document(entry("aws_subnet.app", subnet, None)))
    assert network.snapshot.find("subnet", "subnet-app") is None
    assert network.snapshot.find("network_interface", "eni-app") is None
    assert any("`subnet-app` is not in the snapshot" in text for text in network.snapshot.not_modelled)


def test_what_is_replaced_is_another(asked):
    later = dict.fromkeys(("id", "private_ip", "primary_network_interface_id", "instance_state"), True)
    after = {key: value for key, value in HOST.items() if key not in later}
    network = asked(document(entry("aws_instance.app", HOST, after, later, actions=["delete", "create"])))
    assert network.snapshot.find("network_interface", "eni-app") is None
    assert verdict(network, "aws_instance.app", "rds:orders", "postgres") == "reachable"


def test_what_is_made_stands_among_what_is_there(asked):
    names = ("id", "private_ip", "primary_network_interface_id", "instance_state", "public_ip", "associate_public_ip_address")
    later = dict.fromkeys(names, True)
    host = {"subnet_id": "subnet-public", "vpc_security_group_ids": ["sg-bastion"], "tags": {"Name": "new"}}
    network = asked(document(entry("aws_instance.new", None, host, later)))
    assert verdict(network, "name:new", "name:app-1", "ssh") == "reachable"
    assert verdict(network, "name:new", "rds:orders", "postgres") == "blocked"
    assert verdict(network, "name:bastion", "10.0.0.99", "ssh") == "unknown"  # it may get that address


def test_a_subnet_that_is_made_uses_the_main_table_that_is_there(asked):
    subnet = resource("aws_subnet.new", cidr_block="10.0.7.0/24", vpc_id="vpc-1")
    host = resource(
        "aws_instance.new", subnet_id=ref("aws_subnet.new.id"), vpc_security_group_ids=["sg-bastion"], tags={"Name": "new"},
        primary_network_interface_id="later", private_ip="later",
    )  # fmt: skip
    network = asked(plan(subnet, host))
    assert verdict(network, "name:new", "name:app-1", "ssh") == "reachable"
    assert verdict(network, "name:new", "internet", "https") == "blocked"  # the main table leads nowhere


def test_what_will_be_something_that_nobody_knows_is_unknown(asked):
    acl = document(
        entry("aws_network_acl.x", None, {"vpc_id": "vpc-1", "ingress": [], "egress": []}, {"id": True, "subnet_ids": True})
    )
    acl["configuration"]["root_module"]["resources"][0]["expressions"] = {"subnet_ids": {"references": ["local.hidden"]}}
    network = asked(acl)
    assert verdict(network, *FROM_APP_TO_DATA) == "unknown"
    table = {"route_table_id": "rtb-public", "destination_cidr_block": "0.0.0.0/0", "gateway_id": "igw-1", "id": "r-1"}
    after = {key: value for key, value in table.items() if key != "gateway_id"}
    route = document(entry("aws_route.public", table, after, {"gateway_id": True}))
    route["configuration"]["root_module"]["resources"][0]["expressions"] = {"gateway_id": {"references": ["local.hidden"]}}
    assert verdict(asked(route), "internet", "name:bastion", "ssh") == "unknown"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [(None, {"name": "x"}, "unknown"), ({"name": "x"}, {"name": "y"}, "unknown"), ({"name": "x"}, {"name": "x"}, "blocked")],
    ids=["made", "changed", "as it was"],
)
def test_what_a_stack_of_another_language_does_is_not_known(asked, before, after, expected):
    assert verdict(asked(document(entry("aws_cloudformation_stack.x", before, after))), *TO_DATA) == expected


def test_diff_lays_a_plan_over_the_network_that_is_there(asked, tmp_path, capsys):
    asked(document(entry("aws_security_group_rule.x", None, {**RULE, "cidr_blocks": ["10.0.0.0/24"]})))
    live, path = str(tmp_path / "live"), str(tmp_path / "plan.json")
    shown = []
    for words in ((live, path), (path, "--snapshot", live)):
        assert main(["diff", *words, "--fail-on", "opened"]) == 1
        shown.append(capsys.readouterr().out)
    assert shown[0] == shown[1]
    assert all(text in shown[0] for text in ("10.0.0.0/24", "plan.json", "0 closed"))


def test_code_is_compared_with_code_as_it_is(tmp_path):
    before, after = tmp_path / "before.json", tmp_path / "after.json"
    own = {"id": "vpc-1", "cidr_block": "10.0.0.0/16"}
    other = {**own, "id": "vpc-2"}
    before.write_text(json.dumps(document(entry("aws_vpc.a", own, own), entry("aws_vpc.b", other, other))))
    after.write_text(json.dumps(document(entry("aws_vpc.a", own, own))))
    assert [one.id for one in analyzer.load(after, over=[before]).snapshot.all("vpc")] == ["vpc-1"]


def test_a_state_beside_the_answers_of_aws_says_nothing_more(asked):
    values = {"id": "sg-data", "name": "data", "vpc_id": "vpc-1", "ingress": [], "egress": []}
    held = {
        "address": "aws_security_group.data",
        "mode": "managed",
        "type": "aws_security_group",
        "name": "data",
        "values": values,
    }
    network = asked({"format_version": "1.0", "terraform_version": "1.9.8", "values": {"root_module": {"resources": [held]}}})
    assert verdict(network, *FROM_APP_TO_DATA) == "reachable"
    assert any("a state says nothing beside AWS's own answers" in text for text in network.snapshot.not_modelled)


def test_the_answers_of_aws_are_not_touched(asked):
    live = by_hand()
    copy = deepcopy(live)
    asked(document(entry("aws_security_group_rule.x", None, {**RULE, "source_security_group_id": "sg-bastion"})))
    assert live == copy
