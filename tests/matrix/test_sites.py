"""Networks behind VPNs as sources of a matrix: what they reach is what the single question says."""

from __future__ import annotations

import pytest

from analyzer.matrix import Matrix
from analyzer.models.snapshot import Snapshot
from analyzer.models.verdict import SURENESS, Verdict
from analyzer.network import Network

from ..semantics.build import SITE, V4, eni_b, group, network, rule, site
from .relations import cells

OUTSIDE = "networks outside"


def connected(*more: object) -> Network:
    return network(*site(), group("sg-b", [rule("tcp/5432", SITE)]), eni_b(groups=["sg-b"]), *more)


def from_outside(world: Snapshot, by: str = "interface") -> dict[str, tuple[str, tuple[str, ...]]]:
    return {other.id: (verdict, on) for one, other, verdict, on in cells(Matrix(world, by)) if one.id == OUTSIDE}


def test_a_network_behind_a_vpn_is_a_source_in_every_matrix() -> None:
    asked = connected()
    assert from_outside(asked.snapshot)["eni-b"] == ("reachable", ("tcp/5432",))
    assert from_outside(asked.snapshot, "sg")["sg-b"] == ("reachable", ("tcp/5432",))
    shut = network(*site(), group("sg-b", [rule("tcp/5432", "192.0.2.0/24")]), eni_b(groups=["sg-b"]))
    assert "eni-b" not in from_outside(shut.snapshot)


def test_without_a_way_in_there_is_no_such_source() -> None:
    asked = network(group("sg-b", [rule("tcp/5432", V4)]), eni_b(groups=["sg-b"]))
    assert from_outside(asked.snapshot) == {}
    assert OUTSIDE not in {one.id for one in Matrix(asked.snapshot, "vpc").heading.groups}


def test_it_says_what_the_single_question_says() -> None:
    asked = connected()
    found = from_outside(asked.snapshot)
    for interface in asked.snapshot.all("network_interface"):
        told = asked.reach(SITE, interface.id)
        verdict = found.get(interface.id, ("blocked", ()))[0]
        assert SURENESS.index(Verdict(verdict)) <= SURENESS.index(told.verdict), (
            "all of the network, of which this is one address"
        )
        if told.verdict is Verdict.REACHABLE:
            assert set(told.services) <= set(found[interface.id][1]) | {"all"}


@pytest.mark.parametrize("limit", [{"source": "eni-a"}, {"source": "internet"}])
def test_a_matrix_of_other_sources_leaves_it_out(limit: dict[str, str]) -> None:
    rows = cells(Matrix(connected().snapshot, "interface", **limit))
    assert OUTSIDE not in {one.id for one, *_ in rows}
