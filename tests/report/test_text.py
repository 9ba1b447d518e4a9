"""What a terminal shows, to the letter."""

from __future__ import annotations

import re

import msgspec
import pytest

from analyzer.report import render

from .answers import EVERY, OPEN, SHUT, answer, hop, hostile, pair


def text(name: str, **options: bool) -> str:
    return render(EVERY[name], "text", **options)


def test_reachable():
    assert text("reachable") == (
        "eni-web CAN reach eni-db on tcp/5432\n"
        "  for example tcp 10.0.1.4:49152 -> 10.0.1.9:5432\n"
        "  eni-web   sg-a outbound all to 0.0.0.0/0       SG-1\n"
        "  subnet-1  same subnet: no route table, no ACL  RT-16\n"
        "  eni-db    sg-b inbound tcp/5432 from sg-a      SG-7\n"
        "  reply     stateful: sg-b, sg-a admit it        SG-4\n"
    )


def test_blocked_names_every_line_with_one_action_each():
    assert text("blocked") == (
        "eni-web CANNOT reach eni-db on tcp/5432\n"
        "  for example tcp 10.0.1.4 -> 10.0.1.9:5432\n"
        "  eni-web   sg-a outbound all to 0.0.0.0/0       SG-1\n"
        "  subnet-1  same subnet: no route table, no ACL  RT-16\n"
        "  eni-db    sg-b no inbound rule admits it       SG-1  <- stops here\n"
        "  to let it through, change these 2 lines, all of them:\n"
        "    1. sg-b or sg-c: no inbound rule admits it  (SG-1, ENI_SG_RULES_MISMATCH)\n"
        "       do: add an inbound rule to sg-b or sg-c: tcp/5432 from 10.0.1.4\n"
        "    2. acl-1: outbound 32767 deny all to 0.0.0.0/0  (reply, NACL-2, SUBNET_ACL_RESTRICTION)\n"
        "       do: add an outbound entry to acl-1 with a number below 32767: allow tcp/1024-65535 to 10.0.1.4\n"
    )


def test_a_lost_reply_is_told_hop_by_hop():
    assert text("reply lost") == (
        "eni-web CANNOT reach eni-db on tcp/5432: the request arrives, the reply does not\n"
        "  for example tcp 10.0.1.4:49152 -> 10.0.1.9:5432\n"
        "  eni-web     sg-a outbound all to 0.0.0.0/0              SG-1\n"
        "  eni-db      sg-b inbound tcp/5432 from sg-a             SG-7\n"
        "  reply       is blocked\n"
        "    eni-db    sg-b stateful: sg-b                         SG-4\n"
        "    subnet-2  acl-1 outbound 32767 deny all to 0.0.0.0/0  NACL-2  <- stops here\n"
        "  to let it through, change this line:\n"
        "    1. acl-1: outbound 32767 deny all to 0.0.0.0/0  (reply, NACL-2, SUBNET_ACL_RESTRICTION)\n"
        "       do: add an outbound entry to acl-1 with a number below 32767: allow tcp/1024-65535 to 10.0.1.4\n"
    )


def test_one_way_is_reachable_and_says_so():
    lines = text("one way").splitlines()
    assert lines[0] == "eni-web CAN reach eni-db on udp/53, one way only: its replies are blocked"
    assert "  to let its reply through, change this line:" in lines


def test_conditional_says_on_what_it_depends():
    lines = text("conditional").splitlines()
    assert lines[0] == "eni-web MAY reach eni-db on tcp/5432: it depends"
    assert lines[-2:] == ["  it depends on this:", "    - what the system behind eni-nat forwards is not in the configuration"]


def test_unknown_says_what_is_not_known():
    assert text("unknown") == (
        "UNKNOWN whether eni-web can reach eni-db on tcp/5432\n"
        "  for example tcp 10.0.1.4 -> 10.0.1.9:5432\n"
        "  eni-web  sg-a outbound all to 0.0.0.0/0  SG-1\n"
        "  not known:\n"
        "    - the route table of subnet-1 is not in the snapshot\n"
        "  not modelled (1), and so not in this answer:\n"
        "    - `Things`: 1 resource is not modelled\n"
    )


