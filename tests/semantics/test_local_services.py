"""What AWS serves at every interface, past every filter and route: the resolver, instance metadata, time."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from analyzer import load
from analyzer.network import Network

from .build import BLOCKED, REACHABLE, V4, acl, documents_of, eni_a, group, main_table, network, rule, verdict


def sealed() -> Network:
    """A network in which `eni-a` can send nothing: no rule, no entry, no route."""
    return network(
        eni_a(groups=["sg-a"], public=""), group("sg-a", [], []), acl("acl-a", "subnet-a", inbound=[], outbound=[]), main_table()
    )


@pytest.mark.rule("SG-23")
@pytest.mark.parametrize(
    ("target", "service", "expected"),
    [
        ("10.0.0.2", "udp/53", REACHABLE),
        ("10.0.0.2", "tcp/53", REACHABLE),
        ("169.254.169.253", "udp/53", REACHABLE),
        ("fd00:ec2::253", "udp/53", REACHABLE),
        ("169.254.169.254", "tcp/80", REACHABLE),
        ("fd00:ec2::254", "tcp/80", REACHABLE),
        ("169.254.169.123", "udp/123", REACHABLE),
        ("169.254.170.2", "tcp/80", REACHABLE),
        ("169.254.169.250", "tcp/1688", REACHABLE),
        ("8.8.8.8", "udp/53", BLOCKED),
        ("10.0.0.3", "udp/53", BLOCKED),
        ("10.0.0.2", "tcp/443", BLOCKED),
    ],
)
def test_groups_do_not_filter_what_aws_serves_at_the_interface(target: str, service: str, expected: str) -> None:
    world = network(eni_a(groups=["sg-a"]), group("sg-a", [], []))
    assert verdict(world, "eni-a", target, service) == expected


@pytest.mark.rule("NACL-11")
@pytest.mark.parametrize(
    ("target", "service", "expected"),
    [
        ("10.0.0.2", "udp/53", REACHABLE),
        ("169.254.169.254", "tcp/80", REACHABLE),
        ("169.254.169.123", "udp/123", REACHABLE),
        ("8.8.8.8", "udp/53", BLOCKED),
    ],
)
def test_nor_do_acls(target: str, service: str, expected: str) -> None:
    assert verdict(network(acl("acl-a", "subnet-a", inbound=[], outbound=[])), "eni-a", target, service) == expected


@pytest.mark.rule("DNS-1")
@pytest.mark.parametrize(
    ("target", "expected"), [("10.0.0.2", REACHABLE), ("169.254.169.253", REACHABLE), ("8.8.8.8", BLOCKED), ("internet", BLOCKED)]
)
def test_every_interface_can_query_the_resolver(target: str, expected: str) -> None:
    assert verdict(sealed(), "eni-a", target, "udp/53") == expected


@pytest.mark.rule("DNS-1")
def test_an_external_resolver_is_a_host_like_any_other() -> None:
    def resolving(egress: list[object]) -> str:
        return verdict(network(eni_a(groups=["sg-a"]), group("sg-a", [], egress)), "eni-a", "8.8.8.8", "udp/53")

    assert resolving([rule("udp/53", V4)]) == REACHABLE
    assert resolving([rule("udp/53", "10.0.0.0/8")]) == BLOCKED


@pytest.mark.rule("DNS-1")
@pytest.mark.parametrize(("said", "expected"), [(None, REACHABLE), (True, REACHABLE), (False, BLOCKED)])
@pytest.mark.parametrize("resolver", ["10.0.0.2", "169.254.169.253"])
def test_the_resolver_answers_unless_the_vpc_has_dns_support_off(
    resolver: str, said: bool | None, expected: str, tmp_path: Path
) -> None:
    documents = documents_of([])
    if said is not None:
        # As DescribeVpcAttribute answers: the attribute, and beside it the VPC that was asked about.
        (tmp_path / "attribute.json").write_text(json.dumps({"VpcId": "vpc-1", "EnableDnsSupport": {"Value": said}}))
    (tmp_path / "rest.json").write_text(json.dumps(documents))
    assert verdict(load(tmp_path), "eni-a", resolver, "udp/53") == expected
