"""Hops that cross accounts: by an interface endpoint to a provider's host, and inside a shared subnet. Each row has its twin."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from analyzer.network import Network

from ..semantics.build import (
    OTHER_ACCOUNT,
    acl,
    balanced,
    eni_a,
    eni_b,
    group,
    interface,
    network,
    rule,
    subnet,
)
from ..semantics.test_private_link import linked

PARTICIPANT = "333333333333"


def met(world: Network, source: str, **how: object) -> dict[str, tuple[int, str]]:
    found = world.blast_radius(source, **how).reached  # type: ignore[arg-type]
    return {one.endpoint.id: (one.depth, one.verdict.value) for one in found}


# ---------------------------------------------------------------------- PrivateLink
def consumer(*rows: object, by: str = "10.2.6.0/24", **how: object) -> Network:
    """`eni-a`, which may call its endpoint alone; the provider's `eni-p`, which takes 8080 from the nodes, and `eni-q` beside it."""
    groups = [
        group("sg-a", [], [rule("tcp/443", "10.0.1.99/32")]),
        group("sg-p", [rule("tcp/8080", by)], [rule("tcp/22", "10.2.0.0/16")], vpc="vpc-2"),
        group("sg-q", [rule("tcp/22", "sg-p")], [], vpc="vpc-2"),
    ]
    q = interface("eni-q", "10.2.1.11", subnet="subnet-p", vpc="vpc-2", groups=["sg-q"])
    return network(linked(**how), groups, eni_a(groups=["sg-a"]), q, *rows)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("by", "hosts"), [("10.2.6.0/24", {"eni-p": (1, "reachable"), "eni-q": (2, "reachable")}), ("10.9.0.0/16", {})]
)
def test_a_providers_host_is_one_hop_from_whoever_calls_the_endpoint(by: str, hosts: dict[str, tuple[int, str]]):
    found = met(consumer(by=by), "eni-a")
    assert {id: one for id, one in found.items() if id in ("eni-p", "eni-q")} == hosts
    # The endpoint is reached, but nobody holds it: what stands behind the consumer's VPC is no hop from there.
    assert found["eni-e"] == (1, "reachable")


@pytest.mark.parametrize(("health", "verdict"), [("healthy", "reachable"), ("unhealthy", "conditional")])
def test_a_chain_over_privatelink_is_as_sure_as_the_providers_target(health: str, verdict: str):
    (target,) = (row for row in linked() if row.document == "LoadBalancerTargetHealth")
    (described,) = target.fields["TargetHealthDescriptions"]
    fields = {**target.fields, "TargetHealthDescriptions": [{**described, "TargetHealth": {"State": health}}]}
    found = met(consumer(target._replace(fields=fields)), "eni-a")
    assert (found["eni-p"], found["eni-q"]) == ((1, verdict), (2, verdict))


def test_a_provider_does_not_come_back_by_the_endpoint():
    found = met(consumer(), "eni-p")
    assert "eni-q" in found
    assert not {"eni-a", "eni-a2", "eni-b", "eni-e"} & set(found)


def test_who_comes_to_a_providers_host_is_told_across_the_endpoint():
    back = {one.endpoint.id: one.depth for one in consumer().into("eni-q", on="tcp").reached}
    assert (back["eni-p"], back["eni-a"]) == (1, 2)
    nobody = {one.endpoint.id for one in consumer(by="10.9.0.0/16").into("eni-q", on="tcp").reached}
    assert "eni-a" not in nobody


@pytest.mark.parametrize(("on", "reached"), [("tcp/8080", True), ("tcp/443", False)])
def test_the_service_of_a_hop_is_what_arrives_at_the_providers_host(on: str, reached: bool):
    assert ("eni-p" in met(consumer(), "eni-a", on=on, hops=1)) is reached


