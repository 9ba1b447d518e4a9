"""No secret reaches the disk: answers in which every text is planted are collected, and the folder is searched for them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError

from analyzer.cli import main
from analyzer.collect.calls import planned

from .conftest import manifest
from .shapes import answer, sensitive
from .stub import ACCOUNT, model

PLANTED = re.compile(r"planted:([\w-]+\.\w+):([^:]+):")
# The last name of a path that may hold a secret; keys of tags and of attributes are names, not keys of locks.
SECRET = re.compile(
    r"pass(word|phrase|wd)|secret|token|credential|(?<!\.)key|private(?!ip|gateway)|user_?data|environment|variables|\benv|configuration$|"
    r"command|entry_?point|certificate|connection_?string|signature|authori[sz]er|sharedkey",
    re.I,
)
# Names of what is no secret: variables of firewalls, a method with a path.
NETWORK_RULES = ("RuleVariables", "PolicyVariables", "PrivateLinkTraffic", "RouteKey")
TAG = re.compile(r"(tags|taglist|tagset)(\[\]\.value|\{\})$", re.I)
DATABASE_PASSWORD = "database-password"


def every_answer(client: BaseClient, operation: str, _: Any) -> dict[str, Any]:
    """Stand in for AWS: an account with one of everything, every text planted, every tag that of a secret."""
    if operation == "GetCallerIdentity":
        return {"Account": ACCOUNT, "Arn": f"arn:aws:iam::{ACCOUNT}:user/u"}
    if operation == "DescribeRegions":
        return {"Regions": [{"RegionName": "eu-west-1", "OptInStatus": "opt-in-not-required"}]}
    found = tagged(answer(client.meta.service_model.service_name, operation))
    # Direct Connect is asked for gateways that work.
    return {"VpnGateways": [{**one, "State": "available"} for one in found["VpnGateways"]]} if "VpnGateways" in found else found


def tagged(value: Any) -> Any:
    """Return an answer with the tags in it named as those of secrets are."""
    if isinstance(value, list):
        return [tagged(one) for one in value]
    if not isinstance(value, dict):
        return value
    found = {name: tagged(one) for name, one in value.items()}
    for name, one in found.items():
        if name.lower() == "tags" and isinstance(one, dict):
            found[name] = {DATABASE_PASSWORD: next(iter(one.values()))}
        for tag in one if name.lower() in ("tags", "taglist", "tagset") and isinstance(one, list) else ():
            tag["Key" if "Key" in tag else "key"] = DATABASE_PASSWORD
    return found


def collect(folder: Path, patch: pytest.MonkeyPatch, answers: Any) -> int:
    patch.setattr(BaseClient, "_make_api_call", answers)
    patch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
    patch.setenv("AWS_SECRET_ACCESS_KEY", "not-a-secret")
    return main(["collect", str(folder)])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("secrets") / "s"
    with pytest.MonkeyPatch.context() as patch:
        assert collect(path, patch, every_answer) == 0
    return path


def text_of(folder: Path) -> str:
    return "".join(path.read_text("utf-8") for path in folder.rglob("*") if path.is_file())


def kept_in(folder: Path) -> set[tuple[str, str]]:
    """Return the call and the path in its answer of every text that is in the folder."""
    return set(PLANTED.findall(text_of(folder)))


def test_every_call_was_answered(folder: Path):
    found = {name: record for place in manifest(folder)["places"] for name, record in place["calls"].items()}
    assert {name: one["status"] for name, one in found.items()} == dict.fromkeys(planned(), "done")
    assert {name for name, one in planned().items() if one.document} == {name for name, one in found.items() if one.get("rows")}


def test_what_aws_calls_sensitive_is_not_kept(folder: Path):
    every = {
        (f"{one.call.client}.{one.call.operation}", path)
        for one in planned().values()
        for path in sensitive(model(one.call.client).operation_model(one.call.operation).output_shape)
    }
    assert ("ec2.DescribeVpnConnections", "VpnConnections[].Options.TunnelOptions[].PreSharedKey") in every
    assert ("lambda.ListFunctions", "Functions[].Environment.Variables{}") in every
    assert not every & kept_in(folder)


def test_nothing_is_kept_that_has_the_name_of_a_secret(folder: Path):
    kept = {path for _, path in kept_in(folder)}
    assert len(kept) > 400
    assert not {path for path in kept if SECRET.search(path) and not any(word in path for word in NETWORK_RULES)}


def test_of_tags_with_the_name_of_a_secret_the_name_alone_is_kept(folder: Path):
    assert not {path for _, path in kept_in(folder) if TAG.search(path)}
    assert f'{{"Key":"{DATABASE_PASSWORD}","Value":"(not kept)"}}' in text_of(folder)
    assert f'{{"{DATABASE_PASSWORD}":"(not kept)"}}' in text_of(folder)


SESSION = "ASIAIOSFODNN7EXAMPLE"
ENCODED = "kXjY0_" * 40
SECRET_ACCESS_KEY = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
ADDRESS = "https://eks.eu-west-1.amazonaws.com/clusters?X-Amz-Credential=x&X-Amz-Signature=0123"


def test_what_aws_says_of_a_failure_is_kept_without_keys_addresses_and_encoded_blobs(tmp_path: Path):
    def denied(client: BaseClient, operation: str, parameters: Any) -> dict[str, Any]:
        if operation in ("GetCallerIdentity", "DescribeRegions"):
            return every_answer(client, operation, parameters)
        said = f"{SESSION} may not: \x1b[31m {ENCODED} at {ADDRESS} with {SECRET_ACCESS_KEY}"
        raise ClientError({"Error": {"Code": "AccessDenied", "Message": said}}, operation)

    with pytest.MonkeyPatch.context() as patch:
        assert collect(tmp_path / "s", patch, denied) == 2
    text = text_of(tmp_path / "s")
    assert '"message": "… may not: [31m … at … with …"' in text
    assert not any(secret in text for secret in (SESSION, SECRET_ACCESS_KEY, ENCODED[:60], "X-Amz-Signature", "\\u001b"))
