"""Addresses that AWS chooses: no line that may be about them is passed over."""

from __future__ import annotations

from copy import deepcopy

import pytest

from .plans import ALL, LATER, ref, resource
from .test_doubts import RULE, TIERS, with_more
from .test_terraform import changed, verdict

# By the NAT gateway, whose public address AWS chooses, to a public address that AWS chooses, too.
FAR = ("name:app-1", "name:far", "https")


def _public_only():
    """Return the plan with the load balancer in another VPC, so that only its public address leads to it."""
    vpc, subnet, group = (ref(f"{type}.far.id") for type in ("aws_vpc", "aws_subnet", "aws_security_group"))
    later = dict.fromkeys(
        ("primary_network_interface_id", "private_ip", "public_ip", "associate_public_ip_address", "instance_state"), LATER
    )
    https = {"ip_protocol": "tcp", "from_port": 443, "to_port": 443, "cidr_ipv4": "0.0.0.0/0"}
    table, gateway = ref("aws_vpc.far.main_route_table_id"), ref("aws_internet_gateway.far.id")
    far = [
        resource("aws_vpc.far", cidr_block="10.9.0.0/16", default_route_table_id=LATER),
        resource("aws_subnet.far", cidr_block="10.9.0.0/24", vpc_id=vpc, map_public_ip_on_launch=True),
        resource("aws_internet_gateway.far", vpc_id=vpc),
        resource("aws_route.far", route_table_id=table, destination_cidr_block="0.0.0.0/0", gateway_id=gateway),
        resource("aws_security_group.far", name="far", vpc_id=vpc, ingress=LATER, egress=LATER),
        resource(f"{RULE}.far", security_group_id=group, **https),
        resource("aws_instance.far", tags={"Name": "far"}, subnet_id=subnet, vpc_security_group_ids=group, **later),
    ]
    return with_more(*far)


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        ("0.0.0.0/0", "reachable"),
        ("203.0.113.0/24", "unknown"),  # AWS may choose an address in it
        ("203.0.113.7/32", "unknown"),
        ("10.0.0.0/8", "blocked"),  # no public address lies in it
        ("128.0.0.0/1", "reachable"),
    ],
)
def test_a_group_may_admit_a_public_address_that_aws_chooses(tmp_path, block, expected):
    assert verdict(tmp_path, changed(_public_only(), f"{RULE}.far", cidr_ipv4=block), *FAR) == expected


@pytest.mark.parametrize(("block", "expected"), [("203.0.113.0/24", "unknown"), ("10.0.0.0/8", "blocked")])
def test_a_list_may_hold_a_public_address_that_aws_chooses(tmp_path, block, expected):
    listed = resource("aws_ec2_managed_prefix_list.l", name="l", entry=[{"cidr": block}])
    document = with_more(listed, document=_public_only())
    by_list = changed(document, f"{RULE}.far", cidr_ipv4=None, prefix_list_id="aws_ec2_managed_prefix_list.l")
    assert verdict(tmp_path, by_list, *FAR) == expected


@pytest.mark.parametrize(
    ("number", "action", "block", "expected"),
    [
        (50, "deny", "203.0.113.0/24", "unknown"),
        (150, "deny", "203.0.113.0/24", "reachable"),  # after the entry that admits everybody
        (50, "deny", "192.168.0.0/16", "reachable"),
        (50, "allow", "203.0.113.0/24", "unknown"),  # it may admit it; what comes then is not looked at
    ],
)
def test_an_entry_of_an_acl_may_be_about_a_public_address_that_aws_chooses(tmp_path, number, action, block, expected):
    every = {"protocol": "-1", "from_port": 0, "to_port": 0, "action": "allow", "rule_no": 100, "cidr_block": "0.0.0.0/0"}
    acl = resource(
        "aws_network_acl.far", vpc_id=ref("aws_vpc.far.id"), subnet_ids=ref("aws_subnet.far.id"), egress=[every],
        ingress=[every, {**every, "rule_no": number, "action": action, "cidr_block": block}],
    )  # fmt: skip
    assert verdict(tmp_path, with_more(acl, document=_public_only()), *FAR) == expected


@pytest.mark.parametrize(("block", "expected"), [("203.0.113.0/24", "unknown"), ("192.168.0.0/16", "reachable")])
def test_a_route_may_be_about_a_public_address_that_aws_chooses(tmp_path, block, expected):
    table = {"route_table_id": ref("aws_route_table.app.id"), "destination_cidr_block": block}
    peering = resource("aws_route.part", **table, vpc_peering_connection_id="pcx-0123456789abcdef0")
    assert verdict(tmp_path, with_more(peering, document=_public_only()), *FAR) == expected


def test_an_ipv6_address_that_aws_chooses_may_lie_in_a_part_of_its_subnet(tmp_path):
    ranges = {"ipv6_cidr_block": "2600:1f18:0:1::/64", "assign_ipv6_address_on_creation": True}
    document = changed(TIERS, "aws_subnet.app", **ranges)
    document = changed(document, "aws_subnet.public", **{**ranges, "ipv6_cidr_block": "2600:1f18:0:2::/64"})
    document = changed(document, "aws_vpc.main", ipv6_cidr_block="2600:1f18::/56")
    for group in ("bastion", "app"):
        own = ref(f"aws_security_group.{group}.id")
        every = {"security_group_id": own, "ip_protocol": "-1", "cidr_ipv6": "::/0"}
        document = with_more(resource(f"aws_vpc_security_group_egress_rule.{group}6", **every), document=document)
    question = ("aws_instance.bastion", "2600:1f18:0:1::77", "https")

    def admitting(block):
        rule = resource(
            f"{RULE}.six", security_group_id=ref("aws_security_group.app.id"), **{**ALL, "cidr_ipv4": None}, cidr_ipv6=block
        )
        return verdict(tmp_path, with_more(rule, document=deepcopy(document)), "name:bastion", "name:app-1", "https")

    assert admitting("2600:1f18:0:2::/64") == "reachable"
    assert admitting("2600:1f18:0:2::77/128") in ("conditional", "unknown")
    assert admitting("2600:1f18:0:3::/64") == "blocked"
    assert verdict(tmp_path, document, *question) == "unknown"
