"""Virtual private gateways and the VPN connections on them: the door between one VPC and sites outside of AWS."""

from __future__ import annotations

import pytest

from .build import (
    A4,
    BLOCKED,
    CONDITIONAL,
    FIREWALL,
    REACHABLE,
    SITE,
    SITE_HOST,
    TO_VPC_1,
    TO_VPC_2,
    UNKNOWN,
    V4,
    V6,
    Row,
    ask,
    behind_nat,
    codes,
    eni_a,
    gateway_endpoint,
    group,
    interface,
    interface_endpoint,
    main_table,
    network,
    peered,
    prefix_list,
    route,
    route_table,
    rule,
    seen_attachment,
    site,
    tgw_table,
    transit,
    verdict,
    vgw,
    vpn,
)


@pytest.mark.rule("HYB-1")
@pytest.mark.parametrize(("target", "expected"), [(SITE_HOST, CONDITIONAL), ("172.16.1.1", BLOCKED), ("8.8.8.8", BLOCKED)])
def test_it_sends_on_only_what_it_knows(target: str, expected: str) -> None:
    """The route table sends everything to the gateway; the VPN knows 192.168.0.0/16."""
    assert verdict(network(site(), main_table((V4, "vgw-1"))), "eni-a", target, "tcp/443") == expected


@pytest.mark.rule("HYB-1")
@pytest.mark.parametrize(("routes", "expected"), [([(SITE, "vgw-1")], CONDITIONAL), ([], BLOCKED)])
def test_and_only_what_a_route_sends_to_it(routes: list[tuple[str, str]], expected: str) -> None:
    assert verdict(network(site(), main_table(*routes)), "eni-a", SITE_HOST, "tcp/443") == expected


@pytest.mark.rule("RT-17")
@pytest.mark.parametrize(
    ("gateway", "expected"), [(vgw(), CONDITIONAL), (vgw(state="detached"), BLOCKED), (vgw(vpc="vpc-2"), BLOCKED)]
)
def test_it_must_be_attached_to_this_vpc(gateway: Row, expected: str) -> None:
    assert verdict(network(site(), gateway), "eni-a", SITE_HOST, "tcp/443") == expected


@pytest.mark.rule("HYB-2")
@pytest.mark.parametrize(
    ("target", "expected"),
    [(A4, REACHABLE), ("vpce-1", REACHABLE), ("vpce-s3", BLOCKED), ("eni-p", BLOCKED), ("nat-1", BLOCKED)],
    ids=["an address of the VPC", "an interface endpoint", "a gateway endpoint", "a peer", "a NAT gateway"],
)
def test_only_private_addresses_of_the_vpc_are_reached(target: str, expected: str) -> None:
    rows = [
        *behind_nat(),
        eni_a(),
        *peered(),
        *site(),
        interface_endpoint("vpce-1", "eni-e"),
        interface("eni-e", "10.0.2.30", subnet="subnet-b", type="vpc_endpoint"),
        *prefix_list("pl-s3", "52.218.0.0/17"),
        gateway_endpoint(),
        main_table((SITE, "vgw-1"), ("10.2.0.0/16", "pcx-1"), ("pl-s3", "vpce-s3")),
        route_table("rtb-private", (SITE, "vgw-1"), (V4, "nat-1"), subnets=["subnet-a"]),
    ]
    assert verdict(network(rows), SITE_HOST, target, "tcp/443") == expected


@pytest.mark.rule("HYB-2")
@pytest.mark.parametrize(("source", "expected"), [("eni-a", CONDITIONAL), ("eni-p", BLOCKED)])
def test_and_only_private_addresses_of_the_vpc_are_heard(source: str, expected: str) -> None:
    there = route_table("rtb-p", ("10.0.0.0/16", "pcx-1"), (SITE, "pcx-1"), main=True, vpc="vpc-2")
    world = network(peered(), site(), there, main_table((SITE, "vgw-1"), ("10.2.0.0/16", "pcx-1")))
    assert verdict(world, source, SITE_HOST, "tcp/443") == expected


