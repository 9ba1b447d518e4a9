"""What each kind of invariant demands: a row in which it holds, and a twin in which one fact differs and it does not."""

from __future__ import annotations

import pytest

from analyzer.models.errors import QuestionError

from ..semantics.build import (
    V4,
    acl,
    balanced,
    behind_nat,
    eni_a,
    eni_b,
    group,
    interface,
    network,
    rule,
    site,
)
from ..semantics.build_inspection import between, firewall, inspected, policy
from .conftest import checked, pairs

SSH = group("sg-ssh", [rule("tcp/22", V4)])
WEB = group("sg-web", [rule("tcp/443", V4)])
SHUT = group("sg-shut", [])


# ---------------------------------------------------------------------- deny
@pytest.mark.parametrize(("groups", "holds"), [(("sg-shut",), True), (("sg-ssh",), False), (("sg-shut", "sg-ssh"), False)])
def test_deny_holds_when_nothing_passes(groups: tuple[str, ...], holds: bool) -> None:
    outcome = checked(network(SSH, SHUT, eni_b(groups=groups)), "deny: {from: internet, to: eni-b}")
    assert outcome.holds is holds
    assert [one.services for one in outcome.violations] == ([] if holds else [["tcp/22"]])


def test_deny_is_about_the_services_that_it_names() -> None:
    world = network(SSH, eni_b(groups=["sg-ssh"]))
    assert checked(world, "deny: {from: internet, to: eni-b, on: https}").holds
    assert not checked(world, "deny: {from: internet, to: eni-b, on: 'https, ssh'}").holds


def test_what_depends_counts_as_reachable_under_deny_and_as_blocked_under_allow() -> None:
    world = network(acl("acl-b", "subnet-b", outbound=[(100, "allow", "tcp/1024-40000", V4)]))
    denied = checked(world, "deny: {from: internet, to: eni-b, on: ssh}")
    assert [(one.verdict.value, one.services, one.doubtful) for one in denied.violations] == [("conditional", [], ["tcp/22"])]
    assert denied.violations[0].conditions
    allowed = checked(world, "allow: {from: internet, to: eni-b, on: ssh}")
    assert [(one.verdict.value, one.services) for one in allowed.violations] == [("conditional", ["tcp/22"])]


def test_what_is_not_known_counts_against_whoever_wrote_it() -> None:
    world = network(without=["acl-open"])
    for demand in ("deny", "allow"):
        outcome = checked(world, f"{demand}: {{from: eni-a, to: eni-b, on: ssh}}")
        assert [one.verdict.value for one in outcome.violations] == ["unknown"], demand


def test_a_snapshot_without_subnets_lets_no_deny_hold() -> None:
    world = network(SHUT, eni_b(groups=["sg-shut"]), without=["Subnets"])
    outcome = checked(world, "deny: {from: internet, to: eni-b}")
    assert [one.verdict.value for one in outcome.violations] == ["unknown"]


# ---------------------------------------------------------------------- allow
@pytest.mark.parametrize(
    ("on", "missing"),
    [("ssh", []), ("ssh,https", ["tcp/443"]), ("tcp/20-23", ["tcp/20-21", "tcp/23"])],
    ids=["all there", "one missing", "a part of a range"],
)
def test_allow_demands_every_service(on: str, missing: list[str]) -> None:
    outcome = checked(network(SSH, eni_b(groups=["sg-ssh"])), f"allow: {{from: internet, to: eni-b, on: '{on}'}}")
    assert [one.services for one in outcome.violations] == ([missing] if missing else [])
    assert all(one.blockers for one in outcome.violations)


def test_allow_demands_every_pair() -> None:
    world = network(SSH, SHUT, eni_b(groups=["sg-shut"]))
    assert pairs(checked(world, "allow: {from: internet, to: [eni-a, eni-b], on: ssh}")) == {("internet", "eni-b")}


def test_ping_is_of_the_family_that_a_pair_has() -> None:
    world = network(eni_a(addresses=("10.0.1.10",)))
    assert checked(world, "allow: {from: eni-a, to: eni-b, on: ping}").holds


# ---------------------------------------------------------------------- allow_only
def test_allow_only_lets_nobody_else_in_and_nothing_else_through() -> None:
    demand = "allow_only: {from: eni-a, to: eni-b, on: ssh}"
    inside = group("sg-in", [rule("tcp/22", "10.0.1.10/32")])
    assert checked(network(inside, eni_b(groups=["sg-in"])), demand).holds
    wider = group("sg-in", [rule("tcp/22", "10.0.1.0/24"), rule("tcp/443", "10.0.1.10/32")])
    outcome = checked(network(wider, eni_b(groups=["sg-in"])), demand)
    assert {(one.source.id, *one.services) for one in outcome.violations} == {("eni-a", "tcp/443"), ("eni-a2", "tcp/22")}


