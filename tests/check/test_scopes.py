"""AWS Network Access Analyzer scopes: what they find, what they leave out, and what is refused by name."""

from __future__ import annotations

import json
from typing import Any

import pytest

from analyzer.invariants import check
from analyzer.invariants.packs import pack
from analyzer.invariants.written import parsed
from analyzer.models.errors import ReachError
from analyzer.network import Network

from ..semantics.build import V4, balanced, behind_nat, eni_a, eni_b, group, main_table, network, peered, rule, site, transit
from .conftest import TODAY, pairs

IGW, ENI, PCX = "AWS::EC2::InternetGateway", "AWS::EC2::NetworkInterface", "AWS::EC2::VPCPeeringConnection"
SSH = group("sg-ssh", [rule("tcp/22", V4), rule("tcp/443", "10.0.0.0/8")], [])
QUIET = (group("sg-none", [], []), eni_a(groups=["sg-none"]), eni_b(groups=["sg-ssh"]))


def types(*names: str, **header: Any) -> dict[str, Any]:
    found: dict[str, Any] = {"ResourceStatement": {"ResourceTypes": list(names)}}
    return {**found, "PacketHeaderStatement": header} if header else found


def ids(*names: str) -> dict[str, Any]:
    return {"ResourceStatement": {"Resources": list(names)}}


def found(world: Network, *match: dict[str, Any], exclude: Any = ()) -> dict[tuple[str, str], list[str]]:
    text = json.dumps({"MatchPaths": list(match), "ExcludePaths": list(exclude)}, indent="\t")
    outcome = check(world.snapshot, parsed(text, "scope.json"), TODAY)
    return {(one.source.id, one.target.id): one.services + one.doubtful for one in outcome.violations}


def test_what_the_internet_reaches() -> None:
    world = network(SSH, *QUIET, without=["eni-a2"])
    path = {"Source": types(IGW), "Destination": types(ENI)}
    assert found(world, path) == {("internet", "eni-b"): ["tcp/22"]}
    assert found(network(SSH, *QUIET, main_table(), without=["eni-a2"]), path) == {}
    assert found(world, {"Source": ids("igw-1"), "Destination": ids("arn:aws:ec2:eu-west-1:1:network-interface/eni-b")})
    assert not found(world, {"Source": types(IGW), "Destination": ids("eni-a")})


def test_headers() -> None:
    world = network(SSH, *QUIET, without=["eni-a2"])
    ends = {"Destination": types(ENI)}
    assert found(world, {"Source": types(IGW, DestinationPorts=["20-22"], Protocols=["tcp"]), **ends})
    assert not found(world, {"Source": types(IGW, DestinationPorts=["22"], Protocols=["udp"]), **ends})
    assert not found(world, {"Source": types(IGW, DestinationPorts=["443"]), **ends})
    assert not found(world, {"Source": types(IGW, SourceAddresses=["10.0.0.0/8"]), **ends})
    assert found(world, {"Source": types(IGW), "Destination": types(ENI, DestinationAddresses=["10.0.2.0/24"])})
    assert not found(world, {"Source": types(IGW), "Destination": types(ENI, DestinationAddresses=["10.0.9.0/24"])})


def test_what_is_left_out() -> None:
    world = network(SSH, *QUIET, without=["eni-a2"])
    path = {"Source": types(IGW), "Destination": types(ENI)}
    assert found(world, path, exclude=[{"Destination": ids("eni-b")}]) == {}
    assert found(world, path, exclude=[{"Destination": ids("eni-a")}]) == {("internet", "eni-b"): ["tcp/22"]}
    some = {"Source": {"PacketHeaderStatement": {"SourceAddresses": ["0.0.0.0/1"]}}}
    rest = {"Source": {"PacketHeaderStatement": {"SourceAddresses": ["128.0.0.0/1", "::/0"]}}}
    assert found(world, path, exclude=[some])
    assert found(world, path, exclude=[some, rest]) == {}
    assert found(world, path, exclude=[{"ThroughResources": [types("AWS::EC2::NatGateway")]}])
    assert found(world, path, exclude=[{"ThroughResources": [types(IGW)]}]) == {}


def test_through() -> None:
    path = {"Source": ids("eni-a"), "Destination": types(IGW)}
    through = {**path, "ThroughResources": [types("AWS::EC2::NatGateway")]}
    v4 = eni_a(addresses=("10.0.1.10",), public="")
    assert found(network(behind_nat(), v4), path)
    assert found(network(behind_nat(), v4), through)
    assert not found(network(), through)
    assert found(network(behind_nat(), v4), path, exclude=[{"ThroughResources": [types("AWS::EC2::NatGateway")]}]) == {}


PEERING = [{"Source": types(PCX), "Destination": types(ENI)}]


