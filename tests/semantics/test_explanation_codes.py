"""Explanation codes that say more than that a line blocks: which route comes first, which reference is lost, what a relay lacks."""

from __future__ import annotations

from typing import Any

import pytest

from .build import (
    ALLOW,
    B4,
    BLOCKED,
    OPEN,
    OTHER_ACCOUNT,
    P4,
    RANGES,
    REACHABLE,
    UNKNOWN,
    V4,
    Row,
    acl,
    ask,
    balanced,
    balancer,
    blockers,
    codes,
    cross_zone,
    eni_b,
    group,
    listener,
    main_table,
    network,
    peered,
    peering,
    route,
    route_table,
    rule,
    second_vpc,
    seen_attachment,
    targets,
    tgw,
    tgw_table,
    transit,
    vpn,
)
from .test_classic_load_balancer import classic
from .test_private_link import linked, service

HERE, THERE = RANGES["vpc-1"][0], RANGES["vpc-2"][0]


def told(found: Any) -> set[tuple[str, str]]:
    """The rule and code of each line on the way that may stop the packet."""
    return {(one.rule, one.code) for pair in found.pairs for one in pair.doubts}


# ---------------------------------------------------------------------- routes that another one overtakes
@pytest.mark.parametrize(
    ("astray", "code"),
    [
        (route("10.2.1.0/24", "igw-1"), "MORE_SPECIFIC_ROUTE"),
        (route("10.2.1.0/24", "pcx-1"), ""),
        (route("10.2.0.0/15", "igw-1"), ""),
    ],
    ids=["a longer prefix to elsewhere", "a longer prefix to the peer", "a shorter prefix to elsewhere"],
)
def test_a_more_specific_route_leads_astray(astray: dict[str, Any], code: str) -> None:
    answer = ask(network(peered(), main_table((THERE, "pcx-1"), astray)), "eni-a", P4, "udp/53")
    assert answer.verdict == (BLOCKED if code else REACHABLE)
    assert codes(answer) == ({code} if code else set())
    assert blockers(answer) == ({("rtb-main", "RT-5")} if code else set())


@pytest.mark.parametrize(
    ("by_static", "expected"), [("igw-1", BLOCKED), ("pcx-1", REACHABLE)], ids=["the static route astray", "both to the peer"]
)
def test_a_static_route_comes_before_a_propagated_one_to_the_same_block(by_static: str, expected: str) -> None:
    """What is propagated here leads to the peer, as AWS would only by a gateway: the order of routes is what counts."""
    told_by_bgp = route(THERE, "pcx-1", Origin="EnableVgwRoutePropagation")
    answer = ask(network(peered(), main_table(told_by_bgp, (THERE, by_static))), "eni-a", P4, "udp/53")
    assert answer.verdict == expected
    assert codes(answer) == ({"HIGHER_PRIORITY_ROUTE"} if expected == BLOCKED else set())


@pytest.mark.parametrize(
    ("routes", "code"),
    [
        ([(HERE, "tgw-attach-1"), (THERE, "tgw-attach-2"), ("10.2.1.0/24", "tgw-attach-1")], "TGW_RTB_MORE_SPECIFIC_ROUTE"),
        ([(HERE, "tgw-attach-1"), (THERE, "tgw-attach-2"), ("10.2.0.0/15", "tgw-attach-1")], ""),
        ([(HERE, "tgw-attach-1"), ("10.2.9.0/24", "tgw-attach-2")], "TGW_RTB_CANNOT_ROUTE"),
        ([(HERE, "tgw-attach-1")], "TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT"),
    ],
    ids=["a longer prefix astray", "a shorter prefix astray", "for another block only", "none"],
)
def test_routes_of_a_transit_gateway(routes: list[tuple[str, str]], code: str) -> None:
    """What comes back into `vpc-1` for an address of `vpc-2` would go out to the internet there, or nowhere."""
    own = main_table((THERE, "tgw-1"))
    bare = route_table("rtb-t1", subnets=["subnet-t1"])
    answer = ask(network(transit(), own, bare, tgw_table("tgw-rtb-1", *routes)), "eni-a", P4, "udp/53")
    assert answer.verdict == (BLOCKED if code else REACHABLE)
    assert codes(answer) == ({code} if code else set())


