"""What a collection did not bring is unknown, where it was not brought: never blocked there, and no doubt elsewhere."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from analyzer import load
from analyzer.collect.calls import planned
from analyzer.models.aws import COMPONENTS
from analyzer.models.call import GLOBAL_CLIENTS
from analyzer.models.collection import GLOBAL
from analyzer.models.errors import ReachError

from ..semantics.build import BLOCKED, V4, ask, balanced, documents_of, public_access, rule
from ..semantics.services import vpc_origin
from ..semantics.test_absent_documents import NETWORKS
from ..semantics.test_block_public_access import OUTWARD, STRANGER_6
from ..semantics.test_cloudfront import EDGES, HOST, private
from ..semantics.test_load_balancer import CALLER, behind
from ..semantics.test_nat_gateway import SIX

At = tuple[str, str]
STRANGER = "999999999999"
# Documents of some networks bring a kind that no call of ours brings: other tools wrote them.
# What two calls say: a network that is written by one of them alone was denied both.
ALSO = {"TransitGatewayAttachments": "ec2.GetTransitGatewayRouteTableAssociations"}
CALLS = {document.key: document.call.name for one in COMPONENTS for document in one.documents if document.asked}


def manifest(places: dict[At, dict[str, str]]) -> dict[str, Any]:
    """Return the manifest of a collection that did everything, but for the calls that ended otherwise."""
    found = []
    for (account, region), others in places.items():
        # Of an account that could not be asked at all only that is told.
        here = [one.name for one in planned().values() if (one.call.client in GLOBAL_CLIENTS) == (region == GLOBAL)]
        mine = here if region else others
        calls = {name: {"status": others.get(name, "done")} for name in mine}
        found.append({"account": account, "region": region, "calls": calls})
    return {"reach_collection": {"collected_at": "2026-11-25T00:00:00Z", "places": found}}


def places_of(path: Path) -> set[At]:
    every = {
        (one.account or "111111111111", one.region or "eu-west-1") for one in load(path).snapshot.everything() if one.documents
    }
    return every | {(account, GLOBAL) for account, _ in every}


def cases() -> Iterator[Any]:
    for name, (rows, _) in NETWORKS.items():
        for key in documents_of(rows):
            if key in CALLS:
                yield pytest.param(name, key, id=f"{name} without {key}")


def denied(key: str, outcome: str) -> dict[str, str]:
    return {CALLS[key]: outcome, ALSO.get(key, CALLS[key]): outcome}


def written(folder: Path, documents: dict[str, Any], places: dict[At, dict[str, str]]) -> Path:
    home = folder / "111111111111" / "eu-west-1"
    home.mkdir(parents=True)
    (home / "all.json").write_text(json.dumps(documents))
    (folder / "manifest.json").write_text(json.dumps(manifest(places)))
    return folder


def whole(name: str, tmp_path: Path) -> tuple[dict[str, Any], set[At]]:
    documents = documents_of(NETWORKS[name][0])
    (tmp_path / "plain.json").write_text(json.dumps(documents))
    return documents, places_of(tmp_path / "plain.json")


def verdicts(path: Path, name: str) -> list[str]:
    """Return the verdicts of a network's questions; "" for one whose ends are gone."""
    found = []
    for question in NETWORKS[name][1]:
        verdict = ""
        with suppress(ReachError):
            verdict = str(ask(load(path), *question).verdict)
        found.append(verdict)
    return found


@pytest.mark.parametrize("name", NETWORKS)
def test_a_whole_collection_answers_as_the_documents_alone(name: str, tmp_path: Path):
    documents, places = whole(name, tmp_path)
    folder = written(tmp_path / "s", documents, {key: {} for key in places})
    assert verdicts(folder, name) == verdicts(tmp_path / "plain.json", name)


@pytest.mark.parametrize(("name", "key"), list(cases()))
def test_nothing_is_blocked_because_a_call_was_denied(name: str, key: str, tmp_path: Path):
    documents, places = whole(name, tmp_path)
    rest = {other: rows for other, rows in documents.items() if other != key}
    folder = written(tmp_path / "s", rest, dict.fromkeys(places, denied(key, "denied")))
    assert BLOCKED not in verdicts(folder, name)


