"""VPC Lattice: its addresses, and the endpoints whose far side is its."""

from __future__ import annotations

import pytest

from .build import BLOCKED, REACHABLE, UNKNOWN, ask, interface, interface_endpoint, network, verdict

ENDPOINT = "10.0.2.99"


def at(type_: str, on: str) -> str:
    """The verdict from `eni-a` to an endpoint of a type."""
    own = interface("eni-e", ENDPOINT, subnet="subnet-b", type="vpc_endpoint")
    return verdict(network(own, interface_endpoint("vpce-x", "eni-e", type=type_)), "eni-a", "eni-e", on)


@pytest.mark.rule("LAT-1")
@pytest.mark.parametrize(
    ("target", "expected"),
    [("169.254.171.7", UNKNOWN), ("fd00:ec2:80::7", UNKNOWN), ("169.254.170.7", BLOCKED), ("fd00:ec2:81::7", BLOCKED)],
)
def test_its_services_are_reached_without_a_route(target: str, expected: str) -> None:
    assert verdict(network(), "eni-a", target, "tcp/443") == expected


@pytest.mark.rule("EP-14")
@pytest.mark.rule("LAT-4")
@pytest.mark.parametrize(("type_", "expected"), [("Interface", REACHABLE), ("Resource", UNKNOWN), ("ServiceNetwork", UNKNOWN)])
def test_what_such_endpoints_lead_to_is_not_in_the_snapshot(type_: str, expected: str) -> None:
    assert at(type_, "tcp/443") == expected


@pytest.mark.rule("EP-15")
@pytest.mark.parametrize(("on", "expected"), [("udp/6081", UNKNOWN), ("udp/6082", BLOCKED), ("tcp/443", BLOCKED)])
def test_a_tunnel_endpoint_takes_geneve(on: str, expected: str) -> None:
    assert at("Tunnel", on) == expected


def test_what_is_not_followed_is_told() -> None:
    own = interface("eni-e", ENDPOINT, subnet="subnet-b", type="vpc_endpoint")
    answer = ask(network(own, interface_endpoint("vpce-x", "eni-e", type="Resource")), "eni-a", "eni-e", "tcp/3306")
    assert "vpce-x: what stands behind endpoints of type Resource is not followed" in answer.not_modelled
