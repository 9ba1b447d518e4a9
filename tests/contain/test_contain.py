"""Containment plans: what is open after each step, whom it hits, and what the plan says when something stays open."""

from __future__ import annotations

from typing import Any

import pytest

from analyzer.edit import Edit
from analyzer.models.containment import Containment, Step
from analyzer.models.errors import QuestionError
from analyzer.network import Network
from tests.semantics.build import (
    balanced,
    behind_nat,
    eni_a,
    eni_b,
    gateway_endpoint,
    group,
    instance,
    interface,
    interface_endpoint,
    main_table,
    network,
    rds,
    rds_interface,
    rule,
)
from tests.semantics.services import function, function_interface, task
from tests.semantics.test_private_link import linked

BASTION = "eni-b on ssh"


def steps(plan: Containment, phase: str = "contain") -> list[Step]:
    return [one for one in plan.steps if one.phase == phase]


def open_pairs(plan: Containment) -> set[tuple[str, str, bool]]:
    return {(one.source, one.target, one.forensic) for one in plan.left_open}


def commands(plan: Containment, word: str) -> list[str]:
    return [text for step in plan.steps if step.phase != "recover" for text in step.commands if word in text]


# ---------------------------------------------------------------------- groups
def test_a_plan_of_a_host_leaves_exactly_the_forensic_path():
    plan = network().contain("eni-a", BASTION)
    assert plan.contained
    assert plan.forensic_passes
    assert plan.means == "group"
    assert [(one.source, one.target, one.services, one.verdict.value) for one in plan.left_open] == [
        ("eni-b", "eni-a", ["tcp/22"], "reachable")
    ]
    assert plan.before_flows > 4


def test_without_forensics_nothing_stays_open_and_a_note_names_what_there_is():
    plan = network(instance("i-b", Tags=[{"Key": "Name", "Value": "bastion"}]), eni_b(instance="i-b")).contain("eni-a")
    assert plan.contained
    assert plan.left_open == []
    assert any("`" not in note and "--forensics 'eni-b on ssh' (bastion (eni-b))" in note for note in plan.notes)


def test_the_host_is_open_to_everybody_between_the_two_groups_and_live_connections_go_with_the_second():
    closed_host = network(group("sg-a", [rule("tcp/22", "10.0.2.0/24")], []), eni_a(groups=["sg-a"]))
    made, opened, closed = steps(closed_host.contain("eni-a"))
    assert (made.open_flows, opened.open_flows, closed.open_flows) == (1, 6, 0)
    assert [one.tracked for one in (made, opened, closed)] == ["", "stay", "cut"]
    assert not made.edits
    assert closed.survive[0] == "ICMP"


def test_the_edits_of_a_step_are_the_step_for_whoever_doubts_it():
    before = network()
    after: Network = before
    for step in before.contain("eni-a", BASTION).steps:
        after = after.whatif([Edit.model_validate(one) for one in step.edits])
    assert after.reach("eni-b", "eni-a", "ssh").verdict.value == "reachable"
    assert after.reach("eni-b", "eni-a", "https").verdict.value == "blocked"
    assert after.reach("eni-a2", "eni-a").verdict.value == "blocked"
    assert after.reach("eni-a", "any").verdict.value == "blocked"


def test_every_interface_of_the_host_is_compromised_with_it():
    host = [instance("i-1"), eni_a(instance="i-1"), interface("eni-c", "10.0.2.30", subnet="subnet-b", instance="i-1")]
    plan = network(*host).contain("eni-a")
    assert [one.id for one in plan.targets] == ["eni-a", "eni-c"]
    assert len(commands(plan, "modify-network-interface-attribute")) == 4
    assert plan.contained


def test_flows_between_two_that_are_compromised_are_closed_too():
    plan = network().contain("eni-a or eni-a2")
    assert ("eni-a", "eni-a2") in {(one.source, one.target) for one in plan.before}
    assert plan.contained


def test_the_way_out_to_what_only_takes_connections_is_a_rule_of_the_other_direction():
    there = interface("eni-e", "10.0.2.50", subnet="subnet-b", type="vpc_endpoint")
    plan = network(there, interface_endpoint("vpce-1", "eni-e", service="ssm")).contain("eni-a", "vpce-1 on https")
    assert open_pairs(plan) == {("eni-a", "com.amazonaws.eu-west-1.ssm (eni-e)", True)}
    assert plan.left_open[0].services == ["tcp/443"]


