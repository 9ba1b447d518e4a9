"""Mutated real files: whatever the bytes, loading gives a snapshot or an InputError, and nothing else.

`REACH_FUZZ=5000 pytest tests/read/test_fuzz.py` tries more; `REACH_FUZZ_SEED=…` tries one seed again.
"""

from __future__ import annotations

import io
import json
import os
import random
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest

from analyzer.models.errors import InputError
from analyzer.read import budget, load
from analyzer.read.budget import Limits

ROOT = Path(__file__).parents[2]
# The embedded networks, and the real ones that stand beside the project in our own workplace.
NETWORKS = sorted(path for path in (ROOT / "analyzer" / "data" / "networks").iterdir() if path.is_dir()) + sorted(
    path for path in (ROOT.parent / "shared" / "networks").glob("*/*") if path.is_dir() and not path.name.startswith("bad-")
)
TRIES = int(os.environ.get("REACH_FUZZ", "300"))
ODD: tuple[Any, ...] = (
    None, True, -1, 0, 70000, 2**70, 1.5, "", "x", "10.0.0.0/33", "::/0", "-1", "tcp", "arn:aws:ec2:::", "é" * 300,
    "\x00\x1b[31m", "$.x` - at `$.y`", "'quoted' does not appear", [], {}, [[]], [None], {"": None}, [{}], ["x"],
)  # fmt: skip


def mutated_value(value: Any, chance: random.Random) -> Any:
    """Return the JSON value with one place changed."""
    if not isinstance(value, dict | list) or not value or chance.random() < 0.1:
        return chance.choice(ODD)
    copy = list(value) if isinstance(value, list) else dict(value)
    key: Any = chance.choice(list(value)) if isinstance(value, dict) else chance.randrange(len(value))
    move = chance.random()
    if move < 0.08:
        del copy[key]
    elif move < 0.12 and isinstance(copy, dict):
        copy[chance.choice(["_Unknown", "Account", "Region", "OwnerId", "x\x1b`", ""])] = chance.choice(ODD)
    elif move < 0.16 and isinstance(copy, list):
        copy.append(copy[key])
    else:
        copy[key] = mutated_value(value[key], chance)
    return copy


def mutated_bytes(data: bytes, chance: random.Random) -> bytes:
    """Return the bytes cut, flipped, repeated or spliced."""
    at, to = sorted((chance.randrange(len(data)), chance.randrange(len(data))))
    return chance.choice(
        [
            data[:at],
            data[at:],
            data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :],
            data[:at] + data[to:],
            data + data[at:to],
            data[:at]
            + chance.choice([b"{", b"[", b'"', b"NaN", b"\xff", b"\\ud800", b"null", b"1e999", b"\xef\xbb\xbf"])
            + data[at:],
        ]
    )


def packed(data: bytes, chance: random.Random) -> bytes:
    """Return the bytes as they are or in an archive, which may be mutated as well."""
    import gzip

    from .test_formats import zstd

    out = io.BytesIO()
    kind = chance.choice(["", "", "", "gz", "zst", "zip", "tar"])
    if kind == "zip":
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("a/x.json", data)
            archive.writestr("y", data[:50])
    elif kind == "tar":
        with tarfile.open(fileobj=out, mode="w") as tar:
            member = tarfile.TarInfo("a/" + "x" * chance.choice([1, 150]) + ".json")
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    else:
        return {"gz": gzip.compress, "zst": zstd.compress}.get(kind, bytes)(data)
    return out.getvalue()


def damaged(seed: int, folder: Path) -> None:
    """Write one real network to the folder, a file or two of it mutated."""
    chance = random.Random(seed)
    network = chance.choice(NETWORKS)
    files = sorted(network.rglob("*.json"))
    victims = set(chance.sample(files, min(chance.choice([1, 1, 2]), len(files))))
    for path in network.rglob("*.json"):
        data = path.read_bytes()
        if path in victims:
            if chance.random() < 0.7:
                value = json.loads(data)
                for _ in range(chance.choice([1, 1, 3])):
                    value = mutated_value(value, chance)
                data = json.dumps(value).encode()
            else:
                data = mutated_bytes(data, chance)
            data = packed(data, chance)
            if chance.random() < 0.15:
                data = mutated_bytes(data, chance)
        target = folder / path.relative_to(network)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


def outcome(folder: Path, *, keep_going: bool) -> str:
    try:
        load(folder, keep_going=keep_going)
    except InputError as error:
        what, _, hint = str(error).partition("\n  try: ")
        assert what.startswith("cannot read ")
        assert hint
        assert what.isprintable()
        assert len(what) < 1500
        return "refused"
    return "loaded"


def test_whatever_the_bytes_loading_gives_a_snapshot_or_an_input_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(budget, "LIMITS", Limits(unpacked=64 << 20, ratio_from=8 << 20, entries=1000))
    only = os.environ.get("REACH_FUZZ_SEED")
    first = int(only) if only else random.SystemRandom().randrange(10**9)
    outcomes: dict[str, int] = {"loaded": 0, "refused": 0}
    for seed in range(first, first + (1 if only else TRIES)):
        folder = tmp_path / str(seed)
        damaged(seed, folder)
        try:
            outcomes[outcome(folder, keep_going=False)] += 1
            outcome(folder, keep_going=True)
        except Exception as error:
            pytest.fail(f"REACH_FUZZ_SEED={seed} raises {type(error).__name__}: {error}")
    print(f"seeds {first} to {first + TRIES - 1}: {outcomes}")
    assert only or min(outcomes.values()) > TRIES // 10, f"mutations that all {outcomes} prove nothing"
