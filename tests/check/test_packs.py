"""Each invariant of our packs: a network that violates it, and a twin in which one fact differs and it holds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from analyzer import load
from analyzer.invariants import check
from analyzer.invariants.packs import pack

from ..semantics.build import (
    V4,
    eni_a,
    eni_b,
    gateway_endpoint,
    group,
    instance,
    network,
    rds,
    rds_interface,
    rule,
)
from .conftest import TODAY

B = "10.0.2.10"
SHUT = [group("sg-open", [], [])]
FULL = json.dumps({"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]})
NARROW = FULL.replace('"Action": "*"', '"Action": "s3:GetObject"')


def tags(**values: str) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in values.items()]


def tagged(name: str, **values: str) -> Any:
    return instance(name, Tags=tags(**values))


def admits(service: str, far: str = V4) -> list[Any]:
    """All hosts closed, but for eni-b on one service."""
    return [group("sg-open", [], []), group("sg-b", [rule(service, far)], []), eni_b(groups=["sg-b"])]


def reaches(service: str, far: str = V4) -> list[Any]:
    """What `admits` does, and eni-a may send."""
    return [*admits(service, far), group("sg-a", []), eni_a(groups=["sg-a"])]


def database(group_id: str, **fields: Any) -> list[Any]:
    groups = [
        group("sg-in", [rule("tcp/5432", V4), rule("tcp/22", "10.0.1.0/24")], []),
        group("sg-none", [], []),
        group("sg-out", []),
    ]
    return [*SHUT, *groups, rds(groups=[group_id]), rds_interface("eni-db", "10.0.2.77", groups=[group_id], **fields)]


ZERO, MICRO = "zero-trust", "microsegmentation"
PUBLIC = {"public": "192.0.2.77"}
ROWS = [
    (ZERO, "the internet reaches no data store", database("sg-in", **PUBLIC), database("sg-in")),
    (ZERO, "the internet reaches no database port", admits("tcp/3306"), admits("tcp/3306", "10.0.0.0/8")),
    (ZERO, "the internet reaches no admin port", admits("tcp/22"), admits("tcp/443")),
    (ZERO, "the internet reaches no file share or directory", admits("tcp/445"), admits("tcp/446")),
    (ZERO, "data stores do not call the internet", database("sg-out", **PUBLIC), database("sg-none", **PUBLIC)),
    (
        ZERO,
        "production and other environments are apart",
        [tagged("i-a", environment="production"), tagged("i-b", environment="dev"), *reaches("tcp/443")],
        [tagged("i-a", environment="production"), tagged("i-b", environment="dev"), *SHUT],
    ),
    (ZERO, "what hosts send to the internet is inspected", [], SHUT),
    (
        ZERO,
        "no rule is open to an internet that never comes",
        [*admits("tcp/443"), eni_b(addresses=(B,), public="", groups=["sg-b"])],
        admits("tcp/443"),
    ),
    (
        ZERO,
        "endpoints have a policy that says no to somebody",
        [gateway_endpoint(PolicyDocument=FULL)],
        [gateway_endpoint(PolicyDocument=NARROW)],
    ),
    (
        MICRO,
        "only bastions reach the admin ports of hosts",
        reaches("tcp/22"),
        [*reaches("tcp/22"), tagged("i-a", role="bastion")],
    ),
    (
        MICRO,
        "hosts do not reach each other on the ports by which intruders move on",
        reaches("tcp/445"),
        reaches("tcp/445", "10.9.0.0/16"),
    ),
    (
        MICRO,
        "data stores are reached on their own ports only",
        [*database("sg-in"), group("sg-a", []), eni_a(groups=["sg-a"])],
        [*database("sg-in"), group("sg-a", [], [rule("tcp/5432", V4)]), eni_a(groups=["sg-a"])],
    ),
    (
        MICRO,
        "the web tier does not reach data stores",
        [*database("sg-in"), group("sg-a", []), eni_a(groups=["sg-a"]), tagged("i-a", tier="web")],
        [*database("sg-none"), group("sg-a", []), eni_a(groups=["sg-a"]), tagged("i-a", tier="web")],
    ),
    (
        MICRO,
        "data stores do not call hosts",
        [*database("sg-out"), group("sg-b", [rule("tcp/443", V4)], []), eni_b(groups=["sg-b"])],
        [*database("sg-none"), group("sg-b", [rule("tcp/443", V4)], []), eni_b(groups=["sg-b"])],
    ),
    (
        MICRO,
        "no line is there twice over, or does nothing",
        [group("sg-b", [rule("tcp/443", V4), rule("tcp/443", "10.0.0.0/8")]), eni_b(groups=["sg-b"])],
        [group("sg-b", [rule("tcp/443", V4), rule("tcp/80", "10.0.0.0/8")]), eni_b(groups=["sg-b"])],
    ),
    ("inspection", "what hosts send to the internet passes a firewall", [], SHUT),
    ("inspection", "what comes from the internet passes a firewall", [], SHUT),
]


@pytest.mark.parametrize(("name", "invariant", "violating", "sound"), ROWS, ids=[f"{row[0]}: {row[1]}" for row in ROWS])
def test_an_invariant_of_a_pack(name: str, invariant: str, violating: list[Any], sound: list[Any]) -> None:
    (one,) = [each for each in pack(name) if each.invariant.name == invariant]
    outcome = check(network(*violating).snapshot, [one], TODAY)
    assert not outcome.holds
    assert outcome.violations
    told = check(network(*sound).snapshot, [one], TODAY)
    assert told.holds, [each.text for each in told.violations]


def test_every_invariant_of_our_packs_has_a_row() -> None:
    ours = {(name, one.invariant.name) for name in (ZERO, MICRO, "inspection") for one in pack(name)}
    assert ours == {row[:2] for row in ROWS}


SHARED = Path(__file__).parents[3] / "shared" / "networks" / "batfish" / "hybrid-cloud"


@pytest.mark.skipif(not SHARED.exists(), reason="the network is not on this machine")
def test_a_hybrid_cloud_is_open_where_its_authors_found_it_open() -> None:
    found = check(load(SHARED).snapshot, pack(ZERO), TODAY).violations
    mysql = [one for one in found if one.invariant == "the internet reaches no database port" and "tcp/3306" in one.services]
    ssh = [one for one in found if one.invariant == "the internet reaches no admin port" and "tcp/22" in one.services]
    assert mysql
    assert ssh
    assert all(one.verdict.value == "reachable" and one.lines for one in (*mysql, *ssh))
