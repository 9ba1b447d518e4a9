"""The commands: words of the snapshot quoted, whatever they hold, ids of the snapshot and no others, every undo with what was there."""

from __future__ import annotations

import re
import subprocess
from typing import Any

import pytest

from analyzer.contain.commands import Shell, aws, kept, listed, printed, quoted, variable
from tests.semantics.build import (
    balanced,
    eni_a,
    eni_b,
    group,
    instance,
    interface,
    interface_endpoint,
    main_table,
    network,
    rds,
    rds_interface,
    route_table,
)

EVIL = "x'; rm -rf ~ `id` $(id) \"\\\n\x1b[31m$HOME"


def told(word: str) -> str:
    """Return a word as a POSIX shell with `$'…'` reads it."""
    return subprocess.run(["bash", "-c", f"printf %s {word}"], capture_output=True, check=True, text=True).stdout


@pytest.mark.parametrize("text", ["", "plain", "two words", EVIL, "ü€", "\udcff", "a\tb", "$'x'"])
def test_a_word_comes_out_of_the_shell_as_it_went_in_and_acts_on_no_terminal(text: str):
    word = quoted(text)
    assert word.isprintable()
    if text != "\udcff":
        assert told(word) == text


def test_variables_and_what_commands_print_are_the_shells():
    command = kept("SG", aws("", "ec2", "create-security-group", "--group-name", "a b"))
    assert command == "SG=$(aws ec2 create-security-group --group-name 'a b')"
    assert aws("eu-west-1", variable("SG"), printed("x"), listed("y"), Shell("z")) == 'aws "$SG" "$(x)" $(y) z --region eu-west-1'


def every_command(plan: Any) -> list[str]:
    return [text for step in plan.steps for text in [*step.commands, *step.undo]]


@pytest.mark.parametrize("means", ["group", "acl", "route"])
def test_every_command_is_whole_shell_and_names_ids_of_the_snapshot_alone(means: Any):
    host = instance("i-1", Tags=[{"Key": "aws:autoscaling:groupName", "Value": EVIL}], IamInstanceProfile={"Arn": f"a/{EVIL}"})
    there = network(host, eni_a(instance="i-1"), *balanced())
    for text in every_command(there.contain("i-1", "eni-b on ssh", means)):
        assert text.isprintable()
        assert subprocess.run(["bash", "-n", "-c", text], capture_output=True, check=False).returncode == 0, text
        for id in re.findall(r"(?<![\w.-])(?:i|eni|sg|subnet|vpc|acl|rtb)-[\w-]+", text):
            assert there.snapshot.at(id) is not None or id in ("vpc-id", "subnet-id"), text


def test_what_a_name_holds_is_never_run(tmp_path: Any):
    evil = f"$(touch {tmp_path}/run); touch {tmp_path}/run #'; touch {tmp_path}/run"
    host = instance("i-1", Tags=[{"Key": "aws:autoscaling:groupName", "Value": evil}], IamInstanceProfile={"Arn": f"a/{evil}"})
    plan = network(host, eni_a(instance="i-1")).contain("i-1", "eni-b on ssh")
    (tmp_path / "bin").mkdir()
    for name in ("aws", "reach"):
        (tmp_path / "bin" / name).write_text("#!/bin/sh\nprintf '%s\\n' \"$@\" >> log\n")
        (tmp_path / "bin" / name).chmod(0o700)
    script = "\n".join(text for step in plan.steps for text in step.commands)
    subprocess.run(["bash", "-c", script], cwd=tmp_path, env={"PATH": f"{tmp_path}/bin:/usr/bin:/bin"}, check=True)
    assert not (tmp_path / "run").exists()
    assert evil in (tmp_path / "log").read_text().splitlines()


def test_the_way_back_restores_the_groups_that_were_there():
    plan = network(group("sg-1"), eni_a(groups=["sg-open", "sg-1"])).contain("eni-a")
    back = plan.steps[-1].commands
    assert (
        back[0]
        == "aws ec2 modify-network-interface-attribute --network-interface-id eni-a --groups sg-1 sg-open --region eu-west-1"
    )
    assert sum("delete-security-group" in one for one in back) == 2


def test_the_way_back_restores_the_acl_and_the_table_that_were_there():
    plan = network().contain("eni-a", means="acl")
    assert "--network-acl-id acl-open --region" in plan.steps[-1].commands[0]
    named = network(route_table("rtb-a", ("0.0.0.0/0", "igw-1"), subnets=["subnet-a"])).contain("eni-a", means="route")
    assert "--route-table-id rtb-a --region" in named.steps[-1].commands[0]
    # A subnet with the main table has no association that could be replaced.
    implicit = network(main_table(("0.0.0.0/0", "igw-1"))).contain("eni-a", means="route")
    assert "disassociate-route-table" in implicit.steps[-1].commands[0]
    assert any("associate-route-table --subnet-id subnet-a" in one for step in implicit.steps for one in step.commands)


def test_a_host_of_an_auto_scaling_group_is_detached_before_it_is_cut_off():
    host = instance("i-1", Tags=[{"Key": "aws:autoscaling:groupName", "Value": "web"}])
    plan = network(host, eni_a(instance="i-1")).contain("i-1")
    step = plan.steps[1]
    assert step.phase == "preserve"
    assert step.commands[1] == (
        "aws autoscaling detach-instances --instance-ids i-1 --auto-scaling-group-name web "
        "--no-should-decrement-desired-capacity --region eu-west-1"
    )
    assert "attach-instances" in step.undo[1]


def test_phases_come_in_order():
    order = ["preserve", "contain", "verify", "recover"]
    steps = network(instance("i-1"), eni_a(instance="i-1")).contain("i-1").steps
    phases = [one.phase for one in steps]
    assert phases == sorted(phases, key=order.index)
    assert set(phases) == set(order)
    assert [one.number for one in steps] == list(range(1, len(steps) + 1))


@pytest.mark.parametrize(
    ("rows", "selector", "closing"),
    [
        (
            [interface("eni-e", "10.0.2.50", subnet="subnet-b", type="vpc_endpoint"), interface_endpoint("vpce-1", "eni-e")],
            "vpce-1",
            'aws ec2 modify-vpc-endpoint --vpc-endpoint-id vpce-1 --add-security-group-ids "$CLOSED" --remove-security-group-ids "$OPEN"',
        ),
        (balanced(), "alb", "aws elbv2 set-security-groups --load-balancer-arn"),
        ([rds(), rds_interface("eni-db", "10.0.2.80")], "rds", "aws rds modify-db-instance --db-instance-identifier orders"),
    ],
)
def test_groups_of_a_service_are_changed_by_its_own_call(rows: list[Any], selector: str, closing: str):
    plan = network(*rows, eni_b()).contain(selector)
    (step,) = [one for one in plan.steps if one.tracked == "cut"]
    assert step.commands[0].startswith(closing)
    assert plan.contained
