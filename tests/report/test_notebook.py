"""What notebooks show: the same as the terminal, as HTML that needs nothing else, with nothing hostile in it; and data frames."""

from __future__ import annotations

import builtins
import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

import analyzer
from analyzer.models.answer import SnapshotFacts
from analyzer.models.check import Check, Checked, Violation, Violations
from analyzer.models.containment import Broken, Containment, OpenFlow, Option, Step
from analyzer.models.difference import Cause, Change, Difference
from analyzer.models.errors import ReachError
from analyzer.models.finding import Finding, Findings
from analyzer.models.matrix import Batch, Group, Heading
from analyzer.models.shown import Framed, Shown
from analyzer.models.verdict import Verdict
from analyzer.network import Network
from analyzer.report import render
from analyzer.report.notebook import bundle

from ..threats.model import hostile as hostile_threats
from .answers import EVERY, EVIL, hostile
from .test_formats import Tags

EVIL_GROUP = Group(EVIL, EVIL, EVIL)


@pytest.fixture(scope="module")
def network() -> Network:
    return analyzer.load("demo")


def shop(network: Network) -> Network:
    return network.whatif("docs/examples/close-mysql.yaml")


ASKED: dict[str, Callable[[Network], Framed]] = {
    "answer": lambda network: network.reach("sg-a", "rds"),
    "check": lambda network: network.check(packs=["zero-trust"]).check,
    "violations": lambda network: network.check(packs=["zero-trust"]),
    "difference": lambda network: network.diff(shop(network)),
    "findings": lambda network: network.lint(),
    "matrix": lambda network: network.matrix("vpc"),
    "threats": lambda network: network.threats(actors=["internet"]),
    "contain": lambda network: network.contain("web-1"),
}


class EvilMatrix(Framed):
    """A matrix in which every text is hostile."""

    shown_as = "matrix"
    heading = Heading(
        by=EVIL,
        on=EVIL,
        source=EVIL,
        target=EVIL,
        groups=[EVIL_GROUP],
        pairs=4,
        not_modelled=[EVIL],
        snapshot=SnapshotFacts(collected_at=EVIL),
    )

    def batches(self) -> list[Batch]:
        return [Batch([0], [0], [0], [0], [["tcp/443"]])]


def hostile_values() -> dict[str, Framed]:
    """Return one of each kind in which every text is hostile."""
    pair = hostile().pairs[0]
    violation = Violation(
        invariant=EVIL, kind=EVIL, text=EVIL, source=pair.source, target=pair.target, verdict=Verdict.REACHABLE,
        services=[EVIL], path=pair.path, lines=pair.path, conditions=[EVIL], expired=[EVIL],
    )  # fmt: skip
    checked = Checked(name=EVIL, kind=EVIL, origin=EVIL, holds=False, violations=1, new=1, expired=[EVIL])
    skipped = Checked(name=EVIL + "2", kind=EVIL, origin=EVIL, holds=True, not_applicable=EVIL)
    outcome = Check(holds=False, invariants=[checked, skipped], violations=[violation])
    cause = Cause(side="new", resource=EVIL, line=EVIL, rule="SG-1", origin=EVIL)
    change = Change(
        change="opened", grain="sg", sources=[EVIL_GROUP], targets=[EVIL_GROUP], services=[EVIL], was=Verdict.BLOCKED,
        now=Verdict.REACHABLE, example=(EVIL_GROUP, EVIL_GROUP), causes=[cause],
    )  # fmt: skip
    return {
        "answer": hostile(),
        "check": outcome,
        "violations": Violations([violation], outcome),
        "difference": Difference(opened=[change], closed=[msgspec.structs.replace(change, change="closed")], not_modelled=[EVIL]),
        "findings": Findings([Finding(kind="gone", resource=EVIL, line=EVIL, text=EVIL, origin=EVIL)]),
        "matrix": EvilMatrix(),
        "threats": hostile_threats(),
        "contain": hostile_plan(),
    }


