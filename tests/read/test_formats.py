"""Every form in which a snapshot may come: folders, encodings, several documents in one file, archives in archives."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from analyzer.models.snapshot import Snapshot
from analyzer.read import load

from .conftest import SUBNET, VPC, Write

try:
    from compression import zstd
except ImportError:
    from backports import zstd

Loaded = Callable[[dict[str, Any]], Snapshot]
VPCS = json.dumps({"Vpcs": [VPC]}).encode()
SUBNETS = json.dumps({"Subnets": [SUBNET]}).encode()


def ids(snapshot: Snapshot) -> list[str]:
    return [one.id for kind in ("vpc", "subnet") for one in snapshot.all(kind)]


def tarred(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return out.getvalue()


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


BOTH = {"aws/Vpcs.json": VPCS, "./aws/Subnets.json": SUBNETS}


@pytest.mark.parametrize(
    "files",
    [
        {"Vpcs.json": VPCS, "Subnets.json": SUBNETS},
        {"Subnets.json": VPCS, "Vpcs.json": SUBNETS},
        {"any/depth/of/it/v": VPCS, "s.txt": b"\n " + SUBNETS},
        {
            "both.json": json.dumps(
                {"Vpcs": [VPC], "Subnets": [SUBNET], "NextToken": "x", "ResponseMetadata": {"HTTPStatusCode": 200}}
            )
        },
        {"both.json": VPCS + b"\n" + SUBNETS + b"\n"},
        {"both.json": VPCS + SUBNETS},
        {"both.jsonl": VPCS + b"\r\n" + SUBNETS},
        {"both.json": b"[" + VPCS + b"," + SUBNETS + b"]"},
        {"both": b"[\n" + VPCS + b"," + SUBNETS + b"]"},
        {"v.json": b"\xef\xbb\xbf" + VPCS, "s.json": SUBNETS.decode().encode("utf-16")},
        {"v": VPCS.decode().encode("utf-16"), "s": b"\xfe\xff" + SUBNETS.decode().encode("utf-16-be")},
        {"v.json": VPCS, "page": json.dumps({"Vpcs": []}), "s.json": SUBNETS},
        {"v.json": VPCS, "copy of v.json": VPCS, "s.json": SUBNETS},
        {"v.json.gz": gzip.compress(VPCS), "s": gzip.compress(SUBNETS)},
        {"v.json.zst": zstd.compress(VPCS), "s": zstd.compress(SUBNETS)},
        {"both.json.gz": gzip.compress(VPCS) + gzip.compress(SUBNETS)},
        {"both.json.zst": zstd.compress(VPCS) + zstd.compress(SUBNETS)},
        {"a.zip": zipped(BOTH)},
        {"a.tar": tarred(BOTH)},
        {"a.tar.gz": gzip.compress(tarred(BOTH))},
        {"a.tar.zst": zstd.compress(tarred(BOTH))},
        {"no suffix at all": gzip.compress(tarred(BOTH))},
        {"a.zip": zipped({"v.json.gz": gzip.compress(VPCS), "in.tar.gz": gzip.compress(tarred({"s.json": SUBNETS}))})},
        {"a.tar.gz": gzip.compress(tarred({"in.zip": zipped(BOTH)}))},
        {"a.tar": tarred({"v.json.gz": gzip.compress(VPCS), "s.json": SUBNETS, "README.md": b"# notes\n" * 4000})},
    ],
)
def test_every_form_of_the_same_two_resources(loaded: Loaded, files: dict[str, Any]):
    snapshot = loaded(files)
    assert ids(snapshot) == ["vpc-1", "subnet-1"]
    assert snapshot.broken == snapshot.not_modelled == ()


ONE_FILE = {
    "json": VPCS,
    "gzip": gzip.compress(VPCS),
    "zip": zipped(BOTH),
    "tar": tarred(BOTH),
    "tar in gzip": gzip.compress(tarred(BOTH)),
    "tar in zstd": zstd.compress(tarred(BOTH)),
}


@pytest.mark.parametrize("form", ONE_FILE)
def test_a_source_may_be_one_file(write: Write, form: str):
    write({"one": ONE_FILE[form]})
    assert load("snap/one").find("vpc", "vpc-1")
    assert load(Path("snap") / "one").find("vpc", "vpc-1")


NO_JSON = {
    "notes.txt": "{braces} and [brackets]",
    "README.md": "# Snapshot\n",
    ".DS_Store": b"\x00\x00\x00\x01Bud1",
    "._Vpcs.json": b"\x00\x05\x16\x07\x00",
    "__MACOSX/Vpcs.json": b"\x00\x05\x16\x07\x00",
    ".git/config.json": "{",
    "empty": "",
    "picture.png": b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
    "dump.pcap.gz": gzip.compress(b"\xd4\xc3\xb2\xa1" * 500),
    "list.txt": "[1, 2, 3]",
    "check.reach.yaml": "invariants: []\n",
    "office.docx": zipped({"word/document.xml": b"<xml/>", "[Content_Types].xml": b"<xml/>"}),
}


@pytest.mark.parametrize("name", NO_JSON)
def test_what_is_no_json_is_skipped(loaded: Loaded, name: str):
    snapshot = loaded({"v.json": VPCS, name: NO_JSON[name]})
    assert ids(snapshot) == ["vpc-1"]
    assert snapshot.not_modelled == ()


def test_an_object_is_one_row_and_what_stands_beside_it_under_its_name_belongs_to_it(loaded: Loaded):
    snapshot = loaded(
        {"b.json": {"VpcBlockPublicAccessOptions": {"InternetGatewayBlockMode": "block-ingress", "State": "update-complete"}}}
    )
    (switch,) = snapshot.all("block_public_access")
    assert switch.internet_gateway_block_mode == "block-ingress"


def test_a_wrapped_answer_is_an_ordinary_row(loaded: Loaded):
    snapshot = loaded({"e.json": {"ManagedPrefixListEntries": [{"PrefixListId": "pl-1", "Entries": [{"Cidr": "10.1.0.0/16"}]}]}})
    assert snapshot.find("prefix_list_entries", "pl-1").cidrs == ["10.1.0.0/16"]


def test_an_empty_answer_is_collected_and_an_absent_one_is_not(loaded: Loaded):
    snapshot = loaded({"v.json": VPCS, "igw.json": {"InternetGateways": []}, "rt.json": {"RouteTables": None}})
    assert snapshot.collected("internet_gateway")
    assert not snapshot.collected("route_table")


def test_evidence_names_the_file_and_the_resource(loaded: Loaded):
    snapshot = loaded(
        {
            "v.json": VPCS,
            "all.json": {"Subnets": [SUBNET], "Reservations": [{"Instances": []}, {"Instances": [{"InstanceId": "i-1"}]}]},
        }
    )
    assert snapshot.find("vpc", "vpc-1").origin == "`snap/v.json` resource 0"
    assert snapshot.find("subnet", "subnet-1").origin == "`snap/all.json` resource 0 (`Subnets[0]`)"
    assert snapshot.find("instance", "i-1").origin == "`snap/all.json` resource 0 (`Reservations[1].Instances[0]`)"


def test_names_that_the_loader_sets_cannot_come_from_a_document(loaded: Loaded):
    snapshot = loaded({"v.json": {"Vpcs": [{**VPC, "_Origin": "forged", "_Unknown": ["x"], "Account": "999999999999"}]}})
    vpc = snapshot.find("vpc", "vpc-1")
    assert (vpc.origin, vpc.unknown_fields, vpc.account) == ("`snap/v.json` resource 0", [], "111122223333")


def test_what_nothing_models_is_said_with_ids(loaded: Loaded):
    snapshot = loaded(
        {
            "v.json": VPCS,
            "a.json": {"CarrierGateways": [{"VpcId": "vpc-1", "CarrierGatewayId": "cagw-2"}]},
            "b.json": {"CarrierGateways": [{"CarrierGatewayId": "cagw-1"}], "AvailabilityZones": [{"ZoneName": "a"}]},
            "c.json": {"Things": [{"Name": "x"}] * 2, "ServiceNames": ["com.amazonaws.s3"], "Empty": [], "Text": "x"},
            "d.json": {"Widgets": [{"WidgetId": f"w-{number}"} for number in range(7)]},
        }
    )
    assert snapshot.not_modelled == (
        "`CarrierGateways`: 2 resources are not modelled (cagw-1, cagw-2)",
        "`Things`: 2 resources are not modelled",
        "`Widgets`: 7 resources are not modelled (w-0, w-1, w-2, w-3, w-4 and 2 more)",
    )


def test_links_are_followed_but_not_in_circles(write: Write):
    write({"v.json": VPCS, "deep/s.json": SUBNETS})
    Path("snap/deep/up").symlink_to("..")
    Path("snap/itself").symlink_to("itself")
    Path("snap/again").symlink_to("deep")
    assert ids(load("snap")) == ["vpc-1", "subnet-1"]


def test_the_garbage_collector_is_as_it_was(loaded: Loaded, refused: Callable[..., str]):
    import gc

    assert gc.isenabled()
    loaded({"v.json": VPCS})
    assert gc.isenabled()
    refused({"v.json": "{"})
    assert gc.isenabled()
    gc.disable()
    try:
        loaded({"v.json": VPCS})
        assert not gc.isenabled()
    finally:
        gc.enable()


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ([], ""),
        (["2026-11-01T10:00:00Z"], "2026-11-01T10:00:00Z"),
        (["2026-11-02T10:00:00Z", "2026-11-01T10:00:00Z"], "2026-11-01T10:00:00Z"),
    ],
    ids=["not said", "said", "of several the oldest"],
)
def test_a_manifest_says_when_the_snapshot_was_collected(texts: list[str], expected: str, tmp_path: Path) -> None:
    (tmp_path / "vpcs.json").write_text(json.dumps({"Vpcs": []}))
    for number, text in enumerate(texts):
        (tmp_path / f"manifest-{number}.json").write_text(json.dumps({"collected_at": text}))
    found = load(tmp_path)
    assert found.collected_at == expected
    assert found.not_modelled == ()
