"""Mutated templates: whatever stands in them, loading gives a snapshot or an InputError, and nothing else."""

from __future__ import annotations

import json
import os
import random

import pytest

from analyzer.models.errors import InputError
from analyzer.read import load
from analyzer.read.cloudformation.documents import read_yaml_template

from ..read.test_fuzz import mutated_value
from .plans import by_hand
from .templates import EVERYTHING, THREE_TIERS

TRIES = int(os.environ.get("REACH_FUZZ_CODE", "300"))
TEMPLATES = [read_yaml_template(text, "")[0] for text in (THREE_TIERS, EVERYTHING)]


def _reads(*paths) -> bool:
    try:
        snapshot = load(paths)
    except InputError:
        return False
    for one in snapshot.everything():
        list(one.caveats(snapshot))
    return True


@pytest.mark.parametrize("part", range(10))
def test_mutated_templates_give_a_snapshot_or_an_error(tmp_path, part):
    path, live = tmp_path / "code.json", tmp_path / "live.json"
    live.write_text(json.dumps(by_hand()))
    read = 0
    for seed in range(part, TRIES, 10):
        chance = random.Random(seed)
        value = chance.choice(TEMPLATES)
        for _ in range(chance.randint(1, 4)):
            value = mutated_value(value, chance)
        path.write_text(json.dumps(value))
        # Every third time over the network that is there, as in `reach diff`.
        read += _reads(path, live) if chance.random() < 1 / 3 else _reads(path)
    assert read


def test_mutated_text_of_templates_gives_a_snapshot_or_an_error(tmp_path):
    path = tmp_path / "code.yaml"
    read = 0
    for seed in range(TRIES // 3):
        chance = random.Random(seed)
        lines = chance.choice((THREE_TIERS, EVERYTHING)).splitlines()
        for _ in range(chance.randint(1, 3)):
            at = chance.randrange(len(lines))
            line, cut = lines[at], chance.randrange(len(lines[at]) + 1)
            forms = (line[:cut], line * 2, chance.choice(lines), line[:cut] + chance.choice("[]{}:!'&*-#|") + line[cut:])
            lines[at] = chance.choice(forms)
        path.write_text("\n".join(lines))
        read += _reads(path)
    assert read