def hostile_plan() -> Containment:
    """A containment plan in which every text is hostile."""
    flow = OpenFlow(source=EVIL, target=EVIL, verdict=Verdict.REACHABLE, services=[EVIL])
    step = Step(
        number=1, phase="contain", title=EVIL, why=EVIL, commands=[EVIL], undo=[EVIL], tracked="cut", survive=[EVIL],
        open=[flow], open_flows=2, broken=[Broken(source=EVIL, target=EVIL, services=[EVIL])], broken_flows=2,
    )  # fmt: skip
    option = Option(means="acl", possible=True, leaves_open=1, hits=1, tracked="cut", commands=1, text=EVIL)
    return Containment(
        selector=EVIL, forensics=EVIL, targets=[], means="group", contained=False, options=[option], before=[flow],
        before_flows=1, steps=[step], left_open=[flow], left_open_flows=1, notes=[EVIL], not_modelled=[EVIL],
        snapshot=SnapshotFacts(collected_at=EVIL),
    )  # fmt: skip


# ---------------------------------------------------------------------- what is shown
@pytest.mark.parametrize("name", ASKED)
def test_everything_shows_itself_as_text_and_html_and_the_same_twice(network: Network, name: str):
    first, second = (ASKED[name](network)._repr_mimebundle_() for _ in range(2))
    assert set(first) == {"text/plain", "text/html"}
    assert first == second
    assert ASKED[name](network)._repr_html_() == first["text/html"]


@pytest.mark.parametrize("name", EVERY)
def test_the_text_is_that_of_the_terminal(name: str):
    assert bundle(EVERY[name])["text/plain"] == render(EVERY[name], "text").rstrip("\n")


@pytest.mark.parametrize(
    ("name", "verdict", "arrow", "way"),
    [
        ("reachable", "reachable", "→", "<b>eni-web</b> <span>sg-a</span> <span>subnet-1</span> <span>sg-b</span> <b>eni-db</b>"),
        ("blocked", "blocked", "⇢", "<b>eni-web</b> <span>sg-a</span> <span>subnet-1</span> <span X>✕_sg-b</span> <b>eni-db</b>"),
        ("reply lost", "blocked", "⇢", "reply:_<b>eni-db</b> <span>sg-b</span> <span X>✕_acl-1</span> <b>eni-web</b>"),
        ("unknown", "unknown", "⇢_?", "<b>eni-web</b> <span>sg-a</span> <b>eni-db</b>"),
        ("translated", "reachable", "→", "<b>eni-web</b> <span>rtb-1</span> <span>igw-1</span> <b>internet</b>"),
        ("stopped", "blocked", "⇢", "<b>eni-web</b> <span X>✕_eni-web</span> <b>eni-db</b>"),
    ],
)
def test_the_way_is_a_row_in_the_look_of_its_verdict(name: str, verdict: str, arrow: str, way: str):
    inside = way.replace("> <", f">_{arrow}_<").replace("_", " ").replace(" X", ' class="stops"')
    row = f'<p class="way {verdict}">{inside}</p>'
    assert row in bundle(EVERY[name])["text/html"]
    assert row in render(EVERY[name], "html")


def test_violations_are_a_list_that_shows_the_invariants_that_hold_too(network: Network):
    found = network.check(packs=["zero-trust"])
    assert isinstance(found, list)
    assert [one.target.name for one in found][:2] == ["crm", "crm"]
    told = str(found._repr_html_())
    assert [re.sub("<.*?>", "", line).split()[0] for line in told.splitlines() if 'class="word' in line] == [
        "fails", "fails", "fails", "holds", "fails", "skipped", "fails", "holds", "fails",
    ]  # fmt: skip


def test_a_large_matrix_is_not_computed_to_be_shown():
    class Large(EvilMatrix):
        heading = msgspec.structs.replace(
            EvilMatrix.heading,
            by="sg",
            on=None,
            source=None,
            target=None,
            groups=[Group(f"sg-{number}") for number in range(301)],
        )

        def batches(self) -> list[Batch]:
            raise AssertionError("it was computed")

    assert Large()._repr_mimebundle_()["text/plain"] == (
        "who can reach whom, by security group: 301 groups, more than 300 or with more than 1,000 rows; "
        "`.rows()` goes through them, `.to_frame()` has them all"
    )


def test_a_picture_is_an_image_and_without_graphviz_says_what_to_install(
    network: Network, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
):
    shown = network.picture()._repr_mimebundle_()
    assert set(shown) == {"text/plain", "image/svg+xml"}
    assert shown["text/plain"] == "2 VPCs, 9 subnets, 15 interfaces"
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("analyzer.report.drawing.find_spec", lambda name: None)
    shown = network.picture()._repr_mimebundle_()
    assert set(shown) == {"text/plain"}
    assert "pip install 'vpc-reach[svg]'" in shown["text/plain"]


