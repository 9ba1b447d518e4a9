"""Transit gateways: attachments, the table that each is associated with, and where its routes lead."""

from __future__ import annotations

from typing import Any

import pytest

from .build import (
    A4,
    ALLOW,
    BLOCKED,
    CONDITIONAL,
    DENY,
    OPEN,
    P4,
    P6,
    RANGES,
    REACHABLE,
    TO_VPC_1,
    TO_VPC_2,
    UNKNOWN,
    V4,
    Row,
    acl,
    ask,
    attachment,
    behind_nat,
    codes,
    eni_a,
    gateway_endpoint,
    group,
    interface,
    main_table,
    network,
    peering,
    prefix_list,
    route_table,
    rule,
    second_vpc,
    seen_attachment,
    subnet,
    tgw,
    tgw_table,
    transit,
    verdict,
    vpc,
)

INTO = [(one, "tgw-1") for one in RANGES["vpc-2"]]


# ---------------------------------------------------------------------- association and routes
@pytest.mark.rule("TGW-1")
@pytest.mark.parametrize(("table", "expected"), [("tgw-rtb-1", REACHABLE), ("tgw-rtb-2", BLOCKED)])
def test_the_table_that_the_senders_attachment_is_associated_with_decides(table: str, expected: str) -> None:
    """`vpc-2` fills `tgw-rtb-1`; that helps no sender who is associated with `tgw-rtb-2`."""
    world = network(transit(), tgw_table("tgw-rtb-2", *TO_VPC_1), attachment("tgw-attach-1", "vpc-1", "subnet-t1", table=table))
    answer = ask(world, "eni-a", P4, "tcp/443")
    assert answer.verdict == expected
    assert codes(answer) == (set() if expected == REACHABLE else {"TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT"})


@pytest.mark.rule("TGW-1")
@pytest.mark.parametrize(("table", "expected"), [("tgw-rtb-1", REACHABLE), ("tgw-rtb-2", BLOCKED)])
def test_the_reply_follows_the_table_of_the_answering_vpc(table: str, expected: str) -> None:
    world = network(transit(), tgw_table("tgw-rtb-2", *TO_VPC_2), attachment("tgw-attach-2", "vpc-2", "subnet-t2", table=table))
    answer = ask(world, "eni-a", P4, "tcp/443")
    assert (answer.verdict, answer.forward) == (expected, REACHABLE)


@pytest.mark.rule("TGW-2")
@pytest.mark.parametrize(("table", "expected"), [("tgw-rtb-1", REACHABLE), ("", BLOCKED)])
def test_without_an_association_everything_is_dropped(table: str, expected: str) -> None:
    world = network(transit(), attachment("tgw-attach-1", "vpc-1", "subnet-t1", table=table))
    answer = ask(world, "eni-a", P4, "tcp/443")
    assert answer.verdict == expected
    assert ("TGW_ATTACH_MISSING_TGW_RTB_ASSOCIATION" in codes(answer)) == (expected == BLOCKED)


@pytest.mark.rule("TGW-2")
@pytest.mark.parametrize(("state", "expected"), [("associated", REACHABLE), ("disassociated", BLOCKED)])
def test_an_association_counts_in_the_state_associated(state: str, expected: str) -> None:
    association = {"TransitGatewayRouteTableId": "tgw-rtb-1", "State": state}
    world = network(transit(), seen_attachment("tgw-attach-1", "vpc", "vpc-1", Association=association))
    assert verdict(world, "eni-a", P4, "tcp/443") == expected


@pytest.mark.rule("TGW-3")
@pytest.mark.parametrize(
    ("routes", "expected"),
    [
        ([("10.0.0.0/8", "blackhole"), *TO_VPC_2], REACHABLE),
        ([*TO_VPC_2, ("10.2.1.0/24", "tgw-attach-1")], BLOCKED),
        ([*TO_VPC_2, ("10.2.2.0/24", "tgw-attach-1")], REACHABLE),
    ],
    ids=["longer than a blackhole", "a longer one leads elsewhere", "a longer one does not match"],
)
def test_the_longest_prefix_wins(routes: list[tuple[str, str]], expected: str) -> None:
    world = network(transit(), tgw_table("tgw-rtb-1", *TO_VPC_1, *routes))
    assert verdict(world, "eni-a", P4, "tcp/443") == expected


