"""Client VPN endpoints: who may come in, which way, and with which address."""

from __future__ import annotations

from typing import Any

import pytest

from .build import (
    B4,
    BLOCKED,
    CONDITIONAL,
    REACHABLE,
    UNKNOWN,
    Row,
    ask,
    eni_b,
    group,
    interface,
    network,
    peered,
    route_table,
    rule,
    subnet,
    verdict,
)

CLIENT = "172.20.0.5"


def endpoint(**fields: Any) -> Row:
    """The endpoint `cvpn-endpoint-1`."""
    made = {
        "ClientVpnEndpointId": "cvpn-endpoint-1",
        "ClientCidrBlock": "172.20.0.0/22",
        "VpcId": "vpc-1",
        "SecurityGroupIds": ["sg-vpn"],
        "Status": {"Code": "available"},
    }
    return Row("ClientVpnEndpoints", "cvpn-endpoint-1", {**made, **fields})


def authorization(block: str, group_id: str = "", status: str = "active") -> Row:
    """A rule for a group of people, or for all."""
    who = {"GroupId": group_id, "AccessAll": not group_id}
    fields = {"ClientVpnEndpointId": "cvpn-endpoint-1", "DestinationCidr": block, **who, "Status": {"Code": status}}
    return Row("AuthorizationRules", f"{block}/{group_id}", fields)


def way(block: str, where: str = "subnet-vpn", status: str = "active") -> Row:
    """A route of the endpoint."""
    fields = {
        "ClientVpnEndpointId": "cvpn-endpoint-1",
        "DestinationCidr": block,
        "TargetSubnet": where,
        "Status": {"Code": status},
    }
    return Row("Routes", f"{block}/{where}", fields)


def clients(*, interfaces: bool = True) -> list[Row]:
    """An endpoint in a subnet of its own, open to all in the VPC."""
    network_ = {"AssociationId": "cvpn-assoc-1", "ClientVpnEndpointId": "cvpn-endpoint-1", "TargetNetworkId": "subnet-vpn"}
    described = {"Description": "ClientVPN Endpoint resource", "groups": ["sg-vpn"]}
    rows = [
        endpoint(),
        Row("ClientVpnTargetNetworks", "cvpn-assoc-1", {**network_, "Status": {"Code": "associated"}}),
        authorization("10.0.0.0/16"),
        way("10.0.0.0/16"),
        subnet("subnet-vpn", "10.0.4.0/24"),
        group("sg-vpn"),
        eni_b(public="", addresses=(B4,), groups=["sg-b"]),
        group("sg-b", [rule("tcp/443", "10.0.4.0/24")]),
    ]
    return [*rows, interface("eni-vpn", "10.0.4.4", subnet="subnet-vpn", **described)] if interfaces else rows


def asked(*rows: Row | list[Row], on: str = "tcp/443", without: tuple[str, ...] = (), interfaces: bool = True) -> str:
    """The verdict from a client to `eni-b`."""
    return verdict(network(clients(interfaces=interfaces), *rows, without=without), CLIENT, "eni-b", on)


@pytest.mark.rule("HYB-9")
@pytest.mark.parametrize(
    ("far", "expected"),
    [("10.0.4.4/32", REACHABLE), ("sg-vpn", REACHABLE), ("172.20.0.0/22", BLOCKED), ("10.0.1.0/24", BLOCKED)],
    ids=["the interface", "its group", "the client", "others"],
)
def test_clients_are_seen_with_the_address_of_the_interface(far: str, expected: str) -> None:
    assert asked(group("sg-b", [rule("tcp/443", far)])) == expected


@pytest.mark.rule("HYB-9")
@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ([authorization("10.0.0.0/16")], REACHABLE),
        ([authorization("10.0.0.0/16", status="revoking")], BLOCKED),
        ([authorization("10.0.0.0/16", status="revoking"), authorization("10.0.2.0/24", "g1")], CONDITIONAL),
        ([authorization("10.0.2.0/24", "g1")], CONDITIONAL),
        ([authorization("10.0.1.0/24", "g1")], REACHABLE),
    ],
    ids=["all", "none", "a group", "the longer one is for a group", "the longer one is elsewhere"],
)
def test_an_authorization_rule_must_cover_the_target(rules: list[Row], expected: str) -> None:
    assert asked(rules) == expected


