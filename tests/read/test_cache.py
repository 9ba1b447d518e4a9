"""What was read before is found again by its content, and by nothing less; whatever is odd in the folder is as if it were not there."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import analyzer
from analyzer.cli import main
from analyzer.models.errors import InputError
from analyzer.models.snapshot import Snapshot
from analyzer.read import cache, load
from analyzer.read.compiled import Compiled, compiled
from analyzer.read.troubles import Troubles

from .conftest import SUBNET, VPC, Write
from .test_fuzz import NETWORKS

Files = dict[str, Any]


def interfaces(name: str = "web") -> list[dict[str, Any]]:
    tags = [{"Key": "Name", "Value": name}]
    return [
        {
            "NetworkInterfaceId": f"eni-{number}",
            "SubnetId": "subnet-1",
            "VpcId": "vpc-1",
            "PrivateIpAddress": f"10.0.0.{number}",
            "TagSet": tags,
        }
        for number in range(4, 8)
    ]


FILES: Files = {
    "111122223333/vpcs.json": {"Vpcs": [VPC]},
    "111122223333/subnets.json": {"Subnets": [SUBNET]},
    "111122223333/enis.json": {"NetworkInterfaces": interfaces()},
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the cache folder of the test, where every snapshot is worth to be stored."""
    monkeypatch.setenv("REACH_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(cache, "WORTH", 1)
    return tmp_path / "cache"


def of(path: str, **options: Any) -> Snapshot:
    return analyzer.load(path, **options).snapshot


def everything(snapshot: Snapshot) -> list[str]:
    return [repr(one) for one in snapshot.everything()]


def entries(folder: Path) -> list[Path]:
    return sorted(folder.glob("*"))


def test_the_second_reading_is_from_the_cache_and_tells_the_same(write: Write, folder: Path):
    path = write(FILES)
    first, second = of(path), of(path)
    assert not isinstance(first, Compiled)
    assert isinstance(second, Compiled)
    assert everything(second) == everything(first) == everything(load(path))


INSTANCE = {"InstanceId": "i-1", "NetworkInterfaces": interfaces()[:1]}


@pytest.mark.parametrize(
    "left", [["vpcs"], ["vpcs", "subnets"], ["instances"], ["subnets", "instances"], ["databases", "vpcs", "subnets"]]
)
def test_what_a_snapshot_lacks_is_stored(left: list[str], write: Write, folder: Path):
    """An interface that only an instance shows is there, and one that stands for a database's is not what was lacking."""
    database = {
        "DBInstanceIdentifier": "db",
        "DBSubnetGroup": {"VpcId": "vpc-1", "Subnets": [{"SubnetIdentifier": "subnet-1"}]},
    }
    every = {
        "vpcs": {"Vpcs": [VPC]},
        "subnets": {"Subnets": [SUBNET]},
        "instances": {"Reservations": [{"Instances": [INSTANCE]}]},
        "databases": {"DBInstances": [database]},
    }
    path = write({f"{name}.json": every[name] for name in left})
    first, second = of(path), of(path)
    assert isinstance(second, Compiled)
    assert second.lacks == first.lacks
    for kind in first.kinds:
        assert second.collected(kind.kind) == first.collected(kind.kind), kind.kind


@pytest.mark.parametrize("network", NETWORKS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_stored_network_answers_as_the_one_that_was_stored(network: Path):
    whole = load(network)
    stored = Compiled({name: memoryview(data) for name, data in compiled(whole)})
    for one in whole.all("network_interface"):
        assert repr(stored.owner(one.id)) == repr(whole.owner(one.id))
        assert stored.class_of(one.id) == whole.class_of(one.id)
        for attribute in ("subnet_id", "vpc_id", "instance_id", "description"):
            value = getattr(one, attribute)
            assert list(map(repr, stored.where("network_interface", attribute, value))) == list(
                map(repr, whole.where("network_interface", attribute, value))
            )
    for one in whole.all("security_group"):
        assert stored.members(one.id) == whole.members(one.id)
    for vpc in whole.all("vpc"):
        assert list(map(repr, stored.gateways(vpc.id))) == list(map(repr, whole.gateways(vpc.id)))
    for name in ("public", "owners", "carried", "routers", "accounts", "has_ways_out", "has_relays", "documented", "broken", "lacks",
                 "not_modelled", "unmodelled_ways", "unmodelled_entries", "collected_at"):  # fmt: skip
        assert getattr(stored, name) == getattr(whole, name), name
    for question in ("passes_on", "doors", "remarks", "beyond", "conceals"):
        assert list(map(repr, stored.doing(question))) == list(map(repr, whole.doing(question)))
    for kind in whole.kinds:
        assert list(map(repr, stored.all(kind.kind))) == list(map(repr, whole.all(kind.kind)))
        assert all(repr(stored.at(one.id)) == repr(whole.at(one.id)) for one in whole.all(kind.kind))
    assert stored.at("nobody") is None
    assert stored.find("vpc", "nobody") is None
    assert everything(stored.started) == everything(whole.started)


def test_a_change_that_leaves_size_and_time_is_noticed(write: Write, folder: Path):
    path = write(FILES)
    of(path)
    changed = Path(path) / "111122223333/enis.json"
    before = changed.stat()
    changed.write_text(json.dumps({"NetworkInterfaces": interfaces("app")}))
    os.utime(changed, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert changed.stat().st_size == before.st_size
    again = of(path)
    assert not isinstance(again, Compiled)
    assert again.find("network_interface", "eni-4").name == "app"


@pytest.mark.parametrize("change", ["a file more", "a file less", "another folder", "another program"])
def test_what_else_tells_snapshots_apart(change: str, write: Write, folder: Path, monkeypatch: pytest.MonkeyPatch):
    path = write(FILES)
    of(path)
    if change == "a file more":
        write({"new.json": {"InternetGateways": []}})
    elif change == "a file less":
        (Path(path) / "111122223333/enis.json").unlink()
    elif change == "another folder":
        (Path(path) / "111122223333").rename(Path(path) / "444455556666")
    else:
        monkeypatch.setattr(cache, "_program", lambda: b"newer")
    assert not isinstance(of(path), Compiled)
    assert isinstance(of(path), Compiled)


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "cut": lambda data: data[: len(data) // 2],
    "cut by one": lambda data: data[:-1],
    "head alone": lambda data: data[:20],
    "empty": lambda data: b"",
    "flipped": lambda data: data[:200] + bytes([data[200] ^ 1]) + data[201:],
    "longer": lambda data: data + b"x",
    "a pickle": lambda data: b"\x80\x04N.",
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_entry_is_ignored_and_made_again(damage: Any, write: Write, folder: Path):
    path = write(FILES)
    of(path)
    (entry,) = entries(folder)
    whole = entry.read_bytes()
    entry.write_bytes(damage(whole))
    assert not isinstance(of(path), Compiled)
    assert entry.read_bytes() == whole
    assert isinstance(of(path), Compiled)


def test_every_single_flipped_bit_is_noticed(write: Write, folder: Path):
    path = write(FILES)
    of(path)
    (entry,) = entries(folder)
    whole = entry.read_bytes()
    for at in range(0, len(whole), max(1, len(whole) // 300)):
        entry.write_bytes(whole[:at] + bytes([whole[at] ^ 4]) + whole[at + 1 :])
        assert cache.fetched(folder, entry.stem) is None, at


def test_an_entry_under_another_name_is_foreign(write: Write, folder: Path):
    path = write(FILES)
    of(path)
    (entry,) = entries(folder)
    other = folder / ("0" * 64 + ".reach")
    entry.rename(other)
    assert cache.fetched(folder, "0" * 64) is None


@pytest.mark.parametrize("oddity", ["link", "folder", "pipe", "open to others"])
def test_an_entry_that_is_no_plain_file_of_ours_is_ignored(oddity: str, write: Write, folder: Path, tmp_path: Path):
    path = write(FILES)
    of(path)
    (entry,) = entries(folder)
    kept = tmp_path / "kept"
    entry.rename(kept)
    if oddity == "link":
        entry.symlink_to(kept)
    elif oddity == "folder":
        entry.mkdir()
    elif oddity == "pipe":
        os.mkfifo(entry)
    else:
        kept.rename(entry)
        entry.chmod(0o666)
    assert not isinstance(of(path), Compiled)


def test_entries_are_for_their_owner_only(write: Write, folder: Path):
    of(write(FILES))
    (entry,) = entries(folder)
    assert stat.S_IMODE(entry.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_file_that_changes_while_it_is_read_is_not_stored(write: Write, folder: Path, monkeypatch: pytest.MonkeyPatch):
    path = write(FILES)

    def reading() -> Snapshot:
        found = load(path)
        write({"111122223333/enis.json": {"NetworkInterfaces": interfaces("app")}})
        return found

    cache.remembered(path, "", reading)
    assert not folder.exists()


def test_what_was_left_out_is_told_each_time(write: Write, folder: Path):
    path = write({**FILES, "bad.json": {"Vpcs": [{"VpcId": 3}]}})
    for _ in range(2):
        said: list[str] = []
        of(path, keep_going=True, report=said.append)
        assert len(said) == 1
    assert not folder.exists()


def test_without_the_cache_nothing_is_read_from_it_nor_written(write: Write, folder: Path, monkeypatch: pytest.MonkeyPatch):
    path = write(FILES)
    of(path, cache=False)
    assert main(["list", "vpc", "--snapshot", path, "--no-cache"]) == 0
    assert main(["from", "eni-4", "to", "eni-5", "--snapshot", path, "--no-cache"]) == 0
    monkeypatch.setenv("REACH_CACHE", "off")
    of(path)
    assert not folder.exists()
    monkeypatch.setenv("REACH_CACHE", str(folder))
    assert main(["list", "vpc", "--snapshot", path]) == 0
    assert len(entries(folder)) == 1


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"REACH_CACHE": "off"}, None),
        ({"REACH_CACHE": "/x/y"}, "/x/y"),
        ({"XDG_CACHE_HOME": "/x", "HOME": "/home/me"}, "/x/vpc-reach"),
        ({"XDG_CACHE_HOME": "not/absolute", "HOME": "/home/me"}, "/home/me/.cache/vpc-reach"),
        ({"HOME": "/home/me"}, "/home/me/.cache/vpc-reach"),
    ],
)
def test_where_the_folder_is(variables: dict[str, str], expected: str | None, monkeypatch: pytest.MonkeyPatch):
    for name in ("REACH_CACHE", "XDG_CACHE_HOME", "HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "platform", "linux")
    assert cache.folder_of_cache() == (None if expected is None else Path(expected))


def test_small_snapshots_are_not_worth_it(write: Write, folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(cache, "WORTH", cache.MIB)
    of(write(FILES))
    assert not folder.exists()


def test_what_cannot_be_looked_at_is_met_where_it_is_read(write: Write, folder: Path, monkeypatch: pytest.MonkeyPatch):
    path = write(FILES)

    def refuse(source: str, troubles: Troubles) -> Iterator[str]:
        troubles.meet(InputError("cannot read `snap/secret`: permission denied", hint="check it"))
        return iter(())

    monkeypatch.setattr(cache, "paths_of", refuse)
    assert everything(of(path)) == everything(load(path))
    assert not folder.exists()


def test_what_has_no_form_in_the_cache_is_read_each_time(write: Write, folder: Path):
    rows = [{**interfaces()[0], "Attachment": {"DeviceIndex": 2**70}}]
    path = write({**FILES, "111122223333/enis.json": {"NetworkInterfaces": rows}})
    assert everything(of(path)) == everything(of(path)) == everything(load(path))
    assert entries(folder) == []


def test_a_folder_that_cannot_be_written_hinders_nothing(write: Write, folder: Path):
    folder.write_text("a file")
    path = write(FILES)
    assert everything(of(path)) == everything(of(path))


def test_room_is_made_by_what_was_not_used_for_longest(write: Write, folder: Path, monkeypatch: pytest.MonkeyPatch):
    path = write(FILES)
    of(path)
    (first,) = entries(folder)
    monkeypatch.setattr(cache, "LARGEST", first.stat().st_size * 5 // 2)
    os.utime(first, ns=(1, 1))
    names = ["b", "c"]
    for number, name in enumerate(names):
        write({"111122223333/enis.json": {"NetworkInterfaces": interfaces(name)}})
        of(path)
        newest = max(entries(folder), key=lambda one: one.stat().st_mtime_ns)
        os.utime(newest, ns=(number + 2, number + 2))
    assert not first.exists()
    assert len(entries(folder)) == 2
    monkeypatch.setattr(cache, "LARGEST", 10)
    write({"111122223333/enis.json": {"NetworkInterfaces": interfaces("d")}})
    of(path)
    assert len(entries(folder)) == 2, "what is larger than all room is not stored, and drives nothing out"


def test_many_writers_leave_one_whole_entry(write: Write, folder: Path):
    path = write(FILES)
    script = f"import analyzer; from analyzer.read import cache; cache.WORTH = 1; analyzer.load({path!r})"
    environment = {**os.environ, "PYTHONPATH": str(Path(analyzer.__file__).parents[1])}
    with ThreadPoolExecutor(4) as pool:
        runs = [pool.submit(subprocess.run, [sys.executable, "-c", script], env=environment, check=True) for _ in range(6)]
        for run in runs:
            run.result()
    assert len(entries(folder)) == 1
    assert isinstance(of(path), Compiled)


def test_an_archive_is_found_again_too(write: Write, folder: Path):
    import zipfile

    path = write(FILES)
    with zipfile.ZipFile("snap.zip", "w") as archive:
        for file in sorted(Path(path).rglob("*.json")):
            archive.write(file)
    first, second = of("snap.zip"), of("snap.zip")
    assert isinstance(second, Compiled)
    assert everything(first) == everything(second)


def test_nothing_is_looked_up_by_anything_but_text():
    """Or a stored look-up would answer for a value that only reads like the one that was asked for."""
    whole = load(NETWORKS[0])
    stored = Compiled({name: memoryview(data) for name, data in compiled(whole)})
    assert stored.where("network_interface", "subnet_id", None) == []