@pytest.mark.rule("TGW-3")
@pytest.mark.parametrize(("type_", "expected"), [("static", BLOCKED), ("propagated", REACHABLE)])
def test_of_equal_prefixes_the_static_one_comes_first(type_: str, expected: str) -> None:
    listed = {"TransitGatewayAttachmentId": "tgw-attach-2", "ResourceType": "vpc", "ResourceId": "vpc-2"}
    vpc_route = {
        "DestinationCidrBlock": "10.2.0.0/16",
        "Type": "propagated",
        "State": "active",
        "TransitGatewayAttachments": [listed],
    }
    other = {"DestinationCidrBlock": "10.2.0.0/16", "Type": "static", "State": "blackhole"}
    rows = tgw_table("tgw-rtb-1", *TO_VPC_1, vpc_route, *([other] if type_ == "static" else []))
    assert verdict(network(transit(), rows), "eni-a", P4, "tcp/443") == expected


@pytest.mark.rule("TGW-4")
@pytest.mark.parametrize(
    ("routes", "expected"),
    [
        (TO_VPC_2, REACHABLE),
        ([("10.2.0.0/16", "blackhole")], BLOCKED),
        ([*TO_VPC_2, ("10.2.1.0/24", "blackhole")], BLOCKED),
        ([("10.0.0.0/8", "blackhole"), ("10.2.1.0/24", "tgw-attach-2")], REACHABLE),
    ],
    ids=["active", "blackhole", "a longer blackhole", "a longer active one"],
)
def test_a_blackhole_drops_what_it_matches(routes: list[tuple[str, str]], expected: str) -> None:
    answer = ask(network(transit(), tgw_table("tgw-rtb-1", *TO_VPC_1, *routes)), "eni-a", P4, "tcp/443")
    assert answer.verdict == expected
    assert codes(answer) == (set() if expected == REACHABLE else {"TGW_RTB_BAD_STATE_ROUTE"})


@pytest.mark.rule("TGW-4")
@pytest.mark.parametrize(("blackhole", "expected"), [(False, REACHABLE), (True, BLOCKED)])
def test_so_does_a_prefix_list_reference(blackhole: bool, expected: str) -> None:
    leads = {"TransitGatewayAttachmentId": "tgw-attach-2", "ResourceType": "vpc", "ResourceId": "vpc-2"}
    reference = {
        "TransitGatewayRouteTableId": "tgw-rtb-1",
        "PrefixListId": "pl-p",
        "Blackhole": blackhole,
        "TransitGatewayAttachment": leads,
    }
    rows = [
        *tgw_table("tgw-rtb-1", *TO_VPC_1),
        *prefix_list("pl-p", "10.2.1.0/24"),
        Row("TransitGatewayPrefixListReferences", "x", reference),
    ]
    assert verdict(network(transit(), rows), "eni-a", P4, "tcp/443") == expected


# ---------------------------------------------------------------------- zones
@pytest.mark.rule("TGW-5")
@pytest.mark.parametrize(("source", "expected"), [("eni-a", REACHABLE), ("eni-b", BLOCKED)], ids=["zone a", "zone b"])
def test_the_senders_zone_must_have_an_attachment_subnet(source: str, expected: str) -> None:
    answer = ask(network(transit()), source, P4, "tcp/443")
    assert answer.verdict == expected
    assert codes(answer) == (set() if expected == REACHABLE else {"TGW_ROUTE_AZ_RESTRICTION"})


@pytest.mark.rule("TGW-6")
@pytest.mark.parametrize(("zone", "expected"), [("a", REACHABLE), ("b", REACHABLE)])
def test_into_a_vpc_any_attached_zone_will_do(zone: str, expected: str) -> None:
    there = subnet("subnet-t2", "10.2.7.0/28", "2001:db8:0:207::/64", vpc="vpc-2", zone=zone)
    world = network(transit(), there)
    assert verdict(world, "eni-a", P4, "udp/53") == expected
    assert (
        verdict(network(transit(), attachment("tgw-attach-2", "vpc-2", "subnet-t2", State="deleting")), "eni-a", P4, "udp/53")
        == BLOCKED
    )


