"""The reference networks: what works in both variants, and that each flaw opens what it is about, and nothing else does."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from analyzer.ask import couples
from analyzer.lint import lint
from analyzer.models.aws import COMPONENTS
from analyzer.models.service import parse_services
from analyzer.models.verdict import Verdict
from analyzer.network import Network
from analyzer.reach import Flows
from analyzer.select import select
from analyzer.walk import walk
from analyzer.witness import samples, witness
from benchmarks.reference import ESTATES, networks
from benchmarks.reference.flaws import Flaw

from ..api_shapes import complaints, output
from .reference import FLAWS, NAMES, demo, with_flaws

DATA = Path(__file__).parents[2] / "analyzer" / "data"
DECLARED = DATA / "networks-declared"

# The host that one of the flaws brings.
NEW = "app-canary"

WORKS = [  # network, from, to, on
    ("shop", "internet", "alb:storefront", "https"),
    ("shop", "internet", "alb:storefront", "http"),
    ("shop", "internet", "tag:tier=web", "tcp/8080"),
    ("shop", "web-1", "app-2", "tcp/8443"),
    ("shop", "app-1", "orders", "postgres"),
    ("shop", "app-2", "orders", "postgres"),
    ("shop", "app-2", "elasticache", "redis"),
    ("shop", "bastion", "web-1", "ssh"),
    ("shop", "bastion", "app-2", "ssh"),
    ("shop", "app-1", "internet", "https"),
    ("hub", "internet", "alb:checkout", "https"),
    ("hub", "internet", "payments-2", "tcp/8443"),
    ("hub", "catalog-1", "payments-2", "tcp/8443"),
    ("hub", "payments-1", "rds:ledger", "postgres"),
    ("hub", "ledger-2", "rds:ledger", "postgres"),
    ("hub", "jump-1", "ledger-1", "ssh"),
    ("hub", "jump-1", "dev-1", "ssh"),
    ("hub", "dev-1", "ci-1", "https"),
    ("hub", "payments-1", "internet", "https"),
    ("hub", "172.20.5.9", "ci-1", "https"),
    ("hub", "172.20.5.9", "jump-1", "ssh"),
    ("platform", "partner-1", "accounts-api-1", "tcp/8443"),
    ("platform", "partner-1", "nlb:accounts-nlb", "https"),
    ("platform", "accounts-api-1", "accounts-db-2", "postgres"),
    ("platform", "accounts-api-2", "opensearch:search", "https"),
    ("platform", "node-a", "eks:accounts", "https"),
    ("platform", "node-b", "endpoint:ecr.dkr", "https"),
    ("platform", "node-a", "internet", "https"),
]
DEPENDS = [  # what somebody's policy or IAM decides: network, from, to, on
    ("shop", "eice", "ec2:bastion", "ssh"),
    ("shop", "app-1", "endpoint:s3", "https"),
    ("platform", "198.51.100.7", "eks:accounts", "https"),
]
SHUT = [  # what is shut in the sound variants and is no flaw's question: network, from, to, on
    ("shop", "internet", "app-1", None),
    ("shop", "internet", "orders", None),
    ("shop", "internet", "elasticache", None),
    ("shop", "internet", "ec2:bastion", None),
    ("shop", "web-1", "orders", None),
    ("shop", "orders", "internet", None),
    ("hub", "dev-1", "payments-1", None),
    ("hub", "dev-1", "rds:ledger", None),
    ("hub", "internet", "rds:ledger", None),
    ("hub", "172.20.5.9", "payments-1", None),
    ("hub", "catalog-1", "rds:ledger", None),
    ("hub", "payments-1", "172.20.5.9", None),
    ("platform", "internet", "accounts-api-1", None),
    ("platform", "internet", "rds", None),
    ("platform", "lab-1", "accounts-api-1", None),
    ("platform", "partner-1", "node-a", None),
    ("platform", "partner-1", "rds", None),
]
LINT = {  # kinds of complaints, and how many
    "shop": {},
    # The data tier's own ACL is left over.
    "shop-flawed": {"unattached": 1},
    "hub": {},
    "hub-flawed": {"shadowed": 1},
    # The other partner's network is in nobody's snapshot.
    "platform": {"outside": 1},
    "platform-flawed": {"outside": 1, "shadowed": 2, "wide": 1},
}
INSPECTED = "what hosts send to the internet is inspected"
APART = "production and other environments are apart"
POLICIES = "endpoints have a policy that says no to somebody"
ADMIN = "the internet reaches no admin port"
FAILS = {  # of the pack zero-trust; neither shop nor platform has a firewall, and the platform's endpoints have the default policy
    "shop": {INSPECTED},
    "shop-flawed": {INSPECTED, ADMIN, "the internet reaches no data store", "the internet reaches no database port"},
    "hub": set(),
    "hub-flawed": {INSPECTED, APART, ADMIN},
    "platform": {INSPECTED, POLICIES},
    "platform-flawed": {INSPECTED, POLICIES, APART, "no rule is open to an internet that never comes"},
}


# ---------------------------------------------------------------------- the documents
def test_the_documents_are_what_the_tables_say():
    for name, files in networks():
        folder = DATA / "networks" / name
        found = {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in folder.rglob("*") if path.is_file()}
        assert found == files, f"{name}: run `python -m benchmarks.reference`"


def test_they_are_small():
    sizes = [path.stat().st_size for name in NAMES for path in (DATA / "networks" / name).rglob("*.json")]
    assert sum(sizes) < 600_000
    for name in NAMES:
        assert 10 <= len(demo(name).snapshot.all("network_interface")) <= 40


def answers(name: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield each answer of a network with the service and the operation that give it."""
    declared = {one.key: one for component in COMPONENTS for one in component.documents if one.asked or one.key == "Listeners"}
    for path in sorted((DATA / "networks" / name).rglob("*.json")):
        document = json.loads(path.read_text("utf-8"))
        call = declared[next(one for one in document if one in declared)]
        rows = document[call.key] if call.argument else [document]
        for one in rows:
            yield call.client, call.operation, {member: one[member] for member in one if member != call.argument}


