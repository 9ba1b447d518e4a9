"""Edits of what leads to sites, of prefix lists, and of targets: each row an edit, its twin the same question without it."""

from __future__ import annotations

from typing import Any

import pytest

from analyzer.network import Network
from tests.semantics import build
from tests.semantics.build import (
    BLOCKED,
    CONDITIONAL,
    OTHER_ACCOUNT,
    REACHABLE,
    V4,
    Row,
    group,
    main_table,
    network,
    route_table,
    rule,
    seen_attachment,
    tgw,
)

from .asked import Edits, after, refused, verdicts
from .test_edits_between import USUAL, fills_table

# ---------------------------------------------------------------------- sites
FILLED_BY_VGW = {"PropagatingVgws": [{"GatewayId": "vgw-1"}]}
CONNECTION = {"attachment": {"gateway": "vgw-1", "connection": "vpn-1"}}


def told(*routes: Any, propagating: bool = True) -> Row:
    row = main_table((V4, "igw-1"), *routes)
    return row._replace(fields={**row.fields, **(FILLED_BY_VGW if propagating else {"PropagatingVgws": []})})


def to_site(**fields: Any) -> dict[str, Any]:
    return build.route(build.SITE, "vgw-1", Origin="EnableVgwRoutePropagation", **fields)


def site(*, static: bool = True, propagating: bool = True) -> Network:
    return network(build.vgw(), build.vpn("vpn-1", build.SITE, static=static), told(to_site(), propagating=propagating))


@pytest.mark.parametrize(
    ("edits", "is_"),
    [
        ([{"remove": CONNECTION}], BLOCKED),
        ([{"remove": CONNECTION}, {"add": CONNECTION}], CONDITIONAL),
        ([{"remove": {"attachment": {"gateway": "vgw-1", "vpc": "vpc-1"}}}], BLOCKED),
        (
            [
                {"remove": {"attachment": {"gateway": "vgw-1", "vpc": "vpc-1"}}},
                {"add": {"attachment": {"gateway": "vgw-1", "vpc": "vpc-1"}}},
            ],
            CONDITIONAL,
        ),
    ],
)
def test_what_a_site_is_reached_by(edits: Edits, is_: str):
    assert verdicts(site(), edits, "eni-a", build.SITE_HOST, "https") == (CONDITIONAL, is_)


def test_what_a_gateway_told_goes_with_it_and_a_wider_route_takes_over():
    wide = network(
        build.vgw(), build.vpn("vpn-1", "203.0.113.128/25"), told(to_public := build.route("203.0.113.128/25", "vgw-1"))
    )
    assert to_public["Origin"] == "CreateRoute"
    gone = {"remove": {"attachment": {"gateway": "vgw-1", "vpc": "vpc-1"}}}
    # A static route stays, and leads nowhere; one that the gateway told is gone, and the internet is next.
    assert verdicts(wide, [gone], "eni-a", "203.0.113.200", "https") == (CONDITIONAL, BLOCKED)
    learned = build.route("203.0.113.128/25", "vgw-1", Origin="EnableVgwRoutePropagation")
    before = network(build.vgw(), build.vpn("vpn-1", "203.0.113.128/25"), told(learned))
    assert verdicts(before, [gone], "eni-a", "203.0.113.200", "https") == (CONDITIONAL, REACHABLE)


def test_a_connection_moves_to_a_transit_gateway():
    before = network(
        build.transit(),
        tgw(Options=USUAL),
        build.vgw(),
        build.vpn("vpn-1", build.SITE),
        main_table((build.SITE, "tgw-1"), (V4, "igw-1")),
        fills_table("tgw-rtb-1", "tgw-attach-1", "tgw-attach-2"),
    )
    onto = {"attachment": {"gateway": "tgw-1", "connection": "vpn-1"}}
    moved = [{"remove": CONNECTION}, {"add": onto}]
    assert verdicts(before, moved, "eni-a", build.SITE_HOST, "https") == (BLOCKED, CONDITIONAL)
    assert verdicts(before, [*moved, {"remove": onto}], "eni-a", build.SITE_HOST, "https") == (BLOCKED, BLOCKED)