@pytest.mark.rule("TGW-6")
@pytest.mark.parametrize(
    ("zones", "expected"),
    [(("a", "b"), REACHABLE), (("b", "a"), BLOCKED), (("b", "c"), CONDITIONAL)],
    ids=["its zone", "its zone is shut", "neither"],
)
def test_it_lands_in_the_senders_zone_where_the_vpc_is_attached_there(zones: tuple[str, str], expected: str) -> None:
    """Two attachment subnets; out of the second one nothing can go."""
    rows = [
        subnet("subnet-t2", "10.2.7.0/28", vpc="vpc-2", zone=zones[0]),
        subnet("subnet-t3", "10.2.8.0/28", vpc="vpc-2", zone=zones[1]),
        acl("acl-shut", "subnet-t3", outbound=[], vpc="vpc-2"),
        *attachment("tgw-attach-2", "vpc-2", "subnet-t2", "subnet-t3"),
    ]
    assert verdict(network(transit(), rows), "eni-a", P4, "udp/53") == expected


@pytest.mark.rule("SHR-4")
@pytest.mark.parametrize(("zone_id", "expected"), [("euw1-az1", REACHABLE), ("euw1-az2", BLOCKED)])
@pytest.mark.parametrize("name", ["eu-west-1a", "eu-west-1c"])
def test_zones_are_the_same_when_their_ids_are(zone_id: str, expected: str, name: str) -> None:
    own = subnet("subnet-a", "10.0.1.0/24", "2001:db8:0:101::/64", AvailabilityZone=name, AvailabilityZoneId=zone_id)
    assert verdict(network(transit(), own), "eni-a", P4, "tcp/443") == expected


# ---------------------------------------------------------------------- inside the VPC
@pytest.mark.rule("TGW-7")
@pytest.mark.parametrize(("routes", "expected"), [([], REACHABLE), ([("10.2.1.0/24", "eni-gone")], BLOCKED)])
def test_the_table_of_the_attachment_subnet_decides_what_is_reached(routes: list[tuple[str, str]], expected: str) -> None:
    table = route_table("rtb-t2", *routes, subnets=["subnet-t2"], vpc="vpc-2")
    for one in table.fields["Routes"]:
        if one.get("NetworkInterfaceId"):
            one["State"] = "blackhole"
    assert verdict(network(transit(), table), "eni-a", P4, "udp/53") == expected


@pytest.mark.rule("TGW-7")
@pytest.mark.parametrize(("back", "expected"), [([(V4, "tgw-1")], REACHABLE), ([], BLOCKED)])
def test_the_workloads_table_needs_the_way_back(back: list[tuple[str, str]], expected: str) -> None:
    answer = ask(network(transit(), route_table("rtb-p", *back, main=True, vpc="vpc-2")), "eni-a", P4, "tcp/443")
    assert (answer.verdict, answer.forward) == (expected, REACHABLE)


def egress() -> list[Row]:
    """`vpc-2` reaches the internet by the NAT gateway of `vpc-1`: attachment subnet to NAT, NAT subnet back to the gateway."""
    return [
        *transit(),
        *behind_nat(),
        eni_a(),
        tgw(),
        *tgw_table("tgw-rtb-1", *TO_VPC_1, *TO_VPC_2, (V4, "tgw-attach-1")),
        route_table("rtb-private", (V4, "nat-1"), subnets=["subnet-t1"]),
        main_table(*INTO, (V4, "igw-1")),
        route_table("rtb-p", (V4, "tgw-1"), main=True, vpc="vpc-2"),
    ]


@pytest.mark.rule("TGW-7")
@pytest.mark.parametrize(("routes", "expected"), [([(V4, "nat-1")], REACHABLE), ([], BLOCKED)])
def test_transit_traffic_uses_the_nat_gateway_that_the_attachment_subnet_names(
    routes: list[tuple[str, str]], expected: str
) -> None:
    world = network(egress(), route_table("rtb-private", *routes, subnets=["subnet-t1"]))
    assert verdict(world, "eni-p", "198.51.100.7", "tcp/443") == expected


