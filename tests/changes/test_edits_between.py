"""Edits of what stands between VPCs, of prefix lists and of targets: each row an edit, its twin the same question without it."""

from __future__ import annotations

from typing import Any

import pytest

from analyzer.edit.file import Edit
from analyzer.models.errors import ReachError
from analyzer.network import Network
from tests.semantics import build
from tests.semantics.build import (
    BLOCKED,
    CONDITIONAL,
    OTHER_ACCOUNT,
    RANGES,
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
    tgw_table,
    vpc,
)

Edits = list[dict[str, Any]]


def after(before: Network, *edits: dict[str, Any]) -> Network:
    return before.whatif([Edit.model_validate(one) for one in edits])


def verdicts(before: Network, edits: Edits, source: str, target: str, on: str = "https") -> tuple[str, str]:
    return before.reach(source, target, on).verdict.value, after(before, *edits).reach(source, target, on).verdict.value


def refused(before: Network, *edits: dict[str, Any]) -> str:
    with pytest.raises(ReachError) as raised:
        after(before, *edits)
    said = str(raised.value)
    return said.removeprefix(f"cannot apply edit {len(edits)} of `the edits`: ")


# ---------------------------------------------------------------------- peerings
PEERING = {"peering": {"vpcs": ["vpc-1", "vpc-2"], "id": "pcx-new"}}
THERE = {"route": {"table": "rtb-main", "to": RANGES["vpc-2"][0], "via": "pcx-new"}}
BACK = {"route": {"table": "rtb-p", "to": RANGES["vpc-1"][0], "via": "pcx-new"}}


@pytest.mark.parametrize(
    ("edits", "is_"),
    [
        ([{"add": PEERING}, {"add": THERE}, {"add": BACK}], REACHABLE),
        ([{"add": PEERING}, {"add": THERE}], BLOCKED),
        ([{"add": PEERING}], BLOCKED),
        ([{"add": PEERING}, {"add": THERE}, {"add": BACK}, {"remove": {"peering": {"id": "pcx-new"}}}], BLOCKED),
    ],
)
def test_a_peering_carries_what_routes_on_both_sides_send_to_it(edits: Edits, is_: str):
    assert verdicts(network(build.second_vpc()), edits, build.A4, build.P4) == (BLOCKED, is_)


def test_a_peering_is_taken_away_by_its_id_its_name_or_its_vpcs():
    before = network(build.peered())
    for how in ({"id": "pcx-1"}, {"vpcs": ["vpc-2", "vpc-1"]}, {"id": "pcx-1", "vpcs": ["vpc-1", "vpc-2"]}):
        assert verdicts(before, [{"remove": {"peering": how}}], build.A4, build.P4) == (REACHABLE, BLOCKED)


@pytest.mark.parametrize("status", ["pending-acceptance", "deleted"])
def test_a_peering_that_carries_nothing_is_made_anew_and_routes_to_it_lead_there_again(status: str):
    lost = [build.route(one, "pcx-1", State="blackhole") for one in RANGES["vpc-1"]]
    before = network(build.peered(status=status), route_table("rtb-p", *lost, main=True, vpc="vpc-2"))
    again = {"add": {"peering": {"vpcs": ["vpc-1", "vpc-2"], "id": "pcx-1"}}}
    assert verdicts(before, [again], build.A4, build.P4) == (BLOCKED, REACHABLE)


def test_a_peering_in_one_region_carries_references_to_groups_and_another_does_not():
    for region, is_ in ((build.REGION, REACHABLE), ("us-east-1", BLOCKED)):
        asks = group("sg-p", [rule("all", "sg-open")], vpc="vpc-2")
        before = network(build.second_vpc(), asks)
        for one in before.snapshot.all("vpc"):
            one.region = region if one.id == "vpc-2" else build.REGION
        edits = [{"add": PEERING}, {"add": THERE}, {"add": BACK}]
        assert verdicts(before, edits, build.A4, build.P4)[1] == is_


