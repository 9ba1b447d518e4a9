"""What plans and states leave open, one thing each: never an empty rule, a missing address or a host that is not there."""

from __future__ import annotations

import json
from copy import deepcopy

import pytest

import analyzer
from analyzer.models.errors import InputError

from .plans import ALL, COMPUTED, LATER, plan, ref, resource, three_tiers, with_action
from .test_terraform import RULE, changed, verdict

TIERS = with_action(three_tiers())
DATABASE = ("name:bastion", "rds:orders", "postgres")


def with_more(*extra, document=TIERS, **keys):
    """Return the plan with more resources, and other top-level keys."""
    more = plan(*extra)
    whole = {**deepcopy(document), **keys}
    whole["resource_changes"] = [*whole["resource_changes"], *more["resource_changes"]]
    listed = more["configuration"]["root_module"]["resources"]
    whole["configuration"]["root_module"]["resources"] = [*whole["configuration"]["root_module"]["resources"], *listed]
    return whole


def changes_of(document, address):
    return next(one for one in document["resource_changes"] if one["address"] == address)


def admitting(group: str, **far):
    return resource(
        f"{RULE}.more",
        security_group_id=ref(f"aws_security_group.{group}.id"),
        ip_protocol="tcp",
        from_port=5432,
        to_port=5432,
        **far,
    )


# ---------------------------------------------------------------------- what there is once a plan is applied
def test_what_terraform_forgets_stays_there(tmp_path):
    document = with_more(admitting("data", cidr_ipv4="10.0.0.0/8"))
    change = changes_of(document, f"{RULE}.more")["change"]
    before = {**change["after"], "security_group_id": "aws_security_group.data", "id": "sgr-1"}
    change.update(actions=["forget"], before=before, after=None, after_unknown={})
    assert verdict(tmp_path, document, *DATABASE) == "reachable"
    change.update(actions=["delete"])
    assert verdict(tmp_path, document, *DATABASE) == "blocked"


def test_a_plan_for_some_targets_keeps_what_it_is_silent_about(tmp_path):
    rule = {"address": f"{RULE}.more", "mode": "managed", "type": RULE, "name": "more"}
    values = {"id": "sgr-1", "security_group_id": "aws_security_group.data", "ip_protocol": "-1", "cidr_ipv4": "10.0.0.0/8"}
    prior = {"values": {"root_module": {"resources": [{**rule, "values": values}]}}}
    assert verdict(tmp_path, {**TIERS, "prior_state": prior}, *DATABASE) == "reachable"
    gone = {**rule, "change": {"actions": ["delete"], "before": values, "after": None}}
    silent = {**TIERS, "prior_state": prior, "resource_changes": [*TIERS["resource_changes"], gone]}
    assert verdict(tmp_path, silent, *DATABASE) == "blocked"


def test_what_a_plan_does_not_decide_yet_is_unknown(tmp_path):
    deferred = {"reason": "instance_count_unknown", "resource_change": changes_of(TIERS, f"{RULE}.data")}
    assert verdict(tmp_path, {**TIERS, "deferred_changes": [deferred]}, *DATABASE) == "unknown"


def test_a_plan_that_ended_with_an_error_is_no_snapshot(tmp_path):
    path = tmp_path / "plan.json"
    path.write_text(json.dumps({**TIERS, "errored": True}))
    with pytest.raises(InputError) as error:
        analyzer.load(path)
    assert str(error.value) == (
        f"cannot read `{path}`: the plan ended with an error, and is not whole\n"
        "  try: mend what `terraform plan` says, and plan again"
    )


def test_a_plan_without_changes_does_not_take_what_it_lacks_for_absent(tmp_path):
    resources = [
        {**{key: one[key] for key in ("address", "mode", "type", "name")}, "values": one["change"]["after"]}
        for one in TIERS["resource_changes"]
    ]
    document = {key: value for key, value in TIERS.items() if key != "resource_changes"}
    document["planned_values"] = {"root_module": {"resources": resources}}
    assert verdict(tmp_path, document, "name:app-1", "rds:orders", "postgres") == "reachable"
    assert verdict(tmp_path, document, *DATABASE) == "blocked"


