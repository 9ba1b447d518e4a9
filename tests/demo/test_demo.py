"""The story that the embedded network tells: what works, what is planted, and that mending the planted line mends the answer."""

from __future__ import annotations

import doctest
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from analyzer.cli import main
from analyzer.models.answer import Answer
from analyzer.network import Network

from .conftest import Documents

PAGE = Path(__file__).resolve().parents[2] / "docs" / "demo.md"
EXAMPLE = re.compile(r"^```\n\$ reach (.+)\n((?s:.+?))^```$", re.MULTILINE)
# Without `--snapshot`: what is asked of other networks, their own tests ask.
QUESTION = re.compile(
    r"`reach from (?P<source>.+?) to (?P<target>(?:(?! --snapshot).)+?)(?: on (?P<on>\S+))?` \| \**(?P<verdict>[a-z]+)\**"
)

WORKS = [  # from             to                        on          verdict        services
    ("sg-a", "rds", "tcp/5432", "reachable", ["tcp/5432"]),
    ("sg-a", "rds", None, "reachable", ["tcp/5432"]),
    ("internet", "tag:tier=web", "http,https", "reachable", ["tcp/80", "tcp/443"]),
    ("web-1", "sg-a", None, "reachable", ["tcp/8080"]),
    ("app-1", "198.51.100.7", None, "reachable", ["tcp/443"]),
    ("app-1", "internet", "https", "reachable", ["tcp/443"]),
    ("sg-a", "endpoint:secretsmanager", None, "reachable", ["tcp/443"]),
    ("sg-a", "endpoint:sts", None, "reachable", ["tcp/443"]),
    ("monitor-1", "sg-a", None, "reachable", ["tcp/9100"]),
    ("bastion", "web-1", None, "reachable", ["tcp/22"]),
    ("192.0.2.10", "bastion", None, "reachable", ["tcp/22"]),
    ("any", "orders", None, "reachable", ["tcp/5432"]),
]

STOPPED = [  # from           to                        on          verdict        resource that must change
    ("internet", "orders", None, "blocked", None),
    ("web-1", "orders", "postgres", "blocked", "orders-db"),
    ("internet", "web-1", "ssh", "blocked", "web"),
    ("2001:db8:ffff::7", "app-1", "https", "blocked", "sg-a"),
    ("198.51.100.7", "203.0.113.5", "ssh", "blocked", "bastion-ssh"),
    ("internet", "203.0.113.10", None, "blocked", "nat-a"),
    ("monitor-1", "198.51.100.7", "https", "blocked", "tools-main"),
    ("app-3", "orders", "postgres", "blocked", "app-3"),
    ("sg-a", "endpoint:s3", "https", "conditional", None),
]

# The planted mistakes: the question that shows each, the resource that holds it and its line: the one that lets in or stops.
PLANTED = [
    ("public database", "internet", "crm", "tcp/3306", "reachable", "crm-db", "inbound tcp/3306 from 0.0.0.0/0"),
    ("open SSH", "internet", "web-2", "ssh", "reachable", "debug-ssh", "inbound tcp/22 from 0.0.0.0/0"),
    ("IPv6 left open", "2001:db8:ffff::7", "web-1", "tcp/8443", "reachable", "web", "inbound tcp/8443 from ::/0"),
    ("no ephemeral replies", "report-1", "orders", "postgres", "blocked", "batch", "inbound 32767 deny all from 0.0.0.0/0"),
    (
        "Linux only",
        "billing-1",
        "orders",
        "postgres",
        "conditional",
        "data",
        "outbound 100 allow tcp/32768-60999 to 10.0.11.0/24",
    ),
    ("no route back", "bastion", "orders", "postgres", "blocked", "prod-main", "no route"),
    ("stale group", "bastion", "app-1", "ssh", "blocked", "sg-a", "no inbound rule admits it"),
    ("blackhole", "app-2", "198.51.100.7", "https", "blocked", "app-b", "0.0.0.0/0 -> nat-0d0bbe3e4ab0eb2cb"),
]


def named(rows: Iterable[dict[str, Any]], name: str) -> dict[str, Any]:
    """Return the row with this Name tag."""
    return next(row for row in rows if {"Key": "Name", "Value": name} in row.get("Tags", []))


def permission(documents: Documents, group: str, port: int) -> dict[str, Any]:
    """Return the inbound permission of a group for one port."""
    rows = named(documents["security-groups"]["SecurityGroups"], group)["IpPermissions"]
    return next(row for row in rows if row["FromPort"] == port)