OVERLAPS = [vpc("vpc-4", "10.0.128.0/17")]


@pytest.mark.parametrize(
    ("rows", "edit", "said"),
    [
        (build.peered(), {"add": PEERING}, "vpc-1 and vpc-2 are peered already, by pcx-1\n  try: leave the edit out"),
        (
            OVERLAPS,
            {"add": {"peering": {"vpcs": ["vpc-1", "vpc-4"]}}},
            "the ranges of vpc-1 and vpc-4 overlap: AWS peers no such VPCs\n  try: name other VPCs",
        ),
        (
            [],
            {"add": {"peering": {"vpcs": ["vpc-1", "vpc-1"]}}},
            "vpc-1 cannot be peered with itself\n  try: name two VPCs",
        ),
        ([], {"add": {"peering": {"id": "pcx-9"}}}, "a peering that is added needs two VPCs\n  try: `vpcs: [ONE, OTHER]`"),
        (
            build.peered(),
            {"remove": {"peering": {"id": "pcx-2"}}},
            "no peering is called `pcx-2`\n  try: did you mean `pcx-1`?",
        ),
        ([], {"remove": {"peering": {"id": "shop"}}}, "no peering is called `shop`\n  try: `reach list` lists every resource"),
        (
            build.second_vpc(),
            {"remove": PEERING | {"peering": {"vpcs": ["vpc-1", "vpc-2"]}}},
            "vpc-1 and vpc-2 are not peered\n  try: leave the edit out",
        ),
        (
            [*build.peered(), *build.second_vpc("vpc-3", "q")],
            {"remove": {"peering": {"id": "pcx-1", "vpcs": ["vpc-1", "vpc-3"]}}},
            "pcx-1 is between other VPCs: `vpc-1`, `vpc-2`\n  try: name one of the two ways",
        ),
        (
            [*build.peered(), *build.second_vpc("vpc-3", "q")],
            {"add": {"peering": {"id": "pcx-1", "vpcs": ["vpc-1", "vpc-3"]}}},
            "`pcx-1` is between other VPCs: `vpc-1`, `vpc-2`\n  try: write another `id`",
        ),
    ],
)
def test_a_peering_that_cannot_be(rows: list[Row], edit: dict[str, Any], said: str):
    assert refused(network(rows), edit) == said


def test_where_nobody_asked_for_peerings_one_more_would_pass_for_the_only_one():
    before = network(build.second_vpc(), without=["VpcPeeringConnections"])
    assert refused(before, {"add": PEERING}) == (
        "the snapshot holds no `VpcPeeringConnections`, so that one more would pass for the only one\n"
        "  try: collect them: `aws ec2 describe-vpc-peering-connections`"
    )


# ---------------------------------------------------------------------- attachments, associations, propagations
def hub(*, options: dict[str, str] | None = None, attached: bool = True, said: bool = True) -> Network:
    """`vpc-2` on a transit gateway with two tables, of which `tgw-rtb-2` is empty; who fills tables is in the snapshot if `said`."""
    made = [tgw(Options=options or {}), *tgw_table("tgw-rtb-2")]
    if not attached:
        gone = ("tgw-attach-1", "tgw-attach-1@tgw-1")
        made += tgw_table("tgw-rtb-1", *build.TO_VPC_2)
    fills = [fills_table("tgw-rtb-1", *(() if not attached else ("tgw-attach-1",)), "tgw-attach-2"), fills_table("tgw-rtb-2")]
    return network(build.transit(), made, fills if said else [], without=[] if attached else gone)


def fills_table(table: str, *attachments: str) -> Row:
    listed = [
        {"TransitGatewayAttachmentId": one, "ResourceId": f"vpc-{one[-1]}", "ResourceType": "vpc", "State": "enabled"}
        for one in attachments
    ]
    fields = {"TransitGatewayRouteTableId": table, "TransitGatewayRouteTablePropagations": listed}
    return Row("TransitGatewayRouteTablePropagations", table, fields)