@pytest.mark.parametrize("name", ASKED)
def test_ipython_shows_it(network: Network, name: str):
    from IPython.core.formatters import DisplayFormatter

    value = ASKED[name](network)
    data, _ = DisplayFormatter().format(value)  # type: ignore[no-untyped-call]
    assert data == value._repr_mimebundle_()


def test_what_nobody_knows_how_to_show_is_shown_as_python_does():
    class New(Shown):
        pass

    assert (New()._repr_mimebundle_(), New()._repr_html_()) == ({}, None)


# ---------------------------------------------------------------------- hostile names
@pytest.mark.parametrize("name", ASKED)
def test_hostile_names_are_text_and_nothing_is_from_elsewhere(name: str):
    told = str(hostile_values()[name]._repr_html_())
    page = Tags()
    page.feed(told)
    assert set(page.tags) <= {
        "div", "style", "h4", "strong", "p", "br", "b", "span", "em", "small", "code", "ul", "ol", "li",
        "table", "tr", "th", "td", "details", "summary", "pre",
    }  # fmt: skip
    assert page.attributes <= {"class", "open"}
    assert "<script" not in told
    for sign in "\x1b\x07\u202e":
        assert sign not in told
        assert sign not in hostile_values()[name]._repr_mimebundle_()["text/plain"]


@pytest.mark.parametrize("name", ASKED)
def test_the_style_holds_inside_alone(name: str):
    style = re.findall(r"<style>(.*?)</style>", str(hostile_values()[name]._repr_html_()), re.DOTALL)
    rules = [selector.strip() for one in style for rule in one.split("}") for selector in rule.partition("{")[0].split(",")]
    assert len(style) == 1
    assert all(rule.startswith(".reach") for rule in rules if rule)
    assert "url(" not in style[0]


# ---------------------------------------------------------------------- data frames
@pytest.mark.parametrize(
    ("name", "rows", "columns"),
    [
        ("answer", 6, ["from", "from_name", "from_kind", "from_vpc", "to", "to_name", "to_kind", "to_vpc",
                       "verdict", "forward", "reply", "services", "stopped_by", "conditions"]),
        ("check", 9, ["name", "kind", "origin", "holds", "violations", "new", "ignored", "not_applicable"]),
        ("violations", 12, ["invariant", "kind", "from", "from_name", "from_kind", "from_vpc", "to", "to_name", "to_kind", "to_vpc",
                           "verdict", "services", "doubtful", "lines", "text", "new"]),
        ("difference", 1, ["change", "grain", "from", "from_names", "to", "to_names", "was", "now", "services", "causes"]),
        ("findings", 2, ["kind", "resource", "line", "text", "origin"]),
        ("matrix", 7, ["from", "from_name", "from_vpc", "to", "to_name", "to_vpc", "verdict", "services"]),
    ],
)  # fmt: skip
def test_rows_are_a_data_frame(network: Network, name: str, rows: int, columns: list[str]):
    frame = ASKED[name](network).to_frame()
    assert list(frame.columns) == columns
    assert len(frame) == rows


def test_a_frame_says_what_stops_each_pair(network: Network):
    frame = network.reach("bastion", "rds:orders").to_frame()
    assert list(frame[["from_name", "verdict", "stopped_by"]].iloc[0]) == [
        "bastion",
        "blocked",
        "rtb-039c4d77f69f79fc1: no route",
    ]


def test_without_pandas_it_says_what_to_install(network: Network, monkeypatch: pytest.MonkeyPatch):
    imported = builtins.__import__

    def without(name: str, *rest: Any, **named: Any) -> Any:
        if name == "pandas":
            raise ImportError(name)
        return imported(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ReachError) as caught:
        network.lint().to_frame()
    hint = "`pip install pandas`, or `pip install 'vpc-reach[notebook]'`"
    assert str(caught.value) == f"a data frame needs `pandas`, which is not installed\n  try: {hint}"


def test_pandas_and_what_draws_are_imported_when_they_are_asked_for():
    code = (
        "import sys, analyzer; analyzer.load('demo').reach('sg-a', 'rds');"
        "print(*[one for one in ('pandas', 'IPython', 'analyzer.report.notebook', 'analyzer.report.html') if one in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
