"""Gateway Load Balancer endpoints: route targets with appliances behind them."""

from __future__ import annotations

import pytest

from .build import (
    A4,
    ALLOW,
    B4,
    BLOCKED,
    CONDITIONAL,
    DENY,
    REACHABLE,
    UNKNOWN,
    V4,
    Row,
    acl,
    ask,
    blockers,
    codes,
    exclusion,
    group,
    hops,
    interface,
    network,
    public_access,
    route_table,
    rule,
    verdict,
)
from .build_inspection import STRANGER, between, firewall, gwlb_endpoint, inspected, policy, private_b


@pytest.mark.rule("EP-12")
@pytest.mark.rule("EP-13")
@pytest.mark.parametrize(
    ("fw", "expected"), [([(V4, "igw-1")], CONDITIONAL), ([], BLOCKED)], ids=["onward route", "inspected, then dropped"]
)
def test_what_comes_back_goes_on_by_the_table_of_the_endpoints_subnet(fw: list[tuple[str, str]], expected: str) -> None:
    world = network(inspected(fw=fw), gwlb_endpoint())
    answer = ask(world, "eni-a", STRANGER, "tcp/443")
    assert answer.verdict == expected
    if expected == BLOCKED:
        assert ("rtb-fw", "RT-5") in blockers(answer)
    else:
        assert answer.conditions == ["what the appliances behind vpce-fw let through is not in the configuration"]


@pytest.mark.rule("EP-13")
@pytest.mark.parametrize(("without", "expected"), [((), CONDITIONAL), (("rtb-a", "rtb-edge"), REACHABLE)])
def test_what_appliances_let_through_is_not_configured(without: tuple[str, ...], expected: str) -> None:
    world = network(inspected(), gwlb_endpoint(), without=without)
    assert verdict(world, STRANGER, "eni-a", "tcp/443") == expected


@pytest.mark.rule("EP-12")
def test_the_packet_is_unchanged() -> None:
    answer = ask(network(between(), gwlb_endpoint()), "eni-a", "eni-b", "tcp/443")
    assert answer.verdict == CONDITIONAL
    assert {(hop.packet.source, hop.packet.target) for hop in answer.pairs[0].path} == {(A4, B4)}
    assert ("vpce-fw", "EP-13") in hops(answer)


@pytest.mark.rule("EP-8")
@pytest.mark.parametrize(
    ("state", "expected"),
    [("available", CONDITIONAL), ("Available", CONDITIONAL), ("pendingAcceptance", BLOCKED), ("deleting", BLOCKED)],
)
def test_the_endpoint_must_be_available(state: str, expected: str) -> None:
    answer = ask(network(between(), gwlb_endpoint(State=state)), "eni-a", "eni-b", "tcp/443")
    assert answer.verdict == expected
    assert codes(answer) == ({"BAD_STATE"} if expected == BLOCKED else set())


@pytest.mark.rule("NACL-13")
@pytest.mark.parametrize(
    ("inbound", "outbound", "expected"),
    [
        (None, None, CONDITIONAL),
        ([(100, DENY, "tcp/443", V4), (200, ALLOW, "all", V4)], None, BLOCKED),
        (None, [(100, DENY, "tcp/443", V4), (200, ALLOW, "all", V4)], BLOCKED),
        ([(100, ALLOW, "tcp/443", V4)], None, BLOCKED),
        (None, [(100, ALLOW, "tcp/443", V4)], BLOCKED),
    ],
    ids=["open", "in", "out", "the reply in", "the reply out"],
)
def test_the_acl_of_the_endpoints_subnet_counts_on_each_pass(inbound: list, outbound: list, expected: str) -> None:  # type: ignore[type-arg]
    own = acl("acl-fw", "subnet-fw", inbound=inbound, outbound=outbound)
    answer = ask(network(between(), gwlb_endpoint(), own), "eni-a", "eni-b", "tcp/443")
    assert answer.verdict == expected
    assert {one for one, _ in blockers(answer)} == ({"acl-fw"} if expected == BLOCKED else set())


@pytest.mark.rule("SG-14")
@pytest.mark.parametrize(
    ("far", "expected"), [(("sg-open",), BLOCKED), (("10.0.1.0/24",), CONDITIONAL)], ids=["by reference", "by range"]
)
def test_references_are_lost_behind_it(far: tuple[str, ...], expected: str) -> None:
    own = [group("sg-b", [rule("tcp/443", *far)]), private_b(groups=["sg-b"])]
    assert verdict(network(between(), gwlb_endpoint(), own), "eni-a", "eni-b", "tcp/443") == expected


@pytest.mark.rule("SG-14")
def test_without_it_on_the_way_references_count() -> None:
    own = [group("sg-b", [rule("tcp/443", "sg-open")]), private_b(groups=["sg-b"])]
    world = network(between(), gwlb_endpoint(), own, without=["rtb-a", "rtb-b"])
    assert verdict(world, "eni-a", "eni-b", "tcp/443") == REACHABLE


@pytest.mark.rule("EP-12")
def test_an_endpoint_in_the_clients_own_subnet_is_met_again_and_again() -> None:
    own = [route_table("rtb-a", (V4, "vpce-fw"), subnets=["subnet-a"]), gwlb_endpoint(subnet="subnet-a")]
    assert verdict(network(own), "eni-a", STRANGER, "tcp/443") == BLOCKED


@pytest.mark.rule("BPA-5")
@pytest.mark.parametrize(
    ("endpoint", "excluded", "expected"),
    [
        ([gwlb_endpoint()], "subnet/subnet-fw", CONDITIONAL),
        ([gwlb_endpoint()], "subnet/subnet-a", BLOCKED),
        ([firewall(), policy()], "subnet/subnet-fw", BLOCKED),
        ([firewall(), policy()], "vpc/vpc-1", REACHABLE),
    ],
)
def test_the_endpoints_subnet_is_the_one_to_exclude_from_block_public_access(
    endpoint: list[Row], excluded: str, expected: str
) -> None:
    world = network(inspected(), endpoint, public_access("block-bidirectional"), exclusion(excluded))
    assert verdict(world, "internet", "eni-a", "tcp/443") == expected
    assert verdict(world, "eni-a", STRANGER, "tcp/443") == expected


@pytest.mark.rule("EP-12")
def test_nothing_connects_to_the_endpoint_itself() -> None:
    eni = interface("eni-gwlbe", "10.0.8.8", subnet="subnet-fw", groups=(), type="gateway_load_balancer_endpoint")
    world = network(inspected(), gwlb_endpoint(NetworkInterfaceIds=["eni-gwlbe"]), eni)
    assert verdict(world, "eni-b", "eni-gwlbe", "tcp/443") == BLOCKED


@pytest.mark.rule("RT-17")
@pytest.mark.parametrize(
    ("endpoint", "expected"),
    [((), UNKNOWN), ((gwlb_endpoint(),), CONDITIONAL), ((gwlb_endpoint(RequesterManaged=True),), UNKNOWN)],
    ids=["not in the snapshot", "appliances", "a firewall that is not in the snapshot"],
)
def test_what_routes_name_and_the_snapshot_lacks_is_unknown(endpoint: tuple[object, ...], expected: str) -> None:
    assert verdict(network(between(), *endpoint), "eni-a", "eni-b", "tcp/443") == expected  # type: ignore[arg-type]
