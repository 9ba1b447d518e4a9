"""Archives that nobody should trust: names that lead out, bombs, damage, links and locks."""

from __future__ import annotations

import gzip
import io
import json
import random
import struct
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from analyzer.models.errors import InputError
from analyzer.read import budget, load
from analyzer.read.budget import Limits

from .conftest import SUBNET, VPC, Write
from .test_formats import SUBNETS, VPCS, tarred, zipped, zstd

REMOVE_FILE = "\n  try: collect the snapshot again, or remove the file to leave it out"
RENAME = "\n  try: make the archive again with names relative to the snapshot folder"
DISTRUST = "\n  try: unpack it yourself and name the folder, if you trust it"
Refused = Callable[[dict[str, Any]], str]
SMALL = Limits(unpacked=1 << 20, ratio=50, ratio_from=1 << 16, entries=20, layers=3)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "LIMITS", SMALL)


@pytest.mark.parametrize("name", ["../v.json", "a/../../v.json", "/etc/v.json", "..\\v.json", "\\v.json", "C:\\v.json", "a/.."])
@pytest.mark.parametrize("pack", [zipped, tarred])
def test_a_member_that_leads_out_of_the_archive_is_refused(
    refused: Refused, name: str, pack: Callable[[dict[str, bytes]], bytes]
):
    assert refused({"a": pack({"s.json": SUBNETS, name: VPCS})}) == (
        f"cannot read `snap/a`: its member `{name}` leads out of the archive{RENAME}"
    )


def test_nothing_is_written_to_disk(write: Write, tmp_path: Path):
    write({"a.zip": zipped({"v.json": VPCS}), "b.tar.gz": gzip.compress(tarred({"deep/s.json": SUBNETS}))})
    load("snap")
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["a.zip", "b.tar.gz", "snap"]


def linked(kind: bytes, name: str) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        member = tarfile.TarInfo(name)
        member.type, member.linkname = kind, "/etc/passwd"
        archive.addfile(member)
        member = tarfile.TarInfo("v.json")
        member.size = len(VPCS)
        archive.addfile(member, io.BytesIO(VPCS))
    return out.getvalue()


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE])
def test_links_inside_archives_are_never_followed(refused: Refused, write: Write, kind: bytes):
    write({"a.tar": linked(kind, "latest")})
    assert load("snap").find("vpc", "vpc-1")
    assert refused({"a.tar": linked(kind, "s.json")}) == (
        "cannot read `snap/a.tar/s.json`: it is a link inside an archive\n  try: make the archive again with links followed"
    )


def test_a_link_inside_a_zip_archive_is_never_followed(refused: Refused):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        link = zipfile.ZipInfo("s.json")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    assert refused({"a.zip": out.getvalue()}).startswith("cannot read `snap/a.zip/s.json`: it is a link inside an archive\n")


def test_an_encrypted_member(refused: Refused):
    data = bytearray(zipped({"v.json": VPCS}))
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + at] |= 1
    assert refused({"a.zip": bytes(data)}) == (
        "cannot read `snap/a.zip/v.json`: it is encrypted\n  try: unpack the archive yourself and name the folder"
    )


@pytest.mark.parametrize("pack", [gzip.compress, zstd.compress])
def test_a_bomb_is_refused_by_its_ratio(refused: Refused, small: None, pack: Callable[[bytes], bytes]):
    bomb = pack(b'{"Vpcs": [' + b" " * (1 << 19))
    assert (
        refused({"v.json.gz": bomb})
        == f"cannot read `snap/v.json.gz`: it grows to more than 50 times its size when it is unpacked{DISTRUST}"
    )


@pytest.mark.parametrize(
    ("files", "where"),
    [
        ({"a.zip": zipped({"v.json": b'{"Vpcs": [' + b" " * (1 << 19)})}, "a.zip/v.json"),
        ({"a.tar.gz": gzip.compress(tarred({"x.bin": b"\0" * (1 << 19), "v.json": VPCS}))}, "a.tar.gz"),
        ({"a.zip": zipped({"in.zip": zipped({"v.json": b'{"Vpcs": [' + b" " * (1 << 19)})})}, "a.zip/in.zip/v.json"),
    ],
)
def test_bombs_inside_archives_are_refused(refused: Refused, small: None, files: dict[str, Any], where: str):
    assert refused(files) == f"cannot read `snap/{where}`: it grows to more than 50 times its size when it is unpacked{DISTRUST}"