@pytest.mark.rule("NAT-6")
@pytest.mark.parametrize(("over", "expected"), [("tgw-1", REACHABLE), ("pcx-1", BLOCKED)])
def test_a_nat_gateway_serves_what_comes_in_over_a_transit_gateway_and_no_peer(over: str, expected: str) -> None:
    world = network(egress(), peering(), route_table("rtb-p", (V4, over), main=True, vpc="vpc-2"))
    assert verdict(world, "eni-p", "198.51.100.7", "tcp/443") == expected


@pytest.mark.rule("RT-27")
@pytest.mark.parametrize(("table", "expected"), [("rtb-t2", BLOCKED), ("rtb-p", REACHABLE)])
def test_what_comes_in_lands_in_the_attachment_subnet(table: str, expected: str) -> None:
    """The same narrow route, in the table of the attachment subnet or in that of the workload."""
    shut = {"DestinationCidrBlock": "10.2.1.0/24", "NetworkInterfaceId": "eni-gone", "State": "blackhole"}
    routes = [(one, "tgw-1") for one in RANGES["vpc-1"]]
    own = route_table("rtb-t2", *([shut] if table == "rtb-t2" else []), subnets=["subnet-t2"], vpc="vpc-2")
    workload = route_table("rtb-p", *([shut] if table == "rtb-p" else []), *routes, main=True, vpc="vpc-2")
    assert verdict(network(transit(), own, workload), "eni-a", P4, "tcp/443") == expected


@pytest.mark.rule("RT-23")
@pytest.mark.parametrize(("source", "expected"), [("eni-p", REACHABLE), ("internet", BLOCKED)])
def test_what_comes_in_by_a_transit_gateway_meets_no_gateway_route_table(source: str, expected: str) -> None:
    edge = route_table("rtb-edge", ("10.0.1.0/24", "eni-gone"), gateway="igw-1")
    edge.fields["Routes"][-1]["State"] = "blackhole"
    world = network(transit(), edge, eni_a(addresses=[A4]))
    assert verdict(world, source, "eni-a", "udp/443") == expected


# ---------------------------------------------------------------------- network ACLs
@pytest.mark.rule("NACL-15")
@pytest.mark.parametrize(
    ("subnet_id", "entries", "expected"),
    [
        ("subnet-t1", {"inbound": []}, BLOCKED),
        ("subnet-t1", {"outbound": []}, REACHABLE),
        ("subnet-t2", {"outbound": []}, BLOCKED),
        ("subnet-t2", {"inbound": []}, REACHABLE),
        ("subnet-t1", {"inbound": [(1, ALLOW, "all", "10.0.1.0/24")]}, REACHABLE),
        ("subnet-t1", {"inbound": [(1, ALLOW, "all", "10.2.0.0/16")]}, BLOCKED),
        ("subnet-t2", {"outbound": [(1, ALLOW, "all", "10.2.1.0/24")]}, REACHABLE),
        ("subnet-t2", {"outbound": [(1, ALLOW, "all", "10.0.0.0/16")]}, BLOCKED),
        ("subnet-a", {"outbound": [(1, DENY, "all", "10.2.0.0/16")]}, BLOCKED),
        ("subnet-p", {"inbound": [(1, DENY, "all", "10.0.0.0/16")]}, BLOCKED),
    ],
    ids=[
        "sender's side: ingress counts",
        "sender's side: egress does not",
        "receiver's side: egress counts",
        "receiver's side: ingress does not",
        "ingress by the sender",
        "ingress of others",
        "egress to the receiver",
        "egress to others",
        "the sender's own",
        "the receiver's own",
    ],
)
def test_acls_of_attachment_subnets(subnet_id: str, entries: dict[str, Any], expected: str) -> None:
    """One way, by UDP: what the host sends meets ingress of the attachment subnet, what it gets meets egress."""
    where = "vpc-1" if subnet_id in ("subnet-a", "subnet-t1") else "vpc-2"
    world = network(transit(), acl("acl-x", subnet_id, vpc=where, **entries))
    assert verdict(world, "eni-a", P4, "udp/53") == expected


