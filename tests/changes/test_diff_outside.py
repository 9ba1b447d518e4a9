"""What lies outside is told by addresses: whom of the internet and of sites hosts may send to, and who comes from there."""

from __future__ import annotations

import sys

import pytest

from analyzer.diff import difference
from analyzer.models.difference import Change, Difference
from analyzer.models.snapshot import Snapshot
from analyzer.models.verdict import Verdict
from analyzer.report.difference import render
from tests.semantics import build
from tests.semantics.build import V4, acl, group, main_table, network, rule

PARTNER = "198.51.100.0/24"
OUT = ("eni-b", "internet")


def sends_to(*blocks: str, service: str = "tcp/443") -> Snapshot:
    """`eni-b`, which may send to these blocks and takes nothing."""
    return network(group("sg-b", [], [rule(service, one) for one in blocks]), build.eni_b(groups=["sg-b"])).snapshot


def outward(found: Difference) -> list[Change]:
    return [one for one in found.changes if one.grain == "interface" and one.sources[0].id == "eni-b"]


@pytest.mark.parametrize(
    ("old", "new", "change", "whom", "line"),
    [
        ((PARTNER,), (PARTNER, V4), "opened", "more of the internet", "outbound tcp/443 to 0.0.0.0/0"),
        ((PARTNER,), (V4,), "opened", "more of the internet", "outbound tcp/443 to 0.0.0.0/0"),
        ((V4,), (PARTNER,), "closed", "a part of the internet", "outbound tcp/443 to 0.0.0.0/0"),
        ((PARTNER,), (PARTNER, "192.0.2.0/28"), "opened", "192.0.2.0/28 of the internet", "outbound tcp/443 to 192.0.2.0/28"),
        ((PARTNER, "192.0.2.0/28"), (PARTNER,), "closed", "192.0.2.0/28 of the internet", "outbound tcp/443 to 192.0.2.0/28"),
    ],
)
def test_a_rule_outward_that_is_widened_or_narrowed_is_a_change(
    old: tuple[str, ...], new: tuple[str, ...], change: str, whom: str, line: str
):
    (one,) = outward(difference(sends_to(*old), sends_to(*new)))
    assert (one.change, [each.name for each in one.targets], one.services) == (change, [whom], ["tcp/443"])
    assert (one.was, one.now) == (
        (Verdict.BLOCKED, Verdict.REACHABLE) if change == "opened" else (Verdict.REACHABLE, Verdict.BLOCKED)
    )
    assert [cause.line for cause in one.causes] == [line]
    assert one.example[0].id == "eni-b"
    # An address that people know, where it is one of them.
    assert one.example[1].id == ("192.0.2.0" if "192.0.2.0/28" in line else "8.8.8.8")


def test_one_partner_for_another_opens_one_block_and_closes_one():
    found = outward(difference(sends_to(PARTNER), sends_to("192.0.2.0/28")))
    assert [(one.change, one.targets[0].name) for one in found] == [
        ("opened", "192.0.2.0/28 of the internet"),
        ("closed", f"{PARTNER} of the internet"),
    ]


def test_the_same_blocks_by_other_lines_are_no_change():
    halves = sends_to("198.51.100.0/25", "198.51.100.128/25")
    assert difference(sends_to(PARTNER), halves).changes == []
    assert difference(sends_to(PARTNER), halves).pairs == 0


def test_what_opens_for_the_whole_internet_is_told_once():
    (one,) = [each for each in difference(sends_to(), sends_to(V4)).changes if "internet" in {end.id for end in each.targets}]
    assert "internet" in {end.name for end in one.targets}


def replies_from(partner: str) -> Snapshot:
    """`eni-b`, which sends to everybody; replies of the partner come back to these ports, those of others to all."""
    back = [(100, "allow", partner, PARTNER), (101, "allow", "all", "8.0.0.0/7")]
    return network(
        group("sg-b", [], [rule("tcp/443", V4)]), build.eni_b(groups=["sg-b"]), acl("acl-b", "subnet-b", inbound=back)
    ).snapshot


@pytest.mark.parametrize(
    ("old", "new", "change", "was", "now"),
    [
        ("tcp/1024-40000", "all", "opened", Verdict.CONDITIONAL, Verdict.REACHABLE),
        ("all", "tcp/1024-40000", "closed", Verdict.REACHABLE, Verdict.CONDITIONAL),
        ("tcp/22", "tcp/1024-40000", "opened", Verdict.BLOCKED, Verdict.CONDITIONAL),
    ],
)
def test_what_is_surer_or_less_sure_for_some_of_the_internet_is_a_change(
    old: str, new: str, change: str, was: Verdict, now: Verdict
):
    (one,) = outward(difference(replies_from(old), replies_from(new), "https"))
    assert (one.change, one.was, one.now) == (change, was, now)
    assert [each.name for each in one.targets] == [f"{PARTNER} of the internet"]