def acl_entries(documents: Documents, name: str) -> list[dict[str, Any]]:
    """Return the entries of an ACL."""
    entries: list[dict[str, Any]] = named(documents["network-acls"]["NetworkAcls"], name)["Entries"]
    return entries


def routes(documents: Documents, name: str) -> list[dict[str, Any]]:
    """Return the routes of a route table."""
    found: list[dict[str, Any]] = named(documents["route-tables"]["RouteTables"], name)["Routes"]
    return found


def close_mysql(documents: Documents) -> None:
    permission(documents, "crm-db", 3306)["IpRanges"] = [{"CidrIp": "10.0.0.0/16"}]


def close_ssh(documents: Documents) -> None:
    permission(documents, "debug-ssh", 22)["IpRanges"] = []


def close_ipv6(documents: Documents) -> None:
    permission(documents, "web", 8443)["Ipv6Ranges"] = []


def admit_replies(documents: Documents) -> None:
    entry = {"RuleNumber": 110, "Egress": False, "RuleAction": "allow", "Protocol": "6", "CidrBlock": "10.0.20.0/22"}
    acl_entries(documents, "batch").append(entry | {"PortRange": {"From": 1024, "To": 65535}})


def admit_windows(documents: Documents) -> None:
    for entry in acl_entries(documents, "data"):
        if entry["Egress"] and entry.get("PortRange"):
            entry["PortRange"] = {"From": 1024, "To": 65535}


def route_back(documents: Documents) -> None:
    peering = documents["vpc-peering-connections"]["VpcPeeringConnections"][0]["VpcPeeringConnectionId"]
    route = {"DestinationCidrBlock": "10.1.0.0/16", "VpcPeeringConnectionId": peering, "Origin": "CreateRoute", "State": "active"}
    routes(documents, "prod-main").append(route)


def name_the_new_group(documents: Documents) -> None:
    new = named(documents["security-groups"]["SecurityGroups"], "bastion-ssh")
    permission(documents, "sg-a", 22)["UserIdGroupPairs"][0] |= {"UserId": new["OwnerId"], "GroupId": new["GroupId"]}


def use_the_other_gateway(documents: Documents) -> None:
    gateway = named(documents["nat-gateways"]["NatGateways"], "nat-a")["NatGatewayId"]
    route = next(row for row in routes(documents, "app-b") if row["State"] == "blackhole")
    route |= {"NatGatewayId": gateway, "State": "active"}


MENDED: dict[str, tuple[Callable[[Documents], None], str]] = {
    "public database": (close_mysql, "blocked"),
    "open SSH": (close_ssh, "blocked"),
    "IPv6 left open": (close_ipv6, "blocked"),
    "no ephemeral replies": (admit_replies, "reachable"),
    "Linux only": (admit_windows, "reachable"),
    "no route back": (route_back, "reachable"),
    "stale group": (name_the_new_group, "reachable"),
    "blackhole": (use_the_other_gateway, "reachable"),
}


def name_of(network: Network, resource: str) -> str:
    """Return the name of a resource; an interface goes by the name of what it belongs to."""
    one, owner = network.snapshot.at(resource), network.snapshot.owner(resource)
    return (owner.name if owner is not None else "") or (one.name if one is not None else "") or resource


def names_of_blockers(network: Network, answer: Answer) -> set[str]:
    """Return the names of the resources that must change."""
    return {name_of(network, blocker.resource) for blocker in answer.blockers}


@pytest.mark.parametrize(("source", "target", "on", "verdict", "services"), WORKS)
def test_what_works(demo: Network, source: str, target: str, on: str | None, verdict: str, services: list[str]):
    answer = demo.reach(source, target, on)
    assert (answer.verdict, answer.services, answer.not_modelled) == (verdict, services, [])


@pytest.mark.parametrize(("source", "target", "on", "verdict", "blocker"), STOPPED)
def test_what_is_stopped(demo: Network, source: str, target: str, on: str | None, verdict: str, blocker: str | None):
    answer = demo.reach(source, target, on)
    assert answer.verdict == verdict
    assert blocker is None or blocker in names_of_blockers(demo, answer)


