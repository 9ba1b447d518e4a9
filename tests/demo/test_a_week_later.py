"""The second embedded network is the first one after a week of work, and differs in what its page says alone."""

from __future__ import annotations

from pathlib import Path

import pytest

import analyzer
from analyzer.network import Network

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
PAGE = Path(__file__).parents[2] / "docs" / "demo.md"


@pytest.fixture(scope="module")
def later() -> Network:
    return analyzer.load("demo:a-week-later")


def test_four_lines_made_the_difference(demo: Network, later: Network):
    found = demo.diff(later)
    told = {(change.change, cause.side, cause.line) for change in found.changes for cause in change.causes}
    assert told == {
        ("opened", "new", "inbound tcp/22 from 0.0.0.0/0"),
        ("opened", "new", "10.1.0.0/16 -> pcx-0be1fcce5e321efc4"),
        ("closed", "old", "inbound tcp/3306 from 0.0.0.0/0"),
        ("closed", "old", "inbound tcp/22 from 0.0.0.0/0"),
        ("closed", "old", "outbound all to 0.0.0.0/0"),
    }


@pytest.mark.parametrize(
    ("source", "target", "on", "was", "now"),
    [
        ("internet", "crm", "mysql", "reachable", "blocked"),
        ("internet", "web-2", "ssh", "reachable", "blocked"),
        ("internet", "web-2", "https", "reachable", "reachable"),
        ("bastion", "orders", "postgres", "blocked", "reachable"),
        ("monitor-1", "orders", "postgres", "blocked", "blocked"),
        ("198.51.100.7", "bastion", "ssh", "blocked", "reachable"),
        ("192.0.2.7", "bastion", "ssh", "reachable", "reachable"),
    ],
)
def test_what_became_of_it(demo: Network, later: Network, source: str, target: str, on: str, was: str, now: str):
    assert (demo.reach(source, target, on).verdict, later.reach(source, target, on).verdict) == (was, now)
    assert f"| `reach from {source} to {target} on {on}` | {was} | {now} |" in PAGE.read_text("utf-8")


def test_the_orders_came_one_host_nearer(demo: Network, later: Network):
    depths = [
        next(one.depth for one in network.blast_radius("internet").reached if one.endpoint.name == "orders")
        for network in (demo, later)
    ]
    assert depths == [3, 2]


def test_the_office_alone_can_have_its_line_back(later: Network):
    mended = later.whatif(EXAMPLES / "office-only.yaml")
    assert mended.reach("198.51.100.7", "bastion", "ssh").verdict == "blocked"
    assert mended.reach("192.0.2.7", "bastion", "ssh").verdict == "reachable"