def test_an_address_as_forensic_path_admits_that_address_of_the_internet_alone():
    plan = network().contain("eni-a", "198.51.100.7 on ssh")
    assert plan.contained
    assert open_pairs(plan) == {("internet", "eni-a", True)}
    assert '"CidrIp": "198.51.100.7/32"' in commands(plan, "authorize-security-group-ingress")[1]


def test_a_forensic_path_that_something_else_stops_is_said():
    plan = network(main_table()).contain("eni-a", "198.51.100.7 on ssh")
    assert plan.contained
    assert not plan.forensic_passes
    assert any("does not pass after the last step" in one for one in plan.notes)


def test_what_may_pass_counts_as_open():
    plan = network(without=["NetworkAcls"]).contain("eni-a", BASTION, "group")
    assert plan.contained  # groups decide it, whatever the ACL says
    assert not plan.forensic_passes
    assert plan.left_open[0].verdict.value == "unknown"


# ---------------------------------------------------------------------- ACL and routes
def test_an_acl_cuts_at_once_and_leaves_what_stays_in_the_subnet():
    plan = network().contain("eni-a", BASTION, "acl")
    assert not plan.contained
    assert open_pairs(plan) == {("eni-a2", "eni-a", False), ("eni-a", "eni-a2", False), ("eni-b", "eni-a", True)}
    (step,) = steps(plan)
    assert step.tracked == "cut"
    assert {(one.source, one.target) for one in step.broken if one.beside} == {
        (one, other) for one, other in [("eni-a2", "eni-b"), ("eni-b", "eni-a2"), ("eni-a2", "internet"), ("internet", "eni-a2")]
    }


def test_whoever_calls_by_a_nat_gateway_in_the_subnet_is_hit_by_its_acl():
    plan = network(*behind_nat()).contain("eni-nat-1", means="acl")
    assert any(one.beside and one.target == "internet" for step in plan.steps for one in step.broken)


def test_routes_leave_the_vpc_and_whoever_needs_no_reply():
    plan = network().contain("eni-a", means="route")
    assert not plan.contained
    left = {(one.source, one.target): one.services for one in plan.left_open}
    assert left["eni-b", "eni-a"] == ["all"]
    assert "udp" in left["internet", "eni-a"]
    assert not any(text.startswith("tcp") for text in left["internet", "eni-a"])
    assert ("eni-a", "internet") not in left


def test_the_three_ways_are_compared_and_the_one_that_leaves_nothing_and_hits_nobody_is_taken():
    plan = network().contain("eni-a")
    assert [(one.means, one.leaves_open, one.hits) for one in plan.options] == [("group", 0, 0), ("acl", 2, 1), ("route", 5, 1)]
    assert plan.means == "group"


# ---------------------------------------------------------------------- what is not a plain host
def test_a_host_leaves_its_target_groups_and_they_take_it_back_on_the_way_back():
    plan = network(*balanced()).contain("i-b")
    first = steps(plan)[0]
    assert first.title == "Take it out of its load balancers"
    assert "--targets Id=" in first.commands[0]
    assert first.commands[0].replace("deregister", "register") in steps(plan, "recover")[0].commands
    assert plan.contained


def test_a_database_gets_its_groups_by_its_service():
    plan = network(rds(), rds_interface("eni-db", "10.0.2.80")).contain("orders")
    closing = commands(plan, "rds modify-db-instance")
    assert closing[-1].startswith(
        'aws rds modify-db-instance --db-instance-identifier orders --vpc-security-group-ids "$CLOSED" --apply-immediately'
    )
    assert plan.contained


def test_what_has_no_groups_is_contained_by_its_acl():
    plan = network(*behind_nat()).contain("eni-nat-1")
    assert plan.options[0].text == "eni-nat-1 carries no security group: a NAT gateway has no groups"
    assert plan.means == "acl"


