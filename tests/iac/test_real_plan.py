"""A plan that Terraform itself made (tests/iac/real): what its JSON shows of blocks and expressions that nobody knows yet."""

from __future__ import annotations

from pathlib import Path

import pytest

import analyzer
from analyzer.models.errors import QuestionError

PLAN = Path(__file__).parent / "real" / "plan.json"


@pytest.fixture(scope="module")
def network():
    return analyzer.load(PLAN)


@pytest.mark.parametrize(
    ("target", "ssh", "https"),
    [
        ("bare", "blocked", "blocked"),  # no rules are written
        ("dynamic", "unknown", "unknown"),  # a `dynamic` block that nobody knows: any rules
        ("computed", "unknown", "unknown"),  # rules as the value of an expression over another group
        ("crossed", "unknown", "unknown"),  # two rules of two groups: which names which, the plan does not show
        ("named", "blocked", "reachable"),  # one rule of one group
        ("open", "reachable", "reachable"),
        ("guarded", "unknown", "unknown"),  # behind an ACL with a `dynamic` block
        ("shut", "blocked", "blocked"),  # one of two modules alike, each with a group of its own
        ("admits", "blocked", "reachable"),
    ],
)
def test_what_is_not_known_is_neither_open_nor_shut(network, target, ssh, https):
    verdicts = [network.reach("name:client", f"name:{target}", on).verdict.value for on in ("ssh", "https")]
    assert verdicts == [ssh, https]


def test_of_what_too_little_is_known_is_in_doubt_and_named(network):
    assert network.reach("name:client", "name:template").verdict.value == "unknown"
    with pytest.raises(QuestionError):
        network.reach("name:client", "clb:later")
    for text in (
        "aws_instance.template: `launch_template` is known after it is made only",
        "aws_elb.later: `listener` is known after it is made only",
    ):
        assert text in network.snapshot.not_modelled


def test_a_classic_load_balancer_of_a_plan_has_interfaces_and_leads_on(network):
    assert network.reach("name:client", "clb:classic", "http").verdict.value == "reachable"
    assert network.reach("name:client", "clb:classic", "https").verdict.value == "blocked"


def test_each_of_several_modules_has_the_groups_of_its_own(network):
    interfaces = network.snapshot.all("network_interface")
    groups = {one.id: list(one.group_ids) for one in interfaces if one.id.startswith("module.each")}
    assert groups == {
        f'module.each["{key}"].aws_instance.this.primary_network_interface_id': [f'module.each["{key}"].aws_security_group.this']
        for key in ("admits", "shut")
    }


@pytest.mark.parametrize(
    ("source", "target", "on", "before", "after"),
    [
        ("eni-a", "eni-b", "tcp/5432", "reachable", "reachable"),
        ("eni-a", "eni-b", "tcp/5433", "blocked", "reachable"),  # the rule that is wider now
        ("eni-a", "eni-b", "ssh", "blocked", "blocked"),  # a rule of a group that nobody carries yet
        ("eni-b", "10.0.1.10", "https", "reachable", "reachable"),
        ("internet", "eni-a", "https", "reachable", "blocked"),  # its reply goes another way now
    ],
)
def test_an_update_is_patched_into_the_answers_of_aws(source, target, on, before, after):
    live = Path(__file__).parents[2] / "docs" / "examples" / "before.json"
    assert analyzer.load(live).reach(source, target, on).verdict.value == before
    assert analyzer.load([live, PLAN.parent / "update" / "plan.json"]).reach(source, target, on).verdict.value == after
