"""Mutated answers of AWS Config: whatever stands in them, loading gives a snapshot or an InputError, and nothing else."""

from __future__ import annotations

import json
import os
import random

import pytest

from analyzer.models.errors import InputError
from analyzer.read import load

from ..read.test_fuzz import mutated_value
from .test_aws_config import asked_by_text, results, snapshot

TRIES = int(os.environ.get("REACH_FUZZ_CODE", "300"))
ANSWERS = [snapshot(), results(), asked_by_text()]


@pytest.mark.parametrize("part", range(10))
def test_mutated_answers_give_a_snapshot_or_an_error(tmp_path, part):
    path = tmp_path / "config.json"
    read = 0
    for seed in range(part, TRIES, 10):
        chance = random.Random(seed)
        value = chance.choice(ANSWERS)
        for _ in range(chance.randint(1, 4)):
            value = mutated_value(value, chance)
        path.write_text(json.dumps(value))
        try:
            world = load(path)
        except InputError:
            continue
        read += 1
        for one in world.everything():
            list(one.caveats(world))
    assert read
