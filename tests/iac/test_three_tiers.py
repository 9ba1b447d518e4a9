"""One network written three times, as a Terraform plan, as a CloudFormation template and by hand, gives the same answers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import analyzer

from .plans import by_hand, three_tiers, with_action
from .templates import THREE_TIERS

QUESTIONS = [
    ("internet", "alb:edge", "https", "reachable"),
    ("internet", "alb:edge", "http", "blocked"),
    ("internet", "name:app-1", "tcp/8080", "reachable"),
    ("internet", "name:app-1", "ssh", "blocked"),
    ("internet", "rds:orders", "postgres", "blocked"),
    ("internet", "rds:orders", None, "blocked"),
    ("internet", "name:bastion", "ssh", "reachable"),
    ("internet", "name:bastion", "https", "blocked"),
    ("name:bastion", "name:app-1", "ssh", "reachable"),
    ("name:bastion", "name:app-1", "tcp/8080", "reachable"),  # by the load balancer, as anybody
    ("name:bastion", "rds:orders", "postgres", "blocked"),
    ("name:app-1", "rds:orders", "postgres", "reachable"),
    ("name:app-1", "rds:orders", "ssh", "blocked"),
    ("name:app-1", "internet", "https", "reachable"),
    ("name:app-1", "name:bastion", "ssh", "reachable"),
    ("name:app-1", "alb:edge", "https", "reachable"),
    ("rds:orders", "internet", "https", "blocked"),
    ("rds:orders", "name:app-1", "ssh", "blocked"),
    ("alb:edge", "name:app-1", "tcp/8080", "reachable"),
    ("alb:edge", "rds:orders", "postgres", "blocked"),
    ("sg:app", "sg:data", "postgres", "reachable"),
]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, analyzer.network.Network]:
    folder: Path = tmp_path_factory.mktemp("tiers")
    networks = {}
    for name, document in (("terraform", with_action(three_tiers())), ("by hand", by_hand())):
        path = folder / f"{name}.json"
        path.write_text(json.dumps(document))
        networks[name] = analyzer.load(path)
    path = folder / "cloudformation.yaml"
    path.write_text(THREE_TIERS)
    networks["cloudformation"] = analyzer.load(path)
    return networks


@pytest.mark.parametrize(("source", "target", "on", "verdict"), QUESTIONS)
def test_all_give_the_same_answer(written, source, target, on, verdict):
    answers = {name: network.reach(source, target, on) for name, network in written.items()}
    told = {name: (one.verdict.value, one.forward.value, list(one.services)) for name, one in answers.items()}
    assert told["terraform"] == told["by hand"] == told["cloudformation"]
    assert told["terraform"][0] == verdict