def test_allow_only_counts_the_internet_and_networks_behind_a_vpn() -> None:
    demand = "allow_only: {from: eni-a, to: eni-b}"
    assert ("internet", "eni-b") in pairs(checked(network(), demand))
    assert ("networks outside", "eni-b") in pairs(checked(network(site()), demand))
    assert ("networks outside", "eni-b") not in pairs(checked(network(), demand))


# ---------------------------------------------------------------------- isolate
def test_isolate_looks_both_ways() -> None:
    one_way = network(SHUT, eni_b(groups=["sg-shut"]))
    assert pairs(checked(one_way, "isolate: [eni-a, eni-b]")) == {("eni-b", "eni-a")}
    both = network(SHUT, eni_b(groups=["sg-shut"]), eni_a(groups=["sg-shut"]))
    assert checked(both, "isolate: [eni-a, eni-b]").holds


# ---------------------------------------------------------------------- through
@pytest.mark.parametrize(("without", "holds"), [((), True), (("rtb-a", "rtb-b"), False)], ids=["on the way", "past it"])
def test_through_a_firewall(without: tuple[str, ...], holds: bool) -> None:
    world = network(between(), firewall(), policy(), without=without)
    assert checked(world, "through: {from: eni-a, to: eni-b, via: firewall, on: https}").holds is holds


def test_through_names_what_has_no_interface() -> None:
    assert checked(network(), "through: {from: internet, to: eni-b, via: igw-1}").holds
    assert not checked(network(), "through: {from: eni-a, to: eni-b, via: igw-1}").holds


def test_through_finds_the_way_of_the_other_family() -> None:
    # behind_nat leads IPv4 through the NAT gateway; IPv6 goes its own way.
    outcome = checked(network(behind_nat()), "through: {from: eni-a, to: internet, via: nat, on: https}")
    for one in outcome.violations:
        assert ":" in one.path[0].packet.source


def test_passing_what_looks_the_same_proves_nothing() -> None:
    # eni-a2 is like eni-a to every line, so that packets at the one are told apart from those at the other by nothing.
    assert not checked(network(), "through: {from: internet, to: eni-a2, via: eni-a}").holds


@pytest.mark.parametrize("on", ["https", "ping"])
@pytest.mark.parametrize(("back", "holds"), [("vpce-fw", True), ("", False)], ids=["by the firewall", "past it"])
def test_through_is_about_replies_too(back: str, holds: bool, on: str) -> None:
    """A firewall that sees one half of each connection inspects nothing that it answers for."""
    outcome = checked(
        network(between(back=back), firewall(), policy()), f"through: {{from: eni-a, to: eni-b, via: firewall, on: {on}}}"
    )
    assert outcome.holds is holds
    for one in outcome.violations:
        assert one.text.endswith(", and replies come back past what they must pass")
        assert [line.resource for line in one.lines] == ["sg-open", "acl-open", "rtb-b", "acl-open", "sg-open"], (
            "those of the reply"
        )
        assert one.verdict == "conditional"


def test_a_reply_that_does_not_come_home_violates_nothing() -> None:
    """The other endpoint drops it: it knows of no request (NFW-10)."""
    both = firewall(("vpce-fw", "subnet-fw"), ("vpce-fw2", "subnet-fw2"))
    world = network(between(back="vpce-fw2"), both, policy())
    assert checked(world, "through: {from: eni-a, to: eni-b, via: vpce-fw, on: https}").holds
    assert not checked(world, "allow: {from: eni-a, to: eni-b, on: https}").holds


@pytest.mark.parametrize("edge", [True, False])
def test_what_is_sent_to_the_internet_by_a_firewall_must_come_back_by_it(edge: bool) -> None:
    rows = [row for row in inspected() if edge or row.id != "rtb-edge"]
    outcome = checked(network(rows, firewall(), policy()), "through: {from: eni-a, to: 198.51.100.7, via: firewall, on: https}")
    assert outcome.holds is edge
    assert [line.resource for one in outcome.violations for line in one.lines][:2] == ([] if edge else ["internet", "igw-1"])


@pytest.mark.parametrize("on", ["udp/53", "icmp/3"])
def test_what_needs_no_reply_is_judged_by_its_request(on: str) -> None:
    world = network(between(back=""), firewall(), policy())
    assert checked(world, f"through: {{from: eni-a, to: eni-b, via: firewall, on: {on}}}").holds


def test_replies_by_what_makes_connections_of_its_own_come_back_by_it() -> None:
    hosts = group("sg-hosts", [rule("tcp/8080", "sg-lb")])
    behind = network(*balanced(), hosts, eni_b(groups=["sg-hosts"]))
    assert checked(behind, "through: {from: eni-a, to: eni-b, via: alb}").holds
    assert checked(network(behind_nat()), "through: {from: eni-a, to: 8.8.8.8, via: nat, on: https}").holds
    assert checked(network(site()), "through: {from: 192.168.1.5, to: eni-a, via: vgw-1}").holds