def test_another_way_to_the_internet_is_seen_for_whoever_has_it():
    # Neither the group nor the interface is another one: the ACL of the subnet is.
    shut = [(100, "allow", "all", PARTNER)]
    old, new = (
        network(acl("acl-b", "subnet-b", outbound=[*entries, (120, "allow", "all", "10.0.0.0/8")])).snapshot
        for entries in (shut, [*shut, (110, "allow", "all", V4)])
    )
    (one,) = (each for each in outward(difference(old, new, "https")) if each.targets[0].id == "internet")
    assert [each.id for each in one.sources] == ["eni-b"]
    assert (one.change, one.targets[0].name) == ("opened", "more of the internet")
    assert [cause.line for cause in one.causes] == ["outbound 110 allow all to 0.0.0.0/0"]


def test_what_was_not_sure_is_not_told_as_blocked():
    # Mail is conditional wherever it goes; to the partner's block it was before.
    old, new = sends_to(PARTNER, service="tcp/25"), sends_to(PARTNER, V4, service="tcp/25")
    (one,) = outward(difference(old, new, "tcp/25"))
    assert (one.was, one.now) == (Verdict.BLOCKED, Verdict.CONDITIONAL)


# ---------------------------------------------------------------------- sites
def behind_vpn(*rows: build.Row, prefixes: tuple[str, ...] = (build.SITE,)) -> Snapshot:
    led = [(one, "vgw-1") for one in prefixes]
    return network(build.vgw(), build.vpn("vpn-1", *prefixes), main_table(*led, (V4, "igw-1")), *rows).snapshot


def of_sites(found: Difference) -> list[Change]:
    return [one for one in found.changes if "networks outside" in (one.sources[0].id, one.targets[0].id)]


def test_a_site_that_hosts_may_send_to_now_is_told_with_the_line():
    old, new = (
        behind_vpn(group("sg-b", [], [rule("tcp/443", one) for one in blocks]), build.eni_b(groups=["sg-b"]))
        for blocks in ((), ("192.168.1.0/24",))
    )
    (one,) = of_sites(difference(old, new))
    assert (one.change, one.was, one.now) == ("opened", Verdict.BLOCKED, Verdict.CONDITIONAL)
    assert ([each.id for each in one.sources], [each.name for each in one.targets]) == (
        ["eni-b"],
        ["192.168.1.0/24 of networks outside"],
    )
    assert [cause.line for cause in one.causes] == ["outbound tcp/443 to 192.168.1.0/24"]
    assert one.example[1].id == "192.168.1.0"
    assert "eni-b may reach 192.168.1.0/24 of networks outside on tcp/443" in render(difference(old, new), "text")
    (back,) = of_sites(difference(new, old))
    assert (back.change, back.was, back.now) == ("closed", Verdict.CONDITIONAL, Verdict.BLOCKED)


def test_a_site_that_comes_in_now_is_told():
    old, new = (
        behind_vpn(group("sg-b", [rule("tcp/22", one) for one in blocks], []), build.eni_b(groups=["sg-b"], public=""))
        for blocks in (("192.168.1.0/24",), ("192.168.0.0/23",))
    )
    (one,) = of_sites(difference(old, new))
    assert ([each.name for each in one.sources], [each.id for each in one.targets]) == (
        ["192.168.0.0/24 of networks outside"],
        ["eni-b"],
    )
    assert (one.was, one.now, [cause.line for cause in one.causes]) == (
        Verdict.BLOCKED,
        Verdict.REACHABLE,
        ["inbound tcp/22 from 192.168.0.0/23"],
    )


def test_a_site_that_is_new_opens_ways_both_ways():
    found = of_sites(difference(network(main_table((V4, "igw-1"))).snapshot, behind_vpn()))
    assert {one.change for one in found} == {"opened"}
    assert {one.sources[0].id == "networks outside" for one in found} == {True, False}


def test_an_interface_that_is_new_and_reaches_a_site_is_told():
    named = [{"Key": "Name", "Value": "newcomer"}]
    old, new = behind_vpn(), behind_vpn(build.interface("eni-new", "10.0.2.99", subnet="subnet-b", TagSet=named))
    assert {end.id for one in of_sites(difference(old, new)) for end in (*one.sources, *one.targets)} == {
        "networks outside",
        "eni-new",
    }


def test_of_more_interfaces_than_are_looked_at_it_is_said(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys.modules["analyzer.diff.outside"], "MOST", 1)
    found = difference(sends_to(PARTNER), network(acl("acl-open", default=True, inbound=[])).snapshot)
    assert any(one.startswith("whom outside ") for one in found.not_modelled)