SPOKE = {"attachment": {"gateway": "tgw-1", "vpc": "vpc-1", "subnets": ["subnet-t1"], "id": "spoke"}}
GONE = {"attachment": {"gateway": "tgw-1", "vpc": "vpc-1"}}
USES = {"association": {"attachment": "spoke", "table": "tgw-rtb-1"}}
FILLS = {"propagation": {"attachment": "spoke", "table": "tgw-rtb-1"}}
USUAL = {
    "DefaultRouteTableAssociation": "enable",
    "AssociationDefaultRouteTableId": "tgw-rtb-1",
    "DefaultRouteTablePropagation": "enable",
    "PropagationDefaultRouteTableId": "tgw-rtb-1",
}


@pytest.mark.parametrize(
    ("options", "edits", "is_"),
    [
        ({}, [{"add": SPOKE}, {"add": USES}, {"add": FILLS}], REACHABLE),
        ({}, [{"add": SPOKE}, {"add": USES}], BLOCKED),
        ({}, [{"add": SPOKE}, {"add": FILLS}], BLOCKED),
        ({}, [{"add": SPOKE}], BLOCKED),
        (USUAL, [{"add": SPOKE}], REACHABLE),
        ({**USUAL, "DefaultRouteTablePropagation": "disable"}, [{"add": SPOKE}], BLOCKED),
        ({**USUAL, "DefaultRouteTableAssociation": "disable"}, [{"add": SPOKE}], BLOCKED),
        ({**USUAL, "AssociationDefaultRouteTableId": "tgw-rtb-2"}, [{"add": SPOKE}], BLOCKED),
        (USUAL, [{"add": SPOKE}, {"remove": GONE}], BLOCKED),
        # A route of its own instead of what the attachment fills in.
        (
            {},
            [{"add": SPOKE}, {"add": USES}, {"add": {"route": {"table": "tgw-rtb-1", "to": "10.0.0.0/8", "via": "spoke"}}}],
            REACHABLE,
        ),
    ],
)
def test_a_vpc_that_joins_a_transit_gateway(options: dict[str, str], edits: Edits, is_: str):
    assert verdicts(hub(options=options, attached=False), edits, build.A4, build.P4) == (BLOCKED, is_)


@pytest.mark.parametrize(("ipv6", "is_"), [(True, REACHABLE), (False, BLOCKED)])
def test_ipv6_crosses_a_new_attachment_that_supports_it(ipv6: bool, is_: str):
    joins = {"attachment": {**SPOKE["attachment"], "ipv6": ipv6}}
    assert verdicts(hub(options=USUAL, attached=False), [{"add": joins}], "eni-a", build.P6) == (BLOCKED, is_)


def test_a_vpc_that_leaves_takes_along_what_it_filled_in_and_static_routes_to_it_are_blackholes():
    statically = {"TransitGatewayAttachmentId": "tgw-attach-1", "ResourceType": "vpc", "ResourceId": "vpc-1"}
    own = {"DestinationCidrBlock": "10.0.0.0/8", "Type": "static", "State": "active", "TransitGatewayAttachments": [statically]}
    before = network(
        build.transit(), tgw_table("tgw-rtb-1", own, *build.TO_VPC_1, *build.TO_VPC_2), fills_table("tgw-rtb-1", "tgw-attach-1")
    )
    later = after(before, {"remove": GONE})
    assert later.reach(build.A4, build.P4, "https").verdict.value == BLOCKED
    left = later.snapshot.find("transit_gateway_routes", "tgw-rtb-1").routes
    assert [(one.destination_cidr_block, one.state) for one in left if one.destination_cidr_block not in RANGES["vpc-2"]] == [
        ("10.0.0.0/8", "blackhole")
    ]
    assert later.reach(build.P4, build.A4, "https").blockers[0].code == "TGW_RTB_BAD_STATE_ROUTE"