@pytest.mark.parametrize(
    ("before", "edits", "said"),
    [
        (site(), [{"add": CONNECTION}], "vpn-1 ends at vgw-1\n  try: remove that attachment before"),
        (
            network(build.vgw("vgw-2", vpc=""), build.vgw(), build.vpn("vpn-1", build.SITE)),
            [{"remove": {"attachment": {"gateway": "vgw-2", "connection": "vpn-1"}}}],
            "vpn-1 does not end at vgw-2\n  try: leave the edit out",
        ),
        (
            site(static=False),
            [{"remove": CONNECTION}, {"add": CONNECTION}],
            "what vpn-1 would tell rtb-main is told by BGP\n  try: edit the routes of this table instead",
        ),
        (
            network(build.vgw(), build.vpn("vpn-1"), build.vpn("vpn-2", static=False), told(to_site())),
            [{"remove": CONNECTION}],
            "what vgw-1 would tell route tables then is told by BGP\n  try: edit the routes of these tables instead",
        ),
        (
            network(
                build.transit(),
                build.vpn("vpn-1", static=False, VpnGatewayId="", TransitGatewayId="tgw-1"),
                seen_attachment("tgw-attach-v", "vpn", "vpn-1"),
            ),
            [{"add": {"propagation": {"attachment": "tgw-attach-v", "table": "tgw-rtb-1"}}}],
            "with what tgw-attach-v fills tgw-rtb-1 is told by BGP, or not in the snapshot\n  try: `add` a route for each block",
        ),
    ],
)
def test_what_bgp_tells_is_not_guessed(before: Network, edits: Edits, said: str):
    assert refused(before, *edits) == said


def test_what_comes_in_by_a_gateway_meets_the_table_that_it_is_tied_to():
    inspect = route_table("rtb-edge", build.route("10.0.2.0/24", "eni-fw"))
    box = build.middlebox(public="203.0.113.80")
    before = network(build.FIREWALL, box, inspect, build.eni_b(addresses=(build.B4,)))
    tie = {"association": {"gateway": "igw-1", "table": "rtb-edge"}}
    assert verdicts(before, [{"add": tie}], "internet", "eni-b", "https") == (REACHABLE, CONDITIONAL)
    assert verdicts(before, [{"add": tie}, {"remove": tie}], "internet", "eni-b", "https") == (REACHABLE, REACHABLE)


# ---------------------------------------------------------------------- prefix lists
OFFICES = build.prefix_list("pl-1", "10.0.9.0/24", PrefixListName="offices")
BY_LIST = [group("sg-b", [rule("tcp/22", "pl-1")]), build.eni_b(groups=["sg-b"]), *OFFICES]
NEIGHBOURS = {"entry": {"list": "offices", "block": "10.0.1.0/24"}}


@pytest.mark.parametrize(
    ("edits", "is_"),
    [
        ([{"add": NEIGHBOURS}], REACHABLE),
        ([{"add": NEIGHBOURS}, {"remove": NEIGHBOURS}], BLOCKED),
        ([{"replace": {"entry": {"list": "pl-1", "block": "10.0.9.0/24"}}, "with": NEIGHBOURS}], REACHABLE),
        ([{"add": {"entry": {"list": "pl-1", "block": "10.0.3.0/24"}}}], BLOCKED),
    ],
)
def test_entries_of_a_prefix_list(edits: Edits, is_: str):
    assert verdicts(network(BY_LIST), edits, build.A4, "eni-b", "ssh") == (BLOCKED, is_)


def test_an_entry_of_a_list_with_its_blocks_beside_its_name():
    bare = Row("PrefixLists", "pl-1", {"PrefixListId": "pl-1", "PrefixListName": "offices", "Cidrs": ["10.0.9.0/24"]})
    before = network([row for row in BY_LIST if row not in OFFICES], bare)
    assert verdicts(before, [{"add": NEIGHBOURS}], build.A4, "eni-b", "ssh") == (BLOCKED, REACHABLE)


