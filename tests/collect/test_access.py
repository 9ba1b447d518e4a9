"""Clients: how patient each is, and what the places know of one another."""

from __future__ import annotations

import pytest

from analyzer.collect.access import Access
from analyzer.collect.calls import planned


@pytest.fixture
def access(monkeypatch: pytest.MonkeyPatch) -> Access:
    found = Access()
    monkeypatch.setattr(Access, "_identity", ("111111111111", "aws"))
    return found


@pytest.mark.parametrize(("region", "times"), [("eu-west-1", 11), ("xx-nowhere-1", 2)], ids=["known", "not known"])
def test_who_is_not_known_to_answer_in_a_region_is_asked_twice_and_not_ten_times(access: Access, region: str, times: int):
    client = access.client("111111111111", region, "network-firewall")
    assert client.meta.config.retries["total_max_attempts"] == times


def test_a_client_is_made_once_until_its_account_and_region_are_done_with(access: Access):
    one = access.client("111111111111", "eu-west-1", "ec2")
    assert access.client("111111111111", "eu-west-1", "ec2") is one
    access.leave("111111111111", "eu-west-1")
    assert access.client("111111111111", "eu-west-1", "ec2") is not one


def test_boto3_knows_every_service_that_is_asked(access: Access):
    services = {one.call.client for one in planned().values() if one.everywhere}
    assert {service for service in services if not access.offered(service, "us-east-1")} == set()