TIE = {"attachment": "tgw-attach-1", "table": "tgw-rtb-2"}


@pytest.mark.parametrize(
    ("edits", "is_"),
    [
        ([{"add": {"association": TIE}}], BLOCKED),
        ([{"add": {"association": TIE}}, {"add": {"association": {**TIE, "table": "tgw-rtb-1"}}}], REACHABLE),
        ([{"add": {"association": TIE}}, {"add": {"propagation": {**TIE, "attachment": "tgw-attach-2"}}}], REACHABLE),
        ([{"remove": {"association": {**TIE, "table": "tgw-rtb-1"}}}], BLOCKED),
        ([{"add": {"propagation": TIE}}], REACHABLE),
        ([{"remove": {"propagation": {**TIE, "table": "tgw-rtb-1"}}}], BLOCKED),
        ([{"remove": {"propagation": {"table": "tgw-rtb-1", "attachment": "tgw-attach-2"}}}], BLOCKED),
    ],
)
@pytest.mark.parametrize("said", [True, False])
def test_what_an_attachment_uses_and_fills(edits: Edits, is_: str, said: bool):
    assert verdicts(hub(said=said), edits, build.A4, build.P4) == (REACHABLE, is_)


def test_an_association_that_two_answers_tell_is_another_one_in_both():
    lists = [
        Row(
            "TransitGatewayRouteTableAssociations",
            table,
            {"TransitGatewayRouteTableId": table, "Associations": [{"TransitGatewayAttachmentId": one} for one in ids]},
        )
        for table, ids in (("tgw-rtb-1", ["tgw-attach-1", "tgw-attach-2"]), ("tgw-rtb-2", []))
    ]
    before = network(build.transit(), tgw_table("tgw-rtb-2"), lists)
    assert verdicts(before, [{"add": {"association": TIE}}], build.A4, build.P4) == (REACHABLE, BLOCKED)
    later = after(before, {"add": {"association": TIE}})
    assert later.snapshot.find("transit_gateway_associations", "tgw-rtb-2").attachment_ids == {"tgw-attach-1"}
    assert later.snapshot.find("transit_gateway_associations", "tgw-rtb-1").attachment_ids == {"tgw-attach-2"}
    seen = later.snapshot.find("transit_gateway_attachment", "tgw-attach-1@tgw-1")
    assert seen.association.transit_gateway_route_table_id == "tgw-rtb-2"


def test_a_static_route_hides_what_an_attachment_fills_in_and_its_removal_shows_it_again():
    block = RANGES["vpc-2"][0]
    hole = {"add": {"route": {"table": "tgw-rtb-1", "to": block, "via": "blackhole"}}}
    assert verdicts(hub(), [hole], build.A4, build.P4) == (REACHABLE, BLOCKED)
    assert verdicts(hub(), [hole, {"remove": {"route": {"table": "tgw-rtb-1", "to": block}}}], build.A4, build.P4)[1] == REACHABLE
    # Whoever fills the table is not known: what stands behind the route would be a guess.
    assert refused(hub(said=False), hole, {"remove": {"route": {"table": "tgw-rtb-1", "to": block}}}) == (
        f"a propagated route to `{block}` may stand behind the one of tgw-rtb-1, and take over\n"
        "  try: `replace` the route, so that its destination keeps one"
    )


def test_a_route_by_prefix_list_of_a_transit_gateway_is_named_as_people_call_the_list():
    lists = build.prefix_list("pl-1", RANGES["vpc-2"][0], PrefixListName="spokes")
    before = network(build.transit(), tgw_table("tgw-rtb-1", *build.TO_VPC_1), lists, fills_table("tgw-rtb-1", "tgw-attach-1"))
    by_list = {"route": {"table": "tgw-rtb-1", "to": "pl-1", "via": "tgw-attach-2"}}
    named = {"route": {**by_list["route"], "to": "spokes"}}
    assert verdicts(before, [{"add": by_list}], build.A4, build.P4) == (BLOCKED, REACHABLE)
    assert (
        verdicts(before, [{"add": by_list}, {"remove": {"route": {"table": "tgw-rtb-1", "to": "spokes"}}}], build.A4, build.P4)[1]
        == BLOCKED
    )
    assert (
        verdicts(
            before, [{"add": named}, {"remove": {"entry": {"list": "spokes", "block": RANGES["vpc-2"][0]}}}], build.A4, build.P4
        )[1]
        == BLOCKED
    )


