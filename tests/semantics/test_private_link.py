"""PrivateLink: a consumer's interface endpoint, the provider's network load balancer, and its targets."""

from __future__ import annotations

from typing import Any

import pytest

from .build import (
    ACCOUNT,
    BLOCKED,
    CONDITIONAL,
    REACHABLE,
    REGION,
    UNKNOWN,
    V4,
    Row,
    acl,
    ask,
    balancer,
    codes,
    group,
    hops,
    instance,
    interface,
    interface_endpoint,
    listener,
    network,
    node,
    route_table,
    rule,
    second_vpc,
    subnet,
    targets,
    verdict,
    vpc,
)

SERVICE = f"com.amazonaws.vpce.{REGION}.vpce-svc-1"
ENDPOINT, NODE, PROVIDER = "10.0.1.99", "10.2.6.6", "10.2.1.10"


def service(**fields: Any) -> Row:
    """The endpoint service of the provider, in zone a."""
    made = {
        "ServiceId": "vpce-svc-1",
        "ServiceName": SERVICE,
        "ServiceState": "Available",
        "AcceptanceRequired": True,
        "AvailabilityZoneIds": ["euw1-az1"],
        "NetworkLoadBalancerArns": [balancer("front", "network").id],
    }
    return Row("ServiceConfigurations", "vpce-svc-1", {**made, **fields})


def linked(*, enforce: str = "off", groups: tuple[str, ...] = (), **endpoint: Any) -> list[Row]:
    """`eni-a` with an endpoint in its subnet, whose service is a load balancer in `vpc-2` that sends port 443 to `i-p` on 8080."""
    how = {"EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic": enforce} if enforce else {}
    zones = [{"ZoneName": f"{REGION}a", "SubnetId": "subnet-lb"}]
    lb = balancer("front", "network", groups=groups, VpcId="vpc-2", AvailabilityZones=zones, **how)
    own = {"SubnetIds": ["subnet-a"], "ServiceName": SERVICE, **endpoint}
    return [
        interface_endpoint("vpce-1", "eni-e", **own),
        interface("eni-e", ENDPOINT, subnet="subnet-a", type="vpc_endpoint"),
        service(),
        *second_vpc(instance="i-p"),
        instance("i-p"),
        subnet("subnet-lb", "10.2.6.0/24", vpc="vpc-2"),
        lb,
        node("front", "network", address=NODE, vpc="vpc-2", groups=list(groups)),
        listener(lb, 443, "TCP"),
        *[_in_vpc_2(row) for row in targets("i-p", port=8080, protocol="TCP")],
        group("sg-lb", [rule("tcp/443", "10.0.1.0/24")], vpc="vpc-2"),
    ]


def _in_vpc_2(row: Row) -> Row:
    return row._replace(fields={**row.fields, "VpcId": "vpc-2"}) if row.document == "TargetGroups" else row


@pytest.mark.rule("EP-9")
@pytest.mark.parametrize(
    ("far", "expected"),
    [(V4, REACHABLE), ("10.2.6.0/24", REACHABLE), ("10.0.1.0/24", BLOCKED)],
    ids=["everybody", "the load balancer", "the consumer"],
)
def test_targets_see_the_load_balancer_and_never_the_consumer(far: str, expected: str) -> None:
    world = network(linked(), group("sg-p", [rule("tcp/8080", far)], vpc="vpc-2"))
    assert verdict(world, "eni-a", "eni-p", "tcp/8080") == expected


@pytest.mark.rule("EP-9")
@pytest.mark.parametrize(("on", "expected"), [("tcp/443", REACHABLE), ("tcp/80", BLOCKED)])
def test_the_endpoint_answers_on_the_listeners_ports_at_the_load_balancer(on: str, expected: str) -> None:
    answer = ask(network(linked()), "eni-a", "eni-lb", on)
    assert answer.verdict == expected
    if expected == REACHABLE:
        assert [hop.packet.target for hop in answer.pairs[0].path][-1] in (NODE, ENDPOINT)
        assert ("vpce-svc-1", "EP-9") in hops(answer)


@pytest.mark.rule("EP-9")
@pytest.mark.parametrize(
    ("enforce", "groups", "source", "expected"),
    [
        ("on", ("sg-lb",), "eni-a", REACHABLE),
        ("on", ("sg-lb",), "eni-b", BLOCKED),
        ("off", ("sg-lb",), "eni-b", REACHABLE),
        ("on", (), "eni-b", REACHABLE),
        ("", ("sg-lb",), "eni-b", UNKNOWN),
        ("", ("sg-lb",), "eni-a", REACHABLE),
    ],
)
def test_its_groups_ask_only_where_they_are_enforced(enforce: str, groups: tuple[str, ...], source: str, expected: str) -> None:
    world = network(linked(enforce=enforce, groups=groups))
    assert verdict(world, source, "eni-p", "tcp/8080") == expected


@pytest.mark.rule("EP-9")
@pytest.mark.parametrize(("ranges", "expected"), [(("10.0.0.0/16",), REACHABLE), ((), REACHABLE)])
def test_ranges_may_overlap(ranges: tuple[str, ...], expected: str) -> None:
    overlapping = [vpc("vpc-2", "10.2.0.0/16", *ranges)] if ranges else []
    shut = route_table("rtb-p", main=True, vpc="vpc-2", local=["10.2.0.0/16", *ranges])
    assert verdict(network(linked(), overlapping, shut), "eni-a", "eni-p", "tcp/8080") == expected


