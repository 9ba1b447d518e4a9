"""Findings of `reach lint` as text, JSON, Markdown and CSV."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from json import dumps
from typing import TYPE_CHECKING

import msgspec

from ..models.errors import QuestionError, quoted
from .markdown import code, prose
from .matrix.csv import csv_line
from .words import clean

if TYPE_CHECKING:
    from ..models.finding import Finding

COLUMNS = ("kind", "resource", "line", "text", "origin")


def render(found: Sequence[Finding], format: str) -> str:
    """Return the findings in one of FORMATS, ending in a line break; raises QuestionError for an unknown format."""
    if format not in FORMATS:
        raise QuestionError(f"no such format: `{format[:40]}`", hint=f"take one of {quoted(FORMATS)}")
    return _RENDERERS[format](found)


def _text(found: Sequence[Finding]) -> str:
    return "".join(f"{one}\n" for one in _lines(found)) or "nothing to complain of\n"


def _lines(found: Sequence[Finding]) -> Iterator[str]:
    for one in found:
        yield f"{one.kind}: {clean(one.resource)}" + (f": {clean(one.line)}" if one.line else "")
        yield f"    {clean(one.text)}" + (f"  ({clean(one.origin)})" if one.origin else "")


def _markdown(found: Sequence[Finding]) -> str:
    rows = [
        f"| {one.kind} | {code(clean(one.resource))} | {code(clean(one.line))} | {prose(clean(one.text))} | {prose(clean(one.origin))} |"
        for one in found
    ]
    head = ["| finding | resource | line | why | where |", f"|{' --- |' * 5}"] if rows else ["Nothing to complain of"]
    return "\n".join([*head, *rows]) + "\n"


def _json(found: Sequence[Finding]) -> str:
    return dumps({"schema": "reach/lint/1", "findings": msgspec.to_builtins(found)}, indent=2) + "\n"


def _csv(found: Sequence[Finding]) -> str:
    rows = ([getattr(one, column) for column in COLUMNS] for one in found)
    return "\r\n".join([csv_line(COLUMNS), *map(csv_line, rows)]) + "\r\n"


_RENDERERS: dict[str, Callable[[Sequence[Finding]], str]] = {"text": _text, "json": _json, "markdown": _markdown, "csv": _csv}
FORMATS = tuple(_RENDERERS)