def test_a_block_that_joins_a_list_is_routed_where_a_transit_gateway_spells_the_list_out():
    leads = {"TransitGatewayAttachmentId": "tgw-attach-2", "ResourceType": "vpc", "ResourceId": "vpc-2"}
    spelled = {"PrefixListId": "pl-1", "Type": "static", "State": "active", "TransitGatewayAttachments": [leads]}
    half = {**spelled, "DestinationCidrBlock": "10.2.128.0/17"}
    before = network(build.transit(), tgw_table("tgw-rtb-1", half, *build.TO_VPC_1), build.prefix_list("pl-1", "10.2.128.0/17"))
    assert verdicts(before, [{"add": {"entry": {"list": "pl-1", "block": "10.2.0.0/17"}}}], build.A4, build.P4) == (
        BLOCKED,
        REACHABLE,
    )


ONWARD = {"attachment": "tgw-attach-2", "table": "tgw-rtb-1"}


def by_propagation(*, static: bool = True) -> Network:
    """The hub whose tables are told by static routes, of which there are none, and by who fills them."""
    empty = [
        Row("TransitGatewayStaticRoutes", one, {"TransitGatewayRouteTableId": one, "Routes": []})
        for one in ("tgw-rtb-1", "tgw-rtb-2")
    ]
    fills = [fills_table("tgw-rtb-1", "tgw-attach-1", "tgw-attach-2"), fills_table("tgw-rtb-2")]
    return network(build.transit(), tgw_table("tgw-rtb-2"), empty if static else [], fills, without=["TransitGatewayRoutes"])


@pytest.mark.parametrize("before", [hub(), by_propagation(), by_propagation(static=False)], ids=["listed", "static", "filled"])
def test_who_fills_a_table_may_stop_and_start_again(before: Network):
    stops, starts = {"remove": {"propagation": ONWARD}}, {"add": {"propagation": ONWARD}}
    assert verdicts(before, [stops], build.A4, build.P4) == (REACHABLE, BLOCKED)
    assert verdicts(before, [stops, starts], build.A4, build.P4) == (REACHABLE, REACHABLE)
    assert verdicts(before, [stops, starts, stops], build.A4, build.P4) == (REACHABLE, BLOCKED)
    told = after(before, stops, starts).snapshot.find("transit_gateway_propagations", "tgw-rtb-1")
    assert [one.transit_gateway_attachment_id for one in told.transit_gateway_route_table_propagations] == [
        "tgw-attach-1",
        "tgw-attach-2",
    ]
    assert refused(before, stops, stops) == "tgw-attach-2 does not fill tgw-rtb-1\n  try: leave the edit out"
    assert refused(before, stops, starts, starts) == "tgw-attach-2 fills tgw-rtb-1 already\n  try: leave the edit out"


def test_a_static_route_of_a_table_that_is_told_by_who_fills_it():
    hole = {"route": {"table": "tgw-rtb-1", "to": RANGES["vpc-2"][0], "via": "blackhole"}}
    gone = {"route": {"table": "tgw-rtb-1", "to": RANGES["vpc-2"][0]}}
    before = by_propagation()
    assert verdicts(before, [{"add": hole}], build.A4, build.P4) == (REACHABLE, BLOCKED)
    assert verdicts(before, [{"add": hole}, {"remove": gone}], build.A4, build.P4) == (REACHABLE, REACHABLE)
    assert refused(by_propagation(static=False), {"add": hole}) == (
        "the routes of tgw-rtb-1 are not in the snapshot\n  try: collect them: `aws ec2 search-transit-gateway-routes`"
    )


