"""What code changes of a row: elements known by what they say, whatever AWS's answers say besides."""

from __future__ import annotations

import pytest

from analyzer.read.declared.patch import patched, without

RULE = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22}
ALL = {"IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
BOTH = {**RULE, "IpRanges": [{"CidrIp": "10.0.0.0/8", "Description": "office"}, {"CidrIp": "192.0.2.0/24"}], "Ipv6Ranges": []}


@pytest.mark.parametrize(
    ("own", "gone", "left"),
    [
        (["a", "b"], ["a"], ["b"]),
        ([BOTH], [{**RULE, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}], [{**BOTH, "IpRanges": [{"CidrIp": "192.0.2.0/24"}]}]),
        ([BOTH], [{**RULE, "IpRanges": [{"CidrIp": "10.0.0.0/8"}, {"CidrIp": "192.0.2.0/24"}]}], []),
        ([BOTH], [{**RULE, "ToPort": 23, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}], [BOTH]),
        ([{"IpProtocol": "-1", **ALL}], [{"IpProtocol": "-1", "FromPort": 0, "ToPort": 0, **ALL}], []),
        ([{"RuleNumber": 1, "Egress": True, "Protocol": "6"}], [{"RuleNumber": 1, "Egress": True, "Protocol": "17"}], []),
        ([{"RuleNumber": 1, "Egress": True}], [{"RuleNumber": 1, "Egress": False}], [{"RuleNumber": 1, "Egress": True}]),
        ([{"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-1"}], [{"DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "n"}], []),
        ([{"Target": {"Id": "i-1", "AvailabilityZone": "a"}, "TargetHealth": {}}], [{"Target": {"Id": "i-1"}}], []),
        ([{"Target": {"Id": "i-1"}}], [{"Target": {"Id": "i-2"}}], [{"Target": {"Id": "i-1"}}]),
    ],
)  # fmt: skip
def test_what_is_taken_out_of_a_list(own, gone, left):
    assert without(own, gone) == left


def test_a_row_is_patched_field_by_field():
    row = {"GroupId": "sg-1", "OwnerId": "1", "Config": {"a": 1, "b": 2}, "Listed": ["x", "y"], "Old": True}
    before = {"GroupId": "sg-1", "Config": {"a": 1}, "Listed": ["x"], "Old": True}
    after = {"GroupId": "sg-1", "Config": {"a": 3}, "Listed": ["z"], "New": 1}
    assert patched(row, before, after) == {
        "GroupId": "sg-1",
        "OwnerId": "1",
        "Config": {"a": 3, "b": 2},
        "Listed": ["y", "z"],
        "New": 1,
    }
