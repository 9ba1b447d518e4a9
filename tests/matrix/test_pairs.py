"""Rows of relations become pairs of groups as the definition says, with numpy and without, whoever computes them."""

from __future__ import annotations

import pickle

import pytest

import analyzer
from analyzer.ask import ask
from analyzer.matrix import Matrix, plan
from analyzer.matrix.bits import PlainBits, members
from analyzer.models.packet import EVERY_SERVICE
from analyzer.models.snapshot import Snapshot

from .relations import MadeUp, by_definition, cells
from .slow_relation import SlowRelation

GRAINS = ("sg", "subnet", "vpc", "context", "tag:tier", "interface")


@pytest.fixture(scope="module")
def world() -> Snapshot:
    return analyzer.load("demo").snapshot


@pytest.mark.parametrize("plain", [False, True], ids=["numpy", "plain"])
@pytest.mark.parametrize("by", GRAINS)
def test_the_fold_is_the_definition(world: Snapshot, by: str, plain: bool, monkeypatch: pytest.MonkeyPatch):
    if plain:
        monkeypatch.setattr("analyzer.matrix.pairs.bits_of", lambda groups, count: PlainBits(groups))
    else:
        pytest.importorskip("numpy")
    filled = 0
    for seed in range(25):
        made = MadeUp(world, seed)
        expected = by_definition(world, made, by)
        found = cells(Matrix(world, by, made=made))
        assert len(found) == len(set(found)), "nothing twice"
        assert set(found) == expected
        filled += len(expected)
    assert filled > 100


@pytest.mark.parametrize("by", GRAINS)
@pytest.mark.parametrize(("source", "target"), [("ec2", None), (None, "rds or internet"), ("internet", "not ec2")])
def test_limits_leave_out_members_and_nothing_else(world: Snapshot, by: str, source: str | None, target: str | None):
    made = MadeUp(world, 7)
    limited = [frozenset(one.id for one in analyzer.select.select(text, world)) if text else None for text in (source, target)]
    assert set(cells(Matrix(world, by, source=source, target=target, made=made))) == by_definition(world, made, by, *limited)


@pytest.mark.parametrize("by", GRAINS)
def test_shards_of_any_size_come_to_the_same(world: Snapshot, by: str, monkeypatch: pytest.MonkeyPatch):
    whole = cells(Matrix(world, by, made=MadeUp(world, 3)))
    monkeypatch.setattr(plan, "MOST_CLASSES", 1)
    small = Matrix(world, by, made=MadeUp(world, 3))
    assert small.shard_count > 1
    assert cells(small) == whole
    assert cells(small, workers=2) == whole


def test_rows_are_in_order_of_target_and_source(world: Snapshot):
    matrix = Matrix(world, "interface", made=MadeUp(world, 1))
    places = [
        (matrix.heading.groups.index(target), matrix.heading.groups.index(source)) for source, target, _, _ in cells(matrix)
    ]
    assert places == sorted(places)


def test_a_matrix_of_interfaces_says_what_reach_says(world: Snapshot):
    found: dict[tuple[str, str], dict[str, tuple[str, ...]]] = {}
    for source, target, verdict, services in cells(Matrix(world, "interface")):
        found.setdefault((source.id, target.id), {})[verdict] = services
    ids = [*(one.id for one in world.all("network_interface")), "internet"]
    for source_id in ids:
        for target_id in ids:
            if source_id != target_id:
                answer = ask(world, source_id, target_id)
                row = found.get((source_id, target_id), {})
                assert next(iter(row), "blocked") == answer.verdict.value, (source_id, target_id)
                assert list(row.get("reachable", ())) == answer.services


def test_the_possible_pairs_are_all_but_those_of_one_with_itself(world: Snapshot):
    interfaces = len(world.all("network_interface"))
    assert Matrix(world, "interface").heading.pairs == (interfaces + 1) * interfaces
    assert Matrix(world, "vpc").heading.pairs == 3 * 3 - 1, "two VPCs and the internet, which does not reach itself"


def test_the_model_that_workers_get_is_the_same_snapshot(world: Snapshot):
    copy = pickle.loads(pickle.dumps(world))
    assert copy.lacks == world.lacks
    assert [one.id for one in copy.everything()] == [one.id for one in world.everything()]
    assert by_definition(copy, SlowRelation(copy, EVERY_SERVICE), "vpc") == set(cells(Matrix(world, "vpc")))


def test_what_was_missing_when_it_was_read_is_missing_for_workers_too():
    from analyzer.models.aws import COMPONENTS

    empty = Snapshot([], kinds=COMPONENTS)
    assert empty.lacks
    assert pickle.loads(pickle.dumps(empty)).lacks == empty.lacks


def test_the_bits_of_a_number():
    assert list(members(0)) == []
    assert list(members(0b101001)) == [0, 3, 5]