@pytest.mark.parametrize("name", NAMES)
def test_each_document_is_an_answer_that_aws_could_give(name: str):
    found = [
        one for client, operation, answer in answers(name) for one in complaints(output(client, operation), answer, operation)
    ]
    assert found == []


@pytest.mark.parametrize("name", NAMES)
def test_it_is_read_whole_and_all_of_it_is_modelled(name: str):
    snapshot = demo(name).snapshot
    assert snapshot.broken == ()
    assert demo(name).reach("ec2", "internet").not_modelled == []
    assert {one.account for one in snapshot.all("vpc")} == {one.account for one in ESTATES[name.partition("-")[0]].OWNERS}


# ---------------------------------------------------------------------- what works, what does not, and what is wrong
@pytest.mark.parametrize("flawed", ["", "-flawed"])
@pytest.mark.parametrize(("name", "source", "target", "on"), WORKS)
def test_what_should_work_works(name: str, source: str, target: str, on: str, flawed: str):
    assert asked(demo(name + flawed), source, target, on) is Verdict.REACHABLE


@pytest.mark.parametrize(("name", "source", "target", "on"), DEPENDS)
def test_what_somebody_else_decides_depends(name: str, source: str, target: str, on: str):
    assert asked(demo(name), source, target, on) is Verdict.CONDITIONAL


@pytest.mark.parametrize(("name", "source", "target", "on"), SHUT)
def test_what_should_be_shut_is_shut(name: str, source: str, target: str, on: str | None):
    assert asked(demo(name), source, target, on) is Verdict.BLOCKED


@pytest.mark.parametrize(("name", "flaw"), FLAWS, ids=lambda one: one.name if isinstance(one, Flaw) else one)
def test_a_flaw_opens_what_it_is_about(name: str, flaw: Flaw):
    ways = (flaw.source, flaw.target, flaw.on)
    if flaw.target == NEW:
        assert NEW not in {one.name for one in select("any", demo(name).snapshot)}
    else:
        assert asked(demo(name), *ways) is Verdict.BLOCKED
    expected = Verdict.CONDITIONAL if flaw.target.startswith("eks:") else Verdict.REACHABLE
    assert asked(demo(f"{name}-flawed"), *ways) is expected


@pytest.mark.parametrize(("name", "flaw"), FLAWS, ids=lambda one: one.name if isinstance(one, Flaw) else one)
def test_without_the_flaw_the_rest_of_them_do_not(name: str, flaw: Flaw):
    network = with_flaws(name, [one for one in ESTATES[name].FLAWS if one is not flaw])
    if flaw.target == NEW:
        assert NEW not in {one.name for one in select("any", network.snapshot)}
    else:
        assert asked(network, flaw.source, flaw.target, flaw.on) is Verdict.BLOCKED