def test_paths_that_come_in_by_a_peering_connection() -> None:
    assert ("eni-p", "eni-b") in found(network(peered()), *PEERING)
    assert ("eni-a", "eni-b") not in found(network(peered()), *PEERING)
    assert found(network(peered(status="deleted")), *PEERING) == {}


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ({"Source": types("AWS::EC2::Zeppelin")}, "scopes by resource type `AWS::EC2::Zeppelin` are not modelled"),
        ({"ThroughResources": [types(ENI)]}, f"scopes through `{ENI}` are not modelled"),
        ({"Source": {"PacketHeaderStatement": {"SourcePorts": ["53"]}}}, "scopes by `SourcePorts` are not modelled"),
        ({"Source": ids("arn:aws:resource-groups:x:1:group/g")}, "nothing in the snapshot is called `arn:aws:resource-groups"),
        ({"Source": types(IGW, SourcePrefixLists=["pl-9"])}, "the entries of prefix list `pl-9` are not in the snapshot"),
        ({"Source": types(IGW, PCX)}, f"a source that is one of `{IGW}`, `{PCX}` is not modelled in one path"),
        ({"Source": types(IGW, DestinationPorts=["http"])}, "`http` is no range of ports"),
        ({"Source": types(IGW, SourceAddresses=["x"])}, "`x` is no block of addresses"),
        ({"Sauce": {}}, "cannot read `scope.json` line 1: no such key: `Sauce`"),
        ({"Source": {"ResourceStatement": {}}}, "cannot read `scope.json` line 1: `ResourceStatement`: write `Resources` or"),
    ],
)
def test_what_is_not_modelled_is_refused_by_name(path: dict[str, Any], message: str) -> None:
    text = json.dumps({"MatchPaths": [path]})
    with pytest.raises(ReachError) as error:
        check(network().snapshot, parsed(text, "scope.json"), TODAY)
    assert message in str(error.value)


def test_files_as_aws_gives_them() -> None:
    path = {"Source": types(IGW), "Destination": types(ENI)}
    content = {"NetworkInsightsAccessScopeId": "nis-1", "MatchPaths": [path], "ExcludePaths": []}
    (one,) = parsed(json.dumps({"NetworkInsightsAccessScopeContent": content}), "a/scope.json")
    assert (one.invariant.name, one.invariant.kind) == ("nis-1", "scope")
    assert parsed(json.dumps({"MatchPaths": [path]}), "a/scope.json")[0].invariant.name == "scope.json"
    with pytest.raises(ReachError) as error:
        parsed(json.dumps({"NetworkInsightsAccessScopes": []}), "s.json")
    assert str(error.value).startswith(
        "cannot read `s.json`: it lists scopes, and holds no paths of any\n  try: save `aws ec2 get-"
    )


@pytest.mark.parametrize(
    ("name", "world", "pair", "sound"),
    [
        ("aws-igw-ingress", network(), ("internet", "eni-b"), network(without=["igw-1"])),
        ("aws-igw-egress", network(), ("eni-b", "internet"), network(without=["igw-1"])),
        ("aws-vpc-ingress", network(transit()), ("eni-p", "eni-a"), network(without=["igw-1"])),
        ("aws-vpc-ingress", network(site()), ("networks outside", "eni-a"), network(without=["igw-1"])),
        (
            "aws-vpc-egress",
            network(peered()),
            ("eni-a", "eni-p"),
            network(main_table(), without=["igw-1"]),
        ),
    ],
)
def test_the_scopes_that_amazon_made(name: str, world: Network, pair: tuple[str, str], sound: Network) -> None:
    assert pair in pairs(check(world.snapshot, pack(name), TODAY))
    assert check(sound.snapshot, pack(name), TODAY).holds


@pytest.mark.parametrize(("other", "counts"), [("22", False), ("443", True)])
def test_what_one_path_ignores_another_may_find(other: str, counts: bool) -> None:
    both = group("sg-both", [rule("tcp/22", V4), rule("tcp/443", V4)], [])
    world = network(both, group("sg-none", [], []), eni_a(groups=["sg-none"]), eni_b(groups=["sg-both"]), without=["eni-a2"])
    paths = [
        {"Source": types(IGW, DestinationPorts=[port], Protocols=["tcp"]), "Destination": types(ENI)} for port in ("22", other)
    ]
    text = json.dumps(
        {
            "invariants": [
                {
                    "name": "it",
                    "scope": {"MatchPaths": paths},
                    "ignore": [{"flow": {"from": "internet", "on": "ssh"}, "until": "2027-01-01", "reason": "TICKET-1"}],
                }
            ]
        }
    )
    assert check(world.snapshot, parsed(text, "inv.yaml"), TODAY).holds is not counts


def test_what_a_load_balancer_passed_on_is_left_out_by_no_header() -> None:
    # Behind it the packet has another port than it was sent with: nobody knows which of the two AWS means.
    hosts = group("sg-hosts", [rule("tcp/8080", "sg-lb")], [])
    world = network(*balanced(), hosts, eni_b(groups=["sg-hosts"]))
    path = {"Source": ids("eni-a"), "Destination": ids("eni-b")}
    told = found(world, path)
    assert told == {("eni-a", "eni-b"): ["tcp/8080"]}
    assert found(world, path, exclude=[{"Destination": types(ENI, DestinationPorts=["8080"], Protocols=["tcp"])}]) == told
    assert found(world, path, exclude=[{"Destination": ids("eni-b")}]) == {}
