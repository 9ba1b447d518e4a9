"""The engine against its oracle: on random networks, every packet fares as the engine says of the set that it is in.

`REACH_FUZZ_NETWORKS=100000` runs more networks than the default, `REACH_FUZZ_FIRST=2000` starts at another seed, and
`REACH_FUZZ_SEED=17` runs that one alone.
"""

from __future__ import annotations

import os

import pytest

from analyzer.models.verdict import Verdict

from .comparison import Tally, differences

NETWORKS = int(os.environ.get("REACH_FUZZ_NETWORKS", "2000"))
FIRST = int(os.environ.get("REACH_FUZZ_FIRST", "0"))
ALONE = os.environ.get("REACH_FUZZ_SEED")
CHUNK = 100
MOST_SHOWN = 8


@pytest.mark.parametrize("first", [int(ALONE)] if ALONE else range(FIRST, FIRST + NETWORKS, CHUNK))
def test_every_packet_fares_as_the_engine_says(first: int) -> None:
    tally = Tally()
    found = [text for seed in range(first, first + (1 if ALONE else CHUNK)) for text in differences(seed, tally)]
    assert not found, "\n".join([f"{len(found)} differences", *found[:MOST_SHOWN]])
    if not ALONE:
        assert_telling(tally)


def assert_telling(tally: Tally) -> None:
    """Fail on networks that are mostly open or mostly closed, or that show too little of what can become of a packet."""
    assert 0.2 <= tally.reachable <= 0.8, f"{tally.reachable:.0%} of the pairs are reachable"
    assert tally.beside > 300
    assert tally.skipped <= tally.fates.total() / 100
    forwards = {forward for forward, _ in tally.fates}
    replies = {reply for _, reply in tally.fates}
    assert forwards == set(Verdict) - {Verdict.BLOCKED}
    assert replies == {*Verdict, None}
