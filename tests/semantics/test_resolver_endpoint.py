"""Resolver endpoints: inbound ones answer on their interfaces, outbound ones ask from theirs."""

from __future__ import annotations

import pytest

from .build import BLOCKED, REACHABLE, V4, ask, group, network, peered, rule, verdict
from .services import resolver_addresses, resolver_endpoint, service_interface

ADDRESS = "10.0.2.53"
DNS = [rule("udp/53", "10.2.0.0/16"), rule("tcp/53", V4)]


@pytest.mark.rule("DNS-3")
@pytest.mark.parametrize(("on", "expected"), [("udp/53", REACHABLE), ("udp/853", BLOCKED)])
@pytest.mark.parametrize("seen", [True, False])
def test_an_inbound_endpoint_is_reached_from_connected_networks_if_its_groups_admit_it(
    on: str, expected: str, seen: bool
) -> None:
    rows = [resolver_endpoint(groups=["sg-dns"]), resolver_addresses("rslvr-in-1", ADDRESS), group("sg-dns", DNS)]
    eni = service_interface("eni-dns", ADDRESS, description="Route 53 Resolver: rslvr-in-1:rni-1", groups=["sg-dns"])
    answer = ask(network(*rows, peered(), *([eni] if seen else [])), "eni-p", "resolver:dns", on)
    assert (answer.verdict, [pair.target.address for pair in answer.pairs]) == (expected, [ADDRESS])


@pytest.mark.rule("DNS-3")
def test_an_outbound_endpoint_asks_and_answers_nobody() -> None:
    rows = [resolver_endpoint("rslvr-out-1", "OUTBOUND"), resolver_addresses("rslvr-out-1", ADDRESS)]
    assert verdict(network(*rows, peered()), "resolver:dns", "eni-p", "udp/53") == REACHABLE
    assert verdict(network(*rows, peered()), "eni-p", "resolver:dns", "udp/53") == BLOCKED


def test_without_its_addresses_the_description_of_an_interface_tells_whose_it_is() -> None:
    enis = [
        service_interface(f"eni-{one}", f"10.0.2.5{one}", description=f"Route 53 Resolver: rslvr-in-{one}:rni-1")
        for one in (1, 2)
    ]
    world = network(resolver_endpoint("rslvr-in-1"), resolver_endpoint("rslvr-in-2", Name="other"), *enis)
    assert [pair.target.id for pair in ask(world, "eni-a", "resolver:other", "dns").pairs] == ["eni-2"]