@pytest.mark.parametrize(("source", "target", "on", "verdict", "name", "line"), [row[1:] for row in PLANTED], ids=MENDED)
def test_a_planted_mistake_is_found(demo: Network, source: str, target: str, on: str, verdict: str, name: str, line: str):
    answer = demo.reach(source, target, on)
    (pair,) = answer.pairs
    told = answer.blockers if verdict == "blocked" else [*pair.path, *pair.reply_path]
    assert answer.verdict == verdict
    assert (name, line) in {(name_of(demo, one.resource), one.line) for one in told}


@pytest.mark.parametrize(("mistake", "source", "target", "on"), [row[:4] for row in PLANTED], ids=MENDED)
def test_mending_the_one_line_mends_the_answer(
    edited: Callable[[Callable[[Documents], None]], Network], mistake: str, source: str, target: str, on: str
):
    edit, verdict = MENDED[mistake]
    assert edited(edit).reach(source, target, on).verdict == verdict


def test_every_database_is_asked_for_and_only_orders_is_reached(demo: Network):
    answer = demo.reach("sg-a", "rds", "tcp/5432")
    pairs = {(pair.source.name, pair.target.name): pair.verdict.value for pair in answer.pairs}
    assert pairs == {
        ("app-1", "orders"): "reachable",
        ("app-2", "orders"): "reachable",
        ("app-3", "orders"): "blocked",
        ("app-1", "crm"): "blocked",
        ("app-2", "crm"): "blocked",
        ("app-3", "crm"): "blocked",
    }


def test_the_path_to_the_database_crosses_both_groups_and_both_acls_there_and_back(demo: Network):
    pair = demo.reach("sg-a", "rds", "tcp/5432").pairs[0]

    def told(hops: Iterable[Any]) -> list[tuple[str, str]]:
        return [(hop.kind, name_of(demo, hop.resource)) for hop in hops]

    assert told(pair.path) == [
        ("security_group", "sg-a"),
        ("network_acl", "prod-default"),
        ("route_table", "app-a"),
        ("network_acl", "data"),
        ("security_group", "orders-db"),
    ]
    assert told(pair.reply_path) == [
        ("security_group", "orders-db"),
        ("network_acl", "data"),
        ("route_table", "prod-main"),
        ("network_acl", "prod-default"),
        ("security_group", "sg-a"),
    ]


def test_forward_passes_and_only_the_reply_is_lost(demo: Network):
    for source in ("report-1", "bastion"):
        answer = demo.reach(source, "orders", "postgres")
        assert (answer.forward, answer.reply) == ("reachable", "blocked")
        assert {blocker.direction for blocker in answer.blockers} == {"reply"}


def test_ipv4_is_closed_where_ipv6_is_open(demo: Network):
    answer = demo.reach("198.51.100.7", "203.0.113.21", "tcp/8443")
    assert (answer.verdict, names_of_blockers(demo, answer)) == ("blocked", {"web"})


def test_zone_b_still_gets_out_by_ipv6_and_to_s3_past_the_blackhole(demo: Network):
    assert demo.reach("app-2", "internet", "https").verdict == "reachable"
    assert demo.reach("app-2", "endpoint:s3", "https").verdict == "conditional"


def test_a_stopped_host_says_what_it_could_reach_when_started(demo: Network):
    assert demo.reach("app-3", "orders", "postgres").notes == ["when started: reachable"]


def test_the_page_says_what_the_program_answers(demo: Network):
    found = list(QUESTION.finditer(PAGE.read_text("utf-8")))
    assert len(found) >= 12
    wrong = [
        (match[0], answer.verdict.value)
        for match in found
        if (answer := demo.reach(match["source"], match["target"], match["on"])).verdict.value != match["verdict"]
    ]
    assert wrong == []


def test_the_page_shows_every_planted_mistake_and_its_line():
    page = PAGE.read_text("utf-8")
    asked = {(match["source"], match["target"], match["on"]) for match in QUESTION.finditer(page)}
    assert {row[1:4] for row in PLANTED} <= asked
    assert [row[-1] for row in PLANTED if row[-1] not in page] == []


def test_the_examples_of_the_page_run():
    failed, tried = doctest.testfile(str(PAGE), module_relative=False)
    assert (failed, tried > 0) == (0, True)


def test_the_page_shows_what_the_command_line_prints(capsys: pytest.CaptureFixture[str]):
    examples = EXAMPLE.findall(PAGE.read_text("utf-8"))
    assert examples
    for command, shown in examples:
        assert main(command.split()) == 0
        assert capsys.readouterr().out == shown
