"""The outcome as SARIF 2.1.0, for code scanning: an invariant is a rule, a violation a result at the lines that let it through."""

from __future__ import annotations

import re
from collections.abc import Iterator
from json import dumps
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from msgspec import to_builtins

from ..words import clean, example
from .words import besides, call, edits, lines, suggested

if TYPE_CHECKING:
    from ...models.check import Check, Checked, Violation

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
# How a resource's origin begins: with the file of the snapshot in backticks, and the line in it where code declares the resource.
_FILE = re.compile(r"`([^`]+?)(?::([0-9]+))?`")
# How an invariant's origin ends that is a file's.
_LINE = re.compile(r"(.+):(\d+)")
Json = dict[str, Any]


def render(check: Check, *, colour: bool) -> str:
    """Return the outcome as SARIF; what a baseline holds already is `unchanged`, what is ignored has a suppression."""
    numbers = {one.name: number for number, one in enumerate(check.invariants)}
    results = [_result(one, numbers, check.invariants) for one in (*check.violations, *check.ignored)]
    driver = {
        "name": "reach",
        "informationUri": "https://pypi.org/project/vpc-reach/",
        "rules": [_rule(number, one) for number, one in enumerate(check.invariants)],
    }
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _id(number: int) -> str:
    return f"invariant-{number + 1}"


def _rule(number: int, one: Checked) -> Json:
    return {
        "id": _id(number),
        "name": clean(one.name),
        "shortDescription": {"text": clean(one.name)},
        "fullDescription": {"text": clean(f"{one.kind}, written in {one.origin}")},
        "defaultConfiguration": {"level": "error"},
    }


def _result(one: Violation, numbers: dict[str, int], invariants: list[Checked]) -> Json:
    number = numbers[one.invariant]
    there = [*_places(one), *_written(invariants[number])]
    made: Json = {
        "ruleId": _id(number),
        "ruleIndex": number,
        "level": "error",
        "message": {"text": _message(one)},
        "baselineState": "new" if one.new else "unchanged",
        "partialFingerprints": {"reach/violation/v1": one.fingerprint},
        "locations": there[:1],
        "relatedLocations": [{**place, "id": at} for at, place in enumerate(there[1:], 1)],
        "properties": {
            "verdict": one.verdict.value,
            "services": [clean(text) for text in one.services],
            "doubtful": [clean(text) for text in one.doubtful],
        },
    }
    if one.suggestion is not None:
        # A `fix` replaces text of a file: the snapshot is an answer of AWS, in which nobody mends anything.
        made["properties"]["suggestion"] = to_builtins(one.suggestion)
    if one.ignored:
        made["suppressions"] = [{"kind": "external", "status": "accepted", "justification": clean(one.ignored)}]
    return made


def _message(one: Violation) -> str:
    packet = example(one)
    told = [clean(one.text) + (f", for example {clean(packet)}" if packet else "")]
    table = lines(one)
    told += [f"{call(one)}:"] if table else []
    told += [f"- {clean(place)}: {clean(line)} ({clean(rule)})" for place, line, rule in table]
    told += ["these edits would open it:", *map(clean, edits(one))] if edits(one) else []
    told += ["to set it right:", *map(clean, suggested(one)), *map(clean, besides(one))] if suggested(one) else []
    return "\n".join(told)


def _places(one: Violation) -> Iterator[Json]:
    """Yield where the snapshot says what lets it through: the last line first, which is the target's own."""
    for each in reversed(one.lines) if one.lines else one.blockers:
        file = _FILE.match(each.origin)
        logical = {"fullyQualifiedName": clean(each.resource), "kind": "resource"}
        place: Json = {"logicalLocations": [logical], "message": {"text": clean(each.line)}}
        if file:  # some readers refuse a place without a line, which is known of templates only
            region = {"startLine": max(1, int(file[2] or 1))}
            place["physicalLocation"] = {"artifactLocation": {"uri": _uri(file[1])}, "region": region}
        yield place


def _written(invariant: Checked) -> Iterator[Json]:
    written = _LINE.fullmatch(invariant.origin)
    if written:
        region = {"startLine": int(written[2])}
        yield {
            "physicalLocation": {"artifactLocation": {"uri": _uri(written[1])}, "region": region},
            "message": {"text": "the invariant"},
        }


def _uri(path: str) -> str:
    return quote(path.replace("\\", "/"), safe="/:")
