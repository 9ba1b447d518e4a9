"""`reach matrix`: what it prints, in which formats, and what it refuses."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import DOCUMENTS, Reach, group, interface, write

HOSTILE = "</td><script>alert(1)</script>|`=1+1\x1b[31m"


def rows(out: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(out)))


def pairs(out: str) -> dict[tuple[str, str], tuple[str, str]]:
    return {(row["source"], row["target"]): (row["verdict"], row["services"]) for row in rows(out)}


def test_text_lists_what_is_not_blocked(reach: Reach):
    done = reach("matrix --by sg from web or db to web or db --snapshot snap")
    assert (done.code, done.err) == (0, "")
    assert done.out == (
        "who can reach whom from web or db to web or db, by security group\n"
        "  1 of 3 pairs; the others are blocked\n"
        "  source      target     verdict    on\n"
        "  web (sg-1)  db (sg-2)  reachable  tcp/5432\n"
    )


def test_every_pair_blocked_is_said(reach: Reach):
    done = reach("matrix from web to web on tcp --snapshot snap")
    assert done.out.splitlines()[1] == "  none of 1 pairs: all are blocked"
    assert done.code == 0


@pytest.mark.parametrize(
    "words", ["from web to db on ssh", "on ssh to db from web", "--on ssh from web to db", "to db --on ssh from web"]
)
def test_the_words_come_in_any_order(reach: Reach, words: str):
    query = json.loads(reach(f"matrix --by vpc {words} --format json --snapshot snap").out)["query"]
    assert query == {"by": "vpc", "from": "web", "to": "db", "on": "ssh"}


@pytest.mark.parametrize(
    ("by", "source", "target"),
    [
        ("sg", ("sg-1", "web", "vpc-1"), ("sg-2", "db", "vpc-1")),
        ("subnet", ("subnet-1", "", "vpc-1"), ("subnet-1", "", "vpc-1")),
        ("vpc", ("vpc-1", "", "vpc-1"), ("vpc-1", "", "vpc-1")),
        ("interface", ("eni-4", "web-1", "vpc-1"), ("eni-9", "to", "vpc-1")),
        ("tag:Name", ("web-1", "web-1", ""), ("to", "to", "")),
        ("tag:tier", ("", "no tag tier", ""), ("", "no tag tier", "")),
        ("context", ("", "no context", ""), ("", "no context", "")),
    ],
)
def test_each_grain_has_groups_of_its_own(reach: Reach, by: str, source: tuple[str, ...], target: tuple[str, ...]):
    (pair,) = json.loads(reach(f"matrix --by {by} from eni-4 to db --format json --snapshot snap").out)["pairs"]
    assert tuple(pair["from"].values()) == source
    assert tuple(pair["to"].values()) == target
    assert (pair["verdict"], pair["services"]) == ("reachable", ["tcp/5432"])


def test_contexts_are_those_of_the_tag_that_is_named(reach: Reach, tmp_path: Path):
    tagged = [interface(4, "sg-1", TagSet=[{"Key": "context", "Value": "shop"}, {"Key": "team", "Value": "a"}])]
    subnet = {**DOCUMENTS["Subnets"][0], "Tags": [{"Key": "team", "Value": "b"}]}
    write(tmp_path / "snap", {"NetworkInterfaces": [*tagged, interface(9, "sg-2")], "Subnets": [subnet]})
    assert set(pairs(reach("matrix --by context from any to any --format csv --snapshot snap").out)) == {("shop", "")}
    by_team = reach("matrix --by context --context-key team from any to any --format csv --snapshot snap")
    assert set(pairs(by_team.out)) == {("a", "b")}, "the nearest tag counts: the subnet's where the interface has none"


def test_an_interface_with_several_groups_counts_for_each(reach: Reach, tmp_path: Path):
    both = interface(9, "sg-2") | {"Groups": [{"GroupId": "sg-2"}, {"GroupId": "sg-1"}]}
    write(tmp_path / "snap", {"NetworkInterfaces": [interface(4, "sg-1"), both]})
    found = pairs(reach("matrix from any to any --format csv --snapshot snap").out)
    assert found == {("sg-1", "sg-1"): ("reachable", "tcp/5432"), ("sg-1", "sg-2"): ("reachable", "tcp/5432")}


# ---------------------------------------------------------------------- files and formats
def test_several_outputs_come_of_one_pass(reach: Reach, tmp_path: Path):
    done = reach("matrix --by vpc --snapshot snap --format csv --output a.csv -o json=a.json -o html=a.html")
    assert done == (0, "", "")
    assert len(rows((tmp_path / "a.csv").read_text())) == len(json.loads((tmp_path / "a.json").read_text())["pairs"]) > 0
    assert (tmp_path / "a.html").read_text().startswith("<!DOCTYPE html>")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "a.html", "a.json", "snap"]


def test_an_output_that_cannot_be_made_leaves_no_other(reach: Reach, tmp_path: Path):
    done = reach("matrix --snapshot snap --output a.csv --format csv -o json=no/where.json")
    assert (done.code, done.out) == (2, "")
    assert (
        done.err
        == "reach: cannot write `no/where.json`: no such file or directory\n  try: name a file in a folder that is there\n"
    )
    assert [path.name for path in tmp_path.iterdir()] == ["snap"]


@pytest.mark.parametrize("format", ["text", "html", "markdown"])
def test_what_is_too_large_to_look_at_is_refused(reach: Reach, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, format: str):
    monkeypatch.setattr("analyzer.report.matrix.rows.MOST_ROWS", 2)
    done = reach(f"matrix --by interface --snapshot snap --format {format} --output big")
    assert done.code == 2
    assert done.err == (
        f"reach: the matrix has 5 rows, and `{format}` shows no more than 2\n"
        "  try: `--format parquet` or `csv`, which hold any number; or less by `--by vpc`, `from`, `to`, `on`\n"
    )
    assert not (tmp_path / "big").exists()
    assert len(rows(reach("matrix --by interface --snapshot snap --format csv").out)) == 5


def test_hostile_names_are_only_names(reach: Reach, tmp_path: Path):
    groups = [group("sg-1", HOSTILE, []), DOCUMENTS["SecurityGroups"][1]]
    write(tmp_path / "snap", {"SecurityGroups": groups})
    page = reach("matrix --snapshot snap --format html").out
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    for format in ("text", "csv", "markdown", "html"):
        assert "\x1b" not in reach(f"matrix --snapshot snap --format {format}").out, format
    assert "<script" not in reach("matrix --snapshot snap --format markdown").out
    named = {one["from"]["name"] for one in json.loads(reach("matrix --snapshot snap --format json").out)["pairs"]}
    assert HOSTILE in named, "JSON is exact"


def test_a_name_is_no_formula(reach: Reach, tmp_path: Path):
    write(tmp_path / "snap", {"SecurityGroups": [group("sg-1", "=cmd()", []), DOCUMENTS["SecurityGroups"][1]]})
    assert {row["source_name"] for row in rows(reach("matrix to db --snapshot snap --format csv").out)} == {"'=cmd()"}


def test_parquet_opens_in_duckdb_and_pandas(reach: Reach, tmp_path: Path):
    duckdb, pandas = pytest.importorskip("duckdb"), pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    assert reach("matrix --by interface --snapshot demo --format parquet --output m.parquet -o csv=m.csv") == (0, "", "")
    expected = [tuple(row.values()) for row in rows((tmp_path / "m.csv").read_text())]
    assert len(expected) > 50
    assert duckdb.sql("select * from 'm.parquet'").fetchall() == expected
    frame = pandas.read_parquet("m.parquet")
    assert [tuple(row) for row in frame.astype(str).itertuples(index=False)] == expected
    assert list(frame.columns) == list(rows((tmp_path / "m.csv").read_text())[0])


def test_parquet_of_nothing_is_an_empty_table(reach: Reach):
    pandas = pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    assert reach("matrix from web to web on tcp --snapshot snap --format parquet --output m.parquet").code == 0
    assert len(pandas.read_parquet("m.parquet")) == 0


def test_without_the_extra_the_error_says_what_to_install(reach: Reach, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("analyzer.report.matrix.find_spec", lambda name: None if name == "pyarrow" else name)
    done = reach("matrix --snapshot snap --format parquet --output m.parquet")
    assert done == (2, "", "reach: `parquet` needs `pyarrow`\n  try: `pip install 'vpc-reach[matrix]'`\n")


# ---------------------------------------------------------------------- mistakes
@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("--by town", "`--by` cannot be `town`\n  try: one of `sg`, `subnet`, `vpc`, `context`, `tag:KEY`, `interface`"),
        ("--by tag:", "`--by` cannot be `tag:`\n  try: one of `sg`, `subnet`, `vpc`, `context`, `tag:KEY`, `interface`"),
        ("from", "nothing follows `from`\n  try: write `reach matrix from SELECTOR to SELECTOR on SERVICE`"),
        ("to web to db", "`to` is there twice\n  try: write `reach matrix from SELECTOR to SELECTOR on SERVICE`"),
        ("on ssh --on tcp", "both `on` and `--on` are there\n  try: take one of them"),
        ("--workers 0", "`--workers` cannot be `0`\n  try: a whole number from 1 on"),
        (
            "web",
            "`reach matrix` takes no `web`\n  try: `--by GRAIN`, and `from SELECTOR`, `to SELECTOR`, `on SERVICE` for a part of it",
        ),
        (
            "from 10.0.0.0/8",
            "a matrix is of interfaces and the internet, not of addresses: `10.0.0.0/8`\n"
            "  try: `reach from SOURCE to TARGET` answers for addresses",
        ),
    ],
)
def test_mistakes(reach: Reach, words: str, message: str):
    assert reach(f"matrix --snapshot snap {words}") == (2, "", f"reach: {message}\n")


def test_endpoints_without_an_interface_are_said_to_be_left_out(reach: Reach, tmp_path: Path):
    gateway = {
        "VpcEndpointId": "vpce-1",
        "VpcEndpointType": "Gateway",
        "VpcId": "vpc-1",
        "ServiceName": "com.amazonaws.eu-west-1.s3",
    }
    write(tmp_path / "snap", {"VpcEndpoints": [gateway]})
    told = "endpoints without an interface are in no matrix: vpce-1"
    for limit in ("", "to any", "to db or vpce-1"):
        assert told in json.loads(reach(f"matrix {limit} --format json --snapshot snap").out)["not_modelled"], limit
    assert told not in json.loads(reach("matrix to db --format json --snapshot snap").out)["not_modelled"]
    done = reach("matrix to vpce-1 --snapshot snap")
    assert done.code == 2, "it is not blocked: it is not in there"
    assert done.err.startswith("reach: a matrix is of interfaces and the internet, and `vpce-1` has none\n")


def test_one_alone_makes_no_pair(reach: Reach):
    assert reach("matrix from eni-4 to eni-4 --snapshot snap").out.splitlines()[1:] == ["  no pair: there is nobody else"]


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path):
    write(tmp_path / "snap", DOCUMENTS)
    command = [sys.executable, "-m", "analyzer", "matrix", "--format", "csv", "--snapshot", str(tmp_path / "snap")]
    reader, writer = os.pipe()
    os.close(reader)
    try:
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])}
        done = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, text=True, env=environment)
    finally:
        os.close(writer)
    assert (done.returncode, done.stderr) == (0, "")


def test_parquet_goes_through_a_pipe(tmp_path: Path):
    parquet = pytest.importorskip("pyarrow.parquet")
    command = [sys.executable, "-m", "analyzer", "matrix", "--format", "parquet", "--snapshot", "demo"]
    done = subprocess.run(
        command, capture_output=True, env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert parquet.read_table(io.BytesIO(done.stdout)).num_rows == 41