# ---------------------------------------------------------------------- shared subnets
def shared(admits: str = "sg-1", *rows: object, without: Iterable[str] = ()) -> Network:
    """A subnet of the owner's VPC with a host of each of two participants; the first one is reached from `eni-a`."""
    groups = [
        group("sg-a", [], [rule("tcp/22", "10.0.5.0/24")]),
        group("sg-1", [rule("tcp/22", "sg-a")], [rule("tcp/22", "10.0.5.0/24")], OwnerId=OTHER_ACCOUNT),
        group("sg-2", [rule("tcp/22", admits, UserId=OTHER_ACCOUNT)], [], OwnerId=PARTICIPANT),
    ]
    hosts = [
        interface("eni-1", "10.0.5.10", subnet="subnet-s", groups=["sg-1"], OwnerId=OTHER_ACCOUNT),
        interface("eni-2", "10.0.5.20", subnet="subnet-s", groups=["sg-2"], OwnerId=PARTICIPANT),
    ]
    return network(groups, subnet("subnet-s", "10.0.5.0/24"), hosts, eni_a(groups=["sg-a"]), *rows, without=without)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("admits", "hosts"), [("sg-1", {"eni-1": (1, "reachable"), "eni-2": (2, "reachable")}), ("sg-9", {"eni-1": (1, "reachable")})]
)
def test_an_intruder_goes_on_to_another_participant_of_a_shared_subnet(admits: str, hosts: dict[str, tuple[int, str]]):
    assert met(shared(admits), "eni-a", on="ssh") == hosts
    accounts = {one.endpoint.id: one.endpoint.account for one in shared(admits).blast_radius("eni-a", on="ssh").reached}
    assert accounts == {id: {"eni-1": OTHER_ACCOUNT, "eni-2": PARTICIPANT}[id] for id in hosts}


@pytest.mark.parametrize(("entries", "reached"), [([(100, "allow", "all", "0.0.0.0/0")], True), ([], False)])
def test_the_owners_acl_stands_before_a_shared_subnet_and_not_inside(entries: list[tuple[int, str, str, str]], reached: bool):
    world = shared("sg-1", acl("acl-s", "subnet-s", inbound=entries))
    assert ("eni-1" in met(world, "eni-a", on="ssh")) is reached
    assert met(world, "eni-1", on="ssh") == {"eni-2": (1, "reachable")}


@pytest.mark.parametrize(("without", "verdict"), [([], "reachable"), (["NetworkAcls"], "unknown")])
def test_what_only_the_owner_can_read_makes_every_hop_of_a_chain_unknown(without: list[str], verdict: str):
    found = met(shared("sg-1", without=without), "eni-a", on="ssh")
    assert found == {"eni-1": (1, verdict), "eni-2": (2, verdict)}


def test_a_shorter_chain_that_is_less_sure_is_told_beside_the_sure_one():
    # Straight to the load balancer's unhealthy target, or by another host.
    groups = [
        group("sg-a", [], [rule("tcp/443", "10.0.6.0/24"), rule("tcp/22", "10.0.1.0/24")]),
        group("sg-m", [rule("tcp/22", "sg-a")], [rule("tcp/8080", "10.0.2.0/24")]),
        group("sg-hosts", [rule("tcp/8080", "sg-lb", "sg-m")], []),
    ]
    middle = interface("eni-m", "10.0.1.30", groups=["sg-m"])
    world = network(balanced(health="unhealthy"), groups, eni_a(groups=["sg-a"]), middle, eni_b(groups=["sg-hosts"]))
    (one,) = (each for each in world.blast_radius("eni-a", on="tcp").reached if each.endpoint.id == "eni-b")
    assert (one.depth, one.verdict.value) == (2, "reachable")
    assert one.sooner is not None
    assert (one.sooner.depth, one.sooner.verdict.value) == (1, "conditional")
    twin = network(balanced(), groups, eni_a(groups=["sg-a"]), middle, eni_b(groups=["sg-hosts"]))
    (same,) = (each for each in twin.blast_radius("eni-a", on="tcp").reached if each.endpoint.id == "eni-b")
    assert (same.depth, same.verdict.value, same.sooner) == (1, "reachable", None)


@pytest.mark.parametrize(("port", "reached"), [("tcp/443", True), ("tcp/9443", False)])
def test_who_may_call_another_port_than_the_listeners_comes_to_no_host(port: str, reached: bool):
    mine = group("sg-a", [], [rule(port, "10.0.1.99/32")])
    assert ("eni-p" in met(consumer(mine), "eni-a")) is reached