@pytest.mark.rule("HYB-9")
@pytest.mark.parametrize(
    ("routes", "expected"),
    [([way("10.0.0.0/16")], REACHABLE), ([way("10.0.0.0/16", status="failed")], BLOCKED), ([way("10.0.2.0/24")], REACHABLE)],
)
def test_a_route_of_the_endpoint_must_cover_the_target(routes: list[Row], expected: str) -> None:
    assert asked(routes) == expected


@pytest.mark.rule("HYB-9")
@pytest.mark.parametrize(
    ("egress", "expected"), [(None, REACHABLE), ([], BLOCKED), ([rule("tcp/443", "10.0.2.0/24")], REACHABLE)]
)
def test_the_groups_of_its_interfaces_let_clients_out(egress: list[Any] | None, expected: str) -> None:
    assert asked(group("sg-vpn", egress=egress)) == expected


@pytest.mark.rule("HYB-9")
@pytest.mark.parametrize(("state", "expected"), [("available", REACHABLE), ("pending-associate", BLOCKED), ("deleted", BLOCKED)])
def test_the_endpoint_must_be_available(state: str, expected: str) -> None:
    assert asked(endpoint(Status={"Code": state})) == expected


@pytest.mark.rule("HYB-9")
def test_nothing_starts_towards_clients() -> None:
    world = network(clients())
    assert verdict(world, "eni-a", CLIENT, "tcp/443") == BLOCKED
    assert verdict(world, "eni-a", "eni-vpn", "tcp/443") == BLOCKED
    assert verdict(world, CLIENT, "eni-b", "tcp/443") == REACHABLE


@pytest.mark.rule("HYB-9")
@pytest.mark.parametrize(("routed", "expected"), [(True, REACHABLE), (False, BLOCKED)])
def test_what_lies_beyond_follows_the_table_of_the_subnet(routed: bool, expected: str) -> None:
    own = route_table("rtb-vpn", *([("10.2.0.0/16", "pcx-1")] if routed else []), subnets=["subnet-vpn"])
    world = network(peered(), clients(), authorization("10.2.0.0/16"), way("10.2.0.0/16"), own)
    assert verdict(world, CLIENT, "eni-p", "tcp/443") == expected


@pytest.mark.rule("SVC-18")
@pytest.mark.parametrize(("far", "expected"), [("10.0.4.0/24", REACHABLE), ("sg-vpn", CONDITIONAL), ("10.0.1.0/24", BLOCKED)])
def test_an_interface_that_is_not_in_the_snapshot_may_have_any_address_of_the_subnet(far: str, expected: str) -> None:
    assert asked(group("sg-b", [rule("tcp/443", far)]), interfaces=False) == expected


@pytest.mark.rule("HYB-10")
@pytest.mark.parametrize(
    ("configuration", "expected"), [({}, REACHABLE), ({"TransitGatewayConfiguration": {"TransitGatewayId": "tgw-1"}}, UNKNOWN)]
)
def test_an_endpoint_on_a_transit_gateway_is_unknown(configuration: dict[str, Any], expected: str) -> None:
    assert asked(endpoint(**configuration)) == expected


@pytest.mark.rule("LIM-7")
@pytest.mark.parametrize(
    ("without", "expected"),
    [((), REACHABLE), (("AuthorizationRules",), UNKNOWN), (("Routes",), UNKNOWN), (("ClientVpnTargetNetworks",), UNKNOWN)],
    ids=str,
)
def test_what_was_not_collected_is_unknown(without: tuple[str, ...], expected: str) -> None:
    assert asked(without=without) == expected


def test_routes_of_another_call_are_told_and_stop_nothing() -> None:
    row = Row("Routes", "x", {"DestinationCidrBlock": "10.0.0.0/8", "Type": "static", "State": "active"})
    answer = ask(network(clients(), row), CLIENT, "eni-b", "tcp/443")
    assert answer.verdict == REACHABLE
