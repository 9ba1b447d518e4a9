"""Whatever of a template may not be there: what is reachable where it is, is never said to be blocked."""

from __future__ import annotations

import json

import pytest

import analyzer
from analyzer.models.errors import QuestionError
from analyzer.read.cloudformation.documents import read_yaml_template

from .networks import NETWORKS
from .templates import THREE_TIERS
from .test_three_tiers import QUESTIONS

DOCUMENT = read_yaml_template(THREE_TIERS, "")[0]
REACHABLE = [row[:3] for row in QUESTIONS if row[3] == "reachable"]
PERHAPS = {"Perhaps": {"Fn::Equals": [{"Ref": "AWS::Region"}, "x"]}}


@pytest.mark.parametrize("name", [name for name, one in DOCUMENT["Resources"].items() if "Condition" not in one])
def test_what_is_reachable_by_what_may_not_be_there_is_not_blocked(tmp_path, name):
    resources = {**DOCUMENT["Resources"], name: {**DOCUMENT["Resources"][name], "Condition": "Perhaps"}}
    document = {**DOCUMENT, "Resources": resources, "Conditions": {**DOCUMENT["Conditions"], **PERHAPS}}
    (tmp_path / "t.json").write_text(json.dumps(document))
    network = analyzer.load(tmp_path / "t.json")
    for question in REACHABLE:
        try:
            verdict = network.reach(*question).verdict.value
        except QuestionError:
            continue  # one of the ends is what may not be there
        assert verdict != "blocked", question


UNVALUED = {"Ref": "Unvalued"}


def _places(value, path=()):
    """Yield the path of everything that stands in a value, functions left whole."""
    if path:
        yield path
    function = isinstance(value, dict) and any(key == "Ref" or key.startswith("Fn::") for key in value)
    items = value.items() if isinstance(value, dict) and not function else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from _places(inner, (*path, key))


def _put(value, path):
    if not path:
        return UNVALUED
    if isinstance(value, dict):
        return {key: _put(inner, path[1:]) if key == path[0] else inner for key, inner in value.items()}
    return [_put(inner, path[1:]) if number == path[0] else inner for number, inner in enumerate(value)]


@pytest.mark.parametrize("name", [name for name, one in DOCUMENT["Resources"].items() if "Condition" not in one])
def test_what_is_reachable_is_not_blocked_where_a_part_is_not_known(tmp_path, name):
    one = DOCUMENT["Resources"][name]
    for path in _places(one.get("Properties", {})):
        changed = {**one, "Properties": _put(one["Properties"], path)}
        document = {**DOCUMENT, "Resources": {**DOCUMENT["Resources"], name: changed}}
        document["Parameters"] = {**DOCUMENT["Parameters"], "Unvalued": {"Type": "String"}}
        (tmp_path / "t.json").write_text(json.dumps(document))
        network = analyzer.load(tmp_path / "t.json")
        for question in REACHABLE:
            try:
                verdict = network.reach(*question).verdict.value
            except QuestionError:
                continue  # one of the ends is nobody then
            assert verdict != "blocked", (path, question)


@pytest.mark.parametrize("name", NETWORKS)
def test_what_is_reachable_by_one_thing_on_the_way_is_not_blocked_where_too_little_is_known_of_it(tmp_path, name):
    document, question = NETWORKS[name]

    def ask(resource, changed, **more):
        resources = {**document["Resources"], resource: changed}
        (tmp_path / "t.json").write_text(json.dumps({**document, "Resources": resources, **more}))
        try:
            return analyzer.load(tmp_path / "t.json").reach(*question).verdict.value
        except QuestionError:
            return "nobody"

    for resource, one in document["Resources"].items():
        assert ask(resource, one) == "reachable"
        assert ask(resource, {**one, "Condition": "Perhaps"}, Conditions=PERHAPS) != "blocked", resource
        for path in _places(one["Properties"]):
            changed = {**one, "Properties": _put(one["Properties"], path)}
            assert ask(resource, changed, Parameters={"Unvalued": {"Type": "String"}}) != "blocked", (resource, path)