def test_a_table_of_which_nothing_is_known_is_not_filled():
    before = network(build.transit(), without=["TransitGatewayRoutes"])
    assert refused(before, {"add": {"propagation": ONWARD}}) == (
        "the routes of tgw-rtb-1 are not in the snapshot\n  try: collect them: `aws ec2 search-transit-gateway-routes`"
    )
    assert (
        refused(before, {"remove": {"propagation": ONWARD}}) == "tgw-attach-2 does not fill tgw-rtb-1\n  try: leave the edit out"
    )


def test_of_two_that_fill_in_the_same_block_nobody_knows_which_one_wins():
    block = RANGES["vpc-2"][0]
    vpn = build.vpn("vpn-1", block, VpnGatewayId="", TransitGatewayId="tgw-1")
    before = network(build.transit(), vpn, seen_attachment("tgw-attach-v", "vpn", "vpn-1"))
    assert refused(before, {"add": {"propagation": {"attachment": "tgw-attach-v", "table": "tgw-rtb-1"}}}) == (
        f"tgw-rtb-1 is filled with `{block}` by tgw-attach-2 too\n  try: `add` a static route for it"
    )


def alike(number: int) -> list[Row]:
    """A further VPC of the range of `vpc-2`, on the same gateway."""
    id = f"vpc-{number}"
    own = [vpc(id, RANGES["vpc-2"][0]), build.subnet(f"subnet-t{number}", f"10.2.9.{16 * number}/28", vpc=id)]
    return [*own, *build.attachment(f"tgw-attach-{number}", id, f"subnet-t{number}")]


def test_of_two_vpcs_of_one_range_the_later_one_fills_in_nothing():
    block = RANGES["vpc-2"][0]
    before = network(build.transit(), alike(4))
    later = after(before, {"add": {"propagation": {"attachment": "tgw-attach-4", "table": "tgw-rtb-1"}}})
    routes = later.snapshot.find("transit_gateway_routes", "tgw-rtb-1").routes
    leads = [route.transit_gateway_attachments for route in routes if route.destination_cidr_block == block]
    assert [[one.transit_gateway_attachment_id for one in each] for each in leads] == [["tgw-attach-2"]]


def test_who_fills_a_table_too_takes_over_when_the_first_one_stops():
    block = RANGES["vpc-2"][0]
    both = fills_table("tgw-rtb-1", "tgw-attach-2", "tgw-attach-4")
    stops = {"remove": {"propagation": ONWARD}}
    routes = after(network(build.transit(), alike(4), both), stops).snapshot.find("transit_gateway_routes", "tgw-rtb-1").routes
    (route,) = (one for one in routes if one.destination_cidr_block == block)
    assert (route.type, route.transit_gateway_attachments[0].transit_gateway_attachment_id) == ("propagated", "tgw-attach-4")
    # Of two that might, or where it is not said who fills the table, or BGP tells, nobody knows.
    hidden = f"a propagated route to `{block}` may stand behind the one of tgw-rtb-1, and take over"
    three = fills_table("tgw-rtb-1", "tgw-attach-2", "tgw-attach-4", "tgw-attach-5")
    assert refused(network(build.transit(), alike(4), alike(5), three), stops).startswith(hidden)
    assert refused(network(build.transit(), alike(4)), stops).startswith(hidden)
    dynamic = [
        build.vpn("vpn-1", static=False, VpnGatewayId="", TransitGatewayId="tgw-1"),
        seen_attachment("tgw-attach-v", "vpn", "vpn-1"),
    ]
    assert refused(network(build.transit(), dynamic), stops).startswith(hidden)


