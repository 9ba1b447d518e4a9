"""What could not be read makes the answers that it touches unknown, never open or shut."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

import analyzer

DEMO = Path(__file__).parents[1] / "analyzer" / "data" / "networks" / "three-tier"
APP = "eni-00e6ecdd7168b6c3f"
QUESTION = ("sg-a", "rds:orders", "tcp/5432")


@pytest.fixture
def broken(tmp_path: Path):
    """Return a function that reads the demo with one resource of a document broken."""

    def read(document: str, key: str, which: str, spoil: str) -> analyzer.network.Network:
        folder = tmp_path / "snap"
        shutil.copytree(DEMO, folder)
        path = folder / document
        content = json.loads(path.read_text("utf-8"))
        rows = [row for row in content[key] if which in json.dumps(row)]
        assert rows, f"the demo has no {which}"
        for row in rows:
            row[spoil] = 7
        path.write_text(json.dumps(content), "utf-8")
        return analyzer.load(folder, keep_going=True, report=lambda text: None)

    return read


def test_nothing_broken_is_reachable():
    assert analyzer.load("demo").reach(*QUESTION).verdict == "reachable"


@pytest.mark.parametrize(
    ("document", "key", "spoil", "question"),
    [
        ("network-acls.json", "NetworkAcls", "Entries", QUESTION),
        ("security-groups.json", "SecurityGroups", "IpPermissions", (APP, "rds:orders", "tcp/5432")),
        ("route-tables.json", "RouteTables", "Routes", (APP, "8.8.8.8", "tcp/443")),
        ("nat-gateways.json", "NatGateways", "NatGatewayAddresses", (APP, "8.8.8.8", "tcp/443")),
        ("internet-gateways.json", "InternetGateways", "Attachments", (APP, "8.8.8.8", "tcp/443")),
    ],
)
def test_a_broken_line_holder_makes_the_answer_unknown(
    broken, document: str, key: str, spoil: str, question: tuple[str, str, str]
):
    assert analyzer.load("demo").reach(*question).verdict == "reachable"
    answer = broken(document, key, "vpc-", spoil).reach(*question)
    assert answer.verdict == "unknown"
    assert any("cannot read" in text for text in answer.not_modelled)


def test_a_broken_interface_makes_what_is_sent_to_its_address_unknown(broken):
    network = broken("network-interfaces.json", "NetworkInterfaces", "10.0.11.10", "Groups")
    assert network.reach("eni-0cea64d681bde4658", "10.0.11.10", "tcp/5432").verdict == "unknown"