def test_what_somebody_took_out_of_a_plan_is_not_known(tmp_path):
    document = with_more(admitting("data", cidr_ipv4=None))
    assert verdict(tmp_path, document, *DATABASE) == "blocked"
    changes_of(document, f"{RULE}.more")["change"]["after_sensitive"] = {"cidr_ipv4": True}
    assert verdict(tmp_path, document, *DATABASE) == "unknown"


# ---------------------------------------------------------------------- states
def _state(**resources):
    listed = [
        {"mode": "managed", "type": address.partition("__")[0], "name": address.partition("__")[2], "instances": instances}
        for address, instances in resources.items()
    ]
    return {"version": 4, "terraform_version": "1.9.8", "lineage": "x", "serial": 1, "resources": listed}


def _pair(**more):
    """Return a state of two hosts, of which the second admits nobody."""
    host = {"subnet_id": "subnet-1", "instance_state": "running", "associate_public_ip_address": False}
    return _state(
        aws_vpc__v=[{"attributes": {"id": "vpc-1", "cidr_block": "10.0.0.0/16", "default_network_acl_id": "acl-1"}}],
        aws_subnet__s=[{"attributes": {"id": "subnet-1", "vpc_id": "vpc-1", "cidr_block": "10.0.1.0/24"}}],
        aws_security_group__a=[
            {
                "attributes": {
                    "id": "sg-a", "name": "a", "vpc_id": "vpc-1", "ingress": [],
                    "egress": [{"protocol": "-1", "from_port": 0, "to_port": 0, "cidr_blocks": ["0.0.0.0/0"]}],
                }
            }
        ],
        aws_security_group__b=[{"attributes": {"id": "sg-b", "name": "b", "vpc_id": "vpc-1", "ingress": [], "egress": []}}],
        aws_instance__a=[
            {
                "attributes": {
                    **host, "id": "i-a", "private_ip": "10.0.1.10", "vpc_security_group_ids": ["sg-a"],
                    "primary_network_interface_id": "eni-a",
                }
            }
        ],
        aws_network_interface__b=[
            {"attributes": {"id": "eni-b", "subnet_id": "subnet-1", "private_ips": ["10.0.1.20"], "security_groups": ["sg-b"]}}
        ],
        **more,
    )  # fmt: skip


OPEN = {"id": "sgr-1", "security_group_id": "sg-b", "ip_protocol": "-1", "cidr_ipv4": "10.0.0.0/8"}


def test_attributes_in_a_format_of_long_ago_are_not_known(tmp_path):
    assert verdict(tmp_path, _pair(), "i-a", "eni-b", "ssh") == "blocked"
    old = _pair(aws_vpc_security_group_ingress_rule__x=[{"attributes_flat": {key: str(value) for key, value in OPEN.items()}}])
    assert verdict(tmp_path, old, "i-a", "eni-b", "ssh") == "unknown"


def test_what_waits_to_be_deleted_is_still_there(tmp_path):
    document = _pair(aws_vpc_security_group_ingress_rule__x=[{"deposed": "00000001", "attributes": OPEN}])
    assert verdict(tmp_path, document, "i-a", "eni-b", "ssh") == "reachable"


def test_a_prefix_that_is_delegated_to_an_interface_is_its_own(tmp_path):
    document = _pair(aws_vpc_security_group_ingress_rule__x=[{"attributes": OPEN}])
    # Whose it is, the state of other code may say.
    assert verdict(tmp_path, document, "i-a", "10.0.1.40", "ssh") == "unknown"
    document["resources"][-2]["instances"][0]["attributes"]["ipv4_prefixes"] = ["10.0.1.32/28"]
    assert verdict(tmp_path, document, "i-a", "10.0.1.40", "ssh") == "reachable"


