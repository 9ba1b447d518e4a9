"""Findings of `reach lint` as text, JSON, SARIF, JUnit, Markdown and CSV."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from json import dumps
from typing import TYPE_CHECKING

import msgspec

from ..models.errors import QuestionError, quoted
from ..models.finding import KINDS
from .markdown import code, prose
from .matrix.csv import csv_line
from .words import clean

if TYPE_CHECKING:
    from ..models.finding import Finding
    from ..models.location import Locations
    from .junit import Case

COLUMNS = ("kind", "resource", "line", "text", "origin")
# What is worth a look, and may be meant: the others are plainly wrong.
NOTES = ("duplicate", "shadowed", "unattached", "split", "no-policy")


def render(found: Sequence[Finding], format: str, locations: Locations | None = None) -> str:
    """Return the findings in one of FORMATS, ending in a line break; raises QuestionError for an unknown format.

    `locations` are where `found.written` is, for `sarif` (see `Network.locations`); without them it names no file.
    """
    if format not in FORMATS:
        raise QuestionError(f"no such format: `{format[:40]}`", hint=f"take one of {quoted(FORMATS)}")
    return _sarif(found, locations or {}) if format == "sarif" else _RENDERERS[format](found)


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


def _junit(found: Sequence[Finding]) -> str:
    """Return a test case for each kind, the same in every run."""
    from .junit import document

    by_kind: dict[str, list[Finding]] = {kind: [] for kind in KINDS}
    for one in found:
        by_kind[one.kind].append(one)
    return document("reach lint", [_case(kind, ones) for kind, ones in by_kind.items()])


def _case(kind: str, ones: Sequence[Finding]) -> Case:
    from .junit import Case

    message = f"{len(ones):,} finding{'s' if len(ones) != 1 else ''}: {KINDS[kind]}" if ones else ""
    return Case(name=kind, group="reach lint", message=message, kind=kind, details="\n".join(_lines(ones)))


def _sarif(found: Sequence[Finding], locations: Locations) -> str:
    from . import sarif

    rules = [
        sarif.Rule(id=f"lint/{kind}", name=kind, title=f"{kind}: {text}", text=text, level="note" if kind in NOTES else "warning")
        for kind, text in KINDS.items()
    ]
    results = [
        sarif.Result(
            rule=f"lint/{one.kind}",
            message=sarif.plain(f"{one.resource}: {one.line}: {one.text}" if one.line else f"{one.resource}: {one.text}"),
            places=[sarif.Place(one.written, one.line or one.resource)],
            fingerprint=sarif.fingerprint(one.kind, one.resource, one.line),
        )
        for one in found
    ]
    return sarif.log("lint", rules, results, locations)


_RENDERERS: dict[str, Callable[[Sequence[Finding]], str]] = {
    "text": _text,
    "json": _json,
    "junit": _junit,
    "markdown": _markdown,
    "csv": _csv,
}
FORMATS = ("text", "json", "sarif", "junit", "markdown", "csv")
