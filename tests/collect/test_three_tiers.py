"""The three-tier network of tests/iac, built in moto and collected, gives the answers that it gives written in code or by hand."""

from __future__ import annotations

import re
from typing import Any

import pytest

from analyzer import load
from analyzer.network import Network

from ..iac.test_three_tiers import QUESTIONS
from .cloud import HOME, handed_to, moto
from .conftest import ENVIRONMENT, reach
from .stub import Answer, Asked, Reply, Stub
from .tiers import Tiers

# Where moto differs from AWS: elastic addresses are of 127.0.0.0/8, a NAT gateway's own address is of any subnet or none, and interfaces
# that no instance has are never in use, though load balancers and databases have them.
MENDED = (
    (rb"<publicIp>127\.", b"<publicIp>54."),
    (rb"<status>available</status>", b"<status>in-use</status>"),
)


def as_aws_would(url: str, nat: str) -> Answer:
    """Return what hands every request on to moto, and sets right what it answers; `nat` is the address of its NAT gateway."""
    ask = handed_to(url)

    def answer(asked: Asked) -> Any:
        reply = ask(asked)
        if not isinstance(reply, Reply):
            return reply
        body = reply.body.replace(f">{nat}<".encode(), b">10.0.0.9<")
        for wrong, right in MENDED:
            body = re.sub(wrong, right, body)
        return Reply(reply.status, body)

    return answer


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Network:
    folder = tmp_path_factory.mktemp("tiers") / "collected"
    with pytest.MonkeyPatch.context() as patch, moto() as url:
        for name, value in ENVIRONMENT.items():
            patch.setenv(name, value)
        tiers = Tiers(url)
        tiers.build()
        stub = Stub(as_aws_would(url, tiers.ids["address nat"]))
        told = reach(str(folder), "--regions", HOME, "--endpoint-url", stub.url)
        stub.close()
    assert told.code == 0, told.err
    return load(folder)


@pytest.mark.parametrize(("source", "target", "on", "verdict"), QUESTIONS)
def test_what_is_collected_gives_the_same_answer(collected: Network, source: str, target: str, on: str | None, verdict: str):
    assert collected.reach(source, target, on).verdict == verdict
