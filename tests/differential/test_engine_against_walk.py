"""The engine against its oracle: on random networks, every packet fares as the engine says of the set that it is in."""

from __future__ import annotations

from analyzer.models.verdict import Verdict

from .comparison import CROSSED, Tally, differences
from .runs import ALONE, again, assert_none, seeds

# The fewest pairs of sender and target, in 500 networks, that come by each thing which packets cross, and that may pass or are
# blocked. Counted are some 30 to 120 of each: a net through which nothing goes fails.
FEWEST = 10


@seeds(networks=2000, chunk=500)
def test_every_packet_fares_as_the_engine_says(seeds: range) -> None:
    tally = Tally()
    found = [
        f"network {seed}: {text}\n  {again(seed, 'test_engine_against_walk.py')}"
        for seed in seeds
        for text in differences(seed, tally)
    ]
    assert_none(found)
    if len(seeds) >= 500 and not ALONE:
        assert_telling(tally)


def assert_telling(tally: Tally) -> None:
    """Fail on networks that are mostly open or mostly closed, or that show too little of what can become of a packet."""
    assert 0.2 <= tally.reachable <= 0.8, f"{tally.reachable:.0%} of the pairs are reachable"
    assert tally.beside > 1500
    assert tally.skipped <= tally.fates.total() / 100
    assert {forward for forward, _ in tally.fates} == set(Verdict) - {Verdict.BLOCKED}
    assert {reply for _, reply in tally.fates} == {*Verdict, None}
    few = {what: (passing, blocked) for what in CROSSED.values() for passing, blocked in [_crossings(tally, what)]}
    assert {what: both for what, both in few.items() if min(both) < FEWEST} == {}, few


def _crossings(tally: Tally, what: str) -> tuple[int, int]:
    return tally.crossings(what, True), tally.crossings(what, False)
