"""What was found as SARIF 2.1.0, for code scanning: one mechanism for every verb that finds something.

GitHub refuses a whole file for one result without a file, and shows the first location alone; it knows a result again by its rule,
its file and the fingerprint `primaryLocationLineHash`. What it takes at most: https://docs.github.com/code-security (SARIF support).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from hashlib import sha256
from json import dumps
from typing import Any, Literal

import msgspec

from ..models.location import SNAPSHOT, Location, Locations, Written
from .words import clean

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
MOST_RESULTS = 25_000
MOST_LOCATIONS = 100
LONGEST_ID = 80
ROOT, EMBEDDED = "%SRCROOT%", "EMBEDDED"
BASES = {
    ROOT: {"description": {"text": "the folder in which reach was run"}},
    EMBEDDED: {"description": {"text": "the networks that come along with reach"}},
}
Json = dict[str, Any]
Level = Literal["error", "warning", "note"]


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """What results are of: `id` is the same in every run, `title` says it in a line, `text` in more of them."""

    id: str
    name: str
    title: str
    text: str
    level: Level


class Place(msgspec.Struct, frozen=True):
    """A line that a result is about, and what is to be said of it there."""

    written: Written
    text: str


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was found, at the first of its places of which the file is known. `fingerprint` is the same in every run.

    `state` is what became of it since a baseline, "" where there is none; `ignored` says why it does not count.
    """

    rule: str
    message: str
    places: Sequence[Place]
    fingerprint: str
    level: Level | None = None
    state: Literal["", "new", "unchanged"] = ""
    ignored: str = ""
    properties: Mapping[str, Any] = {}


def log(verb: str, rules: Sequence[Rule], results: Sequence[Result], locations: Locations) -> str:
    """Return the results of a verb as a SARIF log; `locations` says where lines are, as far as that is known."""
    numbers = {one.id: number for number, one in enumerate(rules)}
    levels = {one.id: one.level for one in rules}
    made = [_result(one, numbers[one.rule], one.level or levels[one.rule], locations) for one in results[:MOST_RESULTS]]
    invocation: Json = {"executionSuccessful": True}
    if len(results) > MOST_RESULTS:
        text = f"{len(results) - MOST_RESULTS:,} more results are left out: code scanning takes {MOST_RESULTS:,}; `--format json` has all"
        invocation["toolExecutionNotifications"] = [{"level": "warning", "message": {"text": text}}]
    embedded = any(one.embedded for one in locations.values())
    run = {
        "tool": {"driver": _driver(rules)},
        "automationDetails": {"id": f"reach/{verb}/"},
        "invocations": [invocation],
        "originalUriBaseIds": {name: base for name, base in BASES.items() if embedded or name == ROOT},
        "columnKind": "unicodeCodePoints",
        "results": made,
    }
    return dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def identifier(kind: str, name: str) -> str:
    """Return the id of a rule that people named: the name itself in small letters, with a hash where that says less than the name."""
    short = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    told = short[:LONGEST_ID].strip("-")
    unlike = "" if told.replace("-", " ") == name else fingerprint(name)[:8]
    return f"{kind}/{'-'.join(filter(None, (told, unlike)))}"


def fingerprint(*about: str) -> str:
    """Return what a result is known by in every run: by what it is about, not by where that is written."""
    return sha256("\0".join(about).encode("utf-8", "replace")).hexdigest()[:32]


def plain(text: str) -> str:
    """Return a text that is clean, and no link of SARIF's: `[words](address)`."""
    return clean(text).replace("](", "] (")


# ---------------------------------------------------------------------- parts of the log
def _driver(rules: Sequence[Rule]) -> Json:
    listed = [
        {
            "id": one.id,
            "name": plain(one.name)[:255],
            "shortDescription": {"text": plain(one.title)},
            "fullDescription": {"text": plain(one.text)},
            "help": {"text": plain(one.text)},
            "defaultConfiguration": {"level": one.level},
        }
        for one in rules
    ]
    return {"name": "reach", "informationUri": "https://pypi.org/project/vpc-reach/", "rules": listed}


def _result(one: Result, number: int, level: Level, locations: Locations) -> Json:
    known = [place for place in one.places if place.written in locations]
    # Of what can be shown, first what says the very line.
    known.sort(key=lambda place: not locations[place.written].exact)
    if SNAPSHOT in locations:
        known = known or [Place(SNAPSHOT, "the snapshot")]
    there = [_location(place, locations[place.written]) for place in known[:MOST_LOCATIONS]]
    made: Json = {
        "ruleId": one.rule,
        "ruleIndex": number,
        "level": level,
        "message": {"text": one.message},
        "partialFingerprints": {"reach/v1": one.fingerprint, "primaryLocationLineHash": f"{one.fingerprint}:1"},
        "locations": there[:1],
        "relatedLocations": [{**place, "id": at} for at, place in enumerate(there[1:], 1)],
    }
    if one.properties:
        made["properties"] = dict(one.properties)
    if one.state:
        made["baselineState"] = one.state
    if one.ignored:
        made["suppressions"] = [{"kind": "external", "status": "accepted", "justification": plain(one.ignored)}]
    return made


def _location(place: Place, where: Location) -> Json:
    artifact: Json = {"uri": where.uri}
    if ":" not in where.uri.partition("/")[0]:
        artifact["uriBaseId"] = EMBEDDED if where.embedded else ROOT
    physical: Json = {"artifactLocation": artifact}
    logical = [{"fullyQualifiedName": plain(place.written.resource), "kind": "resource"}] if place.written.resource else []
    if where.inside:  # nobody can open a packed file at a line: what is inside has a name alone
        at = f":{where.line}" if where.line else ""
        logical.append({"fullyQualifiedName": f"{plain(where.inside)}{at}", "kind": "member"})
    elif where.line:
        physical["region"] = _region(where)
    made: Json = {"physicalLocation": physical, "message": {"text": plain(place.text)}}
    return {**made, "logicalLocations": logical} if logical else made


def _region(where: Location) -> Json:
    region = {"startLine": where.line}
    if where.column:
        region |= {"startColumn": where.column, "endLine": where.end_line, "endColumn": where.end_column}
    return region
