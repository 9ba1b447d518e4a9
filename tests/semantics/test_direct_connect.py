"""Direct Connect gateways: what is announced to the site, and what turns around there."""

from __future__ import annotations

from typing import Any

import pytest

from .build import (
    A4,
    BLOCKED,
    CONDITIONAL,
    REACHABLE,
    UNKNOWN,
    Row,
    eni_b,
    main_table,
    network,
    route,
    route_table,
    second_vpc,
    seen_attachment,
    tgw_table,
    transit,
    verdict,
    vgw,
    vpn,
)

SITE, SITE_HOST = "192.168.0.0/16", "192.168.1.5"


def direct(gateway: str = "vgw-1", *allowed: str, kind: str = "virtualPrivateGateway", state: str = "associated") -> Row:
    """The association of a gateway with `dxgw-1`."""
    return Row(
        "directConnectGatewayAssociations",
        gateway,
        {
            "associationId": f"assoc-{gateway}",
            "directConnectGatewayId": "dxgw-1",
            "associationState": state,
            "associatedGateway": {"id": gateway, "type": kind, "ownerAccount": "111111111111"},
            "allowedPrefixesToDirectConnectGateway": [{"cidr": one} for one in allowed],
        },
    )


def told(block: str, gateway: str = "vgw-1") -> dict[str, Any]:
    """A route that BGP told."""
    return route(block, gateway, Origin="EnableVgwRoutePropagation")


@pytest.mark.rule("HYB-8")
@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (told(SITE), REACHABLE),
        # The way back is what BGP may have told the gateway, which nobody knows.
        (route(SITE, "vgw-1"), UNKNOWN),
        (route("192.168.0.0/24", "vgw-1"), BLOCKED),
        (route(SITE, "vgw-1", State="blackhole"), BLOCKED),
    ],
    ids=["told by BGP", "written", "written for others", "written, and gone"],
)
def test_a_site_is_behind_the_gateway_to_which_routes_for_it_lead(table: dict[str, Any], expected: str) -> None:
    world = network(vgw(), direct(), main_table(table), eni_b(public="", addresses=("10.0.2.10",)))
    assert verdict(world, SITE_HOST, "eni-b", "tcp/443") == expected


@pytest.mark.rule("HYB-7")
@pytest.mark.parametrize(
    ("allowed", "expected"),
    [((), REACHABLE), (("10.0.0.0/16",), REACHABLE), (("10.9.0.0/16",), BLOCKED), (("10.0.2.0/24", "10.9.0.0/16"), REACHABLE)],
)
def test_a_site_knows_the_allowed_prefixes_alone(allowed: tuple[str, ...], expected: str) -> None:
    world = network(vgw(), direct("vgw-1", *allowed), main_table(told(SITE)), eni_b(public="", addresses=("10.0.2.10",)))
    assert verdict(world, SITE_HOST, "eni-b", "tcp/443") == expected
    answered = CONDITIONAL if expected == REACHABLE else BLOCKED
    assert verdict(world, "eni-b", SITE_HOST, "tcp/443") == answered


@pytest.mark.rule("HYB-7")
def test_with_a_vpn_beside_it_the_site_knows_everything() -> None:
    rows = [vgw(), direct("vgw-1", "10.9.0.0/16"), main_table(told(SITE)), eni_b(public="", addresses=("10.0.2.10",))]
    assert verdict(network(rows), SITE_HOST, "eni-b", "tcp/443") == BLOCKED
    assert verdict(network(rows, vpn("vpn-1", static=False)), SITE_HOST, "eni-b", "tcp/443") == REACHABLE


@pytest.mark.rule("HYB-7")
@pytest.mark.parametrize(("allowed", "expected"), [(("10.0.0.0/8",), REACHABLE), (("10.7.0.0/16",), BLOCKED)])
def test_behind_a_transit_gateway_too(allowed: tuple[str, ...], expected: str) -> None:
    leads = {"TransitGatewayAttachmentId": "dx-1", "ResourceType": "direct-connect-gateway", "ResourceId": "dxgw-1"}
    to_site = {"DestinationCidrBlock": SITE, "Type": "propagated", "State": "active", "TransitGatewayAttachments": [leads]}
    rows = [
        transit(),
        seen_attachment("dx-1", "direct-connect-gateway", "dxgw-1"),
        tgw_table("tgw-rtb-1", ("10.0.0.0/16", "tgw-attach-1"), to_site),
        main_table((SITE, "tgw-1")),
        direct("tgw-1", *allowed, kind="transitGateway"),
    ]
    assert verdict(network(*rows), SITE_HOST, A4, "tcp/443") == expected


@pytest.mark.rule("HYB-6")
@pytest.mark.parametrize(
    ("prefix", "other", "expected"),
    [("10.0.0.0/8", "associated", CONDITIONAL), ("10.0.0.0/8", "disassociated", CONDITIONAL), (SITE, "associated", BLOCKED)],
    ids=["a prefix over both", "to the site alone", "another prefix"],
)
def test_vpcs_reach_each_other_only_by_a_prefix_of_the_site(prefix: str, other: str, expected: str) -> None:
    rows = [
        *second_vpc(),
        vgw(),
        vgw("vgw-2", "vpc-2"),
        direct("vgw-1"),
        direct("vgw-2", state=other),
        main_table(told(prefix)),
        route_table("rtb-p", told(prefix, "vgw-2"), main=True, vpc="vpc-2"),
    ]
    world = network(rows)
    assert verdict(world, "eni-a", "eni-p", "tcp/443") == (BLOCKED if other == "disassociated" else expected)
    assert verdict(world, "eni-a", SITE_HOST if prefix == SITE else "10.77.0.1", "tcp/443") == CONDITIONAL


@pytest.mark.rule("HYB-5")
@pytest.mark.parametrize(
    ("rows", "expected"), [((vpn("vpn-1", SITE),), BLOCKED), ((direct(),), UNKNOWN)], ids=["VPN", "Direct Connect"]
)
def test_ipv6_needs_direct_connect(rows: tuple[Row, ...], expected: str) -> None:
    world = network(vgw(), main_table(("fd12::/32", "vgw-1")), *rows)
    assert verdict(world, "eni-a", "fd12::1", "tcp/443") == expected
