"""Matrices of the engine's relation against those of single questions, pair by pair; and what a matrix adds to it."""

from __future__ import annotations

import msgspec
import pytest

import analyzer
from analyzer.edit import Edit, edited
from analyzer.matrix import Matrix
from analyzer.models.aws import COMPONENTS
from analyzer.models.service import parse_services
from analyzer.models.snapshot import Snapshot
from analyzer.select import select

from .relations import cells
from .slow_relation import SlowRelation


@pytest.mark.parametrize("on", [None, "tcp/443", "smtp", "tcp/20-30,udp", "icmp"])
@pytest.mark.parametrize("by", ["sg", "subnet", "context", "interface"])
def test_the_engine_comes_to_what_single_questions_come_to(by: str, on: str | None):
    world = analyzer.load("demo").snapshot
    slow = Matrix(world, by, on, made=SlowRelation(world, parse_services(on or "")))
    assert set(cells(Matrix(world, by, on))) == set(cells(slow))


def test_mail_to_the_internet_is_conditional():
    world = analyzer.load("demo").snapshot
    (row,) = cells(Matrix(world, "vpc", "tcp/25", target="internet"))
    assert row[2:] == ("conditional", ("tcp/25",))
    (row,) = cells(Matrix(world, "vpc", "tcp/24-25", target="internet"))
    assert row[2:] == ("reachable", ("tcp/24-25",)), "other questions are not touched by it"


@pytest.mark.parametrize("missing", ["subnet", "vpc"])
def test_where_nobody_knows_where_things_are_nothing_is_blocked(missing: str):
    whole = analyzer.load("demo").snapshot
    world = Snapshot((one for one in whole.everything() if one.documents and one.kind != missing), kinds=COMPONENTS)
    assert world.lacks
    for workers in (1, 2):
        matrix = Matrix(world, "interface")
        listed = {(source, target) for source, target, _, _ in cells(matrix, workers=workers)}
        assert len(listed) == matrix.heading.pairs


@pytest.mark.parametrize("on", ["tcp", "icmp/8", "udp"])
def test_replies_that_a_host_passed_on_come_to_it_and_go_on(on: str):
    """A NAT instance is an ordinary host, but for its check: who stands behind it asks a public database over the internet."""
    demo = analyzer.load("demo").snapshot
    bastion = demo.find("network_interface", "eni-0196d43003135bda2")
    world = demo.edited({(bastion.kind, bastion.id): msgspec.structs.replace(bastion, source_dest_check=False)})
    (behind,) = select("monitor-1", world)
    groups = world.find("network_interface", behind.id).group_ids
    written = [
        {"route": {"table": "rtb-0e5a4f776226df4d4", "to": "203.0.113.0/24", "via": bastion.id}},
        {"rule": {"group": bastion.group_ids[0], "inbound": "all", "from": "10.1.0.0/16"}},
        *({"rule": {"group": id, "outbound": "all", "to": "203.0.113.0/24"}} for id in {*bastion.group_ids, *groups}),
    ]
    world = edited(world, [Edit.model_validate({"add": one}) for one in written])
    slow = Matrix(world, "interface", on, made=SlowRelation(world, parse_services(on)))
    found = cells(Matrix(world, "interface", on))
    assert set(found) == set(cells(slow))
    told = {(source.name, target.name): verdict for source, target, verdict, _ in found}
    assert told.get(("monitor-1", "crm")) == ("conditional" if on == "tcp" else None)