@pytest.mark.rule("HYB-2")
@pytest.mark.parametrize(
    ("source", "expected"), [("eni-a", CONDITIONAL), ("eni-p", BLOCKED)], ids=["of the VPC", "by transit gateway"]
)
def test_a_source_of_another_vpc_is_not_heard_by_whatever_way_it_came(source: str, expected: str) -> None:
    rows = [
        *transit(),
        vgw(),
        vpn("vpn-1", SITE),
        main_table(("10.2.0.0/16", "tgw-1"), (SITE, "vgw-1")),
        route_table("rtb-p", ("10.0.0.0/16", "tgw-1"), (SITE, "tgw-1"), main=True, vpc="vpc-2"),
        *tgw_table("tgw-rtb-1", *TO_VPC_1, *TO_VPC_2, (SITE, "tgw-attach-1")),
    ]
    answer = ask(network(rows), source, SITE_HOST, "udp/53")
    assert answer.verdict == expected
    assert ("VGW_PRIVATE_IP_ASSOCIATION_FOR_EGRESS" in codes(answer)) is (expected == BLOCKED)


@pytest.mark.rule("HYB-4")
@pytest.mark.parametrize(
    ("tunnels", "told"), [(("UP", "DOWN"), "in the configuration"), (("DOWN", "DOWN"), "no tunnel"), ((), "in the configuration")]
)
def test_a_vpn_works_while_a_tunnel_is_up(tunnels: tuple[str, ...], told: str) -> None:
    """Tunnels go up and down by themselves: `conditional` in either case, and the condition says which."""
    answer = ask(network(site(), vpn("vpn-1", SITE, tunnels=tunnels)), "eni-a", SITE_HOST, "tcp/443")
    assert answer.verdict == CONDITIONAL
    assert told in " ".join(answer.conditions)
    assert verdict(network(site(), vpn("vpn-1", SITE, State="deleted")), "eni-a", SITE_HOST, "tcp/443") == BLOCKED


@pytest.mark.rule("HYB-4")
@pytest.mark.parametrize(("tunnels", "expected"), [(("UP", "DOWN"), REACHABLE), (("DOWN", "DOWN"), CONDITIONAL)])
def test_nor_is_it_certain_that_a_site_comes_in_while_none_is(tunnels: tuple[str, ...], expected: str) -> None:
    assert verdict(network(site(), vpn("vpn-1", SITE, tunnels=tunnels)), SITE_HOST, "eni-a", "tcp/443") == expected


@pytest.mark.rule("HYB-5")
@pytest.mark.parametrize(("destination", "target", "expected"), [(V4, SITE_HOST, CONDITIONAL), (V6, "2001:db8:ffff::7", BLOCKED)])
@pytest.mark.parametrize("static", [True, False])
def test_a_vpn_on_it_carries_ipv4_only(destination: str, target: str, expected: str, static: bool) -> None:
    world = network(site(), vpn("vpn-1", SITE, static=static), main_table((destination, "vgw-1")))
    assert verdict(world, "eni-a", target, "tcp/443") == expected


@pytest.mark.rule("HYB-8")
@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [(SITE_HOST, A4, REACHABLE), ("eni-a", SITE_HOST, CONDITIONAL), ("192.169.1.5", A4, REACHABLE), ("172.16.1.1", A4, BLOCKED)],
    ids=["as source", "as target", "a public address comes by the internet", "nobody's address"],
)
def test_a_site_may_send_anything_and_may_take_anything(source: str, target: str, expected: str) -> None:
    found = verdict(network(site()), source, target, "tcp/443")
    assert found == (BLOCKED if source == "192.169.1.5" else expected)


@pytest.mark.rule("HYB-8")
@pytest.mark.parametrize(("far", "expected"), [(SITE, REACHABLE), ("10.0.0.0/8", BLOCKED)])
def test_groups_see_the_sites_own_addresses(far: str, expected: str) -> None:
    world = network(site(), eni_a(groups=["sg-a"]), group("sg-a", [rule("tcp/443", far)]))
    assert verdict(world, SITE_HOST, A4, "tcp/443") == expected