@pytest.mark.parametrize(("static", "expected"), [("tgw-attach-1", BLOCKED), ("tgw-attach-2", REACHABLE)])
def test_a_static_route_of_a_transit_gateway_comes_before_a_propagated_one(static: str, expected: str) -> None:
    leads = {"TransitGatewayAttachmentId": static, "ResourceType": "vpc", "ResourceId": static}
    first = {"DestinationCidrBlock": THERE, "Type": "static", "State": "active", "TransitGatewayAttachments": [leads]}
    rows = [main_table((THERE, "tgw-1")), route_table("rtb-t1", subnets=["subnet-t1"])]
    table = tgw_table("tgw-rtb-1", (HERE, "tgw-attach-1"), (THERE, "tgw-attach-2"), first)
    answer = ask(network(transit(), rows, table), "eni-a", P4, "udp/53")
    assert answer.verdict == expected
    assert codes(answer) == ({"TGW_RTB_HIGHER_PRIORITY_ROUTE"} if expected == BLOCKED else set())


@pytest.mark.parametrize(
    ("target", "code"),
    [("10.9.1.1", "VPC_LOCAL_ROUTE_CIDR_RESTRICTION"), ("10.0.250.1", "NO_POSSIBLE_DESTINATION"), (B4, "")],
    ids=["outside of the VPC", "in no subnet", "of an interface"],
)
def test_a_local_route_is_about_the_vpc_only(target: str, code: str) -> None:
    """AWS lists no such route; one whose range was taken from the VPC is what it may look like."""
    answer = ask(network(main_table(route("10.9.0.0/16", "local")), without=["igw-1"]), "eni-a", target, "tcp/443")
    assert answer.verdict == (BLOCKED if code else REACHABLE)
    assert codes(answer) == ({code} if code else set())


@pytest.mark.parametrize(("joined", "code"), [(False, "DISCONNECTED_VPCS"), (True, "NO_ROUTE_TO_DESTINATION")])
def test_vpcs_that_nothing_joins_are_told_apart_from_a_route_that_is_missing(joined: bool, code: str) -> None:
    answer = ask(network(second_vpc(), peering() if joined else [], main_table()), "eni-a", "eni-p", "udp/53")
    assert answer.verdict == BLOCKED
    assert code in codes(answer)


# ---------------------------------------------------------------------- references
@pytest.mark.parametrize(
    ("references", "expected"), [("disable", BLOCKED), ("enable", REACHABLE)], ids=["not carried", "carried"]
)
def test_a_reference_that_the_transit_gateway_does_not_carry(references: str, expected: str) -> None:
    named = group("sg-p", [rule("udp/53", "sg-open")], vpc="vpc-2")
    answer = ask(network(transit(), tgw(references=references), named), "eni-a", "eni-p", "udp/53")
    assert answer.verdict == expected
    assert codes(answer) == ({"SG_REFERENCING_SUPPORT"} if expected == BLOCKED else set())
    assert blockers(answer) == ({("sg-p", "SG-12")} if expected == BLOCKED else set())


@pytest.mark.parametrize("on", ["tcp/443", "tcp/444"])
def test_a_reference_to_a_group_of_an_account_that_is_not_in_the_snapshot(on: str) -> None:
    rows = [eni_b(groups=["sg-b"]), group("sg-b", [rule("tcp/443", "sg-far", UserId=OTHER_ACCOUNT)])]
    answer = ask(network(peering(), main_table((THERE, "pcx-1")), rows), P4, "eni-b", on)
    assert answer.verdict == (UNKNOWN if on == "tcp/443" else BLOCKED)
    assert (("LIM-7", "UNKNOWN_PEERED_SGS") in told(answer)) is (on == "tcp/443")