@pytest.mark.parametrize(("name", "key"), list(cases()))
def test_nothing_is_blocked_because_a_call_ended_before_its_last_row(name: str, key: str, tmp_path: Path):
    documents, places = whole(name, tmp_path)
    if not isinstance(documents[key], list):
        pytest.skip("one row is all")
    for left_out in range(len(documents[key])):
        rows = [row for number, row in enumerate(documents[key]) if number != left_out]
        folder = written(tmp_path / f"s{left_out}", {**documents, key: rows}, dict.fromkeys(places, denied(key, "throttled")))
        assert BLOCKED not in verdicts(folder, name), documents[key][left_out]


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("region", ["eu-west-1", ""], ids=["every call", "the account"])
def test_what_another_account_was_denied_changes_no_answer(name: str, region: str, tmp_path: Path):
    documents, places = whole(name, tmp_path)
    nothing = {one.name: "denied" for one in planned().values()} if region else {"sts.AssumeRole": "denied"}
    folder = written(tmp_path / "s", documents, {**{key: {} for key in places}, (STRANGER, region): nothing})
    assert verdicts(folder, name) == verdicts(tmp_path / "plain.json", name)


OWN, OTHER, REGION = "111111111111", "222222222222", "eu-west-1"
SHARED = ("peering", "transit gateway")


def by_owner(name: str) -> dict[str, dict[str, Any]]:
    """Return the documents of a network in which `vpc-2` and what is in it are another account's, by account."""
    found: dict[str, dict[str, Any]] = {OWN: {}, OTHER: {}}
    for key, rows in documents_of(NETWORKS[name][0]).items():
        for account in found:
            found[account][key] = [
                {**row, "OwnerId": OTHER if is_others(row) else OWN}
                for row in rows
                if is_others(row) == (account == OTHER) or key == "VpcPeeringConnections"
            ]
    return found


def is_others(row: dict[str, Any]) -> bool:
    return "vpc-2" in (row.get("VpcId"), row.get("ResourceId"))


def shared(folder: Path, documents: dict[str, dict[str, Any]], denied: dict[At, dict[str, str]]) -> Path:
    for account, rows in documents.items():
        home = folder / account / REGION
        home.mkdir(parents=True)
        (home / "all.json").write_text(json.dumps(rows))
    places = {(account, region): {} for account in documents for region in (REGION, GLOBAL)}
    (folder / "manifest.json").write_text(json.dumps(manifest({**places, **denied})))
    return folder


@pytest.mark.parametrize("name", SHARED)
def test_two_accounts_that_were_collected_whole_answer_as_one(name: str, tmp_path: Path):
    documents, _ = whole(name, tmp_path)
    assert verdicts(shared(tmp_path / "s", by_owner(name), {}), name) == verdicts(tmp_path / "plain.json", name)
    assert documents


@pytest.mark.parametrize("account", [OWN, OTHER])
@pytest.mark.parametrize(
    ("name", "key"), [(name, key) for name in SHARED for key in documents_of(NETWORKS[name][0]) if key in CALLS]
)
def test_nothing_is_blocked_because_one_of_two_accounts_was_denied_a_call(name: str, key: str, account: str, tmp_path: Path):
    documents = by_owner(name)
    documents[account].pop(key)
    folder = shared(tmp_path / "s", documents, {(account, REGION): denied(key, "denied")})
    assert BLOCKED not in verdicts(folder, name)
    # Asked the other way round too.
    questions = [(target, source, service) for source, target, service in NETWORKS[name][1]]
    assert BLOCKED not in [str(ask(load(folder), *one).verdict) for one in questions if is_there(folder, one)]


def is_there(folder: Path, question: tuple[str, str, str]) -> bool:
    snapshot = load(folder).snapshot
    return all(snapshot.find("network_interface", end) for end in question[:2] if end.startswith("eni-"))


NOBODY = ("eni-a", "10.0.1.77", "tcp/443")


def one_vpc(tmp_path: Path, places: dict[At, dict[str, str]], **others: Any) -> Path:
    return written(
        tmp_path / "s", documents_of(NETWORKS["one VPC"][0]) | others, {(OWN, REGION): {}, (OWN, GLOBAL): {}, **places}
    )