def test_all_archives_together_may_not_grow_beyond_the_limit(refused: Refused, small: None):
    noise = json.dumps({"Vpcs": [], "Note": random.Random(1).randbytes(300_000).hex()}).encode()
    files = {f"{number}.json.gz": gzip.compress(noise) for number in range(3)}
    assert refused(files) == f"cannot read `snap/1.json.gz`: the archives hold more than 1 MiB{DISTRUST}"


def test_a_sparse_member_counts_with_all_its_bytes(refused: Refused, small: None):
    header = bytearray(tarred({"v.json": b""})[:512])
    header[156:157] = b"S"
    header[386:398], header[398:410] = b"00000000000\0", b"00000000000\0"
    header[483:495] = b"%011o\0" % (1 << 33)
    header[257:265] = b"ustar  \0"
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    assert refused({"a.tar": bytes(header) + bytes(1024)}).endswith(DISTRUST)


def test_too_many_members(refused: Refused, small: None):
    files = {f"{number}.txt": b"" for number in range(21)}
    assert refused({"a.tar": tarred(files)}) == f"cannot read `snap/a.tar`: the archives hold more than 20 members{DISTRUST}"
    assert refused({"a.tar": zipped(files)}) == f"cannot read `snap/a.tar`: the archives hold more than 20 members{DISTRUST}"


def test_archives_in_archives_in_archives(refused: Refused, small: None):
    data = VPCS
    for _ in range(4):
        data = gzip.compress(data)
    assert refused({"v": data}) == f"cannot read `snap/v`: archives stand in each other more than 3 deep{DISTRUST}"


DAMAGED = {
    "gzip file cut": gzip.compress(VPCS * 50)[:-20],
    "gzip file with a wrong checksum": gzip.compress(VPCS)[:-8] + b"\0" * 8,
    "gzip file with more behind it": gzip.compress(VPCS) + b"more",
    "zstd file cut": zstd.compress(VPCS)[:-5],
    "zstd file of garbage": b"\x28\xb5\x2f\xfd" + b"\xff" * 64,
    "zip archive cut": zipped({"v.json": VPCS})[:-30],
    "zip archive with two names for a member": zipped({"v.json": VPCS}).replace(b"v.json", b"w.json", 1),
    "tar archive cut in a member": tarred({"v.json": VPCS, "s.json": SUBNETS})[:1200],
    "tar archive cut between members": tarred({"v.json": VPCS, "s.json": SUBNETS})[:1024],
    "tar archive with a garbled header": tarred({"v.json": VPCS, "s.json": SUBNETS})[:1024] + b"garbage " * 64,
}


@pytest.mark.parametrize("damage", DAMAGED)
def test_a_damaged_archive_never_reads_as_a_shorter_one(refused: Refused, damage: str):
    what = " ".join(damage.split()[:2])
    assert refused({"a": DAMAGED[damage]}) == f"cannot read `snap/a`: the {what} is damaged{REMOVE_FILE}"


def test_a_zip_member_that_lies_about_its_size(refused: Refused, small: None):
    data = zipped({"v.json": b'{"Vpcs": [' + b" " * (1 << 19)})
    at = data.index(b"PK\x01\x02") + 24
    lying = data[:at] + struct.pack("<I", 10) + data[at + 4 :]
    text = refused({"a.zip": lying})
    assert text.startswith("cannot read `snap/a.zip")


def test_limits_end_the_run_even_when_it_keeps_going(write: Write, small: None):
    write({"v.json": {"Vpcs": [VPC]}, "z.json.gz": gzip.compress(b'{"Vpcs": [' + b" " * (1 << 19))})
    with pytest.raises(InputError, match="it grows to more than 50 times"):
        load("snap", keep_going=True, report=pytest.fail)


def test_a_highly_regular_network_is_no_bomb(write: Write):
    rows = [{**SUBNET, "SubnetId": f"subnet-{number}"} for number in range(3000)]
    write({"s.json.zst": zstd.compress(json.dumps({"Subnets": rows}, indent=4).encode())})
    assert len(load("snap").all("subnet")) == 3000
