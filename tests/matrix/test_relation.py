"""Matrices of the engine's relation against those of single questions, pair by pair; and what a matrix adds to it."""

from __future__ import annotations

import pytest

import analyzer
from analyzer.matrix import Matrix
from analyzer.models.aws import COMPONENTS
from analyzer.models.service import parse_services
from analyzer.models.snapshot import Snapshot

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