@pytest.mark.rule("NACL-16")
@pytest.mark.parametrize(
    ("source", "target", "entries", "expected"),
    [
        ("eni-a", P4, {"inbound": []}, REACHABLE),
        ("eni-a", P4, {"outbound": []}, REACHABLE),
        ("eni-p", A4, {"inbound": []}, BLOCKED),
        ("eni-p", A4, {"outbound": []}, BLOCKED),
        ("eni-p", A4, {"outbound": [(1, ALLOW, "all", "10.0.0.0/16")], "inbound": [(1, ALLOW, "all", "10.2.0.0/16")]}, REACHABLE),
    ],
    ids=["to the host: ingress", "to the host: egress", "from the host: ingress", "from the host: egress", "both admit it"],
)
def test_acl_of_an_attachment_in_the_hosts_own_subnet(source: str, target: str, entries: dict[str, Any], expected: str) -> None:
    """`eni-p` stands in the attachment subnet: what it sends meets the ACL both ways, what it gets meets none."""
    own = attachment("tgw-attach-2", "vpc-2", "subnet-p")
    world = network(transit(), own, acl("acl-p", default=True, vpc="vpc-2", **entries))
    assert verdict(world, source, target, "udp/53") == expected


# ---------------------------------------------------------------------- references
def referring(*, option: str = "enable", mine: str = "enable", theirs: str = "enable") -> list[Row]:
    """References across the gateway, as its option and those of the attachments say."""
    on = {"Ipv6Support": "enable", "SecurityGroupReferencingSupport": "enable"}
    return [
        *transit(),
        tgw(references=option),
        *attachment("tgw-attach-1", "vpc-1", "subnet-t1", Options={**on, "SecurityGroupReferencingSupport": mine}),
        *attachment("tgw-attach-2", "vpc-2", "subnet-t2", Options={**on, "SecurityGroupReferencingSupport": theirs}),
    ]


@pytest.mark.rule("SG-12")
@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ({}, REACHABLE),
        ({"option": "disable"}, BLOCKED),
        ({"mine": "disable"}, BLOCKED),
        ({"theirs": "disable"}, BLOCKED),
    ],
    ids=["on everywhere", "off at the gateway", "off at the receiver's attachment", "off at the sender's"],
)
def test_references_cross_with_the_option_on_everywhere(how: dict[str, str], expected: str) -> None:
    world = network(referring(**how), eni_a(groups=["sg-a"]), group("sg-a", [rule("tcp/443", "sg-p")]))
    assert verdict(world, "eni-p", A4, "tcp/443") == expected


@pytest.mark.rule("SG-12")
@pytest.mark.parametrize(("fields", "expected"), [({"Options": {}}, BLOCKED), ({}, REACHABLE)], ids=["left out", "on"])
def test_the_option_is_off_unless_it_is_said(fields: dict[str, Any], expected: str) -> None:
    world = network(
        referring(), tgw(references="enable", **fields), eni_a(groups=["sg-a"]), group("sg-a", [rule("tcp/443", "sg-p")])
    )
    assert verdict(world, "eni-p", A4, "tcp/443") == expected


@pytest.mark.rule("SG-10")
@pytest.mark.parametrize(("far", "expected"), [("sg-p", BLOCKED), ("10.2.0.0/16", REACHABLE)])
def test_in_outbound_rules_they_never_cross(far: str, expected: str) -> None:
    world = network(referring(), eni_a(groups=["sg-a"]), group("sg-a", [], [rule("tcp/443", far)]))
    assert verdict(world, "eni-a", P4, "tcp/443") == expected


@pytest.mark.rule("SG-27")
@pytest.mark.parametrize(
    ("state", "expected"), [("associated", REACHABLE), ("disassociated", BLOCKED), ("association-failed", BLOCKED)]
)
def test_a_group_spans_the_vpcs_that_it_is_associated_with(state: str, expected: str) -> None:
    """`sg-x` of `vpc-1` is associated with `vpc-2`, and carried there; the gateway carries no references."""
    rows = [
        *transit(),
        group("sg-x", [rule("tcp/443", "sg-x")]),
        Row("SecurityGroupVpcAssociations", "x", {"GroupId": "sg-x", "VpcId": "vpc-2", "State": state}),
        interface("eni-p", P4, subnet="subnet-p", vpc="vpc-2", groups=["sg-x"]),
        eni_a(groups=["sg-x"]),
    ]
    assert verdict(network(rows), "eni-a", "eni-p", "tcp/443") == expected