def test_an_ignore_of_some_replies_leaves_the_others() -> None:
    world = network(between(back=""), firewall(), policy())
    demand = "through: {from: eni-a, to: eni-b, via: firewall, on: [https, ssh]}".replace("[https, ssh]", '"https,ssh"')
    ignored = checked(world, f"{demand}\n  except: [{{to: eni-b, on: https}}]")
    assert [one.doubtful for one in ignored.violations] == [["tcp/22"]]


# ---------------------------------------------------------------------- hops
def chained(last: str = "sg-from-b"):  # type: ignore[no-untyped-def]
    """eni-a reaches eni-b, and eni-b reaches eni-c; whether eni-a reaches eni-c is up to the group of eni-c."""
    return network(
        group("sg-a", []),
        group("sg-b", [rule("tcp/22", "10.0.1.10/32")]),
        group("sg-from-b", [rule("tcp/22", "10.0.2.10/32")]),
        group("sg-from-a", [rule("tcp/22", "10.0.1.10/32")]),
        eni_a(addresses=("10.0.1.10",), groups=["sg-a"]),
        interface("eni-a2", "10.0.1.20", groups=["sg-a"]),
        eni_b(addresses=("10.0.2.10",), groups=["sg-b"]),
        interface("eni-c", "10.0.2.30", subnet="subnet-b", groups=[last]),
    )


def test_an_intruder_goes_from_host_to_host() -> None:
    outcome = checked(chained(), "blast_radius: {from: eni-a, never: eni-c}")
    assert [one.text for one in outcome.violations] == ["an intruder in eni-a can reach eni-c in 2 hops by way of eni-b"]
    assert outcome.violations[0].lines[0].place == "eni-b", "the witness is the last hop"
    assert checked(chained(), "blast_radius: {from: eni-a2, never: eni-c}").holds


@pytest.mark.parametrize(("most", "holds"), [(2, True), (1, False)])
def test_a_radius_counts_resources(most: int, holds: bool) -> None:
    outcome = checked(chained(), f"blast_radius: {{from: eni-a, at_most: {most}}}")
    assert outcome.holds is holds
    assert [one.reached for one in outcome.violations] == ([] if holds else [["eni-c", "i-b"]])


def test_hops_are_not_of_addresses() -> None:
    with pytest.raises(QuestionError) as error:
        checked(network(), "blast_radius: {from: 10.0.0.0/8, at_most: 1}")
    assert str(error.value) == (
        "inv.yaml:2: invariant `it`: hops are from interface to interface, and `10.0.0.0/8` of `from` is none\n"
        "  try: name an interface, a resource that has one, or `internet`"
    )


# ---------------------------------------------------------------------- through services
def test_what_a_load_balancer_passes_on_counts() -> None:
    world = network(balanced())
    assert not checked(world, "deny: {from: internet, to: eni-b}").holds


@pytest.mark.parametrize(
    ("exempt", "holds", "ignored"),
    [
        ("except: [{from: eni-a}]", True, 0),
        ("except: [{from: eni-a, to: eni-c, on: ssh}]", False, 0),  # not on every service that is asked for
        ("except: [{from: eni-b}]", False, 0),  # the intruder comes from eni-a, whatever he takes on the way
        ("ignore: [{flow: {to: eni-c}, until: 2026-12-31, reason: x}]", True, 1),
    ],
)
def test_exceptions_of_hops_are_about_the_first_source_and_the_last_target(exempt: str, holds: bool, ignored: int) -> None:
    outcome = checked(chained(), f"blast_radius: {{from: eni-a, never: eni-c}}\n  {exempt}")
    assert (outcome.holds, len(outcome.ignored)) == (holds, ignored)


@pytest.mark.parametrize(("out", "holds"), [(["tcp/443", V4], False), (["tcp/22", "10.0.0.0/8"], True)])
def test_an_intruder_may_be_kept_from_the_internet(out: list[str], holds: bool) -> None:
    other = interface("eni-a2", "10.0.1.20", groups=["sg-out"])
    world = network(group("sg-out", [], [rule(*out)]), other, *(eni(groups=["sg-out"]) for eni in (eni_a, eni_b)))
    assert checked(world, "blast_radius: {from: [eni-a, eni-b], never: internet, on: 'https,ssh'}").holds is holds


def test_in_a_snapshot_without_subnets_an_intruder_may_be_anywhere() -> None:
    world = network(SHUT, eni_b(groups=["sg-shut"]), without=["Subnets"])
    (one,) = checked(world, "blast_radius: {from: eni-a, never: eni-b}").violations
    assert one.verdict.value == "unknown"
    assert one.text == "an intruder in eni-a may reach eni-b in 1 hop"
