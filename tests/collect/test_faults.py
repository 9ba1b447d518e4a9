"""What can go wrong between here and AWS, and what the folder says afterwards."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import threading
import time
from collections import Counter
from functools import partial
from pathlib import Path

import pytest

from analyzer.read import load

from .conftest import command, manifest, reach, statuses
from .stub import ACCOUNT, REGIONS, RESET, Asked, Reply, error

VPCS = {
    "Vpcs": [
        {"VpcId": f"vpc-{number}", "CidrBlock": f"10.{number}.0.0/16", "OwnerId": ACCOUNT, "State": "available"}
        for number in range(3)
    ]
}
HERE = ("--regions", "eu-west-1")


def in_ireland(asked: Asked, operation: str) -> bool:
    return asked.operation == operation and asked.region == "eu-west-1"


def test_an_empty_account_is_collected_whole_and_every_enabled_region_is_asked(serve, tmp_path: Path):
    stub = serve(lambda asked: None)
    told = reach(str(tmp_path / "s"), "--endpoint-url", stub.url)
    assert (told.code, told.out) == (0, "")
    assert told.err == f"reach: collected 1 account, 2 Regions, 0 rows into `{tmp_path / 's'}`\n"
    assert {
        status for region in ("eu-west-1", "us-east-1", "global") for status in statuses(tmp_path / "s", ACCOUNT, region).values()
    } == {"done"}
    assert {asked.region for asked in stub.asked} == {"eu-west-1", "us-east-1", "us-west-2"}
    assert "ap-east-1" in REGIONS


def test_files_are_for_the_user_alone(serve, tmp_path: Path):
    stub = serve(lambda asked: VPCS if in_ireland(asked, "DescribeVpcs") else None)
    before = os.umask(0)
    try:
        reach(str(tmp_path / "s"), "--endpoint-url", stub.url, *HERE)
    finally:
        os.umask(before)
    found = list((tmp_path / "s").rglob("*"))
    assert {stat.S_IMODE(path.stat().st_mode) for path in found if path.is_file()} == {0o600}
    assert {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "s", *found) if path.is_dir()} == {0o700}


def test_every_page_is_taken(serve, tmp_path: Path):
    def answer(asked: Asked):
        if not in_ireland(asked, "DescribeVpcs"):
            return None
        page = int(asked.parameters.get("NextToken", "0"))
        more = {"NextToken": str(page + 1)} if page < 2 else {}
        return {"Vpcs": [VPCS["Vpcs"][page]], **more}

    stub = serve(answer)
    assert reach(str(tmp_path / "s"), "--endpoint-url", stub.url, *HERE).code == 0
    assert [one.id for one in load(tmp_path / "s").all("vpc")] == ["vpc-0", "vpc-1", "vpc-2"]


def test_every_page_is_taken_where_boto3_has_no_paginator(serve, tmp_path: Path):
    def answer(asked: Asked):
        if not in_ireland(asked, "DescribeVpcBlockPublicAccessExclusions"):
            return None
        page = int(asked.parameters.get("NextToken", "0"))
        row = {"ExclusionId": f"x-{page}", "ResourceArn": f"arn:aws:ec2:eu-west-1:{ACCOUNT}:vpc/vpc-{page}"}
        return {"VpcBlockPublicAccessExclusions": [row], **({"NextToken": str(page + 1)} if page < 2 else {})}

    stub = serve(answer)
    assert reach(str(tmp_path / "s"), "--endpoint-url", stub.url, *HERE).code == 0
    assert [one.id for one in load(tmp_path / "s").all("block_public_access_exclusion")] == ["x-0", "x-1", "x-2"]


def test_pages_that_never_end_are_a_failure_and_no_endless_run(serve, tmp_path: Path):
    def answer(asked: Asked):
        return {"NextToken": "again"} if in_ireland(asked, "DescribeVpcBlockPublicAccessExclusions") else None

    stub = serve(answer)
    assert reach(str(tmp_path / "s"), "--endpoint-url", stub.url, *HERE).code == 2
    found = statuses(tmp_path / "s", ACCOUNT, "eu-west-1")
    assert {name for name, status in found.items() if status == "failed"} == {"ec2.DescribeVpcBlockPublicAccessExclusions"}


def test_a_throttled_call_is_asked_again(serve, tmp_path: Path):
    asked_so_far: Counter[str] = Counter()

    def answer(asked: Asked):
        if not in_ireland(asked, "DescribeVpcs"):
            return None
        asked_so_far["vpcs"] += 1
        return error("RequestLimitExceeded", status=503) if asked_so_far["vpcs"] < 3 else VPCS

    stub = serve(answer)
    assert reach(str(tmp_path / "s"), "--endpoint-url", stub.url, *HERE).code == 0
    assert asked_so_far["vpcs"] == 3


def test_a_denied_call_is_recorded_and_said_and_what_follows_from_it_too(serve, tmp_path: Path):
    message = "You are not authorized. Encoded authorization failure message: " + "Zm9v" * 40 + " <b>AKIAIOSFODNN7EXAMPLE</b>"

    def answer(asked: Asked):
        denied = asked.operation == "DescribeTransitGatewayRouteTables" and asked.region == "eu-west-1"
        return error("UnauthorizedOperation", message, 403) if denied else None

    stub = serve(answer)
    told = reach(str(tmp_path / "s"), "--endpoint-url", stub.url)
    assert told.code == 0
    assert told.err.splitlines()[1] == (
        f"reach: not collected: account {ACCOUNT}: ec2:DescribeTransitGatewayRouteTables, "
        "ec2:GetTransitGatewayPrefixListReferences, ec2:GetTransitGatewayRouteTableAssociations and 2 more calls denied (eu-west-1)"
    )
    assert set(statuses(tmp_path / "s", ACCOUNT, "us-east-1").values()) == {"done"}
    place = next(one for one in manifest(tmp_path / "s")["places"] if one["region"] == "eu-west-1")
    assert place["calls"]["ec2.SearchTransitGatewayRoutes"] == {
        "status": "denied",
        "code": "UnauthorizedOperation",
        "message": "You are not authorized. Encoded authorization failure message: … …",
    }
    assert load(tmp_path / "s").not_modelled == (told.err.splitlines()[1].removeprefix("reach: "),)


def test_a_call_that_aws_does_not_know_there_is_unsupported(serve, tmp_path: Path):
    stub = serve(lambda asked: error("InvalidAction") if in_ireland(asked, "DescribeCarrierGateways") else None)
    assert reach(str(tmp_path / "s"), "--endpoint-url", stub.url, *HERE).code == 0
    assert statuses(tmp_path / "s", ACCOUNT, "eu-west-1")["ec2.DescribeCarrierGateways"] == "unsupported"


def test_a_region_that_is_not_enabled_is_not_asked(serve, tmp_path: Path):
    stub = serve(lambda asked: None)
    told = reach(str(tmp_path / "s"), "--endpoint-url", stub.url, "--regions", "eu-west-1,ap-east-1")
    assert told.code == 0
    assert set(statuses(tmp_path / "s", ACCOUNT, "ap-east-1").values()) == {"unsupported"}
    assert "calls not supported there (ap-east-1)" in told.err
    assert "ap-east-1" not in {asked.region for asked in stub.asked}


def test_a_connection_that_ends_midway_is_tried_again(serve, tmp_path: Path):
    asked_so_far: Counter[str] = Counter()

    def answer(asked: Asked):
        if not in_ireland(asked, "DescribeVpcs"):
            return None
        asked_so_far["vpcs"] += 1
        return RESET if asked_so_far["vpcs"] == 1 else VPCS

    stub = serve(answer)
    assert reach(str(tmp_path / "s"), "--endpoint-url", stub.url, *HERE).code == 0
    assert len(load(tmp_path / "s").all("vpc")) == 3


def test_credentials_that_end_end_the_run_and_it_goes_on_where_it_was(serve, tmp_path: Path):
    state = {"valid": True, "left": 10}

    def answer(asked: Asked):
        if asked.operation in ("GetCallerIdentity", "DescribeRegions"):
            return None
        if state["left"] == 0 and not state.get("renewed"):
            return error("ExpiredToken", "The security token included in the request is expired", 400)
        state["left"] -= 1
        return VPCS if in_ireland(asked, "DescribeVpcs") else None

    stub = serve(answer)
    first = reach(str(tmp_path / "s"), "--endpoint-url", stub.url, *HERE, "--concurrency", "1")
    assert first.code == 2
    assert first.err == (
        "reach: the credentials ended before everything was collected: The security token included in the request is expired\n"
        "  try: log in (`aws sso login`), or name a profile with --profile, and run the same command again: "
        "what is collected is not asked again\n"
    )
    found = statuses(tmp_path / "s", ACCOUNT, "eu-west-1")
    done = [name for name, status in found.items() if status == "done"]
    assert done
    assert set(found.values()) == {"done", "pending"}
    state["renewed"] = True
    before = len(stub.asked)
    second = reach(str(tmp_path / "s"), "--endpoint-url", stub.url, *HERE, "--concurrency", "1")
    assert second.code == 0
    again = {f"{asked.service}.{asked.operation}" for asked in stub.asked[before:]}
    assert not again & {name for name in done if name.startswith("ec2.")}
    assert len(load(tmp_path / "s").all("vpc")) == 3


def test_a_killed_run_goes_on_where_it_was_and_tells_no_half_of_it_as_whole(serve, tmp_path: Path):
    blocked = {"now": True}

    def answer(asked: Asked):
        if in_ireland(asked, "DescribeSubnets"):
            for _ in range(600):
                if not blocked["now"]:
                    break
                time.sleep(0.05)
            return {"Subnets": [{"SubnetId": "subnet-1", "VpcId": "vpc-1", "CidrBlock": "10.1.0.0/24", "OwnerId": ACCOUNT}]}
        gateways = {"InternetGateways": [{"InternetGatewayId": "igw-1", "OwnerId": ACCOUNT}]}
        return VPCS if in_ireland(asked, "DescribeVpcs") else gateways if in_ireland(asked, "DescribeInternetGateways") else None

    stub = serve(answer)
    folder = tmp_path / "s"
    words = command(str(folder), "--endpoint-url", stub.url, *HERE)
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        for _ in range(600):
            if stub.times("DescribeSubnets"):
                break
            time.sleep(0.05)
        process.send_signal(signal.SIGKILL)
    assert list(folder.rglob("*InternetGateways.json"))
    assert not list(folder.rglob("*Subnets.json"))
    # The manifest was written before anything was asked: of all that, nothing is told as asked.
    half = load(folder)
    assert half.is_broken("subnet")
    assert not half.collected("subnet")
    blocked["now"] = False
    before = len(stub.asked)
    assert reach(str(folder), "--endpoint-url", stub.url, *HERE).code == 0
    assert not any(in_ireland(asked, "DescribeInternetGateways") for asked in stub.asked[before:])
    whole = load(folder)
    assert whole.collected("subnet")
    assert whole.find("subnet", "subnet-1")
    assert whole.find("internet_gateway", "igw-1")
    assert not list(folder.rglob(".*"))


def test_somebody_who_has_enough_may_go_on_later(serve, tmp_path: Path):
    asked_so_far, had_enough = threading.Event(), threading.Event()

    def answer(asked: Asked):
        if in_ireland(asked, "DescribeSubnets"):
            asked_so_far.set()
            had_enough.wait(60)
            time.sleep(1)  # the signal is on its way

    stub = serve(answer)
    words = command(str(tmp_path / "s"), "--endpoint-url", stub.url, *HERE)
    # Whoever runs the tests in the background ignores the signal, and so would the program.
    listening = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, preexec_fn=listening) as process:
        assert asked_so_far.wait(60)
        process.send_signal(signal.SIGINT)
        had_enough.set()
        assert process.stderr is not None
        said = process.stderr.read()
    assert (process.returncode, said) == (130, "reach: interrupted: run the same command again, and it goes on where it was\n")
    assert {"done", "pending"} == set(statuses(tmp_path / "s", ACCOUNT, "eu-west-1").values())


def test_what_others_name_is_asked_for_last_also_where_the_rest_was_not_answered_at_once(serve, tmp_path: Path):
    denied = {"now": True}

    def answer(asked: Asked):
        if denied["now"] and in_ireland(asked, "DescribeNetworkInterfaces"):
            return error("UnauthorizedOperation", status=403)
        return VPCS if in_ireland(asked, "DescribeVpcs") else None

    stub = serve(answer)
    reach(str(tmp_path / "s"), "--endpoint-url", stub.url, *HERE)
    denied["now"] = False
    reach(str(tmp_path / "s"), "--endpoint-url", stub.url, *HERE)
    asked = [one.operation for one in stub.asked if one.region == "eu-west-1" and one.service == "ec2"]
    for named, by in (("DescribeVpcs", "DescribeSubnets"), ("DescribeSubnets", "DescribeNetworkInterfaces")):
        assert asked.count(named) == 2
        assert len(asked) - asked[::-1].index(by) <= asked.index(named, asked.index(named) + 1)
    # Of a VPC that was listed before, its attribute is known.
    assert asked.count("DescribeVpcAttribute") == 3


def test_what_was_in_a_subnet_that_is_gone_is_gone_and_a_list_that_names_one_is_not(serve, tmp_path: Path):
    rows = {
        "DescribeVpcs": VPCS,
        "DescribeSubnets": {"Subnets": [{"SubnetId": "subnet-1", "VpcId": "vpc-1", "CidrBlock": "10.1.0.0/24"}]},
        "DescribeNatGateways": {
            "NatGateways": [
                {"NatGatewayId": "nat-0", "VpcId": "vpc-gone", "SubnetId": "subnet-gone", "State": "deleted"},
                {"NatGatewayId": "nat-1", "VpcId": "vpc-1", "SubnetId": "subnet-1", "State": "available"},
                {"NatGatewayId": "nat-2", "VpcId": "vpc-1", "SubnetId": "subnet-gone", "State": "deleted"},
            ]
        },
        "DescribeRouteTables": {
            "RouteTables": [
                {
                    "RouteTableId": "rtb-1",
                    "VpcId": "vpc-1",
                    "Associations": [{"SubnetId": "subnet-gone"}, {"SubnetId": "subnet-1"}],
                }
            ]
        },
    }
    stub = serve(lambda asked: rows.get(asked.operation) if asked.region == "eu-west-1" else None)
    assert reach(str(tmp_path / "s"), "--endpoint-url", stub.url, *HERE).code == 0
    found = load(tmp_path / "s")
    assert [one.id for one in found.all("nat_gateway")] == ["nat-1"]
    assert [one.id for one in found.all("route_table")] == ["rtb-1"]


def test_a_complete_snapshot_is_not_collected_over(serve, tmp_path: Path):
    stub = serve(lambda asked: None)
    reach(str(tmp_path / "s"), "--endpoint-url", stub.url, *HERE)
    told = reach(str(tmp_path / "s"), "--endpoint-url", stub.url, *HERE)
    assert (told.code, told.err) == (
        2,
        f"reach: cannot collect into `{tmp_path / 's'}`: it holds a complete snapshot\n  try: name a folder that is new or empty\n",
    )


def test_a_folder_of_somebody_else_is_left_alone(serve, tmp_path: Path):
    (tmp_path / "thesis.txt").write_text("x")
    stub = serve(lambda asked: None)
    told = reach(str(tmp_path), "--endpoint-url", stub.url)
    assert (told.code, told.err) == (
        2,
        f"reach: cannot collect into `{tmp_path}`: it holds other files\n  try: name a folder that is new or empty\n",
    )
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


@pytest.mark.parametrize("name", [".manifest.json.draft", "manifest.json", ".collecting", f"{ACCOUNT}/eu-west-1"])
def test_nothing_is_written_where_a_link_in_the_folder_leads(serve, name: str, tmp_path: Path):
    stub = serve(lambda asked: error("UnauthorizedOperation", status=403) if asked.operation == "DescribeSubnets" else None)
    folder, elsewhere = tmp_path / "s", tmp_path / "elsewhere"
    words = (str(folder), "--endpoint-url", stub.url, *HERE)
    reach(*words)
    there = folder / name
    there.parent.mkdir(exist_ok=True)
    if there.exists():
        there.rename(elsewhere)
    else:
        elsewhere.write_text("precious")
    there.symlink_to(elsewhere)
    before = elsewhere.read_bytes() if elsewhere.is_file() else sorted(elsewhere.iterdir())
    told = reach(*words)
    assert (told.code, told.err) == (
        2,
        f"reach: cannot collect into `{folder}`: `{name}` in it is a symbolic link\n  try: name a folder that is new or empty\n",
    )
    assert (elsewhere.read_bytes() if elsewhere.is_file() else sorted(elsewhere.iterdir())) == before


def test_what_somebody_removed_from_the_folder_is_not_known_and_is_asked_for_again(serve, tmp_path: Path):
    def answer(asked: Asked):
        if asked.operation == "DescribeInternetGateways":
            return {"InternetGateways": [{"InternetGatewayId": "igw-1", "OwnerId": ACCOUNT}]}
        if asked.operation == "DescribeSubnets":
            return error("UnauthorizedOperation", status=403)
        return VPCS if in_ireland(asked, "DescribeVpcs") else None

    stub = serve(answer)
    folder, words = tmp_path / "s", ("--endpoint-url", stub.url, *HERE)
    reach(str(folder), *words)
    assert load(folder).collected("internet_gateway")
    (file,) = folder.rglob("*DescribeInternetGateways.json")
    file.unlink()
    without = load(folder)
    assert without.is_broken("internet_gateway")
    sentence = "ec2:DescribeInternetGateways answered, and what it brought is not in the snapshot (eu-west-1)"
    assert f"not collected: account {ACCOUNT}: {sentence}" in without.not_modelled
    reach(str(folder), *words)
    assert load(folder).find("internet_gateway", "igw-1")


def test_without_credentials_it_says_how_to_get_some(serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    stub = serve(lambda asked: None)
    told = reach(str(tmp_path / "s"), "--endpoint-url", stub.url)
    assert (told.code, told.err) == (
        2,
        "reach: cannot ask AWS who is calling: Unable to locate credentials\n"
        "  try: log in (`aws sso login`), or name a profile with --profile\n",
    )


def test_an_account_whose_role_cannot_be_assumed_is_recorded_and_the_others_are_collected(serve, tmp_path: Path):
    def answer(asked: Asked) -> Reply | None:
        return (
            error("AccessDenied", "User is not authorized to perform sts:AssumeRole", 403)
            if asked.operation == "AssumeRole"
            else None
        )

    stub = serve(answer)
    told = reach(
        str(tmp_path / "s"), "--endpoint-url", stub.url, *HERE, "--role", "reader", "--accounts", f"{ACCOUNT},222222222222"
    )
    assert told.code == 0
    assert statuses(tmp_path / "s", "222222222222", "") == {"sts.AssumeRole": "denied"}
    assert told.err.splitlines()[1] == "reach: not collected: account 222222222222: sts:AssumeRole denied (every Region)"
    assert set(statuses(tmp_path / "s", ACCOUNT, "eu-west-1").values()) == {"done"}


@pytest.mark.parametrize("fewer", ["eu-west-1", "us-east-1"])
def test_what_an_earlier_run_told_of_regions_that_a_later_one_does_not_ask_stays(serve, fewer: str, tmp_path: Path):
    denied = {"now": True}

    def answer(asked: Asked):
        if denied["now"] and asked.operation == "DescribeSubnets":
            return error("UnauthorizedOperation", status=403)
        return VPCS if in_ireland(asked, "DescribeVpcs") else None

    stub = serve(answer)
    folder = tmp_path / "s"
    assert reach(str(folder), "--endpoint-url", stub.url, "--regions", "eu-west-1,us-east-1").code == 0
    denied["now"] = False
    told = reach(str(folder), "--endpoint-url", stub.url, "--regions", fewer)
    (other,) = {"eu-west-1", "us-east-1"} - {fewer}
    assert statuses(folder, ACCOUNT, fewer)["ec2.DescribeSubnets"] == "done"
    assert statuses(folder, ACCOUNT, other)["ec2.DescribeSubnets"] == "denied"
    assert statuses(folder, ACCOUNT, other)["ec2.DescribeVpcs"] == "done"
    assert told.err.splitlines()[1] == f"reach: not collected: account {ACCOUNT}: ec2:DescribeSubnets denied ({other})"
    assert load(folder).lacks == (("Subnets",) if fewer == "us-east-1" else ())


def test_an_account_whose_role_can_no_longer_be_assumed_keeps_what_was_collected_of_it(serve, tmp_path: Path):
    denied, other = {"role": False}, "222222222222"
    keys = {"AccessKeyId": "ASIAIOSFODNN7EXAMPLE", "SecretAccessKey": "no", "SessionToken": "no"}
    keys["Expiration"] = "2099-01-01T00:00:00Z"

    def answer(asked: Asked):
        if asked.operation == "AssumeRole":
            return error("AccessDenied", status=403) if denied["role"] else {"Credentials": keys}
        return error("UnauthorizedOperation", status=403) if asked.operation == "DescribeSubnets" else None

    stub = serve(answer)
    folder, words = tmp_path / "s", ("--endpoint-url", stub.url, *HERE, "--role", "reader", "--accounts", f"{ACCOUNT},{other}")
    reach(str(folder), *words)
    denied["role"] = True
    reach(str(folder), *words)
    assert statuses(folder, other, "") == {"sts.AssumeRole": "denied"}
    assert statuses(folder, other, "eu-west-1")["ec2.DescribeVpcs"] == "done"
    denied["role"] = False
    reach(str(folder), *words)
    assert (other, "") not in {(one["account"], one["region"]) for one in manifest(folder)["places"]}
