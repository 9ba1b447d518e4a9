"""What an account has of others: it shows only a part of it, and what it does not show is unknown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from analyzer import load
from analyzer.models.collection import GLOBAL

from ..semantics.build import documents_of, main_table, vgw
from .conftest import reach
from .stub import ACCOUNT, Asked
from .test_gaps import OWN, REGION, written

SITE = "192.168.0.0/16"
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
