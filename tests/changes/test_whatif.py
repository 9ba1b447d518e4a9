"""Edits and the questions after them: each row is an edit, its twin the same question without it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from analyzer import load
from analyzer.edit import edited
from analyzer.edit.file import Edit
from analyzer.models.errors import ReachError
from analyzer.network import Network
from tests.semantics import build
from tests.semantics.build import BLOCKED, OPEN, REACHABLE, V4, acl, group, main_table, network, route_table, rule

SSH_FROM_A = "10.0.1.0/24"


def after(before: Network, *edits: dict[str, Any]) -> Network:
    return before.whatif([Edit.model_validate(one) for one in edits])


def verdicts(before: Network, edits: list[dict[str, Any]], source: str, target: str, on: str | None = None) -> tuple[str, str]:
    return before.reach(source, target, on).verdict.value, after(before, *edits).reach(source, target, on).verdict.value


def closed(*inbound: Any, **how: Any) -> Network:
    """The default network with `eni-b` in a group of its own."""
    return network(group("sg-b", inbound, **how), build.eni_b(groups=["sg-b"]))


RULE = {"group": "sg-b", "inbound": "ssh", "from": SSH_FROM_A}
HTTPS = {"group": "sg-b", "inbound": "https", "from": SSH_FROM_A}


@pytest.mark.parametrize(
    ("inbound", "edit", "on", "was", "is_"),
    [
        ([], {"add": {"rule": RULE}}, "ssh", BLOCKED, REACHABLE),
        ([], {"add": {"rule": RULE}}, "https", BLOCKED, BLOCKED),
        ([], {"add": {"rule": {**RULE, "from": "sg-open"}}}, "ssh", BLOCKED, REACHABLE),
        ([], {"add": {"rule": {**RULE, "from": "sg-b"}}}, "ssh", BLOCKED, BLOCKED),
        ([], {"add": {"rule": {**RULE, "inbound": "all"}}}, "udp/53", BLOCKED, REACHABLE),
        ([], {"add": {"rule": {**RULE, "inbound": "icmp/8"}}}, "icmp/8", BLOCKED, REACHABLE),
        ([], {"add": {"rule": {**RULE, "inbound": "icmp/0"}}}, "icmp/8", BLOCKED, BLOCKED),
        ([rule("tcp/22", SSH_FROM_A)], {"remove": {"rule": RULE}}, "ssh", REACHABLE, BLOCKED),
        ([rule("tcp/22", SSH_FROM_A, "10.0.0.0/8")], {"remove": {"rule": RULE}}, "ssh", REACHABLE, REACHABLE),
        ([rule("tcp/22", SSH_FROM_A), rule("tcp/443", SSH_FROM_A)], {"remove": {"rule": RULE}}, "https", REACHABLE, REACHABLE),
        ([rule("tcp/22", SSH_FROM_A)], {"replace": {"rule": RULE}, "with": {"rule": HTTPS}}, "ssh", REACHABLE, BLOCKED),
        ([rule("tcp/22", SSH_FROM_A)], {"replace": {"rule": RULE}, "with": {"rule": HTTPS}}, "https", BLOCKED, REACHABLE),
    ],
)
def test_rules_of_a_group(inbound: list[Any], edit: dict[str, Any], on: str, was: str, is_: str):
    assert verdicts(closed(*inbound), [edit], "eni-a", "eni-b", on) == (was, is_)


def test_an_outbound_rule_is_one_of_the_other_direction():
    before = closed(*OPEN, egress=[])
    edit = {"add": {"rule": {"group": "sg-b", "outbound": "all", "to": V4}}}
    assert verdicts(before, [edit], "eni-b", "eni-a") == (BLOCKED, REACHABLE)
    assert verdicts(before, [edit], "eni-a", "eni-b") == (REACHABLE, REACHABLE)


DENY = {"acl": "acl-open", "inbound": 50, "action": "deny", "on": "ssh", "from": V4}


@pytest.mark.parametrize(
    ("edits", "on", "is_"),
    [
        ([{"add": {"entry": DENY}}], "ssh", BLOCKED),
        ([{"add": {"entry": DENY}}], "https", REACHABLE),
        ([{"add": {"entry": {**DENY, "inbound": 150}}}], "ssh", REACHABLE),
        ([{"add": {"entry": DENY}}, {"remove": {"entry": {"acl": "acl-open", "inbound": 50}}}], "ssh", REACHABLE),
        ([{"remove": {"entry": {"acl": "acl-open", "inbound": 100}}}], "ssh", BLOCKED),
    ],
)
def test_entries_of_an_acl(edits: list[dict[str, Any]], on: str, is_: str):
    assert verdicts(network(), edits, build.A4, "eni-b", on) == (REACHABLE, is_)


TO_INTERNET = {"table": "rtb-main", "to": V4}


@pytest.mark.parametrize(
    ("edits", "is_"),
    [
        ([{"remove": {"route": TO_INTERNET}}], BLOCKED),
        ([{"remove": {"route": TO_INTERNET}}, {"add": {"route": {**TO_INTERNET, "via": "igw-1"}}}], REACHABLE),
        ([{"replace": {"route": TO_INTERNET}, "with": {"route": {**TO_INTERNET, "to": "10.0.0.0/8", "via": "igw-1"}}}], BLOCKED),
        ([{"remove": {"attachment": {"gateway": "igw-1", "vpc": "vpc-1"}}}], BLOCKED),
        (
            [
                {"remove": {"attachment": {"gateway": "igw-1", "vpc": "vpc-1"}}},
                {"add": {"attachment": {"gateway": "igw-1", "vpc": "vpc-1"}}},
            ],
            REACHABLE,
        ),
        ([{"add": {"association": {"subnet": "subnet-a", "table": "rtb-shut"}}}], BLOCKED),
        ([{"add": {"association": {"subnet": "subnet-b", "table": "rtb-shut"}}}], REACHABLE),
        (
            [
                {"add": {"association": {"subnet": "subnet-a", "table": "rtb-shut"}}},
                {"remove": {"association": {"subnet": "subnet-a", "table": "rtb-shut"}}},
            ],
            REACHABLE,
        ),
        ([{"add": {"association": {"subnet": "subnet-a", "acl": "acl-shut"}}}], BLOCKED),
        ([{"add": {"association": {"subnet": "subnet-b", "acl": "acl-shut"}}}], REACHABLE),
        ([{"isolate": "eni-a"}], BLOCKED),
        ([{"isolate": "eni-b"}], REACHABLE),
        ([{"add": {"association": {"interface": "eni-a", "group": "sg-shut"}}}], REACHABLE),
        (
            [
                {"add": {"association": {"interface": "eni-a", "group": "sg-shut"}}},
                {"remove": {"association": {"interface": "eni-a", "group": "sg-open"}}},
            ],
            BLOCKED,
        ),
    ],
)
def test_routes_attachments_associations_and_isolation(edits: list[dict[str, Any]], is_: str):
    before = network(
        acl("acl-shut", inbound=[], outbound=[]), route_table("rtb-shut"), group("sg-shut", [], []), build.igw("igw-2", vpc="")
    )
    assert verdicts(before, edits, "eni-a", "203.0.113.200", "https") == (REACHABLE, is_)


def test_an_isolated_interface_is_no_member_of_its_group_any_more():
    before = closed(rule("tcp/22", "sg-open"))
    assert verdicts(before, [{"isolate": "eni-a"}], "eni-a2", "eni-b", "ssh") == (REACHABLE, REACHABLE)
    assert verdicts(before, [{"isolate": "eni-a"}], "eni-a2", "eni-a", "ssh") == (REACHABLE, BLOCKED)


def test_routes_of_a_transit_gateway():
    before = network(*build.transit())
    onward = {"table": "tgw-rtb-1", "to": "10.2.0.0/16"}
    hole = {"replace": {"route": onward}, "with": {"route": {**onward, "via": "blackhole"}}}
    assert verdicts(before, [hole], build.A4, build.P4) == (REACHABLE, BLOCKED)
    longer = {"add": {"route": {"table": "tgw-rtb-1", "to": "10.2.1.0/24", "via": "tgw-attach-2"}}}
    assert verdicts(before, [hole, longer], build.A4, build.P4) == (REACHABLE, REACHABLE)


def test_the_snapshot_stays_as_it_is_and_the_note_says_what_it_was():
    before = closed(rule("tcp/22", SSH_FROM_A))
    later = after(before, {"remove": {"rule": RULE}})
    answer = later.reach("eni-a", "eni-b", "ssh")
    assert answer.notes[-1] == "without the edits the answer is `reachable` on tcp/22"
    assert before.reach("eni-a", "eni-b", "ssh").notes == []
    assert later.reach("eni-b", "eni-a", "ssh").notes[-1] == "without the edits the answer is the same"


PRIVATE = build.eni_b(public="", addresses=("10.0.2.10",))


@pytest.mark.parametrize(
    ("rows", "edits", "was", "is_"),
    [
        ([PRIVATE], [{"add": {"address": {"interface": "eni-b", "public": "192.0.2.9"}}}], BLOCKED, REACHABLE),
        ([PRIVATE], [{"add": {"address": {"interface": "eni-b", "public": "2001:db8:0:102::9"}}}], BLOCKED, REACHABLE),
        ([build.eni_b(addresses=("10.0.2.10",))], [{"remove": {"address": {"interface": "eni-b"}}}], REACHABLE, BLOCKED),
    ],
)
def test_public_addresses(rows: list[build.Row], edits: list[dict[str, Any]], was: str, is_: str):
    assert verdicts(network(*rows), edits, "internet", "eni-b", "ssh") == (was, is_)


def one_edit(before: Network, edit: dict[str, Any]) -> str:
    with pytest.raises(ReachError) as raised:
        after(before, edit)
    return str(raised.value)


@pytest.mark.parametrize(
    ("edit", "what", "hint"),
    [
        ({"remove": {"rule": HTTPS}}, "sg-b has no rule `inbound tcp/443 from 10.0.1.0/24`", "it has `tcp/22 from 10.0.1.0/24`"),
        ({"add": {"rule": RULE}}, "sg-b has the rule already: `inbound tcp/22 from 10.0.1.0/24`", "leave the edit out"),
        ({"add": {"rule": {**RULE, "group": "sg-c"}}}, "no security group is called `sg-c`", "did you mean `sg-b`, `sg-open`?"),
        (
            {"add": {"rule": {**RULE, "from": "sg-c"}}},
            "no block, prefix list or security group is called `sg-c`",
            "did you mean `sg-b`, `sg-open`?",
        ),
        ({"add": {"rule": {**RULE, "inbound": "sssh"}}}, "no such service: `sssh`", "did you mean `ssh`, `ms-sql-s`?"),
        ({"remove": {"entry": {"acl": "acl-open", "inbound": 7}}}, "acl-open has no entry `inbound 7`", "it has `100`, `101`"),
        (
            {"add": {"entry": {**DENY, "on": "ssh,https"}}},
            "one entry cannot say `ssh,https`",
            "write an edit for each protocol and range",
        ),
        (
            {"remove": {"route": {"table": "rtb-main", "to": "10.0.0.0/16"}}},
            "the local route of rtb-main cannot be removed",
            None,
        ),
        ({"add": {"route": {**TO_INTERNET, "via": "igw-1"}}}, "rtb-main has a route to `0.0.0.0/0` already", "`replace` it"),
        ({"isolate": "internet"}, "internet carries no security group, so none can isolate it", None),
        ({"add": {"attachment": {"gateway": "igw-1", "vpc": "vpc-1"}}}, "igw-1 is attached to vpc-1", None),
        ({"add": {"address": {"interface": "eni-b", "public": "192.0.2.9"}}}, "eni-b has a public address already", None),
        ({"remove": {"address": {"interface": "eni-b", "public": "192.0.2.9"}}}, "eni-b has no public address `192.0.2.9`", None),
    ],
)
def test_an_edit_that_does_not_fit_says_why(edit: dict[str, Any], what: str, hint: str | None):
    said = one_edit(closed(rule("tcp/22", SSH_FROM_A)), edit)
    first, _, second = said.partition("\n")
    assert first == f"cannot apply edit 1 of `the edits`: {what}"
    assert hint is None or second == f"  try: {hint}"


HIDING = ("172.16.0.0/12", "igw-1")


def table_with(**fields: Any) -> build.Row:
    row = main_table(HIDING)
    return row._replace(fields={**row.fields, **fields})


@pytest.mark.parametrize(
    ("rows", "hides"),
    [
        ([main_table(HIDING)], False),
        ([build.vgw(), main_table(HIDING)], True),
        ([build.vgw(vpc=""), main_table(HIDING)], False),
        ([build.vgw(), table_with(PropagatingVgws=[])], False),
        ([table_with(PropagatingVgws=[{"GatewayId": "vgw-1"}])], True),
        ([main_table(HIDING, build.route(build.SITE, "vgw-1", Origin="EnableVgwRoutePropagation"))], True),
    ],
)
def test_a_static_route_that_may_hide_a_propagated_one_is_not_removed(rows: list[build.Row], hides: bool):
    before = network(*rows)
    old = {"route": {"table": "rtb-main", "to": "172.16.0.0/12"}}
    if hides:
        said = one_edit(before, {"remove": old})
        assert "a propagated route to `172.16.0.0/12` may stand behind the one of rtb-main, and take over" in said
    else:
        after(before, {"remove": old})
    after(before, {"replace": old, "with": {"route": {**old["route"], "via": "local"}}})


FILES = [
    ("edits: []", " line 1: `edits`: expected a list of 1 or more\n  try: docs/whatif.md shows a file"),
    ("edit: []", " line 1: no such key: `edit`\n  try: did you mean `edits`?"),
    ("- isolate: eni-a", " line 1: expected keys and values\n  try: docs/whatif.md shows a file"),
    ("edits: [{isolate: eni-a, add: {}}]", " line 1: `add`: name exactly one of `rule`, `route`"),
    ("edits:\n- {isolat: eni-a}", " line 2: no such key: `isolat`\n  try: did you mean `isolate`?"),
    ("edits:\n- add:\n    rule: {grup: a, inbound: ssh}", " line 3: no such key: `grup`\n  try: did you mean `group`?"),
    ("edits: [{}]", " line 1: write one of `add`, `remove`, `isolate`, or `replace` and `with`\n"),
    ("edits: [{add: {rule: {group: a, inbound: ssh, to: b}}}]", " line 1: `rule`: write `from: FAR SIDE` beside"),
    ("edits: [{add: {entry: {acl: a, inbound: '7', action: deny}}}]", " line 1: `inbound`: expected a whole number\n"),
    ("edits: [{add: {entry: {acl: a, inbound: 0, action: deny}}}]", " line 1: `inbound`: expected a number from 1 on\n"),
    ("edits: [{add: {entry: {acl: a, inbound: 7, action: pass}}}]", " line 1: `action`: expected 'allow' or 'deny'\n"),
    (
        "edits: [{add: {association: {attachment: a, acl: b}}}]",
        " line 1: `association`: write one of `subnet` and `table`, `subnet`",
    ),
    (
        "edits: [{add: {peering: {vpcs: [a, b, c]}}}]",
        " line 1: `peering`: write `vpcs: [ONE, OTHER]`, or the `id` of one that is",
    ),
    ("edits: [{add: {peering: {}}}]", " line 1: `peering`: write `vpcs: [ONE, OTHER]`, or the `id` of one that is there\n"),
    (
        "edits: [{add: {entry: {list: a, block: b, action: deny}}}]",
        " line 1: `entry`: write `acl` and a number, or `list` and `block`",
    ),
    ("edits: [{add: {entry: {list: a}}}]", " line 1: `entry`: write `acl` and a number, or `list` and `block`\n"),
    ("edits: [{add: {entry: {acl: a}}}]", " line 1: `entry`: write `acl`, and `inbound: NUMBER` or `outbound: NUMBER`\n"),
    ("edits: [{add: {entry: {inbound: 7}}}]", " line 1: `entry`: write `acl`, and `inbound: NUMBER` or `outbound: NUMBER`\n"),
    ("edits: [{add: {attachment: {gateway: a}}}]", " line 1: `attachment`: write `gateway` and `vpc`, or `gateway` and"),
    ("edits: [{add: {attachment: {gateway: a, vpc: b, connection: c}}}]", " line 1: `attachment`: write `gateway` and `vpc`, or"),
    (
        "edits: [{add: {attachment: {gateway: a, connection: c, id: x}}}]",
        " line 1: `attachment`: write `gateway` and `connection` alone",
    ),
    ("edits: [{add: {target: {group: a, id: b, port: 0}}}]", " line 1: `port`: expected a number from 1 on\n"),
    ("edits: [{add: {propagation: {attachment: a}}}]", " line 1: the key `table` is missing\n  try: add `table`"),
    ("edits: [{isolate: &a x}, {isolate: *a}]", " line 1: anchors and aliases are not read\n  try: write it out"),
    ("edits: []\nedits: []", " line 2: the key `edits` is there twice\n  try: keep one of the two"),
    ("edits: [" * 60, " line 1: it is nested too deep\n  try: write it out"),
    ("edits: !!python/object:os.system {}", " line 1: tags are not read\n  try: write it out"),
    ("a: b: c", " line 1: mapping values are not allowed here\n  try: mend the YAML there: indent with spaces"),
    ("? [a]\n: b", " line 1: a key is no word\n  try: write `key: value`"),
    ("\x00", ": it is no YAML\n  try: save it as plain text in UTF-8"),
]


@pytest.mark.parametrize(("text", "what"), FILES)
def test_a_file_that_is_wrong_says_where(text: str, what: str, tmp_path: Path):
    path = tmp_path / "c.yaml"
    path.write_text(text)
    with pytest.raises(ReachError) as raised:
        load("demo").whatif(path)
    assert str(raised.value).startswith(f"cannot read `{path}`{what}")


def test_on_is_a_word_and_no_truth_value(tmp_path: Path):
    path = tmp_path / "c.yaml"
    path.write_text("edits:\n  - add:\n      entry: {acl: acl-open, inbound: 50, action: deny, on: ssh, from: 0.0.0.0/0}\n")
    assert network().whatif(path).reach(build.A4, "eni-b", "ssh").verdict.value == BLOCKED


def test_edits_add_up_in_order():
    before = closed()
    world = edited(before.snapshot, [Edit.model_validate(one) for one in ({"add": {"rule": RULE}}, {"remove": {"rule": RULE}})])
    assert Network(world).reach("eni-a", "eni-b", "ssh").verdict.value == BLOCKED


# ---------------------------------------------------------------------- new groups, ACLs and tables
NEW = {
    "group": [{"association": {"interface": "eni-a", "group": "new"}}],
    "acl": [{"association": {"subnet": "subnet-a", "acl": "new"}}],
    "table": [{"association": {"subnet": "subnet-a", "table": "new"}}],
}


@pytest.mark.parametrize(
    ("thing", "target", "is_"),
    [
        ("acl", "eni-b", BLOCKED),
        ("acl", "eni-a2", REACHABLE),
        ("table", "internet", BLOCKED),
        ("table", "eni-b", REACHABLE),
    ],
)
def test_a_new_acl_denies_everything_and_a_new_table_leads_into_the_vpc_alone(thing: str, target: str, is_: str):
    edits = [{"add": {thing: {"id": "new", "vpc": "vpc-1"}}}, *({"add": one} for one in NEW[thing])]
    assert verdicts(network(), edits, "eni-a", target) == (REACHABLE, is_)


def test_a_new_group_admits_nothing_and_joins_those_that_are_there():
    made = {"add": {"group": {"id": "new", "vpc": "vpc-1"}}}
    joins = {"add": {"association": {"interface": "eni-a", "group": "new"}}}
    leaves = {"remove": {"association": {"interface": "eni-a", "group": "sg-open"}}}
    assert verdicts(network(), [made, joins], "eni-a", "eni-b") == (REACHABLE, REACHABLE)
    assert verdicts(network(), [made, joins, leaves], "eni-a", "eni-b") == (REACHABLE, BLOCKED)
    rule_ = {"add": {"rule": {"group": "new", "outbound": "ssh", "to": V4}}}
    assert verdicts(network(), [made, rule_, joins, leaves], build.A4, "eni-b", "ssh") == (REACHABLE, REACHABLE)


@pytest.mark.parametrize("thing", NEW)
def test_what_is_new_goes_again_while_nothing_uses_it(thing: str):
    made = {"add": {thing: {"id": "new", "vpc": "vpc-1"}}}
    gone = {"remove": {thing: {"id": "new"}}}
    assert after(network(), made, gone).snapshot.at("new") is None
    with pytest.raises(ReachError, match="cannot be removed"):
        after(network(), made, *({"add": one} for one in NEW[thing]), gone)


@pytest.mark.parametrize(
    ("edit", "what"),
    [
        ({"add": {"group": {"id": "sg-open", "vpc": "vpc-1"}}}, "there is a resource `sg-open` already"),
        ({"add": {"group": {"id": "new"}}}, "in which VPC `new` is to be is not said"),
        ({"add": {"acl": {"id": "new", "vpc": "vpc-9"}}}, "no VPC is called `vpc-9`"),
        ({"remove": {"group": {"id": "sg-open"}}}, "sg-open cannot be removed: eni-a carries it"),
        ({"remove": {"acl": {"id": "acl-open"}}}, "acl-open cannot be removed: vpc-1 has it"),
        ({"remove": {"table": {"id": "nothing"}}}, "no route table is called `nothing`"),
    ],
)
def test_what_is_new_must_fit(edit: dict[str, Any], what: str):
    with pytest.raises(ReachError) as found:
        after(network(), edit)
    assert found.value.what == f"cannot apply edit 1 of `the edits`: {what}"


def test_a_snapshot_without_acls_takes_no_new_one():
    with pytest.raises(ReachError, match="the snapshot holds no `NetworkAcls`, so that one more would pass for the only one"):
        after(network(without=["NetworkAcls"]), {"add": {"acl": {"id": "new", "vpc": "vpc-1"}}})
