"""What nothing models and lets packets in: unknown, and never `blocked`."""

from __future__ import annotations

from typing import Any

import pytest

from .build import BLOCKED, UNKNOWN, Row, eni_b, interface, main_table, network, rule, verdict
from .build import group as security_group


def closed(*rows: Row) -> Any:
    """`eni-b` in a network without any way to the internet or to a site, and these rows."""
    return network(main_table(), eni_b(public="", groups=["sg-b"]), security_group("sg-b", [rule("tcp/443", "0.0.0.0/0")]), *rows)


CARRIER = Row("CarrierGateways", "cagw-1", {"CarrierGatewayId": "cagw-1", "VpcId": "vpc-1", "State": "available"})
VERIFIED = Row("VerifiedAccessEndpoints", "vae-1", {"VerifiedAccessEndpointId": "vae-1", "EndpointType": "load-balancer"})
LOCAL = Row("LocalGateways", "lgw-1", {"LocalGatewayId": "lgw-1", "OutpostArn": "arn:aws:outposts:eu-west-1:1:outpost/op-1"})


@pytest.mark.rule("RT-29")
@pytest.mark.parametrize(
    ("rows", "source", "expected"),
    [
        ([], "internet", BLOCKED),
        ([CARRIER], "internet", UNKNOWN),
        ([VERIFIED], "internet", UNKNOWN),
        ([LOCAL], "internet", BLOCKED),
        ([], "192.168.1.5", BLOCKED),
        ([LOCAL], "192.168.1.5", UNKNOWN),
        ([CARRIER], "192.168.1.5", BLOCKED),
    ],
    ids=["nothing", "a carrier gateway", "Verified Access", "a local gateway", "no site", "its site", "no site of a carrier's"],
)
def test_whom_gateways_that_are_not_modelled_let_in_is_unknown(rows: list[Row], source: str, expected: str) -> None:
    assert verdict(closed(*rows), source, "eni-b", "tcp/443") == expected


@pytest.mark.rule("RT-29")
def test_they_let_the_internet_in_and_nobody_inside() -> None:
    assert verdict(closed(CARRIER, eni_b(public="", groups=["sg-none"]), security_group("sg-none")), "eni-a", "eni-b") == BLOCKED
    assert verdict(closed(CARRIER), "internet", "eni-b", "tcp/443") == UNKNOWN


@pytest.mark.rule("LIM-7")
@pytest.mark.parametrize(
    ("type", "expected"), [("interface", BLOCKED), ("global_accelerator_managed", UNKNOWN), ("api_gateway_managed", UNKNOWN)]
)
def test_an_interface_of_an_edge_service_shows_that_there_is_one(type: str, expected: str) -> None:
    made = interface("eni-edge", "10.0.2.77", subnet="subnet-b", type=type, groups=[])
    assert verdict(closed(made), "internet", "eni-b", "tcp/443") == expected


@pytest.mark.rule("LIM-7")
@pytest.mark.parametrize(
    "made", [{"Description": "ELB app/front/1"}, {"type": "network_load_balancer"}, {"type": "vpc_endpoint"}]
)
def test_where_a_load_balancer_or_endpoint_leads_that_was_not_collected_is_unknown(made: dict[str, Any]) -> None:
    rows = [security_group("sg-b", [rule("tcp/443", "10.0.2.77/32")])]
    assert (
        verdict(closed(*rows, interface("eni-x", "10.0.2.77", subnet="subnet-b", **made)), "eni-a", "eni-b", "tcp/443") == UNKNOWN
    )
    assert verdict(closed(*rows, interface("eni-x", "10.0.2.77", subnet="subnet-b")), "eni-a", "eni-b", "tcp/443") == BLOCKED
