"""Which random networks a run is about: the default ones, more of them, or one alone.

`REACH_FUZZ_NETWORKS=100000` runs that many networks with each test, `REACH_FUZZ_FIRST=2000` starts at another seed, and
`REACH_FUZZ_SEED=17` runs that network alone.
"""

from __future__ import annotations

import os

import pytest

ALONE = os.environ.get("REACH_FUZZ_SEED", "")


def seeds(networks: int, chunk: int) -> pytest.MarkDecorator:
    """Return the parametrisation of a test by `seeds`, ranges of `chunk` of them; `networks` is how many there are by default."""
    if ALONE:
        return pytest.mark.parametrize("seeds", [range(int(ALONE), int(ALONE) + 1)], ids=[ALONE])
    first = int(os.environ.get("REACH_FUZZ_FIRST", "0"))
    last = first + int(os.environ.get("REACH_FUZZ_NETWORKS", "") or networks)
    ranges = [range(start, min(start + chunk, last)) for start in range(first, last, chunk)]
    return pytest.mark.parametrize("seeds", ranges, ids=[f"{one.start}-{one.stop - 1}" for one in ranges])


def again(seed: int, test: str) -> str:
    """Return the command that runs one test on one network again."""
    return f"again: REACH_FUZZ_SEED={seed} .venv/bin/python -m pytest tests/differential/{test}"


def assert_none(found: list[str]) -> None:
    """Fail with the first of what was found, if anything was."""
    assert not found, "\n".join([f"{len(found)} found", *found[:8]])