def test_hosts_in_subnets_of_other_code_are_nobody_and_named(tmp_path):
    document = _pair(aws_vpc_security_group_ingress_rule__x=[{"attributes": OPEN}])
    document["resources"] = [one for one in document["resources"] if one["type"] not in ("aws_vpc", "aws_subnet")]
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(document))
    snapshot = analyzer.load(path).snapshot
    assert not snapshot.all("network_interface")
    assert "aws_instance.a: its subnet is not in the snapshot, nor where it stands" in snapshot.not_modelled


@pytest.mark.parametrize("gateway", ["igw-0123456789abcdef0", None], ids=["of other code", "none"])
def test_who_comes_in_by_a_gateway_of_other_code_is_not_known(tmp_path, gateway):
    document = deepcopy(TIERS)
    gone = ("aws_internet_gateway.main", *(["aws_route.public"] if gateway is None else []))
    document["resource_changes"] = [one for one in document["resource_changes"] if one["address"] not in gone]
    question = ("internet", "name:bastion", "ssh")
    if gateway is None:
        assert verdict(tmp_path, document, *question) == "blocked"
    else:
        assert verdict(tmp_path, changed(document, "aws_route.public", gateway_id=gateway), *question) == "unknown"


def test_two_plans_with_the_same_addresses_are_not_one_network(tmp_path):
    for name, block in (("a", "10.0.0.0/16"), ("b", "10.1.0.0/16")):
        (tmp_path / f"{name}.json").write_text(json.dumps(plan(resource("aws_vpc.main", cidr_block=block))))
    with pytest.raises(InputError, match=r"`aws_vpc.main` is also resource \d+ of"):
        analyzer.load(tmp_path)


# ---------------------------------------------------------------------- attributes
def test_groups_that_a_launch_template_may_hold_are_not_the_default_group(tmp_path):
    document = changed(TIERS, "aws_instance.app-1", launch_template=[{"id": "lt-1"}])
    for one in document["resource_changes"], document["configuration"]["root_module"]["resources"]:
        changes = next(each for each in one if each["address"] == "aws_instance.app-1")
        changes.get("expressions", {}).pop("vpc_security_group_ids", None)
    assert verdict(tmp_path, document, "name:bastion", "name:app-1", "ssh") == "unknown"


HIDDEN = {"references": ["local.hidden"]}


@pytest.mark.parametrize("how", ["association by address", "instance behind a local"])
def test_an_elastic_address_of_somebody_may_be_anybodys(tmp_path, how):
    by_address = how == "association by address"
    app, gateway = ref("aws_security_group.app.id"), ref("aws_internet_gateway.main.id")
    table = {"route_table_id": ref("aws_route_table.app.id"), "destination_cidr_block": "0.0.0.0/0"}
    opened = with_more(
        resource(f"{RULE}.more", security_group_id=app, **ALL), resource("aws_route.more", **table, gateway_id=gateway)
    )
    opened["resource_changes"] = [one for one in opened["resource_changes"] if one["address"] != "aws_route.app"]
    address = resource("aws_eip.more", public_ip=LATER, allocation_id=LATER, instance=LATER if by_address else HIDDEN)
    if by_address:
        address["expressions"] = {}
    host = ref("aws_instance.app-1.id")
    named = resource("aws_eip_association.more", allocation_id=LATER, public_ip=ref("aws_eip.more.public_ip"), instance_id=host)
    question = ("internet", "name:app-1", "ssh")
    assert verdict(tmp_path, opened, *question) == "blocked"
    with_address = with_more(address, *([named] if by_address else []), document=opened)
    assert verdict(tmp_path, with_address, *question) in ("conditional", "unknown")


def test_a_range_out_of_a_pool_leaves_the_network_unknown(tmp_path):
    pooled = changed(TIERS, "aws_vpc.main", ipv4_ipam_pool_id="ipam-pool-1")
    change = changes_of(pooled, "aws_vpc.main")["change"]
    del change["after"]["cidr_block"]
    change["after_unknown"]["cidr_block"] = True
    answer = verdict(tmp_path, pooled, "name:bastion", "name:app-1", "ssh")
    assert answer == "unknown"


