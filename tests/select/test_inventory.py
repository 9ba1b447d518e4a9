"""What `reach list` lists."""

from __future__ import annotations

import pytest

from analyzer.models.errors import QuestionError
from analyzer.models.snapshot import Snapshot
from analyzer.select.inventory import inventory, not_modelled

from .conftest import eni, made


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "ec2",
            [
                ("ec2", "i-1", "web", "10.0.1.4", "vpc-1"),
                ("ec2", "i-2", "web-2", "10.0.1.5", "vpc-1"),
                ("ec2", "i-3", "bastion", "10.0.1.6", "vpc-1"),
                ("ec2", "i-4", "ghost", "", ""),
            ],
        ),
        ("vpc", [("vpc", "vpc-1", "prod", "10.0.0.0/16", "vpc-1"), ("vpc", "vpc-2", "empty", "10.2.0.0/16", "vpc-2")]),
        ("route_table", [("rtb", "rtb-1", "routes", "", "vpc-1")]),
        ("rtb", [("rtb", "rtb-1", "routes", "", "vpc-1")]),
        ("lambda", [("eni", "eni-7", "thumbnails", "10.0.3.4", "vpc-1")]),
        (
            "endpoint",
            [
                ("endpoint", "vpce-1", "com.amazonaws.eu-west-1.s3", "", "vpc-1"),
                ("endpoint", "vpce-2", "com.amazonaws.eu-west-1.kms", "10.0.1.8", "vpc-1"),
            ],
        ),
        ("sg:bastion", [("ec2", "eni-3", "bastion", "10.0.1.6", "vpc-1")]),
        ("internet or 10.0.0.0/8", [("internet", "internet", "", "", ""), ("address", "10.0.0.0/8", "", "10.0.0.0/8", "")]),
    ],
)
def test_a_kind_lists_resources_and_a_selector_what_it_selects(network: Snapshot, text: str, rows: list[tuple[str, ...]]):
    assert [(one.kind, one.id, one.name, one.address, one.vpc) for one in inventory(text, network)] == rows


def test_nothing_asked_lists_every_resource_by_kind_and_id(network: Snapshot):
    listed = [one.id for one in inventory("", network)]
    assert len(listed) == len(set(listed))
    assert {"i-1", "sg-1", "subnet-1", "vpc-1", "rtb-1", "nat-1", "vpce-1", "eni-1"} <= set(listed)
    assert "internet" not in listed


def test_a_kind_of_which_there_is_none_is_refused(network: Snapshot):
    with pytest.raises(QuestionError, match="no `pcx` in the snapshot"):
        inventory("pcx", network)


def test_what_is_not_modelled_is_told_once_and_sorted():
    network = made(
        NetworkInterfaces=[eni(2, "10.0.0.2", InterfaceType="new_thing"), eni(1, "10.0.0.1", InterfaceType="new_thing")]
    )
    assert not_modelled(network) == [
        "eni-1: interfaces of type `new_thing` are not modelled",
        "eni-2: interfaces of type `new_thing` are not modelled",
    ]