def test_of_several_attachments_that_share_a_route_the_others_keep_it():
    leads = [
        {"TransitGatewayAttachmentId": one, "ResourceType": "vpc", "ResourceId": one} for one in ("tgw-attach-1", "tgw-attach-2")
    ]
    shared = {
        "DestinationCidrBlock": "172.16.0.0/12",
        "Type": "propagated",
        "State": "active",
        "TransitGatewayAttachments": leads,
    }
    table = tgw_table("tgw-rtb-1", shared, *build.TO_VPC_1, *build.TO_VPC_2)
    before = network(build.transit(), table, fills_table("tgw-rtb-1", "tgw-attach-1", "tgw-attach-2"))
    for edit in ({"remove": {"propagation": ONWARD}}, {"remove": {"attachment": {"gateway": "tgw-1", "vpc": "vpc-2"}}}):
        routes = after(before, edit).snapshot.find("transit_gateway_routes", "tgw-rtb-1").routes
        (route,) = (one for one in routes if one.destination_cidr_block == "172.16.0.0/12")
        assert [one.transit_gateway_attachment_id for one in route.transit_gateway_attachments] == ["tgw-attach-1"]
        assert route.state == "active"


def test_a_static_route_is_there_once_and_is_named_by_where_it_leads():
    lists = build.prefix_list("pl-1", "172.16.0.0/12")
    before = network(build.transit(), lists, fills_table("tgw-rtb-1", "tgw-attach-1"))
    for to in ("10.9.0.0/16", "pl-1"):
        hole = {"route": {"table": "tgw-rtb-1", "to": to, "via": "blackhole"}}
        assert refused(before, {"add": hole}, {"add": hole}) == f"tgw-rtb-1 has a route to `{to}` already\n  try: `replace` it"
        astray = {"route": {**hole["route"], "via": "tgw-attach-1"}}
        assert refused(before, {"add": hole}, {"remove": astray}).startswith(
            f"tgw-rtb-1 has no route to `{to}` by `tgw-attach-1`"
        )
        later = after(before, {"add": hole}, {"remove": hole}).snapshot
        assert [one.destination_cidr_block for one in later.find("transit_gateway_routes", "tgw-rtb-1").routes] == [
            one.destination_cidr_block for one in before.snapshot.find("transit_gateway_routes", "tgw-rtb-1").routes
        ]
        assert later.all("transit_gateway_prefix_list_reference") == []
    added = after(before, {"add": {"route": {"table": "tgw-rtb-1", "to": "10.9.0.0/16", "via": "blackhole"}}}).snapshot
    assert added.find("transit_gateway_routes", "tgw-rtb-1").routes[-1].state == "blackhole"