@pytest.mark.parametrize(
    ("places", "verdict"),
    [
        ({}, "blocked"),
        ({(OWN, REGION): {"ec2.DescribeNetworkInterfaces": "denied"}}, "unknown"),
        ({(OWN, REGION): {"ec2.DescribeNetworkInterfaces": "pending"}}, "unknown"),
        ({(OWN, "us-east-1"): {"ec2.DescribeNetworkInterfaces": "denied"}}, "blocked"),
        ({(STRANGER, REGION): {"ec2.DescribeNetworkInterfaces": "denied"}}, "blocked"),
        ({(STRANGER, ""): {"sts.AssumeRole": "denied"}}, "blocked"),
        ({(OWN, REGION): {"eks.DescribeCluster": "denied"}}, "blocked"),
    ],
    ids=["all", "denied", "not asked yet", "another Region", "another account", "another account whole", "another call"],
)
def test_an_address_that_nobody_holds_is_blocked_where_all_interfaces_were_seen(
    places: dict[At, dict[str, str]], verdict: str, tmp_path: Path
):
    assert load(one_vpc(tmp_path, places)).reach(*NOBODY).verdict == verdict


@pytest.mark.parametrize(("asked", "verdict"), [(OWN, "blocked"), (STRANGER, "unknown")], ids=["owner", "somebody else"])
def test_what_is_in_a_vpc_only_its_owner_knows_whole(asked: str, verdict: str, tmp_path: Path):
    folder = written(tmp_path / "s", documents_of(NETWORKS["one VPC"][0]), {(asked, REGION): {}, (asked, GLOBAL): {}})
    assert load(folder).reach(*NOBODY).verdict == verdict


@pytest.mark.parametrize(("asked", "verdict"), [(OWN, "blocked"), (STRANGER, "unknown")], ids=["owner", "who shares it"])
@pytest.mark.rule("TGW-17")
def test_that_an_attachment_has_no_table_only_the_gateways_owner_knows(asked: str, verdict: str, tmp_path: Path):
    documents = documents_of(NETWORKS["transit gateway"][0])
    documents["TransitGatewayAttachments"] = [
        {name: value for name, value in row.items() if name != "Association"} for row in documents["TransitGatewayAttachments"]
    ]
    places = {(one, region): {} for one in (OWN, asked) for region in (REGION, GLOBAL)}
    if asked != OWN:
        documents["TransitGateways"] = [{**row, "OwnerId": "222222222222"} for row in documents["TransitGateways"]]
    assert load(written(tmp_path / "s", documents, places)).reach("eni-a", "eni-p", "tcp/443").verdict == verdict


@pytest.mark.parametrize(
    ("at", "outcome", "verdict"),
    [
        ((OWN, REGION), "done", "blocked"),
        ((OWN, REGION), "denied", "unknown"),
        # EC2 does not know of them there.
        ((OWN, REGION), "unsupported", "blocked"),
        ((OWN, "us-east-1"), "denied", "blocked"),
        ((STRANGER, REGION), "denied", "blocked"),
    ],
)
@pytest.mark.parametrize("call", ["ec2.DescribeVerifiedAccessEndpoints", "ec2.DescribeCarrierGateways"])
def test_an_entry_that_nothing_models_may_be_there_where_it_was_not_asked_for(
    call: str, at: At, outcome: str, verdict: str, tmp_path: Path
):
    answer = load(one_vpc(tmp_path, {at: {call: outcome}}, InternetGateways=[])).reach("internet", "eni-a", "https")
    assert answer.verdict == verdict
    if verdict == "unknown":
        assert "whether carrier gateways, Verified Access or CloudFront let anybody in was not collected" in str(answer)


@pytest.mark.parametrize(
    ("at", "outcome", "verdict"),
    [
        ((OWN, GLOBAL), "done", "blocked"),
        ((OWN, GLOBAL), "denied", "unknown"),
        ((OWN, GLOBAL), "pending", "unknown"),
        # There is none in this partition.
        ((OWN, GLOBAL), "unsupported", "blocked"),
        ((STRANGER, GLOBAL), "denied", "blocked"),
    ],
)
def test_cloudfront_may_enter_every_vpc_of_an_account_that_did_not_say_its_origins(
    at: At, outcome: str, verdict: str, tmp_path: Path
):
    calls = {"cloudfront.ListVpcOrigins": outcome, "cloudfront.GetVpcOrigin": outcome}
    assert load(one_vpc(tmp_path, {at: calls}, InternetGateways=[])).reach("internet", "eni-a", "https").verdict == verdict


