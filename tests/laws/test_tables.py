"""Laws of tables: with an index or without, the first line that matches decides, and no line that can match is left out."""

from __future__ import annotations

from itertools import pairwise
from random import Random

import pytest

from analyzer.models.packet import EVERY_ADDRESS, IntervalSet, Packet, only
from analyzer.models.table import Arrive, Line, Match, Table

LAST = 80
REALMS = ("", "vpc-1", "vpc-2")
seeds = pytest.mark.parametrize("seed", range(100))


def some_numbers(random: Random) -> IntervalSet:
    """Return up to three short intervals."""
    lows = [random.randint(0, LAST) for _ in range(random.randint(1, 3))]
    return IntervalSet((low, low + random.randint(0, 6)) for low in lows)


def disjoint_targets(random: Random) -> list[IntervalSet | None]:
    """Return sets of targets no two of which overlap, so many that a table of them has an index; some of them touch."""
    borders = sorted(random.sample(range(LAST), random.randint(18, 40)))
    spans = [(low, high - random.randint(1, high - low)) for low, high in pairwise(borders)]
    random.shuffle(spans)
    return [*(IntervalSet([span]) for span in spans[:-2]), IntervalSet(spans[-2:])]


def any_targets(random: Random) -> list[IntervalSet | None]:
    """Return up to 20 sets of targets, which overlap."""
    return [some_numbers(random) for _ in range(random.randint(0, 20))]


def table_of(targets: list[IntervalSet | None], random: Random) -> Table:
    """Return a table with a line about each of these targets, lines about every target among them, and a last one for all."""
    for _ in range(random.randint(0, 3)):
        targets.insert(random.randint(0, len(targets)), None)
    lines = [Line(str(number), match_of(one, random), Arrive(str(number)), "", "") for number, one in enumerate(targets)]
    return Table("table", [*lines, Line("last", Match(), Arrive("last"), "", "")])


def match_of(targets: IntervalSet | None, random: Random) -> Match:
    """Return a match about these targets, which may be about sources, services or realms too."""
    sources, services = (some_numbers(random) if random.random() < 0.3 else None for _ in range(2))
    realms = frozenset(random.sample(REALMS, random.randint(1, 2))) if random.random() < 0.2 else None
    return Match(sources, targets, services, realms)


def is_in_order(some: list[Line], table: Table) -> bool:
    """Return whether these lines stand in the order of the table, each once."""
    at = {id(line): number for number, line in enumerate(table.lines)}
    places = [at[id(line)] for line in some]
    return places == sorted(set(places))


def holds_all_about(targets: IntervalSet, some: list[Line], table: Table) -> bool:
    """Return whether every line that can match a packet to one of the targets is among these."""
    there = {id(line) for line in some}
    about = [line for line in table.lines if line.match.targets is None or line.match.targets & targets]
    return all(id(line) in there for line in about)


def check_first(table: Table, random: Random) -> None:
    for target in range(LAST + 8):
        packet = Packet(random.randint(0, LAST), target, random.randint(0, LAST))
        realm = random.choice(REALMS)
        assert table.first(packet, realm) is next(line for line in table.lines if line.match.holds(packet, realm))
        assert is_in_order(table.about(target), table)
        assert holds_all_about(only(target), table.about(target), table)


def check_within(table: Table, random: Random) -> None:
    wide = IntervalSet([(random.randint(0, LAST), LAST + 4)])
    for targets in (some_numbers(random), some_numbers(random) | some_numbers(random), wide, EVERY_ADDRESS):
        within = table.within(targets)
        assert is_in_order(within, table)
        assert holds_all_about(targets, within, table)


@seeds
def test_an_index_finds_the_line_that_a_search_finds(seed: int) -> None:
    table = table_of(disjoint_targets(Random(seed)), Random(seed))
    assert len(table.about(LAST)) < len(table.lines), "the table has no index"
    check_first(table, Random(seed))


@seeds
def test_without_an_index_the_first_line_that_matches_decides_too(seed: int) -> None:
    check_first(table_of(any_targets(Random(seed)), Random(seed)), Random(seed))


@seeds
def test_within_targets_no_line_is_left_out_and_the_order_is_kept(seed: int) -> None:
    check_within(table_of(disjoint_targets(Random(seed)), Random(seed)), Random(seed))


@seeds
def test_within_targets_of_a_table_without_an_index_too(seed: int) -> None:
    check_within(table_of(any_targets(Random(seed)), Random(seed)), Random(seed))


def test_a_line_about_everything_keeps_its_place_between_lines_about_targets() -> None:
    lines = [Line(str(number), Match(targets=only(number * 10)), Arrive(str(number)), "", "") for number in range(20)]
    table = Table("table", [*lines, Line("last", Match(), Arrive("last"), "", "")])
    assert [line.title for line in table.within(IntervalSet([(5, 31)]))] == ["1", "2", "3", "last"]