def test_a_peering_of_gateways_fills_no_table_and_stands_behind_no_route():
    peer = seen_attachment("tgw-attach-x", "peering", "tgw-9")
    static = {"DestinationCidrBlock": "172.16.0.0/12", "Type": "static", "State": "blackhole"}
    before = network(build.transit(), peer, tgw_table("tgw-rtb-1", *build.TO_VPC_1, *build.TO_VPC_2, static))
    assert refused(before, {"add": {"propagation": {"attachment": "tgw-attach-x", "table": "tgw-rtb-1"}}}) == (
        "tgw-attach-x is a peering, which fills no table\n  try: `add` a route for each block"
    )
    left = after(before, {"remove": {"route": {"table": "tgw-rtb-1", "to": "172.16.0.0/12"}}})
    assert "172.16.0.0/12" not in {
        one.destination_cidr_block for one in left.snapshot.find("transit_gateway_routes", "tgw-rtb-1").routes
    }


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (
            {"add": {"association": {**TIE, "table": "tgw-rtb-1"}}},
            "tgw-attach-1 is associated with tgw-rtb-1 already\n  try: leave the edit out",
        ),
        ({"remove": {"association": TIE}}, "tgw-attach-1 is not associated with tgw-rtb-2\n  try: leave the edit out"),
        (
            {"add": {"propagation": {**TIE, "table": "tgw-rtb-1"}}},
            "tgw-attach-1 fills tgw-rtb-1 already\n  try: leave the edit out",
        ),
        ({"remove": {"propagation": TIE}}, "tgw-attach-1 does not fill tgw-rtb-2\n  try: leave the edit out"),
        (
            {"add": {"propagation": {**TIE, "attachment": "tgw-attach-9"}}},
            "no attachment of tgw-1 is called `tgw-attach-9`\n  try: did you mean `tgw-attach-2`, `tgw-attach-1`?",
        ),
        (
            {"add": {"association": {**TIE, "table": "tgw-rtb-9"}}},
            "no route table of a transit gateway is called `tgw-rtb-9`\n  try: did you mean `tgw-rtb-2`, `tgw-rtb-1`?",
        ),
        ({"add": SPOKE}, "vpc-1 is attached to tgw-1 by tgw-attach-1 (available)\n  try: remove that attachment before"),
        (
            {"replace": GONE, "with": {"attachment": {**GONE["attachment"], "subnets": ["subnet-t1", "subnet-a"]}}},
            "two of the subnets are in one zone\n  try: name one of each zone",
        ),
        (
            {"replace": GONE, "with": {"attachment": {**GONE["attachment"], "subnets": ["subnet-t2"]}}},
            "subnet-t2 is no subnet of vpc-1\n  try: name subnets of vpc-1",
        ),
        (
            {"replace": GONE, "with": GONE},
            "an attachment of a transit gateway needs subnets\n  try: `subnets: [ONE OF EACH ZONE]`",
        ),
        (
            {"replace": GONE, "with": {"attachment": {**SPOKE["attachment"], "id": "tgw-attach-2"}}},
            "there is an attachment `tgw-attach-2` already\n  try: write another `id`",
        ),
        (
            {"add": {"attachment": {"gateway": "igw-1", "vpc": "vpc-1", "subnets": ["subnet-a"]}}},
            "igw-1 is no transit gateway\n  try: write `gateway` and `vpc` alone",
        ),
        (
            {"add": {"route": {"table": "tgw-rtb-1", "to": "10.9.0.0/16"}}},
            "a route that is added needs a target\n  try: `via: ATTACHMENT`, or `via: blackhole`",
        ),
        (
            {"remove": {"route": {"table": "tgw-rtb-1", "to": "10.9.0.0/16"}}},
            "tgw-rtb-1 has no route to `10.9.0.0/16`\n"
            "  try: it has `10.0.0.0/16`, `2001:db8:0:100::/56`, `10.2.0.0/16`, `2001:db8:0:200::/56`",
        ),
        (
            {"remove": {"route": {"table": "tgw-rtb-1", "to": "10.2.0.0/16"}}},
            "the route of tgw-rtb-1 to `10.2.0.0/16` is propagated\n  try: remove the propagation of `tgw-attach-2`",
        ),
        (
            {"add": {"route": {"table": "tgw-rtb-1", "to": "spokes", "via": "tgw-attach-2"}}},
            "no block or prefix list is called `spokes`\n  try: `reach list` lists every block or prefix list",
        ),
    ],
)
def test_what_cannot_be_at_a_transit_gateway(edit: dict[str, Any], said: str):
    assert refused(hub(), edit) == said


def test_where_nobody_asked_for_attachments_none_is_added():
    before = network(build.transit(), fills_table("tgw-rtb-1", "tgw-attach-1"), without=["TransitGatewayAttachments"])
    assert refused(before, {"replace": GONE, "with": SPOKE}).startswith("the snapshot holds no `TransitGatewayAttachments`")
    assert refused(before, {"add": {"association": {**TIE, "table": "tgw-rtb-1"}}}) == (
        "what tgw-rtb-1 is associated with is not in the snapshot\n"
        "  try: collect them: `aws ec2 describe-transit-gateway-attachments`"
    )


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