@pytest.mark.parametrize(
    ("selector", "path", "means", "what"),
    [
        ("internet", None, None, "`internet` has no interface, so nothing contains it"),
        ("10.0.1.10", None, None, "`10.0.1.10` has no interface, so nothing contains it"),
        ("vpce-s3", None, None, "`vpce-s3` has no interface, so nothing contains it"),
        ("eni-a", "eni-b on", None, "the forensic path is not whole"),
        ("eni-a", "on ssh", None, "the forensic path is not whole"),
        ("eni-a", "eni-b on frob", None, "no such service: `frob`"),
        ("eni-a", "0.0.0.0/1 or 198.0.0.0/7", None, None),
        (
            "eni-nat-1",
            None,
            "group",
            "`group` does not contain it: eni-nat-1 carries no security group: a NAT gateway has no groups",
        ),
    ],
)
def test_what_cannot_be_asked_is_refused(selector: str, path: str | None, means: Any, what: str | None):
    there = network(gateway_endpoint(), *behind_nat())
    if what is None:
        assert there.contain(selector, path).forensics == path
        return
    with pytest.raises(QuestionError) as found:
        there.contain(selector, path, means)
    assert found.value.what == what


def test_a_snapshot_without_acls_refuses_a_new_one():
    plan = network(without=["NetworkAcls"]).contain("eni-a")
    assert [one.possible for one in plan.options] == [True, False, True]


def test_targets_are_found_by_address_in_the_vpc_of_their_group_alone():
    from analyzer.contain.alive import registrations
    from analyzer.contain.suspect import suspect

    rows = balanced("network")
    world = network(*rows).snapshot
    assert [target.id for _, target in registrations(suspect("eni-a2", world), world)] == []


def test_functions_that_share_an_interface_are_contained_together():
    plan = network(function("one"), function("two"), function_interface()).contain("eni-fn")
    assert len(commands(plan, "put-function-concurrency")) == 2
    closing = [one for one in commands(plan, "update-function-configuration") if "$CLOSED" in one]
    assert len(closing) == 2
    assert closing[0].endswith('--vpc-config SubnetIds=subnet-a,SecurityGroupIds="$CLOSED" --region eu-west-1')
    assert plan.contained


def test_members_of_a_cluster_have_their_groups_together():
    members = [rds(f"shop-{number}", f"subnet-{where}", DBClusterIdentifier="shop") for number, where in ((1, "a"), (2, "b"))]
    there = [rds_interface("eni-1", "10.0.1.81", subnet="subnet-a"), rds_interface("eni-2", "10.0.2.82", subnet="subnet-b")]
    plan = network(*members, *there).contain("rds:shop-1")
    assert {one.id for one in plan.targets} >= {"eni-1", "eni-2"}
    closing = [one for one in commands(plan, "rds modify-db") if "$CLOSED" in one]
    assert closing == [
        'aws rds modify-db-cluster --db-cluster-identifier shop --vpc-security-group-ids "$CLOSED" --apply-immediately --region eu-west-1'
    ]


def test_a_task_of_ecs_has_groups_that_nobody_else_changes():
    plan = network(task("t1", "eni-t", address="10.0.1.90"), interface("eni-t", "10.0.1.90")).contain("eni-t")
    assert plan.options[0].text.startswith("ECS alone changes the groups of a task's interface: stop the task")
    assert plan.means != "group"


@pytest.mark.parametrize(("service", "named"), [("s3", False), ("dynamodb", True)])
def test_gateway_endpoints_of_dynamodb_alone_are_tracked_by_themselves(service: str, named: bool):
    there = [gateway_endpoint(service=service), main_table(("0.0.0.0/0", "igw-1"), ("10.9.0.0/16", "vpce-s3"))]
    survive = next(one.survive for one in network(*there).contain("eni-a").steps if one.tracked == "cut")
    assert ("what goes by endpoint vpce-s3" in survive) is named


@pytest.mark.parametrize(
    ("who", "kind", "named"), [("nlb", "network", True), ("alb", "application", False), ("i-b", "network", True)]
)
def test_what_comes_by_a_network_load_balancer_is_tracked_at_the_balancer_too(who: str, kind: str, named: bool):
    plan = network(*balanced(kind)).contain(who, means="group")
    survive = [text for one in plan.steps for text in one.survive]
    assert ("what comes by network load balancer front" in survive) is named


def test_what_comes_by_privatelink_passes_the_groups_of_a_balancer_by():
    plan = network(*linked(enforce="off", groups=("sg-lb",))).contain("eni-lb", means="group")
    assert not plan.contained
    assert ("eni-a", "eni-lb", False) in {
        (one.source, one.target.rpartition("(")[2].rstrip(")"), one.forensic) for one in plan.left_open
    }
