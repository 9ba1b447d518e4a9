"""An organisation in moto, a server of its own, collected by the command: it answers as the same network written by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from analyzer import load
from analyzer.network import Network

from .cloud import AWAY, HOME, ROLE, built, handed_to, moto, written
from .conftest import ENVIRONMENT, Told, reach, statuses
from .stub import Stub

QUESTIONS = [
    ("internet", "name:web", "https", "reachable"),
    ("internet", "name:web", "ssh", "blocked"),
    ("internet", "name:app", "tcp/8080", "blocked"),
    ("internet", "name:db", None, "blocked"),
    ("internet", "name:vault", None, "blocked"),
    ("name:web", "internet", "https", "reachable"),
    ("name:app", "internet", None, "blocked"),
    ("name:vault", "internet", None, "blocked"),
    ("name:web", "name:app", "tcp/8080", "reachable"),
    ("name:web", "name:app", "tcp/8081", "blocked"),
    ("name:web", "name:app", "ssh", "blocked"),
    ("name:web", "name:app", None, "reachable"),
    ("name:app", "name:web", "https", "reachable"),
    ("name:app", "name:db", "tcp/5432", "reachable"),
    ("name:app", "name:db", "tcp/5433", "blocked"),
    ("name:web", "name:db", "tcp/5432", "blocked"),
    ("name:db", "name:app", None, "blocked"),
    ("name:batch", "name:db", "tcp/5432", "blocked"),
    ("name:db", "name:batch", None, "blocked"),
    ("name:batch", "name:app", None, "blocked"),
    ("name:app", "name:vault", None, "blocked"),
    ("any", "name:db", "tcp/5432", "reachable"),
]


class Cloud(NamedTuple):
    """What was collected, what was written by hand, whose accounts they are, and what the command said."""

    collected: Path
    hand: Path
    owners: dict[str, str]
    told: Told


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("moto")
    with pytest.MonkeyPatch.context() as patch, moto() as url:
        for name, value in ENVIRONMENT.items():
            patch.setenv(name, value)
        made = built(url)
        stub = Stub(handed_to(url))
        words = ("--accounts", "org", "--role", ROLE, "--regions", f"{HOME},{AWAY}", "--endpoint-url", stub.url)
        told = reach(str(folder / "collected"), *words)
        stub.close()
    for owner, region, documents in written(made):
        home = folder / "hand" / owner / region
        home.mkdir(parents=True)
        (home / "all.json").write_text(json.dumps(documents), "utf-8")
    return Cloud(folder / "collected", folder / "hand", made.owners, told)


def test_every_account_and_region_was_asked(cloud: Cloud):
    assert (cloud.told.code, cloud.told.out) == (0, "")
    assert cloud.told.err.startswith("reach: collected 3 accounts, 2 Regions, ")
    for owner in cloud.owners.values():
        for region in (HOME, AWAY, "global"):
            assert set(statuses(cloud.collected, owner, region).values()) == {"done"}


@pytest.fixture(scope="module")
def networks(cloud: Cloud) -> tuple[Network, Network]:
    return load(cloud.collected), load(cloud.hand)


@pytest.mark.parametrize(("source", "target", "on", "verdict"), QUESTIONS)
def test_what_was_collected_answers_as_what_was_written_by_hand(networks: Any, source: str, target: str, on: Any, verdict: str):
    collected, hand = (said(network, source, target, on) for network in networks)
    assert collected == hand
    assert collected["verdict"] == verdict


def said(network: Network, source: str, target: str, on: str | None) -> dict[str, Any]:
    """Return an answer with names for ids, and rules for the lines that ids name."""
    answer = network.reach(source, target, on=on)
    told = answer.to_dict()
    names = {"from", "to"}
    return {
        **{name: told[name] for name in ("verdict", "forward", "reply", "services")},
        "pairs": sorted(
            (*(one[name]["name"] for name in sorted(names)), one["verdict"], *one["services"]) for one in told["pairs"]
        ),
        "blockers": sorted({(one["rule"], one["code"], one["direction"]) for one in told["blockers"]}),
    }