@pytest.mark.rule("HYB-8")
@pytest.mark.parametrize(("back", "expected"), [([(SITE, "vgw-1")], REACHABLE), ([], BLOCKED)])
def test_the_reply_to_a_site_needs_a_route(back: list[tuple[str, str]], expected: str) -> None:
    answer = ask(network(site(), main_table(*back)), SITE_HOST, A4, "tcp/443")
    assert (answer.verdict, answer.forward) == (expected, REACHABLE)


@pytest.mark.rule("HYB-8")
@pytest.mark.parametrize(("origin", "expected"), [("EnableVgwRoutePropagation", CONDITIONAL), ("CreateRoute", UNKNOWN)])
def test_what_bgp_tells_is_known_as_far_as_route_tables_show_it(origin: str, expected: str) -> None:
    world = network(site(), vpn("vpn-1", static=False), main_table(route(SITE, "vgw-1", Origin=origin)))
    assert verdict(world, "eni-a", SITE_HOST, "tcp/443") == expected


@pytest.mark.rule("HYB-8")
@pytest.mark.parametrize(("prefix", "expected"), [(SITE, REACHABLE), ("172.16.0.0/12", BLOCKED)])
def test_a_site_behind_a_transit_gateway_has_the_prefixes_that_its_tables_send_to_it(prefix: str, expected: str) -> None:
    rows = [
        *transit(),
        seen_attachment("vpn-9", "vpn", "vpn-9"),
        *tgw_table("tgw-rtb-1", ("10.0.0.0/16", "tgw-attach-1"), (prefix, "vpn-9")),
        main_table((SITE, "tgw-1")),
    ]
    assert verdict(network(rows), SITE_HOST, "eni-a", "tcp/443") == expected


@pytest.mark.rule("DNS-4")
@pytest.mark.parametrize(("source", "expected"), [("eni-a", REACHABLE), (SITE_HOST, BLOCKED)])
def test_the_resolver_answers_no_site(source: str, expected: str) -> None:
    assert verdict(network(site()), source, "10.0.0.2", "udp/53") == expected


@pytest.mark.rule("RT-6")
@pytest.mark.parametrize(("origin", "expected"), [("EnableVgwRoutePropagation", REACHABLE), ("CreateRoute", BLOCKED)])
def test_a_propagated_route_never_beats_the_local_one(origin: str, expected: str) -> None:
    world = network(site(), main_table(route("10.0.2.0/24", "vgw-1", Origin=origin)))
    assert verdict(world, "eni-a", "10.0.2.10", "tcp/443") == expected


@pytest.mark.rule("RT-24")
@pytest.mark.parametrize(
    ("routes", "expected"),
    [([], REACHABLE), ([("10.0.1.0/24", "eni-fw")], CONDITIONAL), ([("10.0.2.0/24", "eni-fw")], REACHABLE)],
)
def test_its_own_route_table_steers_what_enters(routes: list[tuple[str, str]], expected: str) -> None:
    edge = route_table("rtb-edge", *routes, gateway="vgw-1")
    back = route_table("rtb-a", (SITE, "eni-fw" if expected == CONDITIONAL else "vgw-1"), subnets=["subnet-a"])
    assert verdict(network(FIREWALL, site(), edge, back), SITE_HOST, A4, "tcp/443") == expected


@pytest.mark.rule("RT-24")
@pytest.mark.parametrize(("kind", "expected"), [("GatewayLoadBalancer", UNKNOWN), ("", REACHABLE)])
def test_also_to_an_endpoint(kind: str, expected: str) -> None:
    rows = [interface_endpoint("vpce-fw", type=kind)] if kind else []
    edge = route_table("rtb-edge", *([("10.0.1.0/24", "vpce-fw")] if kind else []), gateway="vgw-1")
    found = verdict(network(site(), rows, edge), SITE_HOST, A4, "udp/53")
    assert found == expected or (kind and found == CONDITIONAL)


@pytest.mark.rule("NAT-6")
@pytest.mark.parametrize(("source", "expected"), [("eni-a", REACHABLE), (SITE_HOST, BLOCKED)])
def test_a_nat_gateway_serves_no_site_on_a_virtual_private_gateway(source: str, expected: str) -> None:
    rows = [*behind_nat(), *site(), route_table("rtb-edge", gateway="vgw-1")]
    assert verdict(network(rows), source, "198.51.100.7", "tcp/443") == expected
