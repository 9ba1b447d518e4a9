"""Edits of peerings and of transit gateways: each row an edit, its twin the same question without it."""

from __future__ import annotations

from typing import Any

import pytest

from analyzer.network import Network
from tests.semantics import build
from tests.semantics.build import (
    BLOCKED,
    RANGES,
    REACHABLE,
    Row,
    group,
    network,
    route_table,
    rule,
    seen_attachment,
    tgw,
    tgw_table,
    vpc,
)

from .asked import Edits, after, refused, verdicts

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
def hub(*rows: Row, options: dict[str, str] | None = None, attached: bool = True, said: bool = True) -> Network:
    """`vpc-2` on a transit gateway with two tables, of which `tgw-rtb-2` is empty; who fills tables is in the snapshot if `said`."""
    made = [tgw(Options=options or {}), *tgw_table("tgw-rtb-2")]
    if not attached:
        gone = ("tgw-attach-1", "tgw-attach-1@tgw-1")
        made += tgw_table("tgw-rtb-1", *build.TO_VPC_2)
    fills = [fills_table("tgw-rtb-1", *(() if not attached else ("tgw-attach-1",)), "tgw-attach-2"), fills_table("tgw-rtb-2")]
    return network(build.transit(), made, fills if said else [], rows, without=[] if attached else gone)


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


def test_an_attachment_without_an_id_is_called_after_its_vpc_and_default_tables_may_be_elsewhere():
    plain = {"attachment": {"gateway": "tgw-1", "vpc": "vpc-1", "subnets": ["subnet-t1"]}}
    before = hub(options=USUAL, attached=False)
    assert verdicts(before, [{"add": plain}], build.A4, build.P4) == (BLOCKED, REACHABLE)
    assert after(before, {"add": plain}).snapshot.find("transit_gateway_vpc_attachment", "attachment-of-vpc-1") is not None
    for field in ("AssociationDefaultRouteTableId", "PropagationDefaultRouteTableId"):
        elsewhere = hub(options={**USUAL, field: "tgw-rtb-of-nobody"}, attached=False)
        assert verdicts(elsewhere, [{"add": plain}], build.A4, build.P4) == (BLOCKED, BLOCKED)


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


def test_a_route_by_list_to_a_vpc_that_leaves_is_a_blackhole_and_another_one_stays():
    lists = [*build.prefix_list("pl-1", "172.16.0.0/12"), *build.prefix_list("pl-2", "172.16.0.0/12")]
    leads = [{"route": {"table": "tgw-rtb-1", "to": f"pl-{n}", "via": f"tgw-attach-{n}"}} for n in (1, 2)]
    later = after(hub(*lists), *({"add": one} for one in leads), {"remove": GONE}).snapshot
    references = {one.prefix_list_id: one for one in later.all("transit_gateway_prefix_list_reference")}
    assert {id: one.blackhole for id, one in references.items()} == {"pl-1": True, "pl-2": False}
    assert references["pl-1"].transit_gateway_attachment is None
    assert references["pl-2"].transit_gateway_attachment.transit_gateway_attachment_id == "tgw-attach-2"


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


def test_a_block_that_another_route_shows_is_not_taken_over_twice():
    twice = [*build.TO_VPC_1, *build.TO_VPC_2, (RANGES["vpc-2"][0], "tgw-attach-4")]
    both = fills_table("tgw-rtb-1", "tgw-attach-2", "tgw-attach-4")
    before = network(build.transit(), alike(4), tgw_table("tgw-rtb-1", *twice), both)
    routes = after(before, {"remove": {"propagation": ONWARD}}).snapshot.find("transit_gateway_routes", "tgw-rtb-1").routes
    assert [one.destination_cidr_block for one in routes].count(RANGES["vpc-2"][0]) == 1


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


def test_what_a_route_by_list_hid_shows_again_for_each_of_its_blocks():
    spelled = [
        {"DestinationCidrBlock": block, "PrefixListId": "pl-1", "Type": "static", "State": "blackhole"}
        for block in (RANGES["vpc-2"][0], "10.3.0.0/16")
    ]
    lists = build.prefix_list("pl-1", RANGES["vpc-2"][0], "10.3.0.0/16")
    before = network(
        build.transit(), tgw_table("tgw-rtb-1", *build.TO_VPC_1, *spelled), lists, fills_table("tgw-rtb-1", "tgw-attach-2")
    )
    gone = {"remove": {"route": {"table": "tgw-rtb-1", "to": "pl-1"}}}
    assert verdicts(before, [gone], build.A4, build.P4) == (BLOCKED, REACHABLE)
    one_less = {"remove": {"entry": {"list": "pl-1", "block": RANGES["vpc-2"][0]}}}
    assert verdicts(before, [one_less], build.A4, build.P4) == (BLOCKED, REACHABLE)
    other = {"remove": {"entry": {"list": "pl-1", "block": "10.3.0.0/16"}}}
    assert verdicts(before, [other], build.A4, build.P4) == (BLOCKED, BLOCKED)


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
        (
            {"remove": {"attachment": {"gateway": "tgw-1", "vpc": "vpc-3"}}},
            "vpc-3 is not attached to tgw-1\n  try: leave the edit out",
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
    assert refused(hub(vpc("vpc-3")), edit) == said


def test_where_nobody_asked_for_attachments_none_is_added():
    before = network(build.transit(), fills_table("tgw-rtb-1", "tgw-attach-1"), without=["TransitGatewayAttachments"])
    assert refused(before, {"replace": GONE, "with": SPOKE}).startswith("the snapshot holds no `TransitGatewayAttachments`")
    assert refused(before, {"add": {"association": {**TIE, "table": "tgw-rtb-1"}}}) == (
        "what tgw-rtb-1 is associated with is not in the snapshot\n"
        "  try: collect them: `aws ec2 describe-transit-gateway-attachments`"
    )