SHUT = public_access("block-bidirectional")
SWITCHES = {
    "internet gateway": ((SHUT,), ("198.51.100.7", "203.0.113.10", "tcp/443")),
    "egress-only gateway": ((OUTWARD, SHUT), ("eni-a", STRANGER_6, "tcp/443")),
    "CloudFront": ((private(rule("tcp/443", V4)), vpc_origin(HOST), EDGES, SHUT), ("internet", "eni-b", "https")),
}


@pytest.mark.parametrize("name", SWITCHES)
def test_nothing_is_let_through_a_switch_that_was_not_told(name: str, tmp_path: Path):
    rows, question = SWITCHES[name]
    documents, places = documents_of(rows), {(OWN, region): {} for region in (REGION, GLOBAL)}
    assert load(written(tmp_path / "whole", documents, places)).reach(*question).verdict == "blocked"
    del documents["VpcBlockPublicAccessOptions"]
    denied = {**places, (OWN, REGION): {"ec2.DescribeVpcBlockPublicAccessOptions": "denied"}}
    assert load(written(tmp_path / "denied", documents, denied)).reach(*question).verdict == "unknown"


@pytest.mark.parametrize("call", ["denied", "not asked"])
def test_an_interface_that_one_of_two_collections_did_not_show_is_not_told_as_gone_or_new(call: str, tmp_path: Path):
    documents = documents_of(NETWORKS["one VPC"][0])
    whole = load(written(tmp_path / "whole", documents, {(OWN, region): {} for region in (REGION, GLOBAL)}))
    if call == "denied":
        less, places = {**documents}, {(OWN, REGION): {"ec2.DescribeNetworkInterfaces": "denied"}, (OWN, GLOBAL): {}}
        del less["NetworkInterfaces"]
    else:
        less, places = {key: [] for key in documents}, {(STRANGER, region): {} for region in (REGION, GLOBAL)}
    part = load(written(tmp_path / "part", less, places))
    closed, opened = whole.diff(part), part.diff(whole)
    assert {(one.was, one.now) for one in closed.closed} == {("reachable", "unknown")}
    assert {(one.was, one.now) for one in opened.opened} == {("unknown", "reachable")}
    assert {one.now for one in closed.opened} | {one.was for one in opened.closed} <= {"unknown"}


@pytest.mark.parametrize(("said", "verdict"), [("true", "reachable"), ("false", "blocked"), (None, "unknown")])
def test_whether_targets_of_other_zones_are_served_is_unknown_where_attributes_were_not_told(
    said: str | None, verdict: str, tmp_path: Path
):
    rows = balanced("application", load_balancing__cross_zone__enabled=said or "false")
    documents = documents_of((rows, behind(rule("tcp/8080", "sg-lb")), CALLER))
    places: dict[At, dict[str, str]] = {(OWN, region): {} for region in (REGION, GLOBAL)}
    if said is None:
        del documents["TargetGroupAttributes"]
        places[OWN, REGION] = {CALLS["TargetGroupAttributes"]: "denied"}
    assert load(written(tmp_path / "s", documents, places)).reach("eni-a", "eni-b", "tcp/8080").verdict == verdict


def test_a_manifest_that_is_none_is_an_error_that_says_where(tmp_path: Path):
    (tmp_path / "m.json").write_text('{"reach_collection": {"places": [{"account": 7}]}}')
    with pytest.raises(ReachError) as error:
        load(tmp_path)
    assert str(error.value) == (
        f"cannot read `{tmp_path}/m.json`: field `reach_collection.places[0].account`: expected text, got a whole number\n"
        "  try: collect the snapshot again, or remove the file to leave it out"
    )


def test_what_may_lead_packets_on_may_lead_them_past_what_is_there(tmp_path: Path):
    documents = documents_of((SIX,))
    assert documents.pop("NatGateways")
    places = {(OWN, region): {} for region in (REGION, GLOBAL)}
    seen = written(tmp_path / "none", documents, places)
    assert load(seen).reach("eni-a", "internet", "tcp/443").verdict == "blocked"
    lost = written(tmp_path / "denied", documents, {**places, (OWN, REGION): {"ec2.DescribeNatGateways": "denied"}})
    assert load(lost).reach("eni-a", "internet", "tcp/443").verdict == "unknown"
