"""Where in a JSON text things stand: found by looking, without keeping what is read. Whatever is odd is not found at all."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any

import msgspec

# INVARIANT: what is passed over is measured by the parser that read it before; a text that it reads otherwise is lost, not guessed.
_SPACE = re.compile(rb"[ \t\r\n]*+")
_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
_ONE = msgspec.json.Decoder(msgspec.Raw)
_LIST = msgspec.json.Decoder(list[msgspec.Raw])
_OBJECT = msgspec.json.Decoder(dict[str, msgspec.Raw])
_REFUSALS = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
# Bytes that go on with a character which began before.
_FOLLOWING = bytes(range(0x80, 0xC0))
# After how many bytes lines and characters are counted anew.
_STEP = 1 << 16


class LostError(Exception):
    """What was looked for is not there, or cannot be told apart."""


class Span(msgspec.Struct, frozen=True):
    """Some of a text: from byte `start` to before byte `end`."""

    start: int
    end: int


class Member(msgspec.Struct, frozen=True):
    """A member of an object: the span of its value, and where its name starts."""

    name_start: int
    value: Span

    @property
    def whole(self) -> Span:
        """Name and value."""
        return Span(self.name_start, self.value.end)


class Text:
    """A JSON text in UTF-8; what was taken apart once is remembered."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self._view = memoryview(data)
        self._items: dict[int, list[Span]] = {}
        self._members: dict[int, dict[str, Member]] = {}

    @cached_property
    def values(self) -> list[Span]:
        """The values of the text, one after the other: one or more; asking raises LostError where it is no JSON."""
        start = self._skip(0)
        try:
            return [Span(start, start + _length(_ONE.decode(self._view[start:])))]
        except _REFUSALS:
            return self._several(start)

    def _several(self, at: int) -> list[Span]:
        import json

        decoder, found = json.JSONDecoder(), list[Span]()
        try:
            text = self.data[at:].decode()
            here = 0
            while here < len(text):
                _, end = decoder.raw_decode(text, here)
                stop = at + len(text[here:end].encode())
                found.append(Span(at, stop))
                at = self._skip(stop)
                here = end + len(self.data[stop:at])  # what lies between is of one byte each
        except (ValueError, RecursionError) as error:
            raise LostError from error
        if not found:
            raise LostError
        return found

    def items(self, span: Span) -> list[Span]:
        """Return the items of a list; raises LostError for what is none."""
        if span.start not in self._items:
            raws = self._decoded(_LIST, span)
            at, found = self._skip(span.start + 1), []
            for raw in raws:
                found.append(Span(at, at + _length(raw)))
                at = self._skip(self._past(found[-1].end, b",]"))
            self._items[span.start] = found
        return self._items[span.start]

    def members(self, span: Span) -> dict[str, Member]:
        """Return the members of an object by name; raises LostError for what is none, and where a name is there twice."""
        if span.start not in self._members:
            raws = self._decoded(_OBJECT, span)
            at, found = self._skip(span.start + 1), dict[str, Member]()
            while self.data[at : at + 1] == b'"':
                match = _STRING.match(self.data, at)
                name = "" if match is None else str(self._decode(match[0]))
                if match is None or name in found or name not in raws:
                    raise LostError
                begin = self._skip(self._past(self._skip(match.end()), b":"))
                found[name] = Member(at, Span(begin, begin + _length(raws[name])))
                at = self._skip(self._past(self._skip(found[name].value.end), b",}"))
            if len(found) != len(raws):
                raise LostError
            self._members[span.start] = found
        return self._members[span.start]

    def value(self, span: Span) -> Any:
        """Return what a span says; raises LostError for what is no JSON."""
        return self._decode(self.data[span.start : span.end])

    def says(self, span: Span, text: str) -> bool:
        """Return whether a span is this text."""
        return self.data[span.start : span.start + 1] == b'"' and self.value(span) == text

    def is_list(self, span: Span) -> bool:
        """Return whether a span is a list."""
        return self.data[span.start : span.start + 1] == b"["

    def position(self, at: int) -> tuple[int, int]:
        """Return line and column of a byte, counted from 1, columns in characters."""
        lines, characters, begin = _counted(self._marks[at // _STEP], self.data[at // _STEP * _STEP : at])
        return lines + 1, characters - begin + 1

    @cached_property
    def _marks(self) -> list[tuple[int, int, int]]:
        """Every so many bytes: how many lines end before, how many characters begin, and how many before the line that it is in."""
        marks = [(0, 0, 0)]
        for start in range(0, len(self.data), _STEP):
            marks.append(_counted(marks[-1], self.data[start : start + _STEP]))
        return marks

    # ------------------------------------------------------------------ bytes
    def _skip(self, at: int) -> int:
        match = _SPACE.match(self.data, at)
        return at if match is None else match.end()

    def _past(self, at: int, signs: bytes) -> int:
        """Return what follows one of these signs; raises LostError where none of them stands."""
        at = self._skip(at)
        if self.data[at : at + 1] not in tuple(signs[n : n + 1] for n in range(len(signs))):
            raise LostError
        return at + 1

    def _decoded(self, decoder: Any, span: Span) -> Any:
        try:
            return decoder.decode(self._view[span.start : span.end])
        except _REFUSALS as error:
            raise LostError from error

    def _decode(self, data: bytes) -> Any:
        try:
            return msgspec.json.decode(data)
        except _REFUSALS as error:
            raise LostError from error


def _counted(mark: tuple[int, int, int], piece: bytes) -> tuple[int, int, int]:
    """Return what `_marks` counts, some bytes after a mark."""
    lines, characters, begin = mark
    end = piece.rfind(b"\n") + 1
    if end:
        begin = characters + len(piece[:end].translate(None, _FOLLOWING))
    return lines + piece.count(b"\n"), characters + len(piece.translate(None, _FOLLOWING)), begin


def _length(raw: msgspec.Raw) -> int:
    return memoryview(raw).nbytes
