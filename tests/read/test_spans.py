"""Where things stand in a JSON text: the same as a JSON library reads, whatever the text looks like; what is odd is lost."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.read.spans import LostError, Span, Text

LEAVES = st.none() | st.booleans() | st.integers() | st.text() | st.sampled_from(["\\", '"', '\\"', "é", "😀", "{", "]", ","])
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4), max_leaves=20
)
INDENTS = st.sampled_from([None, 0, 2, "\t"])


def read(text: Text, span: Span) -> Any:
    """Return the value of a span, taken apart by spans all the way down."""
    if text.is_list(span):
        return [read(text, one) for one in text.items(span)]
    if text.data[span.start : span.start + 1] == b"{":
        return {name: read(text, one.value) for name, one in text.members(span).items()}
    return text.value(span)


@given(VALUES, INDENTS, st.booleans())
def test_spans_read_what_a_json_library_reads(value: Any, indent: Any, escaped: bool) -> None:
    text = Text(f" \n{json.dumps(value, indent=indent, ensure_ascii=escaped)}\r\n ".encode("utf-8", "surrogatepass"))
    (span,) = text.values
    assert read(text, span) == value


@given(st.lists(st.dictionaries(st.text(), LEAVES, max_size=3), min_size=2, max_size=4), st.sampled_from(["\n", "", " \t\n"]))
def test_values_that_stand_one_after_the_other(values: list[Any], between: str) -> None:
    text = Text(between.join(json.dumps(one, ensure_ascii=False) for one in values).encode())
    assert [read(text, span) for span in text.values] == values


@pytest.mark.parametrize(
    "data",
    [b'{"a": 1, "a": 1}', b'{"a": 1, "\\u0061": 2}', b'{"a": [1], "b": 2, "a": [3]}'],
    ids=["twice", "twice, escaped", "with another between"],
)
def test_a_name_that_is_there_twice_is_lost(data: bytes) -> None:
    text = Text(data)
    (span,) = text.values
    with pytest.raises(LostError):
        text.members(span)


@pytest.mark.parametrize("data", [b"", b"{", b'{"a" 1}', b"\xff", b'{"a": 1} x', b"[" * 100_000], ids=lambda data: repr(data[:8]))
def test_what_is_no_json_is_lost(data: bytes) -> None:
    with pytest.raises(LostError):
        Text(data).values  # noqa: B018


def test_a_list_is_no_object_and_the_other_way_round() -> None:
    text = Text(b"[{}]")
    (span,) = text.values
    with pytest.raises(LostError):
        text.members(span)
    with pytest.raises(LostError):
        text.items(text.items(span)[0])


@pytest.mark.parametrize("filler", ["", "x" * 70_000, "é" * 70_000, "\n" * 70_000], ids=["short", "ascii", "wide", "lines"])
def test_lines_and_columns_are_counted_in_characters(filler: str) -> None:
    before = f"{filler}\r\n  é😀 "
    text = Text(f"{before}{{}}".encode())
    line, column = text.position(len(before.encode()))
    assert (line, column) == (before.count("\n") + 1, 6)
    assert text.position(0) == (1, 1)