def asked(network: Network, source: str, target: str, on: str | None) -> Verdict:
    """Return the verdict of the engine, with which a packet walked by itself agrees for each pair."""
    world = network.snapshot
    ends = select(source, world), select(target, world)
    flows = Flows(world, *ends, parse_services(on or "all"))
    for one, other in couples(flows):
        judged = flows.of(one, other)
        _, walked = witness(flows, one, other, judged)
        assert walked is None or walked.verdict is judged.verdict, f"{one.id} to {other.id}"
        for question in samples(flows, other, judged):
            assert walk(world, question).verdict is not Verdict.BLOCKED, f"{one.id} to {other.id}"
    return network.reach(source, target, on=on).verdict


@pytest.mark.parametrize("name", list(ESTATES))
def test_the_page_tells_every_flaw_and_asks_its_question(name: str):
    page = (Path(__file__).parents[2] / "docs" / "demo.md").read_text("utf-8")
    for flaw in ESTATES[name].FLAWS:
        now = "conditional" if flaw.target.startswith("eks:") else "reachable"
        before = "no such host" if flaw.target == NEW else "blocked"
        command = f"reach from {flaw.source} to {flaw.target} on {flaw.on} --snapshot demo:{name}-flawed"
        assert f"| {flaw.name} | {flaw.says} | `{command}` | **{now}** | {before} |" in page


# ---------------------------------------------------------------------- other questions
@pytest.mark.parametrize("name", NAMES)
def test_lint_has_no_surprise(name: str):
    found = Counter(str(one.kind) for one in lint(demo(name).snapshot))
    assert found == LINT[name]


@pytest.mark.parametrize("name", NAMES)
def test_the_pack_zero_trust_finds_what_is_to_be_found(name: str):
    assert {one.invariant for one in demo(name).check(packs=["zero-trust"])} == FAILS[name]


@pytest.mark.parametrize(
    ("name", "source", "target", "holds"),
    [
        (
            "hub",
            "payments-1",
            "rds:ledger",
            True,
        ),  # replies may land at the endpoint of the other zone: appliance mode, one firewall
        ("hub", "catalog-1", "payments-2", True),
        ("hub", "172.20.5.9", "ci-1", True),
        ("hub", "internet", "payments-1", True),  # behind the load balancer
        ("hub", "internet", "alb:checkout", False),  # the front door itself is before the firewall
        ("hub-flawed", "dev-1", "ledger-1", False),  # the peering
        ("hub-flawed", "dev-1", "catalog-1", False),  # the propagation
    ],
)
def test_what_passes_the_firewall_passes_it_both_ways(name: str, source: str, target: str, holds: bool, tmp_path: Path):
    file = tmp_path / "inspected.reach.yaml"
    ends = f'{{from: "{source}", to: "{target}", via: firewall}}'
    file.write_text(f"invariants: [{{name: inspected, through: {ends}}}]", "utf-8")
    assert (demo(name).check(file) == []) is holds


@pytest.mark.parametrize("name", list(ESTATES))
@pytest.mark.parametrize("flawed", ["", "-flawed"])
def test_declared_contexts_are_there_and_apart(name: str, flawed: str):
    world = demo(name + flawed).snapshot
    declared = yaml.safe_load((DECLARED / f"{name}.yaml").read_text("utf-8"))
    members = {one["name"]: {each.id for each in select(one["assets"], world)} for one in declared["contexts"]}
    assert all(members.values())
    assert sum(map(len, members.values())) == len(set().union(*members.values()))


@pytest.mark.parametrize("name", list(ESTATES))
def test_each_contract_is_used(name: str):
    declared = yaml.safe_load((DECLARED / f"{name}.yaml").read_text("utf-8"))
    assets = {one["name"]: one["assets"] for one in declared["contexts"]} | {"internet": "internet", "on-prem": "172.20.0.0/16"}
    assets["partner"] = " or ".join(declared.get("partners", ["vpc:partner"]))
    for contract in declared["contracts"]:
        ends, _, on = contract.partition(":")
        source, target = (assets[one.strip()] for one in ends.split("->"))
        for one in on.split(","):
            assert demo(name).reach(source, target, on=one.strip()).verdict != "blocked", contract
