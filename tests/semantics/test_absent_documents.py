"""A document that is absent never blocks: networks of many kinds, each document taken out in turn, and the questions asked again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from analyzer import load
from analyzer.models.errors import ReachError

from .build import (
    A4,
    BLOCKED,
    Row,
    ask,
    balanced,
    documents_of,
    eni_a,
    exclusion,
    igw,
    peered,
    public_access,
    second_vpc,
    site,
    transit,
)
from .build_inspection import between, firewall, five, policy, rules
from .services import accelerated, accelerator, vpc_origin
from .test_api_gateway import linked as public_api
from .test_classic_load_balancer import classic
from .test_client_vpn import CLIENT, clients
from .test_global_accelerator import private_host
from .test_private_link import linked

Question = tuple[str, str, str]
NETWORKS: dict[str, tuple[list[Row], list[Question]]] = {
    "one VPC": ([igw()], [("internet", "eni-a", "https"), ("eni-a", "internet", "https"), ("eni-a", "eni-b", "https")]),
    "one VPC, no IPv6": ([eni_a(addresses=(A4,))], [("198.51.100.7", "eni-a", "https"), ("eni-a", "198.51.100.7", "https")]),
    "peering": (peered(), [("eni-a", "eni-p", "https")]),
    "transit gateway": (transit(), [("eni-a", "eni-p", "https")]),
    "site": (site(), [("192.168.1.5", "eni-b", "https"), ("eni-b", "192.168.1.5", "https")]),
    "application load balancer": (balanced(), [("eni-a", "eni-b", "tcp/8080")]),
    "network load balancer": (balanced("network"), [("eni-a", "eni-b", "tcp/8080")]),
    "classic load balancer": (classic(), [("eni-a", "eni-b", "tcp/8080")]),
    "endpoint service": (linked(), [("eni-a", "eni-p", "tcp/8080")]),
    "client VPN": (clients(), [(CLIENT, "eni-b", "tcp/443")]),
    "accelerator": ([*private_host(), accelerator(accelerated("i-b"))], [("internet", "eni-b", "https")]),
    "VPC origin": (
        [*private_host(), *vpc_origin("arn:aws:ec2:eu-west-1:111111111111:instance/i-b")],
        [("internet", "eni-b", "https")],
    ),
    "public API": (public_api(), [("internet", "eni-b", "tcp/8080")]),
    "excluded from the switch": (
        [public_access("block-bidirectional"), exclusion("vpc/vpc-1")],
        [("internet", "eni-a", "https"), ("eni-a", "internet", "https")],
    ),
    "firewall": (
        [
            *between(),
            firewall(),
            policy("rules", strict=True, actions=["aws:drop_strict"]),
            rules("rules", StatefulRules=[five("PASS", "TCP", "ANY", "ANY", "443")]),
        ],
        [("eni-a", "eni-b", "tcp/443")],
    ),
    "two VPCs that do not meet": (second_vpc(), [("internet", "eni-a", "https")]),
}


def cases() -> Iterator[Any]:
    """Each document of each network."""
    for name, (rows, _) in NETWORKS.items():
        for key in documents_of(rows):
            yield pytest.param(name, key, id=f"{name} without {key}")


@pytest.mark.rule("LIM-7")
@pytest.mark.parametrize(("name", "key"), list(cases()))
def test_nothing_is_blocked_because_a_document_is_absent(name: str, key: str, tmp_path: Path) -> None:
    rows, questions = NETWORKS[name]
    documents = documents_of(rows)
    whole, part = tmp_path / "whole.json", tmp_path / "part.json"
    whole.write_text(json.dumps(documents))
    part.write_text(json.dumps({other: entries for other, entries in documents.items() if other != key}))
    for source, target, on in questions:
        assert ask(load(whole), source, target, on).verdict != BLOCKED
        # An end of the question may be gone, or the snapshot contradict itself: that is said, and is no answer.
        with suppress(ReachError):
            assert ask(load(part), source, target, on).verdict != BLOCKED