# ---------------------------------------------------------------------- what relays lack
@pytest.mark.parametrize(("listeners", "code"), [(1, "PORT_RESTRICTION"), (2, "S_MISMATCH")])
@pytest.mark.parametrize("type_", ["classic", "application", "network"])
def test_one_listener_is_blamed_itself_and_several_as_the_load_balancer(listeners: int, code: str, type_: str) -> None:
    ports = [443, 444][:listeners]
    if type_ == "classic":
        rows, prefix = classic(*(("HTTP", port, 8080) for port in ports)), "ELB_LISTENER"
    else:
        lb = balancer("front", type_)
        rows, prefix = [*balanced(type_), *(listener(lb, port, "TCP") for port in ports)], "ELBV2_LISTENER"
    answer = ask(network(rows), "eni-a", "eni-lb", "tcp/8080")
    assert answer.verdict == BLOCKED
    assert codes(answer) == {f"{prefix}_{code}" if listeners == 1 else f"{prefix}{code}"}
    assert ask(network(rows), "eni-a", "eni-lb", f"tcp/{ports[0]}").verdict == REACHABLE


@pytest.mark.parametrize(
    ("zones", "expected"), [(["euw1-az1"], REACHABLE), (["euw1-az2"], BLOCKED)], ids=["in the endpoint's zone", "in another"]
)
def test_a_service_that_is_not_in_the_endpoints_zone(zones: list[str], expected: str) -> None:
    answer = ask(network(linked(), service(AvailabilityZoneIds=zones)), "eni-a", "eni-p", "tcp/8080")
    assert answer.verdict == expected
    assert codes(answer) == ({"VPCE_SERVICE_NOT_INSTALLED_IN_AZ"} if expected == BLOCKED else set())
    assert blockers(answer) == ({("vpce-svc-1", "EP-11")} if expected == BLOCKED else set())


# The direct way is closed twice, which is more than what the load balancer lacks.
INDIRECT = [
    eni_b(public="", groups=["sg-b"]),
    group("sg-b", [rule("tcp/8080", "10.0.6.0/24", "10.2.0.0/16")]),
    group("sg-lb", OPEN),
]
FAR_FIRST = [
    group("sg-p", [rule("tcp/8080", "10.0.6.0/24")], vpc="vpc-2"),
    route_table("rtb-lb", (THERE, "tgw-1"), subnets=["subnet-lb"]),
    main_table(),
]


@pytest.mark.parametrize(
    ("said", "expected"), [("true", REACHABLE), ("false", BLOCKED)], ids=["crosses zones", "its own zone only"]
)
def test_a_target_of_another_zone(said: str, expected: str) -> None:
    """The node stands in zone a, the target in zone b; rule and ACL admit nobody but the load balancer."""
    lb = balancer("front", "network")
    attributes = Row("LoadBalancerAttributes", lb.id, {"LoadBalancerArn": lb.id, "Attributes": cross_zone(said)})
    own = acl("acl-b", "subnet-b", inbound=[(100, ALLOW, "all", "10.0.6.0/24")])
    rows = [*balanced("network", preserve_client_ip__enabled="false"), attributes, *INDIRECT, own]
    answer = ask(network(rows), "eni-a", "eni-b", "tcp/8080")
    assert answer.verdict == expected
    assert codes(answer) == ({"ELBV2_NO_TARGETS_IN_AZ"} if expected == BLOCKED else set())


def tgw_p() -> list[Row]:
    """The table of `vpc-2` with a way back over the transit gateway."""
    return [route_table("rtb-p", (HERE, "tgw-1"), main=True, vpc="vpc-2")]


