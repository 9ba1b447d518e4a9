"""Real networks, the time that loading takes, and what is imported for it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from analyzer.read import load

DEMO = Path(__file__).parents[2] / "analyzer" / "data" / "networks" / "three-tier"
SHARED = Path(__file__).parents[3] / "shared" / "networks"
NETWORKS = [DEMO, *(path.parent for path in sorted(SHARED.rglob("aws_configs")))]
WHOLE = [path for path in NETWORKS if not path.name.startswith("bad-")]


@pytest.mark.parametrize("path", WHOLE, ids=lambda path: path.name)
def test_a_real_network_loads_whole(path: Path):
    snapshot = load(path)
    assert snapshot.broken == ()
    assert snapshot.all("vpc")
    assert snapshot.all("network_interface")
    assert all(one.account and one.region for one in snapshot.all("network_interface") if one.origin)


def test_loading_twice_gives_the_same():
    first, second = (load(DEMO) for _ in range(2))
    for kind in ("vpc", "subnet", "network_interface", "security_group", "vpc_peering"):
        assert [(one.id, one.origin) for one in first.all(kind)] == [(one.id, one.origin) for one in second.all(kind)]


def test_archive_libraries_are_imported_only_for_archives():
    code = (
        f"import sys; from analyzer.read import load; load({str(DEMO)!r});"
        "heavy = ('zipfile', 'tarfile', 'gzip', 'backports', 'compression', 'boto3', 'networkx');"
        "print([name for name in heavy if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", code], capture_output=True, text=True, check=False, env={"PYTHONPATH": ":".join(sys.path)}
    )
    assert (done.stdout, done.stderr) == ("[]\n", "")