def test_what_is_stopped_says_what_it_could():
    assert text("stopped").endswith(
        "    1. eni-web: not working now  (SDC-7, BAD_STATE)\n"
        "       i-1 is stopped\n"
        "       do: start it, or bring it back to work\n"
        "  note: when started: reachable\n"
    )


def test_a_translation_is_told_where_it_happens():
    assert text("translated").splitlines()[2:] == [
        "  rtb-1     0.0.0.0/0 -> igw-1                                                  RT-5",
        "  igw-1     eni-web has a public address, from here 203.0.113.7 -> 8.8.8.8:443  IGW-2",
        "  internet  the internet                                                        IGW-1",
        "  reply     passes acl-1",
    ]


def test_many_pairs_are_a_table_and_one_of_them_in_detail():
    assert text("many").splitlines()[:8] == [
        "sg-a CAN reach rds on tcp/5432",
        "  3 pairs: 1 reachable, 1 unknown, 1 blocked",
        "    from     to               verdict    on",
        "    eni-web  eni-db           reachable  tcp/5432",
        "    eni-web  orders (eni-db)  blocked    rtb-1: no route",
        "    eni-web  eni-db           unknown    the route table of subnet-1 is not in the snapshot",
        "",
        "eni-web CAN reach eni-db on tcp/5432",
    ]
    assert text("many").count("for example") == 1
    assert text("many", explain=True).count("for example") == 3


def test_the_pair_in_detail_is_one_that_came_out_as_the_whole():
    lost = EVERY["reply lost"].pairs[0]
    told = render(answer(SHUT, lost, forward="reachable", source="a", target="b"), "text")
    assert "the request arrives, the reply does not" in told.split("\n\n")[1]


def test_very_many_pairs_are_cut_with_their_number():
    told = render(answer(*[OPEN] * 30, pairs_total=900, source="any", target="any"), "text")
    assert "  30 reachable; 30 of 900 are listed\n" in told
    assert "  and 10 more: --explain lists and explains all of them\n" in told
    assert "more: --explain" not in render(
        answer(*[OPEN] * 30, pairs_total=900, source="any", target="any"), "text", explain=True
    )


def test_what_is_not_modelled_is_cut_with_its_number():
    told = render(answer(OPEN, not_modelled=[f"thing {number}" for number in range(9)]), "text")
    assert told.endswith("    - thing 4\n    and 4 more: --explain lists them\n")
    assert "thing 8" in render(answer(OPEN, not_modelled=[f"thing {number}" for number in range(9)]), "text", explain=True)


def test_explain_tells_where_lines_stand_and_the_reply_hop_by_hop():
    assert "       in: `snap/SecurityGroups.json` resource 1\n" in text("blocked", explain=True)
    assert "    eni-db   sg-b stateful: sg-b  " in text("reachable", explain=True)


@pytest.mark.parametrize(
    ("services", "on"),
    [
        (["all"], "every protocol"),
        (["tcp/22", "udp"], "tcp/22, udp"),
        ([f"tcp/{n}" for n in range(10)], "tcp/0, tcp/1, tcp/2, tcp/3, tcp/4, tcp/5, tcp/6, tcp/7 and 2 more"),
    ],
)
def test_services_in_words(services: list[str], on: str):
    assert render(answer(pair(services=services)), "text") == f"eni-web CAN reach eni-db on {on}\n"


def test_ipv6_addresses_with_ports_are_in_brackets():
    plain = hop("a", "a", "x", "M-1").packet
    packet = msgspec.structs.replace(plain, source="2001:db8::1", target="2001:db8::2")
    assert "for example tcp 2001:db8::1 -> [2001:db8::2]:5432" in render(
        answer(pair(path=[hop("a", "a", "x", "M-1", packet)])), "text"
    )


def test_colours_are_asked_for_and_change_nothing_else():
    for name, one in EVERY.items():
        coloured = render(one, "text", colour=True)
        assert "\x1b[" in coloured
        assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == text(name), name


def test_hostile_text_reaches_no_terminal():
    for explain in (False, True):
        told = render(hostile(), "text", explain=explain)
        assert told.replace("\n", "").isprintable()
        assert len(told.splitlines()) < 60
