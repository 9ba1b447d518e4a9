"""What to do about each kind of line: one action, as narrow as the question."""

from __future__ import annotations

import msgspec
import pytest
from msgspec.structs import replace

from analyzer.models.answer import Blocker, PacketText
from analyzer.report import render
from analyzer.report.advice import ACL_CODE, ACTIONS, GROUP_CODES, advice

from .answers import DB, INTERNET, OUT, WEB, answer, hop, pair

PACKET = PacketText(source="10.0.1.4", target="10.0.9.9", service="tcp/443")


def todo(code: str, line: str = "x", direction: str = "request", packet: PacketText = PACKET) -> str:
    return advice(Blocker(resource="r-1", line=line, rule="M-1", code=code, direction=direction), "r-1", packet)


@pytest.mark.parametrize(
    ("code", "line", "direction", "action"),
    [
        ("ENI_SG_RULES_MISMATCH", "no inbound rule admits it", "request", "add an inbound rule to r-1: tcp/443 from 10.0.1.4"),
        ("ENI_SG_RULES_MISMATCH", "no outbound rule admits it", "request", "add an outbound rule to r-1: tcp/443 to 10.0.9.9"),
        ("SG_HAS_NO_RULES", "no outbound rule admits it", "request", "add an outbound rule to r-1: tcp/443 to 10.0.9.9"),
        (
            "SUBNET_ACL_RESTRICTION",
            "inbound 100 deny tcp/443 from 0.0.0.0/0",
            "request",
            "add an inbound entry to r-1 with a number below 100: allow tcp/443 from 10.0.1.4",
        ),
        (
            "SUBNET_ACL_RESTRICTION",
            "outbound 32767 deny all to 0.0.0.0/0",
            "reply",
            "add an outbound entry to r-1 with a number below 32767: allow tcp/1024-65535 to 10.0.9.9",
        ),
        ("BAD_STATE", "state pendingAcceptance", "request", "have the provider of the service accept the endpoint"),
        ("NO_ROUTE_TO_DESTINATION", "no route", "request", "add a route for 10.0.9.9 to r-1"),
        ("IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS", "x", "reply", ""),
        ("", "x", "request", ""),
        ("SOME_NEW_CODE", "x", "request", ""),
    ],
)
def test_an_action_for_a_code(code: str, line: str, direction: str, action: str):
    assert todo(code, line, direction) == action


@pytest.mark.parametrize("code", [*ACTIONS, *GROUP_CODES, ACL_CODE])
def test_every_action_is_one_line_without_gaps(code: str):
    action = todo(code)
    assert action
    assert "{" not in action
    assert not action.endswith(".")


def test_braces_in_names_are_no_gaps():
    packet = replace(PACKET, target="{source} {0} {x.y}")
    assert todo("NO_ROUTE_TO_DESTINATION", packet=packet) == "add a route for {source} {0} {x.y} to r-1"


@pytest.mark.parametrize(
    ("target", "peer"),
    [(INTERNET, "the internet"), (msgspec.structs.replace(DB, id="10.0.0.0/8", kind="address"), "10.0.0.0/8"), (DB, "10.0.9.9")],
)
def test_the_action_names_what_was_asked_about_and_not_an_example_of_it(target: object, peer: str):
    blocker = Blocker(resource="rtb-1", line="no route", rule="RT-5", code="NO_ROUTE_TO_DESTINATION")
    path = [replace(OUT, packet=PACKET), hop("rtb-1", "rtb-1", "no route", "RT-5", PACKET)]
    told = render(answer(pair(WEB, target, "blocked", path=path, blockers=[blocker])), "text")
    assert f"       do: add a route for {peer} to rtb-1\n" in told