def test_routes_of_a_vpc_by_prefix_list_follow_its_entries():
    before = network(main_table(("pl-1", "igw-1")), build.prefix_list("pl-1", "198.51.100.0/24"))
    edits = [{"add": {"entry": {"list": "pl-1", "block": "203.0.113.128/25"}}}]
    assert verdicts(before, edits, "eni-a", "203.0.113.200", "https") == (BLOCKED, REACHABLE)


def test_rules_and_routes_name_a_list_by_its_name():
    before = network(group("sg-b"), build.eni_b(groups=["sg-b"]), build.prefix_list("pl-1", "10.0.1.0/24", PrefixListName="near"))
    admits = {"rule": {"group": "sg-b", "inbound": "ssh", "from": "near"}}
    assert verdicts(before, [{"add": admits}], build.A4, "eni-b", "ssh") == (BLOCKED, REACHABLE)
    assert verdicts(before, [{"add": admits}, {"remove": admits}], build.A4, "eni-b", "ssh") == (BLOCKED, BLOCKED)
    led = network(main_table(), build.prefix_list("pl-1", "203.0.113.128/25", PrefixListName="far"))
    way = {"route": {"table": "rtb-main", "to": "far", "via": "igw-1"}}
    assert verdicts(led, [{"add": way}], "eni-a", "203.0.113.200", "https") == (BLOCKED, REACHABLE)
    assert verdicts(led, [{"add": way}, {"remove": way}], "eni-a", "203.0.113.200", "https") == (BLOCKED, BLOCKED)


def test_a_rule_that_names_what_is_gone_is_taken_away():
    before = network(group("sg-b", [rule("tcp/22", "sg-gone", "pl-gone")]), build.eni_b(groups=["sg-b"]))
    for far in ("sg-gone", "pl-gone"):
        edit = {"remove": {"rule": {"group": "sg-b", "inbound": "ssh", "from": far}}}
        left = after(before, edit).snapshot.find("security_group", "sg-b").ip_permissions
        assert far not in str(left)
        assert "gone" in str(left)


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (
            {"add": {"entry": {"list": "offices", "block": "10.0.9.0/24"}}},
            "pl-1 has `10.0.9.0/24` already\n  try: leave the edit out",
        ),
        ({"remove": NEIGHBOURS}, "pl-1 has no entry `10.0.1.0/24`\n  try: it has `10.0.9.0/24`"),
        (
            {"add": {"entry": {"list": "offices", "block": "all"}}},
            "`all` is no block of addresses\n  try: write a block like `10.0.0.0/8`",
        ),
        (
            {"add": {"entry": {"list": "offices", "block": "::/0"}}},
            "pl-1 holds blocks of the other family\n  try: take another list: each holds one family",
        ),
        (
            {"add": {"entry": {"list": "office", "block": "::/0"}}},
            "no prefix list is called `office`\n  try: did you mean `offices`?",
        ),
        (
            {"add": {"rule": {"group": "sg-b", "inbound": "ssh", "from": "offizes"}}},
            "no block, prefix list or security group is called `offizes`\n  try: did you mean `offices`?",
        ),
        (
            {"add": {"entry": {"list": "pl-s3", "block": "10.0.0.0/8"}}},
            "pl-s3 is a list of AWS, which nobody else edits\n  try: name a list of your own",
        ),
        (
            {"add": {"entry": {"list": "pl-2", "block": "10.0.0.0/8"}}},
            "the entries of pl-2 are not in the snapshot\n  try: collect them: `aws ec2 get-managed-prefix-list-entries`",
        ),
    ],
)
def test_an_entry_that_cannot_be(edit: dict[str, Any], said: str):
    aws = build.prefix_list("pl-s3", build.S3, PrefixListName="com.amazonaws.eu-west-1.s3", OwnerId="AWS")
    unread = build.prefix_list("pl-2", PrefixListName="shops")[:1]
    assert refused(network(BY_LIST, aws, unread), edit) == said


