"""What a shell is told for a line as far as it was typed."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from analyzer import load
from analyzer.cli import VERBS, main
from analyzer.cli.completion import snapshot
from analyzer.cli.completion.words import MOST
from analyzer.cli.options import options_of
from analyzer.invariants.packs import names

from .conftest import FAIR, HARMFUL, documents, write

ROOT = Path(__file__).resolve().parents[2]
Told = Callable[[str], list[str]]


@pytest.fixture
def told(home: Path, capsys: pytest.CaptureFixture[str]) -> Told:
    """Return a function from a line to the words, without what they are."""

    def telling(line: str) -> list[str]:
        assert main(["completion", "--line", line]) == 0
        shown = capsys.readouterr()
        assert shown.err == ""
        return [one.partition("\t")[0] for one in shown.out.splitlines()]

    return telling


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("reach di", ["diff"]),
        ("vpc-reach di", ["diff"]),
        ("A=1 ./bin/reach di", ["diff"]),
        ("reach --v", ["--version"]),
        ("reach frobnicate ", []),
        ("git di", []),
        ("", []),
        ("reach", []),
        # SOURCE to TARGET [on SERVICE]
        ("reach from sg:", ["sg:web"]),
        ("reach from 'sg:w", ["sg:web"]),
        ('reach from "sg:w', ["sg:web"]),
        ("reach from vp", ["vpc-"]),
        ("reach from vpc-", ["vpc-1"]),
        ("reach from web ", ["and", "or", "to"]),
        ("reach from web and n", ["name:", "not"]),
        ("reach from web and web ", ["and", "or", "to"]),
        ("reach from web to sg:", ["sg:web"]),
        ("reach from web to db ", ["and", "on", "or"]),
        ("reach from web to db o", ["on", "or"]),
        ("reach from web to db on postg", ["postgres", "postgresql"]),
        ("reach from web to db on tcp/22,htt", ["tcp/22,http", "tcp/22,http-alt", "tcp/22,https"]),
        ("reach from web to db on ssh ", []),
        # options, wherever they stand
        ("reach from --sna", ["--snapshot"]),
        ("reach from --keep-going web ", ["and", "or", "to"]),
        ("reach from --limit 5 web ", ["and", "or", "to"]),
        ("reach from --limit ", []),
        ("reach from web --format m", ["markdown"]),
        ("reach from web --format=m", ["--format=markdown"]),
        ("reach from web --expect ", ["blocked", "reachable"]),
        ("reach from web -o h", ["html="]),
        ("reach from web -o html=", ["<files>"]),
        ("reach from --snapshot de", ["demo"]),
        ("reach from --snapshot ", ["<files>"]),
        ("reach from --snapshot demo rds:", ["rds:crm", "rds:orders"]),
        ("reach from --snapshot=demo rds:", ["rds:crm", "rds:orders"]),
        ("reach from --snapshot gone ", ["not"]),
        ("reach from --snapshot demo:gone ", ["not"]),
        # the others, each by its usage
        ("reach whatif ", ["<files>"]),
        ("reach whatif close.yaml ", ["from"]),
        ("reach whatif close.yaml from web ", ["and", "or", "to"]),
        ("reach diff ", ["<files>"]),
        ("reach diff a ", ["<files>"]),
        ("reach diff a b ", ["on"]),
        ("reach diff a b on ftp", ["ftp"]),
        ("reach check a b ", ["<files>"]),
        ("reach check --pack ", names()),
        ("reach check --baseline ", ["<files>"]),
        ("reach matrix ", ["from", "on", "to"]),
        ("reach matrix to web ", ["and", "from", "on", "or"]),
        ("reach matrix --by s", ["sg", "subnet"]),
        ("reach matrix --on ssh", ["ssh"]),
        ("reach list sg:", ["sg:web"]),
        ("reach rules nacl", []),
        ("reach rules NACL-1", ["NACL-1", *(f"NACL-1{number}" for number in range(8))]),
        ("reach lint --fail-on go", ["gone"]),
        ("reach completion f", ["fish"]),
        ("reach threats ", []),
        ("reach threats --fail-on e", ["elevated"]),
        ("reach threats --with ", ["<files>"]),
        ("reach threats -o th", ["threagile="]),
        ("reach threats --actor ", ["compromised-workload", "insider", "internet", "partner", "supply-chain"]),
        ("reach threats --actor in", ["insider", "internet"]),
        ("reach threats --actor 'supply-chain(sg:", ["supply-chain(sg:web"]),
    ],
)
def test_what_may_come_next(told: Told, line: str, words: list[str]):
    assert told(line) == words


def test_every_verb_tells_its_options_without_being_run(capsys: pytest.CaptureFixture[str]):
    for verb, run in VERBS.items():
        assert options_of(run).prog == f"reach {verb}"
    assert capsys.readouterr() == ("", "")


def test_every_verb_has_a_line_of_help(told: Told, capsys: pytest.CaptureFixture[str]):
    assert main(["completion", "--line", "reach "]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if line.endswith("\t") and not line.startswith("--")] == []
    assert set(VERBS) <= {line.partition("\t")[0] for line in lines}


def test_words_say_what_they_are(home: Path, capsys: pytest.CaptureFixture[str]):
    main(["completion", "--line", "reach from --snapshot demo eni-053"])
    assert capsys.readouterr().out == "eni-053956bad4f733957\trds crm\n"


# ---------------------------------------------------------------------- names that mean harm
def test_only_harmless_words_are_told(told: Told):
    every = [
        word
        for start in ("", "name:", "eni:", "tag:", "eni-", *(f"tag:{name}=" for name in FAIR))
        for word in told(f"reach from {start}")
    ]
    assert {word for word in every if not re.fullmatch(r"[^\W_][\w.:/=@%+,-]*", word)} == set()
    assert set(HARMFUL) & set(every) == set()
    assert {f"name:{name}" for name in FAIR} <= set(every)


def test_what_words_are_cannot_act_on_a_terminal(home: Path, capsys: pytest.CaptureFixture[str]):
    main(["completion", "--line", "reach from eni-"])
    out = capsys.readouterr().out
    assert "interface we?]0;b" in out
    assert "\x1b" not in out
    assert len(out.splitlines()) == len(FAIR) + len(HARMFUL), "a name with a line break is one line"


def test_what_was_kept_is_not_believed_to_be_harmless(told: Told, home: Path):
    assert "web" in told("reach from ")
    (kept,) = (home / "cache").glob("*.words")
    kept.write_bytes(kept.read_bytes() + b"zz$(touch pwned)\t\tx\n")
    assert told("reach from zz") == []


# ---------------------------------------------------------------------- many, and fast
def test_of_many_words_a_part_is_told_that_has_no_more_in_common_than_all(told: Told, home: Path):
    (home / "snapshot" / "NetworkInterfaces.json").write_text(
        json.dumps({"NetworkInterfaces": documents([f"web-{number:04}" for number in range(3 * MOST)])["NetworkInterfaces"]})
    )
    found = told("reach from eni-")
    assert {len(found), found[0], found[-1]} == {MOST, "eni-0", "eni-99"}


def test_the_words_are_kept_and_found_again_until_a_file_changes(told: Told, home: Path, monkeypatch: pytest.MonkeyPatch):
    read: list[int] = []
    rows = snapshot._rows
    monkeypatch.setattr(snapshot, "_rows", lambda *one: (read.append(1), rows(*one))[1])
    assert told("reach from name:w") == told("reach from name:w") == ["name:web-1", "name:web_2", "name:wéb.3"]
    assert len(read) == 1
    write(home / "snapshot", ["other"])
    assert told("reach from name:") == ["name:other"]
    assert len(read) == 2


def test_a_large_snapshot_is_not_read_for_a_press_of_tab_unless_it_was_read_before(
    told: Told, home: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(snapshot, "QUICK", 0)
    monkeypatch.setattr("analyzer.read.cache.WORTH", 0)
    assert told("reach from sg:") == []
    assert main(["lint"]) == 0
    assert told("reach list sg:")[-1:] == ["sg:web"]


@pytest.mark.parametrize("typed", ["", "eni-", "eni-1", "subnet-"])
def test_of_a_large_snapshot_first_steps_and_ids_are_told_at_once(
    told: Told, home: Path, monkeypatch: pytest.MonkeyPatch, typed: str
):
    whole = told(f"reach from {typed}")
    (kept,) = (home / "cache").glob("*.words")
    kept.unlink()
    monkeypatch.setattr(snapshot, "QUICK", 0)
    monkeypatch.setattr("analyzer.read.cache.WORTH", 0)
    load("snapshot")
    monkeypatch.setattr("analyzer.select.suggestions.suggestions", lambda world: pytest.fail("every resource was looked at"))
    found = told(f"reach from {typed}")
    assert found
    assert list((home / "cache").glob("*.words")) == [], "they are not all"
    # Names have to be looked for, and kinds that only an interface says; which facts there are is not known yet.
    assert [word for word in whole if word.endswith(("-", ":")) or typed] == [
        word for word in found if word in whole and (word.endswith(("-", ":")) or typed)
    ]
    assert [word for word in found if word not in whole and not word.endswith(":")] == []


def test_a_broken_snapshot_tells_what_can_be_read(told: Told, home: Path):
    (home / "snapshot" / "broken.json").write_text('{"Subnets": [{"SubnetId": 3}]}')
    assert told("reach from sg:") == ["sg:web"]


def test_without_a_cache_folder_it_works_as_well(told: Told, home: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("REACH_CACHE", "off")
    assert told("reach from sg:") == ["sg:web"]
    assert not (home / "cache").exists()


def test_verbs_options_and_kept_words_import_nothing_heavy(told: Told, home: Path):
    told("reach from sg:")
    heavy = ("pydantic", "networkx", "boto3", "yaml", "analyzer.read", "analyzer.models.aws")
    for line in ("reach ", "reach from --f", "reach from sg:", "reach from a to b on ht"):
        code = (
            "import sys, contextlib, io\nfrom analyzer.cli import main\n"
            f"with contextlib.redirect_stdout(io.StringIO()):\n    main(['completion', '--line', {line!r}])\n"
            f"print(*[name for name in {heavy!r} if name in sys.modules])"
        )
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
        assert done.stdout.strip() == "", line


# ---------------------------------------------------------------------- the verb
@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "reach: the shell is missing\n  try: one of `bash`, `zsh`, `fish`\n"),
        (["ksh"], "reach: no such shell: `ksh`\n  try: one of `bash`, `zsh`, `fish`\n"),
        (["bash", "zsh"], "reach: no such shell: `bash zsh`\n  try: one of `bash`, `zsh`, `fish`\n"),
    ],
)
def test_a_shell_must_be_one_that_there_is(words: list[str], message: str, capsys: pytest.CaptureFixture[str]):
    assert main(["completion", *words]) == 2
    assert capsys.readouterr().err == message