@pytest.mark.rule("SG-27")
@pytest.mark.parametrize(("groups", "expected"), [(["sg-x"], REACHABLE), (["sg-p"], BLOCKED)])
def test_an_interface_elsewhere_proves_an_association_that_was_not_collected(groups: list[str], expected: str) -> None:
    """Without `SecurityGroupVpcAssociations`: `eni-p` of `vpc-2` carries `sg-x` of `vpc-1`, or it does not."""
    rows = [*transit(), group("sg-x", [rule("tcp/443", "sg-x")]), eni_a(groups=["sg-x"])]
    rows += [
        interface("eni-p", P4, subnet="subnet-p", vpc="vpc-2", groups=groups),
        group("sg-p", [rule("tcp/443", "sg-x")], vpc="vpc-2"),
    ]
    assert verdict(network(rows), "eni-a", "eni-p", "tcp/443") == expected


@pytest.mark.rule("LIM-7")
@pytest.mark.parametrize(("without", "expected"), [((), BLOCKED), (("VpcPeeringConnections",), UNKNOWN)])
def test_whether_vpcs_are_peered_whose_groups_are_named_may_be_unknown(without: tuple[str, ...], expected: str) -> None:
    """The gateway carries no references; a peering connection beside it would."""
    rows = [
        *transit(),
        eni_a(groups=["sg-a"]),
        group("sg-a"),
        interface("eni-p", P4, subnet="subnet-p", vpc="vpc-2", groups=["sg-q"]),
    ]
    world = network(rows, group("sg-q", [rule("tcp/443", "sg-a")], vpc="vpc-2"), without=without)
    assert verdict(world, "eni-a", "eni-p", "tcp/443") == expected


# ---------------------------------------------------------------------- families, states, what it is not for
@pytest.mark.rule("TGW-16")
@pytest.mark.parametrize(
    ("target", "support", "expected"), [(P6, "enable", REACHABLE), (P6, "disable", BLOCKED), (P4, "disable", REACHABLE)]
)
@pytest.mark.parametrize("side", ["tgw-attach-1", "tgw-attach-2"])
def test_ipv6_needs_the_support_of_both_attachments(target: str, support: str, expected: str, side: str) -> None:
    place = {"tgw-attach-1": ("vpc-1", "subnet-t1"), "tgw-attach-2": ("vpc-2", "subnet-t2")}[side]
    world = network(transit(), attachment(side, *place, Options={"Ipv6Support": support}))
    assert verdict(world, "eni-a", target, "tcp/443") == expected


@pytest.mark.rule("RT-17")
@pytest.mark.rule("LIM-12")
@pytest.mark.parametrize(
    ("state", "expected"),
    [("available", REACHABLE), ("pendingAcceptance", BLOCKED), ("deleted", BLOCKED), ("modifying", UNKNOWN), ("newest", UNKNOWN)],
)
@pytest.mark.parametrize("side", ["tgw-attach-1", "tgw-attach-2"])
def test_both_attachments_must_be_available(state: str, expected: str, side: str) -> None:
    place = {"tgw-attach-1": ("vpc-1", "subnet-t1"), "tgw-attach-2": ("vpc-2", "subnet-t2")}[side]
    assert verdict(network(transit(), attachment(side, *place, State=state)), "eni-a", P4, "tcp/443") == expected


@pytest.mark.rule("EP-3")
@pytest.mark.parametrize(("source", "expected"), [("eni-a", REACHABLE), ("eni-p", BLOCKED)])
def test_a_gateway_endpoint_serves_nobody_who_comes_by_a_transit_gateway(source: str, expected: str) -> None:
    rows = [
        *transit(),
        *prefix_list("pl-s3", "52.218.0.0/17"),
        gateway_endpoint(),
        main_table(*INTO, ("pl-s3", "vpce-s3")),
        route_table("rtb-p", (V4, "tgw-1"), main=True, vpc="vpc-2"),
        *tgw_table("tgw-rtb-1", *TO_VPC_1, *TO_VPC_2, (V4, "tgw-attach-1")),
    ]
    answer = ask(network(rows), source, "vpce-s3", "tcp/443")
    assert (answer.verdict, answer.forward) == (expected, expected)


