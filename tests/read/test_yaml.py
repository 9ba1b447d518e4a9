"""YAML as people write it about networks: words stay words, every key has its line, and nothing is big, deep or an object."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from analyzer.models.errors import InputError
from analyzer.read.yaml import LARGEST, parse_yaml, read_yaml


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("on", "on"),
        ("yes", "yes"),
        ("10.10", "10.10"),
        ("1:30", "1:30"),
        ("2027-03-31", "2027-03-31"),
        ("0123", "0123"),
        ("\u0661\u0662", "\u0661\u0662"),
        ("'7'", "7"),
        ("-7", -7),
        ("999999999999999", 999_999_999_999_999),
        ("9999999999999999", "9999999999999999"),
        ("true", True),
        ("False", False),
        ("~", None),
        ("", None),
        ("<<: a", {"<<": "a"}),
    ],
)
def test_what_a_word_is(text: str, value: Any):
    assert parse_yaml(text, "f").value == value
    assert type(parse_yaml(text, "f").value) is type(value)


def test_every_key_has_its_line():
    file = parse_yaml("a:\n- b: 1\n  c:\n\n    d: 2\n", "f")
    assert file.value == {"a": [{"b": 1, "c": {"d": 2}}]}
    assert [file.line(path) for path in (("a",), ("a", 0), ("a", 0, "c"), ("a", 0, "c", "d"))] == [1, 2, 3, 5]
    assert file.line(("a", 0, "c", "x", 7)) == 3, "of what is not there, the nearest key above"


def test_a_file_may_have_a_mark_and_is_of_a_size(tmp_path: Path):
    path = tmp_path / "f.yaml"
    path.write_bytes("\ufeffa: ü".encode())
    assert read_yaml(path).value == {"a": "ü"}
    path.write_bytes(b"a" * (LARGEST + 1))
    with pytest.raises(InputError) as error:
        read_yaml(path)
    assert str(error.value) == f"cannot read `{path}`: it is larger than 1 MiB\n  try: split it into several files"
    path.write_bytes(b"\xff")
    with pytest.raises(InputError) as error:
        read_yaml(path)
    assert str(error.value) == f"cannot read `{path}`: it is not UTF-8\n  try: save it as UTF-8"


def test_two_documents_are_not_one():
    with pytest.raises(InputError, match=r"^cannot read `f` line 2: but found another document"):
        parse_yaml("a: 1\n---\nb: 2", "f")