def test_an_address_of_what_is_not_modelled_may_be_anybodys(tmp_path):
    fixed = deepcopy(TIERS)
    for address, ip in (("aws_instance.bastion", "10.0.0.20"), ("aws_instance.app-1", "10.0.1.20")):
        change = changes_of(fixed, address)["change"]
        change["after"]["private_ip"] = ip
        del change["after_unknown"]["private_ip"]
    question = ("name:app-1", "10.0.1.99", "ssh")
    assert verdict(tmp_path, fixed, *question) == "blocked"
    for extra in (
        resource("aws_docdb_subnet_group.d", name="d", subnet_ids=ref("aws_subnet.app.id")),
        resource("aws_emr_cluster.e", ec2_attributes=[{"subnet_id": "aws_subnet.app"}]),
        resource("aws_mq_broker.m", subnet_ids={"references": ["local.hidden"]}),
        resource("aws_autoscaling_group.g", vpc_zone_identifier=ref("aws_subnet.app.id")),
        resource("aws_autoscaling_group.g", vpc_zone_identifier={"references": ["local.hidden"]}),
    ):
        assert verdict(tmp_path, with_more(extra, document=fixed), *question) == "unknown", extra["address"]
    elsewhere = resource("aws_docdb_subnet_group.d", name="d", subnet_ids=ref("aws_subnet.data.id"))
    assert verdict(tmp_path, with_more(elsewhere, document=fixed), *question) == "blocked"


@pytest.mark.parametrize(("allowed", "kept"), [(["10.0.0.0/16"], 1), (None, 0)], ids=["written", "left to AWS"])
def test_which_prefixes_direct_connect_is_told_must_be_written(tmp_path, allowed, kept):
    named = {"allowed_prefixes": LATER if allowed is None else allowed, "associated_gateway_id": ref("aws_vpn_gateway.v.id")}
    association = resource("aws_dx_gateway_association.x", dx_gateway_id="dxgw-1", **named)
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(with_more(resource("aws_vpn_gateway.v", vpc_id=ref("aws_vpc.main.id")), association)))
    snapshot = analyzer.load(path).snapshot
    assert len(snapshot.all("direct_connect_association")) == kept
    assert snapshot.collected("direct_connect_association") is bool(kept)


def test_an_entry_of_a_list_that_is_there_already_is_not_the_whole_list(tmp_path):
    listed = changed(TIERS, f"{RULE}.data", referenced_security_group_id=None, prefix_list_id="pl-live")
    entry = resource("aws_ec2_managed_prefix_list_entry.e", prefix_list_id="pl-live", cidr="192.0.2.0/24")
    assert verdict(tmp_path, with_more(entry, document=listed), *DATABASE) == "unknown"


def test_a_service_may_register_with_several_target_groups(tmp_path):
    service = resource(
        "aws_ecs_service.s",
        name="s",
        desired_count=1,
        load_balancer=[{"target_group_arn": "aws_lb_target_group.app"}, {"target_group_arn": "aws_lb_target_group.more"}],
        network_configuration=[],
    )
    more = resource(
        "aws_lb_target_group.more", name="more", port=80, protocol="HTTP", target_type="ip", vpc_id=ref("aws_vpc.main.id")
    )
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(with_more(service, more)))
    snapshot = analyzer.load(path).snapshot
    assert not snapshot.all("target_health")


@pytest.mark.parametrize("type", ["awscc_ec2_security_group_ingress", "aws_cloudformation_stack"])
def test_what_another_language_makes_may_be_anything(tmp_path, type):
    assert verdict(tmp_path, with_more(resource(f"{type}.x", name="x")), *DATABASE) == "unknown"


@pytest.mark.parametrize(
    ("type", "expected"),
    [
        ("aws_ec2_carrier_gateway", "unknown"),
        ("aws_verifiedaccess_endpoint", "unknown"),
        ("aws_cloudfront_vpc_origin", "unknown"),
        ("aws_api_gateway_vpc_link", "unknown"),
        ("aws_globalaccelerator_custom_routing_accelerator", "unknown"),
        ("aws_cloudwatch_log_group", "blocked"),
    ],
)
def test_what_lets_the_internet_in_and_is_not_modelled_leaves_that_unknown(tmp_path, type, expected):
    assert verdict(tmp_path, with_more(resource(f"{type}.x", name="x")), "internet", "name:app-1", "ssh") == expected


