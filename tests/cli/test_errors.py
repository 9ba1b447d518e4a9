"""Everything that ends with exit 2, by the exact text: two lines on stderr, nothing on stdout."""

from __future__ import annotations

import sys

import pytest

from .conftest import Reach

GRAMMAR = "`reach from SOURCE to TARGET [on SERVICE]`"
FORMATS = "`text`, `json`, `dot`, `svg`, `html`, `markdown`"
VERBS = (
    "one of `from`, `blast`, `into`, `check`, `whatif`, `diff`, `threats`, `matrix`, `contain`, `graph`, `lint`, `list`, `rules`, "
    "`collect`, `demo`, `completion`"
)


@pytest.mark.parametrize(
    ("command", "what", "hint"),
    [
        ("", "a verb is missing", "`reach demo` shows an answer, `reach --help` everything else"),
        ("isolate web", "no such verb: `isolate`", VERBS),
        ("contain", "what is compromised is missing", "write `reach contain X`"),
        ("contain web --means sg", "`--means` cannot be `sg`", "one of `group`, `acl`, `route`"),
        ("contain web --format html", "`--format` cannot be `html`", "one of `text`, `json`, `markdown`"),
        ("into", "the target is missing", "write `reach into TARGET [on SERVICE]`"),
        ("--snapshot snap from a to b", "the verb comes first, not `--snapshot`", GRAMMAR),
        ("from", "the source is missing", f"write {GRAMMAR}"),
        ("from to web", "the source is missing", f"write {GRAMMAR}"),
        ("from web", "the target is missing", f"write {GRAMMAR}"),
        ("from web to", "the target is missing", f"write {GRAMMAR}"),
        ("from web to on tcp/22", "the target is missing", f"write {GRAMMAR}"),
        ("from web to db on", "the service after `on` is missing", f"write {GRAMMAR}"),
        ("from web to db --frob", "no such option: `--frob`", "`reach from --help`"),
        ("from web to db --form json", "no such option: `--form`", "`reach from --help`"),
        ("from web to db --limit", "option `--limit`: expected one argument", "`reach from --help`"),
        ("from web to db --limit 0", "`--limit` cannot be `0`", "a whole number from 1 on"),
        ("from web to db --limit=-1", "`--limit` cannot be `-1`", "a whole number from 1 on"),
        ("from web to db --limit many", "`--limit` cannot be `many`", "a whole number from 1 on"),
        ("from web to db --format xml", "`--format` cannot be `xml`", f"one of {FORMATS}"),
        ("from web to db --expect open", "`--expect` cannot be `open`", "one of `reachable`, `blocked`"),
        ("from web to db -o answer.json", "`-o` cannot be `answer.json`", f"`-o FORMAT=FILE` with one of {FORMATS}"),
        ("from web to db -o json=", "`-o` cannot be `json=`", f"`-o FORMAT=FILE` with one of {FORMATS}"),
        ("from web to db -o xml=x", "no such format: `xml`", f"`-o FORMAT=FILE` with one of {FORMATS}"),
        ("list --format html", "`--format` cannot be `html`", "one of `text`, `json`"),
        ("list web --not-modelled", "`reach list --not-modelled` takes no `web`", "`reach list --not-modelled` alone"),
        ("demo web", "`reach demo` takes no `web`", "`reach demo` alone"),
        ("rules frobnicate", "no such rule: `frobnicate`", "`reach rules` lists every rule"),
        ("rules x_y", "no such explanation code: `x_y`", "AWS's Reachability Analyzer guide lists every code"),
        (
            "from web to db",
            "no snapshot is named, and there is no folder `snapshot` here",
            "`--snapshot PATH`, or `--snapshot demo` for one that comes along",
        ),
        (
            "from web to dbx --snapshot snap",
            "nothing in the snapshot is called `dbx`",
            "did you mean `db`?",
        ),
        ("from web to db on tcp/70000 --snapshot snap", "no such service: `tcp/70000`", "did you mean `tcp`?"),
        (
            "from web to db --snapshot snap -o json=no/such/folder.json",
            "cannot write `no/such/folder.json`: no such file or directory",
            "name a file in a folder that is there",
        ),
    ],
)
def test_an_error_is_two_lines_on_stderr(reach: Reach, command: str, what: str, hint: str):
    done = reach(command) if command else reach(*[])
    assert done == (2, "", f"reach: {what}\n  try: {hint}\n")


def test_what_the_user_typed_acts_on_no_terminal(reach: Reach):
    done = reach("threat\x1b[31m`\n")
    assert done.err == f"reach: no such verb: `threat?[31m?`\n  try: {VERBS}\n"
    assert reach("x" * 100).err.startswith(f"reach: no such verb: `{'x' * 59}…`\n")


def test_words_that_are_no_text_are_refused(reach: Reach):
    done = reach("from", b"\xff".decode("utf-8", "surrogateescape"), "to", "db")
    assert done == (
        2,
        "",
        "reach: cannot read the command: it is not text in the terminal's encoding\n  try: write it in UTF-8\n",
    )


def test_a_snapshot_that_cannot_be_read_is_the_readers_error(reach: Reach):
    done = reach("from web to db --snapshot none")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("reach: cannot read `none`: no such file or folder\n  try: ")


# ---------------------------------------------------------------------- exit 3
def test_a_crash_is_exit_3_and_one_line(reach: Reach, monkeypatch: pytest.MonkeyPatch, tmp_path):
    def crash(*_: object) -> None:
        raise KeyError("nobody thought of it")

    monkeypatch.setattr("analyzer.network.Network.reach", crash)
    done = reach("from web to db --snapshot snap")
    [details] = tmp_path.glob("reach-*.txt")
    assert done == (3, "", f"reach: this is a bug of ours, not of your network: its details are in {details}\n")
    assert details.stat().st_mode & 0o777 == 0o600
    assert "nobody thought of it" in details.read_text()


def test_a_crash_whose_details_have_no_place_says_so(reach: Reach, monkeypatch: pytest.MonkeyPatch):
    def crash(*_: object, **__: object) -> None:
        raise RecursionError

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("analyzer.network.Network.reach", crash)
    monkeypatch.setattr("tempfile.mkstemp", full)
    message = "RecursionError; its details could not be written: no space left on device"
    assert reach("from web to db --snapshot snap") == (3, "", f"reach: this is a bug of ours, not of your network: {message}\n")


def test_an_interrupted_command_says_nothing(reach: Reach, monkeypatch: pytest.MonkeyPatch):
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("analyzer.network.Network.reach", interrupted)
    assert reach("from web to db --snapshot snap") == (130, "", "")


def test_without_a_stdout_nothing_is_printed_and_the_code_counts(reach: Reach, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "stdout", None)
    assert reach("from web to db --snapshot snap --expect blocked").code == 1