# ---------------------------------------------------------------------- targets
HOSTS = {"group": "hosts", "id": "i-b"}


@pytest.mark.parametrize(
    ("edits", "on", "is_"),
    [
        ([{"remove": {"target": HOSTS}}], "tcp/8080", BLOCKED),
        ([{"remove": {"target": {**HOSTS, "port": 8080}}}], "tcp/8080", BLOCKED),
        ([{"remove": {"target": HOSTS}}, {"add": {"target": HOSTS}}], "tcp/8080", REACHABLE),
        ([{"remove": {"target": HOSTS}}, {"add": {"target": {**HOSTS, "port": 9090}}}], "tcp/8080", BLOCKED),
        ([{"add": {"target": {**HOSTS, "port": 9090}}}], "tcp/8080", REACHABLE),
    ],
)
def test_targets_of_a_load_balancer(edits: Edits, on: str, is_: str):
    shut = group("sg-hosts", [rule("tcp/8080", "sg-lb"), rule("tcp/9090", "sg-lb")])
    before = network(build.balanced(), shut, build.eni_b(groups=["sg-hosts"]))
    assert verdicts(before, edits, "eni-a", "eni-b", on) == (REACHABLE, is_)


def test_a_target_by_its_address():
    shut = group("sg-hosts", [rule("tcp/8080", "sg-lb")])
    before = network(build.balanced(type="ip", ids=("10.0.2.77",)), shut, build.eni_b(groups=["sg-hosts"]))
    assert verdicts(before, [{"add": {"target": {"group": "hosts", "id": build.B4}}}], "eni-a", "eni-b", "tcp/8080") == (
        BLOCKED,
        REACHABLE,
    )


@pytest.mark.parametrize(
    ("how", "edit", "said"),
    [
        ({}, {"add": {"target": HOSTS}}, "i-b is registered with hosts on port 8080 already\n  try: leave the edit out"),
        (
            {},
            {"remove": {"target": {**HOSTS, "port": 9}}},
            "i-b is not registered with hosts on port 9\n  try: it has `i-b:8080`",
        ),
        ({}, {"remove": {"target": {**HOSTS, "id": "i-a"}}}, "i-a is not registered with hosts\n  try: it has `i-b:8080`"),
        (
            {},
            {"add": {"target": {**HOSTS, "id": "i-bb"}}},
            "no instance is called `i-bb`\n  try: did you mean `i-b`, `i-p`, `i-a`, `i-a2`?",
        ),
        (
            {},
            {"add": {"target": {**HOSTS, "id": "i-p"}}},
            "i-p is not in vpc-1, the VPC of hosts\n  try: name an instance of that VPC",
        ),
        ({}, {"add": {"target": {**HOSTS, "group": "host"}}}, "no target group is called `host`\n  try: did you mean `hosts`?"),
        (
            {"type": "ip", "ids": (build.B4,)},
            {"add": {"target": HOSTS}},
            "`i-b` is no address, and hosts has addresses\n  try: write an address",
        ),
    ],
)
def test_a_target_that_cannot_be(how: dict[str, Any], edit: dict[str, Any], said: str):
    before = network(build.balanced(**how), build.second_vpc(instance="i-p"), build.instance("i-p"))
    assert refused(before, edit) == said


def test_where_the_targets_are_not_known_none_is_added():
    before = network(build.balanced(), without=["LoadBalancerTargetHealth"])
    assert refused(before, {"add": {"target": HOSTS}}) == (
        "the targets of hosts are not in the snapshot\n  try: collect them: `aws elbv2 describe-target-health`"
    )


def test_a_list_that_another_account_shares_is_edited_like_an_own_one():
    foreign = build.prefix_list("pl-1", "10.0.9.0/24", PrefixListName="offices", OwnerId=OTHER_ACCOUNT)
    before = network([row for row in BY_LIST if row not in OFFICES], foreign)
    assert verdicts(before, [{"add": NEIGHBOURS}], build.A4, "eni-b", "ssh") == (BLOCKED, REACHABLE)