@pytest.mark.rule("TGW-12")
@pytest.mark.parametrize(("source", "expected"), [("eni-p", REACHABLE), ("eni-a", BLOCKED)])
def test_nor_does_a_peering_connection(source: str, expected: str) -> None:
    rows = [
        *transit(),
        *second_vpc("vpc-3", "q"),
        peering("pcx-2", "vpc-2", "vpc-3"),
        main_table(*INTO, ("10.3.0.0/16", "tgw-1")),
        *tgw_table("tgw-rtb-1", *TO_VPC_1, *TO_VPC_2, ("10.3.0.0/16", "tgw-attach-2")),
        route_table("rtb-p", *((one, "tgw-1") for one in RANGES["vpc-1"]), ("10.3.0.0/16", "pcx-2"), main=True, vpc="vpc-2"),
        route_table("rtb-q", ("10.0.0.0/8", "pcx-2"), main=True, vpc="vpc-3"),
    ]
    assert verdict(network(rows), source, "10.3.1.10", "tcp/443") == expected


# ---------------------------------------------------------------------- peered gateways, other attachments
def two_gateways(*, there: bool = True, back: bool = True, table: str = "tgw-rtb-2") -> list[Row]:
    """`vpc-1` on `tgw-1`, `vpc-2` on `tgw-2`, the gateways peered, with static routes there and back."""
    peers = [("10.2.0.0/16", "peering-1")] if there else []
    others = [("10.0.0.0/16", "peering-1")] if back else []
    return [
        *transit(),
        tgw("tgw-2"),
        *attachment("tgw-attach-2", "vpc-2", "subnet-t2", table="tgw-rtb-2", tgw="tgw-2"),
        seen_attachment("tgw-attach-2", "vpc", "vpc-2", table="tgw-rtb-2", tgw="tgw-2"),
        *tgw_table("tgw-rtb-1", *TO_VPC_1, *peers),
        *tgw_table("tgw-rtb-2", *TO_VPC_2, *others, tgw="tgw-2"),
        seen_attachment("peering-1", "peering", "tgw-2"),
        seen_attachment("peering-1", "peering", "tgw-1", table=table, tgw="tgw-2"),
        route_table("rtb-p", ("10.0.0.0/16", "tgw-2"), main=True, vpc="vpc-2"),
    ]


@pytest.mark.rule("TGW-10")
@pytest.mark.parametrize(
    ("how", "expected"),
    [({}, REACHABLE), ({"there": False}, BLOCKED), ({"back": False}, BLOCKED), ({"table": ""}, BLOCKED)],
    ids=["static routes both ways", "none there", "none back", "the far end is associated with nothing"],
)
def test_peered_gateways_need_routes_and_associations_on_both_sides(how: dict[str, Any], expected: str) -> None:
    world = network(two_gateways(**how), without=["tgw-attach-2@tgw-1"])
    assert verdict(world, "eni-a", P4, "tcp/443") == expected


@pytest.mark.rule("TGW-10")
@pytest.mark.parametrize(
    ("at_far_end", "expected"), [("tgw-rtb-2", REACHABLE), ("tgw-rtb-3", BLOCKED)], ids=["with the way on", "with an empty table"]
)
def test_both_ends_of_a_peering_share_an_id_and_each_uses_a_table_of_its_own_gateway(at_far_end: str, expected: str) -> None:
    lists = [
        Row(
            "TransitGatewayRouteTableAssociations",
            id,
            {"TransitGatewayRouteTableId": id, "Associations": [{"TransitGatewayAttachmentId": one} for one in attachments]},
        )
        for id, attachments in (
            ("tgw-rtb-1", ["tgw-attach-1", "peering-1"]),
            ("tgw-rtb-2", ["tgw-attach-2", *(["peering-1"] if at_far_end == "tgw-rtb-2" else [])]),
            ("tgw-rtb-3", ["peering-1"] if at_far_end == "tgw-rtb-3" else []),
        )
    ]
    world = network(two_gateways(), tgw_table("tgw-rtb-3", tgw="tgw-2"), lists, without=["tgw-attach-2@tgw-1"])
    assert verdict(world, "eni-a", P4, "tcp/443") == expected


