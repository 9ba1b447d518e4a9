"""Lists as text and JSON."""

from __future__ import annotations

import json

import msgspec

from analyzer.models.answer import End
from analyzer.models.rule import Rule
from analyzer.report.listing import resources, rules, sentences

from .answers import EVIL

WEB = End(id="i-1", kind="ec2", name="web", address="10.0.1.4", vpc="vpc-1", account="1")
GROUP = End(id="sg-1", kind="sg", vpc="vpc-1")
RULE = Rule("SG-1", "A group only allows.", "https://docs.aws.amazon.com/x", "models.aws.security_group.SecurityGroup")


def test_resources_are_a_table():
    assert resources([WEB, GROUP], "text") == (
        "kind  id    name  address   vpc\nec2   i-1   web   10.0.1.4  vpc-1\nsg    sg-1  -     -         vpc-1\n"
    )
    assert json.loads(resources([WEB], "json")) == {"schema": "reach/list/1", "resources": [msgspec.to_builtins(WEB)]}


def test_a_long_name_does_not_push_the_others_away():
    long = msgspec.structs.replace(WEB, name="n" * 100)
    assert resources([long, WEB], "text").splitlines()[2] == "ec2   i-1  web   10.0.1.4  vpc-1"


def test_sentences_and_rules():
    assert sentences(["one", "two"], "text") == "one\ntwo\n"
    assert json.loads(sentences(["one"], "json")) == {"schema": "reach/not-modelled/1", "not_modelled": ["one"]}
    assert rules([RULE], "text") == f"SG-1\n  {RULE.says}\n  AWS:  {RULE.source}\n  code: {RULE.where}\n"
    assert json.loads(rules([RULE], "json"))["rules"] == [
        {"id": "SG-1", "says": RULE.says, "source": RULE.source, "where": RULE.where}
    ]


def test_hostile_names_stay_on_their_line():
    told = resources([End(id=EVIL, kind="ec2", name=EVIL)], "text") + sentences([EVIL], "text")
    assert len(told.splitlines()) == 3
    assert told.replace("\n", "").isprintable()
