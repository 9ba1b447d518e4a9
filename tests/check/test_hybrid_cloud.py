"""The pack on a real network, whose notebook of origin finds MySQL and SSH open to the internet."""

from __future__ import annotations

from pathlib import Path

import pytest

import analyzer

NETWORK = Path(__file__).parents[3] / "shared" / "networks" / "batfish" / "hybrid-cloud"


@pytest.mark.skipif(not NETWORK.exists(), reason="the real networks are not beside the project")
def test_mysql_and_ssh_from_the_internet_are_found():
    found = {(one.target.id, *one.services) for one in analyzer.load(NETWORK, cache=False).check(packs=["zero-trust"])}
    assert ("eni-01997085076a9b98a", "tcp/3306") in found
    assert ("eni-01997085076a9b98a", "tcp/22") in found
    assert ("eni-087e18628dadd9b48", "tcp/22") in found