# ---------------------------------------------------------------------- references
def _groups_of(tmp_path, document, address="aws_instance.app-1"):
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(document))
    one = analyzer.load(path).snapshot.find("network_interface", f"{address}.primary_network_interface_id")
    return None if one is None else list(one.group_ids)


def _with_expression(document, address, name, expression, **resource_keys):
    copy = deepcopy(document)
    written = next(one for one in copy["configuration"]["root_module"]["resources"] if one["address"] == address)
    written["expressions"][name] = expression
    written.update(resource_keys)
    return copy


APP, DATA = "aws_security_group.app", "aws_security_group.data"


@pytest.mark.parametrize(
    ("references", "groups"),
    [
        ([f"{APP}.id", APP], [APP]),
        ([f"{APP}.id", APP, f"{DATA}.id", DATA], [APP, DATA]),
        ([f"{APP}.id", APP, f"{DATA}.id", DATA, "var.which"], None),  # one of them
        ([f"{APP}.id", APP, "aws_instance.bastion"], None),  # a condition on something else
        ([f"{APP}.id", APP, "data.aws_security_group.x.id", "data.aws_security_group.x"], None),
        ([f"{APP}.id", APP, "var.extra"], [APP, "sg-0123456789abcdef0"]),
        (["aws_vpc.main.default_security_group_id", "aws_vpc.main"], ["aws_vpc.main.default_security_group_id"]),
        (["aws_lb.edge.security_groups", "aws_lb.edge"], ["aws_security_group.edge"]),  # what another resource has
        (["aws_vpc.main.cidr_block", "aws_vpc.main"], None),
        (["aws_security_group.gone.id", "aws_security_group.gone"], None),
        (["each.value"], None),
        (["each.value", f"{APP}.id", APP], None),
    ],
)
def test_groups_are_those_that_an_expression_surely_names(tmp_path, references, groups):
    document = _with_expression(
        TIERS,
        "aws_instance.app-1",
        "vpc_security_group_ids",
        {"references": references},
        for_each_expression=ref(f"{APP}.id", f"{DATA}.id"),
    )
    document["variables"] = {"which": {"value": True}, "extra": {"value": ["sg-0123456789abcdef0"]}}
    assert _groups_of(tmp_path, document) == groups


def test_the_default_of_a_variable_of_a_module_counts(tmp_path):
    host = resource("aws_instance.host", subnet_id="subnet-1", vpc_security_group_ids=LATER, primary_network_interface_id=LATER)
    change = plan(host)["resource_changes"][0]
    change |= {"address": "module.m.aws_instance.host", "module_address": "module.m"}
    group = plan(resource("aws_security_group.g", name="g", vpc_id="vpc-1", **COMPUTED))
    subnet = plan(resource("aws_subnet.s", id="subnet-1", vpc_id="vpc-1", cidr_block="10.0.0.0/24"))
    for made in (subnet["resource_changes"][0]["change"],):
        made["after"]["id"] = "subnet-1"
        made["after_unknown"].pop("id")
    inner = {
        "resources": [
            {**{key: host[key] for key in ("mode", "type", "name")}, "address": "aws_instance.host",
             "expressions": {"vpc_security_group_ids": {"references": ["var.own", "var.extra"]}}}
        ],
        "variables": {"own": {}, "extra": {"default": ["sg-0123456789abcdef0"]}},
    }  # fmt: skip
    document = {
        **group,
        "resource_changes": [change, *group["resource_changes"], *subnet["resource_changes"]],
        "configuration": {
            "root_module": {
                "resources": group["configuration"]["root_module"]["resources"],
                "module_calls": {"m": {"expressions": {"own": ref("aws_security_group.g.id")}, "module": inner}},
            }
        },
    }
    assert _groups_of(tmp_path, document, "module.m.aws_instance.host") == ["aws_security_group.g", "sg-0123456789abcdef0"]