@pytest.mark.rule("TGW-13")
@pytest.mark.parametrize(("type_", "expected"), [("connect", UNKNOWN), ("vpc", REACHABLE)])
def test_beyond_connect_the_answer_is_unknown(type_: str, expected: str) -> None:
    rows = [
        seen_attachment("connect-1", "connect", "tgw-attach-9"),
        *tgw_table("tgw-rtb-1", *TO_VPC_1, ("10.2.0.0/16", "connect-1")),
    ]
    assert verdict(network(transit(), rows if type_ == "connect" else []), "eni-a", P4, "tcp/443") == expected


@pytest.mark.rule("TGW-17")
@pytest.mark.parametrize(
    ("without", "expected"),
    [
        ([], REACHABLE),
        (["TransitGatewayRoutes"], UNKNOWN),
        (["TransitGatewayAttachments"], UNKNOWN),
        (["TransitGatewayAttachments", "TransitGatewayRouteTables", "TransitGatewayRoutes"], UNKNOWN),
        (["TransitGateways", "TransitGatewayVpcAttachments"], UNKNOWN),
    ],
    ids=["the owner's view", "no routes", "no associations", "the participant's view", "no gateway at all"],
)
def test_without_the_owners_account_the_answer_is_unknown(without: list[str], expected: str) -> None:
    assert verdict(network(transit(), without=without), "eni-a", P4, "tcp/443") == expected


@pytest.mark.rule("TGW-11")
@pytest.mark.parametrize(
    ("ranges", "expected"),
    [(("10.3.0.0/16",), REACHABLE), (("10.2.0.0/16",), CONDITIONAL)],
    ids=["its own range", "the range of another"],
)
def test_a_vpc_whose_range_is_attached_already_is_not_propagated(ranges: tuple[str, ...], expected: str) -> None:
    """Of two VPCs with one range the first that was attached is propagated: which one that was cannot be read."""
    number = ranges[0].split(".")[1]
    rows = [
        vpc("vpc-9", *ranges),
        subnet("subnet-9", f"10.{number}.1.0/24", vpc="vpc-9"),
        interface("eni-9", f"10.{number}.1.10", subnet="subnet-9", vpc="vpc-9", groups=["sg-9"]),
        group("sg-9", OPEN, vpc="vpc-9"),
        acl("acl-9", default=True, vpc="vpc-9"),
        route_table("rtb-9", ("10.0.0.0/16", "tgw-1"), main=True, vpc="vpc-9", local=ranges),
        *attachment("tgw-attach-9", "vpc-9", "subnet-9"),
        Row("TransitGatewayRouteTablePropagations", "tgw-rtb-1", propagations()),
        main_table(("10.0.0.0/8", "tgw-1")),
    ]
    world = network(transit(), rows, without=["TransitGatewayRoutes"])
    assert verdict(world, "eni-a", "eni-9", "tcp/443") == expected


def propagations() -> dict[str, Any]:
    named = [(f"tgw-attach-{number}", f"vpc-{number}") for number in (1, 2, 9)]
    listed = [
        {"TransitGatewayAttachmentId": one, "ResourceId": vpc_id, "ResourceType": "vpc", "State": "enabled"}
        for one, vpc_id in named
    ]
    return {"TransitGatewayRouteTableId": "tgw-rtb-1", "TransitGatewayRouteTablePropagations": listed}


# ---------------------------------------------------------------------- interfaces of attachments
@pytest.mark.rule("TGW-8")
@pytest.mark.parametrize(("type_", "expected"), [("transit_gateway", BLOCKED), ("interface", REACHABLE)])
def test_the_interface_of_an_attachment_is_nobodys_host(type_: str, expected: str) -> None:
    """With no group on it, only its type tells that nothing answers there, and nothing starts."""
    groups = [] if type_ == "transit_gateway" else ["sg-open"]
    world = network(interface("eni-t", "10.0.1.77", type=type_, groups=groups))
    assert verdict(world, "eni-a", "eni-t", "tcp/443") == expected
    assert verdict(world, "eni-t", "eni-a", "tcp/443") == expected
    assert verdict(world, "vpc:vpc-1", "eni-a", "tcp/443") == REACHABLE
