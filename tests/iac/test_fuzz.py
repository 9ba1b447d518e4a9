"""Mutated plans and states: whatever stands in them, loading gives a snapshot or an InputError, and nothing else."""

from __future__ import annotations

import json
import os
import random

import pytest

from analyzer.models.errors import InputError
from analyzer.read import load

from ..read.test_fuzz import mutated_value
from .plans import three_tiers, with_action
from .test_terraform import _hosts, _raw, _shown

TRIES = int(os.environ.get("REACH_FUZZ_CODE", "300"))
WHOLE = [with_action(three_tiers()), _hosts(), _raw(), _shown()]


@pytest.mark.parametrize("part", range(10))
def test_mutated_code_gives_a_snapshot_or_an_error(tmp_path, part):
    path = tmp_path / "code.json"
    read = 0
    for seed in range(part, TRIES, 10):
        chance = random.Random(seed)
        value = chance.choice(WHOLE)
        for _ in range(chance.randint(1, 4)):
            value = mutated_value(value, chance)
        path.write_text(json.dumps(value))
        try:
            snapshot = load(path)
        except InputError:
            continue
        read += 1
        for one in snapshot.everything():
            list(one.caveats(snapshot))
    assert read
