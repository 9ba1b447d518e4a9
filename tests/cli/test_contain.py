"""`reach contain`: exit codes, formats, and what it says when something stays open."""

from __future__ import annotations

import json
from pathlib import Path

from .conftest import Reach

PATH = ("--forensics", "name:bastion on ssh")


def test_a_plan_that_contains_ends_with_0(reach: Reach):
    done = reach("contain", "web-1", *PATH, "--snapshot", "demo")
    assert done.code == 0
    assert done.err == ""
    assert done.out.startswith(
        "web-1 CAN BE CONTAINED by security group: after step 5 nothing passes but the forensic path, name:bastion on ssh\n"
    )


def test_a_plan_that_leaves_something_open_ends_with_1_and_lists_it(reach: Reach):
    done = reach("contain", "web-1", "--means", "route", "--snapshot", "demo")
    assert (done.code, done.err) == (
        1,
        "reach: not as expected: something stays open after the last step, or was not looked at\n",
    )
    assert done.out.startswith("web-1 IS NOT CONTAINED by route table: after step 3 10 flows are open\n")
    assert "\nopen after the last step\n" in done.out


def test_a_forensic_path_that_does_not_pass_ends_with_1(reach: Reach):
    done = reach("contain", "rds:orders", "--forensics", "198.51.100.7 on ssh", "--snapshot", "demo")
    assert (done.code, done.err) == (1, "reach: not as expected: the forensic path does not surely pass after the last step\n")
    assert "but not even the forensic path" in done.out.splitlines()[0]


def test_json_holds_each_step_with_its_edits_commands_and_undo(reach: Reach, tmp_path: Path):
    file = tmp_path / "plan.json"
    assert reach("contain", "web-1", *PATH, "--snapshot", "demo", "-o", f"json={file}", "--limit", "2").code == 0
    plan = json.loads(file.read_text("utf-8"))
    assert plan["schema"] == "reach/contain/1"
    assert [one["phase"] for one in plan["steps"]] == ["preserve"] * 2 + ["contain"] * 4 + ["verify", "recover"]
    assert plan["before_flows"] == 14
    assert len(plan["before"]) == 2
    assert plan["steps"][4]["undo"] == [
        "aws ec2 modify-network-interface-attribute --network-interface-id eni-077b975c260c49411 --groups sg-0d8bf13fe3f88127e "
        "--region eu-west-1"
    ]


def test_markdown_is_a_run_book(reach: Reach):
    out = reach("contain", "web-1", *PATH, "--snapshot", "demo", "--format", "markdown").out
    assert out.startswith("### web-1 **CAN BE CONTAINED** by security group")
    assert "\n```sh\naws ec2 modify-network-interface-attribute" in out
    assert out.count("```sh") == 8