@pytest.mark.rule("EP-9")
@pytest.mark.parametrize(("health", "expected"), [("healthy", REACHABLE), ("unhealthy", CONDITIONAL)])
def test_health_is_a_condition(health: str, expected: str) -> None:
    rows = [_in_vpc_2(row) for row in targets("i-p", port=8080, protocol="TCP", health=health)]
    assert verdict(network(linked(), rows), "eni-a", "eni-p", "tcp/8080") == expected


@pytest.mark.rule("EP-8")
@pytest.mark.parametrize(("state", "expected"), [("available", REACHABLE), ("pendingAcceptance", BLOCKED), ("rejected", BLOCKED)])
def test_only_an_endpoint_that_is_available_carries_anything(state: str, expected: str) -> None:
    assert verdict(network(linked(State=state)), "eni-a", "eni-p", "tcp/8080") == expected


@pytest.mark.rule("EP-8")
@pytest.mark.parametrize(("state", "expected"), [("Available", REACHABLE), ("Deleting", BLOCKED)])
def test_so_does_the_service(state: str, expected: str) -> None:
    assert verdict(network(linked(), service(ServiceState=state)), "eni-a", "eni-p", "tcp/8080") == expected


@pytest.mark.rule("EP-10")
@pytest.mark.parametrize(("state", "expected"), [("available", REACHABLE), ("rejected", BLOCKED), ("pendingAcceptance", BLOCKED)])
def test_the_provider_must_have_accepted(state: str, expected: str) -> None:
    seen = {"ServiceId": "vpce-svc-1", "VpcEndpointId": "vpce-1", "VpcEndpointOwner": ACCOUNT, "VpcEndpointState": state}
    answer = ask(network(linked(), Row("VpcEndpointConnections", "x", seen)), "eni-a", "eni-p", "tcp/8080")
    assert answer.verdict == expected


@pytest.mark.rule("EP-10")
def test_an_endpoint_that_waits_hides_nothing_that_stands_behind_it() -> None:
    seen = {"ServiceId": "vpce-svc-1", "VpcEndpointId": "vpce-1", "VpcEndpointState": "pendingAcceptance"}
    waiting = [*linked(enforce="on", groups=("sg-lb",), State="pendingAcceptance"), Row("VpcEndpointConnections", "x", seen)]
    answer = ask(network(waiting), "eni-b", "eni-p", "tcp/8080")
    told = [(one.resource, one.rule) for one in answer.blockers]
    assert told == [("vpce-1", "EP-8"), ("vpce-svc-1", "EP-10"), ("sg-lb", "SG-1")]


@pytest.mark.rule("EP-11")
@pytest.mark.parametrize(("zones", "expected"), [(["euw1-az1"], REACHABLE), (["euw1-az2"], BLOCKED), ([], REACHABLE)])
def test_the_endpoints_zone_must_be_among_those_of_the_service(zones: list[str], expected: str) -> None:
    world = network(linked(), service(AvailabilityZoneIds=zones))
    assert verdict(world, "eni-a", "eni-lb", "tcp/443") == expected
    assert codes(ask(world, "eni-a", ENDPOINT, "tcp/443")) == set()


@pytest.mark.rule("EP-6")
def test_the_service_starts_nothing_through_it() -> None:
    world = network(linked())
    assert verdict(world, "eni-p", "eni-a", "tcp/443") == BLOCKED
    assert verdict(world, "eni-a", "eni-p", "tcp/8080") == REACHABLE


@pytest.mark.rule("EP-5")
@pytest.mark.parametrize(
    ("inbound", "expected"),
    [([(100, "allow", "tcp/8080", V4)], REACHABLE), ([(100, "allow", "tcp/8080", "10.0.0.0/16")], BLOCKED)],
)
def test_acls_of_the_provider_see_the_load_balancer(inbound: list[Any], expected: str) -> None:
    world = network(linked(), acl("acl-t", "subnet-p", inbound=inbound, vpc="vpc-2"))
    assert verdict(world, "eni-a", "eni-p", "tcp/8080") == expected


def test_without_the_providers_service_the_way_ends_at_the_endpoint() -> None:
    world = network(linked(), without=["vpce-svc-1"])
    assert verdict(world, "eni-a", "eni-e", "tcp/443") == REACHABLE
    assert verdict(world, "eni-a", "eni-p", "tcp/8080") == BLOCKED
    assert verdict(network(linked()), "eni-a", "eni-e", "tcp/443") == REACHABLE


@pytest.mark.rule("LIM-7")
@pytest.mark.parametrize(
    ("without", "expected"),
    [
        ((), REACHABLE),
        (("Listeners",), UNKNOWN),
        (("LoadBalancers",), UNKNOWN),
        (("ServiceConfigurations",), UNKNOWN),
    ],
    ids=str,
)
def test_what_the_snapshot_lacks_of_the_provider_is_unknown(without: tuple[str, ...], expected: str) -> None:
    assert verdict(network(linked(), without=without), "eni-a", "eni-p", "tcp/8080") == expected