@pytest.mark.parametrize(
    ("kept", "expected"), [("true", BLOCKED), ("false", REACHABLE)], ids=["the client's address", "the node's own"]
)
def test_a_target_beyond_the_peers_of_a_load_balancer_that_keeps_the_clients_address(kept: str, expected: str) -> None:
    rows = balanced("network", ids=(P4,), type="ip", port=8080, preserve_client_ip__enabled=kept)
    answer = ask(network(rows, transit(), FAR_FIRST, tgw_p()), "eni-a", "eni-p", "tcp/8080")
    assert answer.verdict == expected
    assert codes(answer) == ({"ELBV2_SOURCE_ADDRESS_PRESERVATION"} if expected == BLOCKED else set())


@pytest.mark.parametrize(
    ("target", "on", "rows", "code"),
    [
        ("eni-b", "tcp/8080", [], ""),
        ("eni-b", "tcp/9090", [], "TARGET_PORT_RESTRICTION"),
        ("eni-a", "tcp/8080", [], "TARGET_ADDRESS_RESTRICTION"),
        ("eni-b", "tcp/8080", targets(), "ELBV2_LISTENER_HAS_NO_TG"),
        ("eni-b", "tcp/8081", [targets("i-b")[0]._replace(fields={**targets("i-b")[0].fields, "HealthCheckPort": "8081"})], ""),
    ],
    ids=["a target", "another port of a target", "no target", "no target at all", "the port of health checks"],
)
@pytest.mark.parametrize("type_", ["application", "network"])
def test_a_load_balancer_connects_to_its_targets_only(type_: str, target: str, on: str, rows: list[Row], code: str) -> None:
    answer = ask(network(balanced(type_), rows), "eni-lb", target, on)
    assert answer.verdict == (BLOCKED if code else REACHABLE)
    assert codes(answer) == ({code} if code else set())


def test_a_load_balancer_that_authenticates_may_ask_anybody_by_https() -> None:
    lb = balancer("front")
    actions = [{"Type": "authenticate-oidc", "Order": 1}, {"Type": "forward", "TargetGroupArn": targets("i-b")[0].id}]
    world = network(balanced(), listener(lb, 443, "HTTPS", *actions))
    assert ("LB-16", "") in told(ask(world, "eni-lb", "eni-a", "tcp/443"))
    assert ask(world, "eni-lb", "eni-a", "tcp/80").verdict == BLOCKED
    assert ask(network(balanced()), "eni-lb", "eni-a", "tcp/443").verdict == BLOCKED


# ---------------------------------------------------------------------- doubts
@pytest.mark.parametrize(("tunnels", "code"), [(("DOWN", "DOWN"), "TGW_BAD_STATE_VPN"), (("UP", "DOWN"), "")])
def test_a_vpn_on_a_transit_gateway_of_which_no_tunnel_is_up(tunnels: tuple[str, ...], code: str) -> None:
    rows = [
        *transit(),
        seen_attachment("tgw-attach-vpn", "vpn", "vpn-1"),
        vpn("vpn-1", tunnels=tunnels, VpnGatewayId="", TransitGatewayId="tgw-1"),
        *tgw_table("tgw-rtb-1", (HERE, "tgw-attach-1"), {**_to_site(), "Type": "static", "State": "active"}),
        main_table((V4, "tgw-1")),
    ]
    answer = ask(network(rows), "eni-a", "192.168.1.5", "udp/53")
    assert answer.verdict == "conditional"
    # The reply, too, has no tunnel to come by.
    assert told(answer) == {("HYB-8", code), *([("HYB-4", "")] if code else [])}


def _to_site() -> dict[str, Any]:
    leads = {"TransitGatewayAttachmentId": "tgw-attach-vpn", "ResourceType": "vpn", "ResourceId": "vpn-1"}
    return {"DestinationCidrBlock": "192.168.0.0/16", "TransitGatewayAttachments": [leads]}


def test_certain_answers_have_no_doubts() -> None:
    assert told(ask(network(), "eni-a", "eni-b")) == told(ask(network(main_table()), "eni-a", "internet")) == set()
