"""Mutated templates: whatever stands in them, loading gives a snapshot or an InputError, and nothing else; so do questions."""

from __future__ import annotations

import json
import os
import random
from contextlib import suppress

import pytest

import analyzer
from analyzer.models.errors import InputError, QuestionError
from analyzer.read.cloudformation.documents import read_yaml_template

from ..read.test_fuzz import mutated_value
from .plans import by_hand
from .templates import EVERYTHING, THREE_TIERS

TRIES = int(os.environ.get("REACH_FUZZ_CODE", "300"))
TEMPLATES = [read_yaml_template(text, "")[0] for text in (THREE_TIERS, EVERYTHING)]


def _reads(*paths, asks=()) -> bool:
    try:
        found = analyzer.load(list(paths))
    except InputError:
        return False
    for one in found.snapshot.everything():
        list(one.caveats(found.snapshot))
    for source, target in asks:
        with suppress(QuestionError):
            found.reach(source, target, "ssh")
    return True


def _left_open(value, chance):
    """Return a template in which a condition that cannot be decided says whether something of a resource is there, or is another."""
    resources = {name: one for name, one in value["Resources"].items() if isinstance(one, dict) and one.get("Properties")}
    name = chance.choice(sorted(resources))
    changed = {**resources[name], "Properties": _open_inside(resources[name]["Properties"], chance)}
    known = {"Open": {"Fn::Equals": [{"Ref": "AWS::Region"}, "x"]}}
    return {**value, "Conditions": value.get("Conditions", {}) | known, "Resources": {**value["Resources"], name: changed}}


def _open_inside(value, chance):
    inner = [key for key, one in (value.items() if isinstance(value, dict) else enumerate(value))] if _is_many(value) else []
    if not inner or chance.random() < 0.2:
        return {"Fn::If": ["Open", value, {"Ref": "AWS::NoValue"}]}
    key = chance.choice(inner)
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[key] = _open_inside(value[key], chance)
    return copy


def _is_many(value):
    function = isinstance(value, dict) and any(str(key) == "Ref" or str(key).startswith("Fn::") for key in value)
    return isinstance(value, dict | list) and not function


@pytest.mark.parametrize("part", range(10))
def test_templates_that_leave_something_open_are_read_and_asked(tmp_path, part):
    path = tmp_path / "code.json"
    for seed in range(part, TRIES, 10):
        chance = random.Random(seed)
        value = chance.choice(TEMPLATES)
        for _ in range(chance.randint(1, 4)):
            value = _left_open(value, chance)
        path.write_text(json.dumps(value))
        assert _reads(path, asks=(("internet", "any"), ("any", "192.168.0.9"))), seed


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