@pytest.mark.parametrize(("index", "groups"), [("", [APP, DATA]), ("[0]", None)], ids=["all", "one of them"])
def test_one_of_a_list_that_a_module_gives_is_not_all_of_it(tmp_path, index, groups):
    output = {"expression": ref(f"{APP}.id", f"{DATA}.id")}
    document = _with_expression(
        TIERS,
        "aws_instance.app-1",
        "vpc_security_group_ids",
        {"references": [f"module.m.groups{index}", "module.m.groups", "module.m"]},
    )
    made = {key: deepcopy(one) for one in TIERS["resource_changes"] for key in [one["address"]] if key in (APP, DATA)}
    for one in made.values():
        one.update(address=f"module.m.{one['address']}", module_address="module.m")
    written = [one for one in TIERS["configuration"]["root_module"]["resources"] if one["address"] in (APP, DATA)]
    document["resource_changes"] += made.values()
    document["configuration"]["root_module"]["module_calls"] = {
        "m": {"module": {"resources": written, "outputs": {"groups": output}}}
    }
    found = _groups_of(tmp_path, document)
    assert found == (None if groups is None else [f"module.m.{one}" for one in groups])


def test_data_that_is_read_later_may_be_what_a_local_hides(tmp_path):
    document = _with_expression(TIERS, "aws_security_group.data", "vpc_id", {"references": ["local.vpc"]})
    assert verdict(tmp_path, document, *DATABASE) == "blocked"
    read = {
        "address": "data.aws_vpc.other", "mode": "data", "type": "aws_vpc", "name": "other",
        "change": {"actions": ["read"], "before": None, "after": {}, "after_unknown": {"id": True}},
    }  # fmt: skip
    document["resource_changes"].append(read)
    assert verdict(tmp_path, document, *DATABASE) == "unknown"


def test_keys_of_any_text_tell_one_of_several(tmp_path):
    document = deepcopy(TIERS)
    key = 'a]."b'
    for one in document["resource_changes"]:
        if one["address"] == APP:
            one.update(address=f"{APP}[{json.dumps(key)}]", index=key)
    expression = {"references": [f"{APP}[{json.dumps(key)}].id", f"{APP}[{json.dumps(key)}]", APP]}
    named = _with_expression(document, "aws_instance.app-1", "vpc_security_group_ids", expression)
    assert _groups_of(tmp_path, named) == [f"{APP}[{json.dumps(key)}]"]


def test_a_rule_that_is_deleted_is_not_in_its_group_any_more(tmp_path):
    """Terraform shows the rules of a group that it does not change as they were before the plan."""
    rule = {"protocol": "tcp", "from_port": 5432, "to_port": 5432, "cidr_blocks": ["10.0.0.0/8", "192.0.2.0/24"], "self": False}
    before = {"id": "sgr-1", "type": "ingress", "security_group_id": "aws_security_group.data", **rule}
    document = changed(
        TIERS, DATA, ingress=[{**rule, "description": "", "security_groups": [], "prefix_list_ids": []}], egress=[]
    )
    assert verdict(tmp_path, document, *DATABASE) == "reachable"
    gone = {"address": "aws_security_group_rule.x", "mode": "managed", "type": "aws_security_group_rule", "name": "x"}
    document["resource_changes"].append({**gone, "change": {"actions": ["delete"], "before": before, "after": None}})
    assert verdict(tmp_path, document, *DATABASE) == "blocked"
    narrower = {**before, "cidr_blocks": ["192.0.2.0/24"]}
    document["resource_changes"][-1]["change"] = {"actions": ["update"], "before": before, "after": narrower, "after_unknown": {}}
    assert verdict(tmp_path, document, *DATABASE) == "blocked"
    document["resource_changes"][-1]["change"] = {"actions": ["update"], "before": narrower, "after": before, "after_unknown": {}}
    assert verdict(tmp_path, document, *DATABASE) == "reachable"
