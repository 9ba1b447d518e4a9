"""What people type, and what they are told when it cannot be."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .conftest import reach, statuses
from .stub import ACCOUNT, Asked, error

LOGIN = "  try: log in (`aws sso login`), or name a profile with --profile\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "reach: a folder is missing\n  try: `reach collect OUT`, a folder that is new or empty\n"),
        (
            ["a", "b"],
            "reach: one folder is written, not `a b`\n  try: `reach collect OUT`, a folder that is new or empty\n",
        ),
        (["a", "--policy"], "reach: `reach collect --policy` takes no `a`\n  try: `reach collect --policy` alone\n"),
        (["a", "--regions", "eu"], "reach: `--regions` cannot be `eu`\n  try: names like `eu-west-1`, or `all`\n"),
        (["a", "--accounts", "12"], "reach: `--accounts` cannot be `12`\n  try: ids of twelve digits, or `org`\n"),
        (
            ["a", "--role", "arn:aws:iam::1:role/x"],
            "reach: `--role` cannot be `arn:aws:iam::1:role/x`\n  try: the name of the role, without its ARN\n",
        ),
    ],
)
def test_words_that_mean_nothing(words: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    told = reach(*words)
    assert (told.code, told.err) == (2, said)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ["--regions", "eu-west-7"],
            "reach: no such Region: `eu-west-7`\n  try: did you mean `eu-west-1`, `us-east-1`, `ap-east-1`?\n",
        ),
        (
            ["--accounts", f"{ACCOUNT},222222222222"],
            "reach: no role is named for account `222222222222`\n  try: `--role NAME` of a role that may read, in every account\n",
        ),
    ],
)
def test_words_that_mean_nothing_in_this_account(words: list[str], said: str, serve, tmp_path: Path):
    stub = serve(lambda asked: None)
    told = reach(str(tmp_path / "s"), "--endpoint-url", stub.url, *words)
    assert (told.code, told.err) == (2, said)


def test_profiles_that_are_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    told = reach(str(tmp_path / "s"), "--profile", "work")
    assert (told.code, told.err) == (
        2,
        f"reach: cannot use profile `work`: The config profile (work) could not be found\n{LOGIN}",
    )
    monkeypatch.setenv("AWS_PROFILE", "work")
    told = reach(str(tmp_path / "s"))
    said = "reach: cannot use the profile of AWS_PROFILE: The config profile (work) could not be found\n"
    assert (told.code, told.err) == (2, said + LOGIN)


def test_an_organisation_that_the_caller_may_not_list(serve, tmp_path: Path):
    stub = serve(lambda asked: error("AccessDeniedException", "no", 400) if asked.operation == "ListAccounts" else None)
    told = reach(str(tmp_path / "s"), "--endpoint-url", stub.url, "--accounts", "org", "--role", "reader")
    assert told.code == 2
    assert told.err.startswith("reach: cannot list the accounts of the organisation: ")
    assert told.err.endswith("\n  try: call from the management account, or name them: `--accounts ID,ID`\n")


@pytest.mark.parametrize("answer", ["account", "region"])
def test_an_address_that_is_not_aws_writes_nowhere_else(answer: str, serve, tmp_path: Path):
    """Names of accounts and Regions become names of folders."""

    def lies(asked: Asked):
        if answer == "account" and asked.operation == "GetCallerIdentity":
            return {"Account": "../../evil", "Arn": "arn:aws:iam::1:user/u"}
        if answer == "region" and asked.operation == "DescribeRegions":
            return {"Regions": [{"RegionName": "../../evil", "OptInStatus": "opted-in"}]}

    told = reach(str(tmp_path / "deep" / "s"), "--endpoint-url", serve(lies).url)
    said = "reach: what answers is not AWS: `../../evil` is no account or Region\n"
    assert (told.code, told.err) == (2, said + "  try: look at what `--endpoint-url` names: AWS does not answer so\n")
    assert not list(tmp_path.rglob("*evil*"))


def test_a_folder_that_cannot_be_written(serve, tmp_path: Path):
    (tmp_path / "file").write_text("x")
    told = reach(str(tmp_path / "file"), "--endpoint-url", serve(lambda asked: None).url)
    assert (told.code, told.err) == (
        2,
        f"reach: cannot write into `{tmp_path / 'file'}`: file exists\n  try: make room, or name another folder\n",
    )


def test_the_policy_is_printed_without_any_account(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    told = reach("--policy", "--role", "reader")
    assert (told.code, told.err) == (0, "")
    assert [one["Sid"] for one in json.loads(told.out)["Statement"]] == ["ReachCollect", "ReachAccounts", "ReachAssume"]


def test_only_the_regions_that_are_named_are_asked(serve, tmp_path: Path):
    stub = serve(lambda asked: None)
    reach(str(tmp_path / "s"), "--endpoint-url", stub.url, "--regions", "us-east-1")
    assert set(statuses(tmp_path / "s", ACCOUNT, "us-east-1").values()) == {"done"}
    assert not (tmp_path / "s" / ACCOUNT / "eu-west-1").exists()
    # The caller's own Region is asked which Regions there are, and what lives in no Region where it answers.
    assert {asked.region for asked in stub.asked if not prepares(asked)} == {"us-east-1", "us-west-2"}


def prepares(asked: Asked) -> bool:
    return asked.operation in ("GetCallerIdentity", "DescribeRegions")
