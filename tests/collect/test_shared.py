"""What an account has of others: it shows only a part of it, and what it does not show is unknown."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from analyzer import load
from analyzer.models.collection import GLOBAL

from ..semantics.build import (
    documents_of,
    eni_b,
    group,
    interface,
    main_table,
    rule,
    seen_attachment,
    subnet,
    tgw,
    tgw_table,
    transit,
    vgw,
)
from ..semantics.test_database import rds
from ..semantics.test_direct_connect import SITE, direct
from .conftest import reach
from .stub import ACCOUNT, Asked
from .test_gaps import OWN, REGION, manifest, written

GATEWAYS = {"VpnGateways": [{"VpnGatewayId": "vgw-1", "State": "available", "VpcAttachments": []}]}
ASSOCIATION = {
    "associationId": "assoc-1",
    "directConnectGatewayId": "dxgw-of-somebody-else",
    "associationState": "associated",
    "associatedGateway": {"id": "vgw-1", "type": "virtualPrivateGateway", "ownerAccount": ACCOUNT},
}


@pytest.mark.parametrize("state", ["available", "deleted"])
def test_direct_connect_of_another_account_is_asked_for_by_the_gateway_that_it_leads_to(serve, state: str, tmp_path: Path):
    def answer(asked: Asked) -> dict[str, Any] | None:
        if asked.region != "eu-west-1":
            return None
        if asked.operation == "DescribeVpnGateways":
            return {"VpnGateways": [{**GATEWAYS["VpnGateways"][0], "State": state}]}
        by_gateway = asked.operation == "DescribeDirectConnectGatewayAssociations" and b"vgw-1" in asked.data
        return {"directConnectGatewayAssociations": [ASSOCIATION]} if by_gateway else None

    stub = serve(answer)
    assert reach(str(tmp_path / "s"), "--endpoint-url", stub.url, "--regions", "eu-west-1").code == 0
    found = [one.gateway_id for one in load(tmp_path / "s").snapshot.all("direct_connect_association")]
    assert found == (["vgw-1"] if state == "available" else [])


@pytest.mark.parametrize(
    ("denied", "verdict"),
    [
        ({}, "blocked"),
        ({"directconnect.DescribeDirectConnectGatewayAssociations-by-associatedGatewayId": "denied"}, "unknown"),
        ({"directconnect.DescribeDirectConnectGatewayAssociations": "denied"}, "unknown"),
    ],
)
def test_whether_direct_connect_leads_to_a_gateway_is_unknown_where_it_was_not_told(
    denied: dict[str, str], verdict: str, tmp_path: Path
):
    documents = documents_of((vgw(), main_table((SITE, "vgw-1"))))
    folder = written(tmp_path / "s", documents, {(OWN, REGION): denied, (OWN, GLOBAL): {}})
    assert load(folder).reach("eni-a", "192.168.1.5", "tcp/443").verdict == verdict


HERS = "222222222222"
NETWORKING = ("VpnGateways", "directConnectGatewayAssociations")


def beside(folder: Path, hers: dict[str, Any], mine: dict[str, Any]) -> Path:
    """Write what was collected of her account, and beside it what was written by hand of mine, which nobody asked."""
    for account, documents in ((HERS, hers), (OWN, mine)):
        home = folder / account / REGION
        home.mkdir(parents=True)
        (home / "all.json").write_text(json.dumps(documents))
    (folder / "manifest.json").write_text(json.dumps(manifest({(HERS, REGION): {}, (HERS, GLOBAL): {}})))
    return folder


@pytest.mark.parametrize("left_out", ["RouteTables", "Vpcs", "Subnets", "NetworkAcls", "SecurityGroups"])
def test_what_one_account_told_does_not_make_whole_what_was_written_by_hand_of_another(left_out: str, tmp_path: Path):
    documents = documents_of((vgw(), direct(), main_table((SITE, "vgw-1")), eni_b(public="")))
    hers = {key: rows for key, rows in documents.items() if key in NETWORKING}
    mine = {key: rows for key, rows in documents.items() if key not in (*NETWORKING, left_out)}
    network = load(beside(tmp_path / "s", hers, mine))
    assert network.reach("192.168.1.5", "eni-b", "tcp/443").verdict == "unknown"
    assert network.reach("internet", "eni-a", "tcp/443").verdict == "unknown"


def test_nor_is_anything_blocked_where_what_was_written_by_hand_does_not_say_where_it_stands(tmp_path: Path):
    documents = documents_of((rds(public=True),))
    hers = {"DBInstances": documents.pop("DBInstances")}
    whole = load(beside(tmp_path / "whole", hers, documents))
    assert whole.reach("internet", "orders", "tcp/5432").verdict == "unknown"
    del documents["Vpcs"]
    without = load(beside(tmp_path / "without", hers, documents))
    assert without.reach("internet", "orders", "tcp/5432").verdict == "unknown"


def test_but_what_was_written_beside_a_collection_of_the_same_account_is_judged_by_its_manifest(tmp_path: Path):
    documents = documents_of((eni_b(addresses=("10.0.2.10",), public=""),))
    folder = written(tmp_path / "s", documents, {(OWN, REGION): {}, (OWN, GLOBAL): {}})
    (folder / "more.json").write_text(json.dumps({"NetworkInterfaces": [documents["NetworkInterfaces"][0]]}))
    assert load(folder).reach("internet", "eni-b", "tcp/443").verdict == "blocked"


def test_of_a_vpc_that_is_not_there_nobody_told_anything(tmp_path: Path):
    documents = documents_of(())
    snapshot = load(written(tmp_path / "s", documents, {(OWN, REGION): {}, (OWN, GLOBAL): {}})).snapshot
    assert snapshot.collected("internet_gateway", snapshot.keeper("vpc-1"))
    assert not snapshot.collected("internet_gateway", snapshot.keeper("vpc-of-nobody"))


@pytest.mark.parametrize("names", [("older", "newer"), ("z-older", "newer")], ids=["older first", "newer first"])
def test_an_interface_that_a_newer_collection_saw_is_not_gone_because_an_older_one_knew_all_subnets(
    names: tuple[str, str], tmp_path: Path
):
    older = documents_of(())
    newer = documents_of((subnet("subnet-new", "10.0.9.0/24"), interface("eni-new", "10.0.9.9", subnet="subnet-new")))
    del newer["Subnets"]
    places = {(OWN, REGION): {}, (OWN, GLOBAL): {}}
    written(tmp_path / "s" / names[0], older, places)
    assert load(tmp_path / "s").reach("eni-a", "10.0.9.9", "tcp/443").verdict == "blocked"
    written(tmp_path / "s" / names[1], newer, {**places, (OWN, REGION): {"ec2.DescribeSubnets": "denied"}})
    assert load(tmp_path / "s", keep_going=True).reach("eni-a", "10.0.9.9", "tcp/443").verdict == "unknown"


@pytest.mark.parametrize(("shared", "verdict"), [(True, "reachable"), (False, "unknown")])
def test_a_transit_gateway_that_is_no_longer_shared_may_still_carry_references(shared: bool, verdict: str, tmp_path: Path):
    named = group("sg-p", [rule("udp/53", "sg-open")], vpc="vpc-2")
    documents = documents_of((transit(), tgw(references="enable"), named))
    if not shared:
        documents = {key: rows for key, rows in documents.items() if "TransitGateway" not in key or "VpcAttachments" in key}
    folder = written(tmp_path / "s", documents, {(OWN, REGION): {}, (OWN, GLOBAL): {}})
    assert load(folder).reach("eni-a", "eni-p", "udp/53").verdict == verdict


@pytest.mark.parametrize(("told", "verdict"), [(True, "blocked"), (False, "unknown")])
def test_what_direct_connect_announces_behind_a_transit_gateway_is_unknown_where_it_was_not_told(
    told: bool, verdict: str, tmp_path: Path
):
    leads = {"TransitGatewayAttachmentId": "dx-1", "ResourceType": "direct-connect-gateway", "ResourceId": "dxgw-1"}
    to_site = {"DestinationCidrBlock": SITE, "Type": "propagated", "State": "active", "TransitGatewayAttachments": [leads]}
    rows = (
        transit(),
        seen_attachment("dx-1", "direct-connect-gateway", "dxgw-1"),
        tgw_table("tgw-rtb-1", ("10.0.0.0/16", "tgw-attach-1"), to_site),
        main_table((SITE, "tgw-1")),
        direct("tgw-1", "10.7.0.0/16", kind="transitGateway"),
    )
    documents = documents_of(rows)
    denied = {} if told else {"directconnect.DescribeDirectConnectGatewayAssociations": "denied"}
    if not told:
        del documents["directConnectGatewayAssociations"]
    folder = written(tmp_path / "s", documents, {(OWN, REGION): denied, (OWN, GLOBAL): {}})
    assert load(folder).reach("192.168.1.5", "10.0.1.10", "tcp/443").verdict == verdict
